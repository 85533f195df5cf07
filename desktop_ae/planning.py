"""Which dropped file goes to which task."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from desktop_ae.core.domain import Task
from desktop_ae.core.errors import DesktopAEError, Unreadable, Unsupported
from desktop_ae.core.ledger import Ledger
from desktop_ae.domains import domain_of_task, load_domains, task_named

SNIFFED_BYTES = 4096


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


def plan_cleaning(
    paths: Iterable[Path], task: str = "auto", ledger: Ledger | None = None, preferred: str = ""
) -> Plan:
    """Sort dropped paths into files with their tasks, and refusals with reasons.

    Folders are walked (links are not followed). A path given twice counts once, and so does a file
    of which several parts are given (see `Domain.main_file`). `task` "auto" takes the first task of
    the domain that a file looks most like, or the `preferred` task if that can take it; a task's id
    takes files of its domain only.
    """
    files: list[Planned] = []
    refusals: list[Refusal] = []
    seen: set[Path] = set()
    ignored = 0
    for given in paths:
        below = absolute(given) if _is_folder(given) else None
        for path in _walk(given) if below else [given]:
            path = _main_file(path)
            real = absolute(path)
            if real in seen:
                continue
            seen.add(real)
            if below and (not _has_known_suffix(path) or (ledger and ledger.is_ours(real))):
                ignored += 1
                continue
            try:
                files.append(Planned(real, choose_task(path, task, preferred), below))
            except DesktopAEError as error:
                if below and _is_of_others(path, error):
                    ignored += 1
                    continue
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


def absolute(path: Path) -> Path:
    """Without `..`, so that what was found below a folder says so; links keep their own names."""
    return Path(os.path.abspath(path))  # noqa: PTH100


def _main_file(path: Path) -> Path:
    """The file that stands for a part of it, if that lies beside; else the path itself."""
    for domain in load_domains():
        main = domain.main_file(path)
        if main != path:
            return main
    return path


def _is_of_others(path: Path, error: DesktopAEError) -> bool:
    """Whether a file has a name that files of all sorts have, and turned out to be none of ours."""
    suffix = path.suffix.lower()
    taking = [d for d in load_domains() if suffix in d.suffixes]
    return isinstance(error, Unreadable) and all(suffix in d.shared_suffixes for d in taking)


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
