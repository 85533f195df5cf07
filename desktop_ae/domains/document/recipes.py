"""What it takes to train the shipped document models again."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Generator, Tensor
from torch.nn import functional as F

from desktop_ae.core.card import ModelInput
from desktop_ae.core.domain import Recipe
from desktop_ae.core.errors import Unreadable
from desktop_ae.domains.document.compose import UNKNOWN, compose
from desktop_ae.domains.document.damage import PageDamage, exposed
from desktop_ae.domains.fonts import find_fonts
from desktop_ae.training.pairs import turned

CLEAN = Recipe(
    task="document/clean",
    net="unet2d",
    arguments={
        "channels": (32, 64, 128, 192),
        "blocks": (1, 2, 2, 3),
        "slope": 0.1,
        "extra_channels": 1,
    },
    batch=12,
    patch=128,
    learning_rate=2e-3,
    title="Document · clean v1",
    input=ModelInput(
        channels=3,
        low=0.0,
        high=1.0,
        unit="sRGB",
        multiple_of=16,
        tile=1536,
        overlap=96,
        bf16=True,
    ),
    sources=(
        {"name": "Denoising Dirty Documents (NoisyOffice), train", "licence": "CC BY 4.0"},
        {
            "name": "DIBCO 2010, 2012, 2014, MSI, MCS, Persian, Nabuco, Bickley binarisation pairs",
            "licence": "research data of the named competitions",
        },
        {"name": "Donut paper textures", "licence": "MIT"},
        {"name": "DocCreator stains", "licence": "LGPL-3"},
        {"name": "photos of image/denoise-v1, as figures", "licence": "see there"},
        {"name": "pages composed by the recipe, in fonts of Debian", "licence": "own"},
    ),
)
PAGES = 260
PAGE_PX = (960, 720)
# Whole sources are kept back, so that the bench sees papers, stains and hands that are new.
HELD_OUT_BINARISATION = ("DIBCO2009", "DIBCO2011", "z")
HELD_OUT_PAPERS = ("julesverne-03", "manto-03", "montaigne-03", "paper_3", "paper_6")
_SUFFIXES = {".jpg", ".jpeg", ".png"}
# Of each batch: composed pages, stained-page pairs, binarisation pairs.
_SHARES = (0.44, 0.33, 0.23)


class DocumentPairs:
    """Pages and what became of them.

    composed: `(4, h, w)` uint8, page and ink map. stained: (noisy, clean) `(3, h, w)` uint8.
    binarised: (noisy, ink map) `(3, h, w)` and `(1, h, w)` uint8.
    The truth has four channels, page and ink; NaN where it is not known.
    """

    def __init__(
        self,
        composed: Sequence[Tensor],
        stained: Sequence[tuple[Tensor, Tensor]],
        binarised: Sequence[tuple[Tensor, Tensor]],
        damage: PageDamage,
        patch_px: int,
    ) -> None:
        self.composed = list(composed)
        self.stained = list(stained)
        self.binarised = list(binarised)
        self.damage = damage
        self.patch_px = patch_px

    def draw(self, count: int, rng: Generator) -> tuple[Tensor, Tensor]:
        drawn = torch.rand(count, generator=rng, device=rng.device)
        parts = []
        known = (
            (self._composed, self.composed),
            (self._stained, self.stained),
            (self._binarised, self.binarised),
        )
        low = 0.0
        for (make, source), share in zip(known, _SHARES, strict=True):
            number = int(((drawn >= low) & (drawn < low + share)).sum())
            low += share
            if number and source:
                parts.append(make(number, rng))
        if not parts:
            parts.append(self._composed(count, rng))
        noisy = torch.cat([noisy for noisy, _ in parts])
        truth = torch.cat([truth for _, truth in parts])
        return noisy, truth

    def loss(self, restored: Tensor, truth: Tensor) -> Tensor:
        """Absolute error of the page, squared error of it, cross entropy of the ink."""
        page, ink = truth[:, :3], truth[:, 3:]
        page_known, ink_known = ~page.isnan(), ~ink.isnan()
        error = torch.where(page_known, restored[:, :3] - page, torch.zeros_like(page))
        pixels = page_known.sum().clamp_min(1)
        absolute = error.abs().sum() / pixels
        square = error.square().sum() / pixels
        wanted = torch.where(ink_known, ink, torch.zeros_like(ink))
        entropy = F.binary_cross_entropy_with_logits(restored[:, 3:], wanted, reduction="none")
        inked = (entropy * ink_known).sum() / ink_known.sum().clamp_min(1)
        return absolute + 6 * square + 0.1 * inked

    def _composed(self, count: int, rng: Generator) -> tuple[Tensor, Tensor]:
        cut = torch.stack(
            [self._cut(self.composed[self._any(self.composed, rng)], rng) for _ in range(count)]
        )
        page = cut[:, :3].float() / 255
        grey = torch.rand((count, 1, 1, 1), generator=rng, device=rng.device) < 0.3
        page = torch.where(grey, page.mean(1, keepdim=True), page)
        noisy = self.damage(page, rng)
        noisy = torch.where(grey, noisy.mean(1, keepdim=True), noisy)
        return noisy, torch.cat([page, _ink(cut[:, 3:])], dim=1)

    def _stained(self, count: int, rng: Generator) -> tuple[Tensor, Tensor]:
        noisy, clean = self._two(self.stained, count, rng)
        clean = clean.float() / 255
        ink = (clean[:, :1] < 0.6).float()
        return noisy.float() / 255, torch.cat([clean, ink], dim=1)

    def _binarised(self, count: int, rng: Generator) -> tuple[Tensor, Tensor]:
        noisy, ink = self._two(self.binarised, count, rng)
        unknown = torch.full_like(noisy, float("nan"), dtype=torch.float32)
        return exposed(noisy.float() / 255, rng), torch.cat([unknown, _ink(ink)], dim=1)

    def _two(
        self, pairs: Sequence[tuple[Tensor, Tensor]], count: int, rng: Generator
    ) -> tuple[Tensor, Tensor]:
        cut = []
        for _ in range(count):
            first, second = pairs[self._any(pairs, rng)]
            cut.append(self._cut(torch.cat([first, second]), rng))
        both = torch.stack(cut)
        return both[:, :3], both[:, 3:]

    def _any(self, of: Sequence[object], rng: Generator) -> int:
        return int(torch.randint(len(of), (), generator=rng, device=rng.device))

    def _cut(self, picture: Tensor, rng: Generator) -> Tensor:
        size = self.patch_px
        top, left = (
            int(torch.randint(side - size + 1, (), generator=rng, device=rng.device))
            for side in picture.shape[1:]
        )
        patch = picture[:, top : top + size, left : left + size]
        # Text is seldom upside down; half of the patches are turned all the same, for variety.
        turn = int(torch.randint(16, (), generator=rng, device=rng.device))
        return turned(patch, turn) if turn < 8 else patch


def clean_pairs(data: Path, recipe: Recipe) -> DocumentPairs:
    """From a folder as `document/` with its subfolders, or the folder above it; each may lack.

    Composes its own pages, in the fonts that the machine has. Raises Unreadable without any.
    """
    folder = data / "document" if (data / "document").is_dir() else data
    fonts = find_fonts()
    if not fonts:
        raise Unreadable(
            data, "There are no fonts to set pages in: install some (Debian: fonts-*)."
        )
    photos = [Image.open(p).convert("RGB") for p in _pictures(data / "photo" / "train")[::5]]
    rng = random.Random(recipe.seed)
    made = [compose(rng, fonts, PAGE_PX, photos) for _ in range(PAGES)]
    composed = [
        torch.from_numpy(np.concatenate([m.page, m.ink[..., None]], 2))
        .permute(2, 0, 1)
        .contiguous()
        for m in made
    ]
    # Photos that fill a page, so that a part of one is not taken for a stain.
    composed += [_all_photo(photo) for photo in photos]
    return DocumentPairs(
        composed,
        _stained_pairs(folder / "dirty-documents" / "train", recipe.patch),
        _binarised_pairs(folder / "binarization", recipe.patch),
        page_damage(folder, composed, held_out=False),
        recipe.patch,
    )


def _all_photo(photo: Image.Image) -> Tensor:
    pixels = torch.from_numpy(np.array(photo)).permute(2, 0, 1)
    return torch.cat([pixels, torch.full_like(pixels[:1], UNKNOWN)])


def page_damage(folder: Path, composed: Sequence[Tensor], *, held_out: bool) -> PageDamage:
    """Damage from the papers and stains of `document/`: those of training, or those kept back."""
    papers = [
        _load(path)
        for path in _pictures(folder / "textures")
        if (path.stem in HELD_OUT_PAPERS) == held_out and path.stem != "bg-1"  # has ink on it
    ]
    stains = [
        _load(path, "RGBA")
        for number, path in enumerate(_pictures(folder / "stains"))
        if (number % 5 == 0) == held_out
    ]
    return PageDamage(papers, stains, [page[:3] for page in composed])


def _stained_pairs(folder: Path, smallest: int) -> list[tuple[Tensor, Tensor]]:
    pairs = [(_load(p), _load(folder / "clean" / p.name)) for p in _pictures(folder / "noisy")]
    return [(a, b) for a, b in pairs if min(a.shape[1:]) >= smallest]


def _binarised_pairs(folder: Path, smallest: int) -> list[tuple[Tensor, Tensor]]:
    """The ink of a pixel is told by a 1-bit picture of the same name, black for ink."""
    pairs = []
    for path in _pictures(folder / "noisy"):
        if path.stem.startswith(HELD_OUT_BINARISATION):
            continue
        truth = next((folder / "clean").glob(f"{path.stem}.*"))
        noisy, ink = _load(path), (_load(truth)[:1] < 128).to(torch.uint8)
        if noisy.shape[1:] == ink.shape[1:] and min(ink.shape[1:]) >= smallest:
            pairs.append((noisy, ink))
    return pairs


def _ink(drawn: Tensor) -> Tensor:
    """uint8 map to float, NaN where it is not known."""
    ink = drawn.float()
    return torch.where(drawn == UNKNOWN, torch.full_like(ink, float("nan")), ink)


def _pictures(folder: Path) -> list[Path]:
    return sorted(p for p in folder.glob("*") if p.suffix.lower() in _SUFFIXES)


def _load(path: Path, mode: str = "RGB") -> Tensor:
    with Image.open(path) as file:
        return torch.from_numpy(np.array(file.convert(mode))).permute(2, 0, 1).contiguous()
