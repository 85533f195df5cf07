"""How clean photos become noisy: sensor noise developed through a camera, Gaussian, grain, JPEG.

Everything works on batches `(batch, 3, height, width)`, sRGB in [0, 1], on any device, and draws
from the given generator alone, so that a seed fixes the result.

The camera follows "Unprocessing images for learned raw denoising" (Brooks et al. 2019): sRGB is
taken back to linear sensor values, shot and read noise are added on a Bayer mosaic, demosaiced,
and developed again. Only the noise passes through the mosaic: the truth stays as sharp as it was.
"""

from __future__ import annotations

import math

import torch
from torch import Generator, Tensor
from torch.nn import functional as F

# XYZ-to-camera matrices of four cameras, as published with Brooks et al. 2019.
_XYZ_TO_CAMERA = torch.tensor(
    [
        [[1.0234, -0.2969, -0.2266], [-0.5625, 1.6328, -0.0469], [-0.0703, 0.2188, 0.6406]],
        [[0.4913, -0.0541, -0.0202], [-0.613, 1.3513, 0.2906], [-0.1564, 0.2151, 0.7183]],
        [[0.838, -0.263, -0.0639], [-0.2887, 1.0725, 0.2496], [-0.0627, 0.1427, 0.5438]],
        [[0.6596, -0.2079, -0.0562], [-0.4782, 1.3016, 0.1933], [-0.097, 0.1581, 0.5181]],
    ]
)
_RGB_TO_XYZ = torch.tensor(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)
_RGB_TO_YCC = torch.tensor(
    [[0.299, 0.587, 0.114], [-0.168736, -0.331264, 0.5], [0.5, -0.418688, -0.081312]]
)
# Tables K.1 and K.2 of ITU-T T.81.
_LUMA_TABLE = torch.tensor(
    [
        [16, 11, 10, 16, 24, 40, 51, 61],
        [12, 12, 14, 19, 26, 58, 60, 55],
        [14, 13, 16, 24, 40, 57, 69, 56],
        [14, 17, 22, 29, 51, 87, 80, 62],
        [18, 22, 37, 56, 68, 109, 103, 77],
        [24, 35, 55, 64, 81, 104, 113, 92],
        [49, 64, 78, 87, 103, 121, 120, 101],
        [72, 92, 95, 98, 112, 100, 103, 99],
    ],
    dtype=torch.float32,
)
_CHROMA_TABLE = torch.full((8, 8), 99.0)
_CHROMA_TABLE[:4, :4] = torch.tensor(
    [[17, 18, 24, 47], [18, 21, 26, 66], [24, 26, 56, 99], [47, 66, 99, 99]], dtype=torch.float32
)


def damage(clean: Tensor, rng: Generator) -> Tensor:
    """Make the noisy side of a training batch: every kind of noise in fixed shares.

    Of each batch about 66 % gets Gaussian noise, 18 % camera noise, 6 % film grain, 4 % only JPEG,
    and 6 % stays clean: leaving a clean photo alone is a task like the others.
    """
    count = len(clean)
    shares = (0.66, 0.18, 0.06, 0.04)
    kinds = (gaussian, camera, grain, compress)
    # The fractional part is drawn, so that small batches keep the shares on average.
    shift = float(uniform(rng, clean, 1, 0.0, 1.0))
    noisy = clean.clone()
    start = 0.0
    for share, kind in zip(shares, kinds, strict=True):
        first = math.floor(start * count + shift)
        start += share
        last = min(math.floor(start * count + shift), count)
        if last > first:
            noisy[first:last] = kind(clean[first:last], rng)
    return noisy


def uniform(rng: Generator, like: Tensor, count: int, low: float, high: float) -> Tensor:
    """`(count, 1, 1, 1)` numbers between low and high."""
    drawn = torch.rand((count, 1, 1, 1), generator=rng, device=like.device)
    return drawn * (high - low) + low


def gaussian(clean: Tensor, rng: Generator) -> Tensor:
    """Independent noise, sigma 0 to 55 of 255; a third is clipped and rounded as in a file."""
    sigma = uniform(rng, clean, len(clean), 0.0, 55.0 / 255)
    noisy = clean + sigma * normal(clean, rng)
    filed = uniform(rng, clean, len(clean), 0.0, 1.0) < 0.33
    return torch.where(filed, _to_8_bit(noisy), noisy)


def grain(clean: Tensor, rng: Generator) -> Tensor:
    """Film grain: mostly luma, correlated over a pixel or two, strongest in the mid-tones."""
    count = len(clean)
    amount = uniform(rng, clean, count, 2.0 / 255, 28.0 / 255)
    mono = normal(clean[:, :1], rng).expand_as(clean)
    colour = uniform(rng, clean, count, 0.0, 0.6)
    noise = blur(mono + colour * normal(clean, rng), uniform(rng, clean, count, 0.3, 1.1))
    noise = noise / noise.std(dim=(1, 2, 3), keepdim=True).clamp_min(1e-6)
    tone = 0.35 + 2.6 * clean.mean(1, keepdim=True) * (1 - clean.mean(1, keepdim=True))
    return _to_8_bit(clean + amount * tone * noise)


