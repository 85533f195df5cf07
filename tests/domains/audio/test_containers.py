"""M4A, MP4, MOV, MKV and their like, through the FFmpeg of PySide6.

video.mp4 and video.mkv: a second of H.264 with B frames, made by x264 through PyAV, with AAC from
the beginning, or Opus from a quarter of a second on; a title, languages and two chapters.
"""

from __future__ import annotations

import ctypes
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from desktop_ae.core.errors import NotWritable, Unreadable, Unsupported
from desktop_ae.domains.audio import ffmpeg
from desktop_ae.domains.audio.ffmpeg import ATTACHMENT, AUDIO, FFmpegError, library
from desktop_ae.domains.audio.ffmpeg_encoder import Coding
from desktop_ae.domains.audio.ffmpeg_file import Input
from desktop_ae.domains.audio.ffmpeg_mux import _Output
from desktop_ae.domains.audio.ffmpeg_source import DEMUXERS, FFmpegSource
from desktop_ae.domains.audio.files import open_sound, open_source
from desktop_ae.domains.audio.mp4_boxes import Sound, finish_moov
from tests.domains.audio.sounds import (
    COVER,
    add_to_moov,
    copy,
    itunes_tags,
    make_container,
    read_all,
    snr_db,
    tones,
)
from tests.fakes import FullDisk

HERE = Path(__file__).parent
ALAC_24 = Coding("alac", 7, 24)
ALAC_16 = Coding("alac", 6, 16)


def test_the_build_has_no_part_under_the_gpl() -> None:
    assert library().licences == ["LGPL version 2.1 or later"] * 3
    function = library().codec.avcodec_configuration
    function.restype = ctypes.c_char_p
    configuration = function().decode()
    assert "--enable-gpl" not in configuration
    assert "x264" not in configuration and "nonfree" not in configuration


@pytest.mark.parametrize("container", ["M4A", "MP4", "MOV", "3GP"])
@pytest.mark.parametrize("frames", [480, 1_024, 50_001])
def test_aac_keeps_its_length_to_the_frame(tmp_path: Path, container: str, frames: int) -> None:
    sound = tones(frames)
    source = make_container(tmp_path / "a.m4a", container, sound)
    before, samples = read_all(source)
    after, again = read_all(copy(source))
    assert before.facts.frames == after.facts.frames == frames
    assert samples.shape == again.shape == (2, frames)
    if frames > 40_000:
        assert snr_db(sound, samples) > 15  # in time to the sample, or it would be under 0
        assert snr_db(samples, again) > 20
        assert snr_db(samples[:, :3_000], again[:, :3_000]) > 15


@pytest.mark.parametrize(("coding", "bits"), [(ALAC_16, 16), (ALAC_24, 24)])
def test_apples_lossless_code_comes_back_bit_by_bit(
    tmp_path: Path, coding: Coding, bits: int
) -> None:
    source = make_container(tmp_path / "a.m4a", "M4A", tones(30_001), coding)
    before, samples = read_all(source)
    after, again = read_all(copy(source))
    assert before.about == after.about == f"48 kHz · stereo · {bits} bit · 0.63 s"
    assert after.facts.frames == 30_001
    np.testing.assert_array_equal(samples, again)


@pytest.mark.parametrize("name", ["pcm_s16le", "pcm_s24le", "pcm_s16be", "pcm_f32le"])
def test_plain_numbers_in_mov_come_back_bit_by_bit(tmp_path: Path, name: str) -> None:
    kinds = {"pcm_s24le": (2, 24), "pcm_f32le": (3, 32)}
    kind, bits = kinds.get(name, (1, 16))
    source = make_container(tmp_path / "a.mov", "MOV", tones(9_001), Coding(name, kind, bits))
    before, samples = read_all(source)
    after, again = read_all(copy(source))
    assert after.facts.coding == before.facts.coding == name
    np.testing.assert_array_equal(samples, again)


