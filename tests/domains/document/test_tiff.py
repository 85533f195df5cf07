from __future__ import annotations

import struct
import tempfile
import weakref
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from desktop_ae.core.errors import FileError, NotWritable, TooLarge, Unreadable, Unsupported
from desktop_ae.domains.document import tiff
from desktop_ae.domains.document.files import looks_like_document
from desktop_ae.domains.document.pictures import PicturePages
from desktop_ae.domains.document.tiff import TiffPages, view_tiff
from desktop_ae.domains.document.tiff_directories import TiffAssembly, TiffBytes
from desktop_ae.domains.image.tiff import read_page
from tests.domains.document.sheets import clean, dirty, sheet
from tests.domains.image.pictures import KINDS, XMP, profile
from tests.fakes import FullDisk

GREY = np.asarray(sheet())
COLOUR = dirty(sheet())
BITS = GREY > 127
Page = tuple[NDArray[Any], dict[str, Any]]
PAGES: dict[str, Page] = {
    "grey": (GREY, {"photometric": "minisblack"}),
    "white is zero": (255 - GREY, {"photometric": "miniswhite"}),
    "colour": (COLOUR, {"photometric": "rgb", "compression": "lzw", "predictor": True}),
    "tiles": (COLOUR, {"photometric": "rgb", "tile": (64, 64), "compression": "adobe_deflate"}),
    "deep": (COLOUR.astype(np.uint16) * 257, {"photometric": "rgb", "compression": "zstd"}),
    "deep grey": (GREY.astype(np.uint16) * 257, {"photometric": "minisblack"}),
    "jpeg": (COLOUR, {"photometric": "rgb", "compression": "jpeg"}),
    "grey jpeg": (GREY, {"photometric": "minisblack", "compression": "jpeg"}),
    "bits": (BITS, {"photometric": "minisblack", "compression": "packbits"}),
    "planes": (COLOUR.transpose(2, 0, 1), {"photometric": "rgb", "planarconfig": "separate"}),
    "palette": (
        GREY // 16,
        {
            "photometric": "palette",
            "colormap": (np.arange(256) * 4096 % 65536).astype(np.uint16)[None].repeat(3, 0),
        },
    ),
    "cmyk": (np.dstack([255 - COLOUR, GREY * 0]), {"photometric": "separated"}),
    "alpha": (np.dstack([COLOUR, GREY]), {"photometric": "rgb", "extrasamples": ["unassalpha"]}),
    "floats": (GREY.astype(np.float32) / 255, {"photometric": "minisblack"}),
}
BILEVEL = {"bits"}


def write(path: Path, names: list[str], **options: Any) -> Path:
    with tifffile.TiffWriter(path, **options) as file:
        for number, name in enumerate(names):
            array, how = PAGES[name]
            file.write(
                array, metadata=None, resolution=(100 + number, 100 + number), resolutionunit=2,
                extratags=[(285, 2, 0, f"Page {number}", True), (297, 3, 2, (number, 9), True)],
                **how,
            )  # fmt: skip
    return path


def contents(path: Path) -> list[dict[int, Any]]:
    """Of each directory: the tags' values, with the data instead of its places."""
    found = []
    with path.open("rb") as raw:
        file = TiffBytes(raw)
        for place in file.chain():
            entries = file.directory(place)
            page: dict[int, Any] = {c: (e.kind, e.count, e.content) for c, e in entries.items()}
            for places, lengths in ((273, 279), (324, 325)):
                if places in page:
                    data = [b"".join(file.blocks(*s)) for s in file.segments(entries, places)]
                    page |= {places: data, lengths: [len(d) for d in data]}
            found.append(page)
    return found


