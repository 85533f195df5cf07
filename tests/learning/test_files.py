from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from desktop_ae.core.errors import Cancelled, UnknownName
from desktop_ae.core.tuning import CLEAN, NOISY, PAIRS
from desktop_ae.core.work import CancelToken
from desktop_ae.learning import files
from desktop_ae.learning.files import Gathered, gather
from desktop_ae.learning.request import KEPT, REFUSED, USED, LearnRequest
from tests.learning.photos import photo, write_pairs, write_photos

TASK = "image/denoise"


def found(request: LearnRequest) -> Gathered:
    return gather(request, CancelToken())


def fates(gathered: Gathered) -> dict[str, str]:
    return {file.path.name: file.fate for file in gathered.files}


def why(gathered: Gathered, name: str) -> str:
    return next(file.why for file in gathered.files if file.path.name == name)


def clean_ones(folder: Path) -> LearnRequest:
    return LearnRequest(TASK, "image/denoise-v1", CLEAN, clean=(folder,))


def pairs_in(noisy: Path, clean: Path) -> LearnRequest:
    return LearnRequest(TASK, "image/denoise-v1", PAIRS, noisy=(noisy,), clean=(clean,))


def test_a_quarter_of_the_files_is_kept_back_and_none_is_both(tmp_path: Path) -> None:
    write_photos(tmp_path, 12)
    gathered = found(clean_ones(tmp_path))
    assert [len(part) for part in (gathered.learn, gathered.watch, gathered.judge)] == [9, 2, 1]
    parts = (gathered.learn, gathered.watch, gathered.judge)
    names = [sheets.file.path.name for part in parts for sheets in part]
    assert sorted(names) == sorted(set(names))
    assert sorted(fates(gathered).values()) == [KEPT] * 3 + [USED] * 9
    assert fates(found(clean_ones(tmp_path))) == fates(gathered)


def test_pairs_are_matched_by_name_whatever_their_format(tmp_path: Path) -> None:
    noisy, clean = write_pairs(tmp_path, 4)
    gathered = found(pairs_in(noisy, clean))
    assert {file.path.stem: file.twin.stem for file in gathered.files if file.twin} == {
        f"p{n}": f"p{n}" for n in range(4)
    }
    for sheets in gathered.learn:
        error = sheets.sheets[0] - sheets.clean[0]
        assert 0.03 < float(error.std()) < 0.2


def test_pairs_in_one_folder_are_told_by_words_in_their_names(tmp_path: Path) -> None:
    noisy, clean = write_pairs(tmp_path / "apart", 4)
    for path in noisy.iterdir():
        shutil.copy(path, tmp_path / f"{path.stem}_noisy.png")
    for path in clean.iterdir():
        shutil.copy(path, tmp_path / f"{path.stem}-clean.png")
    shutil.rmtree(tmp_path / "apart")
    before = tuple(sorted(tmp_path.glob("*_noisy.png")))
    after = tuple(sorted(tmp_path.glob("*-clean.png")))
    gathered = found(LearnRequest(TASK, "x", PAIRS, noisy=before, clean=after))
    assert len(gathered.learn) == 2
    assert not gathered.refused


def test_what_has_no_twin_or_another_size_is_left_out_with_a_reason(tmp_path: Path) -> None:
    noisy, clean = write_pairs(tmp_path, 5)
    (clean / "p0.png").unlink()
    Image.fromarray(photo(9)[:150]).save(clean / "p1.png")
    Image.fromarray(photo(77)).save(clean / "p2.png")
    (noisy / "p3.png").write_bytes(b"no picture")
    gathered = found(pairs_in(noisy, clean))
    assert fates(gathered) == {
        "p0.png": REFUSED,
        "p1.png": REFUSED,
        "p2.png": REFUSED,
        "p3.png": REFUSED,
        "p4.png": KEPT,
    }
    assert why(gathered, "p0.png") == "There is no clean file of that name."
    assert "p1.png are no pair: their sizes differ" in why(gathered, "p1.png")
    assert "do not show the same" in why(gathered, "p2.png")
    assert why(gathered, "p3.png")
    assert gathered.too_few.startswith("At least 3 usable files are needed")


