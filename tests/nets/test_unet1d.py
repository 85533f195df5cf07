from __future__ import annotations

import pytest
import torch
from torch import nn

from desktop_ae.domains.ecg.denoise import CONTEXT_S
from desktop_ae.domains.ecg.recipes import DENOISE, RATE_HZ
from desktop_ae.nets import build_net
from desktop_ae.nets.unet1d import UNet1d
from tests.domains.ecg.hearts import tiny_ecg_net


def waves(samples: int, count: int = 1) -> torch.Tensor:
    return torch.randn((count, 1, samples), generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize("samples", [32, 320, 4096])
def test_the_shape_is_kept_and_an_untrained_net_does_nothing(samples: int) -> None:
    net, x = UNet1d(channels=(4, 6, 8, 8)), waves(samples, 2)
    assert torch.equal(net(x), x)


def test_a_length_that_does_not_fit_is_an_error() -> None:
    with pytest.raises(ValueError, match="33 samples are no multiple of 32"):
        UNet1d(channels=(4, 4, 4, 4))(waves(33))


@pytest.mark.parametrize("wrong", [{"channels": ()}, {"kernel": 4}, {"fold": 0}, {"blocks": (1,)}])
def test_what_is_no_u_is_an_error(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="a U-Net needs"):
        build_net("unet1d", wrong)


def test_every_level_matters() -> None:
    net, x = tiny_ecg_net(), waves(640)
    whole = net(x)
    for name, part in net.named_modules():
        if isinstance(part, nn.Conv1d | nn.ConvTranspose1d):
            weight = part.weight.clone()
            part.weight.zero_()
            assert not torch.allclose(net(x), whole, atol=1e-5), f"{name} could be left out"
            part.weight.copy_(weight)


def test_the_gradient_reaches_every_parameter() -> None:
    net = tiny_ecg_net().requires_grad_(True)
    net(waves(640, 2)).square().mean().backward()
    grads = {name: p.grad for name, p in net.named_parameters()}
    assert [n for n, g in grads.items() if g is None or not g.abs().sum()] == []


def test_it_looks_no_further_than_segments_overlap() -> None:
    """The recipe's net, made to pass on everything that it sees."""
    net = build_net("unet1d", DENOISE.arguments).eval().requires_grad_(False)
    for part in net.modules():
        if isinstance(part, nn.Conv1d | nn.ConvTranspose1d):
            part.weight.fill_(1 / part.weight[0].numel())
    reach = int(CONTEXT_S * RATE_HZ)
    x = waves((2 * reach + 320) // 32 * 32)
    far = x.clone()
    far[..., : -reach - 32] += 1.0  # more than the reach before the end's last samples
    assert torch.allclose(net(x)[..., -32:], net(far)[..., -32:], atol=1e-4)
