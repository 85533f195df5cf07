from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from desktop_ae.core.domain import Score
from desktop_ae.core.errors import Unreadable
from desktop_ae.core.library import ModelLibrary
from desktop_ae.domains.image import summary
from desktop_ae.domains.image.bench import bench_denoise, demonstrate, estimate_sigma, psnr, ssim


def write_picture(path: Path, shift: int = 0) -> None:
    rows, columns = np.mgrid[0:48, 0:64]
    planes = np.stack([rows * 4 + shift, columns * 3, rows + columns], -1)
    Image.fromarray(planes.clip(0, 255).astype(np.uint8)).save(path)


def test_psnr_and_ssim_are_the_textbook_s() -> None:
    from skimage import metrics

    tools: Any = metrics

    rng = np.random.default_rng(1)
    clean = rng.random((3, 40, 50), dtype=np.float32)
    noisy = (clean + rng.normal(0, 0.1, clean.shape)).astype(np.float32)
    assert psnr(noisy, clean) == pytest.approx(
        tools.peak_signal_noise_ratio(clean, noisy, data_range=1.0), abs=1e-3
    )
    wanted = tools.structural_similarity(
        clean,
        noisy,
        data_range=1.0,
        channel_axis=0,
        gaussian_weights=True,
        sigma=1.5,
        use_sample_covariance=False,
    )
    assert ssim(noisy, clean) == pytest.approx(wanted, abs=2e-3)
    assert psnr(clean, clean) == 99.0 and ssim(clean, clean) == pytest.approx(1.0)


def test_sigma_is_estimated() -> None:
    rng = np.random.default_rng(1)
    noisy = 0.5 + rng.normal(0, 20 / 255, (3, 200, 200))
    assert estimate_sigma(noisy.astype(np.float32)) == pytest.approx(20, rel=0.05)


def test_doing_nothing_scores_what_the_noise_is(tmp_path: Path, models: ModelLibrary) -> None:
    data = tmp_path / "clean"
    data.mkdir()
    for number in range(3):
        write_picture(data / f"{number}.png", number)
    told: list[Score] = []
    model = models.load("image/denoise-v1")
    scores = bench_denoise([model], data, "none", 1, told.append)
    assert scores == told
    nothing = {s.data: s.figures["psnr_db"] for s in scores if s.method == "nothing"}
    assert nothing["clean sigma 15"] == pytest.approx(24.6, abs=0.1)
    assert nothing["clean sigma 25"] == pytest.approx(20.2, abs=0.1)
    assert nothing["clean sigma 50"] == pytest.approx(14.15, abs=0.1)
    assert nothing["clean clean"] == 99.0
    ours = {s.method for s in scores} - {"nothing"}
    assert ours == {f"image/denoise-v1 {model.card.sha256[:7]}"}
    again = bench_denoise([model], data, "none", 1, lambda score: None)
    assert [s.figures["psnr_db"] for s in again] == [s.figures["psnr_db"] for s in scores]


def test_pairs_of_camera_shots_are_scored_as_they_are(tmp_path: Path, models: ModelLibrary) -> None:
    for number in range(4):
        write_picture(tmp_path / f"{number}_real.png", number + 10)
        write_picture(tmp_path / f"{number}_mean.png", number)
    model = models.load("image/denoise-v1")
    scores = bench_denoise([model], tmp_path, "some", 2, lambda score: None)
    assert {s.data for s in scores} == {f"{tmp_path.name} (2 of 4) camera"}
    assert [s.method for s in scores][:2] == ["nothing", "OpenCV non-local means"]
    assert scores[0].figures["psnr_db"] < 40


def test_a_folder_without_pictures_says_so(tmp_path: Path, models: ModelLibrary) -> None:
    with pytest.raises(Unreadable, match="no pictures"):
        bench_denoise([models.load("image/denoise-v1")], tmp_path, "none", 1, lambda score: None)


def test_the_summary_names_what_was_measured() -> None:
    scores = [
        Score("kodak sigma 25", "m", {"psnr_db": 31.94}),
        Score("cc15 camera", "m", {"psnr_db": 36.0}),
        Score("kodak sigma 25", "nothing", {"psnr_db": 20.2}),
    ]
    assert summary(scores, "m") == "31.9 dB at σ 25, 36.0 dB on camera noise"
    assert summary(scores[2:], "m") == "not measured"


def test_a_demonstration_writes_both_sides(tmp_path: Path) -> None:
    noisy, cleaned, truth = (tmp_path / f"{n}.png" for n in ("noisy", "cleaned", "truth"))
    for path, shift in ((noisy, 20), (cleaned, 5), (truth, 0)):
        write_picture(path, shift)
    figures = demonstrate(noisy, cleaned, truth, tmp_path / "both.png")
    assert figures["psnr_after_db"] > figures["psnr_before_db"]
    with Image.open(tmp_path / "both.png") as both:
        assert both.size == (128, 48)
