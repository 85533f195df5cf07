from __future__ import annotations

import json
import shutil
import sysconfig
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy
import pytest

from tests.packaging import ROOT

licences: Any = import_module("licences")


@pytest.fixture
def small() -> list[Any]:
    text = ("LICENSE", "Do what you like.\n")
    return [
        licences.Component("A", "1", "MIT", "pkg:pypi/a@1", "https://a.example", [text]),
        licences.Component("B", "2", "MIT", "pkg:pypi/b@2", "", [text]),
    ]


def test_every_licences_text_is_there_once_with_all_whom_it_is_for(small: list[Any]) -> None:
    told = licences.notice(small)
    assert "A 1: MIT  https://a.example\nB 2: MIT\n" in told
    assert told.count("Do what you like.") == 1
    assert "A: LICENSE\nB: LICENSE\n" in told


def test_the_sbom_names_each_part_with_its_address_and_is_the_same_each_time(
    small: list[Any],
) -> None:
    told = json.loads(licences.sbom(small, "0.1.0"))
    assert (told["bomFormat"], told["specVersion"]) == ("CycloneDX", "1.5")
    assert [part["purl"] for part in told["components"]] == ["pkg:pypi/a@1", "pkg:pypi/b@2"]
    assert told["dependencies"][0]["dependsOn"] == ["pkg:pypi/a@1", "pkg:pypi/b@2"]
    assert licences.sbom(small, "0.1.0") == licences.sbom(small, "0.1.0")
    assert licences.sbom(small, "0.1.1") != licences.sbom(small, "0.1.0")


def test_a_file_leads_to_the_package_it_is_from_and_to_that_packages_licence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(licences, "_bootloader", lambda: licences.Component("x", "1", "GPL", "p"))
    ours = ROOT / "desktop_ae" / "app.py"
    found = {c.name: c for c in licences.components_of([Path(numpy.__file__), ours])}
    assert set(found) == {"numpy", "Python", "x"}
    assert found["numpy"].version == numpy.__version__
    assert any("NumPy Developers" in text for _, text in found["numpy"].texts)
    assert found["Python"].texts


def test_a_file_that_nobody_is_known_to_have_made_ends_the_build(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(licences, "_bootloader", lambda: licences.Component("x", "1", "GPL", "p"))
    monkeypatch.setattr(licences.sys, "platform", "win32")
    stray = (
        Path(sysconfig.get_path("purelib")).parent.parent / "else" / "site-packages" / "stray.dll"
    )
    with pytest.raises(ValueError, match=r"stray\.dll"):
        licences.components_of([stray])


@pytest.mark.skipif(not shutil.which("dpkg-query"), reason="this is not Debian")
def test_a_system_library_leads_to_its_debian_package() -> None:
    library = next(Path("/usr/lib").rglob("libexpat.so.1"), None)
    if library is None:
        pytest.skip("there is no libexpat here")
    made = licences._of_debian({library})
    assert [component.name for component in made] == ["libexpat1"]
    assert made[0].version
    assert "Expat" in made[0].texts[0][1]
