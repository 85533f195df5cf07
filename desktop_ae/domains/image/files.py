"""Opening, writing and viewing pictures. What a file carries beside its pixels stays with it.

JPEG, 8-bit PNG, WebP, BMP and HEIC go through Pillow, deep PNG through imagecodecs, TIFF through
tifffile. The decoded pixels are held once: the writer puts the cleaned rows where the reader has
already taken the noisy ones from.
"""

from __future__ import annotations

import contextlib
import functools
import struct
import warnings
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import numpy as np
from PIL import Image

from desktop_ae.core.clip import Clip, Samples, reduced
from desktop_ae.core.domain import Piece, View
from desktop_ae.core.errors import FileError, TooLarge, Unreadable, Unsupported
from desktop_ae.core.mask import Mask, MaskPixels, fitting
from desktop_ae.core.provenance import Provenance
from desktop_ae.domains.image import sniff
from desktop_ae.domains.image.colour import colour_name, to_srgb
from desktop_ae.domains.image.pixels import Pixels, bytes_of

LARGEST_PIXELS = 400_000_000
BAND_ROWS = 64
PUT_ROWS = 64
ORIENTATION = 0x0112
# The limit above is checked from the header, before anything is decoded; Pillow's would only warn.
Image.MAX_IMAGE_PIXELS = None


class Save(Protocol):
    def __call__(self, scratch: Path, keep: bool, made_by: str = "") -> None: ...


@dataclass
class Picture:
    """A decoded picture.

    save: writes it in its own format to a path; `keep` says whether metadata goes along, `made_by`
    is a line to put there, where the format has a place for it.
    orientation: EXIF's, 1 to 8; the pixels are never turned. icc: colour profile or None.
    """

    pixels: Pixels
    save: Save
    bits: int
    icc: bytes | None = None
    orientation: int = 1
    notes: list[str] = field(default_factory=list)

    @property
    def about(self) -> str:
        height, width = self.pixels.shape[1:]
        if self.orientation >= 5:
            height, width = width, height
        colour = "grey" if self.pixels.shape[0] == 1 else colour_name(self.icc)
        return " · ".join([f"{width} × {height}", f"{self.bits} bit", colour, *self.notes])


class PictureReader:
    """A Reader of one piece, in bands of rows. mask: of what a person wants changed, upright."""

    def __init__(self, picture: Picture, mask: MaskPixels | None = None) -> None:
        self.picture = picture
        self.mask = mask

    @property
    def about(self) -> str:
        return self.picture.about

    @property
    def work(self) -> float:
        return self.picture.pixels.shape[1] * self.picture.pixels.shape[2] / 1e6

    @property
    def passed_over(self) -> Mapping[int, str]:
        return {}

    def pieces(self, left_out: Container[int] = ()) -> Iterator[Piece]:
        orientation = self.picture.orientation
        yield Piece(
            self.picture.pixels.shape,
            self._bands(),
            self.work,
            overview=functools.partial(overview, self.picture.pixels),
            mask=None if self.mask is None else turned(self.mask, _BACK[orientation]),
            upright=lambda mask: turned(mask, orientation),
        )

    def close(self) -> None:
        """Nothing is held open: the file was read to its end."""

    def _bands(self) -> Iterator[Clip]:
        height = self.picture.pixels.shape[1]
        for start in range(0, height, BAND_ROWS):
            yield Clip(self.picture.pixels.band(start, min(start + BAND_ROWS, height)), start)


class PictureWriter:
    """A Writer into the reader's own pixels; `finish` encodes them.

    A plane behind the picture's says how far each pixel was changed: where it is 0, what the file
    holds stays as it is.
    """

    def __init__(self, reader: PictureReader, keep_metadata: bool) -> None:
        self.picture = reader.picture
        self.keep_metadata = keep_metadata
        self.made_by = ""

    def write(self, clip: Clip) -> None:
        pixels = self.picture.pixels
        colours = pixels.shape[0]
        # A few rows at a time: turning floats into integers takes copies of them.
        for top in range(0, clip.samples.shape[1], PUT_ROWS):
            rows = clip.samples[:, top : top + PUT_ROWS]
            changed = rows[colours] > 0 if len(rows) > colours else None
            pixels.put(clip.start + top, rows[:colours], changed)

    def end_piece(self, leave: bool) -> bool:
        return not leave

    def record(self, provenance: Provenance) -> None:
        self.made_by = provenance.text

    def finish(self, scratch: Path) -> None:
        self.picture.save(scratch, self.keep_metadata, self.made_by)


class _Decoder(Protocol):
    def __call__(self, path: Path) -> Picture: ...


def open_picture(path: Path, mask: Mask | None = None) -> PictureReader:
    """Decode a picture whole; `mask` is upright, as people see the picture.

    Raises Unreadable, Unsupported or TooLarge with a sentence, BadMask if the mask does not fit.
    """
    picture = decode(path)
    if mask is None:
        return PictureReader(picture)
    height, width = picture.pixels.shape[1:]
    if picture.orientation >= 5:
        height, width = width, height
    return PictureReader(picture, fitting(mask, width, height))


def overview(pixels: Pixels, longest: int) -> Samples:
    """`(channels, height, width)` in [0, 1] with no side over `longest`, read band by band."""
    channels, height, width = pixels.shape
    step = max(height, width) // longest
    if step <= 1:
        return reduced(pixels.band(0, height), longest)
    # Means of whole squares first, so that no more than a band is held at full size.
    rows = BAND_ROWS // step * step or step
    bands = [
        _means(pixels.band(top, min(top + rows, height)), step)
        for top in range(0, height - height % step or height, rows)
    ]
    return reduced(np.concatenate(bands, axis=1), longest)


