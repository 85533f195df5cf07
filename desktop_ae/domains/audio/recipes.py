"""What it takes to train the shipped sound models again."""

from __future__ import annotations

import functools
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Generator, Tensor

from desktop_ae.core.card import ModelInput
from desktop_ae.core.domain import Recipe
from desktop_ae.core.errors import UnknownName, Unreadable
from desktop_ae.domains.audio import noise
from desktop_ae.domains.chances import chance, uniform, where
from desktop_ae.domains.resampling import stretched
from desktop_ae.nets.spectral1d import POWER, stft

RATE_HZ = 16_000
SECONDS = 2.048
# The level at which the net hears everything: active RMS of the noisy sound.
LEVEL = 0.06
DENOISE = Recipe(
    task="audio/denoise",
    net="spectral1d",
    arguments={
        "bins": 257,
        "channels": (192, 288),
        "dilations": ((1, 3, 9), (1, 2, 4, 8)),
        "slope": 0.1,
    },
    batch=12,
    patch=int(SECONDS * RATE_HZ),
    learning_rate=2e-3,
    title="Sound · denoise v1",
    input=ModelInput(
        channels=1,
        low=-1.0,
        high=1.0,
        unit="full scale",
        multiple_of=512,
        tile=512 * 480,
        overlap=512 * 80,
        bf16=True,
        rate_hz=float(RATE_HZ),
    ),
    sources=(
        {"name": "LibriSpeech clips (of Resemblyzer)", "licence": "CC BY 4.0"},
        {"name": "Picovoice speech-to-intent benchmark", "licence": "Apache-2.0"},
        {"name": "ESC-10", "licence": "CC BY 3.0"},
        {"name": "moodist sounds", "licence": "Pixabay or CC0"},
        {"name": "Blanket sounds", "licence": "CC0, CC BY, CC BY-SA, public domain"},
        {"name": "rooms, hum, hiss, clicks, music synthesised by the recipe", "licence": "own"},
    ),
)
# Of the clean side: how much is music, not speech. Of all: how much gets nothing added.
_MUSIC, _NOTHING = 0.12, 0.12
# How fast sounds are played, in sixteenths: slower voices are deeper ones.
_SPEEDS = (13, 14, 15, 16, 16, 17, 18, 20)
SUFFIXES = {".ogg", ".flac", ".wav"}
_SHORTEST_S = 0.5


