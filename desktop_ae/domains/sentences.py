"""Words and errors that recordings of every kind share."""

from __future__ import annotations

from pathlib import Path

from desktop_ae.core.errors import Unreadable


def duration_words(seconds: float) -> str:
    """As "3:12:05", "0:42", or "0.01 s" under a second."""
    if seconds < 1:
        return f"{seconds:.2g} s"
    whole = round(seconds)
    hours, minutes = divmod(whole // 60, 60)
    if hours:
        return f"{hours}:{minutes:02}:{whole % 60:02}"
    return f"{minutes}:{whole % 60:02}"


def gone(path: Path) -> Unreadable:
    return Unreadable(path, f"{path.name} is no longer there.")


def not_opened(path: Path, error: OSError) -> Unreadable:
    if isinstance(error, FileNotFoundError):
        return gone(path)
    return Unreadable(path, f"{path.name} cannot be opened: {error.strerror or error}.")
