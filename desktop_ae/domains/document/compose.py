"""Making clean pages to train on: text in many fonts and scripts, tables, figures, stamps, photos.

Needs Pillow and whatever fonts the machine has (Debian's font packages: `fonts-noto-core`,
`fonts-noto-cjk`, `fonts-lohit-deva`, `fonts-hosny-amiri`, `fonts-dancingscript` and so on).
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from desktop_ae.domains.fonts import LETTERS, Fonts

UNKNOWN = 255  # in an ink map: here nobody can say what is ink, as in a photo
_WEIGHTS = {"latin": 60, "cyrillic": 8, "greek": 4, "devanagari": 9, "arabic": 7, "cjk": 12}
_MARKS = (",", ".", ".", ";", ":", "!", "?", ")", "-", "”", "%", "'")


@dataclass(frozen=True, slots=True)
class ComposedPage:
    """page: `(height, width, 3)` uint8 sRGB on white. ink: `(height, width)` uint8: 1 where a
    stroke is, 0 where none is, UNKNOWN inside photos.
    """

    page: NDArray[np.uint8]
    ink: NDArray[np.uint8]


def compose(
    rng: random.Random,
    fonts: Fonts,
    size: tuple[int, int],
    photos: Sequence[Image.Image] = (),
) -> ComposedPage:
    """A part of a page, `size` (width, height) in pixels, as if scanned at 100 to 400 DPI."""
    dpi = math.exp(rng.uniform(math.log(90), math.log(400)))
    sheet = _Sheet(rng, fonts, size, dpi)
    margin = rng.uniform(0, 0.08) * size[0]
    top = rng.uniform(0, 0.05) * size[1]
    while top < size[1]:
        kind = rng.random()
        if kind < 0.60:
            top = sheet.paragraph(margin, top)
        elif kind < 0.70:
            top = sheet.table(margin, top)
        elif kind < 0.78:
            top = sheet.chart(margin, top)
        elif kind < 0.94 and photos:
            top = sheet.photo(margin, top, rng.choice(photos))
        else:
            top = sheet.rule(margin, top)
        top += rng.uniform(0.05, 0.25) * dpi
    for _ in range(rng.choice((0, 0, 1, 1, 2))):
        rng.choice((sheet.stamp, sheet.signature, sheet.signature))()
    return sheet.result()


class _Sheet:
    """A page being drawn: colour and ink side by side."""

    def __init__(self, rng: random.Random, fonts: Fonts, size: tuple[int, int], dpi: float) -> None:
        self.rng = rng
        self.fonts = fonts
        self.size = size
        self.dpi = dpi
        self.page = Image.new("RGB", size, "white")
        self.ink = Image.new("L", size, 0)
        self.photos = Image.new("L", size, 0)
        self.colour = self._dark()
        scripts = [s for s in _WEIGHTS if fonts.by_script.get(s)]
        self.script = rng.choices(scripts, [_WEIGHTS[s] for s in scripts])[0]

    def result(self) -> ComposedPage:
        # People who mark ink take the edge pixels in, down to a third of their darkness.
        ink = (np.asarray(self.ink) > 90).astype(np.uint8)
        ink[np.asarray(self.photos) > 0] = UNKNOWN
        return ComposedPage(np.asarray(self.page), ink)

    def stroke(
        self, draw: Callable[[ImageDraw.ImageDraw], None], colour: tuple[int, int, int]
    ) -> None:
        """Draw white on black, then let ink of a colour through that mask."""
        mask = Image.new("L", self.size, 0)
        draw(ImageDraw.Draw(mask))
        self.page.paste(colour, mask=mask)
        self.ink.paste(255, mask=mask)
        self.photos.paste(0, mask=mask)

    def paragraph(self, left: float, top: float) -> float:
        rng = self.rng
        heading = rng.random() < 0.2
        points = math.exp(rng.uniform(2.6, 4.4)) if heading else rng.uniform(7, 13)
        pixels = max(9, round(points * self.dpi / 72))
        path = rng.choice(self.fonts.by_script[self.script])
        font = ImageFont.truetype(str(path), pixels)
        columns = 1 if heading else rng.choice((1, 1, 1, 2))
        width = (self.size[0] - 2 * left) / columns
        count = 1 if heading else rng.randint(2, 9)
        leading = rng.uniform(1.1, 1.6) * pixels
        colour = self._any_colour() if rng.random() < 0.18 else self.colour
        if rng.random() < 0.12:
            self._tint(left, top, leading * count)

        def lines(draw: ImageDraw.ImageDraw) -> None:
            for column in range(columns):
                for row in range(count):
                    place = (left + column * width, top + row * leading)
                    draw.text(place, self._line(width, pixels), 255, font=font)

        self.stroke(lines, colour)
        return top + count * leading

    def table(self, left: float, top: float) -> float:
        rng = self.rng
        rows, columns = rng.randint(2, 7), rng.randint(2, 5)
        pixels = max(9, round(rng.uniform(7, 11) * self.dpi / 72))
        font = ImageFont.truetype(str(rng.choice(self.fonts.by_script["latin"])), pixels)
        height = pixels * rng.uniform(1.5, 2.2)
        width = (self.size[0] - 2 * left) / columns
        thick = max(1, round(rng.uniform(0.3, 1.2) * self.dpi / 72))
        if rng.random() < 0.4:
            self._tint(left, top, height)

        def grid(draw: ImageDraw.ImageDraw) -> None:
            for row in range(rows + 1):
                y = top + row * height
                draw.line((left, y, left + columns * width, y), 255, thick)
                for column in range(columns if row < rows else 0):
                    text = self._cell()
                    draw.text(
                        (left + column * width + pixels / 2, y + height * 0.2), text, 255, font
                    )
            for column in range(columns + 1):
                x = left + column * width
                draw.line((x, top, x, top + rows * height), 255, thick)

        self.stroke(grid, self.colour)
        return top + rows * height

    def chart(self, left: float, top: float) -> float:
        rng = self.rng
        height = rng.uniform(0.8, 1.8) * self.dpi
        right = self.size[0] - left
        bars = rng.randint(3, 9)
        fill = self._any_colour()
        solid = ImageDraw.Draw(self.page)
        for number in range(bars if rng.random() < 0.6 else 0):
            x = left + (number + 0.3) * (right - left) / bars
            up = top + height * rng.uniform(0.1, 0.9)
            box = (x, up, x + 0.5 * (right - left) / bars, top + height)
            solid.rectangle(box, fill)
            ImageDraw.Draw(self.photos).rectangle(box, 1)
        thick = max(1, round(self.dpi / 100))
        points = [
            (left + i * (right - left) / 12, top + height * rng.uniform(0.1, 0.9))
            for i in range(13)
        ]

        def lines(draw: ImageDraw.ImageDraw) -> None:
            draw.line((left, top, left, top + height, right, top + height), 255, thick)
            draw.line(points, 255, thick)

        self.stroke(lines, self._any_colour())
        return top + height

    def photo(self, left: float, top: float, picture: Image.Image) -> float:
        width = max(16, round((self.size[0] - 2 * left) * self.rng.uniform(0.3, 1.0)))
        height = max(16, round(width * picture.height / picture.width))
        resized = picture.resize((width, height), Image.Resampling.BILINEAR)
        place = (
            round(left + self.rng.uniform(0, 0.5) * (self.size[0] - 2 * left - width)),
            round(top),
        )
        self.page.paste(resized, place)
        self.photos.paste(1, (*place, place[0] + width, place[1] + height))
        return top + height

    def rule(self, left: float, top: float) -> float:
        thick = max(1, round(self.rng.uniform(0.3, 3) * self.dpi / 72))
        box = (left, top, self.size[0] - left, top)
        self.stroke(lambda draw: draw.line(box, 255, thick), self.colour)
        return top + thick

    def stamp(self) -> None:
        """A ring or a frame with a word in it, red or blue, turned a little."""
        rng = self.rng
        side = round(rng.uniform(0.6, 1.6) * self.dpi)
        mask = Image.new("L", (side, side), 0)
        draw = ImageDraw.Draw(mask)
        thick = max(2, side // rng.randint(20, 45))
        box = (thick, side * 0.2, side - thick, side * 0.8)
        (draw.ellipse if rng.random() < 0.5 else draw.rectangle)(box, outline=255, width=thick)
        font = ImageFont.truetype(str(rng.choice(self.fonts.by_script["latin"])), max(9, side // 6))
        draw.text((side * 0.2, side * 0.42), self._word("latin").upper()[:6], 255, font=font)
        mask = mask.rotate(rng.uniform(-30, 30), Image.Resampling.BICUBIC)
        place = (rng.randint(0, self.size[0]), rng.randint(0, self.size[1]))
        whole = Image.new("L", self.size, 0)
        whole.paste(mask, place)
        red, blue = (
            (rng.randint(150, 225), 25, 40),
            (30, rng.randint(40, 90), rng.randint(140, 210)),
        )
        self.page.paste(rng.choice((red, blue)), mask=whole)
        self.ink.paste(255, mask=whole)
        self.photos.paste(0, mask=whole)

    def signature(self) -> None:
        rng = self.rng
        x, y = rng.uniform(0, self.size[0]), rng.uniform(0, self.size[1])
        step, angle = self.dpi / 12, rng.uniform(0, 6.28)
        points = [(x, y)]
        for _ in range(rng.randint(20, 70)):
            angle += rng.gauss(0, 0.7)
            x, y = x + step * (math.cos(angle) + 0.4), y + step * math.sin(angle)
            points.append((x, y))
        thick = max(1, round(rng.uniform(0.8, 2.2) * self.dpi / 100))
        blue = (rng.randint(0, 60), rng.randint(20, 80), rng.randint(110, 200))
        colour = blue if rng.random() < 0.7 else self._dark()
        self.stroke(lambda draw: draw.line(points, 255, thick, joint="curve"), colour)

    def _tint(self, left: float, top: float, height: float) -> None:
        """A pale box behind text, which belongs to the page."""
        pale = tuple(self.rng.randint(190, 245) for _ in range(3))
        ImageDraw.Draw(self.page).rectangle((left, top, self.size[0] - left, top + height), pale)

    def _line(self, width: float, pixels: int) -> str:
        letters = int(width / (pixels * (1.0 if self.script == "cjk" else 0.5)))
        text = ""
        while len(text) < letters:
            text += self._word(self.script)
            text += "" if self.script == "cjk" and self.rng.random() < 0.9 else " "
        return text[:letters]

    def _word(self, script: str) -> str:
        rng = self.rng
        if rng.random() < 0.08:
            return self._cell()
        length = rng.randint(1, 3) if script == "cjk" else min(14, 1 + int(rng.expovariate(0.22)))
        alphabet = LETTERS[script]
        # Latin letters with marks are rarer than those without.
        top = 26 if script == "latin" and rng.random() < 0.85 else len(alphabet)
        word = "".join(alphabet[rng.randrange(top)] for _ in range(length))
        word = word.capitalize() if rng.random() < 0.2 else word
        return word + (rng.choice(_MARKS) if rng.random() < 0.15 else "")

    def _cell(self) -> str:
        rng = self.rng
        shapes = ("{}", "{}.{:02d}", "{:d} %", "€ {}", "{}/{}", "#{}-{}", "({})")
        return rng.choice(shapes).format(rng.randint(0, 9999), rng.randint(0, 99))

    def _dark(self) -> tuple[int, int, int]:
        grey = self.rng.randint(0, 70)
        return (grey, grey, min(255, grey + self.rng.choice((0, 0, 0, 20, 60))))

    def _any_colour(self) -> tuple[int, int, int]:
        red, green, blue = (self.rng.randint(0, 200) for _ in range(3))
        return red, green, blue
