"""The folder with the person's own models: each is there whole, or not at all.

Nothing in it is overwritten. A model is filled in as a hidden sibling and gets its name last; one
that is deleted moves to a hidden trash, from where it can come back until the program ends.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import secrets
import shutil
import time
from collections.abc import Container
from dataclasses import dataclass, replace
from pathlib import Path

from desktop_ae.core.card import WEIGHTS_NAME, ModelCard, write_card
from desktop_ae.core.errors import NotWritable
from desktop_ae.core.saving import replace_file

_TRASH = ".trash"
_PART = ".part"
_DEFAULTS = "defaults.json"
_LEFT_BEHIND_S = 24 * 3600  # a crash's leavings, not those of a second window at work


@dataclass(frozen=True, slots=True)
class Removed:
    """A deleted model, and where it lies until the trash is emptied."""

    card: ModelCard
    place: Path


class OwnModels:
    """root: like `models/`, `<domain>/<name>/`; made when it is first needed."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._thrown: list[Path] = []

    def holds(self, card: ModelCard) -> bool:
        return self.root in card.folder.parents

    def add(self, card: ModelCard, weights: bytes, taken: Container[str]) -> ModelCard:
        """Keep a model that was checked before; its card as it is now.

        An id that is `taken`, or a folder of that name, gives the model a number: `…-2`, and
        "(2)" in its title. Raises NotWritable, with nothing added.
        """
        scratch = self.root / card.id.split("/")[0] / f".{secrets.token_hex(8)}{_PART}"
        try:
            scratch.mkdir(parents=True)
            with (scratch / WEIGHTS_NAME).open("wb") as file:
                file.write(weights)
                file.flush()
                os.fsync(file.fileno())
            return self._name(card, scratch, taken)
        except OSError as error:
            raise self._not_writable(error) from error
        finally:
            shutil.rmtree(scratch, ignore_errors=True)

    def remove(self, card: ModelCard) -> Removed:
        """Raises NotWritable, with the model where it was."""
        place = self.root / _TRASH / secrets.token_hex(8)
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            card.folder.rename(place)
        except OSError as error:
            raise self._not_writable(error) from error
        with contextlib.suppress(OSError):
            os.utime(place)  # since when it lies there
        self._thrown.append(place)
        return Removed(card, place)

    def put_back(self, removed: Removed, taken: Container[str]) -> ModelCard:
        """Undo `remove`; under another id, if that was taken meanwhile. Raises NotWritable."""
        try:
            card = self._name(removed.card, removed.place, taken)
        except OSError as error:
            raise self._not_writable(error) from error
        self._thrown.remove(removed.place)
        return card

    def empty_trash(self) -> None:
        """Delete for good what was removed here, and what a crash left behind a day ago."""
        for place in self._thrown:
            shutil.rmtree(place, ignore_errors=True)
        self._thrown = []
        long_ago = time.time() - _LEFT_BEHIND_S
        for left in (*self.root.glob(f"{_TRASH}/*"), *self.root.glob(f"*/.*{_PART}")):
            with contextlib.suppress(OSError):
                if left.stat().st_mtime < long_ago:
                    shutil.rmtree(left, ignore_errors=True)
        with contextlib.suppress(OSError):
            (self.root / _TRASH).rmdir()

    def defaults(self) -> dict[str, str]:
        """By task, the id of the model that the person wants there first."""
        try:
            found = json.loads((self.root / _DEFAULTS).read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            return {}
        pairs = found.items() if isinstance(found, dict) else ()
        return {task: value for task, value in pairs if isinstance(value, str)}

    def put_default(self, task_id: str, model_id: str) -> None:
        """Raises NotWritable."""
        text = json.dumps({**self.defaults(), task_id: model_id}, indent=2) + "\n"
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            with replace_file(self.root / _DEFAULTS) as scratch:
                scratch.write_text(text, encoding="utf-8")
        except OSError as error:
            raise self._not_writable(error) from error

    def _name(self, card: ModelCard, scratch: Path, taken: Container[str]) -> ModelCard:
        """Move a filled folder to where a free id says."""
        for number in range(1, 1000):
            named = card if number == 1 else _numbered(card, number)
            home = self.root / named.id
            if named.id in taken or os.path.lexists(home):
                continue
            write_card(named, scratch)
            home.parent.mkdir(parents=True, exist_ok=True)
            try:
                scratch.rename(home)
            except OSError as error:
                if error.errno in (errno.EEXIST, errno.ENOTEMPTY):
                    continue  # another program took it just now
                raise
            return replace(named, folder=home)
        raise FileExistsError(errno.EEXIST, "no free name", str(self.root / card.id))

    def _not_writable(self, error: OSError) -> NotWritable:
        why = error.strerror or "it failed"
        return NotWritable(self.root, f"Your models in {self.root} cannot be changed: {why}.")


def _numbered(card: ModelCard, number: int) -> ModelCard:
    return replace(card, id=f"{card.id}-{number}", title=f"{card.title} ({number})")
