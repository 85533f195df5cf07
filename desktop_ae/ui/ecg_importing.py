"""Files that do not say what their samples mean: what was told before, or a dialog that asks."""

from __future__ import annotations

import hashlib
import json
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from desktop_ae.core.domain import Options
from desktop_ae.core.errors import NeedsFacts
from desktop_ae.ui.ecg_import import EcgImportDialog
from desktop_ae.ui.ecg_peek import Peek, PeekJob
from desktop_ae.ui.errands import VIEW, Errands
from desktop_ae.ui.queue_model import Row
from desktop_ae.ui.settings import Settings


class Importing(QObject):
    """Remembers for each folder what was told of its files.

    Signals:
        told(row: Row): it has facts now, perhaps the right ones.
        said(text: str): a notice.
    """

    told = Signal(object)
    said = Signal(object)

    def __init__(self, settings: Settings, errands: Errands, parent: QWidget) -> None:
        super().__init__(parent)
        self._settings = settings
        self._errands = errands
        self._window = parent
        self.dialog: EcgImportDialog | None = None

    def help(self, row: Row, error: Exception | None) -> bool:
        """Use what was told of another file in the folder; False where that does not help."""
        if not isinstance(error, NeedsFacts) or row.facts:
            return False
        known = self.known(row.source.parent)
        if known:
            row.facts = known
        return bool(known)

    def known(self, folder: Path) -> Options:
        try:
            found = json.loads(self._settings.text(_key(folder)) or "{}")
        except ValueError:
            return {}
        return {str(k): str(v) for k, v in found.items()} if isinstance(found, dict) else {}

    def ask(self, row: Row) -> None:
        """Look into the file, then open the dialog."""
        self._errands.ask(PeekJob(row.source), partial(self._on_peeked, row), self._on_failed, VIEW)

    def _on_peeked(self, row: Row, peek: Peek) -> None:
        told = row.facts or self.known(row.source.parent)
        dialog = self.dialog = EcgImportDialog(row.source, peek, told, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self._on_told(row, dialog.options()))
        dialog.finished.connect(self._on_closed)
        dialog.open()

    def _on_told(self, row: Row, options: Options) -> None:
        row.facts = options
        self._settings.put(_key(row.source.parent), json.dumps(dict(options)))
        self.told.emit(row)

    def _on_closed(self) -> None:
        self.dialog = None

    def _on_failed(self, error: Exception) -> None:
        self.said.emit(str(error))


def _key(folder: Path) -> str:
    """A name for the settings: a path itself may hold what they cannot."""
    return "facts/" + hashlib.sha256(str(folder).encode("utf-8", "replace")).hexdigest()[:24]
