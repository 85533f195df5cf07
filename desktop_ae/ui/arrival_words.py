"""What a notice says of files that came into the window."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject

from desktop_ae.planning import Plan
from desktop_ae.ui.wording import Wording

_WORTH_SAYING = 5  # files of a folder, from which on a notice says how many were taken


class ArrivalWords(QObject):
    """Has no state: a QObject because translations are looked up by the name of its class."""

    def notice(self, plan: Plan, added: int, known: int, elsewhere: Sequence[str]) -> str:
        """Nothing where a person sees it all. added, known: how many files are new in the list, or
        were there. elsewhere: titles of the panes behind the one in front that took some.
        """
        words = Wording()
        parts = [
            self.tr("Files that belong to {pane} went there").format(pane=title)
            for title in elsewhere
        ]
        if plan.ignored:
            files = words.files(plan.ignored)
            parts.append(
                self.tr("{files} of other kinds, or our own results, left out").format(files=files)
            )
        if known and not added:
            parts.append(self.tr("Already in the list"))
        elif known:
            files = words.files(known)
            parts.append(self.tr("{files} were in the list already").format(files=files))
        if not plan.files and not plan.refusals:
            parts.append(self.tr("Nothing to clean was found in there"))
        if parts and added >= _WORTH_SAYING:
            parts.insert(0, self.tr("{files} added").format(files=words.files(added)))
        return ". ".join(parts) + "." if parts else ""
