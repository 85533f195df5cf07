from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import desktop_ae
from desktop_ae import api
from desktop_ae.core.errors import BadMask, UnknownName
from desktop_ae.core.library import ModelLibrary
from tests.domains.audio.nets import write_sound_model
from tests.domains.ecg.hearts import beating, write_ecg_model
from tests.fakes import noise_picture, write_overlay_model


@pytest.fixture(autouse=True)
def _tiny_models(models: ModelLibrary, monkeypatch: pytest.MonkeyPatch) -> None:
    write_overlay_model(models.folders[0])
    write_sound_model(models.folders[0])
    write_ecg_model(models.folders[0])
    models.scan()
    monkeypatch.setattr(api, "_library", lambda: models)


def picture(dtype: str, *shape: int) -> NDArray[Any]:
    drawn = np.random.default_rng(0).random(shape)
    if np.issubdtype(np.dtype(dtype), np.integer):
        return (drawn * np.iinfo(dtype).max).astype(dtype)
    return drawn.astype(dtype)


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float16", "float32", "float64"])
@pytest.mark.parametrize("shape", [(30, 40), (30, 40, 3), (1, 1), (1, 1, 3), (170, 90, 3)])
def test_shape_and_dtype_stay_as_they_are(dtype: str, shape: tuple[int, ...]) -> None:
    noisy = picture(dtype, *shape)
    before = noisy.copy()
    cleaned = desktop_ae.clean(noisy)
    assert (cleaned.dtype, cleaned.shape) == (noisy.dtype, noisy.shape)
    assert np.array_equal(noisy, before)
    assert not np.array_equal(cleaned, noisy)


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32"])
def test_strength_0_gives_the_input_exactly(dtype: str) -> None:
    noisy = picture(dtype, 170, 90, 3)
    assert np.array_equal(desktop_ae.clean(noisy, strength=0.0), noisy)


def test_every_depth_gives_the_same_picture() -> None:
    noisy = picture("uint8", 50, 60, 3)
    cleaned = desktop_ae.clean(noisy).astype(float) / 255
    deep = desktop_ae.clean(noisy.astype(np.uint16) * 257).astype(float) / 65535
    real = desktop_ae.clean(noisy / 255)
    assert np.abs(deep - real.clip(0, 1)).max() < 1e-4
    assert np.abs(cleaned - real.clip(0, 1)).max() <= 0.502 / 255


def test_integers_saturate_and_do_not_wrap_around() -> None:
    for value in (0, 255):
        flat = np.full((40, 40, 3), value, np.uint8)
        assert np.abs(desktop_ae.clean(flat).astype(int) - value).max() < 100


def test_views_that_are_not_contiguous_are_fine() -> None:
    noisy = picture("uint8", 60, 80, 3)[::2, ::-2]
    assert np.array_equal(desktop_ae.clean(noisy), desktop_ae.clean(noisy.copy()))


@pytest.mark.parametrize("shape", [(3,), (4, 4, 4), (4, 4, 1), (1, 4, 4, 3), (0, 4), (4, 0, 3)])
def test_what_has_no_shape_of_a_picture_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="a picture is"):
        desktop_ae.clean(np.zeros(shape))


@pytest.mark.parametrize("dtype", ["int8", "int32", "uint32", "bool", "complex64"])
def test_other_types_of_number_are_refused(dtype: str) -> None:
    with pytest.raises(TypeError, match="a picture is uint8, uint16 or floating point"):
        desktop_ae.clean(np.zeros((4, 4), dtype))


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_values_that_are_no_numbers_are_refused(bad: float) -> None:
    noisy = noise_picture(8, 8).transpose(1, 2, 0).copy()
    noisy[2, 3, 1] = bad
    with pytest.raises(ValueError, match="no numbers"):
        desktop_ae.clean(noisy)


