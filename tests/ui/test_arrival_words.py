from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from desktop_ae.domains import task_named
from desktop_ae.planning import Plan, Planned
from desktop_ae.ui.arrival_words import ArrivalWords

FILES = (Planned(Path("/a/1.png"), task_named("image/denoise"), None),)


@pytest.mark.parametrize(
    ("plan", "added", "known", "elsewhere", "text"),
    [
        (Plan(FILES, ()), 1, 0, (), ""),
        (Plan(FILES, ()), 0, 1, (), "Already in the list."),
        (Plan(FILES, ()), 1, 1, (), "1 file were in the list already."),
        (Plan(FILES, ()), 9, 0, (), ""),  # they are all there to see
        (Plan(FILES, ()), 1, 0, ("Audio",), "Files that belong to Audio went there."),
        (Plan((), ()), 0, 0, (), "Nothing to clean was found in there."),
    ],
)
def test_a_notice_says_what_is_not_seen(
    qapp: QApplication,
    plan: Plan,
    added: int,
    known: int,
    elsewhere: tuple[str, ...],
    text: str,
) -> None:
    assert ArrivalWords().notice(plan, added, known, elsewhere) == text


def test_of_a_folder_it_says_how_many_were_taken(qapp: QApplication) -> None:
    plan = Plan(FILES, (), ignored=2)
    assert ArrivalWords().notice(plan, 5, 0, ()) == (
        "5 files added. 2 files of other kinds, or our own results, left out."
    )
