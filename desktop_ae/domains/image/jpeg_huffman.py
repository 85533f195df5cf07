"""The Huffman code of sequential JPEG data (ITU-T T.81, annex F), both ways, in numpy.

Decoding is sequential by nature: each symbol says where the next one begins. So for every bit of
the data the step to the next symbol is looked up at once, and a bare loop follows the steps.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]
Blocks = NDArray[np.int16]  # (count, 64), in zigzag order

_CHUNK_BYTES = 2**17
# No block is longer: 64 symbols of 16 bits, with 15 bits behind each.
_MARGIN_BYTES = 64 * 31 // 8 + 8
_MCU_BLOCKS = 10
_RESTART = re.compile(rb"\xff+[\xd0-\xd7]")
_END, _BAD = 64, 127


class BrokenCode(Exception):
    """Data that is damaged, or of a kind that is not known here."""


class Table:
    """A Huffman table, from the 16 counts and the symbols that a DHT segment gives."""

    def __init__(self, counts: bytes, symbols: bytes) -> None:
        lengths = np.repeat(np.arange(1, 17), np.frombuffer(counts, np.uint8))
        values = np.frombuffer(symbols, np.uint8)[: len(lengths)].astype(np.int64)
        spans = 1 << (16 - lengths)
        if len(values) < len(lengths) or int(spans.sum()) > 1 << 16:
            raise BrokenCode("an impossible Huffman table")
        starts = np.cumsum(spans) - spans
        # By the next 16 bits of the data: what symbol they begin with, and how long its code is.
        self.symbol = np.zeros(1 << 16, np.uint8)
        self.length = np.zeros(1 << 16, np.uint8)
        self.symbol[: spans.sum()] = np.repeat(values, spans)
        self.length[: spans.sum()] = np.repeat(lengths, spans)
        # By symbol: its code, and that code's length (0: it has none).
        self.codes = np.zeros(256, np.uint64)
        self.lengths = np.zeros(256, np.int64)
        self.codes[values] = starts >> (16 - lengths)
        self.lengths[values] = lengths

    def steps(self, *, ac: bool) -> NDArray[np.uint16]:
        """By 16 bits: how far the next symbol is in bits, and (from bit 6 on) in coefficients."""
        size = (self.symbol & 15).astype(np.uint16)
        run = (self.symbol >> 4).astype(np.uint16)
        bits = self.length + size
        forth = run + np.uint16(1)
        if ac:
            forth[(size == 0) & (run < 15)] = _END  # the rest of the block is zero
        forth[self.length == 0] = _BAD
        return bits | forth << np.uint16(6)

    def read(self, words: NDArray[np.uint16], places: Integers) -> tuple[Integers, Integers]:
        """The symbols that begin at some bits, and the numbers behind them. words: see `ahead`."""
        found = words[places]
        lengths = self.length[found].astype(np.int64)
        if (lengths == 0).any():
            raise BrokenCode("a code that means nothing")
        symbols = self.symbol[found].astype(np.int64)
        sizes = symbols & 15
        bits = words[places + lengths].astype(np.int64) >> (16 - sizes)
        low = bits < (1 << sizes) >> 1
        return symbols, np.where(low, bits - (1 << sizes) + 1, bits)


def ahead(data: bytes) -> NDArray[np.uint16]:
    """Of each bit of the data, and of some zeros after its end: it and the 15 behind it."""
    octets = np.frombuffer(data + bytes(6), np.uint8).astype(np.uint32)
    words = octets[:-2] << 16 | octets[1:-1] << 8 | octets[2:]
    shifts = np.arange(8, 0, -1, dtype=np.uint32)
    found = np.empty((len(words), 8), np.uint16)
    for first in range(0, len(words), _CHUNK_BYTES):
        part = words[first : first + _CHUNK_BYTES, None] >> shifts
        found[first : first + _CHUNK_BYTES] = part & np.uint32(0xFFFF)
    return found.ravel()


def restart_pieces(data: bytes) -> list[bytes]:
    """The data of a scan between its restart markers, without stuffed bytes."""
    return [piece.replace(b"\xff\x00", b"\xff") for piece in _RESTART.split(data)]


@dataclass(frozen=True, slots=True)
class Part:
    """The blocks of one component in an MCU: how many, and their tables."""

    count: int
    dc: Table
    ac: Table


def decode(data: bytes, parts: Sequence[Part], mcus: int, interval: int) -> list[Blocks]:
    """The coefficients of a sequential scan, for each part in the order of the scan.

    data: all of the scan as the file has it. interval: MCUs between restart markers, 0 for none.
    Raises BrokenCode.
    """
    pieces = restart_pieces(data)
    interval = interval or mcus
    if len(pieces) < -(-mcus // interval):
        raise BrokenCode("restart markers are missing")
    starts = [0]
    for piece in pieces:
        starts.append(starts[-1] + 8 * len(piece))
    walk = _Walk(b"".join(pieces), parts, mcus)
    for number, first in enumerate(range(0, mcus, interval)):
        walk.go(starts[number], min(interval, mcus - first))
    walk.settle()
    return [
        _summed(blocks, part.count * interval)
        for blocks, part in zip(walk.blocks, parts, strict=True)
    ]


class _Walk:
    """Goes from symbol to symbol through chunks of the data, and notes where they are.

    blocks: of each part, the first coefficient as its difference to the one before.
    """

    def __init__(self, data: bytes, parts: Sequence[Part], mcus: int) -> None:
        self._data = data
        self._parts = parts
        self.blocks = [np.zeros((part.count * mcus, 64), np.int16) for part in parts]
        self._done = [0] * len(parts)
        self._stop = 0  # bits, where the chunk ends
        self._notes = [(array("q"), array("q"), array("B")) for _ in parts]
        self._load(0)

    def _load(self, place: int) -> None:
        """Make the chunk that begins with a bit."""
        self._first = place // 8 * 8
        length = _CHUNK_BYTES + (_MCU_BLOCKS + 1) * _MARGIN_BYTES
        chunk = self._data[place // 8 : place // 8 + length]
        if len(chunk) < length:  # nothing that is read beyond the end is looked at for long
            chunk += bytes(min(length - len(chunk), _MARGIN_BYTES))
        self._stop = self._first + 8 * _CHUNK_BYTES
        self._ahead = ahead(chunk)
        made: dict[int, memoryview] = {}
        self._layout = []
        for part, notes in zip(self._parts, self._notes, strict=True):
            for table, ac in ((part.dc, False), (part.ac, True)):
                if id(table) not in made:
                    made[id(table)] = table.steps(ac=ac)[self._ahead].data
            self._layout += [(made[id(part.dc)], made[id(part.ac)], *notes)] * part.count

    def go(self, place: int, mcus: int) -> None:
        """Follow some MCUs from a bit of the data on."""
        if place >= self._stop or place < self._first:
            self.settle()
            self._load(place)
        first = self._first
        try:
            for _ in range(mcus):
                for dc_steps, ac_steps, dc_places, ac_places, counts in self._layout:
                    here = place - first
                    dc_places.append(here)
                    step = dc_steps[here]
                    here += step & 63
                    before = len(ac_places)
                    at = 0
                    while at < 63:
                        step = ac_steps[here]
                        ac_places.append(here)
                        here += step & 63
                        at += step >> 6
                    counts.append(len(ac_places) - before)
                    place = here + first
                if place >= self._stop:
                    self.settle()
                    self._load(place)
                    first = self._first
        except IndexError as error:
            raise BrokenCode("the data ends too early") from error

    def settle(self) -> None:
        """Turn what was noted into coefficients, while the chunk is there."""
        for number, (part, notes) in enumerate(zip(self._parts, self._notes, strict=True)):
            dc_places, ac_places, counts = (np.array(note, np.int64) for note in notes)
            blocks = self.blocks[number][self._done[number] :][: len(dc_places)]
            symbols, values = part.dc.read(self._ahead, dc_places)
            if (symbols > 11).any():
                raise BrokenCode("a difference that is too large")
            blocks[:, 0] = values
            symbols, values = part.ac.read(self._ahead, ac_places)
            sizes, runs = symbols & 15, symbols >> 4
            forth = np.where((sizes == 0) & (runs < 15), 0, runs + 1)
            reached = np.cumsum(forth)
            ends = np.cumsum(counts)
            before = np.concatenate([[0], reached])[ends - counts]
            places = reached - np.repeat(before, counts)
            if (places > 63).any() or (forth == 0)[(symbols != 0)].any():
                raise BrokenCode("a block that is too long")
            held = sizes > 0
            owners = np.repeat(np.arange(len(blocks)), counts)
            blocks[owners[held], places[held]] = values[held]
            self._done[number] += len(blocks)
            for note in notes:
                del note[:]


def _summed(blocks: Blocks, restart: int) -> Blocks:
    """Differences of the first coefficients become these; each restart begins from 0 again."""
    for first in range(0, len(blocks), restart):
        blocks[first : first + restart, 0] = np.cumsum(blocks[first : first + restart, 0])
    return blocks


class Encoder:
    """Writes the coefficients of a scan, some MCUs at a time, without restart markers."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self._parts = list(parts)
        self._before = [0] * len(self._parts)  # first coefficient of the last block of each
        self._left = (0, 0)  # bits that do not fill a byte yet, and how many

    def encode(self, blocks: Sequence[Blocks]) -> bytes:
        """The data of the next MCUs. blocks: of each part, as many MCUs of each.

        Raises BrokenCode for coefficients that a table has no code for.
        """
        mcus = len(blocks[0]) // self._parts[0].count
        ordered, tables = [], []
        for number, (part, own) in enumerate(zip(self._parts, blocks, strict=True)):
            first = own[:, 0].astype(np.int64)
            differing = own.astype(np.int64)
            differing[:, 0] = np.diff(first, prepend=self._before[number])
            self._before[number] = int(first[-1])
            ordered.append(differing.reshape(mcus, part.count, 64))
            tables += [number] * part.count
        whole = np.concatenate(ordered, axis=1).reshape(-1, 64)
        bits, lengths = self._coded(whole, np.tile(np.array(tables), mcus))
        return self._packed(bits, lengths)

    def finish(self) -> bytes:
        """The last bits, filled up with ones."""
        bits, count = self._left
        missing = -count % 8
        filled = (bits << missing | (1 << missing) - 1).to_bytes((count + missing) // 8, "big")
        return filled.replace(b"\xff", b"\xff\x00")

    def _coded(self, blocks: Integers, owners: Integers) -> tuple[NDArray[np.uint64], Integers]:
        """Codes with the numbers behind them, and their lengths in bits, in order.

        Of each block: the first coefficient; for each other that is not zero, the long runs of
        zeros before it and itself; the end, if zeros are left.
        """
        held = blocks[:, 1:] != 0
        counts = held.sum(axis=1)
        block, place = np.nonzero(held)
        values = blocks[:, 1:][held]
        heads = np.cumsum(2 * counts + 2) - (2 * counts + 2)
        firsts = np.cumsum(counts) - counts
        runs = np.diff(place, prepend=-1) - 1
        begins = firsts[counts > 0]
        runs[begins] = place[begins]
        last = np.full(len(blocks), -1)
        last[counts > 0] = place[(firsts + counts - 1)[counts > 0]]

        bits = np.zeros(int((2 * counts + 2).sum()), np.uint64)
        lengths = np.zeros(len(bits), np.int64)
        at = heads[block] + 1 + 2 * (np.arange(len(block)) - firsts[block])
        for number, part in enumerate(self._parts):
            own = owners == number
            _put(bits, lengths, heads[own], part.dc, 0, blocks[own, 0])
            mine = own[block]
            _put_zeros(bits, lengths, at[mine], part.ac, runs[mine] >> 4)
            _put(bits, lengths, at[mine] + 1, part.ac, runs[mine] & 15, values[mine])
            open_end = own & (last < 62)
            ends = (heads + 1 + 2 * counts)[open_end]
            bits[ends], lengths[ends] = part.ac.codes[0], part.ac.lengths[0]
        return bits, lengths

    def _packed(self, bits: NDArray[np.uint64], lengths: Integers) -> bytes:
        left, count = self._left
        bits = np.concatenate([np.array([left], np.uint64), bits])
        lengths = np.concatenate([[count], lengths])
        ends = np.cumsum(lengths)
        starts = ends - lengths
        words = bits << (64 - (starts & 7) - lengths).clip(0, 63).astype(np.uint64)
        length = int(ends[-1])
        octets = np.zeros(length // 8 + 9, np.float64)
        for number in range(6):  # no item is longer than 39 bits, and 7 stand before it
            part = (words >> np.uint64(56 - 8 * number)) & np.uint64(255)
            # The bits of each byte come from different items: their sum is all of them.
            octets += np.bincount((starts >> 3) + number, part, len(octets))
        data = octets.astype(np.uint8).tobytes()
        rest = length % 8
        self._left = (data[length // 8] >> (8 - rest), rest)
        return data[: length // 8].replace(b"\xff", b"\xff\x00")


def _put(
    bits: NDArray[np.uint64],
    lengths: Integers,
    places: Integers,
    table: Table,
    runs: Integers | int,
    values: Integers,
) -> None:
    """The code of each run and size, and the number itself behind it."""
    sizes = np.frexp(np.abs(values).astype(np.float64))[1].astype(np.int64)
    symbols = sizes | np.int64(16) * runs
    if sizes.size and (int(sizes.max()) > 11 or not table.lengths[symbols].all()):
        raise BrokenCode("a coefficient that is too large")
    numbers = np.where(values < 0, values + (1 << sizes) - 1, values).astype(np.uint64)
    bits[places] = table.codes[symbols] << sizes.astype(np.uint64) | numbers
    lengths[places] = table.lengths[symbols] + sizes


def _put_zeros(
    bits: NDArray[np.uint64], lengths: Integers, places: Integers, table: Table, counts: Integers
) -> None:
    """So many times sixteen zeros; up to three codes become one item."""
    code, length = int(table.codes[0xF0]), int(table.lengths[0xF0])
    several = np.array([0, code, code << length | code, 0], np.uint64)
    several[3] = int(several[2]) << length | code
    bits[places] = several[counts]
    lengths[places] = counts * length
