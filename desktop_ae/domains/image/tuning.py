"""How photos are learned from when they are a person's own."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Generator

from desktop_ae.core.clip import Samples
from desktop_ae.core.domain import Recipe
from desktop_ae.core.tuning import CLEAN, KINDS, NOISY, PAIRS, Material, Restore, Study, Tuning
from desktop_ae.domains.image import noise
from desktop_ae.domains.image.blind_spot import guess_neighbours, neighbour_pairs, pixel_noise
from desktop_ae.domains.image.chosen_noise import DAMAGES
from desktop_ae.domains.image.own_noise import (
    LEAST_BLOCKS,
    OwnNoise,
    between_pixels,
    flat_blocks,
    measure_noise,
)
from desktop_ae.domains.image.own_overlays import OverlayPairs, lay_words_over, words
from desktop_ae.domains.image.own_patches import (
    KNOWN_SHARE,
    OwnPairs,
    cut_and_damage,
    cut_pairs,
    halved,
)
from desktop_ae.domains.image.recipes import WATERMARK, OverlaidPatches
from desktop_ae.training.pairs import Damage, mixed

if TYPE_CHECKING:
    from desktop_ae.training.pairs import Pairs

LEAST_PX = 128
HARVEST, BLIND_SPOT = "harvest", "blind-spot"
# Correlation between neighbours from which on noise is not taken for independent.
_CORRELATED = 0.15
# How much larger steps are at the edges of 8 x 8 blocks than elsewhere, in a JPEG file.
_BLOCKY = 1.06
# Strength differs more than this between flat blocks of a sheet: they are not flat.
_UNEVEN = 0.4
# Standard deviation, of 255, under which there is nothing to learn.
_FAINT = 1.0


def prepare(samples: Samples, rate_hz: float | None) -> Samples:
    """Grey in three equal channels: that is how the restorer shows it to the net."""
    if len(samples) == 1:
        return np.repeat(samples, 3, axis=0)
    return np.ascontiguousarray(samples)


def fault(sheet: Samples) -> str:
    if float(sheet.std(axis=(1, 2)).max()) < 1 / 255:
        return "It is of one colour all over: there is nothing to learn from it."
    clipped = float(((sheet <= 0) | (sheet >= 1)).mean())
    if clipped > 0.9:
        return f"{100 * clipped:.0f} % of it is pure black or white: there is nothing to learn."
    return ""


def score(restored: Samples, clean: Samples) -> float:
    """PSNR in dB for a peak of 1, as a file holds it; channels behind the picture's are not."""
    from desktop_ae.domains.image.bench import psnr

    return psnr(restored[: len(clean)].clip(0, 1), clean.clip(0, 1))


def non_local_means(sheet: Samples) -> Samples:
    """OpenCV's, at its own advice for a noise level measured after Immerkaer 1996."""
    import cv2

    from desktop_ae.domains.image.bench import estimate_sigma

    strength = max(1.0, 0.9 * estimate_sigma(sheet))
    pixels = np.rint(sheet[::-1].clip(0, 1) * 255).astype(np.uint8).transpose(1, 2, 0)
    picture = np.ascontiguousarray(pixels)
    result = cv2.fastNlMeansDenoisingColored(picture, None, strength, strength, 7, 21)
    planes = np.asarray(result, np.float32).transpose(2, 0, 1)[::-1] / np.float32(255)
    return np.ascontiguousarray(planes)


def denoise_pairs(material: Material, recipe: Recipe) -> Pairs:
    patch = recipe.patch
    known = [*material.clean, *material.spare]
    if material.kind == PAIRS:
        own = cut_pairs(material.noisy, material.clean, patch)
    elif material.kind == CLEAN:
        own = cut_and_damage(material.clean, patch, DAMAGES[material.damage][1])
    elif material.approach == BLIND_SPOT:
        patch = LEAST_PX // 2
        own = neighbour_pairs(material.noisy, material.clean, patch)
        known = list(material.spare) or known
    else:
        lay, guesses = _own_noise(material), _halved_guesses(material, patch)
        own = cut_and_damage(guesses, patch, lay)
        if material.spare:  # as sharp as photos are, which guesses are not
            own = mixed(own, cut_and_damage(material.spare, patch, lay), 0.5)
        known = list(material.spare) or guesses
    return OwnPairs(mixed(own, cut_and_damage(known, patch, noise.damage), KNOWN_SHARE))


def _halved_guesses(material: Material, patch_px: int) -> list[Samples]:
    """What the starting model made of the noisy sheets: halved, what it left of the noise and what
    it blurred are both less.
    """
    fits = (min(sheet.shape[1:]) >= 2 * patch_px for sheet in material.clean)
    return [halved(s) if large else s for s, large in zip(material.clean, fits, strict=True)]


def _own_noise(material: Material) -> Damage:
    """The noise of the noisy sheets: measured, if that was chosen and enough of them is even."""
    if material.approach == HARVEST:
        flat = flat_blocks(material.noisy)
        if len(flat.residual) >= LEAST_BLOCKS:
            return measure_noise(flat).lay
    return pixel_noise(material.noisy, material.clean)


