"""The scans of a progressive JPEG (ITU-T T.81, annex G), put together to coefficients.

Each scan brings some coefficients of all blocks, or one more bit of them. What a bit means depends
on all before it, so this goes step by step: about a second a megapixel.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from desktop_ae.domains.image.jpeg_huffman import BrokenCode, Table, ahead, restart_pieces

Blocks = NDArray[np.int16]
_LONGEST_SCAN = 4 * 2**20  # bytes
_MOST_PIXELS = 12_000_000


@dataclass(frozen=True, slots=True)
class Layout:
    """Of one component. across, down: its blocks in an MCU. wide, high: its blocks that are shown,
    which are those of a scan of its own.
    """

    number: int
    across: int
    down: int
    wide: int
    high: int


class Progressive:
    """blocks: of each component, `(rows, columns, 64)` in zigzag order, whole MCUs."""

    def __init__(self, layouts: Sequence[Layout], rows: int, columns: int) -> None:
        if 64 * rows * columns * layouts[0].across * layouts[0].down > _MOST_PIXELS:
            raise BrokenCode("too large a progressive picture")
        self._layouts = list(layouts)
        self._rows, self._columns = rows, columns
        self.blocks: list[Blocks] = [
            np.zeros((rows * own.down, columns * own.across, 64), np.int16) for own in layouts
        ]

    def read(self, head: bytes, data: bytes, tables: Mapping[int, Table], interval: int) -> None:
        """Take in one scan. head: the body of its segment. Raises BrokenCode."""
        count = head[0] if head else 0
        if not 1 <= count <= len(self._layouts) or len(head) < 4 + 2 * count:
            raise BrokenCode("an impossible scan")
        first, last, bits = head[1 + 2 * count : 4 + 2 * count]
        high, low = bits >> 4, bits & 15
        if len(data) > _LONGEST_SCAN or not first <= last <= 63 or low > 13:
            raise BrokenCode("an impossible scan")
        names = [own.number for own in self._layouts]
        try:
            chosen = [names.index(head[1 + 2 * n]) for n in range(count)]
            selected = [head[2 + 2 * n] for n in range(count)]
            if first == 0 and high == 0:
                dc = [tables[number >> 4] for number in selected]
            elif first:
                ac = tables[0x10 | selected[0] & 15]
        except (KeyError, ValueError) as error:
            raise BrokenCode("a table or a component is missing") from error
        if (first == 0) != (last == 0) or (first and count > 1) or (high and high != low + 1):
            raise BrokenCode("an impossible scan")
        try:
            for piece, order in self._pieces(data, chosen, interval):
                if first == 0 and high == 0:
                    self._begin_first(piece, order, dc, chosen, low)
                elif first == 0:
                    self._refine_first(piece, order, low)
                elif high == 0:
                    _begin(piece, self.blocks[chosen[0]], order[0][1], ac, (first, last, low))
                else:
                    _refine(piece, self.blocks[chosen[0]], order[0][1], ac, (first, last, low))
        except IndexError as error:
            raise BrokenCode("the data ends too early") from error

    def _pieces(
        self, data: bytes, chosen: Sequence[int], interval: int
    ) -> Iterator[tuple[bytes, list[tuple[int, NDArray[np.int64]]]]]:
        """The data between restart markers, with the blocks there: component and places of each
        block of an MCU, in the order of the scan.
        """
        if len(chosen) == 1:
            own = self._layouts[chosen[0]]
            stride = self._columns * own.across
            places = np.arange(own.high)[:, None] * stride + np.arange(own.wide)
            order = [(chosen[0], places.ravel())]
        else:
            order = [pair for number in chosen for pair in self._in_mcus(number)]
        total = len(order[0][1])
        step = interval or total
        pieces = restart_pieces(data)
        if len(pieces) < -(-total // step):
            raise BrokenCode("restart markers are missing")
        for piece, start in zip(pieces, range(0, total, step), strict=False):
            yield piece, [(number, places[start : start + step]) for number, places in order]

    def _in_mcus(self, number: int) -> Iterator[tuple[int, NDArray[np.int64]]]:
        own = self._layouts[number]
        stride = self._columns * own.across
        rows = np.arange(self._rows)[:, None] * own.down * stride
        corners = (rows + np.arange(self._columns) * own.across).ravel()
        for y in range(own.down):
            for x in range(own.across):
                yield number, corners + y * stride + x

    def _begin_first(
        self,
        data: bytes,
        order: Sequence[tuple[int, NDArray[np.int64]]],
        tables: Sequence[Table],
        chosen: Sequence[int],
        low: int,
    ) -> None:
        """The upper bits of the first coefficients, each as a difference to the one before."""
        words = ahead(data)
        steps = [tables[chosen.index(number)] for number, _ in order]
        made = {id(table): table.steps(ac=False)[words].data for table in steps}
        layout = [made[id(table)] for table in steps]
        found = array("q")
        here = 0
        for _ in range(len(order[0][1])):
            for step in layout:
                found.append(here)
                here += step[here] & 63
        places = np.array(found, np.int64).reshape(-1, len(order))
        for own in chosen:
            mine = [n for n, (number, _) in enumerate(order) if number == own]
            table = tables[chosen.index(own)]
            symbols, values = table.read(words, places[:, mine].ravel())
            if (symbols > 11).any():
                raise BrokenCode("a difference that is too large")
            targets = np.stack([order[n][1] for n in mine], axis=1).ravel()
            flat = self.blocks[own].reshape(-1, 64)
            flat[targets, 0] = np.cumsum(values) << low

    def _refine_first(
        self, data: bytes, order: Sequence[tuple[int, NDArray[np.int64]]], low: int
    ) -> None:
        """One more bit of each first coefficient."""
        count = len(order[0][1])
        bits = np.unpackbits(np.frombuffer(data, np.uint8))
        if len(bits) < count * len(order):
            raise BrokenCode("the data ends too early")
        taken = bits[: count * len(order)].reshape(count, len(order)).astype(np.int16)
        for n, (number, places) in enumerate(order):
            self.blocks[number].reshape(-1, 64)[places, 0] |= taken[:, n] << low


Band = tuple[int, int, int]  # first and last coefficient, and the bit that the scan ends with


def _begin(data: bytes, blocks: Blocks, order: NDArray[np.int64], table: Table, band: Band) -> None:
    """The upper bits of some coefficients."""
    first, last, low = band
    words = ahead(data)
    window = words.data
    symbols, lengths = table.symbol[words].data, table.length[words].data
    flat = blocks.reshape(-1)
    places, values = array("q"), array("q")
    here = number = 0
    while number < len(order):
        at = first
        base = int(order[number]) * 64
        number += 1
        while at <= last:
            symbol = symbols[here]
            if not lengths[here]:
                raise BrokenCode("a code that means nothing")
            here += lengths[here]
            run, size = symbol >> 4, symbol & 15
            if size:
                at += run
                bits = window[here] >> (16 - size)
                here += size
                if at > last:
                    raise BrokenCode("a block that is too long")
                places.append(base + at)
                values.append(bits if bits >> (size - 1) else bits - (1 << size) + 1)
                at += 1
            elif run == 15:
                at += 16
            else:  # so many blocks end here
                number += (1 << run) - 1 + (window[here] >> (16 - run))
                here += run
                break
    flat[np.array(places, np.int64)] = np.array(values, np.int64) << low


class _Bits:
    """Where the reading of a scan is."""

    def __init__(self, data: bytes, table: Table) -> None:
        words = ahead(data)
        self.window = words.data
        self.symbols, self.lengths = table.symbol[words].data, table.length[words].data
        self.here = 0

    def one(self) -> int:
        bit = self.window[self.here] >> 15
        self.here += 1
        return bit


def _refine(
    data: bytes, blocks: Blocks, order: NDArray[np.int64], table: Table, band: Band
) -> None:
    """One more bit of the coefficients that are not zero, and those that are not any more."""
    first, last, low = band
    bits = _Bits(data, table)
    flat = blocks.reshape(-1, 64)
    known = (flat[:, first : last + 1] != 0).any(axis=1)
    ended = 0  # so many blocks have no new coefficient
    for place in order.tolist():
        if ended and not known[place]:
            ended -= 1
            continue
        row = flat[place].tolist()
        at = first
        if not ended:
            at, ended = _new_ones(bits, row, at, last, 1 << low)
        if ended:
            for later in range(at, last + 1):
                if row[later]:
                    _correct(bits, row, later, 1 << low)
            ended -= 1
        flat[place] = row


def _new_ones(bits: _Bits, row: list[int], at: int, last: int, bit: int) -> tuple[int, int]:
    """Up to the end of a block; where that is, and how many blocks end with it."""
    while at <= last:
        here = bits.here
        symbol = bits.symbols[here]
        if not bits.lengths[here]:
            raise BrokenCode("a code that means nothing")
        bits.here += bits.lengths[here]
        run, size = symbol >> 4, symbol & 15
        new = 0
        if size:
            new = bit if bits.one() else -bit
        elif run < 15:
            more = bits.window[bits.here] >> (16 - run)
            bits.here += run
            return at, (1 << run) + more
        while at <= last:
            if row[at]:
                _correct(bits, row, at, bit)
            elif run:
                run -= 1
            else:
                break
            at += 1
        if new and at <= last:
            row[at] = new
        at += 1
    return at, 0


def _correct(bits: _Bits, row: list[int], at: int, bit: int) -> None:
    if bits.one() and not abs(row[at]) & bit:
        row[at] += bit if row[at] > 0 else -bit
