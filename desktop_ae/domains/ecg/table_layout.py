"""What a table of numbers looks like: found out from its first lines and what a person says."""

from __future__ import annotations

import codecs
import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np

from desktop_ae.core.domain import Options
from desktop_ae.core.errors import Unreadable, Unsupported
from desktop_ae.domains.ecg.given import columns_given, time_column_given, unit_given
from desktop_ae.domains.ecg.leads import ecg_channels, label_and_unit, millivolts
from desktop_ae.domains.ecg.table_cells import (
    Cells,
    bare,
    best_delimiter,
    decimals,
    is_comment,
    is_missing,
    is_number,
    is_row,
)
from desktop_ae.domains.ecg.table_time import Clock, find_clock, is_index, is_time_name

HEAD_CHARACTERS = 2**18
HEAD_LINES = 4200
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UNIT_WORDS = re.compile(
    r"(?i)[\[('\"]*(mv|[uµμ\udcb5]v|nv|v|s|ms|us|sec\w*|hh:mm\S*|mm:ss\S*|adu|a\.?u\.?|nu|-|mmhg"
    r"|bpm|hz|%|count\w*|n/?a|date|time|millivolts?|microvolts?|volts?|)[\])'\"]*"
)
_UNIT_LINE = re.compile(r"(?i)\W*(?:units?|einheit)\W+(mV|[uµμ]V|V|millivolts?|microvolts?)\W*")
# "Device,Watch" above a single column; the one about a lead names the column.
_FACT_LINE = re.compile(r"([^\"',;:=]+)[,;:=]\s*(.*)")
_LEAD_LINE = re.compile(r"(?i)\s*(?:lead|ableitung|channel|kanal)\s*")
# More columns than this beside fewer rows: each row is a lead.
_MOST_COLUMNS = 200
# The finest steps that matter, of an ECG in millivolts.
_FINEST_MV = 1e-3


@dataclass(frozen=True, slots=True)
class Column:
    """unit: "" if unknown. places: decimals that its numbers have."""

    label: str
    unit: str
    places: int

    def places_in(self, unit: str) -> int:
        """As many decimals as it has, and as an ECG in `unit` needs."""
        needed = np.ceil(-np.log10(_FINEST_MV / (millivolts(unit) or 1.0)) - 1e-9)
        return max(self.places, int(needed))


@dataclass(frozen=True, slots=True)
class Layout:
    """encoding: its mark of byte order takes `mark` bytes. header: lines before the first row.

    columns: all of them. ecg: places of those that are ECG. clock: how time is told, if it is.
    above: the header's lines.
    """

    encoding: str
    mark: int
    cells: Cells
    header: int
    columns: tuple[Column, ...]
    ecg: tuple[int, ...]
    clock: Clock | None
    above: tuple[str, ...]

    def is_row(self, line: str, row: Sequence[str]) -> bool:
        """Whether a line behind the header is a moment: not empty, no comment, no words alone."""
        if line.isspace() or is_comment(line):
            return False
        return len(row) > self.ecg[-1] or any(is_number(cell) for cell in row)

    def open(self, path: Path) -> IO[str]:
        """At the first line. Line endings are kept, and bytes that are no text."""
        errors = "surrogateescape" if self.encoding == "utf-8" else "surrogatepass"
        file = path.open("r", encoding=self.encoding, errors=errors, newline="")
        file.seek(self.mark)
        return file


def find_layout(path: Path, options: Options) -> Layout:
    """Raises OSError, Unreadable, Unsupported, or UnknownName for options that do not fit."""
    with path.open("rb") as raw:
        head = raw.read(4)
    mark, encoding = next(
        ((len(bom), name) for bom, name in _BOMS if head.startswith(bom)), (0, "utf-8")
    )
    cells = Cells(",")
    whole = Layout(encoding, mark, cells, 0, (), (0,), None, ())
    try:
        with whole.open(path) as file:
            text = file.read(HEAD_CHARACTERS)
            is_all = not file.read(1)
    except UnicodeError as error:
        raise _no_table(path) from error
    lines = list(io.StringIO(text, newline=""))[:HEAD_LINES]
    if not is_all and len(lines) > 1:
        lines.pop()
    told = [line for line in lines if line.strip() and not is_comment(line)]
    cells = _cells(told[-200:])
    first = _first_row(cells, lines)
    if first is None:
        raise _no_table(path)
    rows = [cells.split(line) for line in lines[first:] if line.strip() and not is_comment(line)]
    width = Counter(len(row) for row in rows).most_common(1)[0][0]
    if width > _MOST_COLUMNS and (len(rows) < width / 4 or not is_all):
        sentence = f"{path.name} has {width} columns: turn it, so that each lead is a column."
        raise Unsupported(path, sentence)
    labels, units = _names(cells, lines[:first], width)
    return _with_columns(
        Layout(encoding, mark, cells, first, (), (0,), None, tuple(lines[:first])),
        [row for row in rows if len(row) == width],
        labels,
        units,
        options,
        path,
    )


