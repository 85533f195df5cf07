from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from desktop_ae.core.clip import Clip, Samples
from desktop_ae.core.errors import BrokenResult
from desktop_ae.core.restore import restore
from desktop_ae.domains.audio import denoise, noise
from desktop_ae.domains.audio.denoise import LEVEL, SoundRestorer, _loudness, hop_at
from desktop_ae.nets.spectral1d import Spectral1d, stft
from tests.domains.audio.nets import (
    Told,
    in_blocks,
    request_of,
    sound_model,
    tiny_sound_net,
    under_db,
    white,
)

IDENTITY = sound_model(tiny_sound_net(identity=True))
CHANGING = sound_model(tiny_sound_net())


@pytest.mark.parametrize("rate_hz", [8000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000, 192_000])
@pytest.mark.parametrize("seconds", [0.0, 0.01, 0.7])
def test_a_net_that_changes_nothing_gives_the_sound_back(rate_hz: int, seconds: float) -> None:
    noisy = white(2, max(1, int(seconds * rate_hz)))
    same = restore(SoundRestorer(IDENTITY, request_of(noisy, rate_hz)), noisy)
    assert same.shape == noisy.shape
    assert np.abs(same - noisy).max() < 1e-6


@pytest.mark.parametrize("rate_hz", [8000, 22_050, 48_000])
@pytest.mark.parametrize("channels", [1, 2])
def test_blocks_and_segments_leave_no_trace(
    rate_hz: int, channels: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(denoise, "CORE_FRAMES", 64)
    hop = hop_at(rate_hz, 128, 16_000)
    noisy = white(channels, 64 * hop * 4 + 13)
    streamed = in_blocks(
        SoundRestorer(CHANGING, request_of(noisy, rate_hz)), noisy, largest=90 * hop
    )
    monkeypatch.setattr(denoise, "CORE_FRAMES", 10_000)
    whole = restore(SoundRestorer(CHANGING, request_of(noisy, rate_hz)), noisy)
    assert streamed.shape == noisy.shape
    assert under_db(whole - noisy, noisy) > -20
    assert under_db(streamed - whole, whole) < -90


def test_no_more_than_a_segment_and_its_sides_is_held() -> None:
    noisy = white(1, 16_000)
    restorer = SoundRestorer(IDENTITY, replace(request_of(noisy, 8000), shape=(1, 10**7)))
    held = (denoise.CORE_FRAMES + 2 * denoise.CONTEXT_FRAMES + 2) * 64
    for start in range(0, 400_000, 16_000):
        assert all(clip.samples.shape[1] for clip in restorer.push(Clip(noisy, start)))
        assert restorer._held.shape[1] <= held + 16_000


@pytest.mark.parametrize("level", [1e-5, 1e-2, 8.0])
def test_the_level_of_a_file_changes_nothing_but_its_level(level: float) -> None:
    noisy = white(1, 9000)
    result = restore(SoundRestorer(CHANGING, request_of(noisy, 16_000)), noisy)
    scaled = np.float32(level) * noisy
    other = restore(SoundRestorer(CHANGING, request_of(scaled, 16_000)), scaled)
    if level > 1e-4:
        assert under_db(other / np.float32(level) - result, result) < -60
    assert np.isfinite(other).all()


def test_the_level_is_that_of_training() -> None:
    noisy = white(1, 32_000, 0.3) * (np.arange(32_000) % 16_000 > 4000)
    trained = float(noise.active_rms(torch.from_numpy(noisy))[0, 0])
    assert _loudness(request_of(noisy, 16_000))[0].gain == pytest.approx(LEVEL / trained, rel=1e-5)


def test_neither_a_slammed_door_nor_pauses_nor_the_other_channel_decide_the_level() -> None:
    voice = white(1, 20 * 8000, 0.05)
    alone = _loudness(request_of(voice, 8000))[0].gain
    door = voice.copy()
    door[0, 8000:9600] *= 12
    assert _loudness(request_of(door, 8000))[0].gain == pytest.approx(alone, rel=0.1)
    pauses = voice.copy()
    for quieter in (0.001, 0.1):
        pauses[0, 60_000:] = voice[0, 60_000:] * quieter
        assert _loudness(request_of(pauses, 8000))[0].gain == pytest.approx(alone, rel=0.2)
    opposite = np.concatenate([voice, -voice, voice * np.float32(0.1)])
    gains = [loudness.gain for loudness in _loudness(request_of(opposite, 8000))]
    assert gains == pytest.approx([alone, alone, 10 * alone], rel=1e-3)


@pytest.mark.parametrize("rate_hz", [8000, 48_000])
@pytest.mark.parametrize("value", [0.0, 0.25, -1.0])
def test_silence_and_direct_current_stay_as_they_are(rate_hz: int, value: float) -> None:
    flat = np.full((2, 20_000), value, np.float32)
    restorer = SoundRestorer(CHANGING, request_of(flat, rate_hz))
    assert np.array_equal(restore(restorer, flat), flat)
    assert restorer.removed.share_db == -99


def test_an_offset_is_kept_and_not_heard() -> None:
    noisy = white(1, 9000)
    noisy -= noisy.mean()
    plain = restore(SoundRestorer(CHANGING, request_of(noisy, 16_000)), noisy)
    moved = noisy + np.float32(0.4)
    result = restore(SoundRestorer(CHANGING, request_of(moved, 16_000)), moved)
    assert under_db(result - np.float32(0.4) - plain, plain) < -60


def test_digital_silence_between_sounds_stays_silent() -> None:
    noisy = white(1, 30_000)
    noisy[:, 8000:20_000] = 0
    result = restore(SoundRestorer(CHANGING, request_of(noisy, 16_000)), noisy)
    assert not result[:, 8256:19_744].any()
    assert result[:, :8000].any()


def test_clipping_at_full_scale_and_single_clicks_are_only_sound() -> None:
    clipped = white(1, 9000, 3.0).clip(-1, 1)
    same = restore(SoundRestorer(IDENTITY, request_of(clipped, 16_000)), clipped)
    assert np.abs(same - clipped).max() < 1e-5
    click = np.zeros((1, 9000), np.float32)
    click[0, 4000] = 1
    same = restore(SoundRestorer(IDENTITY, request_of(click, 16_000)), click)
    assert np.abs(same - click).max() < 1e-5


def test_strength_and_ambience_leave_their_share() -> None:
    noisy = white(1, 5000)

    def run(**more: object) -> Samples:
        return restore(SoundRestorer(CHANGING, request_of(noisy, 16_000, **more)), noisy)

    gone = noisy - run()
    assert np.array_equal(run(strength=0.0), noisy)
    assert np.allclose(noisy - run(strength=0.5), 0.5 * gone, atol=1e-6)
    assert np.allclose(noisy - run(options={"ambience": True}), 0.75 * gone, atol=1e-6)


def test_a_net_that_returns_no_numbers_is_a_sentence() -> None:
    class Broken(Spectral1d):
        def enhance(self, spectra: torch.Tensor) -> torch.Tensor:
            return spectra * torch.nan

    noisy = white(1, 5000)
    restorer = SoundRestorer(sound_model(Broken(channels=(4, 4))), request_of(noisy, 16_000))
    with pytest.raises(BrokenResult, match="no usable result"):
        restore(restorer, noisy)


def test_a_person_can_stop_between_channels() -> None:
    noisy = white(3, 5000)
    calls: list[int] = []
    request = request_of(noisy, 16_000, check=lambda: calls.append(1))
    restore(SoundRestorer(IDENTITY, request), noisy)
    assert len(calls) == 3


class TestAboveTheNetsBand:
    @staticmethod
    def _energy(wave: NDArray[Any], rate_hz: int) -> float:
        spectrum = np.square(np.abs(np.fft.rfft(wave)))
        return 10 * float(np.log10(spectrum[int(8300 * len(wave) / rate_hz) :].sum()))

    def test_music_that_the_net_leaves_alone_keeps_all_of_it(self) -> None:
        rng = torch.Generator().manual_seed(48)
        music = noise.music(torch.zeros((1, 96_000)), 48_000, rng).numpy()
        same = restore(SoundRestorer(IDENTITY, request_of(music, 48_000)), music)
        assert under_db(same - music, music) < -100
        assert abs(self._energy(same[0], 48_000) - self._energy(music[0], 48_000)) < 1e-3

    @pytest.mark.parametrize("rate_hz", [44_100, 48_000])
    def test_noise_goes_where_it_does_below_and_bursts_stay(self, rate_hz: int) -> None:
        samples = 3 * rate_hz
        speaking = (np.arange(samples) / rate_hz * 2) % 1 < 0.6
        hz = np.fft.rfftfreq(samples, 1 / rate_hz)
        shape = (hz < 15_000) / np.sqrt(1 + (hz / 2000) ** 2)
        voice = np.fft.irfft(np.fft.rfft(white(1, samples, 1.0)[0]) * shape, samples) * speaking
        voice = np.asarray(0.1 * voice / voice[speaking].std(), np.float32)
        added = white(1, samples + 1, 0.02)[0, :-1]
        hop = hop_at(rate_hz, 128, 16_000)
        clean, other = (
            stft(torch.from_numpy(np.pad(w, (0, 4 * hop)))[None], hop)[:, :129].abs().square()
            for w in (voice, added)
        )
        noisy = np.asarray((voice + added)[None], np.float32)
        net = sound_model(Told(clean / (clean + other + 1e-9)))
        result = restore(SoundRestorer(net, request_of(noisy, rate_hz)), noisy)[0]
        pause = ~speaking
        before, after = (self._energy(w * pause, rate_hz) for w in (noisy[0], result))
        assert after < before - 12
        error = (self._energy(w - voice, rate_hz) for w in (noisy[0], result))
        assert next(error) > next(error) + 2
        kept, meant = (self._energy(w * speaking, rate_hz) for w in (result, voice))
        assert abs(kept - meant) < 3
