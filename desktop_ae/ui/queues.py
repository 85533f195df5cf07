"""The queues of all panes as one: what runs, how far it is, and ways to hold or end it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer

from desktop_ae.engine import Engine
from desktop_ae.ui.pane import Pane
from desktop_ae.ui.status_bar import StatusBar

_FIGURES_EVERY_MS = 500


class Queues(QObject):
    """Shows their figures in the status bar, and does what its buttons ask for."""

    def __init__(
        self, panes: Sequence[Pane], engine: Engine, status: StatusBar, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._panes = panes
        self._engine = engine
        self._status = status
        self._timer = QTimer(self)
        self._timer.setInterval(_FIGURES_EVERY_MS)
        self._timer.timeout.connect(self._show_figures)
        for pane in panes:
            pane.run.changed.connect(self._show_figures)
        status.pause_asked.connect(self.pause)
        status.resume_asked.connect(self.resume)
        status.stop_asked.connect(self.stop)

    def running(self) -> list[Pane]:
        return [pane for pane in self._panes if pane.run.active]

    def need(self, model_id: str) -> bool:
        return any(pane.run.needs(model_id) for pane in self.running())

    def pause(self) -> None:
        for pane in self._panes:
            pane.run.pause()

    def resume(self) -> None:
        for pane in self._panes:
            pane.run.resume()

    def pause_or_resume(self) -> None:
        if self._engine.paused:
            self.resume()
        elif self.running():
            self.pause()

    def stop(self) -> None:
        for pane in self.running():
            pane.run.stop()

    def _show_figures(self) -> None:
        running = self.running()
        # With several panes at work the bar tells of the one that the engine is busy with.
        busy = next((p for p in running if p.run.current), running[0] if running else None)
        figures = busy.run.figures() if busy else None
        self._status.show_figures(figures, paused=self._engine.paused)
        if bool(running) != self._timer.isActive():
            (self._timer.start if running else self._timer.stop)()
