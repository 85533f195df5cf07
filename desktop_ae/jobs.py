"""What can be asked of an engine: frozen, picklable requests, and the plan that makes them."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from desktop_ae.core.clip import Clip
from desktop_ae.core.domain import Domain, Options, Piece, Reader, Task, View, Writer
from desktop_ae.core.errors import (
    DesktopAEError,
    NotWritable,
    UnknownName,
    Unreadable,
    Unsupported,
)
from desktop_ae.core.ledger import Ledger
from desktop_ae.core.library import ModelLibrary
from desktop_ae.core.saving import new_file, target_name
from desktop_ae.core.work import CancelToken, Progress, Report, silent
from desktop_ae.domains import domain_of_task, load_domains, task_named

if TYPE_CHECKING:
    from desktop_ae.core.library import Model
    from desktop_ae.core.restore import Removed

SNIFFED_BYTES = 4096
PASSWORD = "password"


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
    """Where results go: `folder` (None: beside the source), under what name, with what kept."""

    folder: Path | None = None
    pattern: str = "{name}_clean{ext}"
    keep_metadata: bool = True


@dataclass(frozen=True, slots=True)
class Cleaned:
    """The end of a CleanJob.

    status: "cleaned"; "unchanged" (clean already: no file was written); "skipped" (cleaned with
    the same settings before: `target` is that file). note: the sentence that says so.
    measures: of the whole file, see the task's. pieces: what became of each page that was looked
    at, by its index: "cleaned", "unchanged" or "left out". passed_over: why other pages had nothing
    to clean.
    """

    source: Path
    target: Path | None
    status: str
    seconds: float
    measures: Mapping[str, float] = field(default_factory=dict)
    note: str = ""
    pieces: Mapping[int, str] = field(default_factory=dict)
    passed_over: Mapping[int, str] = field(default_factory=dict)


def _why_unchanged(became: Mapping[int, str], passed_over: Mapping[int, str]) -> str:
    if "unchanged" in became.values():
        return "Already clean, left alone"
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
            "folder": str(_absolute(self.output.folder)) if self.output.folder else "",
            "pattern": self.output.pattern,
            "keep_metadata": self.output.keep_metadata,
            "options": {k: v for k, v in sorted(self.options.items()) if k != PASSWORD},
            "left_out": sorted(self.left_out),
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
        removed = Removed()
        became = dict.fromkeys(self.left_out, "left out")
        for piece in reader.pieces(self.left_out):
            context.token.check()
            step = Progress(done, reader.work, domain.unit, piece=piece.index)
            here = self._clean_piece(context, model, piece, writer, step)
            changed = writer.end_piece(task.nothing_to_do(task.measures(here)))
            became[piece.index] = "cleaned" if changed else "unchanged"
            removed.include(here)
            done += piece.work
        passed_over = reader.passed_over
        target = None
        if "cleaned" in became.values():
            context.token.check()
            with new_file(self.wanted(domain)) as file:
                writer.finish(file.scratch)
                context.token.check()
            target = file.target
        return Cleaned(
            self.source,
            target,
            "cleaned" if target else "unchanged",
            time.monotonic() - started,
            task.measures(removed),
            "" if target else _why_unchanged(became, passed_over),
            became,
            passed_over,
        )

    def _clean_piece(
        self, context: Context, model: Model, piece: Piece, writer: Writer, begin: Progress
    ) -> Removed:
        """Pass a piece through the net to the writer; `begin` is the progress before it."""
        check = context.token.check
        restorer = task_named(self.task).restorer(model, piece.shape, self.strength, check)
        rows = 0

        def put(clip: Clip) -> None:
            nonlocal rows
            writer.write(clip)
            rows += clip.samples.shape[1]
            share = rows / max(1, piece.shape[1])
            context.report(
                replace(begin, done=begin.done + share * piece.work, piece_fraction=share)
            )

        for block in piece.blocks:
            for clip in restorer.push(block):
                put(clip)
        for clip in restorer.finish():
            put(clip)
        return restorer.removed


@dataclass(frozen=True, slots=True)
class ViewJob:
    """Load what a window shows of a page; no side over `longest_px` (0: as it is)."""

    source: Path
    domain: str
    longest_px: int
    page: int = 0
    options: Options = field(default_factory=dict)

    def run(self, context: Context) -> View:
        context.token.check()
        chosen = next(d for d in load_domains() if d.id == self.domain)
        return chosen.view(self.source, self.longest_px, self.page, self.options)


@dataclass(frozen=True, slots=True)
class PreviewJob:
    """Restore what is visible, at full strength to answer the strength slider at once.

    samples: float32 `(channels, height, width)` of the visible part, in [0, 1]. strength: less than
    full where options make of the result what cannot be mixed with the original afterwards.
    """

    samples: Any
    task: str
    model: str
    options: Options = field(default_factory=dict)
    strength: float = 1.0

    def run(self, context: Context) -> Any:
        from desktop_ae.core.restore import restore

        task = task_named(self.task)
        model = context.library.load(self.model)
        restorer = task.restorer(model, self.samples.shape, self.strength, context.token.check)
        restored = restore(restorer, self.samples)
        return task.present(restored, chosen_options(task, self.options))


@dataclass(frozen=True, slots=True)
class WarmUp:
    """Load torch and a model before the first file needs them; says what it all runs on."""

    model: str

    def run(self, context: Context) -> str:
        import torch

        from desktop_ae.core.restore import uses_bf16

        model = context.library.load(self.model)
        precision = " · bf16" if uses_bf16(model.card.input) else ""
        threads = torch.get_num_threads()
        return f"CPU · {threads} thread{'s' if threads > 1 else ''}{precision}"


@dataclass(frozen=True, slots=True)
class Refusal:
    path: Path
    reason: DesktopAEError


@dataclass(frozen=True, slots=True)
class Planned:
    """One file that a task will take; `below` as in CleanJob."""

    source: Path
    task: Task
    below: Path | None


@dataclass(frozen=True, slots=True)
class Plan:
    """ignored: how many files inside dropped folders no domain takes, or are our own results."""

    files: Sequence[Planned]
    refusals: Sequence[Refusal]
    ignored: int = 0


@dataclass(frozen=True, slots=True)
class PlanJob:
    """`plan_cleaning` where it keeps nobody waiting: a dropped folder may hold a whole disk."""

    paths: Sequence[Path]
    task: str = "auto"
    preferred: str = ""

    def run(self, context: Context) -> Plan:
        context.token.check()
        return plan_cleaning(self.paths, self.task, context.ledger, self.preferred)


def plan_cleaning(
    paths: Iterable[Path], task: str = "auto", ledger: Ledger | None = None, preferred: str = ""
) -> Plan:
    """Sort dropped paths into files with their tasks, and refusals with reasons.

    Folders are walked (links are not followed). A path given twice counts once. `task` "auto"
    takes the first task of the domain that a file looks most like, or the `preferred` task if that
    can take it; a task's id takes files of its domain only.
    """
    files: list[Planned] = []
    refusals: list[Refusal] = []
    seen: set[Path] = set()
    ignored = 0
    for given in paths:
        below = _absolute(given) if _is_folder(given) else None
        for path in _walk(given) if below else [given]:
            real = _absolute(path)
            if real in seen:
                continue
            seen.add(real)
            if below and (not _has_known_suffix(path) or (ledger and ledger.is_ours(real))):
                ignored += 1
                continue
            try:
                files.append(Planned(real, choose_task(path, task, preferred), below))
            except DesktopAEError as error:
                refusals.append(Refusal(path, error))
    return Plan(files, refusals, ignored)


def choose_task(path: Path, wanted: str = "auto", preferred: str = "") -> Task:
    """The task for a file, by suffix first, then by content.

    Raises Unsupported for a kind of file that no domain (or not the wanted one) takes, Unreadable
    for a file that is gone, empty or not what its name says, UnknownName for an unknown task.
    """
    domains = load_domains() if wanted == "auto" else [domain_of_task(wanted)]
    suffix = path.suffix.lower()
    fitting = [d for d in domains if suffix in d.suffixes]
    head = _head(path)
    if not fitting:
        formats = ", ".join(name for d in domains for name in d.formats)
        raise Unsupported(path, f"{path.name} is of a kind that is not supported ({formats} are).")
    taking = [d for d in fitting if d.sniff(head) is not None]
    if taking and wanted != "auto":
        return task_named(wanted)
    if preferred and domain_of_task(preferred) in taking:
        return task_named(preferred)
    if taking:
        return max(taking, key=lambda d: d.likeness(path) if len(taking) > 1 else 1.0).tasks[0]
    kind = suffix.removeprefix(".").upper()
    raise Unreadable(path, f"{path.name} is named {kind}, but its content is something else.")


def chosen_options(task: Task, given: Options) -> Options:
    """All of the task's options, the given ones in place of their defaults, and the password.

    Raises UnknownName for an option that the task does not have, or a value that it cannot have.
    """
    chosen: dict[str, Any] = {option.name: option.default for option in task.options}
    for option in task.options:
        value = given.get(option.name, option.default)
        values: list[str | bool] = [v for v, _ in option.choices] or [True, False]
        if value not in values:
            known = ", ".join(str(v) for v in values)
            raise UnknownName(f"{option.name} cannot be “{value}”. It can be: {known}.")
    unknown = given.keys() - chosen.keys() - {PASSWORD}
    if unknown:
        there = ", ".join(sorted(chosen)) or "none"
        raise UnknownName(f"{task.id} has no option “{min(unknown)}”. It has: {there}.")
    return {**chosen, **given}


def check_target_folder(folder: Path) -> None:
    """Find out before the work, not after it, that nothing can be saved in a folder."""
    existing = folder
    try:
        while not existing.exists() and existing != existing.parent:
            existing = existing.parent
        writable = existing.is_dir() and os.access(existing, os.W_OK)
    except OSError as error:
        sentence = f"Nothing can be saved in {folder}: {error.strerror}."
        raise NotWritable(folder, sentence) from error
    if not writable:
        sentence = f"No permission to save in {folder}. Choose another output folder."
        raise NotWritable(folder, sentence)


def _head(path: Path) -> bytes:
    try:
        if path.exists() and not path.is_file():  # opening a pipe would wait for its writer
            raise Unreadable(path, f"{path.name} is no ordinary file.")
        with path.open("rb") as file:
            head = file.read(SNIFFED_BYTES)
    except FileNotFoundError as error:
        raise Unreadable(path, f"{path.name} is no longer there.") from error
    except OSError as error:
        raise Unreadable(path, f"{path.name} cannot be opened: {error.strerror}.") from error
    if not head:
        raise Unreadable(path, f"{path.name} is empty: it holds no data at all.")
    return head


def _absolute(path: Path) -> Path:
    """Without `..`, so that what was found below a folder says so; links keep their own names."""
    return Path(os.path.abspath(path))  # noqa: PTH100


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # a name too long, a folder that may not be searched
        return False


def _has_known_suffix(path: Path) -> bool:
    return any(path.suffix.lower() in d.suffixes for d in load_domains())


def _walk(folder: Path) -> Iterable[Path]:
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(n for n in folders if not n.startswith("."))
        yield from (Path(root, n) for n in sorted(names) if not n.startswith("."))
