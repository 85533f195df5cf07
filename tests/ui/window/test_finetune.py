"""The wizard in a whole window: what it shares with the panes, and two real trainings."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QLocale, Qt, QTranslator
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QToolButton

from desktop_ae.core.library import ModelLibrary
from desktop_ae.domains import load_domains
from desktop_ae.jobs import Context
from desktop_ae.learning.jobs import Learned
from desktop_ae.learning.session import Session, sessions
from desktop_ae.places import shipped, user_data
from desktop_ae.ui import (
    arrival_words,
    finetune_banner,
    finetune_check_step,
    finetune_check_table,
    finetune_curve,
    finetune_files_box,
    finetune_files_step,
    finetune_frame,
    finetune_glimpses,
    finetune_keep_step,
    finetune_learning_step,
    finetune_page,
    finetune_stepper,
    finetune_task_step,
    finetune_time_step,
    finetune_verdict,
    finetune_verdict_step,
    leaving,
    main_window,
)
from desktop_ae.ui.finetune_page import FILES, KEEP, LEARNING, TIME, VERDICT, FineTunePage
from desktop_ae.ui.queue_model import State
from tests.domains.ecg.hearts import beating, write_ecg_model
from tests.fakes import Waits, write_model
from tests.learning.photos import write_pairs
from tests.ui.finetune_probe import card, checked, dialog, open_dialogs, press, verdict
from tests.ui.window.conftest import Desk

ID = "image/denoise-v1"
Make = Callable[..., Path]


class SlowLesson(Waits):
    """Learns nothing, for as long as it is let."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        object.__setattr__(self, "session", session)

    def run(self, context: Context) -> object:
        super().run(context)
        return Learned(self.session, card(), verdict())  # type: ignore[attr-defined]


@pytest.fixture
def models(tmp_path: Path) -> ModelLibrary:
    """Shipped models for photos and ECGs, and a folder for one's own."""
    write_model(tmp_path / "models", title="Shipped one")
    write_ecg_model(tmp_path / "models")
    return ModelLibrary([tmp_path / "models", tmp_path / "own"])


@pytest.fixture
def page(desk: Desk) -> FineTunePage:
    desk.window._show_page(desk.window.finetune_page)
    return desk.window.finetune_page


