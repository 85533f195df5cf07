from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import pytest
from PySide6.QtCore import QCoreApplication, QTranslator
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from desktop_ae.core.tuning import NOISY, PAIRS
from desktop_ae.learning.verdict import CLASSICAL, NOTHING, START, TUNED, Verdict
from desktop_ae.ui.finetune_verdict import ScoreBars, VerdictCard, gain
from desktop_ae.ui.theme import DARK, LIGHT, theme
from desktop_ae.ui.wording import said

SCORES = {NOTHING: 20.17, CLASSICAL: 28.93, START: 31.2, TUNED: 31.84}
BETTER = Verdict(PAIRS, "PSNR, dB", SCORES, 12, {"b.png": 1.2, "a.png": -0.5, "c.png": 0.02})
SAME = replace(BETTER, scores={**SCORES, TUNED: 31.23})
WORSE = replace(BETTER, scores={**SCORES, TUNED: 19.2}, judged=1)
GUESSED = replace(
    BETTER,
    kind=NOISY,
    elsewhere_db=-1.4,
    clean={START: 39.0, TUNED: 33.0},
    blind={START: 30.0, TUNED: 30.5},
)


@pytest.fixture
def card(qapp: QApplication, qtbot: QtBot) -> Iterator[VerdictCard]:
    theme().set_mode("dark")
    theme().apply(qapp)
    made = VerdictCard()
    qtbot.addWidget(made)
    made.resize(900, 400)
    with qtbot.waitExposed(made, timeout=5000):
        made.show()
    yield made
    theme().set_mode("system")


def texts(card: VerdictCard) -> list[str]:
    """What can be read, from top to bottom and, in a line, from left to right."""
    QApplication.processEvents()
    labels = [label for label in card.findChildren(QLabel) if label.isVisible() and label.text()]

    def place(label: QLabel) -> tuple[int, int]:
        at = label.mapTo(card, label.rect().topLeft())
        return at.y(), at.x()

    return [label.text() for label in sorted(labels, key=place)]


def inks(widget: QWidget) -> set[str]:
    image: QImage = widget.grab().toImage()
    return {
        image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())
    }


@pytest.mark.parametrize(
    ("verdict", "words", "tint"),
    [
        (BETTER, "Better: worth keeping", DARK.good),
        (GUESSED, "Better here, but read on", DARK.good),
        (SAME, "No better: not worth keeping", DARK.text),
        (WORSE, "Worse: do not keep it", DARK.bad),
    ],
    ids=["better", "guessed", "same", "worse"],
)
def test_the_headline_says_what_to_do(
    card: VerdictCard, verdict: Verdict, words: str, tint: str
) -> None:
    card.show_verdict(verdict, verdict.figure)
    assert texts(card)[0] == words
    assert tint in inks(card.headline)
    others = {DARK.good, DARK.text, DARK.bad} - {tint}
    assert not others & inks(card.headline)


def test_the_headline_follows_the_theme(card: VerdictCard) -> None:
    card.show_verdict(WORSE, WORSE.figure)
    theme().set_mode("light")
    assert LIGHT.bad in inks(card.headline)
    assert LIGHT.bad in inks(card.picture)


@pytest.mark.parametrize("verdict", [BETTER, GUESSED, SAME, WORSE])
def test_every_sentence_of_the_verdict_can_be_read(card: VerdictCard, verdict: Verdict) -> None:
    card.show_verdict(verdict, verdict.figure)
    sentences = [sentence.replace("-", "−") for sentence in verdict.sentences()]
    found = [text.replace("-", "−") for text in texts(card)]
    assert found[1 : 1 + len(sentences)] == sentences
    assert card.accessibleDescription().startswith(found[0])
    assert all(s in card.accessibleDescription().replace("-", "−") for s in sentences)


def test_a_sentence_is_translated_without_its_numbers(qapp: QApplication) -> None:
    class Tongue(QTranslator):
        def isEmpty(self) -> bool:
            return False

        def translate(
            self, context: str, source: str, about: str | None = None, n: int = -1
        ) -> str:
            known = {
                "No better than the starting model ({0} dB), on {1} kept-back files.": (
                    "{1} फ़ाइलों पर {0} dB: बेहतर नहीं।"
                )
            }
            return known.get(source, source) if context == "Task" else source

    tongue = Tongue()
    QCoreApplication.installTranslator(tongue)
    try:
        sentence = replace(SAME, scores={**SCORES, TUNED: 31.15}).sentences()[0]
        assert said(sentence) == "12 फ़ाइलों पर −0.05 dB: बेहतर नहीं।"
        assert said("Something else: 3.") == "Something else: 3."
    finally:
        QCoreApplication.removeTranslator(tongue)


def test_the_scores_are_written_beside_their_names(card: VerdictCard) -> None:
    card.show_verdict(BETTER, "PSNR, dB")
    assert card.bars.texts() == ["20.17 dB", "28.93 dB", "31.20 dB", "31.84 dB"]
    assert card.bars.accessibleName() == (
        "Doing nothing: 20.17 dB, Classical filter: 28.93 dB, Starting model: 31.20 dB,"
        " Tuned model: 31.84 dB"
    )
    assert "PSNR, dB, on 12 kept-back files" in texts(card)


