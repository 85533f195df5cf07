"""Results say what made them, and all else in them is as without that."""

from __future__ import annotations

import io
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile
from PIL import Image, PngImagePlugin

from desktop_ae.core.provenance import Recorder
from desktop_ae.domains.image.files import PictureWriter, open_picture
from tests.domains.image.pictures import KINDS, XMP, colour, exif
from tests.made import MADE_BY, NAME

TEXT = MADE_BY.text
HEIC = Path(__file__).parent / "sample.heic"


def results(source: Path, keep: bool = True) -> tuple[Path, Path]:
    """What is written without and with the line."""
    targets = source.with_name("plain.out"), source.with_name("recorded.out")
    for target, is_recorded in zip(targets, (False, True), strict=True):
        writer = PictureWriter(open_picture(source), keep)
        assert isinstance(writer, Recorder)
        if is_recorded:
            writer.record(MADE_BY)
        writer.finish(target)
    return targets


def comment(text: str) -> bytes:
    return b"\xff\xfe" + struct.pack(">H", len(text) + 2) + text.encode()


def told(path: Path) -> list[str]:
    """Where Pillow or tifffile find the line."""
    if path.read_bytes()[:2] in (b"II", b"MM"):
        return [str(code) for code, value in tags(path).items() if value == TEXT]
    with Image.open(path) as image:
        image.load()
        found = [name for name, words in getattr(image, "text", {}).items() if words == TEXT]
        found += ["COM" for kind, body in getattr(image, "applist", []) if body == TEXT.encode()]
        found += ["EXIF"] if image.getexif().get(0x0131) == TEXT else []
        found += ["XMP"] if TEXT.encode() in image.info.get("xmp", b"") else []
    return found


def tags(path: Path) -> dict[int, Any]:
    with tifffile.TiffFile(path) as file:
        return {tag.code: tag.value for tag in file.pages.first.tags.values()}


PLACES = {".jpg": "COM", ".jpeg": "COM", ".png": "Software"}


@pytest.mark.parametrize("keep", [True, False])
@pytest.mark.parametrize("name", [name for name in KINDS if not name.endswith(".bmp")])
def test_every_format_says_what_made_it(tmp_path: Path, name: str, keep: bool) -> None:
    source = tmp_path / name
    KINDS[name](source)
    plain, recorded = results(source, keep)
    assert NAME not in plain.read_bytes()
    if source.suffix == ".webp":
        in_exif = name == "lossy.webp" or not keep
        way_up_is_told = name == "lossless.webp"
        assert told(recorded) == ["EXIF" if in_exif and not way_up_is_told else "XMP"]
    elif source.suffix in (".tif", ".tiff"):
        has_software = keep and 305 in tags(source)  # tifffile's own name
        assert told(recorded) == ["11" if has_software else "305"]
    else:
        assert told(recorded) == [PLACES[source.suffix]]
    before, after = (open_picture(path).picture.pixels for path in (plain, recorded))
    height = before.shape[1]
    np.testing.assert_array_equal(before.band(0, height), after.band(0, height))


def test_a_bmp_has_no_place_for_it(tmp_path: Path) -> None:
    source = tmp_path / "plain.bmp"
    KINDS["plain.bmp"](source)
    plain, recorded = results(source)
    assert plain.read_bytes() == recorded.read_bytes()


@pytest.mark.parametrize("name", ["plain.jpg", "grey.jpeg", "progressive.jpg"])
def test_a_jpeg_has_one_segment_more_before_the_comments_of_its_source(
    tmp_path: Path, name: str
) -> None:
    source = tmp_path / name
    KINDS[name](source)
    plain, recorded = (path.read_bytes() for path in results(source))
    assert recorded.count(comment(TEXT)) == 1
    assert recorded.replace(comment(TEXT), b"") == plain
    if name == "plain.jpg":
        assert recorded.index(comment(TEXT)) < recorded.index(comment("a comment"))
        assert recorded.index(b"Exif\0\0") < recorded.index(comment(TEXT))


def test_a_jpeg_of_which_a_part_was_changed_says_it_too(tmp_path: Path) -> None:
    source = tmp_path / "a.jpg"
    KINDS["plain.jpg"](source)
    reader = open_picture(source)
    writer = PictureWriter(reader, True)
    (piece,) = reader.pieces()
    for clip in piece.blocks:
        changed = np.zeros_like(clip.samples[:1])
        changed[:, :8, :8] = 1
        given = np.concatenate([clip.samples * 0.5, changed])
        writer.write(type(clip)(given, clip.start))
    writer.record(MADE_BY)
    writer.finish(tmp_path / "out.jpg")
    assert told(tmp_path / "out.jpg") == ["COM"]


