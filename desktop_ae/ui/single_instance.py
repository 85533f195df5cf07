"""One window a person: a second start hands its files to the first."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtNetwork import QAbstractSocket, QLocalServer, QLocalSocket
from PySide6.QtWidgets import QWidget

from desktop_ae.planning import absolute

_TAKEN = b"taken\n"
_CONNECT_MS, _ANSWER_MS = 500, 3000
_MOST_BYTES = 16_000_000

Take = Callable[[Sequence[Path]], object]


class SingleInstance(QObject):
    """A door between this person's starts of the program: a local socket, never the network.

    folder: the person's data; who has another one has another window.
    """

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._name = f"desktop-ae-{hashlib.sha256(str(folder).encode()).hexdigest()[:16]}"
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_connected)
        self._window: QWidget | None = None
        self._take: Take = lambda paths: None

    def hand_over(self, paths: Sequence[Path]) -> bool:
        """Give `paths` to the window that is open, which comes to the front.

        False if there is none, or if it does not answer: then this start becomes the first.
        """
        if self._tell(paths):
            return True
        if self._server.listen(self._name):
            return False
        if self._server.serverError() is QAbstractSocket.SocketError.AddressInUseError:
            if self._tell(paths):  # who came first a moment ago
                return True
            QLocalServer.removeServer(self._name)  # left behind by one that was killed
            self._server.listen(self._name)
        return False

    def given_to(self, window: QWidget, take: Take) -> None:
        """From now on, files of later starts go to `take`, and so do those that macOS opens."""
        self._window, self._take = window, take
        application = QCoreApplication.instance()
        if application and sys.platform == "darwin":  # every event passes through such a filter
            application.installEventFilter(self)
        self._on_connected()  # who came while the window was being made

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QFileOpenEvent) and event.file():
            self._take([Path(event.file())])
            return True
        return super().eventFilter(watched, event)

    def _tell(self, paths: Sequence[Path]) -> bool:
        socket = QLocalSocket()
        socket.connectToServer(self._name)
        if not socket.waitForConnected(_CONNECT_MS):
            return False
        words = json.dumps([str(absolute(path)) for path in paths])
        socket.write(words.encode() + b"\n")
        while socket.bytesToWrite():
            if not socket.waitForBytesWritten(_ANSWER_MS):
                return False
        return socket.waitForReadyRead(_ANSWER_MS) and socket.readAll().data() == _TAKEN

    def _on_connected(self) -> None:
        while self._window and (socket := self._server.nextPendingConnection()):
            socket.disconnected.connect(socket.deleteLater)
            socket.readyRead.connect(partial(self._on_said, socket))
            self._on_said(socket)

    def _on_said(self, socket: QLocalSocket) -> None:
        if not socket.canReadLine():
            if socket.bytesAvailable() > _MOST_BYTES:
                socket.abort()
            return
        try:
            words = json.loads(bytes(socket.readLine().data()))
            paths = [Path(word) for word in words]
        except (ValueError, TypeError):
            socket.abort()
            return
        socket.write(_TAKEN)
        socket.flush()
        self._come_forward()
        self._take(paths)

    def _come_forward(self) -> None:
        assert self._window
        if self._window.isMinimized():
            self._window.showNormal()
        self._window.raise_()
        self._window.activateWindow()
