"""PDF: scanned pages are taken out, cleaned and put back; everything else stays as it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
from numpy.typing import NDArray

from desktop_ae.core.domain import View
from desktop_ae.core.errors import TooLarge, Unreadable
from desktop_ae.domains.document.files import Page
from desktop_ae.domains.document.pdf_content import read_content
from desktop_ae.domains.document.pdf_flat import replace_images
from desktop_ae.domains.document.pdf_images import (
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
    Plan,
    Sheet,
    plan_page,
    read_sheet,
    shown_per_point,
)
from desktop_ae.domains.document.pdf_render import pdfium_document, render
from desktop_ae.domains.document.pdf_revision import Number, Revision, save_as_is
from desktop_ae.domains.image.files import LARGEST_PIXELS

_PAPERS = {"A3": (297, 420), "A4": (210, 297), "A5": (148, 210), "Letter": (216, 279)}
_PAPERS |= {"Legal": (216, 356), "A6": (105, 148), "B5": (176, 250)}


def open_pdf(path: Path, password: str = "") -> PdfPages:
    """Raises NeedsPassword, Unreadable, Unsupported or TooLarge, with a sentence."""
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
        self._plans = _plan_all(path, pdf)
        parts = (key for plan in self._plans.values() for key, _ in plan.parts)
        self._uses = Counter(parts)
        self._plans = dict(_without_repeats(self._plans))
        self._revision: Revision | None = None
        self._flat: dict[int, Number] = {}

    @property
    def about(self) -> str:
        count, scans = len(self._pdf.pages), len(self._plans)
        facts = [f"{count} page" + "s" * (count > 1), *self._about_first()]
        if scans < count:
            facts.append(f"{scans or 'none'} to clean")
        if _is_signed(self._pdf):
            facts.append("signed")
        return " · ".join(facts + ["protected"] * self._pdf.is_encrypted)

    @property
    def megapixels(self) -> float:
        return sum(plan.size[0] * plan.size[1] for plan in self._plans.values()) / 1e6

    def pages(self) -> Iterator[Page]:
        for plan in self._plans.values():
            with readable(self._path):
                page = self._decode(plan)
            if page is not None:
                yield page
            del page  # or it would be in memory beside the next one

    def replace(self, index: int, pixels: NDArray[Any]) -> None:
        """Raises NotWritable where the temporary copy cannot be made."""
        plan = self._plans[index]
        stored = plan.turn.back(pixels)
        with writable(self._path):
            if self._revision is None:
                self._revision = Revision(self._pdf)
            self._put(plan, stored, self._revision)

    def save(self, scratch: Path, keep_metadata: bool) -> None:
        with writable(self._path):
            pdf = self._revision.finish() if self._revision else self._pdf
            for index, number in self._flat.items():
                sheet = self._plans[index].sheet
                replace_images(pdf, pdf.pages[index], pdf.get_object(number), sheet)
            self._flat.clear()
            if not keep_metadata:
                _remove_metadata(pdf)
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

    def _write(self, pdf: pikepdf.Pdf, scratch: Path, **options: Any) -> None:
        """An OSError is the caller's: it knows the folder."""
        try:
            with scratch.open("wb") as file:
                save_as_is(pdf, file, **options)
        except BROKEN as error:
            sentence = f"{self._path.name} cannot be saved: a part of it is damaged."
            raise Unreadable(self._path, sentence) from error

    def _decode(self, plan: Plan) -> Page | None:
        """None where the image is damaged, or too odd to be put back."""
        pixels: NDArray[Any] | None
        if plan.image is None:
            with pdfium_document(self._path, self._password) as document:
                pixels = as_seen(render(document, plan.index, plan.size))
            return Page(plan.index, pixels, plan.dpi, plan.level)
        try:
            pixels = decode_image(self._pdf, _resolve(self._pdf, plan))
        except BROKEN:
            return None
        if pixels is None:
            return None
        return Page(plan.index, plan.turn.upright(pixels), plan.dpi, plan.level)

    def _put(self, plan: Plan, pixels: NDArray[Any], revision: Revision) -> None:
        if plan.image is not None:
            old = _resolve(revision.pdf, plan)
            data, dictionary = image_of(pixels, old, plan.image.stream_bytes)
            revision.put(old.objgen, dictionary, data)
            return
        # What another page uses too stays in the file: nothing is saved by not drawing it here.
        budget = sum(size for key, size in dict(plan.parts).items() if self._uses[key] == 1)
        number = self._flat.setdefault(plan.index, revision.new_number())
        data, dictionary = image_of(pixels, None, budget)
        revision.put(number, dictionary, data)

    def _about_first(self) -> list[str]:
        plan = next(iter(self._plans.values()), None)
        if plan is None:
            return [_paper(read_sheet(self._pdf.pages[0]))]
        facts = [_paper(plan.sheet), f"{plan.dpi:.0f} dpi"]
        if plan.image is not None:
            facts.append(colour_of(_resolve(self._pdf, plan)))
        return facts


def view_pdf(path: Path, longest_px: int, page: int, password: str = "") -> View:
    """See `Domain.view`. Raises as `open_pdf`, and Unreadable for a page that is not there."""
    with open_checked(path, password) as pdf, readable(path):
        pages = len(pdf.pages)
        if not 0 <= page < pages:
            raise Unreadable(path, f"{path.name} has no page {page + 1}.")
        sheet = read_sheet(pdf.pages[page])
        plan = _plan(pdf, page)
        full = sheet.pixels(shown_per_point(sheet, plan))
        about = " · ".join([_paper(sheet)] + ([f"{plan.dpi:.0f} dpi"] if plan else []))
    scale = min(1.0, longest_px / max(full)) if longest_px else 1.0
    size = max(1, round(full[0] * scale)), max(1, round(full[1] * scale))
    with readable(path), pdfium_document(path, password) as document:
        document.init_forms()
        return View(render(document, page, size, annotations=True), full, about, pages)


def _plan_all(path: Path, pdf: pikepdf.Pdf) -> dict[int, Plan]:
    """Raises TooLarge where nothing else is there to clean."""
    plans = [plan for index in range(len(pdf.pages)) if (plan := _plan(pdf, index))]
    fitting = {plan.index: plan for plan in plans if not plan.too_large}
    if plans and not fitting:
        width, height = plans[0].size
        sentence = (
            f"Page {plans[0].index + 1} of {path.name} has {width * height // 1_000_000} "
            f"megapixels; up to {LARGEST_PIXELS // 1_000_000} can be cleaned at once."
        )
        raise TooLarge(path, sentence)
    return fitting


def _plan(pdf: pikepdf.Pdf, index: int) -> Plan | None:
    """None also for a page that cannot be understood: it is left as it is."""
    page = pdf.pages[index]
    try:
        plan = plan_page(index, read_sheet(page), read_content(page))
        odd = plan and plan.image and not is_replaceable(_resolve(pdf, plan))
        return None if odd else plan
    except BROKEN:
        return None


def _without_repeats(plans: dict[int, Plan]) -> Iterator[tuple[int, Plan]]:
    """An image that several pages show is cleaned with the first of them."""
    seen = set()
    for index, plan in plans.items():
        if plan.image is None:
            yield index, plan
        elif plan.image.key not in seen:
            seen.add(plan.image.key)
            yield index, plan


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


def _paper(sheet: Sheet) -> str:
    width, height = (side * sheet.unit * 25.4 / 72 for side in sheet.upright)
    for name, sides in _PAPERS.items():
        if np.allclose(sorted((width, height)), sides, atol=3):
            return name
    return f"{width:.0f} × {height:.0f} mm"
