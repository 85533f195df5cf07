"""Tables of numbers (CSV, TSV and the like): read once into a temporary file, and written as the
same text with other numbers in the columns that are ECG.
"""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from desktop_ae.core.clip import Samples
from desktop_ae.core.domain import Options
from desktop_ae.core.errors import NeedsFacts, Unreadable
from desktop_ae.core.provenance import Provenance
from desktop_ae.core.saving import NewFile
from desktop_ae.domains.ecg.facts import Changes, Facts, Source, check_facts
from desktop_ae.domains.ecg.given import rate_given, unit_of
from desktop_ae.domains.ecg.leads import millivolts
from desktop_ae.domains.ecg.spool import Rows
from desktop_ae.domains.ecg.stretches import Stretches, shortened, without_gaps
from desktop_ae.domains.ecg.table_cells import increased, is_comment
from desktop_ae.domains.ecg.table_layout import find_layout
from desktop_ae.domains.ecg.table_time import rate_in_words

CHUNK_LINES = 20_000
EXCERPTS = 20
_FAST_DELIMITERS = {" ": None, ",": ",", ";": ";", "\t": "\t", "|": "|"}


class TableRecording:
    """See facts.Recording. Raises OSError, NeedsFacts, Unreadable, Unsupported or UnknownName."""

    def __init__(self, path: Path, options: Options) -> None:
        self.path = path
        self.layout = find_layout(path, options)
        layout = self.layout
        given = rate_given(options)
        told = layout.clock.rate_hz if layout.clock else rate_in_words(layout.above)
        rate_hz = given or told
        if rate_hz is None:
            sentence = f"{path.name} does not say how many samples a second it has."
            raise NeedsFacts(path, sentence)
        self._rows = Rows(len(layout.ecg))
        self._times_count = bool(
            layout.clock and (given is None or abs(given - layout.clock.rate_hz) < 0.05 * given)
        )
        try:
            self._stretches = self._read_all(rate_hz)
            self._find_scales(rate_hz)
        except BaseException:
            self.close()
            raise
        labels = [layout.columns[i].label or f"Lead {n + 1}" for n, i in enumerate(layout.ecg)]
        others = [
            c.label or str(i + 1) for i, c in enumerate(layout.columns) if i not in layout.ecg
        ]
        notes = []
        if self._stretches.gaps:
            notes.append(f"{self._stretches.gaps} gap{'s' if self._stretches.gaps > 1 else ''}")
        if any(not layout.columns[i].unit for i in layout.ecg):
            notes.append("unit guessed")
        total = self._stretches.total
        unit = self._units[0]
        facts = Facts(
            *(path, "CSV", rate_hz, total, tuple(labels), unit, tuple(others), tuple(notes))
        )
        check_facts(facts)
        self.tracks: tuple[Source, ...] = (TableTrack(self, facts),)

    def values(self, start: int, stop: int) -> Samples:
        values = np.full((len(self._units), stop - start), np.nan, np.float32)
        for at, place, count in self._stretches.parts(start, stop):
            part = self._rows.read(place, place + count).T
            values[:, at : at + count] = part * self._scales[:, None]
        return values

    def save(
        self,
        file: NewFile,
        changes: dict[int, Changes],
        keep_metadata: bool,
        made_by: Provenance | None = None,
    ) -> None:
        layout = self.layout
        found = changes.get(0)
        if found is None:
            shutil.copyfile(self.path, file.scratch)
            return
        errors = "surrogateescape" if layout.encoding == "utf-8" else "surrogatepass"
        with (
            self.path.open("rb") as raw,
            file.scratch.open("wb") as begin,
        ):
            begin.write(raw.read(layout.mark))
        done = 0
        with (
            layout.open(self.path) as source,
            file.scratch.open("a", encoding=layout.encoding, errors=errors, newline="") as out,
        ):
            out.writelines(itertools.islice(source, layout.header))
            while lines := list(itertools.islice(source, CHUNK_LINES)):
                rows = [layout.cells.split(line) for line in lines]
                moments = [layout.is_row(*pair) for pair in zip(lines, rows, strict=True)]
                added = self._added(found, done, sum(moments))
                more: list[list[float]] = added.tolist()
                changing: list[bool] = [any(row) for row in more]
                at = 0
                for i, is_moment in enumerate(moments):
                    if is_moment:
                        if changing[at]:
                            lines[i] = self._rewritten(lines[i], rows[i], more[at])
                        at += 1
                done += at
                out.writelines(lines)
        if done != self._rows.count:
            raise Unreadable(self.path, f"{self.path.name} was changed while it was cleaned.")

    def close(self) -> None:
        self._rows.close()

    def _read_all(self, rate_hz: float) -> Stretches:
        layout = self.layout
        begins, sizes = [0], [0]
        before: float | None = None
        with layout.open(self.path) as source:
            for _ in itertools.islice(source, layout.header):
                continue
            while lines := list(itertools.islice(source, CHUNK_LINES)):
                values, times = self._parsed(lines)
                self._rows.append(values)
                start = 0
                if times is not None and len(times):
                    assert layout.clock is not None
                    joined = np.concatenate([[times[0] if before is None else before], times])
                    for place in np.flatnonzero(missing := layout.clock.gaps(joined)).tolist():
                        sizes[-1] += place - start
                        begins.append(begins[-1] + sizes[-1] + int(missing[place]))
                        sizes.append(0)
                        start = place
                    valid = times[~np.isnan(times)]
                    before = float(valid[-1]) if len(valid) else before
                sizes[-1] += len(values) - start
        if len(begins) == 1:
            return without_gaps(self._rows.count)
        return Stretches(shortened(begins, sizes, rate_hz), sizes)

    def _parsed(
        self, lines: Sequence[str]
    ) -> tuple[NDArray[np.float32], NDArray[np.float64] | None]:
        """`(rows, leads)` in the columns' own units, and the rows' times."""
        layout = self.layout
        fast = self._parsed_fast(lines)
        if fast is not None:
            return fast
        rows = [
            row
            for line, row in zip(lines, map(layout.cells.split, lines), strict=True)
            if layout.is_row(line, row)
        ]
        number = layout.cells.number
        found = [[number(r[i]) if i < len(r) else np.nan for i in layout.ecg] for r in rows]
        values = np.array(found, np.float64).reshape(len(rows), len(layout.ecg))
        return _single(values), self._times([_cell(row, self._time_column) for row in rows])

    def _parsed_fast(
        self, lines: Sequence[str]
    ) -> tuple[NDArray[np.float32], NDArray[np.float64] | None] | None:
        """By numpy's parser, if every line is a row of numbers throughout."""
        layout = self.layout
        cells = layout.cells
        clock = layout.clock if self._times_count else None
        columns = [*layout.ecg, *([clock.column] if clock and clock.seconds else [])]
        text: Sequence[str] = lines
        if any(is_comment(line) or not line.strip() or "'" in line for line in lines):
            return None
        if cells.decimal == ",":
            if cells.delimiter == ",":
                return None
            text = [line.replace(",", ".") for line in lines]
        try:
            found = np.loadtxt(
                text,
                delimiter=_FAST_DELIMITERS[cells.delimiter],
                usecols=columns,
                comments=None,
                quotechar='"',
                ndmin=2,
            )
        except ValueError:
            return None
        if len(found) != len(lines):
            return None
        if clock is None:
            return _single(found), None
        if clock.seconds:
            return _single(found[:, :-1]), found[:, -1] * clock.seconds
        times = self._times([_cell(cells.split(line), clock.column) for line in lines])
        return _single(found), times

    def _times(self, words: Sequence[str]) -> NDArray[np.float64] | None:
        if not self._times_count:
            return None
        assert self.layout.clock is not None
        return self.layout.clock.times(self.layout.cells, words)

    @property
    def _time_column(self) -> int:
        return self.layout.clock.column if self.layout.clock else 0

    def _find_scales(self, rate_hz: float) -> None:
        """Millivolts in one of each column's unit. One unit is guessed for all that have none."""
        layout = self.layout
        units = [layout.columns[i].unit for i in layout.ecg]
        if any(millivolts(unit) is None for unit in units):
            count = self._rows.count
            length = min(count, max(2, int(2 * rate_hz)))
            starts = np.linspace(0, count - length, EXCERPTS).astype(int).tolist()
            unknown = [n for n, unit in enumerate(units) if millivolts(unit) is None]
            parts = [self._rows.read(start, start + length).T[unknown] for start in starts]
            guessed = unit_of(parts)
            units = [guessed if millivolts(unit) is None else unit for unit in units]
        self._units = units
        self._scales = np.array([millivolts(unit) or 1.0 for unit in units], np.float32)
        self._places = [
            layout.columns[i].places_in(unit) for i, unit in zip(layout.ecg, units, strict=True)
        ]

    def _added(self, changes: Changes, first: int, count: int) -> NDArray[np.float64]:
        """To some rows of the file, in the columns' own units, `(count, leads)`."""
        added = np.zeros((count, len(self._units)))
        for start, place, size in self._stretches.places(first, count):
            added[place : place + size] = changes.read(start, start + size).T
        return added / self._scales

    def _rewritten(self, line: str, row: Sequence[str], added: Sequence[float]) -> str:
        layout = self.layout
        cells = layout.cells
        changed = {}
        for column, more, places in zip(layout.ecg, added, self._places, strict=True):
            if more and column < len(row):
                changed[column] = increased(row[column], more, places, cells.decimal)
        if cells.delimiter == " ":
            return _replaced(line, cells.spans(line), changed)
        new = list(row)
        for column, text in changed.items():
            new[column] = text
        return cells.delimiter.join(new) + line[len(line.rstrip("\r\n")) :]


class TableTrack:
    def __init__(self, recording: TableRecording, facts: Facts) -> None:
        self._recording = recording
        self.facts = facts

    def read(self, start: int, stop: int) -> Samples:
        return self._recording.values(start, stop)

    def close(self) -> None:
        self._recording.close()


def _replaced(line: str, spans: Sequence[tuple[int, int]], changed: dict[int, str]) -> str:
    """A line whose cells stand between spaces, which give way where a number becomes longer."""
    parts: list[str] = []
    at = 0
    for i, (start, stop) in enumerate(spans):
        text = changed.get(i, line[start:stop])
        space = line[at:start]
        shorter = len(space) - (len(text) - (stop - start))
        if i in changed and len(space) > 1:
            space = space[0] * max(1, shorter) if set(space) == {" "} else space
        parts += [space, text]
        at = stop
    return "".join([*parts, line[at:]])


def _cell(row: Sequence[str], place: int) -> str:
    return row[place] if place < len(row) else ""


def _single(values: NDArray[np.float64]) -> NDArray[np.float32]:
    with np.errstate(over="ignore"):
        found = values.astype(np.float32)
    found[~np.isfinite(found)] = np.nan
    return found