def decoded(path: Path, page: int = 0) -> NDArray[Any]:
    pages = TiffPages(path)
    try:
        return next(p.pixels.copy() for p in pages.pages() if p.index == page)
    finally:
        pages.close()


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("big", [False, True])
def test_pages_that_were_not_cleaned_come_back_as_the_bytes_they_were(
    tmp_path: Path, order: Any, big: bool
) -> None:
    source = write(tmp_path / "scan.tif", list(PAGES), byteorder=order, bigtiff=big)
    target = tmp_path / "out.tif"
    assert clean(source, target, left_out=set(range(20))) == [False] * len(PAGES)
    assert contents(target) == contents(source)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("big", [False, True])
def test_every_kind_of_page_is_cleaned_and_keeps_its_kind(
    tmp_path: Path, order: Any, big: bool
) -> None:
    source = write(tmp_path / "scan.tif", list(PAGES), byteorder=order, bigtiff=big)
    content = source.read_bytes()
    target = tmp_path / "out.tif"
    assert all(clean(source, target))
    assert source.read_bytes() == content
    for page, name in enumerate(PAGES):
        before, after = decoded(source, page), decoded(target, page)
        assert (after.shape, after.dtype) == (before.shape, before.dtype), name
        if name in BILEVEL:
            assert np.array_equal(before, after)
        else:
            white = float(np.iinfo(before.dtype).max)
            wanted = (before / white * 1.5).clip(0, 1)
            worst = 0.25 if "jpeg" in name else 0.002
            assert np.abs(after / white - wanted).max() < worst, name
            assert after.mean() > before.mean(), name


def test_one_cleaned_page_leaves_the_others_to_the_bit(tmp_path: Path) -> None:
    source = write(tmp_path / "scan.tif", ["grey", "colour", "bits", "jpeg"])
    target = tmp_path / "out.tif"
    assert clean(source, target, left_out={0, 2, 3}) == [False, True, False, False]
    old, new = contents(source), contents(target)
    assert [a == b for a, b in zip(old, new, strict=True)] == [True, False, True, True]


def test_a_cleaned_page_keeps_its_tags_and_its_compression(tmp_path: Path) -> None:
    source = write(tmp_path / "scan.tif", ["grey", "colour", "jpeg"], byteorder=">")
    target = tmp_path / "out.tif"
    clean(source, target)
    for old, new in zip(contents(source), contents(target), strict=True):
        for code in (259, 282, 283, 285, 296, 297):
            assert new[code] == old[code], code


def test_exif_gps_profile_and_xmp_of_a_cleaned_page_survive(tmp_path: Path) -> None:
    source, target = tmp_path / "facts.tif", tmp_path / "out.tif"
    KINDS["facts.tif"](source)
    clean(source, target)
    with Image.open(source) as old, Image.open(target) as new:
        for group in (0x8769, 0x8825):
            assert old.getexif().get_ifd(group)
            assert new.getexif().get_ifd(group) == old.getexif().get_ifd(group)
        assert new.getexif()[274] == 6 and new.info["icc_profile"] == profile()
    (tags,) = contents(target)
    assert tags[700][2] == XMP and 33723 in tags


@pytest.mark.parametrize("left_out", [set(), {0}])
def test_without_metadata_only_the_look_goes_along(tmp_path: Path, left_out: set[int]) -> None:
    source, target = tmp_path / "facts.tif", tmp_path / "out.tif"
    KINDS["facts.tif"](source)
    clean(source, target, left_out=left_out, keep=False)
    (tags,) = contents(target)
    assert {274, 282, 296, 34675} <= set(tags)
    assert not {315, 700, 33723, 34665, 34853} & set(tags)


def test_a_grey_result_does_not_claim_a_profile_of_colours(tmp_path: Path) -> None:
    source, target = tmp_path / "facts.tif", tmp_path / "out.tif"
    KINDS["facts.tif"](source)
    clean(source, target, {"mode": "grey"})
    assert 34675 not in contents(target)[0]
    assert decoded(target).ndim == 2 and decoded(target).dtype == np.uint16


