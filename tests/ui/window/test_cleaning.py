from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from desktop_ae.engine import Engine
from desktop_ae.ui.cleaning_run import Summary
from desktop_ae.ui.queue_model import State
from tests.fakes import Waits
from tests.ui.window.conftest import Desk

Make = Callable[..., Path]


def held(engine: Engine, desk: Desk) -> Waits:
    """Keep the engine busy, so that what is started waits."""
    job = Waits()
    engine.submit(job)
    desk.until(job.begun.is_set)
    return job


def test_a_dropped_photo_is_cleaned_and_saved_beside_itself(desk: Desk, photo: Make) -> None:
    [row] = desk.clean(photo("IMG_1.png"))
    assert row.state is State.CLEANED
    assert row.target == photo("other.png").with_name("IMG_1_clean.png")
    assert row.target.exists()
    assert desk.pane.inspector.measured.isVisibleTo(desk.window)


def test_a_broken_photo_becomes_a_red_row_and_the_queue_goes_on(
    desk: Desk, photo: Make, broken: Make
) -> None:
    ended: list[Summary] = []
    desk.pane.run.ended.connect(ended.append)
    rows = desk.clean(photo("a.png"), broken("b.png"), photo("c.png"))
    assert [row.state for row in rows] == [State.CLEANED, State.FAILED, State.CLEANED]
    assert "b.png" in str(rows[1].error)
    assert (ended[0].cleaned, ended[0].failed) == (2, 1)
    assert "2 cleaned, 1 failed: b.png" in desk.window.notice.label.text()


def test_the_stage_says_why_a_file_failed_and_retry_cleans_it(
    desk: Desk, photo: Make, broken: Make
) -> None:
    [row] = desk.clean(broken("a.png"))
    assert desk.pane.stage.failure.isVisibleTo(desk.window)
    assert desk.pane.stage.failure.sentence.text() == str(row.error)
    photo("a.png")  # mended
    desk.pane.stage.failure.retry.click()
    desk.until(lambda: row.state is State.CLEANED)
    assert not desk.pane.stage.failure.isVisibleTo(desk.window)


def test_a_refused_file_is_a_failed_row_with_its_sentence(desk: Desk, photos: Path) -> None:
    text = photos / "notes.jpg"
    text.write_text("no picture")
    [row] = desk.drop(text)
    assert row.state is State.FAILED
    assert "notes.jpg" in str(row.error)


def test_files_wait_when_cleaning_at_once_is_off(desk: Desk, photo: Make) -> None:
    desk.services.settings.put("clean_on_drop", False)
    rows = desk.drop(photo("a.png"), photo("b.png"))
    button = desk.pane.inspector.clean
    desk.until(lambda: button.text() == "Clean 2 photos")
    assert [row.state for row in rows] == [State.READY] * 2
    button.click()
    desk.until(lambda: all(row.state is State.CLEANED for row in rows))


def test_stop_stops_all_rows_at_once(desk: Desk, photo: Make) -> None:
    engine = desk.services.cleaning
    job = held(engine, desk)
    rows = desk.drop(photo("a.png"), photo("b.png"), start=True)
    assert rows[0].state is State.CLEANING
    desk.window.status.stop.click()
    assert [row.state for row in rows] == [State.STOPPED] * 2
    assert not desk.pane.run.active
    job.let_go.set()
    assert desk.clean(photo("c.png"))[0].state is State.CLEANED
    assert [row.state for row in rows] == [State.STOPPED] * 2


def test_pause_holds_the_batch_and_resume_goes_on(desk: Desk, photo: Make) -> None:
    job = held(desk.services.cleaning, desk)
    rows = desk.drop(photo("a.png"), start=True)
    status = desk.window.status
    status.pause.click()
    assert desk.services.cleaning.paused
    assert status.pause.text() == "Resume"
    assert "paused" in status.count.text()
    job.let_go.set()
    status.pause.click()
    desk.until(lambda: rows[0].state is State.CLEANED)


def test_rows_are_cleaned_in_the_order_they_were_moved_to(desk: Desk, photo: Make) -> None:
    job = held(desk.services.cleaning, desk)
    rows = desk.drop(*(photo(f"{name}.png") for name in "abc"), start=True)
    desk.pane.model.move([rows[2]], 1)
    finished: list[str] = []
    desk.pane.model.row_changed.connect(
        lambda row: finished.append(row.source.stem) if row.state is State.CLEANED else None
    )
    job.let_go.set()
    desk.until(lambda: not desk.pane.run.active)
    assert finished == ["a", "c", "b"]


