from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from desktop_ae.core.clip import Samples
from desktop_ae.core.errors import Unreadable
from desktop_ae.domains.audio.peaks import (
    Pyramid,
    PyramidBuilder,
    SoundScope,
    build_pyramid,
    peaks,
    spectrogram,
)
from tests.domains.audio.sounds import make_container, tones, write

RATE = 48_000


def noise(seconds: float, channels: int = 2) -> Samples:
    rng = np.random.default_rng(4)
    frames = int(seconds * RATE)
    swell = np.linspace(0.05, 0.8, frames, dtype=np.float32)
    return rng.uniform(-1, 1, (channels, frames)).astype(np.float32) * swell


def wav(path: Path, samples: Samples) -> Path:
    soundfile.write(path, samples.T, RATE, "FLOAT")
    return path


def expected(samples: Samples, columns: int, start_s: float, stop_s: float) -> np.ndarray:
    edges = np.floor(np.linspace(start_s * RATE, stop_s * RATE, columns + 1) + 1e-6).astype(int)
    parts = [samples[:, a : max(b, a + 1)] for a, b in zip(edges, edges[1:], strict=False)]
    return np.stack([np.stack([p.min(1), p.max(1)], 1) for p in parts], axis=1)


@pytest.mark.parametrize("columns", [1, 7, 100, 800])
def test_narrow_columns_are_exact(tmp_path: Path, columns: int) -> None:
    samples = noise(2)
    path = wav(tmp_path / "a.wav", samples)
    stop_s = 0.25 + columns * 100 / RATE
    found = peaks(path, columns, 0.25, stop_s)
    assert found.shape == (2, columns, 2)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, expected(samples, columns, 0.25, stop_s))


def test_columns_narrower_than_a_sample_show_it(tmp_path: Path) -> None:
    samples = noise(0.1, 1)
    path = wav(tmp_path / "a.wav", samples)
    found = peaks(path, 40, 0.01, 0.01 + 10 / RATE)
    np.testing.assert_array_equal(found[..., 0], found[..., 1])
    np.testing.assert_array_equal(found[0, ::4, 0], samples[0, 480:490])


def test_wide_columns_hold_their_peaks(tmp_path: Path) -> None:
    samples = noise(20)
    path = wav(tmp_path / "a.wav", samples)
    found = peaks(path, 200, 0, 20)
    exact = expected(samples, 200, 0, 20)
    # Columns are rounded to steps of 256 frames.
    np.testing.assert_allclose(found, exact, atol=0.06)
    assert np.abs(found).max() == pytest.approx(np.abs(samples).max(), rel=1e-3)


def test_what_lies_outside_of_the_sound_is_silent(tmp_path: Path) -> None:
    path = wav(tmp_path / "a.wav", noise(1, 1) + 2)
    for columns, start_s, stop_s in ((40, -1, 3), (4_000, -0.1, 0.1), (100, 5, 6), (10, -9, -8)):
        found = peaks(path, columns, start_s, stop_s)[0, :, 0]
        middles = start_s + (stop_s - start_s) * (np.arange(columns) + 0.5) / columns
        outside = (middles < -0.06) | (middles > 1.06)
        inside = (middles > 0.06) & (middles < 0.94)
        assert (found[outside] == 0).all()
        assert (found[inside] > 1).all()


def test_a_pyramid_of_uneven_blocks_is_that_of_the_whole() -> None:
    samples = noise(3)
    whole, parts = PyramidBuilder(RATE, 2), PyramidBuilder(RATE, 2)
    whole.push(samples)
    for start in range(0, samples.shape[1], 777):
        parts.push(samples[:, start : start + 777])
    one, other = whole.finish(), parts.finish()
    assert one.frames == other.frames == samples.shape[1]
    assert one.seconds == 3
    for a, b in zip(one.levels, other.levels, strict=True):
        np.testing.assert_array_equal(a, b)


def test_every_level_holds_the_peaks_of_the_finer_one(tmp_path: Path) -> None:
    samples = noise(30, 1)
    pyramid = build_pyramid(wav(tmp_path / "a.wav", samples))
    assert len(pyramid.levels) >= 3
    for columns in (2, 20, 200, 2_000):
        found = pyramid.peaks(columns, 0, 30)
        assert found.shape == (1, columns, 2)
        assert found.max() == pytest.approx(samples.max(), rel=1e-3)
        assert found.min() == pytest.approx(samples.min(), rel=1e-3)
        rms = pyramid.rms(columns, 0, 30)
        wanted = np.sqrt(np.mean(samples**2))
        assert np.sqrt(np.mean(rms**2)) == pytest.approx(wanted, rel=0.02)


def test_three_hours_take_little_memory() -> None:
    builder = PyramidBuilder(RATE, 2)
    block = np.zeros((2, 60 * RATE), np.float32)
    for _ in range(10):
        builder.push(block)
    size = sum(level.nbytes for level in builder.finish().levels)
    assert size * 18 < 40e6  # ten minutes, eighteen times


