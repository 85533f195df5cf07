"""What is common to all formats: reader, writer, blocks, memory, and the small picture."""

from __future__ import annotations

import sys
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from desktop_ae.core.clip import Clip
from desktop_ae.core.errors import BrokenResult, NotWritable, Unreadable
from desktop_ae.domains.ecg import spool
from desktop_ae.domains.ecg.files import EcgWriter, open_ecg, open_source
from desktop_ae.domains.ecg.view import view_ecg
from desktop_ae.domains.sentences import duration_words
from tests.domains.ecg.recordings import cleaned, heart, read_all
from tests.made import MADE_BY

OPTIONS = {"rate_hz": "500", "unit": "mV"}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    np.save(tmp_path / "a.npy", heart(40_000, 500, 3))
    return tmp_path / "a.npy"


def test_a_piece_says_what_it_is_and_gives_blocks_in_order(source: Path) -> None:
    reader = open_ecg(source, OPTIONS)
    (piece,) = reader.pieces()
    assert (piece.shape, piece.rate_hz, piece.index) == ((3, 40_000), 500, 0)
    assert piece.work == reader.work == 80
    assert reader.about == "500 Hz · 3 leads (Lead 1, Lead 2, Lead 3) · 1:20"
    starts = []
    for clip in piece.blocks:
        starts.append(clip.start)
        np.testing.assert_array_equal(
            clip.samples, heart(40_000, 500, 3)[:, clip.start : clip.stop]
        )
    assert starts == [0, 15_000, 30_000]
    assert list(reader.pieces({0})) == []
    assert reader.passed_over == {}
    reader.close()


def test_an_overview_is_from_all_over_it(source: Path) -> None:
    reader = open_ecg(source, OPTIONS)
    (piece,) = reader.pieces()
    assert piece.overview is not None
    assert piece.overview(3_000).shape == (3, 2_990)  # thirteen parts
    np.testing.assert_array_equal(piece.overview(10**6), heart(40_000, 500, 3))
    reader.close()


def test_any_part_can_be_read_again(source: Path) -> None:
    opened = open_source(source, OPTIONS)
    whole = heart(40_000, 500, 3)
    for start, stop in ((39_990, 40_000), (0, 1), (5, 5), (100, 20_000)):
        np.testing.assert_array_equal(opened.read(start, stop), whole[:, start:stop])
    opened.close()


def test_a_piece_that_is_left_changes_nothing(source: Path) -> None:
    reader = open_ecg(source, OPTIONS)
    writer = EcgWriter(reader)
    for piece in reader.pieces():
        writer.write(next(piece.blocks))
        assert not writer.end_piece(True)
    assert list(source.parent.iterdir()) == [source]
    reader.close()


def test_numbers_that_are_none_are_refused_but_not_in_gaps(source: Path) -> None:
    broken = heart(1_000, 500, 3)
    broken[1, 10] = np.nan
    reader = open_ecg(source, OPTIONS)
    (piece,) = reader.pieces()
    assert next(piece.blocks).samples.shape == (3, 15_000)
    with pytest.raises(BrokenResult):
        EcgWriter(reader).write(Clip(broken))
    reader.close()
    np.save(source, broken)
    reader = open_ecg(source, OPTIONS)
    (piece,) = reader.pieces()
    writer = EcgWriter(reader)
    for clip in piece.blocks:
        writer.write(Clip(np.nan_to_num(clip.samples), clip.start))
    assert writer.end_piece(False)
    writer.finish(source.with_name("b.npy"))
    np.testing.assert_array_equal(np.load(source.with_name("b.npy")), broken)
    reader.close()


def test_no_room_for_what_is_kept_is_a_sentence(
    source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spool, "scratch_folder", lambda: Path("/gone"))
    reader = open_ecg(source, OPTIONS)
    (piece,) = reader.pieces()
    with pytest.raises(NotWritable, match="could not be kept in /gone"):
        EcgWriter(reader).write(next(piece.blocks))
    reader.close()


