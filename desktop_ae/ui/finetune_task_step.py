"""Step 1: which task learns, and which of its models it starts from."""

from __future__ import annotations

from collections.abc import Container

from PySide6.QtWidgets import QWidget

from desktop_ae.core.domain import Task
from desktop_ae.core.library import ModelLibrary
from desktop_ae.domains import load_domains, task_named
from desktop_ae.ui.finetune_cards import ChoiceCards
from desktop_ae.ui.finetune_step import Step, captioned, text_label
from desktop_ae.ui.two_line_box import TwoLineBox
from desktop_ae.ui.wording import translated


class TaskStep(Step):
    """offered: ids of the tasks that have a pane. Of those, the ones that can learn are shown."""

    def __init__(
        self, library: ModelLibrary, offered: Container[str], parent: QWidget | None = None
    ) -> None:
        super().__init__(
            self.tr("What should it learn?"),
            self.tr(
                "A model can get better at your kind of files: your camera, your scanner, your"
                " room. You show it some, it learns from them on this computer, and in the end"
                " you see whether it helped. The model that you start from stays as it is."
            ),
            parent,
        )
        self._library = library
        self.tasks = ChoiceCards()
        self.models = TwoLineBox()
        self.models.setAccessibleName(self.tr("Model to start from"))
        for task in (task for domain in load_domains() for task in domain.tasks):
            if task.tuning is not None and task.id in offered:
                card = self.tasks.add(task.id, task.icon, translated(task.title))
                self.tasks.choose(self.tasks.value or task.id)
                card.setAccessibleDescription(translated(task.sentence))
        self.body.addWidget(self.tasks)
        self.body.addWidget(captioned(self.tr("Start from"), self.models))
        self.body.addStretch(1)
        if not self.tasks.cards:
            self.body.insertWidget(0, text_label("bad", self.tr("No model here can learn.")))
        self.tasks.chosen.connect(lambda _task: self.refresh())
        self.refresh()

    @property
    def is_ready(self) -> bool:
        return self.models.currentData() is not None

    @property
    def task(self) -> Task:
        """Raises UnknownName if there is none that can learn."""
        return task_named(self.tasks.value)

    @property
    def model(self) -> str:
        return str(self.models.currentData())

    def refresh(self) -> None:
        """Show the models that the chosen task has now."""
        before = self.models.currentData()
        self.models.clear()
        if self.tasks.value:
            for card in self._library.cards(self.tasks.value):
                self.models.add(translated(card.title), translated(card.summary), card.id)
            first = self._library.default_for(self.task)
            chosen = before if self.models.findData(before) >= 0 else first
            self.models.setCurrentIndex(max(0, self.models.findData(chosen)))
        self.changed.emit()
