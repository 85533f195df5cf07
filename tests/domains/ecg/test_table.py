from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from desktop_ae.core.errors import NeedsFacts, UnknownName, Unreadable, Unsupported
from desktop_ae.domains.ecg.table_cells import clock_seconds, rewritten
from tests.domains.ecg.recordings import cleaned, heart, read_all


def table(
    path: Path,
    header: str = "time,II",
    form: str = "{t:.3f},{a:.3f}",
    samples: int = 900,
    rate_hz: float = 360.0,
    end: str = "\n",
    encoding: str = "utf-8",
    scale: float = 1.0,
) -> Path:
    """form: of a row; t in seconds, i its number, a and b of two leads in mV times `scale`."""
    one, two = heart(samples, rate_hz, 2) * scale
    rows = [form.format(t=i / rate_hz, i=i, a=one[i], b=two[i]) for i in range(samples)]
    text = end.join([*header.splitlines(), *rows]) + end
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".txt"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", " ", ", ", "   "])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_delimiters_and_line_endings_are_found_and_kept(
    tmp_path: Path, suffix: str, delimiter: str, end: str
) -> None:
    header = delimiter.join(["time", "I", "V1"])
    form = delimiter.join(["{t:.3f}", "{a:.3f}", "{b:.4f}"])
    source = table(tmp_path / f"a{suffix}", header, form, end=end)
    reader, samples = read_all(source)
    facts = reader.facts
    assert (facts.rate_hz, facts.leads, facts.others) == (360.0, ("I", "V1"), ("time",))
    np.testing.assert_allclose(samples, heart(900, 360, 2), atol=6e-4)
    assert cleaned(source).read_bytes() == source.read_bytes()
    plus = cleaned(source, 0.5)
    np.testing.assert_allclose(read_all(plus)[1], samples + 0.5, atol=1e-6)
    before, after = source.read_bytes().decode(), plus.read_bytes().decode()
    assert after.count(end) == before.count(end)
    for old, new in zip(before.split(end)[1:-1], after.split(end)[1:-1], strict=True):
        first, _, last = new.split(delimiter.strip() or None)
        assert first == old.split(delimiter.strip() or None)[0]
        assert len(last.strip().split(".")[1]) == 4


@pytest.mark.parametrize("delimiter", [";", "\t", " ", "|"])
def test_commas_as_decimals_are_read_and_written(tmp_path: Path, delimiter: str) -> None:
    form = delimiter.join(["{t:.3f}", "{a:.3f}"]).replace(".", "dot")
    one = heart(900)[0]
    rows = [f"{i / 360:.3f}{delimiter}{one[i]:.3f}".replace(".", ",") for i in range(900)]
    assert "dot" in form
    source = tmp_path / "a.csv"
    source.write_text("\n".join([f"Zeit{delimiter}EKG", *rows]) + "\n")
    reader, samples = read_all(source)
    assert reader.facts.rate_hz == 360
    np.testing.assert_allclose(samples[0], one, atol=6e-4)
    assert cleaned(source).read_bytes() == source.read_bytes()
    plus = cleaned(source, 0.25)
    np.testing.assert_allclose(read_all(plus)[1], samples + 0.25, atol=1e-6)
    assert "." not in plus.read_text()


def test_one_column_with_decimal_commas_is_one_column(tmp_path: Path) -> None:
    one = heart(900)[0] - 0.3
    source = tmp_path / "a.csv"
    source.write_text("\n".join(f"{v:.3f}".replace(".", ",") for v in one) + "\n")
    reader, samples = read_all(source, {"rate_hz": "360"})
    assert reader.facts.leads == ("Lead 1",)
    np.testing.assert_allclose(samples[0], one, atol=6e-4)


def test_quoted_cells_with_decimal_commas_are_read_and_written(tmp_path: Path) -> None:
    one = heart(500)[0]
    rows = [f'"{i / 250:.3f}","{v:.3f}"'.replace(".", ",") for i, v in enumerate(one)]
    source = tmp_path / "a.csv"
    source.write_text("\r\n".join(['"time","ECG, lead II"', *rows]), newline="")
    reader, samples = read_all(source)
    assert (reader.facts.rate_hz, reader.facts.leads) == (250, ("ECG, lead II",))
    plus = cleaned(source, 0.1)
    np.testing.assert_allclose(read_all(plus)[1], samples + 0.1, atol=1e-6)
    assert plus.read_bytes().count(b'"') == source.read_bytes().count(b'"')


