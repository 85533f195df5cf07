"""What a task knows about learning from a person's own files: frozen records of plain functions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from desktop_ae.core.clip import Samples
from desktop_ae.core.domain import Recipe

if TYPE_CHECKING:
    from torch import Tensor

    from desktop_ae.training.pairs import Pairs

# What a person may have: each file twice, noisy and clean; clean files; noisy files.
PAIRS, CLEAN, NOISY = "pairs", "clean", "noisy"
KINDS = (PAIRS, CLEAN, NOISY)

# A whole sheet in, what the task's restorer gives for it out.
Restore = Callable[[Samples], Samples]


@dataclass(frozen=True, slots=True)
class Material:
    """Sheets to learn from, or to judge by: float32 `(channels, *space)` each, see `Tuning`.

    clean: beside `noisy`, one by one, for PAIRS; alone for CLEAN; for NOISY what the starting model
    made of each of `noisy`, which is its best guess and no truth.
    spare: clean sheets that ship with the program. damage: name of one of the tuning's damages, for
    CLEAN. approach: what `Tuning.study` chose, for NOISY. start: the net of the starting model, a
    batch in and out, where that tells better than the truth what must not be forgotten.
    """

    kind: str
    noisy: Sequence[Samples] = ()
    clean: Sequence[Samples] = ()
    spare: Sequence[Samples] = ()
    damage: str = ""
    approach: str = ""
    start: Callable[[Tensor], Tensor] | None = None


@dataclass(frozen=True, slots=True)
class Study:
    """How to learn from noisy files alone. why: a sentence for the person that says how and why.

    warning: a sentence if the result may disappoint, such as noise that no way suits.
    """

    approach: str
    why: str
    warning: str = ""


@dataclass(frozen=True, slots=True)
class Tuning:
    """How a task learns from files of a person's own.

    A sheet is one picture, one page or one recording: float32 `(channels, *space)`, in the range
    and, for signals, at the rate that the task's Reader gives, or at `rate_hz` if that is set.

    kinds: of KINDS that it can learn from; why_not: a sentence for each of the others.
    figure: what `score` gives, with its unit: "PSNR, dB". The higher the better, in decibels.
    least: shortest side of a sheet that is any use. most: how many numbers of one sheet are used at
    most; of a larger one a part from its middle.
    learning_rate, batch: in place of the recipe's, which starts from nothing.
    prepare: samples of a piece and its rate (None for pictures) to a sheet; gaps filled, and so on.
    fault: a sheet to the sentence that says why it is no use, or "".
    pairs: what training draws from; the task's own damage on clean sheets is mixed in, so that what
    the net knew is not forgotten.
    damaged: (clean sheet, material, seed) to its noisy twin as `pairs` would make it, the same for
    the same seed: with the damage chosen (CLEAN), or with the noise of `material.noisy` (NOISY).
    classical: a good filter of the field at its usual settings, for comparison.
    score: (what the restorer gave, clean sheet) to `figure`.
    study: a look at noisy sheets; needed if `kinds` holds NOISY.
    damages: (name, label) of what a person may choose for CLEAN; the first is all there is.
    self_score: (restore, noisy sheet) to how well a blind spot is guessed, in dB, if that can be
    told for the task; it needs no truth.
    """

    kinds: Sequence[str]
    figure: str
    least: int
    most: int
    learning_rate: float
    batch: int
    prepare: Callable[[Samples, float | None], Samples]
    pairs: Callable[[Material, Recipe], Pairs]
    damaged: Callable[[Samples, Material, int], Samples]
    classical: Callable[[Samples], Samples]
    score: Callable[[Samples, Samples], float]
    study: Callable[[Sequence[Samples]], Study]
    damages: Sequence[tuple[str, str]] = (("", "Everything this task knows"),)
    fault: Callable[[Samples], str] = lambda sheet: ""
    self_score: Callable[[Restore, Samples], float] | None = None
    rate_hz: float | None = None
    why_not: Mapping[str, str] = field(default_factory=dict)
