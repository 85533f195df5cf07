"""A training that is killed, or meets a full disk, leaves the library as it was and goes on."""

from __future__ import annotations

import errno
import json
import os
import random
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from safetensors.torch import save_file

from desktop_ae.core.errors import DesktopAEError
from desktop_ae.core.library import ModelLibrary
from desktop_ae.core.tuning import PAIRS
from desktop_ae.domains.image import tuning
from desktop_ae.jobs import Context
from desktop_ae.learning import kept_back
from desktop_ae.learning.jobs import KeepJob, LearnJob
from desktop_ae.learning.request import LearnRequest
from desktop_ae.learning.session import begin, sessions
from desktop_ae.training import loop
from tests.fakes import write_model
from tests.learning.photos import write_pairs
from tests.training.test_loop import Clock

KILLS = 10
# Forked from one process that has torch loaded already: each life begins in milliseconds.
CHILD = """
import os, random, signal, sys, time
from dataclasses import replace
from pathlib import Path
import torch
from desktop_ae.core.library import ModelLibrary
from desktop_ae.domains.image import tuning
from desktop_ae.jobs import Context
from desktop_ae.learning.jobs import KeepJob, LearnJob
from desktop_ae.learning.session import begin, sessions
from desktop_ae.training import loop
from desktop_ae.learning import tune

root = Path(sys.argv[1])
tuning.DENOISE_TUNING = replace(tuning.DENOISE_TUNING, learning_rate=1e-2, batch=2)
real_fit = tune.fit
tune.fit = lambda *a, **k: real_fit(*a, **{**k, "save_every_s": 0.1})

def live():
    library = ModelLibrary([root / "shipped", root / "own"])
    session = sessions(root / "learning")[0]
    LearnJob(session).run(Context(library))
    KeepJob(session, "Mine").run(Context(library))

# Once in this process, so that no life is spent on loading modules.
first = begin(root / "warm-up", sessions(root / "learning")[0].request)
LearnJob(replace(first, request=replace(first.request, minutes=0.001))).run(
    Context(ModelLibrary([root / "shipped", root / "own"]))
)
moments = random.Random(int(sys.argv[2]))
for _ in range(int(sys.argv[3])):
    child = os.fork()
    if not child:
        live()
        os._exit(0)
    time.sleep(moments.uniform(0.1, 3.0))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    left = [p.relative_to(root).as_posix() for p in (root / "own").rglob("*") if p.is_file()]
    steps = 0
    known = sessions(root / "learning")
    if known and known[0].has_begun:
        from safetensors import safe_open
        with safe_open(known[0].folder / loop.CHECKPOINT, framework="pt") as file:
            steps = int(file.metadata()["steps"])
    problems = len(ModelLibrary([root / "shipped", root / "own"]).problems)
    print(problems, steps, len(known), *left, flush=True)
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    write_model(tmp_path / "shipped", identity=True)
    return tmp_path


@pytest.fixture
def request_(home: Path) -> LearnRequest:
    before, after = write_pairs(home / "files", 4)
    return LearnRequest("image/denoise", "image/denoise-v1", PAIRS, (before,), (after,), 0.05)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_killed_at_ten_random_moments_the_library_is_whole_and_the_training_goes_on(
    home: Path, request_: LearnRequest
) -> None:
    begin(home / "learning", replace(request_, minutes=60.0))
    seed = random.randrange(10**6)
    command = [sys.executable, "-c", CHILD, str(home), str(seed), str(KILLS)]
    run = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
    assert run.returncode == 0, run.stderr
    lives = [line.split() for line in run.stdout.splitlines()]
    assert len(lives) == KILLS, (seed, run.stderr)
    steps = [int(life[1]) for life in lives]
    assert all(life[0] == "0" and life[2] == "1" and len(life) == 3 for life in lives), (
        seed,
        lives,
    )
    assert steps == sorted(steps), (seed, steps)
    assert steps[-1] > 0, (seed, steps)
    # What is left is enough to come to an end.
    session = sessions(home / "learning")[0]
    library = ModelLibrary([home / "shipped", home / "own"])
    short = replace(session, request=replace(session.request, minutes=0.01))
    learned = LearnJob(short).run(Context(library))
    assert int(learned.card.trained["steps"]) >= steps[-1]
    kept = KeepJob(short, "Mine").run(Context(library))
    assert library.load(kept.id)


class NthWriteFails:
    """A disk without room for the `number`-th file that is written."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
        self.writes = 0
        self.number = number
        for module, name in ((os, "fsync"), (Path, "write_bytes"), (Path, "write_text")):
            monkeypatch.setattr(module, name, self._counted(getattr(module, name)))
        monkeypatch.setattr(loop, "save_file", self._counted(save_file))

    def _counted(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def write(*given: Any, **named: Any) -> Any:
            self.writes += 1
            if self.writes == self.number:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return real(*given, **named)

        return write


def test_a_disk_that_is_full_at_any_write_costs_nothing_that_was_there(
    home: Path, request_: LearnRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick = replace(tuning.DENOISE_TUNING, learning_rate=1e-2, batch=1)
    monkeypatch.setattr(tuning, "DENOISE_TUNING", quick)
    monkeypatch.setattr(loop, "time", Clock())
    monkeypatch.setattr(kept_back, "spare", lambda request: [])
    number, failures = 1, 0
    while True:
        root, own = home / f"learning{number}", home / f"own{number}"
        library = ModelLibrary([home / "shipped", own])
        with monkeypatch.context() as patch:
            disk = NthWriteFails(patch, number)
            try:
                session = begin(root, replace(request_, minutes=0.08))
                LearnJob(session).run(Context(library))
                KeepJob(session, "Mine").run(Context(library))
            except DesktopAEError as error:
                failures += 1
                assert "No space" in str(error)
            met = disk.writes >= number
        again = ModelLibrary([home / "shipped", own])
        assert not again.problems
        kept = [card for card in again.cards() if again.is_own(card)]
        assert all(again.load(card.id) for card in kept)
        for session in sessions(root):
            assert json.loads((session.folder / "request.json").read_text())["task"]
        if not kept and (left := sessions(root)):
            LearnJob(left[0]).run(Context(again))
            kept = [KeepJob(left[0], "Mine").run(Context(again))]
        if not met:
            break
        number += 1
    assert number > 8
    assert failures >= 4
    assert len(kept) == 1
