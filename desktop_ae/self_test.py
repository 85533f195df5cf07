"""`--self-test`: whether a built program works where it is, told in one line of JSON.

The window, a sample of each task that ships a model, and a few steps of learning. Nothing of the
person's own is read or written: their folders are replaced by a temporary one.
"""

from __future__ import annotations

import json
import math
import os
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop_ae import __version__
from desktop_ae.app import import_torch_first_on_windows, run_window
from desktop_ae.core.library import ModelLibrary
from desktop_ae.domains import domain_of_task, load_domains, task_named
from desktop_ae.jobs import CleanJob, Context, Output
from desktop_ae.places import shipped

if TYPE_CHECKING:
    from torch import Generator, Tensor

    from desktop_ae.core.work import CancelToken
    from desktop_ae.training.pairs import Pairs
    from desktop_ae.ui.main_window import MainWindow

REPORT = "self-test.json"
STEPS = 10
_LEARNED = "image/denoise"
_HOMES = [f"XDG_{kind}_HOME" for kind in ("DATA", "CONFIG", "CACHE", "STATE")]
_HOMES += ["WIN_PD_OVERRIDE_LOCAL_APPDATA", "WIN_PD_OVERRIDE_APPDATA"]


def run_self_test(kept: Path | None = None) -> int:
    """Print one line of JSON; 0 if all went well, else 1.

    kept: a folder for the cleaned samples, and for the line as a file too: a window program of
    Windows has nowhere to print.
    """
    import_torch_first_on_windows()
    sockets = _watch_sockets()
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="desktop-ae-", ignore_cleanup_errors=True) as scratch:
        for name in _HOMES:
            os.environ[name] = str(Path(scratch) / "home" / name)
        result = _result(Path(scratch), kept or Path(scratch) / "cleaned")
    result |= {
        "version": __version__,
        "seconds": round(time.monotonic() - started, 2),
        "peak_memory_bytes": peak_memory_bytes(),
        "network_sockets": sockets,
    }
    line = json.dumps(result)
    if kept:
        (kept / REPORT).write_text(line + "\n", encoding="utf-8")
    print(line)
    return 0 if result["well"] else 1


def _result(scratch: Path, kept: Path) -> dict[str, Any]:
    result: dict[str, Any] = {"well": False}
    try:
        library = ModelLibrary([shipped("models")])
        if library.problems:
            raise RuntimeError(str(library.problems[0]))
        result["window"] = show_window()
        kept.mkdir(parents=True, exist_ok=True)
        result["cleaned"] = clean_samples(library, kept)
        result["codecs"] = try_codecs()
        result["learned"] = learn(library, scratch / "learning")
        result["torch"] = _torch_version()
        result["well"] = True
    # This is the end of the line: whatever went wrong is what the test has to tell.
    except Exception as error:
        result["error"] = f"{type(error).__name__}: {error}"
    return result


def show_window() -> Mapping[str, Any]:
    """When it was painted, in seconds since 1970, and by which platform plugin; then it is closed.

    Raises RuntimeError if it ends otherwise than well.
    """
    seen: dict[str, Any] = {}

    def look(window: MainWindow) -> None:
        from PySide6.QtGui import QGuiApplication

        seen["empty"] = window.grab().isNull()
        seen["painted_at"] = time.time()
        seen["platform"] = QGuiApplication.platformName()
        seen["panes"] = [pane.task.id for pane in window.panes]
        window.close()

    code = run_window(shown=look)
    if code or seen.pop("empty", True):
        raise RuntimeError(f"The window did not show; its exit code is {code}.")
    return seen


def clean_samples(library: ModelLibrary, folder: Path) -> dict[str, Mapping[str, Any]]:
    """One sample of each task that has a model here. Raises as CleanJob does; RuntimeError if a
    sample, all of which are noisy, comes out unchanged, or no task has a model.
    """
    cleaned: dict[str, Mapping[str, Any]] = {}
    for domain in load_domains():
        for task in domain.tasks:
            if not library.cards(task.id):
                continue
            source = shipped("resources") / "samples" / task.sample
            out = folder / task.id.replace("/", "-")
            out.mkdir(exist_ok=True)
            job = CleanJob(source, task.id, task.default_model, output=Output(out))
            ended = job.run(Context(library))
            if ended.target is None:
                raise RuntimeError(f"{source.name} was not cleaned: {ended.note}")
            cleaned[task.id] = {
                "file": ended.target.relative_to(folder).as_posix(),
                "seconds": round(ended.seconds, 3),
            }
    if not cleaned:
        raise RuntimeError("No task has a model: the program's models are missing.")
    return cleaned


