from __future__ import annotations

import ast
import pkgutil
import subprocess
import sys
import zipfile
from importlib import import_module
from pathlib import Path
from typing import Any

import PySide6
import pytest

import desktop_ae
from desktop_ae.domains import domain_modules
from tests.packaging import ROOT

contents: Any = import_module("contents")
CODECS = "from desktop_ae.self_test import try_codecs; try_codecs()"


def test_nothing_that_the_program_imports_is_left_out_on_purpose() -> None:
    wanted = contents.imported_modules()
    assert {"PySide6.QtMultimedia", "PySide6.QtNetwork", "cv2", "pydicom", "typer"} <= wanted
    shut_out = {
        name for name in wanted for out in contents.EXCLUDED if f"{name}.".startswith(f"{out}.")
    }
    assert not shut_out


def test_what_is_not_inside_is_asked_for_by_benches_and_recipes_alone() -> None:
    for path in contents.PACKAGE.rglob("*.py"):
        names = {
            name.partition(".")[0] for name in contents._imports_of(ast.parse(path.read_text()))
        }
        if names & contents.NOT_INSIDE:
            assert path.stem.startswith("bench") or path.name == "sprites.py", path


def test_a_walk_finds_the_domains_and_every_module_of_them() -> None:
    walked = {m.name for m in pkgutil.walk_packages(desktop_ae.__path__, "desktop_ae.")}
    assert {*contents.own_modules()} == {*walked, "desktop_ae"}
    assert {*domain_modules()} <= {*contents.own_modules()}


def test_of_qts_plugins_those_stay_that_the_window_needs() -> None:
    plugins = Path(PySide6.__file__).parent / "Qt" / "plugins"
    if not plugins.is_dir():
        pytest.skip("Qt's plugins lie elsewhere on this system")
    inside = [
        f"PySide6/Qt/plugins/{p.relative_to(plugins).as_posix()}" for p in plugins.rglob("*.so")
    ]
    kept = {Path(path).name for path in inside if not contents.is_left_out(path)}
    assert {"libqxcb.so", "libqwayland.so", "libqoffscreen.so", "libqsvgicon.so"} <= kept
    assert {"libqxdgdesktopportal.so", "libcomposeplatforminputcontextplugin.so"} <= kept
    assert not kept & {"libffmpegmediaplugin.so", "libqgtk3.so", "libqtvirtualkeyboardplugin.so"}


def test_every_pattern_of_qts_files_still_matches_one() -> None:
    """Or Qt has moved them, and they are inside again."""
    root = Path(PySide6.__file__).parent
    if not (root / "Qt").is_dir():
        pytest.skip("Qt lies elsewhere on this system")
    inside = [f"PySide6/{p.relative_to(root).as_posix()}" for p in (root / "Qt").rglob("*")]
    ours = [p for p in contents.LEFT_OUT if p.startswith("PySide6/Qt/")]
    idle = [p for p in ours if not any(contents.fnmatch.fnmatchcase(i, p) for i in inside)]
    assert ours and not idle


@pytest.mark.parametrize(
    "path",
    [
        "_internal/nvidia/cublas/lib/libcublas.so.12",
        "_internal/nvidia/__init__.py",
        "_internal/torch/lib/libtorch_cuda.so",
        "_internal/torch/lib/c10_cuda.dll",
        "_internal/triton/_C/libtriton.so",
        "_internal/libcudart-1234.so.13.0.96",
        "_internal/libcudnn_ops.so.9",
    ],
)
def test_libraries_for_graphics_cards_are_noticed(path: str) -> None:
    assert contents.forbidden(["_internal/torch/lib/libtorch_cpu.so", path]) == [path]


def test_modules_that_only_speak_of_them_are_no_fault() -> None:
    names = ["torch/cuda/__init__.py", "torch/_inductor/triton_ops.pyc", "PySide6/QtCore.abi3.so"]
    assert contents.forbidden([f"_internal/{name}" for name in names]) == []


