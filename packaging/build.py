"""`make installer`: from the checkout to a program that needs no Python, and its packages.

    python packaging/build.py [--only environment|program|packages]

Everything is made below build/: an environment with a CPU build of torch, the one-folder program
(installer/dist), and what a person downloads (installer/packages). It refuses to finish if
something is inside that must not be, or if something is not inside that the program imports.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

from contents import ROOT, forbidden, imported_modules, missing, modules_in
from file_types import document_types, inno_associations

ENVIRONMENT = ROOT / "build" / "packaging-env"
WORK = ROOT / "build" / "installer"
PROGRAM = WORK / "dist" / "desktop-ae"
PACKAGES = WORK / "packages"
# The program gets on without these two, whose compiled parts do not load beside a CPU torch.
NOT_INSTALLED = ("torchaudio", "torchvision")
# On Linux the wheel that everybody gets is one for CUDA; "+cpu" is what only the other is called.
# Where it is to be had is pip's configuration (PIP_EXTRA_INDEX_URL, PIP_FIND_LINKS).
CPU_TORCH = "2.13.0+cpu"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
MOST_UNPACKED, MOST_PACKED = 1_300_000_000, 450_000_000


class Refused(Exception):
    """The sentence that says why there is no program."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=["environment", "program", "packages"])
    only = parser.parse_args().only
    try:
        if only in (None, "environment"):
            make_environment()
        if only in (None, "program"):
            make_program()
        if only in (None, "packages"):
            make_packages()
    except Refused as refusal:
        print(f"Refused: {refusal}", file=sys.stderr)
        return 1
    return 0


def python() -> Path:
    inside = "Scripts/python.exe" if sys.platform == "win32" else "bin/python"
    return ENVIRONMENT / inside


def make_environment() -> None:
    """Bring the environment up to date; nothing is done where nothing has changed."""
    constraints = pinned((ROOT / "packaging" / "constraints.txt").read_text(encoding="utf-8"))
    wanted = requirements()
    stamp = ENVIRONMENT / "desktop-ae.stamp"
    digest = hashlib.sha256("\n".join([constraints, *wanted]).encode()).hexdigest()
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == digest:
        return
    print("Making the environment that the program is built from.", flush=True)
    run(sys.executable, "-m", "venv", "--clear", ENVIRONMENT)
    file = ENVIRONMENT / "constraints.txt"
    file.write_text(constraints, encoding="utf-8")
    pip: list[str | Path] = [python(), "-m", "pip", "install", "-q", "--constraint", file]
    run(*pip, *wanted)
    stamp.write_text(digest, encoding="utf-8")


def requirements() -> list[str]:
    """What the program runs with, and PyInstaller."""
    names = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["package"]]
    return [name for name in names if name not in NOT_INSTALLED]


def pinned(constraints: str, system: str = sys.platform) -> str:
    """The project's pins; on Linux with the CPU build of torch in place of the one for CUDA."""
    if system != "linux":
        return constraints
    lines = [line for line in constraints.splitlines() if not line.startswith("torch==")]
    return "\n".join([*lines, f"torch=={CPU_TORCH}", ""])


def make_program() -> None:
    """Raises Refused if it does not hold what it should."""
    WORK.mkdir(parents=True, exist_ok=True)
    run(python(), ROOT / "packaging" / "icons.py", WORK / "icons")
    (WORK / "version_resource.txt").write_text(version_resource(PROJECT["version"]), "utf-8")
    (WORK / "document_types.json").write_text(json.dumps(document_types()), "utf-8")
    (WORK / "associations.iss").write_text(inno_associations(), "utf-8")
    environment = {**os.environ, "DESKTOP_AE_BUILD": str(WORK)}
    command: list[str | Path] = [
        python(),
        "-m",
        "PyInstaller",
        "--noconfirm",
        "--log-level",
        "ERROR",
    ]
    command += ["--distpath", PROGRAM.parent, "--workpath", WORK / "work"]
    print("Building the program; this takes some minutes.", flush=True)
    run(*command, ROOT / "packaging" / "desktop_ae.spec", env=environment)
    if sys.platform == "linux":
        for library in PROGRAM.glob("_internal/libpython3*"):  # three quarters are symbols
            run("strip", "--strip-unneeded", library)
    check_program()


