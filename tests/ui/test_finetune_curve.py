from __future__ import annotations

import math
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_ae.learning.lesson import Lesson
from desktop_ae.ui.finetune_curve import LearningCurve
from desktop_ae.ui.finetune_plot import (
    Plot,
    minute_ticks,
    round_ticks,
    score_span,
    score_texts,
    spread,
    time_span_s,
)
from desktop_ae.ui.theme import DARK, LIGHT, theme

SCORES = ((0.0, 31.0), (60.0, 31.4), (120.0, 31.9), (180.0, 31.6), (240.0, 31.7))
LOSSES = ((30.0, 0.05), (90.0, 0.03), (150.0, 0.02), (210.0, 0.021))


def lesson(
    scores: tuple[tuple[float, float], ...] = SCORES, nothing: float = 30.6, start: float = 31.0
) -> Lesson:
    return Lesson(240.0, 900.0, "s", losses=LOSSES, scores=scores, start=start, nothing=nothing)


@pytest.fixture
def curve(qapp: QApplication, qtbot: QtBot) -> Iterator[LearningCurve]:
    theme().set_mode("dark")
    theme().apply(qapp)
    made = LearningCurve()
    qtbot.addWidget(made)
    made.set_figure("PSNR, dB")
    made.resize(900, 400)
    with qtbot.waitExposed(made, timeout=5000):
        made.show()
    made.clearFocus()
    yield made
    theme().set_mode("system")


def shown(curve: LearningCurve) -> Plot:
    plot = curve.plot()
    assert plot is not None
    return plot


def picture(curve: LearningCurve) -> QImage:
    return curve.grab().toImage()


def near(image: QImage, x: float, y: float, colour: str, reach: int = 1) -> bool:
    """Whether a pixel about there has that colour."""
    return any(
        image.pixelColor(round(x) + right, round(y) + down) == QColor(colour)
        for right in range(-reach, reach + 1)
        for down in range(-reach, reach + 1)
    )


