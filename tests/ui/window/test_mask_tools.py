from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, Qt, QTranslator
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from desktop_ae.places import shipped
from desktop_ae.ui.queue_model import Row
from tests.ui.window.conftest import Desk
from tests.ui.window.mask_probe import box, editor, until_seen, view

Make = Callable[..., Path]


@pytest.fixture
def ready(marks: Desk, picture: Make) -> Row:
    """A picture whose overlay was found, not cleaned yet."""
    [row] = marks.drop(picture())
    until_seen(marks)
    return row


def test_two_panes_of_one_domain_keep_their_files_apart(marks: Desk, picture: Make) -> None:
    marks.drop(picture("a.png"))
    assert marks.pane.task.id == "image/marks"
    marks.window.rail.choose(0)
    assert marks.pane.task.id == "image/denoise" and not marks.rows
    marks.drop(picture("b.png"))
    assert [row.source.name for row in marks.rows] == ["b.png"]
    assert not marks.window.notice.isVisible()
    marks.window.rail.choose(1)
    assert [row.source.name for row in marks.rows] == ["a.png"]
    marks.until(lambda: marks.pane.column.thumbnails.find(marks.rows[0].source) is not None)


def test_over_the_settings_a_picture_goes_to_the_first_pane_of_its_domain(
    marks: Desk, picture: Make
) -> None:
    marks.window.rail.choose(len(marks.window.panes))
    marks.window.take([picture()])
    marks.until(lambda: bool(marks.window.panes[0].model.rows))


def test_both_panes_keep_choices_of_their_own(marks: Desk) -> None:
    marks.pane.inspector.strength.setValue(40)
    marks.window.rail.choose(0)
    assert marks.pane.inspector.strength.value() == 100
    assert "noise" in marks.pane.inspector.about_strength.text()
    assert "marked" in marks.window.panes[1].inspector.about_strength.text()


def test_a_pane_without_a_mask_has_none_of_its_tools(marks: Desk) -> None:
    photos = marks.window.panes[0]
    assert photos.masks is None and photos.stage.editor is None
    assert photos.inspector.mask_box is None
    assert photos.stage.compare.overlay is None


def test_a_shown_mask_can_be_hidden(marks: Desk, ready: Row) -> None:
    bar = editor(marks).bar
    bar.eye.click()
    assert not editor(marks).layer.shown
    view(marks).setFocus()
    QTest.keyClick(view(marks), Qt.Key.Key_M)
    assert editor(marks).layer.shown and bar.eye.isChecked()
    bar.eye.click()
    bar.brush.click()  # to paint is to see
    assert editor(marks).layer.shown and editor(marks).hands.tool == "brush"


def test_tool_and_size_stay_from_row_to_row(marks: Desk, ready: Row, picture: Make) -> None:
    bar = editor(marks).bar
    bar.brush.click()
    bar.slider.setValue(77)
    [other] = marks.drop(picture("b.png"))
    marks.pane.queue.select(other)
    until_seen(marks)
    assert editor(marks).hands.tool == "brush" and bar.brush.isChecked()
    assert editor(marks).hands.size == 77
    assert bar.pixels.text().endswith(" px")


def test_every_tool_names_itself_and_its_key(marks: Desk, ready: Row) -> None:
    bar = editor(marks).bar
    for button in (bar.eye, bar.brush, bar.eraser, bar.undo, bar.redo):
        assert "(" in button.toolTip() and button.accessibleName()
    for part in (bar.slider, bar.clear, *box(marks).findChildren(QPushButton)):
        assert part.toolTip() and part.accessibleName()
    bar.resize(272, bar.height())
    assert bar.brush.text() == "" and bar.brush.accessibleName() == "Brush"


def test_the_notice_of_the_task_is_always_there(marks: Desk, ready: Row) -> None:
    notice = marks.pane.task.notice
    for part in (marks.pane.drop_area, marks.pane.inspector):
        texts = [label.text() for label in part.findChildren(type(marks.pane.column.title))]
        assert notice in texts


def test_a_narrow_window_keeps_every_tool_whole(marks: Desk, ready: Row) -> None:
    marks.window.resize(960, 600)
    bar = editor(marks).bar
    marks.until(lambda: not bar.pixels.isVisible())
    marks.qtbot.wait(50)
    for part in (bar.eye, bar.brush, bar.eraser, bar.undo, bar.redo, bar.clear):
        left = part.mapTo(bar, part.rect().topLeft()).x()
        assert left >= 0 and left + part.width() <= bar.width()
        assert part.width() >= part.iconSize().width() + 10


def test_the_tools_speak_hindi() -> None:
    translator = QTranslator()
    folder = str(shipped("resources") / "translations")
    assert translator.load(QLocale("hi"), "desktop_ae", "_", folder)
    for context, text in (
        ("MaskBox", "Same mask for all"),
        ("MaskBar", "Eraser"),
        ("Masks", "Looking for an overlay…"),
        ("Wording", "nothing found in {n}"),
        ("PictureWords", "No picture"),
    ):
        assert translator.translate(context, text), text
