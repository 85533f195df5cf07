"""TIFF of any depth through tifffile, with its tags and its EXIF directories."""

from __future__ import annotations

import contextlib
import functools
import struct
from collections.abc import Container, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

import numpy as np
import tifffile
from numpy.typing import NDArray
from PIL import Image
from PIL.TiffImagePlugin import ImageFileDirectory_v2

from desktop_ae.core.errors import Unsupported
from desktop_ae.domains.image.colour import converted, srgb_profile
from desktop_ae.domains.image.files import Picture, check_single, check_size
from desktop_ae.domains.image.pixels import ArrayPixels

ICC, ORIENTATION, EXIF, GPS = 34675, 274, 34665, 34853
# tifffile writes no EXIF pointers; these unassigned codes just below hold their places.
_PLACEHOLDERS = {EXIF: 34664, GPS: 34851}
ASCII = 2
# Where a result says what made it, the first that is free: what created the file, what worked on
# it (as raw converters write it), what it shows.
MADE_BY = (305, 11, 270)
# What describes the stored pixels (the writer sets it anew), or points at other directories.
STRUCTURE = {
    *range(254, 260), 262, 263, 266, 273, *range(277, 280), 280, 281, 282, 283, 284, 288, 289,
    292, 293, 296, 317, 320, *range(322, 326), 330, 338, 339, 340, 341, 347, *range(512, 522),
    *range(529, 533), 33421, 33422, ICC, EXIF, GPS, 37724, 40965, 50838, 50839,
}  # fmt: skip
# Of compressed samples at once; tifffile would take a quarter of a gigabyte.
_READ_BYTES = 2**24
_SWAPPED_ROWS = 64
LOSSLESS = {
    "NONE": None,
    "LZW": "lzw",
    "ADOBE_DEFLATE": "adobe_deflate",
    "DEFLATE": "deflate",
    "PACKBITS": "packbits",
    "ZSTD": "zstd",
}


@dataclass(frozen=True)
class _Kept:
    """What the new file gets from the old one."""

    compression: str | None
    options: dict[str, Any]
    tags: list[tuple[int, int, int, Any, bool]]
    directories: dict[int, ImageFileDirectory_v2]


def decode_tiff(path: Path) -> Picture:
    """Decode. Raises FileError, or whatever the decoder stumbles over."""
    with tifffile.TiffFile(path) as file:
        page = file.pages.first
        full = [p for p in directories(file) if not int(p.subfiletype or 0) & 1]
        check_size(path, page.imagewidth, page.imagelength)
        check_single(path, len(full))
        pixels, icc = read_page(path, page)
        orientation = read_orientation(page)
        kept = _keep(file, page)
    save = functools.partial(_save, pixels, kept, icc, orientation)
    bits = 8 * pixels.array.dtype.itemsize
    kind = ["floating point"] if np.issubdtype(pixels.array.dtype, np.floating) else []
    return Picture(pixels, save, bits, icc, orientation, kind)


def directories(file: tifffile.TiffFile) -> Iterator[tifffile.TiffPage]:
    """Raises ValueError where they run in a circle, which tifffile would follow for ever."""
    seen: set[int] = set()
    for page in file.pages:
        if page.offset in seen:
            raise ValueError("the directories run in a circle")
        seen.add(page.offset)
        if isinstance(page, tifffile.TiffPage):
            yield page


def read_page(path: Path, page: tifffile.TiffPage) -> tuple[ArrayPixels, bytes | None]:
    """The page's pixels and their colour profile; CMYK becomes sRGB."""
    array, colours = _pixels(path, page)
    icc = tag_value(page, ICC)
    if page.photometric == tifffile.PHOTOMETRIC.SEPARATED:
        array = np.array(converted(Image.fromarray(array, "CMYK"), icc))
        icc = srgb_profile()
    return ArrayPixels(array, colours), icc


def read_orientation(page: tifffile.TiffPage) -> int:
    """1 (as it is) to 8."""
    found = tag_value(page, ORIENTATION)
    return found if isinstance(found, int) and 1 <= found <= 8 else 1


