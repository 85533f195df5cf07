"""Encoding sound through FFmpeg, packet after packet, into a spool."""

from __future__ import annotations

import ctypes
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from desktop_ae.core.clip import Samples
from desktop_ae.domains.audio.ffmpeg import (
    FFmpegError,
    Packet,
    Rational,
    library,
)
from desktop_ae.domains.audio.ffmpeg_source import FFmpegSource
from desktop_ae.domains.audio.spool import Spool

# Containers that cannot say how many frames of a coder's delay are to be dropped.
BARE = {"AAC", "MP2"}
# A source's own codec, where this build of FFmpeg has a good encoder of it.
ENCODERS = {"aac": "aac", "aac_latm": "aac", "alac": "alac", "flac": "flac"}
ENCODERS |= {"ac3": "ac3", "eac3": "eac3", "mp2": "mp2", "wmav1": "wmav2", "wmav2": "wmav2"}
AAC_RATES_HZ = (96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000)
# FFmpeg's encoder of AAC writes its plain kind only, and needs this much to sound as other ones do
# with less.
LEAST_BITS_PER_CHANNEL = 64_000
MOST_BITS_PER_CHANNEL = 256_000

_S16, _S32, _FLT, _S16P, _S32P, _FLTP = 1, 2, 3, 6, 7, 8
_INTEGERS: dict[int, Any] = {_S16: np.int16, _S16P: np.int16, _S32: np.int32, _S32P: np.int32}
_HEAD = struct.Struct("<qqqii")


@dataclass(frozen=True, slots=True)
class Coding:
    """encoder: FFmpeg's. format: its sample format. bits: of a sample, for lossless ones."""

    encoder: str
    format: int
    bits: int = 0
    bit_rate: int = 0


def coding_for(source: FFmpegSource) -> Coding:
    """The source's own codec if it can be written, or else AAC (FLAC for what was lossless)."""
    track, facts = source.track, source.facts
    bits = track.bits or 16
    if track.codec.startswith("pcm_"):
        kind = {1: _S16, 2: _S32, 3: _FLT, 4: 4, 0: 0}.get(source.sample_format, _FLT)
        return Coding(track.codec, kind, 16 if track.codec.endswith("law") else bits)
    encoder = "wmav2" if facts.container == "WMA" else ENCODERS.get(track.codec, "")
    if encoder == "alac":
        return Coding("alac", _S16P if bits <= 16 else _S32P, min(bits, 24) if bits > 16 else 16)
    lossless = source.is_lossless and facts.container in {"MKV", "MP4"}
    if encoder == "flac" or lossless or (not encoder and facts.rate_hz not in AAC_RATES_HZ):
        return Coding("flac", _S16 if bits <= 16 else _S32, 16 if bits <= 16 else 24)
    if encoder == "mp2":
        return Coding("mp2", _S16, bit_rate=track.bit_rate)
    encoder = encoder or "aac"
    least = LEAST_BITS_PER_CHANNEL * facts.channels
    rate = track.bit_rate or least
    if encoder == "aac":
        rate = min(max(rate, least), MOST_BITS_PER_CHANNEL * facts.channels)
    return Coding(encoder, _FLTP, bit_rate=rate)


