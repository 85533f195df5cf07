from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from desktop_ae.ui.sound_data import FileSound
from desktop_ae.ui.sound_player import Player
from desktop_ae.ui.sound_speakers import DeviceSpeakers
from desktop_ae.ui.sound_survey import Survey
from tests.ui.sound_probe import RATE_HZ, HandPulled, Shelf, counted, scaled


class Deck:
    """A player whose device is pulled by the test."""

    def __init__(self, qtbot: QtBot, found: bool = True) -> None:
        self.qtbot = qtbot
        self.shelf = Shelf()
        self.speakers = HandPulled(found)
        self.player = Player(self.speakers)
        before, after = counted(), scaled(counted(), 0.5)
        self.before = FileSound(self.shelf.add("a.wav", before), self.shelf.functions)
        self.after = FileSound(self.shelf.add("b.wav", after), self.shelf.functions)
        self.player.show(self.shelf.functions.facts(self.before.path))
        self.player.look()
        self.player.set_sounds(self.before, self.after)
        self.player.set_volume(1.0)
        self.player.set_version("before")

    def pull(self, count: int) -> list[int]:
        """Frames that are heard, once they are decoded."""
        mixer = self.player._mixer
        assert mixer is not None
        assert self.speakers.pull is not None
        assert mixer.tape.wait_ready(count, 10.0)
        return [round(float(value) * 2**17) for value in self.speakers.pull(count)[:, 0]]

    def moved(self) -> float:
        with self.qtbot.waitSignal(self.player.moved, timeout=5000) as told:
            pass
        return float(told.args[0])


@pytest.fixture
def deck(qtbot: QtBot) -> Iterator[Deck]:
    made = Deck(qtbot)
    yield made
    made.player.close()


def test_it_plays_from_where_it_was_clicked_and_tells_where_it_is(deck: Deck) -> None:
    deck.player.seek(1.0)
    deck.player.play()
    assert deck.pull(800)[-1] == RATE_HZ + 799
    assert deck.moved() == pytest.approx(1.1)
    deck.player.toggle()
    assert not deck.player.playing
    assert deck.player.position_s == pytest.approx(1.1)


def test_stop_goes_back_to_where_it_began(deck: Deck) -> None:
    deck.player.seek(1.0)
    deck.player.play()
    deck.pull(800)
    deck.moved()
    deck.player.stop()
    assert deck.player.position_s == 1.0
    deck.player.stop()
    assert deck.player.position_s == 0.0


def test_a_change_of_version_keeps_the_position(deck: Deck) -> None:
    deck.player.play()
    deck.pull(1000)
    deck.player.set_version("after")
    deck.pull(1000)
    assert deck.moved() == pytest.approx(0.25)
    assert 2 * deck.pull(100)[0] == 2000


def test_one_key_goes_round_the_versions(deck: Deck) -> None:
    seen = []
    for _ in range(4):
        deck.player.next_version()
        seen.append(deck.player.version)
    assert seen == ["after", "removed", "before", "after"]


def test_without_a_result_the_original_is_heard(deck: Deck) -> None:
    deck.player.set_version("removed")
    deck.player.set_sounds(deck.before, None)
    assert not deck.player.comparable
    assert deck.player.version == "before"
    deck.player.set_sounds(deck.before, deck.after)
    assert deck.player.version == "removed"


def test_a_result_that_comes_while_it_plays_is_heard_from_there(deck: Deck) -> None:
    deck.player.set_sounds(deck.before, None)
    deck.player.set_version("after")
    deck.player.play()
    deck.pull(1000)
    deck.moved()
    deck.player.set_sounds(deck.before, deck.after)
    assert deck.player.playing
    deck.pull(200)
    assert 2 * deck.pull(100)[0] == 1200


def test_a_selection_is_repeated(deck: Deck) -> None:
    deck.player.set_selection((1.0, 1.5))
    deck.player.set_looping(True)
    deck.player.play()
    heard = deck.pull(9000)
    assert min(heard[200:]) >= RATE_HZ - 1
    assert max(heard) <= 1.5 * RATE_HZ
    assert heard[4200] == heard[8200]


def test_the_end_is_the_end_and_play_begins_anew(deck: Deck) -> None:
    deck.player.seek(3.9)
    deck.player.play()
    deck.pull(800)
    with deck.qtbot.waitSignal(deck.player.changed, timeout=5000):
        pass
    assert not deck.player.playing
    assert deck.player.position_s == 4.0
    deck.player.play()
    assert deck.pull(200)[-1] == 199


def test_loudness_is_matched_unless_that_is_off(deck: Deck) -> None:
    deck.player.set_gains(0.5, 1.0)
    deck.player.play()
    deck.pull(200)
    assert 2 * deck.pull(100)[0] == 200
    deck.player.set_matched(False)
    deck.pull(200)
    assert deck.pull(100)[0] == 500


def test_without_a_device_nothing_plays_and_nothing_breaks(qtbot: QtBot) -> None:
    deck = Deck(qtbot, found=False)
    assert deck.player.device is False
    assert not deck.player.playable
    deck.player.toggle()
    assert not deck.player.playing
    deck.player.seek(2.0)
    assert deck.player.position_s == 2.0
    deck.player.stop()


def test_a_device_that_goes_away_ends_it_in_place(deck: Deck) -> None:
    deck.player.play()
    deck.pull(800)
    deck.speakers.broke.emit()
    assert not deck.player.playing
    assert deck.player.device is False
    assert deck.player.position_s == pytest.approx(0.1)


def test_a_file_that_cannot_be_read_any_more_is_told(deck: Deck) -> None:
    del deck.shelf.sounds[deck.before.path]
    with deck.qtbot.waitSignal(deck.player.failed, timeout=5000):
        deck.player.play()
    assert not deck.player.playing


def test_a_machine_without_sound_libraries_says_so(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "PySide6.QtMultimedia", None)
    speakers = DeviceSpeakers()
    with qtbot.waitSignal(speakers.looked, timeout=5000) as told:
        speakers.look()
    assert told.args == [False]
    with qtbot.waitSignal(speakers.broke, timeout=5000):
        speakers.start(48_000, lambda count: np.zeros((count, 2), np.float32))
    speakers.stop()


def test_the_survey_reads_what_is_wanted_and_tells_it(qtbot: QtBot) -> None:
    shelf = Shelf()
    paths = [shelf.add("a.wav", counted()), shelf.add("b.wav", counted())]
    survey = Survey(shelf.functions)
    told: list[Path] = []
    survey.built.connect(told.append)
    survey.want(paths)
    qtbot.waitUntil(lambda: told == paths, timeout=5000)
    assert shelf.built == set(paths)


def test_the_survey_stops_at_once_and_goes_on_after_a_failure(qtbot: QtBot) -> None:
    shelf = Shelf()
    first, second = shelf.add("a.wav", counted()), shelf.add("b.wav", counted())
    began, go_on = threading.Event(), threading.Event()

    def build(path: Path, check: object, _report: object) -> None:
        if path == second:
            raise OSError("broken")
        began.set()
        assert go_on.wait(10)
        assert callable(check)
        check()
        shelf.built.add(path)

    shelf.build = build
    survey = Survey(shelf.functions)
    survey.want([first])
    assert began.wait(10)
    with qtbot.waitSignal(survey.failed, timeout=5000) as told:
        survey.want([second])
        go_on.set()
    assert told.args[0] == second
    assert shelf.built == set()
    survey.close()
