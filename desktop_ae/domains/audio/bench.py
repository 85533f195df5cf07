"""How good a sound model is, beside its peers, on voices and noises it has never heard."""

from __future__ import annotations

import functools
import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from desktop_ae.core.clip import Samples, excerpts
from desktop_ae.core.domain import Request, Score
from desktop_ae.core.errors import UnknownName, Unreadable
from desktop_ae.core.library import Model
from desktop_ae.domains.audio import noise
from desktop_ae.domains.audio.recipes import RATE_HZ, SUFFIXES, load_sound, load_sounds, si_sdr

# Mono sound `(samples,)` and its rate, to the same without noise.
Cleaner = Callable[[Samples, int], Samples]
SNRS_DB = (0, 5, 10, 15)
PAIRS = 24
_LONGEST_S = 10.0
_FULL_BAND_HZ = 48_000
_SILENT = 1e-8  # mean square


@dataclass(frozen=True, slots=True)
class Pair:
    """noisy, clean: `(samples,)` at RATE_HZ."""

    noisy: Samples
    clean: Samples


def bench_denoise(
    models: Sequence[Model], data: Path, peers: str, every: int, each: Callable[[Score], None]
) -> list[Score]:
    """Score doing nothing, the peers and the models.

    data: a folder as `audio/` (held-out speakers in held-out noises are mixed at 0, 5, 10 and 15
    dB by a fixed seed), the folder above it, or one with pairs of the same names in `noisy/` and
    `clean/`. Sounds without noise are measured too: what is left of them is compared with the
    input. peers: "none", "some" (noisereduce, twice) or "all" (RNNoise as well). every: takes every
    so many-th pair. Raises Unreadable without sounds, UnknownName for a peer or a measure that is
    not installed.
    """
    try:
        import pesq  # noqa: F401
        import pystoi  # noqa: F401
    except ImportError as error:
        raise _missing(error) from error
    folder = data / "audio" if (data / "audio").is_dir() else data
    methods: dict[str, Cleaner] = {"nothing": lambda wave, rate: wave, **_peers(peers)}
    for model in models:
        methods |= _ours(model)
    scores: list[Score] = []

    def tell(name: str, method: str, figures: Mapping[str, float]) -> None:
        scores.append(Score(name, method, figures))
        each(scores[-1])

    for name, pairs in _sets(folder, every).items():
        for method, run in methods.items():
            tell(name, method, _figures(pairs, run))
    for name, (wave, rate_hz) in _without_noise(folder).items():
        for method, run in methods.items():
            if method != "nothing":
                tell(name, method, _harm(wave, rate_hz, run))
    return scores


def _sets(folder: Path, every: int) -> Mapping[str, Sequence[Pair]]:
    if (folder / "noisy").is_dir():
        paths = sorted(p for p in (folder / "noisy").iterdir() if p.suffix.lower() in SUFFIXES)
        if not paths:
            raise Unreadable(folder, f"There are no sounds in {folder / 'noisy'}.")
        return {folder.name: [_pair(path, folder / "clean") for path in paths[::every]]}
    speech = [s.numpy() for s in load_sounds(folder / "speech", held_out=True)]
    noises = [s.numpy() for s in load_sounds(folder / "noise", held_out=True)]
    noises = [n for n in noises if np.square(n).mean() > _SILENT]
    if not speech or not noises:
        raise Unreadable(folder, f"There are no sounds to measure with in {folder}.")
    return {
        f"speech in noise {snr} dB": list(_mixed(speech, noises, snr, every)) for snr in SNRS_DB
    }


def _pair(path: Path, truths: Path) -> Pair:
    found = [p for p in truths.glob("*") if p.stem == path.stem and p.suffix.lower() in SUFFIXES]
    if not found:
        raise Unreadable(path, f"{path.name} has no clean sound of the same name in {truths}.")
    noisy, clean = _load(path), _load(found[0])
    size = min(len(noisy), len(clean))
    return Pair(noisy[:size], clean[:size])


