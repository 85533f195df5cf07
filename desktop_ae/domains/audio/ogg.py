"""Ogg files: the comment header with its tags and pictures, carried over as bytes."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from desktop_ae.domains.audio.spool import Span
from desktop_ae.domains.audio.vorbis_comments import with_comment

_HEAD = struct.Struct("<4sBBqIIIB")
CONTINUED = 1
MOST_SEGMENTS = 255
_REVERSED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


@dataclass(frozen=True, slots=True)
class Page:
    """lacing: lengths of its segments. granule: -1 where no packet ends."""

    flags: int
    granule: int
    serial: int
    number: int
    lacing: bytes
    body: bytes


def pages(file: IO[bytes], start: int = 0) -> Iterator[Page]:
    """Ends where the file does, or where it is no Ogg any more."""
    file.seek(start)
    while len(head := file.read(_HEAD.size)) == _HEAD.size:
        mark, _, flags, granule, serial, number, _, segments = _HEAD.unpack(head)
        if mark != b"OggS":
            return
        lacing = file.read(segments)
        yield Page(flags, granule, serial, number, lacing, file.read(sum(lacing)))


def header_packets(file: IO[bytes], count: int) -> list[bytes]:
    """The first packets of the first stream: identification, comments (and Vorbis' setup)."""
    found: list[bytes] = []
    packet = b""
    serial: int | None = None
    for page in pages(file):
        serial = page.serial if serial is None else serial
        if page.serial != serial:
            continue
        at = 0
        for length in page.lacing:
            packet += page.body[at : at + length]
            at += length
            if length < 255:
                found.append(packet)
                packet = b""
                if len(found) == count:
                    return found
    return found


def write_with_comments(
    source: IO[bytes], made: Span, target: Path, keep: bool = True, made_by: str = ""
) -> None:
    """The file of libsndfile with the source's comment header in the place of its own.

    keep: or its own, if not. made_by: one more comment.

    Numbers of pages and their sums are counted anew, since the header may take more of them.
    Raises OSError.
    """
    first = header_packets(made.file, 1)[0]
    count = 2 if first.startswith(b"OpusHead") else 3
    own = header_packets(made.file, count)
    comments = header_packets(source, 2)[1] if keep else own[1]
    if made_by:
        begin = len(b"OpusTags" if count == 2 else b"\x03vorbis")
        comments = comments[:begin] + with_comment(comments[begin:], made_by)
    replaced = [own[0], comments, *own[2:]]
    if count == 2 and keep:
        original = header_packets(source, 1)[0]
        # The rate before it was coded, which decides at what rate it is decoded.
        replaced[0] = own[0][:12] + original[12:16] + own[0][16:]
    with target.open("wb") as file:
        serial = next(pages(made.file)).serial
        number = 0
        file.write(page_bytes(Page(2, 0, serial, 0, bytes([len(replaced[0])]), replaced[0])))
        for page in _paged(replaced[1:], serial):
            number += 1
            file.write(page_bytes(page, number))
        for page in _behind_headers(made.file, count):
            number += 1
            file.write(page_bytes(page, number))


def page_bytes(page: Page, number: int = 0) -> bytes:
    head = _HEAD.pack(
        b"OggS", 0, page.flags, page.granule, page.serial, number, 0, len(page.lacing)
    )
    whole = head + page.lacing + page.body
    return whole[:22] + struct.pack("<I", checksum(whole)) + whole[26:]


def checksum(data: bytes) -> int:
    """Ogg's CRC: that of zlib with every bit order turned round, from 0, not inverted."""
    mirrored = zlib.crc32(data.translate(_REVERSED), 0xFFFFFFFF) ^ 0xFFFFFFFF
    return int(f"{mirrored:032b}"[::-1], 2)


def _behind_headers(file: IO[bytes], count: int) -> Iterator[Page]:
    """The pages of sound. Headers end with a page, in Vorbis and Opus."""
    ended = 0
    for page in pages(file):
        if ended >= count:
            yield page
        ended += sum(length < 255 for length in page.lacing)


def _paged(packets: list[bytes], serial: int) -> Iterator[Page]:
    lacing: list[int] = []
    for packet in packets:
        whole, rest = divmod(len(packet), 255)
        lacing += [255] * whole + [rest]
    body = b"".join(packets)
    at = 0
    for start in range(0, len(lacing), MOST_SEGMENTS):
        segments = bytes(lacing[start : start + MOST_SEGMENTS])
        is_continued = start > 0 and lacing[start - 1] == 255
        ends = any(length < 255 for length in segments)
        size = sum(segments)
        flags = CONTINUED if is_continued else 0
        yield Page(flags, 0 if ends else -1, serial, 0, segments, body[at : at + size])
        at += size
