"""From a recipe and a data folder to a model folder: what `desktop-ae train` does."""

from __future__ import annotations

import ctypes
import hashlib
import platform
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save
from torch import nn

from desktop_ae.core.card import WEIGHTS_NAME, ModelCard, write_card
from desktop_ae.core.domain import Recipe, Task
from desktop_ae.core.errors import NotWritable
from desktop_ae.core.work import CancelToken, Report, silent
from desktop_ae.nets import build_net
from desktop_ae.training.loop import best_device, fit


def train(
    task: Task,
    data: Path,
    runs: Path,
    *,
    minutes: float,
    resume: bool,
    report: Report = silent,
    token: CancelToken | None = None,
) -> Path:
    """Train the task's default model; return its folder, `runs/<task>/model`, with a card.

    The card's `measured` is empty: `desktop-ae bench TASK --model FOLDER --write` fills it.
    Raises Unreadable without usable data, Cancelled with the checkpoint kept.
    """
    keep_freed_memory()
    recipe = task.recipe()
    torch.manual_seed(recipe.seed)
    folder = runs / task.id.replace("/", "-")
    net = build_net(recipe.net, recipe.arguments)
    pairs = task.make_pairs(data, recipe)
    fitted = fit(
        net,
        pairs,
        recipe,
        folder,
        minutes=minutes,
        device=best_device(),
        resume=resume,
        report=report,
        token=token,
    )
    facts = {
        "steps": fitted.steps,
        "minutes": round(fitted.seconds / 60, 1),
        "machine": f"{platform.machine()}, {torch.get_num_threads()} threads, {best_device()}",
        "torch": str(torch.__version__),
    }
    return save_model(fitted.net, task, recipe, facts, folder / "model")


def save_model(
    net: nn.Module, task: Task, recipe: Recipe, trained: Mapping[str, Any], folder: Path
) -> Path:
    """Write a net and its card as a new folder in place of an old one there."""
    card, weights = card_of_net(net, task, recipe, trained)
    return write_model(card, weights, folder).folder


def card_of_net(
    net: nn.Module, task: Task, recipe: Recipe, trained: Mapping[str, Any]
) -> tuple[ModelCard, bytes]:
    """The card of the task's default model, and float16 weights as safetensors."""
    weights = {k: v.detach().cpu().half().contiguous() for k, v in net.state_dict().items()}
    content = save(weights)
    card = ModelCard(
        id=task.default_model,
        task=task.id,
        title=recipe.title,
        summary="just trained, not yet measured",
        net=recipe.net,
        arguments=dict(recipe.arguments),
        input=recipe.input,
        sha256=hashlib.sha256(content).hexdigest(),
        bytes=len(content),
        data=[dict(source) for source in recipe.sources],
        measured=[],
        recipe=_numbers(recipe),
        trained=dict(trained),
    )
    return card, content


def write_model(card: ModelCard, weights: bytes, folder: Path) -> ModelCard:
    """A model folder, whole, in place of an old one; the card as it is there.

    Raises NotWritable, with what was there before.
    """
    scratch = folder.with_name(f".{folder.name}.part")
    try:
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir(parents=True)
        (scratch / WEIGHTS_NAME).write_bytes(weights)
        write_card(card, scratch)
        shutil.rmtree(folder, ignore_errors=True)
        scratch.rename(folder)
    except OSError as error:
        shutil.rmtree(scratch, ignore_errors=True)
        why = error.strerror or "it failed"
        raise NotWritable(folder, f"The model cannot be saved in {folder}: {why}.") from error
    return replace(card, folder=folder)


def _numbers(recipe: Recipe) -> dict[str, Any]:
    names = ("batch", "patch", "learning_rate", "average", "seed")
    return {name: getattr(recipe, name) for name in names}


def with_measured(
    card: ModelCard, measured: Sequence[Mapping[str, Any]], summary: str
) -> ModelCard:
    return replace(card, measured=list(measured), summary=summary)


def keep_freed_memory() -> None:
    """Let glibc keep freed memory for the next step instead of giving it back to the system.

    Activations of many megabytes are taken and freed hundreds of times a second; returning their
    pages each time halved the speed on a two-core machine. Elsewhere this does nothing.
    """
    if platform.libc_ver()[0] != "glibc":
        return
    trim_threshold, mmap_max = -1, -4
    libc = ctypes.CDLL(None)
    libc.mallopt(mmap_max, 0)
    libc.mallopt(trim_threshold, 2**31 - 1)
