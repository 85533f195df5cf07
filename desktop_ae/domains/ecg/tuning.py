"""How the ECG task learns from a person's own recordings."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Generator, Tensor
from torch.nn import functional as F

from desktop_ae.core.clip import Samples
from desktop_ae.core.domain import Recipe
from desktop_ae.core.tuning import KINDS, NOISY, PAIRS, Material, Study, Tuning
from desktop_ae.domains.chances import chance, normal, uniform
from desktop_ae.domains.ecg import noise
from desktop_ae.domains.ecg.harvest import LEAST_BEATS, Harvest, harvested, joined
from desktop_ae.domains.ecg.heart import hearts
from desktop_ae.domains.ecg.recipes import RATE_HZ, SECONDS, NoisyHearts, at_rate, robust_scale
from desktop_ae.domains.ecg.rpeaks import bridged, detect
from desktop_ae.training.pairs import Draw, Pairs, mixed, taught

LEAST_S, MOST_S = 10, 30 * 60
HARVEST = "harvest"
WANDER, MAINS, MUSCLE = "wander", "mains", "muscle"
DAMAGES = (
    ("", "Everything this task knows"),
    (WANDER, "Baseline wander"),
    (MAINS, "Mains hum"),
    (MUSCLE, "Muscle noise"),
)
# Of each batch, what is near to what the shipped model learned: so that it is forgotten less.
KNOWN_SHARE = 0.5
# Where there are fewer beats, or the noise is louder, they tell little about it.
FEW_BEATS, HIDDEN_DB = 30, -3.0
# How loud the synthesised noises are laid on, as the recipe has it.
_LEAST_SNR_DB, _MOST_SNR_DB = -8.0, 24.0
# A file's own noise is laid on between so many dB softer and louder than it was.
_SOFTER_DB, _LOUDER_DB = 6.0, 3.0
# So many hearts are synthesised, so long each.
_MADE, _MADE_S = 12, 60
# What a model made of a stretch is clean enough to learn, if so little is left between the beats
# (P and U waves, in records without noise, are more than -15 dB).
_STRETCH_S, _CLEAN_ENOUGH_DB = 20, -10.0
# Windows of noise fade into one another over so many seconds.
_FADE_S = 1
_FLAT_MV = 1e-3
_BAND_HZ = (0.5, 40.0)
_MOST_DB = 99.0

# A batch of clean windows `(count, samples)`, to noise of the same shape.
Noise = Callable[[Tensor, Generator], Tensor]


class OwnHearts(NoisyHearts):
    """Windows of a person's hearts with a chosen noise on them.

    leads: of any length; those that are shorter than a window are mirrored.
    """

    def __init__(self, leads: Sequence[Samples], added: Noise, samples: int) -> None:
        needed = 3 * samples // 2
        longer = [np.pad(x, (0, max(0, needed - len(x))), "reflect") for x in leads]
        super().__init__([torch.from_numpy(lead) for lead in longer], {}, samples)
        self._added = added

    def noise(self, clean: Tensor, rng: Generator) -> Tensor:
        return self._added(clean, rng)


class Twins:
    """Windows that lie at the same place of a noisy lead and its clean twin."""

    def __init__(self, noisy: Sequence[Samples], clean: Sequence[Samples], samples: int) -> None:
        self._leads = [
            (torch.from_numpy(n - np.median(n)), torch.from_numpy(c - np.median(c)))
            for before, after in zip(noisy, clean, strict=True)
            for n, c in zip(before, after, strict=True)
        ]
        self._samples = samples

    def draw(self, count: int, rng: Generator) -> tuple[Tensor, Tensor]:
        drawn = [self._window(rng) for _ in range(count)]
        noisy, clean = (torch.stack(side) for side in zip(*drawn, strict=True))
        return scaled(noisy, clean, rng)

    def _window(self, rng: Generator) -> tuple[Tensor, Tensor]:
        place = torch.rand(3, generator=rng, device=rng.device).tolist()
        noisy, clean = self._leads[int(place[0] * len(self._leads))]
        start = int(place[1] * (len(noisy) - self._samples + 1))
        part = slice(start, start + self._samples)
        turned = 1.0 if place[2] < 0.5 else -1.0
        return turned * noisy[part].to(rng.device), turned * clean[part].to(rng.device)


class OwnRecords:
    """Windows of a person's own, and some that the task knows. judge: has the loss."""

    def __init__(self, own: Draw, known: Draw, judge: Pairs) -> None:
        self.own = own
        self.draw = mixed(own, known, KNOWN_SHARE)
        self.loss = judge.loss


