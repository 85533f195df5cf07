"""Reading whole files once, for the waveforms of long stretches, beside everything else."""

from __future__ import annotations

import threading
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from desktop_ae.core.errors import Cancelled
from desktop_ae.core.work import CancelToken
from desktop_ae.ui.sound_data import SoundFunctions

_TOLD_EVERY = 0.01  # of the file


class Survey(QObject):
    """One thread, which lives while there is something to read.

    Signals:
        built(path: Path): its peaks are there, or will not be: `failed` came before then.
        progressed(path: Path, share: float)
        failed(path: Path, error: Exception)
    """

    built = Signal(object)
    progressed = Signal(object, object)
    failed = Signal(object, object)

    def __init__(self, functions: SoundFunctions, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._functions = functions
        self._wanted: list[Path] = []
        self._token = CancelToken()
        self._lock = threading.Lock()
        self._reading: Path | None = None
        self._thread: threading.Thread | None = None
        self._told = 0.0

    def want(self, paths: list[Path]) -> None:
        """Read these, in this order, and nothing else; what is built already costs nothing."""
        with self._lock:
            self._wanted = [path for path in paths if path != self._reading]
            if self._reading is not None and self._reading not in paths:
                self._token.stop()
            if self._wanted and self._reading is None:
                self._take_next()
                self._thread = threading.Thread(target=self._run, name="survey", daemon=True)
                self._thread.start()

    def close(self) -> None:
        """Returns once nothing is read any more."""
        self.want([])
        if self._thread is not None:
            self._thread.join()

    def _take_next(self) -> None:
        self._reading = self._wanted.pop(0) if self._wanted else None
        self._token = CancelToken()
        self._told = 0.0

    def _run(self) -> None:
        try:
            self._read_all()
        except RuntimeError:  # the window is gone, and these signals with it
            return

    def _read_all(self) -> None:
        while (path := self._reading) is not None:
            try:
                if not self._functions.is_built(path):
                    self._functions.build(path, self._token.check, self._on_share)
                self.built.emit(path)
            except Cancelled:
                pass
            except Exception as error:  # whatever a codec may raise
                self.failed.emit(path, error)
            with self._lock:
                self._take_next()

    def _on_share(self, share: float) -> None:
        if share - self._told >= _TOLD_EVERY and self._reading is not None:
            self._told = share
            self.progressed.emit(self._reading, share)
