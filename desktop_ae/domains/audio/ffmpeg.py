"""The FFmpeg that PySide6 carries for Qt Multimedia, called through ctypes.

It is an LGPL-2.1-or-later build without any GPL part, in shared libraries of its own; PyAV's wheels
bundle x264 and x265, which are GPL. Only what reading, encoding and remuxing sound needs is named
here. The records below are the first fields of those of libavutil 59, libavcodec 61 and
libavformat 61 (FFmpeg 7); any other major version is refused.
"""

from __future__ import annotations

import ctypes
import functools
import importlib.util
import os
import sys
from ctypes import POINTER, Structure, c_char_p, c_int, c_int64, c_uint, c_uint64, c_void_p
from pathlib import Path
from typing import Any, cast

VERSIONS = {"avutil": 59, "avcodec": 61, "avformat": 61}
NO_PTS = -(2**63)
END_OF_FILE = -0x20464F45
TRY_AGAIN = -11 if sys.platform != "darwin" else -35
VIDEO, AUDIO, DATA, SUBTITLE, ATTACHMENT = 0, 1, 2, 3, 4
ATTACHED_PICTURE = 0x400
LOG_QUIET = -8
# What a packet's and a frame's time means nothing without.
MICROSECONDS = 1_000_000

ReadCall = ctypes.CFUNCTYPE(c_int, c_void_p, c_void_p, c_int)
SeekCall = ctypes.CFUNCTYPE(c_int64, c_void_p, c_int64, c_int)


class FFmpegError(Exception):
    """A call failed, or the library cannot be had. code: FFmpeg's, 0 if it has none."""

    def __init__(self, what: str, code: int = 0) -> None:
        super().__init__(what)
        self.code = code


class Rational(Structure):
    _fields_ = [("num", c_int), ("den", c_int)]

    @property
    def value(self) -> float:
        return self.num / self.den if self.den else 0.0


class ChannelLayout(Structure):
    _fields_ = [("order", c_int), ("channels", c_int), ("mask", c_uint64), ("opaque", c_void_p)]


class CodecParameters(Structure):
    _fields_ = [
        ("codec_type", c_int),
        ("codec_id", c_int),
        ("codec_tag", c_uint),
        ("extradata", c_void_p),
        ("extradata_size", c_int),
        ("side_data", c_void_p),
        ("side_data_count", c_int),
        ("format", c_int),
        ("bit_rate", c_int64),
        ("bits_per_coded_sample", c_int),
        ("bits_per_raw_sample", c_int),
        ("profile", c_int),
        ("level", c_int),
        ("width", c_int),
        ("height", c_int),
        ("sample_aspect_ratio", Rational),
        ("framerate", Rational),
        ("field_order", c_int),
        ("color_range", c_int),
        ("color_primaries", c_int),
        ("color_trc", c_int),
        ("color_space", c_int),
        ("chroma_location", c_int),
        ("video_delay", c_int),
        ("layout", ChannelLayout),
        ("sample_rate", c_int),
        ("block_align", c_int),
        ("frame_size", c_int),
        ("initial_padding", c_int),
        ("trailing_padding", c_int),
        ("seek_preroll", c_int),
    ]


class Packet(Structure):
    _fields_ = [
        ("buf", c_void_p),
        ("pts", c_int64),
        ("dts", c_int64),
        ("data", c_void_p),
        ("size", c_int),
        ("stream_index", c_int),
        ("flags", c_int),
        ("side_data", c_void_p),
        ("side_data_count", c_int),
        ("duration", c_int64),
        ("pos", c_int64),
        ("opaque", c_void_p),
        ("opaque_ref", c_void_p),
        ("time_base", Rational),
    ]


class Stream(Structure):
    _fields_ = [
        ("av_class", c_void_p),
        ("index", c_int),
        ("id", c_int),
        ("codecpar", POINTER(CodecParameters)),
        ("priv_data", c_void_p),
        ("time_base", Rational),
        ("start_time", c_int64),
        ("duration", c_int64),
        ("frames", c_int64),
        ("disposition", c_int),
        ("discard", c_int),
        ("sample_aspect_ratio", Rational),
        ("metadata", c_void_p),
        ("avg_frame_rate", Rational),
        ("attached_picture", Packet),
    ]


