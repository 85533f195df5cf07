"""What is known of a sound file before its samples are read, and who reads and writes it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from desktop_ae.core.clip import Samples
from desktop_ae.core.errors import TooLarge, Unreadable, Unsupported
from desktop_ae.domains.sentences import duration_words

BLOCK_FRAMES = 2**17
LOWEST_HZ, HIGHEST_HZ = 8_000, 192_000
MOST_CHANNELS = 8
# A day and a night at 192 kHz; more frames than this a header claims only by mistake.
MOST_FRAMES = 2**35

_LAYOUTS = {1: "mono", 2: "stereo", 6: "5.1", 8: "7.1"}


@dataclass(frozen=True, slots=True)
class Facts:
    """container: "WAV", "FLAC", "MP4"…; coding: how samples are coded in it, in the words of its
    library ("PCM_24", "aac"). depth: of a sample in words, "" where that says nothing.
    notes: what a person should know, such as "cut short".
    """

    path: Path
    container: str
    coding: str
    rate_hz: int
    channels: int
    frames: int
    depth: str = ""
    notes: tuple[str, ...] = ()

    @property
    def seconds(self) -> float:
        return self.frames / self.rate_hz

    @property
    def about(self) -> str:
        kilohertz = f"{self.rate_hz / 1000:.5g} kHz"
        layout = _LAYOUTS.get(self.channels, f"{self.channels} channels")
        words = [kilohertz, layout, self.depth, duration_words(self.seconds), *self.notes]
        return " · ".join(word for word in words if word)


class Source(Protocol):
    """An open sound file. Blocks can be read again, from anywhere."""

    @property
    def facts(self) -> Facts: ...

    def blocks(self, start: int = 0, stop: int | None = None) -> Iterator[Samples]:
        """`(channels, frames)` float32 each, together the frames from `start` to `stop` (the end).

        What is no number, or beyond any sound, comes as 0. Raises Unreadable where the file is
        damaged or was cut while it was read.
        """

    def close(self) -> None: ...


class Sink(Protocol):
    """Encodes what it is given into a temporary file of its own, which goes when it goes."""

    def write(self, samples: Samples) -> None:
        """The next `(channels, frames)`. Raises NotWritable if there is no room for it."""

    def finish(self, scratch: Path, keep_metadata: bool, made_by: str = "") -> None:
        """Put the whole file into `scratch`; may raise OSError, for `new_file` to explain.

        made_by: a line of ASCII to put among the tags, where the format has some.
        """

    def close(self) -> None: ...


def check_facts(facts: Facts) -> None:
    """Raises Unsupported, Unreadable or TooLarge for sound that cannot be cleaned."""
    name = facts.path.name
    if facts.channels < 1 or facts.rate_hz < 1:
        raise Unreadable(facts.path, f"{name} cannot be read: it is no {facts.container} file.")
    if facts.channels > MOST_CHANNELS:
        raise Unsupported(
            facts.path, f"{name} has {facts.channels} channels; up to {MOST_CHANNELS} are taken."
        )
    if not LOWEST_HZ <= facts.rate_hz <= HIGHEST_HZ:
        raise Unsupported(
            facts.path,
            f"{name} has a sample rate of {facts.rate_hz} Hz; "
            f"{LOWEST_HZ} to {HIGHEST_HZ} are taken.",
        )
    if facts.frames < 1:
        raise Unreadable(facts.path, f"{name} holds no sound: it is 0 seconds long.")
    if facts.frames > MOST_FRAMES:
        raise TooLarge(facts.path, f"{name} says that it is {duration_words(facts.seconds)} long.")
