from __future__ import annotations

import itertools
import struct
import tracemalloc
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest
import tifffile
from PIL import Image

from desktop_ae.core.clip import Clip
from desktop_ae.core.errors import FileError, TooLarge, Unreadable, Unsupported
from desktop_ae.domains.image import DOMAIN, sniff, target_suffix
from desktop_ae.domains.image.files import (
    BAND_ROWS,
    PictureReader,
    PictureWriter,
    decode,
    open_picture,
    view_picture,
)
from desktop_ae.domains.image.jpeg import copy_segments
from desktop_ae.domains.image.pixels import ArrayPixels, bytes_of
from tests.domains.image.pictures import HEIGHT, KINDS, WIDTH, XMP, colour, exif, profile

LOSSY = {"plain.jpg", "grey.jpeg", "progressive.jpg", "print.jpg", "lossy.webp"}
# What the program turns into another kind of colour, because cleaned colours need it.
CHANGED = {"print.jpg": "RGB", "palette.png": "RGB", "two tones.png": "L", "print.tif": "RGB",
           "palette.tif": "RGB"}  # fmt: skip


@pytest.fixture(params=KINDS)
def source(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / str(request.param)
    KINDS[path.name](path)
    return path


def pass_through(source: Path, keep: bool = True, change: float = 0.0) -> Path:
    """Read a picture and write it again; `change` is added to every sample on the way."""
    reader = open_picture(source)
    writer = PictureWriter(reader, keep)
    for piece in reader.pieces():
        for block in piece.blocks:
            writer.write(Clip(block.samples + np.float32(change), block.start))
    target = source.with_name("out " + source.name)
    writer.finish(target)
    return target


def samples(path: Path) -> np.ndarray[Any, np.dtype[np.float32]]:
    pixels = decode(path).pixels
    return pixels.band(0, pixels.shape[1])


def test_every_kind_of_file_comes_back_with_the_samples_it_had(source: Path) -> None:
    target = pass_through(source)
    before, after = decode(source), decode(target)
    worst = float(np.abs(samples(source) - samples(target)).max())
    assert worst <= (0.2 if source.name in LOSSY else 0.0)
    assert after.pixels.shape == before.pixels.shape
    assert after.bits == before.bits
    with source.open("rb") as old, target.open("rb") as new:
        assert sniff(old.read(64)) == sniff(new.read(64))


def test_the_source_is_not_touched(source: Path) -> None:
    content = source.read_bytes()
    pass_through(source, change=0.1)
    assert source.read_bytes() == content


def test_a_change_arrives_in_the_file(source: Path) -> None:
    target = pass_through(source, change=0.25)
    wanted = (samples(source) + 0.25).clip(0, 1)
    got = samples(target)
    if "float" in decode(source).about:
        wanted = samples(source) + 0.25
    assert float(np.abs(wanted - got).mean()) < 0.01


def test_what_a_file_carries_beside_its_pixels_survives(source: Path) -> None:
    target = pass_through(source)
    try:
        old, new = _carried(source), _carried(target)
    except (OSError, UserWarning):
        return  # Pillow cannot read deep or large TIFF; test_tiff_tags_survive looks at these
    assert new.pop("mode") == CHANGED.get(source.name, old.pop("mode"))
    if source.name in CHANGED:
        del old["icc_profile"], new["icc_profile"]
    assert {**new, "mode": None} == {**old, "mode": None}


def _carried(path: Path) -> dict[str, object]:
    with Image.open(path) as image:
        tags = image.getexif()
        facts: dict[str, object] = {
            key: image.info.get(key)
            for key in ("icc_profile", "xmp", "dpi", "comment", "Title", "XML:com.adobe.xmp")
        }
        groups = {group: dict(tags.get_ifd(group)) for group in (0x8769, 0x8825)}
        return {**facts, "mode": image.mode, "way up": tags.get(0x0112), "groups": groups}


def test_the_test_pictures_carry_what_the_test_above_looks_for(tmp_path: Path) -> None:
    for name in ("plain.jpg", "facts.png"):
        KINDS[name](tmp_path / name)
        with Image.open(tmp_path / name) as image:
            assert image.getexif().get_ifd(0x8825) and image.info["icc_profile"]
            assert image.info["dpi"] == pytest.approx((300, 300), abs=0.1)
    with Image.open(tmp_path / "plain.jpg") as image:
        assert image.info["xmp"] == XMP and image.info["comment"] == b"a comment"


def test_tiff_tags_and_directories_survive(tmp_path: Path) -> None:
    source = tmp_path / "facts.tif"
    KINDS[source.name](source)
    target = pass_through(source)
    with Image.open(source) as old, Image.open(target) as new:
        for group in (0x8769, 0x8825):
            assert old.getexif().get_ifd(group)
            assert new.getexif().get_ifd(group) == old.getexif().get_ifd(group)
    with tifffile.TiffFile(source) as old_file, tifffile.TiffFile(target) as new_file:
        old_tags, new_tags = old_file.pages.first.tags, new_file.pages.first.tags
        for code in (259, 274, 282, 283, 296, 315, 317, 700, 33723, 34675):
            assert new_tags[code].value == old_tags[code].value, code


def test_alpha_is_kept_to_the_bit(tmp_path: Path) -> None:
    for name in ("alpha.png", "deep alpha.png", "deep alpha.tif", "lossless.webp"):
        source = tmp_path / name
        KINDS[name](source)
        target = pass_through(source, change=0.1)
        old, new = decode(source).pixels, decode(target).pixels
        old_alpha = np.asarray(old.to_image().getchannel("A"))
        assert np.ptp(old_alpha) > 50
        assert np.array_equal(old_alpha, np.asarray(new.to_image().getchannel("A")))


def test_without_metadata_only_the_look_goes_along(tmp_path: Path) -> None:
    for name in ("plain.jpg", "facts.png", "lossless.webp", "facts.tif"):
        source = tmp_path / name
        KINDS[name](source)
        with Image.open(pass_through(source, keep=False)) as image:
            tags = image.getexif()
            assert tags.get(0x0112) == 6
            assert tags.get(0x010F) is None and not tags.get_ifd(0x8825)
            assert image.info["icc_profile"] == profile()
            assert "xmp" not in image.info and "comment" not in image.info


def test_a_heic_file_is_read_and_its_result_is_a_jpeg(tmp_path: Path) -> None:
    # Made with libheif's heif-enc from `colour()`, twice as large.
    source = Path(__file__).parent / "sample.heic"
    assert sniff(source.read_bytes()[:64]) == "HEIC"
    assert target_suffix(Path("IMG_1.HEIC")) == ".jpg"
    wanted = np.kron(colour(), np.ones((2, 2, 1))).transpose(2, 0, 1) / 255
    assert np.abs(samples(source) - wanted).mean() < 0.02
    target = tmp_path / "out.jpg"
    PictureWriter(open_picture(source), True).finish(target)
    assert sniff(target.read_bytes()[:64]) == "JPEG"
    assert np.abs(samples(target) - wanted).mean() < 0.02


def test_jpeg_keeps_its_chroma_and_is_not_encoded_worse(tmp_path: Path) -> None:
    from PIL import JpegImagePlugin

    for sampling in (0, 1, 2):
        source = tmp_path / f"{sampling}.jpg"
        Image.fromarray(colour()).save(source, quality=80, subsampling=sampling)
        with Image.open(source) as old, Image.open(pass_through(source)) as new:
            assert isinstance(old, JpegImagePlugin.JpegImageFile)
            assert isinstance(new, JpegImagePlugin.JpegImageFile)
            assert JpegImagePlugin.get_sampling(new) == sampling
            assert sum(new.quantization[0]) <= sum(old.quantization[0])


def test_bands_cover_the_picture_once(tmp_path: Path) -> None:
    tall = tmp_path / "tall.png"
    Image.new("RGB", (3, 2 * BAND_ROWS + 20), (1, 2, 3)).save(tall)
    (piece,) = open_picture(tall).pieces()
    spans = [(block.start, block.stop) for block in piece.blocks]
    edges = [0, BAND_ROWS, 2 * BAND_ROWS, 2 * BAND_ROWS + 20]
    assert spans == list(itertools.pairwise(edges))


@pytest.mark.parametrize("name", KINDS)
def test_a_file_cut_short_says_so(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    KINDS[name](path)
    whole = path.read_bytes()
    for share in (0.1, 0.5, 0.8):
        path.write_bytes(whole[: int(len(whole) * share)])
        try:
            decoded = decode(path)
        except FileError as error:
            assert path.name in str(error) and str(error).endswith(".")
        else:
            # Only metadata behind the pixels was cut off: the picture itself must be whole.
            path.write_bytes(whole)
            assert np.array_equal(samples(path), decoded.pixels.band(0, HEIGHT))


@pytest.mark.parametrize("name", KINDS)
def test_no_damage_leads_to_anything_but_a_sentence(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    KINDS[name](path)
    whole = bytearray(path.read_bytes())
    rng = np.random.default_rng(len(whole))
    for _ in range(25):
        damaged = whole.copy()
        for place in rng.integers(12, len(whole), 6):
            damaged[place] = int(rng.integers(256))
        path.write_bytes(damaged)
        try:
            view_picture(path, 16)
            pass_through(path)
        except FileError as error:
            assert str(error).startswith(path.name)


def test_a_picture_that_is_none_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "notes.jpg"
    path.write_text("Dear diary", encoding="utf-8")
    with pytest.raises(Unreadable, match=r"notes\.jpg is not a picture"):
        decode(path)
    with pytest.raises(Unreadable, match="no longer there"):
        decode(tmp_path / "gone.png")


def test_a_decompression_bomb_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.png"
    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    parts = [(b"IHDR", head), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b"")]
    content = b"\x89PNG\r\n\x1a\n"
    for kind, body in parts:
        content += struct.pack(">I", len(body)) + kind + body
        content += struct.pack(">I", zlib.crc32(kind + body))
    bomb.write_bytes(content)
    with pytest.raises(TooLarge, match="3600 megapixels"):
        decode(bomb)
    with pytest.raises(TooLarge):
        view_picture(bomb, 100)


def test_several_pictures_in_one_file_are_refused(tmp_path: Path) -> None:
    frames = [Image.fromarray(colour()), Image.fromarray(colour()[::-1])]
    for name in ("pages.tif", "film.webp", "film.png"):
        frames[0].save(tmp_path / name, save_all=True, append_images=frames[1:])
        with pytest.raises(Unsupported, match="2 pictures"):
            decode(tmp_path / name)


def test_a_tiff_whose_directories_run_in_a_circle_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "circle.tif"
    tifffile.imwrite(path, colour(), photometric="rgb", metadata=None)
    content = bytearray(path.read_bytes())
    (first,) = struct.unpack_from("<I", content, 4)
    (count,) = struct.unpack_from("<H", content, first)
    struct.pack_into("<I", content, first + 2 + 12 * count, first)
    path.write_bytes(content)
    with pytest.raises(Unreadable, match="damaged"):
        decode(path)


def test_a_thin_and_a_tiny_picture_pass(tmp_path: Path) -> None:
    for size in ((1, 1), (60_000, 1), (1, 5_000)):
        path = tmp_path / f"{size[0]}.png"
        Image.new("RGB", size, (10, 200, 30)).save(path)
        assert np.array_equal(samples(path), samples(pass_through(path)))


def test_what_is_no_number_in_a_floating_point_file_stays(tmp_path: Path) -> None:
    path = tmp_path / "holes.tif"
    pixels = colour(np.float32)
    pixels[3, 4, 1] = np.nan
    tifffile.imwrite(path, pixels, photometric="rgb")
    assert np.isfinite(samples(path)).all()
    back = tifffile.imread(pass_through(path, change=0.1))
    assert np.isnan(back[3, 4, 1]) and np.isnan(back).sum() == 1


def test_a_view_is_upright_small_and_says_what_the_file_is(tmp_path: Path) -> None:
    for name in KINDS:
        path = tmp_path / name
        KINDS[name](path)
        view = view_picture(path, 16)
        assert max(view.pixels.shape[:2]) == 16
        assert view.pixels.dtype == np.uint8 and view.pixels.shape[2] in (3, 4)
        turned = name in ("plain.jpg", "facts.png", "lossless.webp", "facts.tif")
        assert view.full_size == ((HEIGHT, WIDTH) if turned else (WIDTH, HEIGHT)), name
        assert str(view.full_size[0]) in view.about


def test_a_large_jpeg_is_viewed_as_upright_as_a_small_one(tmp_path: Path) -> None:
    path = tmp_path / "large.jpg"
    big = np.kron(colour(), np.ones((20, 20, 1), np.uint8))
    Image.fromarray(big).save(path, exif=exif(), quality=95)
    quick = view_picture(path, 60)
    slow = view_picture(path, 0)
    assert quick.full_size == slow.full_size == (HEIGHT * 20, WIDTH * 20)
    assert quick.about == slow.about
    smaller = Image.fromarray(slow.pixels).resize(quick.pixels.shape[1::-1], Image.Resampling.BOX)
    difference = np.abs(np.asarray(smaller).astype(int) - quick.pixels.astype(int))
    assert difference.mean() < 4


def test_a_wide_gamut_picture_is_shown_in_srgb(tmp_path: Path) -> None:
    path = tmp_path / "wide.png"
    lab = Image.new("RGB", (8, 8), (200, 30, 30))
    from PIL import ImageCms

    linear = ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ"))
    lab.save(path, icc_profile=linear.tobytes())
    assert view_picture(path, 0).pixels.shape == (8, 8, 3)


def test_the_domain_hands_out_reader_and_writer(tmp_path: Path) -> None:
    path = tmp_path / "plain.bmp"
    KINDS[path.name](path)
    reader = DOMAIN.open(path, {})
    assert isinstance(reader, PictureReader)
    assert reader.work == pytest.approx(WIDTH * HEIGHT / 1e6)
    assert "8 bit" in reader.about
    assert isinstance(DOMAIN.create(reader, True, {}), PictureWriter)


def most_memory(work: Callable[[], object]) -> int:
    """The most bytes of Python and numpy that were held at a time."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_deep_picture_is_shown_without_floats_of_all_of_it() -> None:
    array = np.full((2000, 300, 3), 40_000, np.uint16)
    pixels = ArrayPixels(array, 3)
    assert most_memory(pixels.to_image) < 1.5 * array.nbytes
    assert pixels.to_image().getpixel((299, 1999)) == (156, 156, 156)


def test_a_large_jpeg_gets_its_segments_without_being_held_in_memory(tmp_path: Path) -> None:
    source, target = tmp_path / "source.jpg", tmp_path / "target.part"
    Image.new("RGB", (8, 8)).save(source, exif=exif(), comment=b"by hand")
    Image.new("RGB", (8, 8)).save(target, "JPEG")
    with target.open("ab") as file:
        file.truncate(2**24)
    with source.open("ab") as file:
        file.truncate(2**24)
    most = most_memory(lambda: copy_segments(source, target, None, None))
    assert most < 2**22
    assert target.stat().st_size > 2**24
    assert sorted(tmp_path.iterdir()) == [source, target]
    with Image.open(target) as image:
        assert image.info["comment"] == b"by hand"
        assert image.getexif()[0x010F] == "Maker"


@pytest.mark.parametrize("order", ["<", ">"])
def test_a_deep_tiff_is_saved_without_another_copy_of_it(
    tmp_path: Path, order: Literal["<", ">"]
) -> None:
    source, target = tmp_path / "source.tif", tmp_path / "target.part"
    array = np.arange(3 * 1000 * 500, dtype=np.uint16).reshape(1000, 500, 3)
    tifffile.imwrite(source, array, photometric="rgb", byteorder=order)
    picture = decode(source)
    assert most_memory(lambda: picture.save(target, True)) < 0.5 * array.nbytes
    assert np.array_equal(tifffile.imread(target), array)
    assert picture.pixels.to_image().getpixel((0, 0)) == (0, 0, 0)
    assert np.array_equal(picture.pixels.band(999, 1000)[:, 0, -1] * 65535, array[-1, -1])


@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA"])
def test_the_bytes_of_an_image_are_those_that_numpy_gives(mode: str) -> None:
    image = Image.effect_noise((70, 150), 90).convert(mode)
    assert np.array_equal(bytes_of(image), np.asarray(image))
