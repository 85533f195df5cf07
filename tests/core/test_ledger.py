from __future__ import annotations

import os
import sqlite3
import threading
from pathlib import Path

import pytest

from desktop_ae.core.ledger import Ledger

SETTINGS = {"task": "image/denoise", "strength": 1.0}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "a photo.jpg"
    path.write_bytes(b"noisy")
    return path


@pytest.fixture
def target(tmp_path: Path, source: Path, ledger: Ledger) -> Path:
    """A result that was noted for `source`."""
    path = tmp_path / "a photo_clean.jpg"
    path.write_bytes(b"clean")
    ledger.add(source, SETTINGS, path)
    return path


def change(path: Path) -> None:
    """New content of the same length, a second later."""
    before = path.stat().st_mtime_ns
    path.write_bytes(path.read_bytes()[::-1])
    os.utime(path, ns=(before, before + 10**9))


def test_a_result_is_found_again(ledger: Ledger, source: Path, target: Path) -> None:
    assert ledger.find(source, SETTINGS) == target
    assert ledger.find(source, dict(reversed(SETTINGS.items()))) == target


def test_a_result_is_found_again_after_a_restart(
    tmp_path: Path, ledger: Ledger, source: Path, target: Path
) -> None:
    ledger.close()
    again = Ledger(tmp_path / "data" / "ledger.sqlite")
    assert again.find(source, SETTINGS) == target
    again.close()


def test_a_file_never_cleaned_is_not_found(ledger: Ledger, tmp_path: Path, target: Path) -> None:
    assert ledger.find(target, SETTINGS) is None
    assert ledger.find(tmp_path / "nothing", SETTINGS) is None


def test_a_changed_source_is_cleaned_again(ledger: Ledger, source: Path, target: Path) -> None:
    change(source)
    assert ledger.find(source, SETTINGS) is None


def test_changed_settings_clean_again(ledger: Ledger, source: Path, target: Path) -> None:
    assert ledger.find(source, {**SETTINGS, "strength": 0.5}) is None


def test_a_changed_result_does_not_count(ledger: Ledger, source: Path, target: Path) -> None:
    change(target)
    assert ledger.find(source, SETTINGS) is None
    assert not ledger.is_ours(target)


def test_a_deleted_result_does_not_count(ledger: Ledger, source: Path, target: Path) -> None:
    target.unlink()
    assert ledger.find(source, SETTINGS) is None
    assert not ledger.is_ours(target)


def test_a_result_that_was_gone_before_it_was_noted_does_not_count(
    ledger: Ledger, source: Path, tmp_path: Path
) -> None:
    gone = tmp_path / "gone.jpg"
    ledger.add(source, SETTINGS, gone)
    assert ledger.find(source, SETTINGS) is None
    assert not ledger.is_ours(gone)


def test_of_two_results_the_one_still_there_is_found(
    ledger: Ledger, source: Path, target: Path, tmp_path: Path
) -> None:
    second = tmp_path / "second.jpg"
    second.write_bytes(b"clean too")
    ledger.add(source, SETTINGS, second)
    target.unlink()
    assert ledger.find(source, SETTINGS) == second


def test_our_results_are_told_from_the_persons_files(
    ledger: Ledger, source: Path, target: Path
) -> None:
    assert ledger.is_ours(target)
    assert not ledger.is_ours(source)


def test_a_path_is_the_same_however_it_is_written(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "in").mkdir()
    monkeypatch.chdir(tmp_path / "in")
    for name in ("a.jpg", "b.jpg"):
        Path(name).write_bytes(b"x")
    ledger.add(Path("a.jpg"), SETTINGS, Path("../in/b.jpg"))
    monkeypatch.chdir(tmp_path)
    assert ledger.find(tmp_path / "in" / "a.jpg", SETTINGS) == tmp_path / "in" / "b.jpg"
    assert ledger.is_ours(Path("in/b.jpg"))


def test_a_name_that_is_no_text_is_no_reason_to_fail(ledger: Ledger, tmp_path: Path) -> None:
    path = tmp_path / "caf\udce9.jpg"
    path.write_bytes(b"x")
    ledger.add(path, SETTINGS, path)
    assert ledger.find(path, SETTINGS) is None
    assert not ledger.is_ours(path)


def remembers(path: Path, folder: Path) -> bool:
    """Whether a ledger at `path` works, at least until it is closed."""
    ledger = Ledger(path)
    source, target = folder / "s", folder / "t"
    source.write_bytes(b"s")
    target.write_bytes(b"t")
    ledger.add(source, SETTINGS, target)
    found = ledger.find(source, SETTINGS)
    ledger.close()
    return found == target


@pytest.mark.parametrize("content", [b"no database" * 500, b"SQLite format 3\0" + bytes(4000)])
def test_a_corrupt_ledger_still_works_and_is_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "ledger.sqlite"
    path.write_bytes(content)
    assert remembers(path, tmp_path)
    assert path.read_bytes() == content


def test_a_ledger_with_other_columns_forgets_and_does_not_fail(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    base = sqlite3.connect(path)
    base.execute("CREATE TABLE cleaned (source TEXT, target TEXT)")
    base.commit()
    base.close()
    assert not remembers(path, tmp_path)


def test_a_ledger_where_none_can_be_written_still_works(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    assert remembers(tmp_path / "file" / "ledger.sqlite", tmp_path)
    (tmp_path / "folder").mkdir()
    assert remembers(tmp_path / "folder", tmp_path)


def test_a_closed_ledger_forgets_and_does_not_fail(
    ledger: Ledger, source: Path, target: Path
) -> None:
    ledger.close()
    ledger.add(source, SETTINGS, target)
    assert ledger.find(source, SETTINGS) is None


def test_threads_share_a_ledger(ledger: Ledger, tmp_path: Path) -> None:
    def note(number: int) -> None:
        path = tmp_path / f"{number}.jpg"
        path.write_bytes(b"x")
        ledger.add(path, SETTINGS, path)

    threads = [threading.Thread(target=note, args=(n,)) for n in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert all(ledger.is_ours(tmp_path / f"{n}.jpg") for n in range(16))
