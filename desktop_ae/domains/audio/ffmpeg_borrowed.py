"""Opus, Vorbis and MP3 for containers of FFmpeg's, encoded by libsndfile.

This FFmpeg has no encoder of MP3, and only trials of the other two.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import soundfile

from desktop_ae.core.clip import Samples
from desktop_ae.domains.audio.facts import Facts
from desktop_ae.domains.audio.ffmpeg import FFmpegError, Packet, Rational
from desktop_ae.domains.audio.ffmpeg_file import Input
from desktop_ae.domains.audio.ffmpeg_source import FFmpegSource
from desktop_ae.domains.audio.libsnd import EvenWriter
from desktop_ae.domains.audio.lossy import mp3_settings, opus_settings, vorbis_settings
from desktop_ae.domains.audio.spool import Spool

BORROWED = {"opus": ("OGG", "OPUS"), "vorbis": ("OGG", "VORBIS"), "mp3": ("MP3", "MPEG_LAYER_III")}


class BorrowedEncoder:
    """See `ffmpeg_mux.Coder`; `parameters`, `delay` and `packets` are there once it is finished."""

    def __init__(self, source: FFmpegSource) -> None:
        self._format, coding = BORROWED[source.track.codec]
        facts = source.facts
        self.spool = Spool()
        self.parameters: Any = None
        self.delay = 0
        self._rate_hz = facts.rate_hz
        self._frames = 0
        self._made: Input | None = None
        how = _settings(source.track.codec, source.track.bit_rate, facts)
        try:
            file = soundfile.SoundFile(
                self.spool, "w", facts.rate_hz, facts.channels, coding, format=self._format, **how
            )
        except soundfile.LibsndfileError as error:
            self.spool.close()
            raise FFmpegError(error.error_string) from error
        self._file = EvenWriter(file)

    def write(self, samples: Samples) -> None:
        """`(channels, frames)`. Raises NotWritable."""
        self._file.write(samples.T)
        self._frames += samples.shape[1]
        self.spool.check()

    def finish(self) -> None:
        self._file.close()
        whole = self.spool.whole()
        whole.file.seek(0)
        self._made = Input(whole.file, self._format.lower())
        stream = self._made.streams[0]
        self.parameters = stream.codecpar
        fields = self.parameters.contents
        # An MP3 file begins at its first sound, behind what its decoder drops.
        skipped = stream.start_time if self._format == "MP3" else 0
        self._skipped = max(0, skipped)
        if self._skipped:
            fields.initial_padding = round(self._skipped * self.time_base.value * self._rate_hz)
        self.delay = fields.initial_padding

    @property
    def time_base(self) -> Rational:
        assert self._made is not None
        base: Rational = self._made.streams[0].time_base
        return base

    def packets(self) -> Iterator[Packet]:
        assert self._made is not None
        end = round(self._frames / self._rate_hz / self.time_base.value)
        for packet in self._made.packets():
            packet.pts -= self._skipped
            packet.dts -= self._skipped
            # The last one ends with the sound, whatever it was filled up with.
            packet.duration = max(1, min(packet.duration, end - packet.pts))
            yield packet

    def close(self) -> None:
        self._file.give_up()
        if self._made is not None:
            self._made.close()
        self.spool.close()


def _settings(codec: str, bit_rate: int, facts: Facts) -> dict[str, Any]:
    match codec:
        case "opus":
            return opus_settings(bit_rate or 64_000 * facts.channels, facts.channels)
        case "vorbis":
            return vorbis_settings(bit_rate or 64_000 * facts.channels, facts)
        case _:
            return mp3_settings(round(bit_rate / 1000), True, facts.rate_hz)
