"""Opening and writing sound of any format, block by block."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from pathlib import Path

import numpy as np

from desktop_ae.core.clip import Clip, Samples
from desktop_ae.core.domain import Options, Piece
from desktop_ae.core.errors import BrokenResult, Unreadable
from desktop_ae.core.provenance import Provenance
from desktop_ae.domains.audio.facts import Facts, Sink, Source
from desktop_ae.domains.audio.kinds import CONTAINERS, sniff
from desktop_ae.domains.sentences import not_opened

HEAD_BYTES = 4096
OVERVIEW_PARTS = 15
# libsndfile reads these, but has no encoder for them.
_WRITTEN_BY_FFMPEG = {"MPEG_LAYER_I": "MP2", "MPEG_LAYER_II": "MP2"}


class SoundReader:
    """A Reader of one piece, the sound of a file (of a video's first or default track)."""

    def __init__(self, source: Source) -> None:
        self.source = source

    @property
    def facts(self) -> Facts:
        return self.source.facts

    @property
    def about(self) -> str:
        return self.facts.about

    @property
    def work(self) -> float:
        return self.facts.seconds

    @property
    def passed_over(self) -> Mapping[int, str]:
        return {}

    def pieces(self, left_out: Container[int] = ()) -> Iterator[Piece]:
        """Samples are in [-1, 1], but for floats and lossy codes that go beyond; see Source."""
        if 0 not in left_out:
            facts = self.facts
            shape = (facts.channels, facts.frames)
            rate_hz = float(facts.rate_hz)
            yield Piece(
                shape, self._clips(), facts.seconds, overview=self.overview, rate_hz=rate_hz
            )

    def overview(self, frames: int) -> Samples:
        """`(channels, frames)`: the whole sound, or so much of it in even parts from all over."""
        facts = self.facts
        parts = min(OVERVIEW_PARTS, max(1, facts.frames // max(1, frames)))
        length = min(facts.frames, frames) // parts
        heard = [np.zeros((facts.channels, 0), np.float32)]
        for part in range(parts):
            start = facts.frames * part // parts
            heard += self.source.blocks(start, start + length)
        return np.concatenate(heard, axis=1)

    def close(self) -> None:
        self.source.close()

    def _clips(self) -> Iterator[Clip]:
        start = 0
        for samples in self.source.blocks():
            yield Clip(samples, start)
            start += samples.shape[1]


class SoundWriter:
    """A Writer that encodes while blocks arrive, into a temporary file that goes when it goes."""

    def __init__(self, reader: SoundReader, keep_metadata: bool) -> None:
        self._source = reader.source
        self._keep_metadata = keep_metadata
        self._made_by = ""
        self._sink: Sink | None = None
        self._frames = 0

    def write(self, clip: Clip) -> None:
        """Raises NotWritable where there is no room, BrokenResult for what is no sound."""
        assert clip.start == self._frames, "blocks come in order"
        if not np.isfinite(clip.samples).all():
            raise BrokenResult("The model gave no usable result for this file; it was left alone.")
        if self._sink is None:
            self._sink = _sink_for(self._source)
        try:
            self._sink.write(clip.samples)
        except BaseException:
            self.close()
            raise
        self._frames = clip.stop

    def end_piece(self, leave: bool) -> bool:
        """A file has one piece only, so that one left as it is needs no file at all."""
        if leave:
            self.close()
        return not leave

    def record(self, provenance: Provenance) -> None:
        self._made_by = provenance.text

    def finish(self, scratch: Path) -> None:
        assert self._sink is not None
        assert self._frames == self._source.facts.frames, "the whole sound was written"
        try:
            self._sink.finish(scratch, self._keep_metadata, self._made_by)
        finally:
            self.close()

    def close(self) -> None:
        """Give up what was not finished; that happens as well to a writer that is forgotten."""
        sink, self._sink = self._sink, None
        if sink is not None:
            sink.close()

    def __del__(self) -> None:
        if hasattr(self, "_sink"):
            self.close()


def open_sound(path: Path, options: Options | None = None) -> SoundReader:
    """Raises Unreadable, Unsupported or TooLarge with a sentence."""
    return SoundReader(open_source(path))


def open_source(path: Path) -> Source:
    """As `open_sound`."""
    kind = _kind(path)
    if kind in CONTAINERS:
        return _by_ffmpeg(path, kind)
    from desktop_ae.domains.audio.libsnd import SndSource

    source = SndSource(path)
    if source.facts.coding not in _WRITTEN_BY_FFMPEG:
        return source
    source.close()
    return _by_ffmpeg(path, _WRITTEN_BY_FFMPEG[source.facts.coding])


def _by_ffmpeg(path: Path, container: str) -> Source:
    from desktop_ae.domains.audio.ffmpeg_source import FFmpegSource

    return FFmpegSource(path, container)


def _sink_for(source: Source) -> Sink:
    from desktop_ae.domains.audio.libsnd import SndSource
    from desktop_ae.domains.audio.libsnd_sink import sink_for

    if isinstance(source, SndSource):
        return sink_for(source)
    from desktop_ae.domains.audio.ffmpeg_sink import FFmpegSink
    from desktop_ae.domains.audio.ffmpeg_source import FFmpegSource

    assert isinstance(source, FFmpegSource)
    return FFmpegSink(source)


def _kind(path: Path) -> str:
    try:
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
    except OSError as error:
        raise not_opened(path, error) from error
    if not head:
        raise Unreadable(path, f"{path.name} is empty: it holds no data at all.")
    kind = sniff(head)
    if kind is None:
        raise Unreadable(path, f"{path.name} is no sound file, whatever its name says.")
    if kind == "MP3" and path.suffix.lower() == ".aac":
        return "AAC"  # a long ID3 tag hides what follows
    return kind
