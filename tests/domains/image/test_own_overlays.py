from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Generator
from torch.nn import functional as F

from desktop_ae.core.clip import Samples
from desktop_ae.core.errors import UnknownName
from desktop_ae.domains.fonts import Fonts
from desktop_ae.domains.image import own_overlays
from desktop_ae.domains.image.noise import jpeg
from desktop_ae.domains.image.own_overlays import OverlayPairs, differing, words
from desktop_ae.domains.image.recipes import OverlaidPatches
from tests.domains.image.own_photos import scene

PATCH = 64


def seeded(seed: int = 0) -> Generator:
    return Generator().manual_seed(seed)


def overlaid(clean: Samples) -> Samples:
    """With a bar in one corner, a twentieth of the picture."""
    picture = clean.copy()
    picture[:, 10:50, 10:90] = 0.4 * picture[:, 10:50, 10:90] + 0.6
    return picture


def pairs() -> OverlayPairs:
    clean = [scene(number) for number in range(3)]
    photos = [torch.from_numpy((c * 255).astype(np.uint8)) for c in clean]
    bar = torch.full((4, 20, 60), 255, dtype=torch.uint8)
    known = OverlaidPatches(photos, [bar], PATCH)
    return OverlayPairs([overlaid(c) for c in clean], clean, known, PATCH)


def test_the_mask_is_where_the_two_differ_and_jpeg_makes_no_difference() -> None:
    clean = torch.from_numpy(scene(1))
    filed = jpeg(
        torch.from_numpy(overlaid(scene(1)))[None], torch.full((1, 1, 1, 1), 85.0), seeded()
    )
    mask = differing(filed[0], clean)
    assert mask.shape == (1, 256, 256)
    assert float(mask[0, 10:50, 10:90].mean()) == 1
    outside = mask.clone()
    outside[0, 4:56, 4:96] = 0
    assert float(outside.mean()) < 0.002
    assert not differing(clean, clean).any()


def test_batches_of_a_person_s_own_and_of_the_task_s_take_turns() -> None:
    made, rng = pairs(), seeded()
    shapes = {tuple(made.draw(4, rng)[0].shape) for _ in range(25)}
    # The task's own are mostly four times as many of half the side.
    assert shapes == {(4, 4, PATCH, PATCH), (16, 4, PATCH // 2, PATCH // 2)}


def test_most_patches_show_the_overlay_and_the_truth_is_clean_below_it() -> None:
    made, rng = pairs(), seeded()
    drawn = [made.draw(8, rng) for _ in range(12)]
    own = [(g, t) for g, t in drawn if len(g) == 8]
    given, truth = (torch.cat(part) for part in zip(*own, strict=True))
    marked = truth[:, 3].amax((1, 2)) > 0
    assert 0.4 < float(marked.float().mean()) < 1
    far = F.max_pool2d(truth[:, 3:], 5, 1, 2) == 0
    change = (given[:, :3] - truth[:, :3]).abs().amax(1, keepdim=True)
    assert float(change[far].max()) == 0
    assert float(change[truth[:, 3:] > 0].mean()) > 0.05
    assert not given[~marked, 3].any(), "a hint where nothing is would teach a lie"
    hinted = given[:, 3].amax((1, 2)) > 0
    assert 0.05 < float(hinted.float().mean()) < 0.45


def test_a_machine_without_fonts_cannot_make_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_overlays, "_fonts", lambda: Fonts({}))
    with pytest.raises(UnknownName, match="no fonts"):
        words(1, 3)
