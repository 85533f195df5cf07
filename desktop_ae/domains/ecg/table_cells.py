"""Lines of a table: where its cells are, and what is in them."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+|\d*,\d+)(?:[eE][-+]?\d+)?")
_CLOCK = re.compile(r"(?:(\d+):)?(\d{1,2}):(\d{1,2}(?:[.,:]\d+)?)(?:\s*([aApP])\.?[mM]\.?)?")
_MISSING = {"", "nan", "na", "n/a", "null", "none", "-", "--", "?", "inf", "-inf", "+inf"}
_COMMENTS = ("#", "%", "//")
_QUOTES = "'\""
_PLAIN = "-.0123456789"
# Longer ones are what a computer prints of its own accord: no other number needs as many.
_MOST_PLACES = 9
_WORD = re.compile(r"\S+")
DELIMITERS = (";", "\t", "|", ",", " ")


@dataclass(frozen=True, slots=True)
class Cells:
    """delimiter: " " for any spaces and tabs. decimal: "." or ","."""

    delimiter: str
    decimal: str = "."

    def spans(self, line: str) -> list[tuple[int, int]]:
        """Where each cell begins and ends, without the line's ending."""
        line = line.rstrip("\r\n")
        if self.delimiter == " ":
            return [found.span() for found in _WORD.finditer(line)]
        spans = []
        start = 0
        quote = ""
        for at, letter in enumerate(line if any(q in line for q in _QUOTES) else ""):
            if quote:
                quote = "" if letter == quote else quote
            elif letter in _QUOTES and not line[start:at].strip():
                quote = letter
            elif letter == self.delimiter:
                spans.append((start, at))
                start = at + 1
        if not spans and not quote:
            for cell in line.split(self.delimiter):
                spans.append((start, start + len(cell)))
                start += len(cell) + 1
            return spans
        return [*spans, (start, len(line))]

    def split(self, line: str) -> list[str]:
        if self.delimiter == " ":
            return line.split()
        if not any(quote in line for quote in _QUOTES):
            return line.rstrip("\r\n").split(self.delimiter)
        return [line[start:stop] for start, stop in self.spans(line)]

    def number(self, cell: str) -> float:
        """NaN for anything that is no number."""
        text = bare(cell)
        if self.decimal == ",":
            text = text.replace(",", ".")
        try:
            number = float(text)
        except ValueError:
            return math.nan
        return number if math.isfinite(number) and "_" not in text else math.nan


def bare(cell: str) -> str:
    return cell.strip().strip(_QUOTES).strip()


def is_number(cell: str) -> bool:
    return bool(NUMBER.fullmatch(bare(cell)))


def is_missing(cell: str) -> bool:
    return bare(cell).lower() in _MISSING


def is_comment(line: str) -> bool:
    return line.lstrip().startswith(_COMMENTS)


def clock_seconds(cell: str) -> float:
    """Seconds since midnight, or since the hour, of a time of day in a cell; NaN without one."""
    found = _CLOCK.search(bare(cell))
    if found is None:
        return math.nan
    hours, minutes, seconds, half = found.groups()
    hour = int(hours or 0)
    if half:
        hour = hour % 12 + (12 if half in "pP" else 0)
    whole, _, fraction = re.sub("[,:]", ".", seconds).partition(".")
    return 3600.0 * hour + 60.0 * int(minutes) + float(f"{whole}.{fraction or 0}")


def decimals(cell: str) -> int:
    """How many digits follow the decimal sign."""
    mantissa = re.split("[eE]", bare(cell))[0]
    parts = re.split("[.,]", mantissa)
    return len(parts[1]) if len(parts) == 2 else 0


def increased(cell: str, more: float, places: int, decimal: str) -> str:
    """A cell whose number is greater by `more`, as `rewritten`; NaN stays as it is."""
    plain = cell.replace(",", ".") if decimal == "," else cell
    if not plain.strip(_PLAIN):  # nearly every cell of nearly every table
        digits = len(plain) - plain.find(".") - 1 if "." in plain else 0
        text = f"{float(plain) + more:.{max(min(places, _MOST_PLACES), digits)}f}"
        if text[0] == "-" and not text.strip("-0."):
            text = text[1:]
        return text.replace(".", ",") if decimal == "," else text
    number = Cells("", decimal).number(cell)
    return cell if math.isnan(number) else rewritten(cell, number + more, places, decimal)


def rewritten(cell: str, number: float, places: int, decimal: str) -> str:
    """A cell with another number in it: same quotes, padding, sign and notation."""
    old = bare(cell)
    places = min(places, _MOST_PLACES)
    if "e" in old.lower():
        text = f"{number:.{max(places, decimals(old))}e}"
        text = text.upper() if "E" in old else text
    else:
        text = f"{number:.{max(places, decimals(old))}f}"
    if text.startswith("-") and float(text) == 0:
        text = text[1:]
    if old.startswith("+") and not text.startswith("-"):
        text = f"+{text}"
    if decimal == ",":
        text = text.replace(".", ",")
    start = cell.index(old)
    before, after = cell[:start], cell[start + len(old) :]
    longer = len(text) - len(old)
    if longer and before and not before.strip():  # a column of a fixed width
        keep = max(1, len(before) - longer)
        return before[:1] * keep + text + after
    return before + text + after


def best_delimiter(lines: Sequence[str]) -> str:
    """Of lines that are mostly numbers."""
    return max(DELIMITERS, key=lambda delimiter: _fit(Cells(delimiter), lines))


def _fit(cells: Cells, lines: Sequence[str]) -> tuple[int, int]:
    """How many lines look like rows with it, and how many numbers there are in them, less words."""
    rows = [cells.split(line) for line in lines]
    good = [cell for row in rows if is_row(row) for cell in row]
    words = sum(not is_number(cell) and not is_missing(cell) for cell in good)
    return sum(map(is_row, rows)), sum(map(is_number, good)) - words


def is_row(row: Sequence[str]) -> bool:
    """Whether cells look like samples: a number at least, and not more words than other cells."""
    numbers = sum(is_number(cell) for cell in row)
    rest = [cell for cell in row if not is_number(cell) and not is_missing(cell)]
    words = sum(math.isnan(clock_seconds(cell)) for cell in rest)
    return numbers > 0 and words <= max(1, len(row) - words)
