"""Step 2: what a person has: pairs, clean files or noisy ones, and where they are."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from desktop_ae.core.domain import Task
from desktop_ae.core.tuning import CLEAN, KINDS, NOISY, PAIRS
from desktop_ae.ui.finetune_cards import ChoiceCards
from desktop_ae.ui.finetune_files_box import FilesBox
from desktop_ae.ui.finetune_step import Step, captioned, text_label
from desktop_ae.ui.services import Services
from desktop_ae.ui.wording import translated

_ICONS = {PAIRS: "side", CLEAN: "sample", NOISY: "level"}
_NEEDED = {PAIRS: (NOISY, CLEAN), CLEAN: (CLEAN,), NOISY: (NOISY,)}


class FilesStep(Step):
    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(
            self.tr("What do you have?"),
            self.tr("Twenty files of the kind that you want cleaned are a good start."),
            parent,
        )
        self.kinds = ChoiceCards()
        for kind, (title, about) in self._words().items():
            self.kinds.add(kind, _ICONS[kind], title, about)
        self.why_not = text_label("small")
        self.boxes = {
            NOISY: FilesBox(self.tr("Noisy files"), services),
            CLEAN: FilesBox(self.tr("Clean files"), services),
        }
        self.hint = text_label("small")
        self.damages = QComboBox()
        self.damages.setAccessibleName(self.tr("What spoils them"))
        self.spoils = captioned(self.tr("What spoils them"), self.damages)
        across = QHBoxLayout()
        across.setSpacing(12)
        for box in self.boxes.values():
            across.addWidget(box, 1)
            box.changed.connect(self.changed)
        self.body.addWidget(self.kinds)
        self.body.addWidget(self.why_not)
        self.body.addLayout(across)
        self.body.addWidget(self.hint)
        self.body.addWidget(self.spoils)
        self.body.addStretch(1)
        self.kinds.chosen.connect(lambda _kind: self._on_kind())

    @property
    def is_ready(self) -> bool:
        return all(self.boxes[side].paths and self.boxes[side].count != 0 for side in self._sides)

    @property
    def kind(self) -> str:
        return self.kinds.value

    @property
    def noisy(self) -> tuple[Path, ...]:
        return self.boxes[NOISY].paths if NOISY in self._sides else ()

    @property
    def clean(self) -> tuple[Path, ...]:
        return self.boxes[CLEAN].paths if CLEAN in self._sides else ()

    @property
    def damage(self) -> str:
        return str(self.damages.currentData() or "") if self.kind == CLEAN else ""

    def show_task(self, task: Task) -> None:
        """What this one can learn from; what was chosen stays as far as that goes."""
        tuning = task.tuning() if task.tuning else None
        if tuning is None:
            return
        before = self.kinds.value
        sentences = []
        for kind in KINDS:
            card = self.kinds.cards[kind]
            card.setEnabled(kind in tuning.kinds)
            why = translated(tuning.why_not.get(kind, "")) if kind not in tuning.kinds else ""
            card.setToolTip(why)
            sentences += [f"{card.text()}: {why}"] if why else []
        self.why_not.setText("\n".join(sentences))
        self.why_not.setVisible(bool(sentences))
        if before not in tuning.kinds:
            self.kinds.choose(tuning.kinds[0])
        chosen = self.damages.currentData()
        self.damages.clear()
        for name, label in tuning.damages:
            self.damages.addItem(translated(label), name)
        self.damages.setCurrentIndex(max(0, self.damages.findData(chosen)))
        for box in self.boxes.values():
            box.set_task(task.id)
        self._on_kind()

    def take(self, paths: Sequence[Path]) -> bool:
        """Files that were dropped beside the boxes go into the first that is empty; False if it
        cannot be told where they belong.
        """
        boxes = [self.boxes[side] for side in self._sides]
        empty = [box for box in boxes if not box.paths]
        if len(boxes) > 1 and not empty:
            return False
        (empty or boxes)[0].add(paths)
        return True

    def browse(self, *, folder: bool) -> None:
        """For the first box that is empty, or the last one."""
        boxes = [self.boxes[side] for side in self._sides]
        box = next((box for box in boxes if not box.paths), boxes[-1])
        (box.browse_folder if folder else box.browse)()

    @property
    def _sides(self) -> Sequence[str]:
        return _NEEDED.get(self.kind, ())

    def _on_kind(self) -> None:
        for side, box in self.boxes.items():
            box.setVisible(side in self._sides)
        self.hint.setText(self._hints().get(self.kind, ""))
        self.spoils.setVisible(self.kind == CLEAN and self.damages.count() > 1)
        self.changed.emit()

    def _words(self) -> dict[str, tuple[str, str]]:
        return {
            PAIRS: (
                self.tr("Noisy and clean"),
                self.tr(
                    "Each file twice: as it is, and as it should be. The best there is: your noise"
                    " itself is learned, and the result is judged for sure."
                ),
            ),
            CLEAN: (
                self.tr("Only clean files"),
                self.tr(
                    "Files that are good already. Copies of them are spoiled here, and how to undo"
                    " that is learned. You can say what spoils them."
                ),
            ),
            NOISY: (
                self.tr("Only noisy files"),
                self.tr(
                    "Files as they come. What their noise is like is learned from them alone, so"
                    " the result can only be estimated."
                ),
            ),
        }

    def _hints(self) -> dict[str, str]:
        return {
            PAIRS: self.tr(
                "Files belong together by their names: scan_01.png and scan_01.png, or"
                " scan_01_noisy.png and scan_01_clean.png. Some are kept back to judge the result."
            ),
            CLEAN: self.tr("The files themselves stay as they are. Some are kept back to judge."),
            NOISY: self.tr("The files themselves stay as they are. Some are kept back to judge."),
        }