def png_source(path: Path, **texts: str) -> Path:
    facts = PngImagePlugin.PngInfo()
    for keyword, words in texts.items():
        facts.add_text(keyword, words)
    Image.fromarray(colour()).save(path, pnginfo=facts)
    return path


@pytest.mark.parametrize(
    ("texts", "place"),
    [({}, "Software"), ({"Software": "GIMP"}, "Comment"), ({"Comment": "mine"}, "Software")],
)
def test_a_png_takes_the_keyword_that_is_free(
    tmp_path: Path, texts: dict[str, str], place: str
) -> None:
    plain, recorded = results(png_source(tmp_path / "a.png", **texts))
    assert told(recorded) == [place]
    body = place.encode() + b"\0" + TEXT.encode()
    without = recorded.read_bytes().replace(png_chunk(body), b"")
    assert without == plain.read_bytes()


def test_a_png_whose_keywords_are_taken_has_both_and_shows_its_own(tmp_path: Path) -> None:
    source = png_source(tmp_path / "a.png", Software="GIMP", Comment="mine")
    plain, recorded = results(source)
    chunk = png_chunk(b"Comment\0" + TEXT.encode())
    assert recorded.read_bytes().replace(chunk, b"") == plain.read_bytes() != recorded.read_bytes()
    with Image.open(recorded) as image:
        assert getattr(image, "text") == {"Software": "GIMP", "Comment": "mine"}  # noqa: B009


def png_chunk(body: bytes) -> bytes:
    held = io.BytesIO()
    PngImagePlugin.putchunk(held, b"tEXt", body)
    return held.getvalue()


@pytest.mark.parametrize(
    ("taken", "place"),
    [([], ["305"]), ([305], ["11"]), ([305, 11], ["270"]), ([305, 11, 270], [])],
)
def test_a_tiff_takes_the_first_tag_that_is_free(
    tmp_path: Path, taken: list[int], place: list[str]
) -> None:
    source = tmp_path / "a.tif"
    extra = [(code, 2, 4, "Anna", True) for code in taken]
    tifffile.imwrite(source, colour(), photometric="rgb", metadata=None, software=False,
                     extratags=extra)  # fmt: skip
    plain, recorded = results(source)
    assert told(recorded) == place
    before, after = tags(plain), tags(recorded)
    del before[273], after[273]  # where the pixels lie
    assert {code: after[code] for code in before} == before
    assert sorted(after.keys() - before.keys()) == [int(code) for code in place]


def test_exif_and_gps_of_a_tiff_stay_beside_it(tmp_path: Path) -> None:
    source = tmp_path / "a.tif"
    KINDS["facts.tif"](source)
    before, after = (tags(path) for path in (source, results(source)[1]))
    for code in (34665, 34853, 700, 33723, 315, 34675):
        assert after[code] == before[code]


@pytest.mark.parametrize(
    ("carried", "place"),
    [({}, "EXIF"), ({"exif": exif()}, "XMP"), ({"xmp": XMP}, "EXIF")],
)
def test_a_webp_takes_the_place_that_is_free(
    tmp_path: Path, carried: dict[str, Any], place: str
) -> None:
    source = tmp_path / "a.webp"
    Image.fromarray(colour()).save(source, lossless=True, **carried)
    _, recorded = results(source)
    assert told(recorded) == [place]
    with Image.open(source) as before, Image.open(recorded) as after:
        for name in carried:
            assert after.info[name] == before.info[name]


def test_a_webp_without_a_free_place_stays_as_it_is(tmp_path: Path) -> None:
    source = tmp_path / "a.webp"
    Image.fromarray(colour()).save(source, lossless=True, exif=exif(), xmp=XMP)
    plain, recorded = results(source)
    assert plain.read_bytes() == recorded.read_bytes()


def test_what_was_a_heic_file_says_it_as_a_jpeg(tmp_path: Path) -> None:
    source = tmp_path / "a.heic"
    source.write_bytes(HEIC.read_bytes())
    plain, recorded = (path.read_bytes() for path in results(source))
    assert recorded.count(comment(TEXT)) == 1
    assert recorded.replace(comment(TEXT), b"") == plain