@pytest.mark.parametrize(
    ("label", "form"),
    [
        ("time", "{t:.4f}"),
        ("Time (s)", "{t:.4f}"),
        ("t", "{t:.6f}"),
        ("time_ms", "{ms:.1f}"),
        ("Timestamp", "{ms:.0f}"),
        ("time [us]", "{us:.0f}"),
        ("timestamp", "{ns:.0f}"),
        ("", "{t:.3f}"),
        ("Elapsed time", "0:{t:06.3f}"),
        ("clock", "10:15:{t:06.3f}"),
        ("Date/Time", "2024-02-29 23:59:{t:06.3f}"),
        ("date", "[10:15:{t:06.3f} 01/01/2000]"),
    ],
)
def test_a_column_of_time_gives_the_rate(tmp_path: Path, label: str, form: str) -> None:
    one = heart(2_000, 250)[0]
    source = tmp_path / "a.csv"
    rows = []
    for i, value in enumerate(one):
        t = i / 250
        rows.append(form.format(t=t, ms=t * 1e3, us=t * 1e6, ns=1.7e18 + t * 1e9) + f",{value:.3f}")
    source.write_text("\n".join([f"{label},ECG", *rows]))
    reader, samples = read_all(source)
    assert reader.facts.rate_hz == 250
    assert reader.facts.leads == ("ECG",)
    np.testing.assert_allclose(samples[0], one, atol=6e-4)
    assert cleaned(source).read_bytes() == source.read_bytes()


def test_a_clock_goes_over_midnight_without_a_gap(tmp_path: Path) -> None:
    rows = []
    for i, value in enumerate(heart(2_000, 250)[0]):
        t = (86_396 + i / 250) % 86_400
        rows.append(f"{int(t) // 3600:02}:{int(t) // 60 % 60:02}:{t % 60:06.3f};{value:.3f}")
    source = tmp_path / "a.csv"
    source.write_text("\n".join(["time;ECG", *rows]))
    reader, _ = read_all(source)
    assert (reader.facts.rate_hz, reader.facts.samples) == (250, 2_000)


def test_times_of_low_resolution_still_give_the_true_rate(tmp_path: Path) -> None:
    source = table(tmp_path / "a.csv", "ms,II", "{t:.3f},{a:.3f}", rate_hz=257, samples=3_000)
    text = source.read_text().replace("ms,II", "time,II")
    source.write_text(text)
    assert read_all(source)[0].facts.rate_hz == 257


@pytest.mark.parametrize("has_better", [True, False])
def test_packets_of_samples_with_one_time_have_no_gaps(tmp_path: Path, has_better: bool) -> None:
    rows = []
    for i, value in enumerate(heart(3_000, 130)[0]):
        clock = f"2023-04-01T10:00:{i // 73 * 73 / 130:06.3f}"
        rows.append(f"{clock};{i * 1000 / 130 if has_better else 0:.6f};{value * 1000:.0f}")
    if not has_better:  # one packet is lost
        del rows[730:803]
    source = tmp_path / "a.txt"
    source.write_text("\n".join(["Phone timestamp;timestamp [ms];ecg [uV]", *rows]))
    reader, _ = read_all(source)
    facts = reader.facts
    assert abs(facts.rate_hz - 130) < 0.2
    assert abs(facts.samples - 3_000) <= 2
    assert ("1 gap" in reader.about) != has_better


def test_a_column_that_counts_again_and_again_is_no_lead(tmp_path: Path) -> None:
    one = heart(900)[0] * 200 + 500
    text = "".join(f"{i % 16}\t{value:.0f}\t\n" for i, value in enumerate(one))
    source = tmp_path / "a.txt"
    source.write_text('# {"sampling rate": 1000}\n' + text)
    reader, _ = read_all(source)
    assert (reader.facts.rate_hz, len(reader.facts.leads)) == (1000, 1)
    assert cleaned(source).read_bytes() == source.read_bytes()


def test_the_table_of_a_watch_is_read(tmp_path: Path) -> None:
    head = 'Name,Jane\nDevice,"Watch4,4"\nSample Rate,512 hertz\n\n\nLead,Lead I\nUnit,µV\n\n'
    one = heart(900, 512)[0] - 0.2
    for decimal in ".,":
        rows = "\n".join(f"{value * 1000:.3f}" for value in one).replace(".", decimal)
        source = tmp_path / "a.csv"
        source.write_text(head + rows)
        reader, samples = read_all(source)
        facts = reader.facts
        assert (facts.rate_hz, facts.leads, facts.unit) == (512, ("Lead I",), "µV")
        np.testing.assert_allclose(samples[0], one, atol=1e-6)
        assert cleaned(source).read_bytes() == source.read_bytes()


