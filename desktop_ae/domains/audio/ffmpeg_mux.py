"""Putting cleaned sound back beside the pictures, subtitles and chapters of its file.

Everything but the one track of sound is copied packet by packet, as it is.
"""

from __future__ import annotations

import ctypes
import functools
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any, Protocol

from desktop_ae.domains.audio.ffmpeg import (
    ATTACHED_PICTURE,
    ATTACHMENT,
    AUDIO,
    DATA,
    NO_PTS,
    SUBTITLE,
    VIDEO,
    CodecParameters,
    FFmpegError,
    FormatContext,
    Packet,
    Rational,
    Stream,
    library,
)
from desktop_ae.domains.audio.ffmpeg_encoder import BARE
from desktop_ae.domains.audio.ffmpeg_file import FileBridge, Input, dictionary
from desktop_ae.domains.audio.ffmpeg_source import DEMUXERS, FFmpegSource
from desktop_ae.domains.audio.id3 import with_text
from desktop_ae.domains.audio.mp3 import leading_tags
from desktop_ae.domains.audio.mp4_boxes import Sound, finish_moov
from desktop_ae.domains.audio.mp4_note import with_note

MUXERS = {"M4A": "ipod", "MP4": "mp4", "MOV": "mov", "MKV": "matroska", "WebM": "webm"}
MUXERS |= {"3GP": "3gp", "AAC": "adts", "WMA": "asf", "AMR": "ipod", "MP2": "mp2"}
# Data tracks that the MOV writer can write: the telemetry of action cameras.
_KNOWN_DATA = {b"gpmd"}
# Where a result says what made it; formats of MOV's kind keep known names alone.
_MADE_BY = {"AMR": "comment"}
# Zeros that FFmpeg wants behind data.
INPUT_PADDING = 64


class Coder(Protocol):
    """Sound that was encoded. Times of packets are in `time_base`, frame 0 being the first;
    delay: frames that decoding gives before it.
    """

    parameters: Any
    delay: int

    @property
    def time_base(self) -> Rational: ...
    def packets(self) -> Iterator[Packet]: ...


class _Output:
    """A container being written. context: its AVFormatContext."""

    def __init__(self, file: IO[bytes], muxer: str) -> None:
        self.lib = library()
        self.context: Any = ctypes.POINTER(FormatContext)()
        self.bridge = FileBridge(file, writes=True)
        try:
            self.lib.call(
                "avformat_alloc_output_context2",
                ctypes.byref(self.context),
                None,
                muxer.encode(),
                None,
            )
        except FFmpegError:
            self.close()
            raise
        self.fields.pb = self.bridge.context
        self._began = False

    @property
    def fields(self) -> FormatContext:
        fields: FormatContext = self.context.contents
        return fields

    def add(self, parameters: Any, base: Rational) -> Stream:
        made = self.lib.avformat_new_stream(self.context, None)
        stream: Stream = made.contents
        self.lib.call("avcodec_parameters_copy", stream.codecpar, parameters)
        stream.time_base = base
        return stream

    def begin(self, options: dict[str, str]) -> None:
        with dictionary(options) as given:
            self.lib.call("avformat_write_header", self.context, given)
        self._began = True

    def put(self, packet: Packet, stream: Stream, base: Rational) -> None:
        packet.stream_index = stream.index
        packet.pos = -1
        self.lib.av_packet_rescale_ts(ctypes.byref(packet), base, stream.time_base)
        self.lib.call("av_interleaved_write_frame", self.context, ctypes.byref(packet))

    def end(self) -> None:
        self.lib.call("av_write_trailer", self.context)
        self.lib.avio_flush(self.fields.pb)

    def close(self) -> None:
        if self.context:
            # Borrowed from the source, whose they are to free.
            self.fields.chapters = None
            self.fields.chapter_count = 0
            self.lib.avformat_free_context(self.context)
            self.context = ctypes.POINTER(FormatContext)()
        self.bridge.close()


def remux(
    source: FFmpegSource, coder: Coder, scratch: Path, keep_metadata: bool, made_by: str = ""
) -> None:
    """Write the source's file with the coder's sound. Raises OSError, FFmpegError.

    made_by: a line to put among the tags.
    """
    container = source.facts.container
    with ExitStack() as stack:
        original = stack.enter_context(source.path.open("rb"))
        target = stack.enter_context(scratch.open("wb+"))
        if container in BARE:
            tags = leading_tags(original) if keep_metadata else b""
            # What has no tag stays without: not everything that plays bare packets knows tags.
            target.write(with_text(tags, made_by) if tags and made_by else tags)
        given = Input(original, DEMUXERS[container])
        stack.callback(given.close)
        made = _Output(target, MUXERS[container])
        stack.callback(made.close)
        try:
            place = _copy_all(source, given, coder, made, keep_metadata, made_by)
        except FFmpegError as error:
            for bridge in (made.bridge, given.bridge):
                if bridge.error is not None:
                    raise bridge.error from error
            raise
    if DEMUXERS[container] == "mov":
        late = _late_frames(source)
        sound = Sound(place, coder.delay, source.facts.frames, late)
        note = functools.partial(with_note, text=made_by, container=container)
        finish_moov(source.path, scratch, keep_metadata, sound, note if made_by else list)


