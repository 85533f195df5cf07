"""The steps of the fine-tune wizard, for `screenshots.py`: a real training on files made here."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from screenshots import Studio

    from desktop_ae.ui.finetune_page import FineTunePage

ROOT = Path(__file__).resolve().parent.parent
CLEAN = ("clean/photo-chelsea.clean.png", "clean/photo-astronaut.clean.png")
SIDE = 176


def finetune(studio: Studio) -> None:
    """Pairs, from the first step to the last, with a file of no use among them."""
    from PySide6.QtWidgets import QMessageBox

    from desktop_ae.ui import finetune_page as steps

    page = _page(studio)
    studio.settle()
    studio.shoot()
    noisy, clean = _photos(studio, 16)
    (noisy / "holiday.jpg").write_text("not a picture")
    _next(studio, page)
    studio.shoot("-files-empty", modes=("dark",))
    page.files.boxes["noisy"].add([noisy])
    page.files.boxes["clean"].add([clean])
    studio.settle()
    studio.shoot("-files", modes=("dark",))
    _check(studio, page)
    studio.shoot("-check")
    _next(studio, page)
    studio.shoot("-time", modes=("dark",))
    page.time.advanced.click()
    page.time.spin.setValue(6)
    studio.settle()
    studio.shoot("-time-own", modes=("light",))
    _next(studio, page)
    studio.shoot("-learning-begun", modes=("dark",))
    studio.wait(lambda: _looks(page) >= 6 or page.place != steps.LEARNING)
    studio.shoot("-learning")
    page.learning.pause.click()
    studio.shoot("-learning-paused", modes=("dark",))
    page.learning.cancel.click()
    studio.settle()
    box = page.findChild(QMessageBox)
    box.grab().save(str(studio.out / f"{studio.name}-learning-cancel-dark.png"))
    box.reject()
    page.learning.finish.click()
    studio.wait(lambda: page.place == steps.VERDICT)
    studio.settle()
    studio.shoot("-verdict")
    page.verdict.keep.click()
    studio.settle()
    studio.shoot("-keep", modes=("dark",))
    page.keep.keep.click()
    studio.wait(lambda: page.keep.card is not None)
    studio.settle()
    studio.shoot("-kept", modes=("dark",))


def finetune_clean(studio: Studio) -> None:
    page = _page(studio)
    _, clean = _photos(studio, 8)
    _next(studio, page)
    page.files.kinds.cards["clean"].click()
    page.files.boxes["clean"].add([clean])
    page.files.damages.setCurrentIndex(1)
    studio.settle()
    studio.shoot(modes=("light",))


def finetune_noisy(studio: Studio) -> None:
    page = _page(studio)
    noisy, _ = _photos(studio, 8)
    _next(studio, page)
    page.files.kinds.cards["noisy"].click()
    page.files.boxes["noisy"].add([noisy])
    studio.settle()
    _check(studio, page)
    studio.shoot(modes=("dark",))


def finetune_few(studio: Studio) -> None:
    page = _page(studio)
    noisy, clean = _photos(studio, 2)
    _next(studio, page)
    page.files.boxes["noisy"].add([noisy])
    page.files.boxes["clean"].add([clean])
    studio.settle()
    _check(studio, page)
    studio.shoot(modes=("dark",))


def finetune_interrupted(studio: Studio) -> None:
    from desktop_ae.learning.request import LearnRequest
    from desktop_ae.learning.session import begin
    from desktop_ae.places import user_data

    paths = (studio.files,)
    request = LearnRequest("image/denoise", "image/denoise-v1", "pairs", paths, paths)
    session = begin(user_data() / "learning", request)
    _page(studio)
    studio.settle()
    studio.shoot()
    session.discard()


def finetune_small(studio: Studio) -> None:
    """In the smallest window that there is."""
    studio.window.resize(960, 600)
    page = _page(studio)
    studio.settle()
    studio.shoot(modes=("dark",))
    noisy, clean = _photos(studio, 8)
    _next(studio, page)
    page.files.boxes["noisy"].add([noisy])
    page.files.boxes["clean"].add([clean])
    studio.settle()
    studio.shoot("-files", modes=("dark",))
    _check(studio, page)
    studio.shoot("-check", modes=("dark",))
    _next(studio, page)
    studio.shoot("-time", modes=("dark",))
    _next(studio, page)
    studio.wait(lambda: _looks(page) >= 2)
    studio.shoot("-learning", modes=("dark",))
    page.learning.finish.click()
    studio.wait(lambda: page.verdict.verdict is not None)
    studio.settle()
    studio.shoot("-verdict", modes=("dark",))


SCENES: tuple[Callable[[Studio], None], ...] = (
    finetune,
    finetune_clean,
    finetune_noisy,
    finetune_few,
    finetune_interrupted,
    finetune_small,
)


def _page(studio: Studio) -> FineTunePage:
    page = studio.window.finetune_page
    studio.window._show_page(page)
    return page


def _next(studio: Studio, page: FineTunePage) -> None:
    page.frame.next.click()
    studio.settle()


def _check(studio: Studio, page: FineTunePage) -> None:
    _next(studio, page)
    studio.wait(lambda: page.check.checked is not None)
    studio.settle()


def _looks(page: FineTunePage) -> int:
    """How often the kept-back files were looked at."""
    lesson = page.learning.lesson
    return len(lesson.scores) if lesson else 0


def _photos(studio: Studio, count: int) -> tuple[Path, Path]:
    """Folders of parts of two photos, with a noise that the shipped model has not seen: coarse,
    and in stripes.
    """
    from PIL import Image

    noisy, clean = studio.files / "Balcony, noisy", studio.files / "Balcony, clean"
    rng = np.random.default_rng(5)
    for folder in (noisy, clean):
        folder.mkdir()
    for number in range(count):
        with Image.open(ROOT / "resources" / "samples" / CLEAN[number % 2]) as image:
            whole = np.asarray(image.convert("RGB"), np.float32)
        top = int(rng.integers(0, whole.shape[0] - SIDE))
        left = int(rng.integers(0, whole.shape[1] - SIDE))
        part = whole[top : top + SIDE, left : left + SIDE]
        stripes = rng.normal(0, 14, (1, SIDE, 1)).repeat(SIDE, 0)
        coarse = rng.normal(0, 26, (SIDE // 2, SIDE // 2, 3)).repeat(2, 0).repeat(2, 1)
        name = f"IMG_{2040 + number}.png"
        for folder, pixels in ((noisy, part + stripes + coarse), (clean, part)):
            Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(folder / name)
    return noisy, clean
