"""What comes out of the loudspeaker: before, after or what was removed, in step and at one level.

Before and after are the same frames of the same tape, so going from one to the other is only a
change of their weights, over some milliseconds, and never a jump in position.
"""

from __future__ import annotations

import threading
from collections import deque

import numpy as np
from numpy.typing import NDArray

from desktop_ae.ui.sound_tape import Frames, Tape

VERSIONS = ("before", "after", "removed")
_FADE_S = 0.008
_HISTORY = 1024
_SILENCE = -1


class Mixer:
    """Pulled by the thread of the sound device; everything else by the window's.

    Clicks where the sound breaks off (a seek, a loop's end, a decoder that is late) are softened:
    the last value heard fades away below what follows.
    """

    def __init__(self, tape: Tape, rate_hz: int) -> None:
        self.tape = tape
        self.rate_hz = rate_hz
        self._lock = threading.Lock()
        self._version = "after"
        self._gains = (1.0, 1.0)
        self._volume = 1.0
        self._playing = False
        self._weights: NDArray[np.float32] | None = None
        self._last = np.zeros(2, np.float32)
        self._step = np.zeros(2, np.float32)  # what is fading out, and for how many frames yet
        self._fading = 0
        self._expected = _SILENCE  # the frame that would go on without a break
        # (first frame, frames, frames pulled: more than those while there was silence)
        self._given: deque[tuple[int, int, int]] = deque(maxlen=_HISTORY)
        self.has_after = True  # of what was mixed last
        self.late = 0  # frames that the tape did not have in time

    def set_version(self, version: str) -> None:
        if version not in VERSIONS:
            raise ValueError(f"There is no version {version!r}; it is one of {VERSIONS}.")
        self._version = version

    def set_gains(self, before: float, after: float) -> None:
        """So that both are equally loud."""
        self._gains = (before, after)

    def set_volume(self, volume: float) -> None:
        self._volume = volume

    def play(self, frame: int, loop: tuple[int, int] | None) -> None:
        """Go on from that frame, at the next pull."""
        with self._lock:
            self.tape.cue(frame, loop)
            self._playing = True
            self._given.clear()
            self._given.append((frame, 0, 0))

    def pause(self) -> None:
        """Silence from the next pull on."""
        with self._lock:
            self._playing = False

    @property
    def ended(self) -> bool:
        return self.tape.at_end

    def heard(self, delay_frames: int) -> int:
        """The frame that is at the loudspeaker, so many frames behind what was pulled last."""
        with self._lock:
            for start, count, pulled in reversed(self._given):
                if delay_frames <= pulled:
                    return start + max(0, count - delay_frames)
                delay_frames -= pulled
            return self._given[0][0] if self._given else 0

    def pull(self, count: int) -> Frames:
        """The next frames, `(count, 2)`; silence where there are none."""
        with self._lock:
            mixed = np.zeros((count, 2), np.float32)
            place = 0
            breaks = []
            for stretch in self.tape.take(count) if self._playing else []:
                self._mix(stretch.before, stretch.after, mixed[place : place + len(stretch)])
                if stretch.start != self._expected:
                    breaks.append(place)
                self._expected = stretch.start + len(stretch)
                self._given.append((stretch.start, len(stretch), len(stretch)))
                place += len(stretch)
            if place < count:
                self._be_silent(count - place)
                if self._expected != _SILENCE:
                    breaks.append(place)
                    self._expected = _SILENCE
            self._smooth(mixed, breaks)
            np.clip(mixed, -1.0, 1.0, out=mixed)
            return mixed

    def _be_silent(self, frames: int) -> None:
        if not self._playing or not self._given:
            return
        start, count, _ = self._given[-1]
        self._given.append((start + count, 0, frames))
        if not self.tape.at_end:
            self.late += frames

    def _mix(self, before: Frames, after: Frames | None, into: Frames) -> None:
        self.has_after = after is not None
        wanted = self._wanted()
        if self._weights is None:
            self._weights = wanted
        fade = max(1, round(_FADE_S * self.rate_hz))
        steps = np.arange(1, len(into) + 1, dtype=np.float32)[:, None] / fade
        room = wanted - self._weights
        weights = self._weights + np.clip(room, -steps, steps)
        np.multiply(before, weights[:, 0:1], out=into)
        # Where nothing is cleaned yet, the after is the before: nothing was removed there.
        into += (before if after is None else after) * weights[:, 1:2]
        self._weights = weights[-1]

    def _wanted(self) -> NDArray[np.float32]:
        before, after = self._gains
        pair = {
            "before": (before, 0.0),
            "after": (0.0, after),
            "removed": (before, -before),
        }[self._version]
        return np.array(pair, np.float32) * np.float32(self._volume)

    def _smooth(self, mixed: Frames, breaks: list[int]) -> None:
        """Let what was heard last fade out over what follows, instead of breaking off."""
        fade = max(1, round(_FADE_S * self.rate_hz))
        for first, last in zip([0, *breaks], [*breaks, len(mixed)], strict=True):
            if first in breaks:
                heard = mixed[first - 1] if first else self._last
                self._step = heard - mixed[first]
                self._fading = fade
            length = min(self._fading, last - first)
            if length > 0:
                left = np.arange(self._fading, self._fading - length, -1, dtype=np.float32)
                mixed[first : first + length] += self._step * (left[:, None] / fade)
                self._fading -= length
        if len(mixed):
            self._last = mixed[-1].copy()
