"""Which files may be ECGs: by suffix and by their first bytes. No codec is needed here."""

from __future__ import annotations

import re
from pathlib import Path

from desktop_ae.domains.ecg import wfdb_files

SUFFIXES = frozenset(
    {".hea", ".edf", ".bdf", ".csv", ".tsv", ".txt", ".npy", ".npz", ".dcm", ".dicom"}
)
# Files of all sorts bear these: one in a dropped folder that is no ECG is no mistake.
SHARED_SUFFIXES = frozenset({".csv", ".tsv", ".txt", ".npy", ".npz", ".dcm", ".dicom"})
FORMATS = ("WFDB", "EDF", "BDF", "CSV", "TSV", "TXT", "NPY", "NPZ", "DICOM")

_MAGIC = {
    b"0       ": "EDF",
    b"\xffBIOSEMI": "BDF",
    b"\x93NUMPY": "NPY",
    b"PK\x03\x04": "NPZ",
}
_RECORD_LINE = re.compile(r"\S+[ \t]+\d+([ \t].*)?")
_SIGNAL_LINE = re.compile(r"\S+[ \t]+\d+(x\d+)?(:\d+)?(\+\d+)?([ \t].*)?")
_SEGMENT_LINE = re.compile(r"\S+[ \t]+\d+")
_CELLS = re.compile(r"[,;|\t ]+")
_NUMBER = re.compile(r"[-+]?(\d+([.,]\d*)?|[.,]\d+)([eE][-+]?\d+)?")
_COMMENT = ("#", "%", "//")


def sniff(head: bytes) -> str | None:
    """The format's name from the first 4 kB, "CSV" for any table of numbers; None for what is no
    recording. WFDB stands for a header, whose data lie beside it.
    """
    for magic, name in _MAGIC.items():
        if head.startswith(magic):
            return name
    if head[128:132] == b"DICM":
        return "DICOM"
    text = _text(head)
    if text is None:
        return None
    lines = [line.strip() for line in text.splitlines()]
    if len(head) >= 4096 and len(lines) > 1:
        lines.pop()  # it was cut
    if _is_header(lines):
        return "WFDB"
    return "CSV" if _is_table(lines) else None


def target_suffix(source: Path) -> str:
    """The source's own: all formats are written as well."""
    return source.suffix


def likeness(path: Path) -> float:
    """No other kind of file has these suffixes."""
    return 0.5


def main_file(path: Path) -> Path:
    """The header that a data file or an annotation file lies beside; see `Domain.main_file`."""
    return wfdb_files.main_file(path)


def parts(path: Path) -> list[Path]:
    """The data files of a header; see `Domain.parts`."""
    return wfdb_files.parts(path)


def _text(head: bytes) -> str | None:
    if head[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return head.decode("utf-16", "replace")
    if b"\0" in head:
        return None
    text = head.removeprefix(b"\xef\xbb\xbf").decode("latin-1")
    return text if not re.search(r"[\x01-\x08\x0e-\x1a\x1c-\x1f]", text) else None


def _is_header(lines: list[str]) -> bool:
    """Whether it is a WFDB header: a line about the record, then one about each signal."""
    told = [line for line in lines if line and not line.startswith("#")]
    if not told or not _RECORD_LINE.fullmatch(told[0]):
        return False
    name, count = told[0].split()[:2]
    if len(told) == 1:
        return not _NUMBER.fullmatch(name) or int(count) == 0
    follows = _SEGMENT_LINE if "/" in name else _SIGNAL_LINE
    return bool(follows.fullmatch(told[1]))


def _is_table(lines: list[str]) -> bool:
    """Whether some line is of numbers; or all are comments, and who knows what follows."""
    told = [line for line in lines if line and not line.startswith(_COMMENT)]
    if not told:
        return any(lines)
    return any(_has_numbers(line) for line in told)


def _has_numbers(line: str) -> bool:
    cells = [cell.strip("'\"[] ") for cell in _CELLS.split(line)]
    numbers = sum(bool(_NUMBER.fullmatch(cell)) for cell in cells)
    filled = sum(bool(cell) for cell in cells)
    return numbers > 0 and 2 * numbers >= filled - 1
