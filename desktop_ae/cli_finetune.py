"""The `finetune` command: the wizard's job, from a shell."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from desktop_ae.cli_progress import progress_bar
from desktop_ae.cli_progress import screen as _screen
from desktop_ae.core.errors import UnknownName
from desktop_ae.core.library import ModelLibrary
from desktop_ae.core.tuning import CLEAN, NOISY, PAIRS
from desktop_ae.core.work import Progress as Done
from desktop_ae.domains import task_named
from desktop_ae.jobs import Context
from desktop_ae.learning.jobs import CheckJob, KeepJob, Learned, LearnJob
from desktop_ae.learning.lesson import Lesson
from desktop_ae.learning.request import KEPT, REFUSED, USED, Checked, LearnRequest
from desktop_ae.learning.session import begin, sessions
from desktop_ae.learning.verdict import verdict_facts
from desktop_ae.places import model_folders, user_data

_KEEP = ("better", "always", "never")

Folders = Annotated[list[Path] | None, typer.Option(help="Files or folders; more than once.")]


def finetune(
    task: Annotated[str, typer.Argument(metavar="TASK", help="See `desktop-ae options`.")],
    noisy: Folders = None,
    clean: Folders = None,
    kind: Annotated[str, typer.Option(help="pairs, clean or noisy; else by what is given.")] = "",
    name: Annotated[str, typer.Option(help="Of the tuned model.")] = "My model",
    minutes: Annotated[float, typer.Option(min=0.0, help="Of computing, at most.")] = 10.0,
    base: Annotated[str | None, typer.Option(help="A model to start from; see `models`.")] = None,
    damage: Annotated[str, typer.Option(help="For clean files: what spoils them.")] = "",
    keep: Annotated[str, typer.Option(help=f"{', '.join(_KEEP)}.")] = "better",
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with the last training of this task.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For scripts.")] = False,
) -> int:
    """Make a model better on files like your own, and find out whether it is."""
    if keep not in _KEEP:
        raise UnknownName(f"--keep cannot be “{keep}”. It can be: {', '.join(_KEEP)}.")
    library = ModelLibrary(model_folders())
    root = user_data() / "learning"
    known = task_named(task)
    if resume:
        session = next((s for s in sessions(root) if s.request.task == task), None)
        if session is None:
            raise UnknownName(f"There is no training of {task} to go on with.")
    else:
        before, after = (tuple(p.absolute() for p in given or ()) for given in (noisy, clean))
        request = LearnRequest(
            task,
            base or library.default_for(known),
            kind or _kind_of(bool(before), bool(after)),
            before,
            after,
            minutes,
            damage,
        )
        with _following(task) as follow:
            checked = CheckJob(request).run(Context(library, report=follow))
        _tell_checked(checked, as_json)
        if checked.too_few:
            _screen.print(checked.too_few, style="red", markup=False, highlight=False)
            return 1
        session = begin(root, request)
    with _following(task) as follow:
        learned = LearnJob(session).run(Context(library, report=follow))
    is_kept = keep == "always" or (keep == "better" and learned.verdict.is_better)
    kept = KeepJob(session, name).run(Context(library)).id if is_kept else None
    if not is_kept:
        session.discard()
    _tell(learned, kept, as_json)
    return 0


def _kind_of(has_noisy: bool, has_clean: bool) -> str:
    if has_noisy and has_clean:
        return PAIRS
    return NOISY if has_noisy else CLEAN


def _tell_checked(checked: Checked, as_json: bool) -> None:
    if as_json:
        for file in checked.files:
            twin = str(file.twin) if file.twin else None
            facts = {"file": str(file.path), "twin": twin, "fate": file.fate, "why": file.why}
            print(json.dumps(facts, ensure_ascii=False), flush=True)
        return
    for file in checked.files:
        if file.why:
            _screen.print(f"{file.path.name}: {file.why}", markup=False, highlight=False)
    counts = f"{checked.count(USED)} files to learn from, {checked.count(KEPT)} kept back to judge"
    _screen.print(f"{counts}, {checked.count(REFUSED)} left out.", highlight=False)
    if checked.study:
        _screen.print(checked.study.why, markup=False, highlight=False)
        _screen.print(checked.study.warning, style="yellow", markup=False, highlight=False)


def _tell(learned: Learned, kept: str | None, as_json: bool) -> None:
    verdict = learned.verdict
    if as_json:
        facts: dict[str, Any] = verdict_facts(verdict)
        facts |= {"gain_db": verdict.gain_db, "is_better": verdict.is_better, "model": kept}
        facts["sentences"] = verdict.sentences()
        print(json.dumps(facts, ensure_ascii=False), flush=True)
        return
    for sentence in verdict.sentences():
        print(sentence)
    scores = ", ".join(f"{name} {score:.2f}" for name, score in verdict.scores.items())
    print(f"{verdict.figure}: {scores}")
    print(f"Kept as {kept}." if kept else "Not kept.")


@contextmanager
def _following(task: str) -> Iterator[Callable[[Done], None]]:
    with progress_bar() as bar:
        row = bar.add_task(task, total=1.0)

        def follow(done: Done) -> None:
            score = (
                f" · {done.scores[-1][1]:.2f} dB"
                if isinstance(done, Lesson) and done.scores
                else ""
            )
            phase = done.phase if isinstance(done, Lesson) else ""
            bar.update(row, completed=done.fraction, description=f"{task} {phase}{score}")

        yield follow
