"""Masks from and to files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtGui import QImage, QImageWriter

from desktop_ae.core.errors import NotWritable
from desktop_ae.core.mask import Mask, check_shape, fitting
from desktop_ae.core.saving import new_file
from desktop_ae.jobs import Context
from desktop_ae.ui.mask_canvas import canvas_size, grey_image, grey_pixels


@dataclass(frozen=True, slots=True)
class LoadMask:
    """Read a mask for a picture of this size: white is what shall go.

    Raises what `read_mask` does, and BadMask for another shape. Returned at the size of a Canvas.
    """

    path: Path
    width: int
    height: int

    def run(self, context: Context) -> Mask:
        from desktop_ae.domains.image.masks import read_mask

        context.token.check()
        mask = read_mask(self.path)
        check_shape(mask, self.width, self.height)
        size = QSize(*canvas_size(self.width, self.height))
        if size == QSize(mask.width, mask.height):
            return mask
        image = grey_image(mask.pixels).scaled(
            size,
            Qt.AspectRatioMode.IgnoreAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        small = image.convertToFormat(QImage.Format.Format_Grayscale8)
        return Mask.of(grey_pixels(small), mask.name)


@dataclass(frozen=True, slots=True)
class SaveMask:
    """Save a mask as a PNG as large as its picture. Returned: where, no file being replaced."""

    mask: Mask
    wanted: Path
    width: int
    height: int

    def run(self, context: Context) -> Path:
        context.token.check()
        pixels = fitting(self.mask, self.width, self.height)
        with new_file(self.wanted) as file:
            writer = QImageWriter(str(file.scratch), QByteArray(b"png"))
            if not writer.write(grey_image(pixels)):
                sentence = f"The mask could not be saved in {self.wanted.parent}."
                raise NotWritable(self.wanted, sentence)
        assert file.target is not None
        return file.target
