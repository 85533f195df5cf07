"""The states of the pane for ECGs, for `screenshots.py`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from ecg_records import write_record, write_table
from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QDialog

if TYPE_CHECKING:
    from screenshots import Studio

    from desktop_ae.ui.queue_model import Row

TASK = "ecg/denoise"


def ecg_empty(studio: Studio) -> None:
    studio.front(TASK)
    studio.settle()
    studio.shoot()


def ecg_preview(studio: Studio) -> None:
    """Half an hour of two leads, not cleaned yet; the same at half strength."""
    pane = _show(studio, "Holter, night 2.hea", _noisy(1800))
    pane.stage.compare.board.go_to(901)
    _settle(studio, pane)
    studio.shoot()
    pane.inspector.strength.setValue(50)
    _settle(studio, pane)
    studio.shoot("-half", modes=("dark",))


def ecg_cleaned(studio: Studio) -> None:
    """With what was removed; a minute of it; all of an hour; and the original, held."""
    pane = _show(studio, "Holter, night 2.hea", _noisy(3600))
    pane.clean()
    studio.wait(lambda: not pane.run.active)
    _settle(studio, pane)
    studio.window.notice.hide()
    view = pane.stage.compare
    view.board.go_to(2703)
    _settle(studio, pane)
    studio.shoot()
    view.board.measure(QPointF(207, 392), begin=True)
    view.board.measure(QPointF(272, 348), begin=False)
    studio.shoot("-measured", modes=("light",))
    view.board.put_calipers_away()
    view.rates.toggle("removed")
    _settle(studio, pane)
    studio.shoot("-removed")
    view.rates.toggle("removed")
    view.hold(True)
    studio.shoot("-held", modes=("dark",))
    view.hold(False)
    view.board.show_span(2680, 2740)
    _settle(studio, pane)
    studio.shoot("-minute", modes=("dark",))
    view.board.fit()
    _settle(studio, pane)
    studio.shoot("-hour")


def ecg_twelve(studio: Studio) -> None:
    pane = _show(studio, "patient_0042.hea", _noisy(60, 12, 500.0), 500.0)
    pane.clean()
    studio.wait(lambda: not pane.run.active)
    _settle(studio, pane)
    studio.window.notice.hide()
    studio.shoot()
    view = pane.stage.compare
    view.rates.toggle("removed")
    _settle(studio, pane)
    studio.shoot("-removed", modes=("dark",))
    view.board.show_alone(7)
    _settle(studio, pane)
    studio.shoot("-alone", modes=("light",))


def ecg_gap(studio: Studio) -> None:
    """A gap in all leads, and one in a single lead."""
    samples = _noisy(90, 3)
    samples[:, round(12.4 * 250) : round(14.1 * 250)] = np.nan
    samples[1, round(15.6 * 250) : round(17.0 * 250)] = np.nan
    pane = _show(studio, "Walk, electrode off.hea", samples)
    pane.stage.compare.board.pan(11.2)
    _settle(studio, pane)
    studio.shoot()


def ecg_differs(studio: Studio) -> None:
    """A result without some of the beats, and the place where the first one is gone."""
    noisy = _noisy(300)
    pane = _show(studio, "treadmill.hea", noisy)
    row = pane.model.rows[0]
    clean = noisy * 0.9
    for start_s in (41.0, 118.2, 119.5):
        clean[:, round(start_s * 250) : round((start_s + 1) * 250)] *= 0.02
    _pretend_cleaned(studio, row, clean)
    _settle(studio, pane)
    pane.stage.compare.go_to_difference()
    _settle(studio, pane)
    studio.shoot()


def ecg_import(studio: Studio) -> None:
    """A table that does not say its rate, and the dialog that asks."""
    studio.front(TASK)
    table = write_table(studio.files / "wearable_2026-03-14.csv", _noisy(40))
    studio.show(table)
    studio.shoot("-asked")
    pane = studio.window.pane
    pane.stage.failure.tell.click()
    studio.wait(lambda: pane.importing.dialog is not None)
    dialog = pane.importing.dialog
    studio.settle(0.4)
    _shoot_dialog(studio, dialog, "-dialog")
    dialog.rate.setEditText("250")
    dialog.unit.set_value("uV")
    studio.settle(0.3)
    _shoot_dialog(studio, dialog, "-filled")
    dialog.take.click()
    _settle(studio, pane)
    studio.shoot("-told", modes=("dark",))


SCENES: tuple[Callable[[Studio], None], ...] = (
    ecg_empty,
    ecg_preview,
    ecg_cleaned,
    ecg_twelve,
    ecg_gap,
    ecg_differs,
    ecg_import,
)


def _noisy(seconds: float, leads: int = 2, rate_hz: float = 250.0) -> Any:
    from tests.ui.ecg_probe import noisy

    return noisy(seconds, leads, rate_hz)


def _show(studio: Studio, name: str, samples: Any, rate_hz: float = 250.0) -> Any:
    studio.front(TASK)
    studio.show(write_record(studio.files / name, samples, rate_hz))
    pane = studio.window.pane
    _settle(studio, pane)
    return pane


def _pretend_cleaned(studio: Studio, row: Row, samples: Any) -> None:
    """As if the model had made that of it."""
    from desktop_ae.jobs import Cleaned
    from desktop_ae.ui.queue_model import State

    pane = studio.window.pane
    target = write_record(row.source.with_name("treadmill_clean.hea"), samples, 250.0)
    row.job = pane.job_for(row)
    row.result = Cleaned(row.source, target, "cleaned", 1.2)
    row.state = State.CLEANED
    pane.model.touch(row)


def _settle(studio: Studio, pane: Any) -> None:
    studio.settle(0.6)
    studio.wait(lambda: pane.stage.compare.settled)
    studio.settle(0.4)


def _shoot_dialog(studio: Studio, dialog: QDialog, suffix: str) -> None:
    """The dialog over its window."""
    from desktop_ae.ui.theme import theme

    for mode in ("dark", "light"):
        theme().set_mode(mode)
        studio.settle(0.3)
        ground = QPixmap(studio.window.grab())
        painter = QPainter(ground)
        inside = studio.window.rect().center() - dialog.rect().center()
        painter.drawPixmap(inside, dialog.grab())
        painter.end()
        file = Path(studio.out) / f"{studio.name}{suffix}-{mode}.png"
        ground.save(str(file))
        print(file)
    theme().set_mode("dark")
