"""EDF, EDF+, BDF and BDF+: read in place, and written as a copy with other samples in its records:
header, annotations and all other signals stay as the bytes that they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

from desktop_ae.core.clip import Samples
from desktop_ae.core.errors import Unreadable
from desktop_ae.core.provenance import Provenance
from desktop_ae.core.saving import NewFile
from desktop_ae.domains.ecg.edf_header import (
    ANNOTATIONS,
    HEAD_BYTES,
    Header,
    Signal,
    onsets,
    read_header,
    with_maker,
    without_person,
)
from desktop_ae.domains.ecg.facts import Changes, Facts, Source, check_facts, usable
from desktop_ae.domains.ecg.leads import ecg_channels, millivolts
from desktop_ae.domains.ecg.spool import SourceBytes
from desktop_ae.domains.ecg.stretches import Stretches, shortened, without_gaps

BLOCK_BYTES = 2**22
LONG_RECORD_BYTES = 2**24
BLOCK_SAMPLES = 2**16
Codes = NDArray[np.int32]
Bytes = NDArray[np.uint8]


class EdfRecording:
    """See facts.Recording. Raises OSError, Unreadable or Unsupported."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.bytes = SourceBytes(path)
        try:
            self.header = read_header(self.bytes)
            # In records.
            self.starts = self._record_starts()
            self.tracks: tuple[Source, ...] = tuple(self._find_tracks())
        except BaseException:
            self.close()
            raise

    def records(self, first: int, last: int) -> Bytes:
        """`(last - first, bytes of a record)`."""
        size = self.header.record_bytes
        content = self.bytes.read(self.header.bytes + first * size, (last - first) * size)
        return np.frombuffer(content, np.uint8).reshape(-1, size)

    def codes(self, signals: Sequence[Signal], place: int, count: int) -> Codes:
        """`(signals, count)` from a place on; signals of as many samples in a record."""
        size, width = signals[0].size, self.header.width
        if self.has_long_records:
            return np.stack([self._codes_of(signal, place, count) for signal in signals])
        first, last = place // size, -(-(place + count) // size)
        step = max(1, BLOCK_BYTES // self.header.record_bytes)
        found = [np.zeros((len(signals), 0), np.int32)]
        for begin in range(first, last, step):
            records = self.records(begin, min(begin + step, last))
            parts = [records[:, s.start : s.start + s.size * width] for s in signals]
            found.append(np.stack([_decoded(part, width) for part in parts]))
        skipped = place - first * size
        return np.concatenate(found, axis=1)[:, skipped : skipped + count]

    @property
    def has_long_records(self) -> bool:
        """Whether one does not fit into memory: some programs write one for a whole day."""
        return self.header.record_bytes > LONG_RECORD_BYTES

    def offset(self, signal: Signal, place: int) -> int:
        record, inside = divmod(place, signal.size)
        header = self.header
        begin = header.bytes + record * header.record_bytes
        return begin + signal.start + inside * header.width

    def _codes_of(self, signal: Signal, place: int, count: int) -> Codes:
        found = [np.zeros(0, np.int32)]
        while count > 0:
            part = min(count, signal.size - place % signal.size)
            width = self.header.width
            raw = self.bytes.read(self.offset(signal, place), part * width)
            found.append(_decoded(np.frombuffer(raw, np.uint8), width))
            place, count = place + part, count - part
        return np.concatenate(found)

    def save(
        self,
        file: NewFile,
        changes: dict[int, Changes],
        keep_metadata: bool,
        made_by: Provenance | None = None,
    ) -> None:
        header = self.header
        tracks = [(self.tracks[number], found) for number, found in changes.items()]
        with file.scratch.open("wb") as out:
            head = self.bytes.read(0, HEAD_BYTES)
            if not keep_metadata:
                head = without_person(head)
            out.write(with_maker(head, made_by) if made_by else head)
            self.bytes.copy_to(out, HEAD_BYTES, header.bytes)
            if self.has_long_records:
                self.bytes.copy_to(out, out.tell())
                for track, found in tracks:
                    assert isinstance(track, EdfTrack)
                    track.patch(out, found)
                return
            step = max(1, BLOCK_BYTES // header.record_bytes)
            for first in range(0, header.records, step):
                records = self.records(first, min(first + step, header.records)).copy()
                for track, found in tracks:
                    assert isinstance(track, EdfTrack)
                    track.change(records, first, found)
                out.write(records.tobytes())
            self.bytes.copy_to(out, out.tell())

    def close(self) -> None:
        self.bytes.close()

    def _record_starts(self) -> list[float] | None:
        """When each record begins, in records; None if one follows the other."""
        header = self.header
        if not header.is_broken or header.records < 1 or header.seconds <= 0:
            return None
        seconds = onsets(self.bytes, header)
        if seconds is None:
            sentence = f"{self.path.name} has gaps, but does not say when its records begin."
            raise Unreadable(self.path, sentence)
        return [(second - seconds[0]) / header.seconds for second in seconds]

    def _find_tracks(self) -> list[Source]:
        header = self.header
        told = [s for s in header.signals if s.label not in ANNOTATIONS and s.size > 0]
        is_ecg = ecg_channels([s.label for s in told], [s.unit for s in told])
        others = tuple(s.label for s, ecg in zip(told, is_ecg, strict=True) if not ecg)
        by_size: dict[int, list[Signal]] = {}
        for signal, ecg in zip(told, is_ecg, strict=True):
            if ecg:
                by_size.setdefault(signal.size, []).append(signal)
        if by_size and header.seconds <= 0:
            raise Unreadable(
                self.path, f"{self.path.name} does not say how many samples a second it has."
            )
        tracks = [EdfTrack(self, found, others) for found in by_size.values()]
        good = [track for track in tracks if usable(track.facts.rate_hz)]
        empty = Facts(self.path, header.kind, 1.0, 1, ())
        for facts in [t.facts for t in good or tracks] or [empty]:
            check_facts(facts)
        return list(good)


class EdfTrack:
    """Signals of as many samples in a record."""

    def __init__(
        self, recording: EdfRecording, signals: Sequence[Signal], others: tuple[str, ...]
    ) -> None:
        self._recording = recording
        self._signals = signals
        self._size = signals[0].size
        header = recording.header
        rate_hz = self._size / header.seconds
        self._stretches = _stretches(recording.starts, self._size, header, rate_hz)
        notes = []
        if self._stretches.gaps:
            notes.append(f"{self._stretches.gaps} gap{'s' if self._stretches.gaps > 1 else ''}")
        if header.records < header.told:
            notes.append("cut short")
        if not all(s.is_calibrated for s in signals):
            notes.append("uncalibrated")
        self._scale = np.array([s.units_per_code * _millivolts(s.unit) for s in signals])
        self._offset = np.array([_offset(s) * _millivolts(s.unit) for s in signals])
        self.facts = Facts(
            recording.path,
            header.kind,
            rate_hz,
            self._stretches.total,
            tuple(s.label or f"Lead {i + 1}" for i, s in enumerate(signals)),
            signals[0].unit,
            others,
            tuple(notes),
        )

    def read(self, start: int, stop: int) -> Samples:
        values = np.full((len(self._signals), stop - start), np.nan, np.float32)
        for at, place, count in self._stretches.parts(start, stop):
            codes = self._recording.codes(self._signals, place, count).astype(np.float64)
            values[:, at : at + count] = codes * self._scale[:, None] + self._offset[:, None]
        return values

    def change(self, records: Bytes, first: int, changes: Changes) -> None:
        """Add the changes to some records, in place; `first` is the number of their first."""
        width = self._recording.header.width
        added = self._added(changes, first * self._size, len(records) * self._size)
        for row, signal in enumerate(self._signals):
            part = slice(signal.start, signal.start + signal.size * width)
            codes = self._changed(row, _decoded(records[:, part], width), added[row])
            records[:, part] = _encoded(codes, width).reshape(len(records), -1)

    def patch(self, out: IO[bytes], changes: Changes) -> None:
        """Add the changes to a copy of the file."""
        recording = self._recording
        for record in range(recording.header.records):
            for inside in range(0, self._size, BLOCK_SAMPLES):
                place = record * self._size + inside
                count = min(BLOCK_SAMPLES, self._size - inside)
                added = self._added(changes, place, count)
                before = recording.codes(self._signals, place, count)
                for row, signal in enumerate(self._signals):
                    codes = self._changed(row, before[row], added[row])
                    out.seek(recording.offset(signal, place))
                    out.write(_encoded(codes, recording.header.width).tobytes())

    def _added(self, changes: Changes, place: int, count: int) -> Samples:
        added = np.zeros((len(self._signals), count), np.float32)
        for start, at, size in self._stretches.places(place, count):
            added[:, at : at + size] = changes.read(start, start + size)
        return added

    def _changed(self, row: int, codes: Codes, added: Samples) -> Codes:
        signal = self._signals[row]
        steps = np.rint(added.astype(np.float64) / self._scale[row]).astype(np.int64)
        half = 1 << 8 * self._recording.header.width - 1
        limits = sorted((signal.digital_least, signal.digital_greatest))
        lowest, highest = max(limits[0], -half), min(limits[1], half - 1)
        if lowest >= highest:
            lowest, highest = -half, half - 1
        wanted = np.where(steps == 0, codes, np.clip(codes + steps, lowest, highest))
        return wanted.astype(np.int32)

    def close(self) -> None:
        self._recording.close()


def _stretches(
    starts: Sequence[float] | None, size: int, header: Header, rate_hz: float
) -> Stretches:
    if starts is None:
        return without_gaps(size * header.records)
    begins, sizes = [0], [0]
    for record, start in enumerate(starts):
        begin = round(start * size)
        end = begins[-1] + sizes[-1]
        # Times are told with few decimals; what is off by less than a sample is no gap.
        if record and abs(start * size - end) > 1.0:
            begins.append(begin)
            sizes.append(0)
        sizes[-1] += size
    return Stretches(shortened(begins, sizes, rate_hz), sizes)


def _decoded(part: Bytes, width: int) -> Codes:
    raw = np.ascontiguousarray(part).reshape(-1)
    if width == 2:
        return raw.view("<i2").astype(np.int32)
    wide = np.zeros((len(raw) // 3, 4), np.uint8)
    wide[:, 1:] = raw.reshape(-1, 3)
    codes: Codes = wide.reshape(-1).view("<i4").astype(np.int32) >> 8
    return codes


def _encoded(codes: Codes, width: int) -> Bytes:
    if width == 2:
        return codes.astype("<i2").view(np.uint8)
    wide = codes.astype("<i4").view(np.uint8).reshape(-1, 4)
    return np.ascontiguousarray(wide[:, :3]).reshape(-1)


def _millivolts(unit: str) -> float:
    return millivolts(unit) or 1.0


def _offset(signal: Signal) -> float:
    """In the signal's unit, of code 0."""
    if not signal.is_calibrated:
        return 0.0
    return signal.least - signal.digital_least * signal.units_per_code
