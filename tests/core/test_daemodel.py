from __future__ import annotations

import json
import stat
import struct
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save

from desktop_ae.core import daemodel
from desktop_ae.core.card import CARD_NAME, WEIGHTS_NAME, card_bytes
from desktop_ae.core.daemodel import pack, unpack
from desktop_ae.core.errors import BadModel, NotWritable
from desktop_ae.core.library import ModelLibrary
from tests.fakes import TINY_INPUT, FullDisk, tiny_net, write_weights

PEERS = {"image/denoise": TINY_INPUT}
Make = Callable[..., Path]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Writes a file from a card that vouches for the weights, with anything changed."""

    def write(weights: bytes | None = None, facts: Any = None, **changed: Any) -> Path:
        content = save(tiny_net().state_dict()) if weights is None else weights
        card = write_weights(tmp_path / "made", content, **changed)
        data = json.loads(card_bytes(card))
        for name, value in (facts or {}).items():
            where, _, inner = name.partition("__")
            if inner:
                data[where][inner] = value
            else:
                data[where] = value
        return zipped(tmp_path, [(CARD_NAME, json.dumps(data).encode()), (WEIGHTS_NAME, content)])

    return write


def zipped(folder: Path, members: list[tuple[Any, bytes]], how: int = zipfile.ZIP_STORED) -> Path:
    path = folder / "mine.daemodel"
    with zipfile.ZipFile(path, "w", how) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return path


def parts(path: Path) -> tuple[bytes, bytes]:
    with zipfile.ZipFile(path) as archive:
        return archive.read(CARD_NAME), archive.read(WEIGHTS_NAME)


def refusal(path: Path) -> str:
    with pytest.raises(BadModel) as caught:
        unpack(path, PEERS)
    sentence = str(caught.value)
    assert path.name in sentence and sentence.endswith(".") and "\n" not in sentence
    return sentence


def test_a_model_comes_back_from_its_file_as_it_was(models: ModelLibrary, tmp_path: Path) -> None:
    card = models.card("image/denoise-v1")
    path = pack(card, tmp_path / "out" / "mine")
    assert path == tmp_path / "out" / "mine.daemodel"
    unpacked = unpack(path, PEERS)
    assert replace(unpacked.model.card, folder=card.folder) == card
    assert unpacked.weights == card.weights.read_bytes()
    with zipfile.ZipFile(path) as archive:
        assert archive.namelist() == [CARD_NAME, WEIGHTS_NAME]
        assert {m.compress_type for m in archive.infolist()} == {zipfile.ZIP_STORED}


def test_a_file_that_exists_is_not_replaced(models: ModelLibrary, tmp_path: Path) -> None:
    card = models.card("image/denoise-v1")
    first = pack(card, tmp_path / "mine.daemodel")
    second = pack(card, tmp_path / "mine.daemodel")
    assert second == tmp_path / "mine (2).daemodel"
    assert first.read_bytes() == second.read_bytes()


def test_a_model_that_was_changed_is_not_packed(models: ModelLibrary, tmp_path: Path) -> None:
    card = models.card("image/denoise-v1")
    card.weights.write_bytes(b"x" * card.bytes)
    with pytest.raises(BadModel, match="checksum"):
        pack(card, tmp_path / "mine")
    assert not list(tmp_path.glob("*.daemodel"))


def test_a_full_disk_leaves_no_file(
    models: ModelLibrary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    FullDisk(monkeypatch, "fsync")
    with pytest.raises(NotWritable):
        pack(models.card("image/denoise-v1"), tmp_path / "out" / "mine")
    assert list((tmp_path / "out").iterdir()) == []


# --- no such file


def test_what_is_no_model_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mine.daemodel"
    assert "No such file" in refusal(path)
    path.write_text("not a model")
    assert "is no model of Desktop AE" in refusal(path)
    path.write_bytes(b"")
    assert "is no model of Desktop AE" in refusal(path)
    path.write_bytes(b"\x80\x04cos\nsystem\n(S'echo'\ntR.")
    assert "is no model of Desktop AE" in refusal(path)
    path.unlink()
    path.mkdir()
    assert "is no ordinary file" in refusal(path)


@pytest.mark.parametrize("keep", [10, 1000, -1, -30])
def test_a_truncated_file_is_refused(make: Make, keep: int) -> None:
    path = make()
    path.write_bytes(path.read_bytes()[:keep])
    assert "cut short" in refusal(path)


@pytest.mark.parametrize("at", [35, 900, 5000])
def test_a_changed_byte_is_refused(make: Make, at: int) -> None:
    path = make()
    content = bytearray(path.read_bytes())
    content[at] ^= 255
    path.write_bytes(content)
    refusal(path)


def test_a_file_too_large_is_refused_unread(make: Make) -> None:
    path = make()
    with path.open("rb+") as file:
        file.truncate(70 * 2**20)
    assert "too large" in refusal(path)


# --- members


@pytest.mark.parametrize(
    "names",
    [
        [CARD_NAME],
        [WEIGHTS_NAME],
        [CARD_NAME, WEIGHTS_NAME, "model.pkl"],
        [CARD_NAME, "../weights.safetensors"],
        [CARD_NAME, "/etc/weights.safetensors"],
        ["a/card.json", "a/weights.safetensors"],
        [CARD_NAME, "WEIGHTS.safetensors"],
        [CARD_NAME, "weights.bin"],
    ],
)
def test_other_members_are_refused(make: Make, tmp_path: Path, names: list[str]) -> None:
    card, weights = parts(make())
    path = zipped(tmp_path, [(n, card if n == CARD_NAME else weights) for n in names])
    assert "and nothing else" in refusal(path)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_given_twice_is_refused(make: Make, tmp_path: Path) -> None:
    card, weights = parts(make())
    members = [(CARD_NAME, card), (WEIGHTS_NAME, weights), (WEIGHTS_NAME, weights)]
    assert "and nothing else" in refusal(zipped(tmp_path, members))


def test_a_thousand_members_are_not_even_listed(make: Make, tmp_path: Path) -> None:
    path = zipped(tmp_path, [(f"{n}.json", b"") for n in range(1000)])
    assert "more than a card and weights" in refusal(path)


def test_a_link_is_refused(make: Make, tmp_path: Path) -> None:
    card, _ = parts(make())
    link = zipfile.ZipInfo(WEIGHTS_NAME)
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    path = zipped(tmp_path, [(CARD_NAME, card), (link, b"/etc/passwd")])
    assert "no ordinary file" in refusal(path)


def test_a_zip_bomb_is_refused_unpacked(make: Make, tmp_path: Path) -> None:
    card, _ = parts(make())
    members = [(CARD_NAME, card), (WEIGHTS_NAME, bytes(50 * 2**20))]
    path = zipped(tmp_path, members, zipfile.ZIP_DEFLATED)
    assert path.stat().st_size < 100_000
    assert "is compressed" in refusal(path)


def test_a_size_that_is_a_lie_is_refused(make: Make) -> None:
    path = make()
    content = path.read_bytes()
    directory = content.rindex(b"PK\1\2")
    sizes = directory + 20
    forged = struct.pack("<II", 60 * 2**20, 60 * 2**20)
    path.write_bytes(content[:sizes] + forged + content[sizes + 8 :])
    assert "cut short" in refusal(path)


def test_a_card_beyond_a_megabyte_is_refused(make: Make) -> None:
    assert "card.json in mine.daemodel is too large" in refusal(make(summary="x" * 1_000_000))


def test_weights_beyond_their_bound_are_refused(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(daemodel._MEMBERS, WEIGHTS_NAME, 1000)
    assert "weights.safetensors in mine.daemodel is too large" in refusal(make())


# --- the card


@pytest.mark.parametrize("card", [b"{", b"[]", b"{}", b"\xff\xfe", b"[" * 100_000])
def test_a_card_that_cannot_be_read_is_refused(make: Make, tmp_path: Path, card: bytes) -> None:
    _, weights = parts(make())
    refusal(zipped(tmp_path, [(CARD_NAME, card), (WEIGHTS_NAME, weights)]))


@pytest.mark.parametrize(
    "forged",
    [
        "image/../../evil",
        "../image/x",
        "/image/x",
        "image",
        "image/x/y",
        "image/.hidden",
        "image/x.",
        "image/nul",
        "image/a\\b",
        "image/a:b",
        "image/" + "x" * 100,
        "image/",
    ],
)
def test_an_id_that_leads_elsewhere_is_refused(make: Make, forged: str) -> None:
    assert "an id" in refusal(make(facts={"id": forged}))


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"id": "audio/denoise-v9"}, "does not belong to its task"),
        ({"task": "image/nonsense"}, "which this program does not do"),
        ({"title": "x" * 500}, "“title” that cannot be shown"),
        ({"title": "a\nb"}, "“title” that cannot be shown"),
        ({"data": ["text"]}, "facts of the wrong kind"),
        ({"measured": [1]}, "facts of the wrong kind"),
        ({"parent": 5}, "facts of the wrong kind"),
        ({"input__low": float("nan")}, "facts of the wrong kind"),
        ({"input__rate_hz": "fast"}, "facts of the wrong kind"),
        ({"input__channels": 1}, "takes other input"),
        ({"input__rate_hz": 8000.0}, "takes other input"),
        ({"input__tile": 80_000}, "tiles that are too large"),
        ({"input__multiple_of": 2}, "a step of tiles"),
        ({"folder": "/etc", "extra": 1}, "does not know"),
        ({"net": "resnet"}, "do not fit the net"),
        ({"arguments": {"channels": [8, 16], "blocks": [1, 10**9]}}, "describes a net"),
        ({"arguments": {"channels": [8] * 50, "blocks": [1] * 50}}, "describes a net"),
        ({"arguments": {"channels": "ab", "blocks": "ab"}}, "describes a net"),
        ({"arguments": {"depth": 3}}, "do not fit the net"),
    ],
)
def test_a_card_with_impossible_facts_is_refused(make: Make, facts: Any, words: str) -> None:
    assert words in (refusal_of_any(make(facts=facts)))


def refusal_of_any(path: Path) -> str:
    with pytest.raises(BadModel) as caught:
        unpack(path, PEERS)
    return str(caught.value)


# --- the weights


def test_a_forged_checksum_is_refused(make: Make) -> None:
    assert "checksum is wrong" in refusal_of_any(make(facts={"sha256": "0" * 64}))
    assert "(size)" in refusal(make(facts={"bytes": 5}))


def header(facts: Any, data: int = 36) -> bytes:
    text = facts if isinstance(facts, bytes) else json.dumps(facts).encode()
    return struct.pack("<Q", len(text)) + text + bytes(data)


def tensor(begin: int, end: int, *shape: int, kind: str = "F32") -> dict[str, Any]:
    return {"dtype": kind, "shape": shape, "data_offsets": [begin, end]}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no safetensors"),
        (b"\x80\x04cos\nsystem\n", "no safetensors"),
        (struct.pack("<Q", 2**63) + b"{}", "no safetensors"),
        (struct.pack("<Q", 5_000_000) + b" " * 5_000_000, "no safetensors"),
        (header(b"no json at all"), "makes no sense"),
        (header(b"[" * 100_000), "makes no sense"),
        (header([]), "makes no sense"),
        (header({"a": tensor(0, 36, 8)}), "makes no sense"),
        (header({"a": tensor(-36, 0, 9)}), "makes no sense"),
        (header({"a": tensor(0, 36, 9, kind="I64")}), "makes no sense"),
        (header({"a": tensor(0, 36, *[1] * 99)}), "makes no sense"),
        (
            header(b'{"a":{"dtype":"F32","shape":[9],"data_offsets":[0,36]},"a":{}}'),
            "makes no sense",
        ),
        (header({"a": tensor(0, 24, 6), "b": tensor(12, 36, 6)}), "overlap"),
        (header({"a": tensor(0, 12, 3), "b": tensor(24, 36, 3)}), "leave gaps"),
        (header({"a": tensor(0, 36, 9)}, data=20), "not as long"),
        (header({"a": tensor(0, 36, 9)}, data=50), "not as long"),
        (header({}), "not as long"),
        (save(tiny_net().state_dict())[:-64], "not as long"),
    ],
)
def test_weights_with_a_bad_header_are_refused(make: Make, content: bytes, words: str) -> None:
    assert words in refusal(make(weights=content))


def test_weights_of_another_shape_are_refused(make: Make) -> None:
    from desktop_ae.nets import build_net

    wider = save(build_net("unet2d", {"channels": [12, 16], "blocks": [1, 1]}).state_dict())
    assert "do not fit the net" in refusal_of_any(make(weights=wider))
    with_one_more = save({**tiny_net().state_dict(), "extra": torch.zeros(1)})
    assert "do not fit the net" in refusal_of_any(make(weights=with_one_more))


def test_weights_that_are_no_numbers_are_refused(make: Make) -> None:
    weights = {k: v.clone() for k, v in tiny_net().state_dict().items()}
    weights["tail.bias"][0] = torch.nan
    assert "no numbers" in refusal(make(weights=save(weights)))
