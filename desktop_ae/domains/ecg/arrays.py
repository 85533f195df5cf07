"""NumPy arrays, `.npy` and `.npz`: numbers alone, no Python objects."""

from __future__ import annotations

import io
import shutil
import warnings
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from tokenize import TokenError
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from desktop_ae.core.clip import Samples
from desktop_ae.core.domain import Options
from desktop_ae.core.errors import FileError, NeedsFacts, Unreadable, Unsupported
from desktop_ae.core.provenance import Provenance
from desktop_ae.core.saving import NewFile
from desktop_ae.domains.ecg.facts import Changes, Facts, Source, check_facts
from desktop_ae.domains.ecg.given import columns_given, rate_given, unit_given, unit_of
from desktop_ae.domains.ecg.leads import ecg_channels, millivolts
from desktop_ae.domains.ecg.spool import SourceBytes, unpacked

BLOCK_VALUES = 2**20
HEADER_BYTES = 2**16
EXCERPTS = 20
_RATES: tuple[str, ...] = (
    "fs",
    "rate",
    "rate_hz",
    "sampling_rate",
    "sample_rate",
    "samplerate",
    "sampling_freq",
)
_RATES += ("sampling_frequency", "sfreq", "freq", "frequency", "hz", "srate", "fs_hz")
_UNITS = ("unit", "units")
_LEADS: tuple[str, ...] = (
    "leads",
    "lead_names",
    "lead",
    "sig_name",
    "sig_names",
    "channels",
    "channel_names",
)
_LEADS += ("ch_names", "names", "labels")
_SIGNALS = ("ecg", "ekg", "p_signal", "signal", "signals", "sig", "data", "x", "arr_0")
_MOST_BYTES_OF_FACTS = 2**20
_ZIP_ERRORS = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, OSError)
_HEADER_ERRORS = (ValueError, TypeError, SyntaxError, KeyError, OverflowError, TokenError)


