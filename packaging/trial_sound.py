"""Learn from noisy recordings alone, all with one kind of noise, and see whether that pays.

    python packaging/trial_sound.py --data ../shared/data [--noise NAME] [--minutes 10] [--every 3]

Voices and a noise that the shipped model never trained on (`recipes.is_held_out`) are mixed at 0
to 5 dB. The first part of the noise and most of the speakers are learned from, as the wizard would;
the rest of both judges, and there alone the truth is used. What was forgotten is told by the bench
of the task (`--every` as there). The minutes are of computing, so that other work beside it does
not matter. The exit status is 1 if it gains too little or forgets too much.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import soundfile

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from desktop_ae.core.clip import Samples  # noqa: E402
from desktop_ae.core.library import Model, ModelLibrary, load_model  # noqa: E402
from desktop_ae.core.tuning import NOISY, Restore  # noqa: E402
from desktop_ae.domains.audio import DENOISE  # noqa: E402
from desktop_ae.domains.audio.bench import bench_denoise  # noqa: E402
from desktop_ae.domains.audio.recipes import RATE_HZ, is_held_out, load_sound  # noqa: E402
from desktop_ae.domains.audio.tuning import DENOISE_TUNING  # noqa: E402
from desktop_ae.jobs import Context  # noqa: E402
from desktop_ae.learning.jobs import LearnJob  # noqa: E402
from desktop_ae.learning.material import restorer_of  # noqa: E402
from desktop_ae.learning.request import LearnRequest  # noqa: E402
from desktop_ae.learning.session import begin  # noqa: E402
from desktop_ae.places import shipped  # noqa: E402
from desktop_ae.training import loop  # noqa: E402

LEARNED, LEARNED_OF_NOISE, LONGEST_S = 30, 0.6, 10
LEAST_GAIN_DB, MOST_LOSS_DB = 1.0, 0.3

Pair = tuple[Samples, Samples]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--noise", default="animals-birds")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--every", type=int, default=3)
    wanted = parser.parse_args()
    vars(loop)["time"] = SimpleNamespace(monotonic=time.process_time)
    base = ModelLibrary([shipped("models")]).load(DENOISE.default_model)
    learned, judged = recordings(wanted.data / "audio", wanted.noise)
    with tempfile.TemporaryDirectory() as scratch:
        tuned = learn([noisy for noisy, _ in learned], wanted.minutes, Path(scratch))
    ways: dict[str, Restore] = {
        "nothing": lambda noisy: noisy,
        "filter": DENOISE_TUNING.classical,
        "shipped": restorer_of(DENOISE, DENOISE_TUNING, base),
        "tuned": restorer_of(DENOISE, DENOISE_TUNING, tuned),
    }
    scores = {
        name: [DENOISE_TUNING.score(way(noisy), clean) for noisy, clean in judged]
        for name, way in ways.items()
    }
    for name, found in scores.items():
        print(f"{wanted.noise}, {name}: SI-SDR {np.mean(found):.2f} dB, worst {min(found):.2f}")
    before, after = (known(model, wanted.data, wanted.every) for model in (base, tuned))
    for name, ratio in before.items():
        print(f"{name}: {ratio:.2f} -> {after[name]:.2f} dB")
    gain = float(np.mean(scores["tuned"]) - np.mean(scores["shipped"]))
    change = float(np.mean([after[name] - before[name] for name in before]))
    print(f"kept back: {gain:+.2f} dB; elsewhere: {change:+.2f} dB")
    return int(gain < LEAST_GAIN_DB or change < -MOST_LOSS_DB)


def learn(noisy: list[Samples], minutes: float, scratch: Path) -> Model:
    """As the wizard would; some of the recordings end and judge the training."""
    paths = tuple(scratch / f"{number}.flac" for number in range(len(noisy)))
    for path, samples in zip(paths, noisy, strict=True):
        soundfile.write(path, samples.T, RATE_HZ)
    request = LearnRequest(DENOISE.id, DENOISE.default_model, NOISY, paths, minutes=minutes)
    context = Context(ModelLibrary([shipped("models"), scratch / "models"]))
    learned = LearnJob(begin(scratch / "sessions", request)).run(context)
    print("\n".join(learned.verdict.sentences()))
    print(f"{learned.card.trained}, processor time {time.process_time() / 60:.1f} minutes")
    return load_model(learned.card)


def recordings(data: Path, name: str) -> tuple[list[Pair], list[Pair]]:
    """(noisy, clean) of each: to learn from, and to judge by."""
    (path,) = (p for p in (data / "noise").rglob("*.ogg") if p.stem == name and is_held_out(p))
    sound = load_sound(path, RATE_HZ).numpy()
    cut = int(LEARNED_OF_NOISE * len(sound))
    paths = sorted((data / "speech" / "librispeech").iterdir())
    voices = [load_sound(p, RATE_HZ).numpy() for p in paths if is_held_out(p)]
    rng = np.random.default_rng(1)
    return (
        [mixed(voice, sound[:cut], rng) for voice in voices[:LEARNED]],
        [mixed(voice, sound[cut:], rng) for voice in voices[LEARNED:]],
    )


def mixed(voice: Samples, sound: Samples, rng: np.random.Generator) -> Pair:
    clean = voice[: LONGEST_S * RATE_HZ] / np.abs(voice).max() * np.float32(0.3)
    start = int(rng.integers(len(sound)))
    added = np.take(sound, np.arange(start, start + len(clean)), mode="wrap")
    ratio = np.sqrt(np.square(clean).mean() / np.square(added).mean())
    noisy = clean + np.float32(ratio * 10 ** (-rng.uniform(0, 5) / 20)) * added
    return noisy[None], clean[None]


def known(model: Model, data: Path, every: int) -> dict[str, float]:
    """SI-SDR by set of the bench, as the program runs the model."""
    scores = bench_denoise([model], data, "none", every, lambda score: None)
    ours = [s for s in scores if s.method == model.card.label and "si_sdr_db" in s.figures]
    return {score.data: score.figures["si_sdr_db"] for score in ours}


if __name__ == "__main__":
    sys.exit(main())
