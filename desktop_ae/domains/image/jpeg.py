"""What a JPEG file carries beside its pixels: segments, copied byte for byte."""

from __future__ import annotations

import shutil
import struct
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO

from PIL import Image

from desktop_ae.domains.image.files import ORIENTATION

_ICC = b"ICC_PROFILE\0"
_EXIF = b"Exif\0\0"
# APP1 (EXIF, XMP), APP2 (only if a colour profile), APP13 (IPTC), comments.
_COMMENT = 0xFE
_KEPT = {0xE1, 0xE2, 0xED, _COMMENT}
_LONGEST = 65533
_COPIED_BYTES = 2**20  # at once: a large result is not held in memory
# The sum of the luma table of ITU-T T.81, annex K, which quality 50 stands for.
_LUMA_SUM = 3688


def estimate_quality(tables: Mapping[int, Sequence[int]]) -> int:
    """The encoder quality for a result, from the source's own tables: 90 at least, 98 at most."""
    scale = 100 * sum(tables[0]) / _LUMA_SUM if 0 in tables else 10
    quality = (200 - scale) / 2 if scale <= 100 else 5000 / scale
    return round(min(98.0, max(90.0, quality)))


def copy_segments(
    source: Path, target: Path, icc: bytes | None, orientation: int | None, made_by: str = ""
) -> None:
    """Put the source's metadata into a freshly encoded file.

    icc: the profile of the new pixels; the source's own segments are used if it is theirs.
    orientation: None takes everything along; a number leaves out all but profile and way up.
    made_by: one more comment. It stands before the source's, since many readers show the last.
    """
    old = list(_segments(source))
    own_icc = b"".join(body[len(_ICC) + 2 :] for code, body in old if _is_icc(code, body))
    kept: list[tuple[int, bytes]] = []
    if orientation is None:
        kept += [(c, b) for c, b in old if c in _KEPT and c != 0xE2]
    elif orientation != 1:
        exif = Image.Exif()
        exif[ORIENTATION] = orientation
        kept.append((0xE1, exif.tobytes()))
    if made_by:
        place = next((i for i, (code, _) in enumerate(kept) if code == _COMMENT), len(kept))
        kept.insert(place, (_COMMENT, made_by.encode("ascii")))
    if icc and icc == own_icc:
        kept += [(c, b) for c, b in old if _is_icc(c, b)]
    elif icc:
        kept += _icc_segments(icc)
    whole = target.with_suffix(".whole")
    try:
        with target.open("rb") as fresh, whole.open("wb") as file:
            file.write(_head(fresh))
            file.writelines(struct.pack(">BBH", 0xFF, c, len(b) + 2) + b for c, b in kept)
            shutil.copyfileobj(fresh, file, _COPIED_BYTES)
        whole.replace(target)
    finally:
        whole.unlink(missing_ok=True)


def _is_icc(code: int, body: bytes) -> bool:
    return code == 0xE2 and body.startswith(_ICC)


def _icc_segments(icc: bytes) -> list[tuple[int, bytes]]:
    room = _LONGEST - len(_ICC) - 2
    parts = [icc[i : i + room] for i in range(0, len(icc), room)]
    return [(0xE2, _ICC + bytes([n, len(parts)]) + part) for n, part in enumerate(parts, 1)]


def _segments(path: Path) -> Iterator[tuple[int, bytes]]:
    """(marker, body) of every segment before the picture data."""
    with path.open("rb") as file:
        file.seek(2)
        while len(head := file.read(4)) == 4 and head[0] == 0xFF:
            if head[1] == 0xFF:  # a fill byte
                file.seek(-3, 1)
                continue
            if head[1] == 0xDA:
                return
            yield head[1], file.read(max(0, struct.unpack(">H", head[2:])[0] - 2))


def _head(file: IO[bytes]) -> bytes:
    """Start of image and the JFIF segment, if there is one; the file is left behind them."""
    start = file.read(6)
    if start[2:4] == b"\xff\xe0":
        return start + file.read(struct.unpack(">H", start[4:])[0] - 2)
    file.seek(2)
    return start[:2]
