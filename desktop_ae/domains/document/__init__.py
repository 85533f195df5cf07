"""Documents: scanned or photographed pages, one or many a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_ae.core.clip import Samples
from desktop_ae.core.domain import (
    Domain,
    Finding,
    Option,
    Options,
    Reader,
    Recipe,
    Request,
    Score,
    Task,
    View,
    Writer,
)

if TYPE_CHECKING:
    from desktop_ae.core.library import Model
    from desktop_ae.core.restore import Removed, Restorer
    from desktop_ae.core.tuning import Tuning
    from desktop_ae.training.pairs import Pairs

_MAGIC = {
    b"%PDF-": "PDF",
    b"\xff\xd8\xff": "JPEG",
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
    b"II+\0": "TIFF",
    b"MM\0+": "TIFF",
}
# Under this much was removed (standard deviation, of 255) from the page and from its worst block of
# 32 x 32 pixels: the page was clean already. One speck on a page is little, but not nothing.
CLEAN_SIGMA = 2.0
CLEAN_PEAK_SIGMA = 16.0

MODE = Option(
    "mode",
    "Result",
    "colour",
    (("colour", "Keep colour"), ("grey", "Grey"), ("bw", "Black and white")),
    "Black and white makes the smallest PDF and TIFF files.",
)
DESKEW = Option(
    "deskew",
    "Straighten",
    False,
    hint="Turns pages whose lines are not level.",
    of_files=True,
)
TRIM = Option(
    "trim",
    "Whiten dark borders",
    False,
    hint="What a scanner adds around the paper.",
    of_files=True,
)
DESPECKLE = Option("despeckle", "Remove specks", False, hint="Dots and accents stay.")


def sniff(head: bytes) -> str | None:
    # A PDF may begin with up to a kilobyte of something else.
    if b"%PDF-" in head[:1024]:
        return "PDF"
    return next((name for magic, name in _MAGIC.items() if head.startswith(magic)), None)


def likeness(path: Path) -> float:
    """High for a PDF, a TIFF of several pages or of black and white: others look like photos."""
    from desktop_ae.domains.document.files import looks_like_document

    return 1.0 if looks_like_document(path) else 0.2


def target_suffix(source: Path) -> str:
    return source.suffix


def _open(path: Path, options: Options) -> Reader:
    from desktop_ae.domains.document.files import open_document

    return open_document(path, options)


def _create(reader: Reader, keep_metadata: bool, options: Options) -> Writer:
    from desktop_ae.domains.document.files import DocumentReader, DocumentWriter

    assert isinstance(reader, DocumentReader)
    return DocumentWriter(reader, keep_metadata, options)


def _view(path: Path, longest_px: int, page: int, options: Options) -> View:
    from desktop_ae.domains.document.files import view_document

    return view_document(path, longest_px, page, options)


def _restorer(model: Model, request: Request) -> Restorer:
    from desktop_ae.core.restore import TileRestorer

    return TileRestorer(model, request.shape, request.strength, request.check)


def _present(restored: Samples, options: Options) -> Samples:
    from desktop_ae.domains.document.pages import present

    return present(restored, options)


def measures(removed: Removed) -> Mapping[str, float]:
    """removed_sigma: standard deviation of what was taken away, of 255; peak_sigma: of the block of
    32 x 32 pixels where that was most.
    """
    return {"removed_sigma": removed.sigma * 255, "peak_sigma": removed.peak_sigma * 255}


def nothing_to_do(measured: Mapping[str, float]) -> bool:
    return (
        measured["removed_sigma"] < CLEAN_SIGMA
        and measured.get("peak_sigma", 0.0) < CLEAN_PEAK_SIGMA
    )


def findings(measured: Mapping[str, float]) -> Sequence[Finding]:
    sigma = measured["removed_sigma"]
    words = [(CLEAN_SIGMA, "none"), (8, "slight"), (20, "moderate"), (45, "strong")]
    amount = next((word for limit, word in words if sigma < limit), "very strong")
    return [Finding("Stains and noise", amount), Finding("Removed", f"σ ≈ {sigma:.0f}")]


def _recipe() -> Recipe:
    from desktop_ae.domains.document.recipes import CLEAN

    return CLEAN


def _pairs(data: Path, recipe: Recipe) -> Pairs:
    from desktop_ae.domains.document.recipes import clean_pairs

    return clean_pairs(data, recipe)


def _bench(
    models: Sequence[Model], data: Path, peers: str, every: int, each: Callable[[Score], None]
) -> list[Score]:
    from desktop_ae.domains.document.bench import bench_clean

    return bench_clean(models, data, peers, every, each)


def summary(scores: Sequence[Score], method: str) -> str:
    """What a list of models says of one, from its bench."""
    found = {s.data: s.figures for s in scores if s.method == method}
    words = []
    for data, figures in found.items():
        if "rmse" in figures:
            words.append(f"{figures['rmse']:.3f} RMSE on stained pages")
        if data == "reading damaged pages":
            words.append(f"{figures['word_errors_percent']:.0f} % of words misread on damaged ones")
    return ", ".join(words) or "not measured"


def _tuning() -> Tuning:
    from desktop_ae.domains.document.tuning import CLEAN_TUNING

    return CLEAN_TUNING


def _demonstrate(source: Path, result: Path, truth: Path, picture: Path) -> Mapping[str, float]:
    from desktop_ae.domains.document.bench import demonstrate

    return demonstrate(source, result, truth, picture)


CLEAN = Task(
    id="document/clean",
    title="Documents",
    nouns=("document", "documents"),
    sentence="Drop scans, PDFs or photos of pages here and get them back clean and sharp.",
    icon="document",
    default_model="document/clean-v1",
    samples=("scan-letter.pdf", "page-receipt.jpg"),
    restorer=_restorer,
    measures=measures,
    nothing_to_do=nothing_to_do,
    findings=findings,
    recipe=_recipe,
    make_pairs=_pairs,
    bench=_bench,
    summary=summary,
    demonstrate=_demonstrate,
    options=(MODE, DESKEW, TRIM, DESPECKLE),
    present=_present,
    tuning=_tuning,
)

DOMAIN = Domain(
    id="document",
    order=30,
    suffixes=frozenset({".pdf", ".jpg", ".jpeg", ".jpe", ".png", ".tif", ".tiff"}),
    formats=("PDF", "TIFF", "JPEG", "PNG"),
    sniff=sniff,
    likeness=likeness,
    open=_open,
    create=_create,
    target_suffix=target_suffix,
    view=_view,
    unit="MP",
    compare="picture",
    tasks=(CLEAN,),
)
