"""Cleaned sound says what made it, and all else in its file is as without that."""

from __future__ import annotations

import ctypes
import shutil
import struct
from pathlib import Path

import numpy as np
import pytest
import soundfile

from desktop_ae.domains.audio import id3, mp4_note, ogg, riff, vorbis_comments
from desktop_ae.domains.audio.ffmpeg import library
from desktop_ae.domains.audio.ffmpeg_encoder import Coding
from desktop_ae.domains.audio.ffmpeg_file import Input
from desktop_ae.domains.audio.ffmpeg_source import DEMUXERS
from desktop_ae.domains.audio.spool import read_part
from tests.domains.audio.sounds import (
    add_to_moov,
    box,
    copy,
    itunes_tags,
    make_container,
    read_all,
    tones,
    write,
)
from tests.made import MADE_BY, NAME

HERE = Path(__file__).parent
TEXT = MADE_BY.text
LINE = TEXT.encode()


class Entry(ctypes.Structure):
    _fields_ = [("key", ctypes.c_char_p), ("value", ctypes.c_char_p)]


def results(source: Path, keep: bool = True) -> tuple[Path, Path]:
    """What is written without and with the line; the first has no trace of us, both sound alike."""
    plain = copy(source, keep, source.with_name(f"plain{source.suffix}"))
    recorded = copy(source, keep, source.with_name(f"recorded{source.suffix}"), made_by=MADE_BY)
    assert NAME not in plain.read_bytes()
    (before, samples), (after, again) = read_all(plain), read_all(recorded)
    np.testing.assert_array_equal(samples, again)
    assert before.about == after.about
    return plain, recorded


def tags(path: Path) -> dict[str, str]:
    """By libsndfile."""
    with soundfile.SoundFile(path) as file:
        return dict(file.copy_metadata())


def words(path: Path, container: str) -> dict[str, str]:
    """By FFmpeg."""
    found = {}
    with path.open("rb") as file:
        given = Input(file, DEMUXERS[container])
        get = library().util.av_dict_get
        get.restype = ctypes.POINTER(Entry)
        get.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p, ctypes.c_int]
        entry = None
        while entry := get(given.fields.metadata, b"", entry, 2):  # 2: any key that begins so
            found[entry.contents.key.decode()] = entry.contents.value.decode()
        given.close()
    return found


PLACES = {
    "a.wav": ("WAV", "PCM_24", "software"),
    "coded.wav": ("WAV", "MS_ADPCM", "software"),
    "a.rf64": ("RF64", "PCM_16", "software"),
    "a.aiff": ("AIFF", "PCM_16", "comment"),
    "coded.aiff": ("AIFF", "ULAW", "comment"),
    "a.caf": ("CAF", "PCM_16", ""),
    "coded.caf": ("CAF", "ALAC_16", ""),
    "a.flac": ("FLAC", "PCM_16", "comment"),
    "a.ogg": ("OGG", "VORBIS", "comment"),
    "a.opus": ("OGG", "OPUS", "comment"),
    "a.mp3": ("MP3", "MPEG_LAYER_III", "software"),
}


@pytest.mark.parametrize("keep", [True, False])
@pytest.mark.parametrize("name", PLACES)
def test_every_format_says_what_made_it(tmp_path: Path, name: str, keep: bool) -> None:
    container, coding, place = PLACES[name]
    source = write(tmp_path / name, tones(9_001), 48_000, container, coding)
    plain, recorded = results(source, keep)
    assert recorded.read_bytes().count(LINE) == 1
    if place:  # libsndfile knows no such text of CAF
        assert tags(recorded)[place] == TEXT


@pytest.mark.parametrize(("format", "suffix"), [("AU", ".au"), ("W64", ".w64"), ("VOC", ".voc")])
def test_some_formats_have_no_place_for_it(tmp_path: Path, format: str, suffix: str) -> None:
    source = write(tmp_path / f"a{suffix}", tones(9_001), 48_000, format, "PCM_16")
    plain, recorded = results(source)
    assert plain.read_bytes() == recorded.read_bytes()


def chunk(kind: bytes, payload: bytes, order: str = "<") -> bytes:
    return kind + struct.pack(f"{order}I", len(payload)) + payload + bytes(len(payload) % 2)


