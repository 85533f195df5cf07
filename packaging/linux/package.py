"""The built program as a Debian package and as a tarball, and what either needs of the system."""

from __future__ import annotations

import re
import shutil
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path

from file_types import mime_types, shared_mime_info

HERE = Path(__file__).resolve().parent
ICON = HERE.parent.parent / "resources" / "icons" / "app.svg"
NAME = "desktop-ae"
# Data that the libraries inside look for: keyboard layouts, locales of X, where fonts are.
DATA = ["fontconfig-config", "libx11-data", "xkb-data"]
# Qt looks these up by name, so that nothing is linked to them.
BY_NAME = ["libegl1", "libgl1"]
XZ = "-3"  # six times as fast as the usual -6, for 4 % more to download


def make_packages(program: Path, icons: Path, packages: Path, version: str) -> None:
    """`desktop-ae_VERSION_ARCH.deb` and `desktop-ae-VERSION-linux-MACHINE.tar.xz` in `packages`.

    program: the one-folder program. Raises OSError or CalledProcessError.
    """
    machine = _told("uname", "-m")
    tarball = packages / f"{NAME}-{version}-linux-{machine}.tar.xz"
    pack = ["tar", "--sort=name", "--owner=0", "--group=0", "--numeric-owner", f"-Ixz {XZ} -T0"]
    _run(*pack, "-cf", str(tarball), "-C", str(program.parent), program.name)
    architecture = _told("dpkg", "--print-architecture")
    tree = packages.parent / "deb"
    shutil.rmtree(tree, ignore_errors=True)
    lay_out(tree, program, icons, version)
    write_control(tree, version, architecture, depends(program))
    deb = packages / f"{NAME}_{version}_{architecture}.deb"
    _run("dpkg-deb", "--root-owner-group", "-Zxz", f"-z{XZ[1:]}", "--build", str(tree), str(deb))
    shutil.rmtree(tree)


def lay_out(tree: Path, program: Path, icons: Path, version: str) -> None:
    """What the package installs: nothing outside of its own names, and no scripts to run."""
    home = tree / "opt" / NAME
    home.parent.mkdir(parents=True)
    shutil.copytree(program, home, symlinks=True, copy_function=_link)
    share = tree / "usr" / "share"
    command = tree / "usr" / "bin" / NAME
    command.parent.mkdir(parents=True)
    command.symlink_to(f"/opt/{NAME}/{NAME}")
    entry = (HERE / f"{NAME}.desktop").read_text(encoding="utf-8")
    _write(
        share / "applications" / f"{NAME}.desktop",
        f"{entry}MimeType={';'.join(mime_types())};\n",
    )
    _write(share / "mime" / "packages" / f"{NAME}.xml", shared_mime_info())
    metainfo = (HERE / f"{NAME}.metainfo.xml").read_text(encoding="utf-8")
    today = time.strftime("%Y-%m-%d", time.gmtime())
    _write(
        share / "metainfo" / "org.desktop_ae.desktop_ae.metainfo.xml",
        metainfo.replace("@VERSION@", version).replace("@DATE@", today),
    )
    for picture in icons.glob("app-*.png"):
        size = picture.stem.removeprefix("app-")
        if int(size) <= 512:
            target = share / "icons" / "hicolor" / f"{size}x{size}" / "apps" / f"{NAME}.png"
            target.parent.mkdir(parents=True)
            shutil.copyfile(picture, target)
    _write(
        share / "icons" / "hicolor" / "scalable" / "apps" / f"{NAME}.svg",
        ICON.read_text(encoding="utf-8"),
    )
    notice = share / "doc" / NAME / "copyright"
    notice.parent.mkdir(parents=True)
    notice.symlink_to(f"/opt/{NAME}/_internal/NOTICE.txt")


def write_control(tree: Path, version: str, architecture: str, needed: Iterable[str]) -> None:
    installed = sum(p.stat().st_size for p in tree.rglob("*") if p.is_file() and not p.is_symlink())
    control = f"""\
Package: {NAME}
Version: {version}
Architecture: {architecture}
Maintainer: Desktop AE maintainers <maintainers@desktop-ae.invalid>
Installed-Size: {installed // 1024}
Depends: {", ".join(needed)}
Recommends: libpulse0, fonts-dejavu-core
Section: graphics
Priority: optional
Description: clean photos, scans, recordings and ECGs offline
 Drop noisy photos, stained scans, noisy recordings or ECGs on a window, get
 clean ones back. Convolutional autoencoders do it, on this computer; nothing
 leaves it, and the original files are never touched.
"""
    _write(tree / "DEBIAN" / "control", control)


def depends(program: Path) -> list[str]:
    """Debian packages of the libraries that the program asks for and does not hold."""
    elves = [p for p in program.rglob("*") if ".so" in p.name and p.is_file()]
    inside = {path.name for path in program.rglob("*")}
    asked: set[str] = set()
    newest = (0, 0)
    for path in [program / NAME, *(p for p in elves if not p.is_symlink())]:
        told = _told("objdump", "-p", str(path))
        asked.update(re.findall(r"^ +NEEDED +(\S+)", told, re.MULTILINE))
        versions = re.findall(r"GLIBC_(\d+)\.(\d+)", told)
        newest = max([newest, *((int(major), int(minor)) for major, minor in versions)])
    packages = {package_of(name) for name in asked - inside if not name.startswith("ld-linux")}
    packages |= {*DATA, *BY_NAME}
    libc = f"libc6 (>= {newest[0]}.{newest[1]})"
    return [libc, *sorted(packages - {"libc6"})]


def package_of(library: str) -> str:
    """Raises CalledProcessError if no installed package of this machine holds it."""
    told = _told("dpkg-query", "--search", f"*/{library}")
    return told.partition(":")[0]


def _link(source: str, target: str) -> None:
    """A second name in place of a copy: the tree is packed and thrown away."""
    Path(target).hardlink_to(source)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _told(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def _run(*command: str) -> None:
    subprocess.run(command, check=True)
