from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from desktop_ae.ui.picture_view import PictureView
from desktop_ae.ui.theme import DARK
from tests.ui.picture_probe import (
    AFTER,
    BEFORE,
    LEFT,
    colour_at,
    drag,
    flat,
    mouse,
    noise,
    painted,
    segment,
    turn_wheel,
)


def test_the_wipe_line_is_dragged_by_its_handle(compared: PictureView) -> None:
    drag(compared, (206, 155), (306, 155))
    assert compared.wipe == pytest.approx(0.75)
    assert colour_at(compared, (280, 90)) == BEFORE
    assert colour_at(compared, (330, 90)) == AFTER


def test_the_wipe_line_stays_on_the_picture(compared: PictureView) -> None:
    drag(compared, (200, 40), (900, 40))
    assert compared.wipe == 1.0
    drag(compared, (399, 40), (-300, 40))
    assert compared.wipe == 0.0
    assert colour_at(compared, LEFT) == AFTER


@pytest.mark.parametrize("button", [Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton])
def test_a_drag_away_from_the_line_pans(compared: PictureView, button: Qt.MouseButton) -> None:
    compared.zoom_to(2.0)
    start = compared.visible_part()
    drag(compared, (60, 60), (30, 40), button)
    assert compared.visible_part().topLeft() - start.topLeft() == QPoint(15, 10)
    assert compared.wipe == 0.5


def test_the_middle_button_pans_even_on_the_line(compared: PictureView) -> None:
    compared.zoom_to(2.0)
    start = compared.visible_part()
    drag(compared, (200, 60), (180, 60), Qt.MouseButton.MiddleButton)
    assert compared.visible_part().left() - start.left() == 10
    assert compared.wipe == 0.5


@pytest.mark.parametrize("at", [(100, 90), (333, 47), (200, 150)])
def test_the_wheel_zooms_at_the_pointer(view: PictureView, at: tuple[int, int]) -> None:
    picture = noise()
    view.set_pictures(picture, None)
    for _ in range(6):
        turn_wheel(view, at, 1)
    assert view.zoom == pytest.approx(1.25**6)
    beneath = picture[at[1], at[0]]
    around = painted(view)[at[1] - 2 : at[1] + 3, at[0] - 2 : at[0] + 3].reshape(-1, 3)
    assert (around == beneath).all(axis=1).any()
    for _ in range(6):
        turn_wheel(view, at, -1)
    assert view.zoom == pytest.approx(1.0)


def test_zoom_ends_at_5_and_3200_percent(compared: PictureView) -> None:
    turn_wheel(compared, LEFT, 100)
    assert compared.zoom == 32.0
    turn_wheel(compared, LEFT, -200)
    assert compared.zoom == 0.05


def test_a_huge_picture_may_be_smaller_than_5_percent_to_fit(view: PictureView) -> None:
    view.set_pictures(np.zeros((20, 20000, 3), np.uint8), None)
    assert view.zoom == pytest.approx(0.02)
    view.step_zoom(False)
    assert view.zoom == pytest.approx(0.05)


def test_a_picture_stays_fitted_until_one_zooms(compared: PictureView) -> None:
    compared.resize(800, 600)
    assert compared.zoom == 2.0
    compared.zoom_to(1.5)
    compared.resize(400, 300)
    assert compared.zoom == 1.5
    compared.fit()
    assert (compared.zoom, compared.fitted) == (1.0, True)


def test_a_picture_of_the_same_size_keeps_the_place(compared: PictureView) -> None:
    compared.zoom_to(4.0)
    compared.pan(-80, -40)
    place = compared.visible_part()
    compared.set_pictures(flat((9, 9, 9)), None)
    assert compared.visible_part() == place
    compared.set_pictures(flat((9, 9, 9), 200, 300), None)
    assert compared.fitted


