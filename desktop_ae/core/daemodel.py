"""A model in one file, `NAME.daemodel`: a plain zip of its card and its weights, nothing else.

Whoever sends such a file is not trusted. Its members are read into memory, never extracted; sizes
are known before anything is read, because members are stored and not compressed; nothing in it can
run code, because weights are numbers in safetensors.
"""

from __future__ import annotations

import math
import re
import stat
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from desktop_ae.core.card import (
    CARD_NAME,
    LARGEST_CARD_BYTES,
    WEIGHTS_NAME,
    ModelCard,
    ModelInput,
    card_bytes,
    card_of,
)
from desktop_ae.core.errors import BadModel
from desktop_ae.core.library import Model, load_model, model_of
from desktop_ae.core.safe_tensors import check_tensors
from desktop_ae.core.saving import new_file

SUFFIX = ".daemodel"
LARGEST_WEIGHTS_BYTES = 64 * 2**20
_LARGEST_FILE = LARGEST_WEIGHTS_BYTES + LARGEST_CARD_BYTES + 4096
_MEMBERS = {CARD_NAME: LARGEST_CARD_BYTES, WEIGHTS_NAME: LARGEST_WEIGHTS_BYTES}
_END_BYTES = 22  # of the record that ends a zip without a comment
_LARGEST_DIRECTORY = 4096
_PART_OF_ID = re.compile(r"[^\W_][\w .()-]{0,63}(?<![ .])")
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
_LONGEST_TEXTS = {"title": 120, "summary": 400, "net": 40, "sha256": 64}
_LARGEST_ARGUMENT, _LONGEST_ARGUMENT, _MOST_TILES = 1024, 16, 4


@dataclass(frozen=True, slots=True)
class Unpacked:
    """What a file holds, checked. weights: safetensors. `model.card.folder` is no folder."""

    model: Model
    weights: bytes


def pack(card: ModelCard, wanted: Path) -> Path:
    """Write a model into one new file, under `wanted` or a free name like it; the path it got.

    Raises BadModel if the weights are not those of the card, NotWritable.
    """
    load_model(card)
    content = {CARD_NAME: card_bytes(card), WEIGHTS_NAME: card.weights.read_bytes()}
    if wanted.suffix.lower() != SUFFIX:
        wanted = wanted.with_name(wanted.name + SUFFIX)
    with (
        new_file(wanted) as file,
        zipfile.ZipFile(file.scratch, "w", zipfile.ZIP_STORED, allowZip64=False) as archive,
    ):
        for name, data in content.items():
            # With a fixed date, the same model gives the same file.
            archive.writestr(zipfile.ZipInfo(name), data)
    assert file.target is not None
    return file.target


