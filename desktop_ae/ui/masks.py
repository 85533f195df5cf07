"""The masks of a pane's rows: found by a model, corrected by the person, or one for all."""

from __future__ import annotations

from enum import Enum, auto
from pathlib import Path

from PySide6.QtCore import QObject, QSize, Signal

from desktop_ae.core.domain import Options, Task
from desktop_ae.core.errors import BadMask
from desktop_ae.core.mask import FULLEST, Mask, check_shape, checked
from desktop_ae.jobs import MASK
from desktop_ae.look_jobs import FindJob
from desktop_ae.ui.errands import FIND, VIEW, Errands
from desktop_ae.ui.mask_edits import MaskEdits
from desktop_ae.ui.mask_files import LoadMask, SaveMask
from desktop_ae.ui.queue_model import Row


class Sight(Enum):
    """What there is to see of the mask of the row on the screen."""

    NO_PICTURE = auto()  # to lie over, or none yet
    LOOKING = auto()
    FAILED = auto()  # to look for it
    NOTHING = auto()  # was found, or is left
    UNFIT = auto()  # for this picture
    SEEN = auto()


class Masks(QObject):
    """Follows the row on the screen, and says which mask goes into whose job.

    Signals:
        changed(): the mask of the row on the screen, or what is to be said of it.
        edited(): the jobs of some rows would be others now.
        said(text: str): a notice: why a mask was not taken, or where it was saved.
    """

    changed = Signal()
    edited = Signal()
    said = Signal(object)

    def __init__(self, task: Task, errands: Errands, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._task = task
        self._errands = errands
        self._row: Row | None = None
        self._model = ""
        self._size = QSize()
        self._errand = 0
        self._shared: MaskEdits | None = None
        self._failure: Exception | None = None
        self.sight = Sight.NO_PICTURE
        self.share = 0.0  # of the picture that is marked
        self.problem = ""  # a sentence where it is FAILED or UNFIT

    @property
    def edits(self) -> MaskEdits:
        """Of the row on the screen, or the one for all."""
        if self._shared is not None:
            return self._shared
        return self._row.edits if self._row is not None else MaskEdits()

    @property
    def mask(self) -> Mask | None:
        """What lies over the row on the screen."""
        fits = self.sight in (Sight.SEEN, Sight.NOTHING) or self._full
        return self.edits.shown if fits else None

    @property
    def same_for_all(self) -> bool:
        return self._shared is not None

    @property
    def paintable(self) -> bool:
        return self.sight in (Sight.SEEN, Sight.NOTHING, Sight.FAILED) or self._full

    @property
    def can_look_again(self) -> bool:
        busy = self.sight in (Sight.NO_PICTURE, Sight.LOOKING)
        return not (busy or self.same_for_all)

    @property
    def size(self) -> QSize:
        """Of the whole picture on the screen, upright; empty until it is known."""
        return self._size

    def options(self, row: Row) -> Options:
        """What a row's job is told of its mask: nothing where the model shall find it."""
        own = row.edits.own if self._shared is None else self._shared.own
        return {} if own is None else {MASK: own}

    def show_row(self, row: Row | None) -> None:
        self._errands.drop(self._errand)
        self._row = row
        self._size = QSize()
        self._failure = None
        self._judge()

    def set_size(self, size: QSize) -> None:
        """The picture is there."""
        if size != self._size:
            self._size = size
            self._look()

    def set_model(self, model: str) -> None:
        if model != self._model:
            self._model = model
            self._look()

    def put(self, mask: Mask) -> None:
        self.edits.put(mask)
        self._on_edited()

    def undo(self) -> None:
        self.edits.undo()
        self._on_edited()

    def redo(self) -> None:
        self.edits.redo()
        self._on_edited()

    def look_again(self) -> None:
        """Back to what is found by itself."""
        if self._row is not None and self._shared is None:
            edits = self._row.edits
            edits.put(None)
            edits.found = None
            self._look()
            self.edited.emit()

    def set_same_for_all(self, on: bool) -> None:
        """Give this row's mask to all rows, those to come included, for as long as this is on."""
        mask = self.edits.shown
        if on and self._shared is None and mask is not None:
            self._shared = MaskEdits(own=mask)
        elif not on:
            self._shared = None
        self._look()
        self.edited.emit()

    def load(self, path: Path) -> None:
        if self._row is None or self._size.isEmpty():
            return
        edits = self.edits
        width, height = self._size.width(), self._size.height()

        def on_done(mask: Mask) -> None:
            edits.put(mask)
            self._on_edited()

        job = LoadMask(path, width, height)
        self._errands.ask(job, on_done, lambda error: self.said.emit(str(error)), VIEW)

    def save(self, wanted: Path) -> None:
        mask = self.mask
        if mask is not None:
            job = SaveMask(mask, wanted, self._size.width(), self._size.height())
            self._errands.ask(
                job,
                lambda path: self.said.emit(self.tr("Mask saved: {name}").format(name=path.name)),
                lambda error: self.said.emit(str(error)),
                VIEW,
            )

    def file_name(self) -> str:
        """What a saved mask is called at first."""
        return f"{self._row.source.stem}_mask.png" if self._row is not None else "mask.png"

    def note(self) -> str:
        """What stands on the picture in place of a preview; nothing where there can be one."""
        match self.sight:
            case Sight.LOOKING:
                return self.tr("Looking for an overlay…")
            case Sight.NOTHING if self.edits.own is None:
                return self.tr("Nothing found. Paint over what shall go (B).")
            case Sight.NOTHING:
                return self.tr("Nothing is marked. Paint over what shall go (B).")
        return self.problem

    def about(self) -> str:
        """What is said of the mask beside the picture."""
        if self.sight is not Sight.SEEN:
            return self.note()
        if self._shared is not None:
            text = self.tr("The same for all: {share} of the picture")
        elif self.edits.own is not None:
            text = self.tr("Yours: {share} of the picture")
        else:
            text = self.tr("Found: {share} of the picture")
        return text.format(share=_percent(self.share))

    @property
    def _full(self) -> bool:
        return self.sight is Sight.UNFIT and self.share > FULLEST

    def _on_edited(self) -> None:
        self._judge()
        self.edited.emit()

    def _look(self) -> None:
        """Ask for what the row has and is not known yet."""
        self._errands.drop(self._errand)
        self._failure = None
        row = self._row
        if row is not None and self._shared is None and not self._size.isEmpty():
            if row.edits.found_by != self._model:
                row.edits.found = None
            if row.edits.found is None:
                self._ask(row)
        self._judge()

    def _ask(self, row: Row) -> None:
        model = self._model

        def on_done(found: Mask) -> None:
            row.edits.found, row.edits.found_by = found, model
            self._judge()

        job = FindJob(row.source, self._task.id, model)
        self._errand = self._errands.ask(job, on_done, self._on_failed, FIND)

    def _on_failed(self, error: Exception) -> None:
        self._failure = error
        self._judge()

    def _judge(self) -> None:
        self.share, self.problem = 0.0, ""
        self.sight = self._judged()
        self.changed.emit()

    def _judged(self) -> Sight:
        mask = self.edits.shown
        if self._row is None or self._size.isEmpty():
            return Sight.NO_PICTURE
        if mask is None and self._failure is not None:
            self.problem = str(self._failure)
            return Sight.FAILED
        if mask is None:
            return Sight.LOOKING
        width, height = self._size.width(), self._size.height()
        try:
            check_shape(mask, width, height)
            self.share = float((mask.pixels > 127).mean())
            if self.share == 0:
                return Sight.NOTHING
            checked(mask, width, height)
        except BadMask as error:
            self.problem = str(error)
            return Sight.UNFIT
        return Sight.SEEN


def _percent(share: float) -> str:
    percent = share * 100
    return f"{percent:.0f} %" if percent >= 1 else f"{percent:.1f} %"
