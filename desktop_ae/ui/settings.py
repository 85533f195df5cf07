"""What the person chose, kept between two starts."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QByteArray, QObject, QSettings, Signal

from desktop_ae.jobs import Output
from desktop_ae.places import user_data

_DEFAULTS: Mapping[str, str | bool] = {
    "theme": "system",
    "language": "system",
    "clean_on_drop": True,
    "keep_metadata": True,
    "record": True,
    "output_folder": "",
    "pattern": Output().pattern,
}
RECENT_KEPT = 8


class Settings(QObject):
    """Typed access to one settings file.

    Signals:
        changed(name: str): a value is another one now.
    """

    changed = Signal(object)

    def __init__(self, path: Path | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        file = path or user_data() / "settings.ini"
        self._store = QSettings(str(file), QSettings.Format.IniFormat)

    def text(self, name: str) -> str:
        value = self._store.value(name, _DEFAULTS.get(name, ""))
        return value if isinstance(value, str) else ""

    def flag(self, name: str, default: bool = False) -> bool:
        value = self._store.value(name, _DEFAULTS.get(name, default))
        return value if isinstance(value, bool) else str(value).lower() == "true"

    def number(self, name: str, default: float) -> float:
        try:
            value = float(str(self._store.value(name, default)))
        except ValueError:
            return default
        return value if math.isfinite(value) else default

    def put(self, name: str, value: str | bool | float) -> None:
        if self._store.contains(name) and str(self._store.value(name)) == str(value):
            return
        self._store.setValue(name, value)
        self.changed.emit(name)

    def layout(self, name: str) -> QByteArray:
        """Geometry as Qt saved it; empty at the first start."""
        value = self._store.value(f"layout/{name}")
        return value if isinstance(value, QByteArray) else QByteArray()

    def put_layout(self, name: str, value: QByteArray) -> None:
        self._store.setValue(f"layout/{name}", value)

    def recent(self, name: str) -> list[Path]:
        """Folders used lately for `name` ("sources", "outputs"), newest first.

        They may be gone: asking here would hang the window on a network folder that is away.
        """
        value = self._store.value(f"recent/{name}", [])
        texts = [value] if isinstance(value, str) else value
        return [Path(t) for t in texts if t] if isinstance(texts, list) else []

    def add_recent(self, name: str, folder: Path) -> None:
        folders = [folder, *(f for f in self.recent(name) if f != folder)][:RECENT_KEPT]
        self._store.setValue(f"recent/{name}", [str(f) for f in folders])
        self.changed.emit(f"recent/{name}")

    def output(self) -> Output:
        folder = self.text("output_folder")
        return Output(
            Path(folder) if folder else None,
            self.text("pattern"),
            self.flag("keep_metadata"),
            self.flag("record"),
        )

    def sync(self) -> None:
        """Write to disk now."""
        self._store.sync()
