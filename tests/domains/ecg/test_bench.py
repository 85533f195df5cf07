from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from desktop_ae.core.domain import Score
from desktop_ae.core.errors import UnknownName, Unreadable
from desktop_ae.core.library import Model
from desktop_ae.domains.ecg import summary
from desktop_ae.domains.ecg.bench import bench_denoise, demonstrate
from desktop_ae.domains.ecg.recipes import HELD_OUT
from tests.domains.ecg.hearts import beating, ecg_model, tiny_ecg_net
from tests.domains.ecg.records import write_data


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return write_data(tmp_path, ["one", *sorted(HELD_OUT)[:2]])


def run(data: Path, peers: str = "none", **more: Any) -> dict[tuple[str, str], Score]:
    told: list[Score] = []
    scores = bench_denoise(more.get("models", []), data, peers, more.get("every", 6), told.append)
    assert told == scores
    return {(score.data, score.method): score for score in scores}


def test_doing_nothing_gains_nothing_and_changes_nothing(data: Path) -> None:
    same, changed = ecg_model(tiny_ecg_net(identity=True)), ecg_model(tiny_ecg_net())
    found = run(data, models=[same])
    assert len(found) == 2 * (4 * 4 + 1) + 1
    for score in found.values():
        if "snr_gain_db" in score.figures:
            assert score.figures["snr_gain_db"] == pytest.approx(0, abs=0.01)
    assert found["no noise", "nothing"].figures["least_correlation"] == pytest.approx(1)
    assert found["no noise", "nothing"].figures["beats_f1"] > 0.95
    worse = run(data, models=[changed])["no noise", changed.card.label].figures
    assert worse["correlation"] < 0.999
    assert summary(list(found.values()), same.card.label).endswith("electrodes (at 0 dB)")
    assert summary([], "x") == "not measured"


def test_a_net_of_single_beats_is_judged_on_these_alone(data: Path) -> None:
    net = ecg_model(tiny_ecg_net(identity=True))
    net = Model(replace(net.card, recipe={"patch": 512}), net.net)
    found = run(data, models=[net])
    assert [name for name, method in found if method == net.card.label] == ["QT-NSTDB beats"]
    ours, nothing = (found["QT-NSTDB beats", m].figures for m in (net.card.label, "nothing"))
    assert ours["ssd"] < nothing["ssd"]  # it takes the mean away


def test_louder_noise_hides_beats_and_is_the_same_every_time(data: Path) -> None:
    found = run(data)
    loud, soft = (found[f"em {snr} dB", "nothing"].figures["beats_f1"] for snr in (-6, 12))
    assert loud < soft
    again = run(data)
    assert found["mix 0 dB", "nothing"].figures["beats_f1"] == pytest.approx(
        again["mix 0 dB", "nothing"].figures["beats_f1"]
    )


def test_filters_take_wander_out(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("scipy")
    neurokit = ModuleType("neurokit2")
    neurokit.ecg_clean = lambda lead, sampling_rate: lead[::-1]  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "neurokit2", neurokit)
    found = run(data, "all", every=12)
    assert found["bw -6 dB", "FIR high-pass"].figures["snr_gain_db"] > 3
    assert found["bw -6 dB", "IIR high-pass"].figures["snr_gain_db"] > 3
    assert found["no noise", "neurokit2.ecg_clean"].figures["correlation"] < 0.9


def test_unknown_and_missing_peers_are_sentences(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(UnknownName, match="no peers “most”"):
        run(data, "most")
    monkeypatch.setitem(sys.modules, "neurokit2", None)
    monkeypatch.setitem(sys.modules, "scipy", None)
    with pytest.raises(
        UnknownName, match=r"is not installed: pip install 'desktop-ae\[bench-ecg\]'"
    ):
        run(data, "all")


def test_a_folder_without_records_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="no held-out records"):
        run(tmp_path)


def test_a_sample_is_scored_and_drawn(tmp_path: Path) -> None:
    clean = beating(1, 10, 250)
    noise = 0.1 * np.random.default_rng(1).standard_normal(clean.shape)
    paths = []
    for name, share in (("noisy", 1.0), ("cleaned", 0.1), ("clean", 0.0)):
        table = np.stack([np.arange(clean.shape[1]) / 250, (clean + share * noise)[0]], 1)
        paths.append(tmp_path / f"{name}.csv")
        np.savetxt(paths[-1], table, "%.4f", ",", header="time_s,I_mV", comments="")
    noisy, cleaned, truth = paths
    found = demonstrate(noisy, cleaned, truth, tmp_path / "picture.png")
    assert found["snr_after_db"] == pytest.approx(found["snr_before_db"] + 20, abs=0.5)
    assert (tmp_path / "picture.png").stat().st_size > 1000
