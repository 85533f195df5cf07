from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import Generator, Tensor, nn

from desktop_ae.core.errors import BadModel, Cancelled, NotWritable
from desktop_ae.core.work import CancelToken, Learning, Progress
from desktop_ae.domains.image.recipes import DENOISE
from desktop_ae.nets import build_net
from desktop_ae.training import loop
from desktop_ae.training.loop import CHECKPOINT, LOG, Fitted, Watch, best_device, fit
from tests.fakes import TINY_NET, FullDisk

RECIPE = replace(DENOISE, arguments=TINY_NET, batch=2, patch=16, learning_rate=2e-2)
CPU = torch.device("cpu")


class Task:
    """Flat pictures under noise: a fixed task that the smallest net can learn."""

    def __init__(self, stop_at: int | None = None, token: CancelToken | None = None) -> None:
        self.draws = 0
        self.stop_at = stop_at
        self.token = token

    def draw(self, count: int, rng: Generator) -> tuple[Tensor, Tensor]:
        self.draws += 1
        if self.token and self.draws == self.stop_at:
            self.token.stop()
        clean = torch.rand((count, 3, 1, 1), generator=rng).expand(count, 3, 16, 16)
        return clean + 0.2 * torch.randn(clean.shape, generator=rng), clean

    def loss(self, restored: Tensor, clean: Tensor) -> Tensor:
        return (restored - clean).abs().mean()


class Clock:
    """Each look at it is a second later than the last, so that a step takes a second."""

    now = 1000.0

    def monotonic(self) -> float:
        self.now += 1
        return self.now


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(loop, "time", made)
    return made


def fresh_net() -> nn.Module:
    torch.manual_seed(0)
    return build_net("unet2d", TINY_NET)


def train(
    folder: Path,
    steps: int,
    *,
    task: Task | None = None,
    resume: bool = False,
    **options: object,
) -> Fitted:
    return fit(
        fresh_net(),
        task or Task(),
        RECIPE,
        folder,
        minutes=steps / 60,
        device=CPU,
        resume=resume,
        **options,  # type: ignore[arg-type]
    )


def stopped_at(folder: Path, step: int, of: int) -> None:
    token = CancelToken()
    with pytest.raises(Cancelled):
        train(folder, of, task=Task(step, token), token=token)


def error_of(net: nn.Module) -> float:
    noisy, clean = Task().draw(32, Generator().manual_seed(99))
    with torch.no_grad():
        return float((net(noisy) - clean).abs().mean())


def facts(folder: Path) -> dict[str, str]:
    with safe_open(folder / CHECKPOINT, framework="pt") as file:
        return dict(file.metadata())


def same(one: nn.Module, other: nn.Module) -> bool:
    pairs = zip(one.state_dict().values(), other.state_dict().values(), strict=True)
    return all(torch.equal(a, b) for a, b in pairs)


def test_a_short_training_lowers_the_error(tmp_path: Path) -> None:
    fitted = train(tmp_path, 240)
    assert fitted.steps == 240
    assert fitted.seconds == 240
    noisy, clean = Task().draw(32, Generator().manual_seed(99))
    assert error_of(fitted.net) < 0.8 * float((noisy - clean).abs().mean())
    assert error_of(fitted.net) < 0.6 * error_of(fresh_net())


def test_the_same_seed_trains_the_same_net(tmp_path: Path) -> None:
    assert same(train(tmp_path / "a", 10).net, train(tmp_path / "b", 10).net)


def test_the_returned_net_is_the_average_and_does_not_learn(tmp_path: Path) -> None:
    fitted = train(tmp_path, 10)
    tensors = load_file(tmp_path / CHECKPOINT)
    for name, value in fitted.net.state_dict().items():
        assert torch.equal(value, tensors[f"average.{name}"])
    assert not torch.equal(tensors["average.head.weight"], tensors["net.head.weight"])
    assert not fitted.net.training
    assert not any(p.requires_grad for p in fitted.net.parameters())


