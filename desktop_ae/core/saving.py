"""A whole file under its final name, or no file."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from desktop_ae.core.errors import NotWritable

LONGEST_NAME_BYTES = 255


@contextlib.contextmanager
def new_file(wanted: Path) -> Iterator[NewFile]:
    """Give a hidden sibling to fill, then put it under `wanted`, or "wanted (2)" if that is taken.

    An existing file is never replaced, not even one that appears while we write: the finished
    sibling is hard-linked to the free name, which fails if the name exists. If the block raises,
    or the process dies, nothing bears the final name. Raises NotWritable with a sentence.
    """
    file = NewFile(wanted)
    try:
        wanted.parent.mkdir(parents=True, exist_ok=True)
        file.scratch.touch(exist_ok=False)
        yield file
        with file.scratch.open("rb+") as filled:
            os.fsync(filled.fileno())
        file.target = _give_free_name(file.scratch, wanted)
    except OSError as error:
        raise NotWritable(wanted, _sentence(error, wanted)) from error
    finally:
        with contextlib.suppress(OSError):
            file.scratch.unlink(missing_ok=True)


class NewFile:
    """scratch: the path to fill. target: where it ended up, once the block is left."""

    def __init__(self, wanted: Path) -> None:
        self.scratch = wanted.with_name(f".{secrets.token_hex(8)}.part")
        self.target: Path | None = None


@contextlib.contextmanager
def replace_file(target: Path) -> Iterator[Path]:
    """Give a hidden sibling to fill, then put it in the place of `target`: for our own files."""
    scratch = target.with_name(f".{secrets.token_hex(8)}.part")
    try:
        yield scratch
        with scratch.open("rb+") as file:
            os.fsync(file.fileno())
        scratch.replace(target)
    finally:
        scratch.unlink(missing_ok=True)


def target_name(source: Path, pattern: str, suffix: str) -> str:
    """The output's name: `{name}` and `{ext}` filled in, shortened where the disk wants it.

    Raises ValueError with a sentence for a pattern that gives no usable name.
    """
    if "{name}" not in pattern:
        raise ValueError("The name pattern needs {name} in it.")
    if any(c in pattern for c in '/\\:*?"<>|\0'):
        raise ValueError('The name pattern cannot hold any of / \\ : * ? " < > |')
    ending = pattern if "{ext}" in pattern else pattern + "{ext}"
    stem = source.stem
    while True:
        name = ending.replace("{ext}", suffix).replace("{name}", stem)
        # Room for " (99)" as well.
        if len(name.encode("utf-8", "surrogateescape")) <= LONGEST_NAME_BYTES - 5 or not stem:
            return name
        stem = stem[:-1]


def _give_free_name(scratch: Path, wanted: Path) -> Path:
    for number in range(1, 10_000):
        name = wanted if number == 1 else wanted.with_stem(f"{wanted.stem} ({number})")
        try:
            _move_without_replacing(scratch, name)
        except FileExistsError:
            continue
        return name
    raise FileExistsError(errno.EEXIST, "no free name", str(wanted))


def _move_without_replacing(scratch: Path, name: Path) -> None:
    if os.name == "nt":
        scratch.rename(name)  # refuses an existing name there
        return
    try:
        name.hardlink_to(scratch)
    except FileExistsError:
        raise
    except OSError:
        # A file system without hard links (FAT): claim the name, then put the file there.
        os.close(os.open(name, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
        try:
            scratch.replace(name)
        except OSError:
            name.unlink()  # it is ours, and empty
            raise


def _sentence(error: OSError, wanted: Path) -> str:
    folder = wanted.parent
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return f"The disk is full: nothing was saved in {folder}. Free some space and retry."
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return f"No permission to save in {folder}. Choose another output folder."
        case errno.ENAMETOOLONG:
            return f"The name {wanted.name[:40]}… is too long to save."
        case _:
            return f"Could not save in {folder}: {error.strerror or error}."
