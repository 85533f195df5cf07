"""What is inside the built program and under which licences: NOTICE.txt and an SBOM.

Told from the files that PyInstaller collected, so it names what is there and nothing else. Runs in
the environment that they are from.
"""

from __future__ import annotations

import json
import os
import platform
import re
import subprocess
import sys
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from importlib import metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
_LICENCE_FILE = re.compile(
    r"(licen[cs]es?|copying|copyright|notice)\b.*|.*licen[cs]es?.*\.txt", re.IGNORECASE
)
_COMMON = Path("/usr/share/common-licenses")
_HEAD = """\
Desktop AE contains the software listed here, each under its own licence, whose text follows.

Qt, PySide6, FFmpeg, libsndfile and some others are under the GNU LGPL. They are separate libraries
in the folder of the program: whoever wants to can put changed ones of the same version in their
place. Their sources are at the addresses that are named with each.
"""


@dataclass(frozen=True, slots=True)
class Component:
    """purl: its address in the terms of package-url. texts: (file name, text) of its licences."""

    name: str
    version: str
    licence: str
    purl: str
    home: str = ""
    texts: Sequence[tuple[str, str]] = ()


def components_of(files: Iterable[Path]) -> list[Component]:
    """Raises ValueError for files that nobody is known to have made."""
    owners = _owners()
    found: dict[str, metadata.Distribution] = {}
    debian: set[Path] = set()
    unknown: list[str] = []
    python = [os.path.realpath(sys.base_prefix) + os.sep, os.path.realpath(sys.prefix) + os.sep]
    for file in {os.path.normpath(path) for path in files}:
        if owner := owners.get(file) or owners.get(os.path.realpath(file)):
            found[owner.name] = owner
        elif file.startswith(str(ROOT) + os.sep) and not file.startswith(python[1]):
            continue  # our own
        elif os.path.realpath(file).startswith(python[0]):
            continue  # Python's, named below
        elif sys.platform == "linux" and Path(file).is_absolute():
            debian.add(Path(file))
        elif "site-packages" in file:
            unknown.append(file)
    if unknown:
        raise ValueError(f"nobody is known to have made {sorted(unknown)[:5]}")
    made = [_python(), _bootloader()]
    made += [_component(owner) for owner in found.values()]
    made += _of_debian(debian)
    return sorted(made, key=lambda component: component.name.lower())


def _owners() -> dict[str, metadata.Distribution]:
    owners: dict[str, metadata.Distribution] = {}
    for owner in metadata.distributions():
        for file in owner.files or []:
            owners[os.path.normpath(str(owner.locate_file(file)))] = owner
    return owners


def _component(owner: metadata.Distribution) -> Component:
    about: Any = owner.metadata
    texts = []
    for file in sorted(owner.files or []):
        if _LICENCE_FILE.fullmatch(file.name) and file.suffix.lower() not in (
            ".py",
            ".pyc",
            ".pyi",
        ):
            path = Path(str(owner.locate_file(file)))
            if path.is_file():
                texts.append((str(file), path.read_text(encoding="utf-8", errors="replace")))
    urls = [word.partition(", ")[2] for word in about.get_all("Project-URL") or []]
    return Component(
        about["Name"],
        owner.version,
        _licence(about),
        f"pkg:pypi/{about['Name'].lower().replace('_', '-')}@{owner.version}",
        about.get("Home-page") or next(iter(urls), ""),
        texts,
    )


def _licence(about: Any) -> str:
    """As short as the package says it."""
    said = about.get("License-Expression") or about.get("License") or ""
    if said and "\n" not in said.strip() and len(said) < 100:
        return said.strip()
    classes = about.get_all("Classifier") or []
    named = [c.rpartition(" :: ")[2] for c in classes if c.startswith("License ::")]
    return ", ".join(named) or "see its text"


