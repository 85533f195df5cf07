"""Reading whatever libsndfile reads."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

import numpy as np
import soundfile

from desktop_ae.core.clip import Samples
from desktop_ae.core.errors import Unreadable, Unsupported
from desktop_ae.domains.audio import pcm
from desktop_ae.domains.audio.facts import BLOCK_FRAMES, MOST_FRAMES, Facts, check_facts
from desktop_ae.domains.audio.flac import told_length
from desktop_ae.domains.audio.riff import Wave, lying_wave, unknown_code
from desktop_ae.domains.audio.spool import Span
from desktop_ae.domains.sentences import duration_words, not_opened

LOSSY = {"VORBIS", "OPUS", "MPEG_LAYER_I", "MPEG_LAYER_II", "MPEG_LAYER_III"}
COUNTED_FRAMES = 1024
EVEN_FRAMES = 2**15
_UNRECOGNISED, _SYSTEM = 1, 2
_NOT_DONE = ("unimplemented", "unsupported encoding")
_DEPTHS = {"FLOAT": "32 bit float", "DOUBLE": "64 bit float", "ULAW": "µ-law", "ALAW": "A-law"}


class SndSource:
    """See `facts.Source`. big_endian: how its numbers lie, where that is not the format's own."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._view: io.IOBase | None = None
        self._format = ""
        self._patch: tuple[int, bytes] | None = None
        self._file = self._open()
        try:
            self._facts = self._find_facts()
            check_facts(self._facts)
        except Exception:
            self.close()
            raise

    @property
    def facts(self) -> Facts:
        return self._facts

    @property
    def handle(self) -> Any:
        """The soundfile.SoundFile."""
        return self._file

    def blocks(self, start: int = 0, stop: int | None = None) -> Iterator[Samples]:
        kind = self.exact_kind
        for frames in self.numbers(kind, start, stop):
            yield pcm.as_clip(frames)

    def numbers(self, kind: str, start: int = 0, stop: int | None = None) -> Iterator[Any]:
        """As the file has them: `(frames, channels)` of a numpy kind that soundfile knows."""
        stop = self.facts.frames if stop is None else min(stop, self.facts.frames)
        self._go_to(start)
        for begin, end in pcm.in_blocks(stop - start, BLOCK_FRAMES):
            yield self._read(end - begin, kind, start + begin)

    @property
    def exact_kind(self) -> str:
        """What to read so that nothing is lost: int32 for integers, floats for the rest."""
        subtype = self.facts.coding
        if subtype == "DOUBLE":
            return "float64"
        return "float32" if subtype in LOSSY or subtype == "FLOAT" else "int32"

    def close(self) -> None:
        self._file.close()
        self._close_view()

    def _open(self) -> Any:
        path = self.path
        self._close_view()
        try:
            with path.open("rb") as file:
                wave = lying_wave(file)
                code = unknown_code(file)
            if wave is not None:
                return self._open_lying(wave)
            self._view = _Patched(path, *self._patch) if self._patch else None
            return soundfile.SoundFile(self._view or str(path))
        except OSError as error:
            raise not_opened(path, error) from error
        except soundfile.LibsndfileError as error:
            if code is not None:
                raise Unsupported(
                    path, f"The sound of {path.name} is in code {code:#06x}, which cannot be read."
                ) from error
            if any(word in error.error_string for word in _NOT_DONE):
                raise Unsupported(
                    path, f"The sound of {path.name} is in a code that cannot be read."
                ) from error
            raise Unreadable(path, _sentence(path, error)) from error

    def _open_lying(self, wave: Wave) -> Any:
        """A WAV file whose sound goes on to its end: as numbers without a header, if it is such."""
        told = soundfile.SoundFile(str(self.path))
        if told.subtype not in pcm.WIDTHS or not isinstance(wave.data, Span):
            told.close()
            self._view = _Patched(self.path, wave.lied_at, b"\xff" * 4)
            return soundfile.SoundFile(self._view)
        told.close()
        self._format = told.format
        self._view = _Slice(self.path, wave.data.start, wave.data.size)
        return soundfile.SoundFile(
            self._view,
            "r",
            told.samplerate,
            told.channels,
            told.subtype,
            "BIG" if wave.big_endian else "LITTLE",
            "RAW",
        )

    def _close_view(self) -> None:
        if self._view is not None:
            self._view.close()
            self._view = None

    def _find_facts(self) -> Facts:
        file = self._file
        subtype = file.subtype
        digits = pcm.bits_of(subtype)
        whole = subtype.startswith(("PCM_", "ALAC_"))
        depth = f"{digits} bit" if whole else _DEPTHS.get(subtype, "")
        container = "Opus" if subtype == "OPUS" else self._format or file.format
        frames: int = file.frames
        notes: tuple[str, ...] = ()
        if frames > 0 and not self._reaches(frames):
            frames = self._count()
            known = file.frames <= MOST_FRAMES
            notes = ("cut short",) if known and frames else ()
        return Facts(
            self.path, container, subtype, file.samplerate, file.channels, frames, depth, notes
        )

    def _reaches(self, frames: int) -> bool:
        """Whether the last frame is there. Formats of plain numbers look at the file's size."""
        if self._file.subtype in pcm.WIDTHS and self._file.format != "FLAC":
            return True
        if frames > MOST_FRAMES:
            return False
        if not self._file.seekable():
            return True
        try:
            self._file.seek(frames - 1)
            found = len(self._file.read(1, always_2d=True)) == 1
            self._file.seek(0)
            return found
        except soundfile.LibsndfileError:
            return False

    def _count(self) -> int:
        """How many frames can be decoded, by decoding them."""
        count = self._count_on(0, COUNTED_FRAMES)
        # Of the steps in which the damage lies, or the end, nothing came.
        count = self._count_on(count, 1)
        if self._file.format == "FLAC":
            # Told its length, it gives the last frame as well, which otherwise is lost.
            for told in (count + 1, count):
                with self.path.open("rb") as file:
                    self._patch = told_length(file, told)
                self._reopen()
                if self._reaches(told):
                    return told
        self._reopen()
        return count

    def _reopen(self) -> None:
        self._file.close()
        self._file = self._open()

    def _count_on(self, count: int, step: int) -> int:
        """From `count` on, which is read again first, in steps until one fails."""
        self._reopen()
        buffer = np.empty((COUNTED_FRAMES, self._file.channels), np.float32)
        with suppress(soundfile.LibsndfileError):
            for begin, end in pcm.in_blocks(count, COUNTED_FRAMES):
                self._file.read(out=buffer[: end - begin])
            while read := len(self._file.read(out=buffer[:step])):
                count += read
        return count

    def _go_to(self, frame: int) -> None:
        if self._file.seekable():
            try:
                if self._file.tell() != frame:
                    self._file.seek(frame)
            except soundfile.LibsndfileError as error:
                raise self._damaged(frame) from error
            return
        self._reopen()
        for begin, end in pcm.in_blocks(frame, BLOCK_FRAMES):
            self._read(end - begin, "float32", begin)

    def _read(self, frames: int, kind: str, where: int) -> Any:
        try:
            found = self._file.read(frames, dtype=kind, always_2d=True)
        except (soundfile.LibsndfileError, AssertionError) as error:
            raise self._damaged(where) from error
        if len(found) < frames:
            raise self._damaged(where + len(found))
        return found

    def _damaged(self, frame: int) -> Unreadable:
        at = duration_words(frame / self.facts.rate_hz)
        return Unreadable(
            self.path, f"{self.path.name} is damaged: its sound cannot be read beyond {at}."
        )


