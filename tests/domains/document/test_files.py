from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile
from numpy.typing import NDArray
from PIL import Image

from desktop_ae.core.errors import FileError, NotWritable, TooLarge, Unreadable
from desktop_ae.core.library import ModelLibrary
from desktop_ae.domains.document import DOMAIN
from desktop_ae.domains.document.files import (
    BAND_ROWS,
    DocumentReader,
    DocumentWriter,
    looks_like_document,
    open_document,
    view_document,
)
from desktop_ae.jobs import CleanJob, Context
from tests.domains.document.sheets import clean, dirty, sheet
from tests.domains.image.pictures import KINDS, exif, profile
from tests.fakes import FullDisk, write_model

GREY = np.asarray(sheet())
COLOUR = dirty(sheet())
LOSSY = {"plain.jpg", "grey.jpeg", "progressive.jpg", "print.jpg"}
OURS = [name for name in KINDS if Path(name).suffix in DOMAIN.suffixes]


def pixels_of(path: Path) -> NDArray[Any]:
    reader = open_document(path, {})
    list(piece.index for piece in reader.pieces())
    pixels = [page.pixels for page in reader.source.pages()]
    reader.close()
    return pixels[0]


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    """Three pages: colour, grey, one bit."""
    path = tmp_path / "scan.tif"
    with tifffile.TiffWriter(path) as file:
        for page in (COLOUR, GREY, GREY > 127):
            kind = "rgb" if page.ndim == 3 else "minisblack"
            file.write(page, metadata=None, photometric=kind)
    return path


def test_a_reader_gives_a_piece_a_page_in_bands_that_cover_it_once(tmp_path: Path) -> None:
    path = tmp_path / "two.tif"
    with tifffile.TiffWriter(path) as file:
        file.write(np.full((600, 9), 51, np.uint8), metadata=None)
        file.write(np.ones((20, 30), np.bool_), metadata=None, photometric="minisblack")
    reader = open_document(path, {})
    assert reader.work == pytest.approx((600 * 9 + 600) / 1e6)
    found = []
    for piece in reader.pieces():
        blocks = list(piece.blocks)
        found.append((piece.index, piece.shape, [(b.start, b.stop) for b in blocks]))
        assert reader.page is not None and reader.page.index == piece.index
        assert all(b.samples.dtype == np.float32 for b in blocks)
        assert blocks[0].samples[0, 0, 0] == pytest.approx(0.2 if piece.index == 0 else 1.0)
    reader.close()
    spans = [(0, BAND_ROWS), (BAND_ROWS, 2 * BAND_ROWS), (2 * BAND_ROWS, 600)]
    assert found == [(0, (1, 600, 9), spans), (1, (1, 20, 30), [(0, 20)])]


@pytest.mark.parametrize("name", OURS)
def test_every_picture_is_cleaned_and_keeps_its_kind(name: str, tmp_path: Path) -> None:
    source, target = tmp_path / name, tmp_path / f"out {name}"
    KINDS[name](source)
    content = source.read_bytes()
    assert clean(source, target) == [True]
    assert source.read_bytes() == content
    before, after = pixels_of(source), pixels_of(target)
    assert (after.shape, after.dtype) == (before.shape, before.dtype)
    white = 1 if before.dtype == np.bool_ else np.iinfo(before.dtype).max
    wanted = (before / white * 1.5).clip(0, 1)
    assert np.abs(after / white - wanted).mean() < (0.02 if name in LOSSY else 0.002)


@pytest.mark.parametrize("mode", ["grey", "bw"])
@pytest.mark.parametrize("name", OURS)
def test_every_picture_becomes_grey_and_black_and_white(
    name: str, mode: str, tmp_path: Path
) -> None:
    source, target = tmp_path / name, tmp_path / f"out {name}"
    KINDS[name](source)
    assert clean(source, target, {"mode": mode}) == [True]
    after = pixels_of(target)
    assert after.ndim == 2 and after.shape == pixels_of(source).shape[:2]
    if mode == "bw":
        white = 1 if after.dtype == np.bool_ else np.iinfo(after.dtype).max
        middle = np.abs(after / white - 0.5) < (0.2 if name in LOSSY else 0.49)
        assert middle.mean() < 0.05 and after.std() > 0


def test_a_png_of_black_and_white_has_one_bit_and_keeps_what_it_carries(tmp_path: Path) -> None:
    source, target = tmp_path / "facts.png", tmp_path / "out.png"
    KINDS["facts.png"](source)
    clean(source, target, {"mode": "bw"})
    with Image.open(target) as image:
        assert image.mode == "1"
        assert image.info["dpi"] == pytest.approx((300, 300), abs=0.1)
        assert image.info["Title"] == "Grüße" and image.getexif()[0x0112] == 6
        assert "icc_profile" not in image.info  # that was one of colours


