"""Is it better? What the tuned model did on files that it did not learn from, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from desktop_ae.core.tuning import NOISY

# Less cannot be seen or heard; and so much may be lost on other material before it is said.
WORTH_DB = 0.1
FORGOTTEN_DB = 0.3
# How much more may become of what is clean already before that is said, and from where on.
_HARM_DB, _INAUDIBLE_DB = 3.0, 40.0

NOTHING, CLASSICAL, START, TUNED = "nothing", "classical", "start", "tuned"


@dataclass(frozen=True, slots=True)
class Verdict:
    """scores: in decibels, by NOTHING, CLASSICAL, START and TUNED, means over `judged` files that
    were kept back. kind: of what was learned from; without clean files the scores are an estimate,
    on noise harvested from files that were kept back.
    by_file: gain of TUNED over START, by name. elsewhere_db: the same on samples that ship, under
    the damage that the task knows. blind: START's and TUNED's blind-spot scores on the noisy files
    themselves, if there are such. clean: how near START and TUNED leave clean samples to what they
    are.
    """

    kind: str
    figure: str
    scores: Mapping[str, float]
    judged: int
    by_file: Mapping[str, float] = field(default_factory=dict)
    elsewhere_db: float | None = None
    blind: Mapping[str, float] = field(default_factory=dict)
    clean: Mapping[str, float] = field(default_factory=dict)

    @property
    def gain_db(self) -> float:
        return self.scores[TUNED] - self.scores[START]

    @property
    def is_better(self) -> bool:
        above_nothing = self.scores[TUNED] > self.scores[NOTHING]
        blind_gain = self.blind.get(TUNED, 0.0) - self.blind.get(START, 0.0)
        return self.gain_db >= WORTH_DB and above_nothing and blind_gain > -WORTH_DB

    @property
    def forgets(self) -> bool:
        return self.elsewhere_db is not None and self.elsewhere_db < -FORGOTTEN_DB

    @property
    def harms(self) -> bool:
        before, now = (self.clean.get(name, _INAUDIBLE_DB) for name in (START, TUNED))
        return now < min(before - _HARM_DB, _INAUDIBLE_DB)

    def sentences(self) -> list[str]:
        """The verdict first, then what should be known beside it."""
        said = [self._verdict()]
        if self.kind == NOISY:
            said.append(
                "There are no clean files to compare with, so this is an estimate: noise from files"
                " that were kept back, laid on clean ones."
            )
            if self.blind:
                change = self.blind[TUNED] - self.blind[START]
                said.append(f"What is hidden in your own noisy files it guesses {_by(change)}.")
        if self.scores[TUNED] <= self.scores[NOTHING]:
            said.append("Leaving your files as they are would be better than this model.")
        elif self.scores[CLASSICAL] > self.scores[TUNED]:
            said.append("A classical filter does better than both models here.")
        if self.forgets:
            said.append(
                f"On other material it is {-self.elsewhere_db:.1f} dB worse than the starting"  # type: ignore[operator]
                " model: use it for files like these only."
            )
        if self.harms:
            said.append(
                f"It changes what is clean already, to {self.clean[TUNED]:.0f} dB (the starting"
                f" model: {self.clean[START]:.0f} dB): look at the samples."
            )
        return said

    def _verdict(self) -> str:
        files = "1 kept-back file" if self.judged == 1 else f"{self.judged} kept-back files"
        if self.is_better:
            return f"Better: {self.gain_db:.1f} dB more than the starting model, on {files}."
        if self.gain_db < -WORTH_DB:
            return f"Worse: {-self.gain_db:.1f} dB less than the starting model, on {files}."
        return f"No better than the starting model ({self.gain_db:+.2f} dB), on {files}."

    def rows(self, label: str, start: str) -> list[dict[str, Any]]:
        """As a card's `measured`. label, start: of the tuned model and of the one before it."""
        names = {NOTHING: "nothing", CLASSICAL: "classical filter", START: start, TUNED: label}
        data = f"{self.judged} own files, kept back" + (" (estimate)" if self.kind == NOISY else "")
        return [
            {"data": data, "method": names[name], "figures": {self.figure: round(score, 3)}}
            for name, score in self.scores.items()
        ]


def verdict_facts(verdict: Verdict) -> dict[str, Any]:
    return asdict(verdict)


def verdict_of(facts: Mapping[str, Any]) -> Verdict:
    """Raises TypeError for facts that are none of a verdict."""
    return Verdict(**facts)


def mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _by(change_db: float) -> str:
    if abs(change_db) < WORTH_DB:
        return "as well as the starting model does"
    return f"{abs(change_db):.1f} dB {'better' if change_db > 0 else 'worse'} than it does"
