"""Muon: momentum whose every matrix update is made orthogonal before it is taken.

Jordan et al. 2024, with the step size of Liu et al. 2025 ("Muon is scalable for LLM training"),
so that one learning rate serves it and Adam. `torch.optim.Muon` takes two-dimensional parameters
only; a convolution is treated here as the matrix (out, in * kernel).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor, nn


class Muon(torch.optim.Optimizer):
    """For the weights of hidden layers; biases, first and last layers belong to Adam.

    decay: of the weights at each step, as a share of the learning rate (decoupled, as in AdamW).
    Without it the updates, whose size does not shrink with the gradient, let weights grow for ever.
    """

    def __init__(
        self,
        params: Iterable[nn.Parameter],
        lr: float,
        momentum: float = 0.95,
        decay: float = 0.05,
    ) -> None:
        super().__init__(params, {"lr": lr, "momentum": momentum, "decay": decay})

    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> None:  # type: ignore[override]
        for group in self.param_groups:
            for weight in group["params"]:
                if weight.grad is None:
                    continue
                state: dict[str, Any] = self.state[weight]
                if "momentum" not in state:
                    state["momentum"] = torch.zeros_like(weight)
                average: Tensor = state["momentum"]
                average.lerp_(weight.grad, 1 - group["momentum"])
                wanted = weight.grad.lerp(average, group["momentum"])
                update = orthogonalise(wanted.reshape(len(weight), -1)).reshape(weight.shape)
                weight.mul_(1 - group["lr"] * group["decay"])
                size = max(len(weight), weight[0].numel())
                weight.add_(update.to(weight.dtype), alpha=-0.2 * size**0.5 * group["lr"])


def orthogonalise(matrix: Tensor, steps: int = 5) -> Tensor:
    """Push all singular values of a matrix near one: a quintic Newton-Schulz iteration in bf16."""
    x: Tensor = matrix.bfloat16()
    turned = x.shape[0] > x.shape[1]
    if turned:
        x = x.T
    x = x / (x.norm() + 1e-7)
    for _ in range(steps):
        square: Tensor = x @ x.T
        x = 3.4445 * x + (-4.7750 * square + 2.0315 * square @ square) @ x
    return x.T if turned else x


def split_parameters(net: nn.Module) -> tuple[list[nn.Parameter], list[nn.Parameter]]:
    """(for Muon, for Adam): hidden weight matrices, and all the rest."""
    weights = [p for p in net.parameters() if p.ndim >= 2]
    hidden = weights[1:-1]
    chosen = {id(p) for p in hidden}
    return hidden, [p for p in net.parameters() if id(p) not in chosen]
