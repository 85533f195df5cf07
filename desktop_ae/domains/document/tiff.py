"""TIFF of one page or many. A page that was not cleaned is copied as the bytes it was.

One page is decoded at a time; cleaned pages wait in a temporary file until all are put together.
"""

from __future__ import annotations

import contextlib
import dataclasses
import errno
import struct
import tempfile
from collections.abc import Container, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import tifffile
from numpy.typing import NDArray

from desktop_ae.core.domain import View
from desktop_ae.core.errors import NotWritable, TooLarge, Unreadable, Unsupported
from desktop_ae.core.scratch import scratch_folder
from desktop_ae.domains.document.encode import encode_g4
from desktop_ae.domains.document.files import Page
from desktop_ae.domains.document.pictures import page_pixels, put_page_pixels
from desktop_ae.domains.document.tiff_directories import Entry, TiffAssembly, TiffBytes
from desktop_ae.domains.image.colour import colour_name
from desktop_ae.domains.image.files import Picture, check_size, in_words, view_of
from desktop_ae.domains.image.jpeg import estimate_quality
from desktop_ae.domains.image.pixels import ArrayPixels
from desktop_ae.domains.image.tiff import (
    ASCII,
    EXIF,
    GPS,
    ICC,
    LOSSLESS,
    ORIENTATION,
    STRUCTURE,
    directories,
    free_place,
    read_orientation,
    read_page,
    tag_value,
)

# How many times the source's length all that waits to be saved may take, or about so.
_MOST_TIMES = 2
_REDUCED, _MASK = 1, 4  # bits of NewSubfileType
_NEW_SUBFILE, _SUBFILE, _UNIT = 254, 255, 296
_OLD_JPEG, _JPEG = 6, 7
# In STRUCTURE, but not about the pixels of a page: these stay with a page that was cleaned.
_KEPT = {_NEW_SUBFILE, _SUBFILE, 282, 283, _UNIT}
# In STRUCTURE, but facts: these go where no metadata is wanted.
_FACTS = {EXIF, GPS, 37724, 40965, 50838, 50839}
# What stays even then: size in print, way up, profile.
_LOOK = {ORIENTATION, 282, 283, _UNIT, ICC}
# About the colours that a grey page no longer has: curves, white point, primaries.
_COLOURS = {ICC, 301, 318, 319}
_COLOURFUL = {2, 3, 5, 6}  # photometric: RGB, palette, CMYK, YCbCr
_INKS = {332, 333, 334, 336}  # of CMYK, which no cleaned page is


