"""The `models` commands: what the window's Models page does, from a shell."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from desktop_ae.core.card import ModelCard
from desktop_ae.core.library import ModelLibrary
from desktop_ae.domains import load_domains
from desktop_ae.jobs import Context
from desktop_ae.model_jobs import ExportJob, ImportJob, export_name
from desktop_ae.places import model_folders

models_app = typer.Typer(help="The models there are.", no_args_is_help=True)
_screen = Console(stderr=True)

Json = Annotated[bool, typer.Option("--json", help="For scripts.")]
ModelId = Annotated[str, typer.Argument(metavar="ID", help="See `models list`.")]


@models_app.command("list")
def list_models(
    task: Annotated[str | None, typer.Option(help="Only those of a task.")] = None,
    as_json: Json = False,
) -> None:
    """Name every model, its task and what was measured."""
    library = ModelLibrary(model_folders())
    chosen = _defaults(library)
    cards = library.cards(task)
    if as_json:
        for card in cards:
            own = {"own": library.is_own(card), "default": card.id in chosen}
            print(json.dumps({**_facts(card), **own}, ensure_ascii=False))
        return
    table = Table("id", "task", "from", "measured", "size")
    for card in cards:
        name = f"{card.id} *" if card.id in chosen else card.id
        source = "own" if library.is_own(card) else "shipped"
        size = f"{card.bytes / 1e6:.1f} MB"
        table.add_row(*map(_plain, (name, card.task, source, card.summary, size)))
    Console().print(table)
    _screen.print("* is what its task begins with.", highlight=False)
    for problem in library.problems:
        _screen.print(str(problem), style="red", markup=False, highlight=False)


@models_app.command("show")
def show_model(model_id: ModelId, as_json: Json = False) -> None:
    """Print the card of a model."""
    library = ModelLibrary(model_folders())
    card = library.card(model_id)
    if as_json:
        print(json.dumps(_facts(card), indent=2, ensure_ascii=False))
        return
    table = Table(show_header=False, box=None)
    for name, value in _lines(card, library.is_own(card)):
        table.add_row(name, _plain(value))
    Console().print(table)


@models_app.command("import")
def import_model(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="NAME.daemodel")],
    default: Annotated[
        bool, typer.Option("--default", help="Let its task begin with it from now on.")
    ] = False,
) -> None:
    """Check a model in one file and keep it. Prints its id."""
    library = ModelLibrary(model_folders())
    imported = ImportJob(path).run(Context(library))
    if not imported.is_new:
        _screen.print("This model is there already.", highlight=False)
    if default:
        library.put_default(imported.card.id)
    print(imported.card.id)


@models_app.command("export")
def export_model(
    model_id: ModelId,
    out: Annotated[Path | None, typer.Option(help="A file, or a folder for it; else here.")] = None,
) -> None:
    """Write a model into one file, which `models import` takes. Prints its name."""
    library = ModelLibrary(model_folders())
    name = export_name(library.card(model_id))
    wanted = out or Path(name)
    if wanted.is_dir():
        wanted = wanted / name
    print(ExportJob(model_id, wanted).run(Context(library)))


@models_app.command("remove")
def remove_model(model_id: ModelId) -> None:
    """Delete one of your own models, for good; shipped ones stay."""
    library = ModelLibrary(model_folders())
    removed = library.remove(model_id)
    library.empty_trash()
    _screen.print(f"Deleted {removed.card.id}.", markup=False, highlight=False)


@models_app.command("default")
def set_default(model_id: ModelId) -> None:
    """Let a model's task begin with it, here and in the window."""
    library = ModelLibrary(model_folders())
    library.put_default(model_id)
    task = library.card(model_id).task
    _screen.print(f"{task} begins with {model_id} now.", markup=False, highlight=False)


def _defaults(library: ModelLibrary) -> set[str]:
    return {library.default_for(task) for domain in load_domains() for task in domain.tasks}


def _facts(card: ModelCard) -> dict[str, Any]:
    facts = asdict(card)
    del facts["folder"]
    return facts


def _lines(card: ModelCard, is_own: bool) -> list[tuple[str, str]]:
    own = [row for row in card.measured if card.sha256[:7] in str(row.get("method"))]
    return [
        ("id", card.id),
        ("title", card.title),
        ("task", card.task),
        ("from", f"own, {_date(card)}" if is_own else "shipped"),
        ("parent", card.parent or "none"),
        ("summary", card.summary),
        *(("measured", f"{row.get('data')}: {_figures(row)}") for row in own),
        *(("data", f"{d.get('name')} ({d.get('licence')})") for d in card.data),
        ("recipe", _pairs(card.recipe)),
        ("trained", _pairs(card.trained)),
        ("net", f"{card.net} {_pairs(card.arguments)}"),
        ("weights", f"{card.bytes / 1e6:.1f} MB, sha256 {card.sha256}"),
        ("folder", str(card.folder)),
    ]


def _figures(row: Mapping[str, Any]) -> str:
    figures = row.get("figures")
    return _pairs(figures) if isinstance(figures, dict) else ""


def _pairs(facts: Mapping[str, Any]) -> str:
    shown = {k: f"{v:.4g}" if isinstance(v, float) else v for k, v in facts.items()}
    return ", ".join(f"{name} {value}" for name, value in shown.items())


def _date(card: ModelCard) -> str:
    return time.strftime("%Y-%m-%d", time.localtime(card.written))


def _plain(text: str) -> str:
    """Brackets in a stranger's card are no colours."""
    return text.replace("[", r"\[")
