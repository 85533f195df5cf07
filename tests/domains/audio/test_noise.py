from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Generator, Tensor

from desktop_ae.domains.audio import noise

RATE_HZ = 16_000
Damage = Callable[[Tensor, Generator], Tensor]
DAMAGES: dict[str, Damage] = {
    "room": lambda waves, rng: noise.room(waves, RATE_HZ, rng)[0],
    "hum": lambda waves, rng: noise.hum(waves, RATE_HZ, rng),
    "hiss": noise.hiss,
    "crackle": noise.crackle,
    "narrow": lambda waves, rng: noise.narrow(waves, RATE_HZ, rng)[0],
    "clip": noise.clip,
    "codec": noise.codec,
    "music": lambda waves, rng: noise.music(waves, RATE_HZ, rng),
}


def seed(number: int = 0) -> Generator:
    return torch.Generator().manual_seed(number)


def sound(count: int = 3, samples: int = 16_000) -> Tensor:
    return torch.randn((count, samples), generator=seed(9)) * 0.1


def power(waves: Tensor) -> Tensor:
    """`(batch, samples / 2 + 1)`, a bin a hertz for a second."""
    found: Tensor = torch.fft.rfft(waves).abs().square()
    return found


@pytest.mark.parametrize("name", DAMAGES)
def test_a_seed_fixes_it_and_the_input_is_not_changed(name: str) -> None:
    waves = sound()
    before = waves.clone()
    first, again = DAMAGES[name](waves, seed(1)), DAMAGES[name](waves, seed(1))
    assert first.shape == waves.shape
    assert torch.equal(first, again)
    assert not torch.equal(first, DAMAGES[name](waves, seed(2)))
    assert torch.equal(waves, before)


@pytest.mark.parametrize("name", DAMAGES)
def test_silence_makes_no_bad_numbers(name: str) -> None:
    assert bool(DAMAGES[name](torch.zeros(2, 8000), seed()).isfinite().all())


def test_the_ratio_asked_for_is_reached_over_the_sounding_part() -> None:
    clean = sound()
    clean[:, 8000:] = 0
    asked = torch.tensor([[-5.0], [7.0], [25.0]])
    added = noise.mix(clean, noise.hiss(clean, seed()), asked) - clean
    loud = clean[:, :8000].square().mean(1)
    assert torch.allclose(10 * torch.log10(loud / added.square().mean(1)), asked[:, 0], atol=0.05)


def test_mixing_with_silence_changes_nothing() -> None:
    clean, level = sound(), torch.zeros(3, 1)
    assert torch.equal(noise.mix(clean, torch.zeros_like(clean), level), clean)
    assert not noise.mix(torch.zeros_like(clean), clean, level).any()


def test_pauses_do_not_make_a_voice_quieter() -> None:
    whole = sound(1)
    part = whole.clone()
    part[:, 4000:] *= 0.01
    assert float(noise.active_rms(part)) == pytest.approx(float(noise.active_rms(whole)), rel=0.03)


def test_a_room_adds_to_what_comes_early_and_belongs_to_the_voice() -> None:
    click = torch.zeros(4, 16_000)
    click[:, 1000] = 1
    echoing, early = noise.room(click, RATE_HZ, seed())
    assert torch.allclose(echoing[:, :1800], early[:, :1800], atol=1e-5)
    assert float(early[:, 1810:].abs().max()) < 1e-5
    assert float(echoing[:, 1810:].abs().max()) > 1e-3
    assert not bool((echoing[:, :999].abs() > 1e-5).any())


def test_hum_is_made_of_multiples_of_50_or_60_hz() -> None:
    spectrum = power(noise.hum(torch.zeros(8, 16_000), RATE_HZ, seed()))
    assert float((spectrum[:, 800:].sum(1) / spectrum.sum(1)).max()) < 0.01
    for line in spectrum.argmax(1).tolist():
        assert min(line % 50, -line % 50, line % 60, -line % 60) <= 1 + line // 200


def test_crackle_is_a_few_clicks_and_silence_between() -> None:
    clicks = noise.crackle(torch.zeros(6, 16_000), seed())
    share = (clicks.abs() > 1e-3).float().mean(1)
    assert bool((share < 0.05).all()) and float(share.max()) > 0


def test_a_narrow_band_lets_through_what_it_says() -> None:
    waves = sound(6)
    through, band = noise.narrow(waves, RATE_HZ, seed())
    assert bool((band.amax(1) > 0.99).all())
    assert bool((band[:, 400:2700] > 0.9).all())
    ratio = power(through) / power(waves)
    assert torch.allclose(ratio.sqrt(), band, atol=1e-2)
    assert torch.allclose(noise.apply_band(waves, band), through)


def test_clipping_cuts_at_one_level_and_leaves_the_rest() -> None:
    waves = sound(6)
    cut = noise.clip(waves, seed())
    limit = cut.abs().amax(1, keepdim=True)
    share = limit / waves.abs().amax(1, keepdim=True)
    assert bool(((share > 0.14) & (share < 0.71)).all())
    assert torch.equal(cut[waves.abs() < limit], waves[waves.abs() < limit])


def test_a_codec_leaves_holes_where_it_was_quiet() -> None:
    waves = sound(4) + torch.sin(torch.arange(16_000) * 0.3)
    error = noise.codec(waves, seed()) - waves
    ratio = 10 * torch.log10(error.square().mean(1) / waves.square().mean(1))
    assert bool(((ratio > -50) & (ratio < -10)).all())


@pytest.mark.parametrize("rate_hz", [16_000, 48_000])
def test_music_is_of_one_loudness_and_stays_in_its_band(rate_hz: int) -> None:
    made = noise.music(torch.zeros(4, rate_hz), rate_hz, seed())
    assert torch.allclose(noise.active_rms(made), torch.tensor(0.05), atol=1e-3)
    assert float(made.abs().max()) < 1
