"""Tiny JBIG2 streams as they stand in a PDF, without arithmetic coding: all is MMR, as in a fax."""

from __future__ import annotations

import struct

import numpy as np
from numpy.typing import NDArray

from desktop_ae.domains.document.encode import encode_g4

CELL_PX = 8  # of a halftone's patterns: white, and a texture
_TEXTURE = np.random.default_rng(1).random((CELL_PX, CELL_PX)) < 0.3
_PATTERNS, _HALFTONE, _GENERIC, _PAGE, _END_OF_PAGE = 16, 23, 39, 48, 49  # segments
_MMR = 1
Bits = NDArray[np.bool_]


def generic(paper: Bits) -> bytes:
    """A page of one region; True for white."""
    region = _region(paper.shape) + bytes([_MMR]) + encode_g4(paper)
    return _page(paper.shape) + _segment(1, _GENERIC, region) + _segment(2, _END_OF_PAGE, b"")


def halftone(cells: Bits) -> tuple[bytes, bytes]:
    """What pages share, two patterns, and a page that is made of these; True for the white one."""
    patterns = np.hstack([np.ones_like(_TEXTURE), _TEXTURE])
    head = struct.pack(">BBBI", _MMR, CELL_PX, CELL_PX, 1)
    shared = _segment(0, _PATTERNS, head + encode_g4(patterns), page=0)
    rows, columns = cells.shape
    size = rows * CELL_PX, columns * CELL_PX
    grid = struct.pack(">IIiiHH", columns, rows, 0, 0, CELL_PX << 8, 0)
    region = _region(size) + bytes([_MMR]) + grid + encode_g4(cells)
    page = _page(size, number=1) + _segment(2, _HALFTONE, region, refers_to=(0,))
    return shared, page + _segment(3, _END_OF_PAGE, b"")


def enlarged(cells: Bits) -> Bits:
    """What a halftone shows."""
    white = np.kron(cells, np.ones((CELL_PX, CELL_PX), bool))
    rows, columns = cells.shape
    return white | np.tile(_TEXTURE, (rows, columns))


def _page(size: tuple[int, ...], number: int = 0) -> bytes:
    return _segment(number, _PAGE, struct.pack(">IIIIBH", size[1], size[0], 0, 0, 0, 0))


def _region(size: tuple[int, ...]) -> bytes:
    return struct.pack(">IIIIB", size[1], size[0], 0, 0, 0)


def _segment(
    number: int, kind: int, data: bytes, page: int = 1, refers_to: tuple[int, ...] = ()
) -> bytes:
    head = struct.pack(">IBB", number, kind, len(refers_to) << 5)
    return head + bytes(refers_to) + struct.pack(">BI", page, len(data)) + data
