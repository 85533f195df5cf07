from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf
from PIL import Image

from desktop_ae.core.errors import Unreadable
from desktop_ae.domains.document.encode import encode_g4
from desktop_ae.domains.document.pdf import view_pdf
from desktop_ae.domains.document.pdf_images import encode_within
from tests.domains.document.pdf_acts import clean, given, has_mark, shown, text
from tests.domains.document.pdfs import (
    FULL,
    KINDS,
    SECRET,
    add_page,
    book,
    g4,
    grey,
    image,
    inline,
    jpeg,
    layers,
    letters,
    scan,
    strips,
    vector,
    write,
)


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


class TestAnImage:
    def make(self, kind: str, path: Path) -> Path:
        return write(path, lambda pdf: add_page(pdf, FULL, {"Scan": KINDS[kind][0](pdf)}))

    def test_of_any_kind_comes_as_its_own_pixels(self, kind: str, tmp_path: Path) -> None:
        [page] = given(self.make(kind, tmp_path / "a.pdf"))
        truth = KINDS[kind][1]()
        assert page.pixels.dtype == truth.dtype
        found = page.pixels.astype(float)
        if kind in ("lab", "print", "print jpeg"):  # as colours they are not quite neutral
            assert np.abs(found - truth[..., None]).mean() < 12
        else:
            assert page.pixels.shape == truth.shape
            assert np.abs(found - truth).mean() < 4
        assert page.dpi == pytest.approx(144)

    def test_of_any_kind_can_be_replaced(self, kind: str, tmp_path: Path) -> None:
        source = self.make(kind, tmp_path / "a.pdf")
        target = clean(source)
        assert has_mark(shown(target))
        assert target.stat().st_size <= source.stat().st_size

    def test_keeps_its_masks_and_its_colour_space(self, kind: str, tmp_path: Path) -> None:
        source = self.make(kind, tmp_path / "a.pdf")
        with pikepdf.open(source) as before, pikepdf.open(clean(source)) as after:
            old, new = (p.pages[0].obj.Resources.XObject.Scan for p in (before, after))
            for key in ("/SMask", "/Mask", "/ImageMask"):
                assert (key in old) == (key in new)
            if kind in ("calibrated", "profile", "grey jpeg"):
                kept = "/DeviceGray" if kind == "profile" else str(old.ColorSpace)
                assert str(new.ColorSpace)[:9] == kept[:9]

    def test_of_black_and_white_becomes_fax(self, tmp_path: Path) -> None:
        target = clean(self.make("1 bit", tmp_path / "a.pdf"))
        with pikepdf.open(target) as pdf:
            assert pdf.pages[0].obj.Resources.XObject.Scan.Filter == Name.CCITTFaxDecode

    def test_that_several_pages_show_is_cleaned_once(self, tmp_path: Path) -> None:
        def twice(pdf: Pdf) -> None:
            shared = jpeg(pdf, grey())
            for _ in range(2):
                add_page(pdf, FULL, {"Scan": shared})

        source = write(tmp_path / "a.pdf", twice)
        assert [page.index for page in given(source)] == [0]
        target = clean(source)
        assert has_mark(shown(target, 0)) and has_mark(shown(target, 1))

    def test_inside_a_form_is_replaced_there(self, tmp_path: Path) -> None:
        def make(pdf: Pdf) -> None:
            form = pdf.make_stream(
                b"q 0.5 0 0 0.5 0 0 cm /Inner Do Q", Type=Name.XObject, Subtype=Name.Form,
                BBox=Array([0, 0, 1, 1]), Matrix=Array([2, 0, 0, 2, 0, 0]),
                Resources=Dictionary(XObject=Dictionary(Inner=jpeg(pdf, grey()))),
            )  # fmt: skip
            add_page(pdf, FULL + SECRET, {"Scan": form})

        target = clean(write(tmp_path / "a.pdf", make))
        assert has_mark(shown(target))
        assert "hidden words" in text(target)

    def test_that_is_damaged_leaves_the_page_alone(self, tmp_path: Path) -> None:
        def make(pdf: Pdf) -> None:
            broken = image(
                pdf,
                b"\xff\xd8\xff no jpeg",
                grey(),
                Filter=Name.DCTDecode,
                ColorSpace=Name.DeviceGray,
            )
            add_page(pdf, FULL, {"Scan": broken})

        source = write(tmp_path / "a.pdf", make, scan())
        assert [page.index for page in given(source)] == [1]

    @pytest.mark.parametrize("turn", [0, 90, 180, 270])
    @pytest.mark.parametrize(
        "matrix", [b"1 0 0 1 0 0", b"-1 0 0 -1 240 320", b"0 1 -1 0 240 0", b"1 0 0 -1 0 320"]
    )
    def test_is_handed_out_as_the_page_shows_it(
        self, turn: int, matrix: bytes, tmp_path: Path
    ) -> None:
        place = b"320 0 0 240 0 0 cm" if matrix.startswith(b"0") else b"240 0 0 320 0 0 cm"
        content = b"q %b cm %b /Scan Do Q" % (matrix, place)
        source = write(tmp_path / "a.pdf", scan(content, Rotate=turn))
        [page] = given(source)
        seen = shown(source)
        assert page.pixels.shape[0] / page.pixels.shape[1] == pytest.approx(
            seen.shape[0] / seen.shape[1], rel=0.01
        ) or matrix.startswith(b"0")
        small = np.asarray(Image.fromarray(page.pixels).resize((64, 64), Image.Resampling.BOX))
        same = np.asarray(Image.fromarray(seen[..., 1]).resize((64, 64), Image.Resampling.BOX))
        assert np.abs(small.astype(float) - same).mean() < 6
        assert has_mark(shown(clean(source)))


