"""Both versions of a recording, decoded a little ahead of what is being heard."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Frames = NDArray[np.float32]  # (frames, 2): what loudspeakers take

BLOCK_FRAMES = 4096
_AHEAD_FRAMES = 8 * BLOCK_FRAMES


class PcmSource(Protocol):
    """Decoded samples of one version, anywhere in it; used by one thread."""

    def read(self, start: int, count: int) -> NDArray[np.float32] | None:
        """`(channels, count)`, padded with zeros past the end; None where there is nothing."""

    def close(self) -> None: ...


OpenSource = Callable[[], PcmSource]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Frames of both versions that belong together. after: None where there is none yet."""

    start: int
    before: Frames
    after: Frames | None

    def __len__(self) -> int:
        return len(self.before)

    def cut(self, first: int, last: int) -> Stretch:
        after = None if self.after is None else self.after[first:last]
        return Stretch(self.start + first, self.before[first:last], after)


class Tape:
    """Keeps less than a second of decoded sound ready. Everything may be called by any thread.

    A file that cannot be read any more ends the tape: `failure` says why.
    """

    def __init__(self, frames: int, before: OpenSource, after: OpenSource | None) -> None:
        self.frames = frames
        self.failure: Exception | None = None
        self._open = (before, after)
        self._changed = threading.Condition()
        self._ready: deque[Stretch] = deque()
        self._next = 0  # to be decoded
        self._loop: tuple[int, int] | None = None
        self._cues = 0
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="tape", daemon=True)
        self._started = False

    def cue(self, frame: int, loop: tuple[int, int] | None) -> None:
        """Go on from there. loop: first frame and the one behind the last."""
        with self._changed:
            self._next = min(max(frame, 0), self.frames)
            self._loop = loop if loop and loop[1] > loop[0] else None
            self._ready.clear()
            self._cues += 1
            if not self._started:
                self._started = True
                self._thread.start()
            self._changed.notify_all()

    def take(self, count: int) -> list[Stretch]:
        """At most so many of the next frames, as far as they are decoded; never waits."""
        taken = []
        with self._changed:
            while count and self._ready:
                first = self._ready.popleft()
                if len(first) > count:
                    self._ready.appendleft(first.cut(count, len(first)))
                    first = first.cut(0, count)
                count -= len(first)
                taken.append(first)
            self._changed.notify_all()
        return taken

    @property
    def at_end(self) -> bool:
        """Whether all was taken, and no loop brings it back."""
        with self._changed:
            return not self._ready and (self.failure is not None or self._next >= self.frames)

    def wait_ready(self, count: int, timeout_s: float) -> bool:
        """Wait until so many frames, or the rest, are decoded."""

        def enough() -> bool:
            ready = sum(len(stretch) for stretch in self._ready)
            return ready >= count or self._next >= self.frames or self.failure is not None

        with self._changed:
            return self._changed.wait_for(enough, timeout_s)

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _run(self) -> None:
        sources: list[PcmSource] = []
        try:
            sources.extend(open_source() for open_source in self._open if open_source)
            while (wish := self._wish()) is not None:
                start, count, cue = wish
                decoded = [_stereo(source.read(start, count), count) for source in sources]
                before = decoded[0]
                assert before is not None
                after = decoded[1] if len(decoded) > 1 else None
                self._put(Stretch(start, before, after), cue)
        except Exception as error:  # whatever a codec may raise: the person hears of it
            with self._changed:
                self.failure = error
                self._changed.notify_all()
        finally:
            for source in sources:
                source.close()

    def _wish(self) -> tuple[int, int, int] | None:
        """What to decode next, once there is room for it: start, count, and for which cue."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._hungry())
            if self._closed:
                return None
            stop = self.frames
            if self._loop and self._next < self._loop[1]:
                stop = self._loop[1]
            return self._next, min(BLOCK_FRAMES, stop - self._next), self._cues

    def _hungry(self) -> bool:
        held = sum(len(stretch) for stretch in self._ready)
        return self._cues > 0 and self._next < self.frames and held < _AHEAD_FRAMES

    def _put(self, stretch: Stretch, cue: int) -> None:
        with self._changed:
            if cue != self._cues:
                return
            self._ready.append(stretch)
            self._next += len(stretch)
            if self._loop and self._next == self._loop[1]:
                self._next = self._loop[0]
            self._changed.notify_all()


def _stereo(samples: NDArray[np.float32] | None, count: int) -> Frames | None:
    """`(channels, n)` as (n, 2): one channel on both sides, more than two by turns on either."""
    if samples is None:
        return None
    if len(samples) == 1:
        left = right = samples[0]
    elif len(samples) == 2:
        left, right = samples
    else:
        left, right = samples[0::2].mean(axis=0), samples[1::2].mean(axis=0)
    frames = np.zeros((count, 2), np.float32)
    frames[: len(left), 0] = left[:count]
    frames[: len(right), 1] = right[:count]
    return np.nan_to_num(frames, copy=False, nan=0.0, posinf=1.0, neginf=-1.0)