@pytest.mark.parametrize(("channels", "rate_hz"), [(1, 16_000), (2, 44_100), (6, 48_000)])
def test_rates_and_channels_are_kept(tmp_path: Path, channels: int, rate_hz: int) -> None:
    sound = tones(40_000, channels, rate_hz)
    coding = Coding("aac", 8, bit_rate=64_000 * channels)
    source = make_container(tmp_path / "a.m4a", "M4A", sound, coding, rate_hz)
    before, after = read_all(source)[0], read_all(copy(source))[0]
    assert (after.facts.channels, after.facts.rate_hz) == (channels, rate_hz)
    assert after.about == before.about


@pytest.mark.parametrize("container", ["AAC", "MP2", "MKV", "WMA"])
def test_other_containers_keep_length_and_time(tmp_path: Path, container: str) -> None:
    codings = {"MP2": Coding("mp2", 1, bit_rate=192_000), "WMA": Coding("wmav2", 8, 0, 128_000)}
    source = make_container(
        tmp_path / f"a.{container.lower()}", container, tones(60_000), codings.get(container)
    )
    before, samples = read_all(source)
    after, again = read_all(copy(source))
    assert after.facts.frames == before.facts.frames
    assert after.facts.coding == before.facts.coding
    assert snr_db(samples[:, 4_000:-4_000], again[:, 4_000:-4_000]) > 20


def test_tags_and_cover_of_an_m4a_stay_as_bytes(tmp_path: Path) -> None:
    source = make_container(tmp_path / "a.m4a", "M4A", tones(20_000))
    tags = itunes_tags("A title")
    add_to_moov(source, tags)
    made = copy(source).read_bytes()
    assert tags in made
    assert made.count(b"A title") == 1
    bare = copy(source, keep=False)
    assert b"A title" not in bare.read_bytes() and COVER not in bare.read_bytes()
    assert read_all(bare)[0].facts.frames == 20_000


def test_apples_note_on_gaps_tells_our_delay(tmp_path: Path) -> None:
    source = make_container(tmp_path / "a.m4a", "M4A", tones(20_000))
    old = b" 00000000 00000840 000001CA 0000000000001234 00000000 00000000"
    add_to_moov(source, itunes_tags("A title", old))
    made = copy(source).read_bytes()
    assert old not in made
    note = b" 00000000 00000400 %08X %016X 00000000" % (-(20_000 + 1_024) % 1_024, 20_000)
    assert note in made


def test_a_tag_before_bare_frames_is_kept(tmp_path: Path) -> None:
    source = make_container(tmp_path / "a.aac", "AAC", tones(20_000))
    tag = b"ID3\x04\0\0\0\0\0\x14" + b"TIT2\0\0\0\x08\0\0\x03A title"[:20].ljust(20, b"\0")
    source.write_bytes(tag + source.read_bytes())
    assert copy(source).read_bytes().startswith(tag)
    assert not copy(source, keep=False).read_bytes().startswith(b"ID3")


def streams(path: Path) -> dict[int, list[tuple[Any, ...]]]:
    """All packets of each stream: times and bytes."""
    found: dict[int, list[tuple[Any, ...]]] = {}
    with path.open("rb") as file:
        given = Input(file, DEMUXERS["MKV" if path.suffix == ".mkv" else "MP4"])
        for packet in given.packets():
            data = ctypes.string_at(packet.data, packet.size)
            found.setdefault(packet.stream_index, []).append(
                (packet.pts, packet.dts, packet.flags, data)
            )
        given.close()
    return found


@pytest.mark.parametrize("name", ["video.mp4", "video.mkv"])
def test_a_video_keeps_its_pictures_packet_by_packet(tmp_path: Path, name: str) -> None:
    source = Path(shutil.copy(HERE / name, tmp_path))
    target = copy(source)
    before, after = streams(source), streams(target)
    assert before[0] == after[0]
    assert len(before[0]) == 30
    assert before[1] != after[1]
    (old, samples), (new, again) = read_all(source), read_all(target)
    assert old.facts.frames == new.facts.frames == 60_000
    assert snr_db(samples, again) > 20
    assert isinstance(old.source, FFmpegSource) and isinstance(new.source, FFmpegSource)
    assert abs(old.source.track.zero - new.source.track.zero) <= 1
    assert old.source.track.zero == (0 if name == "video.mp4" else pytest.approx(251, abs=1))


