from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from desktop_ae import cli_finetune
from desktop_ae.cli import run
from desktop_ae.core.library import ModelLibrary
from desktop_ae.domains.image import tuning
from desktop_ae.learning.request import LearnRequest
from desktop_ae.learning.session import begin, sessions
from desktop_ae.places import user_data
from desktop_ae.training import loop
from tests.fakes import write_model
from tests.learning.photos import write_pairs, write_photos
from tests.training.test_loop import Clock

TASK = "image/denoise"


@pytest.fixture(autouse=True)
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    write_model(tmp_path / "shipped", identity=True)
    folders = [tmp_path / "shipped", tmp_path / "own"]
    monkeypatch.setattr(cli_finetune, "model_folders", lambda: folders)
    monkeypatch.setattr(loop, "time", Clock())
    quick = replace(tuning.DENOISE_TUNING, learning_rate=1e-2, batch=4)
    monkeypatch.setattr(tuning, "DENOISE_TUNING", quick)
    return folders


def lines(captured: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in captured.readouterr().out.splitlines()]


def finetune(*words: str) -> int:
    return run(["finetune", TASK, *words])


def test_pairs_make_a_model_that_is_kept_under_its_name(
    tmp_path: Path, library: list[Path], capsys: pytest.CaptureFixture[str]
) -> None:
    noisy, clean = write_pairs(tmp_path / "files", 5)
    words = ("--noisy", str(noisy), "--clean", str(clean), "--name", "Balcony", "--minutes", "1")
    assert finetune(*words, "--json") == 0
    *files, verdict = lines(capsys)
    assert sorted(str(file["fate"]) for file in files) == ["kept", "kept", *["used"] * 3]
    assert verdict["model"] == "image/balcony"
    assert verdict["is_better"] is True
    assert float(str(verdict["gain_db"])) > 0.1
    assert ModelLibrary(library).card("image/balcony").title == "Balcony"
    assert not sessions(user_data() / "learning")


def test_what_is_no_better_is_not_kept_unless_that_is_asked(
    tmp_path: Path, library: list[Path], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_photos(tmp_path / "files", 4)
    words = ("--clean", str(folder), "--minutes", "0", "--json")
    assert finetune(*words) == 0
    assert lines(capsys)[-1]["model"] is None
    assert len(ModelLibrary(library).cards()) == 1
    assert finetune(*words, "--keep", "always") == 0
    assert lines(capsys)[-1]["model"] == "image/my-model"


def test_too_few_files_are_a_sentence_and_a_status_for_scripts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_photos(tmp_path / "files", 2)
    assert finetune("--clean", str(folder)) == 1
    assert "At least 3 usable files are needed" in capsys.readouterr().err


def test_an_interrupted_training_goes_on(
    tmp_path: Path, library: list[Path], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_photos(tmp_path / "files", 4)
    request = LearnRequest(TASK, "image/denoise-v1", "clean", clean=(folder,), minutes=0.2)
    begin(user_data() / "learning", request)
    assert finetune("--resume", "--json", "--keep", "always", "--name", "Later") == 0
    assert lines(capsys)[-1]["model"] == "image/later"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--kind", "pairs", "--clean", "x"), "must be noisy and clean files"),
        (("--clean", "x", "--damage", "rain"), "no damage “rain”"),
        (("--clean", "x", "--keep", "perhaps"), "--keep cannot be “perhaps”"),
        (("--clean", "x", "--base", "image/none"), "no model “image/none”"),
        (("--resume",), "no training of image/denoise to go on with"),
    ],
)
def test_bad_usage_is_a_sentence(
    words: tuple[str, ...], sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_photos(tmp_path / "files", 3)
    given = [str(folder) if word == "x" else word for word in words]
    assert finetune(*given) == 2
    assert sentence in " ".join(capsys.readouterr().err.split())
