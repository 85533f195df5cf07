from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from desktop_ae.core.errors import Unreadable
from desktop_ae.domains.ecg.annotations import read_beats, read_marks
from tests.domains.ecg.hearts import write_annotations


def test_beats_are_told_from_other_marks(tmp_path: Path) -> None:
    path = tmp_path / "a.atr"
    write_annotations(path, [(10, 39), (20, 24), (30, 1), (5000, 5), (200_000, 1), (200_010, 28)])
    assert read_beats(path).tolist() == [30, 5000, 200_000]
    assert read_marks(path) == ([39, 24, 1, 5, 1, 28], [10, 20, 30, 5000, 200_000, 200_010])


def test_notes_and_numbers_between_are_passed_over(tmp_path: Path) -> None:
    words = [1 << 10 | 7, 60 << 10 | 3, 61 << 10 | 1, 62 << 10 | 2, 63 << 10 | 3, 0x6261, 0x63]
    np.asarray([*words, 1 << 10 | 5, 0], "<u2").tofile(tmp_path / "a.atr")
    assert read_beats(tmp_path / "a.atr").tolist() == [7, 12]


def test_a_file_that_is_gone_or_cut_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="cannot be read"):
        read_beats(tmp_path / "none.atr")
    np.asarray([59 << 10, 1], "<u2").tofile(tmp_path / "cut.atr")
    with pytest.raises(Unreadable, match="ends in the middle"):
        read_beats(tmp_path / "cut.atr")