@pytest.mark.parametrize(
    ("facts", "place"),
    [
        (chunk(b"INAM", b"A title\0"), b"ISFT"),
        (chunk(b"INAM", b"A title"), b"ISFT"),  # of an odd number of bytes
        (chunk(b"ISFT", b"Another\0"), b"ICMT"),
        (chunk(b"ISFT", b"Another\0") + chunk(b"ICMT", b"mine\0"), b"ITCH"),
    ],
)
def test_a_wav_file_has_one_fact_more_behind_its_own(
    tmp_path: Path, facts: bytes, place: bytes
) -> None:
    source = write(tmp_path / "a.wav", tones(4_001, 1), 48_000, "WAV", "PCM_16")
    whole = source.read_bytes()[8:] + chunk(b"LIST", b"INFO" + facts)
    source.write_bytes(b"RIFF" + struct.pack("<I", len(whole)) + whole)
    plain, recorded = results(source)
    assert plain.read_bytes() == source.read_bytes()
    line = LINE + b"\0" * (2 - len(LINE) % 2)
    with recorded.open("rb") as file:
        wave = riff.parse_wave(file)
        assert wave is not None
        lists = [read_part(c.payload) for c in wave.chunks if c.kind == b"LIST"]
    assert lists == [b"INFO" + facts + chunk(place, line)]
    assert recorded.read_bytes()[8:].startswith(whole[: whole.index(b"LIST")])


def test_a_wav_file_of_the_other_byte_order_counts_in_its_own(tmp_path: Path) -> None:
    source = tmp_path / "a.wav"
    soundfile.write(source, tones(4_000, 1).T, 48_000, "PCM_16", "BIG", "WAV")
    assert source.read_bytes()[:4] == b"RIFX"
    assert tags(results(source)[1])["software"] == TEXT


def test_an_aiff_file_shows_its_own_annotation_still(tmp_path: Path) -> None:
    source = write(tmp_path / "a.aiff", tones(4_000, 1), 48_000, "AIFF", "PCM_16")
    own = chunk(b"ANNO", b"by hand", ">")
    body = source.read_bytes()[8:] + own
    source.write_bytes(b"FORM" + struct.pack(">I", len(body)) + body)
    _, recorded = results(source)
    assert tags(recorded)["comment"] == "by hand"
    assert recorded.read_bytes().endswith(chunk(b"ANNO", LINE, ">") + own)


def test_a_caf_file_keeps_its_texts_behind_it(tmp_path: Path) -> None:
    source = write(tmp_path / "a.caf", tones(4_000, 1), 48_000, "CAF", "PCM_16")
    pair = b"title\0A title\0"
    note = b"info" + struct.pack(">qI", 4 + len(pair), 1) + pair
    source.write_bytes(source.read_bytes() + note)
    _, recorded = results(source)
    line = b"encoding application\0" + LINE + b"\0"
    told = b"info" + struct.pack(">qI", 4 + len(line) + len(pair), 2) + line + pair
    assert recorded.read_bytes().endswith(told)


def comments(*pairs: bytes) -> bytes:
    made = struct.pack("<I", 2) + b"me" + struct.pack("<I", len(pairs))
    return made + b"".join(struct.pack("<I", len(pair)) + pair for pair in pairs)


@pytest.mark.parametrize("rest", [b"", b"\x01", bytes(40)])
def test_comments_of_vorbis_get_one_more(rest: bytes) -> None:
    ours = b"COMMENT=" + LINE
    add = vorbis_comments.with_comment
    assert add(comments() + rest, TEXT) == comments(ours) + rest
    assert add(comments(b"TITLE=x") + rest, TEXT) == comments(b"TITLE=x", ours) + rest
    taken = comments(b"Comment=mine", b"ENCODER=me")
    assert add(taken + rest, TEXT) == comments(
        b"Comment=mine", b"ENCODER=me", b"ENCODER=" + LINE
    ) + rest  # fmt: skip


def test_damaged_comments_stay_as_they_are() -> None:
    whole = comments(b"TITLE=A title")
    for size in range(len(whole)):
        assert vorbis_comments.with_comment(whole[:size], TEXT) == whole[:size]


