"""Pictures that Pillow reads and writes: JPEG, 8-bit PNG, WebP, BMP; HEIC is read only."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path
from xml.sax.saxutils import escape

from PIL import Image, JpegImagePlugin

from desktop_ae.core.errors import Unsupported
from desktop_ae.domains.image.colour import converted, srgb_profile
from desktop_ae.domains.image.files import (
    ORIENTATION,
    Picture,
    Save,
    check_single,
    check_size,
    read_orientation,
)
from desktop_ae.domains.image.jpeg import copy_segments, estimate_quality
from desktop_ae.domains.image.jpeg_blocks import save_changed
from desktop_ae.domains.image.pixels import PillowPixels
from desktop_ae.domains.image.png import save_png

_SOFTWARE = 0x0131
_XMP = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/">'
    "<xmp:CreatorTool>{}</xmp:CreatorTool>"
    "</rdf:Description></rdf:RDF></x:xmpmeta>"
)
_PLAIN = {"L", "LA", "RGB", "RGBA"}
_TURNED_INTO = {"1": "L", "P": "RGB", "PA": "RGBA", "La": "LA", "RGBa": "RGBA", "RGBX": "RGB"}


def decode_common(path: Path) -> Picture:
    """Decode through Pillow. Raises FileError, or whatever the decoder stumbles over."""
    _know_heic()
    with Image.open(path) as image:
        check_size(path, *image.size)
        if image.format != "MPO":  # a phone's JPEG with a second, smaller picture behind it
            check_single(path, getattr(image, "n_frames", 1))
        image.load()
        orientation = read_orientation(image)
        icc = image.info.get("icc_profile")
        plain, icc = _plain(path, image, icc)
        pixels = PillowPixels(plain)
        save = _saver(path, image, pixels, icc, orientation)
    return Picture(pixels, save, 8, icc, orientation)


def _plain(path: Path, image: Image.Image, icc: bytes | None) -> tuple[Image.Image, bytes | None]:
    if image.mode in _PLAIN and "transparency" in image.info:  # one colour stands for clear
        return image.convert("LA" if image.mode == "L" else "RGBA"), icc
    if image.mode in _PLAIN:
        return image, icc
    if image.mode == "CMYK":
        return converted(image, icc), srgb_profile()
    if image.mode in _TURNED_INTO:
        mode = _TURNED_INTO[image.mode]
        return image.convert("RGBA" if "transparency" in image.info else mode), icc
    raise Unsupported(path, f"{path.name} stores its colours as {image.mode}: not supported.")


def _saver(
    path: Path, image: Image.Image, pixels: PillowPixels, icc: bytes | None, orientation: int
) -> Save:
    info = {k: image.info[k] for k in ("exif", "xmp", "dpi") if image.info.get(k)}
    match image.format:
        case "JPEG" | "MPO":
            assert isinstance(image, JpegImagePlugin.JpegImageFile)
            options = {
                "quality": estimate_quality(image.quantization),
                "progressive": bool(image.info.get("progressive")),
                "dpi": info.get("dpi", (0, 0)),
            }
            sampling = JpegImagePlugin.get_sampling(image)
            if sampling >= 0:
                options["subsampling"] = sampling
            return functools.partial(_save_jpeg, path, pixels, options, icc, orientation)
        case "PNG":
            return functools.partial(_save_png, path, pixels)
        case "WEBP":
            lossless = b"VP8L" in path.read_bytes()[:4096]
            return functools.partial(_save_webp, pixels, info, icc, orientation, lossless)
        case "BMP" | "DIB":
            return functools.partial(_save_bmp, pixels, info)
        case "HEIF" | "AVIF":
            return functools.partial(_save_heic_as_jpeg, pixels, info, icc, orientation)
        case other:
            raise Unsupported(path, f"{path.name} is a {other} file, which is not supported.")


def _save_jpeg(
    source: Path,
    pixels: PillowPixels,
    options: dict[str, object],
    icc: bytes | None,
    orientation: int,
    scratch: Path,
    keep: bool,
    made_by: str = "",
) -> None:
    if not (pixels.partial and save_changed(source, pixels.image, scratch)):
        # Empty, or Pillow writes what it remembers of the source; the segments follow as they are.
        pixels.image.save(scratch, "JPEG", comment=b"", xmp=b"", **options)
    profile = None if pixels.colour_dropped else icc
    copy_segments(source, scratch, profile, None if keep else orientation, made_by)


def _save_png(
    source: Path, pixels: PillowPixels, scratch: Path, keep: bool, made_by: str = ""
) -> None:
    save_png(source, pixels.image, scratch, keep, not pixels.colour_dropped, made_by)


def _save_webp(
    pixels: PillowPixels,
    info: dict[str, object],
    icc: bytes | None,
    orientation: int,
    lossless: bool,
    scratch: Path,
    keep: bool,
    made_by: str = "",
) -> None:
    carried = _carried(info, icc, orientation, keep)
    if made_by:
        carried |= _noted(made_by, carried)
    lossless = lossless or pixels.partial  # or what is to stay would change as well
    pixels.image.save(scratch, "WEBP", lossless=lossless, quality=95, exact=True, **carried)


def _save_bmp(
    pixels: PillowPixels, info: dict[str, object], scratch: Path, keep: bool, made_by: str = ""
) -> None:
    pixels.image.save(scratch, "BMP", dpi=info.get("dpi", (96, 96)))


def _save_heic_as_jpeg(
    pixels: PillowPixels,
    info: dict[str, object],
    icc: bytes | None,
    orientation: int,
    scratch: Path,
    keep: bool,
    made_by: str = "",
) -> None:
    carried = _carried(info, icc, orientation, keep) | {"comment": made_by}
    pixels.image.convert("RGB").save(scratch, "JPEG", quality=95, subsampling=0, **carried)


def _carried(
    info: dict[str, object], icc: bytes | None, orientation: int, keep: bool
) -> dict[str, object]:
    """Pillow's save options for what goes along: the profile and the way up always do."""
    carried: dict[str, object] = {"icc_profile": icc} if icc else {}
    if keep:
        return carried | {k: info[k] for k in ("exif", "xmp") if k in info}
    if orientation != 1:
        exif = Image.Exif()
        exif[ORIENTATION] = orientation
        carried["exif"] = exif.tobytes()
    return carried


def _noted(made_by: str, carried: Mapping[str, object]) -> dict[str, object]:
    """A line in the one of WebP's two places that is free; nothing where neither is."""
    if "exif" not in carried:
        exif = Image.Exif()
        exif[_SOFTWARE] = made_by
        return {"exif": exif.tobytes()}
    return {} if "xmp" in carried else {"xmp": _XMP.format(escape(made_by)).encode()}


@functools.cache
def _know_heic() -> None:
    import pi_heif

    pi_heif.register_heif_opener()
