"""Files of several parts, and options of a person's own words."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from desktop_ae import domains, jobs, planning
from desktop_ae.core.domain import Option, finish_writer
from desktop_ae.core.errors import UnknownName
from desktop_ae.core.library import ModelLibrary
from desktop_ae.core.saving import NewFile
from desktop_ae.domains import image
from desktop_ae.jobs import CleanJob, chosen_options
from desktop_ae.planning import plan_cleaning


def main_file(path: Path) -> Path:
    header = path.with_suffix(".rec")
    return header if path.suffix in {".data", ".txt"} and header.exists() else path


RECORDS = replace(
    image.DOMAIN,
    id="record",
    suffixes=frozenset({".rec", ".txt"}),
    sniff=lambda head: "Record" if head.startswith(b"record") else None,
    main_file=main_file,
    shared_suffixes=frozenset({".txt"}),
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for module in (domains, planning):
        monkeypatch.setattr(module, "load_domains", lambda: (RECORDS,))
    (tmp_path / "a.rec").write_bytes(b"record")
    for name in ("a.data", "b.data"):
        (tmp_path / name).write_bytes(b"data")
    return tmp_path


def test_a_part_stands_for_the_file_and_both_count_once(folder: Path) -> None:
    for given in (["a.data"], ["a.rec", "a.data"], ["a.data", "a.rec"], ["a.data", "a.data"]):
        plan = plan_cleaning([folder / name for name in given])
        assert [planned.source.name for planned in plan.files] == ["a.rec"]
        assert not plan.refusals


def test_a_part_without_its_file_is_refused(folder: Path) -> None:
    plan = plan_cleaning([folder / "b.data"])
    assert not plan.files
    assert "not supported" in str(plan.refusals[0].reason)


def test_in_a_walked_folder_parts_are_neither_cleaned_twice_nor_counted(folder: Path) -> None:
    plan = plan_cleaning([folder])
    assert [planned.source.name for planned in plan.files] == ["a.rec"]
    assert plan.files[0].below == folder
    assert (len(plan.refusals), plan.ignored) == (0, 1)  # b.data


def test_a_text_in_a_walked_folder_is_passed_over_but_refused_if_given(folder: Path) -> None:
    (folder / "readme.txt").write_bytes(b"words")
    (folder / "bad.rec").write_bytes(b"words")
    plan = plan_cleaning([folder])
    assert [refused.path.name for refused in plan.refusals] == ["bad.rec"]
    assert plan.ignored == 2
    assert len(plan_cleaning([folder / "readme.txt"]).refusals) == 1


def test_an_option_of_free_text_takes_any_text_and_nothing_else() -> None:
    free = Option("columns", "Columns", "")
    task = replace(image.DENOISE, options=(free, Option("switch", "Switch", False)))
    assert free.is_free
    assert not task.options[1].is_free
    assert chosen_options(task, {}) == {"columns": "", "switch": False}
    assert chosen_options(task, {"columns": "I, II"})["columns"] == "I, II"
    for wrong in (True, 3):
        with pytest.raises(UnknownName, match="It can be: any text"):
            chosen_options(task, {"columns": wrong})
    with pytest.raises(UnknownName, match="It can be: True, False"):
        chosen_options(task, {"switch": "x"})


class OneFile:
    def write(self, clip: object) -> None: ...

    def end_piece(self, leave: bool) -> bool:
        return not leave

    def finish(self, scratch: Path) -> None:
        scratch.write_text("one")


class SeveralFiles(OneFile):
    def finish_files(self, file: NewFile) -> None:
        file.scratch.write_text("head")
        file.add(".dat").write_text("data")


def test_a_writer_of_several_files_is_given_the_whole_output(tmp_path: Path) -> None:
    with NewFile.at(tmp_path / "a.x") as file:
        finish_writer(OneFile(), file)
    with NewFile.at(tmp_path / "b.x") as file:
        finish_writer(SeveralFiles(), file)
    found = {path.name: path.read_text() for path in tmp_path.iterdir()}
    assert found == {"a.x": "one", "b.x": "head", "b.dat": "data"}


def test_what_changed_beside_a_header_is_cleaned_again(
    folder: Path, models: ModelLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    beside = replace(RECORDS, parts=lambda path: [path.with_suffix(".data")])
    monkeypatch.setattr(jobs, "domain_of_task", lambda task: beside)
    job = CleanJob(folder / "a.rec", "image/denoise", "image/denoise-v1")
    before = job.settings(models)
    assert job.settings(models) == before
    (folder / "a.data").write_bytes(b"other data")
    assert job.settings(models) != before
    (folder / "a.data").unlink()
    assert "parts" not in job.settings(models)
