"""Which models there are, and their nets, loaded when first used."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_ae.core.card import CARD_NAME, ModelCard, read_card
from desktop_ae.core.errors import BadModel, UnknownName

if TYPE_CHECKING:
    from torch import nn


@dataclass(frozen=True)
class Model:
    """A card with its net, ready to restore."""

    card: ModelCard
    net: nn.Module


class ModelLibrary:
    """Finds the models in its folders (shipped ones first), by their cards alone.

    A card that cannot be used is left out and named in `problems`. Thread-safe.
    """

    def __init__(self, folders: Sequence[Path]) -> None:
        self.folders = tuple(folders)
        self.problems: list[BadModel] = []
        self._cards: dict[str, ModelCard] = {}
        self._loaded: dict[str, Model] = {}
        self._lock = threading.Lock()
        self.scan()

    def scan(self) -> None:
        cards: dict[str, ModelCard] = {}
        self.problems = []
        for root in self.folders:
            for path in sorted(root.glob(f"*/*/{CARD_NAME}")):
                try:
                    card = _at_home(read_card(path.parent), root)
                except BadModel as problem:
                    self.problems.append(problem)
                else:
                    cards.setdefault(card.id, card)
        self._cards = cards

    def cards(self, task: str | None = None) -> list[ModelCard]:
        return [c for c in self._cards.values() if task in (None, c.task)]

    def card(self, model_id: str) -> ModelCard:
        """Raises UnknownName with the ids there are."""
        try:
            return self._cards[model_id]
        except KeyError:
            known = ", ".join(sorted(self._cards)) or "none"
            raise UnknownName(f"There is no model “{model_id}”. There are: {known}.") from None

    def load(self, model_id: str) -> Model:
        """The net of a card, in evaluation mode on the CPU; kept, so that a queue loads it once.

        Raises UnknownName, or BadModel if the weights were changed or do not fit the net.
        """
        with self._lock:
            if model_id not in self._loaded:
                self._loaded[model_id] = load_model(self.card(model_id))
            return self._loaded[model_id]


def load_model(card: ModelCard) -> Model:
    """Check the weights against the card, then load them. Never runs code from the file."""
    import torch
    from safetensors import SafetensorError
    from safetensors.torch import load

    from desktop_ae.nets import build_net

    try:
        if card.weights.stat().st_size != card.bytes:
            raise BadModel(f"The weights of {card.id} are not those of its card (size).")
        content = card.weights.read_bytes()
    except OSError as error:
        raise BadModel(f"The weights of {card.id} cannot be read: {error.strerror}.") from error
    if hashlib.sha256(content).hexdigest() != card.sha256:
        raise BadModel(f"The weights of {card.id} were changed: their checksum is wrong.")
    try:
        with torch.device("meta"):  # no memory is taken for whatever sizes a card asks for
            net = build_net(card.net, card.arguments)
        net.load_state_dict({k: v.float() for k, v in load(content).items()}, assign=True)
    except (KeyError, TypeError, ValueError, RuntimeError, SafetensorError) as error:
        raise BadModel(f"The weights of {card.id} do not fit the net “{card.net}”.") from error
    if any(p.ndim == 4 for p in net.parameters()):
        # Without it every convolution would turn its input to channels-last and back.
        net = net.to(memory_format=torch.channels_last)
    return Model(card, net.eval().requires_grad_(False))


def _at_home(card: ModelCard, root: Path) -> ModelCard:
    home = card.folder.relative_to(root).as_posix()
    if home != card.id:
        raise BadModel(f"The card in {home} says that it is {card.id}.")
    return card
