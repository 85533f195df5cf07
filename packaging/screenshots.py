"""Pictures of every state of the window, from the real window with the real engine.

    python packaging/screenshots.py [--models DIR] [--out DIR] [--only WORD]

Everything happens in a home of its own, so the person's files and settings stay as they are.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import ecg_records
import ecg_scenes
import finetune_scenes
import model_scenes
import sound_scenes
import watermark_scenes
from overlaid_photos import stand_in_library

ROOT = Path(__file__).resolve().parent.parent
TIMEOUT_S = 120.0


def main() -> int:
    """Draw all scenes in dark and light; the dark ones with files at twice the size as well."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=Path, default=ROOT / "models")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "screenshots")
    parser.add_argument("--scale", default="1")
    parser.add_argument("--only", default="")
    wanted = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ["QT_SCALE_FACTOR"] = wanted.scale
    wanted.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        os.environ["XDG_DATA_HOME"] = home
        studio = Studio(Path(home), wanted.models, wanted.out, wanted.scale)
        for scene in SCENES:
            if wanted.only not in scene.__name__:
                continue
            studio.open(scene.__name__)
            if scene in NEED_DOCUMENT_MODEL and not studio.has_model("document/clean"):
                print(f"{scene.__name__}: skipped, there is no model for documents yet")
            elif scene in ecg_scenes.SCENES and not studio.has_pane(ecg_scenes.TASK):
                print(f"{scene.__name__}: skipped, there is no pane for ECGs yet")
            elif scene in sound_scenes.SCENES and not studio.has_pane(sound_scenes.TASK):
                print(f"{scene.__name__}: skipped, there is no pane for recordings yet")
            else:
                scene(studio)
            studio.close()
    if wanted.scale == "1" and not wanted.only:
        again = [sys.executable, __file__, "--scale", "2", "--only", "queue"]
        os.execv(again[0], [*again, "--models", str(wanted.models), "--out", str(wanted.out)])
    return 0


class Studio:
    """Opens a fresh window for each scene and takes its picture."""

    def __init__(self, home: Path, models: Path, out: Path, scale: str) -> None:
        from PySide6.QtWidgets import QApplication

        from desktop_ae.ui.theme import theme

        self.app = QApplication(sys.argv[:1])
        theme().set_mode("dark")
        theme().apply(self.app)
        self.home, self.models, self.out, self.scale = home, models, out, scale
        self.files = home / "Pictures"
        self.name = ""

    def open(self, name: str) -> None:
        from desktop_ae.core.ledger import Ledger
        from desktop_ae.core.library import ModelLibrary
        from desktop_ae.engine import Engine
        from desktop_ae.ui.errands import Errands
        from desktop_ae.ui.main_window import MainWindow
        from desktop_ae.ui.services import Services
        from desktop_ae.ui.settings import Settings

        self.name = name
        shutil.rmtree(self.files, ignore_errors=True)
        self.files.mkdir()
        library = self.library = ModelLibrary([self.models])
        if name.startswith(("models", "finetune")):
            library = self.library = model_scenes.own_library(self.models, self.home)
        if name.startswith("watermarks") and not self.has_model("image/watermark"):
            library = stand_in_library(self.models, self.home)
        if name.startswith("ecg") and not self.has_model("ecg/denoise"):
            library = ecg_records.stand_in_library(self.models, self.home)
        ledger = Ledger(Path(":memory:"))
        self.engines = [Engine(library, ledger) for _ in range(3)]
        cleaning, learning, viewing = self.engines
        self.settings = Settings(self.home / f"{name}.ini")
        services = Services(library, ledger, cleaning, learning, Errands(viewing), self.settings)
        self.window = MainWindow(services, offered=lambda task: bool(library.cards(task.id)))
        for engine in self.engines:
            engine.start()
        self.window.resize(1280, 800)
        self.window.show()

    def close(self) -> None:
        self.window._on_close_anyway()
        for engine in self.engines:
            engine.close()
        self.window.deleteLater()
        self.app.processEvents()

    def wait(self, done: Callable[[], bool]) -> None:
        end = time.monotonic() + TIMEOUT_S
        while not done():
            if time.monotonic() > end:
                raise TimeoutError(self.name)
            self.app.processEvents()
            time.sleep(0.005)

    def settle(self, seconds: float = 0.6) -> None:
        """Let views load and everything be painted."""
        end = time.monotonic() + seconds
        self.wait(lambda: time.monotonic() > end)

    def shoot(self, suffix: str = "", modes: tuple[str, ...] = ("dark", "light")) -> None:
        from desktop_ae.ui.theme import theme

        for mode in modes if self.scale == "1" else ("dark",):
            theme().set_mode(mode)
            self.settle(0.3)
            size = "" if self.scale == "1" else f"@{self.scale}x"
            file = self.out / f"{self.name}{suffix}-{mode}{size}.png"
            self.window.grab().save(str(file))
            print(file)
        theme().set_mode("dark")

    def sample(self, name: str, called: str) -> Path:
        copy = self.files / called
        shutil.copy(ROOT / "resources" / "samples" / name, copy)
        return copy

    def has_model(self, task: str) -> bool:
        return bool(self.library.cards(task))

    def has_pane(self, task: str) -> bool:
        return any(pane.task.id == task for pane in self.window.panes)

    def front(self, task: str) -> None:
        """Bring a task's pane to the front."""
        places = [pane.task.id for pane in self.window.panes]
        self.window.rail.choose(places.index(task))

    def show(self, path: Path) -> None:
        """Take a file without cleaning it, and wait until it is on the screen."""
        self.settings.put("clean_on_drop", False)
        self.window.take([path])
        self.wait(lambda: bool(self.window.pane.model.rows))
        self.settle(2.5)
        self.window.notice.hide()

    def clean_all(self, paths: list[Path]) -> None:
        self.window.take(paths)
        pane = self.window.pane
        self.wait(lambda: bool(pane.model.rows))
        self.wait(lambda: not pane.run.active)
        self.settle(1.5)


