"""The one training loop: `fit` serves the recipes, the wizard and the command line."""

from __future__ import annotations

import copy
import json
import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from desktop_ae.core.domain import Recipe
from desktop_ae.core.errors import BadModel, Cancelled
from desktop_ae.core.saving import replace_file
from desktop_ae.core.work import CancelToken, Progress, Report, silent
from desktop_ae.training.optimizer import Muon, split_parameters
from desktop_ae.training.pairs import Pairs

Judge = Callable[[nn.Module], dict[str, float]]
CHECKPOINT = "checkpoint.safetensors"
LOG = "log.jsonl"
_DAMAGE = (SafetensorError, OSError, KeyError, TypeError, ValueError, RuntimeError)


@dataclass(frozen=True, slots=True)
class Fitted:
    """A finished training: the averaged net, and what it took."""

    net: nn.Module
    steps: int
    seconds: float


def best_device() -> torch.device:
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def fit(
    net: nn.Module,
    pairs: Pairs,
    recipe: Recipe,
    folder: Path,
    *,
    minutes: float,
    device: torch.device,
    resume: bool = False,
    judge: Judge | None = None,
    report: Report = silent,
    token: CancelToken | None = None,
    log_every_s: float = 30.0,
    save_every_s: float = 60.0,
) -> Fitted:
    """Train `net` for so many minutes of computing time and return its moving average.

    folder: gets `checkpoint.safetensors` each minute and `log.jsonl`; with `resume` the run goes on
    from there, with the minutes it already had counted in. The learning rate follows the share of
    the minutes that is used, so a slow machine anneals as fully as a fast one.
    Raises Cancelled when the token stops; the checkpoint of that moment is kept. Raises BadModel if
    the checkpoint to resume from cannot be used.
    """
    run = _Run(net, recipe, folder, device)
    if resume and (folder / CHECKPOINT).is_file():
        run.load()
    budget_s = minutes * 60
    token = token or CancelToken()
    logged = saved = started = time.monotonic() - run.seconds
    while run.seconds < budget_s:
        loss = run.step(pairs, run.seconds / budget_s)
        run.seconds = time.monotonic() - started
        try:
            started += token.check()
        except Cancelled:
            run.save()
            raise
        now = started + run.seconds
        if now - logged >= log_every_s:
            run.log(loss, {})
            report(Progress(run.seconds, budget_s, "s", f"loss {loss:.5f}"))
            logged = now
        if now - saved >= save_every_s:
            run.save()
            saved = now
    run.save()
    run.log(float("nan"), judge(run.average) if judge else {})
    report(Progress(budget_s, budget_s, "s"))
    return Fitted(run.average, run.steps, run.seconds)


class _Run:
    """Everything that a checkpoint holds."""

    def __init__(self, net: nn.Module, recipe: Recipe, folder: Path, device: torch.device) -> None:
        self.recipe = recipe
        self.folder = folder
        self.device = device
        self.net = net.to(device).train()
        self.layout = torch.contiguous_format
        if any(p.ndim == 4 for p in net.parameters()):
            self.layout = torch.channels_last
            self.net = self.net.to(memory_format=torch.channels_last)
        self.average = copy.deepcopy(self.net).eval().requires_grad_(False)
        hidden, rest = split_parameters(self.net)
        self.optimizers: tuple[torch.optim.Optimizer, ...] = (
            Muon(hidden, lr=recipe.learning_rate),
            torch.optim.AdamW(rest, lr=recipe.learning_rate, betas=(0.9, 0.99), weight_decay=0.0),
        )
        self.rng = torch.Generator(device=device).manual_seed(recipe.seed)
        self.steps = 0
        self.seconds = 0.0
        folder.mkdir(parents=True, exist_ok=True)

    def step(self, pairs: Pairs, used: float) -> float:
        warm = min(1.0, (self.steps + 1) / 200)
        rate = self.recipe.learning_rate * warm * (0.5 + 0.5 * math.cos(math.pi * min(used, 1.0)))
        noisy, clean = pairs.draw(self.recipe.batch, self.rng)
        noisy = noisy.contiguous(memory_format=self.layout)
        with torch.autocast(self.device.type, torch.bfloat16):
            restored = self.net(noisy)
        loss = pairs.loss(restored.float(), clean)
        self.net.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self.net.parameters(), 1.0)
        for optimizer in self.optimizers:
            for group in optimizer.param_groups:
                group["lr"] = rate
            optimizer.step()
        self.steps += 1
        keep = min(self.recipe.average, (self.steps + 1) / (self.steps + 10))
        with torch.no_grad():
            for mean, now in zip(self.average.parameters(), self.net.parameters(), strict=True):
                mean.lerp_(now, 1 - keep)
        return float(loss.detach())

    def tensors(self) -> dict[str, Tensor]:
        """Net, average, optimizer state and random state, under flat names."""
        found = {f"net.{k}": v for k, v in self.net.state_dict().items()}
        found |= {f"average.{k}": v for k, v in self.average.state_dict().items()}
        for number, optimizer in enumerate(self.optimizers):
            for index, state in optimizer.state_dict()["state"].items():
                found |= {f"optimizer.{number}.{index}.{k}": v for k, v in state.items()}
        found["rng"] = self.rng.get_state()
        return {k: v.detach().cpu().contiguous() for k, v in found.items()}

    def save(self) -> None:
        facts = {
            "steps": str(self.steps),
            "seconds": str(self.seconds),
            "task": self.recipe.task,
            "device": self.device.type,
        }
        with replace_file(self.folder / CHECKPOINT) as scratch:
            save_file(self.tensors(), scratch, metadata=facts)

    def load(self) -> None:
        """Raises BadModel for a checkpoint that is damaged or of another recipe."""
        path = self.folder / CHECKPOINT
        try:
            with safe_open(path, framework="pt") as file:
                tensors = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118
                facts = file.metadata()
            self._restore(tensors, facts)
        except _DAMAGE as error:
            raise BadModel(
                f"The training in {self.folder} cannot go on: its checkpoint {path.name} is damaged"
                " or of another recipe. Begin a new one, or remove that file."
            ) from error

    def _restore(self, tensors: dict[str, Tensor], facts: Mapping[str, str]) -> None:
        self.steps, self.seconds = int(facts["steps"]), float(facts["seconds"])
        self.net.load_state_dict(_under("net.", tensors))
        self.average.load_state_dict(_under("average.", tensors))
        if facts.get("device", self.device.type) == self.device.type:
            self.rng.set_state(tensors["rng"])
        else:  # the state of another kind of machine means nothing here
            self.rng.manual_seed(self.recipe.seed + self.steps)
        for number, optimizer in enumerate(self.optimizers):
            state: dict[int, dict[str, Tensor]] = {}
            for key, tensor in _under(f"optimizer.{number}.", tensors).items():
                index, name = key.split(".")
                state.setdefault(int(index), {})[name] = tensor
            whole = optimizer.state_dict()
            optimizer.load_state_dict({**whole, "state": state})

    def log(self, loss: float, measured: dict[str, float]) -> None:
        known = {"loss": loss} if math.isfinite(loss) else {}
        line = {"seconds": round(self.seconds, 1), "steps": self.steps, **known, **measured}
        with (self.folder / LOG).open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")


def _under(prefix: str, tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    return {k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)}
