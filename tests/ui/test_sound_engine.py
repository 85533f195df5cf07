"""The compare view's way into the audio domain, with real files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from desktop_ae.core.errors import Unreadable
from desktop_ae.places import user_cache
from desktop_ae.ui.sound_data import FileSound, Pieces, Samples, SoundFunctions
from desktop_ae.ui.sound_engine import sound_functions

RATE_HZ = 16_000


@pytest.fixture
def functions() -> SoundFunctions:
    return sound_functions()


@pytest.fixture
def noise() -> Samples:
    """Twenty seconds in stereo."""
    chance = np.random.default_rng(0)
    loud = np.abs(np.sin(np.arange(20 * RATE_HZ) / RATE_HZ))
    return np.asarray(
        0.3 * chance.standard_normal((2, 20 * RATE_HZ)).clip(-3, 3) * loud, np.float32
    )


@pytest.fixture
def path(tmp_path: Path, noise: Samples) -> Path:
    made = tmp_path / "memo.wav"
    soundfile.write(made, noise.T, RATE_HZ, "FLOAT")
    return made


def test_facts_come_in_words_too(functions: SoundFunctions, path: Path) -> None:
    facts = functions.facts(path)
    assert (facts.rate_hz, facts.channels, facts.frames) == (RATE_HZ, 2, 20 * RATE_HZ)
    assert facts.about.startswith("16 kHz · stereo")


def test_a_file_is_read_on_and_anywhere(
    functions: SoundFunctions, path: Path, noise: Samples
) -> None:
    source = functions.open(path)
    for start in [*range(0, 300_000, 4096), 77, 150_000, 148_000, 319_990]:
        found = source.read(start, 4096)
        assert found is not None
        wanted = noise[:, start : start + 4096]
        assert np.array_equal(found[:, : wanted.shape[1]], wanted), start
        assert not found[:, wanted.shape[1] :].any()
    source.close()


def test_peaks_are_the_same_before_and_after_the_file_was_read(
    functions: SoundFunctions, path: Path
) -> None:
    fresh = functions.peaks(path, 50, 0.0, 20.0)
    assert not functions.is_built(path)
    shares: list[float] = []
    functions.build(path, lambda: None, shares.append)
    assert functions.is_built(path)
    assert shares[-1] == 1.0
    built = functions.peaks(path, 50, 0.0, 20.0)
    assert np.abs(fresh - built).max() < 0.05
    assert list((user_cache() / "peaks").glob("*.peaks"))
    functions.release()


def test_a_piece_in_memory_is_drawn_as_its_file_is(
    functions: SoundFunctions, path: Path, noise: Samples
) -> None:
    facts = functions.facts(path)
    pieces = Pieces(facts, 10.0, functions)
    pieces.put(0, noise[:, : 10 * RATE_HZ])
    pieces.put(1, noise[:, 10 * RATE_HZ :])
    sound = FileSound(path, functions)
    one = sound.spectrogram(64, 128, 8.0, 12.0)
    other = pieces.spectrogram(64, 128, 8.0, 12.0)
    assert one.shape == (128, 64)
    assert np.abs(one - other).mean() < 0.1  # decibels: a column may begin a sample later
    assert np.abs(sound.peaks(64, 8.0, 12.0) - pieces.peaks(64, 8.0, 12.0)).mean() < 0.01


def test_a_model_is_shown_as_much_as_it_asks_for(functions: SoundFunctions, path: Path) -> None:
    assert functions.overview(path, RATE_HZ).shape[1] <= RATE_HZ


def test_what_is_no_sound_is_said(functions: SoundFunctions, tmp_path: Path) -> None:
    text = tmp_path / "notes.wav"
    text.write_text("not a sound")
    with pytest.raises(Unreadable, match=r"notes\.wav"):
        functions.facts(text)