def test_a_jpeg_of_black_and_white_is_grey_and_keeps_what_it_carries(tmp_path: Path) -> None:
    source, target = tmp_path / "plain.jpg", tmp_path / "out.jpg"
    KINDS["plain.jpg"](source)
    clean(source, target, {"mode": "bw"})
    with Image.open(target) as image:
        assert image.mode == "L" and image.info["dpi"] == (300, 300)
        assert image.getexif().get_ifd(0x8769) == exif().get_ifd(0x8769)
        assert "icc_profile" not in image.info


def test_a_jpeg_in_colour_keeps_its_profile(tmp_path: Path) -> None:
    source, target = tmp_path / "plain.jpg", tmp_path / "out.jpg"
    KINDS["plain.jpg"](source)
    clean(source, target)
    with Image.open(target) as image:
        assert image.info["icc_profile"] == profile()


def test_alpha_survives_every_mode(tmp_path: Path) -> None:
    for name in ("alpha.png", "deep alpha.png", "grey alpha.png"):
        source, target = tmp_path / name, tmp_path / f"out {name}"
        KINDS[name](source)
        for mode in ("colour", "grey", "bw"):
            clean(source, target, {"mode": mode})
            with Image.open(source) as old, Image.open(target) as new:
                alphas = [np.asarray(i.convert("RGBA"))[..., 3] for i in (old, new)]
            assert np.ptp(alphas[0]) > 50
            assert np.array_equal(alphas[0], alphas[1]), (name, mode)


def test_a_page_of_one_bit_stays_one_in_every_mode(tmp_path: Path) -> None:
    source, target = tmp_path / "bits.png", tmp_path / "out.png"
    Image.fromarray(GREY > 127).save(source, dpi=(100, 100))
    for mode in ("colour", "grey", "bw"):
        clean(source, target, {"mode": mode})
        with Image.open(target) as image:
            assert image.mode == "1" and round(image.info["dpi"][0]) == 100
            assert np.array_equal(np.asarray(image), GREY > 127)


def test_a_page_that_was_left_out_stays_whatever_the_options(scan: Path) -> None:
    target = scan.with_name("out.tif")
    options = {"mode": "bw", "deskew": True, "trim": True, "despeckle": True}
    assert clean(scan, target, options, left_out={0, 1}) == [False, False, True]
    with tifffile.TiffFile(target) as file:
        assert np.array_equal(file.pages[0].asarray(), COLOUR)
        assert np.array_equal(file.pages[1].asarray(), GREY)


def test_a_clean_page_is_left_alone_unless_an_option_wants_otherwise(scan: Path) -> None:
    target = scan.with_name("out.tif")
    assert clean(scan, target, {}, leave=True) == [False, False, False]
    assert clean(scan, target, {"mode": "grey"}, leave=True) == [True, False, False]
    assert clean(scan, target, {"mode": "bw"}, leave=True) == [True, True, False]
    quiet = {"deskew": True, "trim": True, "despeckle": True}
    assert clean(scan, target, quiet, leave=True) == [False, False, False]


def test_a_clean_page_that_is_straightened_is_made_of_its_own_pixels(tmp_path: Path) -> None:
    source, target = tmp_path / "skew.png", tmp_path / "out.png"
    turned = sheet().rotate(3, Image.Resampling.BICUBIC, fillcolor=255)
    grey = np.asarray(turned) // 2 + 100  # which the stand-in for the net would brighten
    Image.fromarray(grey).save(source)
    assert clean(source, target, {"deskew": True}, leave=True) == [True]
    after = pixels_of(target)
    assert after.shape == grey.shape and not np.array_equal(after, grey)
    assert np.percentile(after, 60) < 230


def test_a_net_without_an_extra_channel_will_do(tmp_path: Path) -> None:
    source, target = tmp_path / "page.png", tmp_path / "out.png"
    Image.fromarray(COLOUR).save(source)
    reader = open_document(source, {})
    writer = DocumentWriter(reader, True, {"mode": "bw"})
    for piece in reader.pieces():
        for block in piece.blocks:
            writer.write(block)
        assert writer.end_piece(False)
    writer.finish(target)
    assert (pixels_of(target) == (GREY > 127)).mean() > 0.97


def test_a_view_is_as_large_before_and_after(scan: Path) -> None:
    target = scan.with_name("out.tif")
    clean(scan, target, {"mode": "bw", "deskew": True})
    for page in range(3):
        old, new = (view_document(path, 64, page, {}) for path in (scan, target))
        assert old.pages == new.pages == 3
        assert old.full_size == new.full_size == (GREY.shape[1], GREY.shape[0])
        assert max(old.pixels.shape[:2]) == 64 and old.pixels.shape[2] == 3
    with pytest.raises(Unreadable, match="no page 4"):
        view_document(scan, 64, 3, {})


