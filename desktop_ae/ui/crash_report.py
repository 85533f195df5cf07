"""What happens when the program itself is at fault: it is logged and said, and it goes on."""

from __future__ import annotations

import logging
import sys
import threading
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QMessageBox

from desktop_ae.ui.wording import details

log = logging.getLogger(__name__)


class CrashReport(QObject):
    """Takes the place of `sys.excepthook` and `threading.excepthook`.

    Signals:
        happened(error: BaseException): from whichever thread; shown in the window's.
    """

    happened = Signal(object)

    def __init__(self, log_folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._log_folder = log_folder
        self._box: QMessageBox | None = None
        self.happened.connect(self._on_happened)

    def install(self) -> None:
        sys.excepthook = self._on_exception
        threading.excepthook = self._on_thread_exception

    def _on_exception(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            QApplication.quit()
            return
        log.critical("an error that nobody caught", exc_info=(kind, error, trace))
        self.happened.emit(error)

    def _on_thread_exception(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            self._on_exception(args.exc_type, args.exc_value, args.exc_traceback)

    def _on_happened(self, error: BaseException) -> None:
        """One dialog at a time: an error in painting would come back with every frame."""
        if self._box is not None:
            return
        box = QMessageBox(QApplication.activeWindow())
        self._box = box
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setWindowTitle(self.tr("Something went wrong"))
        box.setText(self.tr("Something went wrong in the program. Your files are untouched."))
        box.setInformativeText(
            self.tr("You can go on. The details are in the log folder: {folder}").format(
                folder=self._log_folder
            )
        )
        copy = box.addButton(self.tr("Copy details"), QMessageBox.ButtonRole.ActionRole)
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(details(error)))
        box.addButton(self.tr("Go on"), QMessageBox.ButtonRole.AcceptRole)
        box.finished.connect(self._on_closed)
        box.open()

    def _on_closed(self) -> None:
        self._box = None
