"""Documents to take pictures of: pages of a contract, stained and scanned."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pikepdf
from PIL import Image, ImageDraw, ImageFont

ROOT = Path(__file__).resolve().parent.parent
_DPI = 150
_WORDS = (
    "The parties agree that the goods named above shall be delivered free of charge to the place",
    "of the buyer within fourteen days after this letter has been signed by both of them and that",
    "whatever is found to be damaged on its arrival will be replaced once without further costs.",
)


def write_document(path: Path, pages: int, password: str = "") -> Path:
    """A PDF of scans; its third page, or its last of fewer, is text that was never on paper."""
    sheets = [_scan(number) for number in range(pages)]
    sheets[0].save(path, save_all=True, append_images=sheets[1:], resolution=_DPI)
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        page = pdf.pages[min(2, pages - 1)]
        page.Contents = pdf.make_stream(_typed())
        helvetica = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=helvetica))
        lock = pikepdf.Encryption(user=password, owner=password) if password else None
        pdf.save(path, encryption=lock)
    return path


def _scan(number: int) -> Image.Image:
    width, height = round(8.27 * _DPI), round(11.69 * _DPI)
    rng = np.random.default_rng(number)
    paper = Image.new("RGB", (width, height), (244, 238, 224))
    draw = ImageDraw.Draw(paper)
    fonts = ROOT / "resources" / "fonts"
    head = ImageFont.truetype(fonts / "Inter-Bold.otf", 40)
    body = ImageFont.truetype(fonts / "Inter-Medium.otf", 21)
    draw.text((110, 110), f"{number + 1}. Terms of delivery", (38, 36, 40), head)
    for line in range(24 + number % 9):
        if line % 9 != 8:
            draw.text((110, 210 + 44 * line), _WORDS[line % 3], (52, 50, 54), body)
    down, across = np.mgrid[0:height, 0:width].astype(np.float32)
    x, y = rng.uniform(0.2, 0.8, 2) * (width, height)
    away = np.hypot(across - x, down - y) / 230
    ring = np.exp(-(((away - 1) / 0.06) ** 2)) * 60 + (away < 1) * 14
    shade = 26 * across / width + ring
    pixels = np.asarray(paper, np.float32) - shade[..., None] * (0.5, 0.8, 1.2)
    pixels += rng.normal(0, 9, pixels.shape)
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8))


def _typed() -> bytes:
    lines = " ".join(f"({_WORDS[line % 3]}) Tj T*" for line in range(30))
    return f"BT /F1 12 Tf 50 770 Td 20 TL {lines} ET".encode()
