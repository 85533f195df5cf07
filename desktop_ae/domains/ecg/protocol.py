"""The QT-NSTDB protocol of Romero et al. 2021 ("DeepFilter"): single beats in recorded wander.

Beats of the QT Database, from one P wave to the next, are brought to 360 Hz, laid into 512 samples
and rested on zero; recorded baseline wander is added, 0.2 to 2 times as high as the beat. Training
takes one channel and the first half of the noise, judging the other channel and the other half.
Records: those that `recipes.HELD_OUT` names are judged here, as the paper's own fourteen are not
among the data. A net is trained under it by `packaging/qt_nstdb.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Generator, Tensor

from desktop_ae.core.clip import Samples
from desktop_ae.core.errors import Unreadable
from desktop_ae.domains.chances import uniform
from desktop_ae.domains.ecg.annotations import read_marks
from desktop_ae.domains.ecg.recipes import HELD_OUT, RATE_HZ, load_noise
from desktop_ae.domains.resampling import stretched

SAMPLES, PADDING = 512, 16
_BEFORE_P_S = 0.04
LEAST_RATIO, MOST_RATIO = 0.2, 2.0
_P_WAVE, _OPENS = 24, 39  # codes of annotations


def load_beats(folder: Path, *, held_out: bool, leads: int = 1) -> Samples:
    """`(beats, 512)` of the first leads of each record, millivolts; one by the paper. Raises
    Unreadable if there are none.
    """
    from desktop_ae.domains.ecg.files import open_source

    found: list[Samples] = []
    for path in sorted(folder.rglob("*.hea")):
        marks = path.with_suffix(".pu1")
        if (path.stem in HELD_OUT) != held_out or not marks.is_file():
            continue
        source = open_source(path, {})
        try:
            waves = source.read(0, source.facts.samples)[:leads]
            rate_hz = source.facts.rate_hz
        finally:
            source.close()
        starts = _p_starts(marks) - round(_BEFORE_P_S * rate_hz)
        for lead in waves:
            for start, stop in zip(starts[:-1], starts[1:], strict=True):
                beat = _laid_out(lead[max(0, start) : stop], rate_hz)
                if beat is not None:
                    found.append(beat)
    if not found:
        raise Unreadable(folder, f"There are no beats with P waves marked (.pu1) in {folder}.")
    return np.stack(found)


def _p_starts(marks: Path) -> NDArray[np.int64]:
    """Where P waves begin: the bracket before each mark of one."""
    symbols, samples = read_marks(marks)
    found = [
        samples[number - 1]
        for number in range(1, len(symbols))
        if symbols[number] == _P_WAVE and symbols[number - 1] == _OPENS
    ]
    return np.asarray(found, np.int64)


def _laid_out(beat: Samples, rate_hz: float) -> Samples | None:
    """None for what is no single beat: too long, too short, or with a gap in it."""
    count = round(len(beat) * RATE_HZ / rate_hz)
    if not RATE_HZ // 4 < count <= SAMPLES - PADDING or not np.isfinite(beat).all():
        return None
    wave = stretched(torch.from_numpy(beat.copy()), count).numpy()
    whole = np.zeros(SAMPLES, np.float32)
    whole[PADDING : PADDING + count] = wave - (wave[0] + wave[-1]) / 2
    return whole


def judged_pairs(folder: Path) -> tuple[Samples, Samples]:
    """(noisy, clean), `(beats, 512)` each, the same every time."""
    clean = load_beats(folder, held_out=True)
    noise = load_noise(folder, "bw").numpy()
    noise = noise[len(noise) // 2 :, 1]
    ratios = np.random.default_rng(1234).uniform(LEAST_RATIO, MOST_RATIO, len(clean))
    starts = np.arange(len(clean)) * SAMPLES % (len(noise) - SAMPLES)
    windows = np.stack([noise[s : s + SAMPLES] for s in starts])
    scale = ratios * np.ptp(clean, axis=1) / np.ptp(windows, axis=1).clip(1e-6)
    return clean + (scale[:, None] * windows).astype(np.float32), clean


class ProtocolPairs:
    """Beats and the same in wander, `(count, 1, 512)`; the noisy ones standardised, the clean ones
    in the same deviations.
    """

    def __init__(self, folder: Path) -> None:
        self.beats = torch.from_numpy(load_beats(folder, held_out=False, leads=2))
        noise = load_noise(folder, "bw")
        self.noise = noise[: len(noise) // 2, 0].contiguous()

    def draw(self, count: int, rng: Generator) -> tuple[Tensor, Tensor]:
        chosen = torch.randint(len(self.beats), (count,), generator=rng)
        clean = self.beats[chosen]
        turned = torch.where(uniform(rng, clean, count, 0, 1) < 0.3, -1.0, 1.0)
        clean = clean * turned * uniform(rng, clean, count, 0.7, 1.4)
        starts = torch.randint(len(self.noise) - SAMPLES, (count, 1), generator=rng)
        noise = self.noise[starts + torch.arange(SAMPLES)]
        noise = torch.where(uniform(rng, clean, count, 0, 1) < 0.5, -noise, noise)
        noise = torch.where(uniform(rng, clean, count, 0, 1) < 0.5, noise.flip(1), noise)
        ratio = uniform(rng, clean, count, LEAST_RATIO, MOST_RATIO)
        noisy = clean + ratio * _height(clean) / _height(noise).clamp_min(1e-6) * noise
        mean, deviation = _standard(noisy)
        # A clean beat rests on zero, wherever the wander has taken the noisy one.
        return ((noisy - mean) / deviation)[:, None], (clean / deviation)[:, None]

    def loss(self, restored: Tensor, clean: Tensor) -> Tensor:
        error = restored - clean
        return error.abs().mean() + error.square().mean()


def clean_beats(net: torch.nn.Module, noisy: Samples) -> Samples:
    """A net that was trained on ProtocolPairs, on beats `(beats, 512)`."""
    waves = torch.from_numpy(noisy)
    mean, deviation = _standard(waves)
    standard = ((waves - mean) / deviation)[:, None]
    with torch.inference_mode():
        parts = [net(standard[n : n + 256])[:, 0] for n in range(0, len(standard), 256)]
    result: Samples = (torch.cat(parts) * deviation).numpy()
    return result


def _height(waves: Tensor) -> Tensor:
    return waves.amax(1, keepdim=True) - waves.amin(1, keepdim=True)


def _standard(waves: Tensor) -> tuple[Tensor, Tensor]:
    return waves.mean(1, keepdim=True), waves.std(1, keepdim=True).clamp_min(1e-6)


def figures(cleaned: Samples, clean: Samples) -> Mapping[str, float]:
    """The paper's measures, means over the beats: sum of squared differences, largest absolute
    difference, percentage root mean square difference, cosine similarity.
    """
    error = (cleaned - clean).astype(np.float64)
    truth = clean.astype(np.float64)
    squares = np.square(error).sum(1)
    spread = np.square(truth - truth.mean(1, keepdims=True)).sum(1).clip(1e-12)
    lengths = np.linalg.norm(cleaned, axis=1) * np.linalg.norm(truth, axis=1)
    return {
        "ssd": float(squares.mean()),
        "mad": float(np.abs(error).max(1).mean()),
        "prd_percent": float(100 * np.sqrt(squares / spread).mean()),
        "cosine": float(((cleaned * truth).sum(1) / lengths.clip(1e-12)).mean()),
    }
