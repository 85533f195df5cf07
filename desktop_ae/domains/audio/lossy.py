"""How hard to compress: as the source was, as far as libsndfile's encoders can be told."""

from __future__ import annotations

import io
from typing import IO, Any

import soundfile

from desktop_ae.domains.audio.facts import Facts
from desktop_ae.domains.audio.mp3 import bit_rate
from desktop_ae.domains.audio.ogg import header_packets

# libsndfile's range of bits a second for each channel of Opus.
_OPUS_LEAST, _OPUS_RANGE = 6_000, 250_000
# The least and the range of kbps of MPEG 1, 2 and 2.5, by the lowest sample rate of each.
_MP3_KBPS = ((32_000, 32, 288), (16_000, 8, 152), (0, 8, 56))
SEARCH_STEPS = 12


def settings(source: IO[bytes], facts: Facts) -> dict[str, Any]:
    """The `compression_level` and `bitrate_mode` of soundfile for a file like the source."""
    match facts.coding:
        case "OPUS":
            average = _average(source, facts, 2)
            return opus_settings(average, facts.channels)
        case "VORBIS":
            wanted = _nominal(source) or _average(source, facts, 3)
            return vorbis_settings(wanted, facts)
        case "MPEG_LAYER_III" if facts.container == "MP3":
            kbps, constant = bit_rate(source)
            return mp3_settings(kbps, constant, facts.rate_hz)
        case _:
            return {}


def opus_settings(bits_per_second: float, channels: int) -> dict[str, Any]:
    level = 1 - (bits_per_second / channels - _OPUS_LEAST) / _OPUS_RANGE
    return {"compression_level": min(1.0, max(0.0, level))}


def mp3_settings(kbps: int, constant: bool, rate_hz: int) -> dict[str, Any]:
    """An average where rates vary: LAME's qualities would not come to the same size."""
    _, least, span = next(row for row in _MP3_KBPS if rate_hz >= row[0])
    wanted = kbps or least + span // 3
    # Half a kbps more, since libsndfile cuts off what is behind the point.
    level = (least + span - wanted - 0.5) / span
    mode = "CONSTANT" if constant else "AVERAGE"
    return {"compression_level": min(1.0, max(0.0, level)), "bitrate_mode": mode}


def vorbis_settings(bits_per_second: float, facts: Facts) -> dict[str, Any]:
    """The quality that the encoder itself calls this many bits a second, found by asking it."""
    low, high = 0.0, 1.0
    for _ in range(SEARCH_STEPS):
        middle = (low + high) / 2
        if _nominal_at(middle, facts) > bits_per_second:
            low = middle
        else:
            high = middle
    return {"compression_level": round((low + high) / 2, 4)}


def _nominal_at(level: float, facts: Facts) -> int:
    made = io.BytesIO()
    with soundfile.SoundFile(
        made, "w", facts.rate_hz, facts.channels, "VORBIS", format="OGG", compression_level=level
    ):
        pass
    return _nominal(made)


def _nominal(file: IO[bytes]) -> int:
    """What a Vorbis header tells of its bits a second; 0 if it does not."""
    packets = header_packets(file, 1)
    told = int.from_bytes(packets[0][20:24], "little", signed=True) if packets else 0
    return max(0, told)


def _average(file: IO[bytes], facts: Facts, headers: int) -> float:
    """Bits a second, without the headers, in which pictures may lie."""
    size = file.seek(0, io.SEEK_END) - sum(len(p) for p in header_packets(file, headers))
    return 8 * max(0, size) / facts.seconds
