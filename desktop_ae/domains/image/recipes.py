"""What it takes to train the shipped photo models again."""

from __future__ import annotations

import io
import random
import tarfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Generator, Tensor
from torch.nn import functional as F

from desktop_ae.core.card import ModelInput
from desktop_ae.core.domain import Recipe
from desktop_ae.core.errors import Unreadable
from desktop_ae.domains.fonts import find_fonts
from desktop_ae.domains.image import noise
from desktop_ae.domains.image.overlay import filed, lay_over, rough_hint, scene_text
from desktop_ae.domains.image.sprites import logo_sprites, make_sprites
from desktop_ae.training.pairs import DamagedPatches

DENOISE = Recipe(
    task="image/denoise",
    net="unet2d",
    arguments={"channels": (48, 96, 192), "blocks": (2, 2, 3), "slope": 0.1},
    batch=16,
    patch=96,
    learning_rate=2e-3,
    title="Photo · denoise v1",
    input=ModelInput(
        channels=3,
        low=0.0,
        high=1.0,
        unit="sRGB",
        multiple_of=8,
        tile=1216,
        overlap=72,
        bf16=True,
    ),
    sources=(
        {"name": "CID22 training crops", "licence": "CC BY-SA 4.0"},
        {"name": "CLIC 2025 training photos (Unsplash)", "licence": "Unsplash"},
        {"name": "elementary OS wallpapers", "licence": "Unsplash, Pexels, Pixabay, CC0"},
        {"name": "Pop!_OS wallpapers", "licence": "Unsplash and public domain"},
    ),
)
_SUFFIXES = {".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".bmp"}


WATERMARK = Recipe(
    task="image/watermark",
    net="unet2d",
    # The fourth plane in is the hint, the fourth out the logit of the mask.
    arguments={
        "in_channels": 4,
        "channels": (32, 64, 128, 192),
        "blocks": (1, 2, 2, 3),
        "slope": 0.1,
    },
    batch=5,
    patch=224,
    learning_rate=1.2e-3,
    title="Photo · watermark v1",
    input=ModelInput(
        channels=3,
        low=0.0,
        high=1.0,
        unit="sRGB",
        multiple_of=16,
        tile=640,
        overlap=64,
        bf16=True,
    ),
    sources=(
        *DENOISE.sources,
        {"name": "gilbarbara/logos, six in seven of them", "licence": "CC0 (trademarks remain)"},
        {"name": "words set in fonts of Debian", "licence": "own"},
    ),
)
SPRITES = 1500
# Of each batch: nothing laid over; and how many of all have a sign that belongs to the scene.
_BARE, _SCENES = 0.14, 0.1
_HINTED = 0.75
_SMALLER = 0.7
# Shorter sides of the pictures of which the patches are taken to be parts: as large as those in
# which masks are looked for; and where a hint tells the inside of a letter from the picture.
_WHOLE_PX, _HINTED_PX = (150.0, 700.0), (200.0, 1600.0)


class OverlaidPatches:
    """Patches of clean photos, and what they look like with something laid over them.

    The input has four planes, picture and hint (0 where none is given); so has the truth, picture
    and mask. What is not under the mask is the same in both.
    """

    def __init__(self, photos: Sequence[Tensor], sprites: Sequence[Tensor], patch_px: int) -> None:
        self.sprites = list(sprites)

        def cut(side: int) -> DamagedPatches:
            return DamagedPatches(photos, lambda clean, rng: clean, side)

        self._patches, self._smaller = cut(patch_px), cut(patch_px // 2)

    def draw(self, count: int, rng: Generator) -> tuple[Tensor, Tensor]:
        """Mostly four times as many patches of half the side: the more overlays a step has seen,
        the sooner the mask is learnt; large ones tell where an overlay ends.
        """
        if float(torch.rand((), generator=rng, device=rng.device)) < _SMALLER:
            count *= 4
            clean, _ = self._smaller.draw(count, rng)
        else:
            clean, _ = self._patches.draw(count, rng)
        chance = torch.rand((4, count), generator=rng, device=rng.device)
        # Overlays as large as in a whole picture, of which a patch sees a part.
        is_hinted = chance[2] < _HINTED
        ranges = [_HINTED_PX if hinted else _WHOLE_PX for hinted in is_hinted.tolist()]
        places = zip(ranges, chance[3].tolist(), strict=True)
        sides = [least * (most / least) ** place for (least, most), place in places]
        clean = torch.stack(
            [
                scene_text(one, self.sprites, rng, side) if scene < _SCENES else one
                for one, scene, side in zip(clean, chance[0].tolist(), sides, strict=True)
            ]
        )
        pictures, masks = clean.clone(), torch.zeros_like(clean[:, :1])
        for number in range(count):
            if chance[1, number] >= _BARE:
                made = lay_over(clean[number], self.sprites, rng, (0.12, 1.0), sides[number])
                pictures[number], masks[number] = made.picture, made.mask
        pictures = filed(pictures, rng)
        # JPEG blurs the edge of the mask by a pixel or two.
        near = F.max_pool2d(masks, 5, 1, 2) > 0
        truth = torch.where(near, clean, pictures)
        hints = torch.stack([rough_hint(mask, rng) for mask in masks])
        hints = torch.where(is_hinted[:, None, None, None], hints, hints * 0)
        return torch.cat([pictures, hints], 1), torch.cat([truth, masks], 1)

    def loss(self, restored: Tensor, truth: Tensor) -> Tensor:
        """Absolute error, under the mask again; cross entropy and overlap (Dice) of the mask.

        The error's gradient must not drown in that of the mask: with three times the cross entropy,
        nothing was taken off after 5,000 steps, not even under a hint; with a tenth of the weight,
        the mask learnt nothing. Most patches have a hint, so that there is something to take off
        from the first step on.
        """
        mask = truth[:, 3:]
        error = (restored[:, :3] - truth[:, :3]).abs()
        inside = (error * mask).sum() / (3 * mask.sum()).clamp_min(1)
        logits = restored[:, 3:]
        entropy = F.binary_cross_entropy_with_logits(logits, mask)
        found = logits.sigmoid()
        both = (found * mask).sum((1, 2, 3))
        dice = 1 - (2 * both + 50) / (found.sum((1, 2, 3)) + mask.sum((1, 2, 3)) + 50)
        return 6 * error.mean() + 2 * inside + 0.6 * entropy + 0.1 * dice.mean()


def watermark_pairs(data: Path, recipe: Recipe) -> OverlaidPatches:
    """Photos as for `denoise_pairs`, and logos in `watermark/logos` of a folder, if it is there.

    Raises Unreadable without photos, or with neither logos nor fonts.
    """
    photos = denoise_pairs(data, recipe).clean
    rng = random.Random(recipe.seed)
    logos = logo_sprites(data / "watermark" / "logos", held_out=False) if data.is_dir() else []
    fonts = find_fonts()
    if not logos and not fonts:
        raise Unreadable(data, f"There are no logos in {data}, and this machine has no fonts.")
    return OverlaidPatches(photos, make_sprites(rng, fonts, logos, SPRITES), recipe.patch)


def denoise_pairs(data: Path, recipe: Recipe) -> DamagedPatches:
    """Clean photos below a folder (`photo/train` of it, if there is one) or in a `.tar`.

    Raises Unreadable if there are none.
    """
    inner = data / "photo" / "train"
    photos = load_photos(inner if inner.is_dir() else data, recipe.patch)
    if not photos:
        raise Unreadable(data, f"There are no photos of {recipe.patch} pixels or more in {data}.")
    return DamagedPatches(photos, noise.damage, recipe.patch)


def load_photos(data: Path, shortest_px: int) -> list[Tensor]:
    """Every picture, `(3, height, width)` uint8, each also at 60 % of its size.

    The smaller copy is sharper and has fewer JPEG artefacts: more varied truth for nothing.
    Pictures with a side under `shortest_px` are left out.
    """
    photos: list[Tensor] = []
    for content in _contents(data):
        with Image.open(content) as file:
            full = file.convert("RGB")
        small = full.resize((full.width * 3 // 5, full.height * 3 // 5), Image.Resampling.LANCZOS)
        for picture in (full, small):
            if min(picture.size) >= shortest_px:
                photos.append(torch.from_numpy(np.array(picture)).permute(2, 0, 1).contiguous())
    return photos


def _contents(data: Path) -> Iterator[io.BytesIO]:
    """The picture files of a folder or a `.tar`, in the order of their names."""
    if data.is_file():
        with tarfile.open(data) as pack:
            for member in sorted(pack.getmembers(), key=lambda m: m.name):
                file = pack.extractfile(member)
                if file and Path(member.name).suffix.lower() in _SUFFIXES:
                    yield io.BytesIO(file.read())
        return
    for path in sorted(data.rglob("*")):
        if path.suffix.lower() in _SUFFIXES:
            yield io.BytesIO(path.read_bytes())
