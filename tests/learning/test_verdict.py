from __future__ import annotations

import json
from dataclasses import replace

import pytest

from desktop_ae.core.tuning import NOISY, PAIRS
from desktop_ae.learning.verdict import Verdict, verdict_facts, verdict_of

BETTER = Verdict(
    PAIRS,
    "PSNR, dB",
    {"nothing": 20.0, "classical": 24.0, "start": 28.0, "tuned": 29.5},
    4,
    {"a": 1.0, "b": 2.0},
    -0.1,
)


def scored(**scores: float) -> Verdict:
    return replace(BETTER, scores={**BETTER.scores, **scores})


def test_better_is_said_with_the_gain_and_the_files() -> None:
    assert BETTER.is_better
    assert BETTER.sentences() == [
        "Better: 1.5 dB more than the starting model, on 4 kept-back files."
    ]


def test_worse_and_no_better_are_told_apart() -> None:
    assert scored(tuned=27.0).sentences()[0].startswith("Worse: 1.0 dB less")
    assert scored(tuned=28.05).sentences()[0].startswith("No better than")
    assert not scored(tuned=27.0).is_better
    assert not scored(tuned=28.05).is_better


def test_a_gain_that_is_still_below_doing_nothing_is_not_better() -> None:
    verdict = scored(nothing=30.0, classical=20.0)
    assert not verdict.is_better
    assert any("Leaving your files as they are" in said for said in verdict.sentences())


def test_a_classical_filter_that_wins_is_named() -> None:
    assert any("classical filter" in said for said in scored(classical=31.0).sentences())


def test_what_was_forgotten_and_what_is_harmed_is_said() -> None:
    forgetful = replace(BETTER, elsewhere_db=-0.8)
    assert forgetful.forgets
    assert any("0.8 dB worse" in said for said in forgetful.sentences())
    assert not replace(BETTER, elsewhere_db=-0.29).forgets
    harmful = replace(BETTER, clean={"start": 39.0, "tuned": 33.0})
    assert any("to 33 dB" in said for said in harmful.sentences())
    for clean in ({"start": 36.0, "tuned": 34.0}, {"start": 70.0, "tuned": 45.0}):
        assert replace(BETTER, clean=clean).sentences() == BETTER.sentences()


def test_without_clean_files_it_is_an_estimate_and_hidden_pixels_have_a_say() -> None:
    guessed = replace(BETTER, kind=NOISY, blind={"start": 20.0, "tuned": 20.5})
    assert guessed.is_better
    assert any("estimate" in said for said in guessed.sentences())
    assert any("0.5 dB better than it does" in said for said in guessed.sentences())
    assert not replace(guessed, blind={"start": 20.0, "tuned": 19.0}).is_better
    assert "(estimate)" in guessed.rows("t", "s")[0]["data"]


def test_it_comes_back_from_its_file() -> None:
    assert verdict_of(json.loads(json.dumps(verdict_facts(BETTER)))) == BETTER
    with pytest.raises(TypeError):
        verdict_of({"kind": PAIRS})


def test_rows_name_both_models_and_what_they_were_compared_with() -> None:
    rows = BETTER.rows("own 123", "image/denoise-v1 abc")
    assert {row["method"]: row["figures"]["PSNR, dB"] for row in rows} == {
        "nothing": 20.0,
        "classical filter": 24.0,
        "image/denoise-v1 abc": 28.0,
        "own 123": 29.5,
    }
