"""JBIG2, which scanners write and we do not: read, cleaned, and back as fax or left as it is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from pikepdf import Array, Name, Pdf

from desktop_ae.core.clip import Clip
from desktop_ae.core.errors import Unreadable
from desktop_ae.core.library import ModelLibrary
from desktop_ae.domains.document.files import DocumentWriter, open_document
from desktop_ae.domains.document.pdf import MOST_GROWTH, WOULD_GROW
from desktop_ae.jobs import Cleaned, CleanJob, Context
from tests.domains.document import jbig2, sheets
from tests.domains.document.pdf_acts import clean, given, has_mark, shown, text
from tests.domains.document.pdfs import (
    FULL,
    SECRET,
    Pixels,
    add_page,
    blots,
    flate,
    jbig2_generic,
    jbig2_halftone,
    jpeg,
    letters,
    scan,
    write,
)
from tests.fakes import write_model

MODES = ("colour", "grey", "bw")


def page_of(paper: Pixels) -> Callable[[Pdf], object]:
    return lambda pdf: add_page(pdf, FULL + SECRET, {"Scan": jbig2_generic(pdf, paper)})


def dots() -> Pixels:
    """Of cells that nothing connects: JBIG2 codes cells, anyone else all their pixels."""
    return np.random.default_rng(7).random((80, 60)) < 0.5


def run(source: Path) -> Cleaned:
    """The whole job, with a net that does not know what a page is."""
    folder = source.parent / "models"
    write_model(folder, id="document/clean-v1", task="document/clean")
    job = CleanJob(source, "document/clean", "document/clean-v1")
    return job.run(Context(ModelLibrary([folder])))


@pytest.mark.parametrize("mode", MODES)
def test_a_page_with_a_dark_border_comes_back_clean_in_every_mode(
    mode: str, tmp_path: Path
) -> None:
    paper = blots()
    paper[:, :40] = True
    bordered = paper.copy()
    bordered[:, :12] = False
    source, target = write(tmp_path / "a.pdf", page_of(bordered)), tmp_path / "b.pdf"
    assert np.array_equal(given(source)[0].pixels, bordered)
    assert sheets.clean(source, target, {"mode": mode, "trim": True}) == [True]
    [page] = given(target)
    assert np.array_equal(page.pixels, paper)
    assert text(target) == "hidden words"
    with pikepdf.open(source) as old, pikepdf.open(target) as new:
        before, after = (pdf.pages[0].Resources.XObject.Scan for pdf in (old, new))
        assert after.Filter == Name.CCITTFaxDecode
        assert int(after.Length) <= MOST_GROWTH * int(before.Length)


@pytest.mark.parametrize("mode", MODES)
def test_a_page_that_only_jbig2_makes_small_is_kept_with_a_sentence(
    mode: str, tmp_path: Path
) -> None:
    def make(pdf: Pdf) -> None:
        add_page(pdf, FULL, {"Scan": jbig2_halftone(pdf, dots(), ColorSpace=Name.DeviceGray)})

    source = write(tmp_path / "a.pdf", make)
    document = open_document(source, {})
    writer = DocumentWriter(document, True, {"mode": mode})
    for piece in document.pieces():
        for block in piece.blocks:
            writer.write(Clip(sheets.cleaned(block.samples), block.start))
        assert not writer.end_piece(False)
    assert document.passed_over == {0: WOULD_GROW}
    writer.finish(tmp_path / "b.pdf")
    document.close()
    assert np.array_equal(given(tmp_path / "b.pdf")[0].pixels, jbig2.enlarged(dots()))


def test_a_page_that_is_kept_still_finds_what_it_shares(tmp_path: Path) -> None:
    def make(pdf: Pdf) -> None:
        patterns, _ = jbig2.halftone(dots())
        shared = pdf.make_stream(patterns)
        for cells in (letters(80, 60), dots()):
            add_page(pdf, FULL, {"Scan": jbig2_halftone(pdf, cells, shared)})

    source = write(tmp_path / "a.pdf", make)
    target = clean(source, only={0})
    assert has_mark(shown(target, 0))
    assert np.array_equal(shown(target, 1), shown(source, 1))


def test_layers_with_a_jbig2_mask_become_one_image(tmp_path: Path) -> None:
    def make(pdf: Pdf) -> None:
        background = jpeg(pdf, np.full((160, 120, 3), (230, 220, 190), np.uint8))
        mask = jbig2_generic(pdf, ~letters(), ColorSpace=Name.DeviceGray, Decode=Array([0, 1]))
        ink = flate(pdf, np.zeros((1, 1, 3), np.uint8), ColorSpace=Name.DeviceRGB, SMask=mask)
        content = FULL + b" q 240 0 0 320 0 0 cm /Print Do Q"
        add_page(pdf, content, {"Scan": background, "Print": ink})

    source = write(tmp_path / "a.pdf", make)
    [page] = given(source)
    assert np.array_equal(page.pixels[..., 1] > 127, letters())
    target = clean(source)
    assert has_mark(shown(target))
    assert target.stat().st_size <= source.stat().st_size


def test_a_damaged_page_is_kept_beside_a_good_one_and_refused_alone(tmp_path: Path) -> None:
    def make(pdf: Pdf) -> None:
        paper = letters()
        whole = jbig2.generic(paper)
        image = jbig2_generic(pdf, paper, ColorSpace=Name.DeviceGray)
        image.write(b"\xff" * len(whole), filter=Name.JBIG2Decode)
        add_page(pdf, FULL, {"Scan": image})

    beside = write(tmp_path / "a.pdf", make, scan())
    cleaned = run(beside)
    assert set(cleaned.passed_over) == {0} and "damaged" in cleaned.passed_over[0]
    with pytest.raises(Unreadable, match="pictures are damaged"):
        run(write(tmp_path / "b.pdf", make))
