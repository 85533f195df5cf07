from __future__ import annotations

import random
import shutil
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from desktop_ae.core.clip import Samples
from desktop_ae.core.domain import Score
from desktop_ae.core.errors import UnknownName, Unreadable
from desktop_ae.domains.document import bench, summary
from desktop_ae.domains.document.bench import (
    bench_clean,
    demonstrate,
    divide_background,
    f_measure,
    otsu,
    read_words,
    rmse,
    sauvola,
    set_text,
    word_errors,
)
from desktop_ae.places import shipped

FONT = shipped("resources") / "fonts" / "Inter-Medium.otf"


@pytest.mark.parametrize(
    ("wanted", "found", "errors"),
    [
        ("a b c", "a b c", 0),
        ("a b c", "", 3),
        ("", "a b", 2),
        ("a b c d", "a x c d", 1),
        ("a b c d", "b c d", 1),
        ("a b c d", "a a b c d", 1),
        ("a b c d", "d c b a", 4),
        ("the cat sat on the mat", "the cat on a the mat mat", 3),
    ],
)
def test_word_errors_are_counted_as_levenshtein_did(wanted: str, found: str, errors: int) -> None:
    assert word_errors(wanted.split(), found.split()) == errors


def test_rmse_and_f_measure_are_the_textbook_s() -> None:
    assert rmse(np.full((3, 4, 4), 0.5, np.float32), np.full((3, 4, 4), 0.2, np.float32)) == (
        pytest.approx(0.3)
    )
    found = np.array([True, True, False, False])
    truth = np.array([True, False, True, False])
    assert f_measure(found, truth) == pytest.approx(50)
    assert f_measure(truth, truth) == 100


def page(uneven: bool) -> tuple[Samples, NDArray[np.bool_]]:
    """A page of bars under sloping light, `(3, 120, 160)`, and where its ink is."""
    ink = np.zeros((120, 160), bool)
    ink[20:110:20, 20:140] = True
    ink[21:110:20, 20:140] = True
    slope = np.linspace(1.0, 0.3 if uneven else 1.0, 160)[None]
    grey = np.where(ink, 0.1, 0.95) * slope
    return np.repeat(grey[None], 3, 0).astype(np.float32), ink


def test_the_peers_find_the_ink() -> None:
    even, ink = page(uneven=False)
    assert f_measure(otsu(even), ink) > 99
    uneven, ink = page(uneven=True)
    assert f_measure(sauvola(uneven), ink) > 90


def test_background_division_evens_the_light() -> None:
    uneven, _ = page(uneven=True)
    clean, _ = page(uneven=False)
    assert rmse(divide_background(uneven), clean) < 0.3 * rmse(uneven, clean)


def test_a_folder_of_stained_pages_is_scored_beside_doing_nothing(tmp_path: Path) -> None:
    for side, value in (("noisy", 150), ("clean", 250)):
        folder = tmp_path / "dirty-documents" / "dev" / side
        folder.mkdir(parents=True)
        for name in ("1.png", "2.png"):
            Image.fromarray(np.full((60, 80), value, np.uint8)).save(folder / name)
    told: list[Score] = []
    scores = bench_clean([], tmp_path, "none", 1, told.append)
    assert scores == told
    (score,) = scores
    assert score.method == "nothing" and score.data == "dirty-documents dev"
    assert score.figures["rmse"] == pytest.approx(100 / 255, abs=1e-4)


def test_held_out_ink_alone_is_measured(tmp_path: Path) -> None:
    uneven, ink = page(uneven=True)
    for name in ("DIBCO2009_P01", "DIBCO2010_H01"):
        for side in ("noisy", "clean"):
            (tmp_path / "binarization" / side).mkdir(parents=True, exist_ok=True)
        pixels = np.rint(uneven.transpose(1, 2, 0) * 255).astype(np.uint8)
        Image.fromarray(pixels).save(tmp_path / "binarization" / "noisy" / f"{name}.png")
        Image.fromarray(~ink).save(tmp_path / "binarization" / "clean" / f"{name}.png")
    scores = bench_clean([], tmp_path, "some", 1, lambda score: None)
    assert [(s.data, s.method) for s in scores] == [
        ("binarization printed", "Otsu"),
        ("binarization printed", "Sauvola"),
    ]
    assert scores[1].figures["f_measure_percent"] > scores[0].figures["f_measure_percent"]


def test_nothing_to_measure_with_and_unknown_peers_are_sentences(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="no pages"):
        bench_clean([], tmp_path, "none", 1, lambda score: None)
    with pytest.raises(UnknownName, match="choose none, some or all"):
        bench_clean([], tmp_path, "most", 1, lambda score: None)


def test_a_page_of_text_says_which_words_are_on_it() -> None:
    drawn, words = set_text(random.Random(1), FONT)
    assert drawn.size == bench.OCR_PX and len(words) > 50
    assert np.asarray(drawn).mean() < 254


def test_without_tesseract_there_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(UnknownName, match="tesseract-ocr"):
        read_words(np.ones((3, 10, 10), np.float32))


@pytest.mark.skipif(shutil.which("tesseract") is None, reason="needs Debian's tesseract-ocr")
def test_tesseract_reads_a_clean_page() -> None:
    drawn, words = set_text(random.Random(1), FONT)
    part = drawn.crop((0, 0, drawn.width, 260))
    pixels = np.asarray(part, np.float32).transpose(2, 0, 1) / np.float32(255)
    read = read_words(pixels)
    assert len(read) > 10 and word_errors(words[: len(read)], read) <= 0.1 * len(read)


def test_a_demonstration_says_how_near_the_truth_it_came(tmp_path: Path) -> None:
    for name, value in (("noisy", 100), ("result", 240), ("truth", 250)):
        Image.fromarray(np.full((30, 40), value, np.uint8)).save(tmp_path / f"{name}.png")
    figures = demonstrate(*(tmp_path / f"{n}.png" for n in ("noisy", "result", "truth", "both")))
    assert figures["likeness_after_db"] > figures["likeness_before_db"] + 20
    with Image.open(tmp_path / "both.png") as both:
        assert both.size == (80, 30)


def test_a_list_says_what_was_measured() -> None:
    scores = [
        Score("dirty-documents dev", "m 1", {"rmse": 0.0184, "seconds_per_mp": 0.3}),
        Score("reading damaged pages", "m 1", {"word_errors_percent": 7.2}),
        Score("reading clean pages", "m 1", {"word_errors_percent": 0.1}),
        Score("dirty-documents dev", "nothing", {"rmse": 0.156}),
    ]
    assert summary(scores, "m 1") == (
        "0.018 RMSE on stained pages, 7 % of words misread on damaged ones"
    )
    assert summary(scores, "other") == "not measured"
