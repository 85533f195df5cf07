"""A training on a person's files that outlives a crash: one folder, until its model is kept."""

from __future__ import annotations

import json
import secrets
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from desktop_ae.core.card import CARD_NAME, ModelCard, read_card
from desktop_ae.core.errors import BadModel, NotWritable
from desktop_ae.core.saving import replace_file
from desktop_ae.learning.request import LearnRequest, request_json, request_of
from desktop_ae.learning.verdict import Verdict, verdict_facts, verdict_of

_REQUEST, _VERDICT, _MODEL = "request.json", "verdict.json", "model"


@dataclass(frozen=True, slots=True)
class Session:
    """folder: holds the request, the checkpoint, and in the end the model and the verdict."""

    folder: Path
    request: LearnRequest

    @property
    def has_begun(self) -> bool:
        from desktop_ae.training.loop import CHECKPOINT

        return (self.folder / CHECKPOINT).is_file()

    @property
    def model(self) -> Path:
        return self.folder / _MODEL

    @property
    def card(self) -> ModelCard | None:
        """Of the model that came of it, if it came to its end."""
        try:
            return read_card(self.model) if (self.model / CARD_NAME).is_file() else None
        except BadModel:
            return None

    @property
    def verdict(self) -> Verdict | None:
        try:
            return verdict_of(json.loads((self.folder / _VERDICT).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    @property
    def touched(self) -> float:
        """When anything was last written there, in seconds since the epoch."""
        return max((p.stat().st_mtime for p in self.folder.iterdir()), default=0.0)

    def put_verdict(self, verdict: Verdict) -> None:
        """Raises NotWritable."""
        self._write(_VERDICT, json.dumps(verdict_facts(verdict), indent=2))

    def put_request(self) -> None:
        """Raises NotWritable."""
        self._write(_REQUEST, request_json(self.request))

    def discard(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def _write(self, name: str, text: str) -> None:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with replace_file(self.folder / name) as scratch:
                scratch.write_text(text + "\n", encoding="utf-8")
        except OSError as error:
            why = error.strerror or "it failed"
            sentence = f"The training cannot be saved in {self.folder}: {why}."
            raise NotWritable(self.folder, sentence) from error


def begin(root: Path, request: LearnRequest) -> Session:
    """A new folder below `root`, with the request in it. Raises NotWritable."""
    stamp = time.strftime("%Y%m%d-%H%M%S")
    session = Session(root / f"{stamp}-{secrets.token_hex(3)}", request)
    session.put_request()
    return session


def sessions(root: Path) -> list[Session]:
    """Those that were begun and neither kept nor discarded, the latest first."""
    found = []
    for path in root.glob(f"*/{_REQUEST}"):
        try:
            found.append(Session(path.parent, request_of(path.read_text(encoding="utf-8"))))
        except (OSError, ValueError, KeyError, TypeError):
            continue  # not ours, or cut short: its folder is left alone
    return sorted(found, key=lambda session: session.folder.name, reverse=True)
