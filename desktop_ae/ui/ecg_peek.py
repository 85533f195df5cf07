"""The first rows of a table or an array, for a person to say what its columns are."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np

from desktop_ae.core.errors import Unreadable
from desktop_ae.jobs import Context

TABLES = frozenset({".csv", ".tsv", ".txt"})
ARRAYS = frozenset({".npy", ".npz"})
ROWS = 8
MOST_COLUMNS = 64
_READ_BYTES = 64 * 1024
_COMMENT = ("#", "%", "//")
_SPLITS = ("\t", ";", ",", "|", None)  # None: any run of blanks
_NUMBER = re.compile(r"[-+]?(\d+([.,]\d*)?|[.,]\d+)([eE][-+]?\d+)?")
_TIME_NAME = re.compile(r"\s*(time|zeit|temps|tiempo|t|sec\w*|seconds?|timestamp|date)\b.*", re.I)


@dataclass(frozen=True, slots=True)
class Peek:
    """names: of the columns, "" where there are none. rows: cells as they are written there.
    time: the column that looks like time, or None. leads: those that look like ECG.
    timed: whether one of them can be time.
    """

    names: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    time: int | None
    leads: tuple[int, ...]
    timed: bool = True

    def called(self, column: int) -> str:
        """As an option names it: its name where that is one, else its number from 1."""
        name = self.names[column]
        plain = name and "," not in name and not name.isdigit()
        return name if plain and self.names.count(name) == 1 else str(column + 1)


def can_be_told(path: Path) -> bool:
    """Whether a file of this kind may leave out what its samples mean."""
    return path.suffix.lower() in TABLES | ARRAYS


@dataclass(frozen=True, slots=True)
class PeekJob:
    path: Path

    def run(self, context: Context) -> Peek:
        """Raises Unreadable."""
        context.token.check()
        try:
            match self.path.suffix.lower():
                case ".npy":
                    with self.path.open("rb") as file:
                        return _array(_first_rows(file))
                case ".npz":
                    return _archive(self.path)
                case _:
                    with self.path.open("rb") as file:
                        return peek_text(file.read(_READ_BYTES))
        except (OSError, ValueError, zipfile.BadZipFile) as error:
            raise Unreadable(self.path, f"{self.path.name} cannot be read: {error}.") from error


def peek_text(head: bytes) -> Peek:
    lines = [line for line in _decoded(head).splitlines() if line.strip()]
    lines = [line for line in lines if not line.lstrip().startswith(_COMMENT)]
    if len(head) >= _READ_BYTES and len(lines) > 1:
        lines.pop()  # it was cut
    split = _split(lines[:40])
    table = [[cell.strip().strip("'\"") for cell in _cells(line, split)] for line in lines[:40]]
    width = min(max((len(row) for row in table), default=0), MOST_COLUMNS)
    names = [""] * width
    named = next((n for n, row in enumerate(table) if _is_numeric(row)), len(table))
    if named:
        names = [*table[named - 1], *names][:width]
    rows = [tuple([*row, *[""] * width][:width]) for row in table[named : named + ROWS]]
    return _guessed(tuple(names), tuple(rows))


def _decoded(head: bytes) -> str:
    if head[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return head.decode("utf-16", "replace")
    try:
        return head.decode("utf-8-sig")
    except UnicodeDecodeError:
        return head.decode("latin-1")


def _split(lines: Sequence[str]) -> str | None:
    """What stands between the cells: it parts most lines, and all of them alike."""
    best, most = None, 0
    for candidate in _SPLITS:
        counts = [len(_cells(line, candidate)) for line in lines[-20:]]
        alike = max(set(counts), key=counts.count) if counts else 0
        numeric = [line for line in lines if _is_numeric(_cells(line, candidate))]
        if alike > 1 and counts.count(alike) * 2 > len(counts) and numeric and not most:
            best, most = candidate, alike
    return best


def _cells(line: str, split: str | None) -> list[str]:
    return line.strip("\r\n").split(split) if split else line.split()


def _is_numeric(row: Sequence[str]) -> bool:
    filled = [cell.strip() for cell in row if cell.strip()]
    numbers = sum(bool(_NUMBER.fullmatch(cell)) for cell in filled)
    return numbers > 0 and 2 * numbers >= len(filled) - 1


def _archive(path: Path) -> Peek:
    """The largest array of it."""
    with zipfile.ZipFile(path) as archive:
        largest = max(
            (info for info in archive.infolist() if info.filename.endswith(".npy")),
            key=lambda info: info.file_size,
            default=None,
        )
        if largest is None:
            raise ValueError("there is no array in it")
        with archive.open(largest) as file:
            return _array(_first_rows(file))


def _first_rows(file: IO[bytes]) -> Any:
    """`(rows, columns)`: the first samples of an array, whichever way it lies."""
    version = np.lib.format.read_magic(file)
    read = np.lib.format.read_array_header_1_0
    if version >= (2, 0):
        read = np.lib.format.read_array_header_2_0
    shape, fortran, dtype = read(file)
    if dtype.hasobject or not 1 <= len(shape) <= 2 or 0 in shape:
        raise ValueError("it holds no table of numbers")
    across = shape if len(shape) == 2 else (1, *shape)
    lying = across[0] <= across[1]  # leads are fewer than samples
    columns, samples = across if lying else across[::-1]
    rows = min(ROWS, samples)
    together = lying == (not fortran)  # whether a lead's samples follow each other
    count = (columns - 1) * samples + rows if together else rows * columns
    flat = np.frombuffer(file.read(int(count) * dtype.itemsize), dtype)
    if together:
        return np.stack([flat[n * samples : n * samples + rows] for n in range(columns)], axis=1)
    return flat[: rows * columns].reshape(rows, columns)


def _array(first: Any) -> Peek:
    shown = first[:, :MOST_COLUMNS]
    rows = tuple(tuple(f"{value:.6g}" for value in row) for row in shown.tolist())
    columns = shown.shape[1]
    return Peek(("",) * columns, rows, None, tuple(range(columns)), timed=False)


def _guessed(names: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> Peek:
    told = [name.replace("_", " ") for name in names]
    time = next((n for n, name in enumerate(told) if _TIME_NAME.fullmatch(name)), None)
    if time is None and not any(names) and len(names) > 1 and _rises(rows, 0):
        time = 0
    numbers = [n for n in range(len(names)) if n != time and _is_column(rows, n)]
    if any(names):
        from desktop_ae.domains.ecg.leads import ecg_channels, label_and_unit

        parted = [label_and_unit(names[n]) for n in numbers]
        kept = ecg_channels([label for label, _ in parted], [unit for _, unit in parted])
        numbers = [n for n, is_ecg in zip(numbers, kept, strict=True) if is_ecg] or numbers
    return Peek(names, rows, time, tuple(numbers))


def _is_column(rows: Iterable[Sequence[str]], column: int) -> bool:
    filled = [row[column] for row in rows if row[column]]
    return any(_NUMBER.fullmatch(cell) for cell in filled) or not filled


def _rises(rows: Sequence[Sequence[str]], column: int) -> bool:
    """In equal steps, as time does."""
    try:
        values = np.array([float(row[column].replace(",", ".")) for row in rows])
    except ValueError:
        return False
    steps = np.diff(values)
    return len(steps) > 2 and bool(steps[0] > 0) and bool(np.allclose(steps, steps[0], rtol=0.02))
