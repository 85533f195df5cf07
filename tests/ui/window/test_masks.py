from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop_ae.core.errors import BadMask
from desktop_ae.core.mask import Mask
from desktop_ae.jobs import MASK, SAVE_MASK
from desktop_ae.look_jobs import FindJob
from desktop_ae.ui.masks import Sight
from desktop_ae.ui.queue_model import Row, State
from desktop_ae.ui.switch import Switch
from tests.fakes import Waits
from tests.ui.picture_probe import Pixels
from tests.ui.window import overlays
from tests.ui.window.conftest import Desk
from tests.ui.window.mask_probe import box, editor, masks, note, paint, until_seen, view
from tests.ui.window.overlays import SHOWN, overlay_mask

Make = Callable[..., Path]


def read(path: Path | None) -> Pixels:
    assert path is not None
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"))


@pytest.fixture
def ready(marks: Desk, picture: Make) -> Row:
    """A picture whose overlay was found, not cleaned yet."""
    [row] = marks.drop(picture())
    until_seen(marks)
    return row


def test_the_mask_is_looked_for_once_a_row_and_model(
    marks: Desk, ready: Row, picture: Make
) -> None:
    assert ready.edits.found is not None
    assert np.array_equal(ready.edits.found.pixels, overlay_mask().pixels)
    assert "% of the picture" in box(marks).about.text()
    [other] = marks.drop(picture("b.png", overlay=False))
    marks.pane.queue.select(other)
    until_seen(marks, Sight.NOTHING)
    marks.pane.queue.select(ready)
    until_seen(marks)
    assert len(overlays.looks) == 2
    masks(marks).set_model("image/another-v1")
    until_seen(marks, Sight.FAILED)
    assert "image/another-v1" in box(marks).about.text()


def test_while_it_is_looked_for_the_picture_says_so(marks: Desk, picture: Make) -> None:
    held = Waits()
    marks.drop(picture())
    until_seen(marks)
    errands = marks.services.errands
    errands.ask(held, lambda result: None)
    masks(marks).look_again()
    assert masks(marks).sight is Sight.LOOKING
    assert "Looking for an overlay…" in note(marks)
    assert not editor(marks).bar.brush.isEnabled()
    held.let_go.set()
    until_seen(marks)
    marks.until(lambda: "Looking" not in note(marks))
    assert editor(marks).bar.brush.isEnabled()


def test_where_nothing_is_found_one_can_paint(marks: Desk, picture: Make) -> None:
    [row] = marks.drop(picture(overlay=False))
    until_seen(marks, Sight.NOTHING)
    assert "Nothing found. Paint over what shall go (B)." in note(marks)
    assert not box(marks).same.isEnabled() and not box(marks).save.isEnabled()
    paint(marks, 30, 30)
    assert masks(marks).sight is Sight.SEEN
    assert row.edits.own is not None and row.edits.own.pixels[30, 30] == 255
    marks.until(view(marks).comparing)  # the preview of what was painted


def test_nothing_found_leaves_the_file_alone_until_one_paints(marks: Desk, picture: Make) -> None:
    [row] = marks.clean(picture(overlay=False))
    assert row.state is State.UNCHANGED
    assert marks.window.notice.label.text() == "Nothing found in 1."
    until_seen(marks, Sight.NOTHING)
    assert "Nothing found" in note(marks)
    paint(marks, 30, 30)
    marks.until(marks.pane.inspector.clean.isEnabled)
    marks.pane.clean()
    marks.until(lambda: row.state is State.CLEANED)


def test_only_what_is_marked_changes(marks: Desk, ready: Row) -> None:
    paint(marks, 50, 40)
    marks.pane.clean()
    marks.until(lambda: ready.state is State.CLEANED)
    before, after = read(ready.source), read(ready.target)
    changed = (before != after).any(axis=2)
    marked = ready.edits.own
    assert marked is not None
    assert np.array_equal(changed, changed & (marked.pixels > 0))
    assert changed[40, 50] and changed[SHOWN].all()


def test_what_was_found_is_not_sent_along(marks: Desk, ready: Row) -> None:
    """The job then finds it by itself, at full size."""
    assert MASK not in marks.pane.job_for(ready).options


