from __future__ import annotations

import ast
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QLocale, Qt, QTranslator
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from desktop_ae.core.library import ModelLibrary
from desktop_ae.jobs import Context
from desktop_ae.model_jobs import ExportJob
from desktop_ae.places import shipped
from desktop_ae.ui import model_sheet, model_words, models_page, models_table
from desktop_ae.ui.models_page import ModelsPage
from desktop_ae.ui.models_table import DATE, MEASURED, NAME, SIZE, SOURCE, TASK
from desktop_ae.ui.queue_model import State
from tests.fakes import write_model
from tests.ui.window.conftest import Desk
from tests.ui.window.test_window import drop_event

ID = "image/denoise-v1"
MINE = "image/mine"


@pytest.fixture
def models(tmp_path: Path) -> ModelLibrary:
    """A shipped model, and a folder for one's own."""
    write_model(tmp_path / "models", title="Shipped one", summary="30 dB")
    return ModelLibrary([tmp_path / "models", tmp_path / "own"])


@pytest.fixture
def make_file(tmp_path: Path) -> Callable[..., Path]:
    """Writes `.daemodel` files of models from elsewhere."""

    def make(model_id: str = MINE, **changed: Any) -> Path:
        root = tmp_path / "theirs"
        about = {"title": "Mine", "parent": ID, **changed}
        card = write_model(root, identity=True, id=model_id, **about)
        return ExportJob(card.id, tmp_path / card.id.split("/")[1]).run(
            Context(ModelLibrary([root]))
        )

    return make


@pytest.fixture
def page(desk: Desk) -> ModelsPage:
    desk.window._show_page(desk.window.models_page)
    return desk.window.models_page


def notice(desk: Desk) -> str:
    return desk.window.notice.label.text()


def add(desk: Desk, file: Path) -> None:
    before = len(desk.services.library.cards())
    desk.window.take([file])
    desk.until(lambda: len(desk.services.library.cards()) > before)
    desk.until(lambda: desk.window.notice.isVisible())


def cells(page: ModelsPage, column: int) -> list[str]:
    table = page.table
    return [str(table.index(row, column).data()) for row in range(table.rowCount())]


def facts(page: ModelsPage) -> str:
    return page.sheet.facts.toPlainText()


def test_the_page_stands_above_the_settings(desk: Desk) -> None:
    buttons = desk.window.rail._group.buttons()
    assert [b.text() for b in buttons][-2:] == ["Models", "Settings"]
    assert buttons[-2].y() < buttons[-1].y()
    buttons[-2].click()
    assert desk.window.stack.currentWidget() is desk.window.models_page


def test_shipped_models_are_listed_with_their_card(page: ModelsPage) -> None:
    assert (cells(page, NAME), cells(page, TASK)) == (["Shipped one"], ["Photos"])
    assert (cells(page, SOURCE), cells(page, MEASURED)) == (["Shipped"], ["30 dB"])
    assert page.sheet.title.text() == "Shipped one"
    assert "unet2d" in facts(page) and ID in facts(page)
    assert not page.sheet.delete.isEnabled()
    assert not page.sheet.make_default.isEnabled()


def test_a_dropped_model_is_added_and_shown(desk: Desk, make_file: Callable[..., Path]) -> None:
    desk.window.rail.choose(0)
    desk.window.dropEvent(drop_event(make_file()))
    page = desk.window.models_page
    desk.until(lambda: cells(page, NAME) == ["Shipped one", "Mine"])
    assert desk.window.stack.currentWidget() is page
    assert notice(desk) == "Mine was added to Photos."
    entry = page.view.current()
    assert entry is not None and entry.card.id == MINE and entry.is_own
    assert desk.window.panes[0].model.rows == [], "a model is no photo"
    assert desk.window.panes[0].inspector.models.findData(MINE) >= 0


def test_the_notice_makes_a_new_model_the_default(
    desk: Desk, make_file: Callable[..., Path]
) -> None:
    add(desk, make_file())
    pane = desk.window.panes[0]
    assert pane.inspector.model == ID
    assert desk.window.notice.action.text() == "Make it the default"
    desk.window.notice.action.click()
    assert pane.inspector.model == MINE
    assert notice(desk) == "Photos begins with Mine from now on."
    again = ModelLibrary(desk.services.library.folders)
    assert again.default_for(pane.task) == MINE
    entry = desk.window.models_page.view.current()
    assert entry is not None and entry.is_default


