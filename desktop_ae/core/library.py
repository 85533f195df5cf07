"""Which models there are, and their nets, loaded when first used."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_ae.core.card import CARD_NAME, ModelCard, read_card
from desktop_ae.core.errors import BadModel, NotWritable, ShippedModel, UnknownName
from desktop_ae.core.own_models import OwnModels, Removed

if TYPE_CHECKING:
    from torch import nn

    from desktop_ae.core.domain import Task


@dataclass(frozen=True)
class Model:
    """A card with its net, ready to restore."""

    card: ModelCard
    net: nn.Module


class ModelLibrary:
    """Finds the models in its folders (shipped ones first), by their cards alone.

    The last of several folders is the person's own, to which models are added; what is in the
    others ships with the program. A card that cannot be used is left out and named in `problems`.
    Thread-safe.
    """

    def __init__(self, folders: Sequence[Path]) -> None:
        self.folders = tuple(folders)
        self._own = OwnModels(self.folders[-1]) if len(self.folders) > 1 else None
        self.problems: list[BadModel] = []
        self._cards: dict[str, ModelCard] = {}
        self._loaded: dict[str, Model] = {}
        self._lock = threading.Lock()
        self.scan()

    def scan(self) -> None:
        cards: dict[str, ModelCard] = {}
        self.problems = []
        for root in self.folders:
            for path in sorted(root.glob(f"[!.]*/[!.]*/{CARD_NAME}")):
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

    def is_own(self, card: ModelCard) -> bool:
        """Whether a model is the person's own, and not one that ships with the program."""
        return self._own is not None and self._own.holds(card)

    def find_twin(self, card: ModelCard) -> ModelCard | None:
        """The model that has the same weights for the same task, if there is one."""
        same = (c for c in self.cards(card.task) if c.sha256 == card.sha256 and c.net == card.net)
        return next(same, None)

    def add(self, card: ModelCard, weights: bytes) -> ModelCard:
        """Keep a checked model among the person's own; its card, with a free id if its was taken.

        Raises NotWritable, with nothing added.
        """
        with self._lock:
            added = self._of_person().add(card, weights, self._cards)
            self.scan()
        return added

    def remove(self, model_id: str) -> Removed:
        """Delete one of the person's own; `put_back` undoes it until `empty_trash`.

        Raises UnknownName, ShippedModel, NotWritable.
        """
        card = self.card(model_id)
        if not self.is_own(card):
            raise ShippedModel(f"{card.title} came with the program and cannot be deleted.")
        with self._lock:
            removed = self._of_person().remove(card)
            self._loaded.pop(model_id, None)
            self.scan()
        return removed

    def put_back(self, removed: Removed) -> ModelCard:
        """Raises NotWritable."""
        with self._lock:
            card = self._of_person().put_back(removed, self._cards)
            self.scan()
        return card

    def empty_trash(self) -> None:
        if self._own:
            self._own.empty_trash()

    def default_for(self, task: Task) -> str:
        """Id of the model that a task begins with: the person's choice, or the shipped one.

        Where there is neither, any that there is; the shipped one's id if there is none at all,
        so that whoever loads it can say what is missing.
        """
        there = [card.id for card in self.cards(task.id)]
        chosen = self._own.defaults().get(task.id, "") if self._own else ""
        wanted = (chosen, task.default_model, *there)
        return next((model_id for model_id in wanted if model_id in there), task.default_model)

    def put_default(self, model_id: str) -> None:
        """Let its task begin with this model from now on. Raises UnknownName, NotWritable."""
        self._of_person().put_default(self.card(model_id).task, model_id)

    def _of_person(self) -> OwnModels:
        if self._own is None:
            raise NotWritable(Path(), "There is no folder for models of your own.")
        return self._own


def load_model(card: ModelCard) -> Model:
    """Check the weights against the card, then load them. Never runs code from the file.

    Raises BadModel.
    """
    try:
        if card.weights.stat().st_size != card.bytes:
            raise BadModel(f"The weights of {card.id} are not those of its card (size).")
        content = card.weights.read_bytes()
    except OSError as error:
        raise BadModel(f"The weights of {card.id} cannot be read: {error.strerror}.") from error
    return model_of(card, content)


def model_of(card: ModelCard, content: bytes) -> Model:
    """As `load_model`, of weights that were read already."""
    import torch
    from safetensors import SafetensorError
    from safetensors.torch import load

    from desktop_ae.nets import build_net

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
