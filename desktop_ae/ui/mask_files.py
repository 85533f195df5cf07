"""Masks from and to files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtGui import QImage, QImageWriter

from desktop_ae.core.errors import BadMask, NotWritable
from desktop_ae.core.mask import Mask, MaskPixels, checked, fitting
from desktop_ae.core.saving import new_file
from desktop_ae.domains import load_domains
from desktop_ae.jobs import Context
from desktop_ae.ui.mask_canvas import canvas_size, grey_image, grey_pixels
from desktop_ae.ui.picture_layers import Pixels

_COLOURFUL = 24  # of 255, between the channels of a pixel; JPEG makes some of grey
_MOST_COLOURED = 0.001  # of the pixels


@dataclass(frozen=True, slots=True)
class LoadMask:
    """Read a mask for a picture of this size: white is what shall go.

    Raises BadMask for another shape, colours, and a mask with nothing or nearly everything in it;
    what the domain raises for a file that is no picture. Returned at the size of a Canvas.
    """

    path: Path
    domain: str
    width: int
    height: int

    def run(self, context: Context) -> Mask:
        context.token.check()
        domain = next(d for d in load_domains() if d.id == self.domain)
        grey = _greys(domain.view(self.path, 0, 0, {}).pixels, self.path.name)
        mask = Mask.of(grey, self.path.name)
        checked(mask, self.width, self.height)
        width, height = canvas_size(self.width, self.height)
        if grey.shape == (height, width):
            return mask
        image = grey_image(grey).scaled(
            QSize(width, height),
            Qt.AspectRatioMode.IgnoreAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        small = grey_pixels(image.convertToFormat(QImage.Format.Format_Grayscale8))
        return Mask.of(small, self.path.name)


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


def _greys(pixels: Pixels, name: str) -> MaskPixels:
    """How white each pixel is; what lets light through is not."""
    colours = pixels[..., :3]
    if pixels.shape[2] == 4:
        lit = colours.astype(np.uint16) * pixels[..., 3:] // 255
        colours = lit.astype(np.uint8)
    spread = colours.max(axis=2) - colours.min(axis=2)
    if float((spread > _COLOURFUL).mean()) > _MOST_COLOURED:
        raise BadMask(
            f"{name} is a picture in colour. A mask is black and white: white is what shall go."
        )
    grey: MaskPixels = colours[..., 1]
    return grey
