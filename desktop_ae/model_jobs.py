"""Models in and out of the person's library: what the window and the command line both do."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from desktop_ae.core.card import ModelCard, ModelInput
from desktop_ae.core.domain import Request, Task
from desktop_ae.core.errors import BadModel, UnknownName
from desktop_ae.core.library import Model, ModelLibrary
from desktop_ae.domains import load_domains, task_named
from desktop_ae.jobs import Context, chosen_options

_TRIAL_SIDE, _TRIAL_SECONDS, _ANY_RATE_HZ = 64, 2.0, 16_000.0


@dataclass(frozen=True, slots=True)
class Imported:
    """is_new: False if the library had the model already; `card` is that one then."""

    card: ModelCard
    is_new: bool


@dataclass(frozen=True, slots=True)
class ImportJob:
    """Check a `.daemodel` file and keep its model among the person's own.

    Raises BadModel or NotWritable, with nothing added.
    """

    path: Path

    def run(self, context: Context) -> Imported:
        from desktop_ae.core.daemodel import unpack

        library = context.library
        tasks = [task for domain in load_domains() for task in domain.tasks]
        unpacked = unpack(self.path, {t.id: _shipped_input(library, t) for t in tasks})
        card = unpacked.model.card
        context.token.check()
        if twin := library.find_twin(card):
            return Imported(twin, False)
        _try_out(unpacked.model, self.path.name)
        context.token.check()
        return Imported(library.add(card, unpacked.weights), True)


@dataclass(frozen=True, slots=True)
class ExportJob:
    """Write a model into one file, under `wanted` or a free name like it; gives the path.

    Raises UnknownName, BadModel, NotWritable.
    """

    model_id: str
    wanted: Path

    def run(self, context: Context) -> Path:
        from desktop_ae.core.daemodel import pack

        return pack(context.library.card(self.model_id), self.wanted)


def export_name(card: ModelCard) -> str:
    """A file's name for a model: `image-denoise-v1.daemodel`."""
    return card.id.replace("/", "-") + ".daemodel"


def _shipped_input(library: ModelLibrary, task: Task) -> ModelInput | None:
    try:
        return library.card(task.default_model).input
    except UnknownName:
        return None


def _try_out(model: Model, name: str) -> None:
    """Run it on a bit of noise, as its task would: a net may load and still not do the task.

    Raises BadModel.
    """
    from desktop_ae.core.restore import restore

    task, given = task_named(model.card.task), model.card.input
    rate_hz = given.rate_hz or _ANY_RATE_HZ
    is_picture = any(weight.ndim == 4 for weight in model.net.parameters())
    space = (_TRIAL_SIDE, _TRIAL_SIDE) if is_picture else (int(rate_hz * _TRIAL_SECONDS),)
    drawn = np.random.default_rng(0).uniform(given.low, given.high, (given.channels, *space))
    noise = drawn.astype(np.float32)
    mask = np.full(space, 255, np.uint8) if task.find else None
    request = Request(
        noise.shape,
        overview=lambda side: noise,
        mask=mask,
        rate_hz=None if is_picture else rate_hz,
        options=chosen_options(task, {}),
    )
    try:
        restored = restore(task.restorer(model, request), noise)
        fits = restored.shape[1:] == noise.shape[1:] and bool(np.isfinite(restored).all())
    except Exception as error:  # whatever a net does that was made for something else
        raise BadModel(f"The model in {name} fails at what it is for: {task.id}.") from error
    if not fits:
        raise BadModel(f"The model in {name} gives no results that could be used.")
