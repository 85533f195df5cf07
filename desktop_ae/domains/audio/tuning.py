"""How noise in sound is learned from a person's own recordings."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import torch
from torch import Generator, Tensor
from torch.nn import functional as F

from desktop_ae.core.clip import Samples
from desktop_ae.core.domain import Recipe
from desktop_ae.core.errors import DesktopAEError, UnknownName
from desktop_ae.core.tuning import KINDS, NOISY, PAIRS, Material, Tuning
from desktop_ae.domains.audio import noise
from desktop_ae.domains.audio.background import (
    backgrounds,
    pauses,
    study,
    wiener,
    woven,
)
from desktop_ae.domains.audio.recipes import (
    LEVEL,
    RATE_HZ,
    NoisySound,
    resampled,
    si_sdr,
)
from desktop_ae.domains.chances import chance, normal, uniform, where
from desktop_ae.training.pairs import Draw, mixed, taught

# Windows (noisy, clean) of `(count, samples)`; a clean one to (noisy, what shall be left of it).
Damage = Callable[[Tensor, Generator], tuple[Tensor, Tensor]]

LEAST_S, MOST_S = 2, 90
# How much of what is drawn is the recipe's, so that it is not forgotten. With 0.3 twice as much was
# lost on other noise (0.55 dB), and hardly more gained on one's own (8.9 dB, not 7.9).
_KNOWN = 0.5
# Voices are mixed at this level (active RMS). A window far below it is not made as loud as a voice.
_VOICE, _FAINT = 0.05, 0.0125
_SILENT = 1e-4
# Mixed channels that cancel each other leave less than this of the first one's power.
_CANCELLED = 0.01
# A clipped sound stays in the uppermost part of its range for so much of its time.
_LOUD, _TOP, _CLIPPED = 0.9, 0.97, 0.02
# A clean twin that is so much like its noisy one tells how loud it is in that.
_LIKE = 0.3
# A voice is at least so much of what a noisy recording is.
_LEFT = 0.1
_FADE = 160
# By how much noise may be lower in the next recording than in most.
_QUIETER = 10.0
_INVENTED_S = 10
# The recipe leaves one window in eight as it is.
_TRIES = 8


class KnownSound(NoisySound):
    """The recipe's windows, from voices at hand and noise that is made up."""

    def __init__(self, voices: Sequence[Tensor], samples: int) -> None:
        super().__init__(voices, _invented(voices), samples)

    def damaged(self, clean: Tensor, rng: Generator) -> tuple[Tensor, Tensor]:
        """Clean windows of speech `(count, samples)` to (noisy, what shall be left)."""
        return self._damaged(clean, torch.zeros((len(clean), 1), dtype=torch.bool), rng)


class OwnSound:
    """Windows of a person's own, and some of the recipe's, whose loss it is."""

    def __init__(
        self, draw_own: Draw, known: KnownSound, start: Callable[[Tensor], Tensor] | None
    ) -> None:
        def own(count: int, rng: Generator) -> tuple[Tensor, Tensor]:
            return _levelled(*draw_own(count, rng), rng)

        self.own = draw_own
        # The truth would teach what is best for made-up noise, and forget what is recorded.
        self.draw = mixed(own, taught(known.draw, start) if start else known.draw, _KNOWN)
        self.loss = known.loss


def _levelled(noisy: Tensor, clean: Tensor, rng: Generator) -> tuple[Tensor, Tensor]:
    """At the loudness at which the recipe shows sounds, more or less; `(count, 1, samples)`."""
    level = LEVEL * 10 ** (uniform(rng, noisy, len(noisy), -8.0, 8.0) / 20)
    gain = level / noise.active_rms(noisy).clamp_min(_FAINT)
    return (noisy * gain)[:, None], (clean * gain)[:, None]


