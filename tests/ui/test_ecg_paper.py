"""Paper whose millimetres are the screen's."""

from __future__ import annotations

import pytest

from desktop_ae.ui.ecg_paper import GAINS, Paper
from desktop_ae.ui.ecg_words import EcgWords, number, seconds_of


def paper(total_s: float = 3600.0, width_px: float = 500.0) -> Paper:
    made = Paper()
    made.px_per_mm = 4.0
    made.set_width(width_px)
    made.set_total(total_s)
    made.set_speed(25.0, 0.0)
    return made


def test_25_mm_a_second_are_25_mm_on_the_screen() -> None:
    made = paper()
    assert made.speed == pytest.approx(25)
    assert made.x_of(1.0) == pytest.approx(100)
    assert made.px_per_mv == 40
    assert made.steps() == (0.04, 0.2)


def test_a_short_recording_is_not_stretched() -> None:
    made = paper(2.0)
    assert made.speed == pytest.approx(25)
    assert made.visible_s == pytest.approx(5)
    made.fit()
    assert made.speed == pytest.approx(25)
    assert made.fitted


def test_zoom_holds_what_lies_under_the_pointer() -> None:
    made = paper()
    made.pan(100)
    at = made.start_s + 200 * made.seconds_per_px
    made.zoom_by(3, 200)
    assert made.start_s + 200 * made.seconds_per_px == pytest.approx(at)
    made.zoom_by(0.0001, 200)
    assert made.fitted and made.visible_s == pytest.approx(3600)


def test_lines_of_the_grid_never_run_together() -> None:
    made = paper(86400.0)
    made.fit()
    while made.speed < 400:
        fine, bold = made.steps()
        assert fine / made.seconds_per_px >= 3.3
        assert bold > fine
        made.zoom_by(1.7, 250)


def test_gains_are_those_of_machines() -> None:
    made = paper()
    assert made.step_gain(True) and made.gain == 20
    assert made.step_gain(False) and made.gain == 10
    for _ in range(20):
        made.step_gain(False)
    assert made.gain == GAINS[0]
    assert not made.step_gain(False)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("12", 12.0), ("1:30", 90.0), ("2:15:00", 8100.0), (" 0:05,5 ", 5.5), ("", None), ("x", None)],
)
def test_a_time_is_read_as_people_write_it(text: str, seconds: float | None) -> None:
    assert seconds_of(text) == seconds


def test_numbers_are_as_short_as_they_can_be() -> None:
    assert [number(n) for n in (25.0, 6.25, 0.0721, 100.4)] == ["25", "6.2", "0.072", "100"]


def test_far_views_are_said_in_minutes_and_hours() -> None:
    words = EcgWords()
    told = [words.speed(speed) for speed in (25.0, 0.036, 0.0015)]
    assert told == ["25 mm/s", "2.2 mm/min", "5.4 mm/h"]
    assert words.measured(0.8, 0.5) == "800 ms · 75 bpm · +0.50 mV"
    assert words.measured(12.0, -0.5) == "12.0 s · -0.50 mV"
