"""ID3v2 tags with one frame more; all others stay as the bytes that they are."""

from __future__ import annotations

from desktop_ae.core.provenance import PROGRAM

_HEAD_BYTES = 10
_MOST_BYTES = 2**28 - 1
# An extended header may hold a sum of all, a footer repeats the size; 2.2 calls the first "packed".
_EXTENDED, _FOOTER = 0x40, 0x10
_LATIN_1 = b"\0"


def with_text(tags: bytes, text: str) -> bytes:
    """text: printable ASCII. tags: what a file begins with, one tag or several; b"" for none.

    The frame says what encoded the sound ("TSSE"), of which there is one only; where the source has
    that, it is a text of our own. It comes first, so that no other has to be understood. A tag with
    both, or with what most have not, is given back as it is.
    """
    tags = tags or b"ID3\x03\0\0" + bytes(4)
    version, flags = tags[3], tags[5]
    frame = _frame(tags, version, text)
    size = _whole(tags[6:_HEAD_BYTES]) + len(frame)
    if version not in (2, 3, 4) or flags & (_EXTENDED | _FOOTER) or size > _MOST_BYTES:
        return tags
    return tags[:6] + _safe(size) + frame + tags[_HEAD_BYTES:]


def _frame(tags: bytes, version: int, text: str) -> bytes:
    """b"" where its name is taken."""
    encoder, own = (b"TSS", b"TXX") if version == 2 else (b"TSSE", b"TXXX")
    name = PROGRAM.encode("ascii") + b"\0"
    if encoder not in tags:
        return _framed(encoder, _LATIN_1 + text.encode("ascii"), version)
    if name in tags:
        return b""
    return _framed(own, _LATIN_1 + name + text.encode("ascii"), version)


def _framed(kind: bytes, body: bytes, version: int) -> bytes:
    if version == 2:
        return kind + len(body).to_bytes(3, "big") + body
    size = len(body).to_bytes(4, "big") if version == 3 else _safe(len(body))
    return kind + size + bytes(2) + body


def _whole(safe: bytes) -> int:
    return sum((byte & 0x7F) << 7 * place for place, byte in enumerate(reversed(safe)))


def _safe(number: int) -> bytes:
    """Seven bits a byte."""
    return bytes(number >> shift & 0x7F for shift in (21, 14, 7, 0))
