"""Each failure has a fake that causes it. Torch is loaded only by the fakes that need it."""

from __future__ import annotations

import builtins
import errno
import hashlib
import io
import os
import threading
from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from desktop_ae.core.card import WEIGHTS_NAME, ModelCard, ModelInput, write_card
from desktop_ae.core.clip import Clip, Samples
from desktop_ae.core.domain import Piece
from desktop_ae.core.errors import Unreadable
from desktop_ae.core.library import Model
from desktop_ae.core.work import Progress
from desktop_ae.jobs import Context

if TYPE_CHECKING:
    import pytest
    from torch import nn

TINY_NET: Mapping[str, Any] = {"channels": [8, 16], "blocks": [1, 1]}
# The tiny net looks 20 pixels far; tiles need a little more.
TINY_INPUT = ModelInput(
    channels=3, low=0.0, high=1.0, unit="sRGB", multiple_of=4, tile=80, overlap=24
)


def tiny_net(*, identity: bool = False) -> nn.Module:
    """A small U-Net whose every layer matters; it changes pictures by a few percent.

    identity: one that leaves every picture exactly as it is.
    """
    import torch

    from desktop_ae.nets import build_net

    rng = torch.Generator().manual_seed(7)
    net = build_net("unet2d", TINY_NET)
    with torch.no_grad():
        for name, weight in net.named_parameters():
            last = name.startswith("tail")
            size = 0.0 if identity and last else 0.002 if last else 0.15
            weight.copy_(torch.randn(weight.shape, generator=rng) * size)
    return net.eval().requires_grad_(False)


def tiny_card(**changed: Any) -> ModelCard:
    card = ModelCard(
        id="image/denoise-v1",
        task="image/denoise",
        title="Tiny",
        summary="A net for tests.",
        net="unet2d",
        arguments=TINY_NET,
        input=TINY_INPUT,
        sha256="",
        bytes=0,
        data=[],
        measured=[],
        recipe={},
        trained={},
    )
    return replace(card, **changed)


def write_model(root: Path, *, identity: bool = False, **changed: Any) -> ModelCard:
    """Write the tiny model below `root`, under its id, with the right checksum."""
    from safetensors.torch import save

    content = save(tiny_net(identity=identity).state_dict())
    return write_weights(root, content, **changed)


def write_weights(root: Path, content: bytes, **changed: Any) -> ModelCard:
    """Write any bytes as the weights of a model whose card vouches for them."""
    digest = hashlib.sha256(content).hexdigest()
    card = tiny_card(**{"sha256": digest, "bytes": len(content), **changed})
    folder = root / card.id
    folder.mkdir(parents=True, exist_ok=True)
    (folder / WEIGHTS_NAME).write_bytes(content)
    write_card(card, folder)
    return replace(card, folder=folder)


def model_of(net: nn.Module, given: ModelInput = TINY_INPUT) -> Model:
    return Model(tiny_card(input=given), net)


def nan_net() -> nn.Module:
    """A net that returns what is no number, in one pixel only."""
    import torch
    from torch import Tensor, nn

    class NanNet(nn.Module):
        def forward(self, noisy: Tensor) -> Tensor:
            broken = noisy.clone()
            broken[..., 0, 0] = torch.nan
            return broken

    return NanNet().eval()


class FullDisk:
    """A disk that fills up: after `room` bytes, whatever is opened for writing refuses more.

    at: "write" as above; "fsync" when the file is made safe; "make" when it is first created;
    "link" when it gets its name.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch, at: str = "write", room: int = 0) -> None:
        self.room = room
        self.full = 0  # how often it was met

        def refuse(*_: object, **__: object) -> None:
            self.full += 1
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        if at == "write":
            real_open = io.open
            opened = self._opened(real_open)
            monkeypatch.setattr(io, "open", opened)
            monkeypatch.setattr(builtins, "open", opened)
        elif at == "fsync":
            monkeypatch.setattr(os, "fsync", refuse)
        elif at == "make":
            monkeypatch.setattr(Path, "touch", refuse)
        else:
            monkeypatch.setattr(Path, "hardlink_to", refuse)
            monkeypatch.setattr(Path, "rename", refuse)
            monkeypatch.setattr(Path, "replace", refuse)

    def _opened(self, real_open: Callable[..., Any]) -> Callable[..., Any]:
        def open_on_full_disk(file: Any, mode: str = "r", *rest: Any, **named: Any) -> Any:
            if "b" not in mode or not set(mode) & set("wxa"):
                return real_open(file, mode, *rest, **named)
            plain = mode.replace("b", "")
            return io.BufferedRandom(_LimitedFile(file, plain, self, named.get("opener")))

        return open_on_full_disk


class _LimitedFile(io.FileIO):
    def __init__(self, file: Any, mode: str, disk: FullDisk, opener: Any) -> None:
        super().__init__(file, mode if "+" in mode else mode + "+", opener=opener)
        self._disk = disk

    def fileno(self) -> int:
        """None to be had: an encoder that asks would write past this fake."""
        raise io.UnsupportedOperation("fileno")

    def write(self, data: Any, /) -> int:
        size = memoryview(data).nbytes
        if size > self._disk.room:
            self._disk.full += 1
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self._disk.room -= size
        return super().write(data) or 0


def deny_writing(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Make a folder read-only, even for root, whom permissions do not stop."""
    real_access, real_touch = os.access, Path.touch

    def access(path: Any, mode: int, **named: Any) -> bool:
        if mode & os.W_OK and folder in (Path(path), *Path(path).parents):
            return False
        return real_access(path, mode, **named)

    def touch(path: Path, *rest: Any, **named: Any) -> None:
        if folder in path.parents:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        real_touch(path, *rest, **named)

    monkeypatch.setattr(os, "access", access)
    monkeypatch.setattr(Path, "touch", touch)