def test_a_cleaned_row_can_be_cleaned_again_with_another_mask(marks: Desk, ready: Row) -> None:
    marks.pane.clean()
    marks.until(lambda: ready.state is State.CLEANED)
    first = ready.target
    button = marks.pane.inspector.clean
    marks.until(lambda: button.text() == "Clean again" and not button.isEnabled())
    marks.until(lambda: view(marks).read_after() is not None)
    paint(marks, 50, 40)
    marks.until(button.isEnabled)
    marks.until(lambda: view(marks).comparing() and view(marks).read_after() is None)
    button.click()
    marks.until(lambda: not marks.pane.run.active)
    assert ready.state is State.CLEANED and ready.target != first
    assert read(ready.target)[40, 50].tolist() != read(first)[40, 50].tolist()
    masks(marks).undo()
    marks.until(lambda: view(marks).comparing() and view(marks).read_after() is None)
    masks(marks).redo()
    marks.until(lambda: view(marks).read_after() is not None)


def test_the_preview_follows_the_mask(marks: Desk, ready: Row) -> None:
    marks.until(view(marks).comparing)
    view(marks).set_mode("side")
    view(marks).zoom_to(4.0)
    editor(marks).set_shown(False)

    def after_at(x: int, y: int) -> tuple[int, ...]:
        right = view(marks).panes()[1]
        area, zoom = view(marks).picture_rect(), view(marks).zoom
        image = view(marks).grab().toImage()
        at = right.left() + area.left() + (x + 0.5) * zoom, area.top() + (y + 0.5) * zoom
        colour = image.pixelColor(int(at[0]), int(at[1]))
        return colour.red(), colour.green(), colour.blue()

    grey = (128, 128, 128)
    marks.until(lambda: after_at(20, 15) == grey)
    assert after_at(50, 40) != grey
    paint(marks, 50, 40)
    marks.until(lambda: after_at(50, 40) == grey)
    masks(marks).undo()
    marks.until(lambda: after_at(50, 40) != grey)


def test_strokes_are_undone_with_the_keyboard_before_removals_are(
    marks: Desk, ready: Row, picture: Make
) -> None:
    [other] = marks.drop(picture("b.png"))
    marks.pane.queue.select(other)
    marks.pane.remove_selected()
    marks.pane.queue.select(ready)
    until_seen(marks)
    paint(marks, 50, 40)
    view(marks).setFocus()
    control = Qt.KeyboardModifier.ControlModifier
    QTest.keyClick(view(marks), Qt.Key.Key_Z, control)
    assert ready.edits.own is None and marks.rows == [ready]
    QTest.keyClick(view(marks), Qt.Key.Key_Z, control | Qt.KeyboardModifier.ShiftModifier)
    assert ready.edits.own is not None
    marks.pane.undo_remove()
    assert len(marks.rows) == 2


def test_edits_stay_with_their_row(marks: Desk, ready: Row, picture: Make) -> None:
    paint(marks, 50, 40)
    [other] = marks.drop(picture("b.png"))
    marks.pane.queue.select(other)
    until_seen(marks)
    assert other.edits.own is None and not editor(marks).bar.undo.isEnabled()
    marks.pane.queue.select(ready)
    until_seen(marks)
    canvas = editor(marks).canvas
    assert canvas is not None and canvas.mask().pixels[40, 50] == 255
    assert editor(marks).bar.undo.isEnabled()


def test_clear_and_look_again(marks: Desk, ready: Row) -> None:
    editor(marks).bar.clear.click()
    assert masks(marks).sight is Sight.NOTHING
    assert "Nothing is marked." in note(marks)
    assert not editor(marks).bar.clear.isEnabled()
    box(marks).again.click()
    until_seen(marks)
    assert ready.edits.own is None
    masks(marks).undo()
    assert masks(marks).sight is Sight.NOTHING


