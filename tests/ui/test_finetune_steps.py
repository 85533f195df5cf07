"""The first four steps of the wizard, each by itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop_ae.core.errors import BadModel
from desktop_ae.core.library import ModelLibrary
from desktop_ae.core.tuning import CLEAN, NOISY, PAIRS
from desktop_ae.domains import task_named
from desktop_ae.jobs import Context
from desktop_ae.learning.lesson import Lesson
from desktop_ae.ui.finetune_check_step import CheckStep
from desktop_ae.ui.finetune_check_table import FATE, NAME, TWIN, WHY
from desktop_ae.ui.finetune_files_box import CountJob
from desktop_ae.ui.finetune_files_step import FilesStep
from desktop_ae.ui.finetune_task_step import TaskStep
from desktop_ae.ui.finetune_time_step import BALANCED, QUICK, THOROUGH, TimeStep
from tests.fakes import write_model
from tests.ui.finetune_probe import PHOTOS, Bench, bench, checked, study, task
from tests.ui.window.test_window import drop_event

OVERLAYS = "image/watermark"


@pytest.fixture
def under(qapp: QApplication, tmp_path: Path) -> Bench:
    return bench(tmp_path)


@pytest.fixture
def files(under: Bench, qtbot: QtBot) -> Iterator[FilesStep]:
    step = FilesStep(under.services)
    qtbot.addWidget(step)
    step.show_task(task())
    yield step


def shown(*widgets: QWidget) -> list[bool]:
    return [not widget.isHidden() for widget in widgets]


def photos(folder: Path, *names: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name in names:
        Image.new("RGB", (24, 24)).save(folder / name)
    return folder


# --- the task


def test_only_tasks_that_learn_and_have_a_pane_are_offered(under: Bench, qtbot: QtBot) -> None:
    step = TaskStep(under.services.library, {PHOTOS, "none/such"})
    qtbot.addWidget(step)
    assert list(step.tasks.cards) == [PHOTOS]
    assert step.task.id == PHOTOS
    assert (step.is_ready, step.model) == (True, "image/denoise-v1")


def test_models_follow_the_task_and_the_default_comes_first(under: Bench, qtbot: QtBot) -> None:
    step = TaskStep(under.services.library, {PHOTOS, OVERLAYS})
    qtbot.addWidget(step)
    step.tasks.cards[OVERLAYS].click()
    assert not step.is_ready  # it has no model yet
    step.tasks.cards[PHOTOS].click()
    write_model(under.folder / "own", id="image/mine", title="Mine")
    under.services.library.scan()
    under.services.library.put_default("image/mine")
    step.refresh()
    assert [step.models.itemText(n) for n in range(2)] == ["Shipped one", "Mine"]
    assert step.model == "image/denoise-v1"  # what was there to see stays chosen
    again = TaskStep(under.services.library, {PHOTOS})
    qtbot.addWidget(again)
    assert again.model == "image/mine"


def test_without_a_task_that_learns_one_cannot_go_on(under: Bench, qtbot: QtBot) -> None:
    step = TaskStep(under.services.library, ())
    qtbot.addWidget(step)
    assert not step.is_ready


# --- the files


def test_what_a_task_cannot_learn_from_is_off_and_says_why(files: FilesStep) -> None:
    files.show_task(task(kinds=(CLEAN,), why_not={PAIRS: "No two are alike.", NOISY: "Too loud."}))
    assert [files.kinds.cards[kind].isEnabled() for kind in (PAIRS, CLEAN, NOISY)] == [
        *(False, True, False)
    ]
    assert files.kind == CLEAN
    assert files.why_not.text() == (
        "Noisy and clean: No two are alike.\nOnly noisy files: Too loud."
    )


def test_only_the_boxes_that_are_needed_are_there(files: FilesStep) -> None:
    boxes = files.boxes[NOISY], files.boxes[CLEAN]
    assert shown(*boxes) == [True, True]
    files.kinds.cards[CLEAN].click()
    assert shown(*boxes) == [False, True]
    files.kinds.cards[NOISY].click()
    assert shown(*boxes) == [True, False]


def test_pairs_want_both_sides(files: FilesStep, under: Bench) -> None:
    folder = photos(under.folder / "a", "1.png")
    files.boxes[NOISY].add([folder])
    assert not files.is_ready
    files.boxes[CLEAN].add([photos(under.folder / "b", "1.png")])
    assert files.is_ready
    assert (files.noisy, files.clean) == ((folder,), (under.folder / "b",))
    files.kinds.cards[NOISY].click()
    assert files.clean == ()


def test_a_box_says_what_it_holds(files: FilesStep, under: Bench) -> None:
    folder = photos(under.folder / "Holiday", "1.png", "2.JPG", ".hidden.png")
    (folder / "notes.txt").write_text("no picture")
    box = files.boxes[NOISY]
    box.add([folder])
    assert (box.name.text(), box.about.text()) == ("Holiday", "Noisy files · Counting…")
    under.errands.do_all()
    assert box.about.text() == "Noisy files · 2 files"
    extra = photos(under.folder / "b", "3.png") / "3.png"
    box.add([extra, folder])
    assert box.paths == (folder, extra)
    assert box.name.text() == "Holiday, 3.png"
    box.clear_button.click()
    assert not box.paths
    assert box.name.text() == "Noisy files"


def test_a_folder_with_nothing_in_it_leads_nowhere(files: FilesStep, under: Bench) -> None:
    files.kinds.cards[NOISY].click()
    files.boxes[NOISY].add([photos(under.folder / "empty")])
    under.errands.do_all()
    assert not files.is_ready
    assert files.boxes[NOISY].about.property("role") == "bad"


def test_what_is_counted_is_what_is_learned_from(under: Bench) -> None:
    folder = under.folder / "records"
    folder.mkdir()
    for name in ("100.hea", "100.dat", "101.hea", "101.dat", "notes.md"):
        (folder / name).write_text("")
    context = Context(ModelLibrary([]))
    assert CountJob("ecg/denoise", (folder,)).run(context) == 2
    assert CountJob("ecg/denoise", (folder / "100.hea", folder / "100.dat")).run(context) == 1


def test_files_are_dropped_onto_a_box(files: FilesStep, under: Bench) -> None:
    folder = photos(under.folder / "a", "1.png")
    event = drop_event(folder)
    files.boxes[CLEAN].dropEvent(event)
    assert event.isAccepted()
    assert files.clean == (folder,)
    assert under.services.settings.recent("lessons") == [folder]


def test_files_dropped_beside_the_boxes_fill_the_first_empty_one(
    files: FilesStep, under: Bench
) -> None:
    first, second, third = (photos(under.folder / name, "1.png") for name in "abc")
    assert files.take([first]) and files.take([second])
    assert (files.noisy, files.clean) == ((first,), (second,))
    assert not files.take([third])  # nobody can tell where it belongs
    files.kinds.cards[NOISY].click()
    assert files.take([third])
    assert files.noisy == (first, third)


def test_what_spoils_them_can_be_said_of_clean_files_alone(files: FilesStep) -> None:
    files.show_task(task(damages=(("", "Everything"), ("rain", "Rain"))))
    files.kinds.cards[CLEAN].click()
    assert shown(files.spoils) == [True]
    files.damages.setCurrentIndex(1)
    assert files.damage == "rain"
    files.kinds.cards[PAIRS].click()
    assert shown(files.spoils) == [False]
    assert files.damage == ""


def test_files_stay_for_a_task_of_the_same_kind_of_files(files: FilesStep, under: Bench) -> None:
    files.boxes[NOISY].add([photos(under.folder / "a", "1.png")])
    files.show_task(task_named(OVERLAYS))
    assert files.boxes[NOISY].paths == (under.folder / "a",)
    files.show_task(task_named("ecg/denoise"))
    assert files.boxes[NOISY].paths == ()


def test_kinds_are_chosen_by_arrow_keys(files: FilesStep, qtbot: QtBot) -> None:
    with qtbot.waitExposed(files, timeout=5000):
        files.show()
    files.kinds.cards[PAIRS].setFocus()
    QTest.keyClick(files.kinds.cards[PAIRS], Qt.Key.Key_Right)
    assert files.kind == CLEAN
    assert shown(files.boxes[NOISY]) == [False]


# --- the check


@pytest.fixture
def check(qapp: QApplication, qtbot: QtBot) -> CheckStep:
    step = CheckStep()
    qtbot.addWidget(step)
    step.begin(PAIRS)
    return step


def test_every_file_is_told_of_and_those_left_out_first(check: CheckStep) -> None:
    assert not check.is_ready
    check.show_progress(Lesson(2, 7, "files", phase="reading"))
    assert check.doing.text() == "Opening file 3 of 7"
    check.show_checked(checked())
    assert check.is_ready
    assert check.summary.text() == (
        "6 usable: 4 to learn from, 2 kept back to judge. 1 file left out."
    )
    rows = [
        [check.table.index(row, column).data() for column in (NAME, FATE, WHY)] for row in range(3)
    ]
    assert rows[0] == ["9.png", "Left out", "It is too small."]
    assert rows[1:] == [["0.png", "Learned from", ""], ["1.png", "Kept back", ""]]


def test_twins_are_shown_for_pairs_alone(check: CheckStep) -> None:
    assert not check.view.isColumnHidden(TWIN)
    check.begin(NOISY)
    assert check.view.isColumnHidden(TWIN)


def test_too_few_files_lead_nowhere(check: CheckStep) -> None:
    check.show_checked(checked(too_few="At least 3 usable files are needed."))
    assert not check.is_ready
    assert check.warning.text() == "At least 3 usable files are needed."
    assert check.summary.text() == "Not enough to learn from. 1 file left out."


def test_how_noisy_files_are_learned_from_is_said_with_a_warning(check: CheckStep) -> None:
    check.show_checked(checked(study=study()))
    assert check.why.text() == "Their noise is alike everywhere, so it is measured."
    assert shown(check.warning) == [False]
    check.show_checked(checked(study=study("It may disappoint.")))
    assert (check.is_ready, check.warning.text()) == (True, "It may disappoint.")


def test_a_check_that_fails_says_why(check: CheckStep) -> None:
    check.show_error(BadModel("The weights were changed."))
    assert not check.is_ready
    assert check.warning.text() == "The weights were changed."


def test_file_names_are_no_markup(check: CheckStep) -> None:
    check.show_checked(checked())
    tip = check.table.index(0, NAME).data(Qt.ItemDataRole.ToolTipRole)
    assert "/given/9.png" in tip.replace("\\", "/")
    assert check.warning.textFormat() == Qt.TextFormat.PlainText


# --- the time


def test_minutes_follow_the_speed_of_the_machine(qapp: QApplication, qtbot: QtBot) -> None:
    step = TimeStep()
    qtbot.addWidget(step)
    step.show_step_time(0.5)
    assert step.minutes == 10  # balanced: 1,200 steps
    titles = [step.cards.cards[name].text() for name in (QUICK, BALANCED, THOROUGH)]
    assert titles == ["Quick · 2 min", "Balanced · 10 min", "Thorough · 33 min"]
    step.cards.cards[THOROUGH].click()
    assert step.minutes == pytest.approx(4000 * 0.5 / 60)
    step.show_step_time(0.001)
    step.cards.cards[QUICK].click()
    assert step.minutes == 1  # and no less


def test_minutes_of_ones_own_take_the_place_of_a_choice(qapp: QApplication, qtbot: QtBot) -> None:
    step = TimeStep()
    qtbot.addWidget(step)
    step.show_step_time(0.5)
    assert shown(step.own) == [False]
    step.advanced.click()
    assert shown(step.own) == [True]
    assert step.spin.value() == 10
    step.spin.setValue(45)
    assert (step.minutes, step.cards.value) == (45, "")
    step.cards.cards[QUICK].click()
    assert (step.spin.value(), step.minutes) == (2, 2.5)
