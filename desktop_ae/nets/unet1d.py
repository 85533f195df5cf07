"""A convolutional denoising autoencoder for signals of one channel: a U over time.

Residual blocks (He et al. 2016) in a U-Net (Ronneberger et al. 2015) behind a fold of neighbouring
samples into channels, as a pixel-unshuffle does it for pictures: on a CPU that is several times
faster than the same arithmetic at full rate.
"""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor, nn

from desktop_ae.nets.residual1d import ResidualBlock1d


def _blocks(count: int, channels: int, kernel: int, slope: float) -> nn.Sequential:
    return nn.Sequential(*(ResidualBlock1d(channels, slope, kernel) for _ in range(count)))


class UNet1d(nn.Module):
    """Blind denoiser: `(batch, 1, samples)` around [-1, 1] in, the clean estimate out, same shape.

    channels: width of each level, the first at 1/fold of the rate, each next at half of that.
    blocks: residual blocks of each level, in the encoder and again in the decoder.
    kernel: odd, of every convolution in the blocks. fold: samples side by side in channels.
    slope: of the leaky ReLUs for negative values.
    The number of samples must be a multiple of `multiple_of`; ValueError otherwise.
    """

    def __init__(
        self,
        channels: Sequence[int] = (48, 80, 112, 144),
        blocks: Sequence[int] = (1, 1, 1, 2),
        kernel: int = 7,
        fold: int = 4,
        slope: float = 0.1,
    ) -> None:
        super().__init__()
        if not channels or len(blocks) != len(channels) or fold < 1 or kernel % 2 == 0:
            raise ValueError("a U-Net needs one count of blocks for each level, and an odd kernel")
        self.fold = fold
        self.multiple_of = fold * 2 ** (len(channels) - 1)
        pairs = list(zip(channels, channels[1:], strict=False))
        self.head = nn.Conv1d(fold, channels[0], kernel, padding=kernel // 2)
        self.encoder = nn.ModuleList(
            _blocks(count, width, kernel, slope)
            for count, width in zip(blocks[:-1], channels[:-1], strict=True)
        )
        self.down = nn.ModuleList(nn.Conv1d(a, b, 2, stride=2) for a, b in pairs)
        self.bottleneck = _blocks(blocks[-1], channels[-1], kernel, slope)
        self.up = nn.ModuleList(nn.ConvTranspose1d(b, a, 2, stride=2) for a, b in reversed(pairs))
        self.decoder = nn.ModuleList(
            _blocks(count, width, kernel, slope)
            for count, width in zip(blocks[-2::-1], channels[-2::-1], strict=True)
        )
        self.tail = nn.Conv1d(channels[0], fold, kernel, padding=kernel // 2)
        nn.init.zeros_(self.tail.weight)
        nn.init.zeros_(self.tail.bias)  # type: ignore[arg-type]

    def forward(self, noisy: Tensor) -> Tensor:
        batch, _, samples = noisy.shape
        if samples % self.multiple_of:
            raise ValueError(f"{samples} samples are no multiple of {self.multiple_of}")
        x: Tensor = self.head(noisy.view(batch, -1, self.fold).transpose(1, 2))
        skips: list[Tensor] = []
        for encode, down in zip(self.encoder, self.down, strict=True):
            x = encode(x)
            skips.append(x)
            x = down(x)
        x = self.bottleneck(x)
        for up, decode in zip(self.up, self.decoder, strict=True):
            x = decode(up(x) + skips.pop())
        change: Tensor = self.tail(x).transpose(1, 2).reshape(batch, 1, samples)
        return noisy + change
