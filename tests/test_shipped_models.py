"""What every model in `models/` must hold. A new folder there is tested without a new line here."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor

from desktop_ae.core.card import CARD_NAME, read_card
from desktop_ae.core.clip import Samples
from desktop_ae.core.library import Model, ModelLibrary, load_model
from desktop_ae.core.restore import TileRestorer, restore, run_net
from desktop_ae.domains import load_domains, task_named
from desktop_ae.domains.image import noise
from desktop_ae.nets.unet2d import ResidualBlock
from desktop_ae.places import shipped

MODELS = shipped("models")
# Tasks whose first model is still in training: until it ships, the program offers no pane for them.
AWAITED = {"image/watermark"}
# Tasks whose restorer takes more than a picture: these tests look at what their models do.
ELSEWHERE = {
    "image/watermark": "domains/image/test_shipped_watermark.py",
    "audio/denoise": "domains/audio/test_shipped_model.py",
    "ecg/denoise": "domains/ecg/test_shipped_model.py",
}
FOLDERS = sorted(path.parent for path in MODELS.glob(f"*/*/{CARD_NAME}"))
each_model = pytest.mark.parametrize(
    "folder", FOLDERS, ids=[folder.relative_to(MODELS).as_posix() for folder in FOLDERS]
)
PICTURE_FOLDERS = [f for f in FOLDERS if read_card(f).task not in ELSEWHERE]
each_picture_model = pytest.mark.parametrize(
    "folder", PICTURE_FOLDERS, ids=[f.relative_to(MODELS).as_posix() for f in PICTURE_FOLDERS]
)
CROP = 256


def photo() -> Samples:
    """The middle of a photograph that ships as a sample, `(3, height, width)` in [0, 1]."""
    return sample("photo-chelsea.clean.png", (0.5, 0.5))


def page() -> Samples:
    """The end of the letter that ships as a sample: text, a blue signature, a red stamp."""
    return sample("scan-letter.clean.png", (0.8, 0.88))


def sample(name: str, middle: tuple[float, float]) -> Samples:
    with Image.open(shipped("resources") / "samples" / "clean" / name) as file:
        left = int(middle[0] * file.width) - CROP // 2
        top = int(middle[1] * file.height) - CROP // 2
        part = file.convert("RGB").crop((left, top, left + CROP, top + CROP))
    pixels: Samples = np.asarray(part, np.float32).transpose(2, 0, 1)
    return pixels / np.float32(255)


def gaussian(clean: Samples, sigma: float) -> Samples:
    drawn = np.random.default_rng(0).normal(0, sigma / 255, clean.shape)
    return clean + drawn.astype(np.float32)


def camera(clean: Samples) -> Samples:
    rng = torch.Generator().manual_seed(3)
    noisy: Samples = noise.camera(torch.from_numpy(clean.copy())[None], rng)[0].numpy()
    return noisy


def old_paper(clean: Samples) -> Samples:
    """Brown, with a slope of light and grain."""
    slope = np.linspace(1.0, 0.6, CROP, dtype=np.float32)
    brown = np.array([0.85, 0.76, 0.6], np.float32)[:, None, None]
    return gaussian(clean * brown * slope, 8).clip(0, 1)


def stained(clean: Samples) -> Samples:
    """A round, sharp, brown stain over half of the page."""
    y, x = np.mgrid[:CROP, :CROP]
    inside = (np.hypot(y - 100, x - 160) < 80)[None] * np.array([0.15, 0.3, 0.45])[:, None, None]
    return gaussian(clean * (1 - inside.astype(np.float32)), 5).clip(0, 1)


# For each task: what its models must make better, and how much at least (dB).
DAMAGES: dict[str, list[tuple[str, Callable[[Samples], Samples], float]]] = {
    "image/denoise": [
        ("gaussian 15", lambda clean: gaussian(clean, 15), 3.0),
        ("gaussian 25", lambda clean: gaussian(clean, 25), 4.0),
        ("gaussian 50", lambda clean: gaussian(clean, 50), 6.0),
        ("camera", camera, 0.25),
    ],
    "document/clean": [("old paper", old_paper, 8.0), ("stain", stained, 4.0)],
}
# What tiles of another size may change at most, of 255: documents have a deeper net.
SEAMS = {"image/denoise": 1.0, "document/clean": 3.0}
SAMPLES: dict[str, Callable[[], Samples]] = {"image/denoise": photo, "document/clean": page}


def psnr_db(result: Samples, clean: Samples) -> float:
    return float(-10 * np.log10(np.square(result.clip(0, 1) - clean).mean()))


def restored(model: Model, noisy: Samples) -> Samples:
    return restore(TileRestorer(model, noisy.shape, 1.0), noisy)[: len(noisy)]


def test_there_is_a_model_for_every_task() -> None:
    library = ModelLibrary([MODELS])
    assert FOLDERS, f"no model ships: there is no */*/{CARD_NAME} below {MODELS}"
    assert library.problems == []
    for domain in load_domains():
        for task in domain.tasks:
            if task.id not in AWAITED:
                assert library.card(task.default_model).task == task.id


def test_what_is_looked_at_elsewhere_is_looked_at() -> None:
    for task, name in ELSEWHERE.items():
        assert task_named(task).id == task
        assert (Path(__file__).parent / name).is_file()


@each_model
def test_its_id_is_its_path_and_its_task_is_known(folder: Path) -> None:
    card = read_card(folder)
    assert card.id == folder.relative_to(MODELS).as_posix()
    assert task_named(card.task).id == card.task


@each_model
def test_its_card_says_what_a_person_needs_to_know(folder: Path) -> None:
    card = read_card(folder)
    assert card.title
    assert card.summary
    assert card.data, "on what was it trained?"
    assert all(source.get("licence") for source in card.data)
    assert card.measured, "what did it reach?"
    assert {"steps", "minutes"} <= card.trained.keys()


@each_model
def test_its_weights_are_those_of_its_card_and_fit_its_net_exactly(folder: Path) -> None:
    model = load_model(read_card(folder))
    assert all(bool(torch.isfinite(p).all()) for p in model.net.parameters())


@each_model
def test_its_folder_holds_nothing_else(folder: Path) -> None:
    assert sorted(p.name for p in folder.iterdir()) == [CARD_NAME, "weights.safetensors"]


@each_picture_model
@pytest.mark.parametrize("shape", [(3, 1, 1), (1, 33, 70), (3, 65, 50)])
def test_it_keeps_the_shape(folder: Path, shape: tuple[int, int, int]) -> None:
    noisy = np.random.default_rng(0).random(shape, np.float32)
    model = load_model(read_card(folder))
    extra = int(model.card.arguments.get("extra_channels", 0))
    assert run_net(model, noisy).shape == (shape[0] + extra, *shape[1:])


@each_picture_model
def test_no_block_of_it_is_dead(folder: Path) -> None:
    """A block whose activations never fire adds nothing but a constant, and costs time."""
    card = read_card(folder)
    model = load_model(card)
    added: dict[str, float] = {}

    before: dict[str, Tensor] = {}  # a block may write its sum over what it was given

    def look(name: str, made: Tensor) -> None:
        given = before.pop(name)
        spread = (made - given).float().std(dim=(2, 3)).mean()
        added[name] = float(spread / given.float().std(dim=(2, 3)).mean())

    for name, layer in model.net.named_modules():
        if isinstance(layer, ResidualBlock):
            layer.register_forward_pre_hook(
                lambda layer, given, name=name: before.update({name: given[0].clone()})
            )
            layer.register_forward_hook(lambda layer, given, made, name=name: look(name, made))
    rng = np.random.default_rng(0)
    run_net(model, SAMPLES[card.task]() + rng.normal(0, 0.1, (3, 1, 1)).astype(np.float32))
    assert added
    assert {name for name, share in added.items() if share < 0.01} == set()


@each_picture_model
def test_it_is_better_than_doing_nothing(folder: Path) -> None:
    card = read_card(folder)
    model, clean = load_model(card), SAMPLES[card.task]()
    for name, damage, gain_db in DAMAGES[card.task]:
        noisy = damage(clean)
        before, after = psnr_db(noisy, clean), psnr_db(restored(model, noisy), clean)
        assert after > before + gain_db, f"{name}: {before:.1f} dB before, {after:.1f} dB after"


@each_picture_model
def test_its_tiles_are_large_enough_for_its_net(folder: Path) -> None:
    model = load_model(read_card(folder))
    given = model.card.input
    noisy = np.ascontiguousarray(gaussian(SAMPLES[model.card.task](), 25)[:, :192, :])
    whole = TileRestorer(model, noisy.shape, 1.0, tile=4096)
    tiled = TileRestorer(model, noisy.shape, 1.0, tile=2 * given.overlap + 64)
    results = [restore(restorer, noisy)[:3].clip(0, 1) for restorer in (whole, tiled)]
    assert np.abs(results[0] - results[1]).max() < SEAMS[model.card.task] / 255
