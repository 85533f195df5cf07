from __future__ import annotations

import numpy as np
import pytest

from desktop_ae.core.library import ModelLibrary
from desktop_ae.jobs import Context
from desktop_ae.ui.sound_data import (
    Facts,
    FileSound,
    LoudnessJob,
    Pieces,
    SpectrogramJob,
    gated_level,
    matching_gains,
)
from tests.ui.sound_probe import RATE_HZ, Shelf, counted, scaled, tone

CONTEXT = Context(ModelLibrary([]))


@pytest.fixture
def pieces() -> Pieces:
    """Ten seconds in pieces of two."""
    return Pieces(Facts(RATE_HZ, 1, 10 * RATE_HZ, ""), 2.0, Shelf().functions)


def test_pieces_give_what_is_there_as_one(pieces: Pieces) -> None:
    whole = counted(10 * RATE_HZ)
    size = pieces.length
    for number in (1, 2):
        pieces.put(number, whole[:, number * size : (number + 1) * size])
    found = pieces.read(size + 5, size + 100)
    assert found is not None
    assert np.array_equal(found, whole[:, size + 5 : 2 * size + 105])
    assert pieces.read(size - 1, 10) is None
    assert pieces.read(3 * size - 5, 10) is None
    assert pieces.span_s(1) == (2.0, 4.0)


def test_the_last_piece_may_be_shorter(pieces: Pieces) -> None:
    pieces.put(4, counted(pieces.length))
    found = pieces.read(10 * RATE_HZ - 100, 200)
    assert found is not None
    assert not found[:, 100:].any()


def test_pieces_are_drawn_where_they_lie(pieces: Pieces) -> None:
    pieces.put(1, np.full((1, pieces.length), 0.5, np.float32))
    peaks = pieces.peaks(10, 0.0, 10.0)
    assert peaks[0, :, 1].tolist() == [0, 0, 0.5, 0.5, 0, 0, 0, 0, 0, 0]
    assert pieces.spectrogram(20, 16, 2.0, 3.0).shape == (16, 20)


def test_a_spectrogram_is_a_picture_with_high_tones_above() -> None:
    shelf = Shelf()
    sound = FileSound(shelf.add("a.wav", tone(pitch_hz=3000.0)), shelf.functions)
    picture = SpectrogramJob(sound, 40, 64, 0.5, 3.5).run(CONTEXT)
    assert picture.dtype == np.uint8
    assert np.median(picture.argmax(axis=0)) == pytest.approx(64 * (1 - 3000 / 4000), abs=2)


def test_pauses_do_not_make_a_recording_quieter() -> None:
    loud, pause = np.full(20, 0.01), np.full(60, 1e-5)
    assert gated_level(np.concatenate([loud, pause])) == pytest.approx(-20.0)
    assert gated_level(np.zeros(5)) == float("-inf")


def test_the_louder_version_is_brought_down() -> None:
    assert matching_gains(-20.0, -26.0) == pytest.approx((0.501, 1.0), abs=1e-3)
    assert matching_gains(-26.0, -20.0) == pytest.approx((1.0, 0.501), abs=1e-3)
    assert matching_gains(-20.0, float("-inf")) == (1.0, 1.0)
    assert matching_gains(0.0, -60.0)[0] == pytest.approx(10 ** (-12 / 20))


def test_loudness_is_taken_from_the_same_places_of_both() -> None:
    shelf = Shelf()
    wave = tone(10.0)
    facts = Facts(RATE_HZ, 1, wave.shape[1], "")
    before = FileSound(shelf.add("a.wav", wave), shelf.functions)
    after = Pieces(facts, 2.0, shelf.functions)
    after.put(2, scaled(wave[:, 4 * RATE_HZ : 6 * RATE_HZ], 0.5))
    levels = LoudnessJob(before, after, facts, ((4.0, 6.0),)).run(CONTEXT)
    assert levels[0] - levels[1] == pytest.approx(6.02, abs=0.05)
