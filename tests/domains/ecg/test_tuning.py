from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
import torch

from desktop_ae.core.clip import Samples
from desktop_ae.core.tuning import CLEAN, KINDS, NOISY, PAIRS, Material
from desktop_ae.domains.ecg import DENOISE as TASK
from desktop_ae.domains.ecg import recipes, tuning
from desktop_ae.domains.ecg.recipes import RATE_HZ
from desktop_ae.domains.ecg.tuning import DENOISE_TUNING, MAINS, MUSCLE, WANDER
from tests.domains.ecg.hearts import beating
from tests.domains.ecg.test_harvest import heart, tone

RECIPE = replace(recipes.DENOISE, seed=4)


@pytest.fixture(autouse=True)
def _few_synthesised_hearts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tuning, "_MADE", 2)
    monkeypatch.setattr(tuning, "_MADE_S", 12)


def seed(number: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(number)


def sheets(seconds: int = 40) -> tuple[list[Samples], list[Samples]]:
    """Two recordings of two leads with a tone of 23 Hz on them, and the same without."""
    one = heart(seconds)
    clean = [np.stack([one, 0.6 * one]), np.stack([-one, 0.3 * one])]
    noisy = [sheet + size(sheet) * tone(23.0, 1.0, seconds) for sheet in clean]
    return noisy, clean


def size(sheet: Samples) -> Samples:
    """So loud is a tone of 0 dB, `(leads, 1)`."""
    return np.asarray(np.sqrt(2) * sheet.std(axis=1, keepdims=True), np.float32)


def material(kind: str, seconds: int = 40) -> Material:
    noisy, clean = sheets(seconds)
    return Material(
        kind,
        noisy=() if kind == CLEAN else noisy,
        clean=clean,
        spare=[beating(1, 12)],
        approach=tuning.HARVEST if kind == NOISY else "",
    )


def power_near(wave: Samples, *hertz: float) -> float:
    """Share of the power within 1.5 Hz of the frequencies."""
    spectrum = np.abs(np.fft.rfft(wave - wave.mean())) ** 2
    places = np.fft.rfftfreq(len(wave), 1 / RATE_HZ)
    near = np.any([np.abs(places - one) < 1.5 for one in hertz], axis=0)
    return float(spectrum[near].sum() / spectrum.sum())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seconds", [10, 40])
def test_every_kind_gives_pairs_as_the_recipe_does(kind: str, seconds: int) -> None:
    drawn = tuning.pairs(material(kind, seconds), RECIPE)
    noisy, clean = drawn.draw(12, seed(1))
    assert noisy.shape == clean.shape == (12, 1, RECIPE.patch)
    assert noisy.dtype == clean.dtype == torch.float32
    assert bool(noisy.isfinite().all()) and bool(clean.isfinite().all())
    scale = recipes.robust_scale(noisy[:, 0]).log2()
    assert bool((scale.abs() < 0.81).all())
    again = tuning.pairs(material(kind, seconds), RECIPE).draw(12, seed(1))
    assert torch.equal(noisy, again[0]) and torch.equal(clean, again[1])
    assert float(drawn.loss(clean, clean)) == 0 < float(drawn.loss(noisy, clean))


def test_a_noisy_window_and_its_clean_twin_lie_at_the_same_place() -> None:
    noisy, clean = sheets()
    given, wanted = tuning.Twins(noisy, clean, 1440).draw(30, seed(2))
    for one, other in zip(given[:, 0].numpy(), wanted[:, 0].numpy(), strict=True):
        assert power_near(one - other, 23.0) > 0.9


def test_a_part_of_each_batch_is_of_the_damage_that_is_known() -> None:
    class Ones(recipes.NoisyHearts):
        def draw(self, count: int, rng: torch.Generator) -> tuple[torch.Tensor, torch.Tensor]:
            return torch.ones(count, 1, 8), torch.ones(count, 1, 8)

    def own(count: int, rng: torch.Generator) -> tuple[torch.Tensor, torch.Tensor]:
        return torch.zeros(count, 1, 8), torch.zeros(count, 1, 8)

    mixed = tuning.OwnRecords(own, Ones([], {}, 8).draw, Ones([], {}, 8))
    for count in (2, 12, 40):
        noisy, clean = mixed.draw(count, seed())
        assert len(noisy) == len(clean) == count
        assert torch.equal(noisy, clean)
        assert int(noisy[:, 0, 0].sum()) == max(1, round(tuning.KNOWN_SHARE * count))


def test_noise_of_noisy_recordings_is_laid_on_hearts_without_it() -> None:
    pairs = tuning.pairs(material(NOISY), RECIPE)
    assert isinstance(pairs, tuning.OwnRecords)
    noisy, clean = pairs.own(40, seed(3))
    added = (noisy - clean)[:, 0].numpy()
    loud = [wave for wave in added if wave.std() > 0.2]
    assert len(loud) > 20
    assert np.median([power_near(wave, 23.0) for wave in loud]) > 0.8
    assert np.median([power_near(wave, 23.0) for wave in clean[:, 0].numpy()]) < 0.15


@pytest.mark.parametrize("kind", [CLEAN, NOISY])
def test_a_damaged_sheet_is_fixed_by_its_seed(kind: str) -> None:
    sheet = np.stack([heart(31), 0.5 * heart(31)])[:, : 31 * RATE_HZ - 7]
    before = sheet.copy()
    one, same, other = (tuning.damaged(sheet, material(kind), number) for number in (5, 5, 6))
    assert one.shape == sheet.shape and one.dtype == np.float32
    np.testing.assert_array_equal(one, same)
    np.testing.assert_array_equal(sheet, before)
    assert np.abs(one - other).max() > 0.01
    assert np.abs((one - sheet)[0] - (one - sheet)[1]).max() > 0.001


def test_a_sheet_gets_the_noise_of_the_recordings_as_loud_as_it_was() -> None:
    sheet = np.stack([0.4 * heart()])
    added = (tuning.damaged(sheet, material(NOISY), 1) - sheet)[0]
    assert power_near(added, 23.0) > 0.8
    assert abs(10 * np.log10(sheet.var() / added.var())) < 1.5


def test_a_chosen_damage_is_the_only_one() -> None:
    sheet = heart()[None]
    bands = {WANDER: (0.0,), MAINS: (50.0, 60.0, 100.0, 120.0, 150.0), MUSCLE: ()}
    for name, hertz in bands.items():
        added = (tuning.damaged(sheet, Material(CLEAN, clean=[sheet], damage=name), 2) - sheet)[0]
        assert added.std() > 0.005
        if hertz:
            assert power_near(added, *hertz) > 0.95
        else:
            assert power_near(added, 0.0, *bands[MAINS]) < 0.3
    assert [name for name, _ in DENOISE_TUNING.damages] == ["", *bands]


def test_the_classical_filter_takes_wander_and_mains_and_leaves_the_heart() -> None:
    clean = heart()[None]
    noisy = clean + tone(0.1, 1.0) + tone(60.0, 0.3)
    before, after = (tuning.score(wave, clean) for wave in (noisy, tuning.classical(noisy)))
    assert before < 0 and after > 12
    assert tuning.classical(noisy).shape == clean.shape


def test_the_score_is_an_snr_of_the_leads_that_hold_anything() -> None:
    clean = np.stack([heart(), heart(), 0 * heart()])
    error = tone(31.0, 1.0)
    error *= clean[0].std() / error.std() / 10
    restored = clean + np.stack([error, 10 * error, error])
    assert tuning.score(restored, clean) == pytest.approx((20 + 0) / 2, abs=0.1)
    assert tuning.score(restored + 3, clean) == pytest.approx(10, abs=0.1)
    assert tuning.score(clean, clean) == 99
    assert tuning.score(clean[2:], clean[2:]) == 0


def test_recordings_that_are_no_use_are_told_by_a_sentence() -> None:
    good = heart(12)[None]
    assert tuning.fault(good) == ""
    assert "lasts 9 s" in tuning.fault(good[:, : 10 * RATE_HZ - 1])
    assert "flat line" in tuning.fault(0 * good)
    slow = 0.001 * np.arange(good.shape[1], dtype=np.float32)[None]
    assert "heartbeats" in tuning.fault(slow)


def test_a_study_warns_of_few_beats_and_of_beats_that_noise_hides() -> None:
    noisy, _ = sheets()
    found = tuning.study(noisy)
    assert found.approach == tuning.HARVEST and found.warning == ""
    assert 80 < int(re.findall(r"(\d+) beats", found.why)[0]) <= 96
    assert "Only 12 heartbeats" in tuning.study([heart(10)[None]]).warning
    rng = np.random.default_rng(1)
    loud = [one + 2 * size(one) * rng.standard_normal(one.shape) for one in 4 * noisy]
    assert "hides" in tuning.study([one.astype(np.float32) for one in loud]).warning


def test_a_piece_becomes_a_sheet_at_the_models_rate_with_its_gaps_bridged() -> None:
    piece = np.stack([np.linspace(0, 1, 2000), np.full(2000, np.nan)]).astype(np.float32)
    piece[0, 500:700] = np.nan
    sheet = tuning.prepare(piece, 500.0)
    assert sheet.shape == (2, 1440) and sheet.dtype == np.float32
    np.testing.assert_allclose(sheet[0, 20:-20], np.linspace(0, 1, 1440)[20:-20], atol=0.01)
    assert not sheet[1].any()


def test_the_task_knows_its_tuning() -> None:
    assert TASK.tuning is not None and TASK.tuning() is DENOISE_TUNING
    assert set(DENOISE_TUNING.kinds) == set(KINDS) == {PAIRS, CLEAN, NOISY}
    assert DENOISE_TUNING.least >= RECIPE.patch
