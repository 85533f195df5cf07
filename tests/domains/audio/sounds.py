"""Small sounds of every kind, made here."""

from __future__ import annotations

import struct
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import soundfile
from numpy.typing import NDArray

from desktop_ae.core.clip import Clip, Samples
from desktop_ae.core.provenance import Provenance
from desktop_ae.core.saving import new_file
from desktop_ae.domains.audio.facts import Facts
from desktop_ae.domains.audio.ffmpeg import ChannelLayout, CodecParameters
from desktop_ae.domains.audio.ffmpeg_encoder import Coding, Encoder
from desktop_ae.domains.audio.ffmpeg_mux import MUXERS, _Output
from desktop_ae.domains.audio.files import SoundReader, SoundWriter, open_sound

RATE = 48_000
# What decoders say in words of a JPEG is of no matter here.
COVER = b"\xff\xd8\xff\xe0 a cover \xff\xd9" * 40


def tones(frames: int, channels: int = 2, rate_hz: int = RATE) -> Samples:
    """`(channels, frames)`: another tone in each channel, a little noise, from the first sample."""
    rng = np.random.default_rng(frames + channels)
    times = np.arange(frames) / rate_hz
    hertz = np.minimum(300.0 + 110 * np.arange(channels), rate_hz / 5)
    waves = 0.4 * np.sin(2 * np.pi * hertz[:, None] * times + 0.3)
    return np.asarray(waves + 0.01 * rng.standard_normal((channels, frames)), np.float32)


def integers(samples: Samples, bits: int) -> NDArray[np.int32]:
    scaled = np.rint(samples.T.astype(np.float64) * (2 ** (bits - 1) - 1)).astype(np.int64)
    shifted: NDArray[np.int32] = (scaled << (32 - bits)).astype(np.int32)
    return shifted


def write(
    path: Path, samples: Samples, rate_hz: int, format: str, subtype: str, endian: str = "FILE"
) -> Path:
    """By libsndfile; whole numbers where the subtype holds them."""
    bits = "".join(c for c in subtype if c.isdigit())
    values: Any = samples.T
    if subtype.startswith(("PCM", "ALAC")):
        values = integers(samples, int(bits))
    soundfile.write(path, values, rate_hz, subtype, endian, format)
    return path


def make_container(
    path: Path,
    container: str,
    samples: Samples,
    coding: Coding | None = None,
    rate_hz: int = RATE,
    start_s: float = 0.0,
) -> Path:
    """Sound alone in one of FFmpeg's containers; AAC at 128 kbit/s if no coding is given."""
    channels, frames = samples.shape
    facts = Facts(path, container, "", rate_hz, channels, frames)
    parameters = CodecParameters(layout=ChannelLayout(order=0, channels=channels))
    stream = SimpleNamespace(codecpar=SimpleNamespace(contents=parameters))
    source: Any = SimpleNamespace(facts=facts, stream=stream)
    coder = Encoder(source, coding or Coding("aac", 8, bit_rate=128_000))
    coder.write(samples)
    coder.finish()
    with path.open("wb+") as file:
        made = _Output(file, MUXERS[container])
        out = made.add(coder.parameters, coder.time_base)
        options = {"strict": "-2"}
        if MUXERS[container] in {"ipod", "mp4", "mov", "3gp"}:
            options["movie_timescale"] = str(rate_hz)
        made.begin(options)
        for packet in coder.packets():
            packet.pts += round(start_s * rate_hz)
            packet.dts += round(start_s * rate_hz)
            made.put(packet, out, coder.time_base)
        made.end()
        made.close()
    coder.close()
    return path


def box(kind: bytes, *inside: bytes) -> bytes:
    body = b"".join(inside)
    return struct.pack(">I4s", len(body) + 8, kind) + body


def itunes_tags(title: str, gapless: bytes = b"") -> bytes:
    """A `udta` box as iTunes writes it: a title, a cover, a note of its own, one on gaps."""

    def data(kind: int, value: bytes) -> bytes:
        return box(b"data", struct.pack(">II", kind, 0), value)

    def own(name: bytes, value: bytes) -> bytes:
        mean = box(b"mean", bytes(4), b"com.apple.iTunes")
        return box(b"----", mean, box(b"name", bytes(4), name), data(1, value))

    handler = box(b"hdlr", bytes(8), b"mdirappl", bytes(9))
    items = box(b"\xa9nam", data(1, title.encode())) + box(b"covr", data(13, COVER))
    items += own(b"my own note", "für später".encode())
    items += own(b"iTunSMPB", gapless) if gapless else b""
    return box(b"udta", box(b"meta", bytes(4), handler, box(b"ilst", items)))


def add_to_moov(path: Path, tags: bytes) -> None:
    """`moov` is the last box of files that are made here."""
    content = path.read_bytes()
    at = content.rindex(b"moov") - 4
    path.write_bytes(content[:at] + box(b"moov", content[at + 8 :], tags))


def read_all(path: Path) -> tuple[SoundReader, Samples]:
    """The reader, closed, and all that it gave."""
    reader = open_sound(path, {})
    try:
        return reader, gather(reader)
    finally:
        reader.close()


def gather(reader: SoundReader) -> Samples:
    (piece,) = reader.pieces()
    blocks = [clip.samples for clip in piece.blocks]
    return np.concatenate(blocks, axis=1)


def copy(
    path: Path,
    keep: bool = True,
    target: Path | None = None,
    step: int = 0,
    made_by: Provenance | None = None,
) -> Path:
    """Read a file and write it as it is; in steps of so many frames, if that is given."""
    reader = open_sound(path, {})
    try:
        writer = SoundWriter(reader, keep)
        if made_by:
            writer.record(made_by)
        (piece,) = reader.pieces()
        if step:
            whole = np.concatenate([clip.samples for clip in piece.blocks], axis=1)
            for start in range(0, whole.shape[1], step):
                writer.write(Clip(whole[:, start : start + step], start))
        else:
            for clip in piece.blocks:
                writer.write(clip)
        assert writer.end_piece(False)
        with new_file(target or path.with_name(f"{path.stem}_clean{path.suffix}")) as file:
            writer.finish(file.scratch)
    finally:
        reader.close()
    return cast(Path, file.target)


def snr_db(clean: Samples, other: Samples) -> float:
    """Of `other` as an approximation of `clean`."""
    noise = float(np.mean((clean - other) ** 2))
    return float(10 * np.log10(np.mean(clean**2) / max(noise, 1e-20)))
