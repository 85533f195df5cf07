"""How good a document model is, beside its peers, on pages it has never seen."""

from __future__ import annotations

import random
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from desktop_ae.core.clip import Samples
from desktop_ae.core.domain import Score
from desktop_ae.core.errors import UnknownName, Unreadable
from desktop_ae.core.library import Model
from desktop_ae.domains.document.files import view_document
from desktop_ae.domains.document.pages import INK_LOGIT, present

# Shape of a page `(3, height, width)` in [0, 1], its cleaned self of the same shape.
Cleaner = Callable[[Samples], Samples]
OCR_PAGES = 12
OCR_PX = (1240, 900)
OCR_DPI = 200
_TEXT = """
the of and to in is that it was for on are with as his they be at one have this from or had by
hot word but what some we can out other were all there when up use your how said an each she
which do their time if will way about many then them write would like so these her long make
thing see him two has look more day could go come did number sound no most people my over know
water than call first who may down side been now find any new work part take get place made live
where after back little only round man year came show every good give our under name very
through just form sentence great think say help low line differ turn cause much mean before move
right boy old too same tell does set three want air well also play small end put home read hand
port large spell add even land here must big high such follow act why ask men change went light
kind off need house picture try us again animal point mother world near build self earth father
head stand own page should country found answer school grow study still learn plant cover food
sun four between state keep eye never last let thought city tree cross farm hard start might
story saw far sea draw left late run while press close night real life few north
"""
_WORDS = _TEXT.split()


@dataclass(frozen=True, slots=True)
class Text:
    """A page whose words are known: `(3, height, width)` in [0, 1], clean and damaged."""

    words: Sequence[str]
    clean: Samples
    damaged: Samples


def bench_clean(
    models: Sequence[Model], data: Path, peers: str, every: int, each: Callable[[Score], None]
) -> list[Score]:
    """Score doing nothing, the peers and the models on a folder as `document/`.

    Of its subfolders those are used that are there: `dirty-documents/dev` (RMSE of stained pages),
    `binarization` (F-measure of the ink, held-out sources alone), `textures` and `stains` (word
    errors of Debian's tesseract on composed pages, damaged with the held-out ones). peers: "none",
    "some" or "all" (the same: background division, Otsu, Sauvola). every: takes every so many-th
    page. Raises Unreadable if nothing of it is there, UnknownName for a peer that is missing.
    """
    folder = data / "document" if (data / "document").is_dir() else data
    scores: list[Score] = []

    def tell(name: str, method: str, figures: Mapping[str, float]) -> None:
        scores.append(Score(name, method, figures))
        each(scores[-1])

    _check_peers(peers)
    with_peers = peers != "none"
    if (folder / "dirty-documents" / "dev").is_dir():
        _bench_stains(folder / "dirty-documents" / "dev", models, with_peers, every, tell)
    if (folder / "binarization").is_dir():
        _bench_ink(folder / "binarization", models, with_peers, every, tell)
    if (folder / "textures").is_dir():
        _bench_reading(folder, models, with_peers, every, tell)
    if not scores:
        raise Unreadable(data, f"There are no pages to measure with in {data}.")
    return scores


_Tell = Callable[[str, str, Mapping[str, float]], None]


def _bench_stains(
    folder: Path, models: Sequence[Model], peers: bool, every: int, tell: _Tell
) -> None:
    paths = sorted((folder / "noisy").glob("*.png"))[::every]
    methods: dict[str, Cleaner] = {"nothing": lambda page: page}
    if peers:
        methods["background division"] = divide_background
    methods |= {m.card.label: _page_cleaner(m) for m in models}
    for name, run in methods.items():
        errors, seconds, megapixels = [], 0.0, 0.0
        for path in paths:
            noisy, clean = _load(path), _load(folder / "clean" / path.name)
            started = time.perf_counter()
            restored = run(noisy)
            seconds += time.perf_counter() - started
            megapixels += noisy[0].size / 1e6
            errors.append(rmse(restored.clip(0, 1), clean))
        figures = {"rmse": float(np.mean(errors)), "seconds_per_mp": seconds / megapixels}
        tell(f"{folder.parent.name} {folder.name}", name, figures)


