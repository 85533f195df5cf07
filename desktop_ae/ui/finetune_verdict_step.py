"""Step 6: whether the tuned model is better, and what to do with it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from desktop_ae.learning.lesson import Glimpse
from desktop_ae.learning.verdict import Verdict
from desktop_ae.ui.finetune_glimpses import GlimpseRow
from desktop_ae.ui.finetune_step import Step
from desktop_ae.ui.finetune_verdict import VerdictCard
from desktop_ae.ui.theme import dress

_GLIMPSE_PX = 200


class VerdictStep(Step):
    """Signals: keep_asked(), drop_asked()."""

    keep_asked = Signal()
    drop_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            self.tr("Is it better?"),
            self.tr("Measured on files that were kept back: it has never learned from them."),
            parent,
        )
        self.verdict: Verdict | None = None
        self.card = VerdictCard()
        self.drop = QPushButton(self.tr("Do not keep"))
        self.keep = QPushButton(self.tr("Keep it…"))
        self.glimpses = GlimpseRow()
        self.glimpses.setFixedHeight(_GLIMPSE_PX)
        self.body.addWidget(self.card)
        self.body.addWidget(self.glimpses)
        self.body.addStretch(1)
        dress(self.drop, "remove", "text", 18)
        self.drop.clicked.connect(self.drop_asked)
        self.keep.clicked.connect(self.keep_asked)

    @property
    def can_go_back(self) -> bool:
        return False

    @property
    def buttons(self) -> Sequence[QPushButton]:
        return (self.drop, self.keep)

    @property
    def primary(self) -> QPushButton | None:
        return self.keep if self.verdict is None or self.verdict.is_better else self.drop

    def show_verdict(self, verdict: Verdict, figure: str, glimpses: Sequence[Glimpse] = ()) -> None:
        """glimpses: as it cleaned kept-back files when they were looked at last."""
        self.verdict = verdict
        self.glimpses.setVisible(bool(glimpses))
        self.glimpses.show_glimpses(glimpses)
        self.card.show_verdict(verdict, figure)
        self.changed.emit()
