"""The wizard from end to end, over an engine that says what the test wants."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop_ae.core.errors import BadModel, NotWritable
from desktop_ae.core.tuning import CLEAN, NOISY
from desktop_ae.learning.jobs import CheckJob, KeepJob, Learned, LearnJob
from desktop_ae.learning.lesson import Lesson
from desktop_ae.learning.request import LearnRequest
from desktop_ae.learning.session import Session, begin, sessions
from desktop_ae.ui.ecg_importing import Importing
from desktop_ae.ui.finetune_page import CHECK, FILES, KEEP, LEARNING, TASK, TIME, VERDICT
from desktop_ae.ui.finetune_page import FineTunePage as Page
from desktop_ae.ui.theme import theme
from tests.fakes import write_model
from tests.ui.finetune_probe import (
    PHOTOS,
    Bench,
    bench,
    card,
    checked,
    dialog,
    lesson,
    open_dialogs,
    press,
    press_return,
    verdict,
)

HEARTS = "ecg/denoise"


@pytest.fixture
def under(qapp: QApplication, tmp_path: Path) -> Bench:
    write_model(tmp_path / "models", id="ecg/denoise-v1", task=HEARTS)
    return bench(tmp_path)


@pytest.fixture
def page(under: Bench, qtbot: QtBot, qapp: QApplication) -> Page:
    theme().apply(qapp)
    made = Page(under.services, {PHOTOS, HEARTS}, under.folder / "learning")
    qtbot.addWidget(made)
    made.resize(900, 560)
    with qtbot.waitExposed(made, timeout=5000):
        made.show()
    return made


def to_check(page: Page, under: Bench) -> None:
    page.frame.next.click()
    for side in (NOISY, CLEAN):
        (under.folder / side).mkdir(exist_ok=True)
        for name in ("1.png", "1.csv"):
            (under.folder / side / name).write_bytes(b"")
        page.files.boxes[side].add([under.folder / side])
    page.frame.next.click()


def to_learning(page: Page, under: Bench) -> Session:
    to_check(page, under)
    under.engine.give(checked())
    page.frame.next.click()
    page.frame.next.click()
    job = under.engine.last
    assert isinstance(job, LearnJob)
    return job.session


def to_verdict(page: Page, under: Bench, gain: float = 1.0) -> Session:
    session = to_learning(page, under)
    under.engine.tell(lesson())
    under.engine.give(Learned(session, card(), verdict(gain)))
    return session


def known(under: Bench) -> list[Session]:
    return sessions(under.folder / "learning")


def test_the_steps_follow_each_other_back_and_forth(page: Page, under: Bench) -> None:
    assert (page.place, page.frame.back.isVisible()) == (TASK, False)
    assert page.frame.stepper.accessibleName() == "Step 1 of 7: Task"
    page.frame.next.click()
    assert page.place == FILES
    assert not page.frame.next.isEnabled()
    page.frame.back.click()
    assert page.place == TASK
    to_check(page, under)
    assert page.place == CHECK
    assert not page.frame.next.isEnabled()
    under.engine.give(checked())
    page.frame.next.click()
    assert page.place == TIME
    assert page.frame.next.text() == "Start learning"
    page.frame.back.click()
    assert page.place == CHECK
    assert page.frame.next.isEnabled()


def test_what_is_checked_is_what_was_chosen(page: Page, under: Bench) -> None:
    to_check(page, under)
    job = under.engine.last
    assert isinstance(job, CheckJob)
    noisy, clean = (under.folder / NOISY,), (under.folder / CLEAN,)
    assert job.request == LearnRequest(
        PHOTOS, "image/denoise-v1", "pairs", noisy, clean, page.time.minutes
    )


def test_facts_that_were_told_of_a_folder_go_along(
    page: Page, under: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = {under.folder / NOISY: {"rate_hz": "360"}}
    monkeypatch.setattr(Importing, "known", lambda _importing, folder: told.get(folder, {}))
    page.task.tasks.cards[HEARTS].click()
    to_check(page, under)
    job = under.engine.last
    assert isinstance(job, CheckJob)
    assert job.request.options == {"rate_hz": "360"}


def test_a_check_can_be_cancelled_and_begun_again(page: Page, under: Bench) -> None:
    to_check(page, under)
    page.check.cancel.click()
    assert page.place == FILES
    assert under.engine.cancelled == [1]
    under.engine.end()
    page.frame.next.click()
    under.engine.tell(Lesson(0, 1, "files", phase="reading"))
    under.engine.job_done.emit(1, checked(too_few="old"))  # that one was given up
    assert page.check.checked is None
    under.engine.give(checked())
    assert page.frame.next.isEnabled()


def test_a_check_that_fails_leads_back_only(page: Page, under: Bench) -> None:
    to_check(page, under)
    under.engine.fail(BadModel("The weights were changed."))
    assert page.check.warning.text() == "The weights were changed."
    assert not page.frame.next.isEnabled()
    page.frame.back.click()
    assert page.place == FILES


def test_a_session_is_on_disk_before_it_learns(page: Page, under: Bench) -> None:
    session = to_learning(page, under)
    assert page.place == LEARNING and page.is_learning
    assert [s.folder for s in known(under)] == [session.folder]
    assert session.request.minutes == 10  # 1,200 steps of half a second
    assert not page.frame.back.isVisible() and not page.frame.next.isVisible()
    assert page.needs("image/denoise-v1") and not page.needs("image/other")


def test_a_disk_that_refuses_is_said(
    page: Page, under: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    page.said.connect(lambda text, _action, _do: said.append(text))
    to_check(page, under)
    under.engine.give(checked())
    page.frame.next.click()
    (under.folder / "learning").write_text("a file where the folder should be")
    page.frame.next.click()
    assert page.place == TIME
    assert said and said[0].startswith("The training cannot be saved")


def test_learning_shows_how_far_it_is(page: Page, under: Bench) -> None:
    to_learning(page, under)
    step = page.learning
    under.engine.tell(Lesson(2, 6, "files", phase="reading"))
    assert step.doing.text() == "Opening your files: 3 of 6"
    under.engine.tell(lesson())
    assert step.doing.text() == "Learning · 1,234 steps"
    assert step.left.text() == "At most 5 min left"
    assert step.progress.value() == 500
    assert step.curve.best == 1
    under.engine.tell(lesson(note="The disk is full."))
    assert step.left.text() == "The disk is full."
    under.engine.tell(Lesson(0, 1, phase="judging"))
    assert step.doing.text() == "Judging it on the files that were kept back…"
    assert step.curve.best == 1  # what was seen stays


def test_it_can_be_paused_and_resumed(page: Page, under: Bench) -> None:
    to_learning(page, under)
    page.learning.pause.click()
    assert under.engine.paused
    under.engine.tell(lesson())  # was on its way
    assert page.learning.left.text() == "Paused. What was learned is kept."
    assert page.learning.pause.text() == "Resume"
    page.learning.pause.click()
    assert not under.engine.paused
    assert page.learning.pause.text() == "Pause"
    page.pause_or_resume()  # as the key does
    assert under.engine.paused


def test_finishing_resumes_what_is_paused(page: Page, under: Bench) -> None:
    to_learning(page, under)
    page.learning.pause.click()
    page.learning.finish.click()
    assert not under.engine.paused
    assert under.engine.finished == [2]
    assert not page.learning.finish.isEnabled()


@pytest.mark.parametrize(("answer", "left"), [("Keep for later", 1), ("Discard", 0)])
def test_a_training_can_be_given_up_for_now_or_for_good(
    page: Page, under: Bench, qtbot: QtBot, answer: str, left: int
) -> None:
    to_learning(page, under)
    page.learning.pause.click()
    page.learning.cancel.click()
    press(dialog(qtbot, page), answer)
    assert page.place == LEARNING  # until it has come to its end
    assert not under.engine.paused
    under.engine.end()
    assert page.place == TASK
    assert len(known(under)) == left
    assert page.banner.isVisible() == bool(left)
    assert not page.is_learning


def test_cancel_changes_nothing_until_it_is_answered(
    page: Page, under: Bench, qtbot: QtBot
) -> None:
    to_learning(page, under)
    page.learning.cancel.click()
    press(dialog(qtbot, page), "Keep learning")
    assert page.is_learning
    assert under.engine.cancelled == []


def test_what_ends_while_it_is_given_up_is_not_shown(
    page: Page, under: Bench, qtbot: QtBot
) -> None:
    session = to_learning(page, under)
    page.learning.cancel.click()
    press(dialog(qtbot, page), "Discard")
    under.engine.give(Learned(session, card(), verdict()))
    assert page.place == TASK
    assert known(under) == []


def test_a_training_that_fails_can_be_tried_again(page: Page, under: Bench) -> None:
    told: list[str] = []
    page.ended.connect(told.append)
    session = to_learning(page, under)
    under.engine.fail(NotWritable(session.folder, "The disk is full."))
    assert told == ["The disk is full."]
    assert page.learning.error.text() == "The disk is full."
    assert page.learning.retry.isVisible() and not page.learning.pause.isVisible()
    page.learning.retry.click()
    again = under.engine.last
    assert isinstance(again, LearnJob) and again.session == session
    assert page.learning.error.text() == ""
    assert page.learning.pause.isVisible() and not page.learning.retry.isVisible()


def test_an_interrupted_training_goes_on_where_it_was(
    page: Page, under: Bench, qtbot: QtBot
) -> None:
    assert not page.banner.isVisible()
    paths = (under.folder,)
    request = LearnRequest(PHOTOS, "image/denoise-v1", "pairs", paths, paths)
    session = begin(under.folder / "learning", request)
    page.hide()
    page.show()
    assert page.banner.isVisible()
    assert page.banner.label.text().startswith("A training for Photos of ")
    page.banner.go_on.click()
    job = under.engine.last
    assert isinstance(job, LearnJob) and job.session == session
    assert page.place == LEARNING
    assert not page.banner.isVisible()


def test_an_interrupted_training_can_be_discarded(page: Page, under: Bench) -> None:
    paths = (under.folder,)
    for _ in range(2):
        begin(under.folder / "learning", LearnRequest(PHOTOS, "x", "pairs", paths, paths))
    page.hide()
    page.show()
    page.banner.discard.click()
    assert len(known(under)) == 1
    assert page.banner.isVisible()  # the other one
    page.banner.discard.click()
    assert known(under) == []
    assert not page.banner.isVisible()


def test_a_model_that_was_not_kept_yet_comes_back_with_its_verdict(
    page: Page, under: Bench
) -> None:
    paths = (under.folder,)
    request = LearnRequest(PHOTOS, "image/denoise-v1", "pairs", paths, paths)
    session = begin(under.folder / "learning", request)
    session.put_verdict(verdict(-1.0))
    written = write_model(under.folder / "elsewhere")
    written.folder.rename(session.model)
    page.hide()
    page.show()
    assert page.banner.go_on.text() == "Look at it"
    page.banner.go_on.click()
    assert page.place == VERDICT
    assert page.verdict.drop.property("role") == "primary"
    assert not page.verdict.glimpses.isVisible()  # nobody has seen them


def test_a_better_model_is_kept_by_default(page: Page, under: Bench, qtbot: QtBot) -> None:
    told: list[str] = []
    page.ended.connect(told.append)
    session = to_verdict(page, under)
    assert page.place == VERDICT
    assert told == ["Better: 1.0 dB more than the starting model, on 2 kept-back files."]
    assert page.verdict.keep.property("role") == "primary"
    assert page.verdict.glimpses.isVisible()
    page.verdict.drop.click()
    press(dialog(qtbot, page), "Go back")
    assert known(under) == [session]
    page.verdict.drop.click()
    press(dialog(qtbot, page), "Drop it")
    assert known(under) == []
    assert page.place == TASK


def test_a_worse_model_is_dropped_by_default(page: Page, under: Bench) -> None:
    to_verdict(page, under, gain=-1.0)
    assert page.verdict.drop.property("role") == "primary"
    press_return(page.frame)
    assert not open_dialogs(page)
    assert known(under) == []
    assert page.place == TASK


def test_a_model_is_named_and_kept(page: Page, under: Bench) -> None:
    kept: list[object] = []
    page.kept.connect(kept.append)
    session = to_verdict(page, under)
    page.verdict.keep.click()
    assert page.place == KEEP
    assert page.keep.name.text() == "My photos"
    page.keep.name.setText("  ")
    assert not page.keep.keep.isEnabled()
    page.frame.back.click()
    assert page.place == VERDICT
    page.verdict.keep.click()
    page.keep.name.setText("Balcony")
    press_return(page.keep.name)
    assert under.engine.last == KeepJob(session, "Balcony")
    assert not page.keep.keep.isEnabled() and not page.frame.back.isVisible()
    under.engine.give(card(title="Balcony"))
    assert kept == [card(title="Balcony")]
    assert page.keep.title.text() == "Balcony is kept"
    assert not page.frame.back.isVisible()


def test_what_can_be_done_with_a_kept_model_is_asked_of_the_window(
    page: Page, under: Bench
) -> None:
    asked: list[object] = []
    for signal in (page.default_asked, page.export_asked, page.open_asked):
        signal.connect(asked.append)
    to_verdict(page, under)
    page.verdict.keep.click()
    page.keep.keep.click()
    under.engine.give(card())
    page.keep.make_default.click()
    page.keep.export.click()
    page.keep.open.click()
    assert asked == ["image/my-photos", "image/my-photos", PHOTOS]
    assert page.keep.make_default.text() == "Is the default"
    page.keep.again.click()
    assert page.place == TASK


def test_a_model_that_cannot_be_kept_stays_to_be_tried_again(page: Page, under: Bench) -> None:
    session = to_verdict(page, under)
    page.verdict.keep.click()
    page.keep.keep.click()
    under.engine.fail(NotWritable(under.folder, "The disk is full."))
    assert page.keep.error.isVisible() and page.keep.error.text() == "The disk is full."
    assert page.keep.keep.isEnabled()
    page.keep.keep.click()
    assert under.engine.last == KeepJob(session, "My photos")


def test_a_name_that_is_taken_is_not_proposed(page: Page, under: Bench) -> None:
    write_model(under.folder / "own", id="image/my-photos", title="My photos")
    under.services.library.scan()
    to_verdict(page, under)
    page.verdict.keep.click()
    assert page.keep.name.text() == "My photos 2"


@pytest.mark.parametrize(
    "where",
    [
        lambda page: page.frame,
        lambda page: page.task.models,
        lambda page: page.task.tasks.cards[PHOTOS],
    ],
)
def test_return_goes_on(page: Page, where: Callable[[Page], object]) -> None:
    widget = where(page)
    QTest.keyClick(widget, Qt.Key.Key_Return)  # type: ignore[call-overload]
    assert page.place == FILES


def test_return_does_not_pass_what_is_missing(page: Page) -> None:
    page.frame.next.click()
    press_return(page.frame)
    assert page.place == FILES


def test_return_presses_the_button_that_has_the_focus(page: Page) -> None:
    page.frame.next.click()
    page.frame.back.setFocus()
    press_return(page.frame.back)
    assert page.place == TASK


def test_every_control_can_be_reached_by_tab(page: Page, under: Bench) -> None:
    page.frame.next.click()
    boxes = page.files.boxes.values()
    wanted: set[QAbstractButton] = {
        page.frame.back,
        *(b for box in boxes for b in (box.folder, box.files)),
    }
    wanted.add(page.files.kinds.cards[page.files.kind])
    seen: list[QWidget] = []
    widget = page.frame.nextInFocusChain()
    while widget is not None and widget is not page.frame:
        reachable = widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible()
        seen += [widget] if reachable else []
        widget = widget.nextInFocusChain()
    assert wanted <= set(seen)
    assert seen.index(page.frame.back) > max(seen.index(box.files) for box in boxes)
    for control in wanted:
        assert control.accessibleName() or control.text()


@pytest.mark.parametrize("size", [(872, 556), (1192, 756)])
def test_nothing_is_cut_off_across(page: Page, under: Bench, size: tuple[int, int]) -> None:
    page.resize(*size)
    to_verdict(page, under)
    for step in (page.task, page.files, page.check, page.time, page.learning, page.verdict):
        assert step.minimumSizeHint().width() <= 872, step
    for step in (page.check, page.learning):
        assert step.minimumSizeHint().height() <= 412, step
