from __future__ import annotations

import json
import struct
import threading
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save

from desktop_ae.core import library as library_module
from desktop_ae.core.card import CARD_NAME, ModelCard
from desktop_ae.core.errors import BadModel, UnknownName
from desktop_ae.core.library import Model, ModelLibrary
from tests.fakes import tiny_net, write_model, write_weights


def test_models_are_found_by_their_cards_without_looking_at_weights(tmp_path: Path) -> None:
    write_model(tmp_path)
    write_model(tmp_path, id="audio/speech-v1", task="audio/denoise")
    for weights in tmp_path.rglob("*.safetensors"):
        weights.unlink()
    library = ModelLibrary([tmp_path])
    assert [card.id for card in library.cards()] == ["audio/speech-v1", "image/denoise-v1"]
    assert [card.id for card in library.cards("image/denoise")] == ["image/denoise-v1"]
    assert library.problems == []


def test_folders_that_do_not_exist_hold_no_models(tmp_path: Path) -> None:
    library = ModelLibrary([tmp_path / "nothing"])
    assert (library.cards(), library.problems) == ([], [])


def test_the_first_folder_wins_over_a_model_of_the_same_name(tmp_path: Path) -> None:
    write_model(tmp_path / "shipped", title="Shipped")
    write_model(tmp_path / "person", title="Mine")
    library = ModelLibrary([tmp_path / "shipped", tmp_path / "person"])
    assert [card.title for card in library.cards()] == ["Shipped"]


def test_a_bad_card_is_named_and_the_good_ones_stay(tmp_path: Path) -> None:
    write_model(tmp_path)
    for name, content in {"cut": b"{", "deep": b"[" * 100_000, "list": b"[]"}.items():
        (tmp_path / "image" / name).mkdir()
        (tmp_path / "image" / name / CARD_NAME).write_bytes(content)
    library = ModelLibrary([tmp_path])
    assert [card.id for card in library.cards()] == ["image/denoise-v1"]
    assert len(library.problems) == 3
    for name, problem in zip(("cut", "deep", "list"), library.problems, strict=True):
        assert str(tmp_path / "image" / name) in str(problem)


def test_a_card_in_a_folder_of_another_name_is_a_problem(tmp_path: Path) -> None:
    write_model(tmp_path)
    (tmp_path / "image" / "denoise-v1").rename(tmp_path / "image" / "renamed")
    library = ModelLibrary([tmp_path])
    assert library.cards() == []
    assert [str(p) for p in library.problems] == [
        "The card in image/renamed says that it is image/denoise-v1."
    ]


def test_scanning_again_finds_what_was_added_and_forgets_old_problems(tmp_path: Path) -> None:
    bad = tmp_path / "image" / "denoise-v1"
    bad.mkdir(parents=True)
    (bad / CARD_NAME).write_text("{")
    library = ModelLibrary([tmp_path])
    assert len(library.problems) == 1
    write_model(tmp_path)
    library.scan()
    assert library.problems == []
    assert library.card("image/denoise-v1").title == "Tiny"


def test_an_unknown_model_is_a_sentence_with_the_known_ones(models: ModelLibrary) -> None:
    with pytest.raises(UnknownName, match="no model “image/x”. There are: image/denoise-v1"):
        models.load("image/x")
    with pytest.raises(UnknownName, match="There are: none"):
        ModelLibrary([]).card("image/x")


def test_a_loaded_net_has_the_weights_of_the_file_and_does_not_learn(models: ModelLibrary) -> None:
    net = models.load("image/denoise-v1").net
    wanted = tiny_net().state_dict()
    assert all(torch.equal(value, wanted[name]) for name, value in net.state_dict().items())
    assert not net.training
    assert not any(p.requires_grad for p in net.parameters())


def test_half_precision_weights_are_loaded_as_float32(tmp_path: Path) -> None:
    halved = {name: value.half() for name, value in tiny_net().state_dict().items()}
    write_weights(tmp_path, save(halved))
    net = ModelLibrary([tmp_path]).load("image/denoise-v1").net
    assert {p.dtype for p in net.parameters()} == {torch.float32}


