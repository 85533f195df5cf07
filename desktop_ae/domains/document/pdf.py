"""PDF: scanned pages are taken out, cleaned and put back; everything else stays as it is."""

from __future__ import annotations

import hashlib
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
from numpy.typing import NDArray

from desktop_ae.core.domain import View
from desktop_ae.core.errors import TooLarge, Unreadable
from desktop_ae.core.scratch import scratch_folder
from desktop_ae.domains.document.files import Page
from desktop_ae.domains.document.pdf_content import Key, TooMuch, read_content
from desktop_ae.domains.document.pdf_flat import replace_image, replace_images
from desktop_ae.domains.document.pdf_images import (
    Held,
    as_seen,
    colour_of,
    decode_image,
    image_of,
    is_replaceable,
)
from desktop_ae.domains.document.pdf_open import (
    BROKEN,
    lock_again,
    open_checked,
    readable,
    writable,
)
from desktop_ae.domains.document.pdf_pages import (
    HAS_MORE,
    Plan,
    Sheet,
    plan_page,
    read_sheet,
    shown_per_point,
)
from desktop_ae.domains.document.pdf_render import pdfium_document, render
from desktop_ae.domains.document.pdf_revision import Number, Revision, save_as_is
from desktop_ae.domains.image.files import LARGEST_PIXELS

# Why a page is left as it is; `pdf_pages` has more of these.
IS_BROKEN = "This page's content is damaged."
IS_DAMAGED = "This page's picture is damaged."
IS_ODD = "This page's picture cannot be taken apart from its mask."
TOO_LARGE = f"This page is larger than {LARGEST_PIXELS // 1_000_000} megapixels."
WOULD_GROW = "This page would take much more space when cleaned."
# Of one image, over its length in the source; many images that become one may not grow at all.
MOST_GROWTH = 1.5

