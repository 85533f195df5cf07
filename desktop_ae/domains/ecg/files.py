"""Opening and writing ECG recordings of any format, block by block."""

from __future__ import annotations

import functools
from collections.abc import Container, Iterator, Mapping
from pathlib import Path

import numpy as np

from desktop_ae.core.clip import Clip, Samples
from desktop_ae.core.domain import Options, Piece
from desktop_ae.core.errors import BrokenResult, FileError, Unreadable
from desktop_ae.core.provenance import Provenance
from desktop_ae.core.saving import NewFile
from desktop_ae.domains.ecg.facts import Facts, Recording, Source
from desktop_ae.domains.ecg.kinds import sniff
from desktop_ae.domains.ecg.spool import KeptChanges
from desktop_ae.domains.sentences import not_opened

HEAD_BYTES = 4096
BLOCK_SECONDS = 30
# Of a hundred leads a block is shorter.
BLOCK_VALUES = 2**22
OVERVIEW_PARTS = 15


class EcgReader:
    """A Reader of one piece for each rate at which there are ECG leads: of one, nearly always.

    `source` and `facts` are the first piece's; `sources` are all. `work` is in seconds.
    """

    def __init__(self, recording: Recording) -> None:
        self.recording = recording
        self.current = 0  # index of the piece that was given last

    @property
    def sources(self) -> tuple[Source, ...]:
        return self.recording.tracks

    @property
    def source(self) -> Source:
        return self.sources[0]

    @property
    def facts(self) -> Facts:
        return self.source.facts

    @property
    def about(self) -> str:
        return self.facts.about

    @property
    def work(self) -> float:
        return sum(source.facts.seconds for source in self.sources)

    @property
    def passed_over(self) -> Mapping[int, str]:
        return {}

    def pieces(self, left_out: Container[int] = ()) -> Iterator[Piece]:
        """Blocks are float32 `(leads, samples)` in millivolts, NaN in gaps; see Source."""
        for index, source in enumerate(self.sources):
            if index in left_out:
                continue
            self.current = index
            facts = source.facts
            yield Piece(
                (len(facts.leads), facts.samples),
                blocks(source),
                facts.seconds,
                index,
                overview=functools.partial(overview, source),
                rate_hz=facts.rate_hz,
            )

    def overview(self, count: int) -> Samples:
        """`(leads, count)` at most: the whole first piece, or even parts from all over it."""
        return overview(self.source, count)

    def close(self) -> None:
        self.recording.close()


class EcgWriter:
    """A Writer that keeps what changed in temporary files, and adds it to a copy of the source:
    what was not changed comes back bit by bit, whatever the format and its precision.
    """

    def __init__(self, reader: EcgReader, keep_metadata: bool = True) -> None:
        self._reader = reader
        self._keep_metadata = keep_metadata
        self._made_by: Provenance | None = None
        self._kept: dict[int, KeptChanges] = {}

    def write(self, clip: Clip) -> None:
        """Where the source is NaN the clip may hold anything: nothing changes there.

        Raises NotWritable where there is no room, BrokenResult for what is no signal.
        """
        index = self._reader.current
        source = self._reader.sources[index]
        kept = self._kept.get(index)
        if kept is None:
            kept = self._kept[index] = KeptChanges(len(source.facts.leads))
        assert clip.start == kept.count, "blocks come in order"
        before = source.read(clip.start, clip.stop)
        changes = np.where(np.isnan(before), np.float32(0), clip.samples - before)
        if not np.isfinite(changes).all():
            raise BrokenResult("The model gave no usable result for this file; it was left alone.")
        kept.append(changes.astype(np.float32, copy=False))

    def end_piece(self, leave: bool) -> bool:
        index = self._reader.current
        if leave:
            kept = self._kept.pop(index, None)
            if kept is not None:
                kept.close()
        else:
            written = self._kept[index].count if index in self._kept else 0
            assert written == self._reader.sources[index].facts.samples, "all of it was written"
        return not leave

    def record(self, provenance: Provenance) -> None:
        self._made_by = provenance

    def finish(self, scratch: Path) -> None:
        """A record of several files gets the others beside `scratch`, named by its stem."""
        with NewFile.at(scratch) as file:
            self.finish_files(file)

    def finish_files(self, file: NewFile) -> None:
        """As `finish`, with companions that get their names together with the file's own."""
        try:
            self._reader.recording.save(file, dict(self._kept), self._keep_metadata, self._made_by)
        finally:
            self.close()

    def close(self) -> None:
        """Give up what was not finished."""
        for kept in self._kept.values():
            kept.close()
        self._kept = {}


def open_ecg(path: Path, options: Options | None = None) -> EcgReader:
    """Raises Unreadable, Unsupported, TooLarge or NeedsFacts with a sentence, and UnknownName for
    an option's value that cannot be.
    """
    return EcgReader(open_recording(path, options))


def open_source(path: Path, options: Options | None = None) -> Source:
    """The leads of the first rate of a file; closing it closes the file. Raises as `open_ecg`."""
    return open_recording(path, options).tracks[0]


def open_recording(path: Path, options: Options | None = None) -> Recording:
    """As `open_ecg`."""
    try:
        return _opened(path, _kind(path), options or {})
    except OSError as error:
        raise not_opened(path, error) from error


def blocks(source: Source) -> Iterator[Clip]:
    """All of a source, in blocks of about half a minute."""
    facts = source.facts
    size = int(min(BLOCK_SECONDS * facts.rate_hz, BLOCK_VALUES / len(facts.leads)))
    size = max(1, size)
    for start in range(0, facts.samples, size):
        yield Clip(source.read(start, min(start + size, facts.samples)), start)


def overview(source: Source, count: int) -> Samples:
    """`(leads, count)` at most: the whole of it, or so much in even parts from all over it."""
    facts = source.facts
    parts = min(OVERVIEW_PARTS, max(1, facts.samples // max(1, count)))
    length = min(facts.samples, count) // parts
    starts = [facts.samples * part // parts for part in range(parts)]
    return np.concatenate([source.read(start, start + length) for start in starts], axis=1)


def _opened(path: Path, kind: str, options: Options) -> Recording:
    match kind:
        case "WFDB":
            from desktop_ae.domains.ecg.wfdb import WfdbRecording

            return WfdbRecording(path)
        case "EDF" | "BDF":
            from desktop_ae.domains.ecg.edf import EdfRecording

            return EdfRecording(path)
        case "NPY":
            from desktop_ae.domains.ecg.arrays import open_npy

            return open_npy(path, options)
        case "NPZ":
            from desktop_ae.domains.ecg.arrays import open_npz

            return open_npz(path, options)
        case "DICOM":
            from desktop_ae.domains.ecg.dicom import DicomRecording

            return DicomRecording(path)
        case _:
            from desktop_ae.domains.ecg.table import TableRecording

            return TableRecording(path, options)


def _kind(path: Path) -> str:
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if not head:
        raise Unreadable(path, f"{path.name} is empty: it holds no data at all.")
    kind = sniff(head)
    is_header = path.suffix.lower() == ".hea"
    if kind == "WFDB" and not is_header:
        kind = "CSV"
    if kind is None or (is_header and kind != "WFDB"):
        raise _no_ecg(path)
    return kind


def _no_ecg(path: Path) -> FileError:
    kind = path.suffix.removeprefix(".").upper() or "nothing"
    return Unreadable(path, f"{path.name} is named {kind}, but its content is something else.")
