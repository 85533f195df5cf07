"""What holds for all panes: looks, language, habits; and what the program is."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desktop_ae.ui.save_box import SaveBox
from desktop_ae.ui.settings import Settings
from desktop_ae.ui.shortcuts import shown_keys
from desktop_ae.ui.switch import Switch
from desktop_ae.ui.switch_setting import follow_setting

_WIDTH = 620


class SettingsPage(QWidget):
    """Every choice is kept the moment it is made."""

    def __init__(self, settings: Settings, log_folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._log_folder = log_folder
        self.theme = self._choice(
            "theme",
            [
                ("system", self.tr("Like the system")),
                ("light", self.tr("Light")),
                ("dark", self.tr("Dark")),
            ],
        )
        self.theme.setAccessibleName(self.tr("Colours"))
        self.language = self._choice(
            "language",
            [("system", self.tr("Like the system")), ("en", "English"), ("hi", "हिन्दी")],
        )
        self.language.setAccessibleName(self.tr("Language"))
        self.on_drop = Switch(self.tr("Clean as soon as dropped"))
        self.keep_metadata = Switch(self.tr("Keep metadata: camera, date, colour profile, place"))
        self.record = Switch(self.tr("Record in each result what made it"))
        self.record.setToolTip(self.tr("Program, model and settings: nothing about you"))
        follow_setting(self.on_drop, settings, "clean_on_drop")
        follow_setting(self.keep_metadata, settings, "keep_metadata")
        follow_setting(self.record, settings, "record")
        self.save_box = SaveBox(settings, Path("IMG_2041.jpg"))
        self.log_button = QPushButton(self.tr("Open the log folder"))
        self.log_button.clicked.connect(self._on_open_log)
        self._lay_out()

    def _choice(self, name: str, entries: list[tuple[str, str]]) -> QComboBox:
        box = QComboBox()
        for value, text in entries:
            box.addItem(text, value)
        box.setCurrentIndex(max(0, box.findData(self._settings.text(name))))
        box.activated.connect(lambda: self._settings.put(name, box.currentData()))
        box.setFixedWidth(240)
        return box

    def _lay_out(self) -> None:
        column = QVBoxLayout()
        column.setContentsMargins(40, 32, 40, 40)
        column.setSpacing(16)
        title = QLabel(self.tr("Settings"))
        title.setProperty("role", "title")
        column.addWidget(title)
        restart = QLabel(self.tr("The language changes at the next start."))
        restart.setProperty("role", "small")
        column.addWidget(
            _card(
                self.tr("Looks"),
                _line(self.tr("Colours"), self.theme),
                _line(self.tr("Language"), self.language),
                restart,
            )
        )
        column.addWidget(_card(self.tr("Cleaning"), self.on_drop, self.keep_metadata, self.record))
        column.addWidget(_card(self.tr("Save results to"), self.save_box))
        column.addWidget(_card(self.tr("Keys"), _keys()))
        column.addWidget(self._about())
        column.addStretch(1)
        inside = QWidget()
        inside.setLayout(column)
        inside.setMaximumWidth(_WIDTH + 80)
        holder = QWidget()
        across = QHBoxLayout(holder)
        across.setContentsMargins(0, 0, 0, 0)
        across.addWidget(inside, 1)
        across.addStretch(0)
        scroll = QScrollArea()
        scroll.setWidget(holder)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)

    def _about(self) -> QWidget:
        from desktop_ae import __version__

        version = QLabel(self.tr("Desktop AE {version}").format(version=__version__))
        version.setProperty("role", "strong")
        private = QLabel(
            self.tr(
                "Nothing leaves this computer: there is no account, no network and no telemetry."
                " Originals are never changed."
            )
        )
        private.setProperty("role", "dim")
        private.setWordWrap(True)
        log = QHBoxLayout()
        log.addWidget(self.log_button)
        log.addStretch()
        holder = QWidget()
        holder.setLayout(log)
        log.setContentsMargins(0, 0, 0, 0)
        return _card(self.tr("About"), version, private, holder)

    def _on_open_log(self) -> None:
        self._log_folder.mkdir(parents=True, exist_ok=True)
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._log_folder)))


def _card(title: str, *parts: QWidget) -> QWidget:
    holder = QWidget()
    outer = QVBoxLayout(holder)
    outer.setContentsMargins(0, 0, 0, 0)
    outer.setSpacing(8)
    caption = QLabel(title)
    caption.setProperty("role", "caption")
    outer.addWidget(caption)
    card = QFrame()
    card.setObjectName("sheet")
    card.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    inside = QVBoxLayout(card)
    inside.setContentsMargins(20, 16, 20, 16)
    inside.setSpacing(12)
    for part in parts:
        inside.addWidget(part)
    outer.addWidget(card)
    return holder


def _line(text: str, field: QWidget) -> QWidget:
    holder = QWidget()
    layout = QHBoxLayout(holder)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(QLabel(text), 1)
    layout.addWidget(field)
    return holder


def _keys() -> QWidget:
    holder = QWidget()
    grid = QGridLayout(holder)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(24)
    grid.setVerticalSpacing(8)
    for place, (keys, text) in enumerate(shown_keys()):
        key = QLabel(keys)
        key.setProperty("role", "strong")
        meaning = QLabel(text)
        meaning.setProperty("role", "dim")
        grid.addWidget(meaning, place, 0)
        grid.addWidget(key, place, 1, Qt.AlignmentFlag.AlignRight)
    grid.setColumnStretch(0, 1)
    return holder
