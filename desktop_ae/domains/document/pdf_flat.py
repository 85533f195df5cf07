"""New images on a page: one in the place of all, or its own in the place of a shared one."""

from __future__ import annotations

import zlib
from typing import Any

import pikepdf
from pikepdf import Dictionary, Name

from desktop_ae.domains.document.pdf_content import Matrix, read_content
from desktop_ae.domains.document.pdf_pages import Sheet


def replace_images(pdf: pikepdf.Pdf, page: pikepdf.Page, image: Any, sheet: Sheet) -> None:
    """One for all; text that cannot be seen stays.

    page: for which a plan was made; image: of its visible part, not turned.
    """
    content = read_content(page)
    assert content.before is not None  # the plan saw to that
    steps = list(pikepdf.parse_content_stream(page))
    place, here = content.before
    gone = {step: steps[step] for step in content.image_steps}
    name = _free_name(page)
    left = [step for number, step in enumerate(steps) if number not in gone]
    skipped = sum(number < place for number in gone)
    left[place - skipped : place - skipped] = _drawing(name, sheet, here)
    data = zlib.compress(pikepdf.unparse_content_stream(left), 9)
    page.obj.Contents = pdf.make_stream(data, Filter=Name.FlateDecode)
    drawn = {str(step.operands[0]) for step in gone.values() if str(step.operator) == "Do"}
    page.obj.Resources = _resources(page, drawn, name, image)


def replace_image(pdf: pikepdf.Pdf, page: pikepdf.Page, names: tuple[str, ...], image: Any) -> None:
    """Another page that draws the old image keeps it. names: see `pdf_content.Drawn`."""
    page.obj.Resources = _with_image(pdf, page.obj.Resources, names, image)


def _with_image(pdf: pikepdf.Pdf, resources: Any, names: tuple[str, ...], image: Any) -> Dictionary:
    """A copy of the resources, and of each form on the way to the image."""
    name, *inner = names
    own = Dictionary(dict(resources.items()))
    own.XObject = Dictionary(dict(own.XObject.items()))
    if inner:
        form = own.XObject[name]
        copy = pdf.make_stream(form.read_raw_bytes(), Dictionary(dict(form.items())))
        copy.Resources = _with_image(pdf, form.get("/Resources", resources), tuple(inner), image)
        image = copy
    own.XObject[name] = image
    return own


def _drawing(name: Name, sheet: Sheet, here: Matrix) -> list[Any]:
    """Draws on the whole visible part, where `here` is the matrix."""
    left, bottom, right, top = sheet.box
    matrix = Matrix(right - left, 0, 0, top - bottom, left, bottom).after(here.inverse())
    numbers = [matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f]
    operator = pikepdf.Operator
    return [
        pikepdf.ContentStreamInstruction([], operator("q")),
        pikepdf.ContentStreamInstruction([round(n, 6) for n in numbers], operator("cm")),
        pikepdf.ContentStreamInstruction([name], operator("Do")),
        pikepdf.ContentStreamInstruction([], operator("Q")),
    ]


def _resources(page: pikepdf.Page, gone: set[str], name: Name, image: Any) -> Dictionary:
    """A copy, as other pages may use the same: without the images that are drawn no more."""
    resources = Dictionary(dict((page.obj.get("/Resources") or Dictionary()).items()))
    xobjects = resources.get("/XObject") or Dictionary()
    kept = Dictionary({k: v for k, v in xobjects.items() if k not in gone})
    kept[name] = image
    resources.XObject = kept
    return resources


def _free_name(page: pikepdf.Page) -> Name:
    taken = set((page.obj.get("/Resources") or Dictionary()).get("/XObject", Dictionary()).keys())
    return next(Name(n) for i in range(len(taken) + 1) if (n := f"/Page{i}") not in taken)
