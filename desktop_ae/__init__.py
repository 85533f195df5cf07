"""Desktop AE: clean photos, scans and recordings with convolutional autoencoders, offline."""

from __future__ import annotations

from desktop_ae.api import clean

__all__ = ["clean"]
__version__ = "0.1.0"
