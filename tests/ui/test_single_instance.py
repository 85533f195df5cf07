from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtNetwork import QLocalServer, QLocalSocket
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop_ae.ui.single_instance import SingleInstance

# A second start: hands over what it is given, and says whether that was taken.
_SECOND = """
import os, sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from desktop_ae.ui.single_instance import SingleInstance
os.chdir(sys.argv[1])
app = QCoreApplication([])
instance = SingleInstance(Path(sys.argv[1]))
print(instance.hand_over([Path(word) for word in sys.argv[2:]]), flush=True)
"""


@pytest.fixture
def taken() -> list[list[Path]]:
    return []


@pytest.fixture
def first(
    tmp_path: Path, taken: list[list[Path]], qapp: QApplication, qtbot: QtBot
) -> Iterator[SingleInstance]:
    window = QWidget()
    qtbot.addWidget(window)
    instance = SingleInstance(tmp_path)
    assert not instance.hand_over([])
    instance.given_to(window, lambda paths: taken.append(list(paths)))
    yield instance
    instance.deleteLater()


def second_start(folder: Path, *words: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", _SECOND, str(folder), *words]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_a_second_start_hands_its_files_to_the_first_window(
    tmp_path: Path, first: SingleInstance, taken: list[list[Path]], qtbot: QtBot
) -> None:
    second = second_start(tmp_path, "a b.jpg", "/elsewhere/ü.pdf")
    qtbot.waitUntil(lambda: second.poll() is not None, timeout=30_000)
    assert second.stdout and second.stdout.read().strip() == "True"
    second.stdout.close()
    # Where the second one was started is not where the first one is.
    assert taken == [[tmp_path / "a b.jpg", Path("/elsewhere/ü.pdf")]]


def test_the_window_of_another_person_is_not_asked(
    tmp_path: Path, first: SingleInstance, taken: list[list[Path]], qtbot: QtBot
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    assert not SingleInstance(other).hand_over([Path("a.jpg")])
    assert not taken


def test_one_that_was_killed_leaves_nothing_that_keeps_the_next_from_starting(
    tmp_path: Path, qapp: QApplication, qtbot: QtBot, taken: list[list[Path]]
) -> None:
    endless = _SECOND + "import time; time.sleep(100)"
    dead = subprocess.Popen(
        [sys.executable, "-c", endless, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert dead.stdout and dead.stdout.readline().strip() == "False"
    dead.kill()
    dead.wait(10)
    dead.stdout.close()
    window = QWidget()
    qtbot.addWidget(window)
    instance = SingleInstance(tmp_path)
    assert not instance.hand_over([])
    instance.given_to(window, lambda paths: taken.append(list(paths)))
    second = second_start(tmp_path, "a.jpg")
    qtbot.waitUntil(lambda: second.poll() is not None, timeout=30_000)
    assert second.stdout and second.stdout.read().strip() == "True"
    second.stdout.close()
    assert taken == [[tmp_path / "a.jpg"]]


@pytest.mark.parametrize("said", [b"nonsense\n", b"7\n", json.dumps([1]).encode() + b"\n"])
def test_what_is_no_list_of_paths_is_refused(
    said: bytes, tmp_path: Path, first: SingleInstance, taken: list[list[Path]], qtbot: QtBot
) -> None:
    server = first.findChild(QLocalServer)
    assert server is not None
    socket = QLocalSocket()
    socket.connectToServer(server.serverName())
    assert socket.waitForConnected(5000)
    with qtbot.waitSignal(socket.disconnected, timeout=5000):
        socket.write(said)
    assert not taken
