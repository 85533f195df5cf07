"""Decoded sound of FFmpeg's as float32."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from desktop_ae.core.clip import Samples
from desktop_ae.domains.audio.ffmpeg import Frame, Stream, library

# By FFmpeg's numbers of sample formats: the kind, whether each channel lies apart, the scale.
_KINDS: dict[int, tuple[Any, bool, float]] = {
    0: (np.uint8, False, 2.0**-7),
    1: (np.int16, False, 2.0**-15),
    2: (np.int32, False, 2.0**-31),
    3: (np.float32, False, 1.0),
    4: (np.float64, False, 1.0),
    5: (np.uint8, True, 2.0**-7),
    6: (np.int16, True, 2.0**-15),
    7: (np.int32, True, 2.0**-31),
    8: (np.float32, True, 1.0),
    9: (np.float64, True, 1.0),
}


class Decoder:
    """Packets to `(channels, frames)` float32 with the time of the first."""

    def __init__(self, stream: Stream) -> None:
        lib = library()
        found = lib.avcodec_find_decoder(stream.codecpar.contents.codec_id)
        self._context = ctypes.c_void_p(lib.avcodec_alloc_context3(found))
        self._frame: Any = lib.av_frame_alloc()
        self._channels = stream.codecpar.contents.layout.channels
        lib.call("avcodec_parameters_to_context", self._context, stream.codecpar)
        # Or else times stay as they were where the decoder drops a coder's delay.
        base = f"{stream.time_base.num}/{stream.time_base.den}"
        lib.av_opt_set(self._context, b"pkt_timebase", base.encode(), 0)
        lib.call("avcodec_open2", self._context, found, None)

    def push(self, packet: Any | None) -> Iterator[tuple[int, Samples]]:
        """None for the end. A packet that is damaged gives nothing."""
        lib = library()
        address = None if packet is None else ctypes.byref(packet)
        if lib.avcodec_send_packet(self._context, address) < 0 and packet is not None:
            return
        while lib.avcodec_receive_frame(self._context, self._frame) >= 0:
            frame = self._frame.contents
            samples = samples_of(frame)
            pts = frame.best_effort_timestamp
            lib.av_frame_unref(self._frame)
            # A stream that changes its channels half-way keeps those that it began with.
            if len(samples) != self._channels:
                samples = _with_channels(samples, self._channels)
            yield pts, samples

    def close(self) -> None:
        lib = library()
        lib.av_frame_free(ctypes.byref(self._frame))
        lib.avcodec_free_context(ctypes.byref(self._context))


def samples_of(frame: Frame) -> Samples:
    """A decoded frame as float32 `(channels, frames)`, a copy."""
    kind, planar, scale = _KINDS[frame.format]
    channels, count = frame.layout.channels, frame.samples
    width = np.dtype(kind).itemsize
    raw: NDArray[Any]
    if planar:
        planes = [
            np.frombuffer(ctypes.string_at(frame.extended_data[i], count * width), kind)
            for i in range(channels)
        ]
        raw = np.stack(planes) if planes else np.zeros((0, count), kind)
    else:
        data = ctypes.string_at(frame.extended_data[0], count * width * channels)
        raw = np.frombuffer(data, kind).reshape(count, channels).T
    values = raw.astype(np.float64) - (128 if kind == np.uint8 else 0)
    samples: Samples = (values * scale).astype(np.float32)
    samples[~np.isfinite(samples)] = 0
    return samples


def _with_channels(samples: Samples, channels: int) -> Samples:
    missing = max(0, channels - len(samples))
    return np.pad(samples[:channels], ((0, missing), (0, 0)))
