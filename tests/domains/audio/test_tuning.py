from __future__ import annotations

import functools
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from torch import Generator, Tensor

from desktop_ae.core.clip import Samples
from desktop_ae.core.errors import DesktopAEError, UnknownName
from desktop_ae.core.tuning import CLEAN, KINDS, NOISY, PAIRS, Material
from desktop_ae.domains.audio import DOMAIN, background, noise, recipes, tuning
from desktop_ae.domains.audio.background import HARVEST, backgrounds, pauses, study, wiener
from desktop_ae.domains.audio.recipes import DENOISE, RATE_HZ
from desktop_ae.domains.audio.tuning import DAMAGES, DENOISE_TUNING
from tests.domains.audio.nets import tiny_sound_net, under_db, white

SIZE = 16_384
SMALL = replace(DENOISE, patch=SIZE)
# Where the voice of `spoken` is silent: half a second in each second and a half.
WORD, PAUSE = RATE_HZ, RATE_HZ // 2


@pytest.fixture(autouse=True)
def little_noise_made_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tuning, "_INVENTED_S", 2)


def seeded(seed: int = 0) -> Generator:
    return Generator().manual_seed(seed)


@functools.cache
def spoken(seconds: float = 6.0, pitch_hz: float = 140.0) -> Samples:
    """Words of a second, vowels with a pitch that falls, and pauses of half a second."""
    time = np.arange(int(seconds * RATE_HZ)) / RATE_HZ
    phase = 2 * np.pi * pitch_hz * (time - 0.05 * (time % 1.5) ** 2)
    wave = sum(np.sin(order * phase) / order for order in range(1, 20))
    place = time % 1.5
    loud = np.clip(np.minimum(place, 1 - place) / 0.05, 0, 1)
    samples = np.asarray(0.08 * wave * loud, np.float32)[None]
    samples.setflags(write=False)
    return samples


def silent(samples: int) -> Tensor:
    """Where `spoken` is, as far as it can be heard: 0.1 s from its words."""
    place = (torch.arange(samples) / RATE_HZ) % 1.5
    return (place > 1.1) & (place < 1.4)


def chirping(samples: int, level: float = 0.05) -> Samples:
    """A whistle at 3 kHz, five times a second: noise that no voice is like."""
    time = np.arange(samples) / RATE_HZ
    wave = np.sin(2 * np.pi * 3000 * time) * (np.sin(2 * np.pi * 5 * time) > 0)
    return np.asarray(level * wave, np.float32)[None]


def material(kind: str, damage: str = "") -> Material:
    clean = [spoken(), spoken(5.0, 200.0)]
    noisy = [] if kind == CLEAN else [c + chirping(c.shape[1]) for c in clean]
    return Material(kind, noisy, clean, [spoken(4.0, 110.0)], damage, HARVEST)


def made(kind: str, damage: str = "") -> Any:
    return DENOISE_TUNING.pairs(material(kind, damage), SMALL)


def own(pairs: Any, count: int = 8) -> tuple[Tensor, Tensor]:
    """What is drawn of the person's own alone."""
    noisy, clean = pairs.own(count, seeded(2))
    return noisy, clean


def pitch_3k(waves: Tensor) -> Tensor:
    """Share of the power within 50 Hz of 3 kHz, of each row."""
    power = torch.fft.rfft(waves).abs().square()
    step = RATE_HZ / waves.shape[1]
    near = power[:, int(2950 / step) : int(3050 / step)].sum(1)
    share: Tensor = near / power.sum(1).clamp_min(1e-9)
    return share


def test_the_task_offers_its_tuning_and_learns_from_all_three_kinds() -> None:
    task = DOMAIN.tasks[0]
    assert task.tuning is not None and task.tuning() is DENOISE_TUNING
    assert set(DENOISE_TUNING.kinds) == set(KINDS)
    assert DENOISE_TUNING.rate_hz == DENOISE.input.rate_hz
    assert [name for name, _ in DENOISE_TUNING.damages] == ["", *DAMAGES]


@pytest.mark.parametrize(
    ("kind", "damage"), [(PAIRS, ""), (NOISY, ""), (CLEAN, ""), *((CLEAN, d) for d in DAMAGES)]
)
def test_a_draw_fits_the_net_and_a_seed_fixes_it(kind: str, damage: str) -> None:
    pairs = made(kind, damage)
    noisy, clean = pairs.draw(8, seeded(1))
    assert noisy.shape == clean.shape == (8, 1, SIZE)
    assert noisy.dtype == clean.dtype == torch.float32
    again = pairs.draw(8, seeded(1))
    assert torch.equal(noisy, again[0]) and torch.equal(clean, again[1])
    assert not torch.equal(noisy, pairs.draw(8, seeded(2))[0])
    assert bool(noisy.isfinite().all()) and not torch.equal(noisy, clean)
    # Not louder than the recipe shows sounds, and a voice no more than 12 dB below that.
    level = 20 * torch.log10(noise.active_rms(noisy[:, 0]) / recipes.LEVEL)
    assert bool((level <= 8.01).all()) and bool((level > -20.1).all())