def tuning_pairs(material: Material, recipe: Recipe) -> OwnSound | KnownSound:
    """Raises DesktopAEError without voices or without noise, UnknownName for a damage that there is
    not.
    """
    samples = recipe.patch
    if material.kind == PAIRS:
        sides = [_aligned(*both) for both in zip(material.noisy, material.clean, strict=True)]
        known = KnownSound(_voices([*material.clean, *material.spare]), samples)
        return OwnSound(_windows_of(sides, samples), known, material.start)
    if material.kind == NOISY:
        guesses, spare = _guesses(material), _voices(material.spare)
        damage = _in_backgrounds(material)
        known = KnownSound([*spare, *guesses], samples)
        voices = [*spare, *guesses]
        return OwnSound(_damaged_windows(voices, damage, samples), known, material.start)
    known = KnownSound(_voices([*material.clean, *material.spare]), samples)
    if not material.damage:
        return known
    voices = _voices(material.clean)
    damaged_voices = _damaged_windows(voices, _named(material.damage), samples)
    return OwnSound(damaged_voices, known, material.start)


def damaged(sheet: Samples, material: Material, seed: int) -> Samples:
    """What a damage also takes from the voice for good (a telephone's missing band, the first
    echoes) stays in the sheet, so that the clean one is what a model can come close to.
    """
    rng = torch.Generator().manual_seed(seed)
    clean = torch.tensor(sheet)
    loudness = noise.active_rms(clean).clamp_min(_SILENT) / _VOICE
    if material.kind == NOISY:
        damage = _in_backgrounds(material)
    elif material.damage:
        damage = _named(material.damage)
    else:
        voices = _voices([*material.clean, *material.spare]) or [clean[0]]
        damage = KnownSound(voices, clean.shape[1]).damaged
    for _ in range(_TRIES):
        noisy, left = damage(clean / loudness, rng)
        if not torch.equal(noisy, left):
            break
    return np.asarray((clean + (noisy - left) * loudness).numpy(), np.float32)


def _windows_of(sheets: Sequence[Tensor], samples: int) -> Draw:
    """Draws the same window of both rows of a sheet `(2, samples)`; the longer, the likelier.
    Raises DesktopAEError without sheets.
    """
    if not sheets:
        raise DesktopAEError("No voice was found in these recordings to learn from.")
    lengths = torch.tensor([float(sheet.shape[1]) for sheet in sheets])

    def draw(count: int, rng: Generator) -> tuple[Tensor, Tensor]:
        chosen = torch.multinomial(lengths.to(rng.device), count, True, generator=rng).tolist()
        places = torch.rand(count, generator=rng, device=rng.device).tolist()
        windows = torch.stack(
            [_window(sheets[c], samples, p) for c, p in zip(chosen, places, strict=True)]
        ).to(rng.device)
        return windows[:, 0], windows[:, 1]

    return draw