def test_a_module_that_is_not_inside_is_named() -> None:
    wanted = {"os", "sys", "numpy.typing", "msvcrt", "torch.nn"}
    assert contents.missing(wanted, {"os", "numpy.typing"}) == ["torch.nn"]


def test_modules_are_seen_in_each_of_their_forms(tmp_path: Path) -> None:
    for name in (
        "cv2/__init__.py",
        "python3.11/lib-dynload/_csv.cpython-311-x86_64-linux-gnu.so",
        "imagecodecs/_png.abi3.so",
        "_cffi_backend.pyd",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    with zipfile.ZipFile(tmp_path / "base_library.zip", "w") as archive:
        archive.writestr("collections/__init__.pyc", "")
        archive.writestr("io.pyc", "")
    found = contents.modules_in(tmp_path)
    assert found == {"cv2", "_csv", "imagecodecs._png", "_cffi_backend", "collections", "io"}


def test_libraries_that_nobody_asks_for_are_left_out_with_their_links() -> None:
    asked = {
        "/q/QtGui.so": ["libQt6Gui.so.6", "libc.so.6"],
        "/q/libQt6Gui.so.6": ["libz.so.1"],
        "/q/libQt6Quick.so.6": ["libQt6Gui.so.6", "libQt6Qml.so.6"],
    }
    entries = [
        ("PySide6/QtGui.abi3.so", "/q/QtGui.so", "EXTENSION"),
        ("PySide6/Qt/lib/libQt6Gui.so.6", "/q/libQt6Gui.so.6", "BINARY"),
        ("libQt6Gui.so.6", "PySide6/Qt/lib/libQt6Gui.so.6", "SYMLINK"),
        ("libz.so.1", "/lib/libz.so.1", "BINARY"),
        ("PySide6/Qt/lib/libavcodec.so.61", "/q/libavcodec.so.61", "BINARY"),
        ("numpy.libs/libblas.so", "/n/libblas.so", "BINARY"),
        ("libpython3.11.so.1.0", "/p/libpython3.11.so.1.0", "BINARY"),
    ]
    idle = [
        ("PySide6/Qt/lib/libQt6Quick.so.6", "/q/libQt6Quick.so.6", "BINARY"),
        ("libQt6Quick.so.6", "PySide6/Qt/lib/libQt6Quick.so.6", "SYMLINK"),
        ("PySide6/Qt/lib/libQt6Qml.so.6", "/q/libQt6Qml.so.6", "BINARY"),
    ]
    kept = contents.without_idle([*idle, *entries], lambda file: asked.get(file, []))
    assert kept == entries


def test_the_codecs_that_are_asked_for_by_name_are_all_there() -> None:
    """In a child that has none but these: a list too short shows here, not at a person's file."""
    code = f"""
import sys
class Blocker:
    def find_spec(self, name, path=None, target=None):
        package, _, module = name.partition(".")
        if package == "imagecodecs" and module[:1] == "_" and module not in {contents.CODECS!r}:
            raise ImportError(name)
sys.meta_path.insert(0, Blocker())
{CODECS}
"""
    child = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=100
    )
    assert child.returncode == 0, child.stderr


def test_torchs_modules_that_read_their_own_source_are_known() -> None:
    """Each of them calls for it at its import; without its source the program cannot start."""
    import torch

    root = Path(torch.__file__).parent
    readers = {
        ".".join(["torch", *path.relative_to(root).with_suffix("").parts])
        for path in root.rglob("*config*.py")
        if "install_config_module(sys.modules" in path.read_text(encoding="utf-8")
    }
    readers = {name for name in readers if not name.startswith("torch.testing")}
    readers.remove("torch.utils._config_module")  # where the function is defined
    assert readers and readers <= {*contents.WITH_SOURCE}


def test_the_spec_reads_its_lists_from_here() -> None:
    spec = (ROOT / "packaging" / "desktop_ae.spec").read_text(encoding="utf-8")
    for name in (
        "EXCLUDED",
        "WITH_SOURCE",
        "CODECS",
        "is_left_out",
        "without_idle",
        "domain_modules",
    ):
        assert spec.count(name) >= 2, name
