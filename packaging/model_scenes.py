"""The states of the Models page, for `screenshots.py`."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from screenshots import Studio

    from desktop_ae.core.library import ModelLibrary

OWN: tuple[tuple[str, dict[str, Any]], ...] = (
    (
        "image/denoise-v1",
        {
            "id": "image/balcony-at-night",
            "title": "Balcony at night, tuned on 41 photos of my old camera",
            "summary": "32.4 dB on 9 photos kept back, 31.1 dB before",
            "parent": "image/denoise-v1",
        },
    ),
    (
        "document/clean-v1",
        {
            "id": "document/office-scanner",
            "title": "Office scanner",
            "summary": "0.019 RMSE on 6 pages kept back",
            "parent": "document/clean-v1",
        },
    ),
)


def own_library(models: Path, home: Path) -> ModelLibrary:
    """Shipped models, and two that a person made of them."""
    from desktop_ae.core.library import ModelLibrary

    own = home / "own"
    shutil.rmtree(own, ignore_errors=True)
    library = ModelLibrary([models, own])
    for model_id, changed in OWN:
        if any(card.id == model_id for card in library.cards()):
            card = library.card(model_id)
            library.add(replace(card, **changed), card.weights.read_bytes())
    return library


def models(studio: Studio) -> None:
    """A shipped one; an own one with a long name as the default; a deleted one, with Undo."""
    page = studio.window.models_page
    studio.window._show_page(page)
    page.view.choose("image/denoise-v1")
    page.view.setFocus()
    studio.settle()
    studio.shoot()
    page.make_default("image/balcony-at-night")
    studio.window.notice.hide()
    studio.shoot("-own")
    page.view.choose("document/office-scanner")
    page.delete()
    studio.shoot("-deleted", modes=("dark",))


def models_refused(studio: Studio) -> None:
    path = studio.files / "notes.daemodel"
    path.write_text("not a model")
    studio.window._show_page(studio.window.models_page)
    studio.window.take([path])
    studio.wait(studio.window.notice.isVisible)
    studio.shoot(modes=("light",))


SCENES: tuple[Callable[[Studio], None], ...] = (models, models_refused)
