from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QImage
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from desktop_ae.places import shipped
from desktop_ae.ui import theme as theme_module
from desktop_ae.ui.theme import DARK, LIGHT, Theme, Tokens, dress, icon, pixmap, style_sheet, theme

ICONS = sorted((shipped("resources") / "icons").glob("*.svg"))
ASKED_FOR = {
    *("photo", "watermark", "document", "audio", "ecg", "finetune", "models", "settings"),
    *("plus", "drop", "chevron-down", "wipe", "play", "pause", "stop", "retry", "remove"),
    *("folder", "check", "warning", "info", "copy", "zoom-in", "zoom-out", "fit", "sample"),
    *("eye", "close", "app"),
}


@pytest.fixture
def dark(qapp: QApplication) -> Iterator[Theme]:
    worn = theme()
    worn.set_mode("dark")
    worn.apply(qapp)
    yield worn
    worn.set_mode("system")


def luminance(colour: str) -> float:
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def ink(image: QImage) -> set[str]:
    """The colours of all fully opaque pixels."""
    return {
        image.pixelColor(x, y).name()
        for x in range(image.width())
        for y in range(image.height())
        if image.pixelColor(x, y).alpha() == 255
    }


@pytest.mark.parametrize("tokens", [DARK, LIGHT], ids=["dark", "light"])
@pytest.mark.parametrize("ground", ["ground", "panel", "card", "accent_soft"])
@pytest.mark.parametrize("text", ["text", "dim", "accent", "good", "bad"])
def test_text_can_be_read_on_every_ground(tokens: Tokens, text: str, ground: str) -> None:
    assert contrast(getattr(tokens, text), getattr(tokens, ground)) >= 4.5


@pytest.mark.parametrize("tokens", [DARK, LIGHT], ids=["dark", "light"])
def test_text_can_be_read_on_the_primary_button(tokens: Tokens) -> None:
    assert contrast(tokens.on_accent, tokens.accent) >= 4.5


@pytest.mark.parametrize("tokens", [DARK, LIGHT], ids=["dark", "light"])
def test_a_badge_can_be_read_even_on_a_white_picture(tokens: Tokens) -> None:
    shade = QColor(tokens.shade)
    over_white = QColor(
        *(
            round(part * shade.alphaF() + 255 * (1 - shade.alphaF()))
            for part in (shade.red(), shade.green(), shade.blue())
        )
    )
    assert contrast(tokens.bright, over_white.name()) >= 4.5


@pytest.mark.parametrize("tokens", [DARK, LIGHT], ids=["dark", "light"])
def test_the_style_sheet_has_no_colour_but_the_tokens(tokens: Tokens) -> None:
    known = {getattr(tokens, name) for name in Tokens.__slots__ if name != "dark"}
    used = set(re.findall(r"#[0-9a-fA-F]{6,8}\b", style_sheet(tokens)))
    assert used
    assert used <= known


def test_no_widget_names_a_colour_of_its_own() -> None:
    folder = Path(theme_module.__file__).parent
    named = re.compile(
        r"""["']#[0-9a-fA-F]{3,8}["']|QColor\(\s*["'\d]|GlobalColor\.(?!transparent)"""
    )
    guilty = [
        file.name
        for file in sorted(folder.glob("*.py"))
        if file.name != "tokens.py" and named.search(file.read_text(encoding="utf-8"))
    ]
    assert guilty == []


def test_every_icon_that_the_window_needs_is_there() -> None:
    assert {file.stem for file in ICONS} >= ASKED_FOR


@pytest.mark.parametrize("file", ICONS, ids=[file.stem for file in ICONS])
def test_an_icon_is_drawn_in_the_colour_asked_for(dark: Theme, file: Path) -> None:
    drawn = pixmap(file.stem, "bad", 48).toImage()
    assert ink(drawn)
    if file.stem != "app":
        assert ink(drawn) == {DARK.bad}


@pytest.mark.parametrize("file", ICONS, ids=[file.stem for file in ICONS])
def test_an_icon_keeps_clear_of_its_edge(dark: Theme, file: Path) -> None:
    drawn = pixmap(file.stem, "text", 48).toImage()
    edge = [(n, m) for n in range(48) for m in (0, 47)]
    assert not any(drawn.pixelColor(*at).alpha() for at in edge)
    assert not any(drawn.pixelColor(*reversed(at)).alpha() for at in edge)


