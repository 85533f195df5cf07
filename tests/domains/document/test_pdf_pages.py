from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, Stream
from PIL import Image

from desktop_ae.core.errors import Unreadable
from desktop_ae.domains.document.encode import encode_g4, encode_jpeg
from desktop_ae.domains.document.pdf import open_pdf, view_pdf
from desktop_ae.domains.document.pdf_images import decode_image, encode_within, image_of
from tests.domains.document.pdf_acts import clean, given, has_mark, replaced, shown, text
from tests.domains.document.pdfs import (
    FULL,
    KINDS,
    SECRET,
    Pixels,
    add_page,
    bits,
    blots,
    book,
    flate,
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
        def make(pdf: Pdf) -> None:
            add_page(pdf, FULL, {"Scan": bits(pdf, blots(), ColorSpace=Name.DeviceGray)})

        target = replaced(write(tmp_path / "a.pdf", make), np.flipud)
        with pikepdf.open(target) as pdf:
            assert pdf.pages[0].obj.Resources.XObject.Scan.Filter == Name.CCITTFaxDecode

    @pytest.mark.parametrize("inside", [False, True])
    def test_that_several_pages_show_is_cleaned_for_each(
        self, inside: bool, tmp_path: Path
    ) -> None:
        def make(pdf: Pdf) -> None:
            shared = _form(pdf) if inside else jpeg(pdf, grey())
            for _ in range(3):
                add_page(pdf, FULL, {"Scan": shared})

        source = write(tmp_path / "a.pdf", make)
        assert [page.index for page in given(source)] == [0, 1, 2]
        target = clean(source, only={1})
        assert [has_mark(shown(target, page)) for page in range(3)] == [False, True, False]
        assert np.array_equal(shown(target, 2), shown(source, 2))
        target = clean(source)
        assert all(has_mark(shown(target, page)) for page in range(3))
        assert target.stat().st_size < source.stat().st_size
        with pikepdf.open(target) as pdf:
            streams = [each for each in pdf.objects if isinstance(each, Stream)]
            assert sum(each.get("/Subtype") == "/Image" for each in streams) == 1

    def test_that_would_grow_much_stays(self, tmp_path: Path) -> None:
        source = self.make("fax", tmp_path / "a.pdf")
        noise = np.random.default_rng(5).integers(0, 2, letters().shape).astype(bool)
        document = open_pdf(source)
        [page] = document.pages()
        document.replace(0, noise)
        assert "more space" in document.passed_over[0]
        document.save(tmp_path / "b.pdf", True)
        document.close()
        assert np.array_equal(shown(tmp_path / "b.pdf"), shown(source))

    def test_that_would_grow_much_but_be_of_another_kind_is_changed(self, tmp_path: Path) -> None:
        def make(pdf: Pdf) -> None:
            add_page(pdf, FULL, {"Scan": jpeg(pdf, grey(), quality=5)})

        source = write(tmp_path / "a.pdf", make)
        noise = np.random.default_rng(5).integers(0, 2, letters().shape).astype(bool)
        target = replaced(source, lambda _: noise)
        assert target.stat().st_size > source.stat().st_size * 1.5
        assert np.array_equal(given(target)[0].pixels, noise)

    def test_inside_a_form_is_replaced_there(self, tmp_path: Path) -> None:
        def make(pdf: Pdf) -> None:
            add_page(pdf, FULL + SECRET, {"Scan": _form(pdf)})

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


def _form(pdf: Pdf) -> Stream:
    return pdf.make_stream(
        b"q 0.5 0 0 0.5 0 0 cm /Inner Do Q", Type=Name.XObject, Subtype=Name.Form,
        BBox=Array([0, 0, 1, 1]), Matrix=Array([2, 0, 0, 2, 0, 0]),
        Resources=Dictionary(XObject=Dictionary(Inner=jpeg(pdf, grey()))),
    )  # fmt: skip


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

    @pytest.mark.parametrize("alone", [False, True])
    def test_is_as_fine_as_the_mask_of_its_letters(self, alone: bool, tmp_path: Path) -> None:
        def make(pdf: Pdf) -> None:
            layers(pdf)
            if alone:  # on white paper
                page = pdf.pages[0].obj
                page.Contents = pdf.make_stream(page.Contents.read_bytes().replace(FULL, b""))

        [page] = given(write(tmp_path / "a.pdf", make))
        assert page.dpi == pytest.approx(144)
        assert page.pixels.shape[:2] == letters().shape
        seen = page.pixels if page.pixels.ndim == 2 else page.pixels[..., 1]
        assert np.array_equal(seen > 127, letters())

    def test_stays_where_one_image_would_be_larger(self, tmp_path: Path) -> None:
        source = write(tmp_path / "a.pdf", layers)
        noise = np.random.default_rng(0).integers(0, 256, (640, 480, 3), np.uint8)
        target = replaced(source, lambda _: noise)
        assert np.array_equal(shown(target), shown(source))
        assert target.stat().st_size <= source.stat().st_size

    def test_has_room_for_what_goes(self, tmp_path: Path) -> None:
        def twice(pdf: Pdf) -> None:
            half = flate(pdf, grey(160, 240, noise=60), ColorSpace=Name.DeviceGray)
            place = b"q 240 0 0 160 0 %d cm /Scan Do Q "
            add_page(pdf, place % 0 + place % 160, {"Scan": half})

        for make in (inline, twice):
            source = write(tmp_path / "a.pdf", make)
            target = replaced(source, lambda pixels: pixels)
            [before], [after] = given(source), given(target)
            with pikepdf.open(target) as pdf:
                [(_, only)] = pdf.pages[0].obj.Resources.XObject.items()
                assert only.Filter == Name.DCTDecode
            change = np.abs(before.pixels.astype(float) - after.pixels)
            assert change.mean() < (4 if make is inline else 10)  # else it would be 30

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

    def test_takes_colours_that_are_nothing_but_noise(self) -> None:
        noise = np.random.default_rng(2).integers(0, 256, (400, 300, 3), np.uint8)
        with Image.open(io.BytesIO(encode_jpeg(noise, 90))) as made:
            assert made.size == (300, 400)
            assert np.abs(np.asarray(made).astype(float) - noise).mean() < 12

    def test_of_dots_takes_the_smaller_of_fax_and_flate(self) -> None:
        dots = np.indices((640, 480)).sum(0) % 2 == 0
        found = encode_within(dots, 10**6)
        assert found.bits and len(found.data) < len(encode_g4(dots)) / 20
        assert encode_within(blots(), 10**6).filter == "/CCITTFaxDecode"


class TestAScrollLongerThanAJpegCanBe:
    ROWS = 65_540

    def make(self, path: Path, samples: Pixels) -> Path:
        def page(pdf: Pdf) -> None:
            add_page(pdf, FULL, {"Scan": flate(pdf, samples, ColorSpace=Name.DeviceGray)})

        return write(path, page)

    def test_keeps_its_shades(self, tmp_path: Path) -> None:
        shades = np.tile(np.arange(40, 200, 10, dtype=np.uint8), (self.ROWS, 1))
        shades[::9] += 7
        source = self.make(tmp_path / "a.pdf", shades)
        target = replaced(source, lambda pixels: 255 - pixels)
        [page] = given(target)
        assert np.array_equal(page.pixels, 255 - shades)

    def test_in_colour_keeps_its_colours(self) -> None:
        shades = np.random.default_rng(0).integers(0, 9, (self.ROWS, 7, 3), np.uint8)
        data, facts = image_of(shades, None, 10)
        with Pdf.new() as pdf:
            scan_ = pdf.make_stream(data, facts)
            found = decode_image(pdf, scan_)
        assert found is not None and np.array_equal(found, shades)

    def test_of_print_becomes_bits(self) -> None:
        paper = letters(self.ROWS, 48)
        noise = np.random.default_rng(0).integers(0, 20, paper.shape)
        found = encode_within((np.where(paper, 230, 0) + noise).astype(np.uint8), 10)
        assert found.bits