def test_black_and_white_pages_are_g4_and_other_programs_read_them(tmp_path: Path) -> None:
    source, target = (
        write(tmp_path / "scan.tif", ["colour", "deep grey", "bits"]),
        tmp_path / "o.tif",
    )
    clean(source, target, {"mode": "bw"})
    with Image.open(target) as image:
        for page in range(3):
            image.seek(page)
            assert image.mode == "1" and image.info["compression"] == "group4"
            assert image.info["dpi"] == (100 + page, 100 + page)
            assert (np.asarray(image) == BITS).mean() > 0.99
    with tifffile.TiffFile(target) as file:
        assert all(len(page.dataoffsets) == 1 for page in file.pages)


@pytest.mark.parametrize("compression", ["group3", "group4", "tiff_ccitt", "tiff_lzw", None])
def test_pages_of_one_bit_are_read_right_and_stay_so(
    tmp_path: Path, compression: str | None
) -> None:
    source, target = tmp_path / "fax.tif", tmp_path / "out.tif"
    frames = [Image.fromarray(BITS), Image.fromarray(BITS[:, ::-1].copy())]
    frames[0].save(source, save_all=True, append_images=frames[1:], compression=compression)
    assert np.array_equal(decoded(source), BITS)
    clean(source, target)
    assert np.array_equal(decoded(target, 0), BITS)
    assert np.array_equal(decoded(target, 1), BITS[:, ::-1])