def _means(band: Samples, step: int) -> Samples:
    """Means of squares; what is less than one at the right and lower edge is left out."""
    channels, height, width = band.shape
    down, across = max(1, height // step), max(1, width // step)
    cut = band[:, : down * step, : across * step]
    squares = cut.reshape(channels, down, cut.shape[1] // down, across, cut.shape[2] // across)
    means: Samples = squares.mean(axis=(2, 4), dtype=np.float32)
    return means


def decode(path: Path) -> Picture:
    """As `open_picture`, for whoever needs no Reader."""
    with in_words(path):
        with path.open("rb") as file:
            head = file.read(64)
        decoder = _decoder(path, head)
        return decoder(path)


@contextlib.contextmanager
def in_words(path: Path, what: str = "its content") -> Iterator[None]:
    """Turn what goes wrong while `what` of a file is decoded into Unreadable with a sentence."""
    try:
        yield
    except (FileError, MemoryError):
        raise
    except FileNotFoundError as error:
        raise Unreadable(path, f"{path.name} is no longer there.") from error
    except PermissionError as error:
        raise Unreadable(path, f"No permission to read {path.name}.") from error
    except Exception as error:
        # Decoders of damaged data raise whatever they stumble over.
        raise Unreadable(path, _damaged(path, error, what)) from error


def _decoder(path: Path, head: bytes) -> _Decoder:
    # Imported here: a job on a JPEG need not load the others' codecs.
    match sniff(head):
        case "TIFF":
            from desktop_ae.domains.image.tiff import decode_tiff

            return decode_tiff
        case "PNG" if head[24:25] == b"\x10":
            from desktop_ae.domains.image.png import decode_deep_png

            return decode_deep_png
        case None:
            raise Unreadable(path, f"{path.name} is not a picture, whatever its name says.")
        case _:
            from desktop_ae.domains.image.common import decode_common

            return decode_common


def check_size(path: Path, width: int, height: int) -> None:
    """Raises TooLarge before anything is decoded, Unreadable for a side of zero."""
    if width < 1 or height < 1:
        raise Unreadable(path, f"{path.name} says that it is {width} × {height} pixels large.")
    if width * height > LARGEST_PIXELS:
        millions = width * height // 1_000_000
        most = LARGEST_PIXELS // 1_000_000
        raise TooLarge(
            path, f"{path.name} has {millions} megapixels; up to {most} can be cleaned at once."
        )


def check_single(path: Path, frames: int) -> None:
    if frames > 1:
        raise Unsupported(
            path, f"{path.name} holds {frames} pictures in one file; save them one by one first."
        )


def read_orientation(image: Image.Image) -> int:
    """EXIF's way up, 1 (as it is) to 8; 1 where EXIF is damaged, which Pillow only warns of."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            found = int(image.getexif().get(ORIENTATION, 1))
        except (ValueError, TypeError, SyntaxError, struct.error):
            return 1
    return found if 1 <= found <= 8 else 1


def view_picture(path: Path, longest_px: int) -> View:
    """Upright sRGB for the screen; see `Domain.view`. Raises as `open_picture`."""
    small = _quick_view(path, longest_px) if longest_px else None
    if small is not None:
        return small
    return view_of(decode(path), longest_px)


def view_of(picture: Picture, longest_px: int) -> View:
    """As `view_picture`, of what is decoded already."""
    about = picture.about
    image = picture.pixels.to_image()
    image = _turn(image, picture.orientation)
    full = image.size
    if longest_px:
        image.thumbnail((longest_px, longest_px), Image.Resampling.BOX, reducing_gap=2.0)
    return View(bytes_of(to_srgb(image, picture.icc)), full, about)


def _quick_view(path: Path, longest_px: int) -> View | None:
    """A JPEG at an eighth of its size decodes ten times faster; None if this is no large JPEG."""
    try:
        with path.open("rb") as file:
            if file.read(3) != b"\xff\xd8\xff":
                return None
        with Image.open(path) as image:
            if image.mode not in {"RGB", "L"} or max(image.size) < 2 * longest_px:
                return None
            check_size(path, *image.size)
            orientation = read_orientation(image)
            full = image.size if orientation < 5 else image.size[::-1]
            icc = image.info.get("icc_profile")
            colour = "grey" if image.mode == "L" else colour_name(icc)
            image.draft(None, (longest_px, longest_px))
            image.load()
            upright = _turn(image, orientation)
            upright.thumbnail((longest_px, longest_px))
            about = f"{full[0]} × {full[1]} · 8 bit · {colour}"
            return View(bytes_of(to_srgb(upright, icc)), full, about)
    except OSError:
        return None  # `decode` finds the right words


_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


# What undoes each turn: the two quarter turns are each other's.
_BACK = {n: n for n in range(1, 9)} | {6: 8, 8: 6}


def turned(mask: MaskPixels, orientation: int) -> MaskPixels:
    """As `_turn`, of a mask."""
    if orientation not in _TURNS:
        return mask
    return np.asarray(_turn(Image.fromarray(mask), orientation))


def _turn(image: Image.Image, orientation: int) -> Image.Image:
    return image.transpose(_TURNS[orientation]) if orientation in _TURNS else image


def _damaged(path: Path, error: Exception, what: str) -> str:
    words = str(error).lower()
    if any(word in words for word in ("truncat", "not enough", "end of", "too short", "premature")):
        return f"{path.name} cannot be read: it ends too early, part of the picture is missing."
    return f"{path.name} cannot be read: {what} is damaged."
