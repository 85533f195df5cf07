"""Cleaning arrays from Python."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
from numpy.typing import NDArray

from desktop_ae.core.clip import reduced
from desktop_ae.core.domain import Options, Request, Task
from desktop_ae.core.errors import BadMask
from desktop_ae.core.library import ModelLibrary
from desktop_ae.core.mask import Mask, MaskPixels, fitting
from desktop_ae.domains import task_named
from desktop_ae.jobs import chosen_options
from desktop_ae.places import model_folders


def clean(
    samples: NDArray[Any],
    task: str = "image/denoise",
    *,
    rate_hz: float | None = None,
    strength: float = 1.0,
    model: str | None = None,
    options: Options | None = None,
    mask: NDArray[Any] | None = None,
) -> NDArray[Any]:
    """Clean an array; shape and dtype stay as they are, and the input is not changed.

    samples: for pictures (height, width) or (height, width, 3), uint8 or uint16, or floating point
    in [0, 1]. rate_hz: of signals; a picture has none.
    strength: 0 gives the input back, 1 all that the model would do. options: values of the task's
    options by name, such as {"mode": "bw"} of documents; those that act on files alone are refused.
    mask: (height, width), for a task that finds what it changes: here it is, white (or True) on
    black, and need not be found.
    Raises UnknownName, BadModel, BrokenResult, BadMask; ValueError or TypeError for an
    array that is no picture, or a strength outside 0 to 1.
    """
    from desktop_ae.core.restore import restore

    chosen = task_named(task)
    if not 0.0 <= strength <= 1.0:
        raise ValueError(f"strength must be between 0 and 1, not {strength}")
    if rate_hz is not None:
        raise ValueError(f"{task} takes pictures, which have no rate")
    picked = chosen_options(chosen, options or {})
    for option in chosen.options:
        if option.of_files and picked[option.name] != option.default:
            raise ValueError(f"{option.name} acts on files alone, not on arrays")
    planes = _to_planes(samples)
    loaded = _library().load(model or chosen.default_model)
    overview = functools.partial(reduced, planes)
    marked = _mask(chosen, mask, planes)
    request = Request(
        planes.shape, strength, lambda: None, overview, marked, rate_hz, options=picked
    )
    cleaned = chosen.present(restore(chosen.restorer(loaded, request), planes), picked)
    if len(cleaned) < len(planes):  # an option made it grey
        cleaned = np.broadcast_to(cleaned, planes.shape)
    pixels: NDArray[Any] = cleaned.transpose(1, 2, 0).reshape(samples.shape)
    if np.issubdtype(samples.dtype, np.integer):
        top = np.iinfo(samples.dtype).max
        pixels = np.rint(pixels.clip(0, 1) * top)
    return pixels.astype(samples.dtype)


@functools.cache
def _library() -> ModelLibrary:
    return ModelLibrary(model_folders())


def _mask(task: Task, mask: NDArray[Any] | None, planes: NDArray[Any]) -> MaskPixels | None:
    if mask is None:
        return None
    if task.find is None:
        raise ValueError(f"{task.id} takes no mask")
    if mask.ndim != 2:
        raise BadMask(f"The mask must be (height, width), not {mask.shape}.")
    highest = 1 if mask.dtype == np.bool_ or np.issubdtype(mask.dtype, np.floating) else 255
    pixels = (mask.astype(np.float32).clip(0, highest) * (255 / highest)).astype(np.uint8)
    return fitting(Mask.of(pixels), planes.shape[2], planes.shape[1])


def _to_planes(samples: NDArray[Any]) -> NDArray[np.float32]:
    if not (samples.ndim == 2 or (samples.ndim == 3 and samples.shape[2] == 3)) or not samples.size:
        raise ValueError(f"a picture is (height, width) or (height, width, 3), not {samples.shape}")
    if samples.dtype in (np.uint8, np.uint16):
        scaled = samples.astype(np.float32) / np.iinfo(samples.dtype).max
    elif np.issubdtype(samples.dtype, np.floating):
        scaled = samples.astype(np.float32)
        if not np.isfinite(scaled).all():
            raise ValueError("the picture holds values that are no numbers")
    else:
        raise TypeError(f"a picture is uint8, uint16 or floating point, not {samples.dtype}")
    return np.ascontiguousarray(np.atleast_3d(scaled).transpose(2, 0, 1))