def test_an_empty_mask_is_said_and_can_still_be_mended(marks: Desk, ready: Row) -> None:
    editor(marks).bar.clear.click()
    marks.pane.clean()
    marks.until(lambda: ready.state is State.FAILED)
    assert isinstance(ready.error, BadMask)
    assert not marks.pane.stage.failure.isVisible()
    assert editor(marks).bar.brush.isEnabled()
    paint(marks, 50, 40)
    marks.until(marks.pane.inspector.clean.isEnabled)
    marks.pane.clean()
    marks.until(lambda: ready.state is State.CLEANED)


def test_a_mask_of_everything_is_said(marks: Desk, ready: Row) -> None:
    masks(marks).put(Mask.of(np.full((48, 64), 255, np.uint8)))
    assert masks(marks).sight is Sight.UNFIT
    assert "nearly the whole picture" in box(marks).about.text()
    assert box(marks).about.property("role") == "bad"
    assert "nearly the whole picture" in note(marks)
    assert editor(marks).bar.eraser.isEnabled()  # to take some of it away
    masks(marks).undo()
    assert masks(marks).sight is Sight.SEEN


def test_the_same_mask_for_all(marks: Desk, ready: Row, picture: Make) -> None:
    [second] = marks.drop(picture("b.png", overlay=False))
    marks.pane.queue.select(ready)
    until_seen(marks)
    paint(marks, 50, 40)
    own = ready.edits.own
    box(marks).same.click()
    [third] = marks.drop(picture("c.png"))
    assert third.edits.own is None
    for row in (ready, second, third):
        assert marks.pane.job_for(row).options == {MASK: own}
    marks.pane.queue.select(second)
    marks.until(lambda: masks(marks).sight is Sight.SEEN)
    assert "The same for all" in box(marks).about.text()
    paint(marks, 30, 40)  # on any of them it is painted for all
    assert marks.pane.job_for(third).options != {MASK: own}
    box(marks).same.click()
    assert marks.pane.job_for(ready).options == {MASK: own}
    assert MASK not in marks.pane.job_for(third).options
    until_seen(marks, Sight.NOTHING)


def test_a_row_of_another_shape_fails_with_its_sentence_and_the_queue_goes_on(
    marks: Desk, ready: Row, picture: Make
) -> None:
    [tall] = marks.drop(picture("b.png", width=48, height=64))
    [last] = marks.drop(picture("c.png", width=128, height=96))
    marks.pane.queue.select(ready)
    until_seen(marks)
    box(marks).same.click()
    marks.pane.clean()
    marks.until(lambda: not marks.pane.run.active)
    assert [row.state for row in (ready, tall, last)] == [
        State.CLEANED,
        State.FAILED,
        State.CLEANED,
    ]
    assert "does not fit" in str(tall.error)
    marks.pane.queue.select(tall)
    until_seen(marks, Sight.UNFIT)
    assert "does not fit" in note(marks)
    assert not editor(marks).bar.brush.isEnabled()
    box(marks).same.click()
    until_seen(marks)
    marks.pane.retry([tall])
    marks.until(lambda: tall.state is State.CLEANED)


def test_saving_the_mask_does_not_hide_the_result(marks: Desk, ready: Row) -> None:
    marks.pane.clean()
    marks.until(lambda: view(marks).read_after() is not None)
    switch = marks.pane.inspector.options.controls[SAVE_MASK]
    assert isinstance(switch, Switch)
    switch.click()
    assert view(marks).read_after() is not None


def test_a_file_that_cannot_be_shown_is_not_looked_at(marks: Desk, broken: Make) -> None:
    marks.drop(broken())
    marks.until(lambda: marks.pane.stage.failure.isVisible())
    assert overlays.looks == [] and box(marks).about.text() == ""
    assert not editor(marks).bar.isEnabled()


def test_a_look_at_a_row_that_was_left_is_dropped(marks: Desk, ready: Row, picture: Make) -> None:
    held = Waits()
    marks.services.errands.ask(held, lambda result: None)
    masks(marks).look_again()
    waiting = marks.services.errands._waiting
    assert any(isinstance(errand.job, FindJob) for errand in waiting)
    marks.pane.queue.clearSelection()
    marks.pane.stage.show_row(None)
    assert not any(isinstance(e.job, FindJob) for e in marks.services.errands._waiting)
    held.let_go.set()