class TiffPages:
    """See `files.Pages`. Raises FileError for damage, sizes and kinds that cannot be.

    What waits to be saved lies in files without a name: nobody has to remove them, even after a
    crash.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._scratch = path.parent  # until there is something to put elsewhere
        self._replaced: dict[int, int] = {}  # places of directories in the spool
        self._current: tuple[int, ArrayPixels, bytes | None] | None = None
        self._spool: TiffAssembly | None = None
        with in_words(path):
            self._file = tifffile.TiffFile(path)
        try:
            with in_words(path):
                self._all = _directories(self._file)
                self._full = [page for page in self._all if _is_full(page)]
                self._check()
        except BaseException:
            self._file.close()
            raise

    @property
    def about(self) -> str:
        first = self._full[0]
        sizes = {(page.imagewidth, page.imagelength) for page in self._full}
        width, height = first.imagewidth, first.imagelength
        if read_orientation(first) >= 5:
            width, height = height, width
        count = len(self._full)
        words = [f"{count} pages"] if count > 1 else []
        words.append(f"{width} × {height}" if len(sizes) == 1 else "different sizes")
        dpi, _ = _resolution(first)
        words += [f"{dpi:.0f} DPI"] if dpi else []
        bits = np.dtype(first.dtype).itemsize * 8 if first.dtype is not None else 8
        grey = first.samplesperpixel < 3 and first.photometric != tifffile.PHOTOMETRIC.PALETTE
        colour = "grey" if grey else colour_name(tag_value(first, ICC))
        words += ["black and white"] if _is_bilevel(first) else [f"{bits} bit", colour]
        return " · ".join(words)

    @property
    def megapixels(self) -> float:
        return sum(page.imagewidth * page.imagelength for page in self._full) / 1e6

    def __len__(self) -> int:
        return len(self._full)

    def page_indices(self) -> Sequence[int]:
        return range(len(self._full))

    def shape(self, index: int) -> tuple[int, int, int]:
        directory = self._full[index]
        channels = 3 if int(directory.photometric) in _COLOURFUL else 1
        return channels, directory.imagelength, directory.imagewidth

    def page(self, index: int) -> Page:
        directory = self._full[index]
        pixels = page_pixels(self._decode(index)[0])
        if _is_bilevel(directory):
            pixels = pixels > 127
            self._current = None  # what takes its place is bits too: the samples serve no more
        dpi, square = _resolution(directory)
        return Page(index, pixels, dpi, square)

    @property
    def passed_over(self) -> Mapping[int, str]:
        return {}

    def pages(self, left_out: Container[int] = ()) -> Iterator[Page]:
        for index in self.page_indices():
            if index not in left_out:
                yield self.page(index)  # in no local: the next one needs its memory

    def picture(self, index: int) -> Picture:
        """A page to look at; it cannot be saved."""
        directory = self._full[index]
        pixels, icc = self._decode(index)
        bits = 1 if _is_bilevel(directory) else 8 * pixels.array.dtype.itemsize
        return Picture(pixels, _refuse, bits, icc, read_orientation(directory))

    def replace(self, index: int, pixels: NDArray[Any]) -> None:
        try:
            self._replaced[index] = self._spooled(index, pixels)
        except OSError as error:
            raise NotWritable(self.path, _no_room(error, self._scratch)) from error
        self._current = None

    def save(self, scratch: Path, keep_metadata: bool, made_by: str = "") -> None:
        """Raises TooLarge if the result needs more than the 4 GB of the source's kind of TIFF.

        made_by: goes to the pages that were cleaned; the others stay as they are.
        """
        try:
            with scratch.open("wb") as out, self.path.open("rb") as file:
                source = TiffBytes(file)
                whole = TiffAssembly(out, source.order, source.big)
                spool = None if self._spool is None else TiffBytes(self._spool.file)
                for directory, place in self._chosen():
                    entries = source.directory(directory.offset)
                    if spool is None or place is None:
                        whole.add((source, _whole_page(entries, keep_metadata)))
                    else:
                        cleaned = spool.directory(place)
                        kept = _kept(source, entries, spool, cleaned, keep_metadata)
                        pixels = {c: e for c, e in cleaned.items() if _is_of_pixels(c)}
                        whole.add((source, _noted(kept, made_by)), (spool, pixels))
        except OverflowError as error:
            sentence = (
                f"The result of {self.path.name} is larger than the 4 GB of its kind of TIFF."
            )
            raise TooLarge(self.path, sentence) from error

    def close(self) -> None:
        self._current = None
        self._file.close()
        if self._spool is not None:
            with contextlib.suppress(OSError):  # what a full disk did not take is not needed
                self._spool.file.close()

    def _check(self) -> None:
        name = self.path.name
        if not self._full:
            raise Unreadable(self.path, f"{name} cannot be read: it holds no page.")
        for number, page in enumerate(self._full, 1):
            check_size(self.path, page.imagewidth, page.imagelength)
            if page.compression == _OLD_JPEG:
                raise Unsupported(
                    self.path, f"Page {number} of {name} is an old kind of JPEG: save it anew."
                )
        size = self._file.filehandle.size
        for page in self._all:
            segments = zip(page.dataoffsets, page.databytecounts, strict=False)
            if any(place + length > size for place, length in segments):
                raise Unreadable(
                    self.path, f"{name} cannot be read: it ends too early, a part is missing."
                )

    def _decode(self, index: int) -> tuple[ArrayPixels, bytes | None]:
        if self._current is None or self._current[0] != index:
            self._current = None  # before the next one needs the memory
            what = f"page {index + 1}" if len(self) > 1 else "its content"
            with in_words(self.path, what):
                self._current = (index, *read_page(self.path, self._full[index]))
        return self._current[1:]

    def _spooled(self, index: int, pixels: NDArray[Any]) -> int:
        """Put a cleaned page into the spool; return the place of its directory there."""
        if self._spool is None:
            room = _MOST_TIMES * self._file.filehandle.size
            self._scratch = scratch_folder(room, self.path.parent)
            file = tempfile.TemporaryFile(dir=self._scratch)  # noqa: SIM115 - closed in `close`
            self._spool = TiffAssembly(file, self._file.byteorder, big=True)
        spool = self._spool
        spool.file.seek(0, 2)
        if pixels.dtype == np.bool_:
            place = _add_fax(spool, pixels)
        else:
            with tempfile.TemporaryFile(dir=self._scratch) as raw:
                self._encode(raw, index, pixels)
                fresh = TiffBytes(raw)
                place = spool.add((fresh, fresh.directory(fresh.chain()[0])))
        spool.file.flush()  # a full disk is met here, not when the document is saved
        return place

    def _encode(self, target: BinaryIO, index: int, pixels: NDArray[Any]) -> None:
        kept, icc = self._decode(index)
        if pixels.ndim == 2 and kept.colours == 3:
            kept.drop_colour()
        put_page_pixels(kept, pixels)
        directory = self._full[index]
        is_cmyk = directory.photometric == tifffile.PHOTOMETRIC.SEPARATED
        _write_samples(target, directory, kept, icc if is_cmyk and kept.colours == 3 else None)

    def _chosen(self) -> Iterator[tuple[tifffile.TiffPage, int | None]]:
        """All directories of the result, and where in the spool what takes their place is. A small
        picture of a page that was cleaned is left out: it shows how that page looked before.
        """
        index = -1
        for directory in self._all:
            index += _is_full(directory)
            cleaned = self._replaced.get(max(0, index))
            if _is_full(directory):
                yield directory, cleaned
            elif cleaned is None:
                yield directory, None


def view_tiff(path: Path, longest_px: int, page: int) -> View:
    """See `Domain.view`. Raises Unreadable for a page that is not there."""
    pages = TiffPages(path)
    try:
        if not 0 <= page < len(pages):
            raise Unreadable(path, f"{path.name} has no page {page + 1}.")
        view = view_of(pages.picture(page), longest_px)
        return dataclasses.replace(view, pages=len(pages))
    finally:
        pages.close()


def tiff_looks_like_document(path: Path) -> bool:
    """Whether it has several full pages, or is of black and white. Raises for a damaged one."""
    with tifffile.TiffFile(path) as file:
        full = [page for page in _directories(file) if _is_full(page)]
        return len(full) > 1 or (bool(full) and _is_bilevel(full[0]))


def _directories(file: tifffile.TiffFile) -> list[tifffile.TiffPage]:
    """What tifffile passes over, behind a broken link, is damage here."""
    found = list(directories(file))
    with Path(file.filehandle.path).open("rb") as raw:
        if len(TiffBytes(raw).chain()) != len(found):
            raise ValueError("a page is missing")
    return found


def _is_full(page: tifffile.TiffPage) -> bool:
    return not int(page.subfiletype or 0) & (_REDUCED | _MASK)


def _is_bilevel(page: tifffile.TiffPage) -> bool:
    return page.bitspersample == 1 and page.samplesperpixel == 1 and page.photometric in (0, 1)


def _resolution(page: tifffile.TiffPage) -> tuple[float | None, bool]:
    """Dots per inch across, if known, and whether the pixels are square: a fax's are not."""
    across, down = (_fraction(tag_value(page, code)) for code in (282, 283))
    square = not across or not down or abs(across / down - 1) < 0.02
    unit = tag_value(page, _UNIT) or 2
    if not across or unit not in (2, 3):
        return None, square
    return across * (2.54 if unit == 3 else 1), square


