"""A result that a person should look at before using it says so, in its row and beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtWidgets import QLabel

from desktop_ae.ui.wording import Wording
from tests.ui.window.conftest import Desk

WARNING = "Compare with the original: the ST level moved by +0.20 mV."


def test_a_warning_stands_in_the_row_and_in_the_inspector(
    desk: Desk, photo: Callable[..., Path]
) -> None:
    [row] = desk.clean(photo())
    assert row.result is not None and not row.is_warned
    assert WARNING not in texts(desk)
    row.result = replace(row.result, note=WARNING)
    desk.pane.model.touch(row)
    assert row.is_warned
    assert Wording().status(row) == WARNING
    assert WARNING in texts(desk)


def texts(desk: Desk) -> list[str]:
    return [label.text() for label in desk.pane.inspector.measured.findChildren(QLabel)]
