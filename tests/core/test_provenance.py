from __future__ import annotations

from dataclasses import replace

import numpy as np

from desktop_ae import __version__
from desktop_ae.core.domain import Option
from desktop_ae.core.mask import Mask
from desktop_ae.core.provenance import Provenance, provenance_of
from desktop_ae.domains import task_named
from desktop_ae.jobs import MASK, PASSWORD, Password
from tests.fakes import tiny_card

TASK = replace(
    task_named("image/denoise"),
    options=(
        Option("mode", "Result", "colour", (("colour", "Colour"), ("bw", "Black and white"))),
        Option("straight", "Straighten", False),
        Option("column", "Column", ""),
    ),
)


def test_the_line_names_program_model_and_settings() -> None:
    options = {"mode": "bw", "straight": True}
    made_by = provenance_of(TASK, replace(tiny_card(), sha256="cb2ba4a" * 9), 0.85, options)
    model = f"{tiny_card().id} cb2ba4a"
    settings = "strength 0.85, mode=bw, straight=on"
    assert made_by.text == f"Desktop AE {__version__}: image/denoise with {model}, {settings}"


def test_options_at_their_defaults_are_not_named() -> None:
    made_by = provenance_of(TASK, tiny_card(), 1.0, {"mode": "colour", "straight": False})
    assert made_by.options == ()
    assert made_by.text.endswith(", strength 1.0")


def test_neither_a_password_nor_words_of_the_person_nor_a_mask_are_told() -> None:
    mask = Mask.of(np.zeros((2, 3), np.uint8), "/home/anna/mask.png")
    given = {PASSWORD: Password("secret"), "column": "Anna, left arm", MASK: mask}
    text = provenance_of(TASK, tiny_card(), 1.0, given).text
    assert text.endswith(", strength 1.0, column=given, mask=given")


def test_all_of_it_is_one_line_of_printable_ascii() -> None:
    made_by = Provenance("0.1", "image/denoise", "image/मेरा\n\x00 cb2ba4a", 1 / 3, (("a", "ü"),))
    assert made_by.text == (
        "Desktop AE 0.1: image/denoise with image/?????? cb2ba4a, strength 0.333, a=?"
    )
    assert made_by.brief == "Desktop_AE_0.1:image/??????_cb2ba4a,0.333"
