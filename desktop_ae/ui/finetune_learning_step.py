"""Step 5: it learns, and can be watched, paused, ended early and given up."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QWidget

from desktop_ae.learning.lesson import Lesson
from desktop_ae.ui.finetune_curve import LearningCurve
from desktop_ae.ui.finetune_glimpses import GlimpseRow
from desktop_ae.ui.finetune_step import Step, text_label
from desktop_ae.ui.theme import dress
from desktop_ae.ui.wording import Wording

_STEPS = 1000


class LearningStep(Step):
    """Signals: pause_asked(), resume_asked(), finish_asked(), cancel_asked(), retry_asked()."""

    scrolls = False
    pause_asked = Signal()
    resume_asked = Signal()
    finish_asked = Signal()
    cancel_asked = Signal()
    retry_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            self.tr("It is learning"),
            self.tr("You can leave this page, and clean files meanwhile."),
            parent,
        )
        self._wording = Wording()
        self._paused = False
        self.lesson: Lesson | None = None
        self.doing = text_label("strong")
        self.left = text_label("dim")
        self.progress = QProgressBar()
        self.progress.setRange(0, _STEPS)
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(self.tr("How far the learning is"))
        self.error = text_label("bad")
        self.curve = LearningCurve()
        self.glimpses = GlimpseRow()
        self.pause = QPushButton(self.tr("Pause"))
        self.finish = QPushButton(self.tr("Finish now and keep the best"))
        self.cancel = QPushButton(self.tr("Cancel…"))
        self.retry = QPushButton(self.tr("Try again"))
        self.retry.setProperty("role", "primary")
        self.finish.setProperty("role", "outline")
        self.cancel.setProperty("role", "quiet")
        self._lay_out()
        self.pause.clicked.connect(self._on_pause)
        self.finish.clicked.connect(self._on_finish)
        self.cancel.clicked.connect(self.cancel_asked)
        self.retry.clicked.connect(self.retry_asked)

    @property
    def can_go_back(self) -> bool:
        return False

    @property
    def buttons(self) -> Sequence[QPushButton]:
        if self.error.text():
            return (self.cancel, self.retry)
        return (self.cancel, self.pause, self.finish)

    @property
    def primary(self) -> QPushButton | None:
        return self.retry if self.error.text() else None

    def begin(self, figure: str) -> None:
        """figure: of the scores, with its unit: "PSNR, dB"."""
        self.lesson = None
        self.curve.clear()
        self.curve.set_figure(figure)
        self.glimpses.show_glimpses(())
        self.progress.setValue(0)
        self.doing.setText(self.tr("Opening your files…"))
        self.left.setText("")
        self.error.setText("")
        self.error.hide()
        self.finish.setEnabled(True)
        self.show_paused(False)
        self.changed.emit()

    def show_lesson(self, lesson: Lesson) -> None:
        if lesson.phase == "learning":
            self.lesson = lesson
            self.curve.show_lesson(lesson)
            if lesson.glimpses:
                self.glimpses.show_glimpses(lesson.glimpses)
            self.progress.setValue(round(lesson.fraction * _STEPS))
        self.doing.setText(self._doing(lesson))
        if not self._paused:  # what was on its way when it was paused
            self.left.setText(self._left(lesson))

    def show_paused(self, paused: bool) -> None:
        self._paused = paused
        self.pause.setText(self.tr("Resume") if paused else self.tr("Pause"))
        dress(self.pause, "play" if paused else "pause", "text", 18)
        if paused:
            self.left.setText(self.tr("Paused. What was learned is kept."))
        elif self.lesson is not None:
            self.left.setText(self._left(self.lesson))

    def show_error(self, error: Exception) -> None:
        """It ended by itself; what was learned is in its folder."""
        self.doing.setText(self.tr("The learning stopped."))
        self.left.setText("")
        self.error.setText(str(error))
        self.error.show()
        self.changed.emit()

    def _lay_out(self) -> None:
        across = QHBoxLayout()
        across.setSpacing(16)
        across.addWidget(self.doing, 1)
        across.addWidget(self.left)
        self.left.setWordWrap(False)
        self.body.setSpacing(8)
        self.body.addLayout(across)
        self.body.addWidget(self.progress)
        self.body.addWidget(self.error)
        self.body.addWidget(self.curve, 3)
        self.body.addWidget(self.glimpses, 2)

    def _doing(self, lesson: Lesson) -> str:
        files = {"n": min(int(lesson.done) + 1, int(lesson.total)), "total": int(lesson.total)}
        match lesson.phase:
            case "reading":
                return self.tr("Opening your files: {n} of {total}").format(**files)
            case "looking":
                return self.tr("Cleaning them with the model there is: {n} of {total}").format(
                    **files
                )
            case "judging":
                return self.tr("Judging it on the files that were kept back…")
        return self.tr("Learning · {n} steps").format(n=f"{lesson.steps:,}")

    def _left(self, lesson: Lesson) -> str:
        if lesson.phase != "learning":
            return ""
        if lesson.note and not lesson.note.startswith("loss "):
            return lesson.note  # a disk that is full, say: it goes on, but a person should know
        left = self._wording.time_left(max(0.0, lesson.total - lesson.done))
        return self.tr("At most {time} left").format(time=left)

    def _on_pause(self) -> None:
        if self._paused:
            self.resume_asked.emit()
        else:
            self.pause_asked.emit()

    def _on_finish(self) -> None:
        self.finish.setEnabled(False)
        self.show_paused(False)
        self.doing.setText(self.tr("Coming to an end with the best so far…"))
        self.finish_asked.emit()