def unpack(path: Path, peers: Mapping[str, ModelInput | None]) -> Unpacked:
    """Read and check a file.

    peers: of each task there is, what its shipped model takes, which another one must take as
    well; None where none ships. Raises BadModel with a sentence about the first thing wrong.
    """
    try:
        card_content, weights = _members(path)
    except (OSError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        why = getattr(error, "strerror", None) or "it is damaged or cut short"
        raise BadModel(f"{path.name} cannot be read as a model: {why}.") from error
    except (NotImplementedError, RuntimeError, ValueError) as error:
        raise BadModel(f"{path.name} cannot be read as a model: it is damaged.") from error
    card = card_of(card_content, Path(path.name))
    _check_card(card, path.name)
    _check_task(card, path.name, peers)
    check_tensors(weights, path.name)
    if len(weights) != card.bytes:
        raise BadModel(f"The weights in {path.name} are not those of its card (size).")
    _check_arguments(card.arguments, path.name)
    model = model_of(card, weights)
    multiple = getattr(model.net, "multiple_of", 1)
    if card.input.multiple_of % multiple:
        raise BadModel(f"The card in {path.name} says a step of tiles that its net cannot take.")
    _check_numbers(model, path.name)
    return Unpacked(model, weights)


def _members(path: Path) -> tuple[bytes, bytes]:
    about = path.stat()
    if not stat.S_ISREG(about.st_mode):
        raise BadModel(f"{path.name} is no ordinary file.")
    if about.st_size > _LARGEST_FILE:
        raise BadModel(f"{path.name} is too large to be a model.")
    with path.open("rb") as file:
        _check_end(file, about.st_size, path.name)
        with zipfile.ZipFile(file) as archive:
            _check_list(archive.infolist(), path.name)
            return (
                _content(archive, CARD_NAME, path.name),
                _content(archive, WEIGHTS_NAME, path.name),
            )


def _check_end(file: IO[bytes], size: int, name: str) -> None:
    """Before zipfile reads the list of members: it would read one of millions as well."""
    file.seek(max(0, size - _END_BYTES - 20))
    tail = file.read(_END_BYTES + 20)
    end = tail[-_END_BYTES:]
    if len(end) < _END_BYTES or not end.startswith(b"PK\5\6"):
        raise BadModel(f"{name} is no model of Desktop AE, or it is cut short.")
    directory = int.from_bytes(end[12:16], "little")
    if directory > _LARGEST_DIRECTORY or tail[:-_END_BYTES].startswith(b"PK\6\7"):
        raise BadModel(f"{name} holds more than a card and weights.")


def _check_list(members: Iterable[zipfile.ZipInfo], name: str) -> None:
    listed = list(members)
    if sorted(member.filename for member in listed) != sorted(_MEMBERS):
        raise BadModel(f"{name} must hold {CARD_NAME} and {WEIGHTS_NAME}, and nothing else.")
    for member in listed:
        kind = stat.S_IFMT(member.external_attr >> 16)
        if kind not in (0, stat.S_IFREG) or member.flag_bits & 1:
            raise BadModel(f"{member.filename} in {name} is no ordinary file.")
        if member.compress_type != zipfile.ZIP_STORED or (member.file_size != member.compress_size):
            raise BadModel(f"{member.filename} in {name} is compressed: models are not.")
        if member.file_size > _MEMBERS[member.filename]:
            raise BadModel(f"{member.filename} in {name} is too large.")


def _content(archive: zipfile.ZipFile, member: str, name: str) -> bytes:
    most = _MEMBERS[member]
    with archive.open(member) as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise BadModel(f"{member} in {name} is too large.")
    return content


def _check_card(card: ModelCard, name: str) -> None:
    """What matters only in a stranger's card: names of folders, and what a page shows."""
    parts = card.id.split("/")
    for part in parts:
        if not _PART_OF_ID.fullmatch(part) or _RESERVED.fullmatch(part):
            raise BadModel(f"The card in {name} has an id that cannot be used.")
    if len(parts) != 2 or parts[0] != card.task.split("/")[0]:
        raise BadModel(f"The card in {name} has an id that does not belong to its task.")
    for fact, longest in _LONGEST_TEXTS.items():
        text = getattr(card, fact)
        if len(text) > longest or not text.isprintable():
            raise BadModel(f"The card in {name} has a “{fact}” that cannot be shown.")
    given = card.input
    rate = given.rate_hz
    numbers = (given.low, given.high, 1.0 if rate is None else rate)
    known = all(_is_number(number) for number in numbers) and isinstance(given.unit, str)
    lists = all(isinstance(item, dict) for item in (*card.data, *card.measured))
    if not known or not lists or not isinstance(card.parent, str | None):
        raise BadModel(f"The card in {name} has facts of the wrong kind.")
    if card.bytes > LARGEST_WEIGHTS_BYTES:
        raise BadModel(f"The weights of {name} are too large.")


def _check_task(card: ModelCard, name: str, peers: Mapping[str, ModelInput | None]) -> None:
    if card.task not in peers:
        raise BadModel(f"{name} is for “{card.task}”, which this program does not do.")
    peer, given = peers[card.task], card.input
    if peer is None:
        return
    facts = ("channels", "low", "high", "unit", "rate_hz")
    if any(getattr(given, fact) != getattr(peer, fact) for fact in facts):
        raise BadModel(f"The model in {name} takes other input than {card.task} gives it.")
    if given.tile > _MOST_TILES * peer.tile:
        raise BadModel(f"The card in {name} asks for tiles that are too large.")


def _check_arguments(arguments: Mapping[str, Any], name: str) -> None:
    """So that building the net takes no time or memory to speak of, before its weights say no."""
    inside: list[Any] = list(arguments.values())
    seen = 0
    while inside:
        value = inside.pop()
        seen += 1
        if isinstance(value, list) and len(value) <= _LONGEST_ARGUMENT:
            inside.extend(value)
        elif seen > 100 or not _is_number(value) or abs(value) > _LARGEST_ARGUMENT:
            raise BadModel(f"The card in {name} describes a net that this program does not know.")


def _check_numbers(model: Model, name: str) -> None:
    if not all(bool(weight.isfinite().all()) for weight in model.net.state_dict().values()):
        raise BadModel(f"The weights in {name} hold values that are no numbers.")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and math.isfinite(value)
