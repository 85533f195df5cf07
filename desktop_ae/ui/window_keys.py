"""Keys, and what each of them does on the page in front."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget, QWidget

from desktop_ae.ui.shortcuts import KEYS

Actions = Mapping[str, Callable[[], object]]


def bind_keys(
    window: QWidget, stack: QStackedWidget, actions: Actions, on_page: Mapping[QWidget, Actions]
) -> None:
    """actions: by their names in KEYS; all of them. on_page: what they do while that page of the
    stack is in front.
    """

    def do(name: str) -> None:
        front = stack.currentWidget()
        on_front = on_page.get(front, {}) if front else {}
        on_front.get(name, actions[name])()

    for name, keys, _ in KEYS:
        QShortcut(QKeySequence(keys), window).activated.connect(partial(do, name))
