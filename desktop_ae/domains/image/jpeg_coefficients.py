"""The coefficients of a JPEG file, out of it and back into one, without decoding the picture."""

from __future__ import annotations

import functools
import io
import re
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from desktop_ae.domains.image.jpeg_huffman import BrokenCode, Encoder, Part, Table, decode
from desktop_ae.domains.image.jpeg_progressive import Layout, Progressive

Blocks = NDArray[np.int16]
_SEQUENTIAL = {0xC0, 0xC1}
_PROGRESSIVE, _END = 0xC2, 0xD9
_OTHER_FRAMES = {0xC3, *range(0xC5, 0xC8), *range(0xC9, 0xCC), *range(0xCD, 0xD0)}
_DHT, _DQT, _SOS, _DRI, _APP0, _ADOBE = 0xC4, 0xDB, 0xDA, 0xDD, 0xE0, 0xEE
# The next marker that is no restart and no stuffed byte.
_MARKER = re.compile(rb"\xff+[^\x00\xff\xd0-\xd7]")
_BAND_ROWS = 2  # of MCUs
# Row and column of each coefficient of a block, in the order of the file.
ZIGZAG = np.array(
    sorted(range(64), key=lambda i: (i // 8 + i % 8, i // 8 if (i // 8 + i % 8) % 2 else i % 8))
)


@dataclass(slots=True)
class Component:
    """blocks: `(rows, columns, 64)`, in zigzag order, whole MCUs. across, down: how many of its
    blocks an MCU has. steps: the quantisation table, `(64,)`, in zigzag order.
    """

    number: int
    across: int
    down: int
    steps: NDArray[np.int64]
    blocks: Blocks


@dataclass(frozen=True, slots=True)
class Coefficients:
    """Of one picture. jfif, adobe: bodies of these segments, which say how colours are meant."""

    width: int
    height: int
    components: Sequence[Component]
    jfif: bytes | None
    adobe: bytes | None

    @property
    def is_ycc(self) -> bool:
        """Whether three components are luma and chroma, as libjpeg decides it."""
        if self.jfif is not None:
            return True
        if self.adobe is not None and len(self.adobe) >= 12:
            return self.adobe[11] == 1
        return [c.number for c in self.components] != [*b"RGB"]


@dataclass(slots=True)
class _Frame:
    """What the segments before the data say."""

    width: int = 0
    height: int = 0
    components: tuple[tuple[int, int, int, int], ...] = ()  # number, across, down, table
    interval: int = 0
    jfif: bytes | None = None
    adobe: bytes | None = None


def read_coefficients(content: bytes) -> Coefficients:
    """Of a JPEG of 8 bits, grey or in three components: progressive, or with all in one scan.

    Raises BrokenCode for any other, and for one that is damaged.
    """
    frame = _Frame()
    steps: dict[int, NDArray[np.int64]] = {}
    tables: dict[int, Table] = {}
    scans: Progressive | None = None
    for code, body, end in segments(content, scans=True):
        if code in _SEQUENTIAL:
            _read_frame(frame, body)
        elif code == _PROGRESSIVE:
            _read_frame(frame, body)
            scans = Progressive(_layouts(frame), *mcu_count(frame))
        elif code in _OTHER_FRAMES:
            raise BrokenCode("another kind of JPEG")
        elif code == _DQT:
            steps |= _quantisation(body)
        elif code == _DHT:
            tables |= _huffman(body)
        elif code == _DRI:
            frame.interval = int.from_bytes(body[:2], "big")
        elif code == _APP0 and body.startswith(b"JFIF\0"):
            frame.jfif = body
        elif code == _ADOBE and body.startswith(b"Adobe"):
            frame.adobe = body
        elif code == _SOS and scans is None:
            return _read_scan(frame, steps, tables, body, _scan_data(content, end))
        elif code == _SOS and scans is not None:
            scans.read(body, _scan_data(content, end), tables, frame.interval)
    if scans is None:
        raise BrokenCode("no picture data")
    return _coefficients(frame, steps, scans.blocks)


def segments(content: bytes, *, scans: bool = False) -> Iterator[tuple[int, bytes, int]]:
    """Marker, body and end of each segment up to the first data, or all, passing over the data."""
    place = 2
    while place + 4 <= len(content) and content[place] == 0xFF:
        code = content[place + 1]
        if code == 0xFF:
            place += 1
            continue
        if code == _END:
            return
        end = place + 2 + int(struct.unpack(">H", content[place + 2 : place + 4])[0])
        yield code, content[place + 4 : end], end
        place = end
        if scans and code == _SOS:
            place += len(_scan_data(content, end))


def _scan_data(content: bytes, start: int) -> bytes:
    """All up to the next marker that is not of the scan itself."""
    end = _MARKER.search(content, start)
    return content[start : end.start() if end else None]


def _read_frame(frame: _Frame, body: bytes) -> None:
    if len(body) < 6:
        raise BrokenCode("a frame cut short")
    bits, frame.height, frame.width, count = struct.unpack(">BHHB", body[:6])
    if bits != 8 or count not in (1, 3) or len(body) < 6 + 3 * count or not frame.height:
        raise BrokenCode("no picture of 8 bits, grey or in three components")
    found = [body[6 + 3 * n : 9 + 3 * n] for n in range(count)]
    frame.components = tuple((n, sides >> 4, sides & 15, table) for n, sides, table in found)
    if count == 1:  # a lone component has MCUs of one block, whatever it says
        frame.components = ((found[0][0], 1, 1, found[0][2]),)
    if any(not (1 <= a <= 4 and 1 <= d <= 4) for _, a, d, _ in frame.components):
        raise BrokenCode("impossible sampling")


def _quantisation(body: bytes) -> Iterator[tuple[int, NDArray[np.int64]]]:
    place = 0
    while place < len(body):
        wide, number = body[place] >> 4, body[place] & 15
        length = 128 if wide else 64
        values = np.frombuffer(body[place + 1 : place + 1 + length], ">u2" if wide else "u1")
        if len(values) < 64 or not values.all():
            raise BrokenCode("an impossible quantisation table")
        yield number, values.astype(np.int64)
        place += 1 + length


def quantisation_tables(content: bytes) -> dict[int, NDArray[np.int64]]:
    """The tables of a JPEG file, in zigzag order."""
    bodies = (body for code, body, _ in segments(content) if code == _DQT)
    return {number: table for body in bodies for number, table in _quantisation(body)}


def _huffman(body: bytes) -> Iterator[tuple[int, Table]]:
    place = 0
    while place + 17 <= len(body):
        counts = body[place + 1 : place + 17]
        symbols = body[place + 17 : place + 17 + sum(counts)]
        yield body[place], Table(counts, symbols)
        place += 17 + sum(counts)


def _read_scan(
    frame: _Frame,
    steps: Mapping[int, NDArray[np.int64]],
    tables: Mapping[int, Table],
    head: bytes,
    data: bytes,
) -> Coefficients:
    count = len(frame.components)
    if not count or len(head) < 1 + 2 * count or head[0] != count:
        raise BrokenCode("components in scans of their own")
    if [head[1 + 2 * n] for n in range(count)] != [c[0] for c in frame.components]:
        raise BrokenCode("components in another order")
    rows, columns = mcu_count(frame)
    try:
        parts = [
            Part(across * down, tables[head[2 + 2 * n] >> 4], tables[0x10 | head[2 + 2 * n] & 15])
            for n, (_, across, down, _) in enumerate(frame.components)
        ]
    except KeyError as error:
        raise BrokenCode("a table is missing") from error
    found = decode(data, parts, rows * columns, frame.interval)
    ordered = [
        _in_rows(blocks, rows, columns, down, across)
        for (_, across, down, _), blocks in zip(frame.components, found, strict=True)
    ]
    return _coefficients(frame, steps, ordered)


def _coefficients(
    frame: _Frame, steps: Mapping[int, NDArray[np.int64]], blocks: Sequence[Blocks]
) -> Coefficients:
    if any(table not in steps for _, _, _, table in frame.components):
        raise BrokenCode("a table is missing")
    components = [
        Component(number, across, down, steps[table], own)
        for (number, across, down, table), own in zip(frame.components, blocks, strict=True)
    ]
    return Coefficients(frame.width, frame.height, components, frame.jfif, frame.adobe)


def mcu_count(frame: _Frame) -> tuple[int, int]:
    """Rows and columns of MCUs."""
    across, down = _most(frame)
    return -(-frame.height // (8 * down)), -(-frame.width // (8 * across))


def _most(frame: _Frame) -> tuple[int, int]:
    return max(a for _, a, _, _ in frame.components), max(d for _, _, d, _ in frame.components)


def _layouts(frame: _Frame) -> list[Layout]:
    most_across, most_down = _most(frame)
    found = []
    for number, across, down, _ in frame.components:
        width = -(-frame.width * across // most_across)
        height = -(-frame.height * down // most_down)
        found.append(Layout(number, across, down, -(-width // 8), -(-height // 8)))
    return found


def _in_rows(blocks: Blocks, rows: int, columns: int, down: int, across: int) -> Blocks:
    """From the order of a scan to rows and columns, in place: a row of MCUs holds the same."""
    for row in blocks.reshape(rows, -1, 64) if down * across > 1 else ():
        apart = row.reshape(columns, down, across, 64).transpose(1, 0, 2, 3)
        row[:] = apart.reshape(-1, 64)
    return blocks.reshape(rows * down, columns * across, 64)


def _in_scan(blocks: Blocks, down: int, across: int) -> Blocks:
    """The other way round."""
    rows, columns = blocks.shape[0] // down, blocks.shape[1] // across
    apart = blocks.reshape(rows, down, columns, across, 64).transpose(0, 2, 1, 3, 4)
    return apart.reshape(-1, 64)


def write_coefficients(found: Coefficients) -> bytes:
    """A whole JPEG file, sequential, in the standard's own Huffman tables.

    Raises BrokenCode for coefficients that are too large for such a file.
    """
    grey = len(found.components) == 1
    made = [(_APP0, found.jfif)] if found.jfif is not None else []
    made += [(_ADOBE, found.adobe)] if found.adobe is not None else []
    tables, places = _shared_steps(found.components)
    wide = max(int(table.max()) for table in tables) > 255
    for number, table in enumerate(tables):
        kept = table.astype(">u2" if wide else "u1").tobytes()
        made.append((_DQT, bytes([(16 if wide else 0) | number]) + kept))
    frame = struct.pack(">BHHB", 8, found.height, found.width, len(found.components))
    for component, place in zip(found.components, places, strict=True):
        frame += bytes([component.number, component.across << 4 | component.down, place])
    made.append((0xC1 if wide else 0xC0, frame))
    standard, huffman = _standard_tables()
    made += [(_DHT, body) for body in standard]
    scan = bytes([len(found.components)])
    parts = []
    for number, component in enumerate(found.components):
        chosen = 0 if number == 0 else 1
        scan += bytes([component.number, 0x11 * chosen])
        count = 1 if grey else component.across * component.down
        parts.append(Part(count, huffman[chosen], huffman[0x10 | chosen]))
    made.append((_SOS, scan + bytes([0, 63, 0])))
    content = [b"\xff\xd8"]
    content += [struct.pack(">BBH", 0xFF, code, len(body) + 2) + body for code, body in made]
    encoder = Encoder(parts)
    rows = found.components[0].blocks.shape[0] // found.components[0].down
    for top in range(0, rows, _BAND_ROWS):
        bands = [
            _in_scan(c.blocks[top * c.down : (top + _BAND_ROWS) * c.down], c.down, c.across)
            for c in found.components
        ]
        content.append(encoder.encode(bands))
    return b"".join([*content, encoder.finish(), b"\xff\xd9"])


def _shared_steps(components: Sequence[Component]) -> tuple[list[NDArray[np.int64]], list[int]]:
    """The different tables, and which of them each component uses."""
    tables: list[NDArray[np.int64]] = []
    places = []
    for component in components:
        same = [n for n, table in enumerate(tables) if np.array_equal(table, component.steps)]
        if not same:
            tables.append(component.steps)
        places.append(same[0] if same else len(tables) - 1)
    return tables, places


@functools.cache
def _standard_tables() -> tuple[list[bytes], dict[int, Table]]:
    """As Pillow's encoder writes them: those of ITU-T T.81, annex K, which know every symbol."""
    held = io.BytesIO()
    Image.new("RGB", (8, 8)).save(held, "JPEG")
    bodies = [body for code, body, _ in segments(held.getvalue()) if code == _DHT]
    return bodies, {number: table for body in bodies for number, table in _huffman(body)}
