"""PNG: the deep ones (16 bits a sample), and what the files carry beside their pixels."""

from __future__ import annotations

import functools
import struct
import zlib
from collections.abc import Iterator, Sequence, Set
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from desktop_ae.domains.image.files import ORIENTATION, Picture, check_size, read_orientation
from desktop_ae.domains.image.pixels import ArrayPixels

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
# What says how colours look, and the size in print, always goes along.
_LOOK = {b"iCCP", b"sRGB", b"gAMA", b"cHRM", b"cICP", b"mDCV", b"cLLI", b"pHYs"}
_TEXTS = {b"tEXt", b"zTXt", b"iTXt"}
_FACTS = {b"eXIf", b"tIME"} | _TEXTS


def decode_deep_png(path: Path) -> Picture:
    """Decode 16 bits a sample. Raises FileError, or whatever the decoder stumbles over."""
    with Image.open(path) as image:
        check_size(path, *image.size)
        orientation = read_orientation(image)
        icc = image.info.get("icc_profile")
    array = np.atleast_3d(imagecodecs.png_decode(path.read_bytes()))
    colours = 1 if array.shape[2] <= 2 else 3
    pixels = ArrayPixels(array, colours)
    save = functools.partial(_save_deep, path, pixels)
    return Picture(pixels, save, 16, icc, orientation)


def _save_deep(
    source: Path, pixels: ArrayPixels, scratch: Path, keep: bool, made_by: str = ""
) -> None:
    array: NDArray[Any] = pixels.array
    plain = array[..., 0] if array.shape[2] == 1 else array
    scratch.write_bytes(imagecodecs.png_encode(plain, level=3))
    _copy_chunks(source, scratch, keep, not pixels.colour_dropped, made_by)


def save_png(
    source: Path,
    image: Image.Image,
    scratch: Path,
    keep: bool,
    profile: bool = True,
    made_by: str = "",
) -> None:
    """Write an image of 8 bits or of one, with what the source carries beside its pixels.

    profile: whether the source's colour profile is for these pixels too. made_by: see `Picture`.
    """
    image.save(scratch, "PNG", compress_level=3)
    _copy_chunks(source, scratch, keep, profile, made_by)


def _copy_chunks(source: Path, target: Path, keep: bool, profile: bool, made_by: str) -> None:
    """Put the source's metadata chunks into a freshly encoded file, byte for byte.

    Without `keep` only those that say how the picture looks, and which way is up.
    """
    wanted = _LOOK | _FACTS if keep else _LOOK
    if not profile:
        wanted = wanted - {b"iCCP"}
    chunks = list(_chunks(source, wanted))
    if not keep:
        chunks += _way_up(source)
    if made_by:
        # Before the source's: of two with one keyword, many readers show the last.
        chunks.insert(0, (b"tEXt", _text(chunks, made_by)))
    whole = target.with_suffix(".whole")
    try:
        with whole.open("wb") as file:
            file.write(_SIGNATURE)
            for name, body in _chunks(target, None):
                if name in _LOOK | _FACTS:
                    continue  # the encoder's own
                file.write(_chunk(name, body))
                if name == b"IHDR":
                    file.writelines(_chunk(*carried) for carried in chunks)
        whole.replace(target)
    finally:
        whole.unlink(missing_ok=True)


def _way_up(source: Path) -> list[tuple[bytes, bytes]]:
    with Image.open(source) as image:
        orientation = read_orientation(image)
    if orientation == 1:
        return []
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    return [(b"eXIf", exif.tobytes().removeprefix(b"Exif\0\0"))]


def _text(chunks: Sequence[tuple[bytes, bytes]], made_by: str) -> bytes:
    """Under the first of the standard's keywords that is free; the last may be there twice."""
    taken = {body.partition(b"\0")[0] for name, body in chunks if name in _TEXTS}
    keyword = b"Software" if b"Software" not in taken else b"Comment"
    return keyword + b"\0" + made_by.encode("ascii")


def _chunk(name: bytes, body: bytes) -> bytes:
    checksum = zlib.crc32(name + body)
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", checksum)


def _chunks(path: Path, wanted: Set[bytes] | None) -> Iterator[tuple[bytes, bytes]]:
    """(name, body) of every chunk, or of the wanted ones: a large file is not held in memory."""
    with path.open("rb") as file:
        file.seek(len(_SIGNATURE))
        while len(head := file.read(8)) == 8:
            length, name = struct.unpack(">I4s", head)
            if wanted is None or name in wanted:
                yield name, file.read(length)
                file.seek(4, 1)
            else:
                file.seek(length + 4, 1)
