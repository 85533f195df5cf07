"""What FFmpeg cannot write into an MP4 file: its tags as they were, and sound that begins late.

Tags lie in the boxes `udta` and `meta` of `moov`, which FFmpeg would read in part and write anew.
`moov` is the last box of what it writes, so that it may grow.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

TAG_BOXES = {b"udta", b"meta"}
LARGEST_MOOV = 2**28

# Apple's note on a coder's delay: " 00000000 00000840 000001CA 00000000003F31F6 …".
_GAPLESS = re.compile(rb"( [0-9A-Fa-f]{8}) [0-9A-Fa-f]{8} [0-9A-Fa-f]{8} [0-9A-Fa-f]{16}")


@dataclass(frozen=True, slots=True)
class Box:
    """kind: its four letters. start: of its head; head: its bytes; size: of all."""

    kind: bytes
    start: int
    head: int
    size: int


@dataclass(frozen=True, slots=True)
class Sound:
    """The track that was written: its place among the tracks; the coder's delay, its length, and
    how late it begins, all in frames, which are the file's unit of time.
    """

    track: int
    delay: int
    frames: int
    late: int


def finish_moov(
    source: Path,
    target: Path,
    keep: bool,
    sound: Sound,
    note: Callable[[list[bytes]], list[bytes]] = list,
) -> None:
    """Give `target` the source's tags, or none if not `keep`, and let its sound begin when it
    should. Raises OSError.

    note: what adds one more to the boxes of tags.
    """
    tags = _tags_of(source) if keep else []
    with target.open("rb+") as file:
        moov = _find_moov(file)
        if moov is None or moov.size > LARGEST_MOOV:
            return
        file.seek(moov.start)
        content = file.read(moov.size)
        boxes = [content[b.start : b.start + b.size] for b in inside(content, moov.head)]
        if sound.late:
            boxes = _begun_late(boxes, sound)
        if tags is not None:
            boxes = [box for box in boxes if box[4:8] not in TAG_BOXES]
            tags = [_with_delay(tag, sound) for tag in tags]
            boxes += note(tags)
        file.seek(moov.start)
        file.write(boxed(b"moov", *boxes))
        file.truncate()


def _tags_of(path: Path) -> list[bytes] | None:
    """None where they cannot be told from the file, so that FFmpeg's own copies are better."""
    with path.open("rb") as file:
        moov = _find_moov(file)
        if moov is None or moov.size > LARGEST_MOOV:
            return None
        file.seek(moov.start)
        content = file.read(moov.size)
    boxes = [b for b in inside(content, moov.head) if b.kind in TAG_BOXES]
    return [content[b.start : b.start + b.size] for b in boxes]


def _find_moov(file: IO[bytes]) -> Box | None:
    end = file.seek(0, 2)
    start = 0
    while start + 8 <= end:
        file.seek(start)
        box = _box(file.read(16), start, end)
        if box is None:
            return None
        if box.kind == b"moov":
            return box
        start += box.size
    return None


def inside(content: bytes, start: int) -> Iterator[Box]:
    while start + 8 <= len(content):
        box = _box(content[start : start + 16], start, len(content))
        if box is None:
            return
        yield box
        start += box.size


def _box(head: bytes, start: int, end: int) -> Box | None:
    size, kind = struct.unpack(">I4s", head[:8])
    length = 8
    if size == 1 and len(head) == 16:
        size, length = struct.unpack(">Q", head[8:])[0], 16
    elif size == 0:
        size = end - start
    return Box(kind, start, length, size) if length <= size <= end - start else None


def _begun_late(boxes: list[bytes], sound: Sound) -> list[bytes]:
    """An empty edit before the sound's own, which drops the coder's delay: FFmpeg writes one of
    the two. The track and the film become longer.
    """
    tracks = [at for at, box in enumerate(boxes) if box[4:8] == b"trak"]
    if sound.track >= len(tracks):
        return boxes
    at = tracks[sound.track]
    parts = []
    for part in (boxes[at][b.start : b.start + b.size] for b in inside(boxes[at], 8)):
        if part[4:8] == b"edts":
            part = boxed(b"edts", _longer_list(part[8:], sound.late))
        elif part[4:8] == b"tkhd":
            part = _longer(part, 20, sound.late)
        parts.append(part)
    changed = [*boxes]
    changed[at] = boxed(b"trak", *parts)
    length = max(_duration(part, 20) for box in changed for part in _heads(box))
    for index, box in enumerate(changed):
        if box[4:8] == b"mvhd":
            changed[index] = _longer(box, 16, max(0, length - _duration(box, 16)))
    return changed


def _longer_list(elst: bytes, late: int) -> bytes:
    wide = elst[8] == 1
    empty = struct.pack(">Qqhh" if wide else ">Iihh", late, -1, 1, 0)
    count = int.from_bytes(elst[12:16], "big") + 1
    return boxed(b"elst", elst[8:12], count.to_bytes(4, "big"), empty, elst[16:])


def _heads(track: bytes) -> list[bytes]:
    if track[4:8] != b"trak":
        return []
    boxes = (track[b.start : b.start + b.size] for b in inside(track, 8))
    return [box for box in boxes if box[4:8] == b"tkhd"]


def _duration(head: bytes, at: int) -> int:
    """Of a `tkhd` or `mvhd`; `at`: where its narrow kind has it, behind kind and version."""
    start, width = _place(head, at)
    return int.from_bytes(head[start : start + width], "big")


def _longer(head: bytes, at: int, more: int) -> bytes:
    start, width = _place(head, at)
    length = min(_duration(head, at) + more, (1 << 8 * width) - 1)
    return head[:start] + length.to_bytes(width, "big") + head[start + width :]


def _place(head: bytes, at: int) -> tuple[int, int]:
    # The wide kind has eight bytes for each of two dates before it, not four.
    return (8 + at + 8, 8) if head[8] == 1 else (8 + at, 4)


def boxed(kind: bytes, *inside: bytes) -> bytes:
    body = b"".join(inside)
    return struct.pack(">I4s", len(body) + 8, kind) + body


def _with_delay(tags: bytes, sound: Sound) -> bytes:
    """The same number of bytes, which tell our coder's delay in place of the source's."""
    at = tags.find(b"iTunSMPB")
    found = _GAPLESS.search(tags, at, at + 200) if at >= 0 else None
    if found is None:
        return tags
    padding = -(sound.delay + sound.frames) % 1024
    note = b"%s %08X %08X %016X" % (found[1], sound.delay, padding, sound.frames)
    return tags[: found.start()] + note + tags[found.end() :]