def test_an_icon_has_twice_the_pixels_on_a_fine_screen(dark: Theme) -> None:
    fine = pixmap("photo", "dim", 24, 2.0)
    assert (fine.width(), fine.deviceIndependentSize().width()) == (48, 24)
    sizes = icon("photo").availableSizes()
    assert sorted(size.width() for size in sizes) == [24, 48]


def test_a_checked_icon_takes_its_other_colour(dark: Theme) -> None:
    worn = icon("stop", "dim", 48, checked="accent")
    off = worn.pixmap(48, QIcon.Mode.Normal, QIcon.State.Off).toImage()
    on = worn.pixmap(48, QIcon.Mode.Normal, QIcon.State.On).toImage()
    assert (ink(off), ink(on)) == ({DARK.dim}, {DARK.accent})


def test_an_icon_that_is_not_there_is_an_error(dark: Theme) -> None:
    with pytest.raises(FileNotFoundError):
        pixmap("no-such-icon")


def test_a_dressed_button_changes_with_the_theme(dark: Theme, qtbot: QtBot) -> None:
    button = QPushButton()
    qtbot.addWidget(button)
    dress(button, "photo", "text", 48)
    dress(button, "stop", "text", 48)  # replaces, and the first no longer answers
    assert ink(button.icon().pixmap(48).toImage()) == {DARK.text}
    dark.set_mode("light")
    assert ink(button.icon().pixmap(48).toImage()) == {LIGHT.text}


def test_a_deleted_dressed_button_does_not_trouble_the_theme(dark: Theme) -> None:
    button = QPushButton()
    dress(button, "stop")
    button.deleteLater()
    QApplication.sendPostedEvents(button, 52)  # DeferredDelete
    dark.set_mode("light")
    assert dark.tokens is LIGHT


def test_a_change_of_mode_is_told_once(dark: Theme, qtbot: QtBot) -> None:
    told: list[None] = []
    dark.changed.connect(lambda: told.append(None))
    dark.set_mode("dark")
    assert told == []
    dark.set_mode("light")
    assert len(told) == 1
    assert dark.tokens is LIGHT


def test_an_unknown_mode_is_refused(dark: Theme) -> None:
    with pytest.raises(ValueError, match="sepia"):
        dark.set_mode("sepia")


def test_system_mode_follows_the_system(dark: Theme, monkeypatch: pytest.MonkeyPatch) -> None:
    dark.set_mode("system")
    hints = QGuiApplication.styleHints()
    for is_dark, tokens in ((True, DARK), (False, LIGHT), (True, DARK)):
        monkeypatch.setattr(theme_module, "_system_is_dark", lambda answer=is_dark: answer)
        hints.colorSchemeChanged.emit(Qt.ColorScheme.Unknown)
        assert dark.tokens is tokens


def test_a_chosen_mode_does_not_follow_the_system(
    dark: Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(theme_module, "_system_is_dark", lambda: False)
    QGuiApplication.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Light)
    assert dark.tokens is DARK


def test_the_palette_and_the_type_reach_the_widgets(dark: Theme, qtbot: QtBot) -> None:
    label = QLabel("Photos")
    label.setProperty("role", "title")
    qtbot.addWidget(label)
    label.ensurePolished()
    assert label.palette().color(label.foregroundRole()).name() == DARK.text
    assert QApplication.palette().window().color().name() == DARK.ground
    assert label.font().family() == dark.family
    assert label.fontInfo().pixelSize() == 20


def test_a_focused_field_is_outlined_in_the_accent(dark: Theme, qtbot: QtBot) -> None:
    button = QPushButton("Pause")
    qtbot.addWidget(button)
    button.resize(100, 32)
    with qtbot.waitExposed(button, timeout=5000):
        button.show()
    button.clearFocus()
    plain = ink(button.grab().toImage())
    button.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(button.hasFocus, timeout=5000)
    assert DARK.accent not in plain
    assert DARK.accent in ink(button.grab().toImage())
