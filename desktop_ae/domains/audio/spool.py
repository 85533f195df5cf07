"""Temporary files that nobody needs to clean up, and files put together from parts of others."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from desktop_ae.core.errors import NotWritable
from desktop_ae.core.scratch import scratch_folder

COPIED_BYTES = 2**20


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of an open file."""

    file: IO[bytes]
    start: int
    size: int


Part = bytes | Span


class Spool:
    """A file without a name in the system's folder for large temporary files.

    It is gone when it is closed, forgotten, or its process dies. As a file object it is for C
    libraries, which cannot raise: a failed write is kept, and `check` raises it.
    """

    def __init__(self) -> None:
        self.folder = scratch_folder()
        self._error: OSError | None = None
        try:
            self.file: IO[bytes] = tempfile.TemporaryFile(dir=self.folder)  # noqa: SIM115
        except OSError as error:
            raise NotWritable(self.folder, self._sentence(error)) from error

    def write(self, data: bytes | memoryview) -> int:
        """Returned: how many bytes were taken; 0 after a failure, which `check` tells."""
        if self._error is None and not self.file.closed:
            try:
                return self.file.write(data)
            except OSError as error:
                self._error = error
        return 0

    def read(self, size: int = -1) -> bytes:
        return self.file.read(size)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        try:
            return self.file.seek(offset, whence)
        except OSError as error:  # what was buffered is written first, and finds no room
            self._error = self._error or error
            return -1
        except ValueError:  # closed: a library that is given up tidies its file
            return -1

    def tell(self) -> int:
        return -1 if self.file.closed else self.file.tell()

    def flush(self) -> None:
        """Nothing: a library that flushes after each packet would only slow itself down."""

    def check(self) -> None:
        """Raises NotWritable if anything could not be written."""
        if self._error is not None:
            raise NotWritable(self.folder, self._sentence(self._error)) from self._error

    def whole(self) -> Span:
        """All that was written."""
        try:
            self.file.flush()
            size = self.file.seek(0, os.SEEK_END)
        except OSError as error:
            self._error = self._error or error
            size = 0
        self.check()
        return Span(self.file, 0, size)

    def close(self) -> None:
        try:
            self.file.close()
        except OSError:  # the buffer's rest found no room: nobody wants it any more
            return

    def __del__(self) -> None:
        if hasattr(self, "file"):
            self.close()

    def _sentence(self, error: OSError) -> str:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            return (
                f"The disk is full: there is no room for the cleaned sound in {self.folder}, "
                "where it is kept until it is whole. Free some space and retry."
            )
        why = error.strerror or error
        return f"The cleaned sound could not be kept in {self.folder}: {why}."


def assemble(target: Path, parts: Sequence[Part]) -> None:
    """Write the parts one after the other. Raises OSError."""
    with target.open("wb") as file:
        for part in parts:
            if isinstance(part, bytes):
                file.write(part)
            else:
                _copy(part, file)


def _copy(span: Span, target: IO[bytes]) -> None:
    span.file.seek(span.start)
    left = span.size
    while left > 0:
        piece = span.file.read(min(left, COPIED_BYTES))
        if not piece:
            raise OSError(errno.EIO, "a file became shorter while it was read")
        target.write(piece)
        left -= len(piece)


def size_of(part: Part) -> int:
    return len(part) if isinstance(part, bytes) else part.size


def read_part(part: Part) -> bytes:
    if isinstance(part, bytes):
        return part
    part.file.seek(part.start)
    return part.file.read(part.size)
