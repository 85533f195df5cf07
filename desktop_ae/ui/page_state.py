"""What is known of one page of a row."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, auto
from pathlib import Path

from desktop_ae.ui.queue_model import FINISHED, Row, State


class PageState(Enum):
    OPEN = auto()  # not cleaned yet, or nothing is known
    LEFT_OUT = auto()  # by the person, next time if not last time
    CLEANING = auto()
    CLEANED = auto()
    UNCHANGED = auto()  # looked at, and clean already
    PASSED_OVER = auto()  # left as it is by the program, with a reason: text already, say


_BECAME = {
    "cleaned": PageState.CLEANED,
    "unchanged": PageState.UNCHANGED,
    "left out": PageState.OPEN,  # then; now it is wanted
}


def page_state(row: Row, page: int) -> PageState:
    if page in row.left_out:
        return PageState.LEFT_OUT
    if row.state is State.CLEANING and page == row.piece:
        return PageState.CLEANING
    pieces, passed_over = _known(row)
    # First: a page that would only have grown was worked on, and still stays for a reason.
    if page in passed_over:
        return PageState.PASSED_OVER
    return _BECAME.get(pieces.get(page, ""), PageState.OPEN)


def shown_file(row: Row, page: int) -> Path:
    """Which file a small picture of a page is taken from: the result, where it is of that."""
    of_result = page_state(row, page) in (PageState.CLEANED, PageState.OPEN)
    return row.target if row.target is not None and of_result else row.source


def why_not(row: Row, page: int | None = None) -> str:
    """Why a page (the one on the screen) was passed over, if the last job said."""
    return _known(row)[1].get(row.page if page is None else page, "")


def _known(row: Row) -> tuple[Mapping[int, str], Mapping[int, str]]:
    """What became of pages, and why others were passed over."""
    if row.state is State.CLEANING:
        return row.pieces, row.passed_over
    if row.result is None or row.state not in FINISHED:
        return {}, {}
    return row.result.pieces, row.result.passed_over
