"""What the window asks an engine to look at: views, previews, masks, dropped folders."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from desktop_ae.core.clip import overview
from desktop_ae.core.domain import Options, Request, View
from desktop_ae.core.mask import Mask, MaskPixels
from desktop_ae.domains import domain_of_task, load_domains, task_named
from desktop_ae.jobs import Context, chosen_options
from desktop_ae.planning import Plan, plan_cleaning


@dataclass(frozen=True, slots=True)
class FindJob:
    """Find what a task would change in a file, for a person to see and to correct.

    Returned: a Mask of the upright picture, no side over the task's `find_px`.
    """

    source: Path
    task: str
    model: str

    def run(self, context: Context) -> Mask:
        context.token.check()
        task = task_named(self.task)
        assert task.find is not None
        view = domain_of_task(self.task).view(self.source, task.find_px, 0, {})
        samples = view.pixels[..., :3].transpose(2, 0, 1).astype(np.float32) / np.float32(255)
        model = context.library.load(self.model)
        return Mask.of(task.find(model, samples, context.token.check))


@dataclass(frozen=True, slots=True)
class ViewJob:
    """Load what a window shows of a page; no side over `longest_px` (0: as it is)."""

    source: Path
    domain: str
    longest_px: int
    page: int = 0
    options: Options = field(default_factory=dict)

    def run(self, context: Context) -> View:
        context.token.check()
        chosen = next(d for d in load_domains() if d.id == self.domain)
        return chosen.view(self.source, self.longest_px, self.page, self.options)


@dataclass(frozen=True, slots=True)
class PreviewJob:
    """Restore what is visible, at full strength to answer the strength slider at once.

    samples: float32 `(channels, height, width)` of the visible part, in [0, 1]. strength: less than
    full where options make of the result what cannot be mixed with the original afterwards.
    mask: `(height, width)` of the same part, 0 to 255, for a task that finds one; None for the task
    to find it there.
    """

    samples: Any
    task: str
    model: str
    options: Options = field(default_factory=dict)
    strength: float = 1.0
    mask: MaskPixels | None = None
    rate_hz: float | None = None

    def run(self, context: Context) -> Any:
        from desktop_ae.core.restore import restore

        task = task_named(self.task)
        model = context.library.load(self.model)
        whole = functools.partial(overview, self.samples)
        check = context.token.check
        options = chosen_options(task, self.options)
        request = Request(
            self.samples.shape, self.strength, check, whole, self.mask, self.rate_hz, options
        )
        restored = restore(task.restorer(model, request), self.samples)
        return task.present(restored, options)


@dataclass(frozen=True, slots=True)
class WarmUp:
    """Load torch and a model before the first file needs them; says what it all runs on."""

    model: str

    def run(self, context: Context) -> str:
        import torch

        from desktop_ae.core.restore import uses_bf16

        model = context.library.load(self.model)
        precision = " · bf16" if uses_bf16(model.card.input) else ""
        threads = torch.get_num_threads()
        return f"CPU · {threads} thread{'s' if threads > 1 else ''}{precision}"


@dataclass(frozen=True, slots=True)
class PlanJob:
    """`plan_cleaning` where it keeps nobody waiting: a dropped folder may hold a whole disk."""

    paths: Sequence[Path]
    task: str = "auto"
    preferred: str = ""

    def run(self, context: Context) -> Plan:
        context.token.check()
        return plan_cleaning(self.paths, self.task, context.ledger, self.preferred)