def scaled(noisy: Tensor, clean: Tensor, rng: Generator) -> tuple[Tensor, Tensor]:
    """Windows `(count, samples)` as the net gets them, `(count, 1, samples)`."""
    scale = robust_scale(noisy) * 2 ** uniform(rng, noisy, len(noisy), -0.8, 0.8)
    return (noisy / scale)[:, None], (clean / scale)[:, None]


def prepare(samples: Samples, rate_hz: float | None) -> Samples:
    """`(leads, samples)` at RATE_HZ with a straight line over each gap."""
    assert rate_hz is not None
    return np.stack([at_rate(bridged(lead), rate_hz) for lead in samples])


def fault(sheet: Samples) -> str:
    seconds = sheet.shape[1] / RATE_HZ
    if seconds < LEAST_S:
        return f"It lasts {int(seconds)} s; recordings of at least {LEAST_S} s are needed."
    if sheet.std(axis=1).max() < _FLAT_MV:
        return "It is a flat line: there is no heart to learn from."
    if len(detect(sheet, RATE_HZ)) < LEAST_BEATS:
        return f"Fewer than {LEAST_BEATS} heartbeats were found in it."
    return ""


def pairs(material: Material, recipe: Recipe) -> Pairs:
    samples, made = recipe.patch, _made(recipe.seed)
    if material.kind == NOISY:
        taken = _harvests(material.noisy, material.clean)
        leads = [one.heart for one in taken if one] + _clean_enough(material.clean, taken)
        own: Draw = OwnHearts([*leads, *made], _harvested_noise(taken), samples).draw
    else:
        leads = _leads(material.clean)
        if material.kind == PAIRS:
            own = Twins(material.noisy, material.clean, samples).draw
        else:
            own = OwnHearts(leads, _synthesised(material.damage), samples).draw
    known = OwnHearts([*leads, *_leads(material.spare), *made], _synthesised(""), samples)
    return OwnRecords(own, _as_before(known, material), known)


def _as_before(known: NoisyHearts, material: Material) -> Draw:
    """Taught by the starting model: the truth would teach what is best for synthesised noise, and
    recorded noise, which does not ship, would be forgotten for it.
    """
    return taught(known.draw, material.start) if material.start else known.draw


def damaged(sheet: Samples, material: Material, seed: int) -> Samples:
    """With the noise of one of the recordings for NOISY, as loud as there."""
    rng = torch.Generator().manual_seed(seed)
    if material.kind == NOISY:
        one = int(torch.randint(len(material.noisy), (), generator=rng))
        part = slice(one, one + 1)
        taken = _harvests(material.noisy[part], material.clean[part])
        added = _harvested_noise(taken, as_loud=True)
    else:
        added = _synthesised(material.damage)
    return np.stack([lead + _noise_for(lead, added, rng) for lead in sheet])


