"""Step 4: how long it may learn, in minutes of this machine."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSpinBox, QWidget

from desktop_ae.ui.finetune_cards import ChoiceCards
from desktop_ae.ui.finetune_step import Step, captioned
from desktop_ae.ui.theme import dress
from desktop_ae.ui.wording import Wording

QUICK, BALANCED, THOROUGH = "quick", "balanced", "thorough"
STEPS: Mapping[str, int] = {QUICK: 300, BALANCED: 1200, THOROUGH: 4000}
_ICONS = {QUICK: "play", BALANCED: "level", THOROUGH: "star"}
_MOST_MINUTES = 7 * 24 * 60


class TimeStep(Step):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            self.tr("How long may it take?"),
            self.tr(
                "Measured on this computer a moment ago. It ends sooner if it stops getting"
                " better. Meanwhile you can go on cleaning, pause it, end it early, or close the"
                " program and go on another day."
            ),
            parent,
        )
        self._wording = Wording()
        self._step_s = 0.0
        self.cards = ChoiceCards()
        for name in STEPS:
            self.cards.add(name, _ICONS[name], "")
        self.cards.choose(BALANCED)
        self.advanced = QPushButton(self.tr("Advanced"))
        self.advanced.setCheckable(True)
        self.advanced.setProperty("role", "quiet")
        self.spin = QSpinBox()
        self.spin.setRange(1, _MOST_MINUTES)
        self.spin.setSuffix(" " + self.tr("min"))
        self.spin.setFixedWidth(140)
        self.spin.lineEdit().setTextMargins(10, 0, 0, 0)  # the style sheet's padding stops short
        self.spin.setAccessibleName(self.tr("Minutes of learning"))
        self.own = captioned(self.tr("Minutes of learning"), self.spin)
        self.body.addWidget(self.cards)
        row = QHBoxLayout()
        row.addWidget(self.advanced)
        row.addStretch(1)
        self.body.addLayout(row)
        self.body.addWidget(self.own)
        self.body.addStretch(1)
        self.cards.chosen.connect(self._on_chosen)
        self.spin.valueChanged.connect(self._on_own)
        self.advanced.toggled.connect(self._on_advanced)
        self._on_advanced(False)
        self.show_step_time(1.0)

    @property
    def minutes(self) -> float:
        """Of computing."""
        name = self.cards.value
        return self._minutes(name) if name else float(self.spin.value())

    def show_step_time(self, step_s: float) -> None:
        """step_s: how long a step of the training takes here, in seconds."""
        self._step_s = step_s
        for name, (title, about) in self._words().items():
            time = self._wording.time_left(self._minutes(name) * 60)
            self.cards.cards[name].say(f"{title} · {time}", about)
        if self.cards.value:
            self._show_in_spin()

    def _minutes(self, name: str) -> float:
        return max(1.0, STEPS[name] * self._step_s / 60)

    def _show_in_spin(self) -> None:
        self.spin.blockSignals(True)
        self.spin.setValue(round(self.minutes))
        self.spin.blockSignals(False)

    def _on_chosen(self, _name: str) -> None:
        self._show_in_spin()

    def _on_own(self, _minutes: int) -> None:
        self.cards.choose_none()

    def _on_advanced(self, shown: bool) -> None:
        dress(self.advanced, "chevron-down" if shown else "chevron-right", "dim", 16)
        self.own.setVisible(shown)

    def _words(self) -> dict[str, tuple[str, str]]:
        return {
            QUICK: (
                self.tr("Quick"),
                self.tr("A first try: it shows whether there is something to be learned."),
            ),
            BALANCED: (
                self.tr("Balanced"),
                self.tr("Right for most: the better part of what can be gained."),
            ),
            THOROUGH: (
                self.tr("Thorough"),
                self.tr("The last bit, for a model that you will use for long."),
            ),
        }
