"""Where large temporary files go: where there is room, and not into a /tmp that may be memory."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

# Left free for everybody else.
_SPARE_BYTES = 256 << 20


def scratch_folder(room_bytes: int = 0, near: Path | None = None) -> Path:
    """A folder for files without a name, which go with the program, even if it dies.

    The system's own, unless that has no room for so many bytes and `near` has, or has more: the
    folder of a file whose content they are about as large as.
    """
    usual = _usual_folder()
    if near is None or not os.access(near, os.W_OK):
        return usual
    free, free_near = _free_bytes(usual), _free_bytes(near)
    return usual if free >= min(room_bytes + _SPARE_BYTES, free_near) else near


def _usual_folder() -> Path:
    chosen = os.environ.get("TMPDIR")
    large = Path("/var/tmp")
    if not chosen and sys.platform.startswith("linux") and os.access(large, os.W_OK):
        return large
    return Path(tempfile.gettempdir())


def _free_bytes(folder: Path) -> int:
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return 0
