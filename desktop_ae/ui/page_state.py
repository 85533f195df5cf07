"""What is known of one page of a row."""

from __future__ import annotations

from enum import Enum, auto

from desktop_ae.ui.queue_model import FINISHED, Row, State


class PageState(Enum):
    OPEN = auto()  # not cleaned yet, or nothing is known
    LEFT_OUT = auto()  # by the person, next time if not last time
    CLEANING = auto()
    DONE = auto()  # while others are still being cleaned
    CLEANED = auto()
    UNCHANGED = auto()  # looked at, and clean already
    NOTHING = auto()  # nothing of it can be cleaned: it holds no picture


_BECAME = {
    "cleaned": PageState.CLEANED,
    "unchanged": PageState.UNCHANGED,
    "left out": PageState.OPEN,  # then; now it is wanted
}


def page_state(row: Row, page: int) -> PageState:
    if page in row.left_out:
        return PageState.LEFT_OUT
    if row.state is State.CLEANING:
        if page == row.piece:
            return PageState.CLEANING
        return PageState.DONE if page < row.piece else PageState.OPEN
    result = row.result
    if result is None or row.state not in FINISHED or result.status == "skipped":
        return PageState.OPEN
    return _BECAME.get(result.pieces.get(page, ""), PageState.NOTHING)


def why_not(row: Row, page: int | None = None) -> str:
    """Why a page (the one on the screen) had nothing to clean, if the last job said."""
    if row.result is None:
        return ""
    return row.result.passed_over.get(row.page if page is None else page, "")
