from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import nn

from desktop_ae.domains.image.recipes import DENOISE
from desktop_ae.nets import build_net
from desktop_ae.nets.unet2d import ResidualBlock, UNet2d
from tests.fakes import TINY_NET, tiny_net


def noise(*shape: int) -> torch.Tensor:
    return torch.rand(shape, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize("shape", [(1, 3, 4, 4), (2, 3, 8, 20), (1, 3, 64, 4)])
def test_the_shape_is_kept(shape: tuple[int, ...]) -> None:
    assert tiny_net()(noise(*shape)).shape == shape


def test_a_grey_net_takes_one_channel() -> None:
    net = UNet2d(in_channels=1, channels=(8, 16), blocks=(1, 1))
    assert net(noise(1, 1, 8, 8)).shape == (1, 1, 8, 8)


def test_extra_channels_come_behind_the_estimate_and_begin_at_nothing_of_it() -> None:
    torch.manual_seed(0)
    plain = UNet2d(channels=(8, 16), blocks=(1, 1))
    net = UNet2d(channels=(8, 16), blocks=(1, 1), extra_channels=2)
    x = noise(1, 3, 8, 12)
    assert net(x).shape == (1, 5, 8, 12)
    assert plain(x).shape == (1, 3, 8, 12)
    net.tail.weight.data.zero_()
    net.tail.bias.data.zero_()  # type: ignore[union-attr]
    assert torch.equal(net(x)[:, :3], x) and not bool(net(x)[:, 3:].any())


def test_a_slope_lets_through_what_a_plain_relu_stops() -> None:
    block, leaky = ResidualBlock(4, 0.0), ResidualBlock(4, 0.1)
    leaky.load_state_dict(block.state_dict())
    for made in (block, leaky):
        made.first.weight.data.fill_(-1.0)
        made.first.bias.data.fill_(-1.0)  # type: ignore[union-attr]
        made.second.weight.data.fill_(1.0)
    x = noise(1, 4, 6, 6)
    assert torch.equal(block(x.clone()), x)
    assert float((leaky(x.clone()) - x).detach().abs().min()) > 0.1


def test_levels_and_shuffle_set_what_sides_must_be_multiples_of() -> None:
    assert UNet2d(channels=(8,), blocks=(1,), shuffle=1).multiple_of == 1
    assert UNet2d(channels=(8, 8), blocks=(1, 1), shuffle=2).multiple_of == 4
    assert UNet2d(channels=(8, 8, 8), blocks=(1, 1, 1), shuffle=2).multiple_of == 8


@pytest.mark.parametrize(("height", "width"), [(6, 8), (8, 6), (1, 1), (7, 7)])
def test_other_sides_are_refused(height: int, width: int) -> None:
    with pytest.raises(ValueError, match=f"sides {height}x{width} are no multiples of 4"):
        tiny_net()(noise(1, 3, height, width))


@pytest.mark.parametrize(
    "arguments",
    [
        {"channels": (), "blocks": ()},
        {"channels": (8, 16), "blocks": (1,)},
        {"channels": (8,), "blocks": (-1,)},
        {"channels": (8,), "blocks": (1,), "shuffle": 0},
    ],
)
def test_arguments_that_make_no_net_are_refused(arguments: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="one count of blocks for each level"):
        UNet2d(**arguments)


def test_an_unknown_net_and_an_unknown_argument_are_refused() -> None:
    with pytest.raises(KeyError):
        build_net("resnet", {})
    with pytest.raises(TypeError):
        build_net("unet2d", {"depth": 3})


def test_a_residual_block_does_nothing_before_training() -> None:
    block, x = ResidualBlock(6, 0.0), noise(1, 6, 5, 5) - 0.5
    assert torch.equal(block(x), x)


def test_the_input_is_not_changed_although_activations_are() -> None:
    x = noise(1, 3, 16, 16)
    before = x.clone()
    with torch.inference_mode():
        tiny_net()(x)
    assert torch.equal(x, before)


def test_the_net_estimates_a_residual_so_that_a_silent_tail_gives_the_input() -> None:
    net = build_net("unet2d", TINY_NET)
    x = noise(1, 3, 16, 16)
    with torch.no_grad():
        # Head and tail begin at random, so an untrained net is near the identity but not it.
        assert 0 < (net(x) - x).abs().mean() < 0.5
        for name, weight in net.named_parameters():
            if name.startswith("tail"):
                weight.zero_()
        assert torch.equal(net(x), x)


def test_pictures_of_a_batch_do_not_touch_each_other() -> None:
    net, x = tiny_net(), noise(2, 3, 16, 16)
    together = net(x)
    assert torch.allclose(together[:1], net(x[:1]), atol=1e-6)
    assert torch.allclose(together[1:], net(x[1:]), atol=1e-6)


def test_the_gradient_reaches_every_parameter() -> None:
    net = tiny_net().requires_grad_(True)
    net(noise(2, 3, 16, 16)).square().mean().backward()
    still = [n for n, p in net.named_parameters() if p.grad is None or not p.grad.abs().sum()]
    assert still == []


def test_every_level_matters() -> None:
    x = noise(1, 3, 16, 16)
    whole = tiny_net()(x)
    net = tiny_net()
    for name, part in net.named_modules():
        if isinstance(part, nn.Conv2d | nn.ConvTranspose2d):
            weight = part.weight.clone()
            part.weight.zero_()
            assert not torch.allclose(net(x), whole, atol=1e-4), f"{name} could be left out"
            part.weight.copy_(weight)
    assert torch.equal(net(x), whole)


def test_the_shipped_recipe_makes_a_net_of_the_size_its_speed_was_measured_with() -> None:
    net = build_net(DENOISE.net, DENOISE.arguments)
    assert sum(p.numel() for p in net.parameters()) == 3_017_580
    assert DENOISE.patch % int(getattr(net, "multiple_of", 0)) == 0