class Layout:
    """Where the samples of an array lie in its file."""

    def __init__(self, path: Path, source: SourceBytes) -> None:
        """Raises Unreadable or Unsupported."""
        self._path = path
        self.source = source
        shape, is_fortran, self.dtype, self.begin = _header(path, source)
        if self.dtype.hasobject or self.dtype.kind not in "iuf":
            sentence = f"{path.name} holds {self.dtype.name} values, which are no samples."
            raise Unsupported(path, sentence)
        sides = [side for side in shape if side != 1] or [1]
        if 0 in shape:
            raise Unreadable(path, f"{path.name} holds no ECG: it has no samples.")
        if len(sides) > 2:
            sentence = f"{path.name} has {len(sides)} dimensions; one or two are taken."
            raise Unsupported(path, f"{sentence} Save each recording on its own.")
        self.samples = max(sides)
        self.leads = min(sides) if len(sides) == 2 else 1
        time_is_last = len(sides) < 2 or sides[1] > sides[0]
        # Whether the samples of a lead follow each other, or those of a moment.
        self.by_lead = self.leads == 1 or time_is_last != is_fortran
        if source.size < self.begin + self.samples * self.leads * self.dtype.itemsize:
            sentence = f"{path.name} is cut short: not all samples of its array are there."
            raise Unreadable(path, sentence)

    def read(self, start: int, stop: int) -> NDArray[Any]:
        """`(leads, stop - start)`, as the file has them."""
        if self.by_lead:
            parts = [self._values(lead * self.samples + start, stop - start) for lead in self._all]
            return np.stack(parts)
        values = self._values(start * self.leads, (stop - start) * self.leads)
        return values.reshape(-1, self.leads).T

    def write(self, out: IO[bytes], columns: Sequence[int], scale: float, changes: Changes) -> None:
        """The whole array with changes, times `scale`, added to some of its leads."""
        self.source.copy_to(out, 0, self.begin)
        step = max(1, BLOCK_VALUES // self.leads)
        for lead in self._all if self.by_lead else [0]:
            for start in range(0, self.samples, step):
                stop = min(start + step, self.samples)
                if self.by_lead:
                    values = self._values(lead * self.samples + start, stop - start)[None]
                    rows = [(0, columns.index(lead))] if lead in columns else []
                else:
                    values = self.read(start, stop)
                    rows = [(column, row) for row, column in enumerate(columns)]
                values = values.copy()
                added = changes.read(start, stop) if rows else None
                for place, row in rows:
                    assert added is not None
                    values[place] = _plus(values[place], added[row] * np.float64(scale))
                out.write(np.ascontiguousarray(values if self.by_lead else values.T).tobytes())
        self.source.copy_to(out, self.begin + self.samples * self.leads * self.dtype.itemsize)

    @property
    def _all(self) -> range:
        return range(self.leads)

    def _values(self, first: int, count: int) -> NDArray[Any]:
        size = self.dtype.itemsize
        return np.frombuffer(self.source.read(self.begin + first * size, count * size), self.dtype)


class ArrayRecording:
    """See facts.Recording; `name` is the array's in an archive."""

    def __init__(
        self, path: Path, layout: Layout, said: Mapping[str, Any], options: Options, name: str = ""
    ) -> None:
        self.path = path
        self.layout = layout
        self._name = name
        names = [str(label) for label in said.get("leads", ())]
        labels = names if len(names) == layout.leads else []
        numbered = [str(i + 1) for i in range(layout.leads)]
        given = columns_given(options, labels or numbered)
        is_ecg = ecg_channels(labels, [""] * len(labels)) if labels else [True] * layout.leads
        self.columns = given or [i for i, ecg in enumerate(is_ecg) if ecg]
        rate_hz = said.get("rate") or rate_given(options)
        if rate_hz is None:
            sentence = f"{path.name} does not say how many samples a second it has."
            raise NeedsFacts(path, sentence)
        unit = said.get("unit") or unit_given(options)
        notes = () if unit else ("unit guessed",)
        unit = unit or self._guessed_unit(rate_hz)
        self.scale = millivolts(unit) or 1.0
        leads = [labels[i] if labels else f"Lead {i + 1}" for i in self.columns]
        others = [label for i, label in enumerate(labels or numbered) if i not in self.columns]
        kind = "NPZ" if name else "NPY"
        facts = Facts(
            *(path, kind, rate_hz, layout.samples, tuple(leads), unit, tuple(others), notes)
        )
        check_facts(facts)
        self.tracks: tuple[Source, ...] = (ArrayTrack(self, facts),)

    def values(self, start: int, stop: int) -> Samples:
        values = self.layout.read(start, stop)[self.columns]
        with np.errstate(over="ignore", invalid="ignore"):
            found: Samples = (values.astype(np.float64) * self.scale).astype(np.float32)
        found[~np.isfinite(found)] = np.nan
        return found

    def save(
        self,
        file: NewFile,
        changes: dict[int, Changes],
        keep_metadata: bool,
        made_by: Provenance | None = None,
    ) -> None:
        found = changes.get(0)
        scale = 1.0 / self.scale
        if found is None:
            shutil.copyfile(self.path, file.scratch)
            return
        if not self._name:
            with file.scratch.open("wb") as out:
                self.layout.write(out, self.columns, scale, found)
            return
        try:
            self._save_archive(file.scratch, scale, found)
        except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError) as error:
            raise _damaged(self.path) from error

    def close(self) -> None:
        self.layout.source.close()

    def _save_archive(self, scratch: Path, scale: float, found: Changes) -> None:
        with zipfile.ZipFile(self.path) as source, zipfile.ZipFile(scratch, "w") as target:
            target.comment = source.comment
            for entry in source.infolist():
                same = zipfile.ZipInfo(entry.filename, entry.date_time)
                same.compress_type = entry.compress_type
                same.external_attr = entry.external_attr
                large = entry.file_size > 2**30
                with target.open(same, "w", force_zip64=large) as written:
                    if entry.filename == self._name:
                        self.layout.write(written, self.columns, scale, found)
                    else:
                        with source.open(entry) as kept:
                            shutil.copyfileobj(kept, written, 2**20)

    def _guessed_unit(self, rate_hz: float) -> str:
        length = min(self.layout.samples, max(2, int(2 * rate_hz)))
        starts = np.linspace(0, self.layout.samples - length, EXCERPTS).astype(int)
        self.scale = 1.0
        return unit_of([self.values(start, start + length) for start in starts.tolist()])


class ArrayTrack:
    def __init__(self, recording: ArrayRecording, facts: Facts) -> None:
        self._recording = recording
        self.facts = facts

    def read(self, start: int, stop: int) -> Samples:
        return self._recording.values(start, stop)

    def close(self) -> None:
        self._recording.close()


