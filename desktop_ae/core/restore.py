"""Running a net over media of any size, a block at a time, in bounded memory."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Protocol

import numpy as np
import torch
from torch.nn import functional as F

from desktop_ae.core.card import ModelInput
from desktop_ae.core.clip import Clip, Samples
from desktop_ae.core.errors import BrokenResult
from desktop_ae.core.library import Model
from desktop_ae.core.memory import give_back_freed_memory

Check = Callable[[], object]
# A tile `(channels, height, width)`, its first row and column in the picture: the tile restored.
Run = Callable[[Samples, int, int], Samples]
# What a row of tiles may take of memory, in float32.
BUFFER_BYTES = 100 * 2**20
# How much of a row of tiles is given away at once: who keeps the last piece keeps little.
PIECE_ROWS = 64
BLOCK = 32


class Restorer(Protocol):
    """Restores one piece as its blocks arrive, in order."""

    def push(self, block: Clip) -> Iterator[Clip]:
        """Take the next block; give the cleaned blocks that are now complete."""

    def finish(self) -> Iterator[Clip]:
        """Give the rest, after the last block. `TileRestorer` has none left by then."""

    @property
    def removed(self) -> Removed: ...


def restore(restorer: Restorer, samples: Samples) -> Samples:
    """A whole piece at once, for one that is in memory anyway."""
    clips = [*restorer.push(Clip(samples)), *restorer.finish()]
    return np.concatenate([clip.samples for clip in clips], axis=1)


class Removed:
    """Running sums of what was taken away: for the measures shown, and "already clean"."""

    def __init__(self) -> None:
        self.count = 0
        self._square = 0.0
        self._common = 0.0
        self._channels = 1
        self._worst = 0.0
        self._heard = 0.0
        self.covered = 0  # pixels under a mask, for a task that finds one

    def add(self, residual: Samples, noisy: Samples | None = None) -> None:
        """residual: `(channels, height, width)`, input minus the full-strength output. A signal is
        one row high, and `noisy` is the input.
        """
        if noisy is not None:
            self._heard += _energy(noisy)
        self._channels = len(residual)
        self.count += residual.size
        self._square += _energy(residual)
        self._common += _energy(residual.mean(axis=0)) * self._channels
        self._worst = max(self._worst, _worst_block(residual))

    def include(self, other: Removed) -> None:
        """Add another piece's sums."""
        self._channels = other._channels
        self.count += other.count
        self._square += other._square
        self._common += other._common
        self._worst = max(self._worst, other._worst)
        self._heard += other._heard
        self.covered += other.covered

    @property
    def channels(self) -> int:
        return self._channels

    @property
    def sigma(self) -> float:
        """Standard deviation of what was removed, in units of the sample range."""
        return math.sqrt(self._square / self.count) if self.count else 0.0

    @property
    def peak_sigma(self) -> float:
        """As `sigma`, of the block of BLOCK x BLOCK pixels from which most was removed."""
        return math.sqrt(self._worst)

    @property
    def share_db(self) -> float:
        """Power of what was removed from a signal, in dB of the signal's own; -99 for none."""
        ratio = self._square / self._heard if self._heard > 0 else 0.0
        return max(-99.0, 10 * math.log10(ratio)) if ratio > 0 else -99.0

    @property
    def colour_share(self) -> float:
        """How much of its energy differs between the channels, 0 to 1."""
        return 1.0 - self._common / self._square if self._square > 0 else 0.0


def _worst_block(residual: Samples) -> float:
    """The largest mean square of a whole block; what is smaller than one counts as one block."""
    power = np.square(residual).mean(axis=0)
    height, width = power.shape
    if min(height, width) < BLOCK:
        return float(power.mean())
    down, across = height // BLOCK, width // BLOCK
    blocks = power[: down * BLOCK, : across * BLOCK].reshape(down, BLOCK, across, BLOCK)
    return float(blocks.mean(axis=(1, 3)).max())


def _energy(samples: Samples) -> float:
    flat = samples.ravel()
    return float(np.dot(flat, flat))


