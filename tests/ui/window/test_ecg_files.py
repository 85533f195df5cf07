"""Tables without a rate in a whole window: told once, remembered for their folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QLabel

from desktop_ae import domains, look_jobs, planning
from desktop_ae.core.clip import Clip
from desktop_ae.core.domain import Request
from desktop_ae.core.library import Model, ModelLibrary
from desktop_ae.core.restore import Removed
from desktop_ae.domains import domain_of_task, load_domains, task_named
from desktop_ae.ui import main_window
from desktop_ae.ui.ecg_import import EcgImportDialog
from desktop_ae.ui.queue_model import Row, State
from tests.fakes import write_model
from tests.ui.ecg_probe import noisy
from tests.ui.window.conftest import Desk

TASK = "ecg/denoise"


class Halver:
    """Leaves half of every sample."""

    def __init__(self, _model: Model, _request: Request) -> None:
        self.removed = Removed()

    def push(self, block: Clip) -> Iterator[Clip]:
        half = block.samples * np.float32(0.5)
        self.removed.add(half[:, None], block.samples[:, None])
        yield Clip(half, block.start)

    def finish(self) -> Iterator[Clip]:
        return iter(())


@pytest.fixture
def hearts(
    make_desk: Callable[[], Desk],
    models: ModelLibrary,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Desk:
    write_model(tmp_path / "models", id="ecg/denoise-v1", task=TASK)
    models.scan()
    domain, task = domain_of_task(TASK), replace(task_named(TASK), restorer=Halver)
    both = (replace(domain, tasks=(task,)), *(d for d in load_domains() if d.id == "image"))
    for module in (domains, look_jobs, main_window, planning):
        monkeypatch.setattr(module, "load_domains", lambda: both)
    return make_desk()


def table(folder: Path, name: str) -> Path:
    folder.mkdir(exist_ok=True)
    rows = (f"{one:.4f};{other:.4f}" for one, other in noisy(12).T.tolist())
    path = folder / name
    path.write_text("I;II\n" + "\n".join(rows) + "\n")
    return path


def ask(desk: Desk) -> EcgImportDialog:
    desk.until(lambda: bool(desk.pane.stage.failure.tell.isVisible()))
    desk.pane.stage.failure.tell.click()
    desk.until(lambda: desk.pane.importing.dialog is not None)
    assert desk.pane.importing.dialog is not None
    return desk.pane.importing.dialog


def cleaned(*rows: Row) -> bool:
    return all(row.state is State.CLEANED for row in rows)


def test_what_is_told_of_one_table_cleans_all_of_its_folder(hearts: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "walks"
    rows = hearts.clean(table(folder, "a.csv"), table(folder, "b.csv"))
    assert [row.state for row in rows] == [State.FAILED, State.FAILED]
    dialog = ask(hearts)
    dialog.rate.setEditText("250")
    dialog.take.click()
    hearts.until(lambda: cleaned(*rows) and not hearts.pane.run.active)
    assert rows[1].job is not None
    assert rows[1].job.options == {"rate_hz": "250", "columns": "I,II"}
    [later] = hearts.clean(table(folder, "c.csv"))
    assert later.state is State.CLEANED
    [elsewhere] = hearts.clean(table(tmp_path / "runs", "d.csv"))
    assert elsewhere.state is State.FAILED


def test_a_table_that_waits_is_shown_once_it_was_told(hearts: Desk, tmp_path: Path) -> None:
    hearts.services.settings.put("clean_on_drop", False)
    [row] = hearts.drop(table(tmp_path / "walks", "a.csv"))
    dialog = ask(hearts)
    assert not dialog.take.isEnabled()
    dialog.rate.setEditText("250")
    dialog.take.click()
    hearts.until(lambda: hearts.pane.stage.compare.facts is not None)
    assert row.state is State.READY
    assert hearts.pane.stage.compare.facts.rate_hz == 250
    assert hearts.pane.inspector.options.importing is not None
    assert hearts.pane.inspector.options.importing.isEnabled()
    hearts.until(lambda: hearts.pane.stage.compare.board.note == "Preview")


def test_the_pane_says_that_it_is_no_medical_device(hearts: Desk) -> None:
    said = [label.text() for label in hearts.pane.inspector.findChildren(QLabel)]
    assert any("no medical device" in text for text in said)
