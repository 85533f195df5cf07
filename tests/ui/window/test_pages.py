from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QModelIndex, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop_ae.core.work import Progress
from desktop_ae.jobs import Cleaned
from desktop_ae.ui.page_delegate import check_rect
from desktop_ae.ui.page_state import PageState, page_state
from desktop_ae.ui.page_strip import PageStrip
from desktop_ae.ui.queue_model import Row, State
from tests.fakes import Waits
from tests.ui.window.books import views
from tests.ui.window.conftest import Desk

Make = Callable[..., Path]
SOURCE, RESULT = 200, 40  # shades of a book's pages


def strip(desk: Desk) -> PageStrip:
    found: PageStrip = desk.pane.stage.strip
    return found


def note(desk: Desk) -> str:
    return str(desk.pane.stage.compare.accessibleDescription())


def turn_to(desk: Desk, page: int) -> None:
    strip(desk).setCurrentIndex(strip(desk).pages.index(page))


def click_check(desk: Desk, page: int) -> None:
    index: QModelIndex = strip(desk).pages.index(page)
    place = check_rect(strip(desk).visualRect(index)).center()
    QTest.mouseClick(strip(desk).viewport(), Qt.MouseButton.LeftButton, pos=QPoint(place))


def said_of(desk: Desk, page: int) -> str:
    roles = Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole
    tip, read_out = (strip(desk).pages.index(page).data(role) for role in roles)
    assert tip == read_out
    return str(tip)


def _shade(desk: Desk, page: int) -> int:
    """Of the middle of a page's small picture."""
    cell = strip(desk).visualRect(strip(desk).pages.index(page))
    place = QPoint(cell.left() + 42, cell.top() + 40)
    return strip(desk).viewport().grab().toImage().pixelColor(place).red()


def _mark(desk: Desk, page: int) -> NDArray[np.uint8]:
    """What is painted below a page's picture, but for its number."""
    cell = strip(desk).visualRect(strip(desk).pages.index(page))
    below = cell.adjusted(12, 74, -42, 0)
    below.setHeight(34)
    grabbed = strip(desk).viewport().grab(below).toImage()
    image = grabbed.convertToFormat(QImage.Format.Format_RGB32)
    return np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1).copy()


def choose_from_menu(desk: Desk, page: int, text: str) -> None:
    menu = strip(desk).make_menu(page)
    next(a for a in menu.actions() if a.text().startswith(text)).trigger()


@pytest.fixture
def ready(shelf: Desk, book: Make) -> Row:
    """A book of five pages on the screen, not cleaned yet."""
    shelf.services.settings.put("clean_on_drop", False)
    [row] = shelf.drop(book())
    shelf.until(lambda: strip(shelf).isVisible())
    return row


def test_a_file_of_one_page_has_no_strip(shelf: Desk, book: Make) -> None:
    shelf.clean(book(pages=1))
    shelf.until(lambda: shelf.pane.stage.after is not None)
    assert not strip(shelf).isVisible()


def test_both_sides_show_the_chosen_page(shelf: Desk, book: Make) -> None:
    [row] = shelf.clean(book("a.book"))
    shelf.until(lambda: strip(shelf).isVisible() and shelf.pane.stage.after is not None)
    turn_to(shelf, 3)
    after = shelf.pane.stage.after
    shelf.until(lambda: shelf.pane.stage.after not in (None, after))
    asked = {(name, page) for name, page, _ in views}
    assert {("a.book", 3), ("a_clean.book", 3)} <= asked
    assert row.page == 3
    image = shelf.pane.stage.compare.read_after()
    assert image is not None and image.pixelColor(5, 3).red() == 0
    assert "Page 4 of 5" in shelf.pane.stage.about.text()


def test_keys_step_through_the_pages(shelf: Desk, ready: Row) -> None:
    for key, page in (
        (Qt.Key.Key_Right, 1),
        (Qt.Key.Key_PageDown, 2),
        (Qt.Key.Key_Left, 1),
        (Qt.Key.Key_End, 4),
        (Qt.Key.Key_Right, 4),
        (Qt.Key.Key_Home, 0),
        (Qt.Key.Key_PageUp, 0),
    ):
        QTest.keyClick(strip(shelf), key)
        assert ready.page == page
    QTest.keyClick(shelf.pane.stage.compare, Qt.Key.Key_PageDown)
    assert ready.page == 1
    assert strip(shelf).currentIndex().row() == 1


def test_zoom_and_place_stay_when_the_page_changes(shelf: Desk, ready: Row) -> None:
    compare = shelf.pane.stage.compare
    compare.zoom_to(8.0)
    part = compare.visible_part()
    turn_to(shelf, 2)
    shelf.until(lambda: ("a.book", 2) in {(name, page) for name, page, _ in views})
    shelf.until(lambda: "Page 3" in shelf.pane.stage.about.text())
    assert compare.zoom == 8.0
    assert compare.visible_part() == part