def _window(sheet: Tensor, samples: int, place: float) -> Tensor:
    """`(rows, samples)`, from a place of 0 to 1 on; a short sheet is repeated."""
    if sheet.shape[1] < samples:
        sheet = sheet.repeat(1, -(-samples // sheet.shape[1]))
    start = int(place * (sheet.shape[1] - samples + 1))
    return sheet[:, start : start + samples]


def _damaged_windows(voices: Sequence[Tensor], damage: Damage, samples: int) -> Draw:
    draw_twice = _windows_of([voice.expand(2, -1) for voice in voices], samples)

    def draw(count: int, rng: Generator) -> tuple[Tensor, Tensor]:
        return damage(draw_twice(count, rng)[0], rng)

    return draw


def _voices(sheets: Sequence[Samples]) -> list[Tensor]:
    """`(samples,)` each, all as loud; without silent ones."""
    waves = (torch.tensor(sheet) for sheet in sheets)
    loud = ((wave, float(noise.active_rms(wave))) for wave in waves)
    return [wave[0] * (_VOICE / level) for wave, level in loud if level > _SILENT]


def _aligned(noisy: Samples, clean: Samples) -> Tensor:
    """`(2, samples)`: both, the noisy one as loud as voices are, the clean one as loud as it is in
    the noisy one, if it can be heard there.
    """
    size = min(noisy.shape[1], clean.shape[1])
    both = torch.from_numpy(np.concatenate([noisy[:, :size], clean[:, :size]]))
    powers, common = both.square().sum(1), (both[0] * both[1]).sum()
    if abs(common) > _LIKE * (powers[0] * powers[1]).sqrt():
        both[1] *= common / powers[1]
    return both * (_VOICE / noise.active_rms(both[:1]).clamp_min(_SILENT))


def _guesses(material: Material) -> list[Tensor]:
    """What the starting model made of noisy recordings, but of those that it left little of: there
    may be no voice in them.
    """
    both = zip(material.noisy, material.clean, strict=True)
    levels = ([float(noise.active_rms(torch.tensor(s))) for s in pair] for pair in both)
    sure = [guess > _LEFT * noisy for noisy, guess in levels]
    voices = _voices([c for c, is_sure in zip(material.clean, sure, strict=True) if is_sure])
    return [_paused(voice) for voice in voices]


def _paused(voice: Tensor) -> Tensor:
    """What a model left between the words is no voice: silence, faded in and out."""
    heard = torch.ones_like(voice)
    for place in pauses(voice):
        heard[place] = 0
    kernel = torch.full((1, 1, 2 * _FADE + 1), 1 / (2 * _FADE + 1))
    return voice * F.conv1d(heard[None, None], kernel, padding=_FADE)[0, 0]


def _in_backgrounds(material: Material) -> Damage:
    """Noise of the person's recordings, as loud beside voices as it is there, or somewhat less; and
    of a slightly other colour, since the next recording's will be.
    """
    noisy, guesses = (
        [torch.tensor(sheet[0]) for sheet in sheets] for sheets in (material.noisy, material.clean)
    )
    found = backgrounds(noisy, guesses)
    if not found:
        raise DesktopAEError("No noise was found in these recordings: there is nothing to learn.")
    ratios = torch.tensor([background.snr_db for background in found])
    low, high = (float(torch.quantile(ratios, share)) for share in (0.1, 0.9))

    def damage(clean: Tensor, rng: Generator) -> tuple[Tensor, Tensor]:
        chosen = torch.randint(len(found), (len(clean),), generator=rng, device=rng.device)
        added = torch.stack([woven(found[c], clean.shape[1], rng) for c in chosen.tolist()])
        added = added.to(clean.device)
        added = 0.7 * added + 0.3 * noise.equalised(added, RATE_HZ, rng)
        snr_db = uniform(rng, clean, len(clean), low - 3, high + _QUIETER)
        return clean + _VOICE * 10 ** (-snr_db / 20) * added, clean

    return damage


def _with(make: Callable[[Tensor, Generator], Tensor], low_db: float, high_db: float) -> Damage:
    """Something added, between two levels below the voice."""

    def damage(clean: Tensor, rng: Generator) -> tuple[Tensor, Tensor]:
        snr_db = uniform(rng, clean, len(clean), low_db, high_db)
        return noise.mix(clean, make(clean, rng), snr_db), clean

    return damage


def _by_phone(clean: Tensor, rng: Generator) -> tuple[Tensor, Tensor]:
    """Noise of the line, a coder of few bits; the band that is missing is not asked for."""
    noisy, _ = _HISS(clean, rng)
    noisy = where(chance(rng, clean, 0.3), noisy, lambda some: _HUM(some, rng)[0])
    noisy = where(chance(rng, clean, 0.6), noisy, lambda some: noise.codec(some, rng))
    through, band = noise.narrow(noisy, RATE_HZ, rng)
    return through, noise.apply_band(clean, band)


_HUM = _with(lambda like, rng: noise.hum(like, RATE_HZ, rng), -5.0, 25.0)
_HISS = _with(noise.hiss, 0.0, 25.0)
# By name: what a person reads of it, and what it does.
DAMAGES: Mapping[str, tuple[str, Damage]] = {
    "hum": ("Mains hum", _HUM),
    "hiss": ("Hiss", _HISS),
    "crackle": ("Crackle and clicks", _with(noise.crackle, 0.0, 25.0)),
    "room": ("Echo of a room", lambda clean, rng: noise.room(clean, RATE_HZ, rng)),
    "phone": ("Telephone line", _by_phone),
    "codec": ("Low bit rate", lambda clean, rng: (noise.codec(clean, rng), clean)),
}


def _named(damage: str) -> Damage:
    if damage not in DAMAGES:
        raise UnknownName(f"There is no damage “{damage}”: choose one of {', '.join(DAMAGES)}.")
    return DAMAGES[damage][1]


def _invented(voices: Sequence[Tensor]) -> list[Tensor]:
    """Noise for a machine without recordings of any: wind and hiss that swell, hum, knocks, people
    who all talk at once, music.
    """
    rng = torch.Generator().manual_seed(1)
    like = torch.zeros((4, _INVENTED_S * RATE_HZ))
    hiss = torch.cat([noise.hiss(like, rng), noise.hiss(like, rng)])
    slow = F.interpolate(normal((8, 1, 3 * _INVENTED_S), like, rng), like.shape[1], mode="linear")
    swelling = hiss * torch.exp(slow[:, 0])
    knocks = noise.crackle(like, rng)
    rings = noise.hiss(like[:, :4000], rng) * torch.exp(-torch.arange(4000) / 600)
    knocks = noise.convolve(knocks, rings)
    talk = _windows_of([voice.expand(2, -1) for voice in voices], like.shape[1])
    babble = torch.stack([talk(6, rng)[0].sum(0) for _ in range(4)])
    made = [
        swelling,
        noise.hum(like, RATE_HZ, rng)[:2],
        knocks,
        noise.equalised(babble, RATE_HZ, rng),
    ]
    made.append(noise.music(like[:2], RATE_HZ, rng))
    return list(torch.cat(made))


def prepare(samples: Samples, rate_hz: float | None) -> Samples:
    """All channels mixed; the first one alone, if they would cancel each other."""
    assert rate_hz is not None
    waves = torch.from_numpy(np.nan_to_num(samples))
    mixed = waves.mean(0)
    if mixed.square().sum() < _CANCELLED * waves[0].square().sum():
        mixed = waves[0]
    mixed = mixed - mixed.mean()
    return np.asarray(resampled(mixed, round(rate_hz), RATE_HZ)[None].numpy(), np.float32)


def fault(sheet: Samples) -> str:
    if sheet.shape[1] < LEAST_S * RATE_HZ:
        return f"It is shorter than {LEAST_S} seconds."
    peak = float(np.abs(sheet).max())
    if peak < _SILENT:
        return "It is silent."
    if peak > _LOUD and float((np.abs(sheet) > _TOP * peak).mean()) > _CLIPPED:
        return (
            "It was recorded too loud: its peaks are cut off, and nothing can be learned of them."
        )
    return ""


def score(restored: Samples, clean: Samples) -> float:
    """SI-SDR (Le Roux et al. 2019)."""
    wave, truth = (torch.tensor(s) for s in (restored, clean))
    return float(si_sdr(wave, truth, floor=1e-9)[0])


def classical(noisy: Samples) -> Samples:
    return np.asarray(wiener(torch.tensor(noisy[0]))[None].numpy(), np.float32)


DENOISE_TUNING = Tuning(
    kinds=KINDS,
    figure="SI-SDR, dB",
    least=LEAST_S * RATE_HZ,
    most=MOST_S * RATE_HZ,
    learning_rate=1e-4,
    batch=8,
    prepare=prepare,
    pairs=tuning_pairs,
    damaged=damaged,
    classical=classical,
    score=score,
    study=study,
    damages=(
        ("", "Everything this task knows"),
        *((name, label) for name, (label, _) in DAMAGES.items()),
    ),
    fault=fault,
    rate_hz=float(RATE_HZ),
)
