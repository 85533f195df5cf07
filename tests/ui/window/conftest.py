"""A whole window with a tiny model, real engines, and settings of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_ae.core.ledger import Ledger
from desktop_ae.core.library import ModelLibrary
from desktop_ae.engine import Engine
from desktop_ae.ui.errands import Errands
from desktop_ae.ui.main_window import MainWindow
from desktop_ae.ui.pane import Pane
from desktop_ae.ui.queue_model import Row
from desktop_ae.ui.services import Services
from desktop_ae.ui.settings import Settings
from desktop_ae.ui.theme import theme
from tests.fakes import write_model
from tests.ui.window.books import put_books_first, write_book
from tests.ui.window.overlays import put_marks_beside_photos, write_picture

TIMEOUT_MS = 20_000


@dataclass
class Desk:
    """A window and what it stands on."""

    window: MainWindow
    services: Services
    qtbot: QtBot

    @property
    def pane(self) -> Pane:
        return self.window.pane

    @property
    def rows(self) -> list[Row]:
        return list(self.pane.model.rows)

    def drop(self, *paths: Path, start: bool | None = None) -> list[Row]:
        """Put files into the window and wait until they are rows."""
        before = len(self.rows)
        self.window.take(paths, start=start)
        self.until(lambda: len(self.rows) > before)
        return self.rows[before:]

    def clean(self, *paths: Path) -> list[Row]:
        rows = self.drop(*paths, start=True)
        self.until(lambda: not self.pane.run.active)
        return rows

    def until(self, done: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(done, timeout=TIMEOUT_MS)


@pytest.fixture
def make_desk(
    qapp: QApplication, qtbot: QtBot, models: ModelLibrary, tmp_path: Path
) -> Iterator[Callable[[], Desk]]:
    """Opens windows over one settings file, and closes them after the test."""
    theme().apply(qapp)
    made: list[tuple[Desk, list[Engine]]] = []

    def make() -> Desk:
        ledger = Ledger(tmp_path / "ledger.sqlite")
        cleaning, learning, viewing = engines = [Engine(models, ledger) for _ in range(3)]
        settings = Settings(tmp_path / "settings.ini")
        services = Services(models, ledger, cleaning, learning, Errands(viewing), settings)
        window = MainWindow(services)
        for engine in engines:
            engine.start()
        window.show()
        made.append((Desk(window, services, qtbot), engines))
        return made[-1][0]

    yield make
    for desk, engines in made:
        desk.window._on_close_anyway()
        for engine in engines:
            assert engine.close(TIMEOUT_MS)
        desk.window.deleteLater()
        desk.services.ledger.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@pytest.fixture
def desk(make_desk: Callable[[], Desk]) -> Desk:
    return make_desk()


@pytest.fixture
def make_shelf(
    make_desk: Callable[[], Desk],
    models: ModelLibrary,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[[], Desk]:
    """Opens windows with a pane of books, several pages each, before the photos."""
    write_model(tmp_path / "models", id="book/clean-v1", task="book/clean")
    models.scan()
    put_books_first(monkeypatch)
    return make_desk


@pytest.fixture
def shelf(make_shelf: Callable[[], Desk]) -> Desk:
    return make_shelf()


@pytest.fixture
def marks(
    make_desk: Callable[[], Desk],
    models: ModelLibrary,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Desk:
    """A window with a pane for overlays in front, which cleans only when it is told to."""
    write_model(tmp_path / "models", id="image/marks-v1", task="image/marks")
    models.scan()
    put_marks_beside_photos(monkeypatch)
    desk = make_desk()
    desk.window.rail.choose([pane.task.id for pane in desk.window.panes].index("image/marks"))
    desk.services.settings.put("clean_on_drop", False)
    return desk


@pytest.fixture
def picture(photos: Path) -> Callable[..., Path]:
    """Makes pictures with an overlay by name; see `write_picture`."""

    def make(name: str = "a.png", **about: Any) -> Path:
        return write_picture(photos / name, **about)

    return make


@pytest.fixture
def book(tmp_path: Path) -> Callable[..., Path]:
    """Makes books by name; see `write_book`."""

    def make(name: str = "a.book", **about: Any) -> Path:
        return write_book(tmp_path / name, **about)

    return make


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    folder.mkdir()
    return folder


@pytest.fixture
def photo(photos: Path) -> Callable[..., Path]:
    """Makes noisy photos by name."""

    def make(name: str = "IMG_1.png", side: int = 48) -> Path:
        rng = np.random.default_rng(abs(hash(name)) % 1000)
        pixels = rng.integers(0, 256, (side, side, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(photos / name)
        return photos / name

    return make


@pytest.fixture
def broken(photo: Callable[..., Path]) -> Callable[..., Path]:
    """Makes photos that end too early."""

    def make(name: str = "broken.png") -> Path:
        path = photo(name)
        path.write_bytes(path.read_bytes()[:2000])
        return path

    return make