def compress(clean: Tensor, rng: Generator) -> Tensor:
    """JPEG artefacts alone, quality 35 to 95."""
    return jpeg(clean, uniform(rng, clean, len(clean), 35.0, 95.0), rng)


def camera(clean: Tensor, rng: Generator) -> Tensor:
    """Sensor noise developed through a random camera; see the module's head."""
    count = len(clean)
    to_camera = _random_matrices(clean, rng)
    gains = torch.cat(
        [
            uniform(rng, clean, count, 1.4, 2.5),
            torch.ones((count, 1, 1, 1), device=clean.device),
            uniform(rng, clean, count, 1.3, 2.2),
        ],
        dim=1,
    )
    exposure = uniform(rng, clean, count, 0.7, 1.3)
    curve = uniform(rng, clean, count, 0.0, 1.0)  # how much of the S-shaped tone curve is used

    linear = _untone(clean.clamp(0, 1), curve).clamp_min(1e-8) ** 2.2
    sensor = _apply(to_camera, linear).clamp(0, 1) / (gains * exposure)
    log_shot = uniform(rng, clean, count, math.log(8e-5), math.log(1.4e-2))
    log_read = (
        2.18 * log_shot
        + 1.2
        + 0.26 * torch.randn(log_shot.shape, generator=rng, device=clean.device)
    )
    sigma = (log_shot.exp() * sensor + log_read.exp()).sqrt()
    noise = _demosaic(sigma * normal(clean[:, :1], rng), rng)
    developed = _apply(torch.linalg.inv(to_camera), (sensor + noise) * gains * exposure)
    noisy = _tone(developed.clamp(0, 1).clamp_min(1e-8) ** (1 / 2.2), curve)
    # What colour conversion alone changes (clipped highlights) is no noise.
    still = _apply(torch.linalg.inv(to_camera), sensor * gains * exposure)
    still = _tone(still.clamp(0, 1).clamp_min(1e-8) ** (1 / 2.2), curve)
    residual = _in_camera_filter(noisy - still, rng)
    noisy = (clean + residual).clamp(0, 1)
    quality = uniform(rng, clean, count, 55.0, 100.0)
    kept = uniform(rng, clean, count, 0.0, 1.0) < 0.35
    return torch.where(kept, _to_8_bit(noisy), jpeg(noisy, quality, rng))


def jpeg(picture: Tensor, quality: Tensor, rng: Generator) -> Tensor:
    """What a JPEG encoder leaves of a picture: rounding of its block DCT, half with 4:2:0 chroma.

    quality: `(batch, 1, 1, 1)`, 1 to 100, scaled as libjpeg does. Sides are padded to 16 inside.
    """
    height, width = picture.shape[-2:]
    padded = F.pad(picture, (0, -width % 16, 0, -height % 16), mode="replicate")
    ycc = _apply(_RGB_TO_YCC.to(picture), padded.clamp(0, 1)) * 255
    scale = torch.where(quality < 50, 50 / quality, 2 - quality / 50).squeeze(-1).squeeze(-1)
    luma = _round_blocks(ycc[:, :1] - 128, _LUMA_TABLE.to(picture), scale) + 128
    chroma = ycc[:, 1:]
    full = _round_blocks(chroma, _CHROMA_TABLE.to(picture), scale)
    small = _round_blocks(F.avg_pool2d(chroma, 2), _CHROMA_TABLE.to(picture), scale)
    small = F.interpolate(small, scale_factor=2, mode="bilinear", align_corners=False)
    halved = uniform(rng, picture, len(picture), 0.0, 1.0) < 0.5
    chroma = torch.where(halved, small, full)
    back = torch.linalg.inv(_RGB_TO_YCC.to(picture))
    rgb = _apply(back, torch.cat([luma, chroma], dim=1) / 255)
    return _to_8_bit(rgb[..., :height, :width])


