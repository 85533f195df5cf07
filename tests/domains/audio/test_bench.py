from __future__ import annotations

import math
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import soundfile

from desktop_ae.core.clip import Samples
from desktop_ae.core.domain import Score
from desktop_ae.core.errors import UnknownName, Unreadable
from desktop_ae.domains.audio import bench
from desktop_ae.domains.audio.bench import _delay, bench_denoise, demonstrate
from desktop_ae.domains.audio.recipes import RATE_HZ, is_held_out
from tests.domains.audio.nets import sound_model, tiny_sound_net, white


class NoUtterancesError(Exception):
    pass


def _pesq(rate_hz: int, clean: Samples, restored: Samples, mode: str) -> float:
    assert (rate_hz, mode, clean.shape) == (RATE_HZ, "wb", restored.shape)
    if not clean.any():
        raise NoUtterancesError
    return 4.0 - min(3.0, float(np.abs(clean - restored).mean()))


@pytest.fixture
def _measures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand-ins: what is installed for tests has no PESQ, which wants a C compiler."""
    makers: dict[str, dict[str, Any]] = {
        "pesq": {
            "pesq": _pesq,
            "NoUtterancesError": NoUtterancesError,
            "BufferTooShortError": NoUtterancesError,
        },
        "pystoi": {"stoi": lambda clean, restored, rate_hz: 0.9},
    }
    for name, facts in makers.items():
        module = ModuleType(name)
        vars(module).update(facts)
        monkeypatch.setitem(sys.modules, name, module)


def held_out(folder: Path, count: int) -> list[Path]:
    names = (folder / f"{number}.wav" for number in range(1000))
    return [path for path in names if is_held_out(path)][:count]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    for kind, level in (("speech", 0.2), ("noise", 0.05)):
        folder = tmp_path / "audio" / kind / "some"
        folder.mkdir(parents=True)
        for path in held_out(folder, 2):
            soundfile.write(path, white(1, RATE_HZ, level)[0], RATE_HZ)
    return tmp_path


def run(data: Path, peers: str = "none", **more: Any) -> list[Score]:
    told: list[Score] = []
    scores = bench_denoise(more.get("models", []), data, peers, more.get("every", 12), told.append)
    assert told == scores
    return scores


@pytest.mark.usefixtures("_measures")
class TestBench:
    def test_doing_nothing_and_the_model_are_scored_on_every_set(self, data: Path) -> None:
        model = sound_model(tiny_sound_net(identity=True))
        scores = run(data, models=[model])
        noisy = {s.data: s.figures for s in scores if s.method == "nothing"}
        assert list(noisy) == [f"speech in noise {snr} dB" for snr in bench.SNRS_DB]
        for snr in bench.SNRS_DB:
            assert noisy[f"speech in noise {snr} dB"]["si_sdr_db"] == pytest.approx(snr, abs=1)
        ours = {s.data: s.figures for s in scores if s.method == model.card.label}
        for name, figures in noisy.items():
            assert ours[name]["si_sdr_db"] == pytest.approx(figures["si_sdr_db"], abs=0.01)
            assert set(figures) == {"pesq", "stoi", "si_sdr_db", "real_time_factor"}
        assert ours["clean music"]["si_sdr_to_input_db"] > 60
        assert abs(ours["clean music"]["high_band_db"]) < 0.01

    def test_the_same_pairs_are_made_every_time(self, data: Path) -> None:
        first, again = run(data), run(data)
        assert [s.figures["si_sdr_db"] for s in first if "si_sdr_db" in s.figures] == [
            s.figures["si_sdr_db"] for s in again if "si_sdr_db" in s.figures
        ]

    def test_stretches_of_silence_are_not_taken_for_noise(self, data: Path) -> None:
        for path in (data / "audio" / "noise" / "some").iterdir():
            wave = np.zeros(8 * RATE_HZ, np.float32)
            wave[: 2 * RATE_HZ] = white(1, 2 * RATE_HZ)[0]
            soundfile.write(path, wave, RATE_HZ)
        for score in run(data, every=3):
            assert all(math.isfinite(figure) for figure in score.figures.values())

    def test_noise_that_is_silent_throughout_is_none(self, data: Path) -> None:
        for path in (data / "audio" / "noise" / "some").iterdir():
            soundfile.write(path, np.zeros(RATE_HZ), RATE_HZ)
        with pytest.raises(Unreadable, match="There are no sounds to measure with"):
            run(data)

    def test_pairs_of_files_are_taken_by_their_names(self, tmp_path: Path) -> None:
        for kind, extra in (("noisy", 0), ("clean", 100)):
            (tmp_path / kind).mkdir()
            for number in range(3):
                wave = white(1, RATE_HZ + extra)[0] * (number > 0)
                soundfile.write(tmp_path / kind / f"{number}.wav", wave, RATE_HZ)
        (tmp_path / "noisy" / ".DS_Store").write_bytes(b"no sound")
        scores = run(tmp_path, every=1)
        assert [s.data for s in scores] == [tmp_path.name]
        # The silent one has no PESQ; the others do.
        assert math.isfinite(scores[0].figures["pesq"])

    def test_a_pair_with_one_half_and_an_empty_folder_are_sentences(self, tmp_path: Path) -> None:
        with pytest.raises(Unreadable, match="There are no sounds to measure with"):
            run(tmp_path)
        (tmp_path / "noisy").mkdir()
        with pytest.raises(Unreadable, match="There are no sounds in"):
            run(tmp_path)
        soundfile.write(tmp_path / "noisy" / "a.wav", np.zeros(RATE_HZ), RATE_HZ)
        with pytest.raises(Unreadable, match="a.wav has no clean sound of the same name"):
            run(tmp_path)

    @pytest.mark.parametrize(
        ("peers", "name"), [("some", "noisereduce"), ("all", "noisereduce"), ("all", "pyrnnoise")]
    )
    def test_a_peer_that_is_missing_is_a_sentence(
        self, data: Path, peers: str, name: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(sys.modules, "noisereduce", ModuleType("noisereduce"))
        monkeypatch.setitem(sys.modules, name, None)
        with pytest.raises(UnknownName, match=rf"{name} is not installed: .*bench-sound"):
            run(data, peers)

    def test_unknown_peers_are_a_sentence(self, data: Path) -> None:
        with pytest.raises(UnknownName, match="no peers “most”"):
            run(data, "most")


@pytest.mark.parametrize("name", ["pesq", "pystoi"])
@pytest.mark.usefixtures("_measures")
def test_a_measure_that_is_missing_is_a_sentence(
    data: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(UnknownName, match=f"{name} is not installed: pip install"):
        run(data)


def test_a_delay_is_found() -> None:
    wave = white(1, 30_000)[0]
    late = np.concatenate([np.zeros(960, np.float32), wave])[:30_000]
    assert _delay(late * 0.5 + white(1, 30_001, 0.05)[0, :-1], wave) == 960
    assert _delay(wave, wave) == 0


def test_a_sample_is_scored_and_drawn(tmp_path: Path) -> None:
    clean = np.sin(np.arange(RATE_HZ) * 0.2) * 0.3
    for name, level in (("noisy", 0.1), ("cleaned", 0.01), ("clean", 0.0)):
        soundfile.write(
            tmp_path / f"{name}.wav", clean + white(1, RATE_HZ, level)[0], RATE_HZ, "PCM_24"
        )
    noisy, cleaned, truth = (tmp_path / f"{name}.wav" for name in ("noisy", "cleaned", "clean"))
    figures = demonstrate(noisy, cleaned, truth, tmp_path / "both.png")
    assert figures["si_sdr_after_db"] > figures["si_sdr_before_db"] + 15
    assert (tmp_path / "both.png").read_bytes().startswith(b"\x89PNG")