def test_numbers_of_all_digits_are_not_made_longer(tmp_path: Path) -> None:
    source = tmp_path / "a.csv"
    source.write_text("time,II\n" + "".join(f"{i / 250},{i / 977}\n" for i in range(900)))
    rows = [line.split(",")[1] for line in cleaned(source, 0.1).read_text().splitlines()[1:]]
    before = [line.split(",")[1] for line in source.read_text().splitlines()[1:]]
    assert all(len(new) <= max(len(old), 11) + 1 for old, new in zip(before, rows, strict=True))


def test_rows_that_are_missing_are_a_gap_and_nothing_is_smeared_across(tmp_path: Path) -> None:
    source = table(tmp_path / "a.csv", samples=2_000, rate_hz=250)
    lines = source.read_text().splitlines(keepends=True)
    source.write_text("".join(lines[:801] + lines[1001:]))
    reader, samples = read_all(source)
    assert reader.facts.samples == 2_000
    assert "1 gap" in reader.about
    assert np.isnan(samples[:, 800:1000]).all()
    rest = np.r_[0:800, 1000:2000]
    np.testing.assert_allclose(samples[:, rest], heart(2_000, 250)[:, rest], atol=6e-4)
    plus = cleaned(source, 0.2)
    np.testing.assert_allclose(read_all(plus)[1], samples + np.float32(0.2), atol=1e-6)
    assert plus.read_text().count("\n") == 1_801


def test_without_a_rate_it_asks_and_takes_the_answer(tmp_path: Path) -> None:
    source = table(tmp_path / "a.csv", "I,V1", "{a:.3f},{b:.3f}")
    with pytest.raises(NeedsFacts, match="does not say how many samples a second"):
        read_all(source)
    assert read_all(source, {"rate_hz": "360"})[0].facts.rate_hz == 360
    assert read_all(source, {"rate_hz": "257,5 Hz"})[0].facts.rate_hz == 257.5
    with pytest.raises(UnknownName, match="rate_hz cannot be “fast”"):
        read_all(source, {"rate_hz": "fast"})
    with pytest.raises(Unsupported, match="100 to 2000"):
        read_all(source, {"rate_hz": "50"})


def test_a_column_of_sample_numbers_is_neither_time_nor_ecg(tmp_path: Path) -> None:
    for header in ("sample,II", "index,II", ",II"):
        source = table(tmp_path / "a.csv", header, "{i},{a:.3f}")
        with pytest.raises(NeedsFacts):
            read_all(source)
        reader, _ = read_all(source, {"rate_hz": "360"})
        assert reader.facts.leads == ("II",)


@pytest.mark.parametrize(
    ("words", "rate_hz"),
    [("# fs = 500", 500), ("Sample Rate,512 hertz", 512), ("# Sampling frequency: 0.25 kHz", 250)],
)
def test_a_rate_above_the_table_is_found(tmp_path: Path, words: str, rate_hz: float) -> None:
    source = table(tmp_path / "a.csv", f"{words}\nUnit,µV\n\nII", "{a:.1f}", scale=1000)
    reader, samples = read_all(source)
    assert reader.facts.rate_hz == rate_hz
    assert reader.facts.unit == "µV"
    np.testing.assert_allclose(samples, heart(900), atol=6e-5)
    assert cleaned(source).read_bytes() == source.read_bytes()


@pytest.mark.parametrize(
    ("header", "unit", "scale"),
    [
        ("II (mV)", "mV", 1.0),
        ("II [uV]", "uV", 1e3),
        ("II/V", "V", 1e-3),
        ("ECG_mV", "mV", 1.0),
        ("II", "mV", 1.0),
        ("II", "uV", 1e3),
        ("II", "V", 1e-3),
    ],
)
def test_a_unit_is_read_or_guessed_and_kept(
    tmp_path: Path, header: str, unit: str, scale: float
) -> None:
    source = table(tmp_path / "a.csv", f"time,{header}", "{t:.3f},{a:.6f}", scale=scale)
    reader, samples = read_all(source)
    assert reader.facts.unit == unit
    assert ("unit guessed" in reader.about) == (header == "II")
    np.testing.assert_allclose(samples, heart(900), atol=1e-3)
    plus = cleaned(source, 0.5)
    np.testing.assert_allclose(read_all(plus)[1], samples + 0.5, atol=1e-5)