class EvenWriter:
    """Gives a SoundFile blocks of one size, of which Vorbis makes other sound than of others."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self._waiting: list[Any] = []
        self._count = 0

    def write(self, frames: Any) -> None:
        """`(frames, channels)` of any number."""
        self._waiting.append(frames)
        self._count += len(frames)
        if self._count < EVEN_FRAMES:
            return
        whole = np.concatenate(self._waiting)
        stop = len(whole) // EVEN_FRAMES * EVEN_FRAMES
        for start in range(0, stop, EVEN_FRAMES):
            self._put(whole[start : start + EVEN_FRAMES])
        self._waiting, self._count = [whole[stop:].copy()], len(whole) - stop

    def close(self) -> None:
        """Once more is no matter."""
        if self._count:
            self._put(np.concatenate(self._waiting))
            self._waiting, self._count = [], 0
        self.give_up()

    def give_up(self) -> None:
        """Without what waits."""
        with suppress(soundfile.LibsndfileError):
            self._file.close()

    def _put(self, frames: Any) -> None:
        # What went wrong, a full disk, the file below keeps in mind.
        with suppress(soundfile.LibsndfileError, AssertionError):
            self._file.write(np.ascontiguousarray(frames))


class _Patched(io.BufferedReader):
    """A file that seems to have other bytes at one place."""

    def __init__(self, path: Path, start: int, patch: bytes) -> None:
        super().__init__(io.FileIO(path))
        self._start = start
        self._patch = patch

    def readinto(self, buffer: Any) -> int:
        here = self.tell()
        count = super().readinto(buffer)
        view = memoryview(buffer).cast("B")
        for position, byte in enumerate(self._patch, self._start - here):
            if 0 <= position < count:
                view[position] = byte
        return count


class _Slice(io.FileIO):
    """A stretch of a file, as if it were one."""

    def __init__(self, path: Path, start: int, size: int) -> None:
        super().__init__(path)
        self._start = start
        self._size = size
        self.seek(0)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self.tell(), io.SEEK_END: self._size}[whence]
        return super().seek(self._start + max(0, base + offset)) - self._start

    def tell(self) -> int:
        return super().tell() - self._start

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer).cast("B")
        left = max(0, self._size - self.tell())
        return super().readinto(view[: min(len(view), left)]) or 0


def _sentence(path: Path, error: Any) -> str:
    if error.code == _UNRECOGNISED:
        return f"{path.name} is no sound file, whatever its name says."
    if error.code == _SYSTEM:
        return f"{path.name} cannot be opened: {error.error_string}"
    return f"{path.name} cannot be read: it is damaged or was cut short ({error.error_string})"


def raw_writer(file: IO[bytes] | Any, facts: Facts) -> Any:
    """A SoundFile that turns integers into A-law or µ-law, without any header."""
    return soundfile.SoundFile(file, "w", facts.rate_hz, facts.channels, facts.coding, format="RAW")
