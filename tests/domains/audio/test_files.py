from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from desktop_ae.core.clip import Clip
from desktop_ae.core.errors import BrokenResult, NotWritable
from desktop_ae.domains.audio import facts as facts_module
from desktop_ae.domains.audio.files import SoundWriter, open_sound
from tests.domains.audio.sounds import copy, gather, read_all, snr_db, tones, write
from tests.fakes import FullDisk

LOSSLESS = [
    ("WAV", "PCM_U8"),
    ("WAV", "PCM_16"),
    ("WAV", "PCM_24"),
    ("WAV", "PCM_32"),
    ("WAV", "FLOAT"),
    ("WAV", "DOUBLE"),
    ("WAV", "ULAW"),
    ("WAV", "ALAW"),
    ("WAVEX", "PCM_24"),
    ("RF64", "PCM_16"),
    ("W64", "PCM_16"),
    ("W64", "PCM_U8"),
    ("AIFF", "PCM_S8"),
    ("AIFF", "PCM_16"),
    ("AIFF", "PCM_24"),
    ("AIFF", "FLOAT"),
    ("AIFF", "ULAW"),
    ("CAF", "PCM_16"),
    ("CAF", "PCM_24"),
    ("CAF", "DOUBLE"),
    ("CAF", "ALAC_16"),
    ("AU", "PCM_16"),
    ("AU", "PCM_24"),
    ("AU", "FLOAT"),
    ("AU", "ULAW"),
    ("FLAC", "PCM_S8"),
    ("FLAC", "PCM_16"),
    ("FLAC", "PCM_24"),
    ("VOC", "PCM_16"),
    ("NIST", "PCM_24"),
]
LOSSY = [("OGG", "VORBIS", 25), ("OGG", "OPUS", 15), ("MP3", "MPEG_LAYER_III", 20)]


@pytest.mark.parametrize(("format", "subtype"), LOSSLESS)
def test_what_is_not_changed_comes_back_bit_by_bit(
    tmp_path: Path, format: str, subtype: str
) -> None:
    source = write(tmp_path / f"a.{format}", tones(30_011), 44_100, format, subtype)
    before, samples = read_all(source)
    after, again = read_all(copy(source))
    assert (after.facts.rate_hz, after.facts.channels) == (44_100, 2)
    assert (after.facts.container, after.facts.coding) == (
        before.facts.container,
        before.facts.coding,
    )
    assert after.facts.frames == 30_011
    np.testing.assert_array_equal(samples, again)


@pytest.mark.parametrize("format", ["AIFF", "CAF", "AU", "WAV"])
@pytest.mark.parametrize("subtype", ["PCM_16", "PCM_24"])
def test_the_order_of_bytes_is_kept(tmp_path: Path, format: str, subtype: str) -> None:
    for endian in ("LITTLE", "BIG"):
        source = write(tmp_path / f"{endian}.x", tones(5_001), 48_000, format, subtype, endian)
        assert copy(source).read_bytes() == source.read_bytes()


@pytest.mark.parametrize(("format", "subtype", "least_db"), LOSSY)
@pytest.mark.parametrize("channels", [1, 2])
def test_lossy_files_keep_length_time_and_size(
    tmp_path: Path, format: str, subtype: str, least_db: float, channels: int
) -> None:
    source = write(tmp_path / "a.x", tones(150_000, channels), 48_000, format, subtype)
    target = copy(source)
    before, samples = read_all(source)
    after, again = read_all(target)
    assert after.facts == before.facts.__class__(**{**_fields(before), "path": target})
    assert again.shape == samples.shape == (channels, 150_000)
    assert snr_db(samples, again) > least_db  # in time to the sample, or it would be under 0
    assert 0.85 < target.stat().st_size / source.stat().st_size < 1.15


@pytest.mark.parametrize("kbps", [64, 128, 320])
def test_an_mp3_keeps_its_bit_rate(tmp_path: Path, kbps: int) -> None:
    source = tmp_path / "a.mp3"
    level = (320 - kbps - 0.5) / 288
    with soundfile.SoundFile(
        source,
        "w",
        44_100,
        2,
        "MPEG_LAYER_III",
        format="MP3",
        compression_level=max(0.0, level),
        bitrate_mode="CONSTANT",
    ) as file:
        file.write(tones(100_000).T)
    assert copy(source).stat().st_size == source.stat().st_size


