from __future__ import annotations

import pytest
import torch
from torch import nn

from desktop_ae.nets import build_net
from desktop_ae.training.optimizer import Muon, orthogonalise, split_parameters
from tests.fakes import TINY_NET


def normal(*shape: int) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize("shape", [(16, 40), (40, 16), (8, 72), (1, 9), (9, 1)])
@pytest.mark.parametrize("size", [1e-4, 1.0, 1e4])
def test_orthogonalise_brings_every_singular_value_near_one(
    shape: tuple[int, int], size: float
) -> None:
    result = orthogonalise(normal(*shape) * size).float()
    assert result.shape == shape
    values = torch.linalg.svdvals(result)
    assert values.min() > 0.6
    assert values.max() < 1.3


def test_orthogonalise_keeps_the_directions() -> None:
    matrix = normal(16, 40)
    left, _, right = torch.linalg.svd(matrix, full_matrices=False)
    wanted = left @ right
    result = orthogonalise(matrix).float()
    cosine = (result * wanted).sum() / (result.norm() * wanted.norm())
    assert cosine > 0.95


def test_orthogonalise_leaves_zero_at_zero() -> None:
    assert torch.equal(orthogonalise(torch.zeros(4, 6)).float(), torch.zeros(4, 6))


@pytest.mark.parametrize("shape", [(12, 20), (8, 6, 3, 3)])
def test_muon_lowers_a_quadratic(shape: tuple[int, ...]) -> None:
    goal, weight = normal(*shape), nn.Parameter(torch.zeros(shape))
    optimizer = Muon([weight], lr=0.2)
    losses = []
    for step in range(150):
        optimizer.param_groups[0]["lr"] = 0.2 * (1 - step / 150)
        optimizer.zero_grad()
        loss = (weight - goal).square().mean()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        losses.append(float(loss.detach()))
    assert losses[-1] < losses[0] / 20


def test_a_step_has_the_same_size_whatever_the_gradient() -> None:
    sizes = []
    for scale in (1e-3, 1e3):
        weight = nn.Parameter(torch.zeros(10, 30))
        weight.grad = normal(10, 30) * scale
        Muon([weight], lr=0.1).step()
        sizes.append(float(weight.detach().norm()))
    assert sizes[0] == pytest.approx(sizes[1], rel=0.02)


def test_a_weight_without_a_gradient_is_left_alone() -> None:
    weight = nn.Parameter(torch.ones(3, 3))
    Muon([weight], lr=0.1).step()
    assert torch.equal(weight.detach(), torch.ones(3, 3))


def test_parameters_are_split_without_overlap_or_loss() -> None:
    net = build_net("unet2d", TINY_NET)
    hidden, rest = split_parameters(net)
    ids = [id(p) for p in (*hidden, *rest)]
    assert len(ids) == len(set(ids))
    assert set(ids) == {id(p) for p in net.parameters()}


def test_the_first_and_last_layer_and_all_biases_are_not_for_muon() -> None:
    net = build_net("unet2d", TINY_NET)
    names = {id(p): name for name, p in net.named_parameters()}
    hidden, rest = ([names[id(p)] for p in parameters] for parameters in split_parameters(net))
    assert hidden
    assert all(name.endswith(".weight") for name in hidden)
    assert [name for name in rest if name.endswith(".weight")] == ["head.weight", "tail.weight"]


def test_decay_pulls_a_weight_back_that_no_gradient_holds() -> None:
    weights = [nn.Parameter(torch.full((4, 6), 2.0)) for _ in range(2)]
    for weight, decay in zip(weights, (0.0, 0.5), strict=True):
        weight.grad = torch.zeros_like(weight)
        Muon([weight], lr=0.1, decay=decay).step()
    assert torch.equal(weights[0], torch.full((4, 6), 2.0))
    assert torch.allclose(weights[1], torch.full((4, 6), 2.0 * 0.95))
