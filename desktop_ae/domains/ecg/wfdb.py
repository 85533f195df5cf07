"""WFDB records: a header, data files, annotations; of one segment or of several in a row."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from desktop_ae.core.clip import Samples
from desktop_ae.core.errors import Unreadable, Unsupported
from desktop_ae.core.provenance import Provenance
from desktop_ae.core.saving import NewFile
from desktop_ae.domains.ecg.facts import Changes, Facts, Source, check_facts, usable
from desktop_ae.domains.ecg.leads import ecg_channels, millivolts
from desktop_ae.domains.ecg.wfdb_codes import NO_SIGNAL, Codes, code_range
from desktop_ae.domains.ecg.wfdb_data import Data, open_data
from desktop_ae.domains.ecg.wfdb_files import annotation_files, ending, find, legal_stem
from desktop_ae.domains.ecg.wfdb_header import (
    USUAL_GAIN,
    Header,
    Signal,
    read_header,
    rewritten,
)
from desktop_ae.domains.sentences import not_opened

# The name of a segment without any samples.
PAUSE = "~"


class Segment:
    """One header with its data files."""

    def __init__(self, header: Header, frames: int = 0) -> None:
        """frames: how many a header of segments says it has. Raises OSError or Unreadable."""
        self.header = header
        self.data: list[Data] = []
        # Of each signal its data file and its first column there; None for one without samples.
        self.places: list[tuple[int, int] | None] = []
        try:
            self._open()
        except BaseException:
            self.close()
            raise
        there = min((data.frames for data in self.data), default=0)
        self.frames = frames or header.frames or there
        for data in self.data:
            if data.frames < self.frames:
                raise self._too_short(data)

    def values(self, signals: Sequence[int], first: int, last: int) -> Samples:
        """Millivolts of signals of one rate, `(signals, (last - first) * per_frame)`."""
        found = []
        for index in signals:
            signal = self.header.signals[index]
            values = np.full(((last - first) * signal.per_frame,), np.nan, np.float32)
            place = self.places[index]
            start, stop = first + signal.skew, min(last + signal.skew, self.frames)
            if place is not None and stop > start:
                codes = self._codes(place[0], start, stop)
                columns = codes[:, place[1] : place[1] + signal.per_frame].reshape(-1)
                values[: len(columns)] = _millivolts(signal, columns)
            found.append(values)
        return np.stack(found)

    def save(
        self, file: NewFile, names: dict[str, str], changes: Sequence[ChangedSignal]
    ) -> dict[int, tuple[int, int]]:
        """Write the data files as companions; names: their endings, by their names in the header.

        Returned: see `wfdb_header.rewritten`.
        """
        checks: dict[int, tuple[int, int]] = {}
        for number, data in enumerate(self.data):
            mine = [
                changed for changed in changes if (self.places[changed.index] or (-1,))[0] == number
            ]
            first = next(i for i, place in enumerate(self.places) if place == (number, 0))
            target = file.add(names[self.header.signals[first].file])
            frames = self.frames if mine else 0
            begin, total = data.rewrite(target, frames, functools.partial(self._changed, mine))
            for changed in mine:
                column = self.places[changed.index][1]  # type: ignore[index]
                columns = slice(column, column + self.header.signals[changed.index].per_frame)
                checks[changed.index] = int(begin[column]), int(total[columns].sum())
        return checks

    def close(self) -> None:
        for data in self.data:
            data.close()

    def _changed(self, changes: Sequence[ChangedSignal], first: int, codes: Codes) -> Codes:
        result = codes.copy()
        for changed in changes:
            signal = self.header.signals[changed.index]
            place = self.places[changed.index]
            assert place is not None
            columns = slice(place[1], place[1] + signal.per_frame)
            # A skewed signal's first frames were never shown.
            start, stop = max(0, first - signal.skew), first + len(codes) - signal.skew
            if stop <= start:
                continue
            steps = changed.steps(start, stop, signal) if stop > start else np.zeros(0, np.int64)
            part = codes[len(codes) - (stop - start) :, columns]
            lowest, highest, invalid = code_range(signal.format)
            steps = steps.reshape(part.shape)
            wanted = np.clip(part + steps, lowest, highest)
            keep = (steps == 0) | (part == invalid if invalid is not None else False)
            result[len(codes) - (stop - start) :, columns] = np.where(keep, part, wanted)
        return result

    def _codes(self, number: int, first: int, last: int) -> Codes:
        return self.data[number].read(first, last)

    def _open(self) -> None:
        header = self.header
        by_file: dict[str, list[int]] = {}
        for index, signal in enumerate(header.signals):
            if signal.format != NO_SIGNAL:
                by_file.setdefault(signal.file, []).append(index)
        found: dict[int, tuple[int, int]] = {}
        for name, indices in by_file.items():
            if Path(name).name != name:
                sentence = f"{header.path.name} names {name}, which is not beside it."
                raise Unreadable(header.path, sentence)
            path = find(header.path.parent, name)
            if path is None:
                sentence = f"{header.path.name} needs {name}, which is not there beside it."
                raise Unreadable(header.path, sentence)
            try:
                self.data.append(open_data(path, [header.signals[i] for i in indices]))
            except OSError as error:
                raise not_opened(path, error) from error
            column = 0
            for index in indices:
                found[index] = (len(self.data) - 1, column)
                column += header.signals[index].per_frame
        self.places = [found.get(index) for index in range(len(header.signals))]

    def _too_short(self, data: Data) -> Unreadable:
        self.close()
        return Unreadable(
            self.header.path,
            f"{data.path.name} is too short: {self.header.path.name} says {self.frames} samples, "
            f"but only {data.frames} are there.",
        )


@dataclass(frozen=True, slots=True)
class ChangedSignal:
    """row: among the leads of its track. begin: frame of the record where its segment begins."""

    index: int
    changes: Changes
    row: int
    begin: int

    def steps(self, first: int, last: int, signal: Signal) -> NDArray[np.int64]:
        """In codes, from one frame of the segment to another."""
        size = signal.per_frame
        begin = self.begin * size
        found = self.changes.read(begin + first * size, begin + last * size)[self.row]
        steps = np.rint(found.astype(np.float64) * _codes_per_millivolt(signal))
        whole: NDArray[np.int64] = steps.astype(np.int64)
        return whole


class WfdbRecording:
    """See facts.Recording. Raises OSError, Unreadable or Unsupported."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.header = read_header(path)
        self._parts: list[tuple[int, int, Segment | None]] = []  # first frame, frames, segment
        try:
            self._open_segments()
            self.tracks: tuple[Source, ...] = tuple(self._find_tracks())
        except BaseException:
            self.close()
            raise

    @property
    def frames(self) -> int:
        return sum(frames for _, frames, _ in self._parts)

    def values(self, signals: Sequence[int], first: int, last: int) -> Samples:
        found = []
        for begin, frames, segment in self._parts:
            start, stop = max(first, begin), min(last, begin + frames)
            if start >= stop:
                continue
            if segment is None:
                size = (stop - start) * self.signals[signals[0]].per_frame
                found.append(np.full((len(signals), size), np.nan, np.float32))
            else:
                found.append(segment.values(signals, start - begin, stop - begin))
        return np.concatenate(found, axis=1) if found else np.zeros((len(signals), 0), np.float32)

    def save(
        self,
        file: NewFile,
        changes: dict[int, Changes],
        keep_metadata: bool,
        made_by: Provenance | None = None,
    ) -> None:
        file.stem_for = legal_stem
        stem = self.path.stem
        segments = [segment for _, _, segment in self._parts if segment is not None]
        texts = []  # of each header: scratch, header, endings, checks
        heads: dict[str, str] = {}
        for begin, _, segment in self._parts:
            if segment is None:
                continue
            header = segment.header
            names = {s.file: ending(self.header.name, stem, s.file) for s in header.signals}
            checks = segment.save(file, names, self._changed_signals(changes, begin))
            scratch = file.scratch
            if self.header.segments:
                heads[header.path.stem] = ending(self.header.name, stem, header.path.stem)
                scratch = file.add(heads[header.path.stem] + ".hea")
            texts.append((scratch, header, names, checks))
        if self.header.segments:
            texts.append((file.scratch, self.header, heads, {}))
        for path in annotation_files(self.path):
            file.add(path.suffix).write_bytes(path.read_bytes())
        assert len(segments) == len(texts) - bool(self.header.segments)

        def write_headers(stem: str) -> None:
            for scratch, header, names, checks in texts:
                own = heads.get(header.path.stem, "") if header is not self.header else ""
                new = {old: stem + end for old, end in names.items() if old != PAUSE}
                note = made_by.text if made_by and header is self.header else ""
                scratch.write_bytes(rewritten(header, stem + own, new, checks, keep_metadata, note))

        file.before_naming = write_headers

    def close(self) -> None:
        for _, _, segment in self._parts:
            if segment is not None:
                segment.close()

    def _changed_signals(self, changes: dict[int, Changes], begin: int) -> list[ChangedSignal]:
        found = []
        for number, track in enumerate(self.tracks):
            assert isinstance(track, WfdbTrack)
            if number in changes:
                rows = enumerate(track.signals)
                found += [ChangedSignal(i, changes[number], row, begin) for row, i in rows]
        return found

    def _open_segments(self) -> None:
        header = self.header
        if not header.segments:
            segment = Segment(header)
            self._parts.append((0, segment.frames, segment))
            self.signals = header.signals
            return
        if header.segments[0][1] == 0:
            sentence = f"{self.path.name} has segments of variable layout, which is not supported."
            raise Unsupported(self.path, f"{sentence} Its segments can be opened one by one.")
        begin = 0
        names = [name for name, _ in header.segments if name != PAUSE]
        if len(set(names)) < len(names):
            sentence = f"{self.path.name} repeats a segment, which is not supported."
            raise Unsupported(self.path, sentence)
        for name, frames in header.segments:
            if name == PAUSE:
                self._parts.append((begin, frames, None))
            else:
                self._parts.append((begin, frames, self._segment(name, frames)))
            begin += frames
        first = next((s for _, _, s in self._parts if s is not None), None)
        if first is None:
            raise Unreadable(self.path, f"{self.path.name} holds no ECG: all of it is a pause.")
        self.signals = first.header.signals
        shape = [(s.label, s.per_frame) for s in self.signals]
        for _, _, part in self._parts:
            own = part.header.signals if part else self.signals
            if [(s.label, s.per_frame) for s in own] != shape:
                sentence = f"The segments of {self.path.name} do not have the same signals."
                raise Unsupported(self.path, sentence)

    def _segment(self, name: str, frames: int) -> Segment:
        path = find(self.path.parent, f"{name}.hea") if Path(name).name == name else None
        if path is None:
            sentence = f"{self.path.name} needs {name}.hea, which is not there beside it."
            raise Unreadable(self.path, sentence)
        header = read_header(path)
        if header.segments:
            raise Unreadable(path, f"{path.name} is a segment that has segments.")
        return Segment(header, frames)

    def _find_tracks(self) -> list[Source]:
        signals = self.signals
        is_ecg = ecg_channels([s.label for s in signals], [s.unit for s in signals])
        is_ecg = [
            found and signal.format != NO_SIGNAL
            for found, signal in zip(is_ecg, signals, strict=True)
        ]
        others = tuple(s.label for s, ecg in zip(signals, is_ecg, strict=True) if not ecg)
        by_size: dict[int, list[int]] = {}
        for index, ecg in enumerate(is_ecg):
            if ecg:
                by_size.setdefault(signals[index].per_frame, []).append(index)
        tracks = [WfdbTrack(self, found, others) for found in by_size.values()]
        good = [track for track in tracks if usable(track.facts.rate_hz)]
        empty = Facts(self.path, "WFDB", self.header.frame_hz or 1.0, 1, ())
        for facts in [t.facts for t in good or tracks] or [empty]:
            check_facts(facts)
        return list(good)