def try_codecs() -> dict[str, str]:
    """What reads files that no sample is of: loaded, and tried where that takes but a line.

    Raises RuntimeError, or as the codec does.
    """
    import imagecodecs
    import numpy as np
    import pi_heif
    import pydicom
    import soundfile

    from desktop_ae.domains.audio import ffmpeg

    deep = np.arange(4096, dtype=np.uint16).reshape(64, 64) * 15
    if not np.array_equal(imagecodecs.png_decode(imagecodecs.png_encode(deep)), deep):
        raise RuntimeError("PNG of 16 bits does not come back as it was.")
    plain = deep.tobytes()
    for name in ("lzw", "deflate", "packbits", "zstd", "lzma"):
        packed = getattr(imagecodecs, f"{name}_encode")(plain)
        if bytes(getattr(imagecodecs, f"{name}_decode")(packed, out=len(plain))) != plain:
            raise RuntimeError(f"TIFF packed with {name} does not come back as it was.")
    return {
        "ffmpeg": ", ".join(sorted(set(ffmpeg.library().licences))),
        "libheif": pi_heif.libheif_version(),
        "libsndfile": soundfile.__libsndfile_version__,
        "pydicom": pydicom.__version__,
    }


def learn(library: ModelLibrary, folder: Path) -> Mapping[str, Any]:
    """A few steps of fine-tuning the photo model on the clean samples.

    Raises RuntimeError if the net did not change or holds numbers that are none.
    """
    from dataclasses import replace

    import torch

    from desktop_ae.core.tuning import CLEAN, Material
    from desktop_ae.core.work import CancelToken
    from desktop_ae.learning.material import spare_sheets
    from desktop_ae.training.loop import fit

    task = task_named(_LEARNED)
    assert task.tuning is not None
    tuning = task.tuning()
    sheets = spare_sheets(task, domain_of_task(task.id), tuning, shipped("resources") / "samples")
    recipe = replace(task.recipe(), learning_rate=tuning.learning_rate, batch=tuning.batch)
    pairs = tuning.pairs(
        Material(CLEAN, clean=sheets, spare=sheets, damage=tuning.damages[0][0]), recipe
    )
    token = CancelToken()
    net = library.load(task.default_model).net
    before = torch.cat([weight.flatten() for weight in net.parameters()]).clone()
    fitted = fit(
        net.requires_grad_(True),
        _Counted(pairs, STEPS, token),
        recipe,
        folder,
        minutes=10,
        device=torch.device("cpu"),
        token=token,
    )
    after = torch.cat([weight.detach().flatten() for weight in net.parameters()])
    change = float((after - before).norm() / before.norm())
    if fitted.steps != STEPS or not math.isfinite(change) or change == 0:
        raise RuntimeError(f"Learning failed: {fitted.steps} steps, weights changed by {change}.")
    return {"steps": fitted.steps, "seconds": round(fitted.seconds, 2), "change": change}


class _Counted:
    """Pairs that ask the training to end with its `most`-th draw."""

    def __init__(self, pairs: Pairs, most: int, token: CancelToken) -> None:
        self._pairs = pairs
        self._left = most
        self._token = token

    def draw(self, count: int, rng: Generator) -> tuple[Tensor, Tensor]:
        self._left -= 1
        if not self._left:
            self._token.finish()
        return self._pairs.draw(count, rng)

    def loss(self, restored: Tensor, clean: Tensor) -> Tensor:
        return self._pairs.loss(restored, clean)


def peak_memory_bytes() -> int:
    """The most that this process has held; 0 where that cannot be told."""
    if sys.platform == "win32":
        return _peak_of_windows()
    with suppress(OSError, StopIteration):
        # Not getrusage: on Linux that counts what the parent held when it forked.
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
        return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) * 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # bytes on macOS


def _peak_of_windows() -> int:
    """PROCESS_MEMORY_COUNTERS.PeakWorkingSetSize, see Microsoft's psapi.h."""
    import ctypes

    sizes = (ctypes.c_size_t * 9)()  # two DWORDs in the first place, then eight sizes
    kernel = ctypes.WinDLL("kernel32")  # type: ignore[attr-defined]
    kernel.GetCurrentProcess.restype = ctypes.c_void_p
    process = ctypes.c_void_p(kernel.GetCurrentProcess())
    known = kernel.K32GetProcessMemoryInfo(process, sizes, ctypes.sizeof(sizes))
    return int(sizes[1]) if known else 0


def _torch_version() -> str:
    import torch

    return str(torch.__version__)


def _watch_sockets() -> list[str]:
    """The list grows by each network socket that Python opens. Those that a library opens on its
    own are not seen here; `packaging/installer_test.sh` looks at the system calls.
    """
    import socket

    networks = {socket.AF_INET, socket.AF_INET6}
    opened: list[str] = []

    def hear(event: str, arguments: tuple[object, ...]) -> None:
        if event == "socket.__new__" and arguments[1] in networks:
            opened.append(str(arguments[1:]))

    sys.addaudithook(hear)
    return opened