@pytest.mark.parametrize("kind", KINDS)
def test_a_net_gets_a_gradient_from_what_is_drawn(kind: str) -> None:
    pairs = made(kind, "hiss" if kind == CLEAN else "")
    net = tiny_sound_net().requires_grad_(True)
    noisy, clean = pairs.draw(2, seeded())
    pairs.loss(net(noisy), clean).backward()
    assert all(p.grad is not None and p.grad.isfinite().all() for p in net.parameters())


def test_half_of_the_windows_are_of_the_recipe() -> None:
    pairs = made(PAIRS)
    with_whistle = 0
    for number in range(6):
        noisy, clean = pairs.draw(16, seeded(number))
        with_whistle += int((pitch_3k((noisy - clean)[:, 0]) > 0.9).sum())
    assert 0.4 < with_whistle / (6 * 16) < 0.6


def test_pairs_are_cut_at_the_same_place() -> None:
    noisy, clean = own(made(PAIRS))
    added = noisy - clean
    assert float(pitch_3k(added).min()) > 0.9
    assert float(pitch_3k(clean).max()) < 0.01


def test_a_clean_twin_that_is_louder_or_longer_is_made_to_fit() -> None:
    whole = material(PAIRS)
    louder = [-3 * np.pad(c, ((0, 0), (0, 999))) for c in whole.clean]
    fitted = DENOISE_TUNING.pairs(replace(whole, clean=louder), SMALL)
    for one, other in zip(own(fitted), own(made(PAIRS)), strict=True):
        assert under_db(one.numpy() - other.numpy(), other.numpy()) < -30


def test_a_twin_of_something_else_keeps_its_level() -> None:
    other = white(1, spoken().shape[1])
    sides = tuning._aligned(spoken(), other)
    assert float(sides[1].std() / sides[0].std()) == pytest.approx(
        float(other.std() / spoken().std()), rel=0.01
    )


def test_a_sheet_shorter_than_a_window_is_repeated() -> None:
    short = spoken(4.0)[:, :9000]
    pairs = DENOISE_TUNING.pairs(Material(PAIRS, [short + 0.001], [short]), SMALL)
    assert pairs.draw(3, seeded())[0].shape == (3, 1, SIZE)


def test_pauses_are_found_between_words_in_spite_of_whistles() -> None:
    for wave in (spoken(), spoken() + chirping(spoken().shape[1], 0.1)):
        found = torch.zeros(wave.shape[1], dtype=torch.bool)
        for place in pauses(torch.tensor(wave[0])):
            found[place] = True
        spoken_there = found & ~silent(len(found))
        assert float(found.float().mean()) > 0.1
        # A frame of 16 ms beside a pause is no matter; a vowel would be.
        power = torch.tensor(spoken()[0]).square()
        assert float(power[spoken_there].sum() / power.sum()) < 1e-4


def test_silence_and_a_voice_that_never_stops_have_no_pauses() -> None:
    tone = torch.sin(2 * torch.pi * 300 * torch.arange(4 * RATE_HZ) / RATE_HZ)
    assert pauses(torch.zeros(4 * RATE_HZ)) == pauses(tone) == []


def test_harvested_noise_is_what_sounds_in_the_pauses() -> None:
    whole = material(NOISY)
    noisy, clean = ([torch.tensor(s[0]) for s in side] for side in (whole.noisy, whole.clean))
    found = backgrounds(noisy, clean)
    assert len(found) == 2
    for background_, voice in zip(found, clean, strict=True):
        assert float(pitch_3k(torch.cat(list(background_.stretches))[None])) > 0.9
        real = 20 * np.log10(float(noise.active_rms(voice[None])) / (0.05 / 2))
        assert background_.snr_db == pytest.approx(real, abs=1.5)


def test_without_pauses_the_noise_is_what_was_taken_off() -> None:
    clean = [torch.tensor(spoken(2.5)[0])]
    noisy = [clean[0] + torch.tensor(chirping(len(clean[0]))[0])]
    (found,) = backgrounds(noisy, clean)  # there are not two seconds of pauses
    torch.testing.assert_close(found.stretches[0], noisy[0] - clean[0])
    assert backgrounds(clean, clean) == []


