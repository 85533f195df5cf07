"""The middle of a pane for recordings: seen and heard before and after."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from desktop_ae.core.domain import Domain, Task
from desktop_ae.ui.errands import PREVIEW, VIEW, Errands
from desktop_ae.ui.masks import Masks
from desktop_ae.ui.queue_model import FINISHED, Row, State
from desktop_ae.ui.settings import Settings
from desktop_ae.ui.sound_data import (
    Facts,
    FactsJob,
    FileSound,
    LoudnessJob,
    ReleaseJob,
    Sound,
    SoundFunctions,
    matching_gains,
)
from desktop_ae.ui.sound_engine import sound_functions
from desktop_ae.ui.sound_preview import SoundPreview
from desktop_ae.ui.sound_speakers import Speakers
from desktop_ae.ui.sound_survey import Survey
from desktop_ae.ui.sound_view import SoundView
from desktop_ae.ui.sound_words import SoundWords
from desktop_ae.ui.stage import Stage, seen
from desktop_ae.ui.wording import Wording, translated

_HEARD_NEXT_S = 12.0
_LOOK_AHEAD_EVERY_S = 1.0

Span = tuple[float, float]


class SoundStage(Stage):
    """Shows one row, whole or the part of it that was cleaned for a preview."""

    def __init__(
        self,
        task: Task,
        _domain: Domain,
        errands: Errands,
        _masks: Masks | None = None,
        *,
        functions: SoundFunctions | None = None,
        speakers: Speakers | None = None,
        parent: QWidget | None = None,
    ) -> None:
        self.compare = SoundView(errands, speakers)
        super().__init__(self.compare, parent)
        self._task = task
        self._errands = errands
        self._functions = functions or sound_functions()
        self._words = SoundWords()
        self._wording = Wording()
        self._facts_errand = self._loudness_errand = 0
        self._facts: Facts | None = None
        self._before: FileSound | None = None
        self._looked_ahead_s = 0.0
        self._compared: tuple[Sound | None, tuple[Span, ...]] = (None, ())
        self._preview = SoundPreview(task.id, errands, self._functions, self)
        self._preview.restored.connect(self._on_restored)
        self._preview.outdated.connect(self._on_outdated)
        self._preview.failed.connect(self._on_preview_failed)
        self._survey = Survey(self._functions, self)
        self._survey.built.connect(self._on_built)
        self._survey.progressed.connect(self._on_progressed)
        self._survey.failed.connect(lambda path, _error: self._on_built(path))
        self._preview_error = ""
        self.compare.rested.connect(self._on_rested)
        self.compare.player.moved.connect(self._on_moved)
        self.compare.player.failed.connect(self._on_unreadable)
        self.compare.player.changed.connect(self._on_player_changed)

    def keep_choices(self, settings: Settings) -> None:
        player = self.compare.player
        player.set_volume(settings.number("volume", player.volume))
        player.changed.connect(lambda: settings.put("volume", round(player.volume, 2)))

    def show_row(self, row: Row | None) -> None:
        for errand in (self._facts_errand, self._loudness_errand):
            self._errands.drop(errand)
        if row is not self._row:
            self.failure.clear()
        self._row, self._unreadable = row, False
        self._facts = self._before = None
        self._compared = (None, ())
        self._preview_error = ""
        self._preview.cancel()
        self.name.setText(row.source.name if row else "")
        self.show_about("")
        self.compare.show_sound(None, None)
        self._facts_errand = 0
        self._survey.want([])
        self._errands.ask(ReleaseJob(self._functions), lambda _none: None)
        if row is not None:
            self.follow(row)

    def follow(self, row: Row) -> None:
        if row is not self._row:
            return
        if row.state is State.FAILED and row.error:
            self._unreadable = False
            self.compare.player.close()
            self.show_failure(row.error)
            if self._facts is None:
                self._facts_errand = 0  # it may be readable by the next time
            return
        if self._unreadable and row.state not in FINISHED:
            return  # it cannot be shown: the reason stays
        self.put_in_front(self.compare)
        if not self._facts_errand:
            job = FactsJob(row.source, self._functions)
            self._facts_errand = self._errands.ask(job, self._on_facts, self._on_unreadable, VIEW)
        self.refresh()

    def refresh(self) -> None:
        row, facts = self._row, self._facts
        if row is None or facts is None or self._before is None:
            return
        fits = self._fits(row)
        if fits and row.target is not None:
            self._preview.cancel()
            after = FileSound(row.target, self._functions)
            self._read_whole()
            self.compare.set_after(after)
            self._match(after, [(0.0, facts.seconds)])
        elif fits and row.result is not None:
            self._preview.cancel()
            self.compare.set_after(None, word=translated(row.result.note or self._task.nothing))
        elif row.state in (State.WAITING, State.CLEANING):
            self._preview.cancel()
            self.compare.set_after(None, word=self._wording.status(row))
        else:
            self._want_preview()
            self._show_preview()

    def hold_original(self, held: bool) -> None:
        """In place of holding a picture's original: Space plays and pauses."""
        if held:
            self.compare.player.toggle()

    def hideEvent(self, event: QHideEvent) -> None:
        """Another pane, or the window closes: nothing is read that nobody sees."""
        self._survey.close()
        super().hideEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._read_whole()

    def _read_whole(self) -> None:
        """For the waveforms of long stretches."""
        row = self._row
        if row is not None and self._facts is not None and self.isVisible():
            self._survey.want([row.source, row.target] if row.target else [row.source])

    def _fits(self, row: Row) -> bool:
        """Whether the row's end is what today's choices would make of it."""
        job = row.job
        if row.state not in FINISHED or row.state is State.FAILED:
            return False
        if job is None:
            return True
        same = job.model == self._model and seen(job.options) == self._options
        return same and job.strength == self._strength

    def _want_preview(self) -> None:
        facts, before = self._facts, self._before
        if facts is None or before is None:
            return
        player = self.compare.player
        spans = [self.compare.visible()]
        if player.playing:
            here = player.position_s
            spans.insert(0, (here, min(here + _HEARD_NEXT_S, facts.seconds), here))
        self._preview.want(before, facts, self._model, self._options, self._strength, spans)

    def _show_preview(self) -> None:
        """What there is of it now."""
        spans = self._preview.spans()
        if self._preview_error:
            self.compare.set_after(None, word=self._preview_error)
            return
        visible = self.compare.visible()
        near = [s for s in spans if s[0] < visible[1] and s[1] > visible[0]]
        word = "" if near else self.tr("A preview of this part is being made…")
        note = ""
        if near and (near[0][0] > visible[0] + 0.01 or near[-1][1] < visible[1] - 0.01):
            span = self._words.span(near[0][0], near[-1][1])
            note = self.tr("Preview of {span}. Zoom in for more").format(span=span)
        elif near:
            note = self.tr("Preview")
        if self.compare.player.hears_original:
            note = self.tr("Not cleaned here yet: you hear the original")
        self.compare.set_after(self._preview.pieces, spans, note=note, word=word)

    def _match(self, after: Sound, spans: list[Span]) -> None:
        """Find out how loud both are, once for each result."""
        wish = (after, tuple(spans))
        if wish == self._compared or self._facts is None or self._before is None:
            return
        self._compared = wish
        self._errands.drop(self._loudness_errand)
        job = LoudnessJob(self._before, after, self._facts, tuple(spans))
        self._loudness_errand = self._errands.ask(job, self._on_levels, None, PREVIEW)

    def _on_levels(self, levels: tuple[float, float]) -> None:
        self.compare.player.set_gains(*matching_gains(*levels))

    def _on_facts(self, facts: Facts) -> None:
        row = self._row
        if row is None:
            return
        self._facts = facts
        self._before = FileSound(row.source, self._functions)
        self.show_about(facts.about)
        self.compare.show_sound(facts, self._before)
        self._read_whole()
        self.refresh()

    def _on_unreadable(self, error: Exception) -> None:
        """A row that cannot be shown will fail when its turn comes; until then this says why."""
        self._unreadable = True
        self.show_failure(error)

    def _on_built(self, path: Path) -> None:
        if self._row is not None and path in (self._row.source, self._row.target):
            self.compare.set_before_note("")
            self.compare.load()

    def _on_progressed(self, path: Path, share: float) -> None:
        if self._row is not None and path == self._row.source:
            note = self.tr("Reading the recording · {n} %").format(n=round(share * 100))
            self.compare.set_before_note(note)

    def _on_restored(self, start_s: float, stop_s: float) -> None:
        self._show_preview()
        self.compare.outdate_after(start_s, stop_s)
        if self._preview.pieces is not None:
            self._match(self._preview.pieces, self._preview.spans())

    def _on_outdated(self) -> None:
        self._preview_error = ""

    def _on_preview_failed(self, error: Exception) -> None:
        self._preview_error = str(error)
        self._show_preview()

    def _on_rested(self) -> None:
        self.refresh()

    def _on_player_changed(self) -> None:
        if self._preview.pieces is not None and self._facts is not None:
            self._show_preview()

    def _on_moved(self, position_s: float) -> None:
        """While a preview plays, what is heard next is cleaned just ahead of it."""
        if not self.compare.player.playing or self._preview.pieces is None:
            return
        if abs(position_s - self._looked_ahead_s) > _LOOK_AHEAD_EVERY_S:
            self._looked_ahead_s = position_s
            self._want_preview()
