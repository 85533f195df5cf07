from __future__ import annotations

import errno
import os
import pickle
from collections.abc import Container, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from desktop_ae import jobs
from desktop_ae.core.clip import Clip
from desktop_ae.core.domain import Option, Options, Piece, Reader, View
from desktop_ae.core.errors import (
    BadModel,
    BrokenResult,
    Cancelled,
    FileError,
    NotWritable,
    UnknownName,
    Unreadable,
    Unsupported,
)
from desktop_ae.core.ledger import Ledger
from desktop_ae.core.library import Model, ModelLibrary
from desktop_ae.core.work import CancelToken, Progress
from desktop_ae.domains import domain_of_task
from desktop_ae.jobs import Cleaned, CleanJob, Context, Output
from desktop_ae.look_jobs import PreviewJob, ViewJob, WarmUp
from desktop_ae.planning import Plan, choose_task, plan_cleaning
from tests.fakes import (
    DyingReader,
    ForgetfulWriter,
    FullDisk,
    deny_writing,
    nan_net,
    noise_picture,
    write_model,
)

TASK, MODEL = "image/denoise", "image/denoise-v1"


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    folder.mkdir()
    return folder


def picture(path: Path, height: int = 40, width: int = 50) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    pixels = (noise_picture(height, width).transpose(1, 2, 0) * 255).astype(np.uint8)
    Image.fromarray(pixels).save(path)
    return path


def sources(plan: Plan) -> list[Path]:
    return [planned.source for planned in plan.files]


def refusal(plan: Plan) -> str:
    assert plan.files == []
    (refused,) = plan.refusals
    return str(refused.reason)


def below(folder: Path) -> list[str]:
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def job(source: Path, **changed: object) -> CleanJob:
    return replace(CleanJob(source, TASK, MODEL), **changed)  # type: ignore[arg-type]


# Planning


def test_files_are_planned_in_the_order_given(photos: Path) -> None:
    given = [picture(photos / name) for name in ("b.jpg", "a.PNG", "c.tif", "d.webp", "e.bmp")]
    plan = plan_cleaning(given)
    assert sources(plan) == given
    assert {planned.task.id for planned in plan.files} == {TASK}
    assert {planned.below for planned in plan.files} == {None}
    assert (plan.refusals, plan.ignored) == ([], 0)


def test_a_folder_is_walked_in_order_and_remembered(photos: Path) -> None:
    wanted = [picture(photos / name) for name in ("b.png", "deep/er/a.png", "sub/c.png")]
    plan = plan_cleaning([photos])
    assert sources(plan) == wanted
    assert {planned.below for planned in plan.files} == {photos}


def test_hidden_files_and_folders_are_left_out(photos: Path) -> None:
    seen = picture(photos / "a.png")
    for name in (".hidden.png", ".thumbnails/b.png", "sub/.c/d.png"):
        picture(photos / name)
    assert sources(plan_cleaning([photos])) == [seen]


def test_links_to_folders_are_not_followed_so_that_a_circle_ends(photos: Path) -> None:
    seen = picture(photos / "a.png")
    (photos / "circle").symlink_to(photos)
    (photos / "away").symlink_to(picture(photos.parent / "elsewhere" / "b.png").parent)
    assert sources(plan_cleaning([photos])) == [seen]


def test_a_link_that_was_given_keeps_its_own_place(photos: Path) -> None:
    link = photos / "link.png"
    link.symlink_to(picture(photos.parent / "elsewhere" / "b.png"))
    assert sources(plan_cleaning([link])) == [link]