@pytest.fixture
def lesson(
    desk: Desk, page: FineTunePage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> SlowLesson:
    """A training that goes on."""
    monkeypatch.setattr(finetune_page, "LearnJob", SlowLesson)
    fill(desk, page, *write_pairs(tmp_path, 1))
    page.check.show_checked(checked())
    page._go(TIME)
    page.frame.next.click()
    job = page.run.job
    assert isinstance(job, SlowLesson)
    desk.until(job.begun.is_set)
    return job


def fill(desk: Desk, page: FineTunePage, noisy: Path, clean: Path) -> None:
    page.frame.next.click()
    assert page.place == FILES
    page.files.boxes["noisy"].add([noisy])
    page.files.boxes["clean"].add([clean])
    desk.until(lambda: all(box.count for box in page.files.boxes.values()))


def known() -> list[Session]:
    return sessions(user_data() / "learning")


def notice(desk: Desk) -> str:
    return desk.window.notice.label.text() if desk.window.notice.isVisible() else ""


def test_its_button_stands_above_models_and_settings(desk: Desk, page: FineTunePage) -> None:
    buttons = sorted(desk.window.rail.findChildren(QToolButton), key=lambda button: button.y())
    assert [button.text() for button in buttons][-3:] == ["Fine-tune", "Models", "Settings"]
    assert desk.window.stack.currentWidget() is page
    assert buttons[-3].isChecked()


def test_files_dropped_beside_its_boxes_stay_with_it(
    desk: Desk, page: FineTunePage, photo: Make
) -> None:
    page.frame.next.click()
    path = photo("a.png")
    desk.window.take([path])
    assert page.files.noisy == (path,)
    assert desk.window.stack.currentWidget() is page


def test_files_dropped_on_another_step_are_cleaned(
    desk: Desk, page: FineTunePage, photo: Make
) -> None:
    [row] = desk.drop(photo("a.png"))
    assert desk.window.stack.currentWidget() is desk.window.panes[0]
    desk.until(lambda: row.state is State.CLEANED)


def test_files_are_cleaned_while_it_learns(desk: Desk, lesson: SlowLesson, photo: Make) -> None:
    [row] = desk.clean(photo("a.png"))
    assert row.state is State.CLEANED
    assert not lesson.let_go.is_set()
    assert desk.window.finetune_page.is_learning


def test_keys_act_on_the_page_in_front(
    desk: Desk, page: FineTunePage, photo: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = photo("a.png").parent
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_, **__: str(folder))
    desk.window.rail.choose(0)
    keys = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(desk.window, Qt.Key.Key_T, keys)
    assert desk.window.stack.currentWidget() is page
    QTest.keyClick(desk.window, Qt.Key.Key_O, keys)  # nothing to browse for at the first step
    page.frame.next.click()
    QTest.keyClick(desk.window, Qt.Key.Key_O, keys)
    assert page.files.noisy == (folder,)
    assert desk.window.stack.currentWidget() is page


@pytest.mark.parametrize(("answer", "left"), [("Close, go on later", 1), ("Close and discard", 0)])
def test_closing_while_it_learns_asks_first(
    desk: Desk, lesson: SlowLesson, answer: str, left: int
) -> None:
    desk.window.close()
    press(dialog(desk.qtbot, desk.window), "Keep learning")
    desk.until(lambda: not open_dialogs(desk.window))
    assert desk.window.isVisible() and desk.window.finetune_page.is_learning
    desk.window.close()
    press(dialog(desk.qtbot, desk.window), answer)
    desk.until(lambda: not desk.window.isVisible())
    assert len(known()) == left


def test_closing_says_that_files_are_being_cleaned_too(
    desk: Desk, lesson: SlowLesson, photo: Make
) -> None:
    job = Waits()
    desk.services.cleaning.submit(job)
    [row] = desk.drop(photo("a.png"), start=True)
    desk.window.close()
    box = dialog(desk.qtbot, desk.window)
    assert "Files are still being cleaned, too" in box.informativeText()
    press(box, "Close, go on later")
    desk.until(lambda: not desk.window.isVisible())
    assert row.state is State.STOPPED
    job.let_go.set()


def test_its_end_is_told_where_the_person_is(desk: Desk, lesson: SlowLesson) -> None:
    desk.window.rail.choose(0)
    lesson.let_go.set()
    desk.until(lambda: notice(desk).startswith("Better: 1.0 dB"))
    desk.window.notice.action.click()
    assert desk.window.stack.currentWidget() is desk.window.finetune_page
    assert desk.window.finetune_page.place == VERDICT


def test_a_model_that_is_learned_from_is_not_deleted(
    desk: Desk, models: ModelLibrary, tmp_path: Path, lesson: SlowLesson
) -> None:
    assert desk.window._is_at_work(ID)
    lesson.let_go.set()
    desk.until(lambda: not desk.window.finetune_page.is_learning)
    assert not desk.window._is_at_work(ID)


def test_a_model_brought_in_can_be_started_from_at_once(
    desk: Desk, page: FineTunePage, tmp_path: Path
) -> None:
    write_model(tmp_path / "own", id="image/theirs", title="Theirs")
    desk.services.library.scan()
    desk.window.models_page.changed.emit()
    assert page.task.models.findData("image/theirs") >= 0


def test_photos_from_the_first_step_to_the_last(
    desk: Desk,
    page: FineTunePage,
    photo: Make,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    noisy, clean = write_pairs(tmp_path, 5)
    (noisy / "alone.png").write_bytes((noisy / "p0.png").read_bytes())
    fill(desk, page, noisy, clean)
    page.frame.next.click()
    learn(desk, page)
    assert page.check.checked is not None
    fates = {file.path.name: file.fate for file in page.check.checked.files}
    assert fates["alone.png"] == "refused"
    assert page.learning.curve.plot is not None
    keep(desk, page, "My balcony")
    kept = "image/my-balcony"
    assert (desk.services.library.card(kept).parent or "").startswith(ID)
    assert known() == []
    inspector = desk.window.panes[0].inspector
    assert inspector.models.findData(kept) >= 0
    assert kept in [entry.card.id for entry in desk.window.models_page.table.entries]
    page.keep.make_default.click()
    assert inspector.model == kept
    file = tmp_path / "mine.daemodel"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **__: (str(file), ""))
    page.keep.export.click()
    desk.until(file.exists)
    page.keep.open.click()
    [row] = desk.clean(photo("a.png"))
    assert row.state is State.CLEANED
    assert row.job is not None and row.job.model == kept


def test_ecgs_from_the_first_step_to_the_last(
    desk: Desk, page: FineTunePage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from desktop_ae.domains.ecg import tuning

    monkeypatch.setattr(tuning, "_MADE", 2)
    monkeypatch.setattr(tuning, "_MADE_S", 12)
    page.task.tasks.cards["ecg/denoise"].click()
    page.frame.next.click()
    page.files.kinds.cards["clean"].click()
    page.files.boxes["clean"].add([write_records(tmp_path / "clean", 4)])
    page.files.damages.setCurrentIndex(page.files.damages.findData("mains"))
    desk.until(lambda: page.files.boxes["clean"].count == 4)
    page.frame.next.click()
    learn(desk, page)
    assert page.verdict.verdict is not None
    assert page.verdict.verdict.figure == "SNR, dB"
    keep(desk, page, "My recorder")
    assert "clean files" in str(desk.services.library.card("ecg/my-recorder").data[0]["name"])
    page.keep.open.click()
    assert desk.pane.task.id == "ecg/denoise"
    assert desk.pane.inspector.models.findData("ecg/my-recorder") >= 0


def learn(desk: Desk, page: FineTunePage) -> None:
    """From the check to the verdict, for as long as it takes to see a curve."""
    desk.until(lambda: page.check.checked is not None)
    assert page.check.is_ready, page.check.warning.text()
    page.frame.next.click()
    page.time.spin.setValue(1)
    page.frame.next.click()
    assert page.place == LEARNING
    desk.until(lambda: page.learning.lesson is not None)
    page.learning.finish.click()
    desk.until(lambda: page.place == VERDICT)


def keep(desk: Desk, page: FineTunePage, name: str) -> None:
    page.verdict.keep.click()
    assert page.place == KEEP
    page.keep.name.setText(name)
    page.keep.keep.click()
    desk.until(lambda: page.keep.card is not None)


def write_records(folder: Path, count: int, seconds: int = 14, rate_hz: int = 360) -> Path:
    folder.mkdir()
    for number in range(count):
        [wave] = beating(1, seconds, rate_hz, seed=number + 1)
        rows = (f"{place / rate_hz:.5f},{value:.4f}" for place, value in enumerate(wave))
        (folder / f"r{number}.csv").write_text("time,I\n" + "\n".join(rows) + "\n")
    return folder


def test_it_speaks_hindi() -> None:
    translator = QTranslator()
    folder = str(shipped("resources") / "translations")
    assert translator.load(QLocale("hi"), "desktop_ae", "_", folder)
    assert translator.translate("Keys", "Fine-tune") == "अपना मॉडल"
    missing = [
        (kind, text)
        for module in (
            *(arrival_words, leaving, main_window, finetune_banner, finetune_check_step),
            *(finetune_check_table, finetune_curve, finetune_files_box, finetune_files_step),
            *(finetune_frame, finetune_glimpses, finetune_keep_step, finetune_learning_step),
            *(finetune_page, finetune_stepper, finetune_task_step, finetune_time_step),
            *(finetune_verdict, finetune_verdict_step),
        )
        for kind, text in said(module)
        if not translator.translate(kind, text)
    ]
    assert missing == []
    tasks = [task for domain in load_domains() for task in domain.tasks]
    for tuning in (task.tuning() for task in tasks if task.tuning is not None):
        for text in (*(label for _, label in tuning.damages), *tuning.why_not.values()):
            assert translator.translate("Task", text), text


def said(module: Any) -> list[tuple[str, str]]:
    """(class, text) of everything that a module's classes translate."""
    found = []
    tree = ast.parse(inspect.getsource(module))
    for kind in (node for node in tree.body if isinstance(node, ast.ClassDef)):
        for call in (node for node in ast.walk(kind) if isinstance(node, ast.Call)):
            if isinstance(call.func, ast.Attribute) and call.func.attr == "tr":
                found.append((kind.name, str(ast.literal_eval(call.args[0]))))
    return found
