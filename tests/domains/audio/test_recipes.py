from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch
from torch import Tensor

from desktop_ae.core.errors import Unreadable
from desktop_ae.domains.audio import denoise, noise, recipes
from desktop_ae.domains.audio.recipes import DENOISE, RATE_HZ, NoisySound
from tests.domains.audio.nets import tiny_sound_net, white


def seed(number: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(number)


def some(samples: int = 8192) -> NoisySound:
    rng = seed(5)
    speech = [torch.randn(size, generator=rng) * 0.1 for size in (3000, 20_000)]
    noises = [torch.randn(size, generator=rng) for size in (700, 30_000)]
    return NoisySound(speech, noises, samples)


def write_sounds(folder: Path, names: list[str], rate_hz: int = RATE_HZ) -> None:
    folder.mkdir(parents=True)
    for name in names:
        soundfile.write(folder / name, white(1, rate_hz).T, rate_hz)


def test_a_draw_is_a_pair_of_one_level_that_a_seed_fixes() -> None:
    noisy, clean = some().draw(24, seed(1))
    assert noisy.shape == clean.shape == (24, 1, 8192)
    again = some().draw(24, seed(1))
    assert torch.equal(noisy, again[0]) and torch.equal(clean, again[1])
    level = 20 * torch.log10(noise.active_rms(noisy[:, 0]) / recipes.LEVEL)
    assert bool((level.abs() <= 8.01).all())
    same = [torch.equal(a, b) for a, b in zip(noisy, clean, strict=True)]
    assert 0 < sum(same) < 12


def test_the_level_is_the_one_at_which_the_restorer_shows_sounds() -> None:
    assert denoise.LEVEL == recipes.LEVEL
    assert denoise.LEVEL_FRAME_S * RATE_HZ == 800
    assert abs(denoise.LEVEL_WINDOW_S - recipes.SECONDS) < 0.1


def test_silent_speech_and_silent_noise_make_no_bad_numbers() -> None:
    silent = NoisySound([torch.zeros(9000)], [torch.zeros(9000)], 8192)
    for pairs in (silent, NoisySound(some().speech, silent.noises, 8192)):
        for drawn in pairs.draw(16, seed()):
            assert bool(drawn.isfinite().all())


@pytest.mark.parametrize("silent", ["restored", "clean", "both", "none"])
def test_the_loss_and_its_gradient_are_numbers(silent: str) -> None:
    pairs = some()
    noisy, clean = pairs.draw(2, seed())
    noisy = noisy * (silent not in {"restored", "both"})
    clean = clean * (silent not in {"clean", "both"})
    net = tiny_sound_net().requires_grad_(True)
    loss = pairs.loss(net(noisy), clean)
    loss.backward()  # type: ignore[no-untyped-call]
    assert bool(loss.isfinite())
    assert all(p.grad is not None and p.grad.isfinite().all() for p in net.parameters())


def test_the_loss_is_least_for_the_truth() -> None:
    pairs = some()
    noisy, clean = pairs.draw(8, seed())
    losses = [float(pairs.loss(w, clean)) for w in (clean, 0.5 * clean + 0.5 * noisy, noisy)]
    assert losses == sorted(losses) and losses[0] < losses[1] < losses[2]


def test_the_bench_s_ratio_knows_no_level_and_is_what_was_added() -> None:
    truth = torch.sin(torch.arange(16_000) * 0.1)[None]
    error = torch.cos(torch.arange(16_000) * 0.1)[None] * 0.1
    found = recipes.si_sdr(3 * (truth + error), truth, floor=1e-9)
    assert float(found) == pytest.approx(20, abs=0.1)
    assert float(recipes.si_sdr(truth, truth)) == pytest.approx(40, abs=0.1)
    assert bool(recipes.si_sdr(torch.zeros(1, 50), torch.zeros(1, 50)).isfinite().all())


def test_what_is_held_out_is_never_trained_on(tmp_path: Path) -> None:
    speakers = [f"{number}-1-000{take}.wav" for number in range(16) for take in range(2)]
    write_sounds(tmp_path / "audio" / "speech" / "librispeech", speakers)
    write_sounds(tmp_path / "audio" / "noise" / "few", [f"noise{n}.wav" for n in range(24)])
    folder = tmp_path / "audio" / "speech" / "librispeech"
    kept = {p.name.split("-")[0] for p in folder.iterdir() if not recipes.is_held_out(p)}
    out = {p.name.split("-")[0] for p in folder.iterdir() if recipes.is_held_out(p)}
    assert out and kept and not out & kept
    for given in (tmp_path, tmp_path / "audio"):
        pairs = recipes.denoise_pairs(given, DENOISE)
        assert len(pairs.speech) == 2 * len(kept)
        assert pairs.samples == DENOISE.patch
    held = recipes.load_sounds(tmp_path / "audio" / "noise", held_out=True)
    assert len(held) + len(pairs.noises) == 24 and held


def test_a_folder_without_sounds_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="There are no sounds in speech/ and noise/"):
        recipes.denoise_pairs(tmp_path, DENOISE)


def test_what_is_shorter_than_half_a_second_is_left_out(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", np.zeros(7000), RATE_HZ)
    held_out = recipes.is_held_out(tmp_path / "a.wav")
    assert recipes.load_sounds(tmp_path, held_out=held_out) == []


@pytest.mark.parametrize(("from_hz", "to_hz"), [(44_100, 16_000), (16_000, 48_000), (8000, 16_000)])
def test_a_tone_is_the_same_at_another_rate(from_hz: int, to_hz: int) -> None:
    def tone(rate_hz: int) -> Tensor:
        return torch.sin(2 * torch.pi * 1000 * torch.arange(rate_hz) / rate_hz)

    other = recipes.resampled(tone(from_hz), from_hz, to_hz)
    assert len(other) == to_hz
    assert float((other - tone(to_hz))[500:-500].abs().max()) < 2e-3
