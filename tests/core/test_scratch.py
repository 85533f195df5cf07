from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace

import pytest

from desktop_ae.core.scratch import scratch_folder
from tests.fakes import deny_writing

GB = 1 << 30


def give_room(monkeypatch: pytest.MonkeyPatch, free: Mapping[Path, int]) -> None:
    def usage(folder: Path) -> SimpleNamespace:
        return SimpleNamespace(free=free[folder])

    monkeypatch.setattr(shutil, "disk_usage", usage)


@pytest.fixture
def usual(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The system's folder."""
    folder = tmp_path / "usual"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return folder


@pytest.fixture
def near(tmp_path: Path) -> Path:
    folder = tmp_path / "near"
    folder.mkdir()
    return folder


@pytest.mark.skipif(not Path("/var/tmp").is_dir(), reason="of Linux")
def test_on_linux_it_is_no_tmp_that_may_be_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TMPDIR", raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    assert scratch_folder() == Path("/var/tmp")


def test_what_the_person_chose_is_taken(usual: Path) -> None:
    assert scratch_folder() == usual


@pytest.mark.parametrize(
    ("free_gb", "free_near_gb", "goes_near"),
    [(9, 20, False), (1, 20, True), (1, 0.5, False), (0, 0.5, True)],
)
def test_a_large_file_goes_where_there_is_room(
    usual: Path,
    near: Path,
    monkeypatch: pytest.MonkeyPatch,
    free_gb: float,
    free_near_gb: float,
    goes_near: bool,
) -> None:
    give_room(monkeypatch, {usual: round(free_gb * GB), near: round(free_near_gb * GB)})
    assert scratch_folder(5 * GB, near) == (near if goes_near else usual)


def test_a_folder_that_cannot_be_written_to_is_not_used(
    usual: Path, near: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    give_room(monkeypatch, {usual: 0, near: GB})
    deny_writing(monkeypatch, near)
    assert not os.access(near, os.W_OK)
    assert scratch_folder(GB, near) == usual


def test_a_folder_that_cannot_be_asked_has_no_room(
    usual: Path, near: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = shutil.disk_usage

    def usage(folder: Path) -> object:
        if folder == usual:
            raise FileNotFoundError
        return real(folder)

    monkeypatch.setattr(shutil, "disk_usage", usage)
    assert scratch_folder(1, near) == near