class Encoder:
    """Takes samples of any number at a time. Raises FFmpegError if it cannot be made.

    parameters: of the stream that its packets make. delay: frames that decoding gives before the
    first one.
    """

    def __init__(self, source: FFmpegSource, coding: Coding) -> None:
        self._lib = lib = library()
        self._coding = coding
        self._channels = source.facts.channels
        self.rate_hz = source.facts.rate_hz
        self._taken = 0
        self.spool = Spool()
        self.count = 0
        found = lib.avcodec_find_encoder_by_name(coding.encoder.encode())
        if not found:
            raise FFmpegError(f"no encoder for {coding.encoder}")
        self._context = ctypes.c_void_p(lib.avcodec_alloc_context3(found))
        self.parameters: Any = lib.avcodec_parameters_alloc()
        self._packet: Any = lib.av_packet_alloc()
        self._frame: Any = lib.av_frame_alloc()
        try:
            self._open(source, found)
        except FFmpegError:
            self.close()
            raise
        fields = self.parameters.contents
        self._frame_size = fields.frame_size or 4096
        self.delay = fields.initial_padding
        # There whole packets are left out instead, and silence makes the delay as long as these.
        self._lead = -self.delay % self._frame_size if source.facts.container in BARE else 0
        if coding.encoder == "wmav2":
            self._lead = self._frame_size  # its decoder drops one frame more than this coder delays
        self._pending = np.zeros((self._channels, self._lead), np.float32)

    def _open(self, source: FFmpegSource, found: int) -> None:
        lib, coding = self._lib, self._coding
        fields = self.parameters.contents
        fields.codec_type = 1
        fields.codec_id = _codec_id(found)
        fields.format = coding.format
        fields.bit_rate = coding.bit_rate
        fields.sample_rate = self.rate_hz
        fields.bits_per_raw_sample = coding.bits
        layout = source.stream.codecpar.contents.layout
        if layout.order:
            lib.call("av_channel_layout_copy", ctypes.byref(fields.layout), ctypes.byref(layout))
        else:
            lib.av_channel_layout_default(ctypes.byref(fields.layout), self._channels)
        lib.call("avcodec_parameters_to_context", self._context, self.parameters)
        lib.av_opt_set(self._context, b"flags", b"+global_header", 0)
        lib.av_opt_set(self._context, b"strict", b"-2", 0)
        lib.av_opt_set(self._context, b"threads", b"1", 0)
        lib.call("avcodec_open2", self._context, found, None)
        lib.call("avcodec_parameters_from_context", self.parameters, self._context)

    def write(self, samples: Samples) -> None:
        """`(channels, frames)`. Raises NotWritable, FFmpegError."""
        waiting = np.concatenate([self._pending, samples], axis=1)
        size = self._frame_size
        whole = waiting.shape[1] // size * size
        for start in range(0, whole, size):
            self._send(waiting[:, start : start + size])
        self._pending = waiting[:, whole:].copy()
        self.spool.check()

    def finish(self) -> None:
        if self._pending.shape[1]:
            self._send(self._pending)
            self._pending = self._pending[:, :0]
        self._lib.avcodec_send_frame(self._context, None)
        self._receive()
        self.spool.check()

    def packets(self) -> Iterator[Packet]:
        """What was encoded, in order, each good until the next; times in frames, from `-delay`."""
        lib, packet = self._lib, self._packet
        self.spool.seek(0)
        for _ in range(self.count):
            pts, dts, duration, flags, size = _HEAD.unpack(self.spool.read(_HEAD.size))
            lib.call("av_new_packet", packet, size)
            fields = packet.contents
            ctypes.memmove(fields.data, self.spool.read(size), size)
            fields.pts, fields.dts, fields.flags = pts - self._lead, dts - self._lead, flags
            # The last one ends with the sound, whatever it was filled up with.
            fields.duration = max(1, min(duration, self._taken - pts))
            yield packet.contents
            lib.av_packet_unref(packet)

    @property
    def time_base(self) -> Rational:
        return Rational(1, self.rate_hz)

    def close(self) -> None:
        lib = self._lib
        lib.av_frame_free(ctypes.byref(self._frame))
        lib.av_packet_free(ctypes.byref(self._packet))
        lib.avcodec_parameters_free(ctypes.byref(self.parameters))
        lib.avcodec_free_context(ctypes.byref(self._context))
        self.spool.close()

    def _send(self, samples: Samples) -> None:
        lib, frame = self._lib, self._frame
        fields = frame.contents
        fields.samples = samples.shape[1]
        fields.format = self._coding.format
        fields.sample_rate = self.rate_hz
        fields.pts = self._taken
        layout = self.parameters.contents.layout
        lib.call("av_channel_layout_copy", ctypes.byref(fields.layout), ctypes.byref(layout))
        lib.call("av_frame_get_buffer", frame, 0)
        self._fill(samples)
        self._taken += samples.shape[1]
        lib.call("avcodec_send_frame", self._context, frame)
        lib.av_frame_unref(frame)
        self._receive()

    def _fill(self, samples: Samples) -> None:
        """Put samples into the frame as its format wants them, rounded."""
        fields = self._frame.contents
        kind = self._coding.format
        values: Any = samples
        if kind in _INTEGERS:
            values = quantised(samples, self._coding.bits or 16, _INTEGERS[kind])
        elif kind == 0:
            values = np.clip(np.rint(samples * 128) + 128, 0, 255).astype(np.uint8)
        elif kind == 4:
            values = samples.astype(np.float64)
        if kind >= 5:
            for index, channel in enumerate(values):
                data = np.ascontiguousarray(channel).tobytes()
                ctypes.memmove(fields.extended_data[index], data, len(data))
        else:
            data = np.ascontiguousarray(values.T).tobytes()
            ctypes.memmove(fields.extended_data[0], data, len(data))

    def _receive(self) -> None:
        lib, packet = self._lib, self._packet
        while lib.avcodec_receive_packet(self._context, packet) >= 0:
            fields = packet.contents
            head = _HEAD.pack(fields.pts, fields.dts, fields.duration, fields.flags, fields.size)
            self.spool.write(head)
            self.spool.write(ctypes.string_at(fields.data, fields.size))
            self.count += 1
            lib.av_packet_unref(packet)


def quantised(samples: Samples, bits: int, kind: Any) -> Any:
    """Integers of `bits` in the high bits of `kind`, so that what came from such is exact."""
    peak = 2.0 ** (bits - 1)
    scaled = np.rint(samples.astype(np.float64) * peak).clip(-peak, peak - 1)
    shift = 8 * np.dtype(kind).itemsize - bits
    return (scaled.astype(np.int64) << shift).astype(kind)


def _codec_id(encoder: int) -> int:
    """From an AVCodec: two names, a type, then the id."""
    offset = 2 * ctypes.sizeof(ctypes.c_void_p) + ctypes.sizeof(ctypes.c_int)
    return int(ctypes.c_int.from_address(encoder + offset).value)
