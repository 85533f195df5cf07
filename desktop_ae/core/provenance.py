"""What made a result, in one line that the result itself carries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from desktop_ae.core.card import ModelCard
from desktop_ae.core.domain import Options, Task
from desktop_ae.core.mask import Mask

PROGRAM = "Desktop AE"


@dataclass(frozen=True, slots=True)
class Provenance:
    """Which program, model and settings made a result: nothing of the person, no path, no password.

    version: the program's. model: its card's label. strength: 0 to 1. options: names and values of
    those that are not as they are by default.
    """

    version: str
    task: str
    model: str
    strength: float
    options: tuple[tuple[str, str], ...] = ()

    @property
    def text(self) -> str:
        """One line of printable ASCII."""
        settings = [f"strength {self._strength}", *(f"{n}={v}" for n, v in self.options)]
        made_by = f"{PROGRAM} {self.version}: {self.task} with {self.model}"
        return _plain(", ".join([made_by, *settings]))

    @property
    def brief(self) -> str:
        """Program, model and strength in few letters, none of them a space."""
        words = f"{PROGRAM} {self.version}:{self.model},{self._strength}"
        return _plain(words).replace(" ", "_")

    @property
    def _strength(self) -> float:
        return round(self.strength, 3)


@runtime_checkable
class Recorder(Protocol):
    """A Writer that can put into its output what made it; where the format has no room for it,
    the output stays without.
    """

    def record(self, provenance: Provenance) -> None:
        """Called once, before the file is made whole."""


def provenance_of(task: Task, card: ModelCard, strength: float, options: Options) -> Provenance:
    """Of a text of the person's own, such as the name of a column, only that there was one is told;
    so it is of a mask. What else is among the options, such as a password, is left out.
    """
    from desktop_ae import __version__  # the package imports this module

    given = {option.name: options.get(option.name, option.default) for option in task.options}
    told = [
        (option.name, "given" if option.is_free else _word(given[option.name]))
        for option in task.options
        if given[option.name] != option.default
    ]
    told += [(name, "given") for name, value in options.items() if isinstance(value, Mask)]
    # The name of one's own model is one's own words as well.
    own = f"a model {card.sha256[:7]} tuned from {card.parent}"
    return Provenance(
        __version__, task.id, own if card.parent else card.label, strength, tuple(told)
    )


def _word(value: Any) -> str:
    return ("on" if value else "off") if isinstance(value, bool) else str(value)


def _plain(text: str) -> str:
    letters = text.encode("ascii", "replace").decode()
    return "".join(letter if letter.isprintable() else "?" for letter in letters)
