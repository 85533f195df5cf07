"""What can be asked of an engine: frozen, picklable requests."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from desktop_ae.core.clip import Clip
from desktop_ae.core.domain import (
    Domain,
    Options,
    Piece,
    Reader,
    Request,
    Task,
    Writer,
    finish_writer,
)
from desktop_ae.core.errors import NotWritable, UnknownName
from desktop_ae.core.ledger import Ledger
from desktop_ae.core.library import ModelLibrary
from desktop_ae.core.mask import Mask, MaskPixels
from desktop_ae.core.provenance import Recorder, provenance_of
from desktop_ae.core.saving import check_target_folder, new_file, target_name
from desktop_ae.core.work import CancelToken, Progress, Report, give_back_memory, silent
from desktop_ae.domains import domain_of_task, task_named
from desktop_ae.planning import absolute

if TYPE_CHECKING:
    from desktop_ae.core.library import Model
    from desktop_ae.core.restore import Removed

PASSWORD = "password"
MASK = "mask"
SAVE_MASK = "save_mask"


class Password(str):
    """A password among a job's options: logs and reports, which show a job's repr, hide it."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "•••"


@dataclass(frozen=True, slots=True)
class Context:
    """What a job is given to run with."""

    library: ModelLibrary
    ledger: Ledger | None = None
    report: Report = silent
    token: CancelToken = field(default_factory=CancelToken)


class Job(Protocol):
    def run(self, context: Context) -> object: ...


@dataclass(frozen=True, slots=True)
class Output:
    """Where results go: `folder` (None: beside the source), under what name, with what kept.

    record: whether they say what made them, see core.provenance.
    """

    folder: Path | None = None
    pattern: str = "{name}_clean{ext}"
    keep_metadata: bool = True
    record: bool = True


@dataclass(frozen=True, slots=True)
class Cleaned:
    """The end of a CleanJob.

    status: "cleaned"; "unchanged" (clean already: no file was written); "skipped" (cleaned with
    the same settings before: `target` is that file). note: the sentence that says so.
    measures: of the whole file, see the task's. pieces: what became of each page that was looked
    at, by its index: "cleaned", "unchanged" or "left out". passed_over: why other pages had nothing
    to clean. mask: the picture of what was changed, if that was to be saved.
    """

    source: Path
    target: Path | None
    status: str
    seconds: float
    measures: Mapping[str, float] = field(default_factory=dict)
    note: str = ""
    pieces: Mapping[int, str] = field(default_factory=dict)
    passed_over: Mapping[int, str] = field(default_factory=dict)
    mask: Path | None = None


def _why_unchanged(
    task: Task,
    measured: Mapping[str, float],
    became: Mapping[int, str],
    passed_over: Mapping[int, str],
) -> str:
    if "unchanged" in became.values():
        return task.nothing_of(measured) if task.nothing_of else task.nothing
    if became:
        return "All pages are left out"
    return next(iter(passed_over.values()), "There is nothing to clean in this file.")


@dataclass(frozen=True, slots=True)
class CleanJob:
    """Clean one file.

    below: the dropped folder whose structure the output keeps. options: values of the task's
    options that differ from their defaults, and perhaps a password. left_out: indices of pages that
    stay as they are.
    """

    source: Path
    task: str
    model: str
    strength: float = 1.0
    output: Output = field(default_factory=Output)
    below: Path | None = None
    options: Options = field(default_factory=dict)
    left_out: frozenset[int] = frozenset()

    def run(self, context: Context) -> Cleaned:
        """Raises FileError, BadModel, BrokenResult or Cancelled; the source is never touched."""
        started = time.monotonic()
        settings = self.settings(context.library)
        before = context.ledger.find(self.source, settings) if context.ledger else None
        if before is not None:
            note = f"Cleaned before with the same settings: {before.name}"
            return Cleaned(self.source, before, "skipped", 0.0, note=note)
        domain = domain_of_task(self.task)
        check_target_folder(self.wanted(domain).parent)
        options = chosen_options(task_named(self.task), self.options)
        reader = domain.open(self.source, options)
        try:
            cleaned = self._clean(context, domain, reader, options, started)
        finally:
            reader.close()
        if context.ledger and cleaned.target:
            context.ledger.add(self.source, settings, cleaned.target)
        return cleaned

    def settings(self, library: ModelLibrary) -> Mapping[str, Any]:
        """Everything that the result depends on beside the source."""
        return {
            "task": self.task,
            "model": library.card(self.model).sha256,
            "strength": round(self.strength, 3),
            "folder": str(absolute(self.output.folder)) if self.output.folder else "",
            "pattern": self.output.pattern,
            "keep_metadata": self.output.keep_metadata,
            "record": self.output.record,
            "options": {
                name: value.digest if isinstance(value, Mask) else value
                for name, value in sorted(self.options.items())
                if name != PASSWORD
            },
            "left_out": sorted(self.left_out),
            **_parts_of(self.source, domain_of_task(self.task)),
        }

    def wanted(self, domain: Domain) -> Path:
        """The output's path, if that name is free."""
        try:
            name = target_name(self.source, self.output.pattern, domain.target_suffix(self.source))
        except ValueError as error:
            raise NotWritable(self.source, str(error)) from error
        if self.output.folder is None:
            return self.source.with_name(name)
        inside = self.source.parent.relative_to(self.below) if self.below else Path()
        return self.output.folder / inside / name

    def _clean(
        self, context: Context, domain: Domain, reader: Reader, options: Options, started: float
    ) -> Cleaned:
        from desktop_ae.core.restore import Removed

        task = task_named(self.task)
        model = context.library.load(self.model)
        writer = domain.create(reader, self.output.keep_metadata, options)
        done = 0.0
        removed: Removed | None = None
        became = dict.fromkeys(self.left_out, "left out")
        mask: MaskPixels | None = None
        for piece in reader.pieces(self.left_out):
            context.token.check()
            step = Progress(
                done,
                reader.work,
                domain.unit,
                piece=piece.index,
                pieces=dict(became),  # copies: another thread reads them
                passed_over=dict(reader.passed_over),
            )
            restoring = _Restoring(context, task, model, piece, self.strength, options)
            here = restoring.run(writer, step)
            changed = writer.end_piece(task.nothing_to_do(task.measures(here)))
            became[piece.index] = "cleaned" if changed else "unchanged"
            removed = _together(removed, here)
            done += piece.work
            mask = restoring.mask
        measured = task.measures(removed or Removed())
        passed_over = reader.passed_over
        target: Path | None = None
        saved_mask: Path | None = None
        if "cleaned" in became.values():
            context.token.check()
            give_back_memory()
            if self.output.record and isinstance(writer, Recorder):
                writer.record(provenance_of(task, model.card, self.strength, self.options))
            with new_file(self.wanted(domain)) as file:
                finish_writer(writer, file)
                context.token.check()
            target = file.target
            if target is not None and mask is not None:
                wanted = target.with_name(f"{target.stem}_mask.png")
                saved_mask = _save_mask(wanted, mask)
        return Cleaned(
            self.source,
            target,
            "cleaned" if target else "unchanged",
            time.monotonic() - started,
            measured,
            task.warning(measured)
            if target
            else _why_unchanged(task, measured, became, passed_over),
            became,
            passed_over,
            saved_mask,
        )