@dataclass
class DyingReader:
    """A decoder that gives one band of a picture and then dies of what follows."""

    path: Path
    closed: bool = False
    about: str = "64 × 64 px"
    work: float = 64 * 64 / 1e6

    @property
    def passed_over(self) -> Mapping[int, str]:
        return {}

    def pieces(self, left_out: Container[int] = ()) -> Iterator[Piece]:
        yield Piece((3, 64, 64), self._blocks(), self.work)

    def _blocks(self) -> Iterator[Clip]:
        yield Clip(np.full((3, 16, 64), 0.5, np.float32))
        raise Unreadable(self.path, f"{self.path.name} is damaged: it breaks off after 25 %.")

    def close(self) -> None:
        self.closed = True


@dataclass(frozen=True)
class Returns:
    """A job that gives `value`, after `steps` reports of progress."""

    value: object
    steps: int = 0

    def run(self, context: Context) -> object:
        for step in range(self.steps):
            context.token.check()
            context.report(Progress(step + 1, self.steps))
        return self.value


@dataclass(frozen=True)
class Fails:
    error: Exception
    steps: int = 0

    def run(self, context: Context) -> object:
        Returns(None, self.steps).run(context)
        raise self.error


@dataclass(frozen=True)
class Waits:
    """A job that says when it has begun, and works until it is let go or stopped."""

    begun: threading.Event = field(default_factory=threading.Event)
    let_go: threading.Event = field(default_factory=threading.Event)
    rounds: list[int] = field(default_factory=list)

    def run(self, context: Context) -> object:
        self.begun.set()
        while not self.let_go.wait(0.002):
            context.token.check()
            self.rounds.append(1)
        return "let go"


def noise_picture(height: int, width: int, channels: int = 3, seed: int = 0) -> Samples:
    """`(channels, height, width)` float32 in [0, 1]."""
    drawn: Samples = np.random.default_rng(seed).random((channels, height, width), np.float32)
    return drawn


@dataclass
class ForgetfulWriter:
    """Takes blocks and never writes them."""

    rows: int = 0

    def write(self, clip: Clip) -> None:
        self.rows += clip.samples.shape[1]

    def end_piece(self, leave: bool) -> bool:
        return not leave

    def finish(self, scratch: Path) -> None:
        raise AssertionError("a broken picture must not be written")


OVERLAY_NET: Mapping[str, Any] = {"in_channels": 4, "channels": [1], "blocks": [0], "shuffle": 1}
OVERLAY_MODEL = "image/watermark-v1"


def overlay_net(*, blind: bool = False) -> nn.Module:
    """A net to which what is pure white is an overlay, and that takes half of its light away.

    blind: one that never sees an overlay; what it makes of a pixel is the same.
    """
    import torch

    from desktop_ae.nets import build_net

    net = build_net("unet2d", OVERLAY_NET)
    with torch.no_grad():
        for weight in net.parameters():
            weight.zero_()
        light = net.get_parameter("head.weight")
        light[0, :3, 1, 1] = 1.0
        light[0, 3, 1, 1] = 0.0
        logit = net.get_parameter("tail.weight")
        logit[3, 0, 1, 1] = 0.0 if blind else 100.0
        offsets = net.get_parameter("tail.bias")
        offsets[:3] = -0.5
        offsets[3] = -10.0 if blind else -295.0
    return net.eval().requires_grad_(False)


def write_overlay_model(root: Path, *, blind: bool = False) -> ModelCard:
    from safetensors.torch import save

    content = save(overlay_net(blind=blind).state_dict())
    return write_weights(
        root, content, id=OVERLAY_MODEL, task="image/watermark", arguments=OVERLAY_NET
    )
