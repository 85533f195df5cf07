"""What else a task lets a person choose: a control for each of its options."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from desktop_ae.core.domain import Option, Options, Task
from desktop_ae.ui.segmented_control import SegmentedControl
from desktop_ae.ui.settings import Settings
from desktop_ae.ui.switch import Switch
from desktop_ae.ui.wording import translated


class OptionsBox(QWidget):
    """Keeps every choice in the settings, by task.

    Options of free text are facts of a file: a button asks for the dialog in which they are told.

    Signals:
        changed(options: Options): see `options`.
        import_asked()
    """

    changed = Signal(object)
    import_asked = Signal()

    def __init__(self, task: Task, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._task = task
        self._settings = settings
        self.controls: dict[str, SegmentedControl | Switch] = {}
        self._read: dict[str, Callable[[], str | bool]] = {}
        self.importing: QPushButton | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        for option in task.options:
            if option.is_free:
                continue
            if option.choices:
                self._add_choices(option)
            else:
                self._add_switch(option)
        if any(option.is_free for option in task.options):
            self._column.addWidget(self._importing())
        self.setVisible(bool(task.options))

    def options(self) -> Options:
        """The values that differ from their defaults, by name, so that equal choices are equal."""
        chosen = [(o, self._read[o.name]()) for o in self._task.options if o.name in self._read]
        return {option.name: value for option, value in chosen if value != option.default}

    def set_importable(self, importable: bool) -> None:
        """Whether the file on the screen is of a kind that may leave something out."""
        if self.importing is not None:
            self.importing.setEnabled(importable)
            tip = self.tr("Rate, unit and columns of this file")
            if not importable:
                tip = self.tr("For tables and arrays. Other files say themselves what they are")
            self.importing.setToolTip(tip)

    def _add_choices(self, option: Option) -> None:
        label = translated(option.label)
        caption = QLabel(label)
        caption.setProperty("role", "caption")
        control = SegmentedControl([(value, translated(text)) for value, text in option.choices])
        control.describe(label, translated(option.hint) if option.hint else "")
        kept = self._settings.text(self._name(option))
        known = [value for value, _ in option.choices]
        control.set_value(kept if kept in known else str(option.default))
        control.chosen.connect(lambda value: self._on_chosen(option, value))
        self._put(option, control, lambda: control.value, caption)

    def _add_switch(self, option: Option) -> None:
        control = Switch(translated(option.label))
        if option.hint:
            control.setToolTip(translated(option.hint))
            control.setAccessibleDescription(translated(option.hint))
        control.setChecked(self._settings.flag(self._name(option), bool(option.default)))
        control.toggled.connect(lambda on: self._on_chosen(option, on))
        self._put(option, control, control.isChecked)

    def _put(
        self,
        option: Option,
        control: SegmentedControl | Switch,
        read: Callable[[], str | bool],
        *above: QWidget,
    ) -> None:
        self.controls[option.name] = control
        self._read[option.name] = read
        for part in (*above, control):
            self._column.addWidget(part)

    def _importing(self) -> QPushButton:
        button = self.importing = QPushButton(self.tr("Import settings…"))
        button.setProperty("role", "outline")
        button.clicked.connect(self.import_asked)
        self.set_importable(False)
        return button

    def _name(self, option: Option) -> str:
        return f"{self._task.id}/option/{option.name}"

    def _on_chosen(self, option: Option, value: str | bool) -> None:
        self._settings.put(self._name(option), value)
        self.changed.emit(self.options())
