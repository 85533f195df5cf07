"""A window without a screen, and the compare view that several files of tests look at."""

from __future__ import annotations

import os
from collections.abc import Iterator

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402
from pytestqt.qtbot import QtBot  # noqa: E402

from desktop_ae.ui.picture_view import PictureView  # noqa: E402
from desktop_ae.ui.theme import theme  # noqa: E402
from tests.ui.picture_probe import AFTER, BEFORE, flat  # noqa: E402


@pytest.fixture
def view(qapp: QApplication, qtbot: QtBot) -> Iterator[PictureView]:
    """400 x 300 pixels, so that a picture of that size is fitted at 1:1."""
    theme().set_mode("dark")
    theme().apply(qapp)
    made = PictureView()
    qtbot.addWidget(made)
    made.resize(400, 300)
    with qtbot.waitExposed(made, timeout=5000):
        made.show()
    yield made
    theme().set_mode("system")


@pytest.fixture
def compared(view: PictureView) -> PictureView:
    view.set_pictures(flat(BEFORE), flat(AFTER))
    return view