class Frame(Structure):
    _fields_ = [
        ("data", c_void_p * 8),
        ("linesize", c_int * 8),
        ("extended_data", POINTER(c_void_p)),
        ("width", c_int),
        ("height", c_int),
        ("samples", c_int),
        ("format", c_int),
        ("key_frame", c_int),
        ("pict_type", c_int),
        ("sample_aspect_ratio", Rational),
        ("pts", c_int64),
        ("pkt_dts", c_int64),
        ("time_base", Rational),
        ("quality", c_int),
        ("opaque", c_void_p),
        ("repeat_pict", c_int),
        ("interlaced", c_int),
        ("top_field_first", c_int),
        ("palette_changed", c_int),
        ("sample_rate", c_int),
        ("buf", c_void_p * 8),
        ("extended_buf", c_void_p),
        ("extended_buf_count", c_int),
        ("side_data", c_void_p),
        ("side_data_count", c_int),
        ("flags", c_int),
        ("color", c_int * 5),
        ("best_effort_timestamp", c_int64),
        ("pkt_pos", c_int64),
        ("metadata", c_void_p),
        ("decode_error_flags", c_int),
        ("pkt_size", c_int),
        ("hw_frames_ctx", c_void_p),
        ("opaque_ref", c_void_p),
        ("crop", ctypes.c_size_t * 4),
        ("private_ref", c_void_p),
        ("layout", ChannelLayout),
    ]


class FormatContext(Structure):
    _fields_ = [
        ("av_class", c_void_p),
        ("iformat", c_void_p),
        ("oformat", c_void_p),
        ("priv_data", c_void_p),
        ("pb", c_void_p),
        ("ctx_flags", c_int),
        ("stream_count", c_uint),
        ("streams", POINTER(POINTER(Stream))),
        ("stream_group_count", c_uint),
        ("stream_groups", c_void_p),
        ("chapter_count", c_uint),
        ("chapters", c_void_p),
        ("url", c_void_p),
        ("start_time", c_int64),
        ("duration", c_int64),
        ("bit_rate", c_int64),
        ("packet_size", c_uint),
        ("max_delay", c_int),
        ("flags", c_int),
        ("probesize", c_int64),
        ("max_analyze_duration", c_int64),
        ("key", c_void_p),
        ("keylen", c_int),
        ("program_count", c_uint),
        ("programs", c_void_p),
        ("codec_ids", c_int * 4),
        ("metadata", c_void_p),
    ]


class Library:
    """The three libraries; `call` runs one of their functions and raises for a negative result."""

    def __init__(self, util: ctypes.CDLL, codec: ctypes.CDLL, format: ctypes.CDLL) -> None:
        self.util = util
        self.codec = codec
        self.format = format
        for name, (result, arguments) in _SIGNATURES.items():
            function = getattr(self._owner(name), name)
            function.restype = result
            function.argtypes = arguments
            setattr(self, name, function)

    def _owner(self, name: str) -> ctypes.CDLL:
        for owner in (self.util, self.codec, self.format):
            if hasattr(owner, name):
                return owner
        raise FFmpegError(f"{name} is missing")

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(name)

    def call(self, name: str, *arguments: Any) -> int:
        result = int(getattr(self, name)(*arguments))
        if result < 0:
            raise FFmpegError(f"{name}: {self.words(result)}", result)
        return result

    def words(self, code: int) -> str:
        buffer = ctypes.create_string_buffer(256)
        self.util.av_strerror(code, buffer, ctypes.c_size_t(256))
        return buffer.value.decode("utf-8", "replace")

    @property
    def licences(self) -> list[str]:
        """What each library says of its own build."""
        found = []
        for owner, name in (
            (self.util, "avutil_license"),
            (self.codec, "avcodec_license"),
            (self.format, "avformat_license"),
        ):
            function = getattr(owner, name)
            function.restype = c_char_p
            found.append(cast(bytes, function()).decode())
        return found


@functools.cache
def library() -> Library:
    """Load FFmpeg, once. Raises FFmpegError with words for a sentence if it cannot be had."""
    spec = importlib.util.find_spec("PySide6")
    if spec is None or not spec.submodule_search_locations:
        raise FFmpegError("PySide6 is not installed")
    package = Path(spec.submodule_search_locations[0])
    try:
        loaded = [_load(_library_file(package, name, v)) for name, v in VERSIONS.items()]
    except OSError as error:
        raise FFmpegError(str(error)) from error
    made = Library(*loaded)
    made.util.av_log_set_level(LOG_QUIET)
    return made


def _library_file(package: Path, name: str, version: int) -> Path:
    if sys.platform == "win32":
        return package / f"{name}-{version}.dll"
    ending = f"{version}.dylib" if sys.platform == "darwin" else f"so.{version}"
    return package / "Qt" / "lib" / f"lib{name}.{ending}"


