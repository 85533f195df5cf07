"""What a PDF page draws, from its content stream: images and where, text, lines and fills.

Nothing is decoded or rendered here; a page of a scanned book takes some milliseconds.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

import pikepdf

Key = tuple[int, int]  # of an object: number and generation
DEEPEST_FORM = 8
# A newspaper's page with its text layer stays below; a map or a bomb does not, and is no scan.
MOST_STEPS, LARGEST_CONTENT = 400_000, 4_000_000
_STRINGS, _PAINTS = {"Tj", "TJ", "'", '"'}, {"f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "sh"}
_FILLS_ONLY = {"f", "F", "f*"}
_COLOURS = {"g", "rg", "k", "sc", "scn"}
_INVISIBLE = 3  # text render mode
# Spaces where zeros are black and ones white.
_ADDITIVE = {"/DeviceGray", "/DeviceRGB", "/CalGray", "/CalRGB", "/ICCBased"}


@dataclass(frozen=True, slots=True)
class Matrix:
    """PDF's `[a b c d e f]`: `(x, y)` goes to `(ax + cy + e, bx + dy + f)`."""

    a: float = 1
    b: float = 0
    c: float = 0
    d: float = 1
    e: float = 0
    f: float = 0

    def after(self, m: Matrix) -> Matrix:
        """This matrix, then `m`."""
        return Matrix(
            self.a * m.a + self.b * m.c,
            self.a * m.b + self.b * m.d,
            self.c * m.a + self.d * m.c,
            self.c * m.b + self.d * m.d,
            self.e * m.a + self.f * m.c + m.e,
            self.e * m.b + self.f * m.d + m.f,
        )

    def inverse(self) -> Matrix:
        """Raises ZeroDivisionError where there is none."""
        det = self.a * self.d - self.b * self.c
        a, b, c, d = self.d / det, -self.b / det, -self.c / det, self.a / det
        return Matrix(a, b, c, d, -(self.e * a + self.f * c), -(self.e * b + self.f * d))

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, bottom, right, top of what becomes of the unit square."""
        xs = (self.e, self.e + self.a, self.e + self.c, self.e + self.a + self.c)
        ys = (self.f, self.f + self.b, self.f + self.d, self.f + self.b + self.d)
        return min(xs), min(ys), max(xs), max(ys)

    @property
    def sides(self) -> tuple[float, float]:
        """Lengths of the unit square's lower and left side."""
        return math.hypot(self.a, self.b), math.hypot(self.c, self.d)