def _pixels(path: Path, page: tifffile.TiffPage) -> tuple[NDArray[Any], int]:
    """`(height, width, samples)`, and how many of the samples are colour."""
    array = page.asarray(buffersize=_READ_BYTES)
    if page.axes == "SYX":
        array = np.moveaxis(array, 0, -1)
    native = array.dtype.newbyteorder("=")
    array = _widened(page, np.ascontiguousarray(np.atleast_3d(array), native))
    if array.dtype not in (np.uint8, np.uint16, np.uint32, np.float16, np.float32, np.float64):
        raise Unsupported(path, f"{path.name} stores its samples as {array.dtype}: not supported.")
    photometric = tifffile.PHOTOMETRIC
    match page.photometric:
        case photometric.MINISBLACK:
            return array, 1
        case photometric.MINISWHITE if np.issubdtype(array.dtype, np.integer):
            array[..., 0] = np.iinfo(array.dtype).max - array[..., 0]
            return array, 1
        case photometric.RGB | photometric.YCBCR if array.shape[2] >= 3:
            return array, 3
        case photometric.PALETTE if page.colormap is not None:
            looked_up = page.colormap[:, array[..., 0]]  # (3, height, width) uint16
            return np.ascontiguousarray((looked_up >> 8).astype(np.uint8).transpose(1, 2, 0)), 3
        case photometric.SEPARATED if array.dtype == np.uint8 and array.shape[2] == 4:
            return array, 3
    name = getattr(page.photometric, "name", str(page.photometric))
    raise Unsupported(
        path, f"{path.name} stores its colours as {name}, {array.dtype}: save it as RGB first."
    )


def _widened(page: tifffile.TiffPage, array: NDArray[Any]) -> NDArray[Any]:
    """Samples of 1, 2, 4 or 12 bits over the whole range of 8 or 16; an index stays as it is."""
    if page.photometric == tifffile.PHOTOMETRIC.PALETTE:
        return array.astype(np.uint8) if array.dtype == np.bool_ else array
    if array.dtype == np.bool_:
        return array.astype(np.uint8) * 255
    bits = page.bitspersample
    if array.dtype not in (np.uint8, np.uint16) or bits >= 8 * array.dtype.itemsize:
        return array
    wide = np.arange(2**bits) * np.iinfo(array.dtype).max // (2**bits - 1)
    widened: NDArray[Any] = wide.astype(array.dtype)[np.minimum(array, 2**bits - 1)]
    return widened


def _keep(file: tifffile.TiffFile, page: tifffile.TiffPage) -> _Kept:
    compression = LOSSLESS.get(tifffile.COMPRESSION(page.compression).name, "adobe_deflate")
    options: dict[str, Any] = {}
    resolution = tag_value(page, 282), tag_value(page, 283)
    if None not in resolution:
        unit = tag_value(page, 296)
        options["resolution"] = resolution
        options["resolutionunit"] = 2 if unit is None else int(unit)
    if compression in {"lzw", "adobe_deflate", "deflate", "zstd"}:
        options["predictor"] = True
    tags = [
        (tag.code, int(tag.dtype), tag.count, _raw(file, tag), True)
        for tag in page.tags.values()
        if tag.code not in STRUCTURE
    ]
    directories = dict(_directories(file, page))
    options["byteorder"] = file.byteorder
    options["bigtiff"] = file.is_bigtiff
    return _Kept(compression, options, tags, directories)


def free_place(taken: Container[int]) -> int | None:
    """The tag for a line on what made the picture, if the codes taken leave one."""
    return next((code for code in MADE_BY if code not in taken), None)


def _raw(file: tifffile.TiffFile, tag: tifffile.TiffTag) -> Any:
    """Text as the bytes it is: not everybody writes ASCII there."""
    if tag.dtype != tifffile.DATATYPE.ASCII:
        return tag.value
    file.filehandle.seek(tag.valueoffset)
    return file.filehandle.read(tag.valuebytecount)


