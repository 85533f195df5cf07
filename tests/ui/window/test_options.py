from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from desktop_ae.ui.queue_model import State
from desktop_ae.ui.segmented_control import SegmentedControl
from desktop_ae.ui.switch import Switch
from tests.ui.window.conftest import Desk

Make = Callable[..., Path]


def mode(desk: Desk) -> SegmentedControl:
    control = desk.pane.inspector.options.controls["mode"]
    assert isinstance(control, SegmentedControl)
    return control


def straighten(desk: Desk) -> Switch:
    control = desk.pane.inspector.options.controls["deskew"]
    assert isinstance(control, Switch)
    return control


def choose(desk: Desk, value: str) -> None:
    mode(desk).set_value(value)
    mode(desk).chosen.emit(value)


def test_a_task_without_options_shows_none(desk: Desk) -> None:
    assert not desk.pane.inspector.options.isVisibleTo(desk.window)


def test_only_what_differs_from_its_default_goes_into_the_job(shelf: Desk, book: Make) -> None:
    [row] = shelf.clean(book("a.book"))
    assert row.job is not None and row.job.options == {}
    choose(shelf, "bw")
    straighten(shelf).click()
    assert shelf.pane.job_for(row).options == {"mode": "bw", "deskew": True}
    straighten(shelf).click()
    assert shelf.pane.job_for(row).options == {"mode": "bw"}


def test_options_survive_the_window(make_shelf: Callable[[], Desk]) -> None:
    first = make_shelf()
    choose(first, "bw")
    straighten(first).click()
    first.window.close()
    second = make_shelf()
    assert second.pane.inspector.options.options() == {"mode": "bw", "deskew": True}
    assert mode(second).value == "bw"


def test_a_changed_option_offers_to_clean_again(shelf: Desk, book: Make) -> None:
    [row] = shelf.clean(book())
    button = shelf.pane.inspector.clean
    shelf.until(lambda: button.text() == "Clean again" and not button.isEnabled())
    choose(shelf, "bw")
    shelf.until(button.isEnabled)
    button.click()
    shelf.until(lambda: not shelf.pane.run.active)
    assert row.state is State.CLEANED
    assert row.job is not None and row.job.options == {"mode": "bw"}


def test_a_changed_option_is_previewed_in_place_of_the_result(shelf: Desk, book: Make) -> None:
    shelf.clean(book())
    stage = shelf.pane.stage
    shelf.until(lambda: stage.compare.read_after() is not None)
    choose(shelf, "bw")
    # A preview of a part: there is something to compare, but no whole result any more.
    shelf.until(lambda: stage.compare.comparing() and stage.compare.read_after() is None)
    choose(shelf, "colour")
    shelf.until(lambda: stage.compare.read_after() is not None)


def test_a_hint_is_tooltip_and_description(shelf: Desk) -> None:
    assert mode(shelf).toolTip() == "Hint."
    assert straighten(shelf).accessibleDescription() == "Turns pages."