# Of more than a page libsndfile writes comments for Vorbis alone so that it can read them.
@pytest.mark.parametrize(("subtype", "length"), [("VORBIS", 100_000), ("OPUS", 500)])
def test_a_comment_of_the_person_stays_and_is_the_one_shown(
    tmp_path: Path, subtype: str, length: int
) -> None:
    source = tmp_path / "a.ogg"
    with soundfile.SoundFile(
        source, "w", 48_000, 1, subtype, format="OGG", compression_level=0.5
    ) as file:
        file.comment = "m" * length
        file.write(tones(9_000, 1).T)
    plain, recorded = results(source)
    heads = []
    for path in (plain, recorded):
        with path.open("rb") as raw:
            heads.append(ogg.header_packets(raw, 2)[1])
    assert len(heads[1]) == len(heads[0]) + 4 + 8 + len(LINE)
    assert tags(recorded)["comment"] == "m" * length


def test_a_flac_file_that_has_no_comments_gets_some(tmp_path: Path) -> None:
    source = write(tmp_path / "a.flac", tones(9_000, 1), 48_000, "FLAC", "PCM_16")
    content = source.read_bytes()
    at = 4
    while not content[at] & 0x80:
        at += 4 + int.from_bytes(content[at + 1 : at + 4], "big")
    frames = content[at + 4 + int.from_bytes(content[at + 1 : at + 4], "big") :]
    source.write_bytes(content[:4] + bytes([0x80]) + content[5:42] + frames)
    assert tags(source) == {}
    assert tags(results(source)[1]) == {"comment": TEXT}


