"""Writing cleaned sound in the formats of libsndfile."""

from __future__ import annotations

import io
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

import numpy as np
import soundfile

from desktop_ae.core.clip import Samples
from desktop_ae.core.errors import NotWritable
from desktop_ae.domains.audio import iff, pcm
from desktop_ae.domains.audio.facts import Facts
from desktop_ae.domains.audio.flac import compose_flac
from desktop_ae.domains.audio.libsnd import LOSSY, EvenWriter, SndSource, raw_writer
from desktop_ae.domains.audio.lossy import settings
from desktop_ae.domains.audio.mp3 import compose_mp3
from desktop_ae.domains.audio.ogg import write_with_comments
from desktop_ae.domains.audio.riff import compose_wave, parse_wave
from desktop_ae.domains.audio.spool import Part, Span, Spool, assemble

_WAVES = {"WAV", "WAVEX", "RF64", "W64"}
# Formats whose samples lie in one stretch, so that a file is its source with other samples.
PLAIN = _WAVES | {"AIFF", "CAF", "AU"}

# libsndfile's encoder of Apple's lossless code makes noise of loud sound with more than 16 bits.
_INSTEAD = {"ALAC_20": "PCM_24", "ALAC_24": "PCM_24", "ALAC_32": "PCM_32"}


def sink_for(source: SndSource) -> PlainSink | CodedSink:
    facts = source.facts
    if facts.container in PLAIN and facts.coding in pcm.WIDTHS:
        return PlainSink(source)
    return CodedSink(source)


class PlainSink:
    """See `facts.Sink`. Numbers without a header go into the spool; the header is the source's."""

    def __init__(self, source: SndSource) -> None:
        self._facts = source.facts
        self._spool = Spool()
        self._frames = 0
        with source.path.open("rb") as file:
            self._big_endian = _is_big_endian(file, self._facts.container)
        self._laws = (
            raw_writer(self._spool, self._facts) if self._facts.coding in pcm.LAWS else None
        )
        # What floats of 32 bits cannot hold is read once more, and only the change added to it.
        self._original = SndSource(source.path) if self._facts.coding in pcm.EXACT else None

    def write(self, samples: Samples) -> None:
        start, self._frames = self._frames, self._frames + samples.shape[1]
        coding = self._facts.coding
        frames: Any
        if self._original is not None:
            kind = pcm.EXACT[coding]
            original = list(self._original.numbers(kind, start, self._frames))
            frames = pcm.with_change(np.concatenate(original), samples)
        else:
            frames = pcm.as_integers(samples, pcm.bits_of(coding))
        if self._laws is not None:
            self._laws.write(np.ascontiguousarray(frames))
        else:
            self._spool.write(pcm.packed(frames, coding, self._big_endian))
        self._spool.check()

    def finish(self, scratch: Path, keep_metadata: bool, made_by: str = "") -> None:
        if self._laws is not None:
            self._laws.close()
        data = self._spool.whole()
        with self._facts.path.open("rb") as source:
            container, frames = self._facts.container, self._frames
            parts = composed(container, source, data, frames, keep_metadata, None, made_by)
            assemble(scratch, parts)

    def close(self) -> None:
        if self._original is not None:
            self._original.close()
        if self._laws is not None:
            with suppress(soundfile.LibsndfileError):
                self._laws.close()
        self._spool.close()


class CodedSink:
    """See `facts.Sink`. A whole file is encoded into the spool; tags come from the source."""

    def __init__(self, source: SndSource) -> None:
        self._facts = facts = source.facts
        self._spool = Spool()
        with facts.path.open("rb") as file:
            how = settings(file, facts)
        self._file = EvenWriter(_writer(self._spool, facts, how))
        self._frames = 0

    def write(self, samples: Samples) -> None:
        facts = self._facts
        frames: Any = samples.T
        if facts.coding not in LOSSY | pcm.FLOATS:
            frames = pcm.as_integers(samples, pcm.bits_of(facts.coding))
        self._file.write(frames)
        self._frames += samples.shape[1]
        self._spool.check()

    def finish(self, scratch: Path, keep_metadata: bool, made_by: str = "") -> None:
        self._file.close()
        made = self._spool.whole()
        container = self._facts.container
        with self._facts.path.open("rb") as source:
            if container in {"OGG", "Opus"} and (keep_metadata or made_by):
                write_with_comments(source, made, scratch, keep_metadata, made_by)
                return
            parts: list[Part]
            if container == "FLAC":
                parts = compose_flac(source, made, keep_metadata, made_by)
            elif container == "MP3":
                parts = compose_mp3(source, made, keep_metadata, made_by)
            elif container in PLAIN:
                file, frames = made.file, self._frames
                parts = composed(container, source, None, frames, keep_metadata, file, made_by)
            else:
                parts = [made]
            assemble(scratch, parts)

    def close(self) -> None:
        self._file.give_up()
        self._spool.close()


def _writer(spool: Spool, facts: Facts, how: dict[str, Any]) -> Any:
    container = "OGG" if facts.container == "Opus" else facts.container
    coding = _INSTEAD.get(facts.coding, facts.coding)
    try:
        return soundfile.SoundFile(
            spool, "w", facts.rate_hz, facts.channels, coding, format=container, **how
        )
    except (soundfile.LibsndfileError, ValueError) as error:
        spool.close()
        raise NotWritable(
            facts.path,
            f"{facts.path.name} can be read, but not written in the same format "
            f"({facts.container}, {facts.coding.lower()}).",
        ) from error


def composed(
    container: str,
    source: IO[bytes],
    data: Part | None,
    frames: int,
    keep: bool,
    made: IO[bytes] | None,
    made_by: str = "",
) -> list[Part]:
    """The source with other sound: `data`, or what a whole file of the same format has. Raises
    OSError where the source is not any more what it was.
    """
    sound: Part | None
    if container in _WAVES:
        wave = parse_wave(source)
        own = parse_wave(made) if made else None
        if wave is not None:
            sound = data if data is not None else own.data if own else b""
            return compose_wave(wave, sound, frames, keep, own, made_by)
    elif container == "AIFF":
        aiff = iff.parse_aiff(source)
        if aiff is not None:
            own_aiff = iff.parse_aiff(made) if made else None
            return iff.compose_aiff(aiff, data or b"", frames, keep, own_aiff, made_by)
    elif container == "CAF":
        caf = iff.parse_caf(source)
        if caf is not None:
            own_caf = iff.parse_caf(made) if made else None
            sound = data if data is not None else (own_caf.find(b"data") if own_caf else None)
            return iff.compose_caf(caf, sound or b"", keep, own_caf, made_by)
    else:
        head = iff.au_head(source)
        if head is not None and data is not None:
            return iff.compose_au(*head, data, keep)
        if made is not None:
            return [Span(made, 0, made.seek(0, io.SEEK_END))]
    raise OSError("the source changed while it was read")


def _is_big_endian(file: IO[bytes], container: str) -> bool:
    if container == "AIFF":
        aiff = iff.parse_aiff(file)
        return aiff is None or aiff.big_endian
    if container == "CAF":
        caf = iff.parse_caf(file)
        return caf is None or caf.big_endian
    if container == "AU":
        head = iff.au_head(file)
        return head is None or head[1]
    wave = parse_wave(file)
    return wave is not None and wave.big_endian