def point_at(curve: LearningCurve, x: float, y: float) -> None:
    nothing = Qt.MouseButton.NoButton
    event = QMouseEvent(
        QEvent.Type.MouseMove,
        QPointF(x, y),
        QPointF(x, y),
        nothing,
        nothing,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(curve, event)


@pytest.mark.parametrize(
    ("low", "high", "most", "ticks"),
    [
        (30.9, 32.0, 5, ["31.0", "31.5", "32.0"]),
        (30.9, 32.0, 12, [f"{n / 10:.1f}" for n in range(309, 321)]),
        (-3.7, 4.4, 9, ["−3", "−2", "−1", "0", "1", "2", "3", "4"]),
        (31.18, 31.29, 6, ["31.18", "31.20", "31.22", "31.24", "31.26", "31.28"]),
        (-40.0, 260.0, 4, ["0", "100", "200"]),
    ],
)
def test_ticks_of_scores_are_few_and_round(
    low: float, high: float, most: float, ticks: list[str]
) -> None:
    assert [text for _, text in score_texts(low, high, most)] == ticks
    assert all(low <= tick <= high for tick in round_ticks(low, high, most))


@pytest.mark.parametrize(
    ("span", "most", "ticks"),
    [(1, 5, [0, 0.2, 0.4, 0.6, 0.8, 1]), (15, 4, [0, 5, 10, 15]), (240, 9, [*range(0, 241, 30)])],
)
def test_ticks_of_time_are_those_of_a_clock(span: float, most: float, ticks: list[float]) -> None:
    assert minute_ticks(span, most) == pytest.approx(ticks)


@pytest.mark.parametrize(
    ("elapsed_s", "budget_s", "span_s"),
    [(0, None, 60), (61, None, 120), (310, 900, 600), (610, 700, 700), (905, 900, 905), (0, 0, 1)],
)
def test_the_axis_of_time_grows_in_steps_up_to_the_budget(
    elapsed_s: float, budget_s: float | None, span_s: float
) -> None:
    assert time_span_s(elapsed_s, budget_s) == span_s


def test_a_line_far_off_does_not_flatten_the_curve() -> None:
    low, high = score_span([31.0, 31.5], 31.0, 30.5)
    assert low < 30.5 < 31.5 < high
    assert score_span([31.0, 31.5], 31.0, 12.0) == score_span([31.0, 31.5], 31.0, None)


def test_a_tremble_is_not_stretched_to_the_whole_height() -> None:
    low, high = score_span([31.20, 31.21], 31.20, None)
    assert high - low > 0.4
    assert (low + high) / 2 == pytest.approx(31.205)


def test_labels_of_equal_lines_stand_apart_and_inside() -> None:
    area = QRectF(0, 40, 100, 200)
    for places in ([239.0, 240.0, 238.0], [40.0, 40.0, 41.0], [100.0, 110.0, 200.0]):
        moved = spread(places, area)
        one, two, three = sorted(moved)
        assert two - one >= 30
        assert three - two >= 30
        assert one >= 40
        assert three <= 240
    assert spread([50.0, 200.0], area) == [50.0, 200.0]


def test_without_scores_a_sentence_stands_there(curve: LearningCurve) -> None:
    assert curve.plot() is None
    assert "kept-back files" in curve.accessibleDescription()
    empty = picture(curve)
    curve.show_lesson(lesson())
    assert picture(curve) != empty
    curve.clear()
    assert picture(curve) == empty


def test_the_curve_passes_through_its_scores(curve: LearningCurve) -> None:
    curve.show_lesson(lesson())
    plot, image = shown(curve), picture(curve)
    for (at_s, score), (next_s, following) in zip(SCORES, SCORES[1:], strict=False):
        x, y = plot.x_of((at_s + next_s) / 2), plot.y_of((score + following) / 2)
        assert near(image, x, y, DARK.accent)
        assert not near(image, x, y + 12, DARK.accent)


def test_the_best_score_is_marked_and_no_other(curve: LearningCurve) -> None:
    curve.show_lesson(lesson())
    plot, image = shown(curve), picture(curve)
    assert curve.best == 2
    at_s, score = SCORES[2]
    assert near(image, plot.x_of(at_s), plot.y_of(score) + 3, DARK.accent, 0)
    at_s, score = SCORES[3]
    assert not near(image, plot.x_of(at_s), plot.y_of(score) + 4, DARK.accent, 0)


def test_of_equal_scores_the_first_is_the_best(curve: LearningCurve) -> None:
    curve.show_lesson(lesson(((0.0, 31.0), (60.0, 32.0), (120.0, 32.0))))
    assert curve.best == 1


def test_what_it_is_measured_by_is_drawn_across(curve: LearningCurve) -> None:
    curve.show_lesson(lesson())
    plot, image = shown(curve), picture(curve)
    xs = range(round(plot.x_of(250)), round(plot.area.right()) - 2)  # the curve has ended there
    lines = {DARK.text: plot.y_of(31.0), DARK.dim: plot.y_of(30.6)}
    for colour, y in lines.items():
        row = math.floor(y)
        assert any(image.pixelColor(x, row) == QColor(colour) for x in xs), colour
        assert not any(image.pixelColor(x, row - 6) == QColor(colour) for x in xs)


def test_a_line_beyond_the_plot_is_told_but_not_drawn(curve: LearningCurve) -> None:
    curve.show_lesson(lesson(nothing=12.0))
    plot = shown(curve)
    assert not plot.shows(12.0)
    assert plot.y_of(12.0) == plot.area.bottom()
    image = picture(curve)
    xs = range(round(plot.x_of(250)), round(plot.area.right()) - 2)
    rows = range(round(plot.area.top()), round(plot.area.bottom()) + 1)
    assert not any(image.pixelColor(x, y) == QColor(DARK.dim) for x in xs for y in rows)
    assert "Doing nothing: 12.00 dB" in curve.accessibleDescription()


def test_a_screen_reader_is_told_how_it_stands(curve: LearningCurve) -> None:
    curve.show_lesson(lesson())
    assert curve.accessibleDescription() == (
        "Best on kept-back files: 31.90 dB after 2.0 min. Now: 31.70 dB."
        " Starting model: 31.00 dB. Doing nothing: 30.60 dB."
    )
    curve.set_figure("SI-SDR")
    assert "Now: 31.70." in curve.accessibleDescription()


def test_the_pointer_reads_out_the_nearest_score(curve: LearningCurve) -> None:
    curve.show_lesson(lesson())
    plot, plain = shown(curve), picture(curve)
    point_at(curve, plot.x_of(185), plot.area.center().y())
    assert curve.picked == 3
    told = curve.accessibleDescription()
    assert told == ("3.0 min, 31.60 dB, +0.60 dB since the start, Training loss 0.02")
    assert picture(curve) != plain
    point_at(curve, plot.area.right() + 40, plot.area.center().y())
    assert curve.picked is None
    point_at(curve, plot.x_of(0), plot.area.center().y())
    assert curve.picked == 0
    QApplication.sendEvent(curve, QEvent(QEvent.Type.Leave))
    assert curve.picked is None
    assert picture(curve) == plain


def test_arrow_keys_read_out_as_well(curve: LearningCurve) -> None:
    QTest.keyClick(curve, Qt.Key.Key_Left)
    assert curve.picked is None
    curve.show_lesson(lesson())
    QTest.keyClick(curve, Qt.Key.Key_Left)
    assert curve.picked == 4
    QTest.keyClick(curve, Qt.Key.Key_Left)
    assert curve.picked == 3
    for _ in range(3):
        QTest.keyClick(curve, Qt.Key.Key_Right)
    assert curve.picked == 4
    QTest.keyClick(curve, Qt.Key.Key_Escape)
    assert curve.picked is None


def test_the_readout_stays_inside_and_off_the_point(curve: LearningCurve) -> None:
    curve.show_lesson(lesson())
    for size in ((400, 200), (1200, 500)):
        curve.resize(*size)
        for place, (at_s, score) in enumerate(SCORES):
            plot = shown(curve)
            box = curve.readout_box(plot, place)
            assert QRectF(curve.rect()).contains(box)
            assert not box.contains(plot.x_of(at_s), plot.y_of(score))


@pytest.mark.parametrize("size", [(400, 200), (500, 260), (900, 400), (1200, 500)])
def test_the_plot_leaves_room_for_its_labels(curve: LearningCurve, size: tuple[int, int]) -> None:
    curve.resize(*size)
    curve.show_lesson(lesson(nothing=-12.0))
    area = shown(curve).area
    assert area.width() > size[0] / 2
    assert area.height() > size[1] / 2
    image = picture(curve)
    for x in (size[0] - 4, size[0] - 8, size[0] - 12):  # nothing is cut off at the right
        for y in range(8, size[1] - 8):
            assert image.pixelColor(x, y) == QColor(DARK.card)


def test_a_lesson_without_curves_leaves_what_is_shown(curve: LearningCurve) -> None:
    curve.show_lesson(lesson())
    before = picture(curve)
    curve.show_lesson(Lesson(0, 1, phase="judging"))
    assert picture(curve) == before


def test_scores_that_are_no_numbers_are_left_out(curve: LearningCurve) -> None:
    curve.show_lesson(lesson(((0.0, 31.0), (60.0, math.nan), (120.0, 31.5), (180.0, -math.inf))))
    assert curve.best == 1
    assert "31.50 dB" in curve.accessibleDescription()
    curve.show_lesson(lesson(((0.0, math.nan),)))
    assert curve.plot() is None


def test_losses_alone_or_a_single_score_can_be_painted(curve: LearningCurve) -> None:
    curve.show_lesson(Lesson(30.0, 900.0, "s", losses=LOSSES))
    assert curve.plot() is None
    curve.show_lesson(Lesson(0.0, 900.0, "s", scores=SCORES[:1]))
    plot = shown(curve)
    assert near(picture(curve), plot.x_of(0), plot.y_of(31.0), DARK.accent, 0)


def test_it_changes_with_the_theme(curve: LearningCurve) -> None:
    curve.show_lesson(lesson())
    plot = shown(curve)
    corner = (round(plot.area.left()) + 3, round(plot.area.top()) - 4)
    assert picture(curve).pixelColor(*corner) == QColor(DARK.card)
    theme().set_mode("light")
    assert picture(curve).pixelColor(*corner) == QColor(LIGHT.panel)