def test_a_model_that_is_there_already_is_said_to_be(
    desk: Desk, make_file: Callable[..., Path]
) -> None:
    file = make_file()
    add(desk, file)
    desk.window.take([file])
    desk.until(lambda: notice(desk) == "Mine is there already.")
    assert len(desk.services.library.cards()) == 2


def test_a_bad_file_is_a_sentence_and_adds_nothing(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "notes.daemodel"
    path.write_text("hello")
    desk.window.take([path])
    desk.until(lambda: desk.window.notice.isVisible())
    assert notice(desk) == "notes.daemodel is no model of Desktop AE, or it is cut short."
    assert len(desk.services.library.cards()) == 1
    assert desk.window.models_page.import_button.text() == "Import…"


def test_several_files_are_summed_up(
    desk: Desk, make_file: Callable[..., Path], tmp_path: Path
) -> None:
    bad = [tmp_path / "a.daemodel", tmp_path / "b.daemodel"]
    for path in bad:
        path.write_text("no")
    desk.window.take([bad[0], make_file(), bad[1]])
    desk.until(lambda: desk.window.notice.isVisible())
    assert notice(desk) == (
        "Models added: 1. a.daemodel is no model of Desktop AE, or it is cut short."
        " Files refused: 2."
    )


def test_what_is_chosen_in_a_pane_holds_until_the_default_changes(
    desk: Desk, make_desk: Callable[[], Desk], models: ModelLibrary
) -> None:
    for name in ("mine", "third"):
        write_model(models.folders[-1], id=f"image/{name}", title=name)
    models.scan()
    inspector = desk.window.panes[0].inspector
    inspector.refresh_models()
    inspector.models.setCurrentIndex(inspector.models.findData(MINE))
    inspector.models.activated.emit(inspector.models.currentIndex())
    desk.services.settings.sync()
    assert make_desk().window.panes[0].inspector.model == MINE
    models.put_default("image/third")  # as the command line does
    assert make_desk().window.panes[0].inspector.model == "image/third"


def test_photos_and_models_dropped_together_go_their_ways(
    desk: Desk, make_file: Callable[..., Path], photo: Callable[..., Path]
) -> None:
    desk.services.settings.put("clean_on_drop", False)
    desk.window.take([photo("a.png"), make_file()])
    pane = desk.window.panes[0]
    desk.until(lambda: len(pane.model.rows) == 1 and desk.window.models_page.table.rowCount() == 2)


def test_a_deleted_model_comes_back(desk: Desk, make_file: Callable[..., Path]) -> None:
    add(desk, make_file())
    page, pane = desk.window.models_page, desk.window.panes[0]
    page.make_default()
    assert pane.inspector.model == MINE
    page.sheet.delete.click()
    assert cells(page, NAME) == ["Shipped one"]
    assert pane.inspector.model == ID
    assert (notice(desk), desk.window.notice.action.text()) == ("Deleted Mine.", "Undo")
    desk.window.notice.action.click()
    assert cells(page, NAME) == ["Shipped one", "Mine"]
    assert pane.inspector.model == MINE, "it is the default again"
    assert desk.services.library.load(MINE).card.title == "Mine"


def test_keys_mean_models_while_the_page_is_in_front(
    desk: Desk, make_file: Callable[..., Path], photo: Callable[..., Path]
) -> None:
    desk.services.settings.put("clean_on_drop", False)
    desk.drop(photo("a.png"))
    add(desk, make_file())
    page = desk.window.models_page
    page.view.setFocus()
    desk.window.activateWindow()
    QTest.keyClick(page.view, Qt.Key.Key_Delete)
    desk.until(lambda: cells(page, NAME) == ["Shipped one"])
    assert len(desk.window.panes[0].model.rows) == 1, "the queue behind is not touched"
    QTest.keyClick(page.view, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    desk.until(lambda: cells(page, NAME) == ["Shipped one", "Mine"])
    QTest.keyClick(page.view, Qt.Key.Key_Return)
    assert desk.window.panes[0].inspector.model == MINE
    QTest.keyClick(page.view, Qt.Key.Key_Up)
    assert page.sheet.title.text() == "Shipped one"


def test_a_shipped_model_is_not_deleted(desk: Desk, page: ModelsPage) -> None:
    page.delete()
    assert notice(desk) == "Shipped one came with the program and cannot be deleted."
    assert cells(page, NAME) == ["Shipped one"]


def test_a_model_at_work_is_not_deleted(
    desk: Desk, make_file: Callable[..., Path], photo: Callable[..., Path]
) -> None:
    add(desk, make_file())
    page, pane = desk.window.models_page, desk.window.panes[0]
    page.make_default()
    desk.services.cleaning.pause()
    rows = desk.drop(photo("a.png"), start=True)
    desk.until(lambda: rows[0].state in (State.WAITING, State.CLEANING))
    page.delete()
    assert notice(desk).startswith("Mine is at work.")
    desk.services.cleaning.resume()
    desk.until(lambda: not pane.run.active)
    page.delete()
    assert cells(page, NAME) == ["Shipped one"]


def test_a_model_is_exported_where_the_person_says(
    desk: Desk, page: ModelsPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def ask(parent: Any, title: str, start: str, kinds: str, **named: Any) -> tuple[str, str]:
        asked.append(start)
        return str(tmp_path / "out" / "given"), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", ask)
    page.sheet.export.click()
    desk.until(lambda: notice(desk) == "Exported as given.daemodel.")
    assert (tmp_path / "out" / "given.daemodel").is_file()
    assert asked == ["image-denoise-v1.daemodel"]
    assert desk.window.notice.action.text() == "Show in folder"


def test_models_are_browsed_for(
    desk: Desk,
    page: ModelsPage,
    make_file: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    file = make_file()
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(file)], ""))
    page.import_button.click()
    desk.until(lambda: cells(page, NAME) == ["Shipped one", "Mine"])
    assert desk.services.settings.recent("models") == [file.parent]


def test_the_list_is_narrowed_to_a_task(
    desk: Desk, models: ModelLibrary, tmp_path: Path, page: ModelsPage
) -> None:
    write_model(tmp_path / "models", id="audio/x", task="audio/denoise", title="Sound")
    models.scan()
    page.refresh()
    assert cells(page, NAME) == ["Shipped one", "Sound"]
    page.filter.setCurrentIndex(page.filter.findData("audio/denoise"))
    page.filter.activated.emit(page.filter.currentIndex())
    assert cells(page, NAME) == ["Sound"]
    assert page.sheet.title.text() == "Sound"
    page.refresh(ID)
    assert "Shipped one" in cells(page, NAME)


def test_a_stranger_s_card_is_shown_as_text_only(
    desk: Desk, make_file: Callable[..., Path]
) -> None:
    file = make_file(
        title="<b>Bold</b>",
        summary="<img src='file:///etc/passwd'>",
        data=[{"name": "<script>", "licence": 5}],
        measured=[{"figures": {"a_db": "<i>"}}, {"method": [], "figures": 3}, {}],
        trained={"note": "<a href='http://x'>y</a>"},
    )
    add(desk, file)
    page = desk.window.models_page
    assert page.sheet.title.text() == "<b>Bold</b>"
    assert page.sheet.title.textFormat() == Qt.TextFormat.PlainText
    assert "<script>" in facts(page) and "<a href='http://x'>y</a>" in facts(page)


def test_in_a_narrow_window_size_and_date_are_in_the_card_alone(
    desk: Desk, page: ModelsPage
) -> None:
    desk.window.resize(960, 600)
    desk.until(lambda: page.view.isColumnHidden(SIZE) and page.view.isColumnHidden(DATE))
    header = page.view.horizontalHeader()
    assert header.length() <= page.view.viewport().width()
    assert header.sectionSize(MEASURED) > 80
    desk.window.resize(1280, 800)
    desk.until(lambda: not page.view.isColumnHidden(SIZE))


def test_every_control_has_a_name_for_screen_readers(page: ModelsPage) -> None:
    assert page.view.accessibleName() == "Models"
    assert page.filter.accessibleName() == "Show models for"
    assert page.sheet.facts.accessibleName() == "The card in full"
    first = page.table.index(0, NAME)
    assert first.data(Qt.ItemDataRole.AccessibleTextRole) == "Shipped one, Default"
    entry = page.view.current()
    assert entry is not None
    texts = [action.text() for action in page.make_menu(entry).actions()]
    assert texts == ["Export…", "Show in folder", "Copy id"]


def test_the_page_speaks_hindi() -> None:
    translator = QTranslator()
    folder = str(shipped("resources") / "translations")
    assert translator.load(QLocale("hi"), "desktop_ae", "_", folder)
    for module in (models_page, models_table, model_sheet, model_words):
        tree = ast.parse(inspect.getsource(module))
        for kind in (node for node in tree.body if isinstance(node, ast.ClassDef)):
            calls = (node for node in ast.walk(kind) if isinstance(node, ast.Call))
            for call in calls:
                if isinstance(call.func, ast.Attribute) and call.func.attr == "tr":
                    text = ast.literal_eval(call.args[0])
                    assert translator.translate(kind.name, text), (kind.name, text)