def _bench_ink(folder: Path, models: Sequence[Model], peers: bool, every: int, tell: _Tell) -> None:
    from desktop_ae.domains.document.recipes import HELD_OUT_BINARISATION

    found = sorted(
        p for p in (folder / "noisy").iterdir() if p.stem.startswith(HELD_OUT_BINARISATION)
    )
    finders: dict[str, Callable[[Samples], NDArray[np.bool_]]] = {}
    if peers:
        finders |= {"Otsu": otsu, "Sauvola": sauvola}
    finders |= {m.card.label: _ink_finder(m) for m in models}
    for kind in ("printed", "handwritten"):
        # The name of a DIBCO page says P for printed; all other sources are manuscripts.
        paths = [p for p in found if ("_P" in p.stem) == (kind == "printed")][::every]
        for name, find in finders.items():
            marks = []
            for path in paths:
                truth = next((folder / "clean").glob(f"{path.stem}.*"))
                marks.append(f_measure(find(_load(path)), _load(truth)[0] < 0.5))
            if marks:
                tell(f"binarization {kind}", name, {"f_measure_percent": float(np.mean(marks))})


def _bench_reading(
    folder: Path, models: Sequence[Model], peers: bool, every: int, tell: _Tell
) -> None:
    texts = list(_texts(folder, OCR_PAGES // every or 1))
    methods: dict[str, Cleaner] = {"nothing": lambda page: page}
    if peers:
        methods["background division"] = divide_background
    for model in models:
        methods[model.card.label] = _page_cleaner(model)
        methods[f"{model.card.label} black and white"] = _page_cleaner(model, {"mode": "bw"})
    for name, run in methods.items():
        for kind in ("damaged", "clean"):
            wrong = total = 0
            for text in texts:
                page = run(text.damaged if kind == "damaged" else text.clean)
                wrong += word_errors(text.words, read_words(page))
                total += len(text.words)
            tell(f"reading {kind} pages", name, {"word_errors_percent": 100 * wrong / total})


def _texts(folder: Path, count: int) -> Iterator[Text]:
    """Pages in held-out fonts with held-out papers and stains, from a fixed seed."""
    import torch

    from desktop_ae.domains.document.recipes import page_damage
    from desktop_ae.domains.fonts import find_fonts

    fonts = find_fonts(held_out=True).by_script["latin"]
    if not fonts:
        raise UnknownName("None of the fonts that training never saw is here: fonts-sil-gentium.")
    rng = random.Random(7)
    drawn = [set_text(rng, rng.choice(fonts)) for _ in range(count)]
    pages = [torch.from_numpy(np.array(page)).permute(2, 0, 1) for page, _ in drawn]
    damage = page_damage(folder, pages, held_out=True)
    dice = torch.Generator().manual_seed(7)
    for page, (_, words) in zip(pages, drawn, strict=True):
        clean = page.float()[None] / 255
        yield Text(words, clean[0].numpy(), damage.dirty(clean, dice)[0].numpy())


def set_text(rng: random.Random, font_path: Path) -> tuple[Image.Image, list[str]]:
    """A page of English words at OCR_DPI, 9 to 13 points, and these words."""
    pixels = round(rng.uniform(9, 13) * OCR_DPI / 72)
    font = ImageFont.truetype(str(font_path), pixels)
    page = Image.new("RGB", OCR_PX, "white")
    draw = ImageDraw.Draw(page)
    words: list[str] = []
    top = 90.0
    while top < OCR_PX[1] - 140:
        left = 100.0
        while True:
            word = rng.choice(_WORDS)
            width = draw.textlength(word + " ", font=font)
            if left + width > OCR_PX[0] - 100:
                break
            draw.text((left, top), word, (20, 20, 25), font=font)
            words.append(word)
            left += width
        top += 1.5 * pixels
    return page, words


def read_words(page: Samples) -> list[str]:
    """What tesseract reads on a page. Raises UnknownName if it is not installed."""
    program = shutil.which("tesseract")
    if program is None:
        raise UnknownName("tesseract is not installed (Debian: tesseract-ocr).")
    pixels = np.rint(page.clip(0, 1) * 255).astype(np.uint8).transpose(1, 2, 0)
    content = _png(Image.fromarray(pixels))
    words = [program, "stdin", "stdout", "--dpi", str(OCR_DPI), "--psm", "6"]
    read = subprocess.run(words, input=content, capture_output=True, check=True)
    return read.stdout.decode("utf-8", "replace").split()


def word_errors(wanted: Sequence[str], found: Sequence[str]) -> int:
    """Words that must be changed, put in or taken out (Levenshtein 1966)."""
    row = np.arange(len(found) + 1)
    numbers = {word: n for n, word in enumerate({*wanted, *found})}
    there = np.array([numbers[w] for w in found], np.int64)
    for count, word in enumerate(wanted, 1):
        changed = row[:-1] + (there != numbers[word])
        best = np.minimum(changed, row[1:] + 1)
        # Taking words out chains along the row: a running minimum after the slope is taken off.
        chain = np.concatenate([[count], best]) - np.arange(len(row))
        row = np.minimum.accumulate(chain) + np.arange(len(row))
    return int(row[-1])


def rmse(restored: Samples, clean: Samples) -> float:
    """On the scale of 0 to 1."""
    return float(np.sqrt(np.mean(np.square(restored.astype(np.float64) - clean))))


def f_measure(found: NDArray[np.bool_], truth: NDArray[np.bool_]) -> float:
    """Harmonic mean of precision and recall of ink, in percent, as in the DIBCO contests."""
    hit = float((found & truth).sum())
    return 100 * 2 * hit / max(1.0, float(found.sum()) + float(truth.sum()))


def divide_background(page: Samples) -> Samples:
    """The classical way: divide by a median over 41 pixels, which text hardly changes."""
    import cv2

    pixels = np.rint(page * 255).astype(np.uint8)
    flat = [plane / np.maximum(cv2.medianBlur(plane, 41).astype(np.float32), 1) for plane in pixels]
    return np.stack(flat).clip(0, 1).astype(np.float32)


def otsu(page: Samples) -> NDArray[np.bool_]:
    from skimage.filters import threshold_otsu

    grey = page.mean(0)
    return np.asarray(grey < threshold_otsu(grey))  # type: ignore[no-untyped-call]


def sauvola(page: Samples) -> NDArray[np.bool_]:
    """With the usual window of 25 pixels and k of 0.2 (Sauvola and Pietikäinen 2000)."""
    from skimage.filters import threshold_sauvola

    grey = page.mean(0)
    return np.asarray(grey < threshold_sauvola(grey, 25, 0.2))  # type: ignore[no-untyped-call]


def demonstrate(source: Path, result: Path, truth: Path, picture: Path) -> Mapping[str, float]:
    """Score a cleaned sample against its truth; write before and after side by side, as PNG."""
    noisy, cleaned, clean = _load(source), _load(result), _load(truth)
    both = np.concatenate([noisy, cleaned], axis=2).transpose(1, 2, 0)
    Image.fromarray(np.rint(both * 255).astype(np.uint8)).save(picture)
    scores = {"likeness_before_db": noisy, "likeness_after_db": cleaned}
    return {name: -20 * float(np.log10(rmse(page, clean))) for name, page in scores.items()}


def _check_peers(peers: str) -> None:
    if peers not in {"none", "some", "all"}:
        raise UnknownName(f"There are no peers “{peers}”: choose none, some or all.")
    if peers != "none":
        try:
            import skimage.filters  # noqa: F401
        except ImportError as error:
            sentence = f"{error.name} is not installed: pip install 'desktop-ae[bench]'"
            raise UnknownName(sentence) from error


def _restore(model: Model, page: Samples) -> Samples:
    from desktop_ae.core.restore import TileRestorer, restore

    return restore(TileRestorer(model, page.shape, 1.0), page)


def _page_cleaner(model: Model, options: Mapping[str, Any] | None = None) -> Cleaner:
    def run(page: Samples) -> Samples:
        shown = present(_restore(model, page), options or {})
        return np.broadcast_to(shown, page.shape)

    run(np.zeros((3, 64, 64), np.float32))  # the first call prepares the processor's kernels
    return run


def _ink_finder(model: Model) -> Callable[[Samples], NDArray[np.bool_]]:
    return lambda page: np.asarray(_restore(model, page)[3] > INK_LOGIT)


def _load(path: Path) -> Samples:
    """`(3, height, width)` in [0, 1], of a PDF the first page."""
    if path.suffix == ".pdf":
        pixels = view_document(path, 0, 0, {}).pixels[..., :3].astype(np.float32) / np.float32(255)
        return np.ascontiguousarray(pixels.transpose(2, 0, 1))
    with Image.open(path) as file:
        pixels = np.asarray(file.convert("RGB"), np.float32) / np.float32(255)
    return np.ascontiguousarray(pixels.transpose(2, 0, 1))


def _png(image: Image.Image) -> bytes:
    import io

    buffer = io.BytesIO()
    image.save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()