class TestAPageOfSeveralImages:
    @pytest.mark.parametrize("make", [strips, layers])
    @pytest.mark.parametrize("turn", [0, 90, 180, 270])
    def test_becomes_one_image(self, make: Any, turn: int, tmp_path: Path) -> None:
        source = write(tmp_path / "a.pdf", make, lambda pdf: _turned(pdf, turn))
        [page] = given(source)
        seen = shown(source)
        assert np.abs(page.pixels.astype(float).mean() - seen.mean()) < 3
        assert page.pixels.shape[:2] == seen.shape[:2]
        target = clean(source)
        assert has_mark(shown(target))
        assert text(target) == "hidden words"
        assert target.stat().st_size <= source.stat().st_size
        with pikepdf.open(target) as pdf:
            assert len(pdf.pages[0].obj.Resources.XObject) == 1
            assert ("/Annots" in pdf.pages[0].obj) == (make is strips)

    def test_inside_the_content_becomes_one_image(self, tmp_path: Path) -> None:
        source = write(tmp_path / "a.pdf", inline)
        target = clean(source)
        assert has_mark(shown(target))
        assert text(target) == "hidden words"

    def test_with_drawn_lines_is_left(self, tmp_path: Path) -> None:
        def make(pdf: Pdf) -> None:
            strips(pdf)
            page = pdf.pages[0]
            page.contents_add(b"0 0 m 240 320 l S")

        assert given(write(tmp_path / "a.pdf", make)) == []


def _turned(pdf: Pdf, turn: int) -> None:
    pdf.pages[0].obj.Rotate = turn


class TestAView:
    @pytest.mark.parametrize("make", [strips, layers, inline, vector, scan(), scan(Rotate=270)])
    def test_is_as_large_before_and_after(self, make: Any, tmp_path: Path) -> None:
        source = write(tmp_path / "a.pdf", make)
        target = clean(source)
        before, after = view_pdf(source, 0, 0), view_pdf(target, 0, 0)
        assert before.full_size == after.full_size == before.pixels.shape[1::-1]

    @pytest.mark.parametrize("width", [595.28, 209.76, 333.333])
    def test_is_as_large_for_any_paper(self, width: float, tmp_path: Path) -> None:
        def make(pdf: Pdf) -> None:
            strips(pdf)
            pdf.pages[0].obj.MediaBox = Array([0, 0, 240.137, 320.773])

        source = write(tmp_path / "a.pdf", make)
        before, after = view_pdf(source, 0, 0), view_pdf(clean(source), 0, 0)
        assert before.full_size == after.full_size

    def test_is_upright_and_no_larger_than_asked(self, tmp_path: Path) -> None:
        view = view_pdf(book(tmp_path / "a.pdf"), 100, 2)
        assert view.pixels.shape == (76, 100, 3)
        assert view.pixels.dtype == np.uint8
        assert view.pages == 3
        assert view.full_size == (580, 440)
        assert view.about == "102 × 78 mm · 144 dpi"

    def test_can_be_loaded_while_another_thread_cleans(self, tmp_path: Path) -> None:
        source = write(tmp_path / "a.pdf", *[strips, scan(), layers] * 4)
        calm = [shown(source, page) for page in range(12)]
        with ThreadPoolExecutor(3) as threads:
            cleaned = threads.submit(clean, source)
            views = list(threads.map(lambda page: shown(source, page), range(12)))
            assert has_mark(shown(cleaned.result(), 11))
        assert all(np.array_equal(a, b) for a, b in zip(calm, views, strict=True))

    def test_of_a_page_that_is_not_there_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(Unreadable, match="a.pdf has no page 4"):
            view_pdf(book(tmp_path / "a.pdf"), 100, 3)

    def test_of_five_metres_is_bounded(self, tmp_path: Path) -> None:
        size = (14173.0, 14173.0)
        full = b"q 14173 0 0 14173 0 0 cm /Scan Do Q"
        source = write(tmp_path / "a.pdf", vector, scan(full, size=size))
        assert view_pdf(source, 200, 1).pixels.shape == (200, 200, 3)
        width, height = view_pdf(source, 10, 1).full_size
        assert width * height <= 400_000_000
        assert given(source) == []


class TestEncoding:
    def test_gives_fax_that_decodes_to_the_same(self) -> None:
        rows, columns = 37, 61
        paper = letters(rows, columns)
        with Pdf.new() as pdf:
            add_page(pdf, FULL, {"Scan": g4(pdf, paper, ColorSpace=Name.DeviceGray)})
            file = io.BytesIO()
            pdf.save(file)
        with pikepdf.open(file) as pdf:
            stream = pdf.pages[0].obj.Resources.XObject.Scan
            assert isinstance(stream, pikepdf.Stream)
            found = pikepdf.PdfImage(stream).as_pil_image()
        assert np.array_equal(np.asarray(found), paper)
        assert len(encode_g4(np.ones((5000, 4000), bool))) < 2000

    def test_stays_within_the_budget(self) -> None:
        pixels = np.where(letters(), 230, 30).astype(np.uint8)
        best = encode_within(pixels, 10**9)
        tight = encode_within(pixels, int(len(best.data) * 0.7))
        assert not tight.bits and len(tight.data) <= len(best.data) * 0.7
        # Nothing fits: print becomes bits, which is smaller than the poorest JPEG.
        assert encode_within(pixels, 10).bits

    def test_of_deep_pixels_takes_the_higher_bits(self) -> None:
        pixels = np.full((16, 16), 40000, np.uint16)
        with Image.open(io.BytesIO(encode_within(pixels, 10**6).data)) as made:
            assert np.asarray(made).mean() == pytest.approx(40000 >> 8, abs=1)
