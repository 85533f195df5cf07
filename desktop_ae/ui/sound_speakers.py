"""The sound device: looked for, opened and fed in a thread of its own.

QtMultimedia is imported in that thread when the first recording is shown, so that the window
neither waits for it nor falls where it is not to be had (no PulseAudio library, say).
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QIODevice, QObject, QThread, QTimer, Signal, Slot

from desktop_ae.ui.sound_resampler import Resampler
from desktop_ae.ui.sound_tape import Frames

if TYPE_CHECKING:
    from PySide6.QtMultimedia import QAudioSink

log = logging.getLogger(__name__)

BUFFER_S = 0.1  # how long a change of version takes to be heard
_WATCH_MS = 250
_BYTES_A_FRAME = 8
_ALWAYS_READY = 1 << 20

Pull = Callable[[int], Frames]


class Speakers(Protocol):
    """What a player needs of a sound device. Calls and signals in the window's thread.

    looked(found: bool): the answer to look(). broke(): the device went away while it played.
    """

    looked: Any
    broke: Any

    def look(self) -> None: ...

    def start(self, rate_hz: int, pull: Pull) -> None: ...

    def stop(self) -> None: ...

    def delay_s(self) -> float:
        """Between a pull and the loudspeaker, as far as it is known."""


class DeviceSpeakers(QObject):
    """The system's default device. A thread lives only while there is something to do for it.

    Signals:
        looked(found: bool): whether there is a device.
        broke(): it went away, or could not be opened.
    """

    looked = Signal(object)
    broke = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread: QThread | None = None
        self._booth: _Booth | None = None

    def look(self) -> None:
        self._open(_Booth(0, None))

    def start(self, rate_hz: int, pull: Pull) -> None:
        self._open(_Booth(rate_hz, pull))

    def stop(self) -> None:
        """Silent when this returns."""
        thread, self._thread = self._thread, None
        booth, self._booth = self._booth, None
        if thread is not None and booth is not None:
            booth.end_asked.emit()
            thread.wait()

    def delay_s(self) -> float:
        return self._booth.delay_s if self._booth else 0.0

    def _open(self, booth: _Booth) -> None:
        self.stop()
        thread = QThread()
        booth.moveToThread(thread)
        booth.looked.connect(self._on_looked)
        booth.broke.connect(self._on_broke)
        thread.started.connect(booth.on_started)
        booth.end_asked.connect(booth.on_end_asked)
        self._thread, self._booth = thread, booth
        thread.start()

    def _on_looked(self, found: bool) -> None:
        if self.sender() is self._booth:
            self.stop()
            self.looked.emit(found)

    def _on_broke(self) -> None:
        if self.sender() is self._booth:
            self.stop()
            self.broke.emit()


class _Booth(QObject):
    """Lives in the device's thread, and so does all of QtMultimedia.

    pull: None where a device is only looked for.

    Signals:
        looked(found: bool), broke(): see DeviceSpeakers.
        end_asked(): by the window's thread, to be answered in the other.
    """

    looked = Signal(object)
    broke = Signal()
    end_asked = Signal()

    def __init__(self, rate_hz: int, pull: Pull | None) -> None:
        super().__init__()
        self._rate_hz = rate_hz
        self._pull = pull
        self._sink: QAudioSink | None = None
        self._feed: _Feed | None = None
        self._watch: QTimer | None = None
        self.delay_s = 0.0

    @Slot()
    def on_started(self) -> None:
        try:
            found = self._start()
        except (ImportError, RuntimeError, OSError) as error:
            log.warning("there is no sound device: %s", error)
            found = False
        if self._pull is None:
            self.looked.emit(found)
        elif not found:
            self.broke.emit()

    @Slot()
    def on_end_asked(self) -> None:
        """The last thing that runs in the thread: what was made there ends there."""
        if self._watch is not None:
            self._watch.stop()
            self._watch = None
        if self._sink is not None:
            self._sink.stop()
            self._sink = None
        self._feed = None
        QThread.currentThread().quit()

    def _start(self) -> bool:
        from PySide6.QtMultimedia import QAudioFormat, QAudioSink, QMediaDevices, QtAudio

        device = QMediaDevices.defaultAudioOutput()
        if device.isNull():
            return False
        if self._pull is None:
            return True
        sort = QAudioFormat()
        sort.setChannelCount(2)
        sort.setSampleFormat(QAudioFormat.SampleFormat.Float)
        sort.setSampleRate(self._rate_hz)
        pull = self._pull
        if not device.isFormatSupported(sort):
            sort.setSampleRate(device.preferredFormat().sampleRate())
            pull = Resampler(self._rate_hz, sort.sampleRate(), self._pull).read
        sink = self._sink = QAudioSink(device, sort)
        sink.setBufferSize(round(BUFFER_S * sort.sampleRate()) * _BYTES_A_FRAME)
        self._feed = _Feed(pull)
        self._feed.open(QIODevice.OpenModeFlag.ReadOnly | QIODevice.OpenModeFlag.Unbuffered)
        sink.start(self._feed)
        if sink.error() != QtAudio.Error.NoError:
            return False
        self.delay_s = sink.bufferSize() / _BYTES_A_FRAME / sort.sampleRate()
        self._watch = QTimer()
        self._watch.setInterval(_WATCH_MS)
        self._watch.timeout.connect(self._on_watch)
        self._watch.start()
        return True

    def _on_watch(self) -> None:
        """A device that was unplugged stops: asked for, since not every backend says so alike."""
        from PySide6.QtMultimedia import QtAudio

        if self._sink is not None and self._sink.state() == QtAudio.State.StoppedState:
            self.broke.emit()


class _Feed(QIODevice):
    """Gives the device as much as it asks for, as bytes."""

    def __init__(self, pull: Pull) -> None:
        super().__init__()
        self._pull = pull

    def isSequential(self) -> bool:
        return True

    def bytesAvailable(self) -> int:
        return _ALWAYS_READY  # or the device never asks

    def readData(self, most: int) -> bytes:
        return self._pull(most // _BYTES_A_FRAME).tobytes()

    def writeData(self, _data: object, _count: int) -> int:
        return -1
