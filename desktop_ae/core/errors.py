"""The tree of errors. `str(error)` is the sentence that the user reads.

DesktopAEError
|-- Cancelled            the user stopped it; not a failure
|-- FileError            has `path`
|   |-- Unreadable       damaged, cut short, not what its name says, gone
|   |-- NeedsPassword    locked, and no password or a wrong one was given
|   |-- NeedsFacts       does not say something that a person has to, such as its sample rate
|   |-- Unsupported      a kind of file or of content that no domain takes
|   |-- TooLarge         more than this program will open
|   `-- NotWritable      the output cannot be made: folder, disk, name
|-- BadModel             a card or weights that do not fit or were changed
|-- ShippedModel         came with the program: it is neither deleted nor replaced
|-- UnknownName          no such task, model or option
|-- BadMask              a mask that does not fit its picture, or marks nothing or everything
|-- TooFewFiles          too few of a person's files are any use to learn from
`-- BrokenResult         the net returned something that is no picture or signal
"""

from __future__ import annotations

from pathlib import Path


class DesktopAEError(Exception):
    """Everything that this program raises on purpose."""


class Cancelled(DesktopAEError):
    def __init__(self, sentence: str = "Stopped.") -> None:
        super().__init__(sentence)


class FileError(DesktopAEError):
    """Says what is wrong with one file; `path` is that file."""

    def __init__(self, path: Path, sentence: str) -> None:
        super().__init__(sentence)
        self.path = path

    def __reduce__(self) -> tuple[type[FileError], tuple[Path, str]]:
        return type(self), (self.path, str(self))


class Unreadable(FileError):
    pass


class NeedsPassword(FileError):
    """A file is locked; `options["password"]` opens it."""


class NeedsFacts(FileError):
    """A file leaves out what its samples mean; a task's options can say it."""


class Unsupported(FileError):
    pass


class TooLarge(FileError):
    pass


class NotWritable(FileError):
    pass


class BadModel(DesktopAEError):
    pass


class ShippedModel(DesktopAEError):
    pass


class UnknownName(DesktopAEError):
    pass


class BadMask(DesktopAEError):
    pass


class TooFewFiles(DesktopAEError):
    pass


class BrokenResult(DesktopAEError):
    pass
