#!/usr/bin/env bash
# Installs what building and trying the Linux packages needs from Debian: libraries that go into
# the program beside those of packaging/environment.sh, and tools.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
[ "$(uname)" = Linux ] || exit 0
# shellcheck source=/dev/null
source <(sed -n '/^qt_libraries=(/,/^)/p' packaging/environment.sh)
packages=(
    "${qt_libraries[@]}"
    appstream binutils debootstrap desktop-file-utils libwayland-client0 libwayland-cursor0 strace
    xauth xvfb xz-utils
)
missing=()
for package in "${packages[@]}"; do
    dpkg-query --show --showformat='${Status}' "$package" 2>/dev/null | grep -q ' installed$' ||
        missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0
as_root=()
[ "$(id -u)" -eq 0 ] || as_root=(sudo)
echo "Installing from Debian's packages: ${missing[*]}" >&2
"${as_root[@]}" apt-get update -qq || true
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
