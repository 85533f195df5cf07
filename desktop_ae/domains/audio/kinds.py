"""Which files are sound: by suffix and by their first bytes. No codec is needed here."""

from __future__ import annotations

from pathlib import Path

SUFFIXES = frozenset(
    {".wav", ".wave", ".bwf", ".rf64", ".w64", ".aif", ".aiff", ".aifc", ".caf", ".au", ".snd"}
    | {".flac", ".ogg", ".oga", ".opus", ".mp3", ".mp2", ".voc", ".sph", ".wma", ".amr"}
    | {".m4a", ".m4b", ".aac", ".mp4", ".m4v", ".mov", ".3gp", ".mkv", ".mka", ".webm", ".weba"}
)
FORMATS = (
    *("WAV", "FLAC", "MP3", "M4A", "OGG", "Opus", "AIFF", "CAF", "AAC", "WMA"),
    *("MP4", "MOV", "MKV", "WebM"),
)

# What FFmpeg reads; libsndfile reads all else.
CONTAINERS = ("M4A", "MP4", "MOV", "3GP", "MKV", "WebM", "AAC", "WMA", "AMR", "MP2")

_MAGIC = {
    b"fLaC": "FLAC",
    b"caff": "CAF",
    b".snd": "AU",
    b"dns.": "AU",
    b"riff\x2e\x91\xcf\x11": "W64",
    b"Creative Voice File": "VOC",
    b"NIST_1A": "NIST",
    b"#!AMR": "AMR",
    b"\x30\x26\xb2\x75\x8e\x66\xcf\x11": "WMA",
}
_STILL_PICTURES = {b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1", b"hevc", b"avif", b"avis"}
# Boxes that QuickTime files from before there was `ftyp` begin with.
_OLD_MOV = {b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"}


def sniff(head: bytes) -> str | None:
    """The container's name from the first 4 kB, or None if it is no sound that we know."""
    for magic, name in _MAGIC.items():
        if head.startswith(magic):
            return name
    if head[:4] in {b"RIFF", b"RIFX", b"RF64", b"BW64"} and head[8:12] == b"WAVE":
        return "WAV" if head[:3] == b"RIF" else "RF64"
    if head[:4] == b"FORM" and head[8:12] in {b"AIFF", b"AIFC"}:
        return "AIFF"
    if head[:4] == b"OggS":
        return "Opus" if b"OpusHead" in head[:512] else "OGG"
    if head[:4] == b"\x1aE\xdf\xa3":
        return "WebM" if b"webm" in head[:128] else "MKV"
    if head[4:8] == b"ftyp":
        return _brand(head[8:12])
    if head[4:8] in _OLD_MOV:
        return "MOV"
    return _frames(head)


def target_suffix(source: Path) -> str:
    """AMR can be read but not written: its results are M4A files."""
    return ".m4a" if source.suffix.lower() == ".amr" else source.suffix


def likeness(path: Path) -> float:
    """No other kind of file has these suffixes."""
    return 0.5


def _brand(brand: bytes) -> str | None:
    if brand in _STILL_PICTURES:
        return None
    if brand[:3] in {b"M4A", b"M4B", b"M4P"}:
        return "M4A"
    if brand[:3] in {b"3gp", b"3g2"}:
        return "3GP"
    return "MOV" if brand == b"qt  " else "MP4"


def _frames(head: bytes) -> str | None:
    """MP3, MP2 and AAC begin with a frame, or with an ID3 tag that may be longer than `head`."""
    if head[:3] == b"ID3" and len(head) > 10:
        size = 0
        for byte in head[6:10]:
            size = size << 7 | byte & 0x7F
        behind = head[10 + size :]
        if behind[:4] == b"fLaC":
            return "FLAC"
        return (_frames(behind) or "MP3") if behind else "MP3"
    head = head.lstrip(b"\0")
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return None
    layer = head[1] >> 1 & 3
    if layer == 0:
        return "AAC" if head[1] & 0xF0 == 0xF0 else None
    return {1: "MP3", 2: "MP2", 3: "MP2"}[layer] if head[2] & 0xF0 != 0xF0 else None
