"""Light and dark: palette, fonts and icons in the colours of the tokens, and changes of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QByteArray, QDir, QObject, QRectF, QSize, Qt, QTemporaryDir, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QGuiApplication,
    QIcon,
    QPainter,
    QPalette,
    QPixmap,
)
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QApplication, QStyleFactory

from desktop_ae.places import shipped
from desktop_ae.ui.style_sheet import MARKS, mark_name, style_sheet
from desktop_ae.ui.tokens import DARK, FONT_FAMILY, LIGHT, Tokens, points

__all__ = [
    "DARK",
    "LIGHT",
    "Theme",
    "Tokens",
    "colour",
    "dress",
    "font",
    "icon",
    "pixmap",
    "style_sheet",
    "theme",
]

MODES = ("system", "light", "dark")
_WEIGHTS = {
    "caption": QFont.Weight.DemiBold,
    "body": QFont.Weight.Medium,
    "name": QFont.Weight.DemiBold,
    "title": QFont.Weight.Bold,
}


class Theme(QObject):
    """The tokens in force. Widgets that paint read `tokens` and repaint on `changed`.

    Signals: changed() after palette and style sheet are in place; icons want to be made again.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._mode = "system"
        self._app: QApplication | None = None
        self._marks = QTemporaryDir()
        self._family = _find_family()
        self._tokens = DARK if _system_is_dark() else LIGHT
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._on_scheme_changed)

    @property
    def tokens(self) -> Tokens:
        return self._tokens

    @property
    def mode(self) -> str:
        return self._mode

    @property
    def family(self) -> str:
        return self._family

    def set_mode(self, mode: str) -> None:
        """Follow the system, or stay "light" or "dark". ValueError for anything else."""
        if mode not in MODES:
            raise ValueError(f"There is no colour mode {mode!r}; it is one of {', '.join(MODES)}.")
        self._mode = mode
        # The system draws the frame and its own dialogs: they are told as well.
        hints = QGuiApplication.styleHints()
        hints.setColorScheme(
            {
                "system": Qt.ColorScheme.Unknown,
                "light": Qt.ColorScheme.Light,
                "dark": Qt.ColorScheme.Dark,
            }[mode]
        )
        self._refresh()

    def apply(self, app: QApplication) -> None:
        """Dress the whole program; from now on every change of mode dresses it again."""
        self._app = app
        app.setStyle(QStyleFactory.create("Fusion"))
        self._dress_app()

    def font(self, role: str = "body") -> QFont:
        """The type of "caption", "body", "name" or "title", for what is painted by hand."""
        font = QFont(self._family)
        font.setPointSizeF(points(role))
        font.setWeight(_WEIGHTS[role])
        return font

    def _on_scheme_changed(self, _scheme: object) -> None:
        self._refresh()

    def _refresh(self) -> None:
        dark = _system_is_dark() if self._mode == "system" else self._mode == "dark"
        tokens = DARK if dark else LIGHT
        if tokens is self._tokens:
            return
        self._tokens = tokens
        self._dress_app()
        self.changed.emit()

    def _dress_app(self) -> None:
        if self._app is None:
            return
        self._write_marks()
        self._app.setPalette(_palette(self._tokens))
        self._app.setFont(self.font())
        self._app.setStyleSheet(style_sheet(self._tokens, self._family))

    def _write_marks(self) -> None:
        """Leave the small pictures that a style sheet can name only as files, in our colours."""
        folder = Path(self._marks.path())
        QDir.setSearchPaths("marks", [str(folder)])
        for name, token in MARKS:
            colour_text = str(getattr(self._tokens, token))
            target = folder / mark_name(name, colour_text)
            if not target.exists():
                target.write_bytes(_tinted(name, QColor(colour_text)))


_theme: Theme | None = None


def theme() -> Theme:
    """The one Theme. Made at the first call, which must come after the QApplication."""
    global _theme
    if _theme is None:
        _theme = Theme()
    return _theme


def font(role: str = "body") -> QFont:
    return theme().font(role)


def colour(role: str) -> QColor:
    """A token as a QColor, by its name."""
    return QColor(getattr(theme().tokens, role))


