"""Small recordings of every kind, and what is done with them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from desktop_ae.core.clip import Clip, Samples
from desktop_ae.core.domain import finish_writer
from desktop_ae.core.provenance import Provenance
from desktop_ae.core.saving import new_file
from desktop_ae.domains.ecg.files import EcgReader, EcgWriter, open_ecg

Codes = NDArray[np.int64]


def codes(signals: int, samples: int, highest: int = 500, seed: int = 1) -> Codes:
    """`(signals, samples)` integers of all sizes up to `highest`, both signs."""
    rng = np.random.default_rng(seed)
    return rng.integers(-highest, highest + 1, (signals, samples))


def heart(samples: int, rate_hz: float = 360.0, leads: int = 1) -> Samples:
    """Millivolts `(leads, samples)`: something with a beat a second."""
    seconds = np.arange(samples) / rate_hz
    beat = np.exp(-(((seconds % 1 - 0.3) / 0.02) ** 2)) + 0.2 * np.sin(2 * np.pi * seconds)
    return np.stack([beat * (1 + lead / 3) for lead in range(leads)]).astype(np.float32)


def read_all(path: Path, options: Mapping[str, str] | None = None) -> tuple[EcgReader, Samples]:
    """The closed reader, and all samples of its first piece."""
    reader = open_ecg(path, options)
    try:
        piece = next(iter(reader.pieces()))
        samples = np.concatenate([clip.samples for clip in piece.blocks], axis=1)
        assert samples.dtype == np.float32
        assert samples.shape == piece.shape
    finally:
        reader.close()
    return reader, samples


def cleaned(
    path: Path,
    add_mv: float | Mapping[int, float] = 0.0,
    options: Mapping[str, str] | None = None,
    keep_metadata: bool = True,
    wanted: Path | None = None,
    made_by: Provenance | None = None,
) -> Path:
    """The file as "<stem>_clean" beside it, with so much added everywhere: to all pieces, or to
    those of a mapping, while the others are left.
    """
    reader = open_ecg(path, options)
    try:
        writer = EcgWriter(reader, keep_metadata)
        if made_by:
            writer.record(made_by)
        for piece in reader.pieces():
            added = add_mv.get(piece.index) if isinstance(add_mv, Mapping) else add_mv
            for clip in piece.blocks:
                if added is not None:
                    writer.write(Clip(clip.samples + np.float32(added), clip.start))
            writer.end_piece(added is None)
        with new_file(wanted or path.with_stem(path.stem + "_clean")) as file:
            finish_writer(writer, file)
        assert file.target is not None
        return file.target
    finally:
        reader.close()
