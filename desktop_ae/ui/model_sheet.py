"""A model's card in full, and what can be done with the model."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any

from PySide6.QtCore import Qt, QUrl
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QTextBrowser, QVBoxLayout, QWidget

from desktop_ae.core.card import ModelCard
from desktop_ae.ui.model_words import Measure, ModelWords
from desktop_ae.ui.models_table import Entry
from desktop_ae.ui.theme import dress, theme
from desktop_ae.ui.tokens import points
from desktop_ae.ui.wording import translated

_WIDTH = 328


class ModelSheet(QWidget):
    """The column at the right of the Models page; empty until it is shown an entry."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("inspector")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(_WIDTH)
        self._words = ModelWords()
        self._entry: Entry | None = None
        self.title = _label("name")
        self.summary = _label("dim")
        self.make_default = QPushButton()
        self.make_default.setProperty("role", "primary")
        self.export = QPushButton(self.tr("Export…"))
        self.export.setToolTip(self.tr("Write this model into one file"))
        dress(self.export, "export", "text", 18)
        self.delete = QPushButton(self.tr("Delete"))
        self.delete.setProperty("role", "warn")
        dress(self.delete, "remove", "bad", 18)
        self.facts = _Facts()
        self.facts.setAccessibleName(self.tr("The card in full"))
        self._lay_out()
        theme().changed.connect(self._write)
        self.show_entry(None)

    def show_entry(self, entry: Entry | None) -> None:
        self._entry = entry
        self.setEnabled(entry is not None)
        self.title.setText(translated(entry.card.title) if entry else "")
        self.summary.setText(translated(entry.card.summary) if entry else "")
        is_default = entry is not None and entry.is_default
        self.make_default.setText(
            self.tr("Is the default") if is_default else self.tr("Make it the default")
        )
        self.make_default.setEnabled(entry is not None and not is_default)
        self.make_default.setToolTip(self.tr("Its task begins with it from then on (Return)"))
        self.delete.setEnabled(entry is not None and entry.is_own)
        self.delete.setToolTip(
            self.tr("Delete this model (Del)")
            if self.delete.isEnabled()
            else self.tr("It came with the program and stays.")
        )
        self._write()

    def _lay_out(self) -> None:
        head = QVBoxLayout()
        head.setContentsMargins(20, 24, 20, 12)
        head.setSpacing(8)
        head.addWidget(self.title)
        head.addWidget(self.summary)
        head.addSpacing(4)
        head.addWidget(self.make_default)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.export, 1)
        row.addWidget(self.delete, 1)
        head.addLayout(row)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addLayout(head)
        outer.addWidget(self.facts, 1)

    def _write(self) -> None:
        self.facts.setHtml(self._html(self._entry) if self._entry else "")

    def _html(self, entry: Entry) -> str:
        card, words = entry.card, self._words
        measures = words.measures(card)
        parts = [_section(self.tr("About"), _pairs(self._about(entry)))]
        if measures:
            head = ("", self.tr("Before"), self.tr("After"))
            parts.append(_section(self.tr("What was measured"), _measured(measures, head)))
        if card.data:
            sources = [
                f"{escape(str(one.get('name', '')))}<br>{_dim(one.get('licence', ''))}"
                for one in card.data
            ]
            parts.append(_section(self.tr("Learned from"), _paragraphs(sources)))
        for title, facts in (
            (self.tr("Training"), words.training(card)),
            (self.tr("Recipe"), words.recipe(card)),
            (self.tr("Network"), self._network(card)),
        ):
            if facts:
                parts.append(_section(title, _pairs(facts)))
        return "".join(parts)

    def _about(self, entry: Entry) -> list[tuple[str, str]]:
        card, words = entry.card, self._words
        return [
            (self.tr("Task"), words.task(card.task)),
            (self.tr("From"), words.source(entry.is_own)),
            (self.tr("Id"), card.id),
            (self.tr("Made from"), card.parent or self.tr("nothing: trained anew")),
            (self.tr("Size"), words.size(card.bytes)),
            (self.tr("Date"), words.date(card)),
        ]

    def _network(self, card: ModelCard) -> list[tuple[str, str]]:
        arguments = [(str(k).replace("_", " "), str(v)) for k, v in card.arguments.items()]
        return [(self.tr("Kind"), card.net), *arguments, ("sha256", card.sha256)]


class _Facts(QTextBrowser):
    """Text that can be marked and copied. It opens nothing, and loads nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("facts")
        self.setOpenLinks(False)
        self.setTabChangesFocus(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(0)

    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        return None


def _section(title: str, content: str) -> str:
    tint, size = theme().tokens.dim, points("caption")
    style = f"color:{tint}; font-size:{size}pt; font-weight:600; margin:14px 0 4px 0"
    return f'<p style="{style}">{escape(title.upper())}</p>{content}'


def _pairs(facts: Iterable[tuple[str, str]]) -> str:
    rows = (
        f'<tr><td width="36%" style="padding:2px 12px 2px 0">{_dim(name)}</td>'
        f'<td style="padding:2px 0">{escape(value)}</td></tr>'
        for name, value in facts
    )
    return f'<table cellspacing="0" width="97%">{"".join(rows)}</table>'


def _measured(measures: Iterable[Measure], head: tuple[str, str, str]) -> str:
    cell = 'align="right" style="padding:2px 0 2px 12px"'
    rows = [f"<tr><td></td><td {cell}>{_dim(head[1])}</td><td {cell}>{_dim(head[2])}</td></tr>"]
    for one in measures:
        name = f"{escape(one.data)}<br>{_dim(one.figure)}"
        before, after = _dim(one.untouched), f"<b>{escape(one.model)}</b>"
        rows.append(
            f'<tr><td style="padding:2px 0">{name}</td>'
            f"<td {cell}>{before}</td><td {cell}>{after}</td></tr>"
        )
    return f'<table cellspacing="0" width="97%">{"".join(rows)}</table>'


def _paragraphs(texts: Iterable[str]) -> str:
    return "".join(f'<p style="margin:2px 0 6px 0">{text}</p>' for text in texts)


def _dim(text: object) -> str:
    return f'<span style="color:{theme().tokens.dim}">{escape(str(text))}</span>'


def _label(role: str) -> QLabel:
    """Plain: what a stranger's card says is never taken for markup."""
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setProperty("role", role)
    return label
