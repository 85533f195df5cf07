from __future__ import annotations

from pathlib import Path

import pytest

from desktop_ae.domains.audio.kinds import SUFFIXES, likeness, sniff, target_suffix
from tests.domains.audio.sounds import make_container, tones, write

ID3 = b"ID3\x04\0\0\0\0\0\x0a" + bytes(10)


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"RIFF\0\0\0\0WAVEfmt ", "WAV"),
        (b"RIFX\0\0\0\0WAVEfmt ", "WAV"),
        (b"RF64\xff\xff\xff\xffWAVEds64", "RF64"),
        (b"riff\x2e\x91\xcf\x11\xa5\xd6\x28\xdb", "W64"),
        (b"FORM\0\0\0\0AIFFCOMM", "AIFF"),
        (b"FORM\0\0\0\0AIFCFVER", "AIFF"),
        (b"caff\0\1\0\0desc", "CAF"),
        (b".snd\0\0\0\x18", "AU"),
        (b"fLaC\0\0\0\x22", "FLAC"),
        (ID3 + b"fLaC\0\0\0\x22", "FLAC"),
        (b"OggS\0\2" + bytes(22) + b"\x01vorbis", "OGG"),
        (b"OggS\0\2" + bytes(22) + b"OpusHead", "Opus"),
        (b"\xff\xfb\x90\x64", "MP3"),
        (ID3 + b"\xff\xfb\x90\x64", "MP3"),
        (b"ID3\x04\0\0\0\x7f\x7f\x7f" + bytes(50), "MP3"),
        (b"\xff\xfd\x90\x64", "MP2"),
        (b"\xff\xf1\x50\x80", "AAC"),
        (ID3 + b"\xff\xf1\x50\x80", "AAC"),
        (b"\0\0\0\x20ftypM4A \0\0\0\0", "M4A"),
        (b"\0\0\0\x20ftypisom\0\0\0\0", "MP4"),
        (b"\0\0\0\x20ftypqt  \0\0\0\0", "MOV"),
        (b"\0\0\0\x20ftyp3gp5\0\0\0\0", "3GP"),
        (b"\0\0\x10\0moov\0\0\0\x6c", "MOV"),
        (b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webm", "WebM"),
        (b"\x1aE\xdf\xa3\xa3B\x86\x81\x01B\x82\x88matroska", "MKV"),
        (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9", "WMA"),
        (b"#!AMR\n", "AMR"),
    ],
)
def test_sound_is_known_by_its_first_bytes(head: bytes, kind: str) -> None:
    assert sniff(head) == kind


@pytest.mark.parametrize(
    "head",
    [
        b"Dear Sir or Madam,\n",
        b"RIFF\0\0\0\0WEBPVP8 ",
        b"RIFF\0\0\0\0AVI LIST",
        b"\0\0\0\x20ftypheic\0\0\0\0",
        b"\0\0\0\x20ftypavif\0\0\0\0",
        b"\xff\xd8\xff\xe0\0\x10JFIF",
        b"%PDF-1.7",
        b"\x89PNG\r\n\x1a\n",
        bytes(64),
        b"\xff",
    ],
)
def test_what_is_no_sound_is_not_taken_for_it(head: bytes) -> None:
    assert sniff(head) is None


def test_what_is_written_here_is_known_again(tmp_path: Path) -> None:
    wav = write(tmp_path / "a.wav", tones(900), 48_000, "WAV", "PCM_16")
    m4a = make_container(tmp_path / "a.m4a", "M4A", tones(9000))
    assert sniff(wav.read_bytes()[:4096]) == "WAV"
    assert sniff(m4a.read_bytes()[:4096]) == "M4A"


def test_amr_alone_becomes_another_format() -> None:
    assert target_suffix(Path("memo.AMR")) == ".m4a"
    assert target_suffix(Path("memo.Wav")) == ".Wav"
    assert {".wav", ".mp3", ".m4a", ".mkv"} <= SUFFIXES
    assert 0 <= likeness(Path("a.wav")) <= 1