@pytest.mark.parametrize(
    ("verdict", "caption"),
    [
        (WORSE, "PSNR, dB, on 1 kept-back file"),
        (GUESSED, "PSNR, dB, estimated on 12 kept-back files"),
        (replace(GUESSED, judged=1), "PSNR, dB, estimated on 1 kept-back file"),
    ],
)
def test_the_caption_says_how_it_was_measured(
    card: VerdictCard, verdict: Verdict, caption: str
) -> None:
    card.show_verdict(verdict, "PSNR, dB")
    assert caption in texts(card)


def bars_of(qtbot: QtBot, scores: Mapping[str, float], unit: str = "dB") -> ScoreBars:
    made = ScoreBars()
    qtbot.addWidget(made)
    made.show_scores(scores, unit)
    made.resize(500, made.sizeHint().height())
    return made


def test_a_bar_is_as_long_as_the_gain_over_doing_nothing(card: VerdictCard, qtbot: QtBot) -> None:
    made = bars_of(qtbot, {"none": 20.0, "half": 25.0, "all": 30.0})
    none, half, whole = made.bars()
    assert none.width() == 0
    assert half.width() / whole.width() == pytest.approx(0.5)
    assert none.left() == half.left() == whole.left()
    image = made.grab().toImage()
    middle = whole.center()
    assert image.pixelColor(round(middle.x()), round(middle.y())) == QColor(DARK.accent)


def test_a_bar_goes_the_other_way_where_doing_nothing_is_better(
    card: VerdictCard, qtbot: QtBot
) -> None:
    made = bars_of(qtbot, {"none": -1.0, "some": 3.0, "tuned": -3.0})
    none, some, tuned = made.bars()
    assert tuned.right() == pytest.approx(none.left())
    assert some.left() == pytest.approx(none.left())
    assert tuned.width() / some.width() == pytest.approx(0.5)
    assert tuned.left() >= 0
    middle = tuned.center()
    image = made.grab().toImage()
    assert image.pixelColor(round(middle.x()), round(middle.y())) == QColor(DARK.bad)
    assert made.texts() == ["−1.00 dB", "3.00 dB", "−3.00 dB"]


def test_a_score_without_end_has_no_bar(card: VerdictCard, qtbot: QtBot) -> None:
    made = bars_of(qtbot, {"none": 20.0, "perfect": float("inf"), "tuned": 22.0}, "")
    assert [bar.width() > 0 for bar in made.bars()] == [False, False, True]
    assert made.texts() == ["20.00", "–", "22.00"]
    assert not made.grab().isNull()


def test_files_stand_worst_first(card: VerdictCard) -> None:
    card.show_verdict(BETTER, "PSNR, dB")
    found = texts(card)
    names = [text for text in found if text.endswith(".png")]
    assert names == ["a.png", "c.png", "b.png"]
    values = [text for text in found if text in ("−0.5 dB", "0.0 dB", "+1.2 dB")]
    assert values == ["−0.5 dB", "0.0 dB", "+1.2 dB"]
    assert not card.more.isVisible()


def test_no_more_than_eight_files_are_named(card: VerdictCard) -> None:
    gains = {f"{n:02}.png": n / 10 for n in range(12, 0, -1)}
    card.show_verdict(replace(BETTER, by_file=gains), "PSNR, dB")
    found = texts(card)
    assert [text for text in found if text.endswith(".png")] == [f"{n:02}.png" for n in range(1, 9)]
    assert found[-1] == "and 4 more"


def test_what_became_of_other_material_is_told_where_it_is_known(card: VerdictCard) -> None:
    card.show_verdict(GUESSED, "PSNR, dB")
    assert "On other material: −1.4 dB against the starting model" in texts(card)
    card.show_verdict(BETTER, "PSNR, dB")
    assert not any(text.startswith("On other material") for text in texts(card))


def test_another_verdict_takes_the_place_of_the_last_one(card: VerdictCard) -> None:
    card.show_verdict(GUESSED, "PSNR, dB")
    card.show_verdict(replace(WORSE, by_file={}), "SNR")
    found = texts(card)
    assert found[:3] == [
        "Worse: do not keep it",
        "Worse: 12.0 dB less than the starting model, on 1 kept-back file.",
        "Leaving your files as they are would be better than this model.",
    ]
    assert not any(text.endswith(".png") for text in found)
    assert "Gain by file, worst first" not in found
    assert card.bars.texts()[-1] == "19.20"


def test_a_narrow_card_grows_instead_of_cutting_off(card: VerdictCard) -> None:
    card.show_verdict(GUESSED, "PSNR, dB")
    assert card.heightForWidth(500) > card.heightForWidth(900)
    assert card.minimumSizeHint().width() <= 500


@pytest.mark.parametrize(
    ("change", "text"), [(0.64, "+0.6 dB"), (-0.04, "0.0 dB"), (0.04, "0.0 dB"), (-12, "−12.0 dB")]
)
def test_a_gain_has_a_sign_unless_it_is_none(change: float, text: str) -> None:
    assert gain(change, "dB") == text
