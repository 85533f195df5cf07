from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop_ae.ui.settings import Settings
from desktop_ae.ui.settings_page import SettingsPage


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path / "settings.ini")


def test_what_made_a_result_is_recorded_until_that_is_switched_off(
    qtbot: QtBot, settings: Settings, tmp_path: Path
) -> None:
    page = SettingsPage(settings, tmp_path / "log")
    qtbot.addWidget(page)
    assert page.record.isChecked() and settings.output().record
    page.record.setChecked(False)
    assert not settings.output().record
    settings.sync()
    assert not Settings(tmp_path / "settings.ini").output().record


def test_the_other_switches_are_not_touched_by_it(
    qtbot: QtBot, settings: Settings, tmp_path: Path
) -> None:
    page = SettingsPage(settings, tmp_path / "log")
    qtbot.addWidget(page)
    page.record.setChecked(False)
    assert settings.output().keep_metadata and settings.flag("clean_on_drop")
    page.keep_metadata.setChecked(False)
    page.record.setChecked(True)
    assert settings.output().record and not settings.output().keep_metadata
