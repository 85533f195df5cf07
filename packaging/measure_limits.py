"""What the program needs, measured: time and memory by size, seams, the window's answers.

    python packaging/measure_limits.py [--megapixels 1 4 24] [--only sizes|seams|pages|window|start]

Each line names what was measured and its limit; the exit status is 1 if one was passed. Run it on
a quiet machine. Pictures are made from a bundled sample, with seeded noise, in a scratch folder.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "resources" / "samples" / "clean" / "photo-astronaut.clean.png"
LETTER = ROOT / "resources" / "samples" / "scan-letter.pdf"
MOST_SECONDS_PER_MP, MOST_BYTES, MOST_GAP_MS, MOST_STOP_S, MOST_START_S = 0.8, 1.5e9, 50, 1.0, 2.0
MOST_SEAM = 1.0  # of 255
MOST_PAGE_S, MOST_PAGE_S_PER_MP, MOST_GROWTH = 5.0, 0.5, 1.15

_START = """
import sys, time
begun = time.monotonic()
from desktop_ae import app
from desktop_ae.ui import main_window
from PySide6.QtCore import QTimer
shown = main_window.MainWindow.showEvent
def show_event(window, event):
    shown(window, event)
    QTimer.singleShot(0, lambda: (window.grab(), print(time.monotonic() - begun,
        "torch" in sys.modules, flush=True), window.close()))
main_window.MainWindow.showEvent = show_event
sys.argv = ["desktop-ae"]
sys.exit(app.run_window())
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megapixels", type=int, nargs="*", default=[1, 4, 24, 100])
    parser.add_argument("--only", choices=["sizes", "seams", "pages", "window", "start"])
    wanted = parser.parse_args()
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    sys.path.insert(0, str(ROOT))
    well = True
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        os.environ["XDG_DATA_HOME"] = os.environ["XDG_CONFIG_HOME"] = str(folder / "home")
        measures = {
            "start": lambda: start(),
            "seams": lambda: seams(),
            "sizes": lambda: sizes(folder, wanted.megapixels),
            "pages": lambda: pages(folder),
            "window": lambda: window(folder),
        }
        for name, measure in measures.items():
            if wanted.only in (None, name):
                for words, value, most in measure():
                    fine = value <= most
                    well = well and fine
                    mark = "" if fine else "   <-- too much"
                    print(f"{words:<52} {value:10.3f}   at most {most:g}{mark}", flush=True)
    return 0 if well else 1


Lines = Iterator[tuple[str, float, float]]


def start() -> Lines:
    command = [sys.executable, "-c", _START]
    for turn in ("first", "second"):
        answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        seconds, torch_loaded = answer.stdout.split()[-2:]
        yield f"start to painted window, {turn} time (s)", float(seconds), MOST_START_S
        yield "  torch loaded by then", float(torch_loaded == "True"), 0


def sizes(folder: Path, megapixels: list[int]) -> Lines:
    for millions in megapixels:
        for suffix in (".jpg", ".png", ".tif"):
            source = folder / f"{millions}{suffix}"
            write_noisy(source, millions)
            result, most_bytes = _clean(source)
            kind = f"{millions} MP {'16-bit TIFF' if suffix == '.tif' else suffix[1:].upper()}"
            per_mp = result["seconds"] / millions
            # Loading torch is part of it, and weighs on small pictures.
            yield f"{kind}: seconds per megapixel", per_mp, MOST_SECONDS_PER_MP + 4 / millions
            yield f"{kind}: most memory (bytes)", most_bytes, MOST_BYTES
            Path(result["target"]).unlink()
            source.unlink()


def pages(folder: Path) -> Lines:
    """Of documents: one large page, and a long PDF beside a short one."""
    large = folder / "page.jpg"
    _write_page(large)
    result, _ = _clean(large)
    small = folder / "small page.jpg"
    _write_page(small, 64)
    start_s = _clean(small)[0]["seconds"]  # loading torch and the model
    seconds = result["seconds"] - start_s
    yield "A4 page of 300 DPI, 8.7 MP (s)", seconds, MOST_PAGE_S
    yield "  seconds per megapixel", seconds / 8.7, MOST_PAGE_S_PER_MP
    most = []
    for count in (20, 200):
        source = folder / f"{count}.pdf"
        _write_pdf(source, count)
        result, most_bytes = _clean(source)
        size = Path(result["target"]).stat().st_size / source.stat().st_size
        yield f"PDF of {count} pages: size of the result over its source", size, 1.0
        most.append(most_bytes)
    yield "  memory of 200 pages over that of 20", most[1] / most[0], MOST_GROWTH


def _clean(source: Path) -> tuple[dict[str, Any], float]:
    """What a child process says of cleaning a file, and the most memory that it took, in bytes."""
    command = [sys.executable, "-m", "desktop_ae", "clean", str(source), "--json"]
    if "page" in source.name or source.suffix == ".pdf":
        command += ["--task", "document/clean"]
    child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert child.stdout
    result = json.loads(child.stdout.readline())
    _, status, usage = os.wait4(child.pid, 0)
    assert status == 0 and result["status"] in {"cleaned", "unchanged"}, result
    return result, usage.ru_maxrss * 1024.0


