from __future__ import annotations

import numpy as np
import pytest

from desktop_ae.core.restore import Removed
from desktop_ae.domains.ecg import findings, measures, nothing_to_do, warning
from desktop_ae.domains.ecg.harm import HeartRemoved
from tests.domains.ecg.hearts import regular

RATE_HZ = 360.0


def compared(noisy: np.ndarray, cleaned: np.ndarray) -> HeartRemoved:
    removed = HeartRemoved(len(noisy))
    removed.compare(noisy, cleaned, RATE_HZ, 0, noisy.shape[1])
    removed.add((noisy - cleaned)[:, None], noisy[:, None])
    return removed


def noise(shape: tuple[int, ...], level: float) -> np.ndarray:
    return (level * np.random.default_rng(2).standard_normal(shape)).astype(np.float32)


def test_removing_noise_alone_warns_of_nothing() -> None:
    clean = regular(60, RATE_HZ)
    found = measures(compared(clean + noise(clean.shape, 0.05), clean))
    assert warning(found) == ""
    assert found["rate_before"] == pytest.approx(72, abs=1.5)
    assert found["rate_after"] == pytest.approx(72, abs=1.5)
    assert found["st_mv"] == 0 or abs(found["st_mv"]) < 0.03


def test_a_moved_st_segment_is_told() -> None:
    before = regular(60, RATE_HZ)
    after = before.copy()
    peaks = np.flatnonzero(before[0] > 0.99)
    for peak in peaks:
        after[0, peak + 25 : peak + 90] += 0.2
    found = measures(compared(before + noise(before.shape, 0.02), after))
    assert found["st_mv"] == pytest.approx(0.2, abs=0.03)
    assert warning(found) == "Compare with the original: the ST level moved by +0.20 mV."


def test_shrunk_complexes_are_told() -> None:
    before = regular(60, RATE_HZ)
    found = measures(compared(before + noise(before.shape, 0.01), 0.7 * before))
    assert found["qrs_share"] < -0.3
    assert "QRS complexes are 7" in warning(found)


def test_noise_in_small_complexes_is_no_shrinking() -> None:
    """The height of each single noisy complex is several times that of the clean one."""
    before = np.concatenate([regular(120, RATE_HZ), 0.15 * regular(120, RATE_HZ)])
    found = measures(compared(before + noise(before.shape, 0.15), before))
    assert abs(found["qrs_share"]) < 0.15
    assert warning(found) == ""


def test_lost_beats_are_told_but_not_those_of_the_noise() -> None:
    before = regular(60, RATE_HZ)
    after = before.copy()
    after[0, 5000:9000] = 0
    found = measures(compared(before + noise(before.shape, 0.01), after))
    assert found["beats_kept"] < 0.9
    assert "of its beats are not found after" in warning(found)
    assert warning({**found, "removed_db": 3.0}) == ""


def test_pieces_add_up() -> None:
    one, two = (compared(wave, wave) for wave in (regular(60, RATE_HZ), regular(30, RATE_HZ)))
    seconds, beats = one.seconds + two.seconds, one.before + two.before
    one.include(two)
    assert (one.seconds, one.before, one.both) == (seconds, beats, beats)
    one.include(HeartRemoved(12))
    one.include(Removed())
    assert one.before == beats


def test_the_figures_are_put_into_words() -> None:
    clean = regular(60, RATE_HZ)
    found = findings(measures(compared(clean + noise(clean.shape, 0.05), clean)))
    same = {f.label: f.value for f in findings(measures(compared(clean, clean)))}
    assert (same["QRS height"], same["ST level"]) == ("±0 %", "±0.00 mV")
    said = {finding.label: finding.value for finding in found}
    assert said["Heart rate"].endswith("bpm") and said["ST level"].endswith("mV")
    assert said["Noise found"] in {"slight", "moderate"}
    assert [f.label for f in findings({"removed_db": -99.0})] == ["Noise found"]
    assert nothing_to_do({"removed_db": -45.0}) and not nothing_to_do({"removed_db": -12.0})
