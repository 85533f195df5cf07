"""AIFF, AU and CAF files: what they hold beside the sound, carried over as bytes."""

from __future__ import annotations

import os
import struct
from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import IO

from desktop_ae.domains.audio.spool import Part, Span, read_part, size_of

_AIFF_NEEDED = {b"FVER", b"COMM", b"SSND"}
_CAF_NEEDED = {b"desc", b"chan", b"kuki", b"pakt", b"data"}
_CAF_MADE = {b"desc", b"kuki", b"pakt", b"data"}
# Peaks and overviews of the sound as it was.
_STALE = {b"PEAK", b"peak", b"ovvw"}
_MADE_BY = b"encoding application\0"
_LITTLE_ENDIAN = {b"sowt", b"42ni", b"42n1", b"23ni", b"23n1"}
MOST_BYTES = 2**32 - 1


@dataclass(frozen=True, slots=True)
class Chunks:
    """head: what comes before the chunks. big_endian: how samples lie."""

    head: bytes
    chunks: tuple[tuple[bytes, Part], ...]
    big_endian: bool

    def find(self, kind: bytes) -> Part | None:
        return next((payload for k, payload in self.chunks if k == kind), None)


def parse_aiff(file: IO[bytes]) -> Chunks | None:
    """None if it is no AIFF."""
    end = file.seek(0, os.SEEK_END)
    file.seek(0)
    head = file.read(12)
    if head[:4] != b"FORM" or head[8:12] not in {b"AIFF", b"AIFC"}:
        return None
    chunks: list[tuple[bytes, Part]] = []
    start = 12
    while start + 8 <= end:
        file.seek(start)
        kind, size = struct.unpack(">4sI", file.read(8))
        if not all(32 <= c < 127 for c in kind):
            break
        size = min(size, end - start - 8)
        chunks.append((kind, Span(file, start + 8, size)))
        start += 8 + size + size % 2
    made = Chunks(head, tuple(chunks), True)
    common = made.find(b"COMM")
    code = read_part(common)[18:22] if common else b""
    return Chunks(head, tuple(chunks), code not in _LITTLE_ENDIAN)


def compose_aiff(
    source: Chunks, data: Part, frames: int, keep: bool, made: Chunks | None, made_by: str = ""
) -> list[Part]:
    """The source's file with other sound. made: libsndfile's file that has it, if it is coded.

    made_by: one more annotation, before the source's: of several, readers show the last.
    """
    body: list[Part] = [source.head[8:12]]
    chunks = _wanted(source.chunks, _AIFF_NEEDED, keep)
    if made_by:
        place = next((i for i, (kind, _) in enumerate(chunks) if kind == b"ANNO"), len(chunks))
        chunks.insert(place, (b"ANNO", made_by.encode("ascii")))
    for kind, payload in chunks:
        part = (made.find(kind) if made and kind in _AIFF_NEEDED else None) or payload
        if kind == b"COMM" and not made:
            content = read_part(part)
            part = content[:2] + struct.pack(">I", frames) + content[6:]
        if kind == b"SSND" and not made:
            body += [kind + struct.pack(">III", size_of(data) + 8, 0, 0), data]
            body += [b"\0"] if size_of(data) % 2 else []
            continue
        size = size_of(part)
        body += [kind + struct.pack(">I", size), part, b"\0" * (size % 2)]
    total = sum(size_of(part) for part in body)
    if total > MOST_BYTES:
        raise OverflowError("AIFF ends at 4 GB")
    return [b"FORM" + struct.pack(">I", total), *body]


def au_head(file: IO[bytes]) -> tuple[bytes, bool] | None:
    """What comes before the samples, and whether they are big-endian; None if it is no AU."""
    file.seek(0)
    head = file.read(8)
    if head[:4] not in {b".snd", b"dns."}:
        return None
    big = head[:4] == b".snd"
    size = int.from_bytes(head[4:8], "big" if big else "little")
    file.seek(0)
    return file.read(max(24, min(size, 2**20))), big


def compose_au(head: bytes, big: bool, data: Part, keep: bool) -> list[Part]:
    """The note in the head is what AU has for tags."""
    size = min(size_of(data), MOST_BYTES)
    told = size.to_bytes(4, "big" if big else "little")
    note = head[24:] if keep else bytes(len(head) - 24)
    return [head[:8] + told + head[12:24] + note, data]


def parse_caf(file: IO[bytes]) -> Chunks | None:
    """None if it is no CAF. The payload of `data` comes without its count of edits."""
    end = file.seek(0, os.SEEK_END)
    file.seek(0)
    begin = file.read(8)
    if begin[:4] != b"caff":
        return None
    chunks: list[tuple[bytes, Part]] = []
    big = True
    start = 8
    while start + 12 <= end:
        file.seek(start)
        head = file.read(13)
        if head[:1] == b"\0" and len(head) == 13:  # libsndfile pads, though CAF does not
            start, head = start + 1, head[1:]
        kind, size = struct.unpack(">4sq", head[:12])
        inside = start + 12
        if size < 0 or size > end - inside:
            size = end - inside
        if kind == b"desc":
            file.seek(inside + 12)
            flags = int.from_bytes(file.read(4), "big")
            big = not flags & 2
        skipped = 4 if kind == b"data" else 0
        chunks.append((kind, Span(file, inside + skipped, max(0, size - skipped))))
        start = inside + size
    return Chunks(begin, tuple(chunks), big)


def compose_caf(
    source: Chunks, data: Part, keep: bool, made: Chunks | None, made_by: str = ""
) -> list[Part]:
    """As `compose_aiff`; made_by: a text more, as the first."""
    parts: list[Part] = [source.head]
    left = list(source.chunks)
    if made:
        present = {kind for kind, _ in left}
        left += [(k, p) for k, p in made.chunks if k in _CAF_MADE - present]
    left = _wanted(left, _CAF_NEEDED, keep)
    if made_by:
        left = _noted(left, made_by)
    for kind, payload in left:
        part = made.find(kind) if made and kind in _CAF_MADE else payload
        if part is None:
            continue
        if kind == b"data":
            part = data
            parts.append(kind + struct.pack(">qI", size_of(part) + 4, 0))
        else:
            parts.append(kind + struct.pack(">q", size_of(part)))
        parts.append(part)
    return parts


def _wanted(
    chunks: Sequence[tuple[bytes, Part]], needed: Set[bytes], keep: bool
) -> list[tuple[bytes, Part]]:
    return [c for c in chunks if c[0] not in _STALE and (keep or c[0] in needed)]


def _noted(chunks: list[tuple[bytes, Part]], made_by: str) -> list[tuple[bytes, Part]]:
    """CAF's texts are names and values that end with zeros, behind how many there are."""
    kinds = [kind for kind, _ in chunks]
    place = kinds.index(b"info") if b"info" in kinds else len(chunks)
    before = read_part(chunks[place][1]) if b"info" in kinds else bytes(4)
    count = int.from_bytes(before[:4], "big") + 1
    text = _MADE_BY + made_by.encode("ascii") + b"\0"
    info: tuple[bytes, Part] = b"info", count.to_bytes(4, "big") + text + before[4:]
    return [*chunks[:place], info, *chunks[place + 1 :]]
