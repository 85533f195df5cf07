"""Samples kept in temporary files that nobody needs to clean up, so that memory stays flat."""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from desktop_ae.core.clip import Samples
from desktop_ae.core.errors import NotWritable, Unreadable
from desktop_ae.core.scratch import scratch_folder

COPIED_BYTES = 2**20


class Rows:
    """Rows of numbers in a file without a name, which goes when it is closed or forgotten."""

    def __init__(self, columns: int, dtype: DTypeLike = np.float32) -> None:
        self.columns = columns
        self.dtype = np.dtype(dtype)
        self.count = 0
        self._folder = scratch_folder()
        try:
            self._file: IO[bytes] = tempfile.TemporaryFile(dir=self._folder)  # noqa: SIM115
        except OSError as error:
            raise NotWritable(self._folder, _sentence(self._folder, error)) from error

    def append(self, rows: NDArray[Any]) -> None:
        """rows: `(count, columns)`. Raises NotWritable if there is no room."""
        content = np.ascontiguousarray(rows, self.dtype)
        try:
            self._file.seek(self.count * self._row_bytes)
            self._file.write(content.tobytes())
        except OSError as error:
            raise NotWritable(self._folder, _sentence(self._folder, error)) from error
        self.count += len(content)

    def read(self, start: int, stop: int) -> NDArray[Any]:
        """`(stop - start, columns)`, a copy."""
        try:
            self._file.seek(start * self._row_bytes)
            content = self._file.read((stop - start) * self._row_bytes)
        except OSError as error:  # what was still buffered is written first
            raise NotWritable(self._folder, _sentence(self._folder, error)) from error
        return np.frombuffer(content, self.dtype).reshape(-1, self.columns).copy()

    def close(self) -> None:
        try:
            self._file.close()
        except OSError:  # the buffer's rest found no room: nobody wants it any more
            return

    def __del__(self) -> None:
        if hasattr(self, "_file"):
            self.close()

    @property
    def _row_bytes(self) -> int:
        return self.columns * self.dtype.itemsize


def unpacked(source: IO[bytes]) -> IO[bytes]:
    """What can be read from somewhere once, in a file without a name. Raises NotWritable."""
    folder = scratch_folder()
    try:
        file: IO[bytes] = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115
    except OSError as error:
        raise NotWritable(folder, _sentence(folder, error)) from error
    try:
        while piece := source.read(COPIED_BYTES):
            try:
                file.write(piece)
            except OSError as error:
                raise NotWritable(folder, _sentence(folder, error)) from error
    except BaseException:
        with contextlib.suppress(OSError):
            file.close()
        raise
    return file


class KeptChanges:
    """Changes of one track, as its cleaned blocks come."""

    def __init__(self, leads: int) -> None:
        self._rows = Rows(leads)
        self._last: tuple[int, int, Samples] | None = None  # who reads lead by lead asks again

    @property
    def count(self) -> int:
        return self._rows.count

    def append(self, changes: Samples) -> None:
        self._rows.append(changes.T)

    def read(self, start: int, stop: int) -> Samples:
        if self._last is None or self._last[:2] != (start, stop):
            self._last = start, stop, self._rows.read(start, stop).T
        return self._last[2]

    def close(self) -> None:
        self._rows.close()


class SourceBytes:
    """A file to be read at any place."""

    def __init__(self, path: Path, file: IO[bytes] | None = None) -> None:
        """file: in place of the one at `path`, for a part of it that was packed. Raises OSError."""
        self.path = path
        self._file: IO[bytes] = file or path.open("rb")
        self.size = self._file.seek(0, os.SEEK_END)

    def read(self, start: int, size: int) -> bytes:
        """Exactly so many bytes. Raises Unreadable if they are not there any more."""
        try:
            self._file.seek(start)
            content = self._file.read(size)
        except OSError as error:
            why = error.strerror or error
            raise Unreadable(self.path, f"{self.path.name} cannot be read: {why}.") from error
        if len(content) < size:
            raise Unreadable(self.path, f"{self.path.name} became shorter while it was read.")
        return content

    def copy_to(self, target: IO[bytes], start: int = 0, stop: int | None = None) -> None:
        """Raises OSError."""
        end = self.size if stop is None else stop
        for at in range(start, end, COPIED_BYTES):
            target.write(self.read(at, min(COPIED_BYTES, end - at)))

    def close(self) -> None:
        self._file.close()


def _sentence(folder: Path, error: OSError) -> str:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return (
            f"The disk is full: there is no room for the samples in {folder}, "
            "where they are kept until the result is whole. Free some space and retry."
        )
    return f"The samples could not be kept in {folder}: {error.strerror or error}."
