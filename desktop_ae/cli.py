"""The command line: the same jobs as the window's."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from desktop_ae.cli_finetune import finetune
from desktop_ae.cli_models import models_app
from desktop_ae.cli_progress import progress_bar
from desktop_ae.cli_progress import screen as _screen
from desktop_ae.core.card import write_card
from desktop_ae.core.domain import Score
from desktop_ae.core.errors import Cancelled, DesktopAEError, UnknownName
from desktop_ae.core.ledger import Ledger
from desktop_ae.core.library import Model, ModelLibrary, load_model
from desktop_ae.core.work import Progress as Done
from desktop_ae.domains import load_domains, task_named
from desktop_ae.jobs import (
    MASK,
    PASSWORD,
    SAVE_MASK,
    Cleaned,
    CleanJob,
    Context,
    Output,
    Password,
    chosen_options,
)
from desktop_ae.places import ledger_path, model_folders
from desktop_ae.planning import Planned, plan_cleaning

ALL_CLEANED, SOME_FAILED, BAD_USAGE = 0, 1, 2

app = typer.Typer(
    name="desktop-ae",
    help="Clean photos and documents with convolutional autoencoders, offline. "
    "Without a command: the window.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(models_app, name="models")
app.command()(finetune)

Json = Annotated[bool, typer.Option("--json", help="One JSON object a line, for scripts.")]
TaskName = Annotated[str, typer.Argument(metavar="TASK", help="Such as image/denoise.")]


def run(words: Sequence[str]) -> int:
    """Run a command line without the program's name; return the exit status."""
    try:
        answer = app(list(words), standalone_mode=False)
    except DesktopAEError as error:
        _screen.print(f"[red]{error}[/red]", highlight=False)
        return SOME_FAILED if isinstance(error, Cancelled) else BAD_USAGE
    except typer.Exit as error:
        return int(error.exit_code)
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        if hasattr(error, "exit_code") and hasattr(error, "show"):  # click's own usage errors
            error.show()
            return int(error.exit_code)
        raise
    return answer if isinstance(answer, int) else ALL_CLEANED


@app.command()
def clean(
    paths: Annotated[list[Path], typer.Argument(help="Files, or folders of files.")],
    task: Annotated[str, typer.Option(help="A task, or auto: by the kind of file.")] = "auto",
    model: Annotated[str | None, typer.Option(help="A model's id; see `models list`.")] = None,
    strength: Annotated[float, typer.Option(min=0.0, max=1.0)] = 1.0,
    out: Annotated[Path | None, typer.Option(help="Output folder; else beside each file.")] = None,
    name: Annotated[str, typer.Option(help="Pattern of the names.")] = "{name}_clean{ext}",
    keep_metadata: Annotated[bool, typer.Option(help="EXIF, XMP and the like.")] = True,
    record: Annotated[bool, typer.Option(help="Say in each result what made it.")] = True,
    option: Annotated[
        list[str] | None,
        typer.Option("--option", "-o", metavar="NAME=VALUE", help="See `desktop-ae options`."),
    ] = None,
    password: Annotated[
        str, typer.Option(envvar="DESKTOP_AE_PASSWORD", help="Of locked PDF files.")
    ] = "",
    mask: Annotated[
        Path | None, typer.Option(help="A picture, white where the overlay is.")
    ] = None,
    save_mask: Annotated[
        bool, typer.Option("--save-mask", help="What was changed, as a picture.")
    ] = False,
    as_json: Json = False,
) -> int:
    """Clean files. The originals are never touched."""
    given = {**_options(option or []), **_masking(task, mask, save_mask)}
    for known in [task_named(task)] if task != "auto" else []:
        chosen_options(known, given)  # bad usage, not every file's failure
    if password:
        given[PASSWORD] = Password(password)
    library = ModelLibrary(model_folders())
    ledger = Ledger(ledger_path())
    output = Output(out.absolute() if out else None, name, keep_metadata, record)
    plan = plan_cleaning(paths, task, ledger)
    results = [
        {"source": str(r.path), "target": None, "status": "failed", "error": str(r.reason)}
        for r in plan.refusals
    ]
    for result in results:
        _tell(result, as_json)
    with progress_bar() as bar:
        for number, file in enumerate(plan.files, 1):
            label = f"{number}/{len(plan.files)} {file.source.name}"
            row = bar.add_task(label, total=1.0)
            context = Context(library, ledger, lambda p, row=row: _advance(bar, row, p))
            job = _job(file, model or library.default_for(file.task), strength, output, given)
            result = _run(job, context)
            bar.remove_task(row)
            results.append(result)
            _tell(result, as_json)
    ledger.close()
    return _sum_up(results, as_json)


def _options(words: Sequence[str]) -> dict[str, Any]:
    """`NAME=VALUE` words as options; on, off, true and false are switches.

    Raises UnknownName for a name that no task has.
    """
    switches = {"on": True, "true": True, "off": False, "false": False}
    known = {o.name for d in load_domains() for t in d.tasks for o in t.options}
    found: dict[str, Any] = {}
    for word in words:
        name, _, value = word.partition("=")
        if name not in known:
            raise UnknownName(
                f"There is no option “{name}”. There are: {', '.join(sorted(known))}."
            )
        found[name] = switches.get(value.lower(), value)
    return found


def _masking(task: str, mask: Path | None, save_mask: bool) -> dict[str, Any]:
    """Raises UnknownName for a task that takes no mask, BadMask or FileError for a bad one."""
    if mask is None and not save_mask:
        return {}
    finding = [t.id for domain in load_domains() for t in domain.tasks if t.find]
    if task not in finding:
        raise UnknownName(f"--mask and --save-mask need --task {' or '.join(finding)}.")
    found: dict[str, Any] = {SAVE_MASK: True} if save_mask else {}
    if mask is not None:
        from desktop_ae.domains.image.masks import read_mask

        found[MASK] = read_mask(mask)
    return found


