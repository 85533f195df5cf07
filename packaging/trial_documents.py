"""Does learning from twenty pairs of one style pay? Pages of crumpled paper, kept back and others.

    python packaging/trial_documents.py --data ../shared/data [--minutes 10] [--kind pairs|noisy]

The style is the one that the shipped model is worst at. The twenty pairs come from
`dirty-documents/train`, which the shipped model saw too, since `dev` has only five such pages; what
is measured is in `dev`. The minutes are of computing, so that other work beside it does not matter.
Each line is a figure; the exit status is 1 if the style gains too little or the others lose.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from desktop_ae.core.clip import Samples  # noqa: E402
from desktop_ae.core.library import Model, ModelLibrary, load_model  # noqa: E402
from desktop_ae.core.restore import TileRestorer, restore  # noqa: E402
from desktop_ae.core.tuning import NOISY, PAIRS  # noqa: E402
from desktop_ae.domains.document.bench import rmse  # noqa: E402
from desktop_ae.domains.document.files import view_document  # noqa: E402
from desktop_ae.jobs import Context  # noqa: E402
from desktop_ae.learning.jobs import LearnJob  # noqa: E402
from desktop_ae.learning.request import LearnRequest  # noqa: E402
from desktop_ae.learning.session import begin  # noqa: E402
from desktop_ae.places import shipped  # noqa: E402
from desktop_ae.training import loop  # noqa: E402

TASK, BASE = "document/clean", "document/clean-v1"
PAIRS_GIVEN = 20
# Of each twelve pages two texts are on crumpled paper.
CRUMPLED = (11, 0)
LEAST_GAIN, MOST_LOSS_DB = 0.30, 0.3


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--kind", choices=[PAIRS, NOISY], default=PAIRS)
    wanted = parser.parse_args()
    loop.time = SimpleNamespace(monotonic=time.process_time)  # type: ignore[assignment]
    folder = wanted.data / "document" / "dirty-documents"
    base = ModelLibrary([shipped("models")]).load(BASE)
    with tempfile.TemporaryDirectory() as scratch:
        tuned = learn(folder / "train", wanted.kind, wanted.minutes, Path(scratch))
    before, after = (errors(folder / "dev", model) for model in (base, tuned))
    for name in sorted(before, key=int):
        print(f"page {name}: {before[name]:.4f} -> {after[name]:.4f} RMSE")
    style = [name for name in before if is_crumpled(name)]
    others = [name for name in before if not is_crumpled(name)]
    gain = 1 - mean(after, style) / mean(before, style)
    change_db = 20 * float(np.mean([np.log10(before[n] / after[n]) for n in others]))
    print(f"style: {mean(before, style):.4f} -> {mean(after, style):.4f}, {100 * gain:.0f} % less")
    print(f"others: {mean(before, others):.4f} -> {mean(after, others):.4f}, {change_db:+.2f} dB")
    return int(gain < LEAST_GAIN or change_db < -MOST_LOSS_DB)


def learn(folder: Path, kind: str, minutes: float, scratch: Path) -> Model:
    """As the wizard would; a fourth of the pairs ends and judges the training."""
    # Spread over the fonts: the numbers go from small to large print.
    names = sorted((p.stem for p in (folder / "noisy").glob("*.png")), key=int)
    crumpled = [name for name in names if is_crumpled(name)]
    chosen = [crumpled[n * len(crumpled) // PAIRS_GIVEN] for n in range(PAIRS_GIVEN)]
    noisy, clean = (
        tuple(folder / side / f"{n}.png" for n in chosen) for side in ("noisy", "clean")
    )
    request = LearnRequest(TASK, BASE, kind, noisy, clean if kind == PAIRS else (), minutes)
    context = Context(ModelLibrary([shipped("models"), scratch / "models"]))
    learned = LearnJob(begin(scratch / "sessions", request)).run(context)
    print("\n".join(learned.verdict.sentences()))
    print(f"processor time {time.process_time() / 60:.1f} minutes")
    return load_model(learned.card)


def is_crumpled(name: str) -> bool:
    return int(name) % 12 in CRUMPLED


def errors(folder: Path, model: Model) -> dict[str, float]:
    """Root mean square error of each page, on the scale of 0 to 1."""
    found = {}
    for path in (folder / "noisy").glob("*.png"):
        noisy, clean = load(path), load(folder / "clean" / path.name)
        restored = restore(TileRestorer(model, noisy.shape, 1.0), noisy)
        found[path.stem] = rmse(restored[:3].clip(0, 1), clean)
    return found


def load(path: Path) -> Samples:
    pixels = view_document(path, 0, 0, {}).pixels[..., :3].astype(np.float32) / np.float32(255)
    return np.ascontiguousarray(pixels.transpose(2, 0, 1))


def mean(errors: dict[str, float], names: Sequence[str]) -> float:
    return float(np.mean([errors[name] for name in names]))


if __name__ == "__main__":
    sys.exit(main())