@pytest.mark.parametrize("level", [0.1, 0.5, 0.9])
def test_vorbis_keeps_its_quality(tmp_path: Path, level: float) -> None:
    source = tmp_path / "a.ogg"
    with soundfile.SoundFile(
        source, "w", 44_100, 2, "VORBIS", format="OGG", compression_level=level
    ) as file:
        file.write(tones(100_000).T)
    rates = [int.from_bytes(path.read_bytes()[48:52], "little") for path in (source, copy(source))]
    assert rates[0] == pytest.approx(rates[1], rel=0.01)  # nominal ones, from the header


@pytest.mark.parametrize("rate_hz", [8_000, 11_025, 96_000, 192_000])
@pytest.mark.parametrize("channels", [1, 6, 8])
def test_rates_and_channels_are_kept(tmp_path: Path, rate_hz: int, channels: int) -> None:
    for format, subtype in (("WAV", "PCM_16"), ("FLAC", "PCM_24")):
        source = write(
            tmp_path / f"a.{format}", tones(2_000, channels, rate_hz), rate_hz, format, subtype
        )
        before, samples = read_all(source)
        after, again = read_all(copy(source))
        assert (after.facts.rate_hz, after.facts.channels) == (rate_hz, channels)
        assert after.about == before.about
        np.testing.assert_array_equal(samples, again)


@pytest.mark.parametrize(
    ("format", "subtype"),
    [("WAV", "PCM_24"), ("WAV", "ULAW"), ("FLAC", "PCM_16"), ("OGG", "VORBIS"), ("MP3", "")],
)
def test_uneven_blocks_make_the_same_file(tmp_path: Path, format: str, subtype: str) -> None:
    kind = subtype or "MPEG_LAYER_III"
    source = write(tmp_path / "a.x", tones(40_000), 48_000, format, kind)
    whole = copy(source, target=tmp_path / "whole.x")
    uneven = copy(source, target=tmp_path / "uneven.x", step=777)
    _, one = read_all(whole)
    _, other = read_all(uneven)
    np.testing.assert_array_equal(one, other)


def test_a_piece_says_what_it_is(tmp_path: Path) -> None:
    source = write(tmp_path / "a.wav", tones(96_000), 48_000, "WAV", "PCM_24")
    with_reader = open_sound(source, {})
    (piece,) = with_reader.pieces()
    assert piece.shape == (2, 96_000)
    assert piece.rate_hz == 48_000
    assert piece.work == with_reader.work == 2.0
    assert with_reader.about == "48 kHz · stereo · 24 bit · 0:02"
    assert list(with_reader.pieces({0})) == []
    assert with_reader.passed_over == {}
    with_reader.close()


def test_blocks_follow_each_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = write(tmp_path / "a.wav", tones(400_000, 1), 48_000, "WAV", "PCM_16")
    reader = open_sound(source, {})
    (piece,) = reader.pieces()
    clips = list(piece.blocks)
    assert [clip.start for clip in clips] == [0, 2**17, 2**18, 3 * 2**17]
    assert clips[-1].stop == 400_000
    assert all(clip.samples.dtype == np.float32 for clip in clips)
    assert facts_module.BLOCK_FRAMES == 2**17
    reader.close()


def test_a_change_reaches_the_file(tmp_path: Path) -> None:
    for format, subtype in (("WAV", "PCM_32"), ("WAV", "DOUBLE"), ("WAV", "PCM_16")):
        source = write(tmp_path / f"{subtype}.wav", tones(5_000), 48_000, format, subtype)
        reader = open_sound(source, {})
        writer = SoundWriter(reader, True)
        samples = gather(reader)
        writer.write(Clip(samples * np.float32(0.5), 0))
        writer.end_piece(False)
        writer.finish(tmp_path / "out.wav")
        reader.close()
        _, halved = read_all(tmp_path / "out.wav")
        np.testing.assert_allclose(halved, samples / 2, atol=2**-16)


