"""TIFF directories as bytes: whole pages go from file to file without being decoded.

What a page carries, whatever it is, arrives as it was; only places in the file become others.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np

# Bytes of a value by its type; one letter of `struct` for the types that hold places.
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8,
          13: 4, 16: 8, 17: 8, 18: 8}  # fmt: skip
_SWAPPED = {**_SIZES, 5: 4, 10: 4}  # a fraction is two numbers
_NUMBERS = {1: "B", 3: "H", 4: "I", 13: "I", 16: "Q", 18: "Q"}
# Where the pixels are: (places, lengths) of strips, of tiles, of a JPEG thumbnail.
_DATA = {273: 279, 324: 325, 513: 514}
_POINTERS = {330, 34665, 34853, 40965}
_SHORT, _LONG, _LONG8 = 3, 4, 16
_BLOCK = 2**20
_MOST_ENTRIES = 4096
_DEEPEST = 4


@dataclass(frozen=True, slots=True)
class Entry:
    """A tag's values: `count` of type `kind`, as bytes in their file's order."""

    kind: int
    count: int
    content: bytes


Entries = Mapping[int, Entry]


class TiffBytes:
    """A TIFF file to take directories from. Raises ValueError for one that leads nowhere.

    order: "<" or ">". big: BigTIFF.
    """

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.size = file.seek(0, 2)
        head = self._read(0, 8)
        self.order = "<" if head[:2] == b"II" else ">"
        self.big = self._unpack("H", head[2:4]) == 43
        self._first = (
            self._unpack("Q", self._read(8, 8)) if self.big else self._unpack("I", head[4:])
        )

    def chain(self) -> list[int]:
        """Places of all directories, in order."""
        places: list[int] = []
        place = self._first
        while place:
            if place in places:
                raise ValueError("the directories run in a circle")
            places.append(place)
            count, start, size = self._table(place)
            width = 8 if self.big else 4
            place = self._unpack("Q" if self.big else "I", self._read(start + count * size, width))
        return places

    def directory(self, place: int) -> dict[int, Entry]:
        """Its entries by their tags, without those whose values lie outside the file."""
        count, start, size = self._table(place)
        table = self._read(start, count * size)
        found: dict[int, Entry] = {}
        for at in range(0, len(table), size):
            form = "HHQ" if self.big else "HHI"
            code, kind, number = struct.unpack_from(self.order + form, table, at)
            length = _SIZES.get(kind, 0) * number
            value = table[at + size - (8 if self.big else 4) : at + size]
            if length > len(value):
                value = self._value(self._unpack("Q" if self.big else "I", value), length)
            if length and len(value) >= length:
                found[code] = Entry(kind, number, value[:length])
        return found

    def numbers(self, entry: Entry | None) -> tuple[int, ...]:
        if entry is None or entry.kind not in _NUMBERS:
            return ()
        return struct.unpack(f"{self.order}{entry.count}{_NUMBERS[entry.kind]}", entry.content)

    def segments(self, entries: Entries, places: int) -> list[tuple[int, int]]:
        """(place, length) of each strip or tile that the tag `places` lists."""
        offsets = self.numbers(entries.get(places))
        lengths = self.numbers(entries.get(_DATA[places]))
        if not lengths and len(offsets) == 1:  # some old fax programs leave it out
            lengths = (max(0, self.size - offsets[0]),)
        return list(zip(offsets, lengths, strict=False))

    def blocks(self, place: int, length: int) -> Iterator[bytes]:
        for start in range(place, place + length, _BLOCK):
            yield self._read(start, min(_BLOCK, place + length - start))

    def _table(self, place: int) -> tuple[int, int, int]:
        """How many entries, where they begin, how long each is."""
        count = self._unpack("Q", self._read(place, 8)) if self.big else None
        if count is None:
            count = self._unpack("H", self._read(place, 2))
        if count > _MOST_ENTRIES:
            raise ValueError("a directory of too many entries")
        return (count, place + 8, 20) if self.big else (count, place + 2, 12)

    def _value(self, place: int, length: int) -> bytes:
        return self._read(place, length) if place + length <= self.size else b""

    def _read(self, place: int, length: int) -> bytes:
        self.file.seek(place)
        found = self.file.read(length)
        if len(found) < length:
            raise ValueError("the file ends too early: not enough data")
        return found

    def _unpack(self, form: str, content: bytes) -> int:
        return int(struct.unpack(self.order + form, content)[0])


class TiffAssembly:
    """Writes a TIFF from directories of others. Raises OverflowError over 4 GB, unless `big`."""

    def __init__(self, file: BinaryIO, order: str, big: bool) -> None:
        self.file = file
        self.order = order
        self.big = big
        magic = b"II" if order == "<" else b"MM"
        file.write(magic + (self._pack("HHHQ", 43, 8, 0, 0) if big else self._pack("HI", 42, 0)))
        self._link = 8 if big else 4  # where the place of the next directory will stand

    def add(self, *parts: tuple[TiffBytes, Entries]) -> int:
        """Add a page made of entries from one or several files; later ones win.

        Returned: the place of its directory.
        """
        entries: dict[int, Entry] = {}
        for source, taken in parts:
            entries |= self._moved(source, taken, 0)
        return self.add_directory(entries)

    def add_directory(self, entries: Entries) -> int:
        """As `add`, of entries that hold places in this file already."""
        place = self._write(entries)
        end = self.file.tell()
        self.file.seek(self._link)
        self.file.write(self._place(place))
        self.file.seek(end)
        self._link = end - (8 if self.big else 4)
        return place

    def append(self, blocks: Iterable[bytes]) -> tuple[int, int]:
        """Write data; return where it stands and how long it is."""
        if self.file.tell() % 2:
            self.file.write(b"\0")
        start = self.file.tell()
        for block in blocks:
            self.file.write(block)
        return start, self.file.tell() - start

    def entry(self, numbers: Sequence[int], kind: int = _LONG) -> Entry:
        form = _NUMBERS[kind]
        return Entry(kind, len(numbers), self._pack(f"{len(numbers)}{form}", *numbers))

    def places(self, numbers: Sequence[int]) -> Entry:
        if not self.big and numbers and max(numbers) >= 2**32:
            raise OverflowError
        return self.entry(numbers, _LONG8 if self.big else _LONG)

    def _moved(self, source: TiffBytes, taken: Entries, depth: int) -> dict[int, Entry]:
        """The entries with everything that they point at written into this file."""
        moved: dict[int, Entry] = {}
        for code, entry in taken.items():
            if code in _DATA:
                written = [self.append(source.blocks(*s)) for s in source.segments(taken, code)]
                moved[code] = self.places([place for place, _ in written])
                moved[_DATA[code]] = self.places([length for _, length in written])
            elif code in _POINTERS or entry.kind in (13, 18):
                if depth < _DEEPEST:
                    below = [source.directory(place) for place in source.numbers(entry)]
                    inner = [self._write(self._moved(source, d, depth + 1)) for d in below]
                    moved[code] = self.places(inner)
            elif code not in _DATA.values():
                moved[code] = self._turned(source, entry)
        return {code: entry for code, entry in moved.items() if entry.count}

    def _turned(self, source: TiffBytes, entry: Entry) -> Entry:
        """In this file's byte order."""
        width = _SWAPPED[entry.kind]
        if source.order == self.order or width == 1:
            return entry
        content = np.frombuffer(entry.content, f"u{width}").byteswap().tobytes()
        return Entry(entry.kind, entry.count, content)

    def _write(self, entries: Entries) -> int:
        """Write a directory that nothing points at yet, behind its longer values."""
        width = 8 if self.big else 4
        rows: list[bytes] = []
        for code, entry in sorted(entries.items()):
            value = entry.content.ljust(width, b"\0")
            if len(value) > width:
                value = self._place(self.append([entry.content])[0])
            form = "HHQ" if self.big else "HHI"
            rows.append(self._pack(form, code, entry.kind, entry.count) + value)
        count = self._pack("Q" if self.big else "H", len(rows))
        return self.append([count, *rows, bytes(width)])[0]

    def _place(self, place: int) -> bytes:
        return self.places([place]).content

    def _pack(self, form: str, *values: int) -> bytes:
        return struct.pack(self.order + form, *values)
