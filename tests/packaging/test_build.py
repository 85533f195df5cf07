from __future__ import annotations

import json
import re
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from tests.packaging import ROOT

build: Any = import_module("build")
CONSTRAINTS = (ROOT / "packaging" / "constraints.txt").read_text(encoding="utf-8")


def test_on_linux_the_program_is_built_from_a_cpu_torch_and_else_from_what_is_pinned() -> None:
    pins = [
        line
        for line in build.pinned(CONSTRAINTS, "linux").splitlines()
        if line.startswith("torch==")
    ]
    assert pins == [f"torch=={build.CPU_TORCH}"]
    assert build.CPU_TORCH.endswith("+cpu")
    assert build.pinned(CONSTRAINTS, "darwin") == CONSTRAINTS


def test_everything_that_is_installed_for_the_program_is_pinned() -> None:
    pinned = {
        line.partition("==")[0].lower().replace("_", "-") for line in CONSTRAINTS.splitlines()
    }
    names = [re.split(r"[<>=!]", name)[0].lower() for name in build.requirements()]
    assert "pyinstaller" in names and "torch" in names
    assert not {"torchvision", "torchaudio"} & {*names}
    assert {*names} <= pinned


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Holds every module that is imported, and nothing else."""
    monkeypatch.setattr(build, "imported_modules", lambda: {"os", "cv2"})
    monkeypatch.setattr(build, "WORK", tmp_path)
    monkeypatch.setattr(build, "PROGRAM", tmp_path / "dist")
    inside = tmp_path / "dist" / "_internal"
    inside.mkdir(parents=True)
    (tmp_path / "modules.json").write_text(json.dumps(["cv2", "os"]))
    return inside


def test_a_whole_program_is_let_through(program: Path) -> None:
    build.check_program()


def test_the_build_refuses_cuda(program: Path) -> None:
    (program / "libcudart.so.13").touch()
    with pytest.raises(build.Refused, match=r"must not be inside: _internal/libcudart\.so\.13"):
        build.check_program()


def test_the_build_refuses_a_program_without_a_module_that_it_imports(program: Path) -> None:
    (program.parent.parent / "modules.json").write_text(json.dumps(["os"]))
    with pytest.raises(build.Refused, match="not inside: cv2"):
        build.check_program()
    (program / "cv2").mkdir()
    (program / "cv2" / "__init__.py").touch()
    build.check_program()


def test_the_build_refuses_links_that_lead_nowhere(program: Path) -> None:
    (program / "libQt6Core.so.6").symlink_to("PySide6/Qt/lib/libQt6Core.so.6")
    with pytest.raises(build.Refused, match=r"libQt6Core\.so\.6"):
        build.check_program()


def test_the_build_refuses_what_is_too_large(
    program: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (program / "large").write_bytes(b"x" * 2_000_000)
    monkeypatch.setattr(build, "MOST_UNPACKED", 1_000_000)
    with pytest.raises(build.Refused, match="2 MB, more than 1"):
        build.check_program()


def test_a_command_that_fails_ends_the_build() -> None:
    with pytest.raises(build.Refused, match="ended with 3"):
        build.run(build.sys.executable, "-c", "raise SystemExit(3)")


def test_the_version_of_the_exe_is_four_numbers() -> None:
    told = build.version_resource("1.20.3")
    assert "filevers=(1, 20, 3, 0)" in told
    compile(told, "version_resource", "eval")
    assert "'ProductVersion', '1.20.3'" in told
