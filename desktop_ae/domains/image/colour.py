"""Colour profiles: their names, and conversion for the screen or out of CMYK."""

from __future__ import annotations

import functools
import io
from typing import cast

from PIL import Image, ImageCms


@functools.cache
def _srgb() -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))


def srgb_profile() -> bytes:
    return _srgb().tobytes()


@functools.lru_cache(maxsize=64)
def colour_name(icc: bytes | None) -> str:
    """The profile's own name, "sRGB" without one."""
    if icc is None:
        return "sRGB"
    try:
        profile = ImageCms.getOpenProfile(io.BytesIO(icc))
        name = ImageCms.getProfileDescription(profile).strip()
    except (ImageCms.PyCMSError, OSError):
        return "unknown colours"
    if name.startswith("sRGB"):
        return "sRGB"
    return name.removesuffix(" (1998)")[:32] or "unnamed colours"


def to_srgb(image: Image.Image, icc: bytes | None) -> Image.Image:
    """For the screen: RGB or RGBA in sRGB. A broken profile is ignored, as viewers do."""
    alpha = image.getchannel("A") if image.mode in {"LA", "RGBA"} else None
    flat = image if image.mode in {"L", "RGB", "CMYK"} else image.convert(image.mode[:-1])
    if flat.mode == "L":
        flat = flat.convert("RGB")
    if icc is not None and colour_name(icc) != "sRGB":
        flat = converted(flat, icc)
    flat = flat.convert("RGB")
    if alpha is not None:
        flat.putalpha(alpha)
    return flat


def converted(image: Image.Image, icc: bytes | None) -> Image.Image:
    """To sRGB through the picture's profile; plainly, where that is missing or does not fit."""
    if icc is not None:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(icc))
            result = ImageCms.profileToProfile(image, source, _srgb(), outputMode="RGB")
            return cast(Image.Image, result)
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass
    return image.convert("RGB")
