"""What the person can choose for a queue, and what was measured."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from desktop_ae.core.domain import Domain, Finding, Task
from desktop_ae.core.library import ModelLibrary
from desktop_ae.ui.elided_label import ElidedLabel
from desktop_ae.ui.mask_box import MaskBox
from desktop_ae.ui.masks import Masks
from desktop_ae.ui.options_box import OptionsBox
from desktop_ae.ui.save_box import SaveBox
from desktop_ae.ui.settings import Settings
from desktop_ae.ui.switch import Switch
from desktop_ae.ui.switch_setting import follow_setting
from desktop_ae.ui.two_line_box import TwoLineBox
from desktop_ae.ui.wording import Wording, translated


class Inspector(QWidget):
    """One column of a pane. masks: for a task that has one.

    Signals:
        model_changed(model: str)
        strength_changed(strength: float): 0 to 1, at every step of the slider.
        options_changed(options: Options)
        output_changed(output: Output)
        clean_asked()
        import_asked(): what the file on the screen does not say is to be told.
    """

    model_changed = Signal(object)
    strength_changed = Signal(object)
    options_changed = Signal(object)
    output_changed = Signal(object)
    clean_asked = Signal()
    import_asked = Signal()

    def __init__(
        self,
        task: Task,
        domain: Domain,
        library: ModelLibrary,
        settings: Settings,
        masks: Masks | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("inspector")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._task = task
        self._library = library
        self._settings = settings
        self._wording = Wording()
        self.models = TwoLineBox()
        self.models.setAccessibleName(self.tr("Model"))
        self.strength = QSlider(Qt.Orientation.Horizontal)
        self.strength.setAccessibleName(self.tr("Strength in percent"))
        self.strength.setRange(0, 100)
        self.strength.setPageStep(10)
        self.percent = QLabel()
        self.percent.setProperty("role", "strong")
        self.about_strength = QLabel()
        self.about_strength.setProperty("role", "small")
        self.about_strength.setWordWrap(True)
        self.mask_box = MaskBox(masks, domain, settings) if masks else None
        self.options = OptionsBox(task, settings)
        self.measured = _Measured()
        self.save_box = SaveBox(settings, Path(task.sample))
        self.on_drop = Switch(self.tr("Clean as soon as dropped"))
        self.keep_metadata = Switch(self.tr("Keep metadata"))
        self.clean = QPushButton()
        self.clean.setProperty("role", "primary")
        self._lay_out()
        self._fill_models()
        self._connect()
        self.strength.setValue(round(settings.number(f"{task.id}/strength", 100)))
        self._on_strength_moved(self.strength.value())

    @property
    def model(self) -> str:
        """Id of the chosen model; the shipped one's if there is none, so that a job can say so."""
        return str(self.models.currentData() or self._task.default_model)

    def refresh_models(self) -> None:
        """There are other models than before, or another one is chosen in the settings."""
        before = self.model
        self.models.clear()
        self._fill_models()
        if self.model != before:
            self.model_changed.emit(self.model)

    def show_findings(self, findings: Sequence[Finding], warning: str = "") -> None:
        """warning: a sentence, if a person should look at the result before using it."""
        self.measured.show_findings(findings, warning)

    def _lay_out(self) -> None:
        column = QVBoxLayout()
        column.setContentsMargins(20, 26, 20, 12)
        column.setSpacing(8)
        column.addWidget(_caption(self.tr("Model")))
        column.addWidget(self.models)
        column.addSpacing(12)
        head = QHBoxLayout()
        head.addWidget(_caption(self.tr("Strength")), 1)
        head.addWidget(self.percent)
        column.addLayout(head)
        column.addWidget(self.strength)
        column.addWidget(self.about_strength)
        column.addSpacing(12)
        if self.mask_box:
            column.addWidget(self.mask_box)
        column.addWidget(self.options)
        if self._task.options:
            column.addSpacing(12)
        column.addWidget(self.measured)
        column.addSpacing(12)
        column.addWidget(_caption(self.tr("Save to")))
        column.addWidget(self.save_box)
        column.addSpacing(8)
        column.addWidget(self.on_drop)
        column.addWidget(self.keep_metadata)
        column.addStretch(1)
        inside = QWidget()
        inside.setLayout(column)
        scroll = QScrollArea()
        scroll.setWidget(inside)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(scroll, 1)
        foot = QVBoxLayout()
        foot.setContentsMargins(20, 8, 20, 12)
        foot.setSpacing(8)
        if self._task.notice:
            notice = QLabel(translated(self._task.notice))
            notice.setProperty("role", "small")
            notice.setWordWrap(True)
            foot.addWidget(notice)
        foot.addWidget(self.clean)
        outer.addLayout(foot)

    def _fill_models(self) -> None:
        first = self._library.default_for(self._task)
        chosen = self._settings.text(f"{self._task.id}/model")
        # A choice holds until another model becomes the default, here or on the command line.
        over = self._settings.text(f"{self._task.id}/model_over")
        for card in self._library.cards(self._task.id):
            self.models.add(translated(card.title), translated(card.summary), card.id)
        if not self.models.count():
            self.models.add(self.tr("No model"), self.tr("None is installed for this"), None)
        self.models.setEnabled(self.models.itemData(0) is not None)
        if over not in ("", first) or self.models.findData(chosen) < 0:
            chosen = first
        self.models.setCurrentIndex(max(0, self.models.findData(chosen)))

    def _connect(self) -> None:
        self.models.activated.connect(self._on_model_chosen)
        self.strength.valueChanged.connect(self._on_strength_moved)
        self.options.changed.connect(self.options_changed)
        self.options.import_asked.connect(self.import_asked)
        self.save_box.changed.connect(self.output_changed)
        self.clean.clicked.connect(self.clean_asked)
        for switch, name in (
            (self.on_drop, "clean_on_drop"),
            (self.keep_metadata, "keep_metadata"),
        ):
            follow_setting(switch, self._settings, name)

    def _on_model_chosen(self) -> None:
        self._settings.put(f"{self._task.id}/model", self.model)
        over = self._library.default_for(self._task)
        self._settings.put(f"{self._task.id}/model_over", over)
        self.model_changed.emit(self.model)

    def _on_strength_moved(self, percent: int) -> None:
        self.percent.setText(f"{percent} %")
        self.about_strength.setText(self._wording.strength(percent, self._task))
        self._settings.put(f"{self._task.id}/strength", percent)
        self.strength_changed.emit(percent / 100)


class _Measured(QWidget):
    """Lines of what was found in a file; not there while there are none."""

    def __init__(self) -> None:
        super().__init__()
        self._lines = QVBoxLayout(self)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(8)
        self._lines.addWidget(_caption(self.tr("Measured")))
        self.hide()

    def show_findings(self, findings: Sequence[Finding], warning: str) -> None:
        while self._lines.count() > 1:
            item = self._lines.takeAt(1)
            line = item.widget() if item is not None else None
            if line is not None:
                line.hide()  # it goes when the event loop comes round
                line.deleteLater()
        for finding in findings:
            self._lines.addWidget(_FindingLine(finding))
        if warning:
            label = QLabel(translated(warning))
            label.setProperty("role", "bad")
            label.setWordWrap(True)
            self._lines.addWidget(label)
        self.setVisible(bool(findings))


class _FindingLine(QWidget):
    def __init__(self, finding: Finding) -> None:
        super().__init__()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        label = ElidedLabel("dim")
        label.setText(translated(finding.label))
        value = QLabel(translated(finding.value).replace("{n}", finding.number))
        value.setProperty("role", "strong")
        layout.addWidget(label, 1)
        layout.addWidget(value)


def _caption(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "caption")
    return label
