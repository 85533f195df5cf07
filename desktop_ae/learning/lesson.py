"""What a LearnJob tells while it runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from desktop_ae.core.clip import Samples
from desktop_ae.core.work import Learning


@dataclass(frozen=True, slots=True)
class Glimpse:
    """A part of a kept-back file: float32 `(channels, *space)` each. rate_hz: of a signal."""

    name: str
    noisy: Samples
    restored: Samples
    truth: Samples
    rate_hz: float | None = None


@dataclass(frozen=True, slots=True)
class Lesson(Learning):
    """Progress of a LearnJob. phase: "reading", "looking", "learning" or "judging". scores are of
    kept-back files; start and nothing the scores of the starting model and of doing nothing there.
    """

    phase: str = "learning"
    glimpses: Sequence[Glimpse] = ()
    start: float | None = None
    nothing: float | None = None
