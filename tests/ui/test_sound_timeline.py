from __future__ import annotations

import pytest

from desktop_ae.ui.sound_timeline import SHORTEST_S, Timeline
from desktop_ae.ui.sound_words import clock, position_of, ruler_time


@pytest.fixture
def line() -> Timeline:
    """An hour on 600 pixels."""
    made = Timeline()
    made.set_width(600)
    made.set_total(3600.0)
    return made


def test_a_recording_is_fitted_at_first_and_follows_the_width(line: Timeline) -> None:
    assert (line.start_s, line.visible_s) == (0.0, 3600.0)
    line.set_width(300)
    assert line.visible_s == pytest.approx(3600.0)


def test_what_is_under_the_pointer_stays_there(line: Timeline) -> None:
    held = line.time_at(450)
    for _ in range(10):
        line.zoom_by(1.3, 450)
        assert line.x_of(held) == pytest.approx(450)


def test_zoom_ends_at_some_samples_and_at_all_of_it(line: Timeline) -> None:
    line.zoom_by(1e9, 300)
    assert line.visible_s == pytest.approx(SHORTEST_S)
    line.zoom_by(1e-9, 300)
    assert line.fitted
    assert (line.start_s, line.stop_s) == pytest.approx((0.0, 3600.0))


def test_no_time_before_the_beginning_nor_behind_the_end_is_shown(line: Timeline) -> None:
    line.show_span(100.0, 160.0)
    assert line.pan(-1000.0)
    assert line.start_s == 0.0
    assert not line.pan(-1.0)
    line.pan(10_000.0)
    assert line.stop_s == pytest.approx(3600.0)


def test_a_zoomed_view_keeps_its_zoom_in_another_width(line: Timeline) -> None:
    line.show_span(100.0, 160.0)
    line.set_width(300)
    assert (line.start_s, line.visible_s) == pytest.approx((100.0, 30.0))


def test_a_playhead_that_leaves_turns_the_page(line: Timeline) -> None:
    line.show_span(100.0, 160.0)
    assert not line.bring_in(159.0)
    assert line.bring_in(161.0)
    assert line.start_s == pytest.approx(158.0)


def test_another_recording_of_the_same_length_keeps_the_place(line: Timeline) -> None:
    line.show_span(100.0, 160.0)
    line.set_total(3600.0)
    assert line.start_s == 100.0
    line.set_total(60.0)
    assert line.fitted


@pytest.mark.parametrize(("span", "step"), [(3600.0, 600.0), (60.0, 10.0), (1.0, 0.2)])
def test_the_ruler_has_room_for_its_times(line: Timeline, span: float, step: float) -> None:
    line.show_span(600.0, 600.0 + span)
    found, ticks = line.ticks()
    assert found == step
    assert all(line.start_s <= tick <= line.stop_s for tick in ticks)
    assert 3 <= len(ticks) <= 8


def test_nothing_is_shown_without_a_recording() -> None:
    line = Timeline()
    line.zoom_by(2.0, 0.0)
    assert line.ticks() == (1.0, [])
    assert line.time_at(10.0) == 0.0


def test_times_are_written_as_on_a_clock() -> None:
    assert clock(2467.0) == "41:07"
    assert clock(5525.0) == "1:32:05"
    assert position_of(3.25, 5.932) == "0:03.2 / 0:05.9"
    assert position_of(1023.0, 2467.0) == "17:03 / 41:07"
    assert ruler_time(600.0, 60.0) == "10:00"
    assert ruler_time(2.4, 0.2) == "0:02.4"
    assert ruler_time(62.375, 0.005) == "1:02.375"