def _directories(
    file: tifffile.TiffFile, page: tifffile.TiffPage
) -> Iterator[tuple[int, ImageFileDirectory_v2]]:
    """The EXIF and GPS directories, read by Pillow (classic TIFF only)."""
    if file.is_bigtiff:
        return
    handle = file.filehandle
    for pointer in (EXIF, GPS):
        tag = page.tags.get(pointer)
        if tag is None:
            continue
        directory = ImageFileDirectory_v2(_head(file.byteorder))
        handle.seek(tag.valueoffset)  # tifffile follows the pointer
        directory.load(cast(IO[bytes], handle))
        whole = ImageFileDirectory_v2(_head(file.byteorder))
        for code in list(directory):
            if code not in (40965, EXIF, GPS):
                whole.tagtype[code] = directory.tagtype[code]
                whole[code] = directory[code]
        yield pointer, whole


def _save(
    pixels: ArrayPixels,
    kept: _Kept,
    icc: bytes | None,
    orientation: int,
    scratch: Path,
    keep: bool,
    made_by: str = "",
) -> None:
    array, colours = pixels.array, pixels.colours
    tags = kept.tags if keep else [(ORIENTATION, 3, 1, orientation, True)]
    free = free_place({tag[0] for tag in tags}) if made_by else None
    if free is not None:
        tags = [*tags, (free, ASCII, len(made_by) + 1, made_by, True)]
    directories = kept.directories if keep else {}
    pointers = [(_PLACEHOLDERS[code], 4, 1, 0, True) for code in directories]
    extra = array.shape[2] - colours
    order = kept.options["byteorder"]
    with (
        tifffile.TiffWriter(scratch, bigtiff=kept.options["bigtiff"], byteorder=order) as file,
        _in_order(array, order) as ordered,
    ):
        rest = {k: v for k, v in kept.options.items() if k not in ("bigtiff", "byteorder")}
        file.write(
            ordered if array.shape[2] > 1 else ordered[..., 0],
            photometric="rgb" if colours == 3 else "minisblack",
            planarconfig="contig" if array.shape[2] > 1 else None,
            extrasamples=["unassalpha"] + ["unspecified"] * (extra - 1) if extra else None,
            compression=kept.compression,
            rowsperstrip=max(1, min(array.shape[0], 2**20 // array[0].nbytes)),
            iccprofile=icc,
            extratags=tags + pointers,
            metadata=None,
            software=False,
            **rest,
        )
    _append_directories(scratch, directories)


@contextlib.contextmanager
def _in_order(array: NDArray[Any], byteorder: str) -> Iterator[NDArray[Any]]:
    """The samples with their bytes in the file's order: tifffile would copy all to turn them."""
    wanted = array.dtype.newbyteorder(">" if byteorder == ">" else "<")
    if wanted == array.dtype:
        yield array
        return
    _swap(array)
    try:
        yield array.view(wanted)
    finally:
        _swap(array)


def _swap(array: NDArray[Any]) -> None:
    # A few rows at a time: no other thread runs meanwhile.
    for top in range(0, len(array), _SWAPPED_ROWS):
        array[top : top + _SWAPPED_ROWS].byteswap(inplace=True)


def _append_directories(path: Path, directories: dict[int, ImageFileDirectory_v2]) -> None:
    """Write EXIF and GPS behind the pixels and point the tags at them."""
    if not directories:
        return
    with tifffile.TiffFile(path) as file:
        order = file.byteorder
        tags = file.pages.first.tags
        places = {code: tags[_PLACEHOLDERS[code]].offset for code in directories}
    with path.open("r+b") as raw:
        for code, directory in directories.items():
            offset = raw.seek(0, 2)
            if offset % 2:
                offset += raw.write(b"\0")
            raw.write(directory.tobytes(offset))
            raw.seek(places[code])
            raw.write(struct.pack(order + "HHII", code, 4, 1, offset))


def _head(byteorder: str) -> bytes:
    return b"II*\0\x08\0\0\0" if byteorder == "<" else b"MM\0*\0\0\0\x08"


def tag_value(page: tifffile.TiffPage, code: int) -> Any:
    """None where the page has no such tag."""
    tag = page.tags.get(code)
    return None if tag is None else tag.value
