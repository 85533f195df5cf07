"""The one training loop: `fit` serves the recipes, the wizard and the command line."""

from __future__ import annotations

import contextlib
import copy
import json
import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from desktop_ae.core.domain import Recipe
from desktop_ae.core.errors import BadModel, Cancelled, NotWritable
from desktop_ae.core.restore import has_bf16
from desktop_ae.core.saving import replace_file
from desktop_ae.core.work import CancelToken, Learning, Report, silent
from desktop_ae.training.optimizer import Muon, split_parameters
from desktop_ae.training.pairs import Pairs

CHECKPOINT = "checkpoint.safetensors"
BEST = "best.safetensors"
LOG = "log.jsonl"
_DAMAGE = (SafetensorError, OSError, KeyError, TypeError, ValueError, RuntimeError)
_REPORT_EVERY_S = 1.0


@dataclass(frozen=True, slots=True)
class Watch:
    """Scores of the averaged net on data that it does not learn from; the higher the better.

    The best net so far is kept on disk, the one that training began with among them. score: None if
    it was not told to the end, since the job shall finish.
    patience: so many scores in a row without a better one end the training; 0 for none.
    """

    score: Callable[[nn.Module], float | None]
    every_s: float = 30.0
    patience: int = 0


@dataclass(frozen=True, slots=True)
class Fitted:
    """A finished training: the averaged net (with a watch the best one), and what it took."""

    net: nn.Module
    steps: int
    seconds: float
    scores: Sequence[tuple[float, float]] = ()


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
    watch: Watch | None = None,
    report: Report = silent,
    token: CancelToken | None = None,
    log_every_s: float = 30.0,
    save_every_s: float = 60.0,
) -> Fitted:
    """Train `net` for so many minutes of computing time and return its moving average.

    folder: gets `checkpoint.safetensors` each minute and `log.jsonl`; with `resume` the run goes on
    from there, with the minutes it already had counted in. The learning rate follows the share of
    the minutes that is used, so a slow machine anneals as fully as a fast one. A full disk does not
    end the training: it goes on without a checkpoint, and says so.
    Raises Cancelled when the token stops; the checkpoint of that moment is kept. Ends early when
    the token asks for it. Raises BadModel if the checkpoint to resume from cannot be used, and
    NotWritable if the last checkpoint cannot be written; the one before it is kept.
    """
    run = _Run(net, recipe, folder, device)
    folder.mkdir(parents=True, exist_ok=True)
    if resume and (folder / CHECKPOINT).is_file():
        run.load()
    budget_s = minutes * 60
    token = token or CancelToken()
    clock = _Clock(run.seconds)
    watched = _Watched(run, watch) if watch else None
    note = ""
    try:
        if watched and not run.scores:
            watched.look()
            run.seconds = clock.tick()
        while run.seconds < budget_s and not token.finishing:
            loss = run.step(pairs, run.seconds / budget_s)
            run.seconds = clock.tick(token.check())
            if clock.is_due("log", log_every_s):
                run.log()
            if watched and clock.is_due("watch", watched.watch.every_s):
                watched.look()
                run.seconds = clock.tick()
            if clock.is_due("save", save_every_s):
                note = run.try_to_save()
            if clock.is_due("report", _REPORT_EVERY_S):
                report(run.progress(budget_s, note or f"loss {loss:.5f}"))
            if watched and watched.is_over:
                break
        if watched and watched.may_look_again and not token.finishing:
            watched.look()
    except Cancelled:
        run.seconds = clock.tick()
        run.try_to_save()
        raise
    run.log()
    run.save()
    run.put_best()
    report(run.progress(run.seconds, note))
    return Fitted(run.average, run.steps, run.seconds, tuple(run.scores))


def time_steps(
    net: nn.Module,
    pairs: Pairs,
    recipe: Recipe,
    device: torch.device,
    count: int,
    token: CancelToken,
) -> float:
    """Seconds that one step takes, of so many after a first one. Changes the net."""
    run = _Run(net, recipe, Path(), device)
    run.step(pairs, 0.0)
    started = time.monotonic()
    for _ in range(count):
        token.check()
        run.step(pairs, 0.0)
    return (time.monotonic() - started) / count


class _Clock:
    """Seconds of computing, without pauses, after those of a run before; and what is due."""

    def __init__(self, before_s: float) -> None:
        self._started = time.monotonic() - before_s
        self._begun = self._now = before_s
        self._last: dict[str, float] = {}

    def tick(self, waited_s: float = 0.0) -> float:
        self._started += waited_s
        self._now = time.monotonic() - self._started
        return self._now

    def is_due(self, what: str, every_s: float) -> bool:
        if self._now - self._last.get(what, self._begun) < every_s:
            return False
        self._last[what] = self._now
        return True