def _parts_of(source: Path, domain: Domain) -> Mapping[str, Any]:
    """Size and time of change of the files that a source's content lies in beside itself."""
    states = [path.stat() for path in domain.parts(source) if path.exists()]
    return {"parts": [[s.st_size, s.st_mtime_ns] for s in states]} if states else {}


def _together(removed: Removed | None, more: Removed) -> Removed:
    """The sums of the pieces so far, of the kind that their restorers keep, and of the next."""
    if removed is None:
        return more
    removed.include(more)
    return removed


class _Restoring:
    """One piece on its way through the net to the writer. mask: what was changed, if wanted."""

    def __init__(
        self,
        context: Context,
        task: Task,
        model: Model,
        piece: Piece,
        strength: float,
        options: Options,
    ) -> None:
        self.context = context
        self.piece = piece
        self.mask: MaskPixels | None = None
        if task.find is not None and options.get(SAVE_MASK, False):
            self.mask = np.zeros(piece.shape[1:], np.uint8)
        check = context.token.check
        request = Request(
            piece.shape, strength, check, piece.overview, piece.mask, piece.rate_hz, options
        )
        self.restorer = task.restorer(model, request)
        self._rows = 0

    def run(self, writer: Writer, begin: Progress) -> Removed:
        """`begin` is the progress before the piece."""
        for block in self.piece.blocks:
            for clip in self.restorer.push(block):
                self._put(clip, writer, begin)
        for clip in self.restorer.finish():
            self._put(clip, writer, begin)
        if self.mask is not None:
            self.mask = self.piece.upright(self.mask)
        removed = self.restorer.removed
        del self.restorer  # with its buffers, before the file is written
        return removed

    def _put(self, clip: Clip, writer: Writer, begin: Progress) -> None:
        writer.write(clip)
        if self.mask is not None:
            self.mask[clip.start : clip.stop] = np.rint(255 * clip.samples[-1])
        self._rows += clip.samples.shape[1]
        share = self._rows / max(1, self.piece.shape[1])
        done = begin.done + share * self.piece.work
        self.context.report(replace(begin, done=done, piece_fraction=share))


def _save_mask(wanted: Path, mask: MaskPixels) -> Path | None:
    from PIL import Image

    with new_file(wanted) as file:
        Image.fromarray(mask).save(file.scratch, "PNG")
    return file.target


def chosen_options(task: Task, given: Options) -> Options:
    """All of the task's options, the given ones in place of their defaults, and the password.

    Raises UnknownName for an option that the task does not have, or a value that it cannot have.
    """
    chosen: dict[str, Any] = {option.name: option.default for option in task.options}
    for option in task.options:
        value = given.get(option.name, option.default)
        values: list[str | bool] = [v for v, _ in option.choices] or [True, False]
        if not (isinstance(value, str) if option.is_free else value in values):
            known = "any text" if option.is_free else ", ".join(str(v) for v in values)
            raise UnknownName(f"{option.name} cannot be “{value}”. It can be: {known}.")
    unknown = given.keys() - chosen.keys() - {PASSWORD, *([MASK] if task.find else [])}
    if unknown:
        there = ", ".join(sorted(chosen)) or "none"
        raise UnknownName(f"{task.id} has no option “{min(unknown)}”. It has: {there}.")
    return {**chosen, **given}