@pytest.mark.parametrize("samples", [700, 4000, 100_000])
def test_woven_noise_is_even_and_has_no_clicks(samples: int) -> None:
    step = 2 * torch.pi * 200 / RATE_HZ
    stretches = [torch.sin(torch.arange(size) * step) for size in (2048, 2500, 9000)]
    one = background.Background(stretches, 0.5**0.5, 0.0)
    wave = background.woven(one, samples, seeded(3))
    assert wave.shape == (samples,)
    assert torch.equal(wave, background.woven(one, samples, seeded(3)))
    # Two sines that are laid over each other are at most 1.42 times as high, and as steep.
    assert float(wave.abs().max()) < 2.05
    assert float(wave.diff().abs().max()) < 2.05 * step + 0.01
    assert float(wave.square().mean().sqrt()) == pytest.approx(1, abs=0.25)
    quiet = wave.square().unfold(0, 200, 200).mean(1).sqrt()
    assert samples < 4000 or float((quiet > 0.5).float().mean()) > 0.9


def test_noisy_recordings_alone_give_their_noise_on_voices_with_silent_pauses() -> None:
    whole = material(NOISY)
    # The starting model left half of the whistles.
    half = [c + chirping(c.shape[1], 0.025) for c in whole.clean]
    pairs = DENOISE_TUNING.pairs(replace(whole, clean=half, spare=[]), SMALL)
    noisy, clean = own(pairs, 24)
    assert float(pitch_3k(noisy - clean).min()) > 0.7
    guess = tuning._paused(torch.tensor(half[0][0]))
    inside = silent(len(guess)) & (torch.arange(len(guess)) < 5 * RATE_HZ)
    before = torch.tensor(half[0][0])[inside].square().mean()
    assert float(guess[inside].square().mean()) < 0.1 * float(before)
    word = slice(int(0.2 * RATE_HZ), int(0.8 * RATE_HZ))
    torch.testing.assert_close(guess[word], torch.tensor(half[0][0])[word])


def test_a_recording_of_which_the_model_left_nothing_is_no_voice() -> None:
    whole = material(NOISY)
    faint = [whole.clean[0], 0.01 * whole.clean[1]]
    assert len(tuning._guesses(replace(whole, clean=faint))) == 1


@pytest.mark.parametrize("damage", list(DAMAGES))
def test_each_damage_makes_a_voice_worse(damage: str) -> None:
    rng = seeded(4)
    clean = torch.tensor(spoken()).repeat(6, 1)
    noisy, left = DAMAGES[damage][1](clean, rng)
    assert noisy.shape == left.shape == clean.shape
    ratio = recipes.si_sdr(noisy, left, floor=1e-9)
    assert bool((ratio < 60).all()) and bool((ratio > -10).all())


def test_hum_is_low_and_a_telephone_has_no_high_notes() -> None:
    clean = torch.tensor(spoken()).repeat(4, 1)
    noisy, left = DAMAGES["hum"][1](clean, seeded())
    power = torch.fft.rfft(noisy - left).abs().square()
    assert float(power[:, : int(800 * 6)].sum() / power.sum()) > 0.99
    noisy, left = DAMAGES["phone"][1](torch.randn(4, 32_000, generator=seeded()) * 0.05, seeded())
    for waves in (noisy, left):
        power = torch.fft.rfft(waves).abs().square()
        assert float(power[:, :20].mean() / power[:, 1000:5000].mean()) < 0.1


def test_a_damage_that_is_not_known_is_a_sentence() -> None:
    with pytest.raises(UnknownName, match="There is no damage “flood”: choose one of hum, "):
        made(CLEAN, "flood")


def test_recordings_without_voices_or_noise_are_a_sentence() -> None:
    nothing = np.zeros((1, 40_000), np.float32)
    with pytest.raises(DesktopAEError, match="No voice was found"):
        DENOISE_TUNING.pairs(Material(CLEAN, clean=[nothing]), SMALL)
    whole = Material(NOISY, [spoken(2.5)], [spoken(2.5)], approach=HARVEST)
    with pytest.raises(DesktopAEError, match="No noise was found"):
        DENOISE_TUNING.pairs(whole, SMALL)


@pytest.mark.parametrize("kind", [CLEAN, NOISY])
@pytest.mark.parametrize("damage", ["", "room", "phone"])
def test_a_sheet_is_damaged_as_a_whole_and_the_same_for_a_seed(kind: str, damage: str) -> None:
    whole = material(kind, damage)
    for seed in range(3):
        noisy = DENOISE_TUNING.damaged(spoken(), whole, seed)
        assert noisy.shape == spoken().shape and noisy.dtype == np.float32
        np.testing.assert_array_equal(noisy, DENOISE_TUNING.damaged(spoken(), whole, seed))
        assert -10 < DENOISE_TUNING.score(noisy, spoken()) < 40
    assert not np.array_equal(noisy, DENOISE_TUNING.damaged(spoken(), whole, 0))


