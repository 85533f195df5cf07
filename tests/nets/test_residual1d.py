from __future__ import annotations

import pytest
import torch

from desktop_ae.nets.residual1d import ResidualBlock1d


@pytest.mark.parametrize(("kernel", "dilation"), [(3, 1), (7, 1), (3, 9)])
def test_a_block_does_nothing_before_training_and_something_after(
    kernel: int, dilation: int
) -> None:
    block = ResidualBlock1d(6, 0.1, kernel, dilation).requires_grad_(False)
    x = torch.randn(1, 6, 40, generator=torch.Generator().manual_seed(0))
    assert torch.equal(block(x), x)
    torch.nn.init.ones_(block.second.weight)
    assert block(x).shape == x.shape and not torch.equal(block(x), x)
