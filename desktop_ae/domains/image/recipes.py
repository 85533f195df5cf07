"""What it takes to train the shipped photo models again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from desktop_ae.core.domain import Recipe

DENOISE = Recipe(
    task="image/denoise",
    net="unet2d",
    arguments={"channels": (48, 96, 192), "blocks": (2, 2, 3)},
    batch=16,
    patch=96,
    learning_rate=2.5e-3,
)


def load_photos(folder: Path, shortest_px: int) -> list[Tensor]:
    """Every picture below a folder, `(3, height, width)` uint8, each also at 60 % of its size.

    The smaller copy is sharper and has fewer JPEG artefacts: more varied truth for nothing.
    Pictures with a side under `shortest_px` are left out.
    """
    photos: list[Tensor] = []
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() not in {".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".bmp"}:
            continue
        with Image.open(path) as file:
            full = file.convert("RGB")
        small = full.resize((full.width * 3 // 5, full.height * 3 // 5), Image.Resampling.LANCZOS)
        for picture in (full, small):
            if min(picture.size) >= shortest_px:
                photos.append(torch.from_numpy(np.array(picture)).permute(2, 0, 1).contiguous())
    return photos