def test_a_pyramid_is_kept_in_a_folder(tmp_path: Path) -> None:
    path = wav(tmp_path / "a.wav", noise(2))
    cache = tmp_path / "cache"
    shares: list[float] = []
    first = build_pyramid(path, cache, report=shares.append)
    assert shares[-1] == 1
    shares.clear()
    again = build_pyramid(path, cache, report=shares.append)
    assert shares == []  # it was not read
    for a, b in zip(first.levels, again.levels, strict=True):
        np.testing.assert_array_equal(a, b)
    wav(path, noise(1))
    assert build_pyramid(path, cache).seconds == 1  # the file is another one


def test_a_broken_cache_is_made_again(tmp_path: Path) -> None:
    path = wav(tmp_path / "a.wav", noise(1))
    cache = tmp_path / "cache"
    build_pyramid(path, cache)
    (kept,) = cache.iterdir()
    kept.write_bytes(kept.read_bytes()[:200])
    assert Pyramid.load(kept) is None
    assert build_pyramid(path, cache).seconds == 1
    assert Pyramid.load(tmp_path / "nothing") is None


def test_a_cache_that_cannot_be_written_is_no_matter(tmp_path: Path) -> None:
    path = wav(tmp_path / "a.wav", noise(1))
    (tmp_path / "cache").write_bytes(b"a file, no folder")
    assert build_pyramid(path, tmp_path / "cache").seconds == 1


def test_building_can_be_stopped(tmp_path: Path) -> None:
    path = wav(tmp_path / "a.wav", noise(10))

    class Stop(Exception):
        pass

    def stop() -> None:
        raise Stop

    with pytest.raises(Stop):
        build_pyramid(path, tmp_path / "cache", check=stop)
    assert not (tmp_path / "cache").exists()


def test_a_scope_uses_its_pyramid(tmp_path: Path) -> None:
    path = wav(tmp_path / "a.wav", noise(5))
    pyramid = build_pyramid(path)
    with SoundScope(path, pyramid) as scope, SoundScope(path) as bare:
        assert scope.facts.frames == 5 * RATE
        np.testing.assert_allclose(scope.peaks(50, 0, 5), bare.peaks(50, 0, 5), atol=1e-3)
        np.testing.assert_allclose(scope.peaks(50, 1.3, 4.1), bare.peaks(50, 1.3, 4.1), atol=0.05)
        assert scope.samples(100, 300).shape == (2, 200)


def tone(hertz: float, seconds: float, level: float = 1.0) -> Samples:
    times = np.arange(int(seconds * RATE)) / RATE
    return np.asarray(level * np.sin(2 * np.pi * hertz * times), np.float32)[None]


@pytest.mark.parametrize("seconds", [0.02, 0.5, 5, 70])
def test_a_tone_stands_in_its_row(tmp_path: Path, seconds: float) -> None:
    path = wav(tmp_path / "a.wav", tone(6_000, max(1.0, seconds), 0.5))
    found = spectrogram(path, 0, seconds, 60, 128)
    assert found.shape == (128, 60)
    assert found.dtype == np.float32
    middle = found[:, 30]
    assert middle.argmax() == pytest.approx(128 * 6_000 / 24_000, abs=1)
    assert middle.max() == pytest.approx(-6, abs=1.5)
    assert middle[100] < -60


def test_time_goes_from_left_to_right(tmp_path: Path) -> None:
    samples = np.concatenate([np.zeros((1, RATE), np.float32), tone(3_000, 1)], axis=1)
    path = wav(tmp_path / "a.wav", samples)
    found = spectrogram(path, 0, 2, 100, 64)
    assert found[:, :48].max() == -140
    assert found[:, 52:].max() > -2


def test_outside_of_the_sound_the_spectrogram_is_dark(tmp_path: Path) -> None:
    path = wav(tmp_path / "a.wav", tone(3_000, 1))
    found = spectrogram(path, -1, 3, 40, 32)
    assert (found[:, :9] == -140).all() and (found[:, 21:] == -140).all()
    assert (found[:, 11:19].max(axis=0) > -2).all()
    assert (spectrogram(path, 8, 9, 10, 16) == -140).all()


def test_more_rows_than_frequencies_are_filled(tmp_path: Path) -> None:
    path = wav(tmp_path / "a.wav", tone(12_000, 1))
    found = spectrogram(path, 0, 0.01, 20, 2_000)
    assert found.shape == (2_000, 20)
    assert found[:, 10].argmax() == pytest.approx(1_000, abs=40)


def test_long_compressed_files_are_looked_at_here_and_there(tmp_path: Path) -> None:
    sound = np.tile(tones(RATE, 1), 90)
    path = write(tmp_path / "a.mp3", sound, RATE, "MP3", "MPEG_LAYER_III")
    found = spectrogram(path, 0, 90, 600, 64)
    assert found.shape == (64, 600)
    assert (found[1] > -60).all()
    m4a = make_container(tmp_path / "a.m4a", "M4A", sound)
    assert spectrogram(m4a, 0, 90, 400, 64).shape == (64, 400)


def test_a_file_that_is_no_sound_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(b"no sound")
    with pytest.raises(Unreadable):
        peaks(tmp_path / "a.wav", 10, 0, 1)
    with pytest.raises(Unreadable):
        build_pyramid(tmp_path / "a.wav")