def test_numbers_too_fine_for_a_float_keep_their_last_bits(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    whole = rng.integers(-(2**31), 2**31, (3_000, 2)).astype(np.int32)
    soundfile.write(tmp_path / "a.wav", whole, 48_000, "PCM_32")
    fine = rng.uniform(-1, 1, (3_000, 2))
    soundfile.write(tmp_path / "b.wav", fine, 48_000, "DOUBLE")
    again, _ = soundfile.read(copy(tmp_path / "a.wav"), dtype="int32")
    np.testing.assert_array_equal(again, whole)
    again, _ = soundfile.read(copy(tmp_path / "b.wav"), dtype="float64")
    np.testing.assert_array_equal(again, fine)


@pytest.mark.parametrize("subtype", ["FLOAT", "DOUBLE"])
def test_what_is_no_number_passes_around_the_net(tmp_path: Path, subtype: str) -> None:
    samples = tones(3_000).T.astype(np.float64 if subtype == "DOUBLE" else np.float32)
    samples[10:20, 0] = np.nan
    samples[30, 1], samples[31, 1], samples[40, 0] = np.inf, -np.inf, 1e30
    soundfile.write(tmp_path / "a.wav", samples, 48_000, subtype)
    _, seen = read_all(tmp_path / "a.wav")
    assert np.isfinite(seen).all()
    assert (seen[0, 10:20] == 0).all()
    assert seen[0, 40] == 0
    kind: Any = "float64" if subtype == "DOUBLE" else "float32"
    again, _ = soundfile.read(copy(tmp_path / "a.wav"), dtype=kind)
    np.testing.assert_array_equal(again, samples)


def test_floats_over_full_scale_are_kept(tmp_path: Path) -> None:
    loud = 3 * tones(2_000)
    soundfile.write(tmp_path / "a.wav", loud.T, 48_000, "FLOAT")
    _, again = read_all(copy(tmp_path / "a.wav"))
    np.testing.assert_array_equal(again, loud)


def test_whole_numbers_are_clipped_not_wrapped(tmp_path: Path) -> None:
    source = write(tmp_path / "a.wav", tones(1_000), 48_000, "WAV", "PCM_16")
    reader = open_sound(source, {})
    writer = SoundWriter(reader, True)
    writer.write(Clip(np.full((2, 1_000), 1.5, np.float32), 0))
    writer.end_piece(False)
    writer.finish(tmp_path / "out.wav")
    reader.close()
    again, _ = soundfile.read(tmp_path / "out.wav", dtype="int16")
    assert (again == 32_767).all()


def test_a_piece_that_is_left_needs_no_file(tmp_path: Path) -> None:
    source = write(tmp_path / "a.wav", tones(1_000), 48_000, "WAV", "PCM_16")
    reader = open_sound(source, {})
    writer = SoundWriter(reader, True)
    writer.write(Clip(tones(1_000), 0))
    assert not writer.end_piece(True)
    assert not SoundWriter(reader, True).end_piece(True)
    reader.close()


def test_a_net_that_breaks_breaks_no_file(tmp_path: Path) -> None:
    source = write(tmp_path / "a.wav", tones(1_000), 48_000, "WAV", "PCM_16")
    reader = open_sound(source, {})
    writer = SoundWriter(reader, True)
    with pytest.raises(BrokenResult):
        writer.write(Clip(np.full((2, 1_000), np.nan, np.float32), 0))
    reader.close()


@pytest.mark.parametrize(
    ("format", "subtype"),
    [("WAV", "PCM_24"), ("FLAC", "PCM_16"), ("OGG", "VORBIS"), ("MP3", "MPEG_LAYER_III")],
)
@pytest.mark.parametrize("room", [0, 1_000, 3_000])
def test_a_full_disk_is_told_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, format: str, subtype: str, room: int
) -> None:
    source = write(tmp_path / "a.x", tones(200_000), 48_000, format, subtype)
    disk = FullDisk(monkeypatch, room=room)
    with pytest.raises(NotWritable, match="full"):
        copy(source)
    assert disk.full > 0
    monkeypatch.undo()
    assert [path.name for path in tmp_path.iterdir()] == ["a.x"]


def test_a_disk_that_fills_up_at_the_end_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = write(tmp_path / "a.wav", tones(50_000), 48_000, "WAV", "PCM_16")
    # Enough for the spool, not for the file as well.
    FullDisk(monkeypatch, room=source.stat().st_size + 4_000)
    with pytest.raises(NotWritable, match="full"):
        copy(source)
    monkeypatch.undo()
    assert [path.name for path in tmp_path.iterdir()] == ["a.wav"]


def test_memory_does_not_grow_with_the_length(tmp_path: Path) -> None:
    import tracemalloc

    peaks = []
    for minutes in (0.5, 2):
        source = tmp_path / f"{minutes}.wav"
        with soundfile.SoundFile(source, "w", 48_000, 2, "PCM_16") as file:
            for _ in range(int(minutes * 60)):
                file.write(np.zeros((48_000, 2), np.int16))
        tracemalloc.start()
        copy(source)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.2 * peaks[0] < 40e6


def _fields(reader: Any) -> dict[str, Any]:
    return {name: getattr(reader.facts, name) for name in reader.facts.__slots__}
