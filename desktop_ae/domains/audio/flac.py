"""FLAC files: their blocks of tags, pictures and cue sheets, carried over as bytes."""

from __future__ import annotations

import os
from typing import IO

from desktop_ae.domains.audio.mp3 import leading_size
from desktop_ae.domains.audio.spool import Part, Span
from desktop_ae.domains.audio.vorbis_comments import EMPTY, with_comment

STREAMINFO, SEEKTABLE, COMMENTS = 0, 3, 4
# Of a block.
MOST_BYTES = 2**24 - 1
# Blocks that only locate or describe the sound as it was coded.
_STALE = {STREAMINFO, SEEKTABLE}


def compose_flac(source: IO[bytes], made: Span, keep: bool, made_by: str = "") -> list[Part]:
    """The file of libsndfile with the source's blocks in the place of its own, as parts.

    made_by: one more comment.
    """
    start = leading_size(source)
    _, blocks, _ = _parse(source, start)
    own, _, frames_at = _parse(made.file, 0)
    kept = [block for kind, block in blocks if kind not in _STALE] if keep else []
    if made_by:
        kept = _noted(kept, made_by)
    blocks_out = [own, *kept]
    parts: list[Part] = []
    if keep and start:
        parts.append(Span(source, 0, start))
    parts.append(b"fLaC")
    for index, block in enumerate(blocks_out):
        is_last = index == len(blocks_out) - 1
        parts.append(bytes([block[0] & 0x7F | (0x80 if is_last else 0)]) + block[1:])
    parts.append(Span(made.file, frames_at, made.size - frames_at))
    return parts


def _noted(blocks: list[bytes], made_by: str) -> list[bytes]:
    kinds = [block[0] & 0x7F for block in blocks]
    place = kinds.index(COMMENTS) if COMMENTS in kinds else len(blocks)
    before = blocks[place][4:] if place < len(blocks) else EMPTY
    body = with_comment(before, made_by)
    if len(body) > MOST_BYTES:
        return blocks
    block = bytes([COMMENTS]) + len(body).to_bytes(3, "big") + body
    return [*blocks[:place], block, *blocks[place + 1 :]]


def told_length(file: IO[bytes], frames: int) -> tuple[int, bytes]:
    """Where a file tells how many frames it has, and the bytes that tell this number."""
    start = leading_size(file) + 21
    file.seek(start)
    upper = file.read(1)[0] & 0xF0 | frames >> 32
    return start, bytes([upper]) + (frames & 0xFFFFFFFF).to_bytes(4, "big")


def _parse(file: IO[bytes], start: int) -> tuple[bytes, list[tuple[int, bytes]], int]:
    """STREAMINFO, every block with its kind, and where the frames begin.

    Raises OSError if it is not as FLAC is, which libsndfile has read before.
    """
    end = file.seek(0, os.SEEK_END)
    file.seek(start)
    if file.read(4) != b"fLaC":
        raise OSError("the FLAC file changed while it was read")
    info = b""
    blocks: list[tuple[int, bytes]] = []
    while file.tell() + 4 <= end:
        head = file.read(4)
        block = head + file.read(int.from_bytes(head[1:], "big"))
        kind = head[0] & 0x7F
        if kind == STREAMINFO:
            info = block
        blocks.append((kind, block))
        if head[0] & 0x80:
            break
    return info, blocks, file.tell()
