from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from desktop_ae.core.card import CARD_NAME, read_card, write_card
from desktop_ae.core.errors import BadModel
from tests.fakes import tiny_card


def card_with(folder: Path, **changed: Any) -> Path:
    """A card whose facts were changed; None takes a fact out."""
    write_card(tiny_card(), folder)
    facts = json.loads((folder / CARD_NAME).read_text(encoding="utf-8"))
    for name, value in changed.items():
        where, _, inner = name.partition("__")
        place, key = (facts[where], inner) if inner else (facts, where)
        place[key] = value
        if value is None:
            del place[key]
    (folder / CARD_NAME).write_text(json.dumps(facts), encoding="utf-8")
    return folder


def test_a_card_is_read_as_it_was_written(tmp_path: Path) -> None:
    card = tiny_card(summary="Räumt auf · साफ़", parent="image/older", data=[{"licence": "CC0"}])
    write_card(card, tmp_path)
    assert read_card(tmp_path) == card
    assert read_card(tmp_path).folder == tmp_path
    assert "folder" not in json.loads((tmp_path / CARD_NAME).read_text(encoding="utf-8"))


def test_a_card_can_leave_out_what_has_a_default(tmp_path: Path) -> None:
    card = read_card(card_with(tmp_path, parent=None, input__bf16=None, input__rate_hz=None))
    assert (card.parent, card.input.bf16, card.input.rate_hz) == (None, False, None)


def test_a_missing_card_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(BadModel, match="cannot be read"):
        read_card(tmp_path)


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"\xff\xfe\x00", b'{"id": ' + b"[" * 200_000],
    ids=["empty", "cut", "no text", "nested without end"],
)
def test_a_card_that_is_no_json_is_a_sentence(tmp_path: Path, content: bytes) -> None:
    (tmp_path / CARD_NAME).write_bytes(content)
    with pytest.raises(BadModel, match="cannot be read"):
        read_card(tmp_path)


@pytest.mark.parametrize("content", ["[]", "3", "null", '"card"'])
def test_a_card_that_is_no_record_is_a_sentence(tmp_path: Path, content: str) -> None:
    (tmp_path / CARD_NAME).write_text(content)
    with pytest.raises(BadModel, match="no record of facts"):
        read_card(tmp_path)


def test_a_card_of_many_megabytes_is_not_even_read(tmp_path: Path) -> None:
    (tmp_path / CARD_NAME).write_bytes(b" " * 1_000_001)
    with pytest.raises(BadModel, match="too large"):
        read_card(tmp_path)


@pytest.mark.parametrize("name", ["id", "task", "net", "arguments", "sha256", "bytes", "trained"])
def test_a_card_without_a_fact_or_with_a_wrong_one_names_it(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadModel, match=f"lacks “{name}”"):
        read_card(card_with(tmp_path, **{name: None}))
    with pytest.raises(BadModel, match=f"lacks “{name}”"):
        read_card(card_with(tmp_path, **{name: 1.5}))


@pytest.mark.parametrize(
    "changed",
    [
        {"licence": "CC0"},
        {"input": None},
        {"input": [3, 0.0, 1.0]},
        {"input__colour": "sRGB"},
        {"input__tile": None},
    ],
)
def test_a_card_with_unknown_or_missing_facts_is_a_sentence(
    tmp_path: Path, changed: dict[str, Any]
) -> None:
    with pytest.raises(BadModel, match="does not know"):
        read_card(card_with(tmp_path, **changed))


@pytest.mark.parametrize(
    "changed",
    [
        {"input__channels": 0},
        {"input__channels": "3"},
        {"input__multiple_of": -4},
        {"input__tile": 0},
        {"input__tile": 80.5},
        {"input__overlap": -4},
        {"input__overlap": "24"},
        {"input__overlap": [24]},
    ],
)
def test_a_card_with_an_impossible_tile_is_a_sentence(
    tmp_path: Path, changed: dict[str, Any]
) -> None:
    with pytest.raises(BadModel, match="impossible tile"):
        read_card(card_with(tmp_path, **changed))


@pytest.mark.parametrize(
    "changed", [{"input__overlap": 40}, {"input__tile": 82}, {"input__overlap": 22}]
)
def test_a_tile_must_fit_its_overlap_and_the_net(tmp_path: Path, changed: dict[str, Any]) -> None:
    with pytest.raises(BadModel, match="does not fit its overlap"):
        read_card(card_with(tmp_path, **changed))


def test_weights_lie_beside_the_card(tmp_path: Path) -> None:
    assert replace(tiny_card(), folder=tmp_path).weights == tmp_path / "weights.safetensors"
