from __future__ import annotations

from pathlib import Path

import pytest

from desktop_ae.domains import fonts as font_files
from desktop_ae.domains.fonts import Fonts, find_fonts
from desktop_ae.places import shipped

SHIPPED = str(shipped("resources") / "fonts")


@pytest.fixture(scope="module")
def fonts() -> Fonts:
    return find_fonts(folders=[SHIPPED])


def test_fonts_are_sorted_by_the_scripts_that_they_can_set(fonts: Fonts) -> None:
    names = {script: {p.stem for p in paths} for script, paths in fonts.by_script.items()}
    assert "Inter-Medium" in names["latin"] and "Inter-Medium" in names["cyrillic"]
    assert names["devanagari"] == {"NotoSansDevanagari-Regular"}
    assert names["cjk"] == set()


def test_held_out_fonts_are_found_only_when_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(font_files, "HELD_OUT_FONTS", ("inter-bold",))
    seen = find_fonts(folders=[SHIPPED]).by_script["latin"]
    kept = find_fonts(held_out=True, folders=[SHIPPED]).by_script["latin"]
    assert [p.stem for p in kept] == ["Inter-Bold"]
    assert seen and not set(seen) & set(kept)
    assert not find_fonts(folders=[str(tmp_path)])


def test_a_file_that_is_no_font_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "broken.ttf").write_bytes(b"not a font at all")
    assert not find_fonts(folders=[str(tmp_path)])