def _python() -> Component:
    version = platform.python_version()
    places = [Path(sys.base_prefix), Path(os.__file__).parent, Path("/usr/share/doc/python3")]
    names = ["LICENSE.txt", "LICENSE", "copyright"]
    text = next((p / n for p in places for n in names if (p / n).is_file()), None)
    texts = [(text.name, text.read_text(encoding="utf-8"))] if text else []
    home = "https://www.python.org"
    return Component("Python", version, "PSF-2.0", f"pkg:generic/python@{version}", home, texts)


def _bootloader() -> Component:
    """Of PyInstaller, in the executable. Its licence lets programs of any licence use it."""
    made = _component(metadata.distribution("pyinstaller"))
    licence = "GPL-2.0-or-later WITH Bootloader-exception"
    return replace(made, name="PyInstaller's bootloader", licence=licence)


def _of_debian(files: set[Path]) -> list[Component]:
    """System libraries, by the packages that they are from."""
    packages: dict[str, set[Path]] = {}
    for file in files:
        # Where /lib is a link, dpkg may know a file by either name.
        names = [str(file), str(file.resolve())]
        names += [name.removeprefix("/usr") for name in names]
        told = subprocess.run(
            ["dpkg-query", "--search", *names], capture_output=True, text=True, check=False
        ).stdout
        if not told:
            raise ValueError(f"no Debian package is known to hold {file}")
        packages.setdefault(told.partition(": ")[0].partition(",")[0], set()).add(file)
    return [_debian(package) for package in packages]


def _debian(package: str) -> Component:
    command = ["dpkg-query", "--show", "--showformat=${Version}\n${Homepage}", package]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    version, home = told.split("\n")
    name = package.partition(":")[0]
    path = Path("/usr/share/doc") / name / "copyright"
    text = path.read_text(encoding="utf-8", errors="replace")
    licences = sorted(set(re.findall(r"^License: *(\S.*)$", text, re.MULTILINE)))
    texts = [("copyright", text)]
    purl = f"pkg:deb/debian/{name}@{version}"
    return Component(name, version, ", ".join(licences) or "see its text", purl, home, texts)


def notice(components: Sequence[Component]) -> str:
    """The list, then every licence's text once."""
    lines = [_HEAD]
    lines += [f"{c.name} {c.version}: {c.licence}  {c.home}".rstrip() for c in components]
    told: dict[str, list[str]] = {}
    for component in components:
        for name, text in component.texts:
            told.setdefault(text.strip(), []).append(f"{component.name}: {name}")
    for text in {text: None for texts in told for text in _common(texts)}:
        told.setdefault(text.strip(), []).append("named by the texts above")
    for text, names in told.items():
        lines += ["", "=" * 80, *names, "=" * 80, "", text]
    return "\n".join(lines) + "\n"


def _common(text: str) -> list[str]:
    """The texts that Debian keeps in one place for all packages, if `text` refers to them."""
    named = set(re.findall(r"/usr/share/common-licenses/([A-Za-z]+(?:-[0-9.]*[0-9])?)", text))
    paths = [_COMMON / name for name in sorted(named)]
    return [path.read_text(encoding="utf-8") for path in paths if path.is_file()]


def sbom(components: Sequence[Component], version: str) -> str:
    """CycloneDX 1.5, JSON. The same contents give the same text."""
    parts = [
        {
            "type": "library",
            "bom-ref": component.purl,
            "name": component.name,
            "version": component.version,
            "licenses": [{"license": {"name": component.licence}}],
            "purl": component.purl,
        }
        for component in components
    ]
    names = " ".join(component.purl for component in components)
    serial = uuid.uuid5(uuid.NAMESPACE_URL, f"desktop-ae {version} {names}")
    told = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": f"urn:uuid:{serial}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": "desktop-ae",
                "name": "Desktop AE",
                "version": version,
            }
        },
        "components": parts,
        "dependencies": [{"ref": "desktop-ae", "dependsOn": [part["purl"] for part in parts]}],
    }
    return json.dumps(told, indent=1) + "\n"
