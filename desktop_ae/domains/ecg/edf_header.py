"""The header of EDF, EDF+, BDF and BDF+ files (Kemp et al. 1992; Kemp and Olivan 2003)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from desktop_ae.core.errors import Unreadable
from desktop_ae.core.provenance import Provenance
from desktop_ae.domains.ecg.spool import SourceBytes

HEAD_BYTES = 256
MOST_SIGNALS = 4096
ANNOTATIONS = ("EDF Annotations", "BDF Annotations")
# What a file without its metadata says in place of patient and recording, as EDF+ wants it.
NOBODY = b"X X X X".ljust(80)
NO_RECORDING = b"Startdate X X X X".ljust(80)
NO_DATE = b"01.01.85"
_RECORDING = 88, 168
# "Startdate", the date, the investigation, who did it, with what.
_EDF_PLUS_WORDS = 5
_WIDTHS = (16, 80, 8, 8, 8, 8, 8, 80, 8, 32)


@dataclass(frozen=True, slots=True)
class Signal:
    """least, greatest: of what can be stored, physical (in `unit`) and digital.

    size: samples in a data record. start: byte in a data record where they begin.
    """

    label: str
    unit: str
    least: float
    greatest: float
    digital_least: int
    digital_greatest: int
    size: int
    start: int

    @property
    def is_calibrated(self) -> bool:
        return self.digital_least != self.digital_greatest and self.least != self.greatest

    @property
    def units_per_code(self) -> float:
        """One for a signal whose limits do not say it."""
        if not self.is_calibrated:
            return 1.0
        return (self.greatest - self.least) / (self.digital_greatest - self.digital_least)


@dataclass(frozen=True, slots=True)
class Header:
    """kind: "EDF" or "BDF". width: bytes of a sample. records: whole ones that are there; told:
    how many the header says, -1 if it does not know. seconds: of one. is_broken: with gaps.
    """

    kind: str
    width: int
    bytes: int
    record_bytes: int
    records: int
    told: int
    seconds: float
    is_broken: bool
    signals: tuple[Signal, ...]


def read_header(source: SourceBytes) -> Header:
    """Raises Unreadable."""
    path = source.path
    if source.size < HEAD_BYTES:
        raise _bad(path, "it is cut short")
    head = source.read(0, HEAD_BYTES)
    is_bdf = head[:1] == b"\xff"
    count = _whole(path, head[252:256], "number of signals")
    told = _whole(path, head[236:244], "number of records")
    seconds = _number(path, head[244:252], "length of a record")
    if not 1 <= count <= MOST_SIGNALS:
        raise _bad(path, f"it says that it has {count} signals")
    size = HEAD_BYTES * (count + 1)
    if source.size < size:
        raise _bad(path, "it is cut short")
    table = source.read(HEAD_BYTES, size - HEAD_BYTES)
    width = 3 if is_bdf else 2
    signals = []
    start = 0
    for index in range(count):
        signal = _signal(path, table, index, count, start)
        signals.append(signal)
        start += signal.size * width
    if start == 0:
        raise _bad(path, "its records hold no samples")
    there = (source.size - size) // start
    records = there if told < 0 else min(there, told)
    reserved = head[192:236].decode("latin-1").strip()
    return Header(
        "BDF" if is_bdf else "EDF",
        width,
        size,
        start,
        records,
        told,
        seconds,
        reserved[:5] in {"EDF+D", "BDF+D"},
        tuple(signals),
    )


def without_person(head: bytes) -> bytes:
    """The first bytes of a file without who, where and when."""
    return head[:8] + NOBODY + NO_RECORDING + NO_DATE + b"00.00.00" + head[184:]


def with_maker(head: bytes, made_by: Provenance) -> bytes:
    """The first bytes of a file with one word more about the recording: after the four that EDF+
    wants there, any may follow, and spaces stand between words alone. In full where there is room,
    else in brief; or else the bytes are given back as they are.
    """
    begin, end = _RECORDING
    told = head[begin:end].rstrip(b" \0")
    if told.startswith(b"Startdate"):
        told += b" X" * (_EDF_PLUS_WORDS - len(told.split()))
    for word in (made_by.text.replace(" ", "_"), made_by.brief):
        field = (told + b" " if told else b"") + word.encode("ascii")
        if len(field) <= end - begin:
            return head[:begin] + field.ljust(end - begin) + head[end:]
    return head


def onsets(source: SourceBytes, header: Header) -> list[float] | None:
    """When each record of a file with gaps begins, in seconds; None if it does not say so."""
    told = next((s for s in header.signals if s.label in ANNOTATIONS), None)
    if told is None:
        return None
    found = []
    for record in range(header.records):
        place = header.bytes + record * header.record_bytes + told.start
        stamp = source.read(place, min(told.size * header.width, 64)).split(b"\x14")[0]
        try:
            found.append(float(stamp.split(b"\x15")[0]))
        except ValueError:
            return None
    return found if np.isfinite(found).all() else None


def _signal(path: Path, table: bytes, index: int, count: int, start: int) -> Signal:
    fields = []
    at = 0
    for width in _WIDTHS:
        fields.append(table[at + index * width : at + (index + 1) * width])
        at += width * count
    label = fields[0].decode("latin-1").strip("\0 ")
    if label in ANNOTATIONS:
        numbers = [0.0] * 4
    else:
        what = [f"limits of “{label}”"] * 4
        numbers = [_number(path, f, w) for f, w in zip(fields[3:7], what, strict=True)]
    size = _whole(path, fields[8], f"number of samples of “{label}”")
    if size < 0:
        raise _bad(path, f"“{label}” has {size} samples in a record")
    unit = fields[2].decode("latin-1").strip("\0 ")
    least, greatest, digital_least, digital_greatest = numbers
    return Signal(
        label, unit, least, greatest, round(digital_least), round(digital_greatest), size, start
    )


def _number(path: Path, field: bytes, what: str) -> float:
    text = field.decode("latin-1").strip("\0 ").replace(",", ".")
    try:
        number = float(text)
    except ValueError:
        raise _bad(path, f"“{text}” stands for the {what}") from None
    if not np.isfinite(number):
        raise _bad(path, f"“{text}” stands for the {what}")
    return number


def _whole(path: Path, field: bytes, what: str) -> int:
    number = _number(path, field, what)
    if number != round(number):
        raise _bad(path, f"“{number}” stands for the {what}")
    return round(number)


def _bad(path: Path, why: str) -> Unreadable:
    return Unreadable(path, f"{path.name} has a header that cannot be read: {why}.")