def _copy_all(
    source: FFmpegSource, given: Input, coder: Coder, made: _Output, keep: bool, made_by: str
) -> int:
    """Returned: which of the made streams is the sound."""
    lib = made.lib
    streams: dict[int, Stream] = {}
    written: set[int] = set()
    for stream in given.streams:
        is_sound = stream.index == source.track.index
        if not is_sound and not _is_kept(stream, source.facts.container, keep, made):
            continue
        base = coder.time_base if is_sound else stream.time_base
        added = made.add(coder.parameters if is_sound else stream.codecpar, base)
        if is_sound:
            added.codecpar.contents.codec_tag = 0
        if stream.disposition & ATTACHED_PICTURE:
            _attach(added, stream.attached_picture)
        else:
            written.add(stream.index)
        added.disposition = stream.disposition & ~ATTACHED_PICTURE
        added.sample_aspect_ratio = stream.sample_aspect_ratio
        added.avg_frame_rate = stream.avg_frame_rate
        if keep:
            lib.av_dict_copy(_address(added, Stream.metadata), stream.metadata, 0)
        streams[stream.index] = added
    if keep:
        lib.av_dict_copy(_address(made.fields, FormatContext.metadata), given.fields.metadata, 0)
        made.fields.chapters = given.fields.chapters
        made.fields.chapter_count = given.fields.chapter_count
    if made_by:
        name = _MADE_BY.get(source.facts.container, "PROCESSED_BY").encode()
        metadata = _address(made.fields, FormatContext.metadata)
        lib.call("av_dict_set", metadata, name, made_by.encode(), 0)
    made.begin(_options(source))
    sound = _Sound(source, coder, made, streams[source.track.index])
    seconds = 0.0
    for packet in given.packets():
        out = streams.get(packet.stream_index)
        if out is None or packet.stream_index not in written - {source.track.index}:
            continue
        base = given.streams[packet.stream_index].time_base
        if packet.dts != NO_PTS:
            seconds = packet.dts * base.value
        sound.put_until(seconds)
        made.put(packet, out, base)
    sound.put_until(float("inf"))
    made.end()
    return int(streams[source.track.index].index)


def _attach(stream: Stream, picture: Packet) -> None:
    """Make a cover, which is read as if it were a video, an attachment again."""
    lib = library()
    fields = stream.codecpar.contents
    fields.codec_type = ATTACHMENT
    fields.codec_tag = 0
    lib.av_freep(_address(fields, CodecParameters.extradata))
    fields.extradata = lib.av_malloc(picture.size + INPUT_PADDING)
    ctypes.memset(fields.extradata, 0, picture.size + INPUT_PADDING)
    ctypes.memmove(fields.extradata, picture.data, picture.size)
    fields.extradata_size = picture.size


def _late_frames(source: FFmpegSource) -> int:
    """How many frames after the beginning of its file the sound begins."""
    return int(round(source.track.zero * source.stream.time_base.value * source.facts.rate_hz))


class _Sound:
    """The coder's packets on their way into the container, in step with the others."""

    def __init__(self, source: FFmpegSource, coder: Coder, made: _Output, stream: Stream) -> None:
        self._made = made
        self._stream = stream
        self._base = coder.time_base
        self._late = _late_frames(source) / source.facts.rate_hz
        # In MP4 an edit says so, beside the one that drops the coder's delay.
        is_edited = DEMUXERS[source.facts.container] == "mov"
        self._shift = 0 if is_edited else round(self._late / self._base.value)
        self._packets = coder.packets()
        self._first = 0 if source.facts.container in BARE else -(2**62)
        self._next: Packet | None = None

    def put_until(self, seconds: float) -> None:
        while True:
            if self._next is None:
                self._next = next(self._packets, None)
            packet = self._next
            if packet is None or packet.pts * self._base.value + self._late > seconds:
                return
            if packet.pts >= self._first:
                packet.pts += self._shift
                packet.dts += self._shift
                self._made.put(packet, self._stream, self._base)
            self._next = None


def _is_kept(stream: Stream, container: str, keep: bool, made: _Output) -> bool:
    parameters = stream.codecpar.contents
    is_mov = DEMUXERS[container] == "mov"
    if stream.disposition & ATTACHED_PICTURE:
        return keep and container == "MKV"  # in MP4 it lies among the tags, copied as bytes
    match parameters.codec_type:
        case kind if kind in {VIDEO, AUDIO, SUBTITLE}:
            known = made.lib.avformat_query_codec(made.fields.oformat, parameters.codec_id, -2)
            return bool(known != 0)
        case kind if kind == ATTACHMENT:
            return keep and container == "MKV"
        case kind if kind == DATA:
            tag = int(parameters.codec_tag).to_bytes(4, "little")
            return is_mov and tag in _KNOWN_DATA
    return False


def _options(source: FFmpegSource) -> dict[str, str]:
    options = {"strict": "-2"}
    if DEMUXERS[source.facts.container] == "mov":
        # The length of the sound is told in these units: frames, not the usual milliseconds.
        options["movie_timescale"] = str(source.facts.rate_hz)
        if source.facts.container in {"M4A", "MP4"}:
            with source.path.open("rb") as file:
                head = file.read(12)
            if head[4:8] == b"ftyp" and head[8:12].isascii():
                options["brand"] = head[8:12].decode()
    return options


def _address(record: Any, field: Any) -> Any:
    return ctypes.c_void_p(ctypes.addressof(record) + field.offset)
