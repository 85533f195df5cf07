"""What a person asks a model to learn from, and what was found in their files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from desktop_ae.core.errors import UnknownName
from desktop_ae.core.tuning import CLEAN, KINDS, NOISY, PAIRS, Study, Tuning
from desktop_ae.domains import task_named

# What becomes of a file: learned from, kept back to judge the result, or of no use.
USED, KEPT, REFUSED = "used", "kept", "refused"


@dataclass(frozen=True, slots=True)
class LearnRequest:
    """task, base: of the model to start from. kind: of `core.tuning.KINDS`. noisy, clean: files or
    folders of them. damage: see `Material`. minutes: of computing. options: what files leave out,
    such as the rate of a table, by the task's options.
    """

    task: str
    base: str
    kind: str
    noisy: tuple[Path, ...] = ()
    clean: tuple[Path, ...] = ()
    minutes: float = 10.0
    damage: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def tuning(self) -> Tuning:
        """Raises UnknownName for what the task cannot do."""
        task = task_named(self.task)
        if task.tuning is None:
            raise UnknownName(f"{self.task} cannot learn from files of your own.")
        tuning = task.tuning()
        if self.kind not in KINDS:
            raise UnknownName(f"There is no kind “{self.kind}”. There are: {', '.join(KINDS)}.")
        if self.kind not in tuning.kinds:
            known = f"It learns from: {', '.join(tuning.kinds)}."
            raise UnknownName(tuning.why_not.get(self.kind, known))
        needed = {PAIRS: ("noisy", "clean"), CLEAN: ("clean",), NOISY: ("noisy",)}[self.kind]
        for name in needed:
            if not getattr(self, name):
                raise UnknownName(f"For {self.kind} there must be {' and '.join(needed)} files.")
        if self.damage not in dict(tuning.damages):
            names = ", ".join(name for name, _ in tuning.damages if name)
            raise UnknownName(f"There is no damage “{self.damage}”. There are: {names}.")
        return tuning


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file, with its clean twin if it is one of a pair. why: a sentence about it, or ""."""

    path: Path
    twin: Path | None = None
    fate: str = USED
    why: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of a look at every file. study: for noisy files alone. step_s: how long a step of
    training takes here, in seconds. too_few: a sentence, if there is not enough to learn from.
    """

    files: tuple[FoundFile, ...]
    study: Study | None = None
    step_s: float = 0.0
    too_few: str = ""

    def count(self, fate: str) -> int:
        return sum(file.fate == fate for file in self.files)


def request_json(request: LearnRequest) -> str:
    facts = asdict(request)
    for name in ("noisy", "clean"):
        facts[name] = [str(path) for path in facts[name]]
    return json.dumps(facts, indent=2, ensure_ascii=False)


def request_of(text: str) -> LearnRequest:
    """Raises ValueError, KeyError or TypeError for what is no request."""
    facts = json.loads(text)
    paths = {name: tuple(Path(path) for path in facts[name]) for name in ("noisy", "clean")}
    return LearnRequest(**{**facts, **paths})
