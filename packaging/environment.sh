#!/usr/bin/env bash
# Makes .venv with everything that the program, its tests and its bench need: the one place that
# does. Run again after a change to pyproject.toml or a pin, it brings .venv up to date; with
# nothing changed it returns at once. On Debian it also installs the libraries that Qt needs.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

constraints=packaging/constraints.txt
stamp=.venv/desktop-ae.stamp

# What PySide6's xcb and offscreen plugins link to and its wheels do not carry.
qt_libraries=(
    libdbus-1-3 libegl1 libfontconfig1 libgl1 libglib2.0-0 libpulse0 libx11-xcb1 libxkbcommon0
    libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0
    libxcb-render-util0 libxcb-shape0 libxcb-shm0 libxcb-sync1 libxcb-xfixes0 libxcb-xkb1
)

say() { printf '%s\n' "$*" >&2; }

wanted_stamp() { { pwd && cat pyproject.toml "$constraints" packaging/environment.sh; } | cksum; }

# True where apt would have nothing to do. Asking apt, not dpkg: libraries change names between
# releases (libglib2.0-0t64), and apt knows who provides the old one.
installed() {
    local plan
    plan=$(apt-get --simulate --no-upgrade --no-install-recommends install "$@" 2>&1) &&
        ! grep -q '^Inst ' <<<"$plan"
}

# Installs Debian packages if they are missing; returns 1 if it may not.
install_packages() {
    local as_root=()
    installed "$@" && return
    if [ "$(id -u)" -ne 0 ]; then
        as_root=(sudo)
        # Without a terminal nobody could answer sudo's question.
        if ! command -v sudo >/dev/null || { [ ! -t 0 ] && ! sudo -n true 2>/dev/null; }; then
            return 1
        fi
    fi
    say "Installing from Debian's packages: $*"
    # Old package lists name versions that are gone; a source that fails need not be ours.
    "${as_root[@]}" apt-get update -qq || true
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-upgrade --no-install-recommends "$@" >/dev/null
}

install_qt_libraries() {
    [ "$(uname)" = Linux ] || return 0
    if ! command -v apt-get >/dev/null; then
        say "This is not Debian: if no window opens, install your system's xcb libraries for Qt 6."
    elif ! install_packages "${qt_libraries[@]}"; then
        say "Qt's system libraries could not be installed. If no window opens, let an administrator run:"
        say "    apt-get install ${qt_libraries[*]}"
    fi
}

find_python() {
    local name
    for name in python3.11 python3 python3.12 python3.13 python3.14; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$name"
            return
        fi
    done
    say "Python 3.11 or later is needed, and none was found."
    return 1
}

make_venv() {
    local python version
    python=$(find_python)
    # Debian splits ensurepip off.
    if ! "$python" -c 'import ensurepip' 2>/dev/null; then
        version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        if ! command -v apt-get >/dev/null || ! install_packages "python$version-venv"; then
            say "$python cannot make environments. Let an administrator install python$version-venv."
            return 1
        fi
    fi
    "$python" -m venv --clear .venv
}

install_python_packages() {
    say "Installing Python packages into .venv. The first time, several gigabytes are downloaded."
    # pip reads the first for builds too, newer ones the second.
    PIP_CONSTRAINT=$constraints PIP_BUILD_CONSTRAINT=$constraints PIP_DISABLE_PIP_VERSION_CHECK=1 \
        .venv/bin/python -m pip install -qq --editable '.[dev,bench]'
}

if [ "$(cat "$stamp" 2>/dev/null)" != "$(wanted_stamp)" ]; then
    install_qt_libraries
    .venv/bin/python -m pip --version >/dev/null 2>&1 || make_venv
    install_python_packages
    wanted_stamp >"$stamp"
fi
