"""The leads on paper: painted once, until something moves."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop_ae.ui.ecg_beats import Beats
from desktop_ae.ui.ecg_caliper import Caliper, point_at
from desktop_ae.ui.ecg_data import Facts
from desktop_ae.ui.ecg_hands import EcgHands
from desktop_ae.ui.ecg_lanes import BEATS_PX, Lane, lanes_within
from desktop_ae.ui.ecg_paper import GAIN_MM, SPEED_MM, Paper
from desktop_ae.ui.ecg_sheet import Layers, Sheet
from desktop_ae.ui.ecg_traces import Trace
from desktop_ae.ui.ecg_words import EcgWords
from desktop_ae.ui.handled_view import HandledView
from desktop_ae.ui.picture_marks import badge_rect, draw_badge, draw_corners, draw_focus
from desktop_ae.ui.sound_paint import draw_tick
from desktop_ae.ui.sound_words import ruler_time
from desktop_ae.ui.theme import colour, font, theme

RULER_PX = 22.0
_MARGIN_PX = 58.0  # for the leads' names
_SIDE_PX = 2.0
_FOOT_PX = 30.0
_REST_MS = 60
_ROOM_MV = 1.8


class EcgBoard(HandledView):
    """Ruler, beats and leads. Knows what is shown and where; loading is somebody else's.

    Signals:
        view_changed(): zoom or place, at each step. rested(): the view has come to rest.
        left(): the keyboard went elsewhere.
    """

    view_changed = Signal()
    rested = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.paper = Paper()
        self.beats = Beats()
        self.word = ""  # where there is no after yet
        self.note = ""  # what kind of after it is
        self.layers = Layers()
        self._held = False
        self._facts: Facts | None = None
        self._before: Trace | None = None
        self._after: Trace | None = None
        self._caliper: Caliper | None = None
        self._words = EcgWords()
        self._alone: int | None = None
        self._lanes: list[Lane] = []
        self._plate: QPixmap | None = None
        self._hands = EcgHands(self)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self.rested)
        theme().changed.connect(self.refresh)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(200, 160)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    # --- what is shown

    def show_facts(self, facts: Facts | None) -> None:
        """Another recording, at 25 mm/s from its start."""
        same = self._facts is not None and facts is not None and facts.leads == self._facts.leads
        self._facts = facts
        self._caliper = None
        if not same:
            self._alone = None
        self.paper.set_screen(self.screen())
        self.paper.set_total(facts.seconds if facts else 0.0)
        self.reset()

    def show_traces(self, before: Trace | None, after: Trace | None) -> None:
        self._before, self._after = before, after
        self.refresh()

    def set_beats(self, beats: Beats) -> None:
        self.beats = beats
        self.refresh()

    def set_layers(self, layers: Layers) -> None:
        self.layers = layers
        self.refresh()

    def hold_original(self, held: bool) -> None:
        if held != self._held:
            self._held = held
            self.refresh()

    def refresh(self) -> None:
        """What is painted is out of date."""
        self._plate = None
        self.update()

    @property
    def moving(self) -> bool:
        return self._rest.isActive()

    @property
    def leads(self) -> list[int]:
        """Which leads are shown."""
        count = len(self._facts.leads) if self._facts else 0
        return list(range(count)) if self._alone is None else [self._alone]

    # --- zoom and place

    def reset(self) -> None:
        """Paper as it comes from an electrocardiograph; the place stays."""
        middle = (self.paper.start_s + self.paper.stop_s) / 2 if not self.paper.fitted else 0.0
        self.paper.gain = self._usual_gain()
        self.paper.set_speed(SPEED_MM, 0.0)
        self.paper.start_s = 0.0
        self.paper.pan(middle - self.paper.visible_s / 2)
        self._on_moved()

    def _usual_gain(self) -> float:
        """10 mm/mV; half of it where many leads have little room each, twice for one of them."""
        if self._alone is not None:
            return 2 * GAIN_MM
        high = self._area().height() / max(1, len(self.leads)) / self.paper.px_per_mm
        return GAIN_MM if high >= _ROOM_MV * GAIN_MM else GAIN_MM / 2

    def zoom_by(self, factor: float, at_px: float | None = None) -> None:
        """at_px: of the widget; the middle without it."""
        area = self._area()
        anchor = area.width() / 2 if at_px is None else at_px - area.left()
        self.paper.zoom_by(factor, anchor)
        self._on_moved()

    def step_gain(self, larger: bool) -> None:
        if self.paper.step_gain(larger):
            self._on_moved()

    def set_gain(self, gain: float) -> None:
        self.paper.gain = gain
        self._on_moved()

    def pan(self, seconds: float) -> None:
        if self.paper.pan(seconds):
            self._on_moved()

    def go_to(self, time_s: float) -> None:
        """Bring that time into the middle."""
        self.pan(time_s - (self.paper.start_s + self.paper.stop_s) / 2)

    def fit(self) -> None:
        self.paper.fit()
        self._on_moved()

    def show_span(self, start_s: float, stop_s: float) -> None:
        self.paper.show_span(start_s, stop_s)
        self._on_moved()

    def toggle_alone(self, y: float) -> None:
        """The lead at that height alone, or all of them again."""
        if self._alone is not None:
            self.show_alone(None)
            return
        lane = self._lane_at(y)
        if lane is not None:
            self.show_alone(lane.lead)

    def show_alone(self, lead: int | None) -> None:
        self._alone = lead
        self.paper.gain = self._usual_gain()
        self._on_moved()

    def measure(self, place: QPointF, begin: bool) -> None:
        """Put the calipers there, or open them to there."""
        point_of = self._lane_at(place.y()) if begin else self._measured_lane()
        if point_of is None:
            return
        point = point_at(point_of, self.paper, place)
        held = None if begin else self._caliper
        self._caliper = held.to(point) if held else Caliper.begun(point_of, point)
        self.update()

    def put_calipers_away(self) -> None:
        self._caliper = None
        self.update()

    @property
    def caliper(self) -> Caliper | None:
        return self._caliper

    def _lane_at(self, y: float) -> Lane | None:
        return next((n for n in self._lanes if n.room.top() <= y < n.room.bottom()), None)

    def _measured_lane(self) -> Lane | None:
        lead = self._caliper.lead if self._caliper else None
        return next((lane for lane in self._lanes if lane.lead == lead), None)

    def next_alone(self) -> None:
        """All leads, then each of them in turn."""
        count = len(self._facts.leads) if self._facts else 0
        following = 0 if self._alone is None else self._alone + 1
        self.show_alone(following if following < count and count > 1 else None)

    # --- painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._plate is None:
            self._plate = self._painted()
        painter.drawPixmap(0, 0, self._plate)
        lane = self._measured_lane()
        if lane is not None and self._caliper is not None:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._caliper.draw(painter, lane, self.paper, self._words)
        if self._focus_seen:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            draw_focus(painter, self._card())
        painter.end()

    def _painted(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        plate = QPixmap(self.size() * ratio)
        plate.setDevicePixelRatio(ratio)
        plate.fill(colour("ground"))
        painter = QPainter(plate)
        card, area = self._card(), self._area()
        painter.fillRect(card, colour("paper"))
        self.paper.draw_grid(painter, card, area.left(), ratio)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._facts is not None and self._before is not None and self.paper.total_s > 0:
            after = None if self._held else self._after
            sheet = Sheet(self._facts, self._before, after, self.layers, self.paper, card, area)
            self._lanes = lanes_within(area, self.leads, self.paper, sheet.is_split)
            sheet.paint(painter, self._lanes, self.beats, ratio)
            self._paint_ruler(painter, area)
        self._paint_words(painter, card)
        draw_corners(painter, card)
        painter.end()
        return plate

    def _paint_ruler(self, painter: QPainter, area: QRectF) -> None:
        step, ticks = self.paper.ticks()
        for time_s in ticks:
            x = area.left() + self.paper.x_of(time_s)
            if x < area.right() - 30:
                room = QRectF(0, 0, self.width(), RULER_PX)
                draw_tick(painter, x, room, ruler_time(time_s, step))

    def _paint_words(self, painter: QPainter, card: QRectF) -> None:
        if self.note:
            draw_badge(painter, badge_rect(card, self.note, right=True, low=True), self.note)
        if self.word:
            painter.setFont(font("caption"))
            place = badge_rect(card, self.word, right=True, low=True)
            draw_badge(painter, place, self.word)

    # --- where things are

    def _card(self) -> QRectF:
        return QRectF(0, RULER_PX, self.width(), max(1.0, self.height() - RULER_PX))

    def _area(self) -> QRectF:
        """Of the waves."""
        inside = self._card().adjusted(_MARGIN_PX, BEATS_PX, -_SIDE_PX, -_FOOT_PX)
        return inside.normalized()

    def _on_moved(self) -> None:
        self.refresh()
        self.view_changed.emit()
        self._rest.start()

    # --- input

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self.refresh()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.paper.set_width(self._area().width())
        self._on_moved()

    @property
    def mouse_hands(self) -> EcgHands:
        return self._hands

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()
