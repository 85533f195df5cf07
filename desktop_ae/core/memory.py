"""What the C library keeps of freed memory."""

from __future__ import annotations

import ctypes
import functools
import sys
from collections.abc import Callable


def give_back_freed_memory() -> None:
    """Return to the system what glibc keeps of freed blocks; elsewhere this does nothing.

    Tensors of many megabytes leave gaps that the next ones do not fit into. Taking the pages anew
    costs some hundredths of a second for a tile.
    """
    trim = _trim()
    if trim is not None:
        trim(0)


@functools.cache
def _trim() -> Callable[[int], int] | None:
    if sys.platform != "linux":
        return None
    # No such function in musl.
    return getattr(ctypes.CDLL(None), "malloc_trim", None)
