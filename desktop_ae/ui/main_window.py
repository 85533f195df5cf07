"""The window: rail, panes, status bar, and where dropped files go."""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, QTimer
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QKeySequence,
    QResizeEvent,
    QShortcut,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMainWindow,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop_ae.core.card import ModelCard
from desktop_ae.core.daemodel import SUFFIX as MODEL_SUFFIX
from desktop_ae.core.domain import Task
from desktop_ae.domains import load_domains
from desktop_ae.look_jobs import PlanJob, WarmUp
from desktop_ae.places import user_data
from desktop_ae.planning import Plan
from desktop_ae.ui.arrival_words import ArrivalWords
from desktop_ae.ui.cleaning_run import Summary
from desktop_ae.ui.errands import PLAN
from desktop_ae.ui.finetune_page import FineTunePage
from desktop_ae.ui.intake import Intake
from desktop_ae.ui.leaving import Leaving
from desktop_ae.ui.models_page import ModelsPage
from desktop_ae.ui.notice_bar import NoticeBar
from desktop_ae.ui.notification import Notifier
from desktop_ae.ui.pane import Pane
from desktop_ae.ui.pasting import local_files
from desktop_ae.ui.queues import Queues
from desktop_ae.ui.rail import Rail
from desktop_ae.ui.services import Services
from desktop_ae.ui.settings_page import SettingsPage
from desktop_ae.ui.show_in_folder import show_in_folder
from desktop_ae.ui.status_bar import StatusBar
from desktop_ae.ui.theme import theme
from desktop_ae.ui.window_keys import bind_keys
from desktop_ae.ui.wording import Wording, translated

_WARM_UP_AFTER_MS = 100