def test_the_keyboard_does_it_all(compared: PictureView, qtbot: QtBot) -> None:
    keys: list[tuple[Qt.Key, Callable[[], object], object]] = [
        (Qt.Key.Key_Plus, lambda: compared.zoom, 1.25),
        (Qt.Key.Key_Plus, lambda: compared.zoom, 1.5),
        (Qt.Key.Key_Minus, lambda: compared.zoom, 1.25),
        (Qt.Key.Key_0, lambda: compared.fitted, True),
        (Qt.Key.Key_Plus, lambda: compared.fitted, False),
        (Qt.Key.Key_F, lambda: compared.fitted, True),
        (Qt.Key.Key_Plus, lambda: compared.zoom, 1.25),
        (Qt.Key.Key_1, lambda: (compared.zoom, compared.fitted), (1.0, False)),
        (Qt.Key.Key_S, lambda: compared.mode, "side"),
        (Qt.Key.Key_R, lambda: compared.mode, "removed"),
        (Qt.Key.Key_W, lambda: compared.mode, "wipe"),
    ]
    for key, reads, wanted in keys:
        QTest.keyClick(compared, key)
        assert reads() == wanted, key


def test_arrows_pan_and_with_shift_move_the_wipe(compared: PictureView, qtbot: QtBot) -> None:
    compared.zoom_to(2.0)
    start = compared.visible_part()
    QTest.keyClick(compared, Qt.Key.Key_Right)
    QTest.keyClick(compared, Qt.Key.Key_Down)
    assert compared.visible_part().topLeft() - start.topLeft() == QPoint(30, 30)
    QTest.keyClick(compared, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert compared.wipe == pytest.approx(0.52)
    QTest.keyClick(compared, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert compared.wipe == pytest.approx(0.5)


def test_panning_ends_at_the_edge(compared: PictureView) -> None:
    compared.zoom_to(2.0)
    compared.pan(10000, 10000)
    assert compared.visible_part() == QRect(0, 0, 200, 150)
    assert not compared.pan(10, 10)


def test_a_double_click_turns_between_fit_and_actual_pixels(view: PictureView) -> None:
    view.set_pictures(flat(BEFORE, 800, 600), flat(AFTER, 800, 600))
    mouse(view, QEvent.Type.MouseButtonDblClick, LEFT)
    assert view.zoom == 1.0
    mouse(view, QEvent.Type.MouseButtonDblClick, LEFT)
    assert view.fitted


def test_the_pill_chooses_mode_and_zoom(compared: PictureView, qtbot: QtBot) -> None:
    compared.resize(700, 500)
    for text, mode in (("Removed", "removed"), ("Side by side", "side"), ("Wipe", "wipe")):
        QTest.mouseClick(segment(compared, text), Qt.MouseButton.LeftButton)
        assert compared.mode == mode
    QTest.mouseClick(segment(compared, "Zoom in"), Qt.MouseButton.LeftButton)
    assert not compared.fitted
    QTest.mouseClick(segment(compared, "Fit"), Qt.MouseButton.LeftButton)
    assert compared.fitted


def test_every_button_of_the_pill_names_its_key_and_itself(compared: PictureView) -> None:
    for button in compared.findChildren(QPushButton):
        assert "(" in button.toolTip()
        assert button.text() or button.accessibleName()
        assert button.focusPolicy() == Qt.FocusPolicy.TabFocus


def test_a_narrow_view_keeps_its_pill_inside(compared: PictureView) -> None:
    for width in (700, 320, 200):
        compared.resize(width, 300)
        shown = [b for b in compared.findChildren(QPushButton) if b.isVisible()]
        for button in shown:
            left = button.mapTo(compared, QPoint(0, 0)).x()
            assert 0 <= left <= left + button.width() <= width
            assert button.width() >= button.sizeHint().width(), button.text()


def test_a_mode_set_from_outside_shows_in_the_pill(compared: PictureView) -> None:
    compared.set_mode("removed")
    assert segment(compared, "Removed").isChecked()


def test_focus_shows_when_it_came_by_the_keyboard(compared: PictureView, qtbot: QtBot) -> None:
    compared.clearFocus()
    plain = painted(compared)
    compared.setFocus(Qt.FocusReason.MouseFocusReason)
    qtbot.waitUntil(compared.hasFocus, timeout=5000)
    assert np.array_equal(painted(compared), plain)
    compared.clearFocus()
    compared.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(compared.hasFocus, timeout=5000)
    assert colour_at(compared, (200, 0)) == tuple(bytes.fromhex(DARK.accent[1:]))
