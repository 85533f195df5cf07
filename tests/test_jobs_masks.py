"""Jobs of a task that finds what it changes: masks found, given, saved, and bad."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import pytest
import tifffile
from numpy.typing import NDArray
from PIL import Image

from desktop_ae.core.errors import BadMask, UnknownName
from desktop_ae.core.library import ModelLibrary
from desktop_ae.core.mask import Mask
from desktop_ae.domains.image.watermark import FEATHER_PX
from desktop_ae.jobs import CleanJob, Context, Output
from desktop_ae.look_jobs import FindJob, PreviewJob
from tests.fakes import OVERLAY_MODEL, write_overlay_model

TASK = "image/watermark"
HEIGHT, WIDTH = 90, 130
BOX = np.s_[30:50, 40:80]


@pytest.fixture
def models(tmp_path: Path) -> ModelLibrary:
    write_overlay_model(tmp_path / "models")
    return ModelLibrary([tmp_path / "models"])


def job(source: Path, **options: object) -> CleanJob:
    return CleanJob(source, TASK, OVERLAY_MODEL, options=options)


def pixels(dtype: type = np.uint8, channels: int = 3, *, overlay: bool = True) -> NDArray[Any]:
    """Mid-tones with a pure white box; a fourth channel is alpha, of every value."""
    white = np.iinfo(dtype).max
    drawn = np.random.default_rng(4).integers(white // 5, white // 2, (HEIGHT, WIDTH, channels))
    if overlay:
        drawn[BOX] = white
    if channels == 4:
        drawn[..., 3] = np.arange(WIDTH) * white // WIDTH
    return drawn.astype(dtype)


def around(reach: int = FEATHER_PX) -> NDArray[np.bool_]:
    marked = np.zeros((HEIGHT, WIDTH), np.bool_)
    rows, columns = BOX
    marked[rows.start - reach : rows.stop + reach, columns.start - reach : columns.stop + reach] = 1
    return marked


def mask(name: str = "The mask", box: tuple[slice, slice] = BOX) -> Mask:
    marked = np.zeros((HEIGHT, WIDTH), np.uint8)
    marked[box] = 255
    return Mask.of(marked, name)


def photo(path: Path, *, overlay: bool = True, **options: Any) -> Path:
    Image.fromarray(pixels(overlay=overlay)).save(path, **options)
    return path


def read(path: Path | None) -> NDArray[Any]:
    assert path
    if path.suffix == ".tif":
        return np.asarray(tifffile.imread(path))
    if path.suffix == ".png":
        return np.asarray(imagecodecs.png_decode(path.read_bytes()))
    with Image.open(path) as file:
        return np.asarray(file)


# Only what is under the mask changes


def _deep_png(channels: int) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(imagecodecs.png_encode(pixels(np.uint16, channels)))


def _tiff(made: Callable[[], NDArray[Any]], **options: Any) -> Callable[[Path], object]:
    return lambda path: tifffile.imwrite(path, made(), photometric="rgb", **options)


LOSSLESS: dict[str, Callable[[Path], object]] = {
    "plain.png": photo,
    "alpha.png": lambda path: Image.fromarray(pixels(channels=4)).save(path),
    "deep.png": _deep_png(3),
    "deep alpha.png": _deep_png(4),
    "plain.bmp": photo,
    "lossless.webp": lambda path: photo(path, lossless=True, exact=True),
    "lossy.webp": lambda path: photo(path, quality=95),
    "plain.tif": _tiff(pixels),
    "alpha.tif": _tiff(lambda: pixels(channels=4), extrasamples=["unassalpha"]),
    "deep.tif": _tiff(lambda: pixels(np.uint16), compression="adobe_deflate"),
    "very deep.tif": _tiff(lambda: pixels(np.uint32)),
    "floating.tif": _tiff(lambda: (pixels() / 255).astype(np.float32)),
    "double.tif": _tiff(lambda: pixels().astype(np.float64) * 3.1),
}


@pytest.mark.parametrize("name", LOSSLESS)
@pytest.mark.parametrize("given", [False, True])
def test_all_else_stays_bit_for_bit(
    tmp_path: Path, models: ModelLibrary, name: str, given: bool
) -> None:
    source = tmp_path / name
    LOSSLESS[name](source)
    cleaned = job(source, **({"mask": mask()} if given else {})).run(Context(models))
    assert cleaned.status == "cleaned"
    before, after = read(source), read(cleaned.target)
    assert (after.shape, after.dtype) == (before.shape, before.dtype)
    assert np.array_equal(after[~around()], before[~around()])
    if "lossy" not in name:  # there what was pure white is not any more
        changed = after[BOX][..., :3] != before[BOX][..., :3]
        assert changed.all()
    if before.shape[2] == 4:
        assert np.array_equal(after[..., 3], before[..., 3])


@pytest.mark.parametrize("options", [{}, {"subsampling": 0}, {"progressive": True}], ids=str)
def test_in_a_jpeg_the_other_blocks_stay(
    tmp_path: Path, models: ModelLibrary, options: dict[str, Any]
) -> None:
    exif = Image.Exif()
    exif[0x010F] = "Maker"
    source = photo(tmp_path / "a.jpg", quality=88, exif=exif, dpi=(200, 200), **options)
    cleaned = job(source, mask=mask()).run(Context(models))
    before, after = read(source).astype(int), read(cleaned.target).astype(int)
    assert np.abs(after[35:45, 45:75] - before[35:45, 45:75]).min() > 60
    far = np.abs(after - before)[~around(18)]
    assert not far.any()
    assert cleaned.target
    with Image.open(cleaned.target) as file:
        assert file.getexif()[0x010F] == "Maker"
        assert file.info["dpi"] == (200, 200)


@pytest.mark.parametrize("suffix", [".png", ".jpg"])
def test_a_mask_is_upright_whichever_way_the_file_lies(
    tmp_path: Path, models: ModelLibrary, suffix: str
) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    source = photo(tmp_path / f"a{suffix}", exif=exif)
    upright = np.rot90(np.asarray(mask().pixels), -1)
    given = Mask.of(np.ascontiguousarray(upright))
    assert (given.width, given.height) == (HEIGHT, WIDTH)
    cleaned = job(source, mask=given, save_mask=True).run(Context(models))
    before, after = read(source).astype(int), read(cleaned.target).astype(int)
    assert np.abs(after[35:45, 45:75] - before[35:45, 45:75]).min() > 60
    assert np.array_equal(after[~around(18)], before[~around(18)])
    saved = read(cleaned.mask)
    assert saved.shape == (WIDTH, HEIGHT)
    assert np.array_equal(saved == 255, upright == 255)
    found = FindJob(source, TASK, OVERLAY_MODEL).run(Context(models))
    assert (found.width, found.height) == (HEIGHT, WIDTH)
    if suffix == ".png":
        assert np.array_equal(found.pixels, upright)


# Finding, saving


def test_what_is_found_can_be_seen_before_anything_is_done(
    tmp_path: Path, models: ModelLibrary
) -> None:
    found = FindJob(photo(tmp_path / "a.png"), TASK, OVERLAY_MODEL).run(Context(models))
    assert np.array_equal(found.pixels, mask().pixels)
    asked = FindJob(tmp_path / "a.png", TASK, OVERLAY_MODEL)
    assert pickle.loads(pickle.dumps(asked)) == asked


def test_the_mask_is_saved_beside_the_result(tmp_path: Path, models: ModelLibrary) -> None:
    source = photo(tmp_path / "a.jpg", quality=100, subsampling=0)
    wanted = replace(job(source, save_mask=True), output=Output(tmp_path / "out"))
    cleaned = wanted.run(Context(models))
    assert cleaned.mask == tmp_path / "out" / "a_clean_mask.png"
    saved = read(cleaned.mask)
    assert (saved[BOX] == 255).mean() > 0.9
    assert not saved[~around()].any()
    assert job(source).run(Context(models)).mask is None


def test_a_saved_mask_can_be_given_again_whatever_the_strength(
    tmp_path: Path, models: ModelLibrary
) -> None:
    from desktop_ae.domains.image.masks import read_mask

    source = photo(tmp_path / "a.png")
    weak = replace(job(source, save_mask=True), strength=0.2).run(Context(models))
    assert weak.mask
    again = job(source, mask=read_mask(weak.mask)).run(Context(models))
    changed = read(again.target) != read(source)
    assert changed[BOX].all()


def test_without_an_overlay_nothing_is_written_and_that_is_said(
    tmp_path: Path, models: ModelLibrary
) -> None:
    source = photo(tmp_path / "a.png", overlay=False)
    cleaned = job(source, save_mask=True).run(Context(models))
    assert (cleaned.status, cleaned.target, cleaned.mask) == ("unchanged", None, None)
    assert cleaned.note == "Nothing found, left alone"
    assert cleaned.measures["overlay_percent"] == 0
    assert [p.name for p in tmp_path.iterdir() if p.is_file()] == ["a.png"]


def test_the_share_of_the_picture_is_measured(tmp_path: Path, models: ModelLibrary) -> None:
    cleaned = job(photo(tmp_path / "a.png")).run(Context(models))
    assert cleaned.measures["overlay_percent"] == pytest.approx(100 * around().mean(), rel=0.05)


def test_a_preview_shows_what_the_file_will_hold(tmp_path: Path, models: ModelLibrary) -> None:
    samples = pixels().transpose(2, 0, 1).astype(np.float32) / np.float32(255)
    for given in (None, mask().pixels):
        shown = PreviewJob(samples, TASK, OVERLAY_MODEL, mask=given).run(Context(models))
        assert shown.shape == samples.shape
        options = {} if given is None else {"mask": mask()}
        written = read(job(photo(tmp_path / "a.png"), **options).run(Context(models)).target)
        assert np.array_equal(np.rint(shown * 255).transpose(1, 2, 0), written)


# Masks that will not do, and settings


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (
            Mask.of(np.ones((9, 9), np.uint8), "m.png"),
            "m.png is 9 × 9 pixels, the picture 130 × 90",
        ),
        (mask("m.png", np.s_[:0, :0]), "m.png marks nothing"),
        (mask("m.png", np.s_[:, :]), "m.png marks nearly the whole picture"),
    ],
)
def test_a_bad_mask_is_a_sentence_and_no_file(
    tmp_path: Path, models: ModelLibrary, given: Mask, sentence: str
) -> None:
    source = photo(tmp_path / "a.png")
    with pytest.raises(BadMask, match=sentence):
        job(source, mask=given).run(Context(models))
    assert [p.name for p in tmp_path.iterdir() if p.is_file()] == ["a.png"]


def test_a_smaller_mask_of_the_same_shape_will_do(tmp_path: Path, models: ModelLibrary) -> None:
    small = Mask.of(np.ascontiguousarray(mask().pixels[::2, ::2]))
    source = photo(tmp_path / "a.png")
    after = read(job(source, mask=small).run(Context(models)).target)
    changed = (after != read(source)).any(axis=2)
    assert changed[31:49, 41:79].all() and not changed[~around(FEATHER_PX + 2)].any()


def test_a_task_that_changes_everything_takes_no_mask(tmp_path: Path, models: ModelLibrary) -> None:
    wrong = replace(job(photo(tmp_path / "a.png"), mask=mask()), task="image/denoise")
    with pytest.raises(UnknownName, match="image/denoise has no option “mask”"):
        wrong.run(Context(models))


def test_another_mask_is_another_cleaning_the_same_one_is_not(models: ModelLibrary) -> None:
    plain = job(Path("/a.png"))
    with_mask = job(Path("/a.png"), mask=mask())
    assert with_mask.settings(models) != plain.settings(models)
    renamed = job(Path("/a.png"), mask=mask("other.png"))
    assert renamed.settings(models) == with_mask.settings(models)
    moved = job(Path("/a.png"), mask=mask(box=np.s_[:9, :9]))
    assert moved.settings(models) != with_mask.settings(models)
    assert pickle.loads(pickle.dumps(with_mask)) == with_mask