def test_the_same_file_counts_once_however_it_is_given(
    photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = picture(photos / "a.png")
    monkeypatch.chdir(photos)
    given = [seen, Path("a.png"), photos / ".." / "photos" / "a.png", photos]
    assert sources(plan_cleaning(given)) == [seen]


def test_other_files_in_a_folder_are_counted_not_refused(photos: Path) -> None:
    picture(photos / "a.png")
    (photos / "notes.txt").write_text("hello")
    (photos / "no suffix").write_text("hello")
    plan = plan_cleaning([photos])
    assert (len(plan.files), plan.refusals, plan.ignored) == (1, [], 2)


def test_our_own_results_in_a_folder_are_ignored_but_may_be_given(
    photos: Path, ledger: Ledger
) -> None:
    source, result = picture(photos / "a.png"), picture(photos / "a_clean.png")
    ledger.add(source, {}, result)
    plan = plan_cleaning([photos], ledger=ledger)
    assert (sources(plan), plan.ignored) == ([source], 1)
    assert sources(plan_cleaning([result], ledger=ledger)) == [result]


def test_an_empty_folder_gives_an_empty_plan(photos: Path) -> None:
    assert plan_cleaning([photos]) == Plan([], [], 0)


def test_a_text_named_jpg_is_refused(photos: Path) -> None:
    (photos / "a.jpg").write_text("this is no picture")
    plan = plan_cleaning([photos])
    assert refusal(plan) == "a.jpg is named JPG, but its content is something else."
    assert isinstance(plan.refusals[0].reason, Unreadable)
    assert plan.refusals[0].path == photos / "a.jpg"


def test_an_empty_file_is_refused(photos: Path) -> None:
    (photos / "a.jpg").write_bytes(b"")
    assert refusal(plan_cleaning([photos])) == "a.jpg is empty: it holds no data at all."


def test_a_missing_file_is_refused(photos: Path) -> None:
    assert refusal(plan_cleaning([photos / "a.jpg"])) == "a.jpg is no longer there."


def test_an_unsupported_file_is_refused_with_what_is_supported(photos: Path) -> None:
    (photos / "a.docx").write_text("words")
    plan = plan_cleaning([photos / "a.docx"])
    assert "a.docx is of a kind that is not supported" in refusal(plan)
    assert "JPEG, PNG, TIFF" in refusal(plan)
    assert isinstance(plan.refusals[0].reason, Unsupported)


def test_a_file_that_may_not_be_read_is_refused(
    photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(*_: object) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    source = picture(photos / "a.png")
    monkeypatch.setattr(Path, "open", denied)
    assert refusal(plan_cleaning([source])) == "a.png cannot be opened: Permission denied."


def test_a_name_that_no_disk_takes_is_refused(photos: Path) -> None:
    assert "cannot be opened: File name too long" in refusal(
        plan_cleaning([photos / ("x" * 300 + ".jpg")])
    )


def test_one_refusal_does_not_keep_the_others_from_being_cleaned(photos: Path) -> None:
    (photos / "a.jpg").write_bytes(b"")
    good = picture(photos / "b.jpg")
    plan = plan_cleaning([photos])
    assert (sources(plan), len(plan.refusals)) == ([good], 1)


def test_a_named_task_takes_files_of_its_domain(photos: Path) -> None:
    source = picture(photos / "a.png")
    assert choose_task(source, TASK).id == TASK
    with pytest.raises(UnknownName, match="no task “image/x”"):
        choose_task(source, "image/x")


# Cleaning


def test_a_noisy_picture_is_cleaned_beside_its_source(photos: Path, models: ModelLibrary) -> None:
    source = picture(photos / "a.png")
    before = source.read_bytes()
    cleaned = job(source).run(Context(models))
    assert (cleaned.source, cleaned.status) == (source, "cleaned")
    assert cleaned.target == photos / "a_clean.png"
    assert cleaned.measures["noise_sigma"] > 1.2
    assert source.read_bytes() == before
    with Image.open(cleaned.target) as result, Image.open(source) as noisy:
        assert (result.size, result.mode, result.format) == (noisy.size, noisy.mode, "PNG")
        assert np.abs(np.asarray(result, float) - np.asarray(noisy, float)).max() > 5
    assert below(photos) == ["a.png", "a_clean.png"]


def test_strength_0_gives_the_same_pixels(photos: Path, models: ModelLibrary) -> None:
    source = picture(photos / "a.png")
    cleaned = job(source, strength=0.0).run(Context(models))
    assert cleaned.target
    with Image.open(cleaned.target) as result, Image.open(source) as noisy:
        assert np.array_equal(np.asarray(result), np.asarray(noisy))


def test_a_clean_picture_is_left_alone(photos: Path, tmp_path: Path) -> None:
    write_model(tmp_path / "still", identity=True)
    cleaned = job(picture(photos / "a.png")).run(Context(ModelLibrary([tmp_path / "still"])))
    assert (cleaned.status, cleaned.target) == ("unchanged", None)
    assert cleaned.note == "Already clean, left alone"
    assert below(photos) == ["a.png"]


def test_progress_reaches_the_whole_picture(photos: Path, models: ModelLibrary) -> None:
    reports: list[Progress] = []
    job(picture(photos / "a.png", 200, 90)).run(Context(models, report=reports.append))
    assert len(reports) > 3
    assert [r.done for r in reports] == sorted(r.done for r in reports)
    assert reports[-1].done == pytest.approx(reports[-1].total)
    assert reports[-1].total == pytest.approx(200 * 90 / 1e6)
    assert {r.unit for r in reports} == {"MP"}


def run_plan(plan: Plan, models: ModelLibrary, output: Output) -> list[Cleaned]:
    return [
        job(planned.source, output=output, below=planned.below).run(Context(models))
        for planned in plan.files
    ]


@pytest.mark.parametrize("given", ["photos", "../photos", "./photos/../photos"])
def test_the_structure_of_a_dropped_folder_is_kept(
    photos: Path, models: ModelLibrary, monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    for name in ("a.png", "sub/b.png", "sub/deep/c.png"):
        picture(photos / name)
    (photos.parent / "out").mkdir()
    monkeypatch.chdir(photos.parent / "out" if given.startswith("..") else photos.parent)
    out = photos.parent / "out"
    run_plan(plan_cleaning([Path(given)]), models, Output(out))
    assert below(out) == ["a_clean.png", "sub/b_clean.png", "sub/deep/c_clean.png"]
    assert below(photos) == ["a.png", "sub/b.png", "sub/deep/c.png"]


def test_single_files_go_straight_into_the_output_folder_and_equal_names_are_numbered(
    photos: Path, models: ModelLibrary
) -> None:
    given = [picture(photos / "x" / "a.png"), picture(photos / "y" / "a.png")]
    run_plan(plan_cleaning(given), models, Output(photos / "out"))
    assert below(photos / "out") == ["a_clean (2).png", "a_clean.png"]


def test_a_file_of_the_person_under_our_name_is_not_replaced(
    photos: Path, models: ModelLibrary
) -> None:
    source = picture(photos / "a.png")
    (photos / "a_clean.png").write_bytes(b"mine")
    assert job(source).run(Context(models)).target == photos / "a_clean (2).png"
    assert (photos / "a_clean.png").read_bytes() == b"mine"


def test_even_the_sources_own_name_as_pattern_never_replaces_the_source(
    photos: Path, models: ModelLibrary
) -> None:
    source = picture(photos / "a.png")
    before = source.read_bytes()
    cleaned = job(source, output=Output(pattern="{name}{ext}")).run(Context(models))
    assert cleaned.target == photos / "a (2).png"
    assert source.read_bytes() == before


@pytest.mark.parametrize("stem", ["with space", "तस्वीर", "🏖️ beach", "x" * 200])
def test_unusual_names_are_cleaned(photos: Path, models: ModelLibrary, stem: str) -> None:
    cleaned = job(picture(photos / f"{stem}.png")).run(Context(models))
    assert cleaned.target == photos / f"{stem}_clean.png"


def test_a_pattern_that_gives_no_name_is_a_sentence(photos: Path, models: ModelLibrary) -> None:
    with pytest.raises(NotWritable, match=r"needs \{name\}"):
        job(picture(photos / "a.png"), output=Output(pattern="clean")).run(Context(models))


def test_a_file_cleaned_before_is_skipped_until_anything_changes(
    photos: Path, models: ModelLibrary, ledger: Ledger
) -> None:
    context = Context(models, ledger)
    source = picture(photos / "a.png")
    first = job(source).run(context)
    again = job(source).run(context)
    assert (again.status, again.target) == ("skipped", first.target)
    assert again.note == "Cleaned before with the same settings: a_clean.png"
    assert job(source, strength=0.5).run(context).status == "cleaned"
    assert job(source, output=Output(photos / "out")).run(context).status == "cleaned"
    assert first.target
    first.target.unlink()
    assert job(source).run(context).status == "cleaned"
    picture(source, 41, 50)
    assert job(source).run(context).status == "cleaned"


def test_a_relative_output_folder_is_remembered_from_anywhere(
    photos: Path, models: ModelLibrary, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = picture(photos / "a.png")
    monkeypatch.chdir(photos)
    job(source, output=Output(Path("out"))).run(Context(models, ledger))
    monkeypatch.chdir(photos.parent)
    again = job(source, output=Output(photos / "out")).run(Context(models, ledger))
    assert (again.status, again.target) == ("skipped", photos / "out" / "a_clean.png")
    assert sources(plan_cleaning([photos], ledger=ledger)) == [source]


# Failing


def test_a_file_that_vanished_is_a_sentence(photos: Path, models: ModelLibrary) -> None:
    source = picture(photos / "a.png")
    (planned,) = plan_cleaning([source]).files
    source.unlink()
    with pytest.raises(Unreadable, match=r"a\.png"):
        job(planned.source).run(Context(models))
    assert below(photos) == []


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.tif", "a.webp", "a.bmp"])
def test_a_truncated_picture_is_a_sentence_and_leaves_nothing(
    photos: Path, models: ModelLibrary, name: str
) -> None:
    source = picture(photos / name)
    source.write_bytes(source.read_bytes()[: source.stat().st_size // 2])
    with pytest.raises(FileError, match=r"a\.") as caught:
        job(source).run(Context(models))
    assert caught.value.path == source
    assert below(photos) == [name]


def test_a_decoder_that_dies_half_way_is_a_sentence_and_its_reader_is_closed(
    photos: Path, models: ModelLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = picture(photos / "a.png")
    reader, writer = DyingReader(source), ForgetfulWriter()
    dying = replace(
        domain_of_task(TASK),
        open=lambda path, options: reader,
        create=lambda reader, keep, options: writer,
    )
    monkeypatch.setattr(jobs, "domain_of_task", lambda task: dying)
    with pytest.raises(Unreadable, match="breaks off after 25 %"):
        job(source).run(Context(models))
    assert reader.closed
    assert below(photos) == ["a.png"]


@pytest.mark.parametrize("beside", [True, False])
def test_a_read_only_folder_is_a_sentence_before_any_work(
    photos: Path, models: ModelLibrary, monkeypatch: pytest.MonkeyPatch, beside: bool
) -> None:
    source = picture(photos / "a.png")
    out = photos if beside else photos.parent / "out" / "not yet made"
    deny_writing(monkeypatch, photos if beside else photos.parent)

    def opened(path: Path, options: Options) -> Reader:
        raise AssertionError("nothing should be read that cannot be saved")

    domain = replace(domain_of_task(TASK), open=opened)
    monkeypatch.setattr(jobs, "domain_of_task", lambda task: domain)
    with pytest.raises(NotWritable, match="No permission to save in .* another output folder"):
        job(source, output=Output(None if beside else out)).run(Context(models))
    assert below(photos) == ["a.png"]


def test_an_output_folder_that_is_a_file_or_cannot_be_is_a_sentence(
    photos: Path, models: ModelLibrary
) -> None:
    source = picture(photos / "a.png")
    for folder in (source, source / "sub", photos / ("x" * 300)):
        with pytest.raises(NotWritable, match="save"):
            job(source, output=Output(folder)).run(Context(models))
    assert below(photos) == ["a.png"]


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.tif", "a.webp", "a.bmp"])
@pytest.mark.parametrize("at", ["make", "write", "fsync"])
def test_a_full_disk_is_a_sentence_the_source_is_untouched_and_nothing_is_left(
    photos: Path, models: ModelLibrary, monkeypatch: pytest.MonkeyPatch, name: str, at: str
) -> None:
    source = picture(photos / name)
    before = source.read_bytes()
    with monkeypatch.context() as patch:
        disk = FullDisk(patch, at, room=500)
        with pytest.raises(NotWritable, match="disk is full"):
            job(source).run(Context(models))
    assert disk.full
    assert source.read_bytes() == before
    assert below(photos) == [name]


def test_a_net_that_returns_no_numbers_is_a_sentence_and_nothing_is_written(
    photos: Path, models: ModelLibrary
) -> None:
    models._loaded[MODEL] = Model(models.card(MODEL), nan_net())
    with pytest.raises(BrokenResult, match="it was left alone"):
        job(picture(photos / "a.png")).run(Context(models))
    assert below(photos) == ["a.png"]


def test_a_missing_or_broken_model_is_a_sentence(photos: Path, models: ModelLibrary) -> None:
    source = picture(photos / "a.png")
    with pytest.raises(UnknownName, match="image/other"):
        job(source, model="image/other").run(Context(models))
    models.card(MODEL).weights.write_bytes(b"broken")
    with pytest.raises(BadModel, match="not those of its card"):
        job(source).run(Context(models))
    assert below(photos) == ["a.png"]


def test_a_job_stopped_between_two_tiles_leaves_nothing(
    photos: Path, models: ModelLibrary, ledger: Ledger
) -> None:
    token = CancelToken()
    seen: list[Progress] = []

    def stop_after_the_first(progress: Progress) -> None:
        seen.append(progress)
        token.stop()

    context = Context(models, ledger, stop_after_the_first, token)
    source = picture(photos / "a.png", 200, 90)
    with pytest.raises(Cancelled):
        job(source).run(context)
    assert len(seen) == 1
    assert below(photos) == ["a.png"]
    assert job(source).run(Context(models, ledger)).status == "cleaned"


def test_a_job_stopped_while_it_saves_leaves_nothing(
    photos: Path, models: ModelLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = CancelToken()
    real = Path.touch

    def touch(path: Path) -> None:
        token.stop()
        real(path, exist_ok=False)

    monkeypatch.setattr(Path, "touch", lambda path, exist_ok: touch(path))
    with pytest.raises(Cancelled):
        job(picture(photos / "a.png")).run(Context(models, token=token))
    assert below(photos) == ["a.png"]


# Requests


def test_a_request_survives_a_pickle() -> None:
    wanted = CleanJob(Path("/a.png"), TASK, MODEL, 0.5, Output(Path("/out")), Path("/"))
    assert pickle.loads(pickle.dumps(wanted)) == wanted


@pytest.mark.parametrize(("height", "width"), [(20, 30), (170, 130)])
def test_a_preview_is_as_large_as_what_was_asked_for_and_equals_the_cleaned_file(
    photos: Path, models: ModelLibrary, height: int, width: int
) -> None:
    source = picture(photos / "a.png", height, width)
    with Image.open(source) as file:
        samples = np.asarray(file, np.float32).transpose(2, 0, 1) / 255
    preview = PreviewJob(samples, TASK, MODEL).run(Context(models))
    assert preview.shape == samples.shape
    cleaned = job(source).run(Context(models))
    assert cleaned.target
    with Image.open(cleaned.target) as file:
        written = np.asarray(file, np.float32).transpose(2, 0, 1)
    assert np.abs(preview.clip(0, 1) * 255 - written).max() <= 1


def test_a_view_is_no_larger_than_asked_for(photos: Path, models: ModelLibrary) -> None:
    source = picture(photos / "a.png", 40, 80)
    view = ViewJob(source, "image", 20).run(Context(models))
    assert isinstance(view, View)
    assert view.pixels.shape[:2] == (10, 20)
    assert view.full_size == (80, 40)
    assert ViewJob(source, "image", 0).run(Context(models)).pixels.shape[:2] == (40, 80)


def test_warming_up_loads_the_model_and_says_what_it_runs_on(models: ModelLibrary) -> None:
    assert WarmUp(MODEL).run(Context(models)) == "CPU · 1 thread"
    assert MODEL in models._loaded


@dataclass
class ThreePages:
    """A document of three flat pages, the second of which is clean already."""

    values: tuple[float, ...] = (0.3, 0.9, 0.5)
    about: str = "3 pages"
    work: float = 3.0
    read: list[int] = field(default_factory=list)

    passed_over: dict[int, str] = field(default_factory=dict)

    def pieces(self, left_out: Container[int] = ()) -> Iterator[Piece]:
        for index, value in enumerate(self.values):
            if index not in left_out and index not in self.passed_over:
                yield Piece((3, 64, 64), self._blocks(index, value), 1.0, index)

    def _blocks(self, index: int, value: float) -> Iterator[Clip]:
        self.read.append(index)
        yield Clip(np.full((3, 64, 64), value, np.float32))

    def close(self) -> None:
        pass


@dataclass
class PageWriter:
    ends: list[tuple[int, bool]] = field(default_factory=list)
    rows: int = 0

    def write(self, clip: Clip) -> None:
        self.rows += clip.samples.shape[1]

    def end_piece(self, leave: bool) -> bool:
        self.ends.append((self.rows, leave))
        self.rows = 0
        return not leave

    def finish(self, scratch: Path) -> None:
        scratch.write_text("three pages")


def as_three_pages(
    monkeypatch: pytest.MonkeyPatch, reader: ThreePages, writer: PageWriter
) -> list[Options]:
    """Let every file be `reader`; give the options that it was opened with."""
    opened: list[Options] = []

    def opening(path: Path, options: Options) -> Reader:
        opened.append(options)
        return reader

    domain = replace(domain_of_task(TASK), open=opening, create=lambda *given: writer)
    task = replace(
        domain.tasks[0],
        options=(
            Option("mode", "Mode", "a", (("a", "A"), ("b", "B"))),
            Option("flip", "Flip", False),
        ),
        measures=lambda removed: {"sigma": removed.sigma},
        nothing_to_do=lambda measures: writer.rows > 0 and len(writer.ends) == 1,
    )
    monkeypatch.setattr(jobs, "domain_of_task", lambda name: domain)
    monkeypatch.setattr(jobs, "task_named", lambda name: task)
    return opened


def test_each_page_is_cleaned_kept_or_left_out_and_said_so(
    photos: Path, models: ModelLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader, writer = ThreePages(), PageWriter()
    as_three_pages(monkeypatch, reader, writer)
    told: list[Progress] = []
    wanted = replace(job(picture(photos / "a.png")), left_out=frozenset({2}))
    cleaned = wanted.run(Context(models, report=told.append))
    assert cleaned.status == "cleaned"
    assert cleaned.pieces == {0: "cleaned", 1: "unchanged", 2: "left out"}
    assert writer.ends == [(64, False), (64, True)]
    assert reader.read == [0, 1], "a page that is left out is not even read"
    ends = [(p.piece, p.done) for p in told if p.piece_fraction == 1.0]
    assert ends == [(0, 1.0), (1, 2.0)]
    assert told[-1].pieces == {0: "cleaned", 2: "left out"}


def test_progress_tells_which_pages_were_passed_over(
    photos: Path, models: ModelLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_three_pages(monkeypatch, ThreePages(passed_over={1: "Text."}), PageWriter())
    told: list[Progress] = []
    job(picture(photos / "a.png")).run(Context(models, report=told.append))
    assert told[-1].passed_over == {1: "Text."}


def test_a_document_whose_every_page_stays_writes_no_file(
    photos: Path, models: ModelLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_three_pages(monkeypatch, ThreePages(), PageWriter())
    wanted = replace(job(picture(photos / "a.png")), left_out=frozenset({0, 1, 2}))
    cleaned = wanted.run(Context(models))
    assert (cleaned.status, cleaned.target) == ("unchanged", None)
    assert cleaned.note == "All pages are left out"
    assert below(photos) == ["a.png"]


def test_a_document_without_anything_to_clean_says_why(
    photos: Path, models: ModelLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = ThreePages(passed_over=dict.fromkeys(range(3), "This page is text already."))
    as_three_pages(monkeypatch, reader, PageWriter())
    cleaned = job(picture(photos / "a.png")).run(Context(models))
    assert (cleaned.status, cleaned.note) == ("unchanged", "This page is text already.")
    assert cleaned.pieces == {} and cleaned.passed_over == reader.passed_over


def test_options_reach_the_file_whole_and_unknown_values_are_a_sentence(
    photos: Path, models: ModelLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = as_three_pages(monkeypatch, ThreePages(), PageWriter())
    wanted = job(picture(photos / "a.png"))
    replace(wanted, options={"mode": "b", "password": "secret"}).run(Context(models))
    assert opened == [{"mode": "b", "flip": False, "password": "secret"}]
    with pytest.raises(UnknownName, match="mode cannot be “c”. It can be: a, b"):
        replace(wanted, options={"mode": "c"}).run(Context(models))
    with pytest.raises(UnknownName, match="no option “mdoe”. It has: flip, mode"):
        replace(wanted, options={"mdoe": "b"}).run(Context(models))


def test_other_options_are_another_cleaning_but_a_password_is_no_setting(
    photos: Path, models: ModelLibrary
) -> None:
    wanted = job(picture(photos / "a.png"))
    plain = wanted.settings(models)
    assert replace(wanted, options={"password": "x"}).settings(models) == plain
    assert replace(wanted, options={"mode": "bw"}).settings(models) != plain
    assert replace(wanted, left_out=frozenset({1})).settings(models) != plain


def test_a_picture_goes_to_the_preferred_task_a_file_that_it_cannot_take_elsewhere(
    photos: Path,
) -> None:
    file = picture(photos / "a.jpg")
    assert choose_task(file).id == "image/denoise"
    assert choose_task(file, preferred="document/clean").id == "document/clean"
    pdf = photos / "a.pdf"
    pdf.write_bytes(b"%PDF-1.4\n")
    assert choose_task(pdf, preferred="image/denoise").id == "document/clean"
