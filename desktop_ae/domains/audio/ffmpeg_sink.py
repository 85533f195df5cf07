"""Writing cleaned sound back into M4A, MP4, MOV, MKV, WebM, AAC and WMA."""

from __future__ import annotations

from pathlib import Path

from desktop_ae.core.clip import Samples
from desktop_ae.core.errors import NotWritable
from desktop_ae.domains.audio.ffmpeg import FFmpegError
from desktop_ae.domains.audio.ffmpeg_borrowed import BORROWED, BorrowedEncoder
from desktop_ae.domains.audio.ffmpeg_encoder import Encoder, coding_for
from desktop_ae.domains.audio.ffmpeg_mux import remux
from desktop_ae.domains.audio.ffmpeg_source import FFmpegSource


class FFmpegSink:
    """See `facts.Sink`."""

    def __init__(self, source: FFmpegSource) -> None:
        self._source = source
        self._coder: Encoder | BorrowedEncoder
        try:
            if source.track.codec in BORROWED:
                self._coder = BorrowedEncoder(source)
            else:
                self._coder = Encoder(source, coding_for(source))
        except FFmpegError as error:
            raise self._failed(error) from error

    def write(self, samples: Samples) -> None:
        try:
            self._coder.write(samples)
        except FFmpegError as error:
            raise self._failed(error) from error

    def finish(self, scratch: Path, keep_metadata: bool, made_by: str = "") -> None:
        try:
            self._coder.finish()
            remux(self._source, self._coder, scratch, keep_metadata, made_by)
        except FFmpegError as error:
            raise self._failed(error) from error

    def close(self) -> None:
        self._coder.close()

    def _failed(self, error: FFmpegError) -> NotWritable:
        path = self._source.path
        return NotWritable(
            path, f"The cleaned sound could not be written as {path.name} has it ({error})."
        )
