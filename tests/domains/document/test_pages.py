"""What is done to whole pages, on pages of real text."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from desktop_ae.domains.document.borders import find_border
from desktop_ae.domains.document.files import Page
from desktop_ae.domains.document.pages import INK_LOGIT, finish_page, present
from desktop_ae.domains.document.pages import ink_of as ink_of_logits
from desktop_ae.domains.document.skew import Turn, find_turn, turned
from desktop_ae.domains.document.specks import find_specks
from tests.domains.document.sheets import FONTS, cleaned, dirty, font, sheet

LINES = (
    "It is äöü i. j: first; 3.14, 2,5%! Ångström ñ ő ů ż (í).",
    "Contents . . . . . . . . . . . . . . . . . . . . . 12",
    "Leader.................................... 7",
    "٠ يحب بيت ثلاثة شيء ١٢٫٥ تقرير",
    "Ж ё й: слово; i̇ ỉ ự ệ   x ÷ y ∴ z … 1 : 2",
    "· one   • two   • three",
)


def black(image: Image.Image | NDArray[Any]) -> NDArray[np.uint8]:
    return (np.asarray(image) < 128).astype(np.uint8)


def ink_of(image: Image.Image | NDArray[Any]) -> int:
    """How many pixels are black."""
    return int((np.asarray(image) < 128).sum())


def page(pixels: NDArray[Any], dpi: float | None = None, level: bool = True) -> Page:
    return Page(0, pixels, dpi, level)


def finished(grey: NDArray[Any], dpi: float | None = None, **options: Any) -> NDArray[Any]:
    return finish_page(grey[None], 255 - grey, page(grey, dpi), options)


@pytest.mark.parametrize("dpi", [100, 200, 300])
@pytest.mark.parametrize("degrees", [-14.0, -3.3, -0.4, 0.7, 5.0, 13.0])
def test_the_angle_is_found_to_a_tenth_of_a_degree(dpi: int, degrees: float) -> None:
    askew = sheet(dpi, (5, 6)).rotate(degrees, Image.Resampling.BICUBIC, fillcolor=255)
    turn = find_turn(black(askew))
    assert turn is not None
    assert turn.degrees == pytest.approx(-degrees, abs=0.1)


def test_lines_along_the_other_side_of_the_page_are_levelled_too() -> None:
    askew = sheet(150, (5, 6)).rotate(2, Image.Resampling.BICUBIC, fillcolor=255)
    turn = find_turn(black(askew.rotate(90, expand=True)))
    assert turn is not None and turn.degrees == pytest.approx(-2, abs=0.1)


def test_a_level_page_and_one_without_lines_are_not_turned() -> None:
    rng = np.random.default_rng(0)
    assert find_turn(black(sheet(150, (5, 6)))) is None
    assert find_turn((rng.random((900, 700)) < 0.1).astype(np.uint8)) is None
    assert find_turn((rng.random((900, 700)) < 0.001).astype(np.uint8)) is None
    smooth = Image.fromarray((rng.random((12, 10)) * 255).astype(np.uint8)).resize((700, 900))
    assert find_turn(black(smooth)) is None
    for tone in (0, 1):
        assert find_turn(np.full((900, 700), tone, np.uint8)) is None


@pytest.mark.parametrize("degrees", [-9.0, 1.0, 4.0])
def test_straightening_makes_the_page_that_it_was_and_loses_nothing(degrees: float) -> None:
    straight = sheet(200, (5, 6))
    askew = np.asarray(straight.rotate(degrees, Image.Resampling.BICUBIC, fillcolor=255))
    result = finished(askew, deskew=True)
    assert result.shape == askew.shape
    assert find_turn(black(result)) is None
    assert ink_of(result) == pytest.approx(ink_of(askew), rel=0.05)
    shift = find_turn(black(askew))
    if shift is not None and shift.shift == (0.0, 0.0):
        both = black(result) & black(straight)
        assert both.sum() > 0.8 * ink_of(straight)


def test_a_page_that_text_lies_over_is_not_turned() -> None:
    askew = np.asarray(sheet(100).rotate(4, fillcolor=255))
    result = finish_page(askew[None], None, page(askew, level=False), {"deskew": True})
    assert np.array_equal(result, askew)


def test_a_long_receipt_is_levelled() -> None:
    turned_page = sheet(150, (2.5, 20)).rotate(1, Image.Resampling.BICUBIC, fillcolor=255)
    turn = find_turn(black(turned_page))
    assert turn is not None and turn.degrees == pytest.approx(-1, abs=0.1)


def test_turning_in_tiles_is_turning_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    image = np.asarray(sheet(100, (3, 4)))
    turn = Turn(3.7, (2.5, -4.0))
    whole = turned(image, turn, 255)
    monkeypatch.setattr("desktop_ae.domains.document.skew._TILE", 97)
    assert np.abs(turned(image, turn, 255).astype(int) - whole).max() <= 1
    assert not np.array_equal(whole, image)


def test_a_page_longer_than_opencv_can_turn_is_turned() -> None:
    tall = np.full((33_500, 60), 255, np.uint8)
    tall[20_000:20_010] = 0
    there = turned(tall, Turn(0.05, (0.0, 0.0)), 255)
    back = turned(there, Turn(-0.05, (0.0, 0.0)), 255)
    assert np.abs(back[19_900:20_100, 20:40].astype(int) - tall[19_900:20_100, 20:40]).max() < 80


@pytest.mark.parametrize("dpi", [100, 300])
def test_borders_are_whitened_and_text_is_not(dpi: int) -> None:
    straight = sheet(dpi, (6, 7))
    grey = np.asarray(straight)
    height, width = grey.shape
    bands, thin = grey.copy(), grey.copy()
    bands[:, : width // 30], bands[-height // 25 :] = 15, 25
    thin[:, :2], thin[-3:] = 15, 30
    wedges = np.asarray(straight.rotate(3, fillcolor=12))
    level = np.asarray(straight.rotate(3, fillcolor=255))
    for scanned, wanted in ((bands, grey), (thin, grey), (wedges, level)):
        result = finished(scanned, dpi, trim=True)
        assert result.shape == grey.shape
        assert ink_of(result) == pytest.approx(ink_of(wanted), rel=0.01)
        assert (black(result) >= black(wanted)).mean() > 0.9999


@pytest.mark.parametrize("dpi", [100, 300])
def test_text_at_the_edge_or_close_to_a_border_is_not_eaten(dpi: int) -> None:
    image = sheet(dpi, (6, 7))
    draw = ImageDraw.Draw(image)
    width, height = image.size
    draw.text((-dpi // 30, dpi // 2), "Clipped at the edge", 0, font=font(dpi // 5))
    draw.text((width // 3, -dpi // 14), "Top cut", 0, font=font(dpi // 5))
    draw.line((0, height // 2, width, height // 2), 0, max(1, dpi // 60))
    assert find_border(np.asarray(image)) is None
    bordered = image.copy()
    ImageDraw.Draw(bordered).rectangle((0, 0, dpi // 4, height), 20)
    close = bordered.copy()
    ImageDraw.Draw(close).text((dpi // 4 + 3, height // 3), "lclose", 0, font=font(dpi // 5))
    words = ink_of(close) - ink_of(bordered)
    left = ink_of(finished(np.asarray(close), dpi, trim=True))
    without = ink_of(finished(np.asarray(bordered), dpi, trim=True))
    assert left - without == pytest.approx(words, rel=0.01)


def test_dark_fields_with_light_letters_photos_and_dark_pages_are_no_borders() -> None:
    image = sheet(200, (6, 7))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, image.width, 200), 20)
    draw.text((200, 60), "Heading in white on dark", 255, font=font(60))
    assert find_border(np.asarray(image)) is None
    assert find_border(255 - np.asarray(sheet(100))) is None
    rng = np.random.default_rng(0)
    photo = Image.fromarray((rng.random((9, 12)) * 255).astype(np.uint8)).resize((1200, 500))
    image.paste(photo, (0, 0))
    assert find_border(np.asarray(image)) is None
    assert find_border(np.zeros((50, 40), np.uint8)) is None


def letterhead(box: tuple[int, int, int, int], words: str, tone: int = 12) -> NDArray[np.uint8]:
    """A page of 150 DPI with a dark field, and words in white on it."""
    image = sheet(150, (1240 / 150, 1754 / 150))
    draw = ImageDraw.Draw(image)
    draw.rectangle(box, tone)
    draw.text((box[0] + 40, box[1] + (box[3] - box[1]) // 4), words, 255, font=font(90))
    return np.asarray(image)


BANNERS = {
    "top": (0, 0, 1240, 180),
    "bottom": (0, 1600, 1240, 1754),
    "side": (0, 0, 160, 1754),
    "almost across": (300, 0, 1240, 110),
}


@pytest.mark.parametrize("box", BANNERS.values(), ids=BANNERS)
@pytest.mark.parametrize("words", ["ACME", "I", ""])
def test_a_banner_is_part_of_the_page(box: tuple[int, int, int, int], words: str) -> None:
    banner = letterhead(box, words)
    assert find_border(banner) is None
    for degrees in (-3, 1, 4):  # on a scan that is askew too, whatever colour comes in beside it
        askew = Image.fromarray(banner).rotate(degrees, fillcolor=255)
        assert find_border(np.asarray(askew)) is None


def test_a_shallow_band_is_part_of_the_page_if_it_has_a_letter_or_is_not_black() -> None:
    shallow = (0, 0, 1240, 60)
    assert find_border(letterhead(shallow, "")) is not None
    assert find_border(letterhead(shallow, "", tone=90)) is None
    image = Image.fromarray(letterhead(shallow, ""))
    ImageDraw.Draw(image).text((600, 20), "h", 255, font=font(24))
    assert find_border(np.asarray(image)) is None
    navy = np.asarray(Image.fromarray(letterhead(shallow, "")).convert("RGB")).copy()
    navy[:60] = 0, 32, 110
    planes = np.moveaxis(navy, -1, 0)
    assert np.array_equal(finish_page(planes, None, page(navy), {"trim": True}), navy)


@pytest.mark.parametrize("degrees", [-14, -8, 6, 12])
def test_the_wedges_of_a_page_far_askew_are_whitened(degrees: int) -> None:
    image = sheet(150, (6, 7))
    scanned, wanted = (np.asarray(image.rotate(degrees, fillcolor=c)) for c in (12, 255))
    result = finished(scanned, 150, trim=True)
    assert ink_of(result) == pytest.approx(ink_of(wanted), rel=0.01)
    assert (black(result) >= black(wanted)).mean() > 0.9999


@pytest.mark.skipif(not FONTS.exists(), reason="needs the DejaVu fonts")
@pytest.mark.parametrize("dpi", [100, 150, 200, 300, 600])
@pytest.mark.parametrize(
    "name", ["DejaVuSans.ttf", "DejaVuSerif.ttf", "DejaVuSansMono.ttf", "DejaVuSans-ExtraLight.ttf"]
)
def test_no_dot_of_any_text_is_taken_for_a_speck(dpi: int, name: str) -> None:
    for points in (8, 10, 14):
        # At 100 DPI hairlines of eight points are no strokes any more.
        if dpi == 100 and points == 8 and "Light" in name:
            continue
        text = rich(dpi, points, name)
        for known in (dpi, 72, None):
            assert find_specks(text, known) == [], (points, known)


def rich(dpi: int, points: int, name: str) -> NDArray[np.uint8]:
    image = Image.new("L", (6 * dpi, 3 * dpi), 255)
    draw = ImageDraw.Draw(image)
    letters = font(round(points * dpi / 72), name)
    for number, top in enumerate(range(dpi // 4, round(2.6 * dpi), round(points * dpi / 45))):
        draw.text((dpi * 0.3, top), LINES[number % len(LINES)], 0, font=letters)
    return black(image)


@pytest.mark.parametrize("dpi", [200, 300])
def test_specks_go_and_strokes_stay_as_they_were(dpi: int) -> None:
    clean = np.asarray(sheet(dpi, (6, 7)))
    speckled, places = speckle(clean, dpi)
    result = finished(speckled, dpi, despeckle=True)
    gone = sum(int(result[y, x] == 255) for y, x in places)
    assert gone > 0.8 * len(places) > 50
    assert np.array_equal(result[black(clean) == 1], clean[black(clean) == 1])
    assert ink_of(speckled) > ink_of(result) >= ink_of(clean)


Dots = list[tuple[int, int]]


def chart(dots: Dots, side: int) -> NDArray[np.uint8]:
    """Round dots under the text of a page of 300 DPI; dots: (x, y) of their centres."""
    image = sheet(300, (8, 11))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 900, image.width, 2700), 255)
    reach = (side - 1) / 2
    for x, y in dots:
        draw.ellipse((x - reach, y - reach, x + reach, y + reach), 0)
    return black(image)


def scattered(count: int, seed: int) -> Dots:
    """On three inches by three."""
    rng = np.random.default_rng(seed)
    return [(int(x), int(y)) for x, y in rng.uniform((450, 1200), (1350, 2100), (count, 2))]


STEPS = range(60)
DRAWN: dict[str, Dots] = {
    "curve": [(300 + 28 * i, round(1700 + 400 * np.sin(i / 8))) for i in STEPS],
    "steep": [(300 + 9 * i, 1000 + 27 * i) for i in STEPS],
    "wide steps": [(300 + 25 * i, 1000 + 52 * i) for i in range(30)],
    "circle": [(round(1200 + 300 * np.cos(i / 9.55)), round(1700 + 300 * np.sin(i / 9.55)))
               for i in STEPS],
}  # fmt: skip


@pytest.mark.parametrize("dots", DRAWN.values(), ids=DRAWN)
def test_a_dotted_line_of_any_direction_is_no_row_of_specks(dots: Dots) -> None:
    for side in (3, 4, 5):
        assert find_specks(chart(dots, side), 300) == []


@pytest.mark.parametrize("count", [80, 200])
def test_a_scatter_plot_stays(count: int) -> None:
    for side in (4, 5):
        assert len(find_specks(chart(scattered(count, 1), side), 300)) <= 0.15 * count


@pytest.mark.parametrize(("count", "share"), [(60, 0.95), (300, 0.8)])
def test_dust_of_all_sizes_goes(count: int, share: float) -> None:
    rng = np.random.default_rng(2)
    page = chart([], 0)
    before = find_specks(page, 300)
    for x, y in rng.uniform((60, 960), (2300, 2640), (count, 2)).astype(int):
        width, height = rng.integers(1, 5, 2)
        page[y : y + height, x : x + width] = 1
    assert len(find_specks(page, 300)) - len(before) >= share * count


def speckle(clean: NDArray[np.uint8], dpi: int) -> tuple[NDArray[np.uint8], list[tuple[int, int]]]:
    """Specks of a 150th of an inch in the margins, with a grey fringe."""
    rng = np.random.default_rng(3)
    speckled = clean.copy()
    places: list[tuple[int, int]] = []
    side = max(1, dpi // 150)
    for _ in range(600):
        y, x = (int(rng.integers(9, s - 9)) for s in clean.shape)
        reach = dpi // 5
        around = clean[max(0, y - reach) : y + reach, max(0, x - reach) : x + reach]
        if around.min() > 200 and len(places) < 80:
            speckled[y - 1 : y + side + 1, x - 1 : x + side + 1] = 190
            speckled[y : y + side, x : x + side] = 0
            places.append((y, x))
    return speckled, places


def test_specks_are_found_across_the_bands_of_a_large_page(monkeypatch: pytest.MonkeyPatch) -> None:
    speckled = black(speckle(np.asarray(sheet(200, (6, 7))), 200)[0])
    whole = find_specks(speckled, 200)
    monkeypatch.setattr("desktop_ae.domains.document.specks._BAND_PIXELS", 400 * speckled.shape[1])
    # The size of the letters is measured on fewer rows then, and so is not just the same.
    parts = find_specks(speckled, 200)
    assert len(whole) > 50 and len(set(whole) ^ set(parts)) <= 0.1 * len(whole)


@pytest.mark.parametrize("deep", [False, True])
def test_modes_give_colour_grey_and_bits(deep: bool) -> None:
    colour = dirty(sheet())
    pixels = colour.astype(np.uint16) * 257 if deep else colour
    ink = 255 - np.asarray(sheet())
    planes = np.moveaxis(pixels, -1, 0)
    results = {
        m: finish_page(planes, ink, page(pixels), {"mode": m}) for m in ("colour", "grey", "bw")
    }
    assert np.array_equal(results["colour"], pixels)
    assert results["grey"].shape == colour.shape[:2] and results["grey"].dtype == pixels.dtype
    assert results["bw"].dtype == np.bool_
    assert (results["bw"] == (ink < 128)).mean() > 0.99


def test_a_page_of_bits_stays_one() -> None:
    grey = np.asarray(sheet())
    for mode in ("colour", "grey", "bw"):
        result = finish_page(grey[None], None, page(grey > 127), {"mode": mode})
        assert result.dtype == np.bool_ and np.array_equal(result, grey > 127)


def test_what_the_net_is_unsure_of_is_settled_by_the_tone() -> None:
    tones = np.array([[0, 128, 255]], np.uint8)
    for probability, wanted in (
        (230, [0, 0, 0]),
        (140, [0, 0, 1]),
        (100, [0, 1, 1]),
        (25, [1, 1, 1]),
    ):
        ink = np.full((1, 3), probability, np.uint8)
        result = finish_page(tones[None], ink, page(tones), {"mode": "bw"})
        assert result.tolist() == [[bool(w) for w in wanted]]


def test_a_preview_looks_like_the_result() -> None:
    colour = dirty(sheet())
    restored = cleaned(np.moveaxis(colour, -1, 0).astype(np.float32) / np.float32(255))
    pixels = np.rint(restored[:3] * 255).astype(np.uint8)
    ink = ink_of_logits(restored[3])
    for mode in ("colour", "grey", "bw"):
        for despeckle in (False, True):
            options = {"mode": mode, "despeckle": despeckle}
            shown = present(restored, options)
            result = finish_page(pixels, ink, page(colour), options)
            white = 1 if result.dtype == np.bool_ else 255
            wanted = np.atleast_3d(result).transpose(2, 0, 1) / white
            assert shown.dtype == np.float32 and shown.shape == wanted.shape
            assert np.abs(shown - wanted).max() < 0.01


def test_a_preview_without_an_ink_channel_works_for_grey_and_for_colour() -> None:
    grey = np.asarray(sheet(), np.float32)[None] / np.float32(255)
    assert np.array_equal(present(grey, {"mode": "bw"})[0] > 0.5, grey[0] > 0.5)
    assert present(grey.repeat(3, 0), {"mode": "grey"}).shape == grey.shape
    assert present(grey.repeat(3, 0), {}).shape == (3, *grey.shape[1:])


def test_an_a4_page_of_300_dpi_takes_seconds_at_most() -> None:
    grey = np.asarray(sheet(300, (8.27, 11.69)).rotate(2, fillcolor=20))
    pixels = grey[None].repeat(3, 0)
    begun = time.process_time()
    finish_page(
        pixels, 255 - grey, page(grey, 300), {"deskew": True, "trim": True, "despeckle": True}
    )
    assert time.process_time() - begun < 6  # 0.8 on an idle machine


def test_a_logit_of_the_limit_is_just_ink() -> None:
    logits = np.array(
        [[INK_LOGIT - 8, INK_LOGIT - 0.1, INK_LOGIT + 0.1, INK_LOGIT + 8]], np.float32
    )
    assert [int(i) for i in ink_of_logits(logits)[0]] == [0, 121, 134, 255]
