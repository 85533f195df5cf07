from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from desktop_ae.core.clip import Clip, Samples
from desktop_ae.core.errors import BrokenResult
from desktop_ae.core.restore import Restorer, restore
from desktop_ae.domains.ecg import denoise
from desktop_ae.domains.ecg.denoise import EcgRestorer
from desktop_ae.domains.ecg.harm import HeartRemoved
from tests.domains.ecg.hearts import beating, ecg_model, regular, request_of, tiny_ecg_net

IDENTITY = ecg_model(tiny_ecg_net(identity=True))
CHANGING = ecg_model(tiny_ecg_net())


def in_blocks(restorer: Restorer, leads: Samples, largest: int) -> Samples:
    rng = np.random.default_rng(0)
    parts: list[Clip] = []
    start = 0
    while start < leads.shape[1]:
        stop = min(leads.shape[1], start + int(rng.integers(1, largest)))
        parts += restorer.push(Clip(leads[:, start:stop], start))
        start = stop
    assert [p.start for p in parts] == list(
        np.cumsum([0, *[p.samples.shape[1] for p in parts]])[:-1]
    )
    return np.concatenate([*[p.samples for p in parts]], axis=1)


@pytest.mark.parametrize("rate_hz", [100, 128, 250, 360])
@pytest.mark.parametrize("seconds", [0.0, 0.05, 2.0, 75.0])
def test_a_net_that_changes_nothing_gives_the_ecg_back(rate_hz: int, seconds: float) -> None:
    leads = beating(2, max(1 / rate_hz, seconds), rate_hz) + np.float32(3)
    same = restore(EcgRestorer(IDENTITY, request_of(leads, rate_hz)), leads)
    assert same.shape == leads.shape and same.dtype == np.float32
    assert np.abs(same - leads).max() < 1e-5


@pytest.mark.parametrize("rate_hz", [100, 250, 360, 500, 1000])
def test_blocks_and_segments_leave_no_trace(rate_hz: int, monkeypatch: pytest.MonkeyPatch) -> None:
    leads = beating(2, 40, rate_hz)
    monkeypatch.setattr(denoise, "CORE_S", 8.0)
    streamed = in_blocks(EcgRestorer(CHANGING, request_of(leads, rate_hz)), leads, 7 * rate_hz)
    monkeypatch.setattr(denoise, "CORE_S", 400.0)
    whole = restore(EcgRestorer(CHANGING, request_of(leads, rate_hz)), leads)
    assert np.abs(whole - leads).max() > 0.05
    assert np.abs(streamed - whole).max() < 2e-3


def test_no_more_than_a_segment_and_its_sides_is_held() -> None:
    leads = beating(1, 30)
    request = replace(request_of(leads, 360.0), shape=(1, 10**8))
    restorer = EcgRestorer(IDENTITY, request)
    for number in range(20):
        list(restorer.push(Clip(leads, number * leads.shape[1])))
        assert restorer._held.shape[1] <= (60 + 5 + 5 + 30) * 360


def test_strength_mixes_and_nothing_is_taken_at_none() -> None:
    leads = beating(2, 12)
    none, half, full = (
        restore(EcgRestorer(CHANGING, request_of(leads, 360.0, s)), leads) for s in (0.0, 0.5, 1.0)
    )
    assert np.array_equal(none, leads)
    assert np.abs(half - (leads + full) / 2).max() < 1e-5


def test_gaps_stay_gaps_and_change_nothing_far_away() -> None:
    leads = beating(2, 40)
    holed = leads.copy()
    holed[0, 5000:5200] = np.nan
    holed[1] = np.nan
    found = restore(EcgRestorer(CHANGING, request_of(holed, 360.0)), holed)
    assert np.array_equal(np.isnan(found), np.isnan(holed))
    whole = restore(EcgRestorer(CHANGING, request_of(leads, 360.0)), leads)
    far = slice(9000, None)
    assert np.abs(found[0, far] - whole[0, far]).max() < 0.02 * np.abs(whole[0]).max()


@pytest.mark.parametrize("unit", [1e-3, 1.0, 1e3])
def test_the_scale_of_a_record_does_not_matter(unit: float) -> None:
    leads = beating(1, 20)
    usual = restore(EcgRestorer(CHANGING, request_of(leads, 360.0)), leads)
    scaled = (leads * unit).astype(np.float32)
    found = restore(EcgRestorer(CHANGING, request_of(scaled, 360.0)), scaled)
    assert np.abs(found / unit - usual).max() < 2e-3 * np.abs(usual).max()


def test_flat_lines_stay_flat() -> None:
    leads = np.full((2, 5000), 0.7, np.float32)
    assert (
        np.abs(restore(EcgRestorer(IDENTITY, request_of(leads, 250.0)), leads) - 0.7).max() < 1e-6
    )


def test_above_the_net_s_band_spikes_stay_and_noise_goes() -> None:
    rate_hz = 1000
    leads = beating(1, 20, 360, seed=3)
    smooth = np.interp(np.arange(20_000) / rate_hz, np.arange(leads.shape[1]) / 360, leads[0])
    rng = np.random.default_rng(0)
    hertz = np.fft.rfftfreq(20_000, 1 / rate_hz)
    hiss = np.fft.irfft(np.fft.rfft(rng.standard_normal(20_000)) * (hertz > 220), 20_000)
    spikes = np.zeros(20_000)
    spikes[1000:19_000:800] = 2.0
    noisy = (smooth + 0.02 * hiss + spikes).astype(np.float32)[None]
    found = restore(EcgRestorer(IDENTITY, request_of(noisy, rate_hz)), noisy)[0]
    assert np.abs(found[1000:19_000:800] - noisy[0, 1000:19_000:800]).max() < 0.25
    quiet = np.ones(20_000, bool)
    for at in range(1000, 19_000, 800):
        quiet[at - 30 : at + 30] = False
    left = np.fft.irfft(np.fft.rfft(found) * (hertz > 220), 20_000)
    assert left[quiet].std() < 0.35 * 0.02 * hiss[quiet].std()


def test_a_broken_net_is_a_sentence() -> None:
    net = tiny_ecg_net()
    net.tail.bias.fill_(float("nan"))  # type: ignore[union-attr]
    leads = beating(1, 5)
    with pytest.raises(BrokenResult, match="no usable result"):
        restore(EcgRestorer(ecg_model(net), request_of(leads, 360.0)), leads)


def test_the_heart_rate_is_of_what_was_heard() -> None:
    leads = regular(60, 360)
    leads[:, 5000:15_000] = np.nan
    restorer = EcgRestorer(IDENTITY, request_of(leads, 360.0))
    restore(restorer, leads)
    assert restorer.removed.seconds == pytest.approx(60 - 10_000 / 360, abs=0.01)
    assert restorer.removed.rate_after == pytest.approx(72, abs=4)


def test_what_was_removed_is_told_with_the_beats() -> None:
    leads = beating(2, 30)
    restorer = EcgRestorer(IDENTITY, request_of(leads, 360.0))
    restore(restorer, leads)
    assert isinstance(restorer.removed, HeartRemoved)
    assert restorer.removed.share_db == -99
    assert restorer.removed.before == restorer.removed.after == restorer.removed.both > 10
