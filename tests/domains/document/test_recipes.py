from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Generator, Tensor

from desktop_ae.core.errors import Unreadable
from desktop_ae.domains.document import recipes
from desktop_ae.domains.document.compose import UNKNOWN
from desktop_ae.domains.document.damage import PageDamage
from desktop_ae.domains.document.recipes import CLEAN, DocumentPairs, clean_pairs
from desktop_ae.domains.fonts import find_fonts
from desktop_ae.nets import build_net
from desktop_ae.places import shipped

SIZE = 32


def seeded(seed: int = 0) -> Generator:
    return Generator().manual_seed(seed)


def composed() -> Tensor:
    page = torch.full((4, 60, 80), 255, dtype=torch.uint8)
    page[3] = 0
    page[:3, 20:24], page[3, 20:24] = 10, 1
    page[3, 50:] = UNKNOWN
    return page


def pairs() -> DocumentPairs:
    stained = (torch.full((3, 40, 40), 128, dtype=torch.uint8), torch.full((3, 40, 40), 255).byte())
    ink = torch.zeros(1, 40, 40, dtype=torch.uint8)
    ink[:, 10:20] = 1
    binarised = (torch.full((3, 40, 40), 60, dtype=torch.uint8), ink)
    return DocumentPairs([composed()], [stained], [binarised], PageDamage([], [], []), SIZE)


def test_a_batch_has_its_size_and_the_truth_has_page_and_ink() -> None:
    noisy, truth = pairs().draw(24, seeded())
    assert noisy.shape == (24, 3, SIZE, SIZE) and truth.shape == (24, 4, SIZE, SIZE)
    assert bool(torch.isfinite(noisy).all())
    ink = truth[:, 3]
    assert set(ink[~ink.isnan()].tolist()) == {0.0, 1.0}


def test_what_is_not_known_is_nan_and_costs_nothing() -> None:
    made = pairs()
    _, truth = made.draw(64, seeded())
    pages_unknown = truth[:, :3].isnan().flatten(1).all(1)
    assert 0 < int(pages_unknown.sum()) < 64, "binarised pairs say nothing of the page"
    right = torch.nan_to_num(truth, nan=0.7)
    right[:, 3] = torch.where(truth[:, 3] > 0.5, 20.0, -20.0)
    assert float(made.loss(right, truth)) < 1e-6
    wrong = right.clone()
    wrong[:, 3][truth[:, 3].isnan()] = 20.0
    wrong[:, :3][truth[:, :3].isnan()] = -5.0
    assert float(made.loss(wrong, truth)) < 1e-6
    wrong[:, 3] = -wrong[:, 3]
    assert float(made.loss(wrong, truth)) > 0.5


def test_a_worse_page_costs_more_and_the_loss_can_be_learned_from() -> None:
    made = pairs()
    noisy, truth = made.draw(6, seeded())
    restored = torch.cat([noisy, torch.zeros_like(noisy[:, :1])], dim=1).requires_grad_()
    loss = made.loss(restored, truth)
    loss.backward()  # type: ignore[no-untyped-call]
    assert restored.grad is not None and bool(torch.isfinite(restored.grad).all())
    stepped = restored.detach() - 0.5 * restored.grad / restored.grad.abs().amax()
    assert float(made.loss(stepped, truth)) < float(loss.detach())


def test_the_recipe_s_net_gives_page_and_ink() -> None:
    net = build_net(CLEAN.net, CLEAN.arguments)
    assert net(torch.zeros(1, 3, 32, 32)).shape == (1, 4, 32, 32)
    assert CLEAN.input.multiple_of == net.multiple_of


def write(path: Path, pixels: NDArray[Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(path)


def test_data_is_found_in_its_folders_and_held_out_sources_are_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fonts = str(shipped("resources") / "fonts")
    monkeypatch.setattr(recipes, "PAGES", 2)
    monkeypatch.setattr(recipes, "find_fonts", lambda: find_fonts(folders=[fonts]))
    folder = tmp_path / "document"
    grey = np.full((140, 150), 200, np.uint8)
    for name in ("DIBCO2010_H01", "DIBCO2009_H01", "z27"):
        write(folder / "binarization" / "noisy" / f"{name}.jpg", grey)
        write(folder / "binarization" / "clean" / f"{name}.png", np.eye(140, 150) > 0)
    for side in ("noisy", "clean"):
        write(folder / "dirty-documents" / "train" / side / "1.png", grey)
    for name in ("paper_1", "paper_3", "bg-1"):
        write(folder / "textures" / f"{name}.jpg", grey)
    for number in range(6):
        write(folder / "stains" / f"{number:03}.png", np.zeros((20, 20, 4), np.uint8))
    made = clean_pairs(tmp_path, CLEAN)
    assert (len(made.composed), len(made.stained), len(made.binarised)) == (2, 1, 1)
    assert (len(made.damage.papers), len(made.damage.stains)) == (1, 4)
    noisy, truth = made.draw(8, seeded())
    assert noisy.shape == (8, 3, 128, 128) and truth.shape == (8, 4, 128, 128)


def test_a_machine_without_fonts_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recipes, "find_fonts", lambda: find_fonts(folders=[]))
    with pytest.raises(Unreadable, match="no fonts"):
        clean_pairs(tmp_path, CLEAN)