def test_a_pair_that_lies_off_is_put_right_and_said_to_be(tmp_path: Path) -> None:
    noisy, clean = write_pairs(tmp_path, 4)
    with Image.open(noisy / "p2.png") as file:
        moved = np.roll(np.asarray(file), (3, -2), (0, 1))
    Image.fromarray(moved).save(noisy / "p2.png")
    gathered = found(pairs_in(noisy, clean))
    assert why(gathered, "p2.png") == "Its clean twin lay 3 and 2 pixels off; that was made good."
    assert not gathered.refused


def test_small_blank_and_repeated_files_are_left_out(tmp_path: Path) -> None:
    write_photos(tmp_path, 4)
    shutil.copy(tmp_path / "p1.png", tmp_path / "q.png")
    Image.fromarray(photo(5)[:60, :60]).save(tmp_path / "small.png")
    Image.new("RGB", (300, 300), "white").save(tmp_path / "blank.png")
    gathered = found(clean_ones(tmp_path))
    assert why(gathered, "q.png") == "It is the same as p1.png."
    assert "too small: 128 pixels" in why(gathered, "small.png")
    assert why(gathered, "blank.png")
    assert {file.path.name for file in gathered.refused} == {"q.png", "small.png", "blank.png"}


def test_a_large_file_is_learned_from_in_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_photos(tmp_path, 4)
    monkeypatch.setattr(files, "MOST_NUMBERS", 4 * 3 * 150 * 140)
    gathered = found(clean_ones(tmp_path))
    sizes = {sheet.shape for part in gathered.learn for sheet in part.sheets}
    assert all(sheet[0] == 3 and sheet[1] * sheet[2] <= 150 * 140 for sheet in sizes)
    whole = photo(int(gathered.learn[0].file.path.stem[1:])).transpose(2, 0, 1) / 255
    part = gathered.learn[0].sheets[0]
    top, left = (whole.shape[1] - part.shape[1]) // 2, (whole.shape[2] - part.shape[2]) // 2
    middle = whole[:, top : top + part.shape[1], left : left + part.shape[2]]
    assert float(np.abs(part - middle).max()) < 1e-5


def test_hidden_files_and_files_of_other_kinds_are_passed_over(tmp_path: Path) -> None:
    write_photos(tmp_path, 3)
    (tmp_path / ".p9.png").write_bytes((tmp_path / "p1.png").read_bytes())
    (tmp_path / "notes.txt").write_text("nothing to see")
    assert set(fates(found(clean_ones(tmp_path)))) == {"p0.png", "p1.png", "p2.png"}


def test_a_stop_is_heard_between_two_files(tmp_path: Path) -> None:
    write_photos(tmp_path, 3)
    token = CancelToken()
    token.stop()
    with pytest.raises(Cancelled):
        gather(clean_ones(tmp_path), token)


@pytest.mark.parametrize(
    ("request_", "sentence"),
    [
        (LearnRequest("image/none", "x", CLEAN), "no task"),
        (LearnRequest(TASK, "x", "both"), "no kind “both”"),
        (LearnRequest(TASK, "x", PAIRS, noisy=(Path("a"),)), "must be noisy and clean files"),
        (LearnRequest(TASK, "x", NOISY), "must be noisy files"),
        (LearnRequest(TASK, "x", CLEAN, clean=(Path("a"),), damage="rain"), "no damage “rain”"),
    ],
)
def test_a_request_that_makes_no_sense_is_a_sentence(request_: LearnRequest, sentence: str) -> None:
    with pytest.raises(UnknownName, match=sentence):
        gather(request_, CancelToken())
