"""Whether the built program does what the source tree does, as fast, and how soon it shows.

    python packaging/smoke.py [--program FILE] [--rounds 3] [--slower 1.1]

Run by the Python that the program was built from, so that both compute with the same libraries.
Each round runs the self-test of both, one after the other. Files in formats that no sample has are
cleaned by both as well. Prints what it measured; the exit status is 1 if something is not well.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
PROGRAM = ROOT / "build" / "installer" / "dist" / "desktop-ae" / "desktop-ae"
MOST_TO_WINDOW_S = 3.0
TIMEOUT_S = 900
# Of the whole range: a step of 8 bits and a little, for files that are rounded to such steps.
TOLERANCE = 1.1 / 255


@dataclass(frozen=True, slots=True)
class Outcome:
    """A self-test: what it printed, and when the window was painted, in seconds from the start."""

    told: dict[str, Any]
    to_window_s: float

    @property
    def cleaning_s(self) -> float:
        return float(sum(one["seconds"] for one in self.told["cleaned"].values()))

    @property
    def learning_s(self) -> float:
        return float(self.told["learned"]["seconds"])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", type=Path, default=PROGRAM)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--slower", type=float, default=1.1, help="this many times, at most")
    wanted = parser.parse_args()
    find_a_screen()
    source = [sys.executable, "-m", "desktop_ae"]
    built = [str(wanted.program)]
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        faults = compare_self_tests(source, built, folder, wanted.rounds, wanted.slower)
        faults += compare_formats(source, built, folder)
    for fault in faults:
        print(f"FAULT: {fault}")
    print("The built program passed." if not faults else "The built program did not pass.")
    return 1 if faults else 0


def compare_self_tests(
    source: Sequence[str], built: Sequence[str], folder: Path, rounds: int, slower: float
) -> list[str]:
    """Sentences on what is not well."""
    ours: list[Outcome] = []
    theirs: list[Outcome] = []
    for _ in range(rounds):
        theirs.append(self_test(source, folder / "source"))
        ours.append(self_test(built, folder / "built"))
    faults = [
        f"{name} differs by {difference:.4f} of its range"
        for name, difference in differences(folder, theirs[-1].told, ours[-1].told).items()
        if difference > TOLERANCE
    ]
    to_window = [one.to_window_s for one in ours]
    memory = max(one.told["peak_memory_bytes"] for one in ours)
    print(f"window painted after {to_window[0]:.2f} s, then {min(to_window):.2f} s")
    print(f"most memory {memory / 1e6:.0f} MB; torch {ours[0].told['torch']}")
    if min(to_window) > MOST_TO_WINDOW_S:
        faults.append(f"the window took {min(to_window):.1f} s")
    for what in ("cleaning_s", "learning_s"):
        # The best of a few: on a busy machine all others only tell of what else went on.
        mine, other = (min(getattr(one, what) for one in some) for some in (ours, theirs))
        words = what.removesuffix("_s")
        print(f"{words}: built {mine:.2f} s, source {other:.2f} s, {mine / other:.2f} times")
        if mine > slower * other:
            faults.append(f"{words} takes {mine / other:.2f} times as long as in the source tree")
    if any(one.told["network_sockets"] for one in ours):
        faults.append("it opened a network socket")
    return faults


def self_test(command: Sequence[str], folder: Path) -> Outcome:
    """Raises RuntimeError with what it said if it did not pass."""
    shutil.rmtree(folder, ignore_errors=True)
    words = [*command, "--self-test", str(folder)]
    started = time.time()
    ended = subprocess.run(
        words, cwd=ROOT, capture_output=True, text=True, timeout=TIMEOUT_S, check=False
    )
    report = folder / "self-test.json"
    if ended.returncode or not report.is_file():
        raise RuntimeError(f"{' '.join(command)}: {ended.stdout}{ended.stderr}")
    told = json.loads(report.read_text(encoding="utf-8"))
    return Outcome(told, told["window"]["painted_at"] - started)


def find_a_screen() -> None:
    """Begin again on a virtual screen where there is none: its start is not the program's."""
    if sys.platform != "linux" or {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"} & {*os.environ}:
        return
    if not shutil.which("xvfb-run"):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        return
    os.execvp("xvfb-run", ["xvfb-run", "--auto-servernum", sys.executable, *sys.argv])


def differences(folder: Path, source: dict[str, Any], built: dict[str, Any]) -> dict[str, float]:
    """Of each cleaned sample: the largest, as a share of its range."""
    assert source["cleaned"].keys() == built["cleaned"].keys()
    return {
        one["file"]: difference(
            task, folder / "source" / one["file"], folder / "built" / built["cleaned"][task]["file"]
        )
        for task, one in source["cleaned"].items()
    }


def difference(task: str, one: Path, other: Path) -> float:
    """The largest between two files of a task, as a share of the first one's range."""
    first, second = samples(task, one), samples(task, other)
    if first.shape != second.shape:
        return float("inf")
    span = float(np.nanmax(first) - np.nanmin(first))
    return float(np.nanmax(np.abs(first - second))) / span


def samples(task: str, path: Path) -> Any:
    """All numbers of a file in one row, as the program itself reads them."""
    from desktop_ae.domains import domain_of_task

    reader = domain_of_task(task).open(path, {})
    try:
        blocks = [clip.samples.ravel() for piece in reader.pieces() for clip in piece.blocks]
    finally:
        reader.close()
    return np.concatenate(blocks)


def compare_formats(source: Sequence[str], built: Sequence[str], folder: Path) -> list[str]:
    """Clean files of many formats with both; sentences on what is not well."""
    made = write_formats(folder / "formats")
    faults = []
    for name, command in (("source", source), ("built", built)):
        words = [*command, "clean", *map(str, made), "--out", str(folder / f"formats-{name}")]
        home = {"XDG_DATA_HOME": str(folder / f"home-{name}")}
        ended = subprocess.run(
            [*words, "--json"], cwd=ROOT, env={**os.environ, **home}, capture_output=True,
            text=True, timeout=TIMEOUT_S, check=False,
        )  # fmt: skip
        if ended.returncode:
            faults.append(f"{name}: {ended.stdout[-2000:]}{ended.stderr[-2000:]}")
    for path, task in made.items():
        one, other = (
            folder / f"formats-{name}" / f"{path.stem}_clean{path.suffix}"
            for name in ("source", "built")
        )
        if not one.is_file() or not other.is_file():
            faults.append(f"{path.name} was not cleaned by both")
            continue
        apart = difference(task, one, other)
        print(f"{path.name}: differs by {apart:.5f} of its range")
        if apart > TOLERANCE:
            faults.append(f"{path.name} differs by {apart:.4f} of its range")
    return faults


def write_formats(folder: Path) -> dict[Path, str]:
    """The samples once more, in formats that need other codecs; each with its task."""
    import imagecodecs
    import soundfile
    import tifffile
    from PIL import Image

    from tests.domains.audio.sounds import make_container

    folder.mkdir()
    shipped = ROOT / "resources" / "samples"
    with Image.open(shipped / "photo-astronaut.jpg") as photo:
        small = photo.convert("RGB").resize((256, 256))
    pixels = np.asarray(small)
    rng = np.random.default_rng(5)
    noisy = pixels + rng.normal(0, 20, pixels.shape)
    deep = (noisy.clip(0, 255) * 257).astype(np.uint16)
    shallow = noisy.clip(0, 255).astype(np.uint8)
    made = {
        folder / f"photo-{name}": "image/denoise" for name in ("deep.png", "lzw.tif", "zstd.tif")
    }
    deep_png, lzw, zstd = made
    deep_png.write_bytes(imagecodecs.png_encode(deep))
    tifffile.imwrite(lzw, shallow, photometric="rgb", compression="lzw")
    tifffile.imwrite(zstd, deep, photometric="rgb", compression="zstd")
    for suffix in ("webp", "bmp"):
        path = folder / f"photo-{suffix}.{suffix}"
        Image.fromarray(shallow).save(path, lossless=True)
        made[path] = "image/denoise"
    sound, rate_hz = soundfile.read(shipped / "speech-noisy.flac", dtype="float32", always_2d=True)
    for suffix in ("wav", "ogg", "mp3", "aiff"):
        path = folder / f"speech-{suffix}.{suffix}"
        soundfile.write(path, sound, rate_hz)
        made[path] = "audio/denoise"
    path = folder / "speech-m4a.m4a"
    make_container(path, "M4A", sound.T, rate_hz=rate_hz)
    made[path] = "audio/denoise"
    return made


if __name__ == "__main__":
    sys.exit(main())
