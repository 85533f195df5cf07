from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from desktop_ae.ui.errands import VIEW
from desktop_ae.ui.sound_data import FileSound, PeaksJob
from desktop_ae.ui.sound_tiles import TILE_COLUMNS, Tile, Tiles, level_for, profile
from tests.ui.sound_probe import AtHand, Shelf, tone

Peaks = Tiles[NDArray[np.float32]]


class Bench:
    def __init__(self, seconds: float) -> None:
        self.owner = QObject()
        self.errands = AtHand()
        self.shelf = Shelf()
        sound = FileSound(self.shelf.add("a.wav", tone(seconds)), self.shelf.functions)
        self.tiles: Peaks = Tiles(self.errands, VIEW, self.owner)
        self.tiles.show(lambda n, a, b: PeaksJob(sound, n, a, b), seconds)

    def spans(self) -> list[tuple[float, float]]:
        return [(start, stop) for _, start, stop in self.shelf.asked]


@pytest.fixture
def bench(qapp: object) -> Bench:
    """Forty seconds; a tile of level -5 has eight."""
    return Bench(40.0)


def test_columns_are_never_wider_than_a_pixel() -> None:
    assert level_for(0.05, -12) == -5
    assert 2.0 ** level_for(0.031, -12) <= 0.031
    assert level_for(1e-6, -12) == -12


def test_what_is_in_the_middle_comes_first_and_nothing_twice(bench: Bench) -> None:
    bench.tiles.want(-5, 1.0, 30.0, 20.0)
    bench.errands.do_all()
    assert bench.spans() == [(16.0, 24.0), (8.0, 16.0), (24.0, 32.0), (0.0, 8.0)]
    assert bench.tiles.settled
    bench.tiles.want(-5, 1.0, 30.0, 2.0)
    assert bench.errands.left == []


def test_what_was_scrolled_away_is_not_loaded(bench: Bench) -> None:
    bench.tiles.want(-5, 0.0, 40.0, 0.0)
    bench.errands.do_one()
    bench.tiles.want(-5, 33.0, 39.0, 33.0)
    bench.errands.do_all()
    assert bench.spans() == [(0.0, 8.0), (8.0, 16.0), (32.0, 40.0)]


def test_the_last_tile_ends_with_the_recording(qapp: object) -> None:
    bench = Bench(10.0)
    bench.tiles.want(-5, 0.0, 10.0, 9.0)
    bench.errands.do_all()
    last = bench.tiles.covering(-5, 9.0, 10.0)[0]
    assert (last.start_s, last.stop_s) == (8.0, 10.0)
    assert last.data.shape == (1, TILE_COLUMNS // 4, 2)


def test_other_levels_stand_in_until_the_right_one_is_there(bench: Bench) -> None:
    bench.tiles.want(-3, 0.0, 40.0, 0.0)
    bench.errands.do_all()
    stand_in = bench.tiles.covering(-5, 0.0, 16.0)
    assert [(tile.start_s, tile.stop_s) for tile in stand_in] == [(0.0, 32.0)]
    bench.tiles.want(-5, 0.0, 16.0, 0.0)
    bench.errands.do_one()
    assert len(bench.tiles.covering(-5, 0.0, 16.0)) == 2
    bench.errands.do_all()
    assert [t.stop_s for t in bench.tiles.covering(-5, 0.0, 16.0)] == [8.0, 16.0]


def test_an_outdated_part_is_shown_until_it_is_here_anew(bench: Bench, qtbot: QtBot) -> None:
    bench.tiles.want(-5, 0.0, 16.0, 0.0)
    bench.errands.do_all()
    bench.tiles.outdate(9.0, 10.0)
    assert len(bench.tiles.covering(-5, 0.0, 16.0)) == 2
    assert not bench.tiles.settled
    bench.tiles.want(-5, 0.0, 16.0, 0.0)
    with qtbot.waitSignal(bench.tiles.shelf.grown, timeout=1000):
        bench.errands.do_all()
    assert bench.spans()[2:] == [(8.0, 16.0)]
    assert bench.tiles.settled


def test_another_recording_forgets_the_first(bench: Bench) -> None:
    bench.tiles.want(-5, 0.0, 8.0, 0.0)
    bench.tiles.show(None, 0.0)
    assert bench.errands.left == []
    assert bench.tiles.covering(-5, 0.0, 8.0) == []
    bench.tiles.want(-5, 0.0, 8.0, 0.0)
    assert bench.errands.left == []


def test_a_tile_that_fails_is_not_asked_for_again(bench: Bench, qtbot: QtBot) -> None:
    bench.tiles.show(lambda n, a, b: PeaksJob(None, n, a, b), 40.0)  # type: ignore[arg-type]
    bench.tiles.want(-5, 0.0, 40.0, 0.0)
    with qtbot.waitSignal(bench.tiles.shelf.failed, timeout=1000):
        bench.errands.do_all()
    assert bench.errands.left == []


def test_a_profile_has_the_extremes_of_each_bin() -> None:
    data = np.stack([-np.arange(8.0), np.arange(8.0)], axis=-1)[None].astype(np.float32)
    made = profile([Tile(2.0, 10.0, data)], 0.0, 2.0, 6)
    assert made is not None
    assert np.isnan(made[0, [0, 5]]).all()
    assert made[0, 1:5, 1].tolist() == [1, 3, 5, 7]
    assert made[0, 1:5, 0].tolist() == [-1, -3, -5, -7]


def test_a_finer_tile_lies_over_a_coarser_one() -> None:
    coarse = np.full((1, 4, 2), 9.0, np.float32)
    fine = np.full((1, 4, 2), 1.0, np.float32)
    made = profile([Tile(0.0, 8.0, coarse), Tile(2.0, 4.0, fine)], 0.0, 1.0, 8)
    assert made is not None
    assert made[0, :, 1].tolist() == [9, 9, 1, 1, 9, 9, 9, 9]
    assert profile([], 0.0, 1.0, 8) is None
