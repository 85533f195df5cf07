"""Drawing what people lay over pictures: words and logos with alpha, in the usual manners.

Needs Pillow and the fonts of the machine. Logos are PNG files with alpha, or SVG files, which
`resvg_py` renders (`pip install 'desktop-ae[train]'`).
"""

from __future__ import annotations

import io
import random
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont
from torch import Tensor

from desktop_ae.core.errors import UnknownName
from desktop_ae.domains.fonts import LETTERS, Fonts

_PHRASES = (
    "DRAFT", "SAMPLE", "COPY", "CONFIDENTIAL", "PREVIEW", "PROOF", "Do not copy", "Stock Photo",
    "© {year}", "© {name}", "{name} Photography", "www.{name}.com", "@{name}", "{name}",
    "{date}", "{date} {time}", "{time}", "{number}", "{name} {name}", "For review only",
)  # fmt: skip
_SCRIPTS = ("latin", "latin", "latin", "cyrillic", "greek", "devanagari", "arabic", "cjk")
LOGO_PX = 224
# One logo in so many is kept from training.
_HELD_OUT_SHARE = 7


def text_sprite(rng: random.Random, fonts: Fonts) -> Tensor:
    """Words on nothing, `(4, height, width)` uint8, straight alpha."""
    scripts = [s for s in _SCRIPTS if fonts.by_script[s]]
    script = rng.choice(scripts)
    font = ImageFont.truetype(str(rng.choice(fonts.by_script[script])), rng.randint(40, 88))
    text = _words(rng, script)
    stroke = rng.choice((0, 0, 0, 1, 2, 3))
    probe = ImageDraw.Draw(Image.new("L", (1, 1)))
    left, top, right, bottom = probe.multiline_textbbox((0, 0), text, font, stroke_width=stroke)
    border = 14
    size = (int(right - left) + 2 * border, int(bottom - top) + 2 * border)
    size = (min(size[0], 1400), min(size[1], 400))
    place = (border - left, border - top)
    body, edge = Image.new("L", size, 0), Image.new("L", size, 0)
    ImageDraw.Draw(body).multiline_text(place, text, 255, font)
    ImageDraw.Draw(edge).multiline_text(place, text, 255, font, stroke_width=stroke)
    return styled(rng, body, edge)


def styled(rng: random.Random, body: Image.Image, edge: Image.Image) -> Tensor:
    """A shape in a colour, with or without outline, shadow, relief, or a plate below it.

    body, edge: "L" pictures of the shape, and of the shape with its outline.
    """
    colour = _colour(rng)
    other = (0, 0, 0) if sum(colour) > 380 else (255, 255, 255)
    kind = rng.random()
    whole = Image.new("RGBA", body.size, (*colour, 0))
    if kind < 0.14:  # a soft shadow below
        shadow = ImageChops.offset(edge, rng.randint(1, 4), rng.randint(1, 4))
        shadow = shadow.filter(ImageFilter.GaussianBlur(rng.uniform(0.6, 3)))
        _lay(whole, other, shadow, rng.uniform(0.4, 0.9))
    elif kind < 0.24:  # a plate
        plate = Image.new("L", body.size, 0)
        box = (4, 4, body.width - 5, body.height - 5)
        ImageDraw.Draw(plate).rounded_rectangle(box, rng.choice((0, 6, 20)), 255)
        _lay(whole, other, plate, rng.uniform(0.3, 1.0))
    if kind > 0.90:  # relief: lit from one side, dark on the other
        lit = ImageChops.subtract(body, ImageChops.offset(body, 2, 2))
        dark = ImageChops.subtract(body, ImageChops.offset(body, -2, -2))
        _lay(whole, colour, body, rng.uniform(0.1, 0.7))
        _lay(whole, (255, 255, 255), lit, 0.9)
        _lay(whole, (0, 0, 0), dark, 0.9)
    elif kind > 0.80 and edge is not body:  # the outline alone
        _lay(whole, colour, ImageChops.subtract(edge, body), 1.0)
    else:
        if kind > 0.60:
            _lay(whole, other, edge, 1.0)
        _lay(whole, colour, body, 1.0)
    if not np.asarray(whole)[..., 3].any():
        _lay(whole, colour, body, 1.0)
    return _tensor(whole)


