"""Learn from noisy ECGs alone, all with one kind of noise, and see whether that pays.

    python packaging/trial_ecg.py --data ../shared/data [--noise tremor] [--snr 3] [--minutes 10]

Records that the shipped model never trained on (`recipes.HELD_OUT`) get a noise that it never
heard.
Some are learned from, as the wizard would; the others judge, and there alone the truth is used.
What was forgotten is told by the bench of the task (`--every` as there). The minutes are of
computing, so that other work beside it does not matter. The exit status is 1 if it gains too little
or forgets too much.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import SimpleNamespace

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from desktop_ae.core.clip import Samples  # noqa: E402
from desktop_ae.core.library import Model, ModelLibrary, load_model  # noqa: E402
from desktop_ae.core.tuning import NOISY, Restore  # noqa: E402
from desktop_ae.domains.ecg import DENOISE  # noqa: E402
from desktop_ae.domains.ecg.bench import bench_denoise, load_records  # noqa: E402
from desktop_ae.domains.ecg.recipes import RATE_HZ  # noqa: E402
from desktop_ae.domains.ecg.tuning import DENOISE_TUNING  # noqa: E402
from desktop_ae.jobs import Context  # noqa: E402
from desktop_ae.learning.jobs import LearnJob  # noqa: E402
from desktop_ae.learning.material import restorer_of  # noqa: E402
from desktop_ae.learning.request import LearnRequest  # noqa: E402
from desktop_ae.learning.session import begin  # noqa: E402
from desktop_ae.places import shipped  # noqa: E402
from desktop_ae.training import loop  # noqa: E402

LEARNED, START_S, LENGTH_S = 6, 60, 120
LEAST_GAIN_DB, MOST_LOSS_DB = 1.0, 0.3

Pair = tuple[Samples, Samples]
Wave = NDArray[np.float64]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--noise", default="tremor", choices=NOISES)
    parser.add_argument("--snr", type=float, default=3.0, help="dB")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--every", type=int, default=8)
    wanted = parser.parse_args()
    vars(loop)["time"] = SimpleNamespace(monotonic=time.process_time)
    base = ModelLibrary([shipped("models")]).load(DENOISE.default_model)
    pairs = recordings(wanted.data / "ecg", NOISES[wanted.noise], wanted.snr)
    with tempfile.TemporaryDirectory() as scratch:
        tuned = learn([noisy for noisy, _ in pairs[:LEARNED]], wanted.minutes, Path(scratch))
    ways: dict[str, Restore] = {
        "nothing": lambda noisy: noisy,
        "filter": DENOISE_TUNING.classical,
        "shipped": restorer_of(DENOISE, DENOISE_TUNING, base),
        "tuned": restorer_of(DENOISE, DENOISE_TUNING, tuned),
    }
    means = {}
    for name, way in ways.items():
        found = [DENOISE_TUNING.score(way(noisy), clean) for noisy, clean in pairs[LEARNED:]]
        means[name] = float(np.mean(found))
        print(f"{wanted.noise}, {name}: SNR {means[name]:.2f} dB, worst {min(found):.2f}")
    changes = []
    before, after = (known(model, wanted.data, wanted.every) for model in (base, tuned))
    for name, gain in before.items():
        changes.append(after[name] - gain)
        print(f"{name}: gain {gain:.2f} -> {after[name]:.2f} dB")
    gain = means["tuned"] - means["shipped"]
    change = float(np.mean(changes))
    print(f"kept back: {gain:+.2f} dB; elsewhere: {change:+.2f} dB, worst {min(changes):+.2f}")
    return int(gain < LEAST_GAIN_DB or change < -MOST_LOSS_DB)


def learn(noisy: list[Samples], minutes: float, scratch: Path) -> Model:
    """As the wizard would; some of the recordings end and judge the training."""
    paths = tuple(scratch / f"{number}.npy" for number in range(len(noisy)))
    for path, leads in zip(paths, noisy, strict=True):
        np.save(path, leads)
    given = {"rate_hz": str(RATE_HZ), "unit": "mV"}
    request = LearnRequest(
        DENOISE.id, DENOISE.default_model, NOISY, paths, minutes=minutes, options=given
    )
    context = Context(ModelLibrary([shipped("models"), scratch / "models"]))
    learned = LearnJob(begin(scratch / "sessions", request)).run(context)
    print("\n".join(learned.verdict.sentences()))
    print(f"{learned.card.trained}, processor time {time.process_time() / 60:.1f} minutes")
    return load_model(learned.card)


def recordings(data: Path, noise: Noise, snr_db: float) -> list[Pair]:
    """(noisy, clean) of each record, two minutes of both leads."""
    found = []
    first, last = START_S * RATE_HZ, (START_S + LENGTH_S) * RATE_HZ
    for number, record in enumerate(load_records(data)):
        clean = np.nan_to_num(record.leads[:, first:last])
        rng = np.random.default_rng(number)
        found.append(
            (np.stack([mixed(lead, noise(len(lead), rng), snr_db) for lead in clean]), clean)
        )
    return found


def mixed(lead: Samples, added: Wave, snr_db: float) -> Samples:
    ratio = lead.std() / added.std() * 10 ** (-snr_db / 20)
    return np.asarray(lead + ratio * (added - added.mean()), np.float32)


def tremor(samples: int, rng: np.random.Generator) -> Wave:
    """Of Parkinson's disease: some 5 Hz with harmonics, coming and going, and its muscles."""
    phase = _phase(5.2, 0.3, samples, rng)
    wave = np.sin(phase) + 0.5 * np.sin(2 * phase + 0.7) + 0.25 * np.sin(3 * phase + 2)
    return (wave + 0.3 * rng.normal(size=samples)) * _swell(samples, 0.8, rng)


