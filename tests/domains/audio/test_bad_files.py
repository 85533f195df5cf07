"""Files that lie, end early or are something else: the right result, or one sentence."""

from __future__ import annotations

import struct
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from desktop_ae.core.errors import TooLarge, Unreadable, Unsupported
from desktop_ae.domains.audio.facts import Facts, check_facts
from desktop_ae.domains.audio.files import open_sound, open_source
from desktop_ae.domains.sentences import duration_words
from tests.domains.audio.sounds import copy, read_all, tones, write


def lying_wav(path: Path, told: int, riff: int | None = None, frames: int = 10_000) -> Path:
    """16 bits, stereo, whose `data` says that it has `told` bytes."""
    write(path, tones(frames), 48_000, "WAV", "PCM_16")
    content = bytearray(path.read_bytes())
    at = content.index(b"data")
    content[at + 4 : at + 8] = struct.pack("<I", told)
    if riff is not None:
        content[4:8] = struct.pack("<I", riff)
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("told", [0, 400, 0xFFFFFFFF, 0x7FFFFFF0, 40_004])
@pytest.mark.parametrize("riff", [None, 0, 0xFFFFFFFF])
def test_a_header_that_lies_about_its_length_loses_nothing(
    tmp_path: Path, told: int, riff: int | None
) -> None:
    source = lying_wav(tmp_path / "a.wav", told, riff)
    reader, samples = read_all(source)
    assert reader.facts.frames == 10_000
    honest = write(tmp_path / "b.wav", tones(10_000), 48_000, "WAV", "PCM_16")
    np.testing.assert_array_equal(samples, read_all(honest)[1])
    assert copy(source).read_bytes() == honest.read_bytes()  # and the result tells the truth


def test_a_recording_that_begins_silent_and_was_never_closed_is_read(tmp_path: Path) -> None:
    quiet = np.concatenate([np.zeros((2, 5_000), np.float32), tones(5_000)], axis=1)
    source = write(tmp_path / "a.wav", quiet, 48_000, "WAV", "PCM_16")
    content = bytearray(source.read_bytes())
    at = content.index(b"data")
    content[at + 4 : at + 8] = bytes(4)
    source.write_bytes(content)
    assert read_all(source)[0].facts.frames == 10_000


@pytest.mark.skipif(sys.platform != "linux", reason="needs a file with a hole in it")
@pytest.mark.parametrize("told", ["wrapped", "unknown"])
def test_a_wav_file_of_more_than_4_gb_is_read_to_its_end(tmp_path: Path, told: str) -> None:
    frames = 4_400_000_000 // 4
    wrapped = frames * 4 % 2**32 if told == "wrapped" else 0xFFFFFFFF
    head = b"RIFF\xff\xff\xff\xffWAVEfmt "
    head += struct.pack("<IHHIIHH", 16, 1, 2, 48_000, 192_000, 4, 16)
    source = tmp_path / "a.wav"
    with source.open("wb") as file:
        file.write(head + b"data" + struct.pack("<I", wrapped))
        file.truncate(44 + frames * 4)
        file.seek(-4, 2)
        file.write(struct.pack("<hh", 4_096, -8_192))
    opened = open_source(source)
    assert opened.facts.frames == frames
    (end,) = opened.blocks(frames - 2)
    np.testing.assert_array_equal(end, [[0, 0.125], [0, -0.25]])
    opened.close()


def test_sound_behind_a_true_length_is_no_sound(tmp_path: Path) -> None:
    source = lying_wav(tmp_path / "a.wav", 40_000)
    source.write_bytes(source.read_bytes() + b"LIST\x04\0\0\0INFO")
    assert read_all(source)[0].facts.frames == 10_000