def test_few_bits_a_sample_are_stretched_to_the_whole_range(tmp_path: Path) -> None:
    path = tmp_path / "four.tif"
    tifffile.imwrite(path, GREY // 16, bitspersample=4, photometric="minisblack", metadata=None)
    assert np.abs(decoded(path).astype(int) - GREY).max() <= 17


def test_a_page_on_its_side_keeps_its_way_up(tmp_path: Path) -> None:
    source, target = tmp_path / "side.tif", tmp_path / "out.tif"
    with tifffile.TiffWriter(source) as file:
        for way_up in (6, 1):
            file.write(GREY, metadata=None, extratags=[(274, 3, 1, way_up, True)])
    clean(source, target, {"mode": "bw"})
    height, width = GREY.shape
    for path in (source, target):
        assert view_tiff(path, 0, 0).full_size == (height, width)
        assert view_tiff(path, 0, 1).full_size == (width, height)


def test_pages_of_different_sizes_stay_so(tmp_path: Path) -> None:
    source, target = tmp_path / "mixed.tif", tmp_path / "out.tif"
    with tifffile.TiffWriter(source) as file:
        for size in (40, 900, 7):
            file.write(np.full((size, size + 3), 200, np.uint8), metadata=None)
    clean(source, target)
    sizes = [decoded(target, page).shape for page in range(3)]
    assert sizes == [(40, 43), (900, 903), (7, 10)]
    pages = TiffPages(source)
    assert "3 pages" in pages.about and "different sizes" in pages.about
    assert pages.megapixels == pytest.approx((40 * 43 + 900 * 903 + 70) / 1e6)
    pages.close()


def test_the_small_picture_of_a_cleaned_page_is_left_out_and_others_stay(tmp_path: Path) -> None:
    source, target = tmp_path / "small.tif", tmp_path / "out.tif"
    with tifffile.TiffWriter(source) as file:
        for page in (GREY, GREY[::-1]):
            file.write(page, metadata=None)
            file.write(page[::8, ::8], metadata=None, subfiletype=1)
    assert clean(source, target, left_out={1}) == [True, False]
    shapes = [page[257][2] for page in contents(target)]
    assert len(shapes) == 3 and shapes[0] == shapes[1] != shapes[2]
    assert view_tiff(target, 0, 0).pages == 2


def test_directories_below_a_page_are_copied_with_it(tmp_path: Path) -> None:
    source, target = tmp_path / "below.tif", tmp_path / "out.tif"
    with tifffile.TiffWriter(source) as file:
        file.write(GREY, subifds=1, metadata=None)
        file.write(GREY[::2, ::2], subfiletype=1, metadata=None)
    clean(source, target, left_out={0})
    with tifffile.TiffFile(target) as file:
        below = file.pages.first.pages
        assert below is not None
        assert np.array_equal(below[0].asarray(), GREY[::2, ::2])


def test_several_pages_or_black_and_white_look_like_a_document(tmp_path: Path) -> None:
    assert looks_like_document(write(tmp_path / "many.tif", ["colour", "colour"]))
    assert looks_like_document(write(tmp_path / "fax.tif", ["bits"]))
    assert not looks_like_document(write(tmp_path / "photo.tif", ["colour"]))
    with tifffile.TiffWriter(tmp_path / "thumb.tif") as file:
        file.write(COLOUR, photometric="rgb", metadata=None)
        file.write(COLOUR[::8, ::8], photometric="rgb", metadata=None, subfiletype=1)
    assert not looks_like_document(tmp_path / "thumb.tif")


def damaged_page(source: Path, number: int) -> None:
    """Spoil the data of one page; its directory stays."""
    with tifffile.TiffFile(source) as file:
        page = file.pages[number]
        assert isinstance(page, tifffile.TiffPage)
        place, length = page.dataoffsets[0], page.databytecounts[0]
    with source.open("r+b") as raw:
        raw.seek(place)
        raw.write(b"\xa5" * length)


def test_a_damaged_page_does_not_keep_the_others_from_being_read(tmp_path: Path) -> None:
    source = write(tmp_path / "scan.tif", ["grey", "tiles", "colour"])
    damaged_page(source, 1)
    pages = TiffPages(source)
    try:
        assert list(pages.page_indices()) == [0, 1, 2]
        assert pages.shape(1) == (3, *GREY.shape)
        with pytest.raises(Unreadable, match=r"^scan\.tif .*page 2 is damaged\.$"):
            pages.page(1)
        assert np.array_equal(pages.page(2).pixels, COLOUR)
        assert [page.index for page in pages.pages({1})] == [0, 2]
        with pytest.raises(Unreadable):
            list(pages.pages())
    finally:
        pages.close()


def test_the_shape_is_known_before_a_page_is_decoded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = TiffPages(write(tmp_path / "scan.tif", list(PAGES)))
    wanted = {page.index: page.pixels.shape for page in pages.pages()}
    monkeypatch.setattr("desktop_ae.domains.document.tiff.read_page", None)
    for index, name in enumerate(PAGES):
        channels, *size = pages.shape(index)
        whole = (*size, 3) if channels == 3 else tuple(size)
        assert whole == wanted[index], name
    pages.close()


def test_a_picture_is_asked_for_its_page_as_a_tiff_is(tmp_path: Path) -> None:
    for name, array in (("grey.png", GREY), ("colour.jpg", COLOUR), ("bits.png", BITS)):
        Image.fromarray(array).save(tmp_path / name)
        pages = PicturePages(tmp_path / name)
        assert list(pages.page_indices()) == [0] and not list(pages.pages({0}))
        assert pages.shape(0) == (3 if name == "colour.jpg" else 1, *GREY.shape)
        assert pages.page(0).pixels.shape == array.shape
        assert pages.page(0).pixels.dtype == array.dtype


@pytest.mark.parametrize("quality", [70, 80, 95])
def test_a_black_and_white_jpeg_is_no_larger_than_it_was(tmp_path: Path, quality: int) -> None:
    source, target = tmp_path / "scan.jpg", tmp_path / "out.jpg"
    noise = np.random.default_rng(0).normal(0, 6, (1100, 850, 1))
    page = dirty(sheet(100, (8.5, 11)).filter(ImageFilter.GaussianBlur(0.6))) + noise
    image = Image.fromarray(page.clip(0, 255).astype(np.uint8))
    exif = image.getexif()
    exif[271] = "A scanner"
    image.save(source, quality=quality, dpi=(100, 100), exif=exif)
    assert clean(source, target, {"mode": "bw"}) == [True]
    assert target.stat().st_size <= source.stat().st_size
    with Image.open(target) as result:
        assert result.format == "JPEG" and result.mode == "L"
        assert result.info["dpi"] == (100, 100) and result.getexif()[271] == "A scanner"
        off = np.minimum(np.asarray(result), 255 - np.asarray(result))
        assert off.max() < 100  # on its side of the middle, everywhere
    clean(source, target, {"mode": "bw"}, keep=False)
    with Image.open(target) as result:
        assert 271 not in result.getexif()


def test_no_page_is_kept_while_the_next_one_decodes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ["grey", "colour", "bits", "deep", "jpeg", "floats"]
    pages = TiffPages(write(tmp_path / "scan.tif", names))
    before: list[weakref.ref[Any]] = []
    alive: list[int] = []

    def counted(path: Path, page: tifffile.TiffPage) -> Any:
        alive.append(sum(ref() is not None for ref in before))
        pixels, icc = read_page(path, page)
        owner = pixels.array
        while isinstance(owner.base, np.ndarray):
            owner = owner.base
        before.append(weakref.ref(owner))
        return pixels, icc

    monkeypatch.setattr("desktop_ae.domains.document.tiff.read_page", counted)
    several = pages.pages()
    for _ in names:
        assert next(several).pixels.size
    assert alive == [0] * len(names)
    pages.close()


def test_a_file_cut_short_says_so_and_never_loses_a_page_silently(tmp_path: Path) -> None:
    whole = write(tmp_path / "scan.tif", ["grey", "bits", "jpeg", "colour"]).read_bytes()
    cut = tmp_path / "cut.tif"
    for share in (0.02, 0.3, 0.6, 0.9, 0.999):
        cut.write_bytes(whole[: int(len(whole) * share)])
        with pytest.raises(Unreadable, match=r"^cut\.tif .*\.$"):
            clean(cut, tmp_path / "out.tif")
        assert isinstance(looks_like_document(cut), bool)


def test_no_damage_leads_to_anything_but_a_sentence(tmp_path: Path) -> None:
    whole = bytearray(write(tmp_path / "scan.tif", ["bits", "colour", "jpeg"]).read_bytes())
    path = tmp_path / "damaged.tif"
    rng = np.random.default_rng(5)
    for _ in range(60):
        damaged = whole.copy()
        # Half of it in the first directory.
        for place in [*rng.integers(8, 260, 3), *rng.integers(8, len(whole), 5)]:
            damaged[int(place)] = int(rng.integers(256))
        path.write_bytes(damaged)
        assert isinstance(looks_like_document(path), bool)
        try:
            view_tiff(path, 20, 0)
            clean(path, tmp_path / "out.tif")
        except FileError as error:
            assert path.name in str(error) and str(error).endswith(".")


def test_directories_in_a_circle_are_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "circle.tif", ["bits", "bits"])
    with path.open("rb") as raw:
        first, second = TiffBytes(raw).chain()
    content = bytearray(path.read_bytes())
    (count,) = struct.unpack_from("<H", content, second)
    struct.pack_into("<I", content, second + 2 + 12 * count, first)
    path.write_bytes(content)
    with pytest.raises(Unreadable, match="damaged"):
        TiffPages(path)


