from __future__ import annotations

import plistlib
import re
import xml.etree.ElementTree as ET
from importlib import import_module
from typing import Any

from desktop_ae.core.daemodel import SUFFIX
from desktop_ae.domains import load_domains

file_types: Any = import_module("file_types")


def test_only_files_are_offered_that_the_program_takes() -> None:
    taken = {suffix for domain in load_domains() for suffix in domain.suffixes}
    shared = {suffix for domain in load_domains() for suffix in domain.shared_suffixes}
    assert {*file_types.MIME_TYPES} <= taken - shared
    assert file_types.MODEL == SUFFIX
    for domain in load_domains():  # of each kind there are some
        assert domain.suffixes & {*file_types.MIME_TYPES}


def test_photos_and_scans_are_all_offered() -> None:
    for domain in load_domains():
        if domain.compare == "picture":
            assert domain.suffixes <= {*file_types.MIME_TYPES}


def test_types_that_linux_does_not_know_are_told_to_it() -> None:
    space = "{http://www.freedesktop.org/standards/shared-mime-info}"
    root = ET.fromstring(file_types.shared_mime_info())
    told = {
        one.find(f"{space}glob").attrib["pattern"]: one.attrib["type"]  # type: ignore[union-attr]
        for one in root.findall(f"{space}mime-type")
    }
    assert told["*.edf"] == file_types.MIME_TYPES[".edf"]
    assert told["*.daemodel"] in file_types.mime_types()
    assert len(file_types.mime_types()) == len(set(file_types.mime_types()))


def test_macos_is_told_that_models_are_ours_and_photos_are_not() -> None:
    theirs, own = file_types.document_types()["CFBundleDocumentTypes"]
    assert theirs["LSHandlerRank"] == "Alternate" and "jpg" in theirs["CFBundleTypeExtensions"]
    assert own["LSHandlerRank"] == "Owner"
    assert own["CFBundleTypeExtensions"] == ["daemodel"]
    plistlib.dumps(file_types.document_types())


def test_windows_offers_each_in_its_menu_and_takes_no_default_away() -> None:
    lines = file_types.inno_associations().splitlines()
    assert len(lines) == 3 * len(file_types.MIME_TYPES)
    assert all("SystemFileAssociations" in line and "Tasks: menu" in line for line in lines)
    commands = [re.search(r'ValueData: "(.*)"; Tasks', li) for li in lines if "\\command" in li]
    # Inno doubles quotes within quotes.
    assert {found.group(1).replace('""', '"') for found in commands if found} == {
        '"{app}\\desktop-ae.exe" "%1"'
    }
