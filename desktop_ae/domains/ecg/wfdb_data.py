"""The `.dat` files of a WFDB record: frames of samples, read anywhere, written with changes."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from desktop_ae.core.errors import Unreadable
from desktop_ae.domains.ecg.spool import Rows, SourceBytes
from desktop_ae.domains.ecg.wfdb_codes import (
    CODINGS,
    DIFFERENCES,
    FLAC_BITS,
    Codes,
    encode_differences,
)
from desktop_ae.domains.ecg.wfdb_header import Signal

BLOCK_SAMPLES = 3 * 2**18
# First frame and the codes from there on, `(frames, width)`, to the codes wanted.
Change = Callable[[int, Codes], Codes]


class Data(Protocol):
    """One file. A frame is `width` samples: first those of its first signal.

    frames: how many whole ones there are.
    """

    path: Path
    width: int
    frames: int

    def read(self, first: int, last: int) -> Codes:
        """`(last - first, width)`."""

    def rewrite(self, target: Path, frames: int, change: Change) -> tuple[Codes, NDArray[np.int64]]:
        """Write the file with its first so many frames changed, all else as bytes.

        Returned: of each sample of a frame, the code in the first one and the sum over all.
        """

    def close(self) -> None: ...


def open_data(path: Path, signals: Sequence[Signal]) -> Data:
    """signals: all that lie in the file, in order. Raises OSError or Unreadable."""
    first = signals[0]
    if any((s.format, s.offset) != (first.format, first.offset) for s in signals):
        sentence = f"{path.name} cannot be read: its header mixes several formats in it."
        raise Unreadable(path, sentence)
    if first.format in FLAC_BITS:
        return FlacData(path, signals)
    if first.format == DIFFERENCES:
        return DifferenceData(path, signals)
    return PackedData(path, signals)


class PackedData:
    def __init__(self, path: Path, signals: Sequence[Signal]) -> None:
        self.path = path
        self.width = sum(signal.per_frame for signal in signals)
        self._coding = CODINGS[signals[0].format]
        self._offset = signals[0].offset
        self._bytes = SourceBytes(path)
        behind = max(0, self._bytes.size - self._offset)
        self.frames = self._coding.available(behind) // self.width

    def read(self, first: int, last: int) -> Codes:
        skipped = first * self.width % self._coding.samples
        count = (last - first) * self.width
        codes = self._coding.unpack(self._raw(first, last)[0])
        return codes[skipped : skipped + count].reshape(-1, self.width)

    def rewrite(self, target: Path, frames: int, change: Change) -> tuple[Codes, NDArray[np.int64]]:
        coding = self._coding
        totals = _Totals(self.width)
        # Blocks begin with a group.
        step = max(1, BLOCK_SAMPLES // self.width // coding.samples) * coding.samples
        with target.open("wb") as out:
            self._bytes.copy_to(out, 0, min(self._offset, self._bytes.size))
            for first in range(0, frames, step):
                last = min(first + step, frames)
                raw, there = self._raw(first, last)
                codes = coding.unpack(raw)
                count = (last - first) * self.width
                wanted = change(first, codes[:count].reshape(-1, self.width))
                codes[:count] = wanted.reshape(-1)
                totals.add(wanted)
                out.write(coding.pack(codes, raw)[:there].tobytes())
            if out.tell() < self._bytes.size:
                self._bytes.copy_to(out, out.tell())
        return totals.first, totals.total

    def close(self) -> None:
        self._bytes.close()

    def _raw(self, first: int, last: int) -> tuple[NDArray[np.uint8], int]:
        """The groups that hold the frames, and how many of their bytes there are in the file."""
        coding = self._coding
        start = self._offset + first * self.width // coding.samples * coding.size
        stop = self._offset + -(-last * self.width // coding.samples) * coding.size
        there = min(stop, self._bytes.size) - start
        content = self._bytes.read(start, there)
        return np.frombuffer(content + bytes(stop - start - there), np.uint8), there


class DifferenceData:
    """Format 8: each byte is the step from the sample before, so all is read at once."""

    def __init__(self, path: Path, signals: Sequence[Signal]) -> None:
        self.path = path
        self.width = sum(signal.per_frame for signal in signals)
        self._sizes = [signal.per_frame for signal in signals]
        self._initial = [signal.initial for signal in signals]
        self._offset = signals[0].offset
        self._bytes = SourceBytes(path)
        self.frames = max(0, self._bytes.size - self._offset) // self.width
        self._rows = Rows(self.width, np.int32)
        at = [signal.initial for signal in signals]
        step = max(1, BLOCK_SAMPLES // self.width)
        for first in range(0, self.frames, step):
            count = min(step, self.frames - first)
            start = self._offset + first * self.width
            content = self._bytes.read(start, count * self.width)
            steps = np.frombuffer(content, np.int8).reshape(count, self.width)
            codes = np.empty(steps.shape, np.int32)
            for signal, columns in enumerate(self._columns()):
                found = at[signal] + np.cumsum(steps[:, columns].reshape(-1), dtype=np.int64)
                at[signal] = int(found[-1])
                codes[:, columns] = found.reshape(count, -1).astype(np.int32)
            self._rows.append(codes)

    def read(self, first: int, last: int) -> Codes:
        return self._rows.read(first, last)

    def rewrite(self, target: Path, frames: int, change: Change) -> tuple[Codes, NDArray[np.int64]]:
        """A signal whose first code changes begins there: what `initial` is to say from now on,
        and what is returned as its first code.
        """
        totals = _Totals(self.width)
        at = list(self._initial)
        begin = self.read(0, min(1, frames))
        step = max(1, BLOCK_SAMPLES // self.width)
        with target.open("wb") as out:
            self._bytes.copy_to(out, 0, min(self._offset, self._bytes.size))
            for first in range(0, frames, step):
                codes = change(first, self.read(first, min(first + step, frames)))
                if first == 0:
                    for signal, columns in enumerate(self._columns()):
                        if codes[0, columns][0] != begin[0, columns][0]:
                            at[signal] = int(codes[0, columns][0])
                        begin[0, columns] = at[signal]
                steps = np.empty(codes.shape, np.int8)
                for signal, columns in enumerate(self._columns()):
                    wanted = np.ascontiguousarray(codes[:, columns]).reshape(-1)
                    small, reached = encode_differences(wanted, at[signal])
                    steps[:, columns] = small.reshape(len(codes), -1)
                    codes[:, columns] = reached.reshape(len(codes), -1)
                    at[signal] = int(reached[-1])
                totals.add(codes)
                out.write(steps.tobytes())
            if out.tell() < self._bytes.size:
                self._bytes.copy_to(out, out.tell())
        return begin.reshape(-1), totals.total

    def close(self) -> None:
        self._bytes.close()
        self._rows.close()

    def _columns(self) -> list[slice]:
        stops = np.cumsum(self._sizes).tolist()
        return [slice(stop - size, stop) for stop, size in zip(stops, self._sizes, strict=True)]


class FlacData:
    """Formats 508, 516 and 524: a FLAC file with a channel for each signal."""

    def __init__(self, path: Path, signals: Sequence[Signal]) -> None:
        import soundfile

        self.path = path
        self._bits = FLAC_BITS[signals[0].format]
        self._per_frame = signals[0].per_frame
        self.width = sum(signal.per_frame for signal in signals)
        path.open("rb").close()  # raises what the library would not say
        try:
            self._file = soundfile.SoundFile(os.fspath(path))
        except soundfile.LibsndfileError as error:
            raise Unreadable(path, f"{path.name} cannot be read: it is no FLAC file.") from error
        even = all(signal.per_frame == self._per_frame for signal in signals)
        if self._file.channels != len(signals) or not even:
            self._file.close()
            sentence = f"{path.name} has {self._file.channels} channels, its header says otherwise."
            raise Unreadable(path, sentence)
        self.frames = int(self._file.frames) // self._per_frame

    def read(self, first: int, last: int) -> Codes:
        import soundfile

        count = (last - first) * self._per_frame
        try:
            self._file.seek(first * self._per_frame)
            wide = self._file.read(count, dtype="int32", always_2d=True)
        except soundfile.LibsndfileError as error:
            raise Unreadable(self.path, f"{self.path.name} is damaged.") from error
        if len(wide) < count:
            raise Unreadable(self.path, f"{self.path.name} is damaged: it ends too early.")
        codes = (wide >> (32 - self._bits)).reshape(last - first, self._per_frame, -1)
        return np.ascontiguousarray(codes.transpose(0, 2, 1)).reshape(last - first, -1)

    def rewrite(self, target: Path, frames: int, change: Change) -> tuple[Codes, NDArray[np.int64]]:
        import soundfile

        totals = _Totals(self.width)
        source = self._file
        step = max(1, BLOCK_SAMPLES // self.width)
        kind = {"format": "FLAC", "subtype": source.subtype}
        try:
            with soundfile.SoundFile(
                os.fspath(target), "w", source.samplerate, source.channels, **kind
            ) as out:
                for first in range(0, self.frames, step):
                    codes = self.read(first, min(first + step, self.frames))
                    inside = max(0, min(len(codes), frames - first))
                    if inside:
                        codes[:inside] = change(first, codes[:inside])
                    totals.add(codes[:inside])
                    shaped = codes.reshape(len(codes), source.channels, self._per_frame)
                    samples = shaped.transpose(0, 2, 1).reshape(-1, source.channels)
                    out.write(np.ascontiguousarray(samples << (32 - self._bits)))
        except soundfile.LibsndfileError as error:
            raise OSError(str(error)) from error
        return totals.first, totals.total

    def close(self) -> None:
        self._file.close()


class _Totals:
    def __init__(self, width: int) -> None:
        self.first: Codes = np.zeros(width, np.int32)
        self.total = np.zeros(width, np.int64)
        self._is_empty = True

    def add(self, codes: Codes) -> None:
        if self._is_empty and len(codes):
            self.first = codes[0].copy()
            self._is_empty = False
        self.total += codes.sum(axis=0, dtype=np.int64)
