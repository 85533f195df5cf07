"""The colours and sizes that the whole window is made from. No other file names a colour."""

from __future__ import annotations

import sys
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tokens:
    """One palette. Colours are "#rrggbb", or "#aarrggbb" where they let a picture show through.

    text, dim, accent, good and bad reach 4.5:1 (WCAG AA) on ground, panel, card and accent_soft.
    The light dim, accent, good and bad are for that a little darker than in the first drawings.
    """

    dark: bool
    ground: str  # behind everything
    panel: str  # rail, queue, inspector, status bar
    card: str  # fields, cards, the stage of a picture
    hover: str  # a card under the pointer
    line: str
    text: str
    dim: str
    off: str  # text of what is disabled; below AA on purpose, as WCAG allows for it
    accent: str
    accent_soft: str  # behind what is selected
    on_accent: str  # text on accent
    good: str
    bad: str
    shade: str  # behind labels that lie on a picture
    bright: str  # text on shade, the knob of a switch, the wipe line: the same in both palettes
    mask: str  # the outline of what is marked on a picture, and its tint: warm in both palettes
    mask_soft: str
    check: str  # the darker squares under a picture that lets light through; the others are card
    paper: str  # of an ECG, with the lines of its millimetres and of every fifth of them
    grid: str
    grid_bold: str
    original: str  # a curve that stands behind the cleaned one
    heat: tuple[str, ...]  # of a spectrogram, from quiet to loud, evenly spaced to the eye


DARK = Tokens(
    dark=True,
    ground="#15171b",
    panel="#1c1f25",
    card="#242830",
    hover="#2c313b",
    line="#2f343d",
    text="#e9ecf1",
    dim="#98a1af",
    off="#626b79",
    accent="#4ea1ff",
    accent_soft="#1c3353",
    on_accent="#0b1b30",
    good="#46c281",
    bad="#ff6b6b",
    shade="#b0101216",
    bright="#ffffff",
    mask="#ff7a2f",
    mask_soft="#80ff7a2f",
    check="#343a45",
    paper="#1d1a1e",
    grid="#272127",
    grid_bold="#382c33",
    original="#6d6670",
    heat=(
        *("#171630", "#2a2358", "#48368a", "#783f97"),
        *("#a84891", "#d85e78", "#f38863", "#fcbc7c", "#fdf0ba"),
    ),
)

LIGHT = Tokens(
    dark=False,
    ground="#f4f5f7",
    panel="#ffffff",
    card="#f0f2f5",
    hover="#e6e9ee",
    line="#dfe3e8",
    text="#1c2430",
    dim="#5f6977",
    off="#a0a8b4",
    accent="#1561d1",
    accent_soft="#e1edfc",
    on_accent="#ffffff",
    good="#157a46",
    bad="#c43232",
    shade="#b0101216",
    bright="#ffffff",
    mask="#ff7a2f",
    mask_soft="#80ff7a2f",
    check="#d9dee5",
    paper="#fffdfc",
    grid="#fbebe8",
    grid_bold="#f3cfc9",
    original="#a99fa4",
    heat=(
        *("#f6f7fb", "#e3e0f3", "#c6bbe6", "#a68dd6"),
        *("#8f5fc0", "#8a3c9f", "#7b2176", "#561249", "#2b0a24"),
    ),
)

FONT_FAMILY = "Inter"
# Sizes in the drawings' pixels. A style sheet and QFont take whole pixels only, so 12.5 px has to
# be asked for in points; that also lets a person's larger system font make everything larger.
FONT_SIZES_PX = {"caption": 11.0, "body": 12.5, "name": 14.0, "title": 20.0}
_POINTS_PER_PX = 1.0 if sys.platform == "darwin" else 0.75


def points(role: str) -> float:
    """The size of "caption", "body", "name" or "title" in points on this system."""
    return FONT_SIZES_PX[role] * _POINTS_PER_PX
