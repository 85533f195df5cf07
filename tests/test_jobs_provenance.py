"""A job says in its result what made it, unless that is turned off."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from desktop_ae import __version__
from desktop_ae.core.ledger import Ledger
from desktop_ae.core.library import ModelLibrary
from desktop_ae.jobs import Cleaned, CleanJob, Context, Output
from tests.fakes import noise_picture

MODEL = "image/denoise-v1"


@pytest.fixture
def job(tmp_path: Path) -> CleanJob:
    path = tmp_path / "anna" / "a.png"
    path.parent.mkdir()
    pixels = (noise_picture(40, 50).transpose(1, 2, 0) * 255).astype(np.uint8)
    Image.fromarray(pixels).save(path)
    return CleanJob(path, "image/denoise", MODEL, 0.5)


def software(cleaned: Cleaned) -> str | None:
    assert cleaned.target is not None
    with Image.open(cleaned.target) as image:
        return image.info.get("Software")


def test_a_result_says_which_program_model_and_settings_made_it(
    job: CleanJob, models: ModelLibrary
) -> None:
    label = f"{MODEL} {models.card(MODEL).sha256[:7]}"
    cleaned = job.run(Context(models))
    assert software(cleaned) == (
        f"Desktop AE {__version__}: image/denoise with {label}, strength 0.5"
    )
    assert cleaned.target is not None
    assert b"anna" not in cleaned.target.read_bytes()


def test_when_it_is_turned_off_there_is_no_trace(job: CleanJob, models: ModelLibrary) -> None:
    cleaned = replace(job, output=Output(record=False)).run(Context(models))
    assert software(cleaned) is None
    assert cleaned.target is not None
    assert b"Desktop AE" not in cleaned.target.read_bytes()


def test_with_and_without_it_are_two_cleanings(
    job: CleanJob, models: ModelLibrary, ledger: Ledger
) -> None:
    context = Context(models, ledger)
    assert job.run(context).status == "cleaned"
    assert replace(job, output=Output(record=False)).run(context).status == "cleaned"
    assert job.run(context).status == "skipped"
