"""The header of safetensors, checked before anyone builds on it."""

from __future__ import annotations

import json
import math
from typing import Any

from desktop_ae.core.errors import BadModel

_LARGEST_HEADER = 1_000_000
_LENGTH_BYTES = 8
_MOST_AXES = 8
_SIZES = {"F16": 2, "BF16": 2, "F32": 4}


def check_tensors(content: bytes, name: str) -> None:
    """Raises BadModel unless the tensors fill the data one after the other, without gaps.

    name: of the file that the sentence is about.
    """
    length = int.from_bytes(content[:_LENGTH_BYTES], "little")
    if len(content) < _LENGTH_BYTES or length > min(_LARGEST_HEADER, len(content) - _LENGTH_BYTES):
        raise BadModel(f"The weights in {name} are no safetensors, or they are cut short.")
    try:
        text = content[_LENGTH_BYTES : _LENGTH_BYTES + length].decode("utf-8")
        header = json.loads(text, object_pairs_hook=_once)
        header.pop("__metadata__", None)
        spans = sorted(_span(about) for about in header.values())
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise BadModel(f"The weights in {name} have a header that makes no sense.") from error
    end = 0
    for begin, following in spans:
        if begin != end:
            raise BadModel(f"The weights in {name} overlap, or leave gaps.")
        end = following
    if not spans or end != len(content) - _LENGTH_BYTES - length:
        raise BadModel(f"The weights in {name} are not as long as their header says.")


def _span(about: dict[str, Any]) -> tuple[int, int]:
    """Where a tensor begins and ends. ValueError, TypeError, KeyError: nowhere."""
    begin, end = about["data_offsets"]
    shape = about["shape"]
    sizes = (begin, end, *shape)
    if len(shape) > _MOST_AXES or not all(type(n) is int and n >= 0 for n in sizes):
        raise ValueError("sizes are whole numbers")
    if end - begin != math.prod(shape) * _SIZES[about["dtype"]]:
        raise ValueError("the size is not that of the shape")
    return begin, end


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Readers differ in which of two same names they take."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name is used twice")
    return found
