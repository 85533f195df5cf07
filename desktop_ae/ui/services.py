"""What the parts of the window share, made once in `app` and passed down."""

from __future__ import annotations

from dataclasses import dataclass

from desktop_ae.core.ledger import Ledger
from desktop_ae.core.library import ModelLibrary
from desktop_ae.engine import Engine
from desktop_ae.ui.errands import Errands
from desktop_ae.ui.settings import Settings


@dataclass(frozen=True, slots=True)
class Services:
    """cleaning, learning: the engines of the queue and of fine-tuning, which lasts for long.
    errands: small jobs on an engine of their own.
    """

    library: ModelLibrary
    ledger: Ledger
    cleaning: Engine
    learning: Engine
    errands: Errands
    settings: Settings
