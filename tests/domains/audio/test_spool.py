from __future__ import annotations

import gc
import os
from pathlib import Path

import pytest

from desktop_ae.core.errors import NotWritable
from desktop_ae.domains.audio.spool import Part, Span, Spool, assemble, read_part, size_of
from tests.fakes import FullDisk


def test_a_spool_has_no_name_and_goes_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    spool = Spool()
    assert spool.write(b"some sound") == 10
    assert spool.folder == tmp_path
    if os.name != "nt":
        assert list(tmp_path.iterdir()) == []
    whole = spool.whole()
    assert (whole.size, read_part(whole)) == (10, b"some sound")
    del spool, whole
    gc.collect()
    assert list(tmp_path.iterdir()) == []


def test_a_library_that_ignores_errors_does_not_hide_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    FullDisk(monkeypatch, room=100)
    spool = Spool()
    for _ in range(20_000):
        spool.write(b"0123456789")
    with pytest.raises(NotWritable, match="disk is full: there is no room for the cleaned sound"):
        spool.whole()
    assert spool.write(b"more") == 0
    spool.close()


def test_a_closed_spool_takes_nothing() -> None:
    spool = Spool()
    spool.close()
    assert spool.write(b"more") == 0
    assert spool.seek(0) == -1
    assert spool.tell() == -1
    spool.close()


def test_a_folder_that_is_not_there_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "desktop_ae.domains.audio.spool.scratch_folder", lambda: tmp_path / "nothing"
    )
    with pytest.raises(NotWritable, match="could not be kept in"):
        Spool()


def test_parts_become_a_file(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"0123456789")
    with (tmp_path / "a").open("rb") as file:
        parts: list[Part] = [b"<", Span(file, 2, 5), b"|", Span(file, 0, 0), b">"]
        assemble(tmp_path / "b", parts)
        assert sum(size_of(part) for part in parts) == 8
        with pytest.raises(OSError, match="shorter"):
            assemble(tmp_path / "c", [Span(file, 5, 50)])
    assert (tmp_path / "b").read_bytes() == b"<23456|>"
