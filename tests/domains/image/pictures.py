"""Small picture files of every kind, with everything that files carry."""

from __future__ import annotations

import functools
import struct
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import tifffile
from numpy.typing import NDArray
from PIL import Image, ImageCms, PngImagePlugin
from PIL.TiffImagePlugin import ImageFileDirectory_v2

WIDTH, HEIGHT = 37, 26
XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf/></x:xmpmeta>'


def colour(dtype: type = np.uint8) -> NDArray[Any]:
    """`(height, width, 3)`, smooth, with every channel different."""
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH]
    planes = [rows / HEIGHT, columns / WIDTH, (rows + columns) / (HEIGHT + WIDTH)]
    pixels = np.stack(planes, axis=-1)
    white = 1 if np.issubdtype(dtype, np.floating) else np.iinfo(dtype).max
    scaled: NDArray[Any] = (pixels if white == 1 else np.rint(pixels * white)).astype(dtype)
    return scaled


@functools.cache
def profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def exif() -> Image.Exif:
    """A camera's: lying on its side, a maker, a date, a place."""
    tags = Image.Exif()
    tags[0x0112] = 6
    tags[0x010F] = "Maker"
    tags.get_ifd(0x8769)[0x9003] = "2020:01:02 03:04:05"
    tags.get_ifd(0x8825)[2] = (1.0, 2.0, 3.5)
    return tags


def _pillow(mode: str, **options: Any) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        image = Image.fromarray(colour()).convert(mode)
        if "A" in mode:
            image.putalpha(Image.linear_gradient("L").resize(image.size))
        image.save(path, **options)

    return write


def _png_with_facts(path: Path) -> None:
    facts = PngImagePlugin.PngInfo()
    facts.add_text("Title", "Grüße")
    facts.add_itxt("XML:com.adobe.xmp", XMP.decode())
    image = Image.fromarray(colour())
    image.save(path, exif=exif(), icc_profile=profile(), dpi=(300, 300), pnginfo=facts)


def _deep_png(channels: int) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        pixels = colour(np.uint16)
        if channels == 4:
            pixels = np.dstack([pixels, pixels[..., 0]])
        picked = pixels[..., 0] if channels == 1 else pixels
        path.write_bytes(imagecodecs.png_encode(np.ascontiguousarray(picked)))

    return write


def _tiff(dtype: type, **options: Any) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        tifffile.imwrite(path, colour(dtype), photometric="rgb", metadata=None, **options)

    return write


def _tiff_alpha(path: Path) -> None:
    pixels = colour(np.uint16)
    whole = np.dstack([pixels, pixels[..., 0]])
    tifffile.imwrite(path, whole, photometric="rgb", extrasamples=["unassalpha"])


def _tiff_planes(path: Path) -> None:
    planes = np.moveaxis(colour(np.uint16), -1, 0)
    tifffile.imwrite(path, planes, photometric="rgb", planarconfig="separate")


def _tiff_grey_white_is_zero(path: Path) -> None:
    tifffile.imwrite(path, colour(np.uint16)[..., 0], photometric="miniswhite")


def _tiff_with_facts(path: Path) -> None:
    """LZW, 16 bit, with EXIF and GPS directories, XMP, IPTC, profile, way up, resolution."""
    tags = [
        (274, 3, 1, 6, True),
        (315, 2, 4, "Anna", True),
        (700, 1, len(XMP), XMP, True),
        (33723, 7, 6, b"iptc12", True),
        (34664, 4, 1, 0, True),  # becomes the pointer to EXIF
        (34851, 4, 1, 0, True),  # becomes the pointer to GPS
    ]
    tifffile.imwrite(
        path,
        colour(np.uint16),
        photometric="rgb",
        compression="lzw",
        predictor=True,
        iccprofile=profile(),
        extratags=tags,
        metadata=None,
        resolution=(120, 120),
        resolutionunit=3,
    )
    with tifffile.TiffFile(path) as file:
        places = [file.pages.first.tags[code].offset for code in (34664, 34851)]
    details, place = ImageFileDirectory_v2(b"II*\0\x08\0\0\0"), ImageFileDirectory_v2()
    details[0x9003] = "2020:01:02 03:04:05"
    details.tagtype[0x927C] = 7
    details[0x927C] = b"the maker's own notes" * 9
    place.tagtype[2] = 5
    place[2] = (1.0, 2.0, 3.5)
    with path.open("r+b") as raw:
        for where, code, directory in zip(places, (34665, 34853), (details, place), strict=True):
            offset = raw.seek(0, 2)
            raw.write(directory.tobytes(offset))
            raw.seek(where)
            raw.write(struct.pack("<HHII", code, 4, 1, offset))


KINDS: Mapping[str, Callable[[Path], None]] = {
    "plain.jpg": _pillow(
        "RGB", quality=97, subsampling=0, exif=exif(), icc_profile=profile(), xmp=XMP,
        dpi=(300, 300), comment=b"a comment",
    ),
    "grey.jpeg": _pillow("L", quality=95),
    "progressive.jpg": _pillow("RGB", quality=95, progressive=True),
    "print.jpg": _pillow("CMYK", quality=97),
    "facts.png": _png_with_facts,
    "grey.png": _pillow("L"),
    "alpha.png": _pillow("RGBA"),
    "grey alpha.png": _pillow("LA"),
    "palette.png": _pillow("P"),
    "two tones.png": _pillow("1"),
    "deep.png": _deep_png(3),
    "deep grey.png": _deep_png(1),
    "deep alpha.png": _deep_png(4),
    "lossless.webp": _pillow("RGBA", lossless=True, exact=True, exif=exif(), icc_profile=profile()),
    "lossy.webp": _pillow("RGB", quality=95, xmp=XMP),
    "plain.bmp": _pillow("RGB", dpi=(200, 200)),
    "plain.tif": _pillow("RGB", dpi=(300, 300)),
    "print.tif": _pillow("CMYK", dpi=(300, 300)),
    "palette.tif": _pillow("P", dpi=(72, 72)),
    "facts.tif": _tiff_with_facts,
    "deflate.tiff": _tiff(np.uint8, compression="adobe_deflate"),
    "tiled.tif": _tiff(np.uint16, tile=(16, 16), compression="lzw"),
    "floating.tif": _tiff(np.float32),
    "half.tif": _tiff(np.float16),
    "large header.tif": _tiff(np.uint16, bigtiff=True, byteorder=">"),
    "deep alpha.tif": _tiff_alpha,
    "planes.tif": _tiff_planes,
    "negative.tif": _tiff_grey_white_is_zero,
}  # fmt: skip
