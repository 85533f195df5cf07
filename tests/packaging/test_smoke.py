from __future__ import annotations

import json
import shutil
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.packaging import ROOT

smoke: Any = import_module("smoke")
SAMPLE = ROOT / "resources" / "samples" / "photo-chelsea.png"

# Says of itself what it is told to, and "cleans" by copying.
_PROGRAM = """
import json, pathlib, shutil, sys, time
folder = pathlib.Path(sys.argv[-1])
folder.mkdir()
shutil.copy({sample!r}, folder / "photo.png")
told = {told}
told["window"] = {{"painted_at": time.time()}}
(folder / "self-test.json").write_text(json.dumps(told))
sys.exit({code})
"""


def program(tmp_path: Path, name: str, sample: Path, code: int = 0, **changed: Any) -> list[str]:
    told = {
        "cleaned": {"image/denoise": {"file": "photo.png", "seconds": 1.0}},
        "learned": {"seconds": 2.0},
        "peak_memory_bytes": 5e8,
        "network_sockets": [],
        "torch": "0",
        **changed,
    }
    script = tmp_path / f"{name}.py"
    script.write_text(_PROGRAM.format(sample=str(sample), told=json.dumps(told), code=code))
    return [sys.executable, str(script)]


def compared(tmp_path: Path, **changed: Any) -> list[str]:
    sample = changed.pop("sample", SAMPLE)
    source = program(tmp_path, "source", SAMPLE)
    built = program(tmp_path, "built", sample, **changed)
    found: list[str] = smoke.compare_self_tests(source, built, tmp_path, 1, 1.1)
    return found


def test_a_program_that_does_the_same_as_fast_passes(tmp_path: Path) -> None:
    assert compared(tmp_path) == []


def test_another_result_is_noticed(tmp_path: Path) -> None:
    with Image.open(SAMPLE) as picture:
        pixels = np.array(picture)
    pixels[5, 5] ^= 8
    Image.fromarray(pixels).save(tmp_path / "other.png")
    (fault,) = compared(tmp_path, sample=tmp_path / "other.png")
    assert "photo.png differs" in fault


def test_rounding_is_no_other_result(tmp_path: Path) -> None:
    with Image.open(SAMPLE) as picture:
        pixels = np.array(picture)
    pixels[5, 5] ^= 1
    Image.fromarray(pixels).save(tmp_path / "other.png")
    assert compared(tmp_path, sample=tmp_path / "other.png") == []


def test_a_slower_program_and_a_socket_are_noticed(tmp_path: Path) -> None:
    faults = compared(tmp_path, learned={"seconds": 2.3}, network_sockets=["(2, 1, 0)"])
    assert len(faults) == 2
    assert "1.15 times" in faults[0]
    assert "socket" in faults[1]


def test_a_program_that_fails_says_why(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="built"):
        compared(tmp_path, code=1)


def test_it_looks_for_a_screen_only_where_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    smoke.find_a_screen()  # and comes back
    monkeypatch.delenv("QT_QPA_PLATFORM")
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setattr(smoke.sys, "platform", "linux")
    begun: list[list[str]] = []
    monkeypatch.setattr(smoke.os, "execvp", lambda file, words: begun.append(words))
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    smoke.find_a_screen()
    assert begun and begun[0][0] == "xvfb-run"
