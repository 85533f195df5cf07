"""The compare view of recordings: seen before over after, heard in place."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop_ae.ui.errands import Errands
from desktop_ae.ui.sound_board import SoundBoard
from desktop_ae.ui.sound_data import Facts, Sound
from desktop_ae.ui.sound_overview import SoundOverview
from desktop_ae.ui.sound_player import Player
from desktop_ae.ui.sound_speakers import DeviceSpeakers, Speakers
from desktop_ae.ui.sound_transport import SoundTransport
from desktop_ae.ui.sound_words import SoundWords

_STEP_S = 1.0
_PAN_SHARE = 0.2
_VOLUME_STEP = 0.05
_VERSION_KEYS = {Qt.Key.Key_B: "before", Qt.Key.Key_A: "after", Qt.Key.Key_R: "removed"}

Span = tuple[float, float]


class SoundView(QWidget):
    """Lanes, the whole recording in a strip, and a transport; one player for them.

    Signals:
        rested(): another part is visible, or the playhead was moved by the person.
    """

    rested = Signal()

    def __init__(
        self,
        errands: Errands,
        speakers: Speakers | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._words = SoundWords()
        self._facts: Facts | None = None
        self._before: Sound | None = None
        self._shown_after: Sound | None = None
        self.player = Player(speakers or DeviceSpeakers(self), self)
        self.board = SoundBoard(errands)
        self.overview = SoundOverview(self.board, errands)
        self.transport = SoundTransport(self.player)
        self.board.before.title = self._words.version("before")
        self.board.after.title = self._words.version("after")
        self.board.setAccessibleName(self.tr("Compare view"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.board, 1)
        column.addWidget(self.overview)
        column.addWidget(self.transport)
        self.setFocusProxy(self.board)
        self._connect()
        self.show_sound(None, None)

    def show_sound(self, facts: Facts | None, before: Sound | None) -> None:
        """Another recording; None and None empties the view."""
        self._facts, self._before = facts, before
        self.player.show(facts)
        self.board.show_facts(facts)
        self.board.show_before(before, facts)
        self._shown_after = None
        self.board.show_after(None, None)
        self.overview.show_sounds(facts, before, None)
        self.set_after(None)
        self._describe()
        self._look()

    def set_after(
        self,
        after: Sound | None,
        covered: list[Span] | None = None,
        *,
        note: str = "",
        word: str = "",
    ) -> None:
        """covered: what there is of it, None for all. note: beside its title. word: in its place,
        where there is nothing to show.
        """
        lane = self.board.after
        lane.note, lane.word = note, word
        if after != self._shown_after:
            self._shown_after = after
            self.board.show_after(after, self._facts)
            whole = after if covered is None else None
            self.overview.show_sounds(self._facts, self._before, whole)
        lane.covered = covered
        heard = after if covered is None or covered else None
        self.player.set_sounds(self._before, heard)
        self.board.refresh()
        self.board.want()

    def outdate_after(self, start_s: float, stop_s: float) -> None:
        """That part of it is another now."""
        self.board.after.outdate(start_s, stop_s)
        self.board.want()

    def load(self) -> None:
        """More can be had than before: whole files were read."""
        self.overview.load()
        self.board.want()

    def set_before_note(self, note: str) -> None:
        self.board.before.note = note
        self.board.refresh()

    @property
    def facts(self) -> Facts | None:
        return self._facts

    @property
    def settled(self) -> bool:
        """False while parts of the picture are on their way."""
        return self.board.settled

    def visible(self) -> tuple[float, float, float]:
        """From, to, and the time that matters most: the playhead's, or the middle's."""
        line = self.board.timeline
        playhead = self.board.playhead_s
        middle = (line.start_s + line.stop_s) / 2
        return line.start_s, line.stop_s, playhead if line.shows(playhead) else middle

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._on_key(event):
            super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Another pane, or no window any more: nothing is heard that is not seen."""
        self.player.close()
        super().hideEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._look()

    def _look(self) -> None:
        """For a device, once there is something to hear, and only while somebody sees it."""
        if self._facts is not None and self.isVisible():
            self.player.look()

    def _connect(self) -> None:
        board, player = self.board, self.player
        board.seek_asked.connect(player.seek)
        board.selected.connect(player.set_selection)
        board.rested.connect(self.rested)
        player.moved.connect(self._on_moved)
        player.changed.connect(self._on_player_changed)
        self.overview.peaked.connect(board.set_loudest)
        board.view_changed.connect(self._describe)

    def _on_key(self, event: QKeyEvent) -> bool:
        """Whether the key meant something here."""
        key = Qt.Key(event.key())
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            return self._on_arrow(-1 if key == Qt.Key.Key_Left else 1, modifiers)
        if modifiers & ~Qt.KeyboardModifier.ShiftModifier:
            return False  # Ctrl+A and its like belong to the window
        if key in _VERSION_KEYS:
            if self.player.comparable:
                self.player.set_version(_VERSION_KEYS[key])
            return True
        action = self._actions().get(key)
        if action is not None:
            action()
        return action is not None

    def _actions(self) -> dict[Qt.Key, Callable[[], object]]:
        player, board = self.player, self.board
        keys = Qt.Key
        page_s = board.timeline.visible_s * 0.9
        return {
            keys.Key_Space: player.toggle,
            keys.Key_S: player.stop,
            keys.Key_X: player.next_version,
            keys.Key_L: lambda: player.set_looping(not player.looping),
            keys.Key_M: lambda: player.set_matched(not player.matched),
            keys.Key_Up: lambda: player.set_volume(player.volume + _VOLUME_STEP),
            keys.Key_Down: lambda: player.set_volume(player.volume - _VOLUME_STEP),
            keys.Key_Home: lambda: self._seek(0.0),
            keys.Key_End: lambda: self._seek(player.total_s),
            keys.Key_PageUp: lambda: board.pan(-page_s),
            keys.Key_PageDown: lambda: board.pan(page_s),
            keys.Key_Plus: lambda: board.step_zoom(True),
            keys.Key_Equal: lambda: board.step_zoom(True),
            keys.Key_Minus: lambda: board.step_zoom(False),
            keys.Key_Underscore: lambda: board.step_zoom(False),
            keys.Key_F: board.fit,
            keys.Key_0: board.fit,
            keys.Key_Z: self._zoom_to_selection,
            keys.Key_BracketLeft: lambda: self._set_edge(0),
            keys.Key_BracketRight: lambda: self._set_edge(1),
            keys.Key_Backspace: lambda: board.select(None),
        }

    def _on_arrow(self, way: int, modifiers: Qt.KeyboardModifier) -> bool:
        line = self.board.timeline
        if modifiers == Qt.KeyboardModifier.ShiftModifier:
            self.board.pan(way * _PAN_SHARE * line.visible_s)
        elif not modifiers:
            self._seek(self.player.position_s + way * min(_STEP_S, line.visible_s / 50))
        else:
            return False
        return True

    def _seek(self, time_s: float) -> None:
        self.player.seek(time_s)
        self.board.bring_in(self.player.position_s)

    def _set_edge(self, edge: int) -> None:
        """The selection begins, or ends, at the playhead."""
        here = self.board.playhead_s
        start_s, stop_s = self.board.selection or (0.0, self.player.total_s)
        start_s, stop_s = (here, stop_s) if edge == 0 else (start_s, here)
        if stop_s > start_s:
            self.board.select((start_s, stop_s))

    def _zoom_to_selection(self) -> None:
        if self.board.selection is not None:
            self.board.show_span(self.board.selection)

    def _on_moved(self, position_s: float) -> None:
        followed = self.board.timeline.shows(self.board.playhead_s)
        self.board.set_playhead(position_s)
        self.overview.set_playhead(position_s)
        if self.player.playing and followed:
            self.board.bring_in(position_s)
        if not self.player.playing:
            self._describe()
            self.rested.emit()

    def _on_player_changed(self) -> None:
        self.board.set_looping(self.player.looping)
        self._describe()

    def _describe(self) -> None:
        line = self.board.timeline
        said = self._words.seen(
            line.start_s, line.stop_s, self.player.version, self.player.position_s
        )
        note = self.board.after.word or self.board.after.note
        self.board.setAccessibleDescription(f"{said}. {note}" if note else said)
