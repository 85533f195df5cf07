from __future__ import annotations

import builtins
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image, ImageDraw

from desktop_ae.core.errors import UnknownName
from desktop_ae.domains.fonts import Fonts
from desktop_ae.domains.image import sprites
from desktop_ae.domains.image.sprites import (
    LOGO_PX,
    in_one_colour,
    logo_sprites,
    make_sprites,
    styled,
    text_sprite,
)
from desktop_ae.places import shipped

INTER = shipped("resources") / "fonts" / "Inter-Bold.otf"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><circle cx="20" cy="10" r="9"/>'


@pytest.fixture
def fonts() -> Fonts:
    scripts = ("latin", "cyrillic", "greek", "devanagari", "arabic", "cjk")
    return Fonts({script: [INTER] if script == "latin" else [] for script in scripts})


def logo(width: int = 60, height: int = 40) -> Image.Image:
    image = Image.new("RGBA", (width, height), (0, 0, 0, 0))
    ImageDraw.Draw(image).ellipse((4, 4, width - 5, height - 5), (200, 30, 60, 255))
    return image


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number in range(40):
        logo().save(tmp_path / f"logo-{number}.png")
    return tmp_path


@pytest.mark.parametrize("seed", range(12))
def test_words_are_drawn_whole_on_nothing(fonts: Fonts, seed: int) -> None:
    sprite = text_sprite(random.Random(seed), fonts)
    assert sprite.dtype == torch.uint8 and sprite.shape[0] == 4
    alpha = sprite[3]
    assert alpha.max() > 20
    frame = torch.cat([alpha[0], alpha[-1], alpha[:, 0], alpha[:, -1]])
    assert frame.max() == 0 or sprite.shape[2] == 1400, "nothing is cut off"


def test_every_manner_can_be_seen() -> None:
    body = Image.new("L", (60, 30), 0)
    ImageDraw.Draw(body).rectangle((16, 10, 40, 18), 255)
    for seed in range(60):
        for edge in (body, body.copy()):
            assert styled(random.Random(seed), body, edge)[3].max() > 20


def test_a_seed_gives_the_same_sprites(fonts: Fonts) -> None:
    logos = [torch.from_numpy(np.array(logo())).permute(2, 0, 1)]
    made = [make_sprites(random.Random(5), fonts, logos, 12) for _ in range(2)]
    assert all(torch.equal(a, b) for a, b in zip(*made, strict=True))
    assert len({tuple(sprite.shape) for sprite in made[0]}) > 3


def test_without_logos_there_are_words_and_without_fonts_logos(fonts: Fonts) -> None:
    assert len(make_sprites(random.Random(1), fonts, [], 5)) == 5
    logos = [torch.from_numpy(np.array(logo())).permute(2, 0, 1)]
    assert len(make_sprites(random.Random(1), Fonts({}), logos, 5)) == 5


def test_one_logo_in_seven_is_kept_from_training(folder: Path) -> None:
    trained, kept = (logo_sprites(folder, held_out=held_out) for held_out in (False, True))
    assert len(trained) + len(kept) == 40
    assert 2 <= len(kept) <= 10


def test_a_logo_has_its_own_colours_and_is_no_larger_than_asked_for(tmp_path: Path) -> None:
    logo(900, 300).save(tmp_path / "wide.png")
    (sprite,) = logo_sprites(tmp_path, held_out=False) or logo_sprites(tmp_path, held_out=True)
    assert max(sprite.shape[1:]) == LOGO_PX
    middle = sprite[:, sprite.shape[1] // 2, sprite.shape[2] // 2]
    assert middle.tolist() == pytest.approx([200, 30, 60, 255], abs=2)


def test_drawings_are_rendered_and_broken_ones_left_out(tmp_path: Path) -> None:
    pytest.importorskip("resvg_py")
    (tmp_path / "good.svg").write_text(SVG + "</svg>", encoding="utf-8")
    (tmp_path / "broken.svg").write_text(SVG + "<", encoding="utf-8")
    (tmp_path / "empty.svg").write_text(SVG.partition("<circle")[0] + "</svg>", encoding="utf-8")
    found = [s for held_out in (False, True) for s in logo_sprites(tmp_path, held_out=held_out)]
    assert [max(sprite.shape[1:]) for sprite in found] == [LOGO_PX]


def test_without_a_renderer_there_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def importing(name: str, *rest: Any, **named: Any) -> Any:
        if name == "resvg_py":
            raise ImportError(name)
        return real(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", importing)
    (tmp_path / "a.svg").write_text(SVG + "</svg>", encoding="utf-8")
    with pytest.raises(UnknownName, match=r"pip install 'desktop-ae\[train\]'"):
        for held_out in (False, True):
            logo_sprites(tmp_path, held_out=held_out)


def test_a_logo_can_become_a_bare_shape() -> None:
    sprite = torch.from_numpy(np.array(logo())).permute(2, 0, 1)
    colours: Iterator[int] = (
        len(torch.unique(in_one_colour(random.Random(seed), sprite)[:3].flatten(1), dim=1).T)
        for seed in range(8)
    )
    assert max(colours) > 1


def test_held_out_is_told_by_the_name_alone() -> None:
    names = [f"brand-{n}" for n in range(700)]
    assert 70 <= sum(sprites._is_held_out(name) for name in names) <= 130
