"""Reading the sound of M4A, MP4, MOV, MKV, WebM, AAC and WMA through FFmpeg."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from desktop_ae.core.clip import Samples
from desktop_ae.core.errors import Unreadable, Unsupported
from desktop_ae.domains.audio.facts import BLOCK_FRAMES, Facts, check_facts
from desktop_ae.domains.audio.ffmpeg import (
    AUDIO,
    MICROSECONDS,
    NO_PTS,
    FFmpegError,
    Stream,
    library,
)
from desktop_ae.domains.audio.ffmpeg_decoder import Decoder
from desktop_ae.domains.audio.ffmpeg_file import Input
from desktop_ae.domains.sentences import not_opened

# FFmpeg's demuxers by the container's name.
DEMUXERS = {"M4A": "mov", "MP4": "mov", "MOV": "mov", "MKV": "matroska", "WebM": "matroska"}
DEMUXERS |= {"3GP": "mov", "AAC": "aac", "WMA": "asf", "AMR": "amr", "MP2": "mp3"}
# Bare rows of packets: they begin at 0, and their end is found by going there.
ROWS = {"AAC", "AMR", "MP2", "WMA"}

# Decoders need a moment before a jump's target to come to themselves.
RUN_UP_SECONDS = 0.5
TAIL_SECONDS = 4.0
MEASURED_SECONDS = 8.0
# A hole in the times of packets that is longer is filled with silence; shorter ones are rounding.
HOLE_SECONDS = 0.06
# Sound that begins this late begins with its file: times may be in milliseconds.
ROUNDED_SECONDS = 0.0015
_ENCRYPTED = {b"drms", b"enca", b"drmi"}
_LOSSLESS = ("alac", "flac", "pcm_", "truehd", "wmalossless", "tta", "wavpack")


@dataclass(frozen=True, slots=True)
class Track:
    """The sound that is cleaned.

    index: of its stream. zero: its first frame's time, in the stream's units. delay: of its coder,
    in frames; skipped: the part of it that the decoder leaves in. bit_rate: 0 where unknown.
    """

    index: int
    codec: str
    zero: int
    delay: int
    skipped: int
    bit_rate: int
    bits: int
    profile: str


class FFmpegSource:
    """See `facts.Source`. track: which of the file's streams is read."""

    def __init__(self, path: Path, container: str) -> None:
        self.path = path
        self.container = container
        self._file = None
        self._jumped_to = 0.0
        try:
            library()
        except FFmpegError as error:
            raise Unsupported(
                path,
                f"{path.name} cannot be read here: {container} needs the FFmpeg libraries of "
                f"PySide6, and they do not load ({error}).",
            ) from error
        try:
            self._file = path.open("rb")
            self._input = Input(self._file, DEMUXERS[container])
        except OSError as error:
            raise not_opened(path, error) from error
        except FFmpegError as error:
            self._close_file()
            raise Unreadable(path, _broken(path, container)) from error
        try:
            self.track = self._find_track()
            self._facts = self._find_facts()
            check_facts(self._facts)
        except Exception:
            self.close()
            raise

    @property
    def facts(self) -> Facts:
        return self._facts

    @property
    def stream(self) -> Stream:
        return self._input.streams[self.track.index]

    @property
    def sample_format(self) -> int:
        """FFmpeg's number for how samples lie after decoding."""
        return int(self.stream.codecpar.contents.format)

    @property
    def is_lossless(self) -> bool:
        return self.track.codec.startswith(_LOSSLESS)

    def blocks(self, start: int = 0, stop: int | None = None) -> Iterator[Samples]:
        stop = self.facts.frames if stop is None else min(stop, self.facts.frames)
        self._go_to(start)
        waiting: list[Samples] = []
        count = 0
        here = start
        for position, samples in self._decoded():
            for part in _placed(here, position, samples, stop, self._hole):
                waiting.append(part)
                count += part.shape[1]
                here += part.shape[1]
            if count >= BLOCK_FRAMES:
                yield from _cut(np.concatenate(waiting, axis=1))
                waiting, count = [], 0
            if here >= stop:
                break
        if here < stop:
            self._check_end(here)
            waiting.append(np.zeros((self.facts.channels, stop - here), np.float32))
        if waiting:
            yield from _cut(np.concatenate(waiting, axis=1))

    def close(self) -> None:
        self._input.close()
        self._close_file()

    def _close_file(self) -> None:
        if self._file is not None:
            self._file.close()

    @property
    def _hole(self) -> int:
        return int(HOLE_SECONDS * self.facts.rate_hz)

    def _check_end(self, here: int) -> None:
        """A second is missing where times are rounded or a file was cut; more is damage."""
        if self.facts.frames - here > self.facts.rate_hz + BLOCK_FRAMES:
            raise Unreadable(
                self.path, f"{self.path.name} is damaged: its sound cannot be read to the end."
            )

    def _find_track(self) -> Track:
        lib = library()
        index = lib.av_find_best_stream(self._input.context, AUDIO, -1, -1, None, 0)
        if index < 0:
            sounds = [s for s in self._input.streams if s.codecpar.contents.codec_type == AUDIO]
            if not sounds:
                raise Unreadable(self.path, f"{self.path.name} has no sound in it.")
            index = sounds[0].index
        stream = self._input.streams[index]
        parameters = stream.codecpar.contents
        codec = lib.avcodec_get_name(parameters.codec_id).decode()
        tag = int(parameters.codec_tag).to_bytes(4, "little")
        if tag in _ENCRYPTED:
            raise Unsupported(
                self.path, f"{self.path.name} is protected against copying and cannot be opened."
            )
        if not lib.avcodec_find_decoder(parameters.codec_id):
            what = f"“{codec}”" if codec not in {"none", "unknown_codec"} else "an unknown code"
            raise Unsupported(
                self.path, f"The sound of {self.path.name} is in {what}, which cannot be read."
            )
        profile = lib.avcodec_profile_name(parameters.codec_id, parameters.profile)
        return Track(
            index,
            codec,
            0,
            parameters.initial_padding,
            parameters.initial_padding if self._keeps_delay(codec) else 0,
            parameters.bit_rate,
            parameters.bits_per_raw_sample or parameters.bits_per_coded_sample,
            profile.decode() if profile else "",
        )

    def _keeps_delay(self, codec: str) -> bool:
        return DEMUXERS[self.container] == "matroska" and codec != "opus"

    def _find_facts(self) -> Facts:
        parameters = self.stream.codecpar.contents
        lossless = self.is_lossless
        depth = f"{self.track.bits} bit" if lossless and self.track.bits else ""
        floats = lossless and parameters.format in {3, 4, 8, 9}
        found = Facts(
            self.path,
            self.container,
            self.track.codec,
            parameters.sample_rate,
            parameters.layout.channels,
            1,
            f"{depth} float" if floats else depth,
        )
        check_facts(found)
        self._facts = found  # for what counts the frames
        if not lossless and not self.track.bit_rate:
            self.track = replace(self.track, bit_rate=self._measure_bit_rate())
        self.track = replace(self.track, zero=self._find_zero())
        frames = self._find_end()
        return Facts(
            found.path,
            found.container,
            found.coding,
            found.rate_hz,
            found.channels,
            frames,
            found.depth,
        )

    def _find_zero(self) -> int:
        """The time of the first frame that is heard, behind the coder's delay; 0 if it is less."""
        if self.container in ROWS:
            return 0
        decoder = Decoder(self.stream)
        try:
            pts, _ = next(self._frames(decoder), (NO_PTS, None))
        finally:
            decoder.close()
        self._go_to(0)
        if pts == NO_PTS:
            return 0
        delay = self.track.skipped / self.facts.rate_hz / self.stream.time_base.value
        zero = pts + round(delay)
        return 0 if abs(zero) * self.stream.time_base.value < ROUNDED_SECONDS else max(0, zero)

    def _measure_bit_rate(self) -> int:
        """From the first seconds, where no header says it."""
        base = self.stream.time_base.value
        size, seconds = 0, 0.0
        for packet in self._input.packets():
            if packet.stream_index == self.track.index:
                size += packet.size
                seconds += packet.duration * base
                if seconds > MEASURED_SECONDS:
                    break
        self._go_to(0)
        return round(8 * size / seconds) if seconds else 0

    def _find_end(self) -> int:
        """How many frames there are: what the last packets say, since headers round."""
        duration = self._input.fields.duration
        if self.container in ROWS or duration == NO_PTS:
            return self._last_end()
        late = duration / MICROSECONDS - TAIL_SECONDS
        if late > 0:
            base = self.stream.time_base.value
            self._jumped_to = late
            if self._input.seek(self.track.index, int(late / base)) and (end := self._last_end()):
                return end
            self._go_to(0)
        return self._last_end()

    def _last_end(self) -> int:
        """Read on to the end. Where times count frames, packets tell; or else decoded frames."""
        base = self.stream.time_base
        exact = base.num == 1 and base.den == self.facts.rate_hz
        if self.container in ROWS - {"WMA"}:
            return self._row_length()
        if not exact or self.container in ROWS:
            return max((p + s.shape[1] for p, s in self._decoded()), default=0)
        end = 0
        for packet in self._input.packets():
            if packet.stream_index == self.track.index and packet.pts != NO_PTS:
                end = max(end, packet.pts + packet.duration - self.track.zero)
        return end

    def _row_length(self) -> int:
        """Every packet holds as many frames as the first; only to count them is a hundred times
        faster than to decode them.
        """
        decoder = Decoder(self.stream)
        try:
            _, first = next(self._frames(decoder), (0, None))
        finally:
            decoder.close()
        self._go_to(0)
        size: int = 0 if first is None else first.shape[1]
        ours = [1 for packet in self._input.packets() if packet.stream_index == self.track.index]
        return size * len(ours)

    def _go_to(self, frame: int) -> None:
        time = max(0.0, frame / self.facts.rate_hz - RUN_UP_SECONDS)
        self._jumped_to = time
        if self.container in ROWS and not time:
            self._open_again()
            return
        base = self.stream.time_base.value
        wanted = self.track.zero + int(time / base) if time else -(2**40)
        if not self._input.seek(self.track.index, wanted):
            self._input.seek(self.track.index, self.track.zero)

    def _open_again(self) -> None:
        """A jump to the beginning would not arrive there."""
        assert self._file is not None
        self._input.close()
        self._file.seek(0)
        self._input = Input(self._file, DEMUXERS[self.container])

    def _decoded(self) -> Iterator[tuple[int, Samples]]:
        """From where the file stands: the frame that each stretch of samples begins at, and it."""
        decoder = Decoder(self.stream)
        counted: int | None = None
        jumped = False
        try:
            for pts, samples in self._frames(decoder):
                if counted is None and not jumped and not self._is_beginning(pts):
                    # The first frame after a jump is not whole.
                    jumped = self._jumped_to > 0
                    if jumped:
                        continue
                position = self._position(pts, samples.shape[1], counted, jumped)
                counted = position + samples.shape[1]
                yield max(0, position), samples[:, max(0, -position) :]
        finally:
            decoder.close()

    def _frames(self, decoder: Decoder) -> Iterator[tuple[int, Samples]]:
        for packet in self._input.packets():
            if packet.stream_index == self.track.index:
                yield from decoder.push(packet)
        yield from decoder.push(None)

    @property
    def _rounding(self) -> float:
        """How many frames a time may be off because it is rounded."""
        return float(2 * self.stream.time_base.value * self.facts.rate_hz)

    def _is_beginning(self, pts: int) -> bool:
        return pts == NO_PTS or abs(self._told(pts) + self.track.skipped) <= self._rounding

    def _told(self, pts: int) -> int:
        base = self.stream.time_base
        return int(round((pts - self.track.zero) * base.num * self.facts.rate_hz / base.den))

    def _position(self, pts: int, count: int, counted: int | None, jumped: bool) -> int:
        """Which frame samples begin at: as counted, unless their time says something else."""
        if pts == NO_PTS:
            return counted or 0
        told, rounding = self._told(pts), self._rounding
        if self.container in ROWS and not jumped:
            return counted or 0
        if counted is not None:
            return counted if abs(told - counted) <= max(rounding, self._hole) else told
        if self._is_beginning(pts):
            return -self.track.skipped
        # After a jump a time in milliseconds says which of a row of equal packets this is.
        delay = self.track.delay
        equal = round((told + delay) / count) * count - delay if count else told
        return equal if abs(equal - told) <= rounding else told


def _placed(here: int, position: int, samples: Samples, stop: int, hole: int) -> Iterator[Samples]:
    """What of `samples`, which begin at `position`, follows `here`, behind silence if need be."""
    if position < here:
        samples = samples[:, here - position :]
        position = here
    if position > here and position - here > hole:
        yield np.zeros((len(samples), min(position, stop) - here), np.float32)
        here = min(position, stop)
    yield samples[:, : max(0, stop - here)]


def _cut(samples: Samples) -> Iterator[Samples]:
    for start in range(0, samples.shape[1], BLOCK_FRAMES):
        yield np.ascontiguousarray(samples[:, start : start + BLOCK_FRAMES])


def _broken(path: Path, container: str) -> str:
    return (
        f"{path.name} cannot be read: it is no {container} file, or damaged; a recording that was "
        "broken off may lack its index."
    )