class WfdbTrack:
    def __init__(
        self, recording: WfdbRecording, signals: Sequence[int], others: tuple[str, ...]
    ) -> None:
        self.signals = signals
        self._recording = recording
        told = [recording.signals[index] for index in signals]
        self._per_frame = told[0].per_frame
        known = all(s.is_calibrated and millivolts(s.unit) is not None for s in told)
        self.facts = Facts(
            recording.path,
            "WFDB",
            recording.header.frame_hz * self._per_frame,
            recording.frames * self._per_frame,
            tuple(signal.label or f"Lead {i + 1}" for i, signal in zip(signals, told, strict=True)),
            told[0].unit,
            others,
            () if known else ("uncalibrated",),
        )

    def read(self, start: int, stop: int) -> Samples:
        size = self._per_frame
        first, last = start // size, -(-stop // size)
        found = self._recording.values(self.signals, first, last)
        return found[:, start - first * size : stop - first * size]

    def close(self) -> None:
        self._recording.close()


def _millivolts(signal: Signal, codes: Codes) -> Samples:
    scale = 1.0 / _codes_per_millivolt(signal)
    values: Samples = ((codes.astype(np.float64) - signal.baseline) * scale).astype(np.float32)
    invalid = code_range(signal.format)[2]
    if invalid is not None:
        values[codes == invalid] = np.nan
    return values


def _codes_per_millivolt(signal: Signal) -> float:
    """A header without a gain, or with 0, leaves the signal uncalibrated: 200 codes a millivolt."""
    return (signal.gain or USUAL_GAIN) / (millivolts(signal.unit) or 1.0)
