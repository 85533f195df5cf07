"""A whole file under its final name, or no file."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import secrets
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from desktop_ae.core.errors import NotWritable

LONGEST_NAME_BYTES = 255
_SCRATCH = re.compile(r"\.[0-9a-f]{16}\.part")
# What nobody wrote to for so long is nobody's any more: its program died.
_FORSAKEN_S = 3600.0
_swept: set[Path] = set()  # folders, each once


@contextlib.contextmanager
def new_file(wanted: Path) -> Iterator[NewFile]:
    """Give a hidden sibling to fill, then put it under `wanted`, or "wanted (2)" if that is taken.

    An existing file is never replaced, not even one that appears while we write: the finished
    sibling is hard-linked to the free name, which fails if the name exists. If the block raises,
    or the process dies, nothing bears the final name. Raises NotWritable with a sentence.
    Companions get their names under the same conditions, all of them or none; the file itself
    comes last, so that whoever finds it finds it whole.
    """
    file = NewFile(wanted)
    try:
        wanted.parent.mkdir(parents=True, exist_ok=True)
        _sweep(wanted.parent)
        file.scratch.touch(exist_ok=False)
        yield file
        if file.companions or file.before_naming:
            file.target = _give_free_stem(file, wanted)
        else:
            _sync(file.scratch)
            file.target = _give_free_name(file.scratch, wanted)
    except OSError as error:
        raise NotWritable(wanted, _sentence(error, wanted)) from error
    finally:
        for scratch in (file.scratch, *file.companions.values()):
            with contextlib.suppress(OSError):
                scratch.unlink(missing_ok=True)


def numbered(stem: str, number: int) -> str:
    return stem if number == 1 else f"{stem} ({number})"


class NewFile:
    """scratch: the path to fill. target: where it ended up, once the block is left.

    companions: of files that belong to it, the path to fill by the ending that follows the common
    stem. before_naming: called with the stem that will be tried, for texts that hold names; more
    than once, if another process takes that name. stem_for: the stem wanted and a number from 1 on,
    to the stem to try.
    """

    def __init__(self, wanted: Path) -> None:
        self.scratch = _scratch_beside(wanted)
        self.target: Path | None = None
        self.companions: dict[str, Path] = {}
        self.before_naming: Callable[[str], None] | None = None
        self.stem_for: Callable[[str, int], str] = numbered

    @classmethod
    @contextlib.contextmanager
    def at(cls, scratch: Path) -> Iterator[NewFile]:
        """To fill `scratch` itself, where someone else sees to its name; companions go beside it
        under its stem, and replace what is there.
        """
        file = cls(scratch)
        file.scratch = scratch
        try:
            yield file
            if file.before_naming:
                file.before_naming(scratch.stem)
            for ending, companion in file.companions.items():
                companion.replace(scratch.with_name(scratch.stem + ending))
        finally:
            for companion in file.companions.values():
                companion.unlink(missing_ok=True)

    def add(self, ending: str) -> Path:
        """A companion to fill: "_1.dat" for what will be `a_1.dat` beside `a.hea`."""
        assert ending not in self.companions, "each ending is used once"
        path = _scratch_beside(self.scratch)
        path.touch(exist_ok=False)
        self.companions[ending] = path
        return path


@contextlib.contextmanager
def replace_file(target: Path) -> Iterator[Path]:
    """Give a hidden sibling to fill, then put it in the place of `target`: for our own files."""
    scratch = _scratch_beside(target)
    _sweep(target.parent)
    try:
        yield scratch
        with scratch.open("rb+") as file:
            os.fsync(file.fileno())
        scratch.replace(target)
    finally:
        scratch.unlink(missing_ok=True)


def check_target_folder(folder: Path) -> None:
    """Find out before the work, not after it, that nothing can be saved in a folder."""
    existing = folder
    try:
        while not existing.exists() and existing != existing.parent:
            existing = existing.parent
        writable = existing.is_dir() and os.access(existing, os.W_OK)
    except OSError as error:
        sentence = f"Nothing can be saved in {folder}: {error.strerror}."
        raise NotWritable(folder, sentence) from error
    if not writable:
        sentence = f"No permission to save in {folder}. Choose another output folder."
        raise NotWritable(folder, sentence)


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


def _scratch_beside(wanted: Path) -> Path:
    return wanted.with_name(f".{secrets.token_hex(8)}.part")


def _sweep(folder: Path) -> None:
    """Remove what a program that died left behind, the first time that we write there."""
    if folder in _swept:
        return
    _swept.add(folder)
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if _SCRATCH.fullmatch(entry.name) and entry.is_file(follow_symlinks=False):
                with contextlib.suppress(OSError):
                    if time.time() - entry.stat().st_mtime > _FORSAKEN_S:
                        Path(entry.path).unlink()


def _give_free_name(scratch: Path, wanted: Path) -> Path:
    for number in range(1, 10_000):
        name = wanted if number == 1 else wanted.with_stem(f"{wanted.stem} ({number})")
        try:
            _move_without_replacing(scratch, name)
        except FileExistsError:
            continue
        return name
    raise FileExistsError(errno.EEXIST, "no free name", str(wanted))


def _give_free_stem(file: NewFile, wanted: Path) -> Path:
    """All the names are free, or none is taken."""
    for number in range(1, 10_000):
        stem = file.stem_for(wanted.stem, number)
        name = wanted.with_name(stem + wanted.suffix)
        # The file itself last: dictionaries keep their order.
        pairs = {wanted.with_name(stem + end): path for end, path in file.companions.items()}
        pairs[name] = file.scratch
        if any(os.path.lexists(taken) for taken in pairs):
            continue
        if file.before_naming:
            file.before_naming(stem)
        for path in pairs.values():
            _sync(path)
        if _link_all(pairs):
            return name
    raise FileExistsError(errno.EEXIST, "no free name", str(wanted))


def _link_all(pairs: dict[Path, Path]) -> bool:
    """False, and none of the names taken, if one of them exists by now."""
    made: list[tuple[Path, Path]] = []
    try:
        for name, scratch in pairs.items():
            _move_without_replacing(scratch, name)
            made.append((name, scratch))
    except BaseException as error:
        for name, scratch in reversed(made):
            with contextlib.suppress(OSError):
                if os.path.lexists(scratch):
                    name.unlink()
                else:  # it was moved, where there are no hard links
                    name.rename(scratch)
        if isinstance(error, FileExistsError):
            return False
        raise
    return True


def _sync(path: Path) -> None:
    with path.open("rb+") as filled:
        os.fsync(filled.fileno())


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