def check_program() -> None:
    files = [path for path in PROGRAM.rglob("*") if path.is_file()]
    unwanted = forbidden([path.relative_to(PROGRAM).as_posix() for path in files])
    if unwanted:
        raise Refused(f"These must not be inside: {', '.join(unwanted[:10])}")
    archived = json.loads((WORK / "modules.json").read_text(encoding="utf-8"))
    lost = missing(imported_modules(), {*archived, *modules_in(PROGRAM / "_internal")})
    if lost:
        raise Refused(f"The program imports these, and they are not inside: {', '.join(lost)}")
    dangling = [path.name for path in PROGRAM.rglob("*") if path.is_symlink() and not path.exists()]
    if dangling:
        raise Refused(f"These links lead nowhere: {', '.join(dangling[:10])}")
    unpacked = sum(path.stat().st_size for path in files if not path.is_symlink())
    if unpacked > MOST_UNPACKED:
        raise Refused(f"It takes {unpacked / 1e6:.0f} MB, more than {MOST_UNPACKED / 1e6:.0f}.")
    print(f"The program takes {unpacked / 1e6:.0f} MB in {len(files)} files.")


def make_packages() -> None:
    """The files that people download, in build/installer/packages. Raises Refused if too large."""
    shutil.rmtree(PACKAGES, ignore_errors=True)
    PACKAGES.mkdir(parents=True)
    if sys.platform == "linux":
        sys.path.insert(0, str(ROOT / "packaging" / "linux"))
        import package

        package.make_packages(PROGRAM, WORK / "icons", PACKAGES, PROJECT["version"])
    elif sys.platform == "win32":
        script = ROOT / "packaging" / "windows" / "desktop_ae.iss"
        run("iscc", f"/DVersion={PROJECT['version']}", f"/O{PACKAGES}", script)
    else:
        run("bash", ROOT / "packaging" / "macos" / "make_dmg.sh", PROJECT["version"], PACKAGES)
    for path in sorted(PACKAGES.iterdir()):
        size = path.stat().st_size
        print(f"{path.relative_to(ROOT)}: {size / 1e6:.0f} MB")
        if size > MOST_PACKED:
            raise Refused(f"{path.name} is larger than {MOST_PACKED / 1e6:.0f} MB.")


def version_resource(version: str) -> str:
    """What Windows shows of the .exe, in PyInstaller's notation."""
    numbers = tuple([*map(int, re.findall(r"\d+", version)), 0, 0, 0][:4])
    told = {
        "FileDescription": "Desktop AE",
        "FileVersion": version,
        "InternalName": "desktop-ae",
        "OriginalFilename": "desktop-ae.exe",
        "ProductName": "Desktop AE",
        "ProductVersion": version,
    }
    words = ", ".join(f"StringStruct({key!r}, {value!r})" for key, value in told.items())
    return (
        f"VSVersionInfo(ffi=FixedFileInfo(filevers={numbers}, prodvers={numbers}, OS=0x40004, "
        f"fileType=0x1), kids=[StringFileInfo([StringTable('040904B0', [{words}])]), "
        "VarFileInfo([VarStruct('Translation', [1033, 1200])])])\n"
    )


def run(*command: str | Path, env: dict[str, str] | None = None) -> None:
    """Raises Refused if it fails."""
    ended = subprocess.run([str(word) for word in command], env=env, check=False)
    if ended.returncode:
        raise Refused(f"{Path(command[0]).name} ended with {ended.returncode}.")


if __name__ == "__main__":
    sys.exit(main())
