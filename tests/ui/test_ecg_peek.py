"""The first rows of tables and arrays."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from desktop_ae.core.errors import Unreadable
from desktop_ae.core.library import ModelLibrary
from desktop_ae.jobs import Context
from desktop_ae.places import shipped
from desktop_ae.ui.ecg_peek import Peek, PeekJob, can_be_told, peek_text


def look(path: Path) -> Peek:
    return PeekJob(path).run(Context(ModelLibrary([])))


def test_the_sample_has_a_time_and_two_leads() -> None:
    peek = look(shipped("resources") / "samples" / "ecg-synthetic.csv")
    assert peek.names == ("time_s", "I_mV", "II_mV")
    assert (peek.time, peek.leads) == (0, (1, 2))
    assert [peek.called(n) for n in range(3)] == ["time_s", "I_mV", "II_mV"]
    assert peek.rows[0] == ("0.000", "-0.1791", "0.2246")


def test_commas_can_be_decimals() -> None:
    peek = peek_text(b"0,1;2,5\n0,2;3,5\n0,3;4\n0,4;5\n")
    assert peek.rows[1] == ("0,2", "3,5")
    assert peek.time == 0
    assert peek.called(1) == "2"


@pytest.mark.parametrize("split", [",", "\t", ";", "|", " "])
def test_anything_usual_parts_the_cells(split: str) -> None:
    lines = [split.join(["ecg", "resp"]), *(split.join([f"0.{n}", "7"]) for n in range(9))]
    peek = peek_text("\n".join(lines).encode())
    assert peek.names == ("ecg", "resp")
    assert peek.leads == (0,)
    assert len(peek.rows) == 8


def test_comments_and_a_mark_of_order_are_passed_over() -> None:
    peek = peek_text("\ufeff# made by a watch\nV1,V2\n1,2\n3,4\n".encode())
    assert peek.names == ("V1", "V2")
    assert peek.rows == (("1", "2"), ("3", "4"))


def test_names_that_are_no_good_names_become_numbers() -> None:
    peek = peek_text(b"a;a;b,c;7\n1;2;3;4\n1;2;3;4\n")
    assert [peek.called(n) for n in range(4)] == ["1", "2", "3", "4"]


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("turned", [False, True])
def test_an_array_shows_its_first_samples(tmp_path: Path, order: str, turned: bool) -> None:
    samples = np.arange(300, dtype=np.float32).reshape(3, 100)
    path = tmp_path / "a.npy"
    given = np.asarray(samples.T if turned else samples, order=order)  # type: ignore[call-overload]
    np.save(path, given)
    peek = look(path)
    assert peek.rows[0] == ("0", "100", "200")
    assert peek.rows[7] == ("7", "107", "207")
    assert (peek.time, peek.leads, peek.timed) == (None, (0, 1, 2), False)


def test_of_an_archive_the_largest_array_is_shown(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    np.savez(path, fs=np.array(250), ecg=np.arange(50))
    assert look(path).rows[1] == ("1",)


@pytest.mark.parametrize("name", ["a.npy", "a.npz", "gone.csv"])
def test_what_cannot_be_read_says_so(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if not name.startswith("gone"):
        path.write_bytes(b"nothing of the kind")
    with pytest.raises(Unreadable, match=name):
        look(path)


def test_only_tables_and_arrays_can_be_told() -> None:
    assert can_be_told(Path("a.CSV")) and can_be_told(Path("a.npz"))
    assert not can_be_told(Path("a.hea"))
