"""The wizard: from a person's files to a model that is better on files like them."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop_ae.core.card import ModelCard
from desktop_ae.core.errors import DesktopAEError
from desktop_ae.core.work import Progress
from desktop_ae.domains import task_named
from desktop_ae.learning.jobs import CheckJob, KeepJob, Learned, LearnJob
from desktop_ae.learning.lesson import Glimpse, Lesson
from desktop_ae.learning.request import Checked, LearnRequest
from desktop_ae.learning.session import Session, begin, sessions
from desktop_ae.learning.verdict import Verdict
from desktop_ae.ui.ecg_importing import Importing
from desktop_ae.ui.finetune_banner import SessionBanner
from desktop_ae.ui.finetune_check_step import CheckStep
from desktop_ae.ui.finetune_files_step import FilesStep
from desktop_ae.ui.finetune_frame import StepFrame
from desktop_ae.ui.finetune_keep_step import KeepStep
from desktop_ae.ui.finetune_learning_step import LearningStep
from desktop_ae.ui.finetune_run import FineTuneRun
from desktop_ae.ui.finetune_task_step import TaskStep
from desktop_ae.ui.finetune_time_step import TimeStep
from desktop_ae.ui.finetune_verdict_step import VerdictStep
from desktop_ae.ui.leaving import Leaving
from desktop_ae.ui.services import Services
from desktop_ae.ui.wording import said

TASK, FILES, CHECK, TIME, LEARNING, VERDICT, KEEP = range(7)


class FineTunePage(QWidget):
    """offered: ids of the tasks that have a pane. root: where trainings are kept until their model
    is.

    Signals:
        said(text: str, action: str, do: Callable | None): a notice.
        ended(text: str): it has learned, or failed to, and the person may be elsewhere.
        kept(card: ModelCard): there is a new model.
        default_asked(model: str), export_asked(model: str), open_asked(task: str)
    """

    said = Signal(object, object, object)
    ended = Signal(object)
    kept = Signal(object)
    default_asked = Signal(object)
    export_asked = Signal(object)
    open_asked = Signal(object)

    def __init__(
        self,
        services: Services,
        offered: Container[str],
        root: Path,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._root = root
        self._session: Session | None = None
        self._then: Callable[[], None] | None = None
        self._importing = Importing(services.settings, services.errands, self)
        self.run = FineTuneRun(services.learning, self)
        self.leaving = Leaving(self)
        self.task = TaskStep(services.library, offered)
        self.files = FilesStep(services)
        self.check = CheckStep()
        self.time = TimeStep()
        self.learning = LearningStep()
        self.verdict = VerdictStep()
        self.keep = KeepStep(services.library)
        self.banner = SessionBanner()
        self.frame = self._framed()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.frame)
        self._connect()
        self._go(TASK)

    @property
    def place(self) -> int:
        """Of the step that is shown, from 0."""
        return self.frame.place

    @property
    def is_learning(self) -> bool:
        return isinstance(self.run.job, LearnJob)

    def needs(self, model_id: str) -> bool:
        """Whether a model is being learned from."""
        session = self._session
        return self.run.job is not None and session is not None and session.request.base == model_id

    def take(self, paths: Sequence[Path]) -> bool:
        """Files dropped beside the boxes; False if they mean nothing to the step that is shown."""
        return self.place == FILES and self.files.take(paths)

    def browse(self, *, folder: bool) -> None:
        if self.place == FILES:
            self.files.browse(folder=folder)

    def pause_or_resume(self) -> None:
        if self.is_learning:
            self._on_resume() if self.run.paused else self._on_pause()

    def leave(self, then: Callable[[], None], *, discard: bool) -> None:
        """End the learning, so that it can go on later, or for good; call `then` when it ended."""

        def ended() -> None:
            if discard and self._session is not None:
                self._session.discard()
            self._session = None
            then()

        if self.run.job is None:
            ended()
            return
        self._then = ended
        self.run.cancel()

    def refresh(self) -> None:
        """There are other models than before."""
        self.task.refresh()

    def _framed(self) -> StepFrame:
        named = (
            (self.tr("Task"), self.task),
            (self.tr("Files"), self.files),
            (self.tr("Check"), self.check),
            (self.tr("Time"), self.time),
            (self.tr("Learning"), self.learning),
            (self.tr("Verdict"), self.verdict),
            (self.tr("Keep"), self.keep),
        )
        learning, keep = self.learning, self.keep
        buttons = (
            *(learning.cancel, learning.pause, learning.finish, learning.retry),
            *(self.verdict.drop, self.verdict.keep),
            *(keep.again, keep.keep, keep.open),
        )
        frame = StepFrame(named, self.banner, buttons)
        frame.say_next(TIME, self.tr("Start learning"))
        return frame

    def _connect(self) -> None:
        self.frame.back_asked.connect(self._on_back)
        self.frame.next_asked.connect(self._on_next)
        self.check.cancel_asked.connect(self._on_back)
        self.learning.pause_asked.connect(self._on_pause)
        self.learning.resume_asked.connect(self._on_resume)
        self.learning.finish_asked.connect(self.run.finish)
        self.learning.cancel_asked.connect(self._on_cancel)
        self.learning.retry_asked.connect(self._on_retry)
        self.verdict.keep_asked.connect(self._on_keep)
        self.verdict.drop_asked.connect(self._on_drop)
        self.keep.keep_asked.connect(self._on_named)
        self.keep.again_asked.connect(self._restart)
        self.keep.default_asked.connect(self.default_asked)
        self.keep.export_asked.connect(self.export_asked)
        self.keep.open_asked.connect(self.open_asked)
        self.banner.go_on_asked.connect(self._on_go_on)
        self.banner.discard_asked.connect(self._on_discard)
        self.run.progressed.connect(self._on_progressed)
        self.run.done.connect(self._on_done)
        self.run.failed.connect(self._on_failed)
        self.run.cancelled.connect(self._on_cancelled)

    def _go(self, place: int) -> None:
        self.frame.show_place(place)
        self._show_banner()

    def _show_banner(self) -> None:
        waiting = sessions(self._root) if self.place == TASK else []
        self.banner.show_session(next(iter(waiting), None))

    def _restart(self) -> None:
        self._session = None
        self.task.refresh()
        self._go(TASK)

    # --- one step after the other

    def _on_next(self) -> None:
        try:
            self._enter(self.place + 1)
        except DesktopAEError as error:
            self._say(str(error))

    def _enter(self, place: int) -> None:
        """Raises UnknownName, NotWritable."""
        if place == FILES:
            self.files.show_task(self.task.task)
        elif place == CHECK:
            self.check.begin(self.files.kind)
            self.run.start(CheckJob(self._request()))
        elif place == TIME and self.check.checked is not None:
            self.time.show_step_time(self.check.checked.step_s)
        elif place == LEARNING:
            self._learn(begin(self._root, self._request()))
            return
        self._go(place)

    def _request(self) -> LearnRequest:
        files, task = self.files, self.task.task
        first = (*files.noisy, *files.clean)[0]
        told = self._importing.known(first if first.is_dir() else first.parent)
        known = {option.name for option in task.options}
        return LearnRequest(
            task.id,
            self.task.model,
            files.kind,
            files.noisy,
            files.clean,
            self.time.minutes,
            files.damage,
            {name: value for name, value in told.items() if name in known},
        )

    def _learn(self, session: Session) -> None:
        """Raises UnknownName."""
        self.learning.begin(session.request.tuning.figure)
        self._session = session
        self.run.start(LearnJob(session))
        self._go(LEARNING)

    def _on_back(self) -> None:
        if self.place == CHECK:
            self.run.cancel()
        self._go(max(TASK, self.place - 1))

    def _on_go_on(self, session: Session) -> None:
        try:
            if session.verdict is not None and session.card is not None:
                self._session = session
                self._show_verdict(session, session.verdict)
            else:
                self._learn(session)
        except DesktopAEError as error:
            self._say(str(error))

    def _on_discard(self, session: Session) -> None:
        session.discard()
        self._show_banner()

    def _on_pause(self) -> None:
        self.run.pause()
        self.learning.show_paused(True)

    def _on_resume(self) -> None:
        self.run.resume()
        self.learning.show_paused(False)

    def _on_cancel(self) -> None:
        self.leaving.ask_about_learning(
            lambda: self.leave(self._restart, discard=False),
            lambda: self.leave(self._restart, discard=True),
            closing=False,
        )

    def _on_retry(self) -> None:
        if self._session is not None:
            self._on_go_on(self._session)

    def _show_verdict(
        self, session: Session, verdict: Verdict, glimpses: Sequence[Glimpse] = ()
    ) -> None:
        """Raises UnknownName."""
        self.verdict.show_verdict(verdict, session.request.tuning.figure, glimpses)
        self._go(VERDICT)

    def _on_drop(self) -> None:
        if self.verdict.verdict is not None and self.verdict.verdict.is_better:
            self.leaving.ask_about_dropping(self._drop)
        else:
            self._drop()

    def _drop(self) -> None:
        self.leave(self._restart, discard=True)

    def _on_keep(self) -> None:
        if self._session is not None:
            self.keep.begin(task_named(self._session.request.task))
            self._go(KEEP)

    def _on_named(self) -> None:
        if self._session is not None and self.run.job is None:
            self.keep.show_busy()
            self.run.start(KeepJob(self._session, self.keep.name.text()))

    # --- what the engine says

    def _on_progressed(self, progress: Progress) -> None:
        if isinstance(self.run.job, CheckJob):
            self.check.show_progress(progress)
        elif isinstance(progress, Lesson):
            self.learning.show_lesson(progress)

    def _on_done(self, result: object) -> None:
        if self._take_then():
            return
        if isinstance(result, Checked):
            self.check.show_checked(result)
        elif isinstance(result, Learned):
            lesson = self.learning.lesson
            glimpses = lesson.glimpses if lesson else ()
            self._show_verdict(result.session, result.verdict, glimpses)
            self.ended.emit(said(result.verdict.sentences()[0]))
        elif isinstance(result, ModelCard):
            self._session = None
            self.keep.show_kept(result)
            self.kept.emit(result)

    def _on_failed(self, error: Exception) -> None:
        if self._take_then():
            return
        if self.place == LEARNING:
            self.learning.show_error(error)
            self.ended.emit(str(error))
        elif self.place == KEEP:
            self.keep.show_error(error)
        else:
            self.check.show_error(error)

    def _on_cancelled(self) -> None:
        self._take_then()

    def _take_then(self) -> bool:
        then, self._then = self._then, None
        if then is not None:
            then()
        return then is not None

    def _say(self, text: str) -> None:
        self.said.emit(text, "", None)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show_banner()
