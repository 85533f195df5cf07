"""The block of the nets over time."""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional as F


class ResidualBlock1d(nn.Module):
    """Two convolutions over time beside the identity, which is all it does before training.

    slope: of the leaky ReLU between them. kernel: odd. dilation: of the first one's steps.
    """

    def __init__(self, channels: int, slope: float, kernel: int = 3, dilation: int = 1) -> None:
        super().__init__()
        self.slope = slope
        reach = kernel // 2
        self.first = nn.Conv1d(
            channels, channels, kernel, padding=reach * dilation, dilation=dilation
        )
        self.second = nn.Conv1d(channels, channels, kernel, padding=reach)
        nn.init.zeros_(self.second.weight)
        nn.init.zeros_(self.second.bias)  # type: ignore[arg-type]

    def forward(self, x: Tensor) -> Tensor:
        residual: Tensor = self.second(F.leaky_relu(self.first(x), self.slope))
        return residual + x
