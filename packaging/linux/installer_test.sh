#!/usr/bin/env bash
# Installs the .deb in a fresh Debian without Python, and uses it there without a network: the
# self-test, files on the command line, a second start, and its removal. As root.
#
#     packaging/linux/installer_test.sh [DEB]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

work=$PWD/build/installer
deb=${1:-$(ls "$work"/packages/*.deb)}
base=$work/base root=$work/root
someone=1234
data=home/someone/.local/share/desktop-ae
display=:83

say() { printf '\n== %s\n' "$*"; }
fail() {
    printf 'FAULT: %s\n' "$*" >&2
    exit 1
}

[ "$(id -u)" -eq 0 ] || fail "this needs root, for chroot and for a world without a network"

# All that runs inside has no network, and no processes but its own: both end with it.
inside() {
    unshare --net --mount --pid --fork --kill-child bash -c '
        set -e
        mkdir -p "$0/proc" "$0/tmp/.X11-unix"
        mount -t proc proc "$0/proc"
        mount --bind /tmp/.X11-unix "$0/tmp/.X11-unix"
        exec "${@:2}"' "$root" -- "$@"
}
as_someone() {
    chroot --userspec=$someone:$someone "$root" /usr/bin/env -i HOME=/home/someone \
        PATH=/usr/bin:/bin LANG=C.UTF-8 DISPLAY=$display "$@"
}
export -f as_someone
export root someone display

made_base() {
    [ -f "$base/complete" ] && return
    say "Making a Debian"
    local release mirror
    release=$(. /etc/os-release && echo "$VERSION_CODENAME")
    mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Identifier: Packages' \
        "Codename: $release" | head -n 1)
    rm -rf "$base"
    debootstrap --variant=minbase "$release" "$base" "$mirror" >"$work/debootstrap.log"
    touch "$base/complete"
}

installed() {
    say "Installing $(basename "$deb") where there is no Python"
    rm -rf --one-file-system "$root"
    cp -a "$base" "$root"
    chroot "$root" sh -c 'command -v python3 python perl6' && fail "there is a Python"
    cp "$deb" "$root/tmp/desktop-ae.deb"
    cp /etc/resolv.conf "$root/etc/resolv.conf"
    cp -r /etc/apt/apt.conf.d/. "$root/etc/apt/apt.conf.d/" 2>/dev/null || true
    mkdir -p "$root/etc/ssl/certs"
    cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/" 2>/dev/null || true
    # No more than what the package names itself.
    chroot "$root" env DEBIAN_FRONTEND=noninteractive sh -c 'apt-get update -qq &&
        apt-get install -y -qq --no-install-recommends /tmp/desktop-ae.deb' >"$work/apt.log" 2>&1 ||
        { tail -n 20 "$work/apt.log" >&2; fail "it cannot be installed"; }
    chroot "$root" sh -c 'command -v python3' && fail "its dependencies brought a Python"
    mkdir -p "$root/home/someone/pictures"
    cp resources/samples/photo-chelsea.png "$root/home/someone/pictures/my cat.png"
    cp resources/samples/ecg-synthetic.csv "$root/home/someone/pictures/heart.csv"
    chown -R $someone:$someone "$root/home/someone"
    du -sh "$root/opt/desktop-ae"
}

libraries_found() {
    say "Every library is inside or in a package that it depends on"
    local lost
    lost=$(chroot "$root" sh -c 'cd /opt/desktop-ae/_internal
        export LD_LIBRARY_PATH=$PWD
        find . ../desktop-ae -type f \( -name "*.so*" -o -name desktop-ae \) |
            while read -r file; do
                ldd "$file" 2>/dev/null | grep "not found" | sed "s|^|$file|"
            done') || true
    [ -z "$lost" ] || fail "$lost"
}

screen_up() {
    Xvfb $display -screen 0 1400x900x24 -nolisten tcp >"$work/xvfb.log" 2>&1 &
    screen=$!
    trap 'kill $screen 2>/dev/null || true' EXIT
    for _ in $(seq 50); do
        [ -S "/tmp/.X11-unix/X${display#:}" ] && return
        sleep 0.1
    done
    fail "no virtual screen"
}

self_test_passes() {
    say "The self-test, without a network, each socket looked at"
    inside strace --follow-forks --trace=socket --output="$work/sockets.log" \
        bash -c 'as_someone desktop-ae --self-test /home/someone/test' || fail "it did not pass"
    if grep -E 'socket\(AF_(INET|INET6|PACKET)' "$work/sockets.log"; then
        fail "it opened a network socket"
    fi
    echo "$(grep -c 'socket(' "$work/sockets.log") sockets, none of them of a network"
}

# Starts the program with a file, then a second time with another; both must be cleaned, by one
# window. Runs where there is no network.
use() {
    as_someone desktop-ae "/home/someone/pictures/my cat.png" & # ends with this world
    wait_for "$root/home/someone/pictures/my cat_clean.png" || return
    timeout 20 bash -c 'as_someone desktop-ae /home/someone/pictures/heart.csv' ||
        { echo "FAULT: the second start did not hand over its file" >&2; return 1; }
    wait_for "$root/home/someone/pictures/heart_clean.csv" || return
}
wait_for() {
    for _ in $(seq 600); do
        [ -s "$1" ] && echo "cleaned: $(basename "$1")" && return
        sleep 0.2
    done
    echo "FAULT: $1 was not cleaned" >&2
    return 1
}
export -f use wait_for

files_are_cleaned() {
    say "A file on the command line, and one by a second start"
    inside bash -c use || fail "it does not clean what it is given"
    [ -d "$root/$data" ] || fail "it keeps nothing in the person's folder"
}

removed_cleanly() {
    say "Removed, it leaves what is the person's and nothing else"
    mkdir -p "$root/$data/models/image/my-own" && touch "$root/$data/models/image/my-own/card.json"
    chroot "$root" dpkg --purge desktop-ae >>"$work/apt.log" 2>&1
    [ -e "$root/$data/models/image/my-own/card.json" ] || fail "the person's models are gone"
    local left
    left=$(cd "$root" && find usr var/lib/dpkg/info ./opt/* -name '*desktop-ae*' 2>/dev/null) || true
    [ -z "$left" ] || fail "it left $left"
}

made_base
installed
libraries_found
screen_up
self_test_passes
files_are_cleaned
removed_cleanly
rm -rf --one-file-system "$root"
say "The installer passed."