class NoisySound:
    """Windows of clean speech and music, and what noise makes of them; `(count, 1, samples)`.

    speech, noises: float32 `(samples,)` at RATE_HZ.
    """

    def __init__(self, speech: Sequence[Tensor], noises: Sequence[Tensor], samples: int) -> None:
        self.speech = list(speech)
        self.noises = list(noises)
        self.samples = samples

    def draw(self, count: int, rng: Generator) -> tuple[Tensor, Tensor]:
        clean = torch.stack([self._window(self.speech, rng) for _ in range(count)])
        is_music = chance(rng, clean, _MUSIC)
        clean = where(is_music, clean, lambda some: noise.music(some, RATE_HZ, rng))
        coloured = chance(rng, clean, 0.4) & ~is_music
        clean = where(coloured, clean, lambda some: noise.equalised(some, RATE_HZ, rng))
        clean = clean / noise.active_rms(clean).clamp_min(1e-5) * 0.05
        noisy, clean = self._damaged(clean, is_music, rng)
        # Everything is heard at one level, more or less.
        level = LEVEL * 10 ** (uniform(rng, clean, count, -8.0, 8.0) / 20)
        gain = level / noise.active_rms(noisy).clamp_min(1e-5)
        return (noisy * gain)[:, None], (clean * gain)[:, None]

    def loss(self, restored: Tensor, clean: Tensor) -> Tensor:
        """Compressed spectra, by size and with phase; the wave itself, and its SI-SDR."""
        wave, truth = restored[:, 0], clean[:, 0]
        found, wanted = _compressed(wave), _compressed(truth)
        size = (found[0] - wanted[0]).square().mean()
        phase = (found[1] - wanted[1]).square().mean() + (found[2] - wanted[2]).square().mean()
        scale = truth.square().mean(1).sqrt().clamp_min(1e-3)
        absolute = ((wave - truth).abs().mean(1) / scale).mean()
        return 8 * size + 4 * phase + 0.2 * absolute - 0.006 * si_sdr(wave, truth).mean()

    def _damaged(self, clean: Tensor, is_music: Tensor, rng: Generator) -> tuple[Tensor, Tensor]:
        count = len(clean)
        in_room = chance(rng, clean, 0.3) & ~is_music
        noisy = clean
        if bool(in_room.any()):
            rows = in_room[:, 0]
            echoing, dry = noise.room(clean[rows], RATE_HZ, rng)
            noisy, clean = clean.clone(), clean.clone()
            noisy[rows], clean[rows] = echoing, dry
        snr_db = uniform(rng, clean, count, -5.0, 25.0)
        noisy = noise.mix(noisy, self._noise(clean, rng), snr_db)
        for make, share, low, high in (
            (lambda some: noise.hum(some, RATE_HZ, rng), 0.12, -5.0, 25.0),
            (lambda some: noise.hiss(some, rng), 0.25, 0.0, 30.0),
            (lambda some: noise.crackle(some, rng), 0.08, 0.0, 25.0),
        ):
            added = functools.partial(_added, make, low, high, rng)
            noisy = where(chance(rng, clean, share), noisy, added)
        through, band = noise.narrow(noisy, RATE_HZ, rng)
        narrow = chance(rng, clean, 0.2)
        # The truth has the same band: what is not there cannot be asked for.
        noisy = torch.where(narrow, through, noisy)
        clean = torch.where(narrow, noise.apply_band(clean, band), clean)
        noisy = where(chance(rng, clean, 0.06), noisy, lambda some: noise.clip(some, rng))
        noisy = where(chance(rng, clean, 0.08), noisy, lambda some: noise.codec(some, rng))
        untouched = chance(rng, clean, _NOTHING) | (is_music & chance(rng, clean, 0.4))
        return torch.where(untouched, clean, noisy), clean

    def _noise(self, like: Tensor, rng: Generator) -> Tensor:
        """A noise, or two on top of each other, its loudness flat or swelling."""
        first = torch.stack([self._window(self.noises, rng) for _ in range(len(like))])
        second = torch.stack([self._window(self.noises, rng) for _ in range(len(like))])
        first = first / first.square().mean(1, keepdim=True).sqrt().clamp_min(1e-5)
        second = second / second.square().mean(1, keepdim=True).sqrt().clamp_min(1e-5)
        both = first + second * uniform(rng, like, len(like), 0.0, 1.0)
        return torch.where(chance(rng, like, 0.3), both, first)

    def _window(self, sounds: Sequence[Tensor], rng: Generator) -> Tensor:
        """A part of one of the sounds, at its own speed or another; a short one is repeated."""
        place = torch.rand(3, generator=rng, device=rng.device).tolist()
        sound = sounds[int(place[0] * len(sounds))]
        samples = self.samples * _SPEEDS[int(place[2] * len(_SPEEDS))] // 16
        if len(sound) < samples:
            sound = sound.repeat(-(-samples // len(sound)))
        start = int(place[1] * (len(sound) - samples + 1))
        part = sound[start : start + samples].to(rng.device)
        return stretched(part, self.samples)


def si_sdr(wave: Tensor, truth: Tensor, floor: float = 1e-4) -> Tensor:
    """In dB, `(batch,)` (Le Roux et al. 2019), at most that of an error of `floor`: 40."""
    truth = truth - truth.mean(1, keepdim=True)
    wave = wave - wave.mean(1, keepdim=True)
    energy = truth.square().sum(1, keepdim=True).clamp_min(1e-6)
    target = (wave * truth).sum(1, keepdim=True) / energy * truth
    error = (wave - target).square().sum(1)
    ratio = target.square().sum(1).clamp_min(1e-9) / (error + floor * target.square().sum(1) + 1e-9)
    return 10 * torch.log10(ratio)


def denoise_pairs(data: Path, recipe: Recipe) -> NoisySound:
    """From a folder as `audio/` with `speech/` and `noise/`, or the folder above it.

    Speakers and noises that `is_held_out` names are left to the bench. Raises Unreadable without
    speech or noise.
    """
    folder = data / "audio" if (data / "audio").is_dir() else data
    speech = load_sounds(folder / "speech", held_out=False)
    noises = load_sounds(folder / "noise", held_out=False)
    if not speech or not noises:
        raise Unreadable(data, f"There are no sounds in speech/ and noise/ of {folder}.")
    return NoisySound(speech, noises, recipe.patch)


def is_held_out(path: Path) -> bool:
    """One speaker in eight of LibriSpeech, none of a speech corpus that does not name its speakers,
    all of the full-band clips; one noise in eight, whose clips of one source (ESC's file names
    hold its number at Freesound) stay together.
    """
    if path.parent.name.endswith("44k"):
        return True
    if path.parent.name == "picovoice":
        return False
    name = path.stem
    if path.parent.name == "librispeech":
        name = name.split("-")[0]
    elif path.parent.name == "esc10":
        name = name.split("-")[-2]
    return zlib.crc32(name.encode()) % 8 == 0


def load_sounds(folder: Path, *, held_out: bool, rate_hz: int = RATE_HZ) -> list[Tensor]:
    """Every sound below a folder, its first channel, float32 at one rate; half a second or more."""
    paths = sorted(p for p in folder.rglob("*") if p.suffix.lower() in SUFFIXES)
    sounds = (load_sound(p, rate_hz) for p in paths if is_held_out(p) == held_out)
    return [sound for sound in sounds if len(sound) >= _SHORTEST_S * rate_hz]


def load_sound(path: Path, rate_hz: int) -> Tensor:
    """`(samples,)`, resampled by a sinc window in the frequency domain. Needs soundfile."""
    try:
        import soundfile
    except ImportError as error:
        raise UnknownName("soundfile is not installed, which reads sounds.") from error
    samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    return resampled(torch.from_numpy(np.ascontiguousarray(samples[:, 0])), rate, rate_hz)


def resampled(wave: Tensor, from_hz: int, to_hz: int) -> Tensor:
    """By cutting or extending the spectrum of the whole wave: exact, for what fits in memory."""
    if from_hz == to_hz:
        return wave
    count = round(len(wave) * to_hz / from_hz)
    # A little silence behind it keeps its end from wrapping into its beginning.
    padding = from_hz // 10
    padded = torch.nn.functional.pad(wave, (0, padding))
    size = round(len(padded) * to_hz / from_hz)
    return stretched(padded, size)[:count]


def _added(
    make: Callable[[Tensor], Tensor], low: float, high: float, rng: Generator, waves: Tensor
) -> Tensor:
    """The waves and what is made for them, between `low` and `high` dB under them."""
    return noise.mix(waves, make(waves), uniform(rng, waves, len(waves), low, high))


def _compressed(wave: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """(size, real, imaginary) of the power-compressed spectrum."""
    spectrum = stft(wave, 256)
    size = spectrum.abs().clamp_min(1e-4)
    packed = size**POWER
    return packed, packed * spectrum.real / size, packed * spectrum.imag / size
