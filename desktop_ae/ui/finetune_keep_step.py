"""Step 7: a name, a place among the person's models, and what to do with it there."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QWidget

from desktop_ae.core.card import ModelCard
from desktop_ae.core.domain import Task
from desktop_ae.core.library import ModelLibrary
from desktop_ae.ui.finetune_step import Step, captioned, text_label
from desktop_ae.ui.theme import dress
from desktop_ae.ui.wording import translated

_LONGEST = 60


class KeepStep(Step):
    """First a name is asked for; then the model is there.

    Signals:
        keep_asked(), again_asked(): one wants to begin anew.
        default_asked(model: str), export_asked(model: str), open_asked(task: str)
    """

    keep_asked = Signal()
    again_asked = Signal()
    default_asked = Signal(object)
    export_asked = Signal(object)
    open_asked = Signal(object)

    def __init__(self, library: ModelLibrary, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Name and keep it"), "", parent)
        self._library = library
        self._task = ""
        self._busy = False
        self.card: ModelCard | None = None
        self.name = QLineEdit()
        self.name.setMaxLength(_LONGEST)
        self.name.setAccessibleName(self.tr("Name of the model"))
        self.error = text_label("bad")
        self.keep = QPushButton(self.tr("Keep"))
        self.again = QPushButton(self.tr("Teach another"))
        self.open = QPushButton()
        self.make_default = QPushButton(self.tr("Make it the default"))
        self.make_default.setToolTip(self.tr("Its task begins with it from then on"))
        self.export = QPushButton(self.tr("Export…"))
        self.export.setToolTip(self.tr("Write this model into one file"))
        self._lay_out()
        self.name.textChanged.connect(lambda _text: self._on_named())
        self.keep.clicked.connect(self.keep_asked)
        self.again.clicked.connect(self.again_asked)
        self.make_default.clicked.connect(self._on_default)
        self.export.clicked.connect(lambda: self.export_asked.emit(self._model))
        self.open.clicked.connect(lambda: self.open_asked.emit(self._task))

    @property
    def can_go_back(self) -> bool:
        return self.card is None and not self._busy

    @property
    def buttons(self) -> Sequence[QPushButton]:
        return (self.keep,) if self.card is None else (self.again, self.open)

    @property
    def primary(self) -> QPushButton | None:
        return self.keep if self.card is None else self.open

    @property
    def first(self) -> QWidget | None:
        return self.name if self.card is None else None

    def begin(self, task: Task) -> None:
        self._task = task.id
        self.card = None
        self.error.setText("")
        self.title.setText(self.tr("Name and keep it"))
        self.about.setText(
            self.tr("It is kept on this computer, beside the model that it was made from.")
        )
        self.name.setText(self._free_name(task))
        self.name.selectAll()
        title = translated(task.title)
        self.open.setText(self.tr("Open {pane}").format(pane=title))
        self._show_kept()

    def show_busy(self) -> None:
        self._busy = True
        self._on_named()

    def show_kept(self, card: ModelCard) -> None:
        self.card = card
        text = self.tr("{name} is kept")
        self.title.setText(text.format(name=card.title))
        self.about.setText(self.tr("It can be chosen in its pane now, and is listed under Models."))
        self.make_default.setEnabled(True)
        self.make_default.setText(self.tr("Make it the default"))
        self._show_kept()

    def show_error(self, error: Exception) -> None:
        self.error.setText(str(error))
        self._show_kept()

    def _lay_out(self) -> None:
        self._named = captioned(self.tr("Name of the model"), self.name)
        self._after = QWidget()
        across = QHBoxLayout(self._after)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(12)
        for button, icon in ((self.make_default, "check"), (self.export, "export")):
            button.setProperty("role", "outline")
            dress(button, icon, "text", 18)
            across.addWidget(button)
        across.addStretch(1)
        for part in (self._named, self.error, self._after):
            self.body.addWidget(part)
        self.body.addStretch(1)

    def _show_kept(self) -> None:
        self._busy = False
        kept = self.card is not None
        self.error.setVisible(not kept and bool(self.error.text()))
        self._after.setVisible(kept)
        self._named.setVisible(not kept)
        self._on_named()

    def _on_named(self) -> None:
        self.keep.setEnabled(bool(self.name.text().strip()) and not self._busy)
        self.changed.emit()

    def _on_default(self) -> None:
        self.default_asked.emit(self._model)
        self.make_default.setEnabled(False)
        self.make_default.setText(self.tr("Is the default"))

    @property
    def _model(self) -> str:
        return self.card.id if self.card else ""

    def _free_name(self, task: Task) -> str:
        """As in "My photos", or "My photos 2" if there is such a model already."""
        name = self.tr("My {things}").format(things=translated(task.nouns[1]))
        taken = {card.title for card in self._library.cards(task.id)}
        number, free = 1, name
        while free in taken:
            number += 1
            free = f"{name} {number}"
        return free