def pixmap(name: str, role: str = "dim", size: int = 24, ratio: float = 1.0) -> QPixmap:
    """One icon in a token's colour, `size` logical pixels wide, drawn at that pixel ratio.

    FileNotFoundError where resources/icons has no such picture.
    """
    return _painted(name, colour(role), size, ratio)


def icon(name: str, role: str = "dim", size: int = 24, checked: str | None = None) -> QIcon:
    """An icon at pixel ratio 1 and 2; `checked` is the token for the On state (rail, segments).

    It keeps today's colours: use dress(), or make it again on Theme.changed.
    """
    made = QIcon()
    faded = colour("off")
    for ratio in (1.0, 2.0):
        off = _painted(name, colour(role), size, ratio)
        on = off if checked is None else _painted(name, colour(checked), size, ratio)
        made.addPixmap(off, QIcon.Mode.Normal, QIcon.State.Off)
        made.addPixmap(on, QIcon.Mode.Normal, QIcon.State.On)
        disabled = _painted(name, faded, size, ratio)
        made.addPixmap(disabled, QIcon.Mode.Disabled, QIcon.State.Off)
        made.addPixmap(disabled, QIcon.Mode.Disabled, QIcon.State.On)
    return made


def dress(
    button: QAbstractButton,
    name: str,
    role: str = "dim",
    size: int = 24,
    checked: str | None = None,
) -> None:
    """Give a button an icon that follows the theme. Calling it again replaces the icon."""
    undo = getattr(button, "_undress", None)
    if callable(undo):
        undo()

    def put_on() -> None:
        button.setIcon(icon(name, role, size, checked))

    button.setIconSize(QSize(size, size))
    put_on()
    follower = _Follower(button, put_on)
    button._undress = follower.stop  # type: ignore[attr-defined]


class _Follower(QObject):
    """Calls back on each change of theme for as long as its parent lives."""

    def __init__(self, parent: QObject, call: Callable[[], None]) -> None:
        super().__init__(parent)
        self._call = call
        theme().changed.connect(self._on_changed)

    def _on_changed(self) -> None:
        self._call()

    def stop(self) -> None:
        theme().changed.disconnect(self._on_changed)
        self.deleteLater()


def _painted(name: str, tint: QColor, size: int, ratio: float) -> QPixmap:
    renderer = QSvgRenderer(QByteArray(_tinted(name, tint)))
    side = round(size * ratio)
    painted = QPixmap(side, side)
    painted.fill(Qt.GlobalColor.transparent)
    painter = QPainter(painted)
    painter.setOpacity(tint.alphaF())
    renderer.render(painter, QRectF(0, 0, side, side))
    painter.end()
    painted.setDevicePixelRatio(ratio)
    return painted


def _tinted(name: str, tint: QColor) -> bytes:
    drawing = (shipped("resources") / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    return re.sub("currentColor", tint.name(), drawing).encode()


def _system_is_dark() -> bool:
    return QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark


def _find_family() -> str:
    """Inter, bundled or installed; else what the system writes with."""
    folder = shipped("resources") / "fonts"
    for file in sorted(folder.glob("*.[ot]tf")):
        QFontDatabase.addApplicationFont(str(file))
    if FONT_FAMILY in QFontDatabase.families():
        return FONT_FAMILY
    return QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).family()


def _palette(tokens: Tokens) -> QPalette:
    role = QPalette.ColorRole
    palette = QPalette()
    for name, token in (
        (role.Window, tokens.ground),
        (role.WindowText, tokens.text),
        (role.Base, tokens.card),
        (role.AlternateBase, tokens.panel),
        (role.Text, tokens.text),
        (role.PlaceholderText, tokens.dim),
        (role.Button, tokens.card),
        (role.ButtonText, tokens.text),
        (role.BrightText, tokens.bright),
        (role.Highlight, tokens.accent),
        (role.HighlightedText, tokens.on_accent),
        (role.Link, tokens.accent),
        (role.LinkVisited, tokens.accent),
        (role.ToolTipBase, tokens.card),
        (role.ToolTipText, tokens.text),
        (role.Accent, tokens.accent),
        (role.Light, tokens.hover),
        (role.Midlight, tokens.hover),
        (role.Mid, tokens.line),
        (role.Dark, tokens.line),
        (role.Shadow, tokens.ground),
    ):
        palette.setColor(name, QColor(token))
    for name in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, name, QColor(tokens.off))
    return palette