def test_a_removed_row_is_not_cleaned_and_comes_back_on_undo(desk: Desk, photo: Make) -> None:
    job = held(desk.services.cleaning, desk)
    rows = desk.drop(*(photo(f"{name}.png") for name in "abc"), start=True)
    desk.pane.queue.select(rows[1])
    desk.pane.remove_selected()
    assert desk.rows == [rows[0], rows[2]]
    job.let_go.set()
    desk.until(lambda: not desk.pane.run.active)
    assert not rows[1].source.with_name("b_clean.png").exists()
    assert desk.pane.undo_remove()
    assert desk.rows == rows
    assert rows[1].state is State.READY


def test_a_waiting_row_that_comes_back_on_undo_waits_again(desk: Desk, photo: Make) -> None:
    job = held(desk.services.cleaning, desk)
    rows = desk.drop(*(photo(f"{name}.png") for name in "abc"), start=True)
    desk.pane.queue.select(rows[1])
    desk.pane.remove_selected()
    desk.pane.undo_remove()
    assert rows[1].state is State.WAITING
    job.let_go.set()
    desk.until(lambda: [row.state for row in rows] == [State.CLEANED] * 3)


def test_removing_the_file_being_cleaned_cancels_it(desk: Desk, photo: Make) -> None:
    job = held(desk.services.cleaning, desk)
    rows = desk.drop(photo("a.png"), photo("b.png"), start=True)
    desk.pane.queue.select(rows[0])
    desk.pane.remove_selected()
    job.let_go.set()
    desk.until(lambda: rows[1].state is State.CLEANED)
    assert not rows[0].source.with_name("a_clean.png").exists()


def test_a_file_dropped_twice_is_one_row(desk: Desk, photo: Make) -> None:
    path = photo("a.png")
    desk.clean(path)
    desk.window.take([path])
    desk.until(lambda: "Already in the list" in desk.window.notice.label.text())
    assert len(desk.rows) == 1


def test_a_folder_keeps_its_structure_and_says_what_was_left_out(
    desk: Desk, photo: Make, photos: Path, tmp_path: Path
) -> None:
    (photos / "deep").mkdir()
    photo("deep/a.png")
    (photos / "readme.txt").write_text("text")
    desk.services.settings.put("output_folder", str(tmp_path / "out"))
    job = held(desk.services.cleaning, desk)
    desk.drop(photos, start=True)
    assert "1 file of other kinds" in desk.window.notice.label.text()
    job.let_go.set()
    desk.until((tmp_path / "out" / "deep" / "a_clean.png").exists)


def test_new_settings_offer_to_clean_again(desk: Desk, photo: Make) -> None:
    [row] = desk.clean(photo("a.png"))
    inspector = desk.pane.inspector
    desk.until(lambda: inspector.clean.text() == "Clean again" and not inspector.clean.isEnabled())
    inspector.strength.setValue(40)
    desk.until(inspector.clean.isEnabled)
    inspector.clean.click()
    desk.until(lambda: not desk.pane.run.active)
    assert row.job is not None and row.job.strength == 0.4
    assert row.target is not None and row.target.name == "a_clean (2).png"


def test_the_sample_is_cleaned_outside_the_programs_folder(desk: Desk) -> None:
    desk.pane.drop_area.sample.click()
    desk.until(lambda: bool(desk.rows) and not desk.pane.run.active)
    [row] = desk.rows
    assert row.state is State.CLEANED
    assert "resources" not in row.source.parts


def test_a_strength_answers_live_on_a_cleaned_file(desk: Desk, photo: Make) -> None:
    desk.clean(photo("a.png"))
    stage = desk.pane.stage
    desk.until(lambda: stage.after is not None)
    whole = stage.compare.read_after()
    desk.pane.inspector.strength.setValue(0)
    none = stage.compare.read_after()
    assert whole is not None and none is not None
    assert whole != none


def test_a_file_not_cleaned_yet_is_previewed(desk: Desk, photo: Make) -> None:
    desk.services.settings.put("clean_on_drop", False)
    desk.drop(photo("a.png"))
    desk.until(desk.pane.stage.compare.comparing)