def empty(studio: Studio) -> None:
    studio.settle()
    studio.shoot()


def drop(studio: Studio) -> None:
    studio.window._set_lit(True)
    studio.settle()
    studio.shoot(modes=("dark",))
    studio.window._set_lit(False)


def queue(studio: Studio) -> None:
    """Every state at once: cleaned, already clean, failed, being cleaned, waiting."""
    first = [
        studio.sample("photo-chelsea.png", "IMG_2041.png"),
        studio.sample("photo-astronaut.jpg", "Astronaut, scanned.jpg"),
        studio.sample("clean/photo-chelsea.clean.png", "DSC_0077.png"),
        _broken(studio, "broken_upload.jpg"),
    ]
    studio.clean_all(first)
    studio.window.notice.hide()
    studio.window.take([_large(studio, "Balcony at night.png"), _large(studio, "scan_12.tiff")])
    rows = studio.window.pane.model.rows
    studio.wait(lambda: len(rows) == 6 and 0.25 < rows[4].fraction < 0.9)
    studio.window.pane.queue.select(rows[0])
    studio.settle(0.2)
    studio.shoot(modes=("dark",))
    studio.window.queues.pause()
    studio.settle(0.2)
    studio.shoot("-paused")


def compare(studio: Studio) -> None:
    studio.clean_all([studio.sample("photo-astronaut.jpg", "IMG_2042.jpg")])
    view = studio.window.pane.stage.compare
    studio.shoot("-ended")
    studio.window.notice.hide()
    for mode in ("wipe", "side", "removed"):
        view.set_mode(mode)
        studio.shoot(f"-{mode}", modes=("dark",))
    view.set_mode("wipe")
    view.one_to_one()
    studio.window.pane.inspector.strength.setValue(60)
    studio.shoot("-strength", modes=("light",))


def failure(studio: Studio) -> None:
    text = studio.files / "notes.jpg"
    text.write_text("not a picture")
    studio.clean_all([_broken(studio, "broken_upload.jpg"), text])
    studio.shoot()


def already_clean(studio: Studio) -> None:
    studio.clean_all([studio.sample("clean/photo-chelsea.clean.png", "Cat, clean.png")])
    studio.shoot()


def preview(studio: Studio) -> None:
    studio.settings.put("clean_on_drop", False)
    studio.window.take([studio.sample("photo-chelsea.png", "Not cleaned yet.png")])
    studio.settle(3.0)
    studio.shoot(modes=("dark",))
    studio.window.pane.inspector.save_box.pattern.setText("no name")
    studio.window.pane.inspector.save_box._on_pattern_edited("no name")
    studio.shoot("-pattern", modes=("dark", "light"))


