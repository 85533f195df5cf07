"""The `.hea` file of a WFDB record (WFDB Applications Guide, header(5))."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from desktop_ae.core.errors import Unreadable
from desktop_ae.domains.ecg.wfdb_codes import CODINGS, DIFFERENCES, FLAC_BITS, NO_SIGNAL

USUAL_GAIN = 200.0
USUAL_HZ = 250.0
MOST_SIGNALS = 1024
_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_FORMAT = re.compile(r"(\d+)(?:x(\d+))?(?::(\d+))?(?:\+(\d+))?")
_GAIN = re.compile(rf"({_NUMBER})(?:\(([-+]?\d+)\))?(?:/(\S+))?")
_RATE = re.compile(rf"({_NUMBER})(?:/.*)?")
# Places of the fields in a signal's line.
FILE, INITIAL, CHECKSUM, DESCRIPTION = 0, 5, 6, 8


@dataclass(frozen=True, slots=True)
class Signal:
    """gain: codes per unit; 0 if the header leaves it out. per_frame: samples of it in a frame.

    skew: how many frames it comes late. offset: bytes before the samples in the file.
    line: its place among the header's lines.
    """

    file: str
    format: int
    per_frame: int
    skew: int
    offset: int
    gain: float
    baseline: int
    unit: str
    initial: int
    label: str
    line: int

    @property
    def is_calibrated(self) -> bool:
        return self.gain != 0


@dataclass(frozen=True, slots=True)
class Header:
    """frame_hz: frames a second. frames: 0 if not told. segments: names and frames of each.

    lines: the file's text, with its line endings. record: place of the record's line in it.
    """

    path: Path
    name: str
    frame_hz: float
    frames: int
    signals: tuple[Signal, ...]
    segments: tuple[tuple[str, int], ...]
    lines: tuple[str, ...]
    record: int


def read_header(path: Path) -> Header:
    """Raises OSError, and Unreadable with a sentence."""
    text = path.read_bytes().decode("utf-8", "surrogateescape")
    lines = tuple(text.splitlines(keepends=True))
    told = [i for i, line in enumerate(lines) if line.strip() and not line.lstrip().startswith("#")]
    if not told:
        raise _bad(path, "it is empty")
    fields = lines[told[0]].split()
    name, _, segments = fields[0].partition("/")
    count = _whole(path, fields[1] if len(fields) > 1 else "")
    rate = _RATE.fullmatch(fields[2]) if len(fields) > 2 else None
    if len(fields) > 2 and rate is None:
        raise _bad(path, f"“{fields[2]}” is no sample rate")
    frame_hz = float(rate[1]) if rate else USUAL_HZ
    frames = _whole(path, fields[3]) if len(fields) > 3 else 0
    expected = _whole(path, segments) if segments else count
    if expected > MOST_SIGNALS * (64 if segments else 1):
        raise _bad(path, f"it tells of {expected} parts")
    if len(told) - 1 < expected:
        what = "segments" if segments else "signals"
        raise _bad(path, f"it says {expected} {what}, but describes {len(told) - 1}")
    rest = told[1 : expected + 1]
    if segments:
        parts = tuple(_segment(path, lines[i]) for i in rest)
        return Header(path, name, frame_hz, frames, (), parts, lines, told[0])
    signals = tuple(_signal(path, lines[i], i) for i in rest)
    return Header(path, name, frame_hz, frames, signals, (), lines, told[0])


def rewritten(
    header: Header,
    name: str,
    files: Mapping[str, str],
    checks: Mapping[int, tuple[int, int]],
    keep_metadata: bool,
    made_by: str = "",
) -> bytes:
    """The header for new data; all else as it was, to the last space.

    files: new names by the old ones, of data or of segments. checks: by the index of a signal whose
    samples are others now, its first code and the sum of all. Without metadata it has no comments
    and no date. made_by: one more comment, as the last.
    """
    lines = list(header.lines)
    fields = _split(lines[header.record])
    fields[0] = name + fields[0][len(header.name) :]
    if not keep_metadata:
        line = lines[header.record]
        fields = [*fields[:7], line[len(line.rstrip("\r\n")) :]]
    lines[header.record] = "".join(fields)
    for index, signal in enumerate(header.signals):
        fields = _split(lines[signal.line])
        fields[2 * FILE] = files.get(signal.file, signal.file)
        if index in checks:
            first, total = checks[index]
            if len(fields) > 2 * INITIAL:
                fields[2 * INITIAL] = str(first)
            if len(fields) > 2 * CHECKSUM:
                fields[2 * CHECKSUM] = _checksum(total, fields[2 * CHECKSUM])
        lines[signal.line] = "".join(fields)
    if header.segments:
        for i in range(header.record + 1, len(lines)):
            fields = _split(lines[i])
            fields[0] = files.get(fields[0], fields[0])
            lines[i] = "".join(fields)
    if not keep_metadata:
        lines = [line for line in lines if not line.lstrip().startswith("#")]
    if made_by:
        ending = "\r\n" if lines[0].endswith("\r\n") else "\n"
        lines.append(("" if lines[-1].endswith(("\r", "\n")) else ending) + f"# {made_by}{ending}")
    return "".join(lines).encode("utf-8", "surrogateescape")


def _checksum(total: int, before: str) -> str:
    """Of 16 bits: with a sign, as nearly everyone writes it, or without, as the source has it."""
    unsigned = total & 0xFFFF
    without_sign = before.isdigit() and int(before) > 0x7FFF
    return str(unsigned if without_sign or unsigned < 0x8000 else unsigned - 0x10000)


def _split(line: str) -> list[str]:
    """Fields at even places, what separates them at odd ones. Descriptions may hold spaces."""
    parts = re.split(r"([ \t]+|[\r\n]+$)", line.lstrip(" \t"))
    return [part for i, part in enumerate(parts) if part or i % 2 == 0]


def _segment(path: Path, line: str) -> tuple[str, int]:
    fields = line.split()
    if len(fields) < 2:
        raise _bad(path, "a segment has no length")
    return fields[0], _whole(path, fields[1])


def _signal(path: Path, line: str, place: int) -> Signal:
    fields = line.split(None, DESCRIPTION)
    coded = _FORMAT.fullmatch(fields[1]) if len(fields) > 1 else None
    if coded is None:
        raise _bad(path, f"“{line.strip()[:60]}” describes no signal")
    format, per_frame, skew, offset = (int(found or 0) for found in coded.groups())
    if format not in CODINGS.keys() | FLAC_BITS.keys() | {DIFFERENCES, NO_SIGNAL}:
        raise _bad(path, f"there is no signal format {format}")
    gain = _GAIN.fullmatch(fields[2]) if len(fields) > 2 else None
    if len(fields) > 2 and gain is None:
        raise _bad(path, f"“{fields[2]}” is no gain")
    numbers = [_whole(path, field, True) for field in fields[3:7]] + [0] * 4
    zero, initial = numbers[1], numbers[2] if len(fields) > INITIAL else numbers[1]
    return Signal(
        fields[FILE],
        format,
        max(1, per_frame),
        skew,
        offset,
        float(gain[1]) if gain else 0.0,
        int(gain[2]) if gain and gain[2] else zero,
        (gain[3] if gain and gain[3] else "mV"),
        initial,
        fields[DESCRIPTION].strip() if len(fields) > DESCRIPTION else "",
        place,
    )


def _whole(path: Path, field: str, signed: bool = False) -> int:
    if not re.fullmatch(r"[-+]?\d{1,18}" if signed else r"\d{1,18}", field):
        raise _bad(path, f"“{field[:40]}” stands where a whole number belongs")
    return int(field)


def _bad(path: Path, why: str) -> Unreadable:
    return Unreadable(path, f"{path.name} is no header that can be read: {why}.")
