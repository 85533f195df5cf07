"""A starting model, a person's files, and the tuned model that comes of them."""

from __future__ import annotations

import copy
import platform
import time
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor, nn

from desktop_ae.core.card import ModelCard
from desktop_ae.core.domain import Recipe, Task
from desktop_ae.core.library import Model
from desktop_ae.core.restore import uses_bf16
from desktop_ae.core.tuning import CLEAN, NOISY, PAIRS, Material, Study, Tuning
from desktop_ae.domains import task_named
from desktop_ae.jobs import Context
from desktop_ae.learning.files import Gathered
from desktop_ae.learning.kept_back import KeptBack, looks_every_s, restorer, spare
from desktop_ae.learning.lesson import Lesson
from desktop_ae.learning.material import material_of
from desktop_ae.learning.request import LearnRequest
from desktop_ae.learning.session import Session
from desktop_ae.learning.verdict import Verdict
from desktop_ae.training.loop import Fitted, best_device, fit, time_steps
from desktop_ae.training.train import card_of_net, keep_freed_memory, write_model

_SEED = 1
_TIMED_STEPS = 3
_WARM_UP = 40
_KINDS = {PAIRS: "pairs of files", CLEAN: "clean files", NOISY: "noisy files"}


def tune(session: Session, gathered: Gathered, context: Context) -> tuple[ModelCard, Verdict]:
    """Train in the session's folder; the model ends there, not yet among the person's own.

    Raises BadModel, NotWritable or Cancelled.
    """
    keep_freed_memory()
    torch.manual_seed(_SEED)
    request = session.request
    base = context.library.load(request.base)
    kept = KeptBack(request, base, gathered, context)
    recipe = _recipe(task_named(request.task), request.tuning)
    every_s = looks_every_s(request.minutes)
    fitted = fit(
        _learner(base),
        request.tuning.pairs(_taught_by(base, kept.learned), recipe),
        recipe,
        session.folder,
        minutes=request.minutes,
        device=best_device(),
        resume=True,
        watch=kept.watch(),
        report=kept.report,
        token=context.token,
        log_every_s=every_s / 2,
    )
    context.report(Lesson(0, 1, phase="judging"))
    net = kept.mixed(fitted.net.cpu())
    verdict = kept.verdict(Model(base.card, net))
    card, weights = card_of_net(
        net, task_named(request.task), recipe, _trained(request, fitted, gathered)
    )
    files = f"{len(gathered.learn)} {_KINDS[request.kind]} of one's own"
    card = replace(
        card,
        title=f"{base.card.title}, tuned",
        summary=verdict.sentences()[0],
        input=base.card.input,
        net=base.card.net,
        arguments=base.card.arguments,
        data=[{"name": files, "licence": "own"}, *base.card.data],
        parent=base.card.label,
    )
    card = replace(card, measured=verdict.rows(card.label, base.card.label))
    return write_model(card, weights, session.model), verdict


def seconds_a_step(
    request: LearnRequest, gathered: Gathered, study: Study | None, context: Context
) -> float:
    """Of the training to come, on this machine as it is now. Raises BadModel or Cancelled."""
    keep_freed_memory()
    base = context.library.load(request.base)
    start = restorer(request, base, context)
    material = material_of(request, gathered.learn[:1], spare(request), study, start)
    recipe = _recipe(task_named(request.task), request.tuning)
    pairs = request.tuning.pairs(_taught_by(base, material), recipe)
    return time_steps(_learner(base), pairs, recipe, best_device(), _TIMED_STEPS, context.token)


def _trained(request: LearnRequest, fitted: Fitted, gathered: Gathered) -> dict[str, Any]:
    return {
        "steps": fitted.steps,
        "minutes": round(fitted.seconds / 60, 1),
        "machine": f"{platform.machine()}, {torch.get_num_threads()} threads, {best_device()}",
        "torch": str(torch.__version__),
        "date": time.strftime("%Y-%m-%d"),
        "kind": request.kind,
        "files": len(gathered.learn),
        "kept_back": len(gathered.watch) + len(gathered.judge),
    }


def _taught_by(base: Model, material: Material) -> Material:
    """With the net at the start, on the device that trains."""
    teacher = copy.deepcopy(base.net).to(best_device())

    def start(noisy: Tensor) -> Tensor:
        with torch.autocast(noisy.device.type, torch.bfloat16, enabled=uses_bf16(base.card.input)):
            answer: Tensor = teacher(noisy)
        return answer.float()

    return replace(material, start=start)


def _learner(base: Model) -> nn.Module:
    return copy.deepcopy(base.net).requires_grad_(True)


def _recipe(task: Task, tuning: Tuning) -> Recipe:
    """The task's own, but gentler: the net knows most of it already."""
    return replace(
        task.recipe(),
        learning_rate=tuning.learning_rate,
        batch=tuning.batch,
        average=0.99,
        warm_up=_WARM_UP,
    )