def test_a_file_that_is_cut_while_it_is_read_is_a_sentence(source: Path) -> None:
    opened = open_source(source, OPTIONS)
    source.write_bytes(source.read_bytes()[:1_000])
    with pytest.raises(Unreadable, match="became shorter"):
        opened.read(0, 1_000)
    opened.close()


@pytest.mark.parametrize("name", ["a.hea", "a.edf", "a.bdf", "a.csv", "a.npy", "a.npz", "a.dcm"])
def test_empty_missing_and_foreign_files_are_a_sentence(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    with pytest.raises(Unreadable, match="no longer there"):
        open_ecg(path)
    for content, sentence in (
        (b"", "is empty"),
        (b"some words", "its content is something else"),
        (b"\x89PNG\r\n\x1a\n" + bytes(500), "its content is something else"),
    ):
        path.write_bytes(content)
        with pytest.raises(Unreadable, match=sentence):
            open_ecg(path)


@pytest.mark.skipif(sys.platform != "linux", reason="needs a file with a hole in it")
def test_a_day_takes_no_more_memory_than_a_minute(tmp_path: Path) -> None:
    samples = 24 * 3600 * 250
    (tmp_path / "day.hea").write_text(
        f"day 2 250 {samples}\nday.dat 16 200 12 0 0 0 0 I\nday.dat 16 200 12 0 0 0 0 II\n"
    )
    with (tmp_path / "day.dat").open("wb") as file:
        file.truncate(samples * 4)
    tracemalloc.start()
    reader = open_ecg(tmp_path / "day.hea")
    assert reader.about.endswith("24:00:00")
    assert not reader.overview(10_000).any()
    opened = reader.source
    assert opened.read(samples - 250, samples).shape == (2, 250)
    (piece,) = reader.pieces()
    for clip in piece.blocks:
        if clip.start > 10**6:
            break
    assert tracemalloc.get_traced_memory()[1] < 5 * 2**20
    tracemalloc.stop()
    reader.close()


def test_a_picture_is_as_large_as_asked_and_has_a_trace(source: Path) -> None:
    view = view_ecg(source, 300, 0, OPTIONS)
    assert view.pixels.shape == (100, 300, 4)
    assert view.pixels[..., 3].any(axis=0).all()
    assert 0.01 < (view.pixels[..., 3] > 0).mean() < 0.4
    assert "500 Hz" in view.about
    assert view_ecg(source, 0, 0, OPTIONS).pixels.shape[1] == 512


@pytest.mark.parametrize("value", [0.0, np.nan])
@pytest.mark.parametrize("samples", [1, 10, 5_000])
def test_a_picture_of_nothing_is_a_line_or_empty(
    tmp_path: Path, value: float, samples: int
) -> None:
    np.save(tmp_path / "a.npy", np.full(samples, value, np.float32))
    view = view_ecg(tmp_path / "a.npy", 60, 0, OPTIONS)
    assert bool(view.pixels[..., 3].any()) == (value == 0)
    assert read_all(tmp_path / "a.npy", OPTIONS)[1].shape == (1, samples)


def test_durations_in_words() -> None:
    words = [duration_words(s) for s in (0.004, 42, 600, 86_399)]
    assert words == ["0.004 s", "0:42", "10:00", "23:59:59"]


@pytest.mark.parametrize("name", ["a.npy", "a.csv"])
def test_tables_and_arrays_have_no_place_for_what_made_them(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if path.suffix == ".npy":
        np.save(path, heart(1_000, 500))
    else:
        np.savetxt(path, heart(1_000, 500).T, delimiter=",", header="I", comments="")
    plain = cleaned(path, 0.1, OPTIONS).read_bytes()
    assert cleaned(path, 0.1, OPTIONS, made_by=MADE_BY).read_bytes() == plain
