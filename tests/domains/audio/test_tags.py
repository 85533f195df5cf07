"""What a file carries beside its sound, in each format."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
import soundfile

from desktop_ae.domains.audio import flac, iff, mp3, ogg, riff
from desktop_ae.domains.audio.spool import read_part
from tests.domains.audio.sounds import COVER, copy, read_all, tones, write


def chunk(kind: bytes, payload: bytes) -> bytes:
    return kind + struct.pack("<I", len(payload)) + payload + b"\0" * (len(payload) % 2)


INFO = chunk(b"LIST", b"INFO" + chunk(b"INAM", b"A title\0") + chunk(b"IART", b"Someone\0"))
BEXT = chunk(b"bext", b"A scene".ljust(602, b"\0") + b"A=PCM,F=48000\r\n")
ID3_IN_WAV = chunk(b"id3 ", b"ID3\x03\0\0\0\0\0\x05hello")
CUES = chunk(b"cue ", bytes(28))


def wav_with(path: Path, before: bytes, after: bytes, subtype: str = "PCM_24") -> Path:
    write(path, tones(4_001, 1), 48_000, "WAV", subtype)
    content = path.read_bytes()
    at = content.index(b"data")
    body = content[8:at] + before + content[at:]
    body += b"\0" * (len(body) % 2) + after
    path.write_bytes(b"RIFF" + struct.pack("<I", len(body)) + body)
    return path


def test_a_wav_file_keeps_its_chunks_where_they_are(tmp_path: Path) -> None:
    source = wav_with(tmp_path / "a.wav", BEXT + CUES, INFO + ID3_IN_WAV)
    assert copy(source).read_bytes() == source.read_bytes()
    with soundfile.SoundFile(copy(source)) as file:
        assert file.title == "A title"


def test_a_wav_file_without_tags_has_only_what_it_needs(tmp_path: Path) -> None:
    source = wav_with(tmp_path / "a.wav", BEXT, INFO)
    bare = copy(source, keep=False)
    with bare.open("rb") as file:
        wave = riff.parse_wave(file)
    assert wave is not None
    assert [c.kind for c in wave.chunks] == [b"fmt ", b"data"]
    np.testing.assert_array_equal(read_all(bare)[1], read_all(source)[1])


def test_peaks_and_sums_of_the_old_sound_are_left_out(tmp_path: Path) -> None:
    stale = chunk(b"PEAK", bytes(16)) + chunk(b"MD5 ", bytes(16)) + chunk(b"levl", bytes(40))
    source = wav_with(tmp_path / "a.wav", stale, INFO, "FLOAT")
    content = copy(source).read_bytes()
    assert not any(name in content for name in (b"PEAK", b"MD5 ", b"levl"))
    assert INFO in content


def test_coded_wav_files_keep_tags_and_get_fitting_headers(tmp_path: Path) -> None:
    source = wav_with(tmp_path / "a.wav", b"", INFO, "MS_ADPCM")
    target = copy(source)
    assert INFO in target.read_bytes()
    before, after = read_all(source)[0], read_all(target)[0]
    assert (after.facts.coding, after.facts.frames) == ("MS_ADPCM", before.facts.frames)


def test_where_the_loudspeakers_are_is_kept(tmp_path: Path) -> None:
    source = write(tmp_path / "a.wav", tones(2_000, 6), 48_000, "WAVEX", "PCM_16")
    content = bytearray(source.read_bytes())
    at = content.index(b"fmt ") + 8 + 20
    content[at : at + 4] = struct.pack("<I", 0x60F)  # side speakers, not rear ones
    source.write_bytes(content)
    assert copy(source).read_bytes() == source.read_bytes()


def test_a_wav_file_of_more_than_4_gb_becomes_rf64(tmp_path: Path) -> None:
    source = wav_with(tmp_path / "a.wav", b"", INFO)
    from desktop_ae.domains.audio.spool import Span, size_of

    with source.open("rb") as file:
        wave = riff.parse_wave(file)
        assert wave is not None
        huge = Span(file, 0, 5 * 2**30)
        parts = riff.compose_wave(wave, huge, 5 * 2**30 // 3, True, None)
    head = b"".join(read_part(p) for p in parts if isinstance(p, bytes))
    assert head[:12] == b"RF64\xff\xff\xff\xffWAVE"
    assert head[12:16] == b"ds64"
    told, data, frames = struct.unpack("<QQQ", head[20:44])
    assert told == sum(size_of(p) for p in parts) - 8
    assert (data, frames) == (5 * 2**30, 5 * 2**30 // 3)


def aiff_chunk(kind: bytes, payload: bytes) -> bytes:
    return kind + struct.pack(">I", len(payload)) + payload + b"\0" * (len(payload) % 2)


@pytest.mark.parametrize("subtype", ["PCM_16", "PCM_24", "ULAW", "IMA_ADPCM"])
def test_an_aiff_file_keeps_its_chunks(tmp_path: Path, subtype: str) -> None:
    source = write(tmp_path / "a.aiff", tones(4_003, 1), 48_000, "AIFF", subtype)
    tags = aiff_chunk(b"NAME", b"A title") + aiff_chunk(b"ID3 ", b"ID3\x03\0\0\0\0\0\x03hey")
    body = source.read_bytes()[8:] + tags
    source.write_bytes(b"FORM" + struct.pack(">I", len(body)) + body)
    target = copy(source)
    assert tags in target.read_bytes()
    assert read_all(target)[0].facts.frames == read_all(source)[0].facts.frames
    bare = copy(source, keep=False).read_bytes()
    assert b"NAME" not in bare
    assert struct.unpack(">I", bare[4:8])[0] == len(bare) - 8
    with soundfile.SoundFile(target) as file:
        assert file.title == "A title"


def test_a_caf_file_keeps_its_chunks(tmp_path: Path) -> None:
    for subtype in ("PCM_16", "ALAC_16", "ALAC_24"):
        source = write(tmp_path / "a.caf", tones(9_001), 44_100, "CAF", subtype)
        note = b"info" + struct.pack(">qI", 4 + 14, 1) + b"title\0A title\0"
        source.write_bytes(source.read_bytes() + note)
        target = copy(source)
        assert note in target.read_bytes()
        with target.open("rb") as file:
            caf = iff.parse_caf(file)
        assert caf is not None and caf.find(b"data")
        np.testing.assert_array_equal(read_all(target)[1], read_all(source)[1])
        assert b"A title" not in copy(source, keep=False).read_bytes()


def test_loud_sound_in_apples_lossless_code_is_not_broken(tmp_path: Path) -> None:
    """Libsndfile's encoder breaks noise of 24 bits: it is written as plain numbers instead."""
    rng = np.random.default_rng(3)
    samples = rng.uniform(-1, 1, (2, 8_000)).astype(np.float32)
    source = write(tmp_path / "a.caf", 0.05 * samples, 48_000, "CAF", "ALAC_24")
    np.testing.assert_array_equal(read_all(copy(source))[1], read_all(source)[1])


