"""Small pictures of the rows that are on the screen."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPixmap

from desktop_ae.core.domain import View
from desktop_ae.jobs import ViewJob
from desktop_ae.ui.errands import THUMBNAIL, Errands

LONGEST_PX = 144
_KEPT = 600
_ASKED_AT_MOST = 40


class Thumbnails(QObject):
    """Loads a picture when it is first painted, the latest asked first; keeps a bounded number.

    Signals:
        loaded(source: Path): `find` has a picture of it now.
    """

    loaded = Signal(object)

    def __init__(self, errands: Errands, domain: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._errands = errands
        self._domain = domain
        self._kept: OrderedDict[Path, QPixmap | None] = OrderedDict()
        self._asked: OrderedDict[Path, None] = OrderedDict()
        self._loading: Path | None = None

    def find(self, source: Path) -> QPixmap | None:
        """The picture, or None: it is asked for now, or there will be none."""
        if source in self._kept:
            self._kept.move_to_end(source)
            return self._kept[source]
        if source != self._loading:
            self._asked[source] = None
            self._asked.move_to_end(source)
            if len(self._asked) > _ASKED_AT_MOST:
                self._asked.popitem(last=False)
            self._next()
        return None

    def forget(self, source: Path) -> None:
        """Load it anew when it is next painted: the file was retried."""
        self._kept.pop(source, None)

    def _next(self) -> None:
        if self._loading is None and self._asked:
            self._loading, _ = self._asked.popitem()
            job = ViewJob(self._loading, self._domain, LONGEST_PX)
            self._errands.ask(job, self._on_view, self._on_failed, THUMBNAIL)

    def _on_view(self, view: View) -> None:
        self._keep(QPixmap.fromImage(image_of(view)))

    def _on_failed(self, _error: Exception) -> None:
        self._keep(None)

    def _keep(self, picture: QPixmap | None) -> None:
        source, self._loading = self._loading, None
        if source is not None:
            self._kept[source] = picture
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
            if picture is not None:
                self.loaded.emit(source)
        self._next()


def image_of(view: View) -> QImage:
    """A QImage with its own memory."""
    height, width, channels = view.pixels.shape
    form = QImage.Format.Format_RGBA8888 if channels == 4 else QImage.Format.Format_RGB888
    pixels = view.pixels if view.pixels.flags.c_contiguous else view.pixels.copy()
    return QImage(pixels.data, width, height, width * channels, form).copy()


def filling(picture: QPixmap, size: QSize, ratio: float) -> QPixmap:
    """The middle of a picture, cut to fill `size` logical pixels."""
    wanted = size * ratio
    scaled = picture.scaled(
        wanted,
        Qt.AspectRatioMode.KeepAspectRatioByExpanding,
        Qt.TransformationMode.SmoothTransformation,
    )
    left = (scaled.width() - wanted.width()) // 2
    top = (scaled.height() - wanted.height()) // 2
    cut = scaled.copy(left, top, wanted.width(), wanted.height())
    cut.setDevicePixelRatio(ratio)
    return cut