def railway(samples: int, rng: np.random.Generator) -> Wave:
    """The hum of railway mains, 16.7 Hz with harmonics, which drifts with the load."""
    phase = _phase(16.7, 0.15, samples, rng)
    wave = np.sin(phase) + 0.2 * np.sin(2 * phase) + 0.35 * np.sin(3 * phase + 1)
    return wave * _swell(samples, 0.5, rng)


def stimulator(samples: int, rng: np.random.Generator) -> Wave:
    """Pulses of a nerve stimulator some three times a second, each with a tail that rings."""
    wave = np.zeros(samples)
    time_s = np.arange(RATE_HZ // 4) / RATE_HZ
    ring = np.exp(-time_s / 0.06) * np.sin(2 * np.pi * 22 * time_s)
    distance = RATE_HZ / rng.uniform(2.6, 3.4)
    at = rng.uniform(0, distance)
    while at < samples - len(ring):
        wave[int(at) : int(at) + len(ring)] += (1 + 0.2 * rng.normal()) * ring
        at += distance * (1 + 0.03 * rng.normal())
    return wave


def _phase(hertz: float, drift: float, samples: int, rng: np.random.Generator) -> Wave:
    """Of a wave whose frequency wanders, by three times `drift` at most."""
    walk = drift * np.cumsum(rng.normal(size=samples)) / np.sqrt(RATE_HZ)
    now = hertz + np.clip(walk - walk.mean(), -3 * drift, 3 * drift)
    return np.asarray(2 * np.pi * (np.cumsum(now) / RATE_HZ + rng.uniform()))


def _swell(samples: int, depth: float, rng: np.random.Generator) -> Wave:
    slow = 2 * np.pi * (rng.uniform(0.05, 0.2) * np.arange(samples) / RATE_HZ + rng.uniform())
    return np.asarray(1 + depth * np.sin(slow))


Noise = Callable[[int, np.random.Generator], Wave]
NOISES: Mapping[str, Noise] = {"tremor": tremor, "railway": railway, "stimulator": stimulator}


def known(model: Model, data: Path, every: int) -> dict[str, float]:
    """Gain in SNR by noise of the bench, as the program runs the model."""
    scores = bench_denoise([model], data, "none", every, lambda score: None)
    ours = [s for s in scores if s.method == model.card.label and "snr_gain_db" in s.figures]
    return {score.data: score.figures["snr_gain_db"] for score in ours}


if __name__ == "__main__":
    sys.exit(main())
