"""The lanes on the screen: painted once, moved over by playhead, selection and hands."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop_ae.ui import sound_paint as paint
from desktop_ae.ui.errands import Errands
from desktop_ae.ui.handled_view import HandledView
from desktop_ae.ui.picture_marks import draw_focus
from desktop_ae.ui.sound_data import Facts, Sound
from desktop_ae.ui.sound_hands import Hands
from desktop_ae.ui.sound_lanes import Lane, LanePlaces
from desktop_ae.ui.sound_timeline import Timeline
from desktop_ae.ui.sound_words import ruler_time
from desktop_ae.ui.theme import colour, theme

RULER_PX = 22.0
_GAP_PX = 12.0
_REST_MS = 60
_PLAYHEAD_PX = 8
_DEFAULT_LOUDEST_DB = -20.0

Span = tuple[float, float]


class SoundBoard(HandledView):
    """Ruler, before and after. Knows what is shown and where; playing is somebody else's.

    Signals:
        seek_asked(time_s: float)
        selected(span: tuple[float, float] | None): by the person.
        view_changed(): zoom or place, at each step. rested(): the view has come to rest.
    """

    seek_asked = Signal(object)
    selected = Signal(object)
    view_changed = Signal()
    rested = Signal()

    def __init__(self, errands: Errands, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.timeline = Timeline()
        self.before = Lane("dim", errands, self)
        self.after = Lane("accent", errands, self)
        self._places = (LanePlaces(), LanePlaces())
        self._channels = 1
        self._scale = 1.0
        self._playhead_s = 0.0
        self._selection: Span | None = None
        self._looping = False
        self._plate: QPixmap | None = None
        self._table: tuple[tuple[float, bool], list[int]] | None = None
        self._hands = Hands(self)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._on_rested)
        for lane in (self.before, self.after):
            lane.grown.connect(self.refresh)
        theme().changed.connect(self.refresh)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(200, 200)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    # --- what is shown

    def show_facts(self, facts: Facts | None) -> None:
        """Another recording. Its lanes are shown apart."""
        self._channels = facts.channels if facts else 1
        self._scale = 1.0
        self._playhead_s, self._selection = 0.0, None
        self.timeline.set_total(facts.seconds if facts else 0.0)
        self.timeline.fit()
        self._place()
        self._on_moved()

    def show_before(self, sound: Sound | None, facts: Facts | None) -> None:
        self.before.show(sound, facts)
        self._on_moved()

    def show_after(self, sound: Sound | None, facts: Facts | None) -> None:
        self.after.show(sound, facts)
        self._on_moved()

    def set_loudest(self, peak: float) -> None:
        """The greatest sample of the recording: its waveforms fill their room."""
        self._scale = 1.0 / max(peak, 0.02)
        self.refresh()

    def refresh(self) -> None:
        """What is painted is out of date."""
        self._plate = None
        self.update()

    def want(self) -> None:
        """Load what is visible now."""
        middle = (self.timeline.start_s + self.timeline.stop_s) / 2
        first = self._playhead_s if self.timeline.shows(self._playhead_s) else middle
        ratio = self.devicePixelRatioF()
        self.before.want(self.timeline, ratio, first)
        self.after.want(self.timeline, ratio, first)

    @property
    def settled(self) -> bool:
        return self.before.settled and self.after.settled and not self._rest.isActive()

    # --- playhead and selection

    @property
    def playhead_s(self) -> float:
        return self._playhead_s

    @property
    def selection(self) -> Span | None:
        return self._selection

    def set_playhead(self, time_s: float) -> None:
        self._update_around(self._playhead_s)
        self._playhead_s = time_s
        self._update_around(time_s)

    def select(self, span: Span | None) -> None:
        if span != self._selection:
            self._selection = span
            self.update()
            self.selected.emit(span)

    def set_looping(self, looping: bool) -> None:
        if looping != self._looping:
            self._looping = looping
            self.update()

    # --- zoom and place

    def zoom_by(self, factor: float, at_px: float | None = None) -> None:
        """at_px: of the widget; the playhead's place, or the middle, without it."""
        self.timeline.zoom_by(factor, self._anchor(at_px))
        self._on_moved()

    def step_zoom(self, inward: bool) -> None:
        self.timeline.step_zoom(inward, self._anchor(None))
        self._on_moved()

    def pan(self, seconds: float) -> None:
        if self.timeline.pan(seconds):
            self._on_moved()

    def fit(self) -> None:
        self.timeline.fit()
        self._on_moved()

    def show_span(self, span: Span) -> None:
        self.timeline.show_span(*span)
        self._on_moved()

    def bring_in(self, time_s: float) -> None:
        if self.timeline.bring_in(time_s):
            self._on_moved()

    def time_at(self, x: float) -> float:
        return self.timeline.time_at(x - self._area().left())

    def x_of(self, time_s: float) -> float:
        return self._area().left() + self.timeline.x_of(time_s)

    def on_ruler(self, y: float) -> bool:
        return y < RULER_PX

    # --- painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._plate is None:
            self._plate = self._painted()
        painter.drawPixmap(0, 0, self._plate)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.timeline.total_s > 0:
            self._paint_marks(painter)
        if self._focus_seen:
            draw_focus(painter, QRectF(self.rect()).adjusted(0, RULER_PX, 0, 0))
        painter.end()

    def _painted(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        plate = QPixmap(self.size() * ratio)
        plate.setDevicePixelRatio(ratio)
        plate.fill(colour("ground"))
        painter = QPainter(plate)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        table = self._heat_table()
        for lane, places in zip((self.before, self.after), self._places, strict=True):
            lane.draw(painter, places, self.timeline, ratio, table, self._scale)
        area = self._area()
        step, ticks = self.timeline.ticks()
        for time_s in ticks:
            x = area.left() + self.timeline.x_of(time_s)
            if x < area.right() - 30:
                room = QRectF(0, 0, self.width(), RULER_PX)
                paint.draw_tick(painter, x, room, ruler_time(time_s, step))
        painter.end()
        return plate

    def _paint_marks(self, painter: QPainter) -> None:
        area = self._area()
        if self._selection is not None:
            left, right = (self.timeline.x_of(t) + area.left() for t in self._selection)
            painter.setClipRect(QRectF(area.left() - 1, 0, area.width() + 2, self.height()))
            lanes = [(places.pictures, places.wave) for places in self._places]
            paint.draw_selection(painter, lanes, left, right)
            paint.draw_span(painter, QRectF(left, RULER_PX - 5, right - left, 3), self._looping)
            painter.setClipping(False)
        if self.timeline.shows(self._playhead_s):
            x = area.left() + self.timeline.x_of(self._playhead_s)
            paint.draw_playhead(painter, x, QRectF(0, RULER_PX - 6, 0, self.height()), True)

    def _heat_table(self) -> list[int]:
        loudest = self.before.loudest_db
        key = (_DEFAULT_LOUDEST_DB if loudest is None else loudest, theme().tokens.dark)
        if self._table is None or self._table[0] != key:
            self._table = (key, paint.heat_table(key[0]))
        return self._table[1]

    # --- where things are

    def _area(self) -> QRectF:
        """Across: where time runs."""
        return self._places[0].heat

    def _anchor(self, at_px: float | None) -> float:
        if at_px is not None:
            return at_px - self._area().left()
        if self.timeline.shows(self._playhead_s):
            return self.timeline.x_of(self._playhead_s)
        return self._area().width() / 2

    def _place(self) -> None:
        high = (self.height() - RULER_PX - _GAP_PX) / 2
        cards = (
            QRectF(0, RULER_PX, self.width(), high),
            QRectF(0, RULER_PX + high + _GAP_PX, self.width(), high),
        )
        first, second = (LanePlaces.within(card, self._channels) for card in cards)
        self._places = (first, second)
        self.timeline.set_width(self._area().width())

    def _update_around(self, time_s: float) -> None:
        x = round(self.x_of(time_s))
        self.update(x - _PLAYHEAD_PX, 0, 2 * _PLAYHEAD_PX, self.height())

    def _on_moved(self) -> None:
        self.refresh()
        self.view_changed.emit()
        self._rest.start()

    def _on_rested(self) -> None:
        self.want()
        self.rested.emit()

    # --- input

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self.refresh()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()
        self._on_moved()

    @property
    def mouse_hands(self) -> Hands:
        return self._hands
