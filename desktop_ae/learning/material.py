"""From a person's sheets to what a net learns from and is judged by."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from desktop_ae.core.clip import Samples, overview
from desktop_ae.core.domain import Domain, Request, Task
from desktop_ae.core.errors import DesktopAEError
from desktop_ae.core.library import Model
from desktop_ae.core.restore import restore
from desktop_ae.core.tuning import CLEAN, NOISY, PAIRS, Material, Restore, Study, Tuning
from desktop_ae.jobs import chosen_options
from desktop_ae.learning.files import Gathered, Sheets, read_sheets
from desktop_ae.learning.request import LearnRequest

# What is looked at again and again is small; what judges, once, is larger.
WATCHED_NUMBERS, WATCHED_SHEETS = 400_000, 4
JUDGED_NUMBERS, JUDGED_SHEETS = 2_000_000, 16


@dataclass(frozen=True, slots=True)
class Trial:
    """A sheet to restore, and what should come of it. name: of its file, "" for a sample's."""

    name: str
    noisy: Samples
    truth: Samples


def restorer_of(
    task: Task, tuning: Tuning, model: Model, check: Callable[[], object] = lambda: None
) -> Restore:
    """Whole sheets through the task's restorer, as files go."""
    options = chosen_options(task, {})

    def run(sheet: Samples) -> Samples:
        whole = functools.partial(overview, sheet)
        request = Request(sheet.shape, 1.0, check, whole, None, tuning.rate_hz, options)
        return restore(task.restorer(model, request), sheet)

    return run


def spare_sheets(task: Task, domain: Domain, tuning: Tuning, samples: Path) -> list[Samples]:
    """The clean ones of the task's samples, as far as they are there and can be read."""
    sheets: list[Samples] = []
    for name in task.samples:
        for path in sorted((samples / "clean").glob(f"{Path(name).stem}.clean.*")):
            try:
                sheets += read_sheets(path, domain, tuning, {}, tuning.most)
            except DesktopAEError:
                continue  # a sample that this task's files cannot hold
    return sheets


def material_of(
    request: LearnRequest,
    files: Sequence[Sheets],
    spare: Sequence[Samples],
    study: Study | None,
    start: Restore,
    each: Callable[[int, int], None] = lambda done, of: None,
) -> Material:
    """What one part of the files amounts to. start: the starting model, whose results on noisy
    files stand for clean ones.
    """
    sheets = [sheet for file in files for sheet in file.sheets]
    base = Material(request.kind, spare=spare, damage=request.damage)
    if request.kind == CLEAN:
        return replace(base, clean=sheets)
    if request.kind == PAIRS:
        return replace(base, noisy=sheets, clean=[sheet for file in files for sheet in file.clean])
    guesses = []
    for number, sheet in enumerate(sheets):
        each(number, len(sheets))
        guesses.append(start(sheet)[: len(sheet)])
    approach = study.approach if study else ""
    return replace(base, noisy=sheets, clean=guesses, approach=approach)


def trials_of(
    tuning: Tuning,
    files: Sequence[Sheets],
    material: Material,
    numbers: int,
    most: int,
    seed: int,
) -> list[Trial]:
    """At most so many sheets, none of more than `numbers` numbers, the same for the same seed.

    material: of these files.
    """
    names = [file.file.path.name for file in files for _ in file.sheets]
    if material.kind == PAIRS:
        chosen = list(zip(names, material.noisy, material.clean, strict=True))[:most]
        return [Trial(n, middle(a, numbers), middle(b, numbers)) for n, a, b in chosen]
    truths = list(zip(names, material.clean, strict=True))
    if material.kind == NOISY and material.spare:
        # Not the starting model's guesses: where it leaves noise, the score would turn round.
        count = min(most, max(len(names), len(material.spare)))
        truths = [("", material.spare[n % len(material.spare)]) for n in range(count)]
    trials = []
    for number, (name, clean) in enumerate(truths[:most]):
        truth = middle(clean, numbers)
        trials.append(Trial(name, tuning.damaged(truth, material, seed + number), truth))
    return trials


def middle(sheet: Samples, numbers: int) -> Samples:
    """No more than so many numbers of a sheet, of the same shape or nearly."""
    channels, *space = sheet.shape
    share = min(1.0, float(numbers / max(1, sheet.size)) ** (1 / len(space)))
    parts = [slice(None)]
    for length in space:
        kept = max(1, int(length * share))
        parts.append(slice((length - kept) // 2, (length - kept) // 2 + kept))
    return np.ascontiguousarray(sheet[tuple(parts)])


def study_of(tuning: Tuning, request: LearnRequest, gathered: Gathered) -> Study | None:
    if request.kind != NOISY:
        return None
    return tuning.study([sheet for file in gathered.learn for sheet in file.sheets])