def test_an_au_file_keeps_its_note(tmp_path: Path) -> None:
    source = write(tmp_path / "a.au", tones(3_000), 48_000, "AU", "PCM_16")
    content = source.read_bytes()
    note = b"A note of 16 by\0"
    noted = content[:4] + struct.pack(">I", 40) + content[8:24] + note + content[24:]
    source.write_bytes(noted)
    assert copy(source).read_bytes() == noted
    assert note not in copy(source, keep=False).read_bytes()
    np.testing.assert_array_equal(read_all(copy(source))[1], read_all(source)[1])


def comments(*pairs: str) -> bytes:
    made = struct.pack("<I", 6) + b"me 1.0" + struct.pack("<I", len(pairs))
    for pair in pairs:
        made += struct.pack("<I", len(pair.encode())) + pair.encode()
    return made


def flac_block(kind: int, payload: bytes, last: bool = False) -> bytes:
    return bytes([kind | (0x80 if last else 0)]) + len(payload).to_bytes(3, "big") + payload


def test_a_flac_file_keeps_its_blocks(tmp_path: Path) -> None:
    source = write(tmp_path / "a.flac", tones(50_000), 48_000, "FLAC", "PCM_16")
    content = source.read_bytes()
    info, frames_at = content[4:42], _flac_frames(content)
    tags = flac_block(4, comments("TITLE=A title", "ARTIST=Jemand"))
    cover = struct.pack(">I", len(COVER)) + COVER
    picture = flac_block(6, struct.pack(">II", 3, 10) + b"image/jpeg" + bytes(20) + cover)
    others = flac_block(2, b"APPLdata") + flac_block(3, bytes(36))
    rest = others + picture + flac_block(1, bytes(100), last=True)
    source.write_bytes(b"fLaC" + bytes([0]) + info[1:] + tags + rest + content[frames_at:])
    target = copy(source)
    made = target.read_bytes()
    assert tags in made and picture in made and flac_block(2, b"APPLdata") in made
    assert flac_block(3, bytes(36)) not in made  # where the old frames were
    with soundfile.SoundFile(target) as file:
        assert (file.title, file.artist) == ("A title", "Jemand")
    np.testing.assert_array_equal(read_all(target)[1], read_all(source)[1])
    bare = copy(source, keep=False)
    assert COVER not in bare.read_bytes()
    np.testing.assert_array_equal(read_all(bare)[1], read_all(source)[1])