def _round_blocks(plane: Tensor, table: Tensor, scale: Tensor) -> Tensor:
    batch, channels, height, width = plane.shape
    index = torch.arange(8, device=plane.device, dtype=plane.dtype)
    dct = torch.cos((2 * index[None] + 1) * index[:, None] * math.pi / 16) / 2
    dct[0] /= math.sqrt(2)
    steps = (table * scale[..., None]).clamp(1, 255).round()[:, None, None]
    blocks = plane.reshape(batch, channels, height // 8, 8, width // 8, 8).transpose(3, 4)
    steps = steps.unsqueeze(1).squeeze(2).reshape(batch, 1, 1, 1, 8, 8)
    rounded = torch.round(dct @ blocks @ dct.T / steps) * steps
    return (dct.T @ rounded @ dct).transpose(3, 4).reshape(plane.shape)


def _in_camera_filter(noise: Tensor, rng: Generator) -> Tensor:
    """Cameras smooth and damp chroma more than luma, then sharpen: what is left is blotchy, and
    much alike in the three channels.
    """
    count = len(noise)
    ycc = _apply(_RGB_TO_YCC.to(noise), noise)

    def some(share: float, low: float, high: float) -> Tensor:
        on = uniform(rng, noise, count, 0.0, 1.0) < share
        return torch.where(
            on, uniform(rng, noise, count, low, high), torch.zeros_like(noise[:, :1, :1, :1])
        )

    luma = blur(ycc[:, :1], some(0.7, 0.4, 1.1))
    chroma = blur(ycc[:, 1:], some(0.7, 0.3, 2.2)) * (1 - some(0.75, 0.2, 0.85))
    ycc = torch.cat([luma, chroma], dim=1)
    ycc = ycc + some(0.5, 0.2, 1.5) * (ycc - blur(ycc, torch.full_like(noise[:, :1, :1, :1], 0.9)))
    return _apply(torch.linalg.inv(_RGB_TO_YCC.to(noise)), ycc)


def _demosaic(plane: Tensor, rng: Generator) -> Tensor:
    """Sensor noise `(batch, 3, h, w)` sampled on a Bayer mosaic, interpolated bilinearly."""
    height, width = plane.shape[-2:]
    rows = torch.arange(height, device=plane.device)[:, None] % 2
    columns = torch.arange(width, device=plane.device)[None] % 2
    if torch.rand((), generator=rng, device=plane.device) < 0.5:
        columns = 1 - columns
    red = ((rows == 0) & (columns == 0)).to(plane)
    blue = ((rows == 1) & (columns == 1)).to(plane)
    mosaic = plane * torch.stack([red, 1 - red - blue, blue])
    cross = torch.tensor([[0, 1, 0], [1, 4, 1], [0, 1, 0]], device=plane.device) / 4
    square = torch.tensor([[1, 2, 1], [2, 4, 2], [1, 2, 1]], device=plane.device) / 4
    kernels = torch.stack([square, cross, square])[:, None].to(plane)
    return F.conv2d(F.pad(mosaic, (1, 1, 1, 1), mode="reflect"), kernels, groups=3)


def _random_matrices(like: Tensor, rng: Generator) -> Tensor:
    """`(batch, 3, 3)`: sRGB to camera colour, a random mixture of four real cameras."""
    weights = torch.rand((len(like), 4, 1, 1), generator=rng, device=like.device)
    weights = weights / weights.sum(1, keepdim=True)
    mixed = (weights * _XYZ_TO_CAMERA.to(like)).sum(1) @ _RGB_TO_XYZ.to(like)
    return mixed / mixed.sum(-1, keepdim=True)


def _apply(matrix: Tensor, picture: Tensor) -> Tensor:
    return torch.einsum("...ij,...jhw->...ihw", matrix, picture)


def _tone(picture: Tensor, amount: Tensor) -> Tensor:
    return torch.lerp(picture, 3 * picture**2 - 2 * picture**3, 0.6 * amount)


def _untone(picture: Tensor, amount: Tensor) -> Tensor:
    """The inverse of `_tone`, by a few Newton steps (it is a cubic without a handy root)."""
    x = picture
    share = 0.6 * amount
    for _ in range(4):
        slope = (1 - share) + share * 6 * (x - x**2)
        x = (x - (_tone(x, amount) - picture) / slope.clamp_min(0.1)).clamp(0, 1)
    return x


def blur(picture: Tensor, sigma: Tensor) -> Tensor:
    """Gaussian blur, a width of its own for each picture; sigma `(batch, 1, 1, 1)` in pixels."""
    batch, channels = picture.shape[:2]
    offsets = torch.arange(-5, 6, device=picture.device, dtype=picture.dtype)
    kernel = torch.exp(-0.5 * (offsets / sigma.reshape(batch, 1).clamp_min(1e-3)) ** 2)
    kernel = (kernel / kernel.sum(1, keepdim=True)).repeat_interleave(channels, 0)
    flat = picture.reshape(1, batch * channels, *picture.shape[2:])
    flat = F.conv2d(
        F.pad(flat, (5, 5, 0, 0), mode="reflect"), kernel[:, None, None], groups=batch * channels
    )
    flat = F.conv2d(
        F.pad(flat, (0, 0, 5, 5), mode="reflect"), kernel[:, None, :, None], groups=batch * channels
    )
    return flat.reshape(picture.shape)


def normal(like: Tensor, rng: Generator) -> Tensor:
    return torch.randn(like.shape, generator=rng, device=like.device)


def _to_8_bit(picture: Tensor) -> Tensor:
    return (picture.clamp(0, 1) * 255).round() / 255
