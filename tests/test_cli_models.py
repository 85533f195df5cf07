from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from desktop_ae import cli, cli_models
from desktop_ae.core.library import ModelLibrary
from tests.fakes import write_model

ID = "image/denoise-v1"
Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModelLibrary:
    write_model(tmp_path / "shipped")
    made = ModelLibrary([tmp_path / "shipped", tmp_path / "own"])
    monkeypatch.setattr(cli, "model_folders", lambda: made.folders)
    monkeypatch.setattr(cli_models, "model_folders", lambda: made.folders)
    return made


@pytest.fixture
def file(tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A model from someone else, whose id is taken here."""
    write_model(tmp_path / "theirs", identity=True, title="Look [red]here")
    with monkeypatch.context() as patch:
        patch.setattr(cli_models, "model_folders", lambda: [tmp_path / "theirs"])
        assert cli.run(["models", "export", ID, "--out", str(tmp_path)]) == 0
    path = Path(capsys.readouterr().out.strip())
    assert path == tmp_path / "image-denoise-v1.daemodel"
    return path


def words_of(capsys: Captured) -> str:
    captured = capsys.readouterr()
    return " ".join((captured.out + captured.err).split())


def test_a_model_is_imported_shown_and_removed(
    file: Path, tmp_path: Path, capsys: Captured
) -> None:
    assert cli.run(["models", "import", str(file)]) == 0
    assert capsys.readouterr().out == f"{ID}-2\n"
    assert cli.run(["models", "list"]) == 0
    shown = words_of(capsys)
    assert f"{ID} *" in shown and f"{ID}-2" in shown and "own" in shown
    assert cli.run(["models", "show", f"{ID}-2"]) == 0
    assert "Look [red]here (2)" in words_of(capsys)
    assert cli.run(["models", "remove", f"{ID}-2"]) == 0
    assert not list((tmp_path / "own").rglob("*.safetensors"))
    assert cli.run(["models", "show", f"{ID}-2"]) == 2


def test_lists_and_cards_are_there_for_scripts(file: Path, capsys: Captured) -> None:
    assert cli.run(["models", "import", str(file), "--default"]) == 0
    capsys.readouterr()
    assert cli.run(["models", "list", "--task", "image/denoise", "--json"]) == 0
    cards = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    about = {card["id"]: (card["own"], card["default"]) for card in cards}
    assert about == {ID: (False, False), f"{ID}-2": (True, True)}
    assert cli.run(["models", "show", f"{ID}-2", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["net"] == "unet2d"


def test_a_model_that_is_there_already_is_named(file: Path, capsys: Captured) -> None:
    cli.run(["models", "import", str(file)])
    capsys.readouterr()
    assert cli.run(["models", "import", str(file)]) == 0
    captured = capsys.readouterr()
    assert captured.out == f"{ID}-2\n"
    assert "there already" in captured.err


def test_a_bad_file_is_a_sentence_and_status_2(tmp_path: Path, capsys: Captured) -> None:
    path = tmp_path / "bad.daemodel"
    path.write_text("no")
    assert cli.run(["models", "import", str(path)]) == 2
    assert "bad.daemodel is no model of Desktop AE" in words_of(capsys)
    assert not (tmp_path / "own").exists()


def test_a_shipped_model_stays(capsys: Captured) -> None:
    assert cli.run(["models", "remove", ID]) == 2
    assert "came with the program" in words_of(capsys)


def test_clean_begins_with_the_model_that_was_chosen(
    file: Path, tmp_path: Path, capsys: Captured
) -> None:
    noise = np.random.default_rng(3).integers(0, 255, (30, 40, 3), dtype=np.uint8)
    Image.fromarray(noise).save(tmp_path / "a.png")
    cli.run(["models", "import", str(file)])  # it leaves every picture as it is
    capsys.readouterr()
    clean = ["clean", str(tmp_path / "a.png"), "--json"]
    assert cli.run([*clean, "--model", f"{ID}-2"]) == 0
    assert json.loads(capsys.readouterr().out)["status"] == "unchanged"
    assert cli.run(["models", "default", f"{ID}-2"]) == 0
    capsys.readouterr()
    assert cli.run(clean) == 0
    assert json.loads(capsys.readouterr().out)["status"] in ("unchanged", "skipped")
    assert cli.run(["models", "default", ID]) == 0
    capsys.readouterr()
    assert cli.run(clean) == 0
    assert json.loads(capsys.readouterr().out)["status"] == "cleaned"
