"""A convolutional denoising autoencoder for pictures.

Plain 3x3 residual blocks in a U (Ronneberger et al. 2015; the residual form follows DRUNet,
Zhang et al. 2021), all at half size or below behind a pixel-unshuffle (FFDNet, Zhang et al. 2018):
on a CPU that is several times faster than the same arithmetic at full size.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class ResidualBlock(nn.Module):
    """Two 3x3 convolutions beside the identity, which is all it does before training.

    slope: of the leaky ReLU between them (Maas et al. 2013); 0 for a plain one, which can die.
    """

    def __init__(self, channels: int, slope: float) -> None:
        super().__init__()
        self.slope = slope
        self.first = nn.Conv2d(channels, channels, 3, padding=1)
        self.second = nn.Conv2d(channels, channels, 3, padding=1)
        nn.init.zeros_(self.second.weight)
        nn.init.zeros_(self.second.bias)  # type: ignore[arg-type]

    def forward(self, x: Tensor) -> Tensor:
        # In place: at inference a fresh buffer costs as much as the activation itself. Only what is
        # learnt from needs x as it was.
        residual: Tensor = self.second(F.leaky_relu_(self.first(x), self.slope))
        return residual.add_(x) if torch.is_grad_enabled() else x.add_(residual)


def _blocks(count: int, channels: int, slope: float) -> nn.Sequential:
    return nn.Sequential(*(ResidualBlock(channels, slope) for _ in range(count)))


class UNet2d(nn.Module):
    """Blind denoiser: `(batch, in_channels, height, width)` in, the clean estimate out.

    in_channels: colour planes, values around [0, 1] (not clipped).
    channels: width of each level, the first at 1/shuffle of the size, each next at half of that.
    blocks: residual blocks of each level, in the encoder and again in the decoder; 0 for none.
    slope: of the leaky ReLUs for negative values, 0 to 1.
    extra_channels: planes that are put behind the clean estimate, such as logits of a mask.
    Height and width must be multiples of `multiple_of`; ValueError otherwise.
    """

    def __init__(
        self,
        in_channels: int = 3,
        channels: Sequence[int] = (48, 96, 192),
        blocks: Sequence[int] = (2, 2, 3),
        shuffle: int = 2,
        slope: float = 0.0,
        extra_channels: int = 0,
    ) -> None:
        super().__init__()
        if not channels or len(blocks) != len(channels) or shuffle < 1 or min(blocks) < 0:
            raise ValueError("a U-Net needs one count of blocks for each level, and shuffle >= 1")
        self.shuffle = shuffle
        self.multiple_of = shuffle * 2 ** (len(channels) - 1)
        folded = in_channels * shuffle**2
        self.extra_channels = extra_channels
        pairs = list(zip(channels, channels[1:], strict=False))
        level = partial(_blocks, slope=slope)
        self.head = nn.Conv2d(folded, channels[0], 3, padding=1)
        self.encoder = nn.ModuleList(map(level, blocks[:-1], channels[:-1]))
        self.down = nn.ModuleList(nn.Conv2d(a, b, 2, stride=2) for a, b in pairs)
        self.bottleneck = level(blocks[-1], channels[-1])
        self.up = nn.ModuleList(nn.ConvTranspose2d(b, a, 2, stride=2) for a, b in reversed(pairs))
        self.decoder = nn.ModuleList(map(level, blocks[-2::-1], channels[-2::-1]))
        self.tail = nn.Conv2d(channels[0], folded + extra_channels * shuffle**2, 3, padding=1)

    def forward(self, noisy: Tensor) -> Tensor:
        height, width = noisy.shape[-2:]
        if height % self.multiple_of or width % self.multiple_of:
            raise ValueError(f"sides {height}x{width} are no multiples of {self.multiple_of}")
        x: Tensor = self.head(F.pixel_unshuffle(noisy, self.shuffle))
        skips: list[Tensor] = []
        for encode, down in zip(self.encoder, self.down, strict=True):
            x = encode(x)
            skips.append(x)
            x = down(x)
        x = self.bottleneck(x)
        for up, decode in zip(self.up, self.decoder, strict=True):
            x = up(x)
            x = decode(x.add_(skips.pop()))
        residual = F.pixel_shuffle(self.tail(x), self.shuffle)
        if not self.extra_channels:
            return torch.add(noisy, residual)
        planes = noisy.shape[1]
        return torch.cat((noisy + residual[:, :planes], residual[:, planes:]), dim=1)