def _mixed(
    speech: Sequence[Samples], noises: Sequence[Samples], snr_db: int, every: int
) -> Iterator[Pair]:
    rng = np.random.default_rng(snr_db)
    for number in range(0, PAIRS, every):
        clean = speech[number * len(speech) // PAIRS][: int(_LONGEST_S * RATE_HZ)]
        clean = clean / max(1e-6, np.abs(clean).max()) * np.float32(0.4)
        added = _stretch(noises, len(clean), rng)
        while np.square(added).mean() < _SILENT:  # between two barks
            added = _stretch(noises, len(clean), rng)
        ratio = np.sqrt(np.square(clean).mean() / np.square(added).mean()) * 10 ** (-snr_db / 20)
        noisy = clean + np.float32(ratio) * added
        yield Pair(noisy, clean)


def _stretch(noises: Sequence[Samples], size: int, rng: np.random.Generator) -> Samples:
    sound = noises[int(rng.integers(len(noises)))]
    sound = np.tile(sound, -(-2 * size // len(sound)))
    start = int(rng.integers(len(sound) - size))
    return sound[start:][:size]


def _without_noise(folder: Path) -> Mapping[str, tuple[Samples, int]]:
    """Full-band speech, if there is some, and music of the recipe's own making."""
    sounds: dict[str, tuple[Samples, int]] = {}
    for path in sorted((folder / "speech").glob("*44k/*"))[:3]:
        wave = load_sound(path, 44_100).numpy()
        sounds[f"clean speech {len(sounds) + 1}"] = (wave[: 20 * 44_100], 44_100)
    rng = torch.Generator().manual_seed(48)
    like = torch.zeros((1, 10 * _FULL_BAND_HZ))
    sounds["clean music"] = (noise.music(like, _FULL_BAND_HZ, rng)[0].numpy(), _FULL_BAND_HZ)
    return sounds


def _figures(pairs: Sequence[Pair], run: Cleaner) -> Mapping[str, float]:
    """Means over the pairs, and processor seconds per second of sound."""
    found: list[Mapping[str, float]] = []
    seconds = lasted = 0.0
    for pair in pairs:
        started = time.process_time()
        restored = run(pair.noisy, RATE_HZ)
        seconds += time.process_time() - started
        lasted += len(pair.clean) / RATE_HZ
        found.append(_likeness(restored, pair.clean))
    # A sound in which PESQ hears no voice has no figure of it.
    known = {name: [f[name] for f in found if math.isfinite(f[name])] for name in found[0]}
    means = {name: float(np.mean(values)) for name, values in known.items() if values}
    return {**means, "real_time_factor": seconds / lasted}


def _likeness(restored: Samples, clean: Samples) -> Mapping[str, float]:
    """PESQ wide band (ITU-T P.862.2), STOI (Taal et al. 2011), SI-SDR (Le Roux et al. 2019)."""
    from pesq import BufferTooShortError, NoUtterancesError, pesq
    from pystoi import stoi

    try:
        quality = float(pesq(RATE_HZ, clean, restored, "wb"))
    except (BufferTooShortError, NoUtterancesError):
        quality = math.nan
    return {
        "pesq": quality,
        "stoi": float(stoi(clean, restored, RATE_HZ)),
        "si_sdr_db": _si_sdr(restored, clean),
    }


def _harm(wave: Samples, rate_hz: int, run: Cleaner) -> Mapping[str, float]:
    """high_band_db: by how much the energy above 8 kHz changed."""
    started = time.process_time()
    kept = run(wave, rate_hz)
    seconds = time.process_time() - started
    high = [
        float(np.square(np.abs(np.fft.rfft(w)[int(8000 * len(w) / rate_hz) :])).sum())
        for w in (kept, wave)
    ]
    return {
        "si_sdr_to_input_db": _si_sdr(kept, wave),
        "high_band_db": 10 * float(np.log10((high[0] + 1e-12) / (high[1] + 1e-12))),
        "real_time_factor": seconds * rate_hz / len(wave),
    }


def demonstrate(source: Path, result: Path, truth: Path, picture: Path) -> Mapping[str, float]:
    """Score a cleaned sample against its truth; draw both spectrograms, before over after."""
    from PIL import Image

    from desktop_ae.domains.audio.peaks import spectrogram

    noisy, cleaned, clean = _load(source), _load(result), _load(truth)
    seconds = len(clean) / RATE_HZ
    drawn = [
        spectrogram(path, 0, seconds, 900, 240)[::-1].clip(-100, -10) for path in (source, result)
    ]
    grey = np.concatenate(drawn) + 100
    Image.fromarray(np.rint(grey * (255 / 90)).astype(np.uint8)).save(picture)
    return {
        "si_sdr_before_db": _si_sdr(noisy, clean),
        "si_sdr_after_db": _si_sdr(cleaned, clean),
    }


def _si_sdr(wave: Samples, truth: Samples) -> float:
    size = min(len(wave), len(truth))
    found, wanted = (torch.from_numpy(np.ascontiguousarray(w[:size]))[None] for w in (wave, truth))
    return float(si_sdr(found, wanted, floor=1e-9)[0])


def _load(path: Path) -> Samples:
    return np.asarray(load_sound(path, RATE_HZ).numpy(), np.float32)


def _ours(model: Model) -> Mapping[str, Cleaner]:
    """As the program runs it; and in float32, where that is not the same."""
    from desktop_ae.core.restore import uses_bf16

    methods = {model.card.label: _cleaner(model)}
    if uses_bf16(model.card.input):
        plain = replace(model.card, input=replace(model.card.input, bf16=False))
        methods[f"{model.card.label} float32"] = _cleaner(Model(plain, model.net))
    return methods


def _cleaner(model: Model) -> Cleaner:
    from desktop_ae.core.restore import restore
    from desktop_ae.domains.audio.denoise import SoundRestorer

    def run(wave: Samples, rate_hz: int) -> Samples:
        planes = wave[None]
        heard = functools.partial(excerpts, planes)
        request = Request(planes.shape, overview=heard, rate_hz=float(rate_hz))
        cleaned: Samples = restore(SoundRestorer(model, request), planes)[0]
        return cleaned

    run(np.zeros(RATE_HZ, np.float32), RATE_HZ)  # the first call prepares the processor's kernels
    return run


def _peers(which: str) -> Mapping[str, Cleaner]:
    if which not in {"none", "some", "all"}:
        raise UnknownName(f"There are no peers “{which}”: choose none, some or all.")
    if which == "none":
        return {}
    try:
        import noisereduce

        if which == "all":
            import pyrnnoise  # noqa: F401
    except ImportError as error:
        raise _missing(error) from error

    def reduce(stationary: bool) -> Cleaner:
        def run(wave: Samples, rate_hz: int) -> Samples:
            cleaned = noisereduce.reduce_noise(y=wave, sr=rate_hz, stationary=stationary)
            return np.asarray(cleaned, np.float32)

        return run

    peers = {"noisereduce stationary": reduce(True), "noisereduce": reduce(False)}
    return {**peers, "RNNoise": _rnnoise()} if which == "all" else peers


def _missing(error: ImportError) -> UnknownName:
    return UnknownName(f"{error.name} is not installed: pip install 'desktop-ae[bench-sound]'")


def _rnnoise() -> Cleaner:
    """At 48 kHz, as it wants; its delay is taken out again."""
    from pyrnnoise import RNNoise

    from desktop_ae.domains.audio.recipes import resampled

    def run(wave: Samples, rate_hz: int) -> Samples:
        high = np.asarray(resampled(torch.from_numpy(wave), rate_hz, _FULL_BAND_HZ), np.float32)
        whole = (np.pad(high, (0, 4800)) * 32767).clip(-32768, 32767).astype(np.int16)
        frames = RNNoise(_FULL_BAND_HZ).denoise_chunk(whole)
        cleaned = np.concatenate([np.asarray(frame).ravel() for _, frame in frames])
        cleaned = cleaned.astype(np.float32) / 32768
        cleaned = cleaned[_delay(cleaned, high) :][: len(high)]
        back = resampled(torch.from_numpy(cleaned), _FULL_BAND_HZ, rate_hz)
        return np.asarray(back, np.float32)[: len(wave)]

    return run


def _delay(late: NDArray[Any], wave: NDArray[Any], most: int = 4800) -> int:
    """By how many samples `late` comes after `wave`, 0 to `most`, from their correlation."""
    size = len(late) + len(wave)
    both = np.fft.rfft(late, size) * np.conj(np.fft.rfft(wave, size))
    return int(np.argmax(np.fft.irfft(both, size)[:most]))