class TileRestorer:
    """Restores a picture from bands of rows, in tiles that see `overlap` pixels of their
    neighbours; only a tile's core is kept, so a seam would need a net that looks further.

    shape: `(channels, height, width)` of the picture; one channel is shown to a colour net as grey.
    strength: 0 gives the input back, 1 the net's estimate. `check` is called before each tile and
    may raise. A net's extra channels come behind the picture's, untouched by strength.
    Tiles of a very wide picture are less high, so that a row of them stays small.
    run: what restores one tile; None for the model's net alone.
    Raises BrokenResult if the net returns anything that is not a number.
    """

    def __init__(
        self,
        model: Model,
        shape: tuple[int, ...],
        strength: float,
        check: Check = lambda: None,
        tile: int | None = None,
        run: Run | None = None,
    ) -> None:
        self._run = run or (lambda noisy, row, column: run_net(model, noisy))
        self.strength = strength
        self.check = check
        self.removed = Removed()
        self.channels, self.height, self.width = shape
        given = model.card.input
        self._overlap = given.overlap
        self._core_width = (tile or given.tile) - 2 * given.overlap
        self._core_height = min(self._core_width, _fitting_core(given, shape))
        self._is_wide = self._core_height < self._core_width
        most = self._core_height + 2 * self._overlap
        self._held = _Rows(self.channels, self.width, min(most, self.height))
        self._next = 0  # the first row not yet given back

    def push(self, block: Clip) -> Iterator[Clip]:
        self._held.append(block.samples)
        while self._next < self.height:
            stop = min(self._next + self._core_height, self.height)
            if self._held.stop < min(stop + self._overlap, self.height):
                return
            yield from self._band(self._next, stop)
            self._next = stop
            self._held.drop_before(stop - self._overlap)

    def finish(self) -> Iterator[Clip]:
        return iter(())

    def _band(self, start: int, stop: int) -> Iterator[Clip]:
        """Rows start to stop, restored where they are held: two such arrays would be large."""
        top = max(0, start - self._overlap)
        rows = self._held.between(top, min(self.height, stop + self._overlap))
        done = rows[:, start - top : stop - top]
        lowest = rows[:, max(0, stop - self._overlap - top) : stop - top]
        noisy = lowest.copy()  # for the tiles below
        extra = self._restore(rows, done, top, start - top)
        for first in range(0, stop - start, PIECE_ROWS):
            part = slice(first, first + PIECE_ROWS)
            yield Clip(np.concatenate([done[:, part], extra[:, part]]), start + first)
        lowest[...] = noisy

    def _restore(self, rows: Samples, done: Samples, top: int, above: int) -> Samples:
        """Restore in place the part `done` of the rows from `top` on, which begins `above` rows
        further down; give the net's extra channels.
        """
        extra: list[Samples] = []
        before = rows[:, :, :0]  # noisy columns that the tile to the left has replaced
        for left in range(0, self.width, self._core_width):
            self.check()
            right = min(left + self._core_width, self.width)
            west, east = max(0, left - self._overlap), min(self.width, right + self._overlap)
            noisy = np.concatenate([before, rows[:, :, left:east]], axis=2)
            before = noisy[:, :, max(0, right - self._overlap - west) : right - west].copy()
            restored = self._run(noisy, top, west)
            core = restored[:, above : above + done.shape[1], left - west : right - west]
            self._mix(done[:, :, left:right], core[: self.channels])
            extra.append(core[self.channels :].copy())
            del noisy, restored, core  # before the next tile takes as much
            if self._is_wide:
                give_back_freed_memory()
        return np.concatenate(extra, axis=2)

    def _mix(self, noisy: Samples, core: Samples) -> None:
        residual = noisy - core
        self.removed.add(residual)
        residual *= self.strength
        noisy -= residual


def _fitting_core(given: ModelInput, shape: tuple[int, ...]) -> int:
    channels, _, width = shape
    rows = BUFFER_BYTES // (4 * channels * width) // given.multiple_of * given.multiple_of
    smallest = max(given.multiple_of, given.tile // 4 // given.multiple_of * given.multiple_of)
    return max(rows - 2 * given.overlap, smallest)


class _Rows:
    """The rows of a picture that are still needed, in one buffer that is used again and again.

    most: how many must be held before the first can be dropped.
    """

    def __init__(self, channels: int, width: int, most: int) -> None:
        self._most = most
        self._buffer = np.empty((channels, 0, width), np.float32)
        self._first = 0
        self._count = 0

    @property
    def stop(self) -> int:
        """The first row that has not come yet."""
        return self._first + self._count

    @property
    def capacity(self) -> int:
        return self._buffer.shape[1]

    def append(self, rows: Samples) -> None:
        wanted = self._count + rows.shape[1]
        if wanted > self.capacity:
            # Room for the next block too, or the buffer would grow and be copied with each.
            capacity = max(wanted, self._most + rows.shape[1])
            larger = np.empty((len(rows), capacity, rows.shape[2]), np.float32)
            larger[:, : self._count] = self._buffer[:, : self._count]
            self._buffer = larger
        self._buffer[:, self._count : wanted] = rows
        self._count = wanted

    def between(self, start: int, stop: int) -> Samples:
        return self._buffer[:, start - self._first : stop - self._first]

    def drop_before(self, row: int) -> None:
        gone = min(max(0, row - self._first), self._count)
        kept = self._count - gone
        # A loop of pieces that do not overlap: numpy would copy the whole buffer to be safe.
        for done in range(0, kept if gone else 0, max(1, gone)):
            size = min(gone, kept - done)
            self._buffer[:, done : done + size] = self._buffer[:, gone + done : gone + done + size]
        self._first += gone
        self._count = kept


def run_net(model: Model, noisy: Samples) -> Samples:
    """One tile, `(channels, height, width)`, through the net; same shape back, as float32, and
    behind it the extra channels of a net that has some.
    """
    given = model.card.input
    height, width = noisy.shape[1:]
    tensor = torch.from_numpy(np.ascontiguousarray(noisy))[None]
    if len(noisy) == 1 and given.channels > 1:
        tensor = tensor.expand(1, given.channels, height, width)
    padding = (0, -width % given.multiple_of, 0, -height % given.multiple_of)
    tensor = F.pad(tensor, padding, mode="replicate").contiguous(memory_format=torch.channels_last)
    precision = torch.autocast("cpu", torch.bfloat16, enabled=uses_bf16(given))
    with torch.inference_mode(), precision:
        restored = model.net(tensor)[0, :, :height, :width].float()
    if len(noisy) < given.channels:
        grey = restored[: given.channels].mean(0, keepdim=True)
        restored = torch.cat((grey, restored[given.channels :]))
    if not bool(torch.isfinite(restored).all()):
        raise BrokenResult("The model gave no usable result for this file; it was left alone.")
    result: Samples = restored.numpy()
    return result


def uses_bf16(given: ModelInput) -> bool:
    """Whether this processor has bf16 arithmetic and the card's measurements allow it."""
    return given.bf16 and has_bf16()


def has_bf16() -> bool:
    probe = getattr(torch.cpu, "_is_avx512_bf16_supported", None)
    return bool(probe and probe())
