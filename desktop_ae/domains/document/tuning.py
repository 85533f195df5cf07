"""How the document task learns from a person's own pages."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Generator, Tensor
from torch.nn import functional as F

from desktop_ae.core.clip import Samples
from desktop_ae.core.domain import Recipe
from desktop_ae.core.tuning import CLEAN, NOISY, PAIRS, Material, Study, Tuning
from desktop_ae.domains.document.compose import compose
from desktop_ae.domains.document.damage import (
    PageDamage,
    _chance,
    _contrast,
    _noise,
    _speckle,
    _streaks,
    light,
)
from desktop_ae.domains.document.paper import made_papers, made_stains, printed, without_ink
from desktop_ae.domains.document.recipes import PAGE_PX
from desktop_ae.domains.fonts import find_fonts
from desktop_ae.domains.image.noise import blur, uniform
from desktop_ae.places import shipped
from desktop_ae.training.pairs import Damage, Draw, mixed, turned

HARVEST = "harvest"
# Of each batch: the task's own damage on clean pages, so that what the net knew is not forgotten.
KNOWN_SHARE = 0.3
COMPOSED_PAGES = 12
# Of noisy pages without a truth so many are shown as they are, the others as paper for other text.
_GUESSED_SHARE = 0.5
# Of the pages that are damaged here so many are scanned in grey, as the recipe's are.
_GREY_SHARE = 0.3
# Of a person's pages so many may shine through from behind; each is held a second time for that.
_BACKS = 6
# Darker than this is ink on a clean page, as the recipe takes it.
_INK = 0.6
# Blocks of so many pixels a side that are full of tones are no text, but may be a photo.
_BLOCK, _MOST_TONES = 32, 0.6
# A mean square error (of a hundredth of the range) under which a patch is as good as perfect.
_FINE = 1e-4
# What a page must have of ink, and how dark it may be.
_LEAST_INK, _DARKEST = 0.0005, 0.08

# Sheets that belong together, such as a noisy page and its clean twin; float32, or uint8 to 255.
_Group = tuple[Samples | Tensor, ...]


class OwnPages:
    """Patches of a person's own pages, and among them the task's own damage.

    own: (count, generator) to a batch of what is to be learned. known: single clean pages for the
    task's damage. The truth has four channels, page and ink; NaN where it is not known.
    """

    def __init__(self, own: Draw, known: Sequence[_Group], damage: Damage, patch_px: int) -> None:
        self.own = own
        self._draw = mixed(own, damaged_patches(known, damage, patch_px), KNOWN_SHARE)

    def draw(self, count: int, rng: Generator) -> tuple[Tensor, Tensor]:
        # The damage draws small things on the processor, wherever the net is.
        noisy, truth = self._draw(count, Generator().manual_seed(_number(2**31, rng)))
        return noisy.to(rng.device), truth.to(rng.device)

    def loss(self, restored: Tensor, truth: Tensor) -> Tensor:
        """Decibels of each patch, so that one with heavy damage does not drown the fine errors of
        a person's pages, and cross entropy of the ink.
        """
        square = (restored[:, :3] - truth[:, :3]).square().mean((1, 2, 3))
        known = ~truth[:, 3:].isnan()
        wanted = torch.where(known, truth[:, 3:], torch.zeros_like(truth[:, 3:]))
        entropy = F.binary_cross_entropy_with_logits(restored[:, 3:], wanted, reduction="none")
        inked = (entropy * known).sum() / known.sum().clamp_min(1)
        return 0.1 * (square + _FINE).log().mean() + 0.2 * inked


class OneDamage(PageDamage):
    """One sort of what happens to pages, and of each batch about a tenth as it was."""

    def __init__(
        self,
        sort: Callable[[PageDamage, Tensor, Generator], Tensor],
        papers: Sequence[Tensor],
        stains: Sequence[Tensor],
        backs: Sequence[Tensor],
    ) -> None:
        super().__init__(papers, stains, backs)
        self.sort = sort

    def __call__(self, clean: Tensor, rng: Generator) -> Tensor:
        dirty = _noise(self.sort(self, clean, rng), rng)
        return torch.where(_chance(rng, clean, 0.1), clean, dirty).clamp(0, 1)


def _shaded(whole: PageDamage, page: Tensor, rng: Generator) -> Tensor:
    return page * whole._paper(page, rng) * light(page, rng)


def _stained(whole: PageDamage, page: Tensor, rng: Generator) -> Tensor:
    # Every other page stays without a stain each time.
    for _ in range(3):
        page = whole._stain(page, rng)
    return page


def _shone_through(whole: PageDamage, page: Tensor, rng: Generator) -> Tensor:
    return page * whole._bleed_through(page, rng, share=1.0, strongest=0.75)


def _faint(whole: PageDamage, page: Tensor, rng: Generator) -> Tensor:
    soft = blur(whole._weaken(page, rng), uniform(rng, page, len(page), 0.0, 1.5))
    return _contrast(soft, rng)


def _copied(whole: PageDamage, page: Tensor, rng: Generator) -> Tensor:
    # Streaks are on one page in twelve each time, specks on one in seven.
    for _ in range(5):
        page = _speckle(_streaks(page, rng), rng)
    return page


_SORTS = {
    "light": _shaded,
    "stains": _stained,
    "bleed-through": _shone_through,
    "faint": _faint,
    "scanner": _copied,
}
DAMAGES = (
    ("", "Everything this task knows"),
    ("light", "Shadows, uneven light, coloured paper"),
    ("stains", "Stains and rings of cups"),
    ("bleed-through", "Print from the back that shines through"),
    ("faint", "Faint or blurred print, low contrast"),
    ("scanner", "Specks, streaks and noise of scanners and copiers"),
)


def _damage(name: str, backs: Sequence[Tensor]) -> PageDamage:
    if not name:
        return PageDamage(made_papers(), made_stains(), backs)
    return OneDamage(_SORTS[name], made_papers(), made_stains(), backs)


def pairs(material: Material, recipe: Recipe) -> OwnPages:
    """See `Tuning.pairs`."""
    size = recipe.patch
    clean = _large_enough([(sheet,) for sheet in (*material.clean, *material.spare)], size)
    photos = _photos()
    composed = _composed_pages(recipe.seed, photos)
    backs = [*_backs(material), *composed]
    text = _evenly(clean, [(page,) for page in composed])
    known = _evenly(clean, [(page,) for page in composed], [(_tensor(p),) for p in photos])
    if material.kind == CLEAN:
        own = damaged_patches(clean, _damage(material.damage, backs), size)
    else:
        twins = _large_enough(list(zip(material.noisy, material.clean, strict=True)), size)
        harvest = material.kind == NOISY
        own = _printed_patches(twins, text, size) if harvest else _paired_patches(twins, size)
    return OwnPages(own, known, _damage("", backs), size)


def _paired_patches(twins: Sequence[_Group], size: int) -> Draw:
    def draw(count: int, rng: Generator) -> tuple[Tensor, Tensor]:
        noisy, clean = patches(twins, count, size, rng, turns=0)
        return noisy, with_ink(clean)

    return draw


def _printed_patches(sources: Sequence[_Group], clean: Sequence[_Group], size: int) -> Draw:
    """Clean text on the paper of other places: never where it was, whose ink has left its traces
    there. Among them the noisy pages with what the starting model made of them, so that the tones
    and edges of their ink stay what that model knew them to be.
    """

    def draw(count: int, rng: Generator) -> tuple[Tensor, Tensor]:
        paper, tone = without_ink(*patches(sources, count, size, rng))
        (page,) = patches(clean, count, size, rng)
        return printed(page, paper, tone, rng), with_ink(page)

    return mixed(draw, _paired_patches(sources, size), _GUESSED_SHARE)


def damaged_patches(pages: Sequence[_Group], damage: Damage, size: int) -> Draw:
    def draw(count: int, rng: Generator) -> tuple[Tensor, Tensor]:
        (clean,) = patches(pages, count, size, rng)
        grey = torch.rand((count, 1, 1, 1), generator=rng) < _GREY_SHARE
        clean = torch.where(grey, clean.mean(1, keepdim=True), clean)
        noisy = damage(clean, rng)
        return torch.where(grey, noisy.mean(1, keepdim=True), noisy), with_ink(clean)

    return draw


def patches(
    groups: Sequence[_Group], count: int, size: int, rng: Generator, turns: int = 8
) -> list[Tensor]:
    """Squares from the same place of all sheets of a group: `(count, 3, size, size)` for each.

    turns: of 16 so many are turned or mirrored.
    """
    cut = []
    for _ in range(count):
        group = groups[_number(len(groups), rng)]
        top, left = (_number(side - size + 1, rng) for side in group[0].shape[1:])
        parts = [_floats(s[:, top : top + size, left : left + size]) for s in group]
        turn = _number(16, rng)
        cut.append(turned(torch.cat(parts), turn) if turn < turns else torch.cat(parts))
    both = torch.stack(cut)
    return [both[:, first : first + 3] for first in range(0, both.shape[1], 3)]


def _floats(part: Samples | Tensor) -> Tensor:
    if isinstance(part, Tensor):
        return part.float() / 255
    return torch.from_numpy(np.array(part, np.float32))  # a copy: sheets may be read only


def _number(below: int, rng: Generator) -> int:
    return int(torch.randint(below, (), generator=rng, device=rng.device))


def with_ink(clean: Tensor) -> Tensor:
    """Pages `(batch, 3, height, width)` and behind them their ink, NaN where it may be a photo."""
    tone = clean.mean(1, keepdim=True)
    toned = F.avg_pool2d((tone < 0.9).to(clean), _BLOCK, ceil_mode=True)
    full = F.interpolate(toned, list(clean.shape[2:])) > _MOST_TONES
    ink = (tone < _INK).to(clean)
    return torch.cat([clean, torch.where(full, torch.full_like(ink, float("nan")), ink)], dim=1)


def _large_enough(groups: Sequence[_Group], size: int) -> list[_Group]:
    return [group for group in groups if min(group[0].shape[1:]) >= size]


def _evenly(*sources: Sequence[_Group]) -> list[_Group]:
    """Of each source as many, repeated where it has less than another."""
    most = max(len(source) for source in sources)
    return [source[n % len(source)] for source in sources if source for n in range(most)]


def _composed_pages(seed: int, photos: Sequence[Image.Image]) -> list[Tensor]:
    """`(3, height, width)` uint8; none on a machine without fonts."""
    fonts, rng = find_fonts(), random.Random(seed)
    count = COMPOSED_PAGES if fonts else 0
    return [_tensor(compose(rng, fonts, PAGE_PX, photos).page) for _ in range(count)]


def _photos() -> list[Image.Image]:
    """Those that ship as samples: without any, a net soon bleaches the figures of pages."""
    photos = []
    for path in sorted((shipped("resources") / "samples" / "clean").glob("photo-*.png")):
        with Image.open(path) as file:
            photos.append(file.convert("RGB"))
    return photos


def _tensor(picture: Image.Image | NDArray[np.uint8]) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(np.array(picture).transpose(2, 0, 1)))


def _backs(material: Material) -> list[Tensor]:
    sheets = [*material.spare, *material.clean][:_BACKS]
    return [(_floats(sheet) * 255).round().to(torch.uint8) for sheet in sheets]


def damaged(clean: Samples, material: Material, seed: int) -> Samples:
    """A whole page; see `Tuning.damaged`."""
    rng = Generator().manual_seed(seed)
    page = _floats(clean)[None]
    if material.kind != NOISY:
        made = _damage(material.damage, _backs(material))(page, rng)
    else:
        chosen = _number(len(material.noisy), rng)
        both = (_floats(s[chosen])[None] for s in (material.noisy, material.clean))
        paper, tone = without_ink(*both)
        made = printed(page, _fitted(paper, page.shape[2:], rng), tone, rng)
    result: Samples = made[0].numpy()
    return result


def _fitted(paper: Tensor, size: torch.Size, rng: Generator) -> Tensor:
    """A random part of paper, mirrored at its edges where it is too small."""
    missing = [max(0, n - have) for n, have in zip(size, paper.shape[2:], strict=True)]
    sides = [(0, 0), (0, 0), *((0, n) for n in missing)]
    whole = torch.from_numpy(np.pad(paper.numpy(), sides, mode="symmetric"))
    top, left = (_number(have - n + 1, rng) for n, have in zip(size, whole.shape[2:], strict=True))
    return whole[..., top : top + size[0], left : left + size[1]]


def prepare(samples: Samples, rate_hz: float | None) -> Samples:
    """Three channels, whatever the page has; a grey page's are one and the same memory."""
    return np.broadcast_to(samples, (3, *samples.shape[1:])) if len(samples) == 1 else samples


