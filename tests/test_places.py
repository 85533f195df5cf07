from __future__ import annotations

from pathlib import Path

import pytest

from desktop_ae import places
from desktop_ae.places import model_folders, shipped, user_data


def test_in_a_checkout_what_ships_lies_beside_the_package() -> None:
    assert shipped("resources") == Path(__file__).parent.parent / "resources"
    assert (shipped("resources") / "samples").is_dir()


def test_in_the_wheel_and_the_frozen_program_it_lies_inside_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "desktop_ae"
    (package / "models").mkdir(parents=True)
    (tmp_path / "models").mkdir()
    monkeypatch.setattr(places, "__file__", str(package / "places.py"))
    assert shipped("models") == package / "models"
    assert shipped("resources") == tmp_path / "resources"


def test_tests_never_see_the_persons_own_folder() -> None:
    assert "home" in user_data().parts[-3]
    assert not user_data().exists()
    assert user_data().name == "desktop-ae"


def test_shipped_models_come_before_the_persons_own() -> None:
    assert model_folders() == [shipped("models"), user_data() / "models"]
