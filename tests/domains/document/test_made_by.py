"""Cleaned documents say what made them, and all else in them is as without that."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
import pypdfium2
import pytest
import tifffile
from PIL import Image

from desktop_ae.core.domain import Options
from desktop_ae.core.provenance import Recorder
from desktop_ae.domains.document.files import DocumentWriter, open_document
from desktop_ae.domains.image.tiff import directories
from tests.domains.document.pdfs import book, scan, write
from tests.domains.document.sheets import sheet
from tests.made import MADE_BY, NAME

TEXT = MADE_BY.text


def result(
    source: Path,
    options: Options | None = None,
    keep: bool = True,
    is_recorded: bool = True,
    left_out: frozenset[int] = frozenset(),
) -> Path:
    """Every page darkened at its upper edge."""
    options = options or {}
    reader = open_document(source, options)
    try:
        writer = DocumentWriter(reader, keep, options)
        for piece in reader.pieces(left_out):
            for block in piece.blocks:
                block.samples[:, :4] *= 0.5
                writer.write(block)
            writer.end_piece(False)
        assert isinstance(writer, Recorder)
        if is_recorded:
            writer.record(MADE_BY)
        target = source.with_name(f"{'recorded' if is_recorded else 'plain'} {source.name}")
        writer.finish(target)
        return target
    finally:
        reader.close()


def told(path: Path, password: str | None = None) -> str:
    """By PDFium, which wrote nothing of it."""
    with pypdfium2.PdfDocument(path, password) as document:
        return str(document.get_metadata_value("DesktopAE"))


def names(path: Path) -> dict[str, str]:
    with pikepdf.open(path) as pdf:
        if "/Info" not in pdf.trailer:
            return {}
        return {str(name): str(value) for name, value in pdf.docinfo.items()}


def test_a_pdf_says_it_under_a_key_of_our_own(tmp_path: Path) -> None:
    source = book(tmp_path / "a.pdf")
    recorded, plain = result(source), result(source, is_recorded=False)
    assert told(recorded) == TEXT
    assert names(recorded) == {"/Title": "A book", "/Producer": "A scanner", "/DesktopAE": TEXT}
    with pikepdf.open(source) as before, pikepdf.open(recorded) as after:
        assert after.Root.Metadata.read_raw_bytes() == before.Root.Metadata.read_raw_bytes()
        assert after.attachments["notes.txt"].get_file().read_bytes() == b"attached"
    assert names(plain) == {"/Title": "A book", "/Producer": "A scanner"}
    assert told(plain) == ""
    assert NAME not in plain.read_bytes()


def test_a_pdf_without_metadata_says_only_that(tmp_path: Path) -> None:
    source = book(tmp_path / "a.pdf")
    assert names(result(source, keep=False)) == {"/DesktopAE": TEXT}
    assert names(result(source, keep=False, is_recorded=False)) == {}


def test_a_pdf_that_was_cleaned_twice_says_both(tmp_path: Path) -> None:
    once = result(write(tmp_path / "a.pdf", scan()))
    assert told(result(once)) == f"{TEXT}; {TEXT}"


def test_a_locked_pdf_says_it_behind_its_lock(tmp_path: Path) -> None:
    lock = pikepdf.Encryption(owner="o", user="u")
    source = write(tmp_path / "a.pdf", scan(), encryption=lock)
    target = result(source, {"password": "u"})
    assert told(target, "u") == TEXT
    assert NAME not in target.read_bytes()


def tags(path: Path) -> list[dict[int, Any]]:
    with tifffile.TiffFile(path) as file:
        return [{tag.code: tag.value for tag in page.tags.values()} for page in directories(file)]


@pytest.mark.parametrize("keep", [True, False])
def test_of_a_tiff_only_the_pages_that_were_cleaned_say_it(tmp_path: Path, keep: bool) -> None:
    source = tmp_path / "a.tif"
    with tifffile.TiffWriter(source) as file:
        for software in (False, "A scanner's", False):
            file.write(np.asarray(sheet()), metadata=None, software=software)
    recorded = result(source, keep=keep, left_out=frozenset({2}))
    plain = result(source, keep=keep, left_out=frozenset({2}), is_recorded=False)
    assert NAME not in plain.read_bytes()
    found, others = tags(recorded), tags(plain)
    pairs = zip(found, others, strict=True)
    more = [{code: page[code] for code in page.keys() - old.keys()} for page, old in pairs]
    assert more == [{305: TEXT}, {11 if keep else 305: TEXT}, {}]
    assert found[1].get(305) == ("A scanner's" if keep else TEXT)


@pytest.mark.parametrize("mode", ["colour", "bw"])
@pytest.mark.parametrize("suffix", [".png", ".jpg"])
def test_a_page_that_is_a_picture_says_it(tmp_path: Path, suffix: str, mode: str) -> None:
    source = tmp_path / f"a{suffix}"
    sheet().save(source, quality=90)
    plain = result(source, {"mode": mode}, is_recorded=False)
    assert NAME not in plain.read_bytes()
    with Image.open(result(source, {"mode": mode})) as image:
        image.load()
        found = image.info.get("comment") or image.info.get("Software")
    assert found in (TEXT, TEXT.encode())


def test_a_page_of_one_bit_says_it(tmp_path: Path) -> None:
    source = tmp_path / "a.png"
    sheet().convert("1").save(source)
    with Image.open(result(source, {"mode": "bw"})) as image:
        assert (image.mode, image.info["Software"]) == ("1", TEXT)
