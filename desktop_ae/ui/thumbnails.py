"""Small pictures of the rows and pages that are on the screen."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPixmap

from desktop_ae.core.domain import Options, View
from desktop_ae.look_jobs import ViewJob
from desktop_ae.ui.errands import THUMBNAIL, Errands

LONGEST_PX = 144
_KEPT = 600
_ASKED_AT_MOST = 40
_Key = tuple[Path, int]  # of a page


class Thumbnails(QObject):
    """Loads a picture when it is first painted, the latest asked first; keeps a bounded number.

    options_of: what opens a file. kept: how many pictures.

    Signals:
        loaded(source: Path): `find` has a picture of it, or of one of its pages, now.
    """

    loaded = Signal(object)

    def __init__(
        self,
        errands: Errands,
        domain: str,
        options_of: Callable[[Path], Options] = lambda source: {},
        kept: int = _KEPT,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._errands = errands
        self._domain = domain
        self._options_of = options_of
        self._most = kept
        self._kept: OrderedDict[_Key, QPixmap | None] = OrderedDict()
        self._asked: OrderedDict[_Key, None] = OrderedDict()
        self._loading: _Key | None = None

    def find(self, source: Path, page: int = 0) -> QPixmap | None:
        """The picture, or None: it is asked for now, or there will be none."""
        key = (source, page)
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        if key != self._loading:
            self._asked[key] = None
            self._asked.move_to_end(key)
            if len(self._asked) > _ASKED_AT_MOST:
                self._asked.popitem(last=False)
            self._next()
        return None

    def kept(self, source: Path, page: int = 0) -> QPixmap | None:
        """The picture if it is here; it is not asked for."""
        return self._kept.get((source, page))

    def forget(self, source: Path) -> None:
        """Load it anew when it is next painted: the file was retried."""
        for key in [key for key in self._kept if key[0] == source]:
            del self._kept[key]

    def drop_asked(self) -> None:
        """Nobody waits for what was asked: it was scrolled away. What is painted asks again."""
        self._asked.clear()

    def _next(self) -> None:
        if self._loading is None and self._asked:
            self._loading, _ = self._asked.popitem()
            source, page = self._loading
            job = ViewJob(source, self._domain, LONGEST_PX, page, self._options_of(source))
            self._errands.ask(job, self._on_view, self._on_failed, THUMBNAIL)

    def _on_view(self, view: View) -> None:
        self._keep(QPixmap.fromImage(image_of(view)))

    def _on_failed(self, _error: Exception) -> None:
        self._keep(None)

    def _keep(self, picture: QPixmap | None) -> None:
        key, self._loading = self._loading, None
        if key is not None:
            self._kept[key] = picture
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)
            if picture is not None:
                self.loaded.emit(key[0])
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
