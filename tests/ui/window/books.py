"""A domain of several pages that needs no codec: a `.book` is JSON that says what is in it."""

from __future__ import annotations

import json
from collections.abc import Container, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from desktop_ae import domains, look_jobs, planning
from desktop_ae.core.clip import Clip
from desktop_ae.core.domain import Domain, Option, Options, Piece, Reader, View, Writer
from desktop_ae.core.errors import NeedsPassword
from desktop_ae.domains import image, load_domains
from desktop_ae.ui import main_window
from tests.fakes import noise_picture

SIZE = (64, 48)  # height, width of a page
MODE = Option("mode", "Result", "colour", (("colour", "Keep colour"), ("bw", "Black")), "Hint.")
DESKEW = Option("deskew", "Straighten", False, hint="Turns pages.")
views: list[tuple[str, int, Mapping[str, Any]]] = []  # name, page, options of each that was asked


def write_book(path: Path, pages: int = 5, password: str = "", **kinds: list[int]) -> Path:
    """kinds: the indices of the `text` and of the `clean` pages."""
    path.write_text(json.dumps({"pages": pages, "password": password, **kinds}))
    return path


def _read(path: Path, options: Options) -> dict[str, Any]:
    book: dict[str, Any] = json.loads(path.read_text())
    if book["password"] != options.get("password", ""):
        raise NeedsPassword(path, f"{path.name} is locked.")
    return book


class BookReader:
    about = "a book"

    def __init__(self, path: Path, options: Options) -> None:
        self.book = _read(path, options)
        self.at = -1
        self.work = float(self.book["pages"])

    @property
    def passed_over(self) -> Mapping[int, str]:
        return dict.fromkeys(self.book.get("text", []), "This page is text already.")

    def pieces(self, left_out: Container[int] = ()) -> Iterator[Piece]:
        for page in range(self.book["pages"]):
            if page not in self.book.get("text", []) and page not in left_out:
                self.at = page
                block = Clip(noise_picture(*SIZE, seed=page))
                yield Piece((3, *SIZE), iter([block]), 1.0, page)

    def close(self) -> None:
        pass


class BookWriter:
    def __init__(self, reader: BookReader) -> None:
        self._reader = reader

    def write(self, clip: Clip) -> None:
        pass

    def end_piece(self, leave: bool) -> bool:
        return not leave and self._reader.at not in self._reader.book.get("clean", [])

    def finish(self, scratch: Path) -> None:
        scratch.write_text(json.dumps(self._reader.book))


def _create(reader: Reader, keep_metadata: bool, options: Options) -> Writer:
    assert isinstance(reader, BookReader)
    return BookWriter(reader)


def _view(path: Path, longest_px: int, page: int, options: Options) -> View:
    views.append((path.name, page, options))
    pages = _read(path, options)["pages"]
    shade = 40 if "_clean" in path.name else 200
    pixels = np.full((*SIZE, 3), shade, np.uint8)
    pixels[page] = 0  # so that no two pages are the same
    return View(pixels, (SIZE[1], SIZE[0]), "a book", pages)


TASK = replace(
    image.DENOISE,
    id="book/clean",
    title="Books",
    nouns=("book", "books"),
    icon="document",
    default_model="book/clean-v1",
    nothing_to_do=lambda measured: False,
    options=(MODE, DESKEW),
    present=lambda samples, options: samples[:1] * 0 if options["mode"] == "bw" else samples,
)
BOOKS: Domain = replace(
    image.DOMAIN,
    id="book",
    order=1,
    suffixes=frozenset({".book", ".png"}),
    formats=("Book",),
    sniff=lambda head: "Book" if head.startswith((b"{", b"\x89PNG")) else None,
    likeness=lambda path: 1.0 if path.suffix == ".book" else 0.1,
    open=BookReader,
    create=_create,
    view=_view,
    tasks=(TASK,),
)


def put_books_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """Books become the first pane, beside the photos alone."""
    both = (BOOKS, *(d for d in load_domains() if d.id == "image"))
    for module in (domains, look_jobs, main_window, planning):
        monkeypatch.setattr(module, "load_domains", lambda: both)
    views.clear()
