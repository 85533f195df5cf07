"""The program's icon in the forms that the systems want, drawn from its SVG.

python packaging/icons.py DIR
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "resources" / "icons" / "app.svg"
SIZES = (16, 24, 32, 48, 64, 128, 256, 512, 1024)


def draw(folder: Path) -> None:
    """`app-SIZE.png`, `app.png` of 256 pixels, `app.ico`, `app.icns`; raises OSError."""
    from PySide6.QtCore import Qt
    from PySide6.QtGui import QGuiApplication, QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QGuiApplication.instance() or QGuiApplication([])
    folder.mkdir(parents=True, exist_ok=True)
    for size in SIZES:
        image = QImage(size, size, QImage.Format.Format_ARGB32)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        QSvgRenderer(str(SOURCE)).render(painter)
        painter.end()
        if not image.save(str(folder / f"app-{size}.png")):
            raise OSError(f"{folder / f'app-{size}.png'} cannot be written")
    del application
    drawn = {size: Image.open(folder / f"app-{size}.png") for size in SIZES}
    drawn[256].save(folder / "app.png")
    small = [size for size in SIZES if size <= 256]
    drawn[256].save(
        folder / "app.ico",
        sizes=[(size, size) for size in small],
        append_images=[drawn[size] for size in small[:-1]],
    )
    drawn[1024].save(folder / "app.icns", append_images=[drawn[s] for s in (32, 64, 128, 256, 512)])


if __name__ == "__main__":
    draw(Path(sys.argv[1]))