def fault(sheet: Samples) -> str:
    tone = sheet.mean(0)
    if float(np.quantile(tone, 0.9)) < _DARKEST:
        return "This page is nearly black all over."
    if float((tone < 0.75 * _surroundings(tone)).mean()) < _LEAST_INK:
        return "This page is blank: there is no ink on it to learn from."
    return ""


def _surroundings(tone: Samples) -> Samples:
    """Of each block the tone that a fifth of it is brighter than, `(height, width)`."""
    height, width = (side // _BLOCK * _BLOCK for side in tone.shape)
    blocks = tone[:height, :width].reshape(height // _BLOCK, _BLOCK, width // _BLOCK, _BLOCK)
    bright = np.quantile(blocks, 0.8, axis=(1, 3)).astype(np.float32)
    whole = bright.repeat(_BLOCK, 0).repeat(_BLOCK, 1)
    rest = [(0, have - n) for have, n in zip(tone.shape, whole.shape, strict=True)]
    return np.pad(whole, rest, mode="edge")


def study(sheets: Sequence[Samples]) -> Study:
    why = (
        "The paper of your pages, with their ink taken off, is laid under clean text. To guess"
        " pixels from those around them does not suit paper: stains and texture go on from pixel"
        " to pixel as ink does."
    )
    # Measured on crumpled pages: RMSE did not fall.
    warning = "Without clean twins pages seldom get better by much: compare the samples."
    if all(float(((s > 0.02) & (s < 0.98)).mean()) < 0.01 for s in sheets):
        warning = "These pages are black and white only: there is no paper on them to learn from."
    elif all(float(np.quantile(s, 0.5)) > 0.97 for s in sheets):
        warning = "The paper of these pages is nearly white already: there is little to learn."
    return Study(HARVEST, why, warning)


def classical(sheet: Samples) -> Samples:
    from desktop_ae.domains.document.bench import divide_background

    return divide_background(sheet)


def score(restored: Samples, clean: Samples) -> float:
    """The restored page's ink, behind its three channels, does not count."""
    error = restored[:3].clip(0, 1).astype(np.float64) - clean
    return -10 * float(np.log10(max(1e-12, float(np.mean(np.square(error))))))


CLEAN_TUNING = Tuning(
    kinds=(PAIRS, CLEAN, NOISY),
    figure="PSNR, dB",
    least=128,
    most=9_000_000,
    learning_rate=1e-3,
    batch=6,
    prepare=prepare,
    pairs=pairs,
    damaged=damaged,
    classical=classical,
    score=score,
    study=study,
    damages=DAMAGES,
    fault=fault,
)
