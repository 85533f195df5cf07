"""WAV, RF64 and W64 files: their chunks, carried over as the bytes that they are."""

from __future__ import annotations

import os
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO

from desktop_ae.domains.audio.spool import Part, Span, read_part, size_of

W64_RIFF = b"riff\x2e\x91\xcf\x11\xa5\xd6\x28\xdb\x04\xc1\x00\x00"
W64_WAVE = b"wave\xf3\xac\xd3\x11\x8c\xd1\x00\xc0\x4f\x8e\xdb\x8a"
_W64_TAIL = W64_WAVE[4:]
UNKNOWN_SIZE = 0xFFFFFFFF
# More zeros than these behind the sound are silence, and a part of it.
PADDING_BYTES = 2**12
# Left out of what is written: peaks, overviews and checksums of the sound as it was.
STALE = {b"PEAK", b"levl", b"MD5 "}
NEEDED = {b"fmt ", b"fact", b"data"}
# Software, comment, technician.
_MADE_BY = (b"ISFT", b"ICMT", b"ITCH")
_FORMS = {b"RIFF", b"RIFX", b"RF64", b"BW64"}
# What libsndfile reads: PCM, ADPCM, floats, A-law, µ-law, GSM, G.721, MP3, extensible.
_CODES = {0x01, 0x02, 0x03, 0x06, 0x07, 0x11, 0x31, 0x38, 0x40, 0x45, 0x50, 0x55, 0xFFFE}


@dataclass(frozen=True, slots=True)
class Chunk:
    """kind: four letters (W64: of its GUID). guid: W64's, or b""."""

    kind: bytes
    payload: Part
    guid: bytes = b""


@dataclass(frozen=True, slots=True)
class Wave:
    """chunks: in order, with `data` among them, cut to what is there. lied_at: where in the file
    `data` tells its size, if the sound goes on to the file's end instead.
    """

    form: bytes
    chunks: tuple[Chunk, ...]
    lied_at: int = 0

    @property
    def big_endian(self) -> bool:
        return self.form == b"RIFX"

    @property
    def data(self) -> Part:
        return next((c.payload for c in self.chunks if c.kind == b"data"), b"")


def parse_wave(file: IO[bytes]) -> Wave | None:
    """None if it is none of these."""
    end = file.seek(0, os.SEEK_END)
    file.seek(0)
    head = file.read(40)
    if head[:16] == W64_RIFF:
        return _parse_w64(file, end)
    if head[:4] not in _FORMS or head[8:12] != b"WAVE":
        return None
    order = ">" if head[:4] == b"RIFX" else "<"
    chunks: list[Chunk] = []
    lied_at = 0
    true_size: int | None = None
    start = 12
    while start + 8 <= end:
        file.seek(start)
        kind, size = struct.unpack(f"{order}4sI", file.read(8))
        inside = start + 8
        if kind == b"ds64" and size >= 16:
            true_size = struct.unpack("<Q", file.read(16)[8:])[0]
        if kind == b"data":
            if size == UNKNOWN_SIZE and true_size is not None:
                size = true_size
            is_long = end - inside > UNKNOWN_SIZE
            if size == UNKNOWN_SIZE and is_long:
                lied_at = start + 4
            elif size != UNKNOWN_SIZE and not _ends_well(file, inside, size, end):
                lied_at = start + 4 if inside + size < end else 0
                size = end - inside
            size = end - inside if size == UNKNOWN_SIZE else size
        elif not _is_name(kind):
            break
        size = min(size, end - inside)
        chunks.append(Chunk(kind, Span(file, inside, size)))
        start = _behind(file, inside + size, size)
    return Wave(head[:4], tuple(chunks), lied_at)


def lying_wave(file: IO[bytes]) -> Wave | None:
    """A WAV file whose `data` tells a size that cannot be true, since what follows it is no chunk:
    recorders that were switched off leave 0 there, and many count no further than 4 GB.
    """
    wave = parse_wave(file)
    return wave if wave and wave.lied_at else None


def unknown_code(file: IO[bytes]) -> int | None:
    """The code of a WAV file's sound, if libsndfile has no decoder for it."""
    wave = parse_wave(file)
    found = next((c for c in wave.chunks if c.kind == b"fmt "), None) if wave else None
    if wave is None or found is None or size_of(found.payload) < 2:
        return None
    code = int.from_bytes(read_part(found.payload)[:2], "big" if wave.big_endian else "little")
    return None if code in _CODES else code


def compose_wave(
    source: Wave, data: Part, frames: int, keep: bool, made: Wave | None, made_by: str = ""
) -> list[Part]:
    """The source's file with other sound, as parts.

    made: a file of libsndfile's whose `fmt ` and `fact` fit the data; without, the source's do.
    made_by: a line for the list of facts, which W64 does not have.
    """
    own = {c.kind: c for c in (made.chunks if made else ())}
    chunks: list[Chunk] = []
    for chunk in source.chunks:
        if chunk.kind in STALE or chunk.kind == b"ds64":
            continue
        if chunk.kind == b"data":
            chunks.append(Chunk(b"data", data, chunk.guid))
        elif chunk.kind in NEEDED and chunk.kind in own:
            chunks.append(Chunk(chunk.kind, own[chunk.kind].payload, chunk.guid))
        elif chunk.kind == b"fact":
            order = "big" if source.big_endian else "little"
            chunks.append(Chunk(b"fact", _counted(chunk.payload, frames, order), chunk.guid))
        elif keep or chunk.kind in NEEDED:
            chunks.append(chunk)
    if made and b"fact" in own and all(c.kind != b"fact" for c in source.chunks):
        chunks.insert(1, own[b"fact"])
    if source.form == b"riff":
        return _compose_w64(chunks)
    if made_by:
        chunks = _noted(chunks, made_by, ">" if source.big_endian else "<")
    return _compose_riff(source.form, chunks, frames)


