"""One tag more in an MP4 or MOV file, all others as they are."""

from __future__ import annotations

import struct
from collections.abc import Sequence

from desktop_ae.domains.audio.mp4_boxes import Box, boxed, inside

_UNDETERMINED = 0x55C4  # a language
_NAME = b"PROCESSED_BY"
# Software, information, comment.
_USER_DATA = (b"\xa9swr", b"\xa9inf", b"\xa9cmt")


def with_note(tags: Sequence[bytes], text: str, container: str) -> list[bytes]:
    """tags: the boxes `udta` and `meta` of `moov`; the first `udta` gets the note, or a new one.

    M4A and MP4 have a list of items as iTunes writes it, MOV QuickTime's user data; 3GP has tags of
    its own, and none for this. What is there but is of another kind is given back as it is.
    """
    kinds = [tag[4:8] for tag in tags]
    place = kinds.index(b"udta") if b"udta" in kinds else len(kinds)
    data = tags[place] if place < len(tags) else boxed(b"udta")
    if container == "3GP" or _has_long_size(data, 0):
        return [*tags]
    add = _with_user_data if container == "MOV" else _with_item
    data = add(data, text.encode("ascii"))
    return [*tags[:place], data, *tags[place + 1 :]]


def _with_user_data(data: bytes, text: bytes) -> bytes:
    kind = next((kind for kind in _USER_DATA if kind not in data), _USER_DATA[0])
    note = boxed(kind, struct.pack(">HH", len(text), _UNDETERMINED), text)
    return boxed(b"udta", note, data[8:])  # as the first: zeros may end the list


def _with_item(data: bytes, text: bytes) -> bytes:
    name = boxed(b"mean", bytes(4), b"com.apple.iTunes") + boxed(b"name", bytes(4), _NAME)
    value = boxed(b"data", struct.pack(">II", 1, 0), text)
    item = boxed(b"----", name, value)
    meta = _find(data, 8, len(data), b"meta")
    if meta is None:
        handler = boxed(b"hdlr", bytes(8), b"mdirappl", bytes(9))
        return boxed(b"udta", boxed(b"meta", bytes(4), handler, boxed(b"ilst", item)), data[8:])
    end = meta.start + meta.size
    items = _find(data, meta.start + 12, end, b"ilst")
    if items is None or any(_has_long_size(data, box.start) for box in (meta, items)):
        return data
    stop = items.start + items.size
    grown = bytearray(data[:stop] + item + data[stop:])
    for start in (0, meta.start, items.start):
        size = int.from_bytes(data[start : start + 4], "big") + len(item)
        struct.pack_into(">I", grown, start, size)
    return bytes(grown)


def _find(content: bytes, start: int, stop: int, kind: bytes) -> Box | None:
    return next((box for box in inside(content[:stop], start) if box.kind == kind), None)


def _has_long_size(content: bytes, start: int) -> bool:
    """Whether a box tells its size elsewhere than at its start."""
    return int.from_bytes(content[start : start + 4], "big") < 8
