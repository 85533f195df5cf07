from __future__ import annotations

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from desktop_ae import places, self_test
from desktop_ae.__main__ import main
from desktop_ae.core.library import ModelLibrary
from desktop_ae.self_test import REPORT, STEPS, clean_samples, peak_memory_bytes
from tests.fakes import write_model


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The program's own samples, but with one tiny model; the window is tested elsewhere."""
    write_model(tmp_path / "models")

    def shipped(name: str) -> Path:
        return tmp_path / "models" if name == "models" else places.shipped(name)

    monkeypatch.setattr(self_test, "shipped", shipped)
    monkeypatch.setattr(self_test, "show_window", lambda: {"platform": "none"})
    monkeypatch.setattr(sys, "addaudithook", lambda hook: None)  # it would stay for ever
    for name in self_test._HOMES:  # so that they are put back afterwards
        monkeypatch.setenv(name, str(tmp_path / "home"))
    return tmp_path


def test_it_says_in_one_line_what_it_cleaned_and_learned(
    program: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = program / "kept"
    assert self_test.run_self_test(kept) == 0
    line = capsys.readouterr().out
    assert line.count("\n") == 1
    told = json.loads(line)
    assert told["well"] is True
    assert list(told["cleaned"]) == ["image/denoise"]
    assert (kept / told["cleaned"]["image/denoise"]["file"]).stat().st_size > 10_000
    assert told["learned"]["steps"] == STEPS
    assert told["learned"]["change"] > 0
    assert told["peak_memory_bytes"] > 50e6
    assert json.loads((kept / REPORT).read_text()) == told


def test_the_command_line_hands_the_folder_on(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: list[Path | None] = []

    def run(kept: Path | None) -> int:
        asked.append(kept)
        return 0

    monkeypatch.setattr(self_test, "run_self_test", run)
    for words in (["--self-test", str(tmp_path)], ["--self-test"]):
        monkeypatch.setattr(sys, "argv", ["desktop-ae", *words])
        assert main() == 0
    assert asked == [tmp_path, None]


def test_its_module_loads_neither_qt_nor_torch() -> None:
    code = "import sys, desktop_ae.self_test; print({'torch', 'PySide6'} & {*sys.modules})"
    child = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=100, check=True
    )
    assert child.stdout.strip() == "set()"


def test_a_failure_is_told_in_the_same_line_and_by_the_exit_code(
    program: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    weights = next((program / "models").rglob("*.safetensors"))
    weights.write_bytes(weights.read_bytes()[:-1] + b"?")
    assert self_test.run_self_test() == 1
    told = json.loads(capsys.readouterr().out)
    assert told["well"] is False
    assert "BadModel" in told["error"]
    assert "learned" not in told


def test_a_program_without_its_models_does_not_pass(program: Path) -> None:
    (program / "empty").mkdir()
    with pytest.raises(RuntimeError, match="models are missing"):
        clean_samples(ModelLibrary([program / "empty"]), program)


def test_a_model_that_leaves_its_sample_alone_does_not_pass(tmp_path: Path) -> None:
    write_model(tmp_path / "models", identity=True)
    with pytest.raises(RuntimeError, match="was not cleaned"):
        clean_samples(ModelLibrary([tmp_path / "models"]), tmp_path)


def test_the_real_window_is_shown_and_closed() -> None:
    code = "import json; from desktop_ae.self_test import show_window as s; print(json.dumps(s()))"
    child = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=100, check=False
    )
    assert child.returncode == 0, child.stderr
    told = json.loads(child.stdout)
    assert "image/denoise" in told["panes"]
    assert told["platform"] == "offscreen"


def test_a_network_socket_is_noticed_and_a_local_one_is_not() -> None:
    code = (
        "import socket; from desktop_ae.self_test import _watch_sockets as w; opened = w();"
        "socket.socket(socket.AF_UNIX).close(); assert not opened;"
        "socket.socket(socket.AF_INET).close(); print(len(opened))"
    )
    if not hasattr(socket, "AF_UNIX"):
        pytest.skip("there are no local sockets here")
    child = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=100, check=True
    )
    assert child.stdout.strip() == "1"


def test_the_most_memory_is_that_of_this_process_in_bytes() -> None:
    before = peak_memory_bytes()
    block = bytearray(b"x" * 60_000_000)
    assert before + 20e6 < peak_memory_bytes() or before > 500e6
    assert len(block) == 60_000_000