class MainWindow(QMainWindow):
    """One pane for each task of each domain that is there, or of those that are `offered`."""

    def __init__(
        self,
        services: Services,
        parent: QWidget | None = None,
        *,
        offered: Callable[[Task], bool] = lambda task: True,
    ) -> None:
        super().__init__(parent)
        self._services = services
        self._settings = services.settings
        self._wording = Wording()
        self._warm_up = 0
        self._closing = False
        self.setWindowTitle("Desktop AE")
        self.setAcceptDrops(True)
        self.rail = Rail()
        self.stack = QStackedWidget()
        self.status = StatusBar()
        self.notifier = Notifier(self)
        self.panes = [Pane(t, d, services) for d in load_domains() for t in d.tasks if offered(t)]
        self.queues = Queues(self.panes, services.cleaning, self.status, self)
        panes = {pane.task.id for pane in self.panes}
        self.models_page = ModelsPage(services, panes, self._is_at_work)
        self.finetune_page = FineTunePage(services, panes, user_data() / "learning")
        self.settings_page = SettingsPage(self._settings, user_data() / "log")
        self.notice = NoticeBar(self.stack)
        self.intake = Intake(self, services)
        self._leaving = Leaving(self)
        self._lay_out()
        self._connect()
        self._restore_layout()
        self.rail.choose(0)
        self._central.setFocus()

    @property
    def pane(self) -> Pane:
        """The pane in front, or the first one where the settings are."""
        front = self.stack.currentWidget()
        return front if isinstance(front, Pane) else self.panes[0]

    def take(self, paths: Sequence[Path], *, start: bool | None = None) -> None:
        """Put files and folders where they belong. start: None follows the setting."""
        models = [path for path in paths if path.suffix.lower() == MODEL_SUFFIX]
        if models:
            self.models_page.import_files(models)
            paths = [path for path in paths if path not in models]
        front_page = self.stack.currentWidget()
        if not paths or (front_page is self.finetune_page and self.finetune_page.take(paths)):
            return
        begin = self._settings.flag("clean_on_drop") if start is None else start
        front = self.pane
        # A file that several panes take stays in the one in front, unless that is the settings.
        preferred = front.task.id if self.stack.currentWidget() is front else ""
        job = PlanJob(tuple(paths), preferred=preferred)
        self._services.errands.ask(
            job, lambda plan: self._on_planned(plan, front, start=begin), self._on_error, PLAN
        )

    def _lay_out(self) -> None:
        for pane in self.panes:
            self.rail.add(pane.task.icon, translated(pane.task.title))
            self.stack.addWidget(pane)
        self.rail.add("finetune", self.tr("Fine-tune"), at_foot=True)
        self.stack.addWidget(self.finetune_page)
        self.rail.add("models", self.tr("Models"), at_foot=True)
        self.stack.addWidget(self.models_page)
        self.rail.add("settings", self.tr("Settings"), at_foot=True)
        self.stack.addWidget(self.settings_page)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self.stack, 1)
        right.addWidget(self.status)
        across = QHBoxLayout()
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        across.addWidget(self.rail)
        across.addLayout(right, 1)
        self._central = QWidget()
        self._central.setLayout(across)
        self._central.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # no button is lit before a Tab
        self.setCentralWidget(self._central)
        self.setMinimumSize(960, 600)
        self.resize(1280, 800)

    def _connect(self) -> None:
        self.rail.chosen.connect(self.stack.setCurrentIndex)
        self.intake.given.connect(lambda paths, start: self.take(paths, start=start))
        self.intake.said.connect(self._notify)
        for pane in self.panes:
            pane.browse_asked.connect(partial(self.intake.browse, pane))
            pane.folder_asked.connect(self.intake.browse_folder)
            pane.sample_asked.connect(partial(self.intake.try_sample, pane.task))
            pane.folder_chosen.connect(lambda folder: self.take([folder]))
            pane.said.connect(self._notify)
            pane.run.ended.connect(partial(self._on_batch_ended, pane))
            self.models_page.changed.connect(pane.inspector.refresh_models)
        self.models_page.changed.connect(self.finetune_page.refresh)
        self.models_page.said.connect(self._notify)
        self.models_page.imported.connect(partial(self._show_page, self.models_page))
        self._connect_lesson()
        self._settings.changed.connect(self._on_setting_changed)
        self._services.cleaning.job_done.connect(self._on_job_done)
        self._services.cleaning.job_failed.connect(self._on_job_failed)
        self._bind_keys()

    def _connect_lesson(self) -> None:
        page = self.finetune_page
        page.said.connect(self._notify)
        page.ended.connect(self._on_lesson_ended)
        page.kept.connect(self._on_model_kept)
        page.default_asked.connect(self.models_page.make_default)
        page.export_asked.connect(self._on_export_asked)
        page.open_asked.connect(self._show_task)

    def _bind_keys(self) -> None:
        actions: dict[str, Callable[[], object]] = {
            "browse": lambda: self.intake.browse(self.pane),
            "folder": self.intake.browse_folder,
            "paste": self.intake.paste,
            "copy": lambda: self.intake.copy(self.pane),
            "clean": lambda: self.pane.clean(),
            "stop": self.queues.stop,
            "pause": self.queues.pause_or_resume,
            "retry": lambda: self.pane.retry(),
            "select_all": lambda: self.pane.queue.selectAll(),
            "remove": lambda: self.pane.remove_selected(),
            "undo": lambda: self.pane.undo_remove(),
            "models": lambda: self._show_page(self.models_page),
            "finetune": lambda: self._show_page(self.finetune_page),
            "settings": lambda: self._show_page(self.settings_page),
        }
        models, lesson = self.models_page, self.finetune_page
        # Nothing that acts on a pane's files does so while they are not seen.
        unseen = ("paste", "copy", "clean", "retry", "select_all", "remove", "undo")
        on_lesson = {name: lambda: None for name in unseen}
        on_lesson |= {
            "browse": lambda: lesson.browse(folder=False),
            "folder": lambda: lesson.browse(folder=True),
            "pause": lesson.pause_or_resume,
        }
        on_models = {"browse": models.browse, "remove": models.delete, "undo": models.undo}
        bind_keys(self, self.stack, actions, {models: on_models, lesson: on_lesson})
        for place in range(min(9, len(self.panes))):
            shortcut = QShortcut(QKeySequence(f"Ctrl+{place + 1}"), self)
            shortcut.activated.connect(partial(self.rail.choose, place))

    def _show_page(self, page: QWidget) -> None:
        self.rail.choose(self.stack.indexOf(page))

    # --- files in

    def _on_planned(self, plan: Plan, front: Pane, *, start: bool) -> None:
        if not isinstance(self.stack.currentWidget(), Pane):
            self.rail.choose(self.panes.index(front))
        added = known = 0
        elsewhere: list[Pane] = []
        for pane in self.panes:
            files = [f for f in plan.files if f.task.id == pane.task.id]
            refusals = plan.refusals if pane is front else ()
            if files or refusals:
                new, old = pane.add(files, refusals, start=start)
                added, known = added + new, known + old
            if files and pane is not front:
                elsewhere.append(pane)
        if elsewhere and not any(f.task.id == front.task.id for f in plan.files):
            self.rail.choose(self.panes.index(elsewhere[0]))
        titles = [translated(pane.task.title) for pane in elsewhere]
        if text := ArrivalWords().notice(plan, added, known, titles):
            self._notify(text)
        if added and self.focusWidget() is self._central:
            self.pane.queue.setFocus()

    # --- cleaning

    def _is_at_work(self, model_id: str) -> bool:
        return self.queues.need(model_id) or self.finetune_page.needs(model_id)

    def _on_batch_ended(self, pane: Pane, summary: Summary) -> None:
        text = self._wording.summary(summary, pane.task)
        folder = summary.folder
        if folder is None:
            self._notify(text)
        else:
            self._notify(text, self.tr("Show in folder"), partial(show_in_folder, folder))
        if not self.isActiveWindow():
            self.notifier.tell(translated(pane.task.title), text)

    def _on_job_done(self, job_id: int, result: object) -> None:
        if job_id == self._warm_up:
            self.status.show_machine(str(result))
            # Looking through torch's objects for garbage would stop the window for 100 ms at times.
            gc.freeze()

    def _on_job_failed(self, job_id: int, error: Exception) -> None:
        if job_id == self._warm_up:
            self.status.show_machine(str(error), "bad")

    # --- fine-tuning

    def _on_lesson_ended(self, text: str) -> None:
        page = self.finetune_page
        if self.stack.currentWidget() is not page:
            self._notify(text, self.tr("Show"), partial(self._show_page, page))
        if not self.isActiveWindow():
            self.notifier.tell(self.tr("Fine-tune"), text)

    def _on_model_kept(self, card: ModelCard) -> None:
        self.models_page.refresh(card.id)
        self.models_page.changed.emit()

    def _on_export_asked(self, model_id: str) -> None:
        self.models_page.refresh(model_id)
        self.models_page.export()

    def _show_task(self, task: str) -> None:
        self.rail.choose([pane.task.id for pane in self.panes].index(task))

    # --- the rest

    def _on_error(self, error: Exception) -> None:
        self._notify(str(error))

    def _notify(self, text: str, action: str = "", do: Callable[[], None] | None = None) -> None:
        self.notice.show_notice(text, action, do)
        self._place_notice()

    def _place_notice(self) -> None:
        """At the right of the stage's head, where it hides least."""
        stage = self.pane.stage
        area = self.stack.rect()
        if stage.isVisible():
            area = QRect(stage.mapTo(self.stack, QPoint()), stage.size())
        at_foot = self.stack.currentWidget() is self.models_page
        if at_foot:  # what is up there says which model it is; below the list there is room
            view = self.models_page.view
            area = QRect(view.mapTo(self.stack, QPoint()), view.size())
        self.notice.place(area, at_foot=at_foot)

    def _on_setting_changed(self, name: str) -> None:
        if name == "theme":
            theme().set_mode(self._settings.text("theme"))

    def _restore_layout(self) -> None:
        self.restoreGeometry(self._settings.layout("window"))
        for pane in self.panes:
            pane.splitter.restoreState(self._settings.layout(f"{pane.task.id}/splitter"))

    def _save_layout(self) -> None:
        self._settings.put_layout("window", self.saveGeometry())
        for pane in self.panes:
            self._settings.put_layout(f"{pane.task.id}/splitter", pane.splitter.saveState())
        self._settings.sync()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        # Our own rows come with the results' addresses: those are for other programs.
        if event.source() is None and event.mimeData().hasUrls():
            event.acceptProposedAction()
            self._set_lit(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._set_lit(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self._set_lit(False)
        paths = local_files(event.mimeData())
        event.acceptProposedAction()
        for folder in (path for path in paths if path.is_dir()):
            self._settings.add_recent("sources", folder)
        self.take(paths)

    def _set_lit(self, lit: bool) -> None:
        for pane in self.panes:
            pane.set_lit(lit)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_notice()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._warm_up:
            QTimer.singleShot(_WARM_UP_AFTER_MS, self._start_warm_up)

    def _start_warm_up(self) -> None:
        """Load torch behind the window, which is visible by now."""
        if not self._warm_up and not self._closing:
            self._warm_up = self._services.cleaning.submit(WarmUp(self.panes[0].inspector.model))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            self.notifier.clear()

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self._closing and self._asks_to_close():
            event.ignore()
            return
        self._closing = True
        self.queues.stop()
        self._save_layout()
        self._services.errands.close()
        event.accept()

    def _asks_to_close(self) -> bool:
        """Whether something goes on that a person should be asked about; they are, then."""
        cleaning, lesson = bool(self.queues.running()), self.finetune_page
        if lesson.is_learning:
            self._leaving.ask_about_learning(
                partial(lesson.leave, self._on_close_anyway, discard=False),
                partial(lesson.leave, self._on_close_anyway, discard=True),
                closing=True,
                cleaning=cleaning,
            )
        elif cleaning:
            self._leaving.ask_about_cleaning(self._on_close_anyway)
        return lesson.is_learning or cleaning

    def _on_close_anyway(self) -> None:
        self._closing = True
        self.close()