def id3_tag(version: int, *frames: bytes, flags: int = 0) -> bytes:
    body = b"".join(frames) + bytes(20)
    size = bytes(len(body) >> shift & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3" + bytes([version, 0, flags]) + size + body


def id3_frame(version: int, kind: bytes, body: bytes) -> bytes:
    if version == 2:
        return kind + len(body).to_bytes(3, "big") + body
    size = len(body)
    in_bytes = bytes([0, 0, size >> 7, size & 0x7F]) if version == 4 else size.to_bytes(4, "big")
    return kind + in_bytes + bytes(2) + body


@pytest.mark.parametrize("version", [2, 3, 4])
def test_a_tag_gets_one_frame_more_and_a_third_line_has_no_room(version: int) -> None:
    title, ours, own = (b"TT2", b"TSS", b"TXX") if version == 2 else (b"TIT2", b"TSSE", b"TXXX")
    old = id3_frame(version, title, b"\0A title")
    first = id3_frame(version, ours, b"\0" + LINE)
    second = id3_frame(version, own, b"\0Desktop AE\0again")
    behind = id3_tag(3, b"another tag")
    once = id3.with_text(id3_tag(version, old) + behind, TEXT)
    assert once == id3_tag(version, first, old) + behind
    other = id3_tag(version, id3_frame(version, ours, b"\0LAME"), old)
    twice = id3.with_text(other, "again")
    assert twice == id3_tag(version, second, id3_frame(version, ours, b"\0LAME"), old)
    assert id3.with_text(twice, "again") == twice


@pytest.mark.parametrize(("version", "flags"), [(3, 0x40), (4, 0x10), (2, 0x40), (5, 0)])
def test_a_tag_that_is_not_as_most_are_stays(version: int, flags: int) -> None:
    tag = id3_tag(version, b"frames", flags=flags)
    assert id3.with_text(tag, TEXT) == tag


def test_an_mp3_with_tags_at_its_end_alone_gets_none_at_its_beginning(tmp_path: Path) -> None:
    source = write(tmp_path / "a.mp3", tones(9_000), 44_100, "MP3", "MPEG_LAYER_III")
    source.write_bytes(source.read_bytes() + b"TAG" + b"A title".ljust(125, b"\0"))
    plain, recorded = results(source)
    assert plain.read_bytes() == recorded.read_bytes()


@pytest.mark.parametrize("keep", [True, False])
@pytest.mark.parametrize(
    ("container", "place"), [("M4A", "PROCESSED_BY"), ("MP4", "PROCESSED_BY"), ("MOV", "comment")]
)
def test_mp4_and_mov_files_say_what_made_them(
    tmp_path: Path, container: str, place: str, keep: bool
) -> None:
    if container == "MOV" and not keep:
        place = "encoder"  # else the source names one
    source = make_container(tmp_path / "a.m4a", container, tones(9_001))
    plain, recorded = results(source, keep)
    assert words(recorded, container)[place] == TEXT


@pytest.mark.parametrize("container", ["M4A", "MP4"])
def test_the_tags_of_itunes_stay_before_one_more(tmp_path: Path, container: str) -> None:
    source = make_container(tmp_path / "a.m4a", container, tones(9_001))
    add_to_moov(source, itunes_tags("A title"))
    _, recorded = results(source)
    found = words(recorded, container)
    assert (found["title"], found["PROCESSED_BY"]) == ("A title", TEXT)
    twice = copy(recorded, made_by=MADE_BY).read_bytes()
    assert twice.count(LINE) == 2


def test_only_sizes_change_beside_the_new_item() -> None:
    before = itunes_tags("A title") + b""
    (after,) = mp4_note.with_note([before], TEXT, "M4A")
    item = after[len(before) :]
    assert item.startswith(struct.pack(">I", len(item)) + b"----") and LINE in item
    grown = len(item)
    changed = {i for i, (a, b) in enumerate(zip(before, after, strict=False)) if a != b}
    ilst = before.index(b"ilst") - 4
    assert changed <= {*range(4), *range(8, 12), *range(ilst, ilst + 4)}
    for at in (0, 8, ilst):
        assert int.from_bytes(after[at : at + 4], "big") == grown + int.from_bytes(
            before[at : at + 4], "big"
        )


def test_tags_of_another_kind_stay_as_they_are() -> None:
    strange = [
        box(b"udta", box(b"meta", bytes(4), box(b"hdlr", bytes(25)))),
        struct.pack(">I4sQ", 1, b"udta", 16),
    ]
    for tag in strange:
        assert mp4_note.with_note([tag], TEXT, "MP4") == [tag]
    assert mp4_note.with_note([], TEXT, "3GP") == []
    place = box(b"meta", b"else")
    assert mp4_note.with_note([place], TEXT, "MOV")[0] == place


def test_a_mov_file_keeps_its_user_data_to_the_last_zero(tmp_path: Path) -> None:
    own = box(b"\xa9xyz", struct.pack(">HH", 9, 0), b"+27.1+78.")
    (after,) = mp4_note.with_note([box(b"udta", own, bytes(4))], TEXT, "MOV")
    assert after.endswith(own + bytes(4))
    source = make_container(tmp_path / "a.mov", "MOV", tones(9_001))
    add_to_moov(source, box(b"udta", own, bytes(4)))
    _, recorded = results(source)
    assert words(recorded, "MOV")["comment"] == TEXT
    assert words(recorded, "MOV")["location"] == "+27.1+78."


@pytest.mark.parametrize("keep", [True, False])
@pytest.mark.parametrize("name", ["video.mp4", "video.mkv"])
def test_a_video_says_what_made_its_sound(tmp_path: Path, name: str, keep: bool) -> None:
    source = tmp_path / name
    shutil.copyfile(HERE / name, source)
    _, recorded = results(source, keep)
    container = "MP4" if name.endswith("mp4") else "MKV"
    found = words(recorded, container)
    assert found["PROCESSED_BY"] == TEXT
    assert ("title" in found) == keep
    assert words(copy(recorded, made_by=MADE_BY), container)["PROCESSED_BY"] == TEXT


def test_windows_media_says_what_made_it(tmp_path: Path) -> None:
    coding = Coding("wmav2", 8, 0, 128_000)
    source = make_container(tmp_path / "a.wma", "WMA", tones(30_000), coding)
    _, recorded = results(source)
    assert words(recorded, "WMA")["PROCESSED_BY"] == TEXT


def test_bare_packets_say_it_in_the_tag_that_they_have_or_not_at_all(tmp_path: Path) -> None:
    source = make_container(tmp_path / "a.aac", "AAC", tones(30_000))
    plain, recorded = results(source)
    assert plain.read_bytes() == recorded.read_bytes()
    source.write_bytes(id3_tag(3, id3_frame(3, b"TIT2", b"\0A title")) + source.read_bytes())
    plain, recorded = results(source)
    line = id3_frame(3, b"TSSE", b"\0" + LINE)
    assert recorded.read_bytes()[10:].startswith(line)
    assert recorded.read_bytes()[10 + len(line) :] == plain.read_bytes()[10:]
