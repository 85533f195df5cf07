from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from safetensors.torch import save

from desktop_ae.core.errors import BadModel, Cancelled, UnknownName
from desktop_ae.core.library import ModelLibrary
from desktop_ae.core.work import CancelToken
from desktop_ae.jobs import Context
from desktop_ae.model_jobs import ExportJob, ImportJob, export_name
from tests.fakes import tiny_net, write_model, write_weights

ID = "image/denoise-v1"


@pytest.fixture
def library(tmp_path: Path) -> ModelLibrary:
    write_model(tmp_path / "shipped")
    return ModelLibrary([tmp_path / "shipped", tmp_path / "own"])


def file_of(tmp_path: Path, content: bytes | None = None, **changed: Any) -> Path:
    """A `.daemodel` of a model from elsewhere."""
    root = tmp_path / "elsewhere"
    if content is None:
        card = write_model(root, identity=True, **changed)
    else:
        card = write_weights(root, content, **changed)
    return ExportJob(card.id, tmp_path / export_name(card)).run(Context(ModelLibrary([root])))


def test_a_model_goes_from_one_library_to_another(library: ModelLibrary, tmp_path: Path) -> None:
    path = file_of(tmp_path, id="image/mine", title="Mine", parent=ID)
    assert path.name == "image-mine.daemodel"
    imported = ImportJob(path).run(Context(library))
    assert imported.is_new
    assert (imported.card.id, imported.card.parent) == ("image/mine", ID)
    assert library.load("image/mine").card.title == "Mine"


def test_a_taken_id_with_other_weights_gets_a_free_one(
    library: ModelLibrary, tmp_path: Path
) -> None:
    imported = ImportJob(file_of(tmp_path)).run(Context(library))
    assert (imported.is_new, imported.card.id) == (True, f"{ID}-2")


def test_the_same_weights_are_there_already(library: ModelLibrary, tmp_path: Path) -> None:
    shipped = ExportJob(ID, tmp_path / "a").run(Context(library))
    assert ImportJob(shipped).run(Context(library)).card == library.card(ID)
    path = file_of(tmp_path, id="image/mine")
    first = ImportJob(path).run(Context(library))
    again = ImportJob(path).run(Context(library))
    assert (again.is_new, again.card) == (False, first.card)
    assert len(library.cards()) == 2


def refused(library: ModelLibrary, path: Path) -> str:
    """The sentence; nothing may be added."""
    with pytest.raises(BadModel) as caught:
        ImportJob(path).run(Context(library))
    assert [card.id for card in library.cards()] == [ID]
    assert not library.folders[-1].exists()
    return str(caught.value)


def test_a_text_with_the_name_of_a_model_is_refused(library: ModelLibrary, tmp_path: Path) -> None:
    path = tmp_path / "notes.daemodel"
    path.write_text("hello")
    assert refused(library, path) == (
        "notes.daemodel is no model of Desktop AE, or it is cut short."
    )


def test_a_net_that_fails_at_its_task_is_refused(library: ModelLibrary, tmp_path: Path) -> None:
    from desktop_ae.nets import build_net

    arguments = {"channels": [8, 16], "blocks": [1, 1], "in_channels": 4}
    content = save(build_net("unet2d", arguments).state_dict())
    path = file_of(tmp_path, content, id="image/mine", arguments=arguments)
    assert "fails at what it is for: image/denoise" in refused(library, path)


def test_a_net_whose_results_are_no_numbers_is_refused(
    library: ModelLibrary, tmp_path: Path
) -> None:
    weights = {k: v.clone() for k, v in tiny_net().state_dict().items()}
    weights["tail.weight"][:] = 3e38
    path = file_of(tmp_path, save(weights), id="image/mine")
    assert "image-mine.daemodel" in refused(library, path)


def test_a_model_for_a_task_that_is_not_there_is_refused(
    library: ModelLibrary, tmp_path: Path
) -> None:
    path = file_of(tmp_path, id="mri/x", task="mri/denoise")
    assert "which this program does not do" in refused(library, path)


def test_a_stopped_import_adds_nothing(library: ModelLibrary, tmp_path: Path) -> None:
    token = CancelToken()
    token.stop()
    with pytest.raises(Cancelled):
        ImportJob(file_of(tmp_path)).run(Context(library, token=token))
    assert len(library.cards()) == 1


def test_a_model_that_is_not_there_is_not_exported(library: ModelLibrary, tmp_path: Path) -> None:
    with pytest.raises(UnknownName):
        ExportJob("image/none", tmp_path / "a").run(Context(library))