_MADE_BY = "/DesktopAE"
Kind = tuple[bool, int]  # whether black and white, and 2 or 3 dimensions
_PAPERS = {"A3": (297, 420), "A4": (210, 297), "A5": (148, 210), "Letter": (216, 279)}
_PAPERS |= {"Legal": (216, 356), "A6": (105, 148), "B5": (176, 250)}


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen of a page. plan: or why there is none. draws: None where that is unknown."""

    plan: Plan | str
    draws: frozenset[Key] | None


def open_pdf(path: Path, password: str = "") -> PdfPages:
    """Raises NeedsPassword, Unreadable or Unsupported, with a sentence."""
    pdf = open_checked(path, password)
    try:
        with readable(path):
            return PdfPages(path, password, pdf)
    except BaseException:
        pdf.close()
        raise


class PdfPages:
    """An open PDF; see `files.Pages`. `save` comes last."""

    def __init__(self, path: Path, password: str, pdf: pikepdf.Pdf) -> None:
        self._path, self._password, self._pdf = path, password, pdf
        self._held = Held(pdf)
        self._looks: dict[int, Look] = {}
        self._passed_over: dict[int, str] = {}
        self._left_out: frozenset[int] = frozenset()
        self._kinds: dict[int, Kind] = {}
        self._revision: Revision | None = None
        self._own: dict[int, Number] = {}
        self._twins: dict[tuple[Key, bytes], Number] = {}

    @property
    def about(self) -> str:
        """Reads the content of every page."""
        count, plans = len(self._pdf.pages), list(self._plans())
        facts = [f"{count} page" + "s" * (count > 1), *self._about_first(plans)]
        if len(plans) < count:
            facts.append(f"{len(plans) or 'none'} to clean")
        if _is_signed(self._pdf):
            facts.append("signed")
        return " · ".join(facts + ["protected"] * self._pdf.is_encrypted)

    @property
    def megapixels(self) -> float:
        """Exact for the pages that `pages` has come to, about so for the others."""
        return sum(self._megapixels(index) for index in range(len(self._pdf.pages)))

    @property
    def passed_over(self) -> Mapping[int, str]:
        """Pages left as they are, with the reasons; whole when `pages` and `replace` are done."""
        return self._passed_over

    def pages(self, left_out: Container[int] = ()) -> Iterator[Page]:
        """Raises TooLarge or Unreadable at the end where there are scans, but none can be had."""
        everywhere = range(len(self._pdf.pages))
        self._left_out = frozenset(index for index in everywhere if index in left_out)
        for index in everywhere:
            page = None if index in left_out else self._page(index)
            if page is not None:
                self._kinds[index] = _kind(page.pixels)
                yield page
            del page  # or it would be in memory beside the next one
        if not self._kinds:
            self._check_scans()

    def replace(self, index: int, pixels: NDArray[Any]) -> None:
        """Raises NotWritable where the temporary copy cannot be made.

        The page stays as it is, and is `passed_over`, where it would take much more space than
        it does and be of the same kind still: black and white, grey or colour.
        """
        plan = self._looks[index].plan
        assert isinstance(plan, Plan)
        stored = plan.turn.back(pixels)
        with writable(self._path):
            revision = self._revision = self._revision or self._new_revision()
        with readable(self._path):
            old = None if plan.image is None else _resolve(revision.pdf, plan)
            budget = self._budget(plan)
            data, dictionary = image_of(stored, old, budget)
        most = budget * (MOST_GROWTH if plan.image else 1)
        if len(data) > most and _kind(pixels) == self._kinds.get(index):
            self._passed_over[index] = WOULD_GROW
            return
        with writable(self._path):
            revision.put(self._number_for(plan, old, stored), dictionary, data)

    def save(self, scratch: Path, keep_metadata: bool, made_by: str = "") -> None:
        with writable(self._path):
            pdf = self._revision.finish() if self._revision else self._pdf
            for index, number in self._own.items():
                self._show(pdf, index, pdf.get_object(number))
            self._own.clear()
            if not keep_metadata:
                _remove_metadata(pdf)
            if made_by:
                _note(pdf, made_by)
            encryption = lock_again(self._path, self._pdf, self._password)
        self._write(pdf, scratch, encryption=encryption)
        if scratch.stat().st_size > self._path.stat().st_size:
            # Pack what is no stream as well, at the price of asking for readers of this century.
            packed = pikepdf.ObjectStreamMode.generate
            self._write(pdf, scratch, encryption=encryption, object_stream_mode=packed)

    def close(self) -> None:
        if self._revision:
            self._revision.close()
        self._pdf.close()

    def _new_revision(self) -> Revision:
        """Its copy of a locked document is not locked: no folder of the person's is for that."""
        near = None if self._pdf.is_encrypted else self._path.parent
        room = round(self._path.stat().st_size * (1 + MOST_GROWTH))
        return Revision(self._pdf, scratch_folder(room, near))

    def _write(self, pdf: pikepdf.Pdf, scratch: Path, **options: Any) -> None:
        """An OSError is the caller's: it knows the folder."""
        try:
            with scratch.open("wb") as file:
                save_as_is(pdf, file, **options)
        except BROKEN as error:
            sentence = f"{self._path.name} cannot be saved: a part of it is damaged."
            raise Unreadable(self._path, sentence) from error

    def _look(self, index: int) -> Look:
        if index not in self._looks:
            self._looks[index] = _look_at(self._pdf, index)
        return self._looks[index]

    def _plans(self) -> Iterator[Plan]:
        for index in range(len(self._pdf.pages)):
            plan = self._look(index).plan
            if isinstance(plan, Plan) and not plan.too_large:
                yield plan

    def _megapixels(self, index: int) -> float:
        given = index in self._kinds
        if not given and (index in self._left_out or index in self._passed_over):
            return 0.0
        look = self._looks.get(index)
        if look is None:
            return self._held.megapixels(index)
        return 0.0 if isinstance(look.plan, str) else look.plan.megapixels

    def _page(self, index: int) -> Page | None:
        """None for a page that is passed over."""
        plan = self._look(index).plan
        if isinstance(plan, str) or plan.too_large:
            self._passed_over[index] = plan if isinstance(plan, str) else TOO_LARGE
            return None
        with readable(self._path):
            pixels = self._decode(plan)
        if pixels is None:
            self._passed_over[index] = IS_DAMAGED
            return None
        return Page(index, pixels, plan.dpi, plan.level)

    def _decode(self, plan: Plan) -> NDArray[Any] | None:
        """None where the image is damaged."""
        try:
            if plan.image is not None:
                pixels = decode_image(self._pdf, _resolve(self._pdf, plan))
                return None if pixels is None else plan.turn.upright(pixels)
            with pdfium_document(self._path, self._password) as document:
                return as_seen(render(document, plan.index, plan.size))
        except BROKEN:
            return None

    def _check_scans(self) -> None:
        """Raises Unreadable or TooLarge where there are scans, but none that can be had."""
        if any(isinstance(self._look(index).plan, Plan) for index in self._left_out):
            return
        if IS_DAMAGED in self._passed_over.values():
            sentence = f"{self._path.name} cannot be cleaned: its pages' pictures are damaged."
            raise Unreadable(self._path, sentence)
        plans = (look.plan for look in self._looks.values())
        large = next((p for p in plans if isinstance(p, Plan) and p.too_large), None)
        if large is not None:
            sentence = (
                f"Page {large.index + 1} of {self._path.name} has {large.megapixels:.0f} "
                f"megapixels; up to {LARGEST_PIXELS // 1_000_000} can be cleaned at once."
            )
            raise TooLarge(self._path, sentence)

    def _budget(self, plan: Plan) -> int:
        """Bytes that a page's pixels take in the source: of what n pages draw, the nth part."""
        if plan.image is not None:
            return plan.image.stream_bytes
        return sum(size // (self._drawers(key) if key else 1) for key, size in plan.parts)

    def _drawers(self, key: Key) -> int:
        """The number of pages that draw an image."""
        looks = [self._look(index) for index in self._held.holders(key)]
        return max(1, sum(look.draws is None or key in look.draws for look in looks))

    def _number_for(self, plan: Plan, old: Any, stored: NDArray[Any]) -> Number:
        """Of the object that the pixels become: the old image, if no other page draws that."""
        assert self._revision is not None
        image = plan.image
        if image is None:
            return self._own.setdefault(plan.index, self._revision.new_number())
        assert image.key is not None  # the plan saw to that
        if self._drawers(image.key) == 1:
            number: Number = old.objgen
            return number
        # Pages that were the same and still are share an image again.
        twin = image.key, hashlib.sha256(stored.data).digest()
        if twin not in self._twins:
            self._twins[twin] = self._revision.new_number()
        self._own[plan.index] = self._twins[twin]
        return self._own[plan.index]

    def _show(self, pdf: pikepdf.Pdf, index: int, image: Any) -> None:
        """Put an image of its own on a page."""
        plan = self._looks[index].plan
        assert isinstance(plan, Plan)
        if plan.image is None:
            replace_images(pdf, pdf.pages[index], image, plan.sheet)
        else:
            replace_image(pdf, pdf.pages[index], plan.image.names, image)

    def _about_first(self, plans: list[Plan]) -> list[str]:
        if not plans:
            return [_paper(read_sheet(self._pdf.pages[0]))]
        facts = [_paper(plans[0].sheet), f"{plans[0].dpi:.0f} dpi"]
        if plans[0].image is not None:
            facts.append(colour_of(_resolve(self._pdf, plans[0])))
        return facts


def view_pdf(path: Path, longest_px: int, page: int, password: str = "") -> View:
    """See `Domain.view`. Raises as `open_pdf`, and Unreadable for a page that is not there."""
    with open_checked(path, password) as pdf, readable(path):
        pages = len(pdf.pages)
        if not 0 <= page < pages:
            raise Unreadable(path, f"{path.name} has no page {page + 1}.")
        sheet = read_sheet(pdf.pages[page])
        found = _look_at(pdf, page).plan
        plan = found if isinstance(found, Plan) else None
        full = sheet.pixels(shown_per_point(sheet, plan))
        about = " · ".join([_paper(sheet)] + ([f"{plan.dpi:.0f} dpi"] if plan else []))
    scale = min(1.0, longest_px / max(full)) if longest_px else 1.0
    size = max(1, round(full[0] * scale)), max(1, round(full[1] * scale))
    with readable(path), pdfium_document(path, password) as document:
        document.init_forms()
        return View(render(document, page, size, annotations=True), full, about, pages)


def _look_at(pdf: pikepdf.Pdf, index: int) -> Look:
    """A page that cannot be understood is left as it is."""
    page = pdf.pages[index]
    try:
        content = read_content(page)
        draws = frozenset(image.key for image in content.images if image.key)
        plan = plan_page(index, read_sheet(page), content)
        if isinstance(plan, Plan) and plan.image and not is_replaceable(_resolve(pdf, plan)):
            return Look(IS_ODD, draws)
        return Look(plan, draws)
    except TooMuch:
        return Look(HAS_MORE, None)
    except BROKEN:
        return Look(IS_BROKEN, None)


def _kind(pixels: NDArray[Any]) -> Kind:
    return pixels.dtype == np.bool_, pixels.ndim


def _resolve(pdf: pikepdf.Pdf, plan: Plan) -> Any:
    """The image of a plan, in any copy of the document."""
    assert plan.image is not None
    resources = pdf.pages[plan.index].obj.Resources
    *forms, name = plan.image.names
    for form in forms:
        resources = resources.XObject[form].get("/Resources", resources)
    return resources.XObject[name]


def _is_signed(pdf: pikepdf.Pdf) -> bool:
    """Whether there is a signature, which no changed file can keep valid."""
    form = pdf.Root.get("/AcroForm")
    return form is not None and bool(int(form.get("/SigFlags", 0)) & 1)


def _remove_metadata(pdf: pikepdf.Pdf) -> None:
    if "/Info" in pdf.trailer:
        del pdf.trailer["/Info"]
    for holder in (pdf.Root, *(page.obj for page in pdf.pages)):
        if "/Metadata" in holder:
            del holder["/Metadata"]


def _note(pdf: pikepdf.Pdf, made_by: str) -> None:
    """Under a key of our own: who made the document, and with what, stays as it is."""
    before = pdf.docinfo.get(_MADE_BY)
    pdf.docinfo[_MADE_BY] = made_by if before is None else f"{before}; {made_by}"


def _paper(sheet: Sheet) -> str:
    width, height = (side * sheet.unit * 25.4 / 72 for side in sheet.upright)
    for name, sides in _PAPERS.items():
        if np.allclose(sorted((width, height)), sides, atol=3):
            return name
    return f"{width:.0f} × {height:.0f} mm"
