"""What it takes to train the shipped photo models again."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from desktop_ae.core.card import ModelInput
from desktop_ae.core.domain import Recipe
from desktop_ae.core.errors import Unreadable
from desktop_ae.domains.image import noise
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
