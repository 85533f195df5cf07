"""Files that are not learned from: they end a training in time, and judge it."""

from __future__ import annotations

import copy
import math
from collections.abc import Sequence

import numpy as np
from torch import nn

from desktop_ae.core.clip import Samples
from desktop_ae.core.library import Model
from desktop_ae.core.tuning import CLEAN, NOISY, Material, Restore
from desktop_ae.core.work import Learning, Progress
from desktop_ae.domains import domain_of_task, task_named
from desktop_ae.jobs import Context
from desktop_ae.learning.files import Gathered, Sheets
from desktop_ae.learning.lesson import Glimpse, Lesson
from desktop_ae.learning.material import (
    JUDGED_NUMBERS,
    JUDGED_SHEETS,
    WATCHED_NUMBERS,
    WATCHED_SHEETS,
    Trial,
    material_of,
    middle,
    restorer_of,
    spare_sheets,
    study_of,
    trials_of,
)
from desktop_ae.learning.request import LearnRequest
from desktop_ae.learning.verdict import CLASSICAL, NOTHING, START, TUNED, Verdict, mean
from desktop_ae.places import shipped
from desktop_ae.training.loop import Watch

# Kept-back files are looked at so often; after so many looks without gain the training ends.
_LOOKS, _PATIENCE, _LEAST_S, _MOST_S = 24, 8, 5.0, 60.0
# As good as unchanged.
_MOST_DB = 100.0
_KNOWN_TRIALS = 6
# How much of the tuned weights may be taken, and of the gain must be.
_SHARES, _MOST_OF_IT = (1.0, 0.85, 0.7, 0.6, 0.5), 0.7
_GLIMPSES, _GLIMPSE_PX, _GLIMPSE_S = 3, 256, 4.0


