"""How good a sound model is, beside its peers, on voices and noises it has never heard."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from desktop_ae.core.clip import Samples
from desktop_ae.core.domain import Request, Score
from desktop_ae.core.errors import UnknownName, Unreadable
from desktop_ae.core.library import Model
from desktop_ae.domains.audio import noise
from desktop_ae.domains.audio.recipes import RATE_HZ, load_sound, load_sounds, si_sdr

# Mono sound `(samples,)` and its rate, to the same without noise.
Cleaner = Callable[[Samples, int], Samples]
SNRS_DB = (0, 5, 10, 15)
PAIRS = 24
_LONGEST_S = 10.0
_FULL_BAND_HZ = 48_000


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
    so many-th pair. Raises Unreadable without sounds, UnknownName for a peer that is missing.
    """
    folder = data / "audio" if (data / "audio").is_dir() else data
    methods: dict[str, Cleaner] = {"nothing": lambda wave, rate: wave, **_peers(peers)}
    methods |= {m.card.label: _cleaner(m) for m in models}
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
        paths = sorted((folder / "noisy").iterdir())[::every]
        files = [(p, next((folder / "clean").glob(f"{p.stem}.*"))) for p in paths]
        return {folder.name: [Pair(_load(noisy), _load(clean)) for noisy, clean in files]}
    speech = [s.numpy() for s in load_sounds(folder / "speech", held_out=True)]
    noises = [s.numpy() for s in load_sounds(folder / "noise", held_out=True)]
    if not speech or not noises:
        raise Unreadable(folder, f"There are no sounds to measure with in {folder}.")
    return {
        f"speech in noise {snr} dB": list(_mixed(speech, noises, snr, every)) for snr in SNRS_DB
    }


def _mixed(
    speech: Sequence[Samples], noises: Sequence[Samples], snr_db: int, every: int
) -> Iterator[Pair]:
    rng = np.random.default_rng(snr_db)
    for number in range(0, PAIRS, every):
        clean = speech[number * len(speech) // PAIRS][: int(_LONGEST_S * RATE_HZ)]
        clean = clean / np.abs(clean).max() * np.float32(0.4)
        sound = noises[int(rng.integers(len(noises)))]
        sound = np.tile(sound, -(-2 * len(clean) // len(sound)))
        start = int(rng.integers(len(sound) - len(clean)))
        added = sound[start:][: len(clean)]
        ratio = np.sqrt(np.square(clean).mean() / np.square(added).mean()) * 10 ** (-snr_db / 20)
        noisy = clean + np.float32(ratio) * added
        yield Pair(noisy, clean)


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
    """Means over the pairs; PESQ wide band (ITU-T P.862.2), STOI (Taal et al. 2011), SI-SDR."""
    from pesq import pesq
    from pystoi import stoi

    found: list[tuple[float, float, float]] = []
    seconds = lasted = 0.0
    for pair in pairs:
        started = time.perf_counter()
        restored = run(pair.noisy, RATE_HZ)[: len(pair.clean)]
        seconds += time.perf_counter() - started
        lasted += len(pair.clean) / RATE_HZ
        found.append(
            (
                float(pesq(RATE_HZ, pair.clean, restored, "wb")),
                float(stoi(pair.clean, restored, RATE_HZ)),
                _si_sdr(restored, pair.clean),
            )
        )
    means = np.mean(found, axis=0)
    return {
        "pesq": float(means[0]),
        "stoi": float(means[1]),
        "si_sdr_db": float(means[2]),
        "real_time_factor": seconds / lasted,
    }


def _harm(wave: Samples, rate_hz: int, run: Cleaner) -> Mapping[str, float]:
    """high_band_db: by how much the energy above 8 kHz changed."""
    started = time.perf_counter()
    kept = run(wave, rate_hz)[: len(wave)]
    seconds = time.perf_counter() - started
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
    waves = (torch.from_numpy(np.ascontiguousarray(w[:size]))[None] for w in (wave, truth))
    return float(si_sdr(*waves, floor=1e-9)[0])


def _load(path: Path) -> Samples:
    return np.asarray(load_sound(path, RATE_HZ).numpy(), np.float32)


def _cleaner(model: Model) -> Cleaner:
    from desktop_ae.core.clip import Clip
    from desktop_ae.domains.audio.denoise import SoundRestorer

    def run(wave: Samples, rate_hz: int) -> Samples:
        planes = wave[None]
        request = Request(
            planes.shape, overview=lambda frames: planes[:, :frames], rate_hz=float(rate_hz)
        )
        restorer = SoundRestorer(model, request)
        clips = [*restorer.push(Clip(planes)), *restorer.finish()]
        return np.concatenate([clip.samples[0] for clip in clips])

    run(np.zeros(RATE_HZ, np.float32), RATE_HZ)
    return run


def _peers(which: str) -> Mapping[str, Cleaner]:
    if which not in {"none", "some", "all"}:
        raise UnknownName(f"There are no peers “{which}”: choose none, some or all.")
    if which == "none":
        return {}
    try:
        import noisereduce
    except ImportError as error:
        sentence = f"{error.name} is not installed: pip install 'desktop-ae[bench]'"
        raise UnknownName(sentence) from error

    def reduce(stationary: bool) -> Cleaner:
        def run(wave: Samples, rate_hz: int) -> Samples:
            cleaned = noisereduce.reduce_noise(y=wave, sr=rate_hz, stationary=stationary)
            return np.asarray(cleaned, np.float32)

        return run

    peers = {"noisereduce stationary": reduce(True), "noisereduce": reduce(False)}
    return {**peers, "RNNoise": _rnnoise()} if which == "all" else peers


def _rnnoise() -> Cleaner:
    """At 48 kHz, as it wants; its delay is taken out again."""
    from pyrnnoise import RNNoise

    from desktop_ae.domains.audio.recipes import resampled

    def run(wave: Samples, rate_hz: int) -> Samples:
        high = resampled(torch.from_numpy(wave), rate_hz, _FULL_BAND_HZ).numpy()
        whole = (np.pad(high, (0, 4800)) * 32767).clip(-32768, 32767).astype(np.int16)
        frames = RNNoise(_FULL_BAND_HZ).denoise_chunk(whole)
        cleaned = np.concatenate([np.asarray(frame).ravel() for _, frame in frames])
        cleaned = cleaned.astype(np.float32) / 32768
        cleaned = cleaned[_delay(cleaned, high) :][: len(high)]
        return resampled(torch.from_numpy(cleaned), _FULL_BAND_HZ, rate_hz).numpy()[: len(wave)]

    return run


def _delay(late: Samples, wave: Samples, most: int = 4800) -> int:
    """By how many samples `late` comes after `wave`, 0 to `most`, from their correlation."""
    size = len(late) + len(wave)
    both = np.fft.rfft(late, size) * np.conj(np.fft.rfft(wave, size))
    return int(np.argmax(np.fft.irfft(both, size)[:most]))
