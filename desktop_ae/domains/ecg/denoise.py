"""Taking noise off an ECG of any rate, number of leads and length, segment by segment.

The net hears one lead at a time, at its own rate and at a scale that the whole record tells. What a
faster recording has above the net's band (pacing spikes, notches, muscle noise) is kept where it
stands out from its surroundings, and damped elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from torch.nn import functional as F

from desktop_ae.core.clip import Clip, Samples
from desktop_ae.core.domain import Request
from desktop_ae.core.errors import BrokenResult
from desktop_ae.core.library import Model
from desktop_ae.core.restore import uses_bf16
from desktop_ae.domains.ecg.harm import HeartRemoved
from desktop_ae.domains.ecg.recipes import SECONDS, robust_scale
from desktop_ae.domains.ecg.rpeaks import bridged, moving_mean
from desktop_ae.domains.resampling import stretched

# Of a segment, and what is seen beside it on either side: the net looks some two seconds far. In
# four seconds of any whole rate lie whole samples and, at the net's rate, whole steps of its grid.
CORE_S, CONTEXT_S = 60.0, 4.0
# As much of a record tells its scale.
LISTEN_S = 120.0
# Recordings as fast as this have a band of their own above the net's.
_FASTER = 1.05
_LEADS_AT_ONCE = 4
_LEVEL_S, _PEAK_S = 1.0, 0.006
_STANDS_OUT = 3.0
# What is more than this can be neither a voltage of the heart nor of its noise.
_MOST_SCALE, _LEAST_SCALE = 1e6, 1e-5


class EcgRestorer:
    """Denoises the leads of a record; see `core.restore.Restorer`. What is NaN stays so.

    Segments overlap by more than the net can look, so the result does not depend on the blocks.
    """

    def __init__(self, model: Model, request: Request) -> None:
        assert request.rate_hz is not None and request.overview is not None
        self._model = model
        self._check = request.check
        self._strength = np.float32(request.strength)
        self._leads, self._samples = request.shape
        self._rate_hz = request.rate_hz
        given = model.card.input
        assert given.rate_hz is not None
        self._net_hz = given.rate_hz
        self._core = max(1, round(CORE_S * self._rate_hz))
        self._context = round(CONTEXT_S * self._rate_hz)
        heard = request.overview(int(LISTEN_S * self._rate_hz))
        self._offset, self._scale = _offset_and_scale(heard, self._rate_hz, self._net_hz)
        self.removed = HeartRemoved(self._leads)
        self._held = np.zeros((self._leads, 0), np.float32)
        self._first = 0  # where `_held` begins
        self._done = 0  # samples given back

    def push(self, block: Clip) -> Iterator[Clip]:
        self._held = np.concatenate([self._held, block.samples], axis=1)
        have = self._first + self._held.shape[1]
        while self._done < self._samples:
            stop = min(self._done + self._core, self._samples)
            if have < min(stop + self._context, self._samples):
                return
            self._check()
            yield self._segment(self._done, stop)
            self._done = stop
            keep = max(0, stop - self._context)
            self._held = self._held[:, keep - self._first :]
            self._first = keep

    def finish(self) -> Iterator[Clip]:
        return iter(())

    def _segment(self, start: int, stop: int) -> Clip:
        begin, end = max(0, start - self._context), min(self._samples, stop + self._context)
        seen = self._held[:, begin - self._first : end - self._first]
        filled = np.stack([bridged(lead) for lead in seen])
        missing = ~np.isfinite(seen)
        # Before the first and behind the last sample the record is mirrored, so that every segment
        # has as much beside it, and none wraps into another.
        sides = (self._context - (start - begin), self._context - (end - stop))
        mirrored = np.pad(filled, ((0, 0), sides), "reflect" if filled.shape[1] > 1 else "edge")
        found = self._noise_in(mirrored)
        residual = found[:, sides[0] : sides[0] + filled.shape[1]].copy()
        residual[missing] = 0
        part = slice(start - begin, stop - begin)
        self.removed.compare(
            filled,
            filled - residual,
            self._rate_hz,
            part.start,
            part.stop,
            gap_s=int(missing[:, part].all(axis=0).sum()) / self._rate_hz,
        )
        inside, gone = seen[:, part], residual[:, part]
        heard = filled[:, part] - self._offset
        self.removed.add(gone[:, None], np.where(missing[:, part], 0, heard)[:, None])
        return Clip(inside - self._strength * gone, start)

    def _noise_in(self, leads: Samples) -> Samples:
        """`(leads, samples)` in, without gaps; the same shape out."""
        length = leads.shape[1]
        count = max(1, round(length * self._net_hz / self._rate_hz))
        waves = torch.from_numpy((leads - self._offset) / self._scale)
        low = stretched(waves, count)
        removed = stretched(low - self._run(low), length)
        if self._rate_hz > _FASTER * self._net_hz:
            removed = removed + _noise_above(waves - stretched(low, length), self._rate_hz)
        if not bool(torch.isfinite(removed).all()):
            raise BrokenResult("The model gave no usable result for this file; it was left alone.")
        return np.asarray(removed.numpy() * self._scale, np.float32)

    def _run(self, waves: torch.Tensor) -> torch.Tensor:
        given = self._model.card.input
        count = waves.shape[1]
        padded = F.pad(waves[:, None], (0, -count % given.multiple_of), mode="replicate")
        precision = torch.autocast("cpu", torch.bfloat16, enabled=uses_bf16(given))
        cleaned = []
        with torch.inference_mode(), precision:
            for first in range(0, len(padded), _LEADS_AT_ONCE):
                self._check()
                some = padded[first : first + _LEADS_AT_ONCE]
                cleaned.append(self._model.net(some)[:, 0, :count].float())
        return torch.cat(cleaned)


def _noise_above(high: torch.Tensor, rate_hz: float) -> torch.Tensor:
    """What of a band above the net's is noise: all that does not stand out of it."""
    size = np.abs(high.numpy())
    level = torch.from_numpy(moving_mean(size, _LEVEL_S * rate_hz))
    peak = torch.from_numpy(moving_mean(size, _PEAK_S * rate_hz))
    gain = (1 - (_STANDS_OUT * level / peak.clamp_min(1e-9)) ** 2).clamp(0, 1)
    return high * (1 - gain)


def _offset_and_scale(heard: Samples, rate_hz: float, net_hz: float) -> tuple[Samples, Samples]:
    """Of each lead, `(leads, 1)`: where it rests, and what its windows are divided by."""
    offsets, scales = [], []
    for lead in heard:
        known = lead[np.isfinite(lead)]
        offset = np.float32(np.median(known)) if known.size else np.float32(0)
        offsets.append(offset)
        scales.append(_scale_of(bridged(lead) - offset, rate_hz, net_hz))
    return np.stack(offsets)[:, None], np.asarray(scales, np.float32)[:, None]


def _scale_of(lead: Samples, rate_hz: float, net_hz: float) -> float:
    """That of training's windows, in the middle of those that hold anything."""
    length = min(len(lead), int(SECONDS * rate_hz))
    if length < 2:
        return 1.0
    windows = torch.from_numpy(lead[: len(lead) // length * length].reshape(-1, length))
    found = robust_scale(stretched(windows, max(2, round(length * net_hz / rate_hz))))[:, 0].numpy()
    sounding = found[found > _LEAST_SCALE]
    return float(np.clip(np.median(sounding), _LEAST_SCALE, _MOST_SCALE)) if sounding.size else 1.0
