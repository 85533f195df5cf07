"""Opening a person's files: what each is good for, which belong together, which are kept back."""

from __future__ import annotations

import contextlib
import hashlib
import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from desktop_ae.core.clip import Samples
from desktop_ae.core.domain import Domain, Options, Piece
from desktop_ae.core.errors import DesktopAEError
from desktop_ae.core.tuning import CLEAN, NOISY, Tuning
from desktop_ae.core.work import CancelToken
from desktop_ae.domains import domain_of_task
from desktop_ae.learning.request import KEPT, REFUSED, FoundFile, LearnRequest
from desktop_ae.training.align import align

# All sheets together hold at most so many numbers (600 MB), and a file so many sheets.
MOST_NUMBERS = 150_000_000
MOST_SHEETS = 12
FEWEST = 3
# One file in so many is kept back; half of those end the training, half judge it.
_KEPT_SHARE, _MOST_KEPT = 4, 24
# A pair may lie so far off each other: pixels, and parts of a second.
_SHIFT_PX, _SHIFT_S = 16, 0.05
_WORDS = re.compile(
    r"(?<![a-z])(noisy|noise|clean|cleaned|gt|truth|target|input|before|after|dirty|orig|original"
    r"|raw|ref|reference|damaged|restored)(?![a-z])"
)


@dataclass(frozen=True, slots=True)
class Sheets:
    """The sheets of one file, and those of its clean twin, one by one."""

    file: FoundFile
    sheets: tuple[Samples, ...]
    clean: tuple[Samples, ...] = ()


@dataclass(frozen=True, slots=True)
class Gathered:
    """Everything that was read. watch ends the training early, judge tells what it was good for;
    none of either is learned from.
    """

    learn: tuple[Sheets, ...]
    watch: tuple[Sheets, ...]
    judge: tuple[Sheets, ...]
    refused: tuple[FoundFile, ...]

    @property
    def too_few(self) -> str:
        """The sentence that says so, or ""."""
        usable = len(self.learn) + len(self.watch) + len(self.judge)
        if usable >= FEWEST:
            return ""
        example = next((f" {file.path.name}: {file.why}" for file in self.refused), "")
        return (
            f"At least {FEWEST} usable files are needed, to learn from some and to judge by"
            f" others; there are {usable}.{example}"
        )

    @property
    def files(self) -> tuple[FoundFile, ...]:
        """In the order of their names."""
        kept = [replace(s.file, fate=KEPT) for s in (*self.watch, *self.judge)]
        files = [*(s.file for s in self.learn), *kept, *self.refused]
        return tuple(sorted(files, key=lambda file: file.path))