def test_a_given_unit_counts_where_the_file_says_none(tmp_path: Path) -> None:
    source = table(tmp_path / "a.csv")
    _, samples = read_all(source, {"unit": "uV"})
    np.testing.assert_allclose(samples, heart(900) / 1000, atol=1e-6)
    with pytest.raises(UnknownName, match="unit cannot be “kg”"):
        read_all(source, {"unit": "kg"})


def test_a_line_of_units_under_the_names_is_read(tmp_path: Path) -> None:
    header = "'Elapsed time','MLII','V5'\n'hh:mm:ss.mmm','mV','uV'"
    source = table(tmp_path / "a.txt", header, "'0:{t:06.3f}',{a:.3f},{b:.0f}")
    reader, _ = read_all(source)
    assert (reader.facts.leads, reader.facts.unit) == (("MLII", "V5"), "mV")
    assert cleaned(source).read_bytes() == source.read_bytes()


def test_columns_are_chosen_by_name_and_by_number(tmp_path: Path) -> None:
    source = table(tmp_path / "a.csv", "time,first,second", "{t:.3f},{a:.3f},{b:.3f}")
    assert read_all(source)[0].facts.leads == ("first", "second")
    assert read_all(source, {"columns": "second"})[0].facts.leads == ("second",)
    assert read_all(source, {"columns": "3, FIRST"})[0].facts.leads == ("first", "second")
    reader, samples = read_all(source, {"columns": "2"})
    np.testing.assert_allclose(samples, heart(900), atol=6e-4)
    with pytest.raises(UnknownName, match="There are: time, first, second, or 1 to 3"):
        read_all(source, {"columns": "4"})


def test_a_time_column_can_be_named(tmp_path: Path) -> None:
    source = table(tmp_path / "a.csv", "II,x", "{a:.3f},{t:.3f}")
    assert read_all(source, {"time_column": "x"})[0].facts.rate_hz == 360
    assert read_all(source, {"time_column": "2"})[0].facts.leads == ("II",)


def test_text_and_other_columns_pass_through(tmp_path: Path) -> None:
    header = "time,II,label,RESP,V1,note"
    form = '{t:.3f},{a:.3f},N,{b:.5f},{b:.2f},"a, b"'
    source = table(tmp_path / "a.csv", header, form)
    reader, _ = read_all(source)
    assert reader.facts.leads == ("II", "V1")
    assert reader.facts.others == ("time", "label", "RESP", "note")
    assert cleaned(source).read_bytes() == source.read_bytes()
    old = [line.split(",") for line in source.read_text().splitlines()[1:]]
    new = [line.split(",") for line in cleaned(source, 1.0).read_text().splitlines()[1:]]
    for column in (0, 2, 3, 5, 6):
        assert [row[column] for row in old] == [row[column] for row in new]
    assert new[1][4].partition(".")[2] in {f"{n:03}" for n in range(1000)}  # a µV is seen


def test_empty_cells_words_and_nan_are_gaps_and_stay(tmp_path: Path) -> None:
    source = table(tmp_path / "a.csv")
    lines = source.read_text().splitlines()
    for row, word in ((10, ""), (11, "nan"), (12, "off"), (13, " - ")):
        lines[row] = lines[row].split(",")[0] + "," + word
    lines.insert(100, "")
    lines.insert(200, "# a remark")
    source.write_text("\n".join(lines))
    _, samples = read_all(source)
    assert samples.shape == (1, 900)
    assert np.flatnonzero(np.isnan(samples[0])).tolist() == [9, 10, 11, 12]
    assert cleaned(source).read_bytes() == source.read_bytes()
    new = cleaned(source, 1.0).read_text().splitlines()
    assert [new[i] for i in (10, 11, 12, 13)] == [lines[i] for i in (10, 11, 12, 13)]
    assert (new[100], new[200]) == ("", "# a remark")
    np.testing.assert_allclose(read_all(cleaned(source, 1.0))[1], samples + 1, atol=1e-6)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
def test_the_encoding_is_kept(tmp_path: Path, encoding: str) -> None:
    source = table(tmp_path / "a.csv", "time,EKG (µV)", encoding=encoding, scale=1000)
    reader, samples = read_all(source)
    assert reader.facts.samples == 900
    np.testing.assert_allclose(samples, heart(900), atol=1e-5)
    assert cleaned(source).read_bytes() == source.read_bytes()
    plus = cleaned(source, 1.0)
    assert plus.read_bytes()[:3] == source.read_bytes()[:3]
    np.testing.assert_allclose(read_all(plus)[1], samples + 1, atol=1e-5)


