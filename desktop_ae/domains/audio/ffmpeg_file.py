"""Files opened by FFmpeg through Python's own, so that paths, errors and full disks are ours."""

from __future__ import annotations

import contextlib
import ctypes
import os
from collections.abc import Iterator, Mapping
from typing import IO, Any

from desktop_ae.domains.audio.ffmpeg import (
    END_OF_FILE,
    FFmpegError,
    FormatContext,
    Packet,
    ReadCall,
    SeekCall,
    Stream,
    library,
)

BUFFER_BYTES = 2**18
ASK_SIZE = 0x10000
FORCE = 0x20000
INPUT_OUTPUT_ERROR = -5


class FileBridge:
    """An AVIOContext over a binary file.

    error: what Python raised when FFmpeg read or wrote, which must not pass through C.
    """

    def __init__(self, file: IO[bytes] | Any, writes: bool) -> None:
        self._lib = library()
        self._file = file
        self.error: OSError | None = None
        self._calls = (ReadCall(self._read), ReadCall(self._write), SeekCall(self._seek))
        read, write, seek = self._calls
        buffer = self._lib.av_malloc(BUFFER_BYTES)
        self.context = ctypes.c_void_p(
            self._lib.avio_alloc_context(buffer, BUFFER_BYTES, int(writes), None, read, write, seek)
        )

    def close(self) -> None:
        if self.context:
            assert self.context.value is not None
            # The second field of an AVIOContext is its buffer, which may have been replaced.
            self._lib.av_freep(ctypes.c_void_p(self.context.value + ctypes.sizeof(ctypes.c_void_p)))
            self._lib.avio_context_free(ctypes.byref(self.context))
            self.context = ctypes.c_void_p()

    def _read(self, _: int, address: int, size: int) -> int:
        try:
            data = self._file.read(size)
        except OSError as error:
            self.error = error
            return INPUT_OUTPUT_ERROR
        if not data:
            return END_OF_FILE
        ctypes.memmove(address, data, len(data))
        return len(data)

    def _write(self, _: int, address: int, size: int) -> int:
        try:
            written = int(self._file.write(ctypes.string_at(address, size)))
        except OSError as error:
            self.error = error
            return INPUT_OUTPUT_ERROR
        return written if written == size else INPUT_OUTPUT_ERROR

    def _seek(self, _: int, offset: int, whence: int) -> int:
        try:
            if whence & ASK_SIZE:
                here = self._file.tell()
                size = int(self._file.seek(0, os.SEEK_END))
                self._file.seek(here)
                return size
            return int(self._file.seek(offset, whence & ~FORCE))
        except (OSError, ValueError) as error:
            self.error = error if isinstance(error, OSError) else None
            return INPUT_OUTPUT_ERROR


class Input:
    """An open container. Raises FFmpegError if it is none of `format`."""

    def __init__(self, file: IO[bytes], format: str, probe: bool = True) -> None:
        self.lib = library()
        self.bridge = FileBridge(file, writes=False)
        self.context = self.lib.avformat_alloc_context()
        self.packet: Any = self.lib.av_packet_alloc()
        self.context.contents.pb = self.bridge.context
        try:
            found = self.lib.av_find_input_format(format.encode())
            # The context is freed by this where it fails.
            self.lib.call("avformat_open_input", ctypes.byref(self.context), b"", found, None)
            if probe:
                self.lib.call("avformat_find_stream_info", self.context, None)
        except FFmpegError:
            self.close()
            raise

    @property
    def fields(self) -> FormatContext:
        fields: FormatContext = self.context.contents
        return fields

    @property
    def streams(self) -> list[Stream]:
        return [self.fields.streams[i].contents for i in range(self.fields.stream_count)]

    def packets(self) -> Iterator[Packet]:
        """Each is good until the next is asked for. Ends with the file, or where it is damaged."""
        # Whoever reads may be forgotten half-way, and end after the file was closed.
        while self.context and self.lib.av_read_frame(self.context, self.packet) >= 0:
            try:
                yield self.packet.contents
            finally:
                if self.packet:
                    self.lib.av_packet_unref(self.packet)

    def seek(self, stream: int, timestamp: int) -> bool:
        """To a packet at or before a time of the stream."""
        backward = 1
        return bool(self.lib.av_seek_frame(self.context, stream, timestamp, backward) >= 0)

    def close(self) -> None:
        if self.context:
            self.lib.avformat_close_input(ctypes.byref(self.context))
        if self.packet:
            self.lib.av_packet_free(ctypes.byref(self.packet))
        self.bridge.close()


@contextlib.contextmanager
def dictionary(values: Mapping[str, str]) -> Iterator[Any]:
    """The address of an AVDictionary with these values, for functions that take options."""
    lib = library()
    made = ctypes.c_void_p()
    for name, value in values.items():
        lib.call("av_dict_set", ctypes.byref(made), name.encode(), value.encode(), 0)
    try:
        yield ctypes.byref(made)
    finally:
        lib.av_dict_free(ctypes.byref(made))