def test_a_model_is_loaded_once_however_many_threads_ask(
    models: ModelLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []
    real = library_module.load_model

    def counted(card: ModelCard) -> Model:
        calls.append(card.id)
        return real(card)

    monkeypatch.setattr(library_module, "load_model", counted)
    found: list[Model] = []
    threads = [
        threading.Thread(target=lambda: found.append(models.load("image/denoise-v1")))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(found) == 8
    assert len({id(model) for model in found}) == 1
    assert calls == ["image/denoise-v1"]


def refusal(root: Path) -> str:
    """What the library says about its model; the card itself must be fine."""
    library = ModelLibrary([root])
    assert library.problems == []
    with pytest.raises(BadModel) as caught:
        library.load("image/denoise-v1")
    return str(caught.value)


def test_one_changed_bit_in_the_weights_is_refused(tmp_path: Path) -> None:
    card = write_model(tmp_path)
    content = bytearray(card.weights.read_bytes())
    content[-1] ^= 1
    card.weights.write_bytes(content)
    assert "were changed: their checksum is wrong" in refusal(tmp_path)


@pytest.mark.parametrize("cut", [slice(0), slice(100), slice(-1)])
def test_truncated_weights_are_refused(tmp_path: Path, cut: slice) -> None:
    card = write_model(tmp_path)
    card.weights.write_bytes(card.weights.read_bytes()[cut])
    assert "not those of its card (size)" in refusal(tmp_path)


def test_missing_weights_are_refused(tmp_path: Path) -> None:
    write_model(tmp_path).weights.unlink()
    assert "cannot be read: No such file" in refusal(tmp_path)


def header(facts: Any) -> bytes:
    text = facts if isinstance(facts, bytes) else json.dumps(facts).encode()
    return struct.pack("<Q", len(text)) + text


def all_but_the_tail() -> bytes:
    return save({k: v for k, v in tiny_net().state_dict().items() if "tail" not in k})


def with_one_more() -> bytes:
    return save({**tiny_net().state_dict(), "extra": torch.zeros(1)})


def of_a_wider_net() -> bytes:
    from desktop_ae.nets import build_net

    return save(build_net("unet2d", {"channels": [12, 16], "blocks": [1, 1]}).state_dict())


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x80\x04cos\nsystem\n",
        struct.pack("<Q", 2**63) + b"{}",
        struct.pack("<Q", 90_000_000) + b"{" * 100,
        header(b"no json at all"),
        header({"head.weight": {"dtype": "F32", "shape": [9], "data_offsets": [0, 10**12]}}),
        save(tiny_net().state_dict())[:-64],
        all_but_the_tail(),
        with_one_more(),
        of_a_wider_net(),
    ],
    ids=[
        "empty",
        "a pickle",
        "header beyond all memory",
        "header larger than the file",
        "header of rubbish",
        "data beyond the end",
        "cut",
        "a layer is missing",
        "a layer too many",
        "wrong shape",
    ],
)
def test_weights_that_their_card_vouches_for_but_do_not_fit_are_refused(
    tmp_path: Path, content: bytes
) -> None:
    write_weights(tmp_path, content)
    assert refusal(tmp_path) == ("The weights of image/denoise-v1 do not fit the net “unet2d”.")


@pytest.mark.parametrize(
    "changed",
    [
        {"net": "resnet"},
        {"arguments": {"channels": [8, 16], "blocks": [1]}},
        {"arguments": {"depth": 3}},
        {"arguments": {"channels": 8, "blocks": 1}},
        {"arguments": {"channels": "ab", "blocks": "ab"}},
    ],
)
def test_a_net_that_cannot_be_built_is_refused(tmp_path: Path, changed: dict[str, Any]) -> None:
    write_model(tmp_path, **changed)
    assert "do not fit the net" in refusal(tmp_path)
