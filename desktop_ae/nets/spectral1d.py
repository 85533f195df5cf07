"""A convolutional denoising autoencoder for sound: spectral frames as channels of a 1-D net.

Short-time spectra, power-compressed so that quiet partials count (as in CMGAN, Cao et al. 2022),
pass through dilated residual convolutions over time in a small U; what comes out turns and scales
every bin (a complex ratio mask, Williamson et al. 2016) and adds what a mask cannot.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from desktop_ae.nets.residual1d import ResidualBlock1d

POWER = 0.3
_TINY = 1e-8


class Spectral1d(nn.Module):
    """Waveform `(batch, 1, samples)` in, its estimate without noise out, the same shape.

    bins: of the spectrum, window / 2 + 1. channels: at every frame, and at every second one.
    dilations: of the blocks at full rate (encoder and again decoder), and in the bottleneck.
    A net for another rate or window than its own is used through `enhance`.
    """

    def __init__(
        self,
        bins: int = 257,
        channels: Sequence[int] = (192, 288),
        dilations: Sequence[Sequence[int]] = ((1, 3, 9), (1, 2, 4, 8)),
        slope: float = 0.1,
    ) -> None:
        super().__init__()
        wide, deep = channels
        outer, inner = dilations
        self.bins = bins
        self.head = nn.Conv1d(3 * bins, wide, 1)
        self.encoder = nn.Sequential(*(ResidualBlock1d(wide, slope, dilation=d) for d in outer))
        self.down = nn.Conv1d(wide, deep, 2, stride=2)
        self.bottleneck = nn.Sequential(*(ResidualBlock1d(deep, slope, dilation=d) for d in inner))
        self.up = nn.ConvTranspose1d(deep, wide, 2, stride=2)
        self.decoder = nn.Sequential(*(ResidualBlock1d(wide, slope, dilation=d) for d in outer))
        self.tail = nn.Conv1d(wide, 4 * bins, 1)
        nn.init.zeros_(self.tail.weight)
        nn.init.zeros_(self.tail.bias)  # type: ignore[arg-type]

    @property
    def hop(self) -> int:
        """Samples from frame to frame, half a window."""
        return self.bins - 1

    def forward(self, noisy: Tensor) -> Tensor:
        samples = noisy.shape[-1]
        spectra = stft(noisy[:, 0].float(), self.hop)
        if spectra.shape[-1] % 2:
            spectra = F.pad(spectra, (0, 1))
        return istft(self.enhance(spectra), self.hop, samples)[:, None]

    def enhance(self, spectra: Tensor) -> Tensor:
        """Complex `(batch, bins, frames)`, an even number of frames, to the same."""
        magnitude = spectra.abs()
        packed = (magnitude + _TINY) ** POWER
        phase = spectra / (magnitude + _TINY)
        real, imaginary = packed * phase.real, packed * phase.imag
        x = self.head(torch.cat([packed, real, imaginary], dim=1))
        x = self.encoder(x)
        deep = self.bottleneck(self.down(x))
        x = self.decoder(self.up(deep) + x)
        turn, lift, add, other = self.tail(x).float().chunk(4, dim=1)
        turn = 1 + turn
        real, imaginary = (
            turn * real - lift * imaginary + add,
            turn * imaginary + lift * real + other,
        )
        size = (real.square() + imaginary.square() + _TINY).sqrt()
        # Back from compressed: as high as the power takes it, no louder than can be meant.
        grown = size.clamp_max(60.0) ** (1 / POWER - 1)
        return torch.complex(real * grown, imaginary * grown)


def window(hop: int, device: torch.device | None = None) -> Tensor:
    """The root of a Hann window over two hops: laid over itself, squared, it adds up to one."""
    return torch.hann_window(2 * hop, periodic=True, device=device).sqrt()


def stft(waves: Tensor, hop: int) -> Tensor:
    """`(batch, samples)` to complex `(batch, hop + 1, frames)`, half a window before the first."""
    return torch.stft(
        waves, 2 * hop, hop, window=window(hop, waves.device), return_complex=True,
        pad_mode="constant",
    )  # fmt: skip


def istft(spectra: Tensor, hop: int, samples: int) -> Tensor:
    return torch.istft(spectra, 2 * hop, hop, window=window(hop, spectra.device), length=samples)
