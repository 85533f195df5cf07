"""The dialog that asks what a table does not say, and what is remembered of the answer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop_ae.core.errors import NeedsFacts, Unreadable
from desktop_ae.domains import task_named
from desktop_ae.ui.ecg_import import EcgImportDialog
from desktop_ae.ui.ecg_importing import Importing
from desktop_ae.ui.ecg_peek import Peek, peek_text
from desktop_ae.ui.options_box import OptionsBox
from desktop_ae.ui.queue_model import Row
from desktop_ae.ui.settings import Settings
from tests.ui.sound_probe import AtHand

TABLE = b"time,I,II,resp\n0.000,1,2,3\n0.004,2,3,4\n0.008,3,4,5\n0.012,3,4,5\n"
UNTIMED = b"I,II,resp\n1,2,3\n2,3,4\n3,4,5\n"


def dialog(qtbot: QtBot, peek: Peek, told: dict[str, str] | None = None) -> EcgImportDialog:
    made = EcgImportDialog(Path("/tables/walk.csv"), peek, told or {})
    qtbot.addWidget(made)
    return made


def test_a_table_with_a_time_needs_no_rate(qapp: QApplication, qtbot: QtBot) -> None:
    asked = dialog(qtbot, peek_text(TABLE))
    assert asked.take.isEnabled()
    assert asked.options() == {
        "rate_hz": "",
        "unit": "",
        "columns": "I,II",
        "time_column": "time",
    }


def test_without_a_time_the_rate_has_to_be_told(qapp: QApplication, qtbot: QtBot) -> None:
    asked = dialog(qtbot, peek_text(UNTIMED))
    assert not asked.take.isEnabled()
    asked.rate.setEditText("360")
    assert asked.take.isEnabled()
    asked.unit.set_value("uV")
    assert asked.options()["rate_hz"] == "360"
    assert asked.options()["unit"] == "uV"


@pytest.mark.parametrize("rate", ["20", "5000", "0", "."])
def test_a_rate_that_cannot_be_is_refused(qapp: QApplication, qtbot: QtBot, rate: str) -> None:
    asked = dialog(qtbot, peek_text(UNTIMED))
    asked.rate.setEditText(rate)
    assert not asked.take.isEnabled()
    assert asked.note.property("role") == "bad"


def test_columns_can_be_chosen(qapp: QApplication, qtbot: QtBot) -> None:
    asked = dialog(qtbot, peek_text(TABLE))
    roles = asked.columns.roles
    roles[1].setCurrentIndex(roles[1].findData("none"))
    roles[3].setCurrentIndex(roles[3].findData("time"))
    assert asked.options()["columns"] == "II"
    assert asked.options()["time_column"] == "resp"
    assert roles[0].currentData() == "none"  # there is one time
    roles[2].setCurrentIndex(roles[2].findData("none"))
    assert not asked.take.isEnabled()


def test_what_was_told_before_is_there(qapp: QApplication, qtbot: QtBot) -> None:
    told = {"rate_hz": "500", "unit": "V", "columns": "3", "time_column": ""}
    asked = dialog(qtbot, peek_text(UNTIMED), told)
    assert asked.options() == {**told, "columns": "resp"}


class Scene:
    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.settings = Settings(folder / "settings.ini")
        self.errands = AtHand()
        self.importing = Importing(self.settings, self.errands, self.window)
        self.told: list[Row] = []
        self.importing.told.connect(self.told.append)
        self.folder = folder

    def row(self, name: str) -> Row:
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(UNTIMED)
        return Row(path)

    def ask(self, row: Row) -> EcgImportDialog:
        self.importing.ask(row)
        self.errands.do_all()
        assert self.importing.dialog is not None
        return self.importing.dialog


@pytest.fixture
def scene(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[Scene]:
    yield Scene(qtbot, tmp_path)


def untold(row: Row) -> NeedsFacts:
    return NeedsFacts(row.source, "It does not say its rate.")


def test_what_is_told_of_one_file_serves_its_folder(scene: Scene) -> None:
    first, second = scene.row("a.csv"), scene.row("b.csv")
    elsewhere = scene.row("other/c.csv")
    assert not scene.importing.help(first, untold(first))
    asked = scene.ask(first)
    asked.rate.setEditText("250")
    asked.accept()
    assert scene.told == [first]
    assert first.key["rate_hz"] == "250"
    assert scene.importing.help(second, untold(second))
    assert second.key == first.key
    assert not scene.importing.help(elsewhere, untold(elsewhere))


def test_it_helps_once_and_only_where_facts_are_missing(scene: Scene) -> None:
    row = scene.row("a.csv")
    asked = scene.ask(row)
    asked.rate.setEditText("250")
    asked.accept()
    assert not scene.importing.help(row, untold(row))  # they were not the right ones
    other = scene.row("b.csv")
    assert not scene.importing.help(other, Unreadable(other.source, "It is damaged."))
    assert not scene.importing.help(other, None)


def test_what_was_told_outlives_the_program(scene: Scene) -> None:
    row = scene.row("a.csv")
    asked = scene.ask(row)
    asked.rate.setEditText("128")
    asked.accept()
    scene.settings.sync()
    again = Importing(Settings(scene.folder / "settings.ini"), scene.errands, scene.window)
    assert again.known(scene.folder)["rate_hz"] == "128"


def test_a_dialog_that_is_cancelled_changes_nothing(scene: Scene) -> None:
    row = scene.row("a.csv")
    scene.ask(row).reject()
    assert scene.told == [] and row.facts == {}
    assert scene.importing.dialog is None


def test_a_file_that_is_gone_is_said(scene: Scene) -> None:
    said: list[str] = []
    scene.importing.said.connect(said.append)
    row = scene.row("a.csv")
    row.source.unlink()
    scene.importing.ask(row)
    scene.errands.do_all()
    assert said and "a.csv" in said[0]


def test_facts_are_no_switches_in_the_inspector(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path
) -> None:
    box = OptionsBox(task_named("ecg/denoise"), Settings(tmp_path / "settings.ini"))
    qtbot.addWidget(box)
    assert box.controls == {} and box.options() == {}
    assert box.importing is not None and not box.importing.isEnabled()
    box.set_importable(True)
    with qtbot.waitSignal(box.import_asked, timeout=1000):
        box.importing.click()