def test_silence_can_be_damaged_without_bad_numbers() -> None:
    quiet = np.zeros((1, 40_000), np.float32)
    for kind in (CLEAN, NOISY):
        assert np.isfinite(DENOISE_TUNING.damaged(quiet, material(kind), 1)).all()


def test_the_noise_of_noisy_recordings_is_laid_on_a_sheet_as_loud_as_it_is_there() -> None:
    added = DENOISE_TUNING.damaged(spoken(), material(NOISY), 5) - spoken()
    assert float(pitch_3k(torch.tensor(added))) > 0.7


def test_the_classical_filter_takes_off_even_noise() -> None:
    noisy = spoken() + white(1, spoken().shape[1], 0.05)
    before = DENOISE_TUNING.score(noisy, spoken())
    assert DENOISE_TUNING.score(DENOISE_TUNING.classical(noisy), spoken()) > before + 3
    even = torch.tensor(white(1, 5 * RATE_HZ)[0])
    left = wiener(even)[RATE_HZ:-RATE_HZ].square().mean() / even.square().mean()
    assert 10 * float(torch.log10(left)) < -10


def test_study_hears_pauses_and_says_how_it_learns() -> None:
    sheets = [s + white(1, s.shape[1], 0.01) for s in (spoken(), spoken(7.0))]
    found = study(sheets)
    assert found.approach == HARVEST and not found.warning
    assert "Between the words of 2 of 2 recordings about" in found.why


def test_study_warns_where_nobody_pauses_and_of_hum() -> None:
    time = np.arange(6 * RATE_HZ) / RATE_HZ
    endless = 0.1 * np.sin(2 * np.pi * 300 * time + 20 * np.sin(3 * time)) * (2 + np.sin(9 * time))
    found = study([np.asarray(endless, np.float32)[None]])
    assert found.approach == HARVEST
    assert "Hardly any pauses" in found.why and "Without pauses" in found.warning
    assert "Hum only" not in found.warning
    hum = sum(np.sin(2 * np.pi * 50 * order * time) / order for order in range(1, 8))
    humming = spoken() + np.asarray(0.03 * hum, np.float32) + white(1, len(time), 0.003)
    assert "mains hum of 50 Hz. The option “Hum only”" in study([humming]).warning


@pytest.mark.parametrize("rate_hz", [8000.0, 44_100.0])
def test_a_sheet_is_mono_at_the_rate_of_the_net(rate_hz: float) -> None:
    time = np.arange(int(rate_hz)) / rate_hz
    tone = np.sin(2 * np.pi * 1000 * time)
    both = np.asarray([tone, np.full_like(tone, np.nan)], np.float32)
    sheet = DENOISE_TUNING.prepare(both, rate_hz)
    assert sheet.shape == (1, RATE_HZ) and sheet.dtype == np.float32
    wanted = 0.5 * np.sin(2 * np.pi * 1000 * np.arange(RATE_HZ) / RATE_HZ)
    np.testing.assert_allclose(sheet[0, 500:-500], wanted[500:-500], atol=3e-3)


def test_channels_that_cancel_each_other_are_not_mixed() -> None:
    sheet = DENOISE_TUNING.prepare(np.concatenate([spoken(), -spoken()]), float(RATE_HZ))
    np.testing.assert_allclose(sheet, spoken() - spoken().mean(), atol=1e-6)


@pytest.mark.parametrize(
    ("sheet", "sentence"),
    [
        (spoken(), ""),
        (spoken(1.9), "It is shorter than 2 seconds."),
        (np.zeros((1, 40_000), np.float32), "It is silent."),
        (np.clip(spoken() * 50, -1, 1), "It was recorded too loud"),
        (white(1, 40_000, 0.2).clip(-1, 1), ""),
    ],
)
def test_what_is_no_use_is_named(sheet: Samples, sentence: str) -> None:
    assert DENOISE_TUNING.fault(sheet).startswith(sentence)
    assert bool(DENOISE_TUNING.fault(sheet)) == bool(sentence)


def test_the_score_is_a_ratio_that_knows_no_level() -> None:
    noisy = spoken() + 0.01 * chirping(spoken().shape[1])
    assert DENOISE_TUNING.score(3 * noisy, spoken()) == pytest.approx(
        DENOISE_TUNING.score(noisy, spoken()), abs=0.01
    )
    assert DENOISE_TUNING.score(spoken(), spoken()) > 60
