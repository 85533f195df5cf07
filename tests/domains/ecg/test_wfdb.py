from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import soundfile

from desktop_ae.core.errors import Unreadable, Unsupported
from desktop_ae.domains.ecg import wfdb_files
from desktop_ae.domains.ecg.kinds import main_file
from desktop_ae.domains.ecg.wfdb_codes import CODINGS, Bytes, encode_differences
from tests.domains.ecg.recordings import Codes, cleaned, codes, read_all
from tests.made import MADE_BY, NAME

BITS = {8: 8, 16: 16, 24: 24, 32: 32, 61: 16, 80: 8, 160: 16, 212: 12, 310: 10, 311: 10}
BITS |= {508: 8, 516: 16, 524: 24}
# Annotations as `annot(5)` has them: two beats, a skip, a note, the end.
ANNOTATIONS = bytes([18, 4, 77, 4, 0, 59 << 2, 1, 0, 0, 0, 5, 4, 4, 63 << 2]) + b"(AFL" + bytes(2)


def packed(found: Codes, format: int, initial: Sequence[int] = ()) -> bytes:
    """`(signals, samples)` as the bytes of a file, one sample of each signal after the other."""
    if format == 8:
        steps = np.diff(found, axis=1, prepend=np.array(initial)[:, None])
        return steps.T.astype(np.int8).tobytes()
    coding = CODINGS[format]
    flat = found.T.reshape(-1).astype(np.int32)
    count = len(flat)
    flat = np.concatenate([flat, np.zeros(-count % coding.samples, np.int32)])
    empty: Bytes = np.zeros(len(flat) // coding.samples * coding.size, np.uint8)
    return coding.pack(flat, empty).tobytes()


def record(
    folder: Path,
    found: Codes,
    format: int = 16,
    name: str = "rec",
    gain: str = "200",
    labels: Sequence[str] = (),
    rate: str = "360",
    comments: str = "# <age>: 40\n",
) -> Path:
    labels = labels or [f"V{i % 6 + 1}" for i in range(len(found))]
    lines = [f"{name} {len(found)} {rate} {found.shape[1]}"]
    for lead, label in zip(found, labels, strict=True):
        check = int(lead.sum()) & 0xFFFF
        check = check if check < 0x8000 else check - 0x10000
        lines.append(f"{name}.dat {format} {gain} 12 0 {lead[0]} {check} 0 {label}")
    if format in {508, 516, 524}:
        subtype = {508: "PCM_S8", 516: "PCM_16", 524: "PCM_24"}[format]
        wide = (found.T << (32 - BITS[format])).astype(np.int32)
        data = folder / f"{name}.dat"
        with data.open("wb") as file:
            soundfile.write(file, wide, 360, subtype, format="FLAC")
    else:
        data_bytes = packed(found, format, [int(lead[0]) for lead in found])
        (folder / f"{name}.dat").write_bytes(data_bytes)
    path = folder / f"{name}.hea"
    path.write_text("\n".join(lines) + "\n" + comments)
    return path


def limited(signals: int, samples: int, format: int) -> Codes:
    if format == 8:
        steps = codes(signals, samples, 20)
        return np.cumsum(steps, axis=1)
    # More than a float32 can tell apart is no ECG.
    return codes(signals, samples, 2 ** min(BITS[format] - 1, 22) - 40)


@pytest.mark.parametrize("format", BITS)
@pytest.mark.parametrize("signals", [1, 2, 3])
def test_every_format_is_read_and_written(tmp_path: Path, format: int, signals: int) -> None:
    found = limited(signals, 1_001, format)
    source = record(tmp_path, found, format, gain="100(7)/mV")
    reader, samples = read_all(source)
    assert (reader.facts.rate_hz, reader.facts.samples) == (360, 1_001)
    scale = 1e-6 if BITS[format] <= 16 else 1e-2
    np.testing.assert_allclose(samples, (found - 7) / 100, rtol=1e-6, atol=scale)
    same = cleaned(source)
    assert same.read_text() == source.read_text().replace("rec", "rec_clean")
    if format < 500:
        assert same.with_suffix(".dat").read_bytes() == (tmp_path / "rec.dat").read_bytes()
    np.testing.assert_array_equal(read_all(same)[1], samples)
    plus = cleaned(source, 0.1)
    np.testing.assert_allclose(read_all(plus)[1], samples + 0.1, rtol=1e-6, atol=scale)
    assert plus.with_suffix(".dat").stat().st_size > 0
    for line, lead in zip(plus.read_text().splitlines()[1:], found, strict=False):
        fields = line.split()
        total = int((lead + 10).sum())
        assert int(fields[5]) == lead[0] + 10
        assert (int(fields[6]) - total) % 65536 == 0


@pytest.mark.parametrize(
    ("format", "raw", "expected"),
    [
        (16, b"\x01\x00\xff\xff\xff\x7f", [1, -1, 32767]),
        (61, b"\x00\x01\xff\xff\x7f\xff", [1, -1, 32767]),
        (160, b"\x00\x80\xff\x7f\xff\xff", [0, -1, 32767]),
        (80, b"\x80\x7f\xff", [0, -1, 127]),
        (24, b"\x01\x00\x00\xff\xff\xff\x00\x00\x40", [1, -1, 2**22]),
        (32, b"\x01\x00\x00\x00\xff\xff\xff\xff", [1, -1]),
        (212, b"\x01\xf2\xff\x34\x12\x56", [513, -1, 564, 342]),
        (310, b"\x02\x08\xfe\xff", [1, -1, -31]),
        (311, b"\x01\xfc\xff\x3f", [1, -1, -1]),
    ],
)
def test_bytes_are_unpacked_as_the_standard_says(
    format: int, raw: bytes, expected: list[int]
) -> None:
    found = CODINGS[format].unpack(np.frombuffer(raw, np.uint8))
    assert found.tolist() == expected


@pytest.mark.parametrize("format", list(CODINGS))
def test_bytes_that_are_packed_again_are_the_same_to_the_last_unused_bit(format: int) -> None:
    raw = np.random.default_rng(3).integers(0, 256, 12 * 500).astype(np.uint8)
    coding = CODINGS[format]
    np.testing.assert_array_equal(coding.pack(coding.unpack(raw), raw), raw)


@pytest.mark.parametrize("format", [f for f in BITS if f != 8])
def test_invalid_samples_are_gaps_and_stay(tmp_path: Path, format: int) -> None:
    found = limited(2, 400, format)
    invalid = -(2 ** (BITS[format] - 1))
    found[0, 100:120] = invalid
    found[1, 50] = invalid + 1  # as low as a sample can be
    source = record(tmp_path, found, format)
    _, samples = read_all(source)
    assert np.flatnonzero(np.isnan(samples[0])).tolist() == list(range(100, 120))
    assert not np.isnan(samples[1]).any()
    for added in (0.05, -0.05):
        again = read_all(cleaned(source, added))[1]
        assert np.flatnonzero(np.isnan(again[0])).tolist() == list(range(100, 120))
        assert not np.isnan(again[1]).any()  # clipped, but not invalid


def test_steps_too_large_for_format_8_are_caught_up_with(tmp_path: Path) -> None:
    wanted = np.array([0, 300, 300, 300, -10], np.int32)
    small, reached = encode_differences(wanted, 0)
    assert small.tolist() == [0, 127, 127, 46, -128]
    assert reached.tolist() == [0, 127, 254, 300, 172]


def test_other_channels_stay_as_they_are(tmp_path: Path) -> None:
    found = codes(3, 500)
    source = record(tmp_path, found, 212, labels=["RESP", "II", "ABP"])
    reader, samples = read_all(source)
    assert (reader.facts.leads, reader.facts.others) == (("II",), ("RESP", "ABP"))
    plus = cleaned(source, 0.5)
    raw = np.frombuffer(plus.with_suffix(".dat").read_bytes(), np.uint8)
    after = CODINGS[212].unpack(raw)[:1500].reshape(-1, 3).T
    np.testing.assert_array_equal(after, found + np.array([[0], [100], [0]]))
    told = [line.split() for line in plus.read_text().splitlines()]
    before = [line.split() for line in source.read_text().splitlines()]
    assert (told[1][6], told[3][6]) == (before[1][6], before[3][6])


def test_several_samples_in_a_frame_make_a_piece_for_each_rate(tmp_path: Path) -> None:
    frames = codes(7, 300)  # 2 of II, 1 of V1, 4 of RESP
    data = packed(frames, 16)
    (tmp_path / "rec.dat").write_bytes(data)
    text = "rec 3 125 300\nrec.dat 16x2 200 12 0 0 0 0 II\nrec.dat 16 200 12 0 0 0 0 V1\n"
    source = tmp_path / "rec.hea"
    source.write_text(text + "rec.dat 16x4 200 12 0 0 0 0 RESP\n")
    reader, samples = read_all(source)
    assert [s.facts.rate_hz for s in reader.sources] == [250, 125]
    assert [s.facts.leads for s in reader.sources] == [("II",), ("V1",)]
    np.testing.assert_allclose(samples[0], frames[:2].T.reshape(-1) / 200, atol=1e-6)
    plus = cleaned(source, {1: 0.5})  # V1 alone
    after = np.frombuffer(plus.with_suffix(".dat").read_bytes(), "<i2").reshape(300, 7).T
    np.testing.assert_array_equal(after, frames + 100 * (np.arange(7) == 2)[:, None])


def test_signals_in_several_files_with_offset_and_skew(tmp_path: Path) -> None:
    one, two = codes(1, 400), codes(1, 400, seed=2)
    (tmp_path / "a_1.dat").write_bytes(b"head!" + packed(one, 16) + b"tail")
    (tmp_path / "other.dat").write_bytes(packed(two, 80 if abs(two).max() < 128 else 24))
    source = tmp_path / "a.hea"
    source.write_text(
        "a 2 250 400\na_1.dat 16:3+5 200 12 0 0 0 0 I\nother.dat 24 1000/uV 12 0 0 0 0 II\n"
    )
    _, samples = read_all(source)
    np.testing.assert_allclose(samples[0, :397], one[0, 3:] / 200, atol=1e-6)
    assert np.isnan(samples[0, 397:]).all()
    np.testing.assert_allclose(samples[1], two[0] / 1000 / 1000, atol=1e-9)
    plus = cleaned(source, 0.5)
    after = (tmp_path / "a_clean_1.dat").read_bytes()
    assert (after[:5], after[-4:]) == (b"head!", b"tail")
    shifted = np.frombuffer(after[5:-4], "<i2")
    np.testing.assert_array_equal(shifted - one[0], [0] * 3 + [100] * 397)
    assert (tmp_path / "a_clean_other.dat").exists()
    assert "a_clean_1.dat 16:3+5 200 " in plus.read_text()


@pytest.mark.parametrize(
    ("gain", "factor", "is_known"),
    [
        ("0", 200, False),
        ("0(5)/mV", 200, False),
        ("100", 100, True),
        ("1e3(5)/V", 1, True),
        ("2/uV", 2000, True),
        ("100/NU", 100, False),
    ],
)
def test_gain_and_unit(tmp_path: Path, gain: str, factor: float, is_known: bool) -> None:
    found = codes(1, 300)
    reader, samples = read_all(record(tmp_path, found, gain=gain, labels=["ECG"]))
    baseline = 5 if "(5)" in gain else 0
    np.testing.assert_allclose(samples, (found - baseline) / factor, rtol=1e-5)
    assert ("uncalibrated" in reader.about) != is_known


def test_a_header_that_leaves_out_most_is_read(tmp_path: Path) -> None:
    found = codes(2, 300)
    (tmp_path / "r.dat").write_bytes(packed(found, 16))
    source = tmp_path / "r.hea"
    source.write_bytes(b"# made by hand\r\nr 2\r\nr.dat 16\r\n\r\nr.dat 16\r\n")
    reader, samples = read_all(source)
    assert (reader.facts.rate_hz, reader.facts.leads) == (250, ("Lead 1", "Lead 2"))
    np.testing.assert_allclose(samples, found / 200, atol=1e-6)
    assert b"\r\nr_clean.dat 16\r\n\r\n" in cleaned(source, 0.1).read_bytes()


def test_a_length_of_0_is_that_of_the_file(tmp_path: Path) -> None:
    source = record(tmp_path, codes(2, 333), 212)
    source.write_text(source.read_text().replace(" 333", " 0"))
    assert read_all(source)[0].facts.samples == 333


def test_annotations_come_along_and_nothing_else_does(tmp_path: Path) -> None:
    source = record(tmp_path, codes(1, 300))
    for name in ("rec.atr", "rec.q1c", "rec2.atr"):
        (tmp_path / name).write_bytes(ANNOTATIONS)
    (tmp_path / "rec.pdf").write_bytes(b"%PDF-1.4 and more")
    (tmp_path / "rec.xyz").write_bytes(b"just some text, no annotation")
    cleaned(source, 0.1)
    made = sorted(path.name for path in tmp_path.glob("rec_clean*"))
    assert made == ["rec_clean.atr", "rec_clean.dat", "rec_clean.hea", "rec_clean.q1c"]
    assert (tmp_path / "rec_clean.atr").read_bytes() == ANNOTATIONS


def test_a_second_result_and_odd_names_are_names_that_wfdb_takes(tmp_path: Path) -> None:
    source = record(tmp_path, codes(1, 300))
    assert cleaned(source).name == "rec_clean.hea"
    again = cleaned(source, wanted=tmp_path / "rec_clean.hea")
    assert again.name == "rec_clean_2.hea"
    assert again.read_text().startswith("rec_clean_2 1 360 300\nrec_clean_2.dat 16")
    odd = cleaned(source, wanted=tmp_path / "my record (1).hea")
    assert odd.name == "my_record_1_.hea"
    assert read_all(odd)[0].facts.samples == 300
    source.rename(tmp_path / "renamed.hea")  # its data keep their name
    assert (tmp_path / "renamed.hea").exists()
    new = cleaned(tmp_path / "renamed.hea", 0.1)
    assert (new.name, (tmp_path / "renamed_clean.dat").exists()) == ("renamed_clean.hea", True)


def test_without_metadata_there_are_no_comments_and_no_date(tmp_path: Path) -> None:
    source = record(tmp_path, codes(1, 300))
    text = source.read_text().replace(" 300\n", " 300 10:00:00 01/02/2003\n")
    source.write_text(text)
    bare = cleaned(source, 0.1, keep_metadata=False).read_text()
    assert bare.startswith("rec_clean 1 360 300\nrec_clean.dat 16 200")
    assert "#" not in bare
    assert "01/02/2003" in cleaned(source, 0.1).read_text()


def segments(folder: Path) -> tuple[Path, Codes]:
    parts = [codes(2, 300, seed=seed) for seed in (1, 2)]
    for number, part in enumerate(parts, 1):
        record(folder, part, 212, f"m_000{number}", comments="")
    source = folder / "m.hea"
    source.write_text("m/3 2 360 700\nm_0001 300\n~ 100\nm_0002 300\n# a comment\n")
    return source, np.concatenate(parts, axis=1)


def test_segments_of_a_fixed_layout_are_one_recording(tmp_path: Path) -> None:
    source, found = segments(tmp_path)
    reader, samples = read_all(source)
    assert reader.facts.samples == 700
    assert np.isnan(samples[:, 300:400]).all()
    rest = np.r_[0:300, 400:700]
    np.testing.assert_allclose(samples[:, rest], found / 200, atol=1e-6)
    plus = cleaned(source, 0.25)
    assert "m_clean/3 2 360 700\nm_clean_0001 300\n~ 100\nm_clean_0002 300\n" in plus.read_text()
    np.testing.assert_allclose(read_all(plus)[1], samples + np.float32(0.25), atol=1e-6)


def test_parts_stand_for_their_record(tmp_path: Path) -> None:
    whole, _ = segments(tmp_path)
    for name in ("m_0001.hea", "m_0001.dat", "m_0002.dat", "m.hea"):
        assert main_file(tmp_path / name) == whole
    source = record(tmp_path, codes(1, 300))
    (tmp_path / "rec.atr").write_bytes(ANNOTATIONS)
    (tmp_path / "rec.txt").write_bytes(b"notes")
    (tmp_path / "rec.jpg").write_bytes(b"no annotation")
    (tmp_path / "alone.dat").write_bytes(b"data")
    assert main_file(tmp_path / "rec.dat") == source
    assert main_file(tmp_path / "rec.atr") == source
    for name in ("rec.txt", "rec.jpg", "alone.dat", "gone.dat", "rec"):
        assert main_file(tmp_path / name) == tmp_path / name


def test_data_of_another_name_stand_for_the_header_that_names_them(tmp_path: Path) -> None:
    source = record(tmp_path, codes(1, 300))
    source.write_text(source.read_text().replace("rec.dat", "other.dat"))
    for name in ("other.dat", "third.dat"):
        (tmp_path / name).write_bytes(b"data")
    assert main_file(tmp_path / "other.dat") == source
    assert main_file(tmp_path / "third.dat") == tmp_path / "third.dat"


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("rec 2 360", "rec 3 360", "says 3 signals, but describes 2"),
        ("rec.dat", "gone.dat", "needs gone.dat, which is not there"),
        ("rec.dat", "../rec.dat", "not beside it"),
        (" 300", " 301", "too short: rec.hea says 301 samples, but only 300 are there"),
        (" 300", " x", "“x” stands where a whole number belongs"),
        ("rec.dat 16", "rec.dat 17", "no signal format 17"),
        ("rec 2 360", "rec 2 zero", "no sample rate"),
        ("rec 2 360", "rec 2 0", "does not say a sample rate"),
        ("16 200", "16 many", "“many” is no gain"),
    ],
)
def test_a_header_that_does_not_fit_is_a_sentence(
    tmp_path: Path, old: str, new: str, sentence: str
) -> None:
    source = record(tmp_path, codes(2, 300))
    source.write_text(source.read_text().replace(old, new))
    with pytest.raises(Unreadable, match=sentence):
        read_all(source)