def test_a_file_without_a_page_and_a_page_that_is_not_there_are_refused(tmp_path: Path) -> None:
    empty = tmp_path / "empty.tif"
    empty.write_bytes(b"II*\0\0\0\0\0")
    with pytest.raises(Unreadable):
        TiffPages(empty)
    path = write(tmp_path / "two.tif", ["grey", "bits"])
    assert view_tiff(path, 50, 1).pages == 2
    for page in (2, -1):
        with pytest.raises(Unreadable, match="has no page"):
            view_tiff(path, 50, page)


def test_a_huge_page_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    path = tmp_path / "huge.tif"
    with path.open("wb") as out:
        whole = TiffAssembly(out, "<", big=False)
        numbers = {256: 60_000, 257: 60_000, 258: 1, 259: 4, 262: 0, 277: 1, 278: 60_000,
                   273: 0, 279: 0}  # fmt: skip
        whole.add_directory({code: whole.entry([n]) for code, n in numbers.items()})
    with pytest.raises(TooLarge, match="3600 megapixels"):
        TiffPages(path)


def test_an_old_kind_of_jpeg_is_refused_in_words(tmp_path: Path) -> None:
    path = write(tmp_path / "old.tif", ["grey", "jpeg"])
    with tifffile.TiffFile(path, mode="r+") as file:
        file.pages[1].tags[259].overwrite(6)  # type: ignore[union-attr]
    with pytest.raises(Unsupported, match=r"Page 2 of old\.tif"):
        TiffPages(path)


