"""The compare view of ECGs: leads on paper, before faint under after."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop_ae.ui.ecg_beats import Beats, Span, next_after
from desktop_ae.ui.ecg_board import EcgBoard
from desktop_ae.ui.ecg_data import Facts, Record, Shelf
from desktop_ae.ui.ecg_overview import EcgOverview
from desktop_ae.ui.ecg_preview import EcgPreview
from desktop_ae.ui.ecg_rates import EcgRates
from desktop_ae.ui.ecg_sheet import Layers
from desktop_ae.ui.ecg_tools import EcgTools
from desktop_ae.ui.ecg_traces import FileTrace
from desktop_ae.ui.ecg_words import EcgWords
from desktop_ae.ui.errands import Errands

_BEATS_EVERY_MS = 80
_STEP_SHARE, _PAGE_SHARE = 0.15, 0.9
_ZOOM_STEP = 1.6


class EcgView(QWidget):
    """Heart rates, leads, the whole recording in a strip, and the scale.

    Signals:
        rested(): another part is visible.
        failed(error: Exception): the original cannot be read.
    """

    rested = Signal()
    failed = Signal(object)

    def __init__(self, errands: Errands, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = EcgWords()
        self._facts: Facts | None = None
        self._shelf: Shelf | None = None
        self._preview: EcgPreview | None = None
        self._held = False
        self._note = self._word = ""
        self._result_error = ""
        self.before = FileTrace(errands, self)
        self.after = FileTrace(errands, self)
        self.board = EcgBoard()
        self.rates = EcgRates()
        self.overview = EcgOverview(self.board)
        self.tools = EcgTools()
        self._counting = QTimer(self)
        self._counting.setSingleShot(True)
        self._counting.setInterval(_BEATS_EVERY_MS)
        self._counting.timeout.connect(self._count_beats)
        self.board.setAccessibleName(self.tr("Compare view"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for part in (self.rates, self.board, self.overview, self.tools):
            column.addWidget(part, 1 if part is self.board else 0)
        self.setFocusProxy(self.board)
        self._connect()
        self._on_layers()
        self.show_recording(None, None, None)

    # --- what is shown

    def show_recording(
        self, facts: Facts | None, record: Record | None, shelf: Shelf | None
    ) -> None:
        """Another recording; None empties the view."""
        self._facts, self._shelf, self._preview = facts, shelf, None
        self.before.show(record, facts, shelf)
        self.after.show(None, None, None)
        self.board.show_facts(facts)
        self.board.show_traces(self.before if facts else None, None)
        self.overview.show_recording(facts, self.before.survey)
        self.set_no_after("")
        self._count_beats()
        self.want()

    def set_after_file(self, record: Record) -> None:
        """The result of cleaning it."""
        self._preview = None
        if record != self.after.record:
            self._result_error = ""
            self.after.show(record, self._facts, self._shelf)
            self.after.want(*self.visible())
        self._say("", self._result_error)
        self._show_after(True)

    def set_after_preview(self, preview: EcgPreview, note: str, word: str) -> None:
        """What there is of it now. word: where nothing is there yet."""
        self._preview = preview
        self._say(note, word)
        self._show_after(not word)

    def set_no_after(self, word: str) -> None:
        """word: in its place."""
        self._preview = None
        self.after.show(None, None, None)
        self._say("", word)
        self._show_after(False)

    def hold(self, held: bool) -> None:
        """The original alone, for as long as a key is held."""
        self._held = held
        self.board.hold_original(held)
        self._say(self._note, self._word)

    @property
    def facts(self) -> Facts | None:
        return self._facts

    @property
    def settled(self) -> bool:
        """False while parts of the picture are on their way."""
        loaded = self.before.settled and (self.after.record is None or self.after.settled)
        return loaded and not self._counting.isActive() and not self.board.moving

    def visible(self) -> tuple[float, float]:
        """From and to, in seconds."""
        paper = self.board.paper
        return paper.start_s, min(paper.stop_s, paper.total_s)

    def want(self) -> None:
        """Load what is visible."""
        if self._facts is not None and self.isVisible():
            self.before.want(*self.visible())
            self.after.want(*self.visible())

    def beats_changed(self) -> None:
        if not self._counting.isActive():
            self._counting.start()

    # --- input

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._on_key(event):
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self.hold(False)
        else:
            super().keyReleaseEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Another pane, or no window any more: nothing is read that nobody sees."""
        self.hold(False)
        for trace in (self.before, self.after):
            trace.hold(True)
        super().hideEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        for trace in (self.before, self.after):
            trace.hold(False)
        self.want()

    def _on_key(self, event: QKeyEvent) -> bool:
        """Whether the key meant something here."""
        key = Qt.Key(event.key())
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        shifted = modifiers == Qt.KeyboardModifier.ShiftModifier
        if modifiers & ~Qt.KeyboardModifier.ShiftModifier:
            return False  # Ctrl+A and its like belong to the window
        if key == Qt.Key.Key_Space:
            self.hold(True)
            return True
        action = self._moves(shifted).get(key) or self._actions(shifted).get(key)
        if action is not None:
            action()
        return action is not None

    def _moves(self, shifted: bool) -> dict[Qt.Key, Callable[[], object]]:
        board, keys = self.board, Qt.Key
        step = board.paper.visible_s * (_PAGE_SHARE if shifted else _STEP_SHARE)
        page = board.paper.visible_s * _PAGE_SHARE
        return {
            keys.Key_Left: lambda: board.pan(-step),
            keys.Key_Right: lambda: board.pan(step),
            keys.Key_PageUp: lambda: board.pan(-page),
            keys.Key_PageDown: lambda: board.pan(page),
            keys.Key_Home: lambda: board.pan(-board.paper.total_s),
            keys.Key_End: lambda: board.pan(board.paper.total_s),
            keys.Key_Plus: lambda: board.zoom_by(_ZOOM_STEP),
            keys.Key_Equal: lambda: board.zoom_by(_ZOOM_STEP),
            keys.Key_Minus: lambda: board.zoom_by(1 / _ZOOM_STEP),
            keys.Key_Underscore: lambda: board.zoom_by(1 / _ZOOM_STEP),
            keys.Key_Up: lambda: board.step_gain(True),
            keys.Key_Down: lambda: board.step_gain(False),
        }

    def _actions(self, shifted: bool) -> dict[Qt.Key, Callable[[], object]]:
        board, keys = self.board, Qt.Key
        return {
            keys.Key_F: board.fit,
            keys.Key_0: board.fit,
            keys.Key_1: board.reset,
            keys.Key_L: board.next_alone,
            keys.Key_O: lambda: self.rates.toggle("original"),
            keys.Key_R: lambda: self.rates.toggle("removed"),
            keys.Key_B: lambda: self.rates.toggle("beats"),
            keys.Key_N: lambda: self.go_to_difference(backward=shifted),
            keys.Key_T: self._ask_time,
            keys.Key_Backspace: board.put_calipers_away,
        }

    def go_to_difference(self, backward: bool = False) -> None:
        """The next place where beats differ, from the middle of what is visible."""
        beats, (start_s, stop_s) = self.board.beats, self.visible()
        tenth = 0.1 * beats.rate_hz * (-1 if backward else 1)
        here = (start_s + stop_s) / 2 * beats.rate_hz + tenth
        place = next_after(beats.differing, here, backward)
        if place is not None:
            self.board.go_to(place / beats.rate_hz)

    def _ask_time(self) -> None:
        self.tools.time.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.tools.time.selectAll()

    # --- the rest

    def _connect(self) -> None:
        board, tools = self.board, self.tools
        board.view_changed.connect(self._on_moved)
        board.rested.connect(self._on_rested)
        board.left.connect(lambda: self.hold(False))
        for trace in (self.before, self.after):
            trace.grown.connect(board.refresh)
            trace.surveyed.connect(self._on_surveyed)
        self.before.failed.connect(self.failed)
        self.after.failed.connect(self._on_result_failed)
        self.rates.next_asked.connect(self.go_to_difference)
        self.rates.layers_chosen.connect(self._on_layers)
        tools.speed_stepped.connect(
            lambda inward: board.zoom_by(_ZOOM_STEP if inward else 1 / _ZOOM_STEP)
        )
        tools.gain_stepped.connect(board.step_gain)
        tools.reset_asked.connect(board.reset)
        tools.fit_asked.connect(board.fit)
        tools.time_asked.connect(self._on_time)

    def _show_after(self, there: bool) -> None:
        after = (self._preview or self.after) if there else None
        self.board.show_traces(self.before if self._facts else None, after)
        self.rates.set_comparing(there)
        self.beats_changed()

    def _say(self, note: str = "", word: str = "") -> None:
        self._note, self._word = note, word
        self.board.note = self.tr("Original") if self._held else note
        self.board.word = "" if self._held else word
        self.board.refresh()

    def _count_beats(self) -> None:
        """Match what is known of both, and say it everywhere."""
        beats, scope = self._beats()
        self.board.set_beats(beats)
        self.overview.set_beats(beats, partial=scope == "preview")
        shown = beats if self._facts is not None else None
        self.rates.show_beats(shown, *self.visible(), scope)
        self._describe()

    def _beats(self) -> tuple[Beats, str]:
        facts, survey, after = self._facts, self.before.survey, self.after.survey
        if facts is None or survey is None or after is None:
            return Beats(), "whole"
        whole = "whole" if survey.share >= 1 else "part"
        if self._preview is not None:
            before, cleaned, spans = self._preview.beats()
            if spans:
                made = Beats.of(facts.rate_hz, before, cleaned, spans, survey.breaks)
                return made, "preview"
        elif self.after.record is not None:
            spans = _common(survey.known(), after.known())
            made = Beats.of(facts.rate_hz, survey.peaks, after.peaks, spans, survey.breaks)
            return made, whole if after.share >= 1 else "part"
        return Beats.of(facts.rate_hz, survey.peaks, breaks=survey.breaks), whole

    def _describe(self) -> None:
        scale = self.tools.scale_text(self.board.paper.speed, self.board.paper.gain)
        said = self._words.seen(*self.visible(), scale, self.rates.mean.text())
        note = self.board.word or self.board.note
        self.board.setAccessibleDescription(f"{said}. {note}" if note else said)

    def _on_moved(self) -> None:
        paper = self.board.paper
        self.tools.show_place(paper.start_s, paper.total_s)
        self.tools.show_scale(paper.speed, paper.gain)

    def _on_rested(self) -> None:
        self.want()
        self._count_beats()
        self.rested.emit()

    def _on_surveyed(self) -> None:
        self.beats_changed()
        if self.board.paper.visible_s > 60:
            self.board.refresh()

    def _on_result_failed(self, error: Exception) -> None:
        self._result_error = str(error)
        self._say("", self._result_error)

    def _on_layers(self) -> None:
        shown = self.rates.shown
        self.board.set_layers(
            Layers(
                shown("original"),
                shown("removed"),
                shown("beats"),
                self.tr("Gap"),
                self.tr("Zoom in to see what was removed"),
            )
        )

    def _on_time(self, time_s: float) -> None:
        self.board.pan(time_s - self.board.paper.start_s)
        self.board.setFocus()


def _common(ours: list[Span], theirs: list[Span]) -> tuple[Span, ...]:
    both = ((max(a, c), min(b, d)) for a, b in ours for c, d in theirs if max(a, c) < min(b, d))
    return tuple(both)
