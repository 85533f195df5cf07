"""A wizard whose engine does nothing until the test says what came of its jobs."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

import numpy as np
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from desktop_ae.core.clip import Samples
from desktop_ae.core.domain import Task
from desktop_ae.core.ledger import Ledger
from desktop_ae.core.library import ModelLibrary
from desktop_ae.core.tuning import CLEAN, NOISY, PAIRS, Study, Tuning
from desktop_ae.core.work import Progress
from desktop_ae.domains import task_named
from desktop_ae.engine import Engine
from desktop_ae.jobs import Job
from desktop_ae.learning.lesson import Glimpse, Lesson
from desktop_ae.learning.request import KEPT, REFUSED, USED, Checked, FoundFile
from desktop_ae.learning.verdict import CLASSICAL, NOTHING, START, TUNED, Verdict
from desktop_ae.ui.services import Services
from desktop_ae.ui.settings import Settings
from tests.fakes import tiny_card, write_model
from tests.ui.sound_probe import AtHand

PHOTOS = "image/denoise"


class IdleEngine(QObject):
    """Takes jobs; `tell`, `give`, `fail` speak for the one that it took last."""

    job_progressed = Signal(object, object)
    job_done = Signal(object, object)
    job_failed = Signal(object, object)
    job_cancelled = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._ids = itertools.count(1)
        self.jobs: dict[int, Job] = {}
        self.cancelled: list[int] = []
        self.finished: list[int] = []
        self.paused = False

    @property
    def last(self) -> Job:
        return self.jobs[max(self.jobs)]

    def submit(self, job: Job) -> int:
        number = next(self._ids)
        self.jobs[number] = job
        return number

    def cancel(self, job_id: int) -> None:
        self.cancelled.append(job_id)

    def finish(self, job_id: int) -> None:
        self.finished.append(job_id)

    def pause(self) -> None:
        self.paused = True

    def resume(self) -> None:
        self.paused = False

    def tell(self, progress: Progress) -> None:
        self.job_progressed.emit(max(self.jobs), progress)

    def give(self, result: object) -> None:
        self.job_done.emit(max(self.jobs), result)

    def fail(self, error: Exception) -> None:
        self.job_failed.emit(max(self.jobs), error)

    def end(self) -> None:
        """What was cancelled last has come to its end."""
        self.job_cancelled.emit(self.cancelled[-1])


@dataclass
class Bench:
    """What a wizard stands on: a tiny shipped model, and a folder for one's own."""

    services: Services
    engine: IdleEngine
    errands: AtHand
    folder: Path


def bench(tmp_path: Path) -> Bench:
    write_model(tmp_path / "models", title="Shipped one")
    library = ModelLibrary([tmp_path / "models", tmp_path / "own"])
    engine, errands = IdleEngine(), AtHand()
    services = Services(
        library,
        Ledger(Path(":memory:")),
        cast(Engine, engine),
        cast(Engine, engine),
        errands,
        Settings(tmp_path / "settings.ini"),
    )
    return Bench(services, engine, errands, tmp_path)


def unused(*_: object) -> Any:
    raise AssertionError("the window asks for nothing of the kind")


def tuning(**changed: Any) -> Tuning:
    made = Tuning(
        kinds=(PAIRS, CLEAN, NOISY),
        figure="PSNR, dB",
        least=16,
        most=1_000_000,
        learning_rate=1e-3,
        batch=2,
        prepare=unused,
        pairs=unused,
        damaged=unused,
        classical=unused,
        score=unused,
        study=unused,
    )
    return replace(made, **changed)


def task(**changed: Any) -> Task:
    """Photos, with a tuning that differs from a plain one in what is given."""
    return replace(task_named(PHOTOS), tuning=lambda: tuning(**changed))


def checked(**changed: Any) -> Checked:
    """Four files learned from, two kept back, one left out."""
    fates = [USED, KEPT, USED, USED, KEPT, USED]
    files = [FoundFile(Path(f"/given/{n}.png"), fate=fate) for n, fate in enumerate(fates)]
    files.append(FoundFile(Path("/given/9.png"), None, REFUSED, "It is too small."))
    return replace(Checked(tuple(files), None, 0.5), **changed)


def study(warning: str = "") -> Study:
    return Study("harvest", "Their noise is alike everywhere, so it is measured.", warning)


def sheet(seed: int) -> Samples:
    drawn: Samples = np.random.default_rng(seed).random((3, 32, 32), np.float32)
    return drawn


def lesson(**changed: Any) -> Lesson:
    """Half of ten minutes, with two looks at the files that were kept back."""
    made = Lesson(
        300.0,
        600.0,
        "s",
        "loss 0.01000",
        steps=1234,
        losses=((0.0, 0.2), (300.0, 0.1)),
        scores=((0.0, 30.0), (300.0, 31.0)),
        glimpses=(Glimpse("0.png", sheet(0), sheet(1), sheet(2)),),
        start=30.0,
        nothing=25.0,
    )
    return replace(made, **changed)


def verdict(gain: float = 1.0, kind: str = PAIRS) -> Verdict:
    scores: Mapping[str, float] = {NOTHING: 25.0, CLASSICAL: 28.0, START: 30.0, TUNED: 30.0 + gain}
    return Verdict(kind, "PSNR, dB", scores, 2, {"1.png": gain})


def card(**changed: Any) -> Any:
    return tiny_card(**{"id": "image/my-photos", "title": "My photos", **changed})


def press(box: QWidget, text: str) -> None:
    next(b for b in box.findChildren(QPushButton) if b.text() == text).click()


def dialog(qtbot: QtBot, parent: QWidget) -> QMessageBox:
    qtbot.waitUntil(lambda: bool(open_dialogs(parent)), timeout=5000)
    return open_dialogs(parent)[0]


def open_dialogs(parent: QWidget) -> Sequence[QMessageBox]:
    return [box for box in parent.findChildren(QMessageBox) if box.isVisible()]


def press_return(widget: QWidget) -> None:
    QTest.keyClick(widget, Qt.Key.Key_Return)