def test_a_picture_has_one_page_to_view(tmp_path: Path) -> None:
    path = tmp_path / "page.png"
    Image.fromarray(COLOUR).save(path)
    assert view_document(path, 50, 0, {}).pages == 1
    with pytest.raises(Unreadable, match="no page 2"):
        view_document(path, 50, 1, {})


@pytest.mark.parametrize("name", ["page.tif", "page.png", "page.jpg", "page.pdf"])
def test_what_is_no_document_is_refused_in_words(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    for content in (b"Dear diary", b"", b"II*\0garbage"):
        path.write_bytes(content)
        assert not looks_like_document(path)
        for refused in (lambda: open_document(path, {}), lambda: view_document(path, 9, 0, {})):
            with pytest.raises(Unreadable, match=rf"^{name} .*\.$"):
                refused()
    path.unlink()
    assert not looks_like_document(path)
    with pytest.raises(Unreadable, match="no longer there"):
        open_document(path, {})


def test_photos_do_not_look_like_documents_and_pages_of_one_bit_do(tmp_path: Path) -> None:
    Image.fromarray(COLOUR).save(tmp_path / "photo.jpg")
    Image.fromarray(COLOUR).save(tmp_path / "photo.png")
    Image.fromarray(GREY > 127).save(tmp_path / "bits.png")
    (tmp_path / "any.pdf").write_bytes(b"%PDF-1.4 and so on")
    looks = {path.name for path in tmp_path.iterdir() if looks_like_document(path)}
    assert looks == {"bits.png", "any.pdf"}
    assert not looks_like_document(tmp_path)


@pytest.mark.parametrize("name", ["facts.png", "plain.jpg", "deep.png"])
def test_no_damage_leads_to_anything_but_a_sentence(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    KINDS[name](path)
    whole = bytearray(path.read_bytes())
    rng = np.random.default_rng(1)
    for number in range(30):
        damaged = whole.copy() if number % 3 else whole[: int(rng.integers(5, len(whole)))]
        for place in rng.integers(8, len(damaged), 6) if len(damaged) > 8 else []:
            damaged[int(place)] = int(rng.integers(256))
        path.write_bytes(damaged)
        try:
            clean(path, tmp_path / "out", {"mode": "bw"})
        except FileError as error:
            assert str(error).startswith(path.name)


def test_a_large_page_is_refused_from_its_header(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.png"
    Image.new("1", (60_000, 60), 1).save(bomb)
    content = bytearray(bomb.read_bytes())
    content[20:24] = (60_000).to_bytes(4, "big")
    bomb.write_bytes(content)
    with pytest.raises((TooLarge, Unreadable)):
        open_document(bomb, {})


@pytest.fixture
def context(tmp_path: Path) -> Context:
    write_model(tmp_path / "models", id="document/clean-v1", task="document/clean")
    return Context(ModelLibrary([tmp_path / "models"]))


def test_a_job_cleans_pages_and_says_what_became_of_each(scan: Path, context: Context) -> None:
    content = scan.read_bytes()
    job = CleanJob(
        scan, "document/clean", "document/clean-v1", options={"mode": "bw"},
        left_out=frozenset({0}),
    )  # fmt: skip
    cleaned = job.run(context)
    assert scan.read_bytes() == content
    assert cleaned.status == "cleaned" and cleaned.target is not None
    assert cleaned.pieces[0] == "left out" and cleaned.pieces[1] == "cleaned"
    with tifffile.TiffFile(cleaned.target) as file:
        assert [page.compression for page in file.pages] == [
            1,
            4,
            4 if cleaned.pieces[2] == "cleaned" else 1,
        ]


@pytest.mark.parametrize("room", [0, 100_000])
def test_a_full_disk_leaves_no_file_behind(
    scan: Path, context: Context, monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    before = sorted(scan.parent.iterdir())
    context.library.load("document/clean-v1")
    disk = FullDisk(monkeypatch, room=room)
    with pytest.raises(NotWritable, match="disk is full"):
        CleanJob(scan, "document/clean", "document/clean-v1").run(context)
    assert disk.full and sorted(scan.parent.iterdir()) == before


def test_the_domain_hands_out_reader_and_writer(scan: Path) -> None:
    reader = DOMAIN.open(scan, {})
    assert isinstance(reader, DocumentReader)
    assert "3 pages" in reader.about
    assert isinstance(DOMAIN.create(reader, True, {}), DocumentWriter)
    assert DOMAIN.likeness(scan) == 1.0
    reader.close()
