from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from desktop_ae.core.domain import Score
from desktop_ae.core.errors import UnknownName, Unreadable
from desktop_ae.core.library import Model
from desktop_ae.domains.fonts import Fonts
from desktop_ae.domains.image import bench_watermark as bench
from desktop_ae.domains.image import overlay_summary, sprites
from desktop_ae.domains.image.bench_watermark import bench_watermark, f1
from tests.fakes import OVERLAY_MODEL, OVERLAY_NET, TINY_INPUT, overlay_net, tiny_card


def model(*, blind: bool) -> Model:
    card = tiny_card(
        id=OVERLAY_MODEL,
        task="image/watermark",
        arguments=OVERLAY_NET,
        input=TINY_INPUT,
        sha256="blind" if blind else "white",
    )
    return Model(card, overlay_net(blind=blind))


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Dark pictures, and one held-out logo: a white bar."""
    rng = np.random.default_rng(2)
    for folder, names in (("dev-kodak24", "abcd"), ("dev-cc15", ("e_mean", "e_real"))):
        (tmp_path / "photo" / folder).mkdir(parents=True)
        for name in names:
            pixels = rng.integers(20, 90, (64, 80, 3), dtype=np.uint8)
            Image.fromarray(pixels).save(tmp_path / "photo" / folder / f"{name}.png")
    logos = tmp_path / "watermark" / "logos"
    logos.mkdir(parents=True)
    held_out = next(f"logo-{n}" for n in range(99) if sprites._is_held_out(f"logo-{n}"))
    logo = Image.new("RGBA", (60, 40), (0, 0, 0, 0))
    ImageDraw.Draw(logo).rectangle((5, 5, 54, 34), (255, 255, 255, 255))
    logo.save(logos / f"{held_out}.png")
    monkeypatch.setattr(bench, "find_fonts", lambda held_out: Fonts({}))
    return tmp_path


def test_everything_is_measured_and_told_as_it_comes(data: Path) -> None:
    told: list[Score] = []
    scores = bench_watermark([model(blind=True), model(blind=False)], data, "some", 1, told.append)
    assert scores == told
    assert list(dict.fromkeys(s.data for s in scores)) == [
        "dev-kodak24 opacity up to 0.8",
        "dev-kodak24 opacity up to 0.8, JPEG 90",
        "dev-kodak24 opaque",
        "dev-kodak24 no overlay",
        "dev-cc15 no overlay",
        "dev-kodak24 signs in the scene",
    ]
    assert [s.method for s in scores][:7] == [
        "nothing",
        "Telea inpainting, given the mask",
        "Navier-Stokes inpainting, given the mask",
        "image/watermark-v1 blind",
        "image/watermark-v1 blind given the mask",
        "image/watermark-v1 white",
        "image/watermark-v1 white given the mask",
    ]
    again = bench_watermark([model(blind=True)], data, "none", 1, lambda score: None)
    same = {(s.data, s.method): dict(s.figures) for s in scores}
    for score in again:
        wanted = same[score.data, score.method]
        assert {**score.figures, "seconds_per_mp": 0} == {**wanted, "seconds_per_mp": 0}


def test_a_net_that_sees_nothing_changes_nothing(data: Path) -> None:
    scores = bench_watermark([model(blind=True)], data, "none", 1, lambda score: None)
    found = {(s.data, s.method): s.figures for s in scores}
    blind = "image/watermark-v1 blind"
    nothing = found["dev-kodak24 opaque", "nothing"]
    ours = found["dev-kodak24 opaque", blind]
    assert "mask_f1" not in nothing and ours["mask_f1"] == 0
    for name in ("psnr_db", "ssim", "rmse_inside", "psnr_inside_db"):
        assert ours[name] == nothing[name]
    assert nothing["rmse_inside"] > 0.3 and nothing["psnr_db"] < 30
    bare = found["dev-kodak24 no overlay", blind]
    assert (bare["unchanged_percent"], bare["nothing_found_percent"]) == (100, 100)
    assert found["dev-kodak24 opaque", f"{blind} given the mask"] != ours


def test_inpainting_is_better_than_nothing_here(data: Path) -> None:
    scores = bench_watermark([], data, "some", 1, lambda score: None)
    inside = [s.figures["psnr_inside_db"] for s in scores if s.data.endswith("opaque")]
    assert len(inside) == 3 and min(inside[1:]) > inside[0] + 3


def test_every_takes_some_of_the_pictures_and_a_plain_folder_will_do(data: Path) -> None:
    scores = bench_watermark([], data, "none", 2, lambda score: None)
    assert scores[0].data == "dev-kodak24 (2 of 4) opacity up to 0.8"
    for path in (data / "photo" / "dev-kodak24").iterdir():
        path.rename(data / path.name)
    (data / "photo" / "dev-kodak24").rmdir()
    scores = bench_watermark([model(blind=False)], data, "none", 1, lambda score: None)
    assert scores[0].data == f"{data.name} opacity up to 0.8"


def test_what_is_missing_is_a_sentence(data: Path, tmp_path: Path) -> None:
    with pytest.raises(UnknownName, match="no peers “most”"):
        bench_watermark([], data, "most", 1, lambda score: None)
    for path in (data / "watermark" / "logos").iterdir():
        path.unlink()
    with pytest.raises(Unreadable, match="no logos"):
        bench_watermark([], data, "none", 1, lambda score: None)
    (tmp_path / "empty").mkdir()
    with pytest.raises(Unreadable, match="no pictures"):
        bench_watermark([], tmp_path / "empty", "none", 1, lambda score: None)


def test_f1_is_the_textbook_s() -> None:
    truth = np.zeros((10, 10), np.bool_)
    truth[:4] = True
    found = np.zeros((10, 10), np.bool_)
    found[2:7] = True
    assert f1(found, truth) == pytest.approx(2 * 20 / (40 + 50))
    assert f1(truth, truth) == 1 and f1(~truth, truth) == 0


def test_the_summary_names_the_first_set() -> None:
    figures = {"psnr_db": 38.46, "mask_f1": 0.914}
    scores = [
        Score("kodak opacity up to 0.8", "nothing", {"psnr_db": 25.0}),
        Score("kodak opacity up to 0.8", "m", figures),
        Score("kodak opaque", "m", {"psnr_db": 30.0, "mask_f1": 0.99}),
    ]
    assert overlay_summary(scores, "m") == "38.5 dB, 91 % of the mask found (F1)"
    assert overlay_summary(scores, "nothing") == "not measured"
