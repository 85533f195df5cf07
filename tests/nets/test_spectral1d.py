from __future__ import annotations

import pytest
import torch
from torch import nn

from desktop_ae.domains.audio.denoise import _SMOOTH_FRAMES, CONTEXT_FRAMES
from desktop_ae.domains.audio.recipes import DENOISE
from desktop_ae.nets import build_net
from desktop_ae.nets.spectral1d import Spectral1d, istft, stft
from tests.domains.audio.nets import tiny_sound_net


def waves(*shape: int) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(0)) * 0.05


@pytest.mark.parametrize("samples", [1, 256, 4096, 5000])
def test_the_shape_is_kept_and_an_untrained_net_does_nothing(samples: int) -> None:
    net, x = Spectral1d(channels=(8, 8)), waves(2, 1, samples)
    assert net(x).shape == x.shape
    assert torch.allclose(net(x), x, atol=1e-5)


@pytest.mark.parametrize("hop", [8, 128, 176, 256, 353, 704, 768])
def test_frames_of_any_length_add_up_to_the_sound(hop: int) -> None:
    x = waves(1, 9 * hop + 5)
    padded = nn.functional.pad(x, (0, 2 * hop))
    back = istft(stft(padded, hop), hop, padded.shape[1])[:, : x.shape[1]]
    assert torch.allclose(back, x, atol=1e-6)


def test_every_level_matters() -> None:
    net, x = tiny_sound_net(), waves(1, 1, 8000)
    whole = net(x)
    for name, part in net.named_modules():
        if isinstance(part, nn.Conv1d | nn.ConvTranspose1d):
            weight = part.weight.clone()
            part.weight.zero_()
            assert not torch.allclose(net(x), whole, atol=1e-4), f"{name} could be left out"
            part.weight.copy_(weight)


def test_the_gradient_reaches_every_parameter_even_from_silence() -> None:
    net = tiny_sound_net().requires_grad_(True)
    sounds = torch.cat([waves(1, 1, 4096), torch.zeros(1, 1, 4096)])
    net(sounds).square().mean().backward()
    grads = {name: p.grad for name, p in net.named_parameters()}
    assert [n for n, g in grads.items() if g is None or not g.isfinite().all()] == []
    assert [n for n, g in grads.items() if g is not None and not g.abs().sum()] == []


def test_it_looks_no_further_than_segments_overlap() -> None:
    net = tiny_sound_net()
    frames, middle = 512, 256
    rng = torch.Generator().manual_seed(1)
    spectra = torch.randn((1, net.bins, frames), generator=rng, dtype=torch.complex64)
    other = spectra.clone()
    other[..., middle] *= 3
    touched = (net.enhance(spectra) - net.enhance(other)).abs().amax((0, 1)) > 0
    reach = (touched.nonzero() - middle).abs().max()
    assert 70 <= int(reach) <= 74
    # A frame reaches into the next; noise above the net's band is a mean over more.
    assert int(reach) + _SMOOTH_FRAMES // 2 + 2 <= CONTEXT_FRAMES


def test_the_shipped_recipe_makes_a_net_of_the_size_its_speed_was_measured_with() -> None:
    net = build_net(DENOISE.net, DENOISE.arguments)
    assert sum(p.numel() for p in net.parameters()) == 3_890_660
