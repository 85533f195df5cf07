from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from desktop_ae.core.errors import Unreadable, Unsupported
from desktop_ae.domains.ecg import edf as edf_module
from tests.domains.ecg.recordings import Codes, cleaned, codes, read_all
from tests.made import MADE_BY


@dataclass(frozen=True)
class Channel:
    label: str
    size: int
    unit: str = "mV"
    limits: tuple[float, float, int, int] = (-5.0, 5.0, -32768, 32767)

    def millivolts(self, found: Codes) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
        low, high, least, greatest = self.limits
        values = (found - least) * (high - low) / (greatest - least) + low
        return values / {"mV": 1, "uV": 1000}[self.unit]


def edf(
    path: Path,
    channels: Sequence[Channel],
    found: Sequence[Codes],
    seconds: float = 1.0,
    reserved: str = "",
    onsets: Sequence[float] | None = None,
    told: int | None = None,
) -> Path:
    """found: of each channel `(records, size)`. onsets: of the records, which get annotations."""
    is_bdf = path.suffix == ".bdf"
    width, records = (3 if is_bdf else 2), len(found[0])
    stamps = [f"{second:+g}\x14\x14\0".encode().ljust(24, b"\0") for second in onsets or ()]
    all_of_them = [*channels]
    if stamps:
        name = "BDF Annotations" if is_bdf else "EDF Annotations"
        all_of_them.append(Channel(name, 24 // width, "", (-1, 1, -32768, 32767)))
    count = len(all_of_them)

    def field(words: Sequence[object], size: int) -> bytes:
        return b"".join(str(word).encode("latin-1")[:size].ljust(size) for word in words)

    head = b"\xffBIOSEMI" if is_bdf else b"0       "
    head += field(["M-1 M 01-JAN-1970 Somebody"], 80) + field(["Startdate 02-MAR-2002 X X X"], 80)
    head += b"02.03.0210.20.30" + field([256 * (count + 1)], 8) + field([reserved], 44)
    head += field([records if told is None else told], 8) + field([f"{seconds:g}"], 8)
    head += field([count], 4)
    fields: list[tuple[Sequence[object], int]] = [
        ([c.label for c in all_of_them], 16),
        (["electrode"] * count, 80),
        ([c.unit for c in all_of_them], 8),
        *(([c.limits[i] for c in all_of_them], 8) for i in range(4)),
        (["HP:0.05Hz"] * count, 80),
        ([c.size for c in all_of_them], 8),
        ([""] * count, 32),
    ]
    for words, size in fields:
        head += field(words, size)
    data = b""
    for record in range(records):
        for values in found:
            raw = values[record].astype("<i4").view(np.uint8).reshape(-1, 4)[:, :width]
            data += raw.tobytes()
        data += stamps[record] if stamps else b""
    path.write_bytes(head + data)
    return path


TWO = (Channel("ECG I", 250), Channel("EKG V2", 250, "uV", (-4000.0, 6000.0, -30000, 32767)))


def records(count: int, size: int, seed: int = 1) -> Codes:
    return codes(count, size, 15_000, seed)


@pytest.mark.parametrize("suffix", [".edf", ".bdf"])
@pytest.mark.parametrize("reserved", ["", "EDF+C"])
def test_samples_are_read_and_all_else_stays_as_bytes(
    tmp_path: Path, suffix: str, reserved: str
) -> None:
    breath = Channel("Resp", 25, "uV")
    found = [records(40, 250), records(40, 250, 2), records(40, 25, 3)]
    onsets = [float(i) for i in range(40)] if reserved else None
    channels = [*TWO, breath]
    source = edf(tmp_path / f"a{suffix}", channels, found, reserved=reserved, onsets=onsets)
    reader, samples = read_all(source)
    facts = reader.facts
    assert (facts.rate_hz, facts.samples, facts.container) == (250, 10_000, suffix[1:].upper())
    assert (facts.leads, facts.others) == (("ECG I", "EKG V2"), ("Resp",))
    for lead, channel, values in zip(samples, TWO, found, strict=False):
        np.testing.assert_allclose(lead, channel.millivolts(values.reshape(-1)), atol=1e-6)
    assert cleaned(source).read_bytes() == source.read_bytes()
    plus = cleaned(source, 0.25)
    np.testing.assert_allclose(read_all(plus)[1], samples + 0.25, atol=2e-4)
    before, after = source.read_bytes(), plus.read_bytes()
    width = 3 if suffix == ".bdf" else 2
    size = 256 * (5 if reserved else 4)
    assert before[:size] == after[:size]
    record_bytes = 525 * width + (24 if reserved else 0)
    for begin in range(size, len(before), record_bytes):
        rest = slice(begin + 500 * width, begin + record_bytes)
        assert before[rest] == after[rest]


def test_values_are_rounded_and_clipped_to_what_the_header_says(tmp_path: Path) -> None:
    channel = Channel("II", 250, "mV", (-1.0, 1.0, -1000, 1000))
    found = np.clip(records(4, 250), -1000, 1000)
    source = edf(tmp_path / "a.edf", [channel], [found])
    plus = cleaned(source, 0.5004)
    after = np.frombuffer(plus.read_bytes()[512:], "<i2").reshape(4, 250)
    np.testing.assert_array_equal(after, np.minimum(found + 500, 1000))


def test_each_rate_is_a_piece_and_the_others_can_be_left(tmp_path: Path) -> None:
    channels = [Channel("ECG", 500), Channel("II", 250), Channel("EEG Fz", 250), Channel("V1", 50)]
    found = [records(6, c.size, i) for i, c in enumerate(channels)]
    source = edf(tmp_path / "a.edf", channels, found)
    reader, _ = read_all(source)
    assert [s.facts.leads for s in reader.sources] == [("ECG",), ("II",)]  # V1: 50 Hz
    assert reader.work == 12
    plus = cleaned(source, {1: 0.5})
    raw = np.frombuffer(plus.read_bytes()[256 * 5 :], "<i2").reshape(6, -1)
    np.testing.assert_array_equal(raw[:, :500], found[0])
    assert (raw[:, 500:750] != found[1]).all()
    np.testing.assert_array_equal(raw[:, 750:], np.concatenate(found[2:], axis=1))


def test_gaps_between_records_are_gaps(tmp_path: Path) -> None:
    found = [records(6, 250), records(6, 250, 2)]
    onsets = [0.0, 1.0, 5.5, 6.5, 7.5, 20.0]
    source = edf(tmp_path / "a.edf", TWO, found, reserved="EDF+D", onsets=onsets)
    reader, samples = read_all(source)
    assert reader.facts.samples == 21 * 250
    assert "2 gaps" in reader.about
    first = TWO[0].millivolts(found[0])
    for record, onset in enumerate(onsets):
        begin = round(onset * 250)
        part = samples[0, begin : begin + 250]
        np.testing.assert_allclose(part, first[record], atol=1e-6)
    assert np.isnan(samples).sum() == 2 * 15 * 250
    assert cleaned(source).read_bytes() == source.read_bytes()
    plus = cleaned(source, 0.25)
    np.testing.assert_allclose(read_all(plus)[1], samples + 0.25, atol=2e-4)


def test_gaps_of_a_clock_that_was_wrong_are_cut(tmp_path: Path) -> None:
    found = [records(3, 250), records(3, 250, 2)]
    onsets = [0.0, 1.0, 1e9]
    reader, samples = read_all(edf(tmp_path / "a.edf", TWO, found, 1, "EDF+D", onsets))
    assert reader.facts.samples == 4 * 250
    assert np.isnan(samples[:, 500:750]).all()


def test_gaps_without_times_are_a_sentence(tmp_path: Path) -> None:
    source = edf(tmp_path / "a.edf", TWO, [records(3, 250)] * 2, reserved="EDF+D")
    with pytest.raises(Unreadable, match="does not say when its records begin"):
        read_all(source)


def test_a_file_that_was_cut_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    source = edf(tmp_path / "a.edf", TWO, [records(20, 250), records(20, 250, 2)])
    content = source.read_bytes()[:-1_500]
    source.write_bytes(content)
    reader, _ = read_all(source)
    assert reader.facts.samples == 18 * 250
    assert "cut short" in reader.about
    assert cleaned(source).read_bytes() == content


def test_a_file_that_does_not_know_its_length_is_read(tmp_path: Path) -> None:
    source = edf(tmp_path / "a.edf", TWO, [records(5, 250), records(5, 250, 2)], told=-1)
    assert read_all(source)[0].facts.samples == 5 * 250


def test_records_of_a_part_of_a_second(tmp_path: Path) -> None:
    source = edf(tmp_path / "a.edf", TWO, [records(5, 250), records(5, 250, 2)], seconds=0.5)
    assert read_all(source)[0].facts.rate_hz == 500


@pytest.mark.parametrize("suffix", [".edf", ".bdf"])
def test_records_that_are_too_long_for_memory_are_read_in_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    channels = [*TWO, Channel("Resp", 25, "uV")]
    found = [records(9, c.size, i) for i, c in enumerate(channels)]
    source = edf(tmp_path / f"a{suffix}", channels, found)
    whole = read_all(source)[1]
    plus = cleaned(source, 0.25).read_bytes()
    monkeypatch.setattr(edf_module, "LONG_RECORD_BYTES", 100)
    monkeypatch.setattr(edf_module, "BLOCK_SAMPLES", 77)
    np.testing.assert_array_equal(read_all(source)[1], whole)
    assert cleaned(source, 0.25).read_bytes() == plus
    assert cleaned(source).read_bytes() == source.read_bytes()


def test_without_metadata_nobody_is_named(tmp_path: Path) -> None:
    source = edf(tmp_path / "a.edf", TWO, [records(5, 250), records(5, 250, 2)])
    bare = cleaned(source, keep_metadata=False).read_bytes()
    assert bare[8:16] == b"X X X X "
    assert bare[88:184].startswith(b"Startdate X X X X")
    assert b"2002" not in bare[:184]
    assert bare[184:] == source.read_bytes()[184:]


def test_limits_that_say_nothing_are_told(tmp_path: Path) -> None:
    channel = Channel("ECG", 250, "uV", (0.0, 0.0, -32768, 32767))
    found = records(4, 250)
    reader, samples = read_all(edf(tmp_path / "a.edf", [channel], [found]))
    assert "uncalibrated" in reader.about
    np.testing.assert_allclose(samples[0], found.reshape(-1) / 1000, rtol=1e-6)


@pytest.mark.parametrize(
    ("at", "new", "error", "sentence"),
    [
        (252, b"0   ", Unreadable, "0 signals"),
        (252, b"x   ", Unreadable, "“x” stands for the number of signals"),
        (244, b"0       ", Unreadable, "how many samples a second"),
        (244, b"10      ", Unsupported, "25 samples a second"),
        (256, b"Pleth           EEG Fz          ", Unsupported, "no channel that is an ECG"),
        (236, b"0       ", Unreadable, "0 seconds long"),
        (256 + 104 * 2, b"nan     ", Unreadable, "“nan” stands for the limits of"),
    ],
)
def test_headers_that_cannot_be_are_a_sentence(
    tmp_path: Path, at: int, new: bytes, error: type[Exception], sentence: str
) -> None:
    source = edf(tmp_path / "a.edf", TWO, [records(3, 250)] * 2)
    content = bytearray(source.read_bytes())
    content[at : at + len(new)] = new
    source.write_bytes(content)
    with pytest.raises(error, match=sentence):
        read_all(source)


@pytest.mark.parametrize("size", [100, 256, 300, 600])
def test_a_cut_header_is_a_sentence(tmp_path: Path, size: int) -> None:
    source = edf(tmp_path / "a.edf", TWO, [records(3, 250)] * 2)
    source.write_bytes(source.read_bytes()[:size])
    with pytest.raises(Unreadable):
        read_all(source)


def test_a_text_named_edf_and_an_empty_file_are_a_sentence(tmp_path: Path) -> None:
    source = tmp_path / "a.edf"
    for content, sentence in ((b"Dear reader", "named EDF, but"), (b"", "is empty")):
        source.write_bytes(content)
        with pytest.raises(Unreadable, match=sentence):
            read_all(source)


RECORDING = slice(88, 168)
BRIEF = MADE_BY.brief


def told(path: Path) -> str:
    return path.read_bytes()[RECORDING].decode("ascii").rstrip()


def in_recording(path: Path, words: str) -> Path:
    content = path.read_bytes()
    path.write_bytes(content[:88] + words.encode().ljust(80) + content[168:])
    return path


@pytest.mark.parametrize("suffix", [".edf", ".bdf"])
@pytest.mark.parametrize("reserved", ["", "EDF+C"])
def test_the_recording_field_says_what_made_it_and_all_else_stays(
    tmp_path: Path, suffix: str, reserved: str
) -> None:
    found = [records(5, 250), records(5, 250, 2)]
    source = edf(tmp_path / f"a{suffix}", TWO, found, reserved=reserved)
    plain, recorded = cleaned(source, 0.25), cleaned(source, 0.25, made_by=MADE_BY)
    assert told(plain) == told(source) == "Startdate 02-MAR-2002 X X X"
    assert told(recorded) == f"{told(source)} {BRIEF}"
    before, after = plain.read_bytes(), recorded.read_bytes()
    assert after[:88] + before[RECORDING] + after[168:] == before


def test_long_records_say_it_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = edf(tmp_path / "a.edf", TWO, [records(5, 250), records(5, 250, 2)])
    whole = cleaned(source, 0.25, made_by=MADE_BY).read_bytes()
    monkeypatch.setattr(edf_module, "LONG_RECORD_BYTES", 100)
    assert cleaned(source, 0.25, made_by=MADE_BY).read_bytes() == whole


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", MADE_BY.text.replace(" ", "_")),
        ("Holter  7", f"Holter  7 {BRIEF}"),
        ("Startdate 02-MAR-2002", f"Startdate 02-MAR-2002 X X X {BRIEF}"),
        ("Startdate X X X X", f"Startdate X X X X {BRIEF}"),
        ("Startdate 02-MAR-2002 PSG-1234/2002 NN Telemetry03", None),
        ("x" * 80, None),
    ],
)
def test_what_the_field_says_already_stays_and_may_leave_no_room(
    tmp_path: Path, before: str, after: str | None
) -> None:
    source = edf(tmp_path / "a.edf", TWO, [records(5, 250), records(5, 250, 2)])
    in_recording(source, before)
    assert told(cleaned(source, 0.25, made_by=MADE_BY)) == (before if after is None else after)


def test_without_metadata_it_is_all_that_is_said(tmp_path: Path) -> None:
    source = edf(tmp_path / "a.edf", TWO, [records(5, 250), records(5, 250, 2)])
    bare = cleaned(source, 0.25, keep_metadata=False, made_by=MADE_BY)
    assert told(bare) == f"Startdate X X X X {BRIEF}"
