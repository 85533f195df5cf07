"""How soon a training answers: Cancel, Pause and Finish, asked at random moments of it.

    python packaging/learning_answers.py [--task image/denoise] [--times 6]

Files are made from the samples. Prints the seconds of each answer, for Finish until the
judging begins; the exit status is 1 if one ever took more than two.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from PIL import Image  # noqa: E402

from desktop_ae.core.errors import Cancelled  # noqa: E402
from desktop_ae.core.library import ModelLibrary  # noqa: E402
from desktop_ae.core.tuning import NOISY  # noqa: E402
from desktop_ae.core.work import CancelToken, Progress  # noqa: E402
from desktop_ae.domains import task_named  # noqa: E402
from desktop_ae.jobs import Context  # noqa: E402
from desktop_ae.learning.jobs import LearnJob  # noqa: E402
from desktop_ae.learning.lesson import Lesson  # noqa: E402
from desktop_ae.learning.request import LearnRequest  # noqa: E402
from desktop_ae.learning.session import begin  # noqa: E402
from desktop_ae.places import shipped  # noqa: E402

LIMIT_S = 2.0


class TimedToken(CancelToken):
    """Notes when the job looked at it last."""

    looked = 0.0

    def check(self) -> float:
        self.looked = time.monotonic()
        return super().check()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--task", default="image/denoise")
    parser.add_argument("--times", type=int, default=6)
    wanted = parser.parse_args()
    library = ModelLibrary([shipped("models")])
    worst = 0.0
    with tempfile.TemporaryDirectory() as folder:
        files = _files(wanted.task, Path(folder) / "files")
        base = task_named(wanted.task).default_model
        request = LearnRequest(wanted.task, base, NOISY, noisy=(files,), minutes=60.0)
        for number in range(wanted.times):
            how = ("stop", "pause", "finish")[number % 3]
            seconds, phase = _answer(request, library, Path(folder) / f"run{number}", how)
            worst = max(worst, seconds)
            print(f"{how:<7} while {phase:<9} {seconds:.2f} s", flush=True)
    print(f"worst {worst:.2f} s")
    return int(worst > LIMIT_S)


def _answer(
    request: LearnRequest, library: ModelLibrary, root: Path, how: str
) -> tuple[float, str]:
    token, phases = TimedToken(), ["reading"]
    ended: list[float] = []

    def report(progress: Progress) -> None:
        if isinstance(progress, Lesson):
            phases.append(progress.phase)
            if progress.phase == "judging":
                ended.append(time.monotonic())

    def work() -> None:
        try:
            LearnJob(begin(root, request)).run(Context(library, report=report, token=token))
        except Cancelled:
            ended.append(time.monotonic())

    thread = threading.Thread(target=work)
    thread.start()
    until = "learning" if how != "stop" else random.choice(("reading", "looking", "learning"))
    while until not in phases:
        time.sleep(0.02)
    time.sleep(random.uniform(0.0, 12.0))
    asked, phase = time.monotonic(), phases[-1]
    getattr(token, how)()
    if how == "pause":
        # It waits from its next look on.
        time.sleep(2 * LIMIT_S)
        seconds = token.looked - asked if token.looked > asked else 2 * LIMIT_S
        token.stop()
    else:
        while not ended:
            time.sleep(0.01)
        seconds = ended[0] - asked
        token.stop()
    thread.join()
    return seconds, phase


def _files(task: str, folder: Path) -> Path:
    """Eight noisy files of a task, parts of its sample or variants of it."""
    folder.mkdir(parents=True)
    samples = shipped("resources") / "samples"
    rng = np.random.default_rng(0)
    if task.startswith(("image/", "document/")):
        name = "photo-astronaut.clean.png" if task.startswith("image/") else "scan-letter.clean.png"
        with Image.open(samples / "clean" / name) as file:
            pixels = np.asarray(file.convert("RGB"), np.float32)
        for number in range(8):
            noisy = np.roll(pixels, 37 * number, 1) + rng.normal(0, 20, pixels.shape)
            Image.fromarray(noisy.clip(0, 255).astype(np.uint8)).save(folder / f"{number}.png")
        return folder
    import soundfile

    samples_, rate = soundfile.read(samples / "speech-noisy.flac", dtype="float32")
    for number in range(8):
        soundfile.write(folder / f"{number}.wav", np.roll(samples_, 5000 * number, 0), rate)
    return folder


if __name__ == "__main__":
    sys.exit(main())
