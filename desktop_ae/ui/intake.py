"""The ways for files into the window, other than dropping them; and the clipboard out of it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop_ae.core.domain import Task
from desktop_ae.places import shipped, user_data
from desktop_ae.ui.drop_area import copy_of_sample
from desktop_ae.ui.errands import PLAN
from desktop_ae.ui.pane import Pane
from desktop_ae.ui.pasting import PasteJob, local_files, paste_folder, result_data
from desktop_ae.ui.services import Services
from desktop_ae.ui.thumbnails import image_of
from desktop_ae.ui.wording import translated


class Intake(QObject):
    """Asks for files and folders, and keeps in mind where they were.

    Signals:
        given(paths: list[Path], start: bool | None): start None follows the setting.
        said(text: str): a notice.
    """

    given = Signal(object, object)
    said = Signal(object)

    def __init__(self, window: QWidget, services: Services) -> None:
        super().__init__(window)
        self._window = window
        self._settings = services.settings
        self._errands = services.errands

    def browse(self, pane: Pane) -> None:
        endings = " ".join(f"*{s} *{s.upper()}" for s in sorted(pane.domain.suffixes))
        everything = self.tr("All files")
        chosen, _ = QFileDialog.getOpenFileNames(
            self._window,
            self.tr("Files to clean"),
            self._start_folder(),
            f"{translated(pane.task.title)} ({endings});;{everything} (*)",
        )
        if chosen:
            self._settings.add_recent("sources", Path(chosen[0]).parent)
            self.given.emit([Path(name) for name in chosen], None)

    def browse_folder(self) -> None:
        title = self.tr("A folder to clean")
        chosen = QFileDialog.getExistingDirectory(self._window, title, self._start_folder())
        if chosen:
            self._settings.add_recent("sources", Path(chosen))
            self.given.emit([Path(chosen)], None)

    def try_sample(self, task: Task) -> None:
        """Clean the task's sample now, whatever the setting says."""
        sample = shipped("resources") / "samples" / task.sample
        try:
            copy = copy_of_sample(sample, user_data() / "samples")
        except OSError as error:
            self.said.emit(str(error))
            return
        self.given.emit([copy], True)

    def paste(self) -> None:
        data = QGuiApplication.clipboard().mimeData()
        if files := local_files(data):
            self.given.emit(files, None)
        elif data.hasImage():
            job = PasteJob(QGuiApplication.clipboard().image(), paste_folder())
            self._errands.ask(
                job,
                lambda path: self.given.emit([path], None),
                lambda error: self.said.emit(str(error)),
                PLAN,
            )
        else:
            self.said.emit(self.tr("There is no picture and no file on the clipboard."))

    def copy(self, pane: Pane) -> None:
        """The result of the row on the screen: as a file, and as a picture."""
        row = pane.queue.current()
        if row is None or row.target is None:
            text = self.tr("Choose a cleaned file first: there is nothing to copy yet.")
            self.said.emit(text)
            return
        after = pane.stage.after
        data = result_data(row.target, image_of(after) if after is not None else None)
        QGuiApplication.clipboard().setMimeData(data)
        self.said.emit(self.tr("Copied {name}").format(name=row.target.name))

    def _start_folder(self) -> str:
        return str(next(iter(self._settings.recent("sources")), ""))
