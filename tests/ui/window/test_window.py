from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, QMimeData, QPointF, Qt, QTimer, QTranslator, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox, QPushButton

from desktop_ae.jobs import Context
from desktop_ae.places import shipped
from desktop_ae.ui import intake
from desktop_ae.ui.queue_model import QueueModel, Row, State
from tests.fakes import Waits
from tests.ui.window.conftest import Desk

Make = Callable[..., Path]


def drop_event(*paths: Path) -> QDropEvent:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    event = QDropEvent(
        QPointF(10, 10),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    event.data_kept = data  # type: ignore[attr-defined]
    return event


def dialog(desk: Desk) -> QMessageBox:
    desk.until(lambda: desk.window.findChild(QMessageBox) is not None)
    box = desk.window.findChild(QMessageBox)
    assert isinstance(box, QMessageBox)
    return box


def press(box: QMessageBox, text: str) -> None:
    button = next(b for b in box.findChildren(QPushButton) if b.text() == text)
    button.click()


def test_files_may_be_dropped_anywhere_in_the_window(desk: Desk, photo: Make) -> None:
    event = drop_event(photo("a.png"))
    desk.window.dropEvent(event)
    assert event.isAccepted()
    desk.until(lambda: bool(desk.rows) and desk.rows[0].state is State.CLEANED)


def test_files_of_another_pane_go_there_with_a_notice(shelf: Desk, book: Make, photo: Make) -> None:
    shelf.window.rail.choose(1)
    assert shelf.pane.task.title == "Photos"
    shelf.window.take([book()])
    shelf.until(lambda: shelf.window.pane.task.title == "Books" and bool(shelf.rows))
    assert shelf.window.notice.label.text() == "Files that belong to Books went there."
    assert shelf.window.panes[1].model.rows == []


def test_a_file_that_two_panes_take_stays_in_the_one_in_front(shelf: Desk, photo: Make) -> None:
    shelf.services.settings.put("clean_on_drop", False)
    shelf.window.take([photo("a.png")])
    shelf.until(lambda: bool(shelf.rows))
    assert shelf.pane.task.title == "Books"
    assert not shelf.window.notice.isVisible()


def test_over_the_settings_a_file_goes_where_it_looks_most_like(shelf: Desk, photo: Make) -> None:
    shelf.services.settings.put("clean_on_drop", False)
    shelf.window.rail.choose(len(shelf.window.panes))
    shelf.window.take([photo("a.png")])
    shelf.until(lambda: bool(shelf.window.panes[1].model.rows))
    assert shelf.pane.task.title == "Photos"


def test_settings_survive_the_window(make_desk: Callable[[], Desk]) -> None:
    first = make_desk()
    inspector = first.pane.inspector
    inspector.strength.setValue(70)
    inspector.on_drop.setChecked(False)
    inspector.save_box.pattern.setText("")
    QTest.keyClicks(inspector.save_box.pattern, "neu_{name}")
    first.window.close()
    second = make_desk()
    again = second.pane.inspector
    assert again.strength.value() == 70
    assert not again.on_drop.isChecked()
    assert again.save_box.output().pattern == "neu_{name}"


def test_a_pattern_that_gives_no_name_is_said_and_not_kept(desk: Desk) -> None:
    box = desk.pane.inspector.save_box
    box.pattern.setText("")
    QTest.keyClicks(box.pattern, "no name/")
    assert box.note.property("role") == "bad"
    assert "{name}" in box.note.text()
    assert box.output().pattern == "{name}_clean{ext}"
    box.pattern.editingFinished.emit()
    assert box.pattern.text() == "{name}_clean{ext}"
    assert box.note.property("role") == "small"


def test_closing_while_cleaning_asks_first(desk: Desk, photo: Make) -> None:
    job = Waits()
    desk.services.cleaning.submit(job)
    rows = desk.drop(photo("a.png"), start=True)
    desk.window.close()
    assert desk.window.isVisible()
    press(dialog(desk), "Keep cleaning")
    assert desk.window.isVisible() and desk.pane.run.active
    desk.until(lambda: desk.window.findChild(QMessageBox) is None)
    desk.window.close()
    press(dialog(desk), "Stop and close")
    desk.until(lambda: not desk.window.isVisible())
    assert rows[0].state is State.STOPPED
    job.let_go.set()


def test_a_pasted_picture_is_kept_as_png_and_cleaned(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "paste_folder", lambda: tmp_path / "pasted")
    image = QImage(32, 32, QImage.Format.Format_RGB888)
    image.fill(0x123456)
    QGuiApplication.clipboard().setImage(image)
    desk.window.intake.paste()
    desk.until(lambda: bool(desk.rows) and not desk.pane.run.active)
    assert desk.rows[0].source.parent == tmp_path / "pasted"
    assert QImage(str(desk.rows[0].source)) == image.convertToFormat(QImage.Format.Format_RGB32)


def test_the_cleaned_picture_can_be_copied(desk: Desk, photo: Make) -> None:
    [row] = desk.clean(photo("a.png"))
    desk.until(lambda: desk.pane.stage.after is not None)
    desk.window.intake.copy(desk.pane)
    data = QGuiApplication.clipboard().mimeData()
    assert data.hasImage()
    assert [url.toLocalFile() for url in data.urls()] == [str(row.target)]


def test_a_result_can_be_dragged_out(desk: Desk, photo: Make) -> None:
    [row] = desk.clean(photo("a.png"))
    model = desk.pane.model
    data = model.mimeData([model.index(0)])
    assert [url.toLocalFile() for url in data.urls()] == [str(row.target)]


def test_the_menu_of_a_failed_row_offers_its_details(desk: Desk, broken: Make) -> None:
    rows = desk.clean(broken("a.png"))
    menu = desk.pane.column.make_menu(rows)
    texts = [action.text() for action in menu.actions()]
    assert "Copy details" in texts
    next(a for a in menu.actions() if a.text() == "Copy details").trigger()
    assert "Traceback" in QGuiApplication.clipboard().text()


def test_ten_thousand_files_are_added_within_a_second() -> None:
    model = QueueModel()
    rows = [Row(Path(f"/photos/IMG_{number}.jpg")) for number in range(10_000)]
    begin = time.perf_counter()
    model.add(rows)
    assert time.perf_counter() - begin < 1.0
    assert model.rowCount() == 10_000


def test_ten_thousand_rows_load_only_the_thumbnails_that_are_seen(desk: Desk, photo: Make) -> None:
    path = photo("a.png")
    begin = time.perf_counter()
    desk.pane.model.add([Row(path.with_name(f"{n}.png")) for n in range(10_000)])
    desk.window.grab()
    assert time.perf_counter() - begin < 1.0
    assert len(desk.pane.column.thumbnails._asked) < 20


@dataclass(frozen=True)
class Busy:
    """Python and NumPy work without a pause, as a codec does."""

    seconds: float

    def run(self, context: Context) -> None:
        import numpy as np

        block = np.ones((512, 512), np.float32)
        end = time.monotonic() + self.seconds
        while time.monotonic() < end:
            block = np.sqrt(block * block)


def test_the_window_answers_within_50_ms_while_a_job_runs(desk: Desk) -> None:
    gaps: list[float] = []
    last = time.perf_counter()

    def tick() -> None:
        nonlocal last
        now = time.perf_counter()
        gaps.append(now - last)
        last = now

    desk.until(lambda: desk.window.status.machine.text() != "Starting…")
    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(tick)
    done: list[object] = []
    desk.services.cleaning.job_done.connect(lambda *result: done.append(result))
    desk.services.cleaning.submit(Busy(0.5))
    timer.start(5)
    last = time.perf_counter()
    desk.until(lambda: bool(done))
    timer.stop()
    gaps.sort()
    assert gaps[-1] < 0.05, gaps[-5:]


def test_the_bootstrap_loads_no_torch() -> None:
    code = (
        "import sys, desktop_ae.app, desktop_ae.ui.main_window;"
        "bad = [m for m in sys.modules if m.split('.')[0] in ('torch', 'PIL')];"
        "sys.exit(str(bad) if bad else 0)"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert ended.returncode == 0, ended.stderr


def test_rows_moved_by_hand_land_where_they_were_dropped() -> None:
    model = QueueModel()
    rows = model.add([Row(Path(f"/{name}.png")) for name in "abcd"])
    rows[1].state = State.CLEANED
    model.move([rows[0], rows[1]], 4)
    assert [row.source.stem for row in model.rows] == ["b", "c", "d", "a"]
    model.move([rows[3], rows[0]], 0)
    assert [row.source.stem for row in model.rows] == ["d", "a", "b", "c"]


def test_every_control_has_a_name_for_screen_readers(desk: Desk) -> None:
    inspector = desk.pane.inspector
    for part in (inspector.strength, inspector.models, desk.pane.queue, desk.pane.column.add):
        assert part.accessibleName()


def test_the_window_speaks_hindi(desk: Desk) -> None:
    translator = QTranslator()
    folder = str(shipped("resources") / "translations")
    assert translator.load(QLocale("hi"), "desktop_ae", "_", folder)
    assert translator.translate("Pane", "Clean again") == "फिर साफ़ करें"
    assert translator.translate("PageStrip", "Leave this page out") == "यह पन्ना छोड़ दें"
    for task in (pane.task for pane in desk.window.panes):
        texts = [task.title, task.sentence, *task.nouns]
        for option in task.options:
            texts += [option.label, option.hint, *(label for _, label in option.choices)]
        for text in texts:
            assert translator.translate("Task", text), text
        for sigma in range(0, 100, 3):
            figures = {"removed_sigma": sigma, "noise_sigma": sigma, "colour_share": sigma / 100}
            figures |= {"overlay_percent": sigma, "removed_db": -sigma}
            finding = task.findings(figures)[0]
            assert translator.translate("Task", finding.label), finding
            assert translator.translate("Task", finding.value), finding


def test_a_row_that_the_program_chooses_is_selected_alone(desk: Desk, photo: Make) -> None:
    desk.services.settings.put("clean_on_drop", False)
    rows = [row for name in "abc" for row in desk.drop(photo(f"{name}.png"))]
    QTest.keyPress(desk.window, Qt.Key.Key_Shift, Qt.KeyboardModifier.ShiftModifier)
    desk.pane.queue.select(rows[2])
    assert desk.pane.queue.selected() == [rows[2]]
    QTest.keyRelease(desk.window, Qt.Key.Key_Shift)