def test_a_full_disk_is_said_in_words_and_leaves_nothing_in_the_temporary_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = write(tmp_path / "scan.tif", ["grey", "colour"])
    spool = tmp_path / "spool"
    spool.mkdir()
    monkeypatch.setattr(tiff, "scratch_folder", lambda room, near: spool)
    disk = FullDisk(monkeypatch, room=5000)
    with pytest.raises(NotWritable, match="disk is full"):
        clean(source, tmp_path / "out.tif")
    assert disk.full and not list(spool.iterdir())


def test_what_waits_to_be_saved_is_where_there_is_room_and_has_no_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool = tmp_path / "spool"
    spool.mkdir()
    asked: list[tuple[int, Path]] = []

    def choose(room: int, near: Path) -> Path:
        asked.append((room, near))
        return spool

    monkeypatch.setattr(tiff, "scratch_folder", choose)
    real, folders = tempfile.TemporaryFile, []

    def watched(dir: Path | None = None) -> Any:
        folders.append(dir)
        return real(dir=dir)

    monkeypatch.setattr("tempfile.TemporaryFile", watched)
    source = write(tmp_path / "scan.tif", ["grey", "colour"])
    pages = TiffPages(source)
    pages.replace(0, BITS)
    pages.replace(1, COLOUR)
    assert asked == [(2 * source.stat().st_size, tmp_path)]
    assert not list(spool.iterdir())  # a kill now leaves nothing
    assert len(folders) >= 2 and set(folders) == {spool}
    pages.save(tmp_path / "out.tif", True)
    pages.close()
    assert np.array_equal(decoded(tmp_path / "out.tif", 0), BITS)
    assert np.array_equal(decoded(tmp_path / "out.tif", 1), COLOUR)


def test_a_folder_that_cannot_take_temporary_files_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tiff, "scratch_folder", lambda room, near: tmp_path / "gone")
    pages = TiffPages(write(tmp_path / "scan.tif", ["grey"]))
    with pytest.raises(NotWritable, match="gone"):
        pages.replace(0, GREY)
    pages.close()


def test_of_a_page_replaced_twice_the_later_one_is_saved(tmp_path: Path) -> None:
    pages = TiffPages(write(tmp_path / "scan.tif", ["grey", "colour"]))
    for round_ in range(2):
        pages.replace(0, BITS[::-1] if round_ == 0 else BITS)
        pages.save(tmp_path / "out.tif", True)
    pages.close()
    assert np.array_equal(decoded(tmp_path / "out.tif", 0), BITS)
    assert np.array_equal(decoded(tmp_path / "out.tif", 1), COLOUR)


def test_jpeg_pages_stay_jpeg_of_at_least_their_quality(tmp_path: Path) -> None:
    from desktop_ae.domains.document.tiff import _luma_table

    source, target = tmp_path / "scan.tif", tmp_path / "out.tif"
    tifffile.imwrite(
        source, COLOUR, photometric="rgb", compression="jpeg", compressionargs={"level": 93}
    )
    clean(source, target)
    with tifffile.TiffFile(source) as old, tifffile.TiffFile(target) as new:
        assert new.pages.first.compression == 7
        before, after = (sum(_luma_table(file.pages.first)[0]) for file in (old, new))
        assert after == pytest.approx(before, rel=0.1)
