"""`make demo`: the bundled samples through the real engine, with figures and pictures."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from PySide6.QtCore import QCoreApplication
from rich.console import Console
from rich.table import Table

from desktop_ae.core.domain import Task
from desktop_ae.core.library import ModelLibrary
from desktop_ae.domains import load_domains
from desktop_ae.engine import Engine
from desktop_ae.jobs import Cleaned, CleanJob, Output
from desktop_ae.places import model_folders, shipped


def run_demo(out: Path, console: Console) -> int:
    """Clean every sample; print a table; write `<sample>-before-after.png` and results to `out`.

    Returns 0 if every sample came out better than it went in, else 1.
    """
    out.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix=".demo-", dir=out))
    library = ModelLibrary(model_folders())
    jobs = [
        (task, _job(task, name, scratch))
        for domain in load_domains()
        for task in domain.tasks
        for name in task.samples
        if library.cards(task.id)
    ]
    table = Table("sample", "figure", "before", "after", "seconds", title="Desktop AE demo")
    well = True
    for (task, job), ended in zip(jobs, _through_engine([job for _, job in jobs]), strict=True):
        if not isinstance(ended, Cleaned) or ended.target is None:
            console.print(f"{job.source.name}: {ended}", markup=False)
            well = False
            continue
        truth = next((job.source.parent / "clean").glob(f"{job.source.stem}.clean.*"))
        picture = out / f"{job.source.stem}-before-after.png"
        figures = task.demonstrate(job.source, ended.target, truth, picture)
        for key in figures:
            if "_before" in key:
                before, after = figures[key], figures[key.replace("_before", "_after")]
                well = well and after > before
                label = key.replace("_before", "").replace("_", " ")
                row = (f"{before:.2f}", f"{after:.2f}", f"{ended.seconds:.1f}")
                table.add_row(job.source.name, label, *row)
        ended.target.replace(out / f"{job.source.stem}_clean{job.source.suffix}")
    shutil.rmtree(scratch)
    console.print(table)
    console.print(f"Pictures of before and after are in {out}.")
    return 0 if well else 1


def _job(task: Task, name: str, scratch: Path) -> CleanJob:
    source = shipped("resources") / "samples" / name
    return CleanJob(source, task.id, task.default_model, output=Output(scratch))


def _through_engine(jobs: list[CleanJob]) -> list[object]:
    """Run jobs on an Engine and wait; each ends as what it returned, or as its exception."""
    application = QCoreApplication.instance() or QCoreApplication([])
    ended: dict[int, object] = {}
    engine = Engine(ModelLibrary(model_folders()))

    def end(job_id: int, result: object = None) -> None:
        ended[job_id] = result
        if len(ended) == len(jobs):
            application.quit()

    for signal in (engine.job_done, engine.job_failed, engine.job_cancelled):
        signal.connect(end)
    ids = [engine.submit(job) for job in jobs]
    engine.start()
    application.exec()
    engine.close()
    return [ended[job_id] for job_id in ids]