@pytest.mark.parametrize("strength", [-0.1, 1.1, float("nan")])
def test_a_strength_outside_0_to_1_is_refused(strength: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        desktop_ae.clean(picture("uint8", 4, 4), strength=strength)


def test_a_picture_has_no_rate() -> None:
    with pytest.raises(ValueError, match="no rate"):
        desktop_ae.clean(picture("uint8", 4, 4), rate_hz=500.0)


def test_an_unknown_task_or_model_is_a_sentence() -> None:
    with pytest.raises(UnknownName, match="no task “image/x”"):
        desktop_ae.clean(picture("uint8", 4, 4), "image/x")
    with pytest.raises(UnknownName, match="no model “image/x”"):
        desktop_ae.clean(picture("uint8", 4, 4), model="image/x")


def test_a_model_can_be_named() -> None:
    noisy = picture("uint8", 20, 20)
    named = desktop_ae.clean(noisy, model="image/denoise-v1")
    assert np.array_equal(named, desktop_ae.clean(noisy))


def test_options_of_files_alone_are_refused_not_ignored() -> None:
    with pytest.raises(ValueError, match="deskew acts on files alone"):
        desktop_ae.clean(picture("uint8", 4, 4), "document/clean", options={"deskew": True})
    with pytest.raises(UnknownName, match="no option “mdoe”"):
        desktop_ae.clean(picture("uint8", 4, 4), "document/clean", options={"mdoe": "bw"})


BOX = np.s_[10:20, 12:30]


def overlaid(dtype: str = "uint8", *colours: int) -> NDArray[Any]:
    """Mid-tones with a pure white box."""
    white = 1 if dtype.startswith("float") else int(np.iinfo(dtype).max)
    drawn = (np.random.default_rng(1).uniform(0.2, 0.6, (40, 50, *colours)) * white).astype(dtype)
    drawn[BOX] = white
    return drawn


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32", "float64"])
@pytest.mark.parametrize("colours", [(), (3,)])
def test_an_overlay_is_found_and_goes_and_all_else_stays(
    dtype: str, colours: tuple[int, ...]
) -> None:
    picture = overlaid(dtype, *colours)
    cleaned = desktop_ae.clean(picture, "image/watermark")
    assert (cleaned.dtype, cleaned.shape) == (picture.dtype, picture.shape)
    assert (cleaned[BOX] < 0.6 * picture[BOX]).all()
    outside = np.ones((40, 50), np.bool_)
    outside[7:23, 9:33] = False
    assert np.allclose(cleaned[outside], picture[outside], rtol=1e-6)
    if dtype.startswith("uint"):
        assert np.array_equal(cleaned[outside], picture[outside])


@pytest.mark.parametrize("dtype", ["bool", "uint8", "float32"])
@pytest.mark.parametrize("scale", [1, 2])
def test_a_mask_says_where(dtype: str, scale: int) -> None:
    picture = overlaid("uint8", 3)
    mask = np.zeros((40 * scale, 50 * scale), dtype)
    mask[25 * scale : 35 * scale, 5 * scale : 25 * scale] = 255 if dtype == "uint8" else 1
    cleaned = desktop_ae.clean(picture, "image/watermark", mask=mask)
    changed = (cleaned != picture).any(axis=2)
    assert changed[26:34, 6:24].all()
    assert not changed[:20].any() and not changed[:, 30:].any()


@pytest.mark.parametrize(
    ("mask", "words"),
    [
        (np.zeros((40, 50), np.uint8), "marks nothing"),
        (np.ones((40, 50), np.bool_), "marks nearly the whole"),
        (np.ones((40, 40), np.bool_), "does not fit"),
        (np.ones((40, 50, 3), np.uint8), "must be .height, width."),
    ],
)
def test_a_bad_mask_is_a_sentence(mask: NDArray[Any], words: str) -> None:
    with pytest.raises(BadMask, match=words):
        desktop_ae.clean(overlaid("uint8", 3), "image/watermark", mask=mask)


def test_a_task_that_changes_everything_takes_no_mask() -> None:
    with pytest.raises(ValueError, match="image/denoise takes no mask"):
        desktop_ae.clean(overlaid("uint8", 3), mask=np.ones((40, 50)))


def test_a_saved_mask_is_of_files_alone() -> None:
    with pytest.raises(ValueError, match="save_mask acts on files alone"):
        desktop_ae.clean(overlaid(), "image/watermark", options={"save_mask": True})


def sound(dtype: str, *shape: int) -> NDArray[Any]:
    drawn = np.random.default_rng(0).uniform(-0.9, 0.9, shape)
    if np.issubdtype(np.dtype(dtype), np.integer):
        return (drawn * np.iinfo(dtype).max).astype(dtype)
    return drawn.astype(dtype)


class TestSound:
    @pytest.mark.parametrize("dtype", ["int16", "int32", "float16", "float32", "float64"])
    @pytest.mark.parametrize("shape", [(9000,), (1, 9000), (2, 9000), (8, 50), (1,)])
    def test_shape_and_dtype_stay_as_they_are(self, dtype: str, shape: tuple[int, ...]) -> None:
        noisy = sound(dtype, *shape)
        before = noisy.copy()
        cleaned = desktop_ae.clean(noisy, "audio/denoise", rate_hz=16_000)
        assert (cleaned.dtype, cleaned.shape) == (noisy.dtype, noisy.shape)
        assert np.array_equal(noisy, before)
        assert np.array_equal(cleaned, noisy) == (noisy.size == 1)

    @pytest.mark.parametrize("dtype", ["int16", "int32", "float32", "float64"])
    def test_strength_0_gives_the_input_exactly(self, dtype: str) -> None:
        noisy = sound(dtype, 2, 5000)
        kept = desktop_ae.clean(noisy, "audio/denoise", rate_hz=48_000, strength=0.0)
        assert np.array_equal(kept, noisy)

    def test_every_depth_gives_the_same_sound_and_saturates(self) -> None:
        noisy = sound("int16", 6000)
        noisy[1000:1100] = -32768
        real = desktop_ae.clean(noisy / 32768, "audio/denoise", rate_hz=16_000)
        assert np.abs(real).max() > 1
        for dtype, scale in (("int16", 1), ("int32", 65536)):
            deep = noisy.astype(dtype) * np.array(scale, dtype)
            cleaned = desktop_ae.clean(deep, "audio/denoise", rate_hz=16_000)
            assert np.abs(cleaned / scale / 32768.0 - real.clip(-1, 1)).max() < 5e-5

    def test_options_are_those_of_the_task(self) -> None:
        noisy = sound("float32", 6000)
        hum_only = {"hum_only": True}
        kept = desktop_ae.clean(noisy, "audio/denoise", rate_hz=8000, options=hum_only)
        assert np.array_equal(kept, noisy)

    @pytest.mark.parametrize("rate_hz", [None, 0.0, 7999.0, 200_000.0, float("nan")])
    def test_a_rate_is_needed(self, rate_hz: float | None) -> None:
        with pytest.raises(ValueError, match="rate_hz"):
            desktop_ae.clean(sound("int16", 50), "audio/denoise", rate_hz=rate_hz)

    @pytest.mark.parametrize("shape", [(), (0,), (2, 0), (2, 3, 4), (5000, 2)])
    def test_what_has_no_shape_of_a_sound_is_refused(self, shape: tuple[int, ...]) -> None:
        with pytest.raises(ValueError, match="a sound"):
            desktop_ae.clean(np.zeros(shape), "audio/denoise", rate_hz=16_000)

    @pytest.mark.parametrize("dtype", ["uint8", "int8", "uint16", "int64", "bool", "complex64"])
    def test_other_types_of_number_are_refused(self, dtype: str) -> None:
        with pytest.raises(TypeError, match="a sound is int16, int32 or floating point"):
            desktop_ae.clean(np.zeros(50, dtype), "audio/denoise", rate_hz=16_000)

    def test_values_that_are_no_numbers_are_refused(self) -> None:
        with pytest.raises(ValueError, match="the sound holds values that are no numbers"):
            desktop_ae.clean(np.full(50, np.nan), "audio/denoise", rate_hz=16_000)

    def test_a_mask_is_refused(self) -> None:
        with pytest.raises(ValueError, match="takes no mask"):
            desktop_ae.clean(
                sound("int16", 50), "audio/denoise", rate_hz=16_000, mask=np.ones((2, 2))
            )


class TestEcg:
    @pytest.mark.parametrize("dtype", ["int16", "int32", "float32", "float64"])
    @pytest.mark.parametrize("leads", [1, 3, 12])
    def test_shape_and_dtype_stay_as_they_are(self, dtype: str, leads: int) -> None:
        noisy = (200 * beating(leads, 4)).astype(dtype)
        before = noisy.copy()
        cleaned = desktop_ae.clean(noisy, "ecg/denoise", rate_hz=360)
        assert (cleaned.dtype, cleaned.shape) == (noisy.dtype, noisy.shape)
        assert np.array_equal(noisy, before) and not np.array_equal(cleaned, noisy)
        alone = desktop_ae.clean(noisy[0], "ecg/denoise", rate_hz=360)
        assert np.allclose(alone, cleaned[0], atol=1 if dtype.startswith("int") else 1e-3)

    def test_gaps_stay_gaps(self) -> None:
        noisy = beating(1, 4)
        noisy[0, 100:200] = np.nan
        cleaned = desktop_ae.clean(noisy, "ecg/denoise", rate_hz=250)
        assert np.array_equal(np.isnan(cleaned), np.isnan(noisy))

    @pytest.mark.parametrize("rate_hz", [None, 99.0, 2001.0, float("nan")])
    def test_a_rate_is_needed(self, rate_hz: float | None) -> None:
        with pytest.raises(ValueError, match="rate_hz"):
            desktop_ae.clean(beating(1, 2), "ecg/denoise", rate_hz=rate_hz)

    @pytest.mark.parametrize("shape", [(), (0,), (2, 0), (2, 3, 4), (5000, 2)])
    def test_what_has_no_shape_of_an_ecg_is_refused(self, shape: tuple[int, ...]) -> None:
        with pytest.raises(ValueError, match="an ECG"):
            desktop_ae.clean(np.zeros(shape), "ecg/denoise", rate_hz=250)

    def test_other_types_are_refused(self) -> None:
        with pytest.raises(TypeError, match="an ECG is of integers or floating point"):
            desktop_ae.clean(np.zeros(500, np.complex64), "ecg/denoise", rate_hz=250)