def test_what_is_no_ecg_or_of_no_usable_rate_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(Unsupported, match="no channel that is an ECG"):
        read_all(record(tmp_path, codes(1, 300), labels=["RESP"]))
    with pytest.raises(Unsupported, match="50 samples a second; 100 to 2000 are taken"):
        read_all(record(tmp_path, codes(1, 300), rate="50"))
    (tmp_path / "v.hea").write_text("v/2 1 360 100\nv_layout 0\nv_1 100\n")
    with pytest.raises(Unsupported, match="variable layout"):
        read_all(tmp_path / "v.hea")


def test_damaged_flac_and_empty_data_are_a_sentence(tmp_path: Path) -> None:
    source = record(tmp_path, codes(1, 300), 516)
    (tmp_path / "rec.dat").write_bytes(b"fLaC" + bytes(100))
    with pytest.raises(Unreadable, match="no FLAC file"):
        read_all(source)
    source = record(tmp_path, codes(1, 300), 16)
    (tmp_path / "rec.dat").write_bytes(b"")
    with pytest.raises(Unreadable, match="too short"):
        read_all(source)


def test_a_record_s_parts_are_its_data(tmp_path: Path) -> None:
    for name in ("a.dat", "A2.DAT", "b.dat", "other.dat"):
        (tmp_path / name).write_bytes(b"1")
    (tmp_path / "a.hea").write_text("a 3 250 9\na.dat 16\na2.dat 16\ngone.dat 16\n")
    (tmp_path / "b.hea").write_text("b 1 250 9\nb.dat 16\n")
    (tmp_path / "whole.hea").write_text("whole/2 1 250 18\na 9\nb 9\nwhole 9\n")
    assert [p.name for p in wfdb_files.parts(tmp_path / "a.hea")] == ["a.dat", "A2.DAT"]
    assert [p.name for p in wfdb_files.parts(tmp_path / "whole.hea")] == [
        "a.dat",
        "A2.DAT",
        "b.dat",
    ]
    assert wfdb_files.parts(tmp_path / "a.dat") == []
    assert wfdb_files.parts(tmp_path / "gone.hea") == []


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("is_cut", [False, True])
def test_a_comment_says_what_made_it_behind_all_others(
    tmp_path: Path, ending: str, is_cut: bool
) -> None:
    source = record(tmp_path, codes(1, 300))
    text = source.read_text().replace("\n", ending)
    source.write_bytes((text[: -len(ending)] if is_cut else text).encode())
    plain = cleaned(source, 0.1, wanted=tmp_path / "a" / "b.hea").read_bytes().decode()
    recorded = cleaned(source, 0.1, wanted=tmp_path / "c" / "b.hea", made_by=MADE_BY)
    line = f"# {MADE_BY.text}{ending}"
    assert recorded.read_bytes().decode() == plain + (ending if is_cut else "") + line
    assert recorded.with_suffix(".dat").read_bytes() == (tmp_path / "a" / "b.dat").read_bytes()
    assert read_all(recorded)[0].facts.samples == 300


def test_of_several_segments_the_header_of_all_says_it(tmp_path: Path) -> None:
    source, _ = segments(tmp_path)
    recorded = cleaned(source, 0.25, made_by=MADE_BY)
    assert recorded.read_text().endswith(f"# a comment\n# {MADE_BY.text}\n")
    others = [path.read_bytes() for path in tmp_path.glob("m_clean_*")]
    assert len(others) == 4 and not any(NAME in content for content in others)


def test_without_metadata_that_comment_is_the_only_one(tmp_path: Path) -> None:
    source = record(tmp_path, codes(1, 300))
    bare = cleaned(source, 0.1, keep_metadata=False, made_by=MADE_BY).read_text()
    assert [line for line in bare.splitlines() if "#" in line] == [f"# {MADE_BY.text}"]
