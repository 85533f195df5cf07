from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from desktop_ae.jobs import Password
from desktop_ae.ui.failure_card import FailureCard
from desktop_ae.ui.queue_model import State
from tests.ui.window.books import views
from tests.ui.window.conftest import Desk

Make = Callable[..., Path]
SECRET = "open sesame"


def card(desk: Desk) -> FailureCard:
    found: FailureCard = desk.pane.stage.failure
    return found


def unlock(desk: Desk, password: str) -> None:
    card(desk).lock.field.setText(password)
    QTest.keyClick(card(desk).lock.field, Qt.Key.Key_Return)


def test_a_locked_file_asks_for_its_password_and_is_cleaned_with_it(
    shelf: Desk, book: Make
) -> None:
    [row] = shelf.clean(book(password=SECRET))
    assert row.state is State.FAILED
    field = card(shelf).lock.field
    assert field.isVisibleTo(shelf.window)
    assert field.echoMode() is QLineEdit.EchoMode.Password
    assert not card(shelf).retry.isVisibleTo(shelf.window)
    assert not card(shelf).lock.wrong.isVisibleTo(shelf.window)
    unlock(shelf, SECRET)
    shelf.until(lambda: row.state is State.CLEANED)
    assert not card(shelf).isVisibleTo(shelf.window)
    shelf.until(lambda: shelf.pane.stage.after is not None)
    assert views[-1][2] == {"password": SECRET}


def test_a_wrong_password_says_so_and_asks_again(shelf: Desk, book: Make) -> None:
    [row] = shelf.clean(book(password=SECRET))
    unlock(shelf, "sesame")
    shelf.until(lambda: row.state is State.FAILED)
    assert card(shelf).lock.wrong.isVisibleTo(shelf.window)
    unlock(shelf, SECRET)
    shelf.until(lambda: row.state is State.CLEANED)


def test_a_locked_file_that_waits_to_be_cleaned_is_shown_once_unlocked(
    shelf: Desk, book: Make
) -> None:
    shelf.services.settings.put("clean_on_drop", False)
    [row] = shelf.drop(book(password=SECRET))
    shelf.until(lambda: card(shelf).lock.isVisibleTo(shelf.window))
    unlock(shelf, SECRET)
    shelf.until(lambda: shelf.pane.stage.strip.isVisibleTo(shelf.window))
    assert row.state is State.READY
    assert row.pages == 5


def test_another_files_password_is_not_left_in_the_field(shelf: Desk, book: Make) -> None:
    rows = shelf.clean(book("a.book", password=SECRET), book("b.book", password="other"))
    shelf.pane.queue.select(rows[0])
    card(shelf).lock.field.setText(SECRET)
    shelf.pane.queue.select(rows[1])
    assert card(shelf).lock.field.text() == ""


def test_a_password_is_nowhere_but_in_the_row(
    shelf: Desk, book: Make, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    [row] = shelf.clean(book(password=SECRET))
    unlock(shelf, SECRET)
    shelf.until(lambda: row.state is State.CLEANED)
    row.state, row.error = State.FAILED, OSError("broken")
    shelf.pane.stage.follow(row)
    card(shelf).copy.click()
    copied = QGuiApplication.clipboard().text()
    menu = shelf.pane.column.make_menu([row])
    next(a for a in menu.actions() if a.text() == "Copy details").trigger()
    shelf.services.settings.sync()
    assert "a.book" in copied and SECRET not in copied
    assert SECRET not in QGuiApplication.clipboard().text()
    assert SECRET not in (tmp_path / "settings.ini").read_text()
    assert SECRET not in caplog.text
    assert SECRET not in f"{row!r} {row.job} {row.job!r}"


def test_a_password_hides_itself_but_stays_one() -> None:
    assert Password(SECRET) == SECRET
    assert SECRET not in f"{ {'password': Password(SECRET)} }"