def logo_sprites(folder: Path, *, held_out: bool) -> list[Tensor]:
    """The logos of a folder, in their own colours, `(4, height, width)` uint8, none over LOGO_PX.

    One in seven, told by the checksum of its name, is held out. Raises UnknownName if there are
    SVG files and nothing to render them.
    """
    sprites = []
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() not in {".svg", ".png"} or _is_held_out(path.stem) != held_out:
            continue
        image = _rendered(path) if path.suffix.lower() == ".svg" else Image.open(path)
        if image is None:
            continue
        image = image.convert("RGBA")
        image.thumbnail((LOGO_PX, LOGO_PX))
        if np.asarray(image)[..., 3].max() > 127:
            sprites.append(_tensor(image))
    return sprites


def in_one_colour(rng: random.Random, logo: Tensor) -> Tensor:
    """A logo as its bare shape, in the manners of text."""
    shape = Image.fromarray(logo[3].numpy())
    framed = Image.new("L", (shape.width + 16, shape.height + 16), 0)
    framed.paste(shape, (8, 8))
    edge = framed.filter(ImageFilter.MaxFilter(rng.choice((3, 3, 5))))
    return styled(rng, framed, edge)


def _is_held_out(name: str) -> bool:
    return zlib.crc32(name.encode()) % _HELD_OUT_SHARE == 0


def _rendered(path: Path) -> Image.Image | None:
    """None for a drawing that cannot be rendered: some carry what no renderer knows."""
    try:
        import resvg_py
    except ImportError as error:
        sentence = "resvg_py is not installed, which renders logos: pip install 'desktop-ae[train]'"
        raise UnknownName(sentence) from error
    try:
        content = resvg_py.svg_to_bytes(svg_path=str(path), width=LOGO_PX, skip_system_fonts=True)
    except ValueError:
        return None
    return Image.open(io.BytesIO(content))


def _lay(
    whole: Image.Image, colour: tuple[int, int, int], shape: Image.Image, opacity: float
) -> None:
    layer = Image.new("RGBA", whole.size, (*colour, 0))
    layer.putalpha(shape.point([round(opacity * value) for value in range(256)]))
    whole.alpha_composite(layer)


def _colour(rng: random.Random) -> tuple[int, int, int]:
    kind = rng.random()
    if kind < 0.42:
        return (255, 255, 255)
    if kind < 0.62:
        grey = rng.choice((0, 0, 40, 90, 128, 170, 210))
        return (grey, grey, grey)
    red, green, blue = (rng.randint(0, 255) for _ in range(3))
    return (red, green, blue)


def _words(rng: random.Random, script: str) -> str:
    if script != "latin":
        letters = LETTERS[script]
        return "".join(rng.choice(letters) for _ in range(rng.randint(2, 8)))
    name = "".join(rng.choice(LETTERS["latin"][:26]) for _ in range(rng.randint(3, 9)))
    year, month, day = rng.randint(1995, 2026), rng.randint(1, 12), rng.randint(1, 28)
    date = rng.choice(("{0}/{1:02}/{2:02}", "{2:02}.{1:02}.{0}", "{1:02}-{2:02}-{0}", "'{1} {2}"))
    phrase = rng.choice(_PHRASES).format(
        name=rng.choice((name, name.capitalize(), name.upper())),
        year=year,
        date=date.format(year, month, day),
        time=f"{rng.randint(0, 23):02}:{rng.randint(0, 59):02}",
        number=rng.randint(0, 10**6),
    )
    if rng.random() < 0.1:
        phrase += "\n" + phrase[::-1]
    return phrase.upper() if rng.random() < 0.2 else phrase


def _tensor(image: Image.Image) -> Tensor:
    return torch.from_numpy(np.array(image)).permute(2, 0, 1).contiguous()


def make_sprites(
    rng: random.Random, fonts: Fonts, logos: Sequence[Tensor], count: int
) -> list[Tensor]:
    """So many words and logos, about half and half; words alone if there are no logos."""
    made = []
    for _ in range(count):
        kind = rng.random()
        if not logos or (kind < 0.5 and fonts):
            made.append(text_sprite(rng, fonts))
        else:
            logo = rng.choice(logos)
            made.append(logo if kind < 0.75 else in_one_colour(rng, logo))
    return made
