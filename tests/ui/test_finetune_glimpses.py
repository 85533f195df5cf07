from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QColor, QEnterEvent, QFocusEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_ae.core.clip import Samples
from desktop_ae.learning.lesson import Glimpse
from desktop_ae.ui.finetune_glimpses import GlimpseRow, GlimpseTile
from desktop_ae.ui.theme import DARK, theme

RED, GREEN, BLUE = (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)
LEFT, RIGHT = (60, 150), (240, 150)  # of a tile of 300 x 300, clear of badges and line


def flat(*parts: float, size: int = 256) -> Samples:
    return np.ones((len(parts), size, size), np.float32) * np.reshape(parts, (-1, 1, 1)).astype(
        np.float32
    )


def of_pictures(name: str = "a.png") -> Glimpse:
    return Glimpse(name, flat(*RED), flat(*GREEN), flat(*BLUE))


def of_signals(rate_hz: float, after: float = 0.5) -> Glimpse:
    times = np.arange(1600) / 400
    wave = np.sin(2 * np.pi * 3 * times)[None].astype(np.float32)
    return Glimpse("a.wav", wave, wave * np.float32(after), wave * np.float32(0.25), rate_hz)


@pytest.fixture
def row(qapp: QApplication, qtbot: QtBot) -> Iterator[GlimpseRow]:
    theme().set_mode("dark")
    theme().apply(qapp)
    made = GlimpseRow()
    qtbot.addWidget(made)
    made.resize(300, 300)
    with qtbot.waitExposed(made, timeout=5000):
        made.show()
    yield made
    theme().set_mode("system")


def tile_of(row: GlimpseRow, glimpse: Glimpse) -> GlimpseTile:
    row.show_glimpses([glimpse])
    QApplication.processEvents()
    tile = row.tiles[0]
    tile.clearFocus()
    point_away(tile)  # a window without a screen opens under the pointer
    assert (tile.width(), tile.height()) == (300, 300)
    return tile


def picture(tile: GlimpseTile) -> QImage:
    return tile.grab().toImage()


def colour_at(tile: GlimpseTile, at: tuple[int, int]) -> tuple[float, ...]:
    found = picture(tile).pixelColor(*at)
    return (found.redF(), found.greenF(), found.blueF())


def rows_of(tile: GlimpseTile, colours: set[str]) -> list[int]:
    """Where, below the words, a pixel has one of these colours."""
    image = picture(tile)
    return [
        y
        for y in range(32, image.height() - 32)
        if any(image.pixelColor(x, y).name() in colours for x in range(20, image.width() - 20))
    ]


class HideEar(QObject):
    """Counts how often what it listens to is hidden."""

    def __init__(self) -> None:
        super().__init__()
        self.heard = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.heard += event.type() == QEvent.Type.Hide
        return False


def point_at(tile: GlimpseTile) -> None:
    at = QPointF(5, 5)
    QApplication.sendEvent(tile, QEnterEvent(at, at, at))


def point_away(tile: GlimpseTile) -> None:
    QApplication.sendEvent(tile, QEvent(QEvent.Type.Leave))


def test_a_picture_is_before_at_the_left_and_after_at_the_right(row: GlimpseRow) -> None:
    tile = tile_of(row, of_pictures())
    assert colour_at(tile, LEFT) == RED
    assert colour_at(tile, RIGHT) == GREEN


def test_both_halves_show_their_own_part_of_the_picture(row: GlimpseRow) -> None:
    ramp = np.tile(np.linspace(0, 1, 256, dtype=np.float32), (1, 256, 1))
    tile = tile_of(row, Glimpse("a.png", ramp, ramp, ramp))
    rise = colour_at(tile, RIGHT)[0] - colour_at(tile, LEFT)[0]
    assert rise == pytest.approx((RIGHT[0] - LEFT[0]) / 284, abs=0.02)  # its width in the tile


def test_the_target_is_shown_under_the_pointer(row: GlimpseRow) -> None:
    tile = tile_of(row, of_pictures())
    point_at(tile)
    assert (colour_at(tile, LEFT), colour_at(tile, RIGHT)) == (BLUE, BLUE)
    point_away(tile)
    assert (colour_at(tile, LEFT), colour_at(tile, RIGHT)) == (RED, GREEN)


def test_the_target_is_shown_while_space_is_held(row: GlimpseRow) -> None:
    tile = tile_of(row, of_pictures())
    QTest.keyPress(tile, Qt.Key.Key_Space)
    assert tile.shows_truth
    QTest.keyRelease(tile, Qt.Key.Key_Space)
    assert not tile.shows_truth
    QTest.keyPress(tile, Qt.Key.Key_Space)
    QApplication.sendEvent(tile, QFocusEvent(QEvent.Type.FocusOut))  # it is released elsewhere
    assert not tile.shows_truth


def test_a_target_that_is_the_file_itself_is_not_offered(row: GlimpseRow) -> None:
    noisy = flat(*RED)
    tile = tile_of(row, Glimpse("a.png", noisy, flat(*GREEN), noisy.copy()))
    point_at(tile)
    assert not tile.shows_truth
    assert colour_at(tile, RIGHT) == GREEN
    assert tile.accessibleDescription() == ""