def classical(sheet: Samples) -> Samples:
    """The band of a monitor, 0.5 to 40 Hz, without a shift of phase (IEC 60601-2-27)."""
    beside = min(10 * RATE_HZ, sheet.shape[1] - 1)
    waves = F.pad(torch.from_numpy(sheet)[None], (beside, beside), mode="reflect")[0]
    spectrum = torch.fft.rfft(waves)
    hertz = torch.arange(spectrum.shape[1]) * (RATE_HZ / waves.shape[1])
    low, high = _BAND_HZ
    # As steep as Butterworth filters of the fourth order, run forwards and backwards.
    gain = 1 / (1 + (low / hertz.clamp_min(1e-6)) ** 8) / (1 + (hertz / high) ** 8)
    passed: Samples = torch.fft.irfft(spectrum * gain, waves.shape[1]).numpy()
    return np.ascontiguousarray(passed[:, beside : beside + sheet.shape[1]])


def score(restored: Samples, clean: Samples) -> float:
    """SNR in dB, the mean of the leads that hold anything; an offset is no noise."""
    wanted, error = clean.var(axis=1, dtype=float), (restored - clean).var(axis=1, dtype=float)
    found = 10 * np.log10((wanted + 1e-12) / (error + 1e-12))
    sounding = wanted > _FLAT_MV**2
    return float(found[sounding].clip(max=_MOST_DB).mean()) if sounding.any() else 0.0


def study(sheets: Sequence[Samples]) -> Study:
    """Always HARVEST: it asks for nothing but beats."""
    taken = [one for one in _harvests(sheets, sheets) if one]
    beats = sum(len(detect(sheet, RATE_HZ)) for sheet in sheets)
    why = (
        f"Heartbeats repeat, noise does not: {beats} beats were averaged, and what they leave of"
        " your recordings is the noise. It is laid on clean hearts, and the model learns to take"
        " it off."
    )
    return Study(HARVEST, why, _warning(beats, [one.snr_db for one in taken]))


def _warning(beats: int, snrs_db: Sequence[float]) -> str:
    if beats < FEW_BEATS or not snrs_db:
        return (
            f"Only {beats} heartbeats were found, too few to tell noise from the heart. Add longer"
            " recordings, or some with less noise."
        )
    usual = float(np.median(snrs_db))
    if usual < HIDDEN_DB:
        return (
            "The noise hides the heartbeats, so that some of them may be learned as noise. Add"
            " recordings with less of it, and compare what comes out with the originals."
        )
    return ""


def _leads(sheets: Sequence[Samples]) -> list[Samples]:
    return [lead - np.median(lead) for sheet in sheets for lead in sheet]


def _made(seed: int) -> list[Samples]:
    rng = torch.Generator().manual_seed(seed)
    like = torch.zeros((_MADE, _MADE_S * RATE_HZ))
    return list(hearts(like, RATE_HZ, rng).numpy())


def _harvests(noisy: Sequence[Samples], cleaned: Sequence[Samples]) -> list[Harvest | None]:
    """Of each lead of each sheet, in order."""
    return [
        harvested(lead, given, peaks)
        for sheet, made in zip(noisy, cleaned, strict=True)
        for peaks in [detect(made, RATE_HZ)]
        for lead, given in zip(sheet, made, strict=True)
    ]


def _clean_enough(cleaned: Sequence[Samples], taken: Sequence[Harvest | None]) -> list[Samples]:
    """Stretches of which the model left next to nothing between the beats."""
    length = _STRETCH_S * RATE_HZ
    return [
        lead[start : start + length]
        for lead, one in zip(_leads(cleaned), taken, strict=True)
        if one
        for start in range(0, len(lead) - length + 1, length)
        if one.left_db(lead, start, start + length) < _CLEAN_ENOUGH_DB
    ]


def _harvested_noise(taken: Sequence[Harvest | None], *, as_loud: bool = False) -> Noise:
    """Stretches of the noise of any of the leads, as loud against the heart as in their file, or
    somewhat louder or softer.
    """
    records = [torch.from_numpy(one.noise / one.heart.std()) for one in taken if one]
    if not records:
        return _synthesised("")
    softer_db, louder_db = (0.0, 0.0) if as_loud else (_SOFTER_DB, _LOUDER_DB)

    def added(clean: Tensor, rng: Generator) -> Tensor:
        count, length = clean.shape
        parts = []
        for _ in range(count):
            place = torch.rand(3, generator=rng, device=rng.device).tolist()
            record = records[int(place[0] * len(records))]
            start = int(place[1] * (len(record) - length + 1))
            part = record[start : start + length].to(clean.device)
            parts.append(part if place[2] < 0.5 else -part)
        loud = noise.power(clean).sqrt() * 10 ** (
            uniform(rng, clean, count, -softer_db, louder_db) / 20
        )
        return loud * torch.stack(parts)

    return added


