from __future__ import annotations

import errno
import os
import time
from dataclasses import replace
from pathlib import Path

import pytest

from desktop_ae.core.card import ModelCard
from desktop_ae.core.errors import NotWritable, ShippedModel, UnknownName
from desktop_ae.core.library import ModelLibrary
from desktop_ae.domains import task_named
from tests.fakes import FullDisk, write_model

ID = "image/denoise-v1"


@pytest.fixture
def library(tmp_path: Path) -> ModelLibrary:
    """With a shipped model, and a folder for own ones that is not there yet."""
    write_model(tmp_path / "shipped", title="Photo")
    return ModelLibrary([tmp_path / "shipped", tmp_path / "own"])


def stranger(tmp_path: Path, **changed: object) -> tuple[ModelCard, bytes]:
    """A model from elsewhere, with other weights than the shipped one."""
    card = write_model(tmp_path / "elsewhere", identity=True, **changed)
    return card, card.weights.read_bytes()


def files(folder: Path) -> list[str]:
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def test_an_added_model_can_be_loaded_and_is_ones_own(
    library: ModelLibrary, tmp_path: Path
) -> None:
    card = library.add(*stranger(tmp_path, id="image/mine"))
    assert card == library.card("image/mine")
    assert library.is_own(card) and not library.is_own(library.card(ID))
    assert library.load("image/mine").card.folder == tmp_path / "own" / "image" / "mine"
    assert files(tmp_path / "own") == ["image/mine/card.json", "image/mine/weights.safetensors"]
    assert ModelLibrary(library.folders).problems == []


def test_an_id_that_is_taken_gets_a_number(library: ModelLibrary, tmp_path: Path) -> None:
    model = stranger(tmp_path, title="Photo")
    first, second = library.add(*model), library.add(*model)
    assert (first.id, first.title) == (f"{ID}-2", "Photo (2)")
    assert (second.id, second.title) == (f"{ID}-3", "Photo (3)")
    assert library.card(ID).sha256 != first.sha256
    assert library.load(first.id).card.id == first.id


def test_a_folder_that_is_there_already_is_not_touched(
    library: ModelLibrary, tmp_path: Path
) -> None:
    (tmp_path / "own" / "image" / "mine").mkdir(parents=True)
    (tmp_path / "own" / "image" / "mine" / "card.json").write_text("{")
    assert library.add(*stranger(tmp_path, id="image/mine")).id == "image/mine-2"
    assert (tmp_path / "own" / "image" / "mine" / "card.json").read_text() == "{"


def test_the_same_weights_are_known_again(library: ModelLibrary, tmp_path: Path) -> None:
    other, _ = stranger(tmp_path)
    assert library.find_twin(other) is None
    assert library.find_twin(replace(library.card(ID), id="image/renamed")) == library.card(ID)


@pytest.mark.parametrize("at", ["fsync", "link"])
def test_a_disk_that_fills_up_leaves_nothing(
    library: ModelLibrary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    model = stranger(tmp_path, id="image/mine")
    FullDisk(monkeypatch, at)
    with pytest.raises(NotWritable, match="No space left"):
        library.add(*model)
    assert files(tmp_path / "own") == []
    assert [c.id for c in library.cards()] == [ID]


def test_what_a_kill_left_half_written_is_no_model(library: ModelLibrary, tmp_path: Path) -> None:
    card, weights = stranger(tmp_path, id="image/mine")
    added = library.add(card, weights)
    half = tmp_path / "own" / "image" / ".0123456789abcdef.part"
    added.folder.rename(half)
    library.scan()
    assert [c.id for c in library.cards()] == [ID]
    assert library.problems == []
    library.empty_trash()
    assert half.exists(), "it may be another window's work"
    os.utime(half, (0, time.time() - 2 * 24 * 3600))
    library.empty_trash()
    assert not half.exists()


def test_a_deleted_model_comes_back_until_the_trash_is_emptied(
    library: ModelLibrary, tmp_path: Path
) -> None:
    card = library.add(*stranger(tmp_path, id="image/mine"))
    library.load(card.id)
    removed = library.remove(card.id)
    with pytest.raises(UnknownName):
        library.load(card.id)
    assert library.problems == []
    assert library.put_back(removed) == card
    assert library.load(card.id).card == card
    library.remove(card.id)
    library.empty_trash()
    assert files(tmp_path / "own") == []


def test_a_deleted_model_comes_back_beside_one_that_took_its_id(
    library: ModelLibrary, tmp_path: Path
) -> None:
    model = stranger(tmp_path, id="image/mine")
    library.add(*model)
    removed = library.remove("image/mine")
    library.add(*model)
    assert library.put_back(removed).id == "image/mine-2"
    assert library.problems == []


def test_a_shipped_model_is_not_deleted(library: ModelLibrary) -> None:
    with pytest.raises(ShippedModel, match="came with the program"):
        library.remove(ID)
    assert library.card(ID).weights.is_file()


def test_a_library_without_an_own_folder_takes_nothing(
    models: ModelLibrary, tmp_path: Path
) -> None:
    with pytest.raises(NotWritable):
        models.add(*stranger(tmp_path))
    with pytest.raises(NotWritable):
        models.put_default(ID)
    models.empty_trash()


def test_a_task_begins_with_what_the_person_chose(library: ModelLibrary, tmp_path: Path) -> None:
    task = task_named("image/denoise")
    assert library.default_for(task) == ID
    card = library.add(*stranger(tmp_path, id="image/mine"))
    assert library.default_for(task) == ID
    library.put_default(card.id)
    assert ModelLibrary(library.folders).default_for(task) == "image/mine"
    removed = library.remove(card.id)
    assert library.default_for(task) == ID
    library.put_back(removed)
    assert library.default_for(task) == "image/mine"
    with pytest.raises(UnknownName):
        library.put_default("image/none")


def test_where_none_ships_a_task_begins_with_any_that_is_there(tmp_path: Path) -> None:
    library = ModelLibrary([tmp_path / "none", tmp_path / "own"])
    task = task_named("image/denoise")
    assert library.default_for(task) == task.default_model
    card = library.add(*stranger(tmp_path, id="image/mine"))
    assert library.default_for(task) == card.id


@pytest.mark.parametrize("content", ["", "[]", "[" * 100_000, '{"image/denoise": 5}'])
def test_a_damaged_list_of_choices_is_none(
    library: ModelLibrary, tmp_path: Path, content: str
) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "defaults.json").write_text(content)
    assert library.default_for(task_named("image/denoise")) == ID


def test_a_name_that_another_program_takes_just_now_is_passed_over(
    library: ModelLibrary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, calls = Path.rename, []

    def rename(path: Path, target: Path) -> Path:
        calls.append(target)
        if len(calls) == 1:
            raise OSError(errno.ENOTEMPTY, os.strerror(errno.ENOTEMPTY))
        return real(path, target)

    monkeypatch.setattr(Path, "rename", rename)
    assert library.add(*stranger(tmp_path, id="image/mine")).id == "image/mine-2"
