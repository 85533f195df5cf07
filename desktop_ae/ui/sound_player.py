"""Playing a recording: where, in which version, how loud. The buttons are elsewhere."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from desktop_ae.ui.sound_data import Facts, Sound
from desktop_ae.ui.sound_mixer import VERSIONS, Mixer
from desktop_ae.ui.sound_speakers import Speakers
from desktop_ae.ui.sound_tape import Tape

_MOVED_EVERY_MS = 33
_SILENT_AFTER_MS = 250
_NEAR_END_S = 0.02

Span = tuple[float, float]


class Player(QObject):
    """One recording at a time.

    Signals:
        moved(position_s: float): while it plays, thirty times a second; and by seeking.
        changed(): playing, version, loop, levels, or whether there is a device.
        failed(error: Exception): the file could not be read any further.
    """

    moved = Signal(object)
    changed = Signal()
    failed = Signal(object)

    def __init__(self, speakers: Speakers, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._speakers = speakers
        self._facts: Facts | None = None
        self._sounds: tuple[Sound | None, Sound | None] = (None, None)
        self._mixer: Mixer | None = None
        self._position_s = 0.0
        self._began_s = 0.0
        self._selection: Span | None = None
        self._version = "after"
        self._gains = (1.0, 1.0)
        self._matched = True
        self._volume = 0.8
        self._looping = False
        self._playing = False
        self._heard_original = False
        self._device: bool | None = None
        self._moving = QTimer(self)
        self._moving.setInterval(_MOVED_EVERY_MS)
        self._moving.timeout.connect(self._on_moving)
        self._silence = QTimer(self)
        self._silence.setSingleShot(True)
        self._silence.setInterval(_SILENT_AFTER_MS)
        self._silence.timeout.connect(self._speakers.stop)
        speakers.looked.connect(self._on_looked)
        speakers.broke.connect(self._on_broke)

    # --- what is played

    def show(self, facts: Facts | None) -> None:
        """Another recording: silence, and back to its beginning."""
        self.close()
        self._facts, self._sounds = facts, (None, None)
        self._position_s = self._began_s = 0.0
        self._selection, self._gains = None, (1.0, 1.0)
        self.changed.emit()

    def look(self) -> None:
        """Find out whether there is a sound device, unless one is known."""
        if not self._device:
            self._speakers.look()

    def set_sounds(self, before: Sound | None, after: Sound | None) -> None:
        """Other versions of the same recording; it plays on where it is."""
        if (before, after) == self._sounds:
            return
        self._sounds = (before, after)
        self._drop_tape()
        if self._playing:
            self._start()
        self.changed.emit()

    def set_selection(self, span: Span | None) -> None:
        self._selection = span
        if self._looping:
            self._loop_anew()

    def set_gains(self, before: float, after: float) -> None:
        """What makes both equally loud; used while `matched`."""
        self._gains = (before, after)
        self._adjust()

    # --- what a person does

    def toggle(self) -> None:
        (self.pause if self._playing else self.play)()

    def play(self) -> None:
        if not self.playable or self._playing:
            return
        assert self._facts is not None
        self._playing = True
        span = self._loop_span() or (0.0, self._facts.seconds)
        if not span[0] <= self._position_s < span[1] - _NEAR_END_S:
            self._position_s = span[0] if self._looping or self.at_end else self._position_s
        self._began_s = self._position_s
        self._start()
        self.changed.emit()

    def pause(self) -> None:
        if self._playing:
            self._position_s = self._heard_s()
            self._rest()

    def stop(self) -> None:
        """Back to where it began."""
        self._position_s = self._began_s if self._playing else 0.0
        if self._playing:
            self._rest()
        self.moved.emit(self._position_s)

    def seek(self, time_s: float) -> None:
        if self._facts is None:
            return
        self._position_s = self._began_s = min(max(time_s, 0.0), self._facts.seconds)
        if self._playing:
            self._cue()
        self.moved.emit(self._position_s)

    def set_version(self, version: str) -> None:
        """In place: neither the position nor the loudness changes."""
        if version not in VERSIONS:
            raise ValueError(f"There is no version {version!r}; it is one of {VERSIONS}.")
        self._version = version
        self._adjust()
        self.changed.emit()

    def next_version(self) -> None:
        self.set_version(VERSIONS[(VERSIONS.index(self.version) + 1) % len(VERSIONS)])

    def set_looping(self, looping: bool) -> None:
        if looping != self._looping:
            self._looping = looping
            self._loop_anew()
            self.changed.emit()

    def set_matched(self, matched: bool) -> None:
        self._matched = matched
        self._adjust()
        self.changed.emit()

    def set_volume(self, volume: float) -> None:
        """0 to 1."""
        self._volume = min(max(volume, 0.0), 1.0)
        self._adjust()
        self.changed.emit()

    def close(self) -> None:
        """Silence at once."""
        if self._playing:
            self.pause()
        self._silence.stop()
        self._speakers.stop()
        self._drop_tape()

    # --- what is to be seen

    @property
    def device(self) -> bool | None:
        """Whether there is a sound device; None until that is known."""
        return self._device

    @property
    def playable(self) -> bool:
        return self._facts is not None and self._sounds[0] is not None and bool(self._device)

    @property
    def comparable(self) -> bool:
        """Whether there is more than the original to be heard."""
        return self._sounds[1] is not None

    @property
    def hears_original(self) -> bool:
        """Whether something else was asked for that is not there yet, where it plays."""
        waits = self._playing and self._mixer is not None and not self._mixer.has_after
        return waits and self.comparable and self._version != "before"

    @property
    def playing(self) -> bool:
        return self._playing

    @property
    def version(self) -> str:
        """What is heard: the original, where there is nothing else."""
        return self._version if self.comparable else "before"

    @property
    def looping(self) -> bool:
        return self._looping

    @property
    def matched(self) -> bool:
        return self._matched

    @property
    def volume(self) -> float:
        return self._volume

    @property
    def position_s(self) -> float:
        return self._position_s

    @property
    def total_s(self) -> float:
        return self._facts.seconds if self._facts else 0.0

    @property
    def at_end(self) -> bool:
        return self._position_s >= self.total_s - _NEAR_END_S

    # --- inside

    def _start(self) -> None:
        facts, (before, after) = self._facts, self._sounds
        if facts is None or before is None:
            return
        rate_hz = round(facts.rate_hz)
        self._silence.stop()
        if self._mixer is None:
            tape = Tape(facts.frames, before.open, after.open if after else None)
            self._mixer = Mixer(tape, rate_hz)
            self._adjust()
            self._cue()
            self._speakers.start(rate_hz, self._mixer.pull)
        else:
            self._cue()
            self._speakers.start(rate_hz, self._mixer.pull)
        self._moving.start()

    def _cue(self) -> None:
        if self._mixer is not None and self._facts is not None:
            rate = self._facts.rate_hz
            span = self._loop_span()
            loop = (round(span[0] * rate), round(span[1] * rate)) if span else None
            self._mixer.play(round(self._position_s * rate), loop)

    def _loop_span(self) -> Span | None:
        if not self._looping or self._facts is None:
            return None
        return self._selection or (0.0, self._facts.seconds)

    def _loop_anew(self) -> None:
        if self._playing:
            self._position_s = self._heard_s()
            self._cue()

    def _heard_s(self) -> float:
        if self._mixer is None or self._facts is None:
            return self._position_s
        delay = round(self._speakers.delay_s() * self._facts.rate_hz)
        return min(self._mixer.heard(delay) / self._facts.rate_hz, self._facts.seconds)

    def _rest(self) -> None:
        self._playing = False
        self._moving.stop()
        if self._mixer is not None:
            self._mixer.pause()
        self._silence.start()
        self.changed.emit()

    def _adjust(self) -> None:
        if self._mixer is not None:
            self._mixer.set_version(self.version)
            self._mixer.set_gains(*(self._gains if self._matched else (1.0, 1.0)))
            self._mixer.set_volume(self._volume**2)

    def _drop_tape(self) -> None:
        mixer, self._mixer = self._mixer, None
        if mixer is not None:
            mixer.tape.close()

    def _on_moving(self) -> None:
        mixer = self._mixer
        if mixer is None:
            return
        self._position_s = self._heard_s()
        self.moved.emit(self._position_s)
        if self.hears_original != self._heard_original:
            self._heard_original = self.hears_original
            self.changed.emit()
        if mixer.tape.failure is not None:
            error = mixer.tape.failure
            self._rest()
            self._drop_tape()
            self.failed.emit(error)
        elif mixer.ended and self.at_end:
            self._position_s = self.total_s
            self._rest()
            self.moved.emit(self._position_s)

    def _on_looked(self, found: bool) -> None:
        self._device = found
        self.changed.emit()

    def _on_broke(self) -> None:
        if self._playing:
            self._position_s = self._heard_s()
            self._rest()
        self._silence.stop()
        self._drop_tape()
        self._device = False
        self.changed.emit()
