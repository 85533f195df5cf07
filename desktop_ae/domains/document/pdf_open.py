"""Opening a PDF, with the words for all that can be wrong with it, and locking it again."""

from __future__ import annotations

import contextlib
import secrets
import zlib
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pypdfium2
from pikepdf import Encryption

from desktop_ae.core.errors import (
    DesktopAEError,
    NeedsPassword,
    NotWritable,
    Unreadable,
    Unsupported,
)
from desktop_ae.domains.document.pdf_render import pdfium_document

# Of a decompressed content stream or table: a book's page has some hundred kilobytes, a bomb more.
_LARGEST_STREAM = 64 << 20
_TAIL, _HEAD = 1 << 16, 1024
pikepdf.settings.set_qpdf_limits(
    flate_max_memory=_LARGEST_STREAM, run_length_max_memory=_LARGEST_STREAM
)
# What pikepdf and pdfium raise for a file that is not what it should be.
BROKEN = (
    pikepdf.PikepdfError, pypdfium2.PdfiumError, ArithmeticError, AssertionError, AttributeError,
    LookupError, RuntimeError, TypeError, ValueError, zlib.error,
)  # fmt: skip


@contextlib.contextmanager
def readable(path: Path) -> Iterator[None]:
    """Whatever goes wrong inside becomes a FileError with a sentence."""
    try:
        yield
    except (DesktopAEError, MemoryError):
        raise
    except FileNotFoundError as error:
        raise Unreadable(path, f"{path.name} is no longer there.") from error
    except PermissionError as error:
        raise Unreadable(path, f"No permission to read {path.name}.") from error
    except OSError as error:
        raise Unreadable(path, f"{path.name} cannot be read: {error.strerror or error}.") from error
    except BROKEN as error:
        raise Unreadable(path, f"{path.name} cannot be read: its content is damaged.") from error


@contextlib.contextmanager
def writable(path: Path) -> Iterator[None]:
    """As `readable`, while a temporary file is written."""
    try:
        with readable(path):
            yield
    except Unreadable as error:
        if not isinstance(error.__cause__, OSError):
            raise
        why = error.__cause__.strerror or "it cannot be written"
        sentence = f"The folder for temporary files is of no use for {path.name}: {why}."
        raise NotWritable(path, sentence) from error.__cause__


def open_checked(path: Path, password: str) -> pikepdf.Pdf:
    """Raises NeedsPassword, Unsupported or Unreadable. Close what is returned."""
    with readable(path):
        pdf = _unlocked(path, password)
        try:
            _check_whole(path, pdf)
            _check_pages(path, pdf, password)
        except BaseException:
            pdf.close()
            raise
        return pdf


def lock_again(path: Path, pdf: pikepdf.Pdf, password: str) -> Encryption | bool:
    """The protection for a new file; False where `pdf` has none.

    AES of 256 bits, with the permissions of the source and with each password that is known. Of
    a file that was opened with its user's password the owner's stays unknown; the new one is
    random then, as the permissions would mean nothing if the user were the owner.
    """
    if not pdf.is_encrypted:
        return False
    owner, user = secrets.token_urlsafe(24), password
    if not pdf.user_password_matched:
        owner, user = password, _user_password(path, pdf, password)
    return Encryption(owner=owner, user=user, R=6, allow=pdf.allow)


def _user_password(path: Path, pdf: pikepdf.Pdf, owner: str) -> str:
    """Kept in the older formats; in the newer one tried for none, else made the owner's."""
    if pdf.encryption.R < 5:
        return pdf.encryption.user_password.decode("latin-1").rstrip("\0")
    try:
        pikepdf.open(path).close()
    except pikepdf.PasswordError:
        return owner
    return ""


def _unlocked(path: Path, password: str) -> pikepdf.Pdf:
    try:
        return _open_with(path, password)
    except pikepdf.PasswordError as error:
        sentence = (
            f"That password does not open {path.name}."
            if password
            else f"{path.name} is locked. Type its password to open it."
        )
        raise NeedsPassword(path, sentence) from error
    except pikepdf.PdfError as error:
        if "unsupported encryption" in str(error).lower():
            sentence = f"{path.name} is locked in a way that only its own program can open."
            raise Unsupported(path, sentence) from error
        if not _has_magic(path):
            sentence = f"{path.name} is not a PDF, whatever its name says."
            raise Unreadable(path, sentence) from error
        _check_end(path)
        raise


def _open_with(path: Path, password: str) -> pikepdf.Pdf:
    try:
        return pikepdf.open(path, password=password)
    except pikepdf.PasswordError:
        # Old formats know Latin letters only; pikepdf would give UTF-8.
        if password.isascii():
            raise
        return pikepdf.open(path, password=password.encode("latin-1", "replace"))


def _check_whole(path: Path, pdf: pikepdf.Pdf) -> None:
    """A file that was cut off is mended by qpdf, without the pages that it cannot know of."""
    if any("reconstruct" in str(warning) for warning in pdf.get_warnings()):
        _check_end(path)


def _check_end(path: Path) -> None:
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - _TAIL))
        tail = file.read().rstrip(b"\0\t\r\n ")
    if b"%%EOF" not in tail[-_HEAD:]:
        sentence = f"{path.name} cannot be read: it ends too early, pages are missing."
        raise Unreadable(path, sentence)


def _check_pages(path: Path, pdf: pikepdf.Pdf, password: str) -> None:
    count = len(pdf.pages)
    if not count:
        raise Unreadable(path, f"{path.name} has no pages.")
    with pdfium_document(path, password) as document:
        if len(document) != count:
            sentence = f"{path.name} cannot be read: some of its pages are damaged."
            raise Unreadable(path, sentence)


def _has_magic(path: Path) -> bool:
    with path.open("rb") as file:
        return b"%PDF-" in file.read(_HEAD)