def _noise_for(lead: Samples, added: Noise, rng: Generator) -> Samples:
    """Noise for a lead of any length: of windows as training has them, faded into one another."""
    length = int(SECONDS * RATE_HZ)
    step = length - _FADE_S * RATE_HZ
    count = 1 + max(0, -(-(len(lead) - length) // step))
    padded = np.pad(lead, (0, count * step + length - step - len(lead)), "symmetric")
    windows = torch.from_numpy(np.stack([padded[n * step :][:length] for n in range(count)]))
    return joined(added(windows, rng).numpy(), step)[: len(lead)]


def _white(like: Tensor, rate_hz: float, rng: Generator) -> Tensor:
    return normal(tuple(like.shape), like, rng)


def _electrode(like: Tensor, rate_hz: float, rng: Generator) -> Tensor:
    """Noise that is the weaker the faster it is, and comes in bursts."""
    count, samples = like.shape
    spectrum = torch.fft.rfft(_white(like, rate_hz, rng))
    hertz = torch.arange(spectrum.shape[1], device=like.device) * rate_hz / samples
    corner, slope = uniform(rng, like, count, 0.5, 4.0), uniform(rng, like, count, 1.0, 2.0)
    waves = torch.fft.irfft(spectrum / (1 + (hertz / corner) ** slope), samples)
    swell = noise.wander(like, rate_hz, rng)
    depth = uniform(rng, like, count, 0.0, 1.0)
    bursts: Tensor = waves * torch.exp(depth * swell / noise.power(swell).sqrt().clamp_min(1e-6))
    return bursts


# As the recipe has them: name, share of windows, dB above the window's SNR. Recorded noises do not
# ship, so those that are synthesised stand in for them more often.
_SYNTHESISED = (
    (WANDER, 0.45, -6.0, noise.wander),
    (MAINS, 0.25, 3.0, noise.mains),
    (MUSCLE, 0.45, 0.0, noise.muscle),
    ("electrode", 0.40, 0.0, _electrode),
    ("steps", 0.08, 0.0, noise.steps),
    ("white", 0.15, 12.0, _white),
)


def _synthesised(damage: str) -> Noise:
    """All kinds that need no recording; or the one that is named, and no window without it."""
    kinds = [kind for kind in _SYNTHESISED if not damage or kind[0] == damage]

    def added(clean: Tensor, rng: Generator) -> Tensor:
        count = len(clean)
        snr_db = uniform(rng, clean, count, _LEAST_SNR_DB, _MOST_SNR_DB)
        whole = torch.zeros_like(clean)
        for _, share, above_db, make in kinds:
            loud_db = snr_db + uniform(rng, clean, count, -3.0, 6.0) + above_db
            laid = noise.at_snr(clean, make(clean, RATE_HZ, rng), loud_db)
            chosen = chance(rng, clean, 1.0 if damage else share)
            whole = whole + torch.where(chosen, laid, 0.0)
        return whole

    return added


DENOISE_TUNING = Tuning(
    kinds=KINDS,
    figure="SNR, dB",
    least=LEAST_S * RATE_HZ,
    most=MOST_S * RATE_HZ,
    learning_rate=3e-4,
    batch=12,
    prepare=prepare,
    pairs=pairs,
    damaged=damaged,
    classical=classical,
    score=score,
    study=study,
    damages=DAMAGES,
    fault=fault,
    rate_hz=float(RATE_HZ),
)