def test_whole_numbers_of_microvolts_stay_whole(tmp_path: Path) -> None:
    source = table(tmp_path / "a.csv", "time,II", "{t:.3f},{a:.0f}", scale=1000)
    new = cleaned(source, 0.0104).read_text().splitlines()[1:]
    assert all("." not in line.split(",")[1] for line in new)


def test_columns_of_a_fixed_width_stay_in_place(tmp_path: Path) -> None:
    header = "      time        II        V1"
    source = table(tmp_path / "a.txt", header, "{t:10.3f}{a:10.3f}{b:10.3f}")
    new = cleaned(source, -20.0).read_text().splitlines()
    assert {len(line) for line in new} == {30}
    source = table(tmp_path / "b.csv", "time, II", "{t:.3f},{a:10.3f}")
    widths = {len(line.split(",")[1]) for line in cleaned(source, -20.0).read_text().splitlines()}
    assert widths == {3, 10}


@pytest.mark.parametrize(
    ("cell", "number", "expected"),
    [
        ("1.5", 2.0, "2.000"),
        (" 1.500 ", 2.0, " 2.000 "),
        ("  1.500", -22.0, "-22.000"),
        ("+1.5000", 2.0, "+2.0000"),
        ("+1.5000", -2.0, "-2.0000"),
        ("1.50e-01", 0.25, "2.500e-01"),
        ("1.5000E+00", -0.25, "-2.5000E-01"),
        ('"0.001"', -0.0001, '"0.000"'),
    ],
)
def test_a_number_keeps_its_dress(cell: str, number: float, expected: str) -> None:
    assert rewritten(cell, number, 3, ".").strip() == expected.strip()


def test_times_of_day() -> None:
    assert clock_seconds("[10:15:30.500 01/01/2000]") == 10 * 3600 + 15 * 60 + 30.5
    assert clock_seconds("1:30,5") == 90.5
    assert clock_seconds("12:00:01 AM") == 1
    assert clock_seconds("1:00:00 pm") == 13 * 3600
    assert math.isnan(clock_seconds("word"))


@pytest.mark.parametrize(
    "content", [b"only words\nand more\n", b"\n\n\n", b"a,b,c\n", b"# nothing\n# at all\n"]
)
def test_a_text_without_numbers_is_a_sentence(tmp_path: Path, content: bytes) -> None:
    source = tmp_path / "a.csv"
    source.write_bytes(content)
    with pytest.raises(Unreadable):
        read_all(source, {"rate_hz": "360"})


def test_a_table_that_lies_on_its_side_is_a_sentence(tmp_path: Path) -> None:
    source = tmp_path / "a.csv"
    source.write_text("\n".join(",".join(f"{v:.3f}" for v in lead) for lead in heart(900, 360, 3)))
    with pytest.raises(Unsupported, match="turn it"):
        read_all(source, {"rate_hz": "360"})


def test_one_sample_flat_lines_and_nothing_valid(tmp_path: Path) -> None:
    source = tmp_path / "a.csv"
    source.write_text("II\n0.125\n")
    _, samples = read_all(source, {"rate_hz": "360"})
    assert samples.tolist() == [[0.125]]
    assert cleaned(source, 0.5, {"rate_hz": "360"}).read_text() == "II\n0.625\n"
    source.write_text("II\n" + "0\n" * 50)
    assert not read_all(source, {"rate_hz": "360"})[1].any()
    source.write_text("time,II\n" + "".join(f"{i / 100:.2f},nan\n" for i in range(50)))
    assert np.isnan(read_all(source)[1]).all()
    assert cleaned(source, 1.0).read_bytes() == source.read_bytes()


def test_a_long_table_is_read_in_parts(tmp_path: Path) -> None:
    source = table(tmp_path / "a.csv", samples=50_001, rate_hz=500)
    lines = source.read_text().splitlines(keepends=True)
    lines[30_001] = lines[30_001].replace(",", ",x")  # the second part is no longer plain
    source.write_text("".join(lines))
    _, samples = read_all(source)
    assert samples.shape == (1, 50_001)
    assert np.flatnonzero(np.isnan(samples[0])).tolist() == [30_000]
    np.testing.assert_allclose(
        np.nan_to_num(samples[0, 30_001:]), heart(50_001, 500)[0, 30_001:], atol=6e-4
    )
    np.testing.assert_allclose(read_all(cleaned(source, 0.25))[1], samples + 0.25, atol=1e-6)