def gather(
    request: LearnRequest,
    token: CancelToken,
    each: Callable[[int, int], None] = lambda done, of: None,
) -> Gathered:
    """Open every file, keep what can be learned from, and split it by file.

    each: told how many files were opened, of how many. Raises UnknownName for a request that makes
    no sense, Cancelled.
    """
    tuning, domain = request.tuning, domain_of_task(request.task)
    found = list(_found(request, domain))
    most = min(tuning.most, MOST_NUMBERS // max(1, len(found)))
    seen: dict[str, Path] = {}
    usable: list[Sheets] = []
    refused: list[FoundFile] = []
    for number, file in enumerate(found):
        token.check()
        each(number, len(found))
        if file.fate == REFUSED:
            refused.append(file)
            continue
        try:
            _check_new(file.path, seen)
            usable.append(_opened(file, domain, tuning, request.options, most))
        except (DesktopAEError, ValueError, OSError, MemoryError) as error:
            sentence = str(error) or "There is not enough memory for it."
            refused.append(replace(file, fate=REFUSED, why=sentence))
    return _split(usable, refused)


def _split(usable: list[Sheets], refused: list[FoundFile]) -> Gathered:
    """By a checksum of the names, so that the same files are kept back each time."""
    order = sorted(usable, key=lambda s: hashlib.sha256(s.file.path.name.encode()).digest())
    kept = min(max(2, len(order) // _KEPT_SHARE), _MOST_KEPT)
    return Gathered(
        tuple(order[kept:]), tuple(order[0:kept:2]), tuple(order[1:kept:2]), tuple(refused)
    )


def _found(request: LearnRequest, domain: Domain) -> Iterator[FoundFile]:
    noisy, clean = (sorted(files_of(paths, domain)) for paths in (request.noisy, request.clean))
    if request.kind == NOISY:
        yield from map(FoundFile, noisy)
    elif request.kind == CLEAN:
        yield from map(FoundFile, clean)
    else:
        yield from _matched(noisy, clean)


def files_of(
    paths: Sequence[Path], domain: Domain, check: Callable[[], object] = lambda: None
) -> set[Path]:
    """What is named like a file of the domain, in folders too; parts of another file count as that
    one. check: called for each; may raise.
    """
    found: set[Path] = set()
    for path in paths:
        inside = path.rglob("*") if path.is_dir() else [path]
        for file in inside:
            check()
            hidden = any(part.startswith(".") for part in file.relative_to(path).parts)
            if not hidden and file.is_file():
                main = domain.main_file(file)
                if main.suffix.lower() in domain.suffixes or path == file:
                    found.add(main)
    return found


def _matched(noisy: Sequence[Path], clean: Sequence[Path]) -> Iterator[FoundFile]:
    """By their names without suffixes; then by names without words such as "noisy" or "clean"."""
    free = dict.fromkeys(clean)
    alone: list[Path] = []
    for name in (lambda path: path.stem.lower(), _bare):
        twins: dict[str, list[Path]] = {}
        for path in free:
            twins.setdefault(name(path), []).append(path)
        alone = []
        for path in noisy:
            here = [twin for twin in twins.get(name(path), []) if twin != path]
            if len(here) == 1:
                del free[here[0]]
                twins[name(path)] = []
                yield FoundFile(path, here[0])
            else:
                alone.append(path)
        noisy = alone
    for path in alone:
        yield FoundFile(path, fate=REFUSED, why="There is no clean file of that name.")
    for path in free:
        yield FoundFile(path, fate=REFUSED, why="There is no noisy file of that name.")


def _bare(path: Path) -> str:
    return re.sub(r"[\W_]+", "", _WORDS.sub("", path.stem.lower().replace("_", " ")))


def _check_new(path: Path, seen: dict[str, Path]) -> None:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    twin = seen.setdefault(digest, path)
    if twin is not path:
        raise ValueError(f"It is the same as {twin.name}.")


def _opened(file: FoundFile, domain: Domain, tuning: Tuning, options: Options, most: int) -> Sheets:
    """Raises FileError or ValueError with the sentence that says why it is no use."""
    if file.twin is None:
        sheets = read_sheets(file.path, domain, tuning, options, most)
        faults = [_fault(sheet, tuning) for sheet in sheets]
        good = tuple(s for s, fault in zip(sheets, faults, strict=True) if not fault)
        if not good:
            raise ValueError(next(iter(faults), "There is nothing in it."))
        return Sheets(file, good)
    noisy = read_sheets(file.path, domain, tuning, options, most)
    clean = read_sheets(file.twin, domain, tuning, options, most)
    if len(noisy) != len(clean):
        raise ValueError(
            f"{file.twin.name} has {len(clean)} pages or recordings, this file {len(noisy)}."
        )
    reach = _SHIFT_PX if noisy[0].ndim == 3 else round(_SHIFT_S * (tuning.rate_hz or 0.0))
    pairs, shifts = [], set()
    for one, other in zip(noisy, clean, strict=True):
        fault = _fault(one, tuning) or _fault(other, tuning)
        if fault:
            raise ValueError(fault)
        try:
            aligned = align(one, other, reach)
        except ValueError as error:
            raise ValueError(f"It and {file.twin.name} are no pair: {error}.") from error
        if fault := _fault(aligned.noisy, tuning):  # what both show may be too small
            raise ValueError(fault)
        pairs.append((aligned.noisy, aligned.clean))
        shifts.add(aligned.shift)
    moved = [shift for shift in shifts if any(shift)]
    if moved:
        by = " and ".join(str(abs(n)) for n in moved[0])
        unit = "pixels" if noisy[0].ndim == 3 else "samples"
        file = replace(file, why=f"Its clean twin lay {by} {unit} off; that was made good.")
    return Sheets(file, tuple(n for n, _ in pairs), tuple(c for _, c in pairs))


def _fault(sheet: Samples, tuning: Tuning) -> str:
    if min(sheet.shape[1:]) < tuning.least:
        if sheet.ndim == 3:
            return f"It is too small: {tuning.least} pixels a side are needed."
        return f"It is too short: {tuning.least / (tuning.rate_hz or 1):.0f} seconds are needed."
    if not bool(np.isfinite(sheet).all()):
        return "It holds numbers that are none."
    return tuning.fault(sheet)


def read_sheets(
    path: Path, domain: Domain, tuning: Tuning, options: Options, most: int
) -> list[Samples]:
    """The first pieces of a file, of each the middle. Raises FileError."""
    with contextlib.closing(domain.open(path, options)) as reader:
        sheets: list[Samples] = []
        for piece in reader.pieces():
            sheets.append(tuning.prepare(_middle(piece, most), piece.rate_hz))
            if len(sheets) == MOST_SHEETS:
                break
        return sheets


def _middle(piece: Piece, most: int) -> Samples:
    """No more than `most` numbers of it: a part of the same shape, or of a signal."""
    channels, *space = piece.shape
    share = min(1.0, (most / max(1, channels * math.prod(space))) ** (1 / len(space)))
    parts = []
    for length in space:
        kept = max(1, int(length * share))
        first = (length - kept) // 2
        parts.append(slice(first, first + kept))
    along, *across = parts
    rows = []
    for block in piece.blocks:
        if block.start < along.stop and block.stop > along.start:
            inside = slice(max(0, along.start - block.start), along.stop - block.start)
            rows.append(block.samples[(slice(None), inside, *across)].copy())
    return np.concatenate(rows, axis=1)