def hundred(studio: Studio) -> None:
    studio.settings.put("clean_on_drop", False)
    for number in range(100):
        name = f"A very long name of a picture from the summer holidays by the lake {number:03}"
        studio.sample("photo-chelsea.png", f"{name}.png")
    studio.window.take([studio.files])
    studio.settle(2.5)
    studio.shoot()


def settings(studio: Studio) -> None:
    studio.window._show_page(studio.window.settings_page)
    studio.settle()
    studio.shoot()


def menu(studio: Studio) -> None:
    studio.clean_all([studio.sample("photo-chelsea.png", "IMG_2041.png")])
    shown = studio.window.pane.column.make_menu(list(studio.window.pane.model.rows))
    shown.popup(studio.window.mapToGlobal(studio.window.rect().center()))
    studio.settle(0.3)
    shown.grab().save(str(studio.out / "menu-dark.png"))
    shown.close()


def documents_empty(studio: Studio) -> None:
    studio.front("document/clean")
    studio.settle()
    studio.shoot()


def documents_strip(studio: Studio) -> None:
    """Twelve pages, one left out, not cleaned yet."""
    studio.front("document/clean")
    studio.show(_document(studio, "Contract, scanned.pdf", 12))
    strip = studio.window.pane.stage.strip
    strip.step(2)
    strip.pages.leave_out(4, True)
    studio.settle(1.5)
    studio.shoot()


def documents_password(studio: Studio) -> None:
    studio.front("document/clean")
    studio.show(_document(studio, "Tax return 2024.pdf", 3, password="secret"))
    studio.shoot()
    lock = studio.window.pane.stage.failure.lock
    lock.field.setText("wrong")
    lock.unlock.click()
    studio.settle(1.5)
    studio.shoot("-wrong")


def documents_cleaning(studio: Studio) -> None:
    studio.front("document/clean")
    studio.show(_document(studio, "Contract, scanned.pdf", 12))
    pane = studio.window.pane
    pane.stage.strip.pages.leave_out(1, True)
    pane.clean()
    row = pane.model.rows[0]
    studio.wait(lambda: row.fraction == 1 or (row.piece >= 3 and row.piece_fraction > 0.3))
    pane.run.pause()
    studio.shoot()
    pane.run.resume()
    studio.wait(lambda: not pane.run.active)
    studio.settle(1.5)
    studio.shoot("-ended")


def documents_text_page(studio: Studio) -> None:
    """A page that is text already, and one that is black and white by choice."""
    studio.front("document/clean")
    studio.clean_all([_document(studio, "Contract, scanned.pdf", 5)])
    studio.window.notice.hide()
    stage = studio.window.pane.stage
    stage.strip.step(2)
    studio.settle(1.5)
    studio.shoot()
    mode = studio.window.pane.inspector.options.controls["mode"]
    mode.set_value("bw")
    mode.chosen.emit("bw")
    stage.strip.step(-2)
    stage.compare.one_to_one()
    studio.settle(3.0)
    studio.shoot("-bw")


def documents_sample(studio: Studio) -> None:
    studio.front("document/clean")
    studio.clean_all([studio.sample("page-receipt.jpg", "Receipt.jpg")])
    studio.window.notice.hide()
    studio.shoot()


SCENES: tuple[Callable[[Studio], None], ...] = (
    empty,
    drop,
    queue,
    compare,
    failure,
    already_clean,
    preview,
    hundred,
    settings,
    menu,
    documents_empty,
    documents_strip,
    documents_password,
    documents_cleaning,
    documents_text_page,
    documents_sample,
    *watermark_scenes.SCENES,
    *sound_scenes.SCENES,
    *ecg_scenes.SCENES,
    *model_scenes.SCENES,
    *finetune_scenes.SCENES,
)
NEED_DOCUMENT_MODEL = (documents_cleaning, documents_text_page, documents_sample)


def _broken(studio: Studio, name: str) -> Path:
    whole = studio.sample("photo-astronaut.jpg", name)
    whole.write_bytes(whole.read_bytes()[:60_000])
    return whole


def _large(studio: Studio, name: str) -> Path:
    from PIL import Image

    path = studio.files / name
    with Image.open(ROOT / "resources" / "samples" / "photo-astronaut.jpg") as image:
        image.resize((4200, 4200)).save(path)
    return path


def _document(studio: Studio, name: str, pages: int, password: str = "") -> Path:
    from stained_scans import write_document

    return write_document(studio.files / name, pages, password)


if __name__ == "__main__":
    sys.exit(main())