class TooMuch(ValueError):
    """A page draws more than a scanned one does."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """An image that a page draws.

    names: the forms and the image, in the resources of the page; empty for an inline image.
    key: tells whether two are the same object. order: how much was drawn before. finest: columns
    and rows, each of the image or of its mask, whichever has more.
    stream_bytes, mask_bytes: lengths in the file. stencil: paints one colour through its bits;
    black: and that is black. see_through: has a mask of its own, or is one.
    """

    names: tuple[str, ...]
    key: Key | None
    width: int
    height: int
    finest: tuple[int, int]
    place: Matrix
    order: int
    stream_bytes: int
    mask_bytes: int
    stencil: bool
    see_through: bool
    black: bool

    @property
    def is_layer(self) -> bool:
        """Whether the mask has more to show than the image: letters, with their colour below."""
        return self.finest != (self.width, self.height)


@dataclass
class Content:
    """What a page draws.

    hidden_text, seen_text: bytes of strings. ink: what the eye sees beside the images, bytes of
    text and numbers of lines and fills, each with the order of the image before it.
    image_steps: the page's own instructions that draw nothing but images. before: the instruction
    in front of which an image can stand for all of them, and the matrix there.
    entangled: those cannot be taken out without touching something else. annotated: links, marks
    or fields lie over it.
    """

    images: list[Drawn] = field(default_factory=list)
    hidden_text: int = 0
    seen_text: int = 0
    ink: list[tuple[int, int]] = field(default_factory=list)
    image_steps: list[int] = field(default_factory=list)
    before: tuple[int, Matrix] | None = None
    entangled: bool = False
    annotated: bool = False

    def ink_after(self, order: int) -> int:
        return sum(amount for place, amount in self.ink if place >= order)


def read_content(page: pikepdf.Page) -> Content:
    """Raises whatever pikepdf does for content that cannot be read, and TooMuch."""
    walk = _Walk(Content(annotated=bool(len(page.obj.get("/Annots", [])))))
    walk.run(page.obj, page.obj.get("/Resources"), Matrix(), ())
    return walk.content


def size_of(image: Any) -> tuple[int, int]:
    """Columns and rows, as the header says."""
    return int(image.get("/Width", 0)), int(image.get("/Height", 0))


def masks_of(image: Any) -> list[Any]:
    """The images that say where another is seen."""
    masks = [image.get(name) for name in ("/SMask", "/Mask")]
    return [mask for mask in masks if isinstance(mask, pikepdf.Stream)]


@dataclass
class _State:
    place: Matrix
    text_mode: int = 0
    fill: str = "black"
    space: str = "/DeviceGray"
    altered: bool = False  # by a clip, transparency or a blend mode


class _Walk:
    """Follows the instructions of a page and of the forms that it draws."""

    def __init__(self, content: Content) -> None:
        self.content = content
        self.order, self.steps = 0, 0
        # The last instruction of the page outside of any q … Q, and the state there.
        self.open_step = 0, Matrix(), False

    def run(self, stream: Any, resources: Any, place: Matrix, names: tuple[str, ...]) -> None:
        state, saved = _State(place), list[_State]()
        for step, instruction in enumerate(self._parse(stream)):
            if not names and not saved:
                self.open_step = step, state.place, state.altered
            operator, operands = str(instruction.operator), list(instruction.operands)
            if operator == "q":
                saved.append(replace(state))
            elif operator == "Q":
                state = saved.pop() if saved else state
            elif operator == "INLINE IMAGE":
                self._inline(instruction, state, step if not names else None)
            elif operator == "Do":
                draws = self._draw(str(operands[0]), resources, state, names)
                if draws and not names:
                    self._note_step(step)
            else:
                self._other(operator, operands, resources, state)

    def _parse(self, stream: Any) -> Sequence[Any]:
        contents = stream if isinstance(stream, pikepdf.Stream) else stream.get("/Contents", [])
        parts = [contents] if isinstance(contents, pikepdf.Stream) else list(contents)
        if sum(len(part.read_bytes()) for part in parts) > LARGEST_CONTENT:
            raise TooMuch("more content than a scan has")
        steps = pikepdf.parse_content_stream(stream)
        self.steps += len(steps)
        if self.steps > MOST_STEPS:
            raise TooMuch("more steps than a scan has")
        return steps

    def _other(self, operator: str, operands: Sequence[Any], resources: Any, state: _State) -> None:
        if operator == "cm":
            state.place = Matrix(*(float(n) for n in operands)).after(state.place)
        elif operator == "Tr":
            state.text_mode = int(operands[0])
        elif operator in _STRINGS:
            self._text(operands, state)
        elif operator in {"W", "W*"}:
            state.altered = True
        elif operator == "gs":
            state.altered |= _is_special(resources["/ExtGState"][str(operands[0])])
        elif operator == "BDC":
            self.content.entangled |= operands[0] == "/OC"
        elif operator in _COLOURS or operator == "cs":
            _set_fill(operator, operands, resources, state)
        elif operator in _PAINTS:
            self._paint(operator, state)

    def _text(self, operands: Sequence[Any], state: _State) -> None:
        length = sum(_string_bytes(operand) for operand in operands)
        if state.text_mode == _INVISIBLE:
            self.content.hidden_text += length
        else:
            self.content.seen_text += length
            self.content.ink.append((self.order, length))

    def _paint(self, operator: str, state: _State) -> None:
        white_paper = operator in _FILLS_ONLY and state.fill == "white" and not self.content.images
        if not white_paper:
            self.content.ink.append((self.order, 1))
            self.content.entangled = True

    def _draw(self, name: str, resources: Any, state: _State, names: tuple[str, ...]) -> bool:
        """Whether that was nothing but images."""
        xobject = resources["/XObject"][name]
        self.content.entangled |= "/OC" in xobject
        if xobject.get("/Subtype") == "/Image":
            self._image(xobject, state, (*names, name))
            return True
        if xobject.get("/Subtype") != "/Form" or len(names) >= DEEPEST_FORM:
            self.content.entangled = True
            return False
        images, words = len(self.content.images), self.content.hidden_text + self.content.seen_text
        inner = Matrix(*(float(n) for n in xobject.get("/Matrix", [1, 0, 0, 1, 0, 0])))
        own = xobject.get("/Resources", resources)
        self.run(xobject, own, inner.after(state.place), (*names, name))
        has_words = self.content.hidden_text + self.content.seen_text > words
        has_images = len(self.content.images) > images
        self.content.entangled |= has_words and has_images
        return has_images

    def _image(self, image: Any, state: _State, names: tuple[str, ...]) -> None:
        self.order += 1
        stencil = bool(image.get("/ImageMask", False))
        masks = masks_of(image)
        sizes = [size_of(each) for each in (image, *masks)]
        width, height = sizes[0]
        drawn = Drawn(
            names=names,
            key=image.objgen,
            width=width,
            height=height,
            finest=(max(w for w, _ in sizes), max(h for _, h in sizes)),
            place=state.place,
            order=self.order,
            stream_bytes=_stream_bytes(image),
            mask_bytes=sum(_stream_bytes(mask) for mask in masks),
            stencil=stencil,
            see_through=stencil or "/SMask" in image or "/Mask" in image,
            black=state.fill == "black",
        )
        self.content.images.append(drawn)

    def _inline(self, instruction: Any, state: _State, step: int | None) -> None:
        self.order += 1
        image = instruction.iimage
        length = len(image.unparse())
        mask = bool(image.image_mask)
        width, height = size = int(image.width), int(image.height)
        drawn = Drawn(
            (), None, width, height, size, state.place, self.order, length, 0,
            mask, mask, state.fill == "black",
        )  # fmt: skip
        self.content.images.append(drawn)
        if step is not None:
            self._note_step(step)

    def _note_step(self, step: int) -> None:
        if self.content.before is None:
            instruction, place, altered = self.open_step
            self.content.before = instruction, place
            self.content.entangled |= altered
        self.content.image_steps.append(step)


def _is_special(state: Any) -> bool:
    """Whether a graphics state changes how an image comes out."""
    mask, blend = state.get("/SMask", "/None"), state.get("/BM", "/Normal")
    return bool(float(state.get("/ca", 1)) != 1 or mask != "/None" or blend != "/Normal")


def _set_fill(operator: str, operands: Sequence[Any], resources: Any, state: _State) -> None:
    if operator == "cs":
        state.space, state.fill = _space(str(operands[0]), resources), "black"
        return
    numbers = [float(n) for n in operands if isinstance(n, int | float | Decimal)]
    space = {"g": "/DeviceGray", "rg": "/DeviceRGB", "k": "/DeviceCMYK"}.get(operator, state.space)
    if space == "/DeviceCMYK":
        state.fill = "black" if numbers[3] == 1 else "white" if not any(numbers) else "other"
    elif space in _ADDITIVE and numbers:
        state.fill = "black" if not any(numbers) else "white" if set(numbers) == {1} else "other"
    else:
        state.fill = "other"


def _space(name: str, resources: Any) -> str:
    if name.startswith("/Device"):
        return name
    named = (resources.get("/ColorSpace") or {}).get(name) if resources is not None else None
    if isinstance(named, pikepdf.Array):
        return str(named[0])
    return str(named)


def _string_bytes(operand: Any) -> int:
    if isinstance(operand, pikepdf.String):
        return len(bytes(operand))
    if isinstance(operand, pikepdf.Array):
        return sum(len(bytes(item)) for item in operand if isinstance(item, pikepdf.String))
    return 0


def _stream_bytes(stream: Any) -> int:
    length = stream.get("/Length")
    return int(length) if isinstance(length, int) else len(stream.read_raw_bytes())
