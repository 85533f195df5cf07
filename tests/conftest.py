"""What every test stands on: a model of its own, and a home of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

# Before torch is loaded by anyone. In nets this small a second thread only waits, and on a busy
# machine that takes five times as long.
os.environ["OMP_NUM_THREADS"] = "1"
# No test needs a screen, wherever it runs.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest  # noqa: E402

from desktop_ae.core.ledger import Ledger  # noqa: E402
from desktop_ae.core.library import ModelLibrary  # noqa: E402
from tests.fakes import write_model  # noqa: E402


@pytest.fixture(autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing that a test or its child process does touches the person's own files."""
    home = tmp_path_factory.mktemp("home")
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(home / name))
    for name in ("WIN_PD_OVERRIDE_LOCAL_APPDATA", "WIN_PD_OVERRIDE_APPDATA"):
        monkeypatch.setenv(name, str(home / name))


@pytest.fixture
def models(tmp_path: Path) -> ModelLibrary:
    """A library whose one model, image/denoise-v1, is tiny: seconds become milliseconds."""
    write_model(tmp_path / "models")
    return ModelLibrary([tmp_path / "models"])


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    made = Ledger(tmp_path / "data" / "ledger.sqlite")
    yield made
    made.close()
