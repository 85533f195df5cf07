"""The one style sheet, written from the tokens. Roles are the dynamic property "role"."""

from __future__ import annotations

from desktop_ae.ui.tokens import FONT_FAMILY, Tokens, points

# Pictures that the sheet names, each with the token that colours it. Theme writes them as files
# under the search path "marks:", because a style sheet cannot take an icon from memory.
MARKS = (
    ("chevron-down", "dim"),
    ("chevron-up", "dim"),
    ("check", "on_accent"),
)


def mark_name(name: str, colour: str) -> str:
    return f"{name}-{colour.lstrip('#')}.svg"


def style_sheet(tokens: Tokens, family: str = FONT_FAMILY) -> str:
    parts = (_ground, _labels, _buttons, _rail, _fields, _sliders, _lists, _popups)
    return "\n".join(part(tokens, family) for part in parts)


def _mark(tokens: Tokens, name: str, token: str) -> str:
    return f"url(marks:{mark_name(name, str(getattr(tokens, token)))})"


def _ground(t: Tokens, family: str) -> str:
    return f"""
QWidget {{ font-family: "{family}"; font-size: {points("body")}pt; font-weight: 500; }}
QMainWindow, QDialog, QWizard, #stage {{ background: {t.ground}; }}
#rail, #queue, #inspector, #statusbar {{ background: {t.panel}; border: 0 solid {t.line}; }}
#rail, #queue {{ border-right-width: 1px; }}
#inspector {{ border-left-width: 1px; }}
#statusbar {{ border-top-width: 1px; }}
#card {{ background: {t.card}; border-radius: 12px; }}
#sheet {{ background: {t.panel}; border-radius: 12px; }}
#toast {{ background: {t.panel}; border: 1px solid {t.line}; border-radius: 12px; }}
QSplitter::handle {{ background: {t.line}; }}
QSplitter::handle:horizontal {{ width: 1px; }}
QSplitter::handle:vertical {{ height: 1px; }}
QScrollArea, QScrollArea > QWidget > QWidget, QStackedWidget {{
    background: transparent; border: none; }}
QFrame[role="line"] {{ background: {t.line}; border: none; max-height: 1px; }}
"""


def _labels(t: Tokens, _family: str) -> str:
    return f"""
QLabel {{ color: {t.text}; background: transparent; }}
QLabel:disabled {{ color: {t.off}; }}
QLabel[role="title"] {{ font-size: {points("title")}pt; font-weight: 700; }}
QLabel[role="name"] {{ font-size: {points("name")}pt; font-weight: 600; }}
QLabel[role="strong"] {{ font-weight: 600; }}
QLabel[role="caption"] {{ font-size: {points("caption")}pt; font-weight: 600; color: {t.dim};
    text-transform: uppercase; }}
QLabel[role="dim"] {{ color: {t.dim}; }}
QLabel[role="small"] {{ color: {t.dim}; font-size: {points("caption")}pt; }}
QLabel[role="good"] {{ color: {t.good}; }}
QLabel[role="bad"] {{ color: {t.bad}; }}
"""


