"""What made the results of tests."""

from __future__ import annotations

from desktop_ae.core.provenance import Provenance

MADE_BY = Provenance("0.1.0", "any/task", "any/model-v1 cb2ba4a", 0.85, (("mode", "bw"),))
NAME = b"Desktop AE"