def open_npy(path: Path, options: Options) -> ArrayRecording:
    """Raises OSError, NeedsFacts, Unreadable or Unsupported."""
    source = SourceBytes(path)
    try:
        return ArrayRecording(path, Layout(path, source), {}, options)
    except BaseException:
        source.close()
        raise


def open_npz(path: Path, options: Options) -> ArrayRecording:
    """The array that is named like an ECG, or the largest; see `open_npy`."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = [e for e in archive.infolist() if e.filename.endswith(".npy")]
            if not entries:
                raise Unreadable(path, f"{path.name} holds no array.")
            chosen = max(entries, key=_likeness)
            said = _facts_beside(archive, [e for e in entries if e is not chosen])
            with archive.open(chosen) as packed:
                file = unpacked(packed)
    except FileError:
        raise
    except FileNotFoundError:
        raise
    except _ZIP_ERRORS as error:
        raise _damaged(path) from error
    source = SourceBytes(path, file)
    try:
        return ArrayRecording(path, Layout(path, source), said, options, chosen.filename)
    except BaseException:
        source.close()
        raise


def _likeness(entry: zipfile.ZipInfo) -> tuple[int, int]:
    """Greater for what is rather the ECG: by its name where that says something, and its size."""
    name = entry.filename.removesuffix(".npy").lower()
    rank = _SIGNALS.index(name) if name in _SIGNALS else len(_SIGNALS)
    is_fact = name in {*_RATES, *_UNITS, *_LEADS}
    named = len(_SIGNALS) - rank if entry.file_size > 2 * 128 else 0
    return (-1 if is_fact else named), entry.file_size


def _facts_beside(
    archive: zipfile.ZipFile, entries: Sequence[zipfile.ZipInfo]
) -> Mapping[str, Any]:
    """What other arrays say: "rate" as a number, "unit" and "leads" as text."""
    said: dict[str, Any] = {}
    for entry in entries:
        name = entry.filename.removesuffix(".npy").lower()
        if name not in {*_RATES, *_UNITS, *_LEADS} or entry.file_size > _MOST_BYTES_OF_FACTS:
            continue
        try:
            value = np.load(io.BytesIO(archive.read(entry)), allow_pickle=False)
        except ValueError:
            continue
        flat = value.reshape(-1)
        if name in _RATES and value.dtype.kind in "iuf" and len(flat) and float(flat[0]) > 0:
            said["rate"] = float(flat[0])
        elif name in _UNITS and value.dtype.kind == "U" and len({*flat.tolist()}) == 1:
            if millivolts(str(flat[0])) is not None:
                said["unit"] = str(flat[0])
        elif name in _LEADS and value.dtype.kind == "U":
            said["leads"] = flat.tolist()
    return said


def _header(path: Path, source: SourceBytes) -> tuple[tuple[int, ...], bool, np.dtype[Any], int]:
    """Shape, whether it is in Fortran's order, type, and where the values begin."""
    head = io.BytesIO(source.read(0, min(source.size, HEADER_BYTES)))
    try:
        version = np.lib.format.read_magic(head)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if version == (1, 0):
                shape, is_fortran, dtype = np.lib.format.read_array_header_1_0(head)
            else:
                shape, is_fortran, dtype = np.lib.format.read_array_header_2_0(head)
    except _HEADER_ERRORS as error:
        raise Unreadable(path, f"{path.name} is no array that can be read.") from error
    if any(not isinstance(side, int) or side < 0 for side in shape):
        raise Unreadable(path, f"{path.name} is no array that can be read.")
    return shape, is_fortran, dtype, head.tell()


def _damaged(path: Path) -> Unreadable:
    return Unreadable(path, f"{path.name} is damaged and cannot be read.")


def _plus(values: NDArray[Any], added: NDArray[np.float64]) -> NDArray[Any]:
    """In the type of the values; where nothing is added they stay to the bit."""
    if values.dtype.kind == "f":
        with np.errstate(invalid="ignore", over="ignore"):
            return np.where(added == 0, values, (values + added).astype(values.dtype))
    limits = np.iinfo(values.dtype)
    steps = np.rint(added).astype(np.int64)
    lowest, highest = max(limits.min, -(2**62)), min(limits.max, 2**62)
    wanted = np.clip(values.astype(np.int64) + steps, lowest, highest)
    return np.where(steps == 0, values, wanted.astype(values.dtype))
