"""Which files make a WFDB record: header, data, annotations; and what they are called."""

from __future__ import annotations

import functools
import re
from pathlib import Path

MOST_ANNOTATION_BYTES = 2**26
# Never annotations, whatever lies in them.
_OTHER_SUFFIXES = {".hea", ".dat", ".edf", ".bdf", ".csv", ".tsv", ".txt", ".npy", ".npz", ".dcm"}
_OTHER_SUFFIXES |= {".png", ".jpg", ".jpeg", ".pdf", ".svg", ".zip", ".json", ".xml", ".mat"}
_OTHER_SUFFIXES |= {".md", ".html", ".py", ".wav", ".flac", ".gz", ".tar", ".xlsx", ".doc"}
_SUFFIX = re.compile(r"\.[A-Za-z][A-Za-z0-9]{0,15}")
_SKIP, _AUX = 59, 63
# A folder with more headers is not searched for one that names a data file otherwise.
MOST_HEADERS = 64


def annotation_files(header: Path) -> list[Path]:
    """The annotation files of a record: `<record>.<anything>` that is coded like one."""
    stem = header.stem
    try:
        beside = sorted(p for p in header.parent.iterdir() if p.stem == stem and p != header)
    except OSError:
        return []
    return [path for path in beside if is_annotation(path)]


def is_annotation(path: Path) -> bool:
    """Whether a file is in MIT format (annot(5)): two-byte words up to one that is 0, the last."""
    suffix = path.suffix
    if not _SUFFIX.fullmatch(suffix) or suffix.lower() in _OTHER_SUFFIXES:
        return False
    try:
        if not path.is_file() or not 2 <= path.stat().st_size <= MOST_ANNOTATION_BYTES:
            return False
        content = path.read_bytes()
    except OSError:
        return False
    at = 0
    while at + 2 <= len(content):
        low, high = content[at], content[at + 1]
        at += 2
        if low == 0 and high == 0:
            return not content[at:].strip(b"\0")
        kind = high >> 2
        if kind == _SKIP:
            at += 4
        elif kind == _AUX:
            size = low | (high & 3) << 8
            at += size + size % 2
    return False


def main_file(path: Path) -> Path:
    """The header of the record that a data file, an annotation file or the header of a segment is
    a part of, if it lies beside; any other path as it is.
    """
    suffix = path.suffix.lower()
    if suffix == ".hea":
        return _whole_record(path)
    if suffix in _OTHER_SUFFIXES - {".dat"} or not _SUFFIX.fullmatch(path.suffix):
        return path
    header = path.with_suffix(".hea")
    if _is_file(header) and (suffix == ".dat" or is_annotation(path)):
        return _whole_record(header)
    found = _naming_header(path) if suffix == ".dat" else None
    return path if found is None else _whole_record(found)


def parts(path: Path) -> list[Path]:
    """The data files that a header names, and those of its segments; of any other file none."""
    if path.suffix.lower() != ".hea":
        return []
    are_segments, names = _names_in(path)
    if not are_segments:
        return _found(path.parent, names)
    segments = [path.with_name(f"{name}.hea") for name in sorted(names) if name != path.stem]
    return [part for header in segments for part in _found(path.parent, _names_in(header)[1])]


def _found(folder: Path, names: set[str]) -> list[Path]:
    found = (find(folder, name) for name in sorted(names))
    return [path for path in found if path is not None]


def find(folder: Path, name: str) -> Path | None:
    """A file by the name that a header gives; copies from other systems write it otherwise."""
    path = folder / name
    if _is_file(path):
        return path
    try:
        return next((p for p in folder.iterdir() if p.name.lower() == name.lower()), None)
    except OSError:
        return None


def ending(record: str, stem: str, name: str) -> str:
    """What follows the stem in a file's new name: "_2.dat" for "100_2.dat" of record "100"."""
    for begin in (stem, record):
        rest = name[len(begin) :]
        if name.startswith(begin) and rest and not rest[0].isalnum():
            return legal(rest)
    return "_" + legal(name)


def legal(name: str) -> str:
    """With the letters alone that a record's name may have: no spaces, and dots only in endings."""
    stem, dot, suffix = name.rpartition(".")
    if not dot:
        stem, suffix = name, ""
    return re.sub(r"[^-\w]+", "_", stem) + dot + suffix


def legal_stem(stem: str, number: int) -> str:
    clean = re.sub(r"[^-\w]+", "_", stem) or "record"
    return clean if number == 1 else f"{clean}_{number}"


def _whole_record(header: Path) -> Path:
    """Of a segment's header that of the whole, if that tells of segments of a fixed layout."""
    for begin in (header.stem.rpartition("_")[0], header.stem.rpartition("-")[0]):
        whole = header.with_name(f"{begin}.hea")
        if begin and _is_file(whole):
            segments, names = _names_in(whole)
            if segments and header.stem in names and not _has_layout(whole):
                return whole
    return header


def _has_layout(header: Path) -> bool:
    lines = _told(header)
    return len(lines) > 1 and lines[1][1:2] == ["0"]


def _names_in(header: Path) -> tuple[bool, set[str]]:
    """Whether a header tells of segments, and the files or segments that it names."""
    lines = _told(header)
    if not lines:
        return False, set()
    return "/" in lines[0][0], {fields[0] for fields in lines[1:]}


def _told(header: Path) -> list[list[str]]:
    try:
        text = header.read_bytes()[: 2**20].decode("utf-8", "surrogateescape")
    except OSError:
        return []
    lines = (line.split() for line in text.splitlines())
    return [fields for fields in lines if fields and not fields[0].startswith("#")]


def _naming_header(path: Path) -> Path | None:
    """The header beside that names a data file otherwise than itself."""
    try:
        if not path.is_file():
            return None
        return _headers_by_file(path.parent, path.parent.stat().st_mtime_ns).get(path.name)
    except OSError:
        return None


@functools.lru_cache(maxsize=4)
def _headers_by_file(folder: Path, changed_ns: int) -> dict[str, Path]:
    """Of each file that a header in the folder names; a folder of data files asks for each."""
    headers = sorted(p for p in folder.iterdir() if p.suffix.lower() == ".hea")
    if len(headers) > MOST_HEADERS:
        return {}
    return {name: header for header in reversed(headers) for name in _names_in(header)[1]}


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:
        return False