def _buttons(t: Tokens, _family: str) -> str:
    # The transparent border is room for the focus ring: without it, focus would move the text.
    return f"""
QPushButton {{ color: {t.text}; background: {t.card}; font-weight: 600; border: 2px solid {t.card};
    border-radius: 8px; padding: 4px 14px; min-height: 18px; }}
QPushButton:hover {{ background: {t.hover}; border-color: {t.hover}; }}
QPushButton:pressed {{ background: {t.line}; border-color: {t.line}; }}
QPushButton:disabled {{ color: {t.off}; }}
QPushButton[role="primary"] {{ color: {t.on_accent}; background: {t.accent};
    border-color: {t.accent}; min-height: 28px; }}
QPushButton[role="primary"]:hover {{ background: {t.accent}; border-color: {t.text}; }}
QPushButton[role="primary"]:pressed {{ background: {t.dim}; border-color: {t.dim}; }}
QPushButton[role="primary"]:disabled {{ color: {t.off}; background: {t.card};
    border-color: {t.card}; }}
QPushButton[role="outline"] {{ background: transparent; border: 1px solid {t.line};
    padding: 5px 15px; min-height: 28px; }}
QPushButton[role="outline"]:hover {{ background: {t.card}; }}
QPushButton[role="outline"]:pressed {{ background: {t.line}; }}
QPushButton[role="quiet"] {{ color: {t.dim}; background: transparent; border-color: transparent;
    padding: 4px 8px; }}
QPushButton[role="quiet"]:hover {{ color: {t.text}; background: {t.card}; border-color: {t.card}; }}
QPushButton[role="warn"] {{ color: {t.bad}; background: transparent; border-color: transparent;
    padding: 4px 8px; }}
QPushButton[role="warn"]:hover {{ background: {t.card}; border-color: {t.card}; }}
QPushButton[role="warn"]:disabled {{ color: {t.off}; }}
QPushButton[role="icon"] {{ padding: 0; min-width: 28px; min-height: 28px; }}
QPushButton[role="segment"] {{ color: {t.dim}; background: transparent;
    border: 2px solid transparent;
    border-radius: 14px; padding: 0 10px; min-height: 24px; }}
QPushButton[role="segment"]:hover {{ color: {t.text}; }}
QPushButton[role="segment"]:checked {{ color: {t.accent}; background: {t.accent_soft};
    border-color: {t.accent_soft}; }}
#segments {{ background: {t.card}; border-radius: 8px; }}
QPushButton[role="choice"] {{ color: {t.dim}; background: transparent;
    border: 2px solid transparent; border-radius: 6px; padding: 0 4px; min-height: 26px;
    font-size: {points("caption")}pt; }}
QPushButton[role="choice"]:hover {{ color: {t.text}; }}
QPushButton[role="choice"]:checked {{ color: {t.accent}; background: {t.accent_soft};
    border-color: {t.accent_soft}; }}
QPushButton[role="tool"] {{ color: {t.dim}; background: transparent; border: 2px solid transparent;
    border-radius: 6px; padding: 0 5px; min-height: 26px; }}
QPushButton[role="tool"]:hover {{ color: {t.text}; background: {t.hover};
    border-color: {t.hover}; }}
QPushButton[role="tool"]:checked {{ color: {t.accent}; background: {t.accent_soft};
    border-color: {t.accent_soft}; }}
QPushButton[role="tool"]:disabled {{ color: {t.off}; background: transparent;
    border-color: transparent; }}
QPushButton[role="segment"]:disabled, QPushButton[role="quiet"]:disabled {{ color: {t.off};
    background: transparent; border-color: transparent; }}
QPushButton:focus, QPushButton[role="quiet"]:focus, QPushButton[role="segment"]:focus,
QPushButton[role="choice"]:focus, QPushButton[role="tool"]:focus,
QPushButton[role="warn"]:focus {{ border-color: {t.accent}; }}
QPushButton[role="outline"]:focus {{ border: 2px solid {t.accent}; padding: 4px 14px; }}
QPushButton[role="primary"]:focus {{ border-color: {t.text}; }}
#pill {{ background: {t.panel}; border: 1px solid {t.line}; border-radius: 20px; }}
#pill QPushButton[role="quiet"] {{ padding: 0 5px; min-height: 24px; border-radius: 8px; }}
#pill QPushButton#level {{ color: {t.text}; padding: 0 1px; min-width: 46px; }}
QToolButton {{ color: {t.text}; background: transparent; border: 2px solid transparent;
    border-radius: 8px; padding: 2px; }}
QToolButton:hover {{ background: {t.hover}; }}
QToolButton:focus {{ border-color: {t.accent}; }}
"""


def _rail(t: Tokens, _family: str) -> str:
    return f"""
QToolButton[role="rail"] {{ color: {t.dim}; font-size: {points("caption")}pt; font-weight: 600;
    border-radius: 12px; padding: 6px 0 4px 0; min-width: 64px; max-width: 72px;
    min-height: 50px; }}
QToolButton[role="rail"]:hover {{ background: {t.card}; }}
QToolButton[role="rail"]:checked {{ color: {t.accent}; background: {t.accent_soft}; }}
QToolButton[role="rail"]:focus {{ border-color: {t.accent}; }}
"""


