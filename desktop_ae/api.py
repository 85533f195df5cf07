"""Cleaning arrays from Python."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from desktop_ae.core.clip import Samples, overview
from desktop_ae.core.domain import Options, Request, Task
from desktop_ae.core.errors import BadMask
from desktop_ae.core.library import ModelLibrary
from desktop_ae.core.mask import Mask, MaskPixels, fitting
from desktop_ae.domains import domain_of_task, task_named
from desktop_ae.domains.audio import facts as sound
from desktop_ae.domains.ecg import facts as ecg
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
    in [0, 1]; for sound (samples,) or (channels, samples), int16 or int32, or floating point with
    full scale at 1; for an ECG (samples,) or (leads, samples), integers or floating point of any
    scale, NaN in gaps. rate_hz: of sound and ECGs, which need one; a picture has none.
    strength: 0 gives the input back, 1 all that the model would do. options: values of the task's
    options by name, such as {"mode": "bw"} of documents; those that act on files alone are refused.
    mask: (height, width), for a task that finds what it changes: here it is, white (or True) on
    black, and need not be found.
    Raises UnknownName, BadModel, BrokenResult, BadMask; ValueError or TypeError for an
    array that is no picture, sound or ECG, or a strength outside 0 to 1.
    """
    from desktop_ae.core.restore import restore

    chosen = task_named(task)
    if not 0.0 <= strength <= 1.0:
        raise ValueError(f"strength must be between 0 and 1, not {strength}")
    kind = _KINDS[domain_of_task(task).compare]
    kind.check_rate(task, rate_hz)
    picked = chosen_options(chosen, options or {})
    for option in chosen.options:
        if option.of_files and picked[option.name] != option.default:
            raise ValueError(f"{option.name} acts on files alone, not on arrays")
    planes = kind.planes(samples)
    loaded = _library().load(model or chosen.default_model)
    whole = functools.partial(overview, planes)
    marked = _mask(chosen, mask, planes)
    request = Request(planes.shape, strength, lambda: None, whole, marked, rate_hz, options=picked)
    cleaned = chosen.present(restore(chosen.restorer(loaded, request), planes), picked)
    if len(cleaned) < len(planes):  # an option made it grey
        cleaned = np.broadcast_to(cleaned, planes.shape)
    result: NDArray[Any] = kind.array(cleaned).reshape(samples.shape)
    if np.issubdtype(samples.dtype, np.integer):
        limits = np.iinfo(samples.dtype)
        # In float64: float32 has no 2**31 - 1.
        result = np.rint(result.astype(np.float64) * kind.full_scale(samples.dtype))
        result = result.clip(limits.min, limits.max)
    # What was not changed stays exact, though int32 and float64 hold more than float32.
    unchanged = kind.array(cleaned == planes).reshape(samples.shape)
    return np.where(unchanged, samples, result.astype(samples.dtype))


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


@dataclass(frozen=True, slots=True)
class _Kind:
    """How arrays of a kind of media lie in memory.

    check_rate: (task, rate_hz), raises ValueError. planes: an array to the float32 that restorers
    take; raises ValueError or TypeError. array: these back to the order of the axes that a caller
    knows. full_scale: the integer that stands for 1.
    """

    check_rate: Callable[[str, float | None], None]
    planes: Callable[[NDArray[Any]], Samples]
    array: Callable[[NDArray[Any]], NDArray[Any]]
    full_scale: Callable[[np.dtype[Any]], int]


def _check_no_rate(task: str, rate_hz: float | None) -> None:
    if rate_hz is not None:
        raise ValueError(f"{task} takes pictures, which have no rate")


def _check_sound_rate(task: str, rate_hz: float | None) -> None:
    _check_rate(task, rate_hz, "sound", sound.LOWEST_HZ, sound.HIGHEST_HZ)


def _check_ecg_rate(task: str, rate_hz: float | None) -> None:
    _check_rate(task, rate_hz, "an ECG", ecg.LOWEST_HZ, ecg.HIGHEST_HZ)


def _check_rate(task: str, rate_hz: float | None, noun: str, lowest: float, highest: float) -> None:
    if rate_hz is None:
        raise ValueError(f"{task} takes {noun}: say its rate_hz")
    if not lowest <= rate_hz <= highest:
        raise ValueError(f"rate_hz must be between {lowest:g} and {highest:g}, not {rate_hz}")


def _picture_planes(samples: NDArray[Any]) -> Samples:
    if not (samples.ndim == 2 or (samples.ndim == 3 and samples.shape[2] == 3)) or not samples.size:
        raise ValueError(f"a picture is (height, width) or (height, width, 3), not {samples.shape}")
    if samples.dtype not in (np.uint8, np.uint16) and not _is_real(samples):
        raise TypeError(f"a picture is uint8, uint16 or floating point, not {samples.dtype}")
    planes = np.atleast_3d(_floats(samples, _picture_scale, "picture")).transpose(2, 0, 1)
    return np.ascontiguousarray(planes)


def _sound_planes(samples: NDArray[Any]) -> Samples:
    if samples.ndim not in (1, 2) or not samples.size:
        raise ValueError(f"a sound is (samples,) or (channels, samples), not {samples.shape}")
    if samples.ndim == 2 and samples.shape[0] > sound.MOST_CHANNELS:
        raise ValueError(
            f"a sound has up to {sound.MOST_CHANNELS} channels, not {samples.shape[0]}: "
            "it is (channels, samples)"
        )
    if samples.dtype not in (np.int16, np.int32) and not _is_real(samples):
        raise TypeError(f"a sound is int16, int32 or floating point, not {samples.dtype}")
    return np.ascontiguousarray(np.atleast_2d(_floats(samples, _sound_scale, "sound")))


def _ecg_planes(samples: NDArray[Any]) -> Samples:
    if samples.ndim not in (1, 2) or not samples.size:
        raise ValueError(f"an ECG is (samples,) or (leads, samples), not {samples.shape}")
    if samples.ndim == 2 and samples.shape[0] > ecg.MOST_LEADS:
        raise ValueError(f"an ECG has up to {ecg.MOST_LEADS} leads: it is (leads, samples)")
    if not np.issubdtype(samples.dtype, np.integer) and not _is_real(samples):
        raise TypeError(f"an ECG is of integers or floating point, not {samples.dtype}")
    return np.ascontiguousarray(np.atleast_2d(samples.astype(np.float32)))


def _picture_scale(dtype: np.dtype[Any]) -> int:
    return int(np.iinfo(dtype).max)


def _sound_scale(dtype: np.dtype[Any]) -> int:
    return int(np.iinfo(dtype).max) + 1


def _is_real(samples: NDArray[Any]) -> bool:
    return np.issubdtype(samples.dtype, np.floating)


def _floats(samples: NDArray[Any], scale: Callable[[np.dtype[Any]], int], noun: str) -> Samples:
    if not _is_real(samples):
        return samples.astype(np.float32) / np.float32(scale(samples.dtype))
    scaled = samples.astype(np.float32)
    if not np.isfinite(scaled).all():
        raise ValueError(f"the {noun} holds values that are no numbers")
    return scaled


_PICTURE = _Kind(
    _check_no_rate, _picture_planes, lambda planes: planes.transpose(1, 2, 0), _picture_scale
)
_SOUND = _Kind(_check_sound_rate, _sound_planes, lambda planes: planes, _sound_scale)
_ECG = _Kind(_check_ecg_rate, _ecg_planes, lambda planes: planes, lambda dtype: 1)
# By the compare view of their domains.
_KINDS = {"picture": _PICTURE, "sound": _SOUND, "ecg": _ECG}
