"""Where results go and what they are called."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFileDialog, QLabel, QLineEdit, QVBoxLayout, QWidget

from desktop_ae.core.saving import target_name
from desktop_ae.jobs import Output
from desktop_ae.ui.settings import Settings

_CHOOSE = "choose"
_SHOWN_RECENT = 5


class SaveBox(QWidget):
    """Folder and name pattern, kept in the settings; a pattern that gives no name is refused.

    Signals:
        changed(output: Output): valid, and another one than before.
    """

    changed = Signal(object)

    def __init__(self, settings: Settings, example: Path, parent: QWidget | None = None) -> None:
        """`example`: of a source's name."""
        super().__init__(parent)
        self._settings = settings
        self._example = example
        self._suffix = example.suffix
        self.folder = QComboBox()
        self.folder.setAccessibleName(self.tr("Save to"))
        self.folder.setMinimumContentsLength(8)
        policy = QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        self.folder.setSizeAdjustPolicy(policy)
        self.pattern = QLineEdit(settings.text("pattern"))
        self.pattern.setAccessibleName(self.tr("Name pattern of the results"))
        self.note = QLabel()
        self.note.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for part in (self.folder, self.pattern, self.note):
            layout.addWidget(part)
        self._fill()
        self._judge(self.pattern.text())
        self.folder.activated.connect(self._on_folder_chosen)
        self.pattern.textEdited.connect(self._on_pattern_edited)
        self.pattern.editingFinished.connect(self._on_editing_finished)
        settings.changed.connect(self._on_setting_changed)

    def output(self) -> Output:
        return self._settings.output()

    def set_folder(self, folder: Path | None) -> None:
        """None: beside the original."""
        if folder is not None:
            self._settings.add_recent("outputs", folder)
        self._settings.put("output_folder", str(folder or ""))

    def _fill(self) -> None:
        chosen = self._settings.text("output_folder")
        folders = [str(f) for f in self._settings.recent("outputs")]
        if chosen and chosen not in folders:
            folders.insert(0, chosen)
        self.folder.clear()
        self.folder.addItem(self.tr("Beside the original"), "")
        for folder in folders[:_SHOWN_RECENT]:
            self.folder.addItem(Path(folder).name or folder, folder)
            self.folder.setItemData(self.folder.count() - 1, folder, 3)  # ToolTipRole
        self.folder.insertSeparator(self.folder.count())
        self.folder.addItem(self.tr("Choose a folder…"), _CHOOSE)
        self.folder.setCurrentIndex(max(0, self.folder.findData(chosen)))
        self.folder.setToolTip(chosen or self.tr("Results are saved beside their originals"))

    def _judge(self, pattern: str) -> bool:
        """Say what a pattern leads to, or what is wrong with it."""
        try:
            name = target_name(self._example, pattern, self._suffix)
            bad = ""
        except ValueError as error:
            bad = str(error)
        self.note.setText(bad or self.tr("For example {name}").format(name=name))
        for widget, name, value in (
            (self.note, "role", "bad" if bad else "small"),
            (self.pattern, "invalid", bool(bad)),
        ):
            if widget.property(name) != value:
                widget.setProperty(name, value)
                widget.style().unpolish(widget)
                widget.style().polish(widget)
        return not bad

    def _on_folder_chosen(self, place: int) -> None:
        data = self.folder.itemData(place)
        if data != _CHOOSE:
            self.set_folder(Path(data) if data else None)
            return
        self._fill()
        start = self._settings.text("output_folder")
        chosen = QFileDialog.getExistingDirectory(self, self.tr("Save results to"), start)
        if chosen:
            self.set_folder(Path(chosen))

    def _on_pattern_edited(self, pattern: str) -> None:
        if self._judge(pattern):
            self._settings.put("pattern", pattern)

    def _on_editing_finished(self) -> None:
        """A pattern that cannot be used does not stay in the field."""
        if self.pattern.property("invalid"):
            self.pattern.setText(self._settings.text("pattern"))
            self._judge(self.pattern.text())

    def _on_setting_changed(self, name: str) -> None:
        if name in ("output_folder", "recent/outputs"):
            self._fill()
        if name == "pattern" and self.pattern.text() != self._settings.text("pattern"):
            self.pattern.setText(self._settings.text("pattern"))
            self._judge(self.pattern.text())
        if name in ("output_folder", "pattern", "keep_metadata"):
            self.changed.emit(self.output())