def _fields(t: Tokens, _family: str) -> str:
    return f"""
QLineEdit, QComboBox, QSpinBox, QDoubleSpinBox, QPlainTextEdit, QTextEdit {{ color: {t.text};
    background: {t.card}; border: 2px solid {t.card}; border-radius: 8px; padding: 0 12px;
    min-height: 34px; selection-background-color: {t.accent};
    selection-color: {t.on_accent}; }}
QLineEdit:hover, QComboBox:hover {{ background: {t.hover}; border-color: {t.hover}; }}
QLineEdit:focus, QComboBox:focus, QSpinBox:focus, QDoubleSpinBox:focus, QPlainTextEdit:focus,
QTextEdit:focus {{ border-color: {t.accent}; }}
QLineEdit:disabled, QComboBox:disabled, QSpinBox:disabled {{ color: {t.off}; }}
QLineEdit[invalid="true"] {{ border-color: {t.bad}; }}
QComboBox::drop-down {{ border: none; width: 34px; subcontrol-position: center right; }}
QComboBox::down-arrow {{ image: {_mark(t, "chevron-down", "dim")}; width: 20px; height: 20px; }}
QComboBox QAbstractItemView {{ color: {t.text}; background: {t.panel}; border: 1px solid {t.line};
    border-radius: 8px; padding: 4px; outline: none; selection-background-color: {t.accent_soft};
    selection-color: {t.text}; }}
QComboBox QAbstractItemView::item {{ min-height: 30px; padding: 0 8px; border-radius: 6px; }}
#facts {{ background: transparent; border: 2px solid transparent; padding: 0 8px 0 18px; }}
#facts:focus {{ border-color: {t.accent}; }}
QSpinBox::up-button, QSpinBox::down-button, QDoubleSpinBox::up-button,
QDoubleSpinBox::down-button {{ border: none; width: 24px; background: transparent; }}
QSpinBox::up-arrow, QDoubleSpinBox::up-arrow {{ width: 14px; height: 14px;
    image: {_mark(t, "chevron-up", "dim")}; }}
QSpinBox::down-arrow, QDoubleSpinBox::down-arrow {{ width: 14px; height: 14px;
    image: {_mark(t, "chevron-down", "dim")}; }}
QCheckBox, QRadioButton {{ color: {t.text}; spacing: 10px; padding: 2px;
    border: 2px solid transparent; border-radius: 8px; }}
QCheckBox:focus, QRadioButton:focus {{ border-color: {t.accent}; }}
QCheckBox::indicator, QRadioButton::indicator {{ width: 16px; height: 16px; background: {t.card};
    border: 1px solid {t.dim}; }}
QCheckBox::indicator {{ border-radius: 5px; }}
QRadioButton::indicator {{ border-radius: 9px; }}
QCheckBox::indicator:checked {{ background: {t.accent}; border-color: {t.accent};
    image: {_mark(t, "check", "on_accent")}; }}
QRadioButton::indicator:checked {{ width: 8px; height: 8px; border: 5px solid {t.accent};
    background: {t.on_accent}; }}
"""


def _sliders(t: Tokens, _family: str) -> str:
    return f"""
QSlider {{ min-height: 24px; border: 2px solid transparent; border-radius: 8px; }}
QSlider:focus {{ border-color: {t.accent}; }}
QSlider::groove:horizontal {{ height: 4px; border-radius: 2px; background: {t.line}; }}
QSlider::sub-page:horizontal {{ border-radius: 2px; background: {t.accent}; }}
QSlider::sub-page:horizontal:disabled {{ background: {t.dim}; }}
QSlider::handle:horizontal {{ width: 12px; height: 12px; margin: -6px 0; border-radius: 8px;
    background: {t.accent}; border: 2px solid {t.panel}; }}
QSlider::handle:horizontal:hover {{ background: {t.text}; }}
QSlider::handle:horizontal:disabled {{ background: {t.dim}; }}
QProgressBar {{ background: {t.line}; border: none; border-radius: 2px; min-height: 4px;
    max-height: 4px; color: transparent; }}
QProgressBar::chunk {{ background: {t.accent}; border-radius: 2px; }}
QScrollBar {{ background: transparent; border: none; }}
QScrollBar:vertical {{ width: 10px; margin: 2px; }}
QScrollBar:horizontal {{ height: 10px; margin: 2px; }}
QScrollBar::handle {{ background: {t.line}; border-radius: 3px; }}
QScrollBar::handle:vertical {{ min-height: 32px; }}
QScrollBar::handle:horizontal {{ min-width: 32px; }}
QScrollBar::handle:hover {{ background: {t.dim}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
"""


def _lists(t: Tokens, _family: str) -> str:
    return f"""
QAbstractItemView {{ color: {t.text}; background: transparent; border: none; outline: none;
    selection-background-color: {t.accent_soft}; selection-color: {t.text}; }}
QListView::item, QTreeView::item {{ border-radius: 8px; padding: 4px 8px; }}
QListView::item:hover, QTreeView::item:hover, QTableView::item:hover {{ background: {t.card}; }}
QListView::item:selected, QTreeView::item:selected, QTableView::item:selected {{
    color: {t.text}; background: {t.accent_soft}; }}
#models {{ selection-background-color: transparent; }}
#models::item:hover, #models::item:selected {{ background: transparent; }}
QTableView {{ gridline-color: {t.line}; }}
QTableView::item {{ padding: 4px 8px; border: none; }}
QHeaderView::section {{ color: {t.dim}; background: transparent; border: none;
    border-bottom: 1px solid {t.line}; padding: 6px 8px; font-size: {points("caption")}pt;
    font-weight: 600; }}
QTableCornerButton::section {{ background: transparent; border: none; }}
"""


def _popups(t: Tokens, _family: str) -> str:
    return f"""
QMenu {{ color: {t.text}; background: {t.panel}; border: 1px solid {t.line}; padding: 6px; }}
QMenu::item {{ padding: 7px 28px 7px 12px; border-radius: 6px; background: transparent; }}
QMenu::item:selected {{ background: {t.accent_soft}; }}
QMenu::item:disabled {{ color: {t.off}; }}
QMenu::icon {{ padding-left: 8px; }}
QMenu::separator {{ height: 1px; background: {t.line}; margin: 6px 8px; }}
QToolTip {{ color: {t.text}; background: {t.card}; border: 1px solid {t.line}; padding: 5px 8px; }}
"""
