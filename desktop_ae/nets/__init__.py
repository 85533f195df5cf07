"""Torch modules, one family per file; `build_net` makes one by the name a card gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from torch import nn

from desktop_ae.nets.spectral1d import Spectral1d
from desktop_ae.nets.unet1d import UNet1d
from desktop_ae.nets.unet2d import UNet2d

NETS: Mapping[str, Callable[..., nn.Module]] = {
    "spectral1d": Spectral1d,
    "unet1d": UNet1d,
    "unet2d": UNet2d,
}


def build_net(name: str, arguments: Mapping[str, Any]) -> nn.Module:
    """Make an untrained net.

    Raises KeyError for an unknown name, TypeError or ValueError for arguments it does not take.
    """
    return NETS[name](**arguments)