def _write_page(path: Path, width: int = 2480) -> None:
    """The first page of the letter, enlarged."""
    import pypdfium2
    from PIL import Image

    with pypdfium2.PdfDocument(LETTER) as pdf:
        page = pdf[0].render(scale=150 / 72).to_pil()
    page.resize((width, width * 3508 // 2480), Image.Resampling.BICUBIC).save(path, quality=90)


def _write_pdf(path: Path, count: int) -> None:
    """The letter's pages again and again, each with a picture of its own."""
    import pikepdf

    with pikepdf.open(LETTER) as letter, pikepdf.new() as pdf:
        for number in range(count):
            pdf.pages.append(letter.pages[number % 3])
            scan = pdf.pages[-1].Resources.XObject.Scan
            own = pikepdf.Stream(pdf, scan.read_raw_bytes(), {k: v for k, v in scan.items()})
            pdf.pages[-1].Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Scan=own))
        pdf.save(path)


def seams() -> Lines:
    from desktop_ae.core.clip import Clip
    from desktop_ae.core.library import ModelLibrary
    from desktop_ae.core.restore import TileRestorer

    model = ModelLibrary([ROOT / "models"]).load("image/denoise-v1")
    for sigma in (10, 25, 50):
        noisy = _noisy(512, 512, sigma).transpose(2, 0, 1).astype(np.float32) / 255
        results = []
        for tile in (1024, 256):
            restorer = TileRestorer(model, noisy.shape, 1.0, tile=tile)
            clips = [clip.samples for clip in restorer.push(Clip(noisy))]
            results.append(np.concatenate(clips, axis=1))
        worst = float(np.abs(results[0] - results[1]).max()) * 255
        yield f"tiles of 1024 or 256 px, sigma {sigma}: difference", worst, MOST_SEAM


def window(folder: Path) -> Lines:
    """The longest time that the window does not answer while 24 megapixels are cleaned."""
    sys.path.insert(0, str(ROOT / "packaging"))
    from screenshots import Studio

    studio = Studio(folder, ROOT / "models", folder, "1")
    for suffix in (".jpg", ".tif"):
        studio.open("limits")
        studio.settle(4.0)  # torch is loaded by then
        yield (
            f"24 MP {suffix}: longest gap of the window (ms)",
            _gap_ms(studio, suffix),
            MOST_GAP_MS,
        )
        yield f"24 MP {suffix}: stop (s)", _stop_s(studio, suffix), MOST_STOP_S
        studio.close()


def _gap_ms(studio: Any, suffix: str) -> float:
    from PySide6.QtCore import QTimer

    source = studio.files / f"24{suffix}"
    write_noisy(source, 24)
    ticks: list[float] = []
    timer = QTimer()
    timer.timeout.connect(lambda: ticks.append(time.monotonic()))
    timer.start(1)
    pane = studio.window.pane
    studio.window.take([source])
    while not pane.model.rows or pane.run.active:
        studio.app.processEvents()
    timer.stop()
    return 1000 * max(b - a for a, b in zip(ticks, ticks[1:], strict=False))


def _stop_s(studio: Any, suffix: str) -> float:
    source = studio.files / f"again{suffix}"
    write_noisy(source, 24)
    stopped: list[float] = []
    studio.engines[0].job_cancelled.connect(lambda job_id: stopped.append(time.monotonic()))
    pane = studio.window.pane
    studio.window.take([source])
    studio.wait(lambda: pane.run.active)
    studio.settle(5.0)
    asked = time.monotonic()
    studio.window.queues.stop()
    studio.wait(lambda: bool(stopped))
    return stopped[0] - asked


def write_noisy(path: Path, megapixels: int) -> None:
    """A picture of so many megapixels, 3:2; in a child process, so that its memory is not ours."""
    code = f"import measure_limits as m; m._write({str(path)!r}, {megapixels})"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT / "packaging", check=True)


def _write(path: str, megapixels: int) -> None:
    import tifffile
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = None
    width = round((megapixels * 1e6 * 1.5) ** 0.5)
    pixels = _noisy(round(width / 1.5), width, 12)
    if path.endswith(".tif"):
        tifffile.imwrite(path, pixels.astype(np.uint16) * 257, photometric="rgb")
    else:
        Image.fromarray(pixels).save(path, quality=92)


def _noisy(height: int, width: int, sigma: int) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    from PIL import Image

    picture = np.asarray(Image.open(SAMPLE).convert("RGB"))
    down, across = -(-height // picture.shape[0]), -(-width // picture.shape[1])
    whole = np.tile(picture, (down, across, 1))[:height, :width]
    rng = np.random.default_rng(sigma)
    for top in range(0, height, 512):
        band = whole[top : top + 512]
        noise = rng.standard_normal(band.shape, dtype=np.float32) * sigma
        whole[top : top + 512] = (band + noise).clip(0, 255).astype(np.uint8)
    return whole


if __name__ == "__main__":
    sys.exit(main())
