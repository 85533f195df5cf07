"""The card of a model: the facts that stand beside its weights, read, checked and written."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from desktop_ae.core.errors import BadModel

CARD_NAME = "card.json"
WEIGHTS_NAME = "weights.safetensors"
LARGEST_CARD_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class ModelInput:
    """What a net takes.

    channels, low, high, unit: of one sample. multiple_of: sides must be. tile, overlap: how a
    large file is cut, in pixels or samples. bf16: the card's measurements show that it costs
    under 0.05 dB, so it may be used where the processor has it.
    """

    channels: int
    low: float
    high: float
    unit: str
    multiple_of: int
    tile: int
    overlap: int
    bf16: bool = False
    rate_hz: float | None = None


@dataclass(frozen=True, slots=True)
class ModelCard:
    """See `models/` in ARCHITECTURE.md. `folder` is where the card was read, not part of it."""

    id: str
    task: str
    title: str
    summary: str
    net: str
    arguments: Mapping[str, Any]
    input: ModelInput
    sha256: str
    bytes: int
    data: Sequence[Mapping[str, str]]
    measured: Sequence[Mapping[str, Any]]
    recipe: Mapping[str, Any]
    trained: Mapping[str, Any]
    parent: str | None = None
    folder: Path = field(default=Path(), compare=False)

    @property
    def label(self) -> str:
        """The id, with the start of the checksum: two trainings of one recipe share an id."""
        return f"{self.id} {self.sha256[:7]}"

    @property
    def weights(self) -> Path:
        return self.folder / WEIGHTS_NAME

    @property
    def written(self) -> float | None:
        """When the card was written here, in seconds since the epoch; None if it is gone."""
        try:
            return (self.folder / CARD_NAME).stat().st_mtime
        except OSError:
            return None


def read_card(folder: Path) -> ModelCard:
    """Read and check `folder/card.json`. Raises BadModel with a sentence."""
    path = folder / CARD_NAME
    try:
        if path.stat().st_size > LARGEST_CARD_BYTES:
            raise BadModel(f"The card {path} is too large to be a model's card.")
        content = path.read_bytes()
    except OSError as error:
        raise BadModel(f"The card {path} cannot be read: {error}") from error
    return card_of(content, folder)


def card_of(content: bytes, folder: Path) -> ModelCard:
    """The card in the bytes of a `card.json`, checked. Raises BadModel, which names `folder`."""
    try:
        facts = json.loads(content.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise BadModel(f"The card {folder / CARD_NAME} cannot be read: {error}.") from error
    return _checked(facts, folder)


def write_card(card: ModelCard, folder: Path) -> None:
    (folder / CARD_NAME).write_bytes(card_bytes(card))


def card_bytes(card: ModelCard) -> bytes:
    """What `card.json` holds: all but `folder`."""
    facts = asdict(card)
    del facts["folder"]
    return (json.dumps(facts, indent=2, ensure_ascii=False) + "\n").encode("utf-8")


_TYPES: Mapping[str, type | tuple[type, ...]] = {
    "id": str,
    "task": str,
    "title": str,
    "summary": str,
    "net": str,
    "arguments": dict,
    "sha256": str,
    "bytes": int,
    "data": list,
    "measured": list,
    "recipe": dict,
    "trained": dict,
}


def _checked(facts: object, folder: Path) -> ModelCard:
    where = folder / CARD_NAME
    if not isinstance(facts, dict):
        raise BadModel(f"The card {where} is no record of facts.")
    for name, kind in _TYPES.items():
        if not isinstance(facts.get(name), kind):
            raise BadModel(f"The card {where} lacks “{name}”, or it is of the wrong kind.")
    try:
        given = ModelInput(**facts["input"])
        card = ModelCard(**{**facts, "input": given, "folder": folder})
    except (KeyError, TypeError) as error:
        raise BadModel(f"The card {where} has facts that this program does not know.") from error
    sizes = (given.channels, given.multiple_of, given.tile, given.overlap)
    if not all(isinstance(size, int) for size in sizes) or min(sizes[:3]) < 1 or sizes[3] < 0:
        raise BadModel(f"The card {where} has an impossible tile.")
    # A tile that begins off the net's grid of `multiple_of` would be restored differently.
    uneven = given.tile % given.multiple_of or given.overlap % given.multiple_of
    if given.tile <= 2 * given.overlap or uneven:
        raise BadModel(f"The card {where} has a tile that does not fit its overlap.")
    return card
