"""What a row's mask is, and how it came to be so."""

from __future__ import annotations

from dataclasses import dataclass, field

from desktop_ae.core.mask import Mask

_STEPS_KEPT = 100


@dataclass(slots=True, eq=False)
class MaskEdits:
    """The mask of a row, or the one for all of them.

    found: what the model `found_by` found; None until it has looked. own: the person's, in the
    place of what was found.
    """

    found: Mask | None = None
    found_by: str = ""
    own: Mask | None = None
    _past: list[Mask | None] = field(default_factory=list)
    _future: list[Mask | None] = field(default_factory=list)

    @property
    def shown(self) -> Mask | None:
        return self.found if self.own is None else self.own

    @property
    def can_undo(self) -> bool:
        return bool(self._past)

    @property
    def can_redo(self) -> bool:
        return bool(self._future)

    def put(self, own: Mask | None) -> None:
        """Take another mask in; None goes back to what was found."""
        if own != self.own:
            self._past = [*self._past, self.own][-_STEPS_KEPT:]
            self._future = []
            self.own = own

    def undo(self) -> None:
        if self._past:
            self._future.append(self.own)
            self.own = self._past.pop()

    def redo(self) -> None:
        if self._future:
            self._past.append(self.own)
            self.own = self._future.pop()
