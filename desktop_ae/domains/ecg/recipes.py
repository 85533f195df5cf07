"""What it takes to train the shipped ECG models again."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Generator, Tensor
from torch.nn import functional as F

from desktop_ae.core.card import ModelInput
from desktop_ae.core.clip import Samples
from desktop_ae.core.domain import Recipe
from desktop_ae.core.errors import FileError, Unreadable
from desktop_ae.domains.chances import chance, uniform, where
from desktop_ae.domains.ecg import noise
from desktop_ae.domains.ecg.heart import hearts
from desktop_ae.domains.ecg.rpeaks import bridged
from desktop_ae.domains.resampling import stretched

RATE_HZ = 360
SECONDS = 8.0
DENOISE = Recipe(
    task="ecg/denoise",
    net="unet1d",
    arguments={
        "channels": (48, 80, 128, 160),
        "blocks": (1, 1, 1, 2),
        "kernel": 7,
        "fold": 4,
        "slope": 0.1,
    },
    batch=24,
    patch=int(SECONDS * RATE_HZ),
    learning_rate=2e-3,
    title="ECG · denoise v1",
    input=ModelInput(
        channels=1,
        low=-1.0,
        high=1.0,
        unit="robust deviations",
        multiple_of=32,
        tile=32 * 675,
        overlap=32 * 60,
        bf16=True,
        rate_hz=float(RATE_HZ),
    ),
    sources=(
        {"name": "QT Database, all but ten records (PhysioNet)", "licence": "ODC-BY 1.0"},
        {
            "name": "MIT-BIH Noise Stress Test Database, ten minutes of each noise (PhysioNet)",
            "licence": "ODC-BY 1.0",
        },
        {"name": "hearts, mains, muscle and wander synthesised by the recipe", "licence": "own"},
    ),
)
# Ten records of the QT Database, of four of the databases that it draws from.
HELD_OUT = frozenset(
    {"sel104", "sel114", "sel16539", "sel17152", "sel221", "sel230", "sel308", "sel39", "sel47"}
    | {"sel811"}
)
# Of each noise record, the part that is trained on; the rest is the bench's.
TRAINED_SHARE = 2 / 3
# Baseline wander, electrode motion, muscle, as their database names them.
NOISES = ("bw", "em", "ma")
# How fast hearts are played, in sixteenths.
_SPEEDS = (11, 13, 14, 15, 16, 16, 17, 18, 20, 22)
_SYNTHESISED, _NOTHING = 0.15, 0.22
_LEAST_SNR_DB, _MOST_SNR_DB = -8.0, 24.0


# What records have below it is wander of their own, and no truth to learn: the American Heart
# Association lets filters without phase cut below 0.67 Hz (Kligfield et al. 2007).
WANDER_HZ = (0.3, 0.55)


@dataclass(frozen=True, slots=True)
class Lead:
    """One lead of a record. samples: float32 `(samples,)`, millivolts at RATE_HZ; NaN in gaps."""

    record: str
    samples: Tensor


class NoisyHearts:
    """Windows of ECG, and what noise makes of them; `(count, 1, samples)`, in robust deviations.

    leads: at RATE_HZ. noises: by the names in NOISES, `(samples, channels)` at RATE_HZ each.
    """

    def __init__(self, leads: Sequence[Tensor], noises: Mapping[str, Tensor], samples: int) -> None:
        longest = max(_SPEEDS) * samples // 16
        self.leads = [lead for lead in leads if len(lead) >= longest]
        self.noises = dict(noises)
        self.samples = samples

    def draw(self, count: int, rng: Generator) -> tuple[Tensor, Tensor]:
        clean = torch.stack([self._window(rng) for _ in range(count)])
        made = functools.partial(hearts, rate_hz=RATE_HZ, rng=rng)
        clean = where(chance(rng, clean, _SYNTHESISED), clean, made)
        clean = clean - clean.median(1, keepdim=True).values
        turned = torch.where(chance(rng, clean, 0.3), -1.0, 1.0)
        clean = clean * turned * uniform(rng, clean, count, 0.6, 1.6)
        clean = where(chance(rng, clean, 0.35), clean, lambda some: _band_limited(some, rng))
        noisy = clean + self.noise(clean, rng)
        noisy = where(chance(rng, clean, 0.06), noisy, lambda some: noise.clipped(some, rng))
        noisy = where(chance(rng, clean, 0.3), noisy, lambda some: noise.stepped(some, rng))
        noisy = torch.where(chance(rng, clean, _NOTHING), clean, noisy)
        noisy, clean = _with_dropouts(noisy, clean, rng)
        scale = robust_scale(noisy) * 2 ** uniform(rng, clean, count, -0.8, 0.8)
        return (noisy / scale)[:, None], (clean / scale)[:, None]

    def loss(self, restored: Tensor, clean: Tensor) -> Tensor:
        """Absolute and squared error, in deviations of the clean window; so much of its slope."""
        wave, truth = restored[:, 0], clean[:, 0]
        scale = (noise.power(truth) + 1e-3).sqrt()
        error = (wave - truth) / scale
        slope = error.diff(dim=1).abs().mean()
        return error.abs().mean() + 0.5 * error.square().clamp_max(25).mean() + 2 * slope

    def _window(self, rng: Generator) -> Tensor:
        """A stretch without gaps of one of the leads, at its own speed or another."""
        for _ in range(20):
            place = torch.rand(3, generator=rng, device=rng.device).tolist()
            lead = self.leads[int(place[0] * len(self.leads))]
            samples = self.samples * _SPEEDS[int(place[2] * len(_SPEEDS))] // 16
            start = int(place[1] * (len(lead) - samples + 1))
            part = lead[start : start + samples].to(rng.device)
            if bool(part.isfinite().all()) and float(part.std()) > 1e-3:
                return stretched(part, self.samples)
        return torch.zeros(self.samples, device=rng.device)

    def noise(self, clean: Tensor, rng: Generator) -> Tensor:
        """For windows `(count, samples)` in millivolts: one kind, or several, or none of the kinds;
        each at a loudness of its own.
        """
        count = len(clean)
        snr_db = uniform(rng, clean, count, _LEAST_SNR_DB, _MOST_SNR_DB)
        made: list[tuple[float, float, Callable[[], Tensor]]] = [
            (0.45, -6.0, lambda: self._recorded("bw", clean, rng)),
            (0.40, 0.0, lambda: self._recorded("em", clean, rng)),
            (0.45, 0.0, lambda: self._recorded("ma", clean, rng)),
            (0.15, -6.0, lambda: noise.wander(clean, RATE_HZ, rng)),
            (0.25, 3.0, lambda: noise.mains(clean, RATE_HZ, rng)),
            (0.15, 0.0, lambda: noise.muscle(clean, RATE_HZ, rng)),
            (0.08, 0.0, lambda: noise.steps(clean, RATE_HZ, rng)),
            (0.15, 12.0, lambda: torch.randn(clean.shape, generator=rng, device=clean.device)),
        ]
        whole = torch.zeros_like(clean)
        for share, above_db, make in made:
            offset = uniform(rng, clean, count, -3.0, 6.0) + above_db
            added = noise.at_snr(clean, make(), snr_db + offset)
            whole = whole + torch.where(chance(rng, clean, share), added, 0.0)
        return whole

    def _recorded(self, kind: str, like: Tensor, rng: Generator) -> Tensor:
        """Stretches of a recorded noise, of either channel, forwards or backwards."""
        record = self.noises[kind]
        length = like.shape[1]
        parts = []
        for _ in range(len(like)):
            place = torch.rand(3, generator=rng, device=rng.device).tolist()
            start = int(place[0] * (len(record) - length + 1))
            part = record[start : start + length, int(place[1] * record.shape[1])]
            parts.append((part.flip(0) if place[2] < 0.5 else part).to(like.device))
        return torch.stack(parts)


def robust_scale(waves: Tensor) -> Tensor:
    """What a window is divided by, `(batch, 1)`: the deviation of its samples from their mean over
    about a quarter of a second, so that neither wander nor an offset counts. Never 0.
    """
    width = RATE_HZ // 4 | 1
    smooth = F.avg_pool1d(waves[:, None], width, 1, width // 2, count_include_pad=False)[:, 0]
    return (waves - smooth).square().mean(1, keepdim=True).sqrt().clamp_min(1e-5)


def denoise_pairs(data: Path, recipe: Recipe) -> NoisyHearts:
    """From a folder as `ecg/` with `qtdb/` and `nstdb-first-half/`, or the folder above it.

    The records HELD_OUT and the last third of each noise are left to the bench. Raises Unreadable
    without records or noise.
    """
    folder = data / "ecg" if (data / "ecg").is_dir() else data
    leads = [
        torch.from_numpy(without_wander(lead.samples.numpy()))
        for lead in load_leads(folder)
        if lead.record not in HELD_OUT
    ]
    noises = {kind: _part(load_noise(folder, kind), trained=True) for kind in NOISES}
    pairs = NoisyHearts(leads, noises, recipe.patch)
    if not pairs.leads:
        raise Unreadable(data, f"There are no ECG recordings to learn from in {folder}.")
    return pairs


def held_out_noise(folder: Path, kind: str) -> Tensor:
    """`(samples, channels)` that no training has seen."""
    return _part(load_noise(folder, kind), trained=False)


def load_leads(folder: Path) -> list[Lead]:
    """Every lead of every record of WFDB below a folder, in the order of their names."""
    from desktop_ae.domains.ecg.files import open_source

    found: list[Lead] = []
    for path in sorted(folder.rglob("*.hea")):
        try:
            source = open_source(path, {})
        except FileError:
            continue
        try:
            facts = source.facts
            samples = source.read(0, facts.samples)
        finally:
            source.close()
        for lead in samples:
            found.append(Lead(path.stem, torch.from_numpy(at_rate(lead, facts.rate_hz))))
    return found


def load_noise(folder: Path, kind: str) -> Tensor:
    """A record of the Noise Stress Test Database, `(samples, channels)` millivolts.

    Raises Unreadable if it is not there.
    """
    paths = sorted(folder.rglob(f"{kind}-*.npy"))
    if not paths:
        raise Unreadable(folder, f"There is no recorded noise “{kind}” (a .npy) in {folder}.")
    try:
        record: NDArray[np.float32] = np.load(paths[0], allow_pickle=False).astype(np.float32)
    except (OSError, ValueError) as error:
        raise Unreadable(paths[0], f"{paths[0].name} cannot be read: {error}.") from error
    return torch.from_numpy(record)


def at_rate(lead: Samples, rate_hz: float) -> Samples:
    """A whole lead at RATE_HZ; what its gaps touch stays a gap."""
    if rate_hz == RATE_HZ:
        return lead
    missing = ~np.isfinite(lead)
    count = round(len(lead) * RATE_HZ / rate_hz)
    whole = stretched(torch.from_numpy(np.where(missing, 0, lead).astype(np.float32)), count)
    result = whole.numpy().copy()
    if missing.any():
        places = np.minimum(
            (np.arange(count) * (len(lead) / count)).astype(np.int64), len(lead) - 1
        )
        result[missing[places]] = np.nan
    return result


def without_wander(lead: Samples) -> Samples:
    """A whole lead at RATE_HZ without what lies below WANDER_HZ, its phase kept; gaps stay gaps."""
    missing = ~np.isfinite(lead)
    waves = torch.from_numpy(bridged(lead))
    beside = min(10 * RATE_HZ, len(lead) - 1)
    padded = F.pad(waves[None, None], (beside, beside), mode="reflect")[0, 0]
    hertz = torch.arange(len(padded) // 2 + 1) * (RATE_HZ / len(padded))
    low, high = WANDER_HZ
    share = ((hertz - low) / (high - low)).clamp(0, 1)
    gain = (1 - torch.cos(torch.pi * share)) / 2
    flat = torch.fft.irfft(torch.fft.rfft(padded) * gain, len(padded))
    result = flat[beside : beside + len(lead)].numpy().copy()
    result[missing] = np.nan
    return np.asarray(result, np.float32)


def _part(record: Tensor, *, trained: bool) -> Tensor:
    border = int(len(record) * TRAINED_SHARE)
    return record[:border] if trained else record[border:]


def _band_limited(waves: Tensor, rng: Generator) -> Tensor:
    """As recorders of fewer samples a second, or with a filter, give it: none above 40-150 Hz."""
    spectrum = torch.fft.rfft(waves)
    hertz = torch.arange(spectrum.shape[1], device=waves.device) * RATE_HZ / waves.shape[1]
    high = uniform(rng, waves, len(waves), 40.0, 150.0)
    limited: Tensor = torch.fft.irfft(spectrum * torch.sigmoid((high - hertz) / 3), waves.shape[1])
    return limited


def _with_dropouts(noisy: Tensor, clean: Tensor, rng: Generator) -> tuple[Tensor, Tensor]:
    """A loose lead, now and then: for a moment there is nothing, and nothing can be asked for."""
    count, samples = clean.shape
    place = torch.arange(samples, device=clean.device)
    start = uniform(rng, clean, count, 0.0, samples)
    length = uniform(rng, clean, count, 0.05, 1.0) * RATE_HZ
    gone = (place >= start) & (place < start + length) & chance(rng, clean, 0.05)
    return noisy.masked_fill(gone, 0.0), clean.masked_fill(gone, 0.0)