def test_each_row_remembers_its_page(shelf: Desk, ready: Row, book: Make) -> None:
    turn_to(shelf, 4)
    [other] = shelf.drop(book("b.book", pages=3))
    shelf.pane.queue.select(other)
    shelf.until(lambda: strip(shelf).pages.rowCount() == 3)
    assert strip(shelf).currentIndex().row() == 0
    shelf.pane.queue.select(ready)
    assert strip(shelf).currentIndex().row() == 4


def test_a_page_left_out_goes_into_the_job_and_stays_as_it_is(shelf: Desk, ready: Row) -> None:
    click_check(shelf, 1)
    assert ready.left_out == {1}
    assert ready.page == 0, "a click on the check turned the page"
    turn_to(shelf, 1)
    shelf.until(lambda: "Left out" in note(shelf))
    shelf.pane.clean()
    shelf.until(lambda: ready.state is State.CLEANED)
    assert ready.job is not None and ready.job.left_out == {1}
    assert ready.result is not None and ready.result.pieces[1] == "left out"
    click_check(shelf, 1)
    assert ready.left_out == frozenset()
    button = shelf.pane.inspector.clean
    shelf.until(lambda: button.text() == "Clean again" and button.isEnabled())


def test_the_menu_leaves_out_one_keeps_only_one_or_takes_all(shelf: Desk, ready: Row) -> None:
    choose_from_menu(shelf, 2, "Leave this page out")
    assert ready.left_out == {2}
    choose_from_menu(shelf, 2, "Clean only this page")
    assert ready.left_out == {0, 1, 3, 4}
    choose_from_menu(shelf, 2, "Clean all pages")
    assert ready.left_out == frozenset()


def test_return_leaves_the_current_page_out(shelf: Desk, ready: Row) -> None:
    QTest.keyClick(strip(shelf), Qt.Key.Key_Return)
    assert ready.left_out == {0}
    QTest.keyClick(strip(shelf), Qt.Key.Key_Return)
    assert ready.left_out == frozenset()


def test_a_file_whose_pages_are_all_left_out_says_so(shelf: Desk, ready: Row) -> None:
    for page in range(5):
        strip(shelf).pages.leave_out(page, True)
    shelf.pane.clean()
    shelf.until(lambda: ready.state is State.UNCHANGED)
    tip = shelf.pane.model.data(shelf.pane.model.index(0), Qt.ItemDataRole.ToolTipRole)
    assert "All pages are left out" in tip


def test_the_view_says_what_became_of_the_page(shelf: Desk, book: Make) -> None:
    shelf.clean(book(text=[1], clean=[2]))
    shelf.until(lambda: strip(shelf).isVisible())
    turn_to(shelf, 1)
    shelf.until(lambda: "This page is text already." in note(shelf))
    turn_to(shelf, 2)
    shelf.until(lambda: "Already clean" in note(shelf))
    turn_to(shelf, 3)
    shelf.until(lambda: "clean" not in note(shelf) and shelf.pane.stage.compare.comparing())


def test_the_page_being_cleaned_shows_how_far_it_is(shelf: Desk, ready: Row) -> None:
    job = Waits()
    shelf.services.cleaning.submit(job)
    shelf.pane.run.start([ready])
    running = shelf.pane.run._current_id
    step = Progress(2.5, 5, "MP", piece=2, piece_fraction=0.5)
    known = replace(step, pieces={0: "cleaned"}, passed_over={1: "This page is text already."})
    shelf.services.cleaning.job_progressed.emit(running, known)
    assert [page_state(ready, page) for page in range(5)] == [
        PageState.CLEANED,
        PageState.PASSED_OVER,
        PageState.CLEANING,
        PageState.OPEN,
        PageState.OPEN,
    ]
    assert said_of(shelf, 1) == "Page 2: Left as it is. This page is text already."
    assert ready.piece_fraction == 0.5
    tip = shelf.pane.model.data(shelf.pane.model.index(0), Qt.ItemDataRole.ToolTipRole)
    assert "Page 3 of 5" in tip
    job.let_go.set()
    shelf.until(lambda: ready.state is State.CLEANED)
    assert {page_state(ready, page) for page in range(5)} == {PageState.CLEANED}


