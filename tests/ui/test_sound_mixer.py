"""What is heard: exact positions, one level, no clicks."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from desktop_ae.ui.sound_data import Samples
from desktop_ae.ui.sound_mixer import Mixer
from desktop_ae.ui.sound_resampler import Resampler
from desktop_ae.ui.sound_tape import BLOCK_FRAMES, Frames, Tape
from tests.ui.sound_probe import RATE_HZ, ArraySource, counted, scaled, tone

FADE = round(0.008 * RATE_HZ)


class Desk:
    """A mixer whose tape is always ahead."""

    def __init__(self, before: Samples, after: Samples | None) -> None:
        self.sources = [ArraySource(before)]
        if after is not None:
            self.sources.append(ArraySource(after))
        opened = [(lambda s=source: s) for source in self.sources]
        self.tape = Tape(before.shape[1], opened[0], opened[1] if after is not None else None)
        self.mixer = Mixer(self.tape, RATE_HZ)
        self.mixer.set_version("before")

    def pull(self, count: int) -> Frames:
        assert self.tape.wait_ready(count, 10.0)
        return self.mixer.pull(count)

    def settle(self) -> None:
        """Past the fade of a beginning."""
        self.pull(FADE)


@pytest.fixture
def desk() -> Iterator[Desk]:
    made = Desk(counted(), scaled(counted(), 0.5))
    yield made
    made.tape.close()


def frames_of(mixed: Frames, share: float = 1.0) -> list[int]:
    return [round(float(value) / share * 2**17) for value in mixed[:, 0]]


def test_the_recording_is_heard_frame_by_frame(desk: Desk) -> None:
    desk.mixer.play(1000, None)
    desk.settle()
    for place in range(1000 + FADE, 3000, 400):
        assert frames_of(desk.pull(400)) == list(range(place, place + 400))


def test_the_version_changes_in_place(desk: Desk) -> None:
    desk.mixer.play(0, None)
    desk.pull(2000)
    desk.mixer.set_version("after")
    desk.pull(FADE)
    assert frames_of(desk.pull(100), 0.5) == list(range(2000 + FADE, 2100 + FADE))
    desk.mixer.set_version("removed")
    desk.pull(2 * FADE)
    assert frames_of(desk.pull(100), 0.5) == list(range(2100 + 3 * FADE, 2200 + 3 * FADE))


@pytest.mark.parametrize("version", ["before", "after", "removed"])
def test_a_change_of_version_does_not_click(version: str) -> None:
    wave = tone(2.0)
    desk = Desk(wave, scaled(wave, -0.4))
    desk.mixer.play(0, None)
    parts = [desk.pull(1000)]
    desk.mixer.set_version(version)
    parts.append(desk.pull(1000))
    desk.tape.close()
    steepest = 1.4 * (np.abs(np.diff(wave[0])).max() + 0.5 / FADE)
    assert np.abs(np.diff(np.concatenate(parts)[:, 0])).max() <= steepest


def test_both_are_equally_loud_where_gains_say_so(desk: Desk) -> None:
    desk.mixer.set_gains(0.5, 1.0)
    desk.mixer.play(4000, None)
    desk.settle()
    before = desk.pull(200)
    desk.mixer.set_version("after")
    desk.settle()
    after = desk.pull(200)
    assert frames_of(before, 0.5)[0] + 200 + FADE == frames_of(after, 0.5)[0]


def test_what_was_removed_is_as_loud_as_it_was_in_the_original(desk: Desk) -> None:
    desk.mixer.set_gains(0.5, 1.0)
    desk.mixer.set_version("removed")
    desk.mixer.play(4000, None)
    desk.settle()
    assert frames_of(desk.pull(10), 0.25)[0] == 4000 + FADE


def test_a_loop_goes_back_exactly(desk: Desk) -> None:
    desk.mixer.play(5000, (5000, 5000 + BLOCK_FRAMES + 300))
    desk.settle()
    heard: list[int] = []
    for _ in range(6):
        heard += frames_of(desk.pull(1500))
    expected = [5000 + (FADE + n) % (BLOCK_FRAMES + 300) for n in range(len(heard))]
    wrong = np.flatnonzero(np.array(heard) != expected)
    length = BLOCK_FRAMES + 300
    assert len(wrong) <= 2 * FADE  # only while a jump is softened
    assert all((FADE + place) % length < FADE for place in wrong)


def test_a_jump_is_softened() -> None:
    wave = tone(4.0)
    desk = Desk(wave, None)
    desk.mixer.play(0, None)
    parts = [desk.pull(1000)]
    desk.mixer.play(RATE_HZ + 5, None)
    parts += [desk.pull(7) for _ in range(200)]
    desk.mixer.pause()
    parts += [desk.mixer.pull(7) for _ in range(50)]
    desk.tape.close()
    steepest = np.abs(np.diff(wave[0])).max() + 1.0 / FADE
    heard = np.concatenate(parts)[:, 0]
    assert np.abs(np.diff(heard)).max() <= steepest * 1.01
    assert not heard[-100:].any()


def test_where_nothing_is_cleaned_yet_the_original_is_heard() -> None:
    before = counted()
    desk = Desk(before, scaled(before, 0.5))
    desk.sources[1] = ArraySource(scaled(before, 0.5), lambda start, _: start >= BLOCK_FRAMES)
    desk.tape = Tape(before.shape[1], lambda: desk.sources[0], lambda: desk.sources[1])
    desk.mixer = Mixer(desk.tape, RATE_HZ)
    desk.mixer.play(0, None)
    desk.settle()
    assert frames_of(desk.pull(100))[0] == FADE
    assert not desk.mixer.has_after
    desk.pull(BLOCK_FRAMES)
    assert frames_of(desk.pull(100), 0.5)[0] == BLOCK_FRAMES + FADE + 100
    assert desk.mixer.has_after
    desk.tape.close()


def test_the_heard_frame_is_behind_the_pulled_one(desk: Desk) -> None:
    desk.mixer.play(1000, None)
    for _ in range(4):
        desk.pull(250)
    assert desk.mixer.heard(0) == 2000
    assert desk.mixer.heard(300) == 1700
    assert desk.mixer.heard(9999) == 1000


def test_the_end_is_reached_although_the_device_lags(desk: Desk) -> None:
    frames = desk.tape.frames
    desk.mixer.play(frames - 100, None)
    desk.pull(100)
    assert desk.mixer.heard(60) == frames - 60
    desk.mixer.pull(60)
    assert desk.mixer.heard(60) == frames
    assert desk.mixer.ended


def test_volume_and_no_number_and_many_channels() -> None:
    wild = np.concatenate([tone(1.0, channels=5), np.full((1, RATE_HZ), np.nan, np.float32)])
    desk = Desk(wild, None)
    desk.mixer.set_volume(0.5)
    desk.mixer.play(0, None)
    heard = desk.pull(1000)
    desk.tape.close()
    assert np.isfinite(heard).all()
    assert 0.1 < np.abs(heard).max() <= 0.5


def test_a_decoder_that_dies_ends_the_tape_with_its_reason() -> None:
    def broken() -> ArraySource:
        raise OSError("the disk is gone")

    tape = Tape(1000, broken, None)
    tape.cue(0, None)
    assert tape.wait_ready(1, 10.0)
    assert "gone" in str(tape.failure)
    assert tape.at_end


def test_sources_are_closed_with_the_tape(desk: Desk) -> None:
    desk.mixer.play(0, None)
    desk.pull(10)
    desk.tape.close()
    desk.tape._thread.join(10.0)
    assert all(source.closed for source in desk.sources)


def test_an_unknown_version_is_refused(desk: Desk) -> None:
    with pytest.raises(ValueError, match="during"):
        desk.mixer.set_version("during")


@pytest.mark.parametrize(
    ("source", "target"), [(44_100, 48_000), (8_000, 48_000), (96_000, 44_100)]
)
def test_a_tone_stays_a_tone_at_another_rate(source: int, target: int) -> None:
    place = 0

    def pull(count: int) -> Frames:
        nonlocal place
        times = np.arange(place, place + count) / source
        place += count
        return np.repeat(np.sin(2 * np.pi * 1000 * times)[:, None], 2, axis=1).astype(np.float32)

    resampler = Resampler(source, target, pull)
    heard = np.concatenate([resampler.read(count) for count in (1, 500, 1024, 37, 4096)])[1000:, 0]
    phases = 2 * np.pi * 1000 * np.arange(len(heard)) / target
    tones = np.stack([np.sin(phases), np.cos(phases)], axis=1)
    found = tones @ np.linalg.lstsq(tones, heard, rcond=None)[0]
    assert np.sqrt(np.mean((heard - found) ** 2)) < 10 ** (-80 / 20)
    assert np.abs(heard).max() == pytest.approx(1.0, abs=0.01)
