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
    QMessageBox,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop_ae.core.daemodel import SUFFIX as MODEL_SUFFIX
from desktop_ae.core.domain import Task
from desktop_ae.domains import load_domains
from desktop_ae.jobs import PlanJob, WarmUp
from desktop_ae.places import user_data
from desktop_ae.planning import Plan
from desktop_ae.ui.cleaning_run import Summary
from desktop_ae.ui.errands import PLAN
from desktop_ae.ui.intake import Intake
from desktop_ae.ui.models_page import ModelsPage
from desktop_ae.ui.notice_bar import NoticeBar
from desktop_ae.ui.notification import Notifier
from desktop_ae.ui.pane import Pane
from desktop_ae.ui.pasting import local_files
from desktop_ae.ui.rail import Rail
from desktop_ae.ui.services import Services
from desktop_ae.ui.settings_page import SettingsPage
from desktop_ae.ui.shortcuts import KEYS
from desktop_ae.ui.show_in_folder import show_in_folder
from desktop_ae.ui.status_bar import StatusBar
from desktop_ae.ui.theme import theme
from desktop_ae.ui.wording import Wording, translated

_WARM_UP_AFTER_MS = 100
_FIGURES_EVERY_MS = 500
_WORTH_SAYING = 5  # files of a folder, from which on a notice says how many were taken


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
        panes = {pane.task.id for pane in self.panes}
        self.models_page = ModelsPage(services, panes, self._is_at_work)
        self.settings_page = SettingsPage(self._settings, user_data() / "log")
        self.notice = NoticeBar(self.stack)
        self.intake = Intake(self, services)
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
        if not paths:
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
            pane.run.changed.connect(self._show_figures)
            pane.run.ended.connect(partial(self._on_batch_ended, pane))
            self.models_page.changed.connect(pane.inspector.refresh_models)
        self.models_page.said.connect(self._notify)
        self.models_page.imported.connect(partial(self._show_page, self.models_page))
        self.status.pause_asked.connect(self._on_pause)
        self.status.resume_asked.connect(self._on_resume)
        self.status.stop_asked.connect(self._on_stop)
        self._settings.changed.connect(self._on_setting_changed)
        self._services.cleaning.job_done.connect(self._on_job_done)
        self._services.cleaning.job_failed.connect(self._on_job_failed)
        self._figures_timer = QTimer(self)
        self._figures_timer.setInterval(_FIGURES_EVERY_MS)
        self._figures_timer.timeout.connect(self._show_figures)
        self._bind_keys()

    def _bind_keys(self) -> None:
        actions: dict[str, Callable[[], object]] = {
            "browse": lambda: self.intake.browse(self.pane),
            "folder": self.intake.browse_folder,
            "paste": self.intake.paste,
            "copy": lambda: self.intake.copy(self.pane),
            "clean": lambda: self.pane.clean(),
            "stop": self._on_stop,
            "pause": self._on_pause_or_resume,
            "retry": lambda: self.pane.retry(),
            "select_all": lambda: self.pane.queue.selectAll(),
            "remove": lambda: self.pane.remove_selected(),
            "undo": lambda: self.pane.undo_remove(),
            "models": lambda: self._show_page(self.models_page),
            "settings": lambda: self._show_page(self.settings_page),
        }
        page = self.models_page
        on_models = {"browse": page.browse, "remove": page.delete, "undo": page.undo}
        for name, keys, _ in KEYS:
            do = partial(self._do, actions[name], on_models.get(name, actions[name]))
            QShortcut(QKeySequence(keys), self).activated.connect(do)
        for place in range(min(9, len(self.panes))):
            shortcut = QShortcut(QKeySequence(f"Ctrl+{place + 1}"), self)
            shortcut.activated.connect(partial(self.rail.choose, place))

    def _do(self, in_pane: Callable[[], object], on_models: Callable[[], object]) -> None:
        """What a key means depends on the page in front."""
        (on_models if self.stack.currentWidget() is self.models_page else in_pane)()

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
        self._say_what_came(plan, added, known, elsewhere)
        if added and self.focusWidget() is self._central:
            self.pane.queue.setFocus()

    def _say_what_came(self, plan: Plan, added: int, known: int, elsewhere: list[Pane]) -> None:
        parts = []
        for pane in elsewhere:
            title = translated(pane.task.title)
            parts.append(self.tr("Files that belong to {pane} went there").format(pane=title))
        if plan.ignored:
            files = self._wording.files(plan.ignored)
            parts.append(
                self.tr("{files} of other kinds, or our own results, left out").format(files=files)
            )
        if known and not added:
            parts.append(self.tr("Already in the list"))
        elif known:
            files = self._wording.files(known)
            parts.append(self.tr("{files} were in the list already").format(files=files))
        if not plan.files and not plan.refusals:
            parts.append(self.tr("Nothing to clean was found in there"))
        if parts:
            if added >= _WORTH_SAYING:
                parts.insert(0, self.tr("{files} added").format(files=self._wording.files(added)))
            self._notify(". ".join(parts) + ".")

    # --- cleaning

    def _running(self) -> list[Pane]:
        return [pane for pane in self.panes if pane.run.active]

    def _is_at_work(self, model_id: str) -> bool:
        return any(pane.run.needs(model_id) for pane in self._running())

    def _on_pause(self) -> None:
        for pane in self.panes:
            pane.run.pause()

    def _on_resume(self) -> None:
        for pane in self.panes:
            pane.run.resume()

    def _on_pause_or_resume(self) -> None:
        if self._services.cleaning.paused:
            self._on_resume()
        elif self._running():
            self._on_pause()

    def _on_stop(self) -> None:
        for pane in self._running():
            pane.run.stop()

    def _show_figures(self) -> None:
        running = self._running()
        # With several panes at work the bar tells of the one that the engine is busy with.
        busy = next((p for p in running if p.run.current), running[0] if running else None)
        figures = busy.run.figures() if busy else None
        self.status.show_figures(figures, paused=self._services.cleaning.paused)
        if bool(running) != self._figures_timer.isActive():
            (self._figures_timer.start if running else self._figures_timer.stop)()

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
        if self._running() and not self._closing:
            event.ignore()
            self._ask_to_close()
            return
        self._closing = True
        self._on_stop()
        self._save_layout()
        self._services.errands.close()
        event.accept()

    def _ask_to_close(self) -> None:
        box = QMessageBox(self)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setWindowTitle(self.tr("Files are still being cleaned"))
        box.setText(self.tr("Files are still being cleaned. Stop and close?"))
        box.setInformativeText(
            self.tr("What is finished stays. The file being cleaned now is left as it was.")
        )
        stop = box.addButton(self.tr("Stop and close"), QMessageBox.ButtonRole.DestructiveRole)
        keep = box.addButton(self.tr("Keep cleaning"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(keep)
        box.setEscapeButton(keep)
        stop.clicked.connect(self._on_close_anyway)
        box.open()

    def _on_close_anyway(self) -> None:
        self._closing = True
        self.close()
