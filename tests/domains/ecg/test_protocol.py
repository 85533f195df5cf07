from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from desktop_ae.core.errors import Unreadable
from desktop_ae.domains.ecg import protocol
from desktop_ae.domains.ecg.recipes import HELD_OUT
from tests.domains.ecg.hearts import tiny_ecg_net
from tests.domains.ecg.records import write_data


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return write_data(tmp_path, ["one", "two", sorted(HELD_OUT)[0]])


def test_beats_are_laid_out_one_by_one(data: Path) -> None:
    trained = protocol.load_beats(data, held_out=False)
    held = protocol.load_beats(data, held_out=True)
    assert trained.shape[1] == held.shape[1] == 512 and len(trained) > len(held) > 5
    assert not held[:, : protocol.PADDING].any() and not held[:, -1].any()
    tallest = np.abs(held).argmax(1)
    assert np.abs(tallest - np.median(tallest)).mean() < 40


def test_noise_is_between_a_fifth_and_twice_the_beat(data: Path) -> None:
    noisy, clean = protocol.judged_pairs(data)
    again = protocol.judged_pairs(data)
    assert np.array_equal(noisy, again[0]) and np.array_equal(clean, again[1])
    ratio = np.ptp(noisy - clean, axis=1) / np.ptp(clean, axis=1)
    assert ratio.min() > 0.199 and ratio.max() < 2.001


def test_pairs_to_train_on_are_standardised(data: Path) -> None:
    pairs = protocol.ProtocolPairs(data)
    noisy, clean = pairs.draw(16, torch.Generator().manual_seed(0))
    assert noisy.shape == clean.shape == (16, 1, 512)
    assert float(noisy.mean(2).abs().max()) < 1e-5
    assert float(pairs.loss(clean, clean)) == 0 < float(pairs.loss(noisy, clean))


def test_a_net_that_changes_nothing_gives_the_beats_back(data: Path) -> None:
    noisy, _ = protocol.judged_pairs(data)
    same = protocol.clean_beats(tiny_ecg_net(identity=True), noisy)
    assert np.abs(same - (noisy - noisy.mean(1, keepdims=True))).max() < 1e-4


def test_the_measures_are_those_of_the_paper() -> None:
    clean = np.array([[0, 3, 0, -3]], np.float32)
    found = protocol.figures(clean + np.float32(1), clean)
    assert found["ssd"] == pytest.approx(4) and found["mad"] == pytest.approx(1)
    assert found["prd_percent"] == pytest.approx(100 * (4 / 18) ** 0.5)
    assert found["cosine"] == pytest.approx(18 / (18 * 22) ** 0.5)
    assert protocol.figures(clean, clean)["cosine"] == pytest.approx(1)


def test_a_folder_without_beats_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="no beats with P waves marked"):
        protocol.load_beats(tmp_path, held_out=True)