def test_grey_pictures_and_further_channels_are_shown(row: GlimpseRow) -> None:
    tile = tile_of(row, Glimpse("a.tiff", flat(0.2), flat(1.4), flat(0.0)))
    assert colour_at(tile, LEFT) == pytest.approx((0.2, 0.2, 0.2), abs=0.01)
    assert colour_at(tile, RIGHT) == (1.0, 1.0, 1.0)
    unknown = np.full((4, 256, 256), np.nan, np.float32)
    tile = tile_of(row, Glimpse("a.pdf", flat(*RED, 0.5), flat(*GREEN, 0.5), unknown))
    assert colour_at(tile, LEFT) == RED
    point_at(tile)
    assert colour_at(tile, LEFT) == (0.0, 0.0, 0.0)


def test_a_large_picture_is_cut_and_not_reduced(row: GlimpseRow) -> None:
    """Reducing would take out the noise that is to be looked at."""
    stripes = np.zeros((1, 512, 512), np.float32)
    stripes[:, :, ::2] = 1.0
    tile = tile_of(row, Glimpse("a.png", stripes, stripes, stripes))
    image = picture(tile)
    seen = [image.pixelColor(x, 150).value() for x in range(60, 68)]
    assert seen in ([0, 255] * 4, [255, 0] * 4)


def test_a_signal_is_drawn_over_what_it_was_in_the_same_scale(row: GlimpseRow) -> None:
    tile = tile_of(row, of_signals(16000.0))
    after = rows_of(tile, {DARK.accent})
    others = {DARK.card, DARK.accent}
    image = picture(tile)
    inked = [
        y
        for y in range(32, image.height() - 32)
        if any(image.pixelColor(x, y).name() not in others for x in range(20, 280))
    ]
    before, cleaned = inked[-1] - inked[0], after[-1] - after[0]
    assert cleaned / before == pytest.approx(0.5, abs=0.05)


def test_the_target_of_a_signal_takes_the_place_of_after(row: GlimpseRow) -> None:
    tile = tile_of(row, of_signals(16000.0))
    after = rows_of(tile, {DARK.accent})
    point_at(tile)
    assert rows_of(tile, {DARK.accent}) == []
    target = rows_of(tile, {DARK.good})
    assert target[-1] - target[0] == pytest.approx((after[-1] - after[0]) / 2, abs=8)


def test_only_an_ecg_lies_on_paper(row: GlimpseRow) -> None:
    def seen(rate_hz: float) -> set[str]:
        image = picture(tile_of(row, of_signals(rate_hz)))
        return {image.pixelColor(x, y).name() for x in range(20, 280) for y in range(30, 260, 3)}

    assert {DARK.paper, DARK.grid_bold, DARK.original} <= seen(400.0)
    assert not {DARK.paper, DARK.grid_bold, DARK.original} & seen(16000.0)


@pytest.mark.parametrize("wave", [np.zeros((1, 50)), np.full((1, 50), np.nan), np.ones((1, 1))])
def test_a_flat_or_unknown_signal_is_no_trouble(row: GlimpseRow, wave: NDArray[np.float64]) -> None:
    curve = wave.astype(np.float32)
    tile = tile_of(row, Glimpse("a.dat", curve, curve, curve + 1, 400.0))
    assert not picture(tile).isNull()


def test_three_glimpses_are_shown_at_most(row: GlimpseRow) -> None:
    row.show_glimpses([of_pictures(f"{name}.png") for name in "abcd"])
    assert [tile.isVisible() for tile in row.tiles] == [True, True, True]
    assert [tile.accessibleName() for tile in row.tiles] == [
        "a.png, before and after",
        "b.png, before and after",
        "c.png, before and after",
    ]
    row.show_glimpses([of_pictures()])
    assert [tile.isVisible() for tile in row.tiles] == [True, False, False]


def test_a_sample_of_the_program_is_called_what_it_is(row: GlimpseRow) -> None:
    tile = tile_of(row, of_pictures(""))
    assert tile.accessibleName() == "Your noise on a clean sample, before and after"


def test_without_glimpses_a_sentence_stands_there(row: GlimpseRow) -> None:
    assert row.word.isVisible()
    row.show_glimpses([of_pictures()])
    assert not row.word.isVisible()
    row.show_glimpses(())
    assert row.word.isVisible()
    assert not any(tile.isVisible() for tile in row.tiles)


def test_new_glimpses_do_not_hide_the_tiles_in_between(row: GlimpseRow) -> None:
    tile = tile_of(row, of_pictures())
    ear = HideEar()
    tile.installEventFilter(ear)
    row.show_glimpses([Glimpse("b.png", flat(*GREEN), flat(*RED), flat(*BLUE))])
    assert row.tiles[0] is tile
    assert colour_at(tile, LEFT) == GREEN
    assert ear.heard == 0
    row.show_glimpses(())
    assert ear.heard == 1


def test_the_name_of_the_file_is_painted_below(row: GlimpseRow) -> None:
    tile = tile_of(row, of_pictures())
    image = picture(tile)
    foot = {image.pixelColor(x, y).name() for x in range(12, 80) for y in range(276, 296)}
    assert QColor(DARK.dim).name() in foot
