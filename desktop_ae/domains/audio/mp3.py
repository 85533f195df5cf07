"""MP3 files: ID3 and APE tags, carried over as bytes, and how they were coded."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from desktop_ae.domains.audio.id3 import with_text
from desktop_ae.domains.audio.spool import Part, Span

ID3V1_BYTES = 128
APE_BYTES = 32
LOOKED_AT_FRAMES = 400
LOOKED_AT_BYTES = 2**16

_RATES_HZ = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
_KBPS_1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_KBPS_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)


@dataclass(frozen=True, slots=True)
class Frame:
    """kbps: its bit rate. size: in bytes. samples: that it codes."""

    kbps: int
    size: int
    samples: int
    rate_hz: int


def leading_size(file: IO[bytes]) -> int:
    """Bytes of the ID3v2 tags that a file begins with."""
    start = 0
    while True:
        file.seek(start)
        head = file.read(10)
        if len(head) < 10 or head[:3] != b"ID3" or any(b & 0x80 for b in head[6:]):
            return start
        size = int.from_bytes(head[6:], "big")
        size = (size & 0x7F) | (size & 0x7F00) >> 1 | (size & 0x7F0000) >> 2 | size >> 3 & 0xFE00000
        footer = 10 if head[5] & 0x10 else 0
        start += 10 + size + footer


def leading_tags(file: IO[bytes]) -> bytes:
    size = leading_size(file)
    file.seek(0)
    return file.read(size)


def trailing_size(file: IO[bytes]) -> int:
    """Bytes of the APE and ID3v1 tags that a file ends with."""
    end = stop = file.seek(0, os.SEEK_END)
    if _at(file, stop - ID3V1_BYTES, 3) == b"TAG":
        stop -= ID3V1_BYTES
    foot = _at(file, stop - APE_BYTES, APE_BYTES)
    if foot[:8] == b"APETAGEX":
        size = int.from_bytes(foot[12:16], "little")
        has_head = bool(foot[23] & 0x80)
        begin = stop - size - (APE_BYTES if has_head else 0)
        if 0 <= begin < stop:
            stop = begin
    return end - stop


def compose_mp3(source: IO[bytes], made: Span, keep: bool, made_by: str = "") -> list[Part]:
    """The file of libsndfile between the source's tags, as parts.

    made_by: a line for the tag at the beginning, if there is one or no other: players would show a
    new one alone, in place of what the tags at the end say.
    """
    after = trailing_size(source) if keep else 0
    end = source.seek(0, os.SEEK_END)
    before = leading_tags(source) if keep else b""
    if made_by and (before or not after):
        before = with_text(before, made_by)
    return [before, made, Span(source, end - after, after)]


def bit_rate(file: IO[bytes]) -> tuple[int, bool]:
    """What kbps a file has, and whether all its frames have the same; 0 if no frame can be found.

    A few hundred frames from the beginning and the middle are looked at.
    """
    begin = leading_size(file)
    end = file.seek(0, os.SEEK_END) - trailing_size(file)
    found = [*_frames(file, begin, end), *_frames(file, (begin + end) // 2, end)]
    # The first may be no sound, but the encoder's note.
    rates = [frame.kbps for frame in found[1:]] or [frame.kbps for frame in found]
    if not rates:
        return 0, True
    constant = len(set(rates)) == 1
    return (rates[0] if constant else round(sum(rates) / len(rates))), constant


def _frames(file: IO[bytes], start: int, end: int) -> Iterator[Frame]:
    """Frames from the first at or after `start` that is followed by another."""
    file.seek(start)
    content = file.read(min(LOOKED_AT_BYTES * 8, max(0, end - start)))
    at = 0
    while at < min(len(content), LOOKED_AT_BYTES):
        at = content.find(b"\xff", at)
        if at < 0:
            return
        frame = _frame(content[at : at + 4])
        if frame and _frame(content[at + frame.size : at + frame.size + 4]):
            break
        at += 1
    for _ in range(LOOKED_AT_FRAMES):
        frame = _frame(content[at : at + 4])
        if frame is None:
            return
        yield frame
        at += frame.size


def _frame(head: bytes) -> Frame | None:
    """From the four bytes that a frame of MPEG layer III begins with."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:
        return None
    version, index, rate = head[1] >> 3 & 3, head[2] >> 4, head[2] >> 2 & 3
    if version == 1 or index in {0, 15} or rate == 3:
        return None
    kbps = (_KBPS_1 if version == 3 else _KBPS_2)[index]
    rate_hz = _RATES_HZ[version][rate]
    samples = 1152 if version == 3 else 576
    size = samples // 8 * kbps * 1000 // rate_hz + (head[2] >> 1 & 1)
    return Frame(kbps, size, samples, rate_hz)


def _at(file: IO[bytes], start: int, size: int) -> bytes:
    if start < 0:
        return b""
    file.seek(start)
    return file.read(size)