def damaged(clean: Samples, material: Material, seed: int) -> Samples:
    damage: Damage = DAMAGES[material.damage][1]
    if material.kind == NOISY:
        damage = _own_noise(material)
    batch = torch.from_numpy(np.array(clean, np.float32))[None]
    result: Samples = damage(batch, Generator().manual_seed(seed))[0].numpy()
    return result


def study(sheets: Sequence[Samples]) -> Study:
    """Blind spots need noise that differs from pixel to pixel; other noise is harvested."""
    flat = flat_blocks(sheets)
    if len(flat.residual) < LEAST_BLOCKS:
        return Study(
            BLIND_SPOT,
            "No part of these photos is even enough to measure their noise in, so each pixel is"
            " learned from its neighbours.",
            "That works only if the noise differs from pixel to pixel, which cannot be told here.",
        )
    own = measure_noise(flat)
    blocky = float(np.median([blockiness(sheet) for sheet in sheets])) > _BLOCKY
    blocky = blocky and not own.lines.any()  # stripes raise lines of their own
    return Study(*_choice(own, between_pixels(flat), blocky), _warning(own, blocky))


def _choice(own: OwnNoise, correlation: float, blocky: bool) -> tuple[str, str]:
    if own.lines.any():
        found = "The noise has stripes across or down"
    elif correlation > _CORRELATED:
        found = f"The noise goes together in neighbouring pixels ({100 * correlation:.0f} %)"
    elif blocky:
        found = "The noise has gone through JPEG"
    else:
        why = "The noise differs from pixel to pixel, so each is learned from its neighbours."
        return BLIND_SPOT, why
    return HARVEST, f"{found}, so it is measured where the photos are even, and learned from that."


def _warning(own: OwnNoise, blocky: bool) -> str:
    if float(np.median(own.level)) * 255 < _FAINT:
        return "There is hardly any noise in these photos, so there may be nothing to gain."
    if own.spread > _UNEVEN:
        return "Hardly any part of these photos is even: fine texture may be taken for noise."
    if blocky:
        return "These photos show JPEG blocks, which are not learned: use the camera's own files."
    return ""


def blockiness(sheet: Samples) -> float:
    """How much larger steps are between two blocks of 8 x 8 pixels than within, wherever the blocks
    begin: 1 where there are none.
    """
    luma = sheet.mean(axis=0)
    found = []
    for plane in (luma, luma.T):
        steps = np.abs(np.diff(plane, axis=1)).mean(axis=0)
        beside = (steps[:-4] + steps[1:-3] + steps[3:-1] + steps[4:]) / 4
        ratio = steps[2:-2] / beside.clip(1e-6)
        # Each edge of the picture's own raises one line; those of blocks return.
        found.append(max(float(np.median(ratio[phase::8])) for phase in range(8)))
    return min(found)


def self_score(restore: Restore, noisy: Samples) -> float:
    """See `guess_neighbours`. NaN where noise goes together between neighbours: there it is guessed
    with the picture, and the less is taken away, the better that looks.
    """
    flat = flat_blocks([noisy])
    if len(flat.residual) >= LEAST_BLOCKS and between_pixels(flat) > _CORRELATED:
        return math.nan
    return guess_neighbours(restore, noisy)


DENOISE_TUNING = Tuning(
    kinds=KINDS,
    figure="PSNR, dB",
    least=LEAST_PX,
    most=6_000_000,
    learning_rate=3e-4,
    batch=16,
    prepare=prepare,
    pairs=denoise_pairs,
    damaged=damaged,
    classical=non_local_means,
    score=score,
    study=study,
    damages=tuple((name, label) for name, (label, _) in DAMAGES.items()),
    fault=fault,
    self_score=self_score,
)


def overlay_pairs(material: Material, recipe: Recipe) -> Pairs:
    """Raises UnknownName on a machine without fonts."""
    patch = recipe.patch
    sheets = [s for s in (*material.clean, *material.spare) if min(s.shape[1:]) >= patch]
    photos = [torch.from_numpy(np.rint(s.clip(0, 1) * 255).astype(np.uint8)) for s in sheets]
    known = OverlaidPatches(photos, words(recipe.seed), patch)
    if material.kind == CLEAN:
        return known
    return OverlayPairs(material.noisy, material.clean, known, patch)


def overlaid(clean: Samples, material: Material, seed: int) -> Samples:
    return lay_words_over(clean, seed)


def left_alone(sheet: Samples) -> Samples:
    """The sheet as it is: no classical filter finds an overlay, and one that filters all of the
    picture loses more beside the overlay than it gains below it.
    """
    return sheet


def _no_study(sheets: Sequence[Samples]) -> Study:
    raise ValueError("an overlay is not learned from pictures that all have one")


WATERMARK_TUNING = Tuning(
    kinds=(PAIRS, CLEAN),
    figure="PSNR, dB",
    least=WATERMARK.patch,
    most=6_000_000,
    learning_rate=3e-4,
    batch=WATERMARK.batch,
    prepare=prepare,
    pairs=overlay_pairs,
    damaged=overlaid,
    classical=left_alone,
    score=score,
    study=_no_study,
    fault=fault,
    why_not={
        NOISY: "What an overlay hides is in none of these pictures, so it cannot be learned from"
        " them: give each picture without it as well, or clean pictures alone."
    },
)