def _fraction(value: Any) -> float:
    try:
        return float(value[0]) / float(value[1])
    except (TypeError, IndexError, ZeroDivisionError, ValueError):
        return 0.0


def _add_fax(spool: TiffAssembly, bits: NDArray[np.bool_]) -> int:
    height, width = bits.shape
    place, length = spool.append([encode_g4(bits)])
    # Size, depth, compression (G4), white is zero, samples, rows a strip, and the strip.
    numbers = {256: [width], 257: [height], 258: [1], 259: [4], 262: [0], 277: [1], 278: [height]}
    entries = {code: spool.entry(values) for code, values in numbers.items()}
    return spool.add_directory(entries | {273: spool.places([place]), 279: spool.places([length])})


def _write_samples(
    target: BinaryIO, page: tifffile.TiffPage, pixels: ArrayPixels, icc: bytes | None
) -> None:
    array, colours = pixels.array, pixels.colours
    extra = array.shape[2] - colours
    name = tifffile.COMPRESSION(page.compression).name
    options: dict[str, Any] = {"compression": LOSSLESS.get(name, "adobe_deflate")}
    rows = max(1, min(array.shape[0], 2**20 // array[0].nbytes))
    if page.compression == _JPEG and array.dtype == np.uint8 and not extra:
        level = estimate_quality(_luma_table(page))
        options = {"compression": "jpeg", "compressionargs": {"level": level}}
        options |= {"subsampling": (1, 1)} if colours == 3 else {}
        rows = max(16, rows // 16 * 16)
    elif options["compression"] in {"lzw", "adobe_deflate", "deflate", "zstd"}:
        options["predictor"] = True
    tifffile.imwrite(
        tifffile.FileHandle(target, name="page"),  # it stumbles over files without a name
        array if array.shape[2] > 1 else array[..., 0],
        photometric="rgb" if colours == 3 else "minisblack",
        planarconfig="contig" if array.shape[2] > 1 else None,
        extrasamples=["unassalpha"] + ["unspecified"] * (extra - 1) if extra else None,
        rowsperstrip=rows,
        iccprofile=icc,
        metadata=None,
        software=False,
        byteorder=page.parent.byteorder,  # of the samples too, which go on as bytes
        bigtiff=array.nbytes > 2**31,
        **options,
    )


def _luma_table(page: tifffile.TiffPage) -> dict[int, list[int]]:
    """The quantization table of brightness, from the page's tables or its first segment."""
    content = page.jpegtables
    if not content or b"\xff\xdb" not in content:
        handle = page.parent.filehandle
        handle.seek(page.dataoffsets[0])
        content = handle.read(min(page.databytecounts[0], 4096))
    place = content.find(b"\xff\xdb")
    if place < 0 or len(content) < place + 69:
        return {}
    deep = content[place + 4] >> 4
    values = struct.unpack_from(">64H" if deep else "64B", content.ljust(place + 140), place + 5)
    return {0: list(values)}


def _whole_page(entries: dict[int, Entry], keep: bool) -> dict[int, Entry]:
    if keep:
        return entries
    return {c: e for c, e in entries.items() if c in (STRUCTURE - _FACTS) | _LOOK}


def _kept(
    source: TiffBytes, old: dict[int, Entry], spool: TiffBytes, new: dict[int, Entry], keep: bool
) -> dict[int, Entry]:
    """What a cleaned page keeps of its old directory: what is not about its pixels."""
    was, now = ({*file.numbers(e.get(262))} for file, e in ((source, old), (spool, new)))
    gone = _INKS | (_COLOURS if was & _COLOURFUL and not now & _COLOURFUL else set())
    wanted = _KEPT | {EXIF, GPS, ICC} if keep else _LOOK | _KEPT
    return {
        code: entry
        for code, entry in old.items()
        if (code in wanted or (keep and code not in STRUCTURE)) and code not in gone
    }


def _noted(entries: dict[int, Entry], made_by: str) -> dict[int, Entry]:
    place = free_place(entries) if made_by else None
    text = made_by.encode("ascii") + b"\0"
    return entries if place is None else {**entries, place: Entry(ASCII, len(text), text)}


def _is_of_pixels(code: int) -> bool:
    return code == ICC or code in STRUCTURE - _KEPT


def _refuse(scratch: Path, keep: bool, made_by: str = "") -> None:
    raise NotImplementedError("a page is saved with its document")


def _no_room(error: OSError, folder: Path) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"The disk is full: no room for temporary files in {folder}. Free some and retry."
    return f"Temporary files cannot be written in {folder}: {error.strerror or error}."
