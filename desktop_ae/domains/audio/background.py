"""What a recording sounds like where nobody speaks, and a filter of the field that takes it off.

All sounds here are `(samples,)` tensors at 16 kHz.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Generator, Tensor
from torch.nn import functional as F

from desktop_ae.core.clip import Samples
from desktop_ae.core.tuning import Study
from desktop_ae.domains.audio import noise
from desktop_ae.domains.audio.mains import find_mains
from desktop_ae.domains.audio.recipes import RATE_HZ
from desktop_ae.nets.spectral1d import istft, stft

HARVEST = "harvest"
_HOP = 256
# Voices have their pitch and first formant there; birds, hiss and clatter have little.
_VOICE_HZ = (120, 1000)
# Nobody speaks where that band is so far below a voice; a filter leaves more noise there than a
# model does.
_MODEL_DB, _FILTER_DB = -20.0, -12.0
# For so many frames at least, when as many at either end are left out: consonants, which are
# higher, lie close to vowels.
_LEAST_FRAMES, _EDGE_FRAMES = 8, 5
_LEAST = _LEAST_FRAMES * _HOP
_JOIN = 480
# Pauses of less than this in all recordings do not tell what their noise is like.
_ENOUGH_S = 2.0
# The filter's noise is the least of so many frames before and after, made larger since the least is
# less than the mean.
_SEARCH_FRAMES, _BIAS = 47, 2.0
_FLOOR = 0.1


@dataclass(frozen=True, slots=True)
class Background:
    """The noise of one recording.

    stretches: at the level of the recording. level: RMS of them all. snr_db: by how much the voice,
    where it sounds, is above that.
    """

    stretches: Sequence[Tensor]
    level: float
    snr_db: float


def pauses(voice: Tensor, quiet_db: float = _MODEL_DB) -> list[slice]:
    """Where nobody speaks in a sound without noise, as far as a model could take that off; in
    samples. Noise that is left in it above or below the band of voices does no harm.
    """
    power = stft(voice[None], _HOP)[0].abs().square()
    low, high = (round(hertz * 2 * _HOP / RATE_HZ) for hertz in _VOICE_HZ)
    heard = F.avg_pool1d(power[low:high].sum(0)[None, None], 3, 1, 1)[0, 0]
    loud = heard[heard > 0.05 * heard.max()]
    if not len(loud):
        return []
    quiet = (heard < loud.mean() * 10 ** (quiet_db / 10)).numpy()
    steps = np.diff(np.concatenate([[0], quiet.astype(np.int8), [0]]))
    found = []
    for first, last in zip(np.flatnonzero(steps > 0), np.flatnonzero(steps < 0), strict=True):
        start = int(first) + _EDGE_FRAMES * bool(first > 0)
        stop = int(last) - _EDGE_FRAMES * bool(last < len(quiet))
        place = slice(start * _HOP, min(stop * _HOP, len(voice)))
        if place.stop - place.start >= _LEAST:
            found.append(place)
    return found


def backgrounds(noisy: Sequence[Tensor], voices: Sequence[Tensor]) -> list[Background]:
    """The noise of each recording that has some: its pauses; one without pauses has no part.

    voices: what a model left of each. If there are not enough pauses in all, what it took off each
    recording stands for its noise.
    """
    found = [
        [sound[place] for place in pauses(voice)]
        for sound, voice in zip(noisy, voices, strict=True)
    ]
    if _seconds(found) < _ENOUGH_S:
        found = [[sound - voice] for sound, voice in zip(noisy, voices, strict=True)]
    told = zip(found, voices, strict=True)
    known = [_background(parts, voice) for parts, voice in told if parts]
    return [background for background in known if background.level > 1e-6]


def _background(stretches: Sequence[Tensor], voice: Tensor) -> Background:
    level = float(torch.cat(list(stretches)).square().mean().sqrt())
    loud = float(noise.active_rms(voice[None]))
    return Background(stretches, level, 20 * float(np.log10(max(loud, 1e-6) / max(level, 1e-6))))


def woven(background: Background, samples: int, rng: Generator) -> Tensor:
    """Any length of that noise, at an RMS around 1: stretches in random order, each from a random
    place on, laid over each other by 30 ms.
    """
    whole = torch.zeros(samples + 2 * _JOIN)
    rise = torch.sin(torch.linspace(0, torch.pi / 2, _JOIN))
    done = 0
    while done < samples + _JOIN:
        which, where = torch.rand(2, generator=rng, device=rng.device).tolist()
        chosen = background.stretches[int(which * len(background.stretches))]
        first = int(where * (len(chosen) - _LEAST + 1))
        part = chosen[first : first + len(whole) - done].clone()
        part[:_JOIN] *= rise
        part[-_JOIN:] *= rise.flip(0)
        whole[done : done + len(part)] += part
        done += len(part) - _JOIN
    # It begins in the midst of the first one, not with its rise.
    return whole[_JOIN : _JOIN + samples] / background.level


def wiener(noisy: Tensor) -> Tensor:
    """Wiener's gain, with the noise from minimum statistics (after Martin 2001) and the speech
    from the frame before (decision-directed, Ephraim and Malah 1984).
    """
    spectra = stft(noisy[None], _HOP)
    power = spectra[0].abs().square()
    calm = F.avg_pool1d(power, 9, 1, 4, count_include_pad=False)
    least = -F.max_pool1d(-calm, 2 * _SEARCH_FRAMES + 1, 1, _SEARCH_FRAMES)
    ratio = (power / (_BIAS * least).clamp_min(1e-12)).numpy()
    gains = np.empty_like(ratio)
    speech = np.zeros(len(ratio), np.float32)
    for frame in range(ratio.shape[1]):
        now = ratio[:, frame]
        prior = 0.98 * speech + 0.02 * np.maximum(now - 1, 0)
        gain = np.maximum(prior / (1 + prior), _FLOOR)
        speech = gain**2 * now
        gains[:, frame] = gain
    return istft(spectra * torch.from_numpy(gains), _HOP, len(noisy))[0]


def study(sheets: Sequence[Samples]) -> Study:
    """See `core.tuning.Tuning`; without a model, so a filter stands in for one."""
    sounds = [torch.tensor(sheet[0]) for sheet in sheets]
    found = [[sound[place] for place in pauses(wiener(sound), _FILTER_DB)] for sound in sounds]
    seconds, warning = _seconds(found), _hum_in(sheets)
    if seconds < _ENOUGH_S:
        return Study(
            HARVEST,
            "Hardly any pauses were found between words. Where the model finds none either, what it"
            " takes off each recording is laid over other voices.",
            "Without pauses the noise cannot be heard alone: the result may be no better than the"
            f" model it starts from. {warning}".rstrip(),
        )
    pausing = sum(bool(parts) for parts in found)
    return Study(
        HARVEST,
        f"Between the words of {pausing} of {len(sheets)} recordings about {seconds:.0f} seconds of"
        " noise are heard alone. They are laid over voices, and the model learns to take them off"
        " again.",
        warning,
    )


def _seconds(found: Sequence[Sequence[Tensor]]) -> float:
    return sum(len(part) for parts in found for part in parts) / RATE_HZ


def _hum_in(sheets: Sequence[Samples]) -> str:
    mains = [find_mains(sheet, RATE_HZ) for sheet in sheets]
    found = [hertz for hertz in mains if hertz is not None]
    if 2 * len(found) <= len(sheets):
        return ""
    return (
        f"The recordings have mains hum of {round(float(np.median(found)))} Hz. The option “Hum"
        " only” takes that off without any learning."
    )