class KeptBack:
    """learned: what the others amount to. The starting model is run over noisy files alone."""

    def __init__(
        self, request: LearnRequest, base: Model, gathered: Gathered, context: Context
    ) -> None:
        self._request = request
        self._tuning = tuning = request.tuning
        self._base = base
        self._context = context
        self._start = restorer(request, base, context)
        study = study_of(tuning, request, gathered)
        # One half of each sample is learned from, the other judges.
        halves = [_halves(sheet) for sheet in spare(request)]
        first, second = [left for left, _ in halves], [right for _, right in halves]

        def looked(done: int, of: int) -> None:
            context.report(Lesson(done, of, "files", phase="looking"))

        def part(files: Sequence[Sheets]) -> Material:
            """Of files that are kept back, beside what is kept back of the samples."""
            return material_of(request, files, second, study, self._start, looked)

        self.learned = material_of(request, gathered.learn, first, study, self._start, looked)
        watched, judged = part(gathered.watch), part(gathered.judge)
        self._noisy = [middle(sheet, JUDGED_NUMBERS) for sheet in judged.noisy[:JUDGED_SHEETS]]
        self._watched = trials_of(
            tuning, gathered.watch, watched, WATCHED_NUMBERS, WATCHED_SHEETS, 11
        )
        self._judged = trials_of(tuning, gathered.judge, judged, JUDGED_NUMBERS, JUDGED_SHEETS, 23)
        self._files = len(gathered.judge)
        self._clean = [middle(sheet, WATCHED_NUMBERS) for sheet in second]
        self._elsewhere = self._known(31)
        self._glimpses: tuple[Glimpse, ...] = ()
        self._at_start = mean([tuning.score(self._start(t.noisy), t.truth) for t in self._watched])
        self._untouched = mean([tuning.score(t.noisy, t.truth) for t in self._watched])

    def _known(self, seed: int) -> list[Trial]:
        """Clean samples under the damage that the task knows, each as often as may be looked at."""
        truths, own = self._clean, Material(CLEAN, clean=self._clean)
        often = max(1, _KNOWN_TRIALS // max(1, len(truths)))
        return [
            Trial("", self._tuning.damaged(truth, own, seed + number), truth)
            for number, truth in enumerate(truths * often)
        ]

    def mixed(self, tuned: nn.Module) -> nn.Module:
        """Tuned weights and those at the start (Wortsman et al. 2022): the least of the tuned ones
        that gives most of the gain, since what the starting model knew goes with the last of it.

        Told by the files that ended the training; those that judge are not looked at. Who has
        clean files gets all of the gain.
        """
        if self._request.kind != NOISY:
            return tuned
        gains: dict[float, float] = {}
        for share in _SHARES:
            run = restorer(
                self._request, Model(self._base.card, self._mixture(tuned, share)), self._context
            )
            gains[share] = mean(self._scores(run, self._watched)) - self._at_start
        best = max(gains.values())
        enough = best - (1 - _MOST_OF_IT) * abs(best)
        return self._mixture(tuned, min(s for s, gain in gains.items() if gain >= enough))

    def _mixture(self, tuned: nn.Module, share: float) -> nn.Module:
        net, start = copy.deepcopy(tuned), self._base.net.state_dict()
        net.load_state_dict({k: start[k].lerp(v, share) for k, v in tuned.state_dict().items()})
        return net

    def watch(self) -> Watch:
        return Watch(self._score, looks_every_s(self._request.minutes), _PATIENCE)

    def report(self, progress: Progress) -> None:
        if isinstance(progress, Learning):
            facts = {name: getattr(progress, name) for name in Learning.__dataclass_fields__}
            progress = Lesson(
                **facts,
                glimpses=self._glimpses,
                start=self._at_start,
                nothing=self._untouched,
            )
        self._context.report(progress)

    def verdict(self, tuned: Model) -> Verdict:
        """What a model did on the files that judge. Raises Cancelled."""
        tuning, start = self._tuning, self._start
        after = restorer(self._request, tuned, self._context)
        methods: dict[str, Restore] = {
            NOTHING: lambda sheet: sheet,
            CLASSICAL: tuning.classical,
            START: start,
            TUNED: after,
        }
        scores = {name: self._scores(method, self._judged) for name, method in methods.items()}
        gains: dict[str, list[float]] = {}
        for trial, before, now in zip(self._judged, scores[START], scores[TUNED], strict=True):
            if trial.name:
                gains.setdefault(trial.name, []).append(now - before)
        elsewhere = zip(
            self._scores(start, self._elsewhere), self._scores(after, self._elsewhere), strict=True
        )
        lost = [now - before for before, now in elsewhere]
        return Verdict(
            self._request.kind,
            tuning.figure,
            {name: mean(found) for name, found in scores.items()},
            self._files,
            {name: mean(found) for name, found in gains.items()},
            mean(lost) if lost else None,
            self._blind(after),
            {START: self._on_clean(start), TUNED: self._on_clean(after)} if lost else {},
        )

    def _on_clean(self, method: Restore) -> float:
        clean = [Trial("", sheet, sheet) for sheet in self._clean]
        return mean([min(score, _MOST_DB) for score in self._scores(method, clean)])

    def _scores(self, method: Restore, trials: Sequence[Trial]) -> list[float]:
        found = []
        for trial in trials:
            self._context.token.check()
            found.append(self._tuning.score(method(trial.noisy), trial.truth))
        return found

    def _blind(self, after: Restore) -> dict[str, float]:
        """Nothing where a blind spot tells nothing, such as under noise that neighbours share."""
        score = self._tuning.self_score
        if self._request.kind != NOISY or score is None:
            return {}
        found = {
            name: mean([score(method, sheet) for sheet in self._noisy])
            for name, method in ((START, self._start), (TUNED, after))
        }
        return found if all(map(math.isfinite, found.values())) else {}

    def _score(self, net: nn.Module) -> float | None:
        model = Model(self._base.card, copy.deepcopy(net).cpu() if _is_elsewhere(net) else net)
        run = restorer(self._request, model, self._context)
        scores, glimpses = [], []
        for trial in self._watched:
            if self._context.token.finishing:  # whoever asked for that waits
                return None
            restored = run(trial.noisy)
            scores.append(self._tuning.score(restored, trial.truth))
            glimpses.append(_glimpse(trial, restored, self._tuning.rate_hz))
        self._glimpses = tuple(glimpses[:_GLIMPSES])
        return mean(scores)


def looks_every_s(minutes: float) -> float:
    return min(max(minutes * 60 / _LOOKS, _LEAST_S), _MOST_S)


def restorer(request: LearnRequest, model: Model, context: Context) -> Restore:
    return restorer_of(task_named(request.task), request.tuning, model, context.token.check)


def spare(request: LearnRequest) -> list[Samples]:
    """Clean sheets that ship with the program."""
    samples = shipped("resources") / "samples"
    domain = domain_of_task(request.task)
    return spare_sheets(task_named(request.task), domain, request.tuning, samples)


def _glimpse(trial: Trial, restored: Samples, rate_hz: float | None) -> Glimpse:
    channels = len(trial.noisy)
    size = channels * (int(rate_hz * _GLIMPSE_S) if rate_hz else _GLIMPSE_PX**2)
    noisy, now, truth = (middle(s[:channels], size) for s in (trial.noisy, restored, trial.truth))
    return Glimpse(trial.name, noisy, now, truth, rate_hz)


def _halves(sheet: Samples) -> tuple[Samples, Samples]:
    border = sheet.shape[-1] // 2
    return np.ascontiguousarray(sheet[..., :border]), np.ascontiguousarray(sheet[..., border:])


def _is_elsewhere(net: nn.Module) -> bool:
    return next(net.parameters()).device.type != "cpu"
