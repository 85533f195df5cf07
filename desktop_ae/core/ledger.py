"""What was cleaned before, with which settings: so that a second drop costs nothing."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_GONE = "gone"


class Ledger:
    """A small table in the person's data folder: fingerprints of sources and of our results.

    Thread-safe. A ledger that cannot be read or written is no reason to fail: it forgets.
    """

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        self._base = _connect(path)

    def find(self, source: Path, settings: Mapping[str, Any]) -> Path | None:
        """The result made from this very file with these settings, if it is still as we left it."""
        rows = self._rows(
            "SELECT target, target_print FROM cleaned"
            " WHERE source = ? AND print = ? AND settings = ?",
            (_name(source), _fingerprint(source), _key(settings)),
        )
        for target, fingerprint in rows:
            if fingerprint == _fingerprint(Path(target)) != _GONE:
                return Path(target)
        return None

    def add(self, source: Path, settings: Mapping[str, Any], target: Path) -> None:
        row = (_name(source), _fingerprint(source), _key(settings))
        values = (*row, _name(target), _fingerprint(target))
        self._rows("INSERT INTO cleaned VALUES (?, ?, ?, ?, ?)", values)

    def is_ours(self, path: Path) -> bool:
        """Whether a file is a result that we wrote and nobody has changed since."""
        rows = self._rows("SELECT target_print FROM cleaned WHERE target = ?", (_name(path),))
        return any(fingerprint == _fingerprint(path) != _GONE for (fingerprint,) in rows)

    def close(self) -> None:
        with self._lock:
            self._base.close()

    def _rows(self, question: str, values: tuple[str, ...]) -> list[tuple[Any, ...]]:
        # UnicodeError: a name that is no UTF-8 is not remembered.
        with self._lock, contextlib.suppress(sqlite3.Error, UnicodeError), self._base:
            return self._base.execute(question, values).fetchall()
        return []


def _connect(path: Path) -> sqlite3.Connection:
    with contextlib.suppress(sqlite3.Error, OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        base = sqlite3.connect(path, check_same_thread=False, timeout=2.0)
        try:
            _prepare(base)
        except sqlite3.Error:
            base.close()
            raise
        return base
    base = sqlite3.connect(":memory:", check_same_thread=False)
    _prepare(base)
    return base


def _prepare(base: sqlite3.Connection) -> None:
    with base:
        base.execute(
            "CREATE TABLE IF NOT EXISTS cleaned"
            " (source TEXT, print TEXT, settings TEXT, target TEXT, target_print TEXT)"
        )
        base.execute("CREATE INDEX IF NOT EXISTS by_source ON cleaned (source)")
        base.execute("CREATE INDEX IF NOT EXISTS by_target ON cleaned (target)")


def _name(path: Path) -> str:
    """The same for every way to write a path; a link keeps its own name."""
    return os.path.abspath(path)  # noqa: PTH100


def _fingerprint(path: Path) -> str:
    try:
        facts = path.stat()
    except OSError:
        return _GONE
    return f"{facts.st_size}-{facts.st_mtime_ns}"


def _key(settings: Mapping[str, Any]) -> str:
    return json.dumps(settings, sort_keys=True)
