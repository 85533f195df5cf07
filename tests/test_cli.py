from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from desktop_ae import cli, cli_models, demo
from desktop_ae.core.library import ModelLibrary
from desktop_ae.jobs import CleanJob, Context
from tests.fakes import write_overlay_model


@pytest.fixture(autouse=True)
def _tiny_models(models: ModelLibrary, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "model_folders", lambda: models.folders)
    monkeypatch.setattr(cli_models, "model_folders", lambda: models.folders)
    monkeypatch.setattr(demo, "model_folders", lambda: models.folders)


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "in" / "ein Photo 😀.png"
    path.parent.mkdir()
    rng = np.random.default_rng(3)
    Image.fromarray(rng.integers(0, 255, (30, 40, 3), dtype=np.uint8)).save(path)
    return path


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_file_is_cleaned_beside_itself(photo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    content = photo.read_bytes()
    assert cli.run(["clean", str(photo), "--json"]) == 0
    (result,) = lines(capsys)
    assert result["status"] == "cleaned" and result["error"] is None
    assert result["source"] == str(photo)
    assert result["target"] == str(photo.with_name("ein Photo 😀_clean.png"))
    assert Path(str(result["target"])).is_file()
    assert isinstance(result["seconds"], float)
    assert photo.read_bytes() == content


def test_a_second_time_it_is_skipped(photo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["clean", str(photo), "--json"]
    cli.run(words)
    assert cli.run(words) == 0
    assert [line["status"] for line in lines(capsys)] == ["cleaned", "skipped"]
    assert cli.run([*words, "--strength", "0.5"]) == 0
    assert lines(capsys)[0]["status"] == "cleaned"


def test_what_made_a_result_stands_in_it_unless_that_is_turned_off(photo: Path) -> None:
    assert cli.run(["clean", str(photo), "--no-record"]) == 0
    assert cli.run(["clean", str(photo)]) == 0
    results = sorted(photo.parent.glob("*_clean*"))
    traces = [b"Desktop AE" in path.read_bytes() for path in results]
    assert sorted(traces) == [False, True]


def test_one_bad_file_does_not_stop_the_others(
    photo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = photo.with_name("bad.jpg")
    bad.write_text("no picture", encoding="utf-8")
    out = tmp_path / "out"
    paths = [str(photo.parent), str(photo.with_name("gone.png"))]
    status = cli.run(["clean", *paths, "--out", str(out), "--name", "{name} sauber", "--json"])
    assert status == 1
    results = lines(capsys)
    assert sorted(str(r["status"]) for r in results) == ["cleaned", "failed", "failed"]
    assert all(str(r["error"]).endswith(".") for r in results if r["status"] == "failed")
    assert [p.name for p in out.iterdir()] == ["ein Photo 😀 sauber.png"]


def test_for_people_there_is_a_sentence_a_file(
    photo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(["clean", str(photo)]) == 0
    written = capsys.readouterr()
    assert written.out == ""
    assert "cleaned" in written.err and "1 cleaned" in written.err


@pytest.mark.parametrize(
    "words",
    [
        ["clean"],
        ["clean", "x.png", "--strength", "2"],
        ["clean", "x.png", "--task", "image/nonsense"],
        ["models", "show", "image/none"],
        ["bench", "image/denoise", "--data", "nowhere"],
        ["nonsense"],
        ["clean", "--nonsense"],
    ],
)
def test_bad_usage_is_status_2(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(words) == 2
    assert capsys.readouterr().err


def test_an_unknown_model_fails_in_words(photo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["clean", str(photo), "--model", "image/none", "--json"]) == 1
    (result,) = lines(capsys)
    assert "image/none" in str(result["error"])


def test_models_are_listed_and_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["models", "list", "--json"]) == 0
    (card,) = lines(capsys)
    assert card["id"] == "image/denoise-v1"
    assert cli.run(["models", "show", "image/denoise-v1", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["net"] == "unet2d"


def test_bench_writes_what_it_measured_into_the_card(
    photo: Path, models: ModelLibrary, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "trained"
    shutil.copytree(models.card("image/denoise-v1").folder, folder)
    words = ["bench", "image/denoise", "--data", str(photo.parent), "--peers", "none"]
    assert cli.run([*words, "--model", str(folder), "--write", "--json"]) == 0
    scores = lines(capsys)
    assert len(scores) == 8
    card = json.loads((folder / "card.json").read_text(encoding="utf-8"))
    assert card["measured"] == scores
    assert "dB at σ 25" in card["summary"]


def test_train_makes_a_model_that_can_be_used(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    from desktop_ae.domains.image import recipes

    small = replace(recipes.DENOISE, arguments={"channels": [8, 8], "blocks": [1, 1]}, batch=2)
    monkeypatch.setattr(recipes, "DENOISE", small)
    data = tmp_path / "data"
    data.mkdir()
    pixels = np.random.default_rng(1).integers(0, 255, (170, 170, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(data / "a.png")
    words = ["train", "image/denoise", "--data", str(data), "--out", str(tmp_path / "runs")]
    assert cli.run([*words, "--minutes", "0.02"]) == 0
    folder = tmp_path / "runs" / "image-denoise" / "model"
    card = json.loads((folder / "card.json").read_text(encoding="utf-8"))
    steps = card["trained"]["steps"]
    assert steps > 0
    assert cli.run([*words, "--minutes", "0.04", "--resume"]) == 0
    card = json.loads((folder / "card.json").read_text(encoding="utf-8"))
    assert card["trained"]["steps"] > steps
    bench = ["bench", "image/denoise", "--data", str(data), "--peers", "none"]
    assert cli.run([*bench, "--model", str(folder)]) == 0


def test_train_without_data_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["train", "image/denoise", "--data", str(tmp_path), "--minutes", "1"]) == 2
    assert "no photos" in " ".join(capsys.readouterr().err.split())


def test_demo_runs_the_samples_through_the_engine(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], qapp: object
) -> None:
    status = cli.run(["demo", "--out", str(tmp_path / "demo")])
    names = {path.name for path in (tmp_path / "demo").iterdir()}
    assert status in (0, 1)  # the tiny model cleans nothing; test_shipped_models asks for more
    assert {"photo-astronaut-before-after.png", "photo-astronaut_clean.jpg"} <= names
    assert "psnr db" in capsys.readouterr().out


def test_options_are_named_with_their_values(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["options"]) == 0
    shown = capsys.readouterr().out
    assert "document/clean" in shown and "colour, grey, bw" in shown and "deskew" in shown


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--option", "size=big"], "There is no option “size”."),
        (["--task", "document/clean", "-o", "mode=pink"], "mode cannot be “pink”."),
    ],
)
def test_an_unknown_option_or_value_is_bad_usage(
    photo: Path, capsys: pytest.CaptureFixture[str], words: list[str], sentence: str
) -> None:
    assert cli.run(["clean", str(photo), *words]) == 2
    assert sentence in " ".join(capsys.readouterr().err.split())
    assert [p.name for p in photo.parent.iterdir()] == [photo.name]


def test_options_reach_only_the_tasks_that_have_them(
    photo: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    seen: list[CleanJob] = []
    real = cli._run

    def remembering(job: CleanJob, context: Context) -> dict[str, object]:
        seen.append(job)
        return real(job, context)

    monkeypatch.setattr(cli, "_run", remembering)
    words = ["clean", str(photo), "-o", "mode=bw", "-o", "deskew=on", "--password", "secret"]
    assert cli.run(words) == 0
    assert seen[0].options == {"password": "secret"}
    assert "secret" not in repr(seen[0])


@pytest.fixture
def marked(photo: Path, models: ModelLibrary) -> tuple[Path, Path]:
    """A photo with a white box, and a mask of another place."""
    write_overlay_model(models.folders[0])
    rng = np.random.default_rng(3)
    pixels = rng.integers(40, 120, (60, 80, 3), dtype=np.uint8)
    pixels[10:20, 10:30] = 255
    Image.fromarray(pixels).save(photo)
    mask = np.zeros((60, 80), np.uint8)
    mask[40:50, 50:70] = 255
    path = photo.with_name("mask.bmp")
    Image.fromarray(mask).save(path)
    return photo, path


MARKS = ["--task", "image/watermark", "--json"]


def changed(photo: Path, result: dict[str, object]) -> np.ndarray:
    with Image.open(photo) as before, Image.open(str(result["target"])) as after:
        differs: np.ndarray = (np.asarray(before) != np.asarray(after)).any(axis=2)
    return differs


def test_an_overlay_is_found_and_its_mask_saved(
    marked: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    photo, _ = marked
    assert cli.run(["clean", str(photo), "--save-mask", *MARKS]) == 0
    (result,) = lines(capsys)
    differs = changed(photo, result)
    assert differs[10:20, 10:30].all() and not differs[30:].any()
    assert result["mask"] == str(photo.with_name("ein Photo 😀_clean_mask.png"))
    with Image.open(str(result["mask"])) as saved:
        assert saved.mode == "L" and saved.size == (80, 60)
        assert np.asarray(saved)[10:20, 10:30].min() > 250


def test_a_mask_from_a_file_says_where(
    marked: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    photo, mask = marked
    assert cli.run(["clean", str(photo), "--mask", str(mask), *MARKS]) == 0
    (result,) = lines(capsys)
    assert result["mask"] is None
    differs = changed(photo, result)
    assert differs[41:49, 51:69].all() and not differs[:30].any()
    assert cli.run(["clean", str(photo), *MARKS]) == 0
    assert [r["status"] for r in lines(capsys)] == ["cleaned"], "another mask, another result"


@pytest.mark.parametrize("words", [["--save-mask"], ["--mask", "mask.bmp"]])
@pytest.mark.parametrize("task", ["auto", "image/denoise", "document/clean"])
def test_a_task_without_masks_is_bad_usage(
    marked: tuple[Path, Path],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
    task: str,
) -> None:
    monkeypatch.chdir(marked[0].parent)
    assert cli.run(["clean", str(marked[0]), "--task", task, *words]) == 2
    written = " ".join(capsys.readouterr().err.split())
    assert "--mask and --save-mask need --task image/watermark." in written


@pytest.mark.parametrize(
    ("pixels", "sentence"),
    [
        (np.zeros((60, 80), np.uint8), "m.png marks nothing"),
        (np.full((60, 80), 255, np.uint8), "m.png marks nearly the whole picture"),
        (np.full((60, 80, 3), (255, 0, 0), np.uint8), "m.png is coloured"),
        (None, "m.png is no longer there."),
    ],
)
def test_a_bad_mask_is_bad_usage(
    marked: tuple[Path, Path],
    capsys: pytest.CaptureFixture[str],
    pixels: np.ndarray | None,
    sentence: str,
) -> None:
    path = marked[0].with_name("m.png")
    if pixels is not None:
        Image.fromarray(pixels).save(path)
    assert cli.run(["clean", str(marked[0]), "--mask", str(path), *MARKS]) == 2
    assert sentence in " ".join(capsys.readouterr().err.split())


def test_a_mask_of_another_shape_fails_its_picture_alone(
    marked: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    photo, mask = marked
    other = photo.with_name("other.png")
    Image.new("RGB", (50, 50), (90, 90, 90)).save(other)
    assert cli.run(["clean", str(photo), str(other), "--mask", str(mask), *MARKS]) == 1
    first, second = lines(capsys)
    assert first["status"] == "cleaned"
    sentence = "mask.bmp is 80 × 60 pixels, the picture 50 × 50: it does not fit."
    assert second["error"] == sentence


def test_nothing_found_is_said(
    marked: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    photo, _ = marked
    Image.new("RGB", (50, 50), (90, 90, 90)).save(photo)
    assert cli.run(["clean", str(photo), "--save-mask", *MARKS]) == 0
    (result,) = lines(capsys)
    assert (result["status"], result["target"], result["mask"]) == ("unchanged", None, None)
    assert result["note"] == "Nothing found, left alone"
