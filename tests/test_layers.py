"""The layers of ARCHITECTURE.md, held at run time: a linter misses what is imported later."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "desktop_ae"
QT = {"PySide6", "shiboken6"}
CODECS = {"PIL", "cv2", "pikepdf", "pypdfium2", "tifffile", "imagecodecs", "pi_heif", "soundfile"}
CODECS |= {"pydicom"}
TALKING = {"typer", "rich"}
HEAVY = {"torch", "torchvision", "torchaudio", "safetensors"}

CHILD = """
import importlib, sys
names, blocked = sys.argv[1].split(","), set(sys.argv[2].split(","))

class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in blocked:
            raise ImportError(f"{name} is blocked here")

sys.meta_path.insert(0, Blocker())
for name in names:
    importlib.import_module(name)
print(",".join(sorted({name.partition(".")[0] for name in sys.modules})))
"""


def modules_below(*folders: str) -> list[str]:
    found = [path for folder in folders for path in sorted((PACKAGE / folder).rglob("*.py"))]
    parts = [("desktop_ae", *path.relative_to(PACKAGE).with_suffix("").parts) for path in found]
    return [".".join(p[:-1] if p[-1] == "__init__" else p) for p in parts]


def imported(names: list[str], blocked: set[str]) -> set[str]:
    """Import modules in a child process where others cannot be; give the packages it then has."""
    command = [sys.executable, "-W", "error", "-c", CHILD, ",".join(names), ",".join(blocked)]
    child = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)
    assert child.returncode == 0, child.stderr
    return set(child.stdout.strip().split(","))


def test_core_nets_training_and_domains_need_neither_qt_nor_codecs() -> None:
    names = modules_below("core", "nets", "training")
    assert "desktop_ae.core.restore" in names
    assert "desktop_ae.nets.unet2d" in names
    names += ["desktop_ae.domains", "desktop_ae.domains.image.noise"]
    names += ["desktop_ae.domains.image", "desktop_ae.domains.document.damage"]
    loaded = imported(names, QT | CODECS | TALKING | {"torchvision", "torchaudio"})
    assert "torch" in loaded


def test_a_recipe_needs_torch_numpy_and_pillow_alone() -> None:
    recipes = ["desktop_ae.domains.image.recipes", "desktop_ae.domains.document.recipes"]
    imported(recipes, QT | TALKING | CODECS - {"PIL"})


def test_jobs_the_api_and_the_command_line_need_no_qt() -> None:
    imported(["desktop_ae.jobs", "desktop_ae.api", "desktop_ae.cli"], QT)


@pytest.mark.parametrize("names", [["desktop_ae"], ["desktop_ae.jobs", "desktop_ae.domains"]])
def test_planning_and_the_package_itself_load_no_torch_and_no_codec(names: list[str]) -> None:
    child = [*names, "desktop_ae.places"]
    loaded = imported(child, {"nothing"})
    assert not loaded & (HEAVY | CODECS | QT | TALKING)


def test_the_domains_are_found_without_torch() -> None:
    imported(["desktop_ae.domains", "desktop_ae.jobs"], HEAVY | QT | CODECS)


def test_the_engine_needs_qts_core_but_no_window_and_no_torch() -> None:
    loaded = imported(["desktop_ae.engine"], HEAVY | CODECS | TALKING)
    assert "PySide6" in loaded