def _load(path: Path) -> ctypes.CDLL:
    if not sys.platform.startswith("linux"):
        return ctypes.CDLL(str(path))
    # Qt's build leaves a symbol of OpenSSL open, which nobody ever calls: it must be bound lazily,
    # and ctypes cannot. Its stubs for other absent libraries would each tell stderr so.
    system = ctypes.CDLL(None)
    system.dlopen.restype = c_void_p
    system.dlopen.argtypes = [c_char_p, c_int]
    system.dlerror.restype = c_char_p
    rules = os.environ.get("QT_LOGGING_RULES")
    if rules is None:
        os.environ["QT_LOGGING_RULES"] = "qt.multimedia.symbolsresolver=false"
    try:
        handle = system.dlopen(os.fsencode(path), os.RTLD_LAZY)
    finally:
        if rules is None:
            del os.environ["QT_LOGGING_RULES"]
    if not handle:
        raise OSError((system.dlerror() or b"").decode("utf-8", "replace"))
    return ctypes.CDLL(str(path), handle=handle)


_SIGNATURES: dict[str, tuple[Any, list[Any]]] = {
    "av_log_set_level": (None, [c_int]),
    "av_malloc": (c_void_p, [ctypes.c_size_t]),
    "av_freep": (None, [c_void_p]),
    "av_dict_set": (c_int, [c_void_p, c_char_p, c_char_p, c_int]),
    "av_dict_copy": (c_int, [c_void_p, c_void_p, c_int]),
    "av_dict_free": (None, [c_void_p]),
    "av_opt_set": (c_int, [c_void_p, c_char_p, c_char_p, c_int]),
    "av_frame_alloc": (POINTER(Frame), []),
    "av_frame_free": (None, [c_void_p]),
    "av_frame_unref": (None, [c_void_p]),
    "av_frame_get_buffer": (c_int, [c_void_p, c_int]),
    "av_channel_layout_default": (None, [c_void_p, c_int]),
    "av_channel_layout_copy": (c_int, [c_void_p, c_void_p]),
    "av_packet_alloc": (POINTER(Packet), []),
    "av_new_packet": (c_int, [c_void_p, c_int]),
    "av_packet_free": (None, [c_void_p]),
    "av_packet_unref": (None, [c_void_p]),
    "av_packet_rescale_ts": (None, [c_void_p, Rational, Rational]),
    "avcodec_find_decoder": (c_void_p, [c_int]),
    "avcodec_find_encoder_by_name": (c_void_p, [c_char_p]),
    "avcodec_get_name": (c_char_p, [c_int]),
    "avcodec_profile_name": (c_char_p, [c_int, c_int]),
    "avcodec_alloc_context3": (c_void_p, [c_void_p]),
    "avcodec_free_context": (None, [c_void_p]),
    "avcodec_open2": (c_int, [c_void_p, c_void_p, c_void_p]),
    "avcodec_flush_buffers": (None, [c_void_p]),
    "avcodec_send_packet": (c_int, [c_void_p, c_void_p]),
    "avcodec_receive_frame": (c_int, [c_void_p, c_void_p]),
    "avcodec_send_frame": (c_int, [c_void_p, c_void_p]),
    "avcodec_receive_packet": (c_int, [c_void_p, c_void_p]),
    "avcodec_parameters_alloc": (POINTER(CodecParameters), []),
    "avcodec_parameters_free": (None, [c_void_p]),
    "avcodec_parameters_copy": (c_int, [c_void_p, c_void_p]),
    "avcodec_parameters_to_context": (c_int, [c_void_p, c_void_p]),
    "avcodec_parameters_from_context": (c_int, [c_void_p, c_void_p]),
    "avio_alloc_context": (
        c_void_p,
        [c_void_p, c_int, c_int, c_void_p, ReadCall, ReadCall, SeekCall],
    ),
    "avio_context_free": (None, [c_void_p]),
    "avio_flush": (None, [c_void_p]),
    "av_find_input_format": (c_void_p, [c_char_p]),
    "avformat_alloc_context": (POINTER(FormatContext), []),
    "avformat_free_context": (None, [c_void_p]),
    "avformat_open_input": (c_int, [c_void_p, c_char_p, c_void_p, c_void_p]),
    "avformat_close_input": (None, [c_void_p]),
    "avformat_find_stream_info": (c_int, [c_void_p, c_void_p]),
    "av_find_best_stream": (c_int, [c_void_p, c_int, c_int, c_int, c_void_p, c_int]),
    "av_read_frame": (c_int, [c_void_p, c_void_p]),
    "av_seek_frame": (c_int, [c_void_p, c_int, c_int64, c_int]),
    "avformat_alloc_output_context2": (c_int, [c_void_p, c_void_p, c_char_p, c_char_p]),
    "avformat_new_stream": (POINTER(Stream), [c_void_p, c_void_p]),
    "avformat_query_codec": (c_int, [c_void_p, c_int, c_int]),
    "avformat_write_header": (c_int, [c_void_p, c_void_p]),
    "av_interleaved_write_frame": (c_int, [c_void_p, c_void_p]),
    "av_write_trailer": (c_int, [c_void_p]),
}