def test_pages_passed_over_are_told_apart_from_all_others(shelf: Desk, book: Make) -> None:
    shelf.services.settings.put("clean_on_drop", False)
    [row] = shelf.drop(book("a.book", text=[1], clean=[2]))
    shelf.until(lambda: strip(shelf).isVisible())
    strip(shelf).pages.leave_out(3, True)
    shelf.pane.clean()
    shelf.until(lambda: row.state is State.CLEANED and row.left_out == {3})
    assert [said_of(shelf, page) for page in range(4)] == [
        "Page 1: Cleaned",
        "Page 2: Left as it is. This page is text already.",
        "Page 3: Already clean",
        "Page 4: Left out",
    ]
    turn_to(shelf, 4)  # the page on the screen is highlighted, which would be a difference too
    shelf.until(lambda: not strip(shelf).thumbnails._asked)
    marks = {_mark(shelf, page).tobytes() for page in range(4)}
    assert len(marks) == 4


def test_a_cleaned_page_is_small_as_the_result_others_as_the_source(
    shelf: Desk, book: Make
) -> None:
    shelf.services.settings.put("clean_on_drop", False)
    [row] = shelf.drop(book("a.book", text=[1]))
    shelf.until(lambda: strip(shelf).isVisible())
    strip(shelf).pages.leave_out(2, True)
    shelf.until(lambda: [_shade(shelf, page) for page in range(5)] == [SOURCE] * 5)
    shelf.pane.clean()
    wanted = [RESULT, SOURCE, SOURCE, RESULT, RESULT]
    shelf.until(lambda: [_shade(shelf, page) for page in range(5)] == wanted)
    assert row.target is not None
    assert ("a_clean.book", 1) not in {(name, page) for name, page, _ in views}


def test_a_result_under_the_name_of_an_earlier_one_is_loaded_anew(shelf: Desk, ready: Row) -> None:
    shelf.pane.clean()
    shelf.until(lambda: _shade(shelf, 3) == RESULT)
    first = ready.target
    assert first is not None
    asked = views.count(("a.book", 3, {})), views.count((first.name, 3, {}))
    shelf.until(lambda: not strip(shelf).thumbnails._asked)
    first.rename(first.with_name("elsewhere.book"))
    shelf.pane.run.start([ready])
    shelf.until(lambda: ready.state is State.CLEANED)
    assert ready.target == first
    shelf.until(lambda: views.count((first.name, 3, {})) > asked[1])
    assert views.count(("a.book", 3, {})) == asked[0], "the source's was kept"


def test_a_page_that_would_only_have_grown_says_so() -> None:
    row = Row(Path("a.book"), state=State.CLEANED, pages=1)
    pieces, why = {0: "unchanged"}, {0: "This page would take much more space when cleaned."}
    row.result = Cleaned(row.source, Path("b.book"), "cleaned", 0.0, pieces=pieces, passed_over=why)
    assert page_state(row, 0) is PageState.PASSED_OVER


def test_nothing_is_claimed_of_pages_that_were_cleaned_before() -> None:
    row = Row(Path("a.book"), state=State.SKIPPED, pages=2)
    row.result = Cleaned(row.source, Path("b.book"), "skipped", 0.0)
    assert page_state(row, 0) is PageState.OPEN


def test_five_hundred_pages_load_only_the_thumbnails_in_sight(shelf: Desk, book: Make) -> None:
    shelf.services.settings.put("clean_on_drop", False)
    shelf.drop(book("thick.book", pages=500))
    shelf.until(lambda: strip(shelf).pages.rowCount() == 500)
    shelf.until(lambda: not strip(shelf).thumbnails._asked)
    begin = time.perf_counter()
    turn_to(shelf, 499)
    shelf.window.grab()
    assert time.perf_counter() - begin < 1.0
    shelf.until(lambda: ("thick.book", 499, {}) in views)
    shelf.until(lambda: not strip(shelf).thumbnails._asked)
    assert len({page for _, page, _ in views}) < 40


def test_a_wheel_scrolls_the_strip_sideways(shelf: Desk, book: Make) -> None:
    shelf.services.settings.put("clean_on_drop", False)
    shelf.drop(book("thick.book", pages=60))
    shelf.until(lambda: strip(shelf).isVisible())
    wheel = QWheelEvent(
        QPointF(50, 50),
        QPointF(strip(shelf).viewport().mapToGlobal(QPoint(50, 50))),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(strip(shelf).viewport(), wheel)
    shelf.until(lambda: strip(shelf).horizontalScrollBar().value() > 0)


def test_pages_that_were_scrolled_away_are_not_loaded(shelf: Desk, book: Make) -> None:
    shelf.services.settings.put("clean_on_drop", False)
    shelf.drop(book("thick.book", pages=500))
    shelf.until(lambda: strip(shelf).pages.rowCount() == 500)
    strip(shelf).thumbnails._asked.update({(Path("thick.book"), page): None for page in (1, 2)})
    strip(shelf).horizontalScrollBar().setValue(20_000)
    assert (Path("thick.book"), 1) not in strip(shelf).thumbnails._asked
