from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from desktop_ae.core.errors import BadModel, Cancelled, TooFewFiles
from desktop_ae.core.library import ModelLibrary
from desktop_ae.core.tuning import CLEAN, NOISY, PAIRS
from desktop_ae.core.work import CancelToken, Progress
from desktop_ae.domains import load_domains
from desktop_ae.domains.image import tuning
from desktop_ae.jobs import CleanJob, Context
from desktop_ae.learning.jobs import CheckJob, KeepJob, Learned, LearnJob, model_slug
from desktop_ae.learning.lesson import Lesson
from desktop_ae.learning.request import KEPT, USED, LearnRequest
from desktop_ae.learning.session import begin, sessions
from desktop_ae.training import loop
from tests.fakes import write_model
from tests.learning.photos import noisy, photo, write_pairs, write_photos
from tests.training.test_loop import Clock

MINUTES = 1.5  # of a clock on which each step takes a second


@pytest.fixture(autouse=True)
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    """A net of a few weights learns in a hundred steps, if they are large enough."""
    monkeypatch.setattr(loop, "time", Clock())
    quick = replace(tuning.DENOISE_TUNING, learning_rate=1e-2, batch=4)
    monkeypatch.setattr(tuning, "DENOISE_TUNING", quick)


@pytest.fixture
def library(tmp_path: Path) -> ModelLibrary:
    """A tiny shipped model, and a folder for one's own."""
    write_model(tmp_path / "shipped", identity=True)
    return ModelLibrary([tmp_path / "shipped", tmp_path / "own"])


@pytest.fixture
def pairs(tmp_path: Path) -> LearnRequest:
    before, after = write_pairs(tmp_path / "files", 8)
    return LearnRequest(
        "image/denoise", "image/denoise-v1", PAIRS, (before,), (after,), minutes=MINUTES
    )


def learn(request: LearnRequest, library: ModelLibrary, root: Path, **context: object) -> Learned:
    job = LearnJob(begin(root, request))
    return job.run(Context(library, **context))  # type: ignore[arg-type]


def test_every_file_is_looked_at_and_a_step_is_timed(
    pairs: LearnRequest, library: ModelLibrary
) -> None:
    reports: list[Progress] = []
    checked = CheckJob(pairs).run(Context(library, report=reports.append))
    assert (checked.count(USED), checked.count(KEPT)) == (6, 2)
    assert checked.step_s > 0
    assert not checked.too_few
    assert {r.phase for r in reports if isinstance(r, Lesson)} == {"reading"}


def test_pairs_make_it_better_and_that_is_told_on_files_that_were_kept_back(
    pairs: LearnRequest, library: ModelLibrary, tmp_path: Path
) -> None:
    reports: list[Progress] = []
    learned = learn(pairs, library, tmp_path / "learning", report=reports.append)
    verdict = learned.verdict
    assert verdict.is_better
    assert verdict.gain_db > 0.8
    assert verdict.judged == 1
    assert set(verdict.by_file) < {f"p{n}.png" for n in range(8)}
    lessons = [r for r in reports if isinstance(r, Lesson)]
    assert {r.phase for r in lessons} == {"reading", "looking", "learning", "judging"} - {"looking"}
    last = [r for r in lessons if r.phase == "learning"][-1]
    assert last.scores[-1][1] > last.scores[0][1] == last.start
    assert 1 <= len(last.glimpses) <= 3
    assert last.glimpses[0].noisy.shape == last.glimpses[0].restored.shape
    assert list(library.cards()) == [library.card("image/denoise-v1")]  # nothing is kept by itself


def test_a_kept_model_cleans_files_and_says_where_it_comes_from(
    pairs: LearnRequest, library: ModelLibrary, tmp_path: Path
) -> None:
    learned = learn(pairs, library, tmp_path / "learning")
    card = KeepJob(learned.session, " Gran's scans! ").run(Context(library))
    assert (card.id, card.title) == ("image/gran-s-scans", "Gran's scans!")
    assert library.is_own(card)
    assert card.parent == library.card("image/denoise-v1").label
    assert card.trained["files"] == 6
    assert card.trained["kept_back"] == 2
    assert card.data[0]["name"] == "6 pairs of files of one's own"
    assert any(card.label == row["method"] for row in card.measured)
    assert not learned.session.folder.exists()
    source = tmp_path / "new.png"
    Image.fromarray(noisy(photo(50), 50)).save(source)
    cleaned = CleanJob(source, "image/denoise", card.id).run(Context(library))
    assert cleaned.target is not None
    errors = [
        float(np.square(np.asarray(Image.open(path), float) - photo(50)).mean())
        for path in (source, cleaned.target)
    ]
    assert errors[1] < 0.9 * errors[0]


