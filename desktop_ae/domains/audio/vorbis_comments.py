"""Vorbis comments: the names and values in FLAC, Ogg Vorbis and Opus files."""

from __future__ import annotations

import struct

# Of no vendor, without a comment.
EMPTY = bytes(8)


def with_comment(comments: bytes, text: str) -> bytes:
    """One more, as the last; names may be there twice, but of comments players show one. What
    follows them stays too. Damaged comments are given back as they are.
    """
    try:
        (vendor,) = struct.unpack_from("<I", comments)
        (count,) = struct.unpack_from("<I", comments, 4 + vendor)
        end = 8 + vendor
        names = set()
        for _ in range(count):
            start, end = end + 4, end + 4 + struct.unpack_from("<I", comments, end)[0]
            names.add(comments[start:end].partition(b"=")[0].upper())
    except struct.error:
        return comments
    if end > len(comments):
        return comments
    name = b"ENCODER" if b"COMMENT" in names else b"COMMENT"
    told = name + b"=" + text.encode("ascii")
    head = comments[: 4 + vendor] + struct.pack("<I", count + 1)
    return head + comments[8 + vendor : end] + struct.pack("<I", len(told)) + told + comments[end:]
