"""How good an ECG model is, beside filters, on hearts and noises it has never seen."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from desktop_ae.core.clip import Samples, excerpts
from desktop_ae.core.domain import Request, Score
from desktop_ae.core.errors import UnknownName, Unreadable
from desktop_ae.core.library import Model
from desktop_ae.domains.ecg import noise, protocol
from desktop_ae.domains.ecg.annotations import read_beats
from desktop_ae.domains.ecg.recipes import (
    HELD_OUT,
    NOISES,
    RATE_HZ,
    at_rate,
    held_out_noise,
    without_wander,
)
from desktop_ae.domains.ecg.rpeaks import Peaks, detect

# One lead `(samples,)` at RATE_HZ, to the same without noise.
Cleaner = Callable[[Samples], Samples]
SNRS_DB = (-6, 0, 6, 12)
WINDOW_S = 10
# Windows of each lead of each record.
WINDOWS = 12
SAME_BEAT_S = 0.15
_PEERS = ("none", "some", "all")


@dataclass(frozen=True, slots=True)
class Record:
    """leads: `(leads, samples)` at RATE_HZ, without wander of their own. beats: the annotated."""

    name: str
    leads: Samples
    beats: Peaks


def bench_denoise(
    models: Sequence[Model], data: Path, peers: str, every: int, each: Callable[[Score], None]
) -> list[Score]:
    """Score doing nothing, the peers and the models.

    data: a folder as `ecg/`, or the folder above it. On windows of ten seconds of the held-out
    records in the held-out part of each recorded noise, alone and mixed: what is gained in SNR;
    how many annotated beats are found; on the same windows without noise what is left of them; and
    the QT-NSTDB protocol's measures on single beats, of filters and of models that were trained
    under it (`packaging/qt_nstdb.py`). peers: "none", "some" (high-pass filters, FIR
    and IIR) or "all" (NeuroKit2's `ecg_clean` as well). every: takes every so many-th window.
    Raises Unreadable without records, UnknownName for a peer that is not installed.
    """
    folder = data / "ecg" if (data / "ecg").is_dir() else data
    filters: dict[str, Cleaner] = {"nothing": lambda lead: lead, **peers_named(peers)}
    # A net that was trained on single beats knows nothing else, nor do others know single beats.
    of_beats = [model for model in models if model.card.recipe.get("patch") == protocol.SAMPLES]
    others = [model for model in models if model not in of_beats]
    methods = dict(filters)
    for model in others:
        methods[model.card.label] = functools.partial(clean_lead, model)
    scores: list[Score] = []

    def tell(name: str, method: str, figures: Mapping[str, float]) -> None:
        scores.append(Score(name, method, figures))
        each(scores[-1])

    records = load_records(folder)
    clean = list(_windows(records, every))
    for kind in (*NOISES, "mix"):
        added = _noises(folder, kind, len(clean))
        for snr_db in SNRS_DB:
            noisy = [_laid_over(c.wave, n, snr_db) for c, n in zip(clean, added, strict=True)]
            for method, run in methods.items():
                tell(f"{kind} {snr_db} dB", method, _gain(clean, noisy, run))
    for method, run in methods.items():
        tell("no noise", method, _kept(clean, run))
    beats, truth = (part[::every] for part in protocol.judged_pairs(folder))
    for method, run in filters.items():
        cleaned = np.stack([run(beat) for beat in beats])
        tell("QT-NSTDB beats", method, protocol.figures(cleaned, truth))
    for model in of_beats:
        cleaned = protocol.clean_beats(model.net, beats)
        tell("QT-NSTDB beats", model.card.label, protocol.figures(cleaned, truth))
    return scores


def load_records(folder: Path) -> list[Record]:
    """The held-out records, with their annotated beats."""
    from desktop_ae.domains.ecg.files import open_source

    found = []
    for path in sorted(folder.rglob("*.hea")):
        marks = path.with_suffix(".pu1")
        if path.stem not in HELD_OUT or not marks.is_file():
            continue
        source = open_source(path, {})
        try:
            facts = source.facts
            leads = source.read(0, facts.samples)
        finally:
            source.close()
        beats = np.rint(read_beats(marks) * (RATE_HZ / facts.rate_hz)).astype(np.int64)
        flat = [without_wander(at_rate(lead, facts.rate_hz)) for lead in leads]
        found.append(Record(path.stem, np.stack(flat), beats))
    if not found:
        raise Unreadable(folder, f"There are no held-out records with .pu1 files in {folder}.")
    return found


def clean_lead(model: Model, lead: Samples) -> Samples:
    """As the program does it."""
    from desktop_ae.core.restore import restore
    from desktop_ae.domains.ecg.denoise import EcgRestorer

    leads = lead[None]
    heard = functools.partial(excerpts, leads)
    request = Request(leads.shape, overview=heard, rate_hz=float(RATE_HZ))
    cleaned: Samples = restore(EcgRestorer(model, request), leads)[0]
    return cleaned


@dataclass(frozen=True, slots=True)
class _Window:
    """wave: `(samples,)`. beats: within it."""

    wave: Samples
    beats: Peaks


def _windows(records: Sequence[Record], every: int) -> Iterator[_Window]:
    length = WINDOW_S * RATE_HZ
    number = 0
    for record in records:
        starts = np.linspace(0, record.leads.shape[1] - length, WINDOWS).astype(int)
        for lead in record.leads:
            for start in starts:
                wave = lead[start : start + length]
                beats = record.beats[(record.beats >= start) & (record.beats < start + length)]
                number += 1
                # Where nobody marked beats the record was not looked at, or the lead is off.
                usable = len(beats) > 3 and np.isfinite(wave).all() and wave.std() > 0.02
                if number % every == 0 and usable:
                    yield _Window(wave - np.float32(np.median(wave)), beats - start)


def _noises(folder: Path, kind: str, count: int) -> list[Samples]:
    """So many windows of what training never saw; a mix has all kinds, equally strong."""
    if kind == "mix":
        kinds = [_noises(folder, one, count) for one in NOISES]
        return [
            np.asarray(sum(part / max(1e-6, part.std()) for part in parts), np.float32)
            for parts in zip(*kinds, strict=True)
        ]
    record = held_out_noise(folder, kind).numpy()
    length = WINDOW_S * RATE_HZ
    rng = np.random.default_rng(len(kind) + ord(kind[0]))
    starts = rng.integers(0, len(record) - length, count)
    channels = rng.integers(0, record.shape[1], count)
    return [
        record[s : s + length, c] - record[s : s + length, c].mean()
        for s, c in zip(starts, channels, strict=True)
    ]


def _laid_over(wave: Samples, added: Samples, snr_db: float) -> Samples:
    clean, noisy = (torch.from_numpy(np.ascontiguousarray(w))[None] for w in (wave, added))
    loud: Samples = noise.at_snr(clean, noisy, torch.full((1, 1), snr_db))[0].numpy()
    return wave + loud


def _gain(clean: Sequence[_Window], noisy: Sequence[Samples], run: Cleaner) -> Mapping[str, float]:
    """Means over the windows; an offset is no noise. F1 of beats found within 150 ms."""
    gains, found = [], np.zeros(3)
    started = time.process_time()
    cleaned = [run(wave) for wave in noisy]
    seconds = time.process_time() - started
    for window, before, after in zip(clean, noisy, cleaned, strict=True):
        gains.append(_error_db(before, window.wave) - _error_db(after, window.wave))
        found += _matches(after, window.beats)
    return {
        "snr_gain_db": float(np.mean(gains)),
        "beats_f1": float(2 * found[0] / max(1, found[1] + found[2])),
        "real_time_factor": seconds / (WINDOW_S * len(clean)),
    }


def _kept(clean: Sequence[_Window], run: Cleaner) -> Mapping[str, float]:
    """What becomes of windows without noise. correlation: mean, median, least;
    some records have noise of their own, and lose it.
    """
    found = np.zeros(3)
    alike = []
    for window in clean:
        after = run(window.wave)
        alike.append(float(np.corrcoef(after, window.wave)[0, 1]))
        found += _matches(after, window.beats)
    return {
        "correlation": float(np.mean(alike)),
        "median_correlation": float(np.median(alike)),
        "least_correlation": float(np.min(alike)),
        "beats_f1": float(2 * found[0] / max(1, found[1] + found[2])),
    }


def _error_db(wave: Samples, truth: Samples) -> float:
    error = (wave - truth).astype(np.float64)
    return 10 * float(np.log10(np.var(error) + 1e-12))


def _matches(wave: Samples, beats: Peaks) -> NDArray[np.float64]:
    """(found, of so many annotated, with so many detections)."""
    peaks = detect(wave[None], RATE_HZ)
    free = list(peaks)
    found = 0
    for beat in beats:
        near = [peak for peak in free if abs(peak - beat) <= SAME_BEAT_S * RATE_HZ]
        if near:
            found += 1
            free.remove(min(near, key=lambda peak: abs(peak - beat)))
    return np.array([found, len(beats), len(peaks)], np.float64)


def peers_named(which: str) -> Mapping[str, Cleaner]:
    if which not in _PEERS:
        raise UnknownName(f"There are no peers “{which}”: choose none, some or all.")
    if which == "none":
        return {}
    try:
        from scipy import signal

        if which == "all":
            import neurokit2
    except ImportError as error:
        name = error.name or "a package"
        sentence = f"{name} is not installed: pip install 'desktop-ae[bench-ecg]'"
        raise UnknownName(sentence) from error
    cutoff_hz = 0.67
    taps = signal.firwin(2 * RATE_HZ + 1, cutoff_hz, pass_zero=False, fs=RATE_HZ)
    sections = signal.butter(4, cutoff_hz, "high", fs=RATE_HZ, output="sos")

    def fir(lead: Samples) -> Samples:
        padded = np.pad(lead, RATE_HZ, mode="edge" if len(lead) <= RATE_HZ else "reflect")
        return np.asarray(signal.fftconvolve(padded, taps, "valid"), np.float32)

    def iir(lead: Samples) -> Samples:
        return np.asarray(signal.sosfiltfilt(sections, lead), np.float32)

    peers: dict[str, Cleaner] = {"FIR high-pass": fir, "IIR high-pass": iir}
    if which == "all":
        peers["neurokit2.ecg_clean"] = lambda lead: np.asarray(
            neurokit2.ecg_clean(lead, sampling_rate=RATE_HZ), np.float32
        )
    return peers


def demonstrate(source: Path, result: Path, truth: Path, picture: Path) -> Mapping[str, float]:
    """Score a cleaned sample against its truth; draw the first lead, before over after."""
    from PIL import Image, ImageDraw

    from desktop_ae.domains.ecg.files import open_source

    leads = []
    for path in (source, result, truth):
        opened = open_source(path, {})
        try:
            leads.append(opened.read(0, opened.facts.samples))
            rate_hz = opened.facts.rate_hz
        finally:
            opened.close()
    before, after, clean = leads
    width, height = 1100, 220
    image = Image.new("RGB", (width, 2 * height), "white")
    draw = ImageDraw.Draw(image)
    most = float(np.nanmax(np.abs(before[0] - np.nanmedian(before[0])))) or 1.0
    shown = min(before.shape[1], int(8 * rate_hz))
    for row, lead in enumerate((before[0], after[0])):
        level = np.nan_to_num(lead[:shown] - np.nanmedian(lead)) / most
        places = np.linspace(0, width - 1, shown)
        heights = height * (row + 0.5) - 0.45 * height * level
        draw.line(list(zip(places.tolist(), heights.tolist(), strict=True)), fill=(20, 60, 160))
    image.save(picture)
    return {
        "snr_before_db": -_relative_db(before, clean),
        "snr_after_db": -_relative_db(after, clean),
    }


def _relative_db(wave: Samples, truth: Samples) -> float:
    error = float(np.nanvar(wave - truth, axis=1).mean())
    return 10 * float(np.log10((error + 1e-12) / (float(np.nanvar(truth, axis=1).mean()) + 1e-12)))