class _Watched:
    """A run whose averaged net is scored now and then, the best one kept."""

    def __init__(self, run: _Run, watch: Watch) -> None:
        self.watch = watch
        self._run = run

    @property
    def is_over(self) -> bool:
        scores = [score for _, score in self._run.scores]
        since = len(scores) - 1 - scores.index(max(scores))
        return 0 < self.watch.patience <= since

    @property
    def may_look_again(self) -> bool:
        return not self.is_over and self._run.seconds > self._run.scores[-1][0]

    def look(self) -> None:
        score = self.watch.score(self._run.average)
        if score is None:
            return
        if all(score > before for _, before in self._run.scores):
            self._run.keep_best()
        self._run.scores.append((round(self._run.seconds, 1), score))
        self._run.write_line({"score": score})


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
        self.losses: list[tuple[float, float]] = []
        self.scores: list[tuple[float, float]] = []
        self._recent: list[float] = []
        self._best: dict[str, Tensor] | None = None
        # Where there is no such arithmetic it would be emulated, many times slower.
        self._bf16 = device.type == "cuda" or has_bf16()

    def step(self, pairs: Pairs, used: float) -> float:
        warm = min(1.0, (self.steps + 1) / self.recipe.warm_up)
        rate = self.recipe.learning_rate * warm * (0.5 + 0.5 * math.cos(math.pi * min(used, 1.0)))
        noisy, clean = pairs.draw(self.recipe.batch, self.rng)
        noisy = noisy.contiguous(memory_format=self.layout)
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self._bf16):
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
        self._recent.append(float(loss.detach()))
        return self._recent[-1]

    def tensors(self) -> dict[str, Tensor]:
        """Net, average, optimizer state and random state, under flat names."""
        found = {f"net.{k}": v for k, v in self.net.state_dict().items()}
        found |= {f"average.{k}": v for k, v in self.average.state_dict().items()}
        for number, optimizer in enumerate(self.optimizers):
            for index, state in optimizer.state_dict()["state"].items():
                found |= {f"optimizer.{number}.{index}.{k}": v for k, v in state.items()}
        found["rng"] = self.rng.get_state()
        for name, curve in (("losses", self.losses), ("scores", self.scores)):
            found[f"curve.{name}"] = torch.tensor(curve, dtype=torch.float64).reshape(-1, 2)
        return {k: v.detach().cpu().contiguous() for k, v in found.items()}

    def save(self) -> None:
        """Raises NotWritable, with the checkpoint before kept."""
        facts = {
            "steps": str(self.steps),
            "seconds": str(self.seconds),
            "task": self.recipe.task,
            "device": self.device.type,
        }
        path = self.folder / CHECKPOINT
        try:
            with replace_file(path) as scratch:
                save_file(self.tensors(), scratch, metadata=facts)
        except (OSError, SafetensorError) as error:
            why = getattr(error, "strerror", None) or str(error)
            sentence = f"What was learned cannot be saved in {self.folder}: {why}."
            raise NotWritable(path, sentence) from error

    def try_to_save(self) -> str:
        """What to say if that fails."""
        try:
            self.save()
        except NotWritable as error:
            return str(error)
        return ""

    def keep_best(self) -> None:
        """In memory, and on disk if there is room."""
        self._best = {k: v.detach().clone() for k, v in self.average.state_dict().items()}
        with (
            contextlib.suppress(OSError, SafetensorError),
            replace_file(self.folder / BEST) as scratch,
        ):
            save_file({k: v.cpu().contiguous() for k, v in self._best.items()}, scratch)

    def put_best(self) -> None:
        """Let the average be the net that scored best, if any did."""
        if self._best is not None:
            self.average.load_state_dict(self._best)

    def progress(self, budget_s: float, note: str) -> Learning:
        done = min(self.seconds, budget_s)
        curves = (tuple(self.losses), tuple(self.scores))
        return Learning(
            done, budget_s, "s", note, steps=self.steps, losses=curves[0], scores=curves[1]
        )

    def load(self) -> None:
        """Raises BadModel for a checkpoint that is damaged or of another recipe."""
        path = self.folder / CHECKPOINT
        try:
            with safe_open(path, framework="pt") as file:
                tensors = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118
                facts = file.metadata()
            self._restore(tensors, facts)
            if self.scores:
                self._best = load_file(self.folder / BEST, device=str(self.device))
        except _DAMAGE as error:
            raise BadModel(
                f"The training in {self.folder} cannot go on: its checkpoint {path.name} is damaged"
                " or of another recipe. Begin a new one, or remove that file."
            ) from error

    def _restore(self, tensors: dict[str, Tensor], facts: Mapping[str, str]) -> None:
        self.steps, self.seconds = int(facts["steps"]), float(facts["seconds"])
        self.net.load_state_dict(_under("net.", tensors))
        self.average.load_state_dict(_under("average.", tensors))
        for name, curve in (("losses", self.losses), ("scores", self.scores)):
            known = tensors.get(f"curve.{name}", torch.zeros(0, 2))
            curve[:] = [(float(second), float(value)) for second, value in known]
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

    def log(self) -> None:
        """The mean of the losses since the last time, if there are any."""
        if self._recent:
            self.losses.append((round(self.seconds, 1), sum(self._recent) / len(self._recent)))
            self._recent = []
            self.write_line({"loss": self.losses[-1][1]})

    def write_line(self, measured: Mapping[str, float]) -> None:
        line = {"seconds": round(self.seconds, 1), "steps": self.steps, **measured}
        with contextlib.suppress(OSError), (self.folder / LOG).open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")


def _under(prefix: str, tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    return {k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)}
