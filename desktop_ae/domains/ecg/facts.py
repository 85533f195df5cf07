"""What is known of an ECG before its samples are read, and who reads and writes it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from desktop_ae.core.clip import Samples
from desktop_ae.core.errors import TooLarge, Unreadable, Unsupported
from desktop_ae.core.provenance import Provenance
from desktop_ae.core.saving import NewFile
from desktop_ae.domains.sentences import duration_words

LOWEST_HZ, HIGHEST_HZ = 100.0, 2000.0
MOST_LEADS = 256
# A month at 2000 Hz; more than this a header claims only by mistake.
MOST_SAMPLES = 2**33
_NAMED_LEADS = 3


@dataclass(frozen=True, slots=True)
class Facts:
    """One piece of a file: the leads of one rate.

    container: "WFDB", "EDF", "BDF", "CSV", "NPY", "NPZ", "DICOM". samples: of each lead, gaps
    counted. leads: their names in the file's words, in its order. unit: that the file keeps them
    in. others: names of its channels that are no ECG. notes: what a person should know.
    """

    path: Path
    container: str
    rate_hz: float
    samples: int
    leads: tuple[str, ...]
    unit: str = "mV"
    others: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def seconds(self) -> float:
        return self.samples / self.rate_hz

    @property
    def about(self) -> str:
        count = len(self.leads)
        leads = f"{count} lead{'s' if count > 1 else ''}"
        if count <= _NAMED_LEADS:
            leads = f"{leads} ({', '.join(self.leads)})"
        words = [f"{self.rate_hz:.6g} Hz", leads, duration_words(self.seconds), *self.notes]
        return " · ".join(word for word in words if word)


class Source(Protocol):
    """The leads of one rate of an open file. Any part can be read again, at little cost."""

    @property
    def facts(self) -> Facts: ...

    def read(self, start: int, stop: int) -> Samples:
        """float32 `(leads, stop - start)` in millivolts; NaN in gaps and invalid samples.

        0 <= start <= stop <= samples. Raises Unreadable where the file was cut or changed since.
        """

    def close(self) -> None: ...


class Changes(Protocol):
    """What is to be added to the samples of one Source."""

    def read(self, start: int, stop: int) -> Samples:
        """float32 `(leads, stop - start)` in millivolts; 0 where nothing changes."""


class Recording(Protocol):
    """An open file."""

    @property
    def tracks(self) -> tuple[Source, ...]:
        """One at least; those of different rates on their own."""

    def save(
        self,
        file: NewFile,
        changes: dict[int, Changes],
        keep_metadata: bool,
        made_by: Provenance | None = None,
    ) -> None:
        """Fill `file`, with companions where the format has several files.

        changes: by the index of their track; a track that is not there stays as it is, bit for
        bit, as does every sample to which 0 is added. made_by: is told where the format has a
        place for it, and that has room; tables and arrays have none. May raise OSError, for
        `new_file` to explain.
        """

    def close(self) -> None: ...


def usable(rate_hz: float) -> bool:
    return LOWEST_HZ <= rate_hz <= HIGHEST_HZ


def check_facts(facts: Facts) -> None:
    """Raises Unsupported, Unreadable or TooLarge for an ECG that cannot be cleaned."""
    name = facts.path.name
    if not facts.leads:
        raise Unsupported(facts.path, f"{name} has no channel that is an ECG.")
    if len(facts.leads) > MOST_LEADS:
        raise Unsupported(
            facts.path, f"{name} has {len(facts.leads)} leads; up to {MOST_LEADS} are taken."
        )
    if not np.isfinite(facts.rate_hz) or facts.rate_hz <= 0:
        raise Unreadable(facts.path, f"{name} does not say a sample rate that can be.")
    if not usable(facts.rate_hz):
        raise Unsupported(
            facts.path,
            f"{name} has {facts.rate_hz:.6g} samples a second; "
            f"{LOWEST_HZ:.0f} to {HIGHEST_HZ:.0f} are taken.",
        )
    if facts.samples < 1:
        raise Unreadable(facts.path, f"{name} holds no ECG: it is 0 seconds long.")
    if facts.samples > MOST_SAMPLES:
        raise TooLarge(facts.path, f"{name} says that it is {duration_words(facts.seconds)} long.")