@pytest.mark.parametrize("name", ["video.mp4", "video.mkv"])
def test_a_video_keeps_its_tags_and_chapters(tmp_path: Path, name: str) -> None:
    source = Path(shutil.copy(HERE / name, tmp_path))
    made = copy(source).read_bytes()
    for text in (b"A film", b"Made for a test", b"First part", b"Second part"):
        assert text in made
    bare = copy(source, keep=False).read_bytes()
    assert b"A film" not in bare and b"First part" not in bare


def test_a_cover_attached_to_an_mkv_is_kept(tmp_path: Path) -> None:
    from PIL import Image

    Image.new("RGB", (32, 32), "teal").save(tmp_path / "cover.jpg")
    cover = (tmp_path / "cover.jpg").read_bytes()
    source = tmp_path / "a.mkv"
    lib = library()
    with (HERE / "video.mkv").open("rb") as original, source.open("wb+") as target:
        given = Input(original, "matroska")
        made = _Output(target, "matroska")
        outs = [made.add(stream.codecpar, stream.time_base) for stream in given.streams]
        parameters = lib.avcodec_parameters_alloc()
        fields = parameters.contents
        fields.codec_type, fields.codec_id = ATTACHMENT, 7  # JPEG
        fields.extradata = lib.av_malloc(len(cover) + 64)
        ctypes.memmove(fields.extradata, cover, len(cover))
        fields.extradata_size = len(cover)
        attached = made.add(parameters, outs[0].time_base)
        lib.avcodec_parameters_free(ctypes.byref(parameters))
        tags = ctypes.c_void_p(ctypes.addressof(attached) + type(attached).metadata.offset)
        for name, value in ((b"filename", b"cover.jpg"), (b"mimetype", b"image/jpeg")):
            lib.call("av_dict_set", tags, name, value, 0)
        made.begin({})
        for packet in given.packets():
            base = given.streams[packet.stream_index].time_base
            made.put(packet, outs[packet.stream_index], base)
        made.end()
        made.close()
        given.close()
    made_bytes = copy(source).read_bytes()
    assert cover in made_bytes and b"cover.jpg" in made_bytes
    assert streams(source)[0] == streams(copy(source))[0]
    assert cover not in copy(source, keep=False).read_bytes()


def test_blocks_can_begin_anywhere(tmp_path: Path) -> None:
    paths = [HERE / "video.mp4", HERE / "video.mkv"]
    paths.append(make_container(tmp_path / "a.m4a", "M4A", tones(150_000)))
    for path in paths:
        source = open_source(path)
        whole = np.concatenate(list(source.blocks()), axis=1)
        part = np.concatenate(list(source.blocks(41_000, 52_345)), axis=1)
        again = np.concatenate(list(source.blocks()), axis=1)
        # AAC fills some bands with noise, which is another one after a jump.
        assert snr_db(whole[:, 41_000:52_345], part) > 25
        assert snr_db(whole, again) > 25
        source.close()


def test_sound_that_begins_late_stays_late(tmp_path: Path) -> None:
    plain = make_container(tmp_path / "plain.mp4", "MP4", tones(30_000))
    source = tmp_path / "a.mp4"
    shutil.copy(plain, source)
    finish_moov(plain, source, True, Sound(0, 1_024, 30_000, 24_000))
    for path in (source, copy(source), copy(source, keep=False)):
        reader, samples = read_all(path)
        assert isinstance(reader.source, FFmpegSource)
        # FFmpeg tells whole packets where there are two edits.
        assert reader.facts.frames == 30 * 1_024
        assert reader.source.track.zero == 24_000
        assert snr_db(tones(30_000), samples[:, :30_000]) > 10


def test_protected_sound_is_told(tmp_path: Path) -> None:
    source = make_container(tmp_path / "a.m4a", "M4A", tones(20_000))
    source.write_bytes(source.read_bytes().replace(b"mp4a", b"drms"))
    with pytest.raises(Unsupported, match="protected"):
        open_sound(source, {})


