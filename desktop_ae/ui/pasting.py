"""Pictures from and to the clipboard."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QByteArray, QMimeData, QStandardPaths, QUrl
from PySide6.QtGui import QImage, QImageWriter

from desktop_ae.core.errors import NotWritable
from desktop_ae.core.saving import new_file
from desktop_ae.jobs import Context


@dataclass(frozen=True, slots=True)
class PasteJob:
    """Save a pasted picture as PNG, which takes a second for a large one."""

    image: QImage
    folder: Path

    def run(self, context: Context) -> Path:
        name = time.strftime("Pasted %Y-%m-%d %H.%M.%S.png")
        wanted = self.folder / name
        with new_file(wanted) as file:
            writer = QImageWriter(str(file.scratch), QByteArray(b"png"))
            if not writer.write(self.image):
                raise NotWritable(
                    wanted, f"The pasted picture could not be saved in {self.folder}."
                )
        assert file.target is not None
        return file.target


def paste_folder() -> Path:
    """Where pasted pictures are kept: the person's own, since results land beside them."""
    pictures = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
    return Path(pictures or Path.home()) / "Desktop AE"


def local_files(data: QMimeData) -> list[Path]:
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]


def result_data(target: Path, image: QImage | None) -> QMimeData:
    """A cleaned file for the clipboard: as a file, and as a picture where it is at hand."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(target))])
    if image is not None:
        data.setImageData(image)
    return data