def _job(
    file: Planned, model: str, strength: float, output: Output, options: dict[str, Any]
) -> CleanJob:
    names = {o.name for o in file.task.options} | {PASSWORD, *([MASK] if file.task.find else [])}
    own = {name: value for name, value in options.items() if name in names}
    return CleanJob(file.source, file.task.id, model, strength, output, file.below, own)


def _run(job: CleanJob, context: Context) -> dict[str, Any]:
    try:
        cleaned: Cleaned = job.run(context)
    except (DesktopAEError, MemoryError) as error:
        sentence = str(error) or "There is not enough memory for this file."
        return {"source": str(job.source), "target": None, "status": "failed", "error": sentence}
    return {
        "source": str(cleaned.source),
        "target": str(cleaned.target) if cleaned.target else None,
        "status": cleaned.status,
        "seconds": round(cleaned.seconds, 3),
        "error": None,
        "note": cleaned.note or None,
        "mask": str(cleaned.mask) if cleaned.mask else None,
    }


def _tell(result: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print(json.dumps({"seconds": 0.0, "mask": None, **result}, ensure_ascii=False), flush=True)
        return
    colours = {"cleaned": "green", "failed": "red"}
    colour = colours.get(result["status"], "yellow")
    name = Path(result["source"]).name
    words = result["error"] or (Path(result["target"]).name if result["target"] else result["note"])
    _screen.print(f"[{colour}]{result['status']:>9}[/{colour}]  ", end="")
    _screen.print(f"{name}: {words}", markup=False, highlight=False)


def _sum_up(results: list[dict[str, Any]], as_json: bool) -> int:
    counts = {
        s: sum(r["status"] == s for r in results)
        for s in ("cleaned", "unchanged", "skipped", "failed")
    }
    if not as_json:
        _screen.print(", ".join(f"{n} {s}" for s, n in counts.items() if n) or "nothing to clean")
    if not results:
        return BAD_USAGE
    return SOME_FAILED if counts["failed"] else ALL_CLEANED


@app.command()
def options() -> None:
    """Name the options of every task, for `clean --option NAME=VALUE`."""
    table = Table("task", "option", "values", "")
    for task in (task for domain in load_domains() for task in domain.tasks):
        for one in task.options:
            switch = "any text" if one.is_free else "off, on"
            values = ", ".join(value for value, _ in one.choices) or switch
            table.add_row(task.id, one.name, values, one.hint)
    Console().print(table)


@app.command()
def train(
    task: TaskName,
    data: Annotated[Path, typer.Option(help="A folder of training data, or a .tar of one.")],
    minutes: Annotated[float, typer.Option(help="Computing time.")] = 120.0,
    resume: Annotated[bool, typer.Option("--resume", help="Go on from the checkpoint.")] = False,
    out: Annotated[Path, typer.Option(help="Where checkpoint, log and model go.")] = Path("runs"),
) -> None:
    """Train a task's shipped model again, by its recipe."""
    from desktop_ae.training.train import train as train_model

    with progress_bar() as bar:
        row = bar.add_task(task, total=1.0)

        def report(done: Done) -> None:
            bar.update(row, completed=done.fraction, description=f"{task} {done.note}")

        folder = train_model(
            task_named(task), data, out, minutes=minutes, resume=resume, report=report
        )
    _screen.print(f"The model is in {folder}; measure it with `desktop-ae bench`.")


@app.command()
def bench(
    task: TaskName,
    data: Annotated[list[Path], typer.Option(help="A folder of development data; more than once.")],
    model: Annotated[
        list[str] | None, typer.Option(help="An id, or a model's folder; more than once.")
    ] = None,
    peers: Annotated[str, typer.Option(help="none, some, or all (slow).")] = "some",
    every: Annotated[int, typer.Option(min=1, help="Only every so many-th file.")] = 1,
    write: Annotated[bool, typer.Option("--write", help="Into the first model's card.")] = False,
    as_json: Json = False,
) -> None:
    """Measure models beside doing nothing and their peers, all in one run."""
    chosen = task_named(task)
    library = ModelLibrary(model_folders())
    loaded = [_loaded(library, name) for name in model or [chosen.default_model]]
    scores: list[Score] = []

    def each(score: Score) -> None:
        scores.append(score)
        if as_json:
            print(json.dumps(asdict(score), ensure_ascii=False), flush=True)
        else:
            figures = "  ".join(f"{k} {v:.3f}" for k, v in score.figures.items())
            print(f"{score.data:<24} {score.method:<32} {figures}", flush=True)

    for folder in data:
        chosen.bench(loaded, folder, peers, every, each)
    if write:
        from desktop_ae.training.train import with_measured

        card = loaded[0].card
        measured = [asdict(score) for score in scores]
        summary = chosen.summary(scores, card.label)
        write_card(with_measured(card, measured, summary), card.folder)


def _loaded(library: ModelLibrary, name: str) -> Model:
    from desktop_ae.core.card import read_card

    folder = Path(name)
    return load_model(read_card(folder)) if (folder / "card.json").is_file() else library.load(name)


@app.command()
def demo(
    out: Annotated[Path, typer.Option(help="Where the pictures go.")] = Path("build/demo"),
) -> int:
    """Clean the bundled samples, and show figures and pictures of before and after."""
    from desktop_ae.demo import run_demo

    return run_demo(out, Console())


def _advance(bar: Progress, row: Any, done: Done) -> None:
    bar.update(row, completed=done.fraction)