def _with_columns(
    found: Layout,
    rows: Sequence[Sequence[str]],
    labels: Sequence[str],
    units: Sequence[str],
    options: Options,
    path: Path,
) -> Layout:
    cells = found.cells
    words = [[row[i] for row in rows] for i in range(len(labels))]
    numeric = [any(is_number(w) for w in column) and _share(column) >= 0.5 for column in words]
    time = time_column_given(options, labels)
    clock = _clock(cells, labels, units, words, numeric, time)
    given = columns_given(options, labels)
    if given is not None:
        ecg = sorted(set(given))
    else:
        open_to = [
            i
            for i, column in enumerate(words)
            if (numeric[i] or (labels[i] and all(is_missing(w) for w in column)))
            and not (clock and clock.column == i)
            and i != time
            and not is_time_name(labels[i])
            and not (len(words) > 1 and is_index(labels[i], _numbers(cells, column)))
        ]
        told = _unit_above(found.above)
        is_ecg = ecg_channels([labels[i] for i in open_to], [units[i] or told for i in open_to])
        ecg = [i for i, ecg in zip(open_to, is_ecg, strict=True) if ecg]
    if not any(numeric):
        raise _no_table(path)
    if not ecg:
        raise Unsupported(path, f"{path.name} has no column that is an ECG.")
    told = unit_given(options) or _unit_above(found.above)
    columns = tuple(
        Column(labels[i], units[i] or told, max((decimals(w) for w in words[i]), default=0))
        for i in range(len(labels))
    )
    return Layout(
        *(found.encoding, found.mark, cells, found.header, columns, tuple(ecg), clock, found.above)
    )


def _clock(
    cells: Cells,
    labels: Sequence[str],
    units: Sequence[str],
    words: Sequence[Sequence[str]],
    numeric: Sequence[bool],
    time: int | None,
) -> Clock | None:
    if time is not None:
        return find_clock(cells, time, labels[time], units[time], words[time], True)
    found = []
    for i, label in enumerate(labels):
        is_open = bool(label) or (i == 0 and len(labels) > 1)
        if is_open and (is_time_name(label) or not numeric[i] or not label):
            found.append(find_clock(cells, i, label, units[i], words[i]))
    # The one that goes on most evenly: others tell when packets of samples came.
    clocks = [clock for clock in found if clock]
    return min(clocks, key=lambda clock: clock.longest * clock.rate_hz, default=None)


def _cells(lines: Sequence[str]) -> Cells:
    delimiter = best_delimiter(lines)
    cells = Cells(delimiter)
    rows = [row for row in map(cells.split, lines) if is_row(row)]
    if delimiter == "," and _are_halves(rows):
        return Cells(";", ",")
    some = [bare(cell) for row in rows for cell in row]
    has_commas = any(is_number(cell) and "," in cell for cell in some)
    has_points = any(is_number(cell) and "." in cell for cell in some)
    return Cells(delimiter, "," if has_commas and not has_points else ".")


def _are_halves(rows: Sequence[Sequence[str]]) -> bool:
    """Whether a comma between two whole numbers is a decimal one: "-0,045" over "1,120"."""
    if not rows or any(len(row) != 2 or not row[1].strip().isdigit() for row in rows):
        return False
    sizes = {len(row[1].strip()) for row in rows}
    first = [row[0].strip() for row in rows]
    has_zeros = any(row[1].startswith("0") and len(row[1].strip()) > 1 for row in rows)
    return (len(sizes) == 1 or has_zeros) and any(word.startswith("-") for word in first)


def _first_row(cells: Cells, lines: Sequence[str]) -> int | None:
    """The first line that looks like a moment, and is followed by one as long if by any."""
    rows = [
        (i, cells.split(line))
        for i, line in enumerate(lines)
        if line.strip() and not is_comment(line)
    ]
    widths = Counter(len(row) for _, row in rows if is_row(row))
    if not widths:
        return None
    usual = widths.most_common(1)[0][0]
    for place, (i, row) in enumerate(rows):
        after = rows[place + 1][1] if place + 1 < len(rows) else row
        if len(row) == usual == len(after) and is_row(row) and is_row(after):
            return i
    return next((i for i, row in rows if len(row) == usual and is_row(row)), None)


def _names(cells: Cells, above: Sequence[str], width: int) -> tuple[list[str], list[str]]:
    """Labels and units of the columns, from the lines above them; "" where there are none."""
    found: list[list[str]] = []
    for line in reversed(above):
        text = line.strip().lstrip("#%/").strip("\r\n") if is_comment(line) else line
        row = [bare(cell) for cell in cells.split(text)]
        if width == 1 and (fact := _FACT_LINE.fullmatch(text.strip())):
            row = [fact[2]] if _LEAD_LINE.fullmatch(fact[1]) else []
        if len(row) == width and any(row):
            found.append(row)
        if len(found) == 2:
            break
    units = [""] * width
    if found and all(_UNIT_WORDS.fullmatch(cell) for cell in found[0]) and len(found) > 1:
        units = [cell.strip("[]()") for cell in found.pop(0)]
    labels = found[0] if found and not all(is_number(cell) for cell in found[0]) else [""] * width
    named = [label_and_unit(label) for label in labels]
    return [label for label, _ in named], [
        unit or own for unit, (_, own) in zip(units, named, strict=True)
    ]


def _unit_above(above: Sequence[str]) -> str:
    """As in "Unit,µV", on a line of its own."""
    found = (_UNIT_LINE.fullmatch(line.strip()) for line in above)
    return next((match[1] for match in found if match), "")


def _numbers(cells: Cells, words: Sequence[str]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.array([cells.number(word) for word in words])


def _share(words: Sequence[str]) -> float:
    filled = [word for word in words if not is_missing(word)]
    return sum(is_number(word) for word in filled) / max(1, len(filled))


def _no_table(path: Path) -> Unreadable:
    return Unreadable(path, f"{path.name} has no columns of numbers that can be read.")