def test_sound_in_an_unknown_code_is_told(tmp_path: Path) -> None:
    source = make_container(tmp_path / "a.m4a", "M4A", tones(20_000), ALAC_16)
    source.write_bytes(source.read_bytes().replace(b"alac", b"zzzz"))
    with pytest.raises(Unsupported, match="cannot be read"):
        open_sound(source, {})


def test_a_video_without_sound_is_told(tmp_path: Path) -> None:
    source = tmp_path / "a.mp4"
    with (HERE / "video.mp4").open("rb") as original, source.open("wb+") as target:
        given = Input(original, "mov")
        made = _Output(target, "mp4")
        pictures = given.streams[0]
        out = made.add(pictures.codecpar, pictures.time_base)
        made.begin({})
        for packet in given.packets():
            if packet.stream_index == 0:
                made.put(packet, out, pictures.time_base)
        made.end()
        made.close()
        given.close()
    with pytest.raises(Unreadable, match="no sound"):
        open_sound(source, {})


@pytest.mark.parametrize("name", ["video.mp4", "video.mkv", "a.m4a"])
@pytest.mark.parametrize("share", [0.01, 0.3, 0.9])
def test_a_file_that_was_cut_is_told_or_read_as_far_as_it_goes(
    tmp_path: Path, name: str, share: float
) -> None:
    whole = HERE / name
    if name == "a.m4a":
        whole = make_container(tmp_path / "whole.m4a", "M4A", tones(100_000))
    content = whole.read_bytes()
    source = tmp_path / f"cut{whole.suffix}"
    source.write_bytes(content[: int(len(content) * share)])
    try:
        reader, samples = read_all(source)
    except Unreadable as error:
        assert source.name in str(error)
        return
    assert samples.shape == (2, reader.facts.frames)
    assert read_all(copy(source))[0].facts.frames == pytest.approx(reader.facts.frames, abs=1_100)


def test_damage_in_the_middle_does_not_stop_the_rest(tmp_path: Path) -> None:
    source = make_container(tmp_path / "a.m4a", "M4A", tones(200_000))
    content = bytearray(source.read_bytes())
    content[20_000:20_400] = bytes(400)
    source.write_bytes(content)
    reader, samples = read_all(source)
    assert samples.shape == (2, 200_000)
    assert np.isfinite(samples).all()


def test_noise_instead_of_packets_ends_well(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    source = make_container(tmp_path / "a.m4a", "M4A", tones(60_000))
    content = source.read_bytes()
    for _ in range(20):
        broken = bytearray(content)
        for at in rng.integers(0, len(content), 30):
            broken[at] = rng.integers(0, 256)
        source.write_bytes(broken)
        try:
            _, samples = read_all(source)
        except (Unreadable, Unsupported) as error:
            assert "a.m4a" in str(error)
        else:
            assert np.isfinite(samples).all()


@pytest.mark.parametrize("room", [0, 5_000, 40_000])
def test_a_full_disk_is_told_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    source = make_container(tmp_path / "a.m4a", "M4A", tones(200_000))
    FullDisk(monkeypatch, room=room)
    with pytest.raises(NotWritable, match="full"):
        copy(source)
    monkeypatch.undo()
    assert [path.name for path in tmp_path.iterdir()] == ["a.m4a"]


def test_a_program_without_ffmpeg_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = make_container(tmp_path / "a.m4a", "M4A", tones(9_000))

    def missing() -> None:
        raise FFmpegError("libX11.so.6 is missing")

    monkeypatch.setattr("desktop_ae.domains.audio.ffmpeg_source.library", missing)
    with pytest.raises(Unsupported, match=r"M4A needs the FFmpeg .*libX11"):
        open_sound(source, {})


def test_another_version_of_ffmpeg_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ffmpeg, "VERSIONS", {"avutil": 99, "avcodec": 99, "avformat": 99})
    library.cache_clear()
    with pytest.raises(FFmpegError):
        library()
    library.cache_clear()


def test_the_best_track_is_the_default_one() -> None:
    source = open_source(HERE / "video.mkv")
    assert isinstance(source, FFmpegSource)
    assert source.stream.codecpar.contents.codec_type == AUDIO
    source.close()