def test_a_tag_before_a_flac_file_is_kept(tmp_path: Path) -> None:
    source = write(tmp_path / "a.flac", tones(5_000), 48_000, "FLAC", "PCM_16")
    source.write_bytes(id3v2(300) + source.read_bytes())
    target = copy(source)
    assert target.read_bytes().startswith(id3v2(300) + b"fLaC")
    np.testing.assert_array_equal(read_all(target)[1], read_all(source)[1])


def _flac_frames(content: bytes) -> int:
    at = 4
    while True:
        last, size = content[at] & 0x80, int.from_bytes(content[at + 1 : at + 4], "big")
        at += 4 + size
        if last:
            return at


@pytest.mark.parametrize(("subtype", "head"), [("VORBIS", b"\x03vorbis"), ("OPUS", b"OpusTags")])
@pytest.mark.parametrize("cover_bytes", [0, 700, 300_000])
def test_an_ogg_file_keeps_its_comments(
    tmp_path: Path, subtype: str, head: bytes, cover_bytes: int
) -> None:
    """Libogg checks the sums and numbers of the pages when the result is read."""
    plain = write(tmp_path / "plain.ogg", tones(120_000), 48_000, "OGG", subtype)
    tags = head + comments("TITLE=A title", "METADATA_BLOCK_PICTURE=" + "QUJD" * (cover_bytes // 4))
    tags += b"\x01" if subtype == "VORBIS" else b""
    source = tmp_path / "a.ogg"
    source.write_bytes(_with_comments(plain, tags))
    assert read_all(source)[0].facts.frames == 120_000
    target = copy(source)
    with target.open("rb") as file:
        assert ogg.header_packets(file, 2)[1] == tags
        numbers = [page.number for page in ogg.pages(file)]
    assert numbers == list(range(len(numbers)))
    with soundfile.SoundFile(target) as sound:
        assert sound.title == "A title"
        assert len(sound.read()) == sound.frames == 120_000
    with copy(source, keep=False).open("rb") as file:
        assert b"A title" not in ogg.header_packets(file, 2)[1]


def _with_comments(path: Path, tags: bytes) -> bytes:
    """Another comment header for a file of libsndfile's, paged here by hand."""
    with path.open("rb") as file:
        pages = list(ogg.pages(file))
        first = ogg.header_packets(file, 1)[0]
        count = 2 if first.startswith(b"OpusHead") else 3
        headers = [first, tags, *ogg.header_packets(file, count)[2:]]
    ended = 0
    for at, page in enumerate(pages):
        ended += sum(length < 255 for length in page.lacing)
        if ended == count:
            sound = pages[at + 1 :]
            break
    made = ogg.page_bytes(ogg.Page(2, 0, 7, 0, bytes([len(first)]), first))
    number = 0
    body = b"".join(headers[1:])
    lacing = b"".join(b"\xff" * (len(p) // 255) + bytes([len(p) % 255]) for p in headers[1:])
    for start in range(0, len(lacing), 255):
        number += 1
        part = lacing[start : start + 255]
        held, body = body[: sum(part)], body[sum(part) :]
        flags = 1 if start and lacing[start - 1] == 255 else 0
        made += ogg.page_bytes(ogg.Page(flags, 0, 7, 0, part, held), number)
    for page in sound:
        number += 1
        again = ogg.Page(page.flags, page.granule, 7, 0, page.lacing, page.body)
        made += ogg.page_bytes(again, number)
    return made


def test_the_rate_before_opus_is_kept(tmp_path: Path) -> None:
    source = write(tmp_path / "a.opus", tones(60_000), 48_000, "OGG", "OPUS")
    with source.open("rb") as file:
        pages = list(ogg.pages(file))
    body = pages[0].body[:12] + struct.pack("<I", 44_100) + pages[0].body[16:]
    first = ogg.page_bytes(ogg.Page(2, 0, pages[0].serial, 0, pages[0].lacing, body))
    source.write_bytes(first + source.read_bytes()[len(first) :])
    with copy(source).open("rb") as file:
        assert ogg.header_packets(file, 1)[0][12:16] == struct.pack("<I", 44_100)


def id3v2(size: int) -> bytes:
    frame = b"TIT2\0\0\0\x08\0\0\x03A title" + COVER
    length = bytes([size >> 21 & 127, size >> 14 & 127, size >> 7 & 127, size & 127])
    return b"ID3\x04\0\0" + length + frame[:size].ljust(size, b"\0")


def test_an_mp3_keeps_its_tags(tmp_path: Path) -> None:
    source = write(tmp_path / "a.mp3", tones(60_000), 44_100, "MP3", "MPEG_LAYER_III")
    items = b"\x04\0\0\0\0\0\0\0NOTE\0text"
    ape_foot = b"APETAGEX" + struct.pack("<IIII", 2000, len(items) + 32, 1, 1 << 31) + bytes(8)
    ape_head = b"APETAGEX" + struct.pack("<IIII", 2000, len(items) + 32, 1, 5 << 29) + bytes(8)
    after = ape_head + items + ape_foot + b"TAG" + b"A title".ljust(125, b"\0")
    before = id3v2(3_000)
    source.write_bytes(before + source.read_bytes() + after)
    target = copy(source)
    made = target.read_bytes()
    assert made.startswith(before) and made.endswith(after)
    assert made.count(b"APETAGEX") == 2 and made.count(b"TAGA title") == 1
    assert read_all(target)[0].facts.frames == 60_000
    with source.open("rb") as file:
        assert mp3.leading_size(file) == len(before)
        assert mp3.trailing_size(file) == len(after)
    bare = copy(source, keep=False).read_bytes()
    assert b"A title" not in bare and not bare.startswith(b"ID3")


def test_how_an_mp3_was_coded_is_found(tmp_path: Path) -> None:
    for mode, level, constant in (("CONSTANT", 0.5, True), ("VARIABLE", 0.4, False)):
        source = tmp_path / "a.mp3"
        with soundfile.SoundFile(
            source,
            "w",
            44_100,
            2,
            "MPEG_LAYER_III",
            format="MP3",
            compression_level=level,
            bitrate_mode=mode,
        ) as file:
            rng = np.random.default_rng(1)
            quiet = rng.standard_normal((200_000, 2)) * np.linspace(0, 0.3, 200_000)[:, None]
            file.write(quiet)
        with source.open("rb") as raw:
            kbps, same = mp3.bit_rate(raw)
        assert same == constant
        assert kbps == pytest.approx(source.stat().st_size * 8 / (200 / 44.1) / 1000, rel=0.25)


def test_the_sum_of_a_page_is_that_of_libogg(tmp_path: Path) -> None:
    source = write(tmp_path / "a.ogg", tones(9_000), 48_000, "OGG", "VORBIS")
    content = source.read_bytes()
    with source.open("rb") as file:
        made = b"".join(ogg.page_bytes(page, page.number) for page in ogg.pages(file))
    assert made == content


def test_a_flac_file_that_changed_meanwhile_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.flac"
    path.write_bytes(b"something else")
    from desktop_ae.domains.audio.spool import Span

    with path.open("rb") as file, pytest.raises(OSError, match="changed"):
        flac.compose_flac(file, Span(file, 0, 3), True)