def test_a_checkpoint_is_written_each_time_it_is_due(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    saves: list[int] = []
    real = loop._Run.save

    def save(run: loop._Run) -> None:
        real(run)
        saves.append(int(facts(tmp_path)["steps"]))

    monkeypatch.setattr(loop._Run, "save", save)
    train(tmp_path, 10, save_every_s=4.0)
    assert saves == [4, 8, 10]


def test_a_checkpoint_says_what_it_took(tmp_path: Path) -> None:
    train(tmp_path, 5)
    wanted = {"steps": "5", "seconds": "5.0", "task": "image/denoise", "device": "cpu"}
    assert facts(tmp_path) == wanted
    assert [p.name for p in sorted(tmp_path.iterdir())] == [CHECKPOINT, LOG]


def test_log_and_progress_follow_the_training(tmp_path: Path) -> None:
    reports: list[Learning] = []
    fitted = train(tmp_path, 10, log_every_s=5.0, report=reports.append)
    lines = [json.loads(line) for line in (tmp_path / LOG).read_text().splitlines()]
    assert [line["steps"] for line in lines] == [5, 10]
    assert [report.done for report in reports] == [*range(1, 11), 10]
    assert reports[-1].fraction == 1.0
    assert reports[-1].steps == fitted.steps
    assert [second for second, _ in reports[-1].losses] == [5, 10]
    first, last = (loss for _, loss in reports[-1].losses)
    assert 0 < last < first


class Scores:
    """A score for each look, in order; what was looked at is kept."""

    def __init__(self, *scores: float) -> None:
        self.scores = list(scores)
        self.nets: list[dict[str, Tensor]] = []

    def __call__(self, net: nn.Module) -> float:
        self.nets.append({k: v.clone() for k, v in net.state_dict().items()})
        return self.scores[len(self.nets) - 1]


def test_the_net_that_scored_best_is_what_comes_of_it(tmp_path: Path) -> None:
    scores = Scores(1.0, 3.0, 2.0, 2.5)
    fitted = train(tmp_path, 10, watch=Watch(scores, every_s=4.0))
    assert [score for _, score in fitted.scores] == scores.scores
    assert len(scores.nets) == 4  # before the first step, twice on the way, at the end
    wanted = scores.nets[1]
    assert all(torch.equal(v, wanted[k]) for k, v in fitted.net.state_dict().items())
    assert not torch.equal(wanted["head.weight"], scores.nets[3]["head.weight"])


def test_a_training_that_makes_it_worse_gives_back_what_it_began_with(tmp_path: Path) -> None:
    fitted = train(tmp_path, 10, watch=Watch(Scores(9.0, 1.0, 1.0, 1.0), every_s=4.0))
    assert same(fitted.net, fresh_net())


def test_it_ends_early_when_scores_no_longer_rise(tmp_path: Path) -> None:
    scores = Scores(1.0, 5.0, 4.0, 4.5, 9.0, 9.0, 9.0)
    fitted = train(tmp_path, 60, watch=Watch(scores, every_s=4.0, patience=2))
    assert len(scores.nets) == 4
    assert fitted.steps < 20


def test_asked_to_finish_it_gives_the_best_so_far(tmp_path: Path) -> None:
    class FinishedLater(CancelToken):
        def check(self) -> float:
            if task.draws == 7:
                self.finish()
            return super().check()

    task = Task()
    scores = Scores(1.0, 2.0, 3.0)
    watch = Watch(scores, every_s=4.0)
    fitted = train(tmp_path, 60, task=task, token=FinishedLater(), watch=watch)
    assert fitted.steps == 7
    wanted = scores.nets[len(scores.nets) - 1]
    assert all(torch.equal(v, wanted[k]) for k, v in fitted.net.state_dict().items())


def test_resumed_it_remembers_the_best_net_and_the_curves(tmp_path: Path) -> None:
    token = CancelToken()
    first = Scores(1.0, 8.0, 2.0, 2.0)
    with pytest.raises(Cancelled):
        watch = Watch(first, every_s=3.0)
        train(tmp_path, 30, task=Task(8, token), token=token, watch=watch, log_every_s=2.0)
    known = len(first.nets)
    assert known >= 2
    second = Scores(*([3.0] * 20))
    fitted = train(tmp_path, 14, resume=True, watch=Watch(second, every_s=3.0))
    assert [score for _, score in fitted.scores][:known] == first.scores[:known]
    assert all(torch.equal(v, first.nets[1][k]) for k, v in fitted.net.state_dict().items())


def test_the_learning_rate_warms_up_and_falls_to_nothing_at_the_end(tmp_path: Path) -> None:
    run = loop._Run(fresh_net(), RECIPE, tmp_path, CPU)
    rates = []
    for steps, used in ((0, 0.0), (199, 0.0), (1000, 0.5), (2000, 1.0)):
        run.steps = steps
        run.step(Task(), used)
        rates.append(float(run.optimizers[0].param_groups[0]["lr"]))
    peak = RECIPE.learning_rate
    assert rates == pytest.approx([peak / 200, peak, peak / 2, 0.0], abs=1e-9)


def test_stopped_and_resumed_it_is_the_same_training(tmp_path: Path) -> None:
    straight = train(tmp_path / "straight", 12)
    stopped_at(tmp_path / "broken", 5, of=12)
    assert facts(tmp_path / "broken")["steps"] == "5"
    task = Task()
    resumed = train(tmp_path / "broken", 12, task=task, resume=True)
    assert task.draws == 7
    assert (resumed.steps, resumed.seconds) == (12, 12)
    assert same(resumed.net, straight.net)


def test_a_checkpoint_holds_the_whole_state(tmp_path: Path) -> None:
    stopped_at(tmp_path, 5, of=12)
    before = load_file(tmp_path / CHECKPOINT)
    run = loop._Run(fresh_net(), RECIPE, tmp_path, CPU)
    run.load()
    after = run.tensors()
    assert after.keys() == before.keys()
    assert all(torch.equal(after[key], before[key]) for key in before)
    assert {key.split(".")[0] for key in before} == {
        *("net", "average", "optimizer", "rng", "curve")
    }


def test_a_training_that_had_its_time_ends_at_once_when_resumed(tmp_path: Path) -> None:
    first = train(tmp_path, 6)
    task = Task()
    again = train(tmp_path, 6, task=task, resume=True)
    assert task.draws == 0
    assert again.steps == 6
    assert same(first.net, again.net)


def test_resume_without_a_checkpoint_begins_anew(tmp_path: Path) -> None:
    assert same(train(tmp_path / "a", 4, resume=True).net, train(tmp_path / "b", 4).net)


def test_without_resume_an_old_checkpoint_does_not_count(tmp_path: Path) -> None:
    first = train(tmp_path, 4)
    assert same(train(tmp_path, 4).net, first.net)


def test_stopped_while_paused_the_checkpoint_of_that_moment_is_kept(tmp_path: Path) -> None:
    class StoppedWhilePaused(CancelToken):
        def check(self) -> float:
            if task.draws == 3:
                self.stop()
            return super().check()

    task = Task()
    with pytest.raises(Cancelled):
        train(tmp_path, 12, task=task, token=StoppedWhilePaused())
    assert facts(tmp_path)["steps"] == "3"


def test_time_spent_in_a_pause_does_not_count(tmp_path: Path, clock: Clock) -> None:
    class PausedOnce(CancelToken):
        def check(self) -> float:
            if task.draws != 3:
                return 0.0
            clock.now += 1000
            return 1000.0

    task = Task()
    fitted = train(tmp_path, 12, task=task, token=PausedOnce())
    assert (fitted.steps, fitted.seconds) == (12, 12)


CHILD = """
import sys
from pathlib import Path
import torch
from tests.training.test_loop import CPU, RECIPE, Task, fresh_net
from desktop_ae.training.loop import fit

class Saying(Task):
    def draw(self, count, rng):
        sys.stdout.write("."), sys.stdout.flush()
        return super().draw(count, rng)

fit(fresh_net(), Saying(), RECIPE, Path(sys.argv[1]), minutes=9, device=CPU, save_every_s=0.0)
"""


def test_killed_in_the_middle_a_training_goes_on_from_its_last_checkpoint(tmp_path: Path) -> None:
    command = [sys.executable, "-c", CHILD, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.read(8) == b"." * 8
        child.kill()
    steps, seconds = int(facts(tmp_path)["steps"]), float(facts(tmp_path)["seconds"])
    assert steps >= 7
    fitted = train(tmp_path, int(seconds) + 5, resume=True)
    assert steps + 4 <= fitted.steps <= steps + 5
    assert fitted.seconds >= int(seconds) + 5


def damaged(folder: Path, how: str) -> None:
    path = folder / CHECKPOINT
    content, tensors, said = path.read_bytes(), load_file(path), facts(folder)
    if how == "cut":
        path.write_bytes(content[: len(content) // 2])
    elif how == "empty":
        path.write_bytes(b"")
    elif how == "rubbish":
        path.write_bytes(b"\xff" * 1000)
    elif how == "no facts":
        save_file(tensors, path)
    elif how == "wrong facts":
        save_file(tensors, path, metadata={**said, "steps": "many"})
    elif how == "a layer is missing":
        del tensors["net.head.weight"]
        save_file(tensors, path, metadata=said)
    else:
        tensors["net.head.weight"] = torch.zeros(3, 3)
        save_file(tensors, path, metadata=said)


@pytest.mark.parametrize(
    "how",
    ["cut", "empty", "rubbish", "no facts", "wrong facts", "a layer is missing", "another net"],
)
def test_a_damaged_checkpoint_is_a_sentence_and_stays_where_it_is(tmp_path: Path, how: str) -> None:
    train(tmp_path, 2)
    damaged(tmp_path, how)
    before = (tmp_path / CHECKPOINT).read_bytes()
    with pytest.raises(BadModel, match="cannot go on: its checkpoint .* damaged"):
        train(tmp_path, 4, resume=True)
    assert (tmp_path / CHECKPOINT).read_bytes() == before


def test_a_full_disk_keeps_the_last_whole_checkpoint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    train(tmp_path, 3)
    with monkeypatch.context() as patch:
        FullDisk(patch, "fsync")
        with pytest.raises(NotWritable, match="cannot be saved in .*: No space"):
            train(tmp_path, 6, resume=True)
    assert facts(tmp_path)["steps"] == "3"
    assert not [p for p in tmp_path.iterdir() if p.name not in (CHECKPOINT, LOG)]
    assert train(tmp_path, 6, resume=True).steps == 6


def test_a_disk_that_is_full_for_a_while_does_not_end_the_training(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notes: list[str] = []
    with monkeypatch.context() as patch:
        FullDisk(patch, "fsync")

        def report(progress: Progress) -> None:
            notes.append(progress.note)
            if progress.done == 8:
                patch.undo()

        fitted = train(tmp_path, 10, save_every_s=3.0, report=report)
    assert fitted.steps == 10
    assert "No space" in notes[3]
    assert facts(tmp_path)["steps"] == "10"


def test_the_best_device_is_one_that_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert best_device() == CPU
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert best_device().type == "cuda"


def test_a_look_that_was_broken_off_does_not_count(tmp_path: Path) -> None:
    class BrokenOff(Scores):
        def __call__(self, net: nn.Module) -> float | None:  # type: ignore[override]
            score = super().__call__(net)
            return None if score < 0 else score

    scores = BrokenOff(1.0, -1.0, 3.0, -1.0)
    fitted = train(tmp_path, 10, watch=Watch(scores, every_s=4.0))
    assert [score for _, score in fitted.scores] == [1.0, 3.0]
    assert all(torch.equal(v, scores.nets[2][k]) for k, v in fitted.net.state_dict().items())