@pytest.mark.parametrize("kind", [CLEAN, NOISY])
def test_clean_or_noisy_files_alone_teach_it_as_well(
    kind: str, library: ModelLibrary, tmp_path: Path
) -> None:
    folder = write_photos(tmp_path / "files", 6, 0.0 if kind == CLEAN else 20.0)
    clean, noisy_ = ((folder,), ()) if kind == CLEAN else ((), (folder,))
    request = LearnRequest("image/denoise", "image/denoise-v1", kind, noisy_, clean, MINUTES)
    checked = CheckJob(request).run(Context(library))
    assert (checked.study is not None) == (kind == NOISY)
    verdict = learn(request, library, tmp_path / "learning").verdict
    assert verdict.gain_db > 0.3
    assert bool(verdict.blind) == (kind == NOISY)


def test_stopped_it_goes_on_later_from_where_it_was(
    pairs: LearnRequest, library: ModelLibrary, tmp_path: Path
) -> None:
    token = CancelToken()

    def report(progress: Progress) -> None:
        if isinstance(progress, Lesson) and progress.steps >= 20:
            token.stop()

    root = tmp_path / "learning"
    with pytest.raises(Cancelled):
        learn(pairs, library, root, report=report, token=token)
    session = sessions(root)[0]
    assert session.request == pairs
    assert session.has_begun
    assert session.card is None
    steps: list[int] = []
    context = Context(library, report=lambda p: steps.append(getattr(p, "steps", 0)))
    learned = LearnJob(session).run(context)
    assert 20 <= next(step for step in steps if step) <= 22
    assert learned.verdict.is_better
    assert sessions(root)[0].verdict == learned.verdict


def test_asked_to_finish_it_judges_what_it_has(
    pairs: LearnRequest, library: ModelLibrary, tmp_path: Path
) -> None:
    token = CancelToken()

    def report(progress: Progress) -> None:
        if isinstance(progress, Lesson) and progress.steps >= 20:
            token.finish()

    long = replace(pairs, minutes=600.0)
    learned = learn(long, library, tmp_path / "learning", report=report, token=token)
    assert learned.card.trained["steps"] <= 22
    assert learned.verdict.scores["tuned"] >= learned.verdict.scores["start"]


def test_too_few_files_are_a_sentence_and_leave_nothing_in_the_library(
    library: ModelLibrary, tmp_path: Path
) -> None:
    folder = write_photos(tmp_path / "files", 2)
    request = LearnRequest("image/denoise", "image/denoise-v1", CLEAN, clean=(folder,))
    assert "there are 2" in CheckJob(request).run(Context(library)).too_few
    with pytest.raises(TooFewFiles, match="At least 3"):
        learn(request, library, tmp_path / "learning")
    assert len(library.cards()) == 1


def test_a_model_that_was_changed_meanwhile_is_not_kept(
    pairs: LearnRequest, library: ModelLibrary, tmp_path: Path
) -> None:
    learned = learn(replace(pairs, minutes=0.2), library, tmp_path / "learning")
    weights = learned.card.weights
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(content)
    with pytest.raises(BadModel, match="checksum"):
        KeepJob(learned.session, "x").run(Context(library))
    assert len(library.cards()) == 1
    with pytest.raises(BadModel, match="no model yet"):
        KeepJob(begin(tmp_path / "learning", pairs), "x").run(Context(library))


def test_a_name_of_any_script_gives_a_folder() -> None:
    assert model_slug("Café — 2026") == "café-2026"
    assert model_slug("मेरा मॉडल")
    assert model_slug("///").startswith("model-")
    assert model_slug("../../x") == "x"


def test_every_task_that_ships_a_model_can_learn() -> None:
    for task in (task for domain in load_domains() for task in domain.tasks):
        assert task.tuning is not None
        own = task.tuning()
        assert set(own.kinds) | set(own.why_not) == {PAIRS, CLEAN, NOISY}