def _noted(chunks: Sequence[Chunk], made_by: str, order: str) -> list[Chunk]:
    """One fact more, under the first name that is free, in the source's list or in a new one."""
    lists = ((i, read_part(c.payload)) for i, c in enumerate(chunks) if c.kind == b"LIST")
    of_facts = ((i, content) for i, content in lists if content.startswith(b"INFO"))
    place, facts = next(of_facts, (len(chunks), b"INFO"))
    name = next((name for name in _MADE_BY if name not in facts), None)
    if name is None:
        return [*chunks]
    text = made_by.encode("ascii") + b"\0"
    text += bytes(len(text) % 2)
    facts += bytes(len(facts) % 2) + name + struct.pack(f"{order}I", len(text)) + text
    return [*chunks[:place], Chunk(b"LIST", facts), *chunks[place + 1 :]]


def _compose_riff(form: bytes, chunks: Sequence[Chunk], frames: int) -> list[Part]:
    total = 4 + sum(8 + _even(size_of(c.payload)) for c in chunks)
    large = total + 36 >= UNKNOWN_SIZE and form != b"RIFX"
    if large and form == b"RIFF":
        form = b"RF64"
    wide = form in {b"RF64", b"BW64"}
    order = ">" if form == b"RIFX" else "<"
    parts: list[Part] = []
    if wide:
        data = next(size_of(c.payload) for c in chunks if c.kind == b"data")
        note = struct.pack("<QQQI", total + 36, data, frames, 0)
        parts += [form + struct.pack("<I", UNKNOWN_SIZE) + b"WAVE"]
        parts += [b"ds64" + struct.pack("<I", len(note)) + note]
    else:
        parts += [form + struct.pack(f"{order}I", min(total, UNKNOWN_SIZE)) + b"WAVE"]
    for chunk in chunks:
        size = size_of(chunk.payload)
        told = UNKNOWN_SIZE if wide and chunk.kind == b"data" else min(size, UNKNOWN_SIZE)
        parts += [chunk.kind + struct.pack(f"{order}I", told), chunk.payload]
        if size % 2:
            parts.append(b"\0")
    return parts


def _parse_w64(file: IO[bytes], end: int) -> Wave:
    chunks: list[Chunk] = []
    start = 40
    while start + 24 <= end:
        file.seek(start)
        guid = file.read(16)
        size = struct.unpack("<Q", file.read(8))[0] - 24
        if size < 0:
            break
        size = min(size, end - start - 24)
        kind = guid[:4] if guid[4:] == _W64_TAIL else b"????"
        chunks.append(Chunk(kind, Span(file, start + 24, size), guid))
        start += 24 + -(-size // 8) * 8
    return Wave(b"riff", tuple(chunks))


def _compose_w64(chunks: Sequence[Chunk]) -> list[Part]:
    parts: list[Part] = []
    total = 40
    for index, chunk in enumerate(chunks):
        size = size_of(chunk.payload)
        # libsndfile takes what pads the last chunk for more sound.
        padding = -size % 8 if index < len(chunks) - 1 else 0
        guid = chunk.guid or chunk.kind + _W64_TAIL
        parts += [guid + struct.pack("<Q", size + 24), chunk.payload, bytes(padding)]
        total += 24 + size + padding
    return [W64_RIFF + struct.pack("<Q", total) + W64_WAVE, *parts]


def _ends_well(file: IO[bytes], start: int, size: int, end: int) -> bool:
    """Whether `data` may end there: with the file, or before a plausible chunk."""
    stop = _behind(file, start + size, size)
    if stop >= end - 1:
        return True
    file.seek(stop)
    head = file.read(8)
    if len(head) < 8:
        return True  # a few bytes of padding
    return _is_name(head[:4]) or (0 < end - stop < PADDING_BYTES and not head.strip(b"\0"))


def _behind(file: IO[bytes], stop: int, size: int) -> int:
    """Where the next chunk begins: chunks of an odd size are padded, but not by everyone."""
    if size % 2 == 0:
        return stop
    file.seek(stop)
    return stop if file.read(1).isalpha() else stop + 1


def _is_name(kind: bytes) -> bool:
    return len(kind) == 4 and all(32 <= c < 127 for c in kind)


def _counted(fact: Part, frames: int, order: str) -> Part:
    content = read_part(fact)
    width = 8 if len(content) == 8 else 4
    if len(content) < width or frames >= 1 << 8 * width:
        return content
    return frames.to_bytes(width, "big" if order == "big" else "little") + content[width:]


def _even(size: int) -> int:
    return size + size % 2