@pytest.mark.parametrize(
    ("format", "subtype"),
    [
        ("WAV", "PCM_24"),
        ("AIFF", "PCM_16"),
        ("AU", "PCM_16"),
        ("W64", "PCM_16"),
        ("FLAC", "PCM_16"),
        ("OGG", "VORBIS"),
        ("MP3", "MPEG_LAYER_III"),
    ],
)
def test_what_is_left_of_a_cut_file_is_cleaned(tmp_path: Path, format: str, subtype: str) -> None:
    source = write(tmp_path / "a.x", tones(200_000), 48_000, format, subtype)
    whole = read_all(source)[1]
    content = source.read_bytes()
    source.write_bytes(content[: len(content) // 2])
    reader, samples = read_all(source)
    frames = reader.facts.frames
    assert 60_000 < frames < 110_000
    np.testing.assert_allclose(samples[:, :60_000], whole[:, :60_000], atol=1e-3)
    assert read_all(copy(source))[0].facts.frames == frames
    if format in {"FLAC", "MP3"}:
        assert reader.about.endswith("cut short")


def test_a_flac_stream_that_does_not_know_its_length_is_read(tmp_path: Path) -> None:
    source = write(tmp_path / "a.flac", tones(30_000), 48_000, "FLAC", "PCM_16")
    content = bytearray(source.read_bytes())
    content[21] &= 0xF0
    content[22:26] = bytes(4)
    source.write_bytes(content)
    reader, samples = read_all(source)
    assert reader.facts.frames == 30_000
    assert "cut" not in reader.about
    np.testing.assert_array_equal(read_all(copy(source))[1], samples)


def test_damage_in_the_middle_is_told(tmp_path: Path) -> None:
    source = write(tmp_path / "a.flac", tones(400_000), 48_000, "FLAC", "PCM_16")
    content = bytearray(source.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 60_000] = bytes(60_000)
    source.write_bytes(content)
    try:
        reader, samples = read_all(source)
    except Unreadable as error:
        assert "a.flac is damaged: its sound cannot be read beyond 0:0" in str(error)
    else:
        assert samples.shape == (2, reader.facts.frames)


@pytest.mark.parametrize("format", ["WAV", "FLAC", "AIFF", "OGG"])
def test_a_file_of_ten_milliseconds_is_one(tmp_path: Path, format: str) -> None:
    subtype = "VORBIS" if format == "OGG" else "PCM_16"
    source = write(tmp_path / "a.x", tones(480), 48_000, format, subtype)
    reader, _ = read_all(copy(source))
    assert reader.facts.frames == 480
    assert "0.01 s" in reader.about


@pytest.mark.parametrize("format", ["WAV", "FLAC", "AIFF", "OGG", "MP3"])
def test_a_file_of_no_length_is_told(tmp_path: Path, format: str) -> None:
    subtype = {"OGG": "VORBIS", "MP3": "MPEG_LAYER_III"}.get(format, "PCM_16")
    source = write(tmp_path / "a.x", tones(0), 48_000, format, subtype)
    with pytest.raises(Unreadable, match=r"a\.x"):
        open_sound(source, {})


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"Dear Sir or Madam,\n" * 100, "no sound file"),
        (b"RIFF\x24\0\0\0WAVEfmt ", "a.wav cannot be read"),
        (b"RIFF\x24\0\0\0WAVE" + bytes(2_000), "a.wav cannot be read"),
        (b"fLaC" + bytes(2_000), "a.wav"),
        (b"OggS" + bytes(2_000), "a.wav"),
        (b"\x1aE\xdf\xa3" + bytes(2_000), "no MKV file, or damaged"),
        (b"\0\0\0\x20ftypM4A " + bytes(2_000), "no M4A file, or damaged"),
        (b"\xff\xfb\x90\x64" + b"hello " * 400, "a.wav"),
        (b"\xff\xf1\x50\x80" + b"hello " * 400, "a.wav"),
        (b"caff\0\1\0\0desc" + bytes(100), "a.wav"),
        (b"FORM\0\0\0\x20AIFFCOMM" + bytes(100), "a.wav"),
    ],
)
def test_what_is_no_sound_is_told_in_a_sentence(tmp_path: Path, content: bytes, words: str) -> None:
    source = tmp_path / "a.wav"
    source.write_bytes(content)
    with pytest.raises((Unreadable, Unsupported)) as caught:
        open_sound(source, {})
    assert words in str(caught.value)
    assert str(caught.value).endswith((".", ")"))


def test_a_wav_file_in_a_strange_code_is_told(tmp_path: Path) -> None:
    source = write(tmp_path / "a.wav", tones(1_000), 48_000, "WAV", "PCM_16")
    content = bytearray(source.read_bytes())
    at = content.index(b"fmt ") + 8
    content[at : at + 2] = b"\x61\x01"  # Windows Media
    source.write_bytes(content)
    with pytest.raises(Unsupported, match="code 0x0161, which cannot be read"):
        open_sound(source, {})


def test_a_file_that_is_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="no longer there"):
        open_sound(tmp_path / "a.wav", {})


def test_a_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.wav").mkdir()
    with pytest.raises(Unreadable, match="cannot be opened"):
        open_sound(tmp_path / "a.wav", {})


def test_a_file_that_vanishes_while_it_is_read_is_told_or_read(tmp_path: Path) -> None:
    source = write(tmp_path / "a.flac", tones(400_000), 48_000, "FLAC", "PCM_16")
    reader = open_sound(source, {})
    (piece,) = reader.pieces()
    next(piece.blocks)
    source.unlink()
    try:
        rest = list(piece.blocks)
    except Unreadable as error:
        assert "a.flac" in str(error)
    else:
        assert rest[-1].stop == 400_000
    reader.close()


def test_a_file_that_is_cut_while_it_is_read_is_told(tmp_path: Path) -> None:
    source = write(tmp_path / "a.wav", tones(900_000), 48_000, "WAV", "PCM_16")
    reader = open_sound(source, {})
    (piece,) = reader.pieces()
    next(piece.blocks)
    with source.open("rb+") as file:
        file.truncate(900_000)
    with pytest.raises(Unreadable, match="damaged: its sound cannot be read beyond"):
        list(piece.blocks)
    reader.close()


def test_too_many_channels_are_told(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", np.zeros((100, 9)), 48_000, "PCM_16")
    with pytest.raises(Unsupported, match="9 channels; up to 8 are taken"):
        open_sound(tmp_path / "a.wav", {})


@pytest.mark.parametrize("rate_hz", [4_000, 384_000])
def test_rates_out_of_range_are_told(tmp_path: Path, rate_hz: int) -> None:
    soundfile.write(tmp_path / "a.wav", np.zeros((100, 1)), rate_hz, "PCM_16")
    with pytest.raises(Unsupported, match=f"{rate_hz} Hz; 8000 to 192000"):
        open_sound(tmp_path / "a.wav", {})


def test_a_length_that_cannot_be_is_told() -> None:
    with pytest.raises(TooLarge, match="says that it is"):
        check_facts(Facts(Path("a.x"), "FLAC", "PCM_16", 48_000, 2, 2**40))


def test_lengths_are_told_as_a_person_would() -> None:
    assert duration_words(11_525) == "3:12:05"
    assert duration_words(59.7) == "1:00"
    assert duration_words(42) == "0:42"
    assert duration_words(0.0101) == "0.01 s"


@pytest.mark.parametrize("format", ["WAV", "AIFF", "CAF", "FLAC", "OGG", "MP3"])
def test_changed_bytes_end_well(tmp_path: Path, format: str) -> None:
    subtype = {"OGG": "VORBIS", "MP3": "MPEG_LAYER_III"}.get(format, "PCM_16")
    source = write(tmp_path / "a.x", tones(30_000), 48_000, format, subtype)
    content = source.read_bytes()
    rng = np.random.default_rng(len(content))
    for turn in range(25):
        broken = bytearray(content)
        reach = 200 if turn % 2 else len(content)
        for at in rng.integers(0, reach, 6):
            broken[at] = rng.integers(0, 256)
        source.write_bytes(broken)
        try:
            _, samples = read_all(source)
            copy(source, target=tmp_path / "out.x")
        except (Unreadable, Unsupported, TooLarge) as error:
            assert "a.x" in str(error)
        else:
            assert np.isfinite(samples).all()
