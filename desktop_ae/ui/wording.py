"""Sentences about counts, times and rows, in the person's language."""

from __future__ import annotations

import platform
import re
import sys
import traceback
from typing import TYPE_CHECKING

from PySide6 import __version__ as qt_version
from PySide6.QtCore import QCoreApplication, QObject

from desktop_ae.core.domain import Task

if TYPE_CHECKING:
    from desktop_ae.ui.cleaning_run import Summary
    from desktop_ae.ui.page_state import PageState
    from desktop_ae.ui.queue_model import Row


_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")
_PLACE = re.compile(r"\{(\d)\}")


class Wording(QObject):
    """Has no state: a QObject because translations are looked up by the name of its class."""

    def status(self, row: Row) -> str:
        """What stands under a file's name."""
        match row.state.name:
            case "READY":
                return self.tr("Not cleaned yet")
            case "WAITING":
                return self.tr("Waiting")
            case "CLEANING" if row.pages > 1 and row.piece >= 0:
                words = self.tr("Page {n} of {pages}").format(n=row.piece + 1, pages=row.pages)
                if row.seconds_left is None:
                    return words
                left = self.tr("{time} left").format(time=self.seconds(row.seconds_left))
                return f"{words} · {left}"
            case "CLEANING" if row.seconds_left is not None:
                left = self.seconds(row.seconds_left)
                return self.tr("Cleaning · {time} left").format(time=left)
            case "CLEANING":
                return self.tr("Cleaning")
            case "CLEANED" if row.result and row.result.note:
                return translated(row.result.note)
            case "CLEANED" if row.result:
                return self.tr("Cleaned · {time}").format(time=self.seconds(row.result.seconds))
            case "UNCHANGED" if row.result and row.result.note:
                return translated(row.result.note)
            case "UNCHANGED":
                return self.tr("Already clean, left alone")
            case "SKIPPED":
                return self.tr("Cleaned before with these settings")
            case "FAILED":
                return str(row.error)
            case "STOPPED":
                return self.tr("Stopped")
        return self.tr("Cleaned")

    def short_status(self, row: Row) -> str:
        """The status where the file's name stands just above it: sentences lose it."""
        status = self.status(row)
        rest = status.removeprefix(row.source.name + " ")
        return rest[:1].upper() + rest[1:]

    def page_state(self, state: PageState, why: str = "") -> str:
        """What became of a page; nothing where nothing is known of it. why: a job's own reason."""
        match state.name:
            case "LEFT_OUT":
                return self.tr("Left out")
            case "CLEANING":
                return self.tr("Cleaning")
            case "CLEANED":
                return self.tr("Cleaned")
            case "UNCHANGED":
                return self.tr("Already clean")
            case "PASSED_OVER":
                return self.tr("Left as it is. {why}").format(why=translated(why))
        return ""

    def page(self, page: int, state: PageState, why: str = "") -> str:
        """A page by its number, with what became of it."""
        text = self.tr("Page {n}").format(n=page + 1)
        became = self.page_state(state, why)
        return f"{text}: {became}" if became else text

    def seconds(self, seconds: float) -> str:
        if seconds < 10:
            return self.tr("{n} s").format(n=f"{max(0.1, seconds):.1f}")
        return self.time_left(seconds)

    def time_left(self, seconds: float) -> str:
        """Whole seconds, minutes or hours: an estimate is no better than that."""
        if seconds < 100:
            return self.tr("{n} s").format(n=max(1, round(seconds)))
        if seconds < 6000:
            return self.tr("{n} min").format(n=round(seconds / 60))
        return self.tr("{n} h").format(n=round(seconds / 3600))

    def files(self, number: int) -> str:
        one, many = self.tr("1 file"), self.tr("{n} files")
        return one if number == 1 else many.format(n=f"{number:,}")

    def things(self, number: int, task: Task) -> str:
        """A count with what the task calls its files: "6 photos"."""
        return f"{number:,} {translated(task.nouns[number != 1])}"

    def summary(self, summary: Summary, task: Task) -> str:
        """How a batch ended: "12 cleaned, 1 already clean, 1 failed: why"."""
        unchanged = self.tr("{n} already clean")
        if task.find is not None:
            unchanged = self.tr("nothing found in {n}")
        parts = [
            text.format(n=number)
            for number, text in (
                (summary.cleaned, self.tr("{n} cleaned")),
                (summary.unchanged, unchanged),
                (summary.skipped, self.tr("{n} cleaned before")),
                (summary.stopped, self.tr("{n} stopped")),
                (summary.failed, self.tr("{n} failed")),
            )
            if number
        ]
        text = ", ".join(parts) or self.tr("Nothing to clean")
        text = text[0].upper() + text[1:]
        return f"{text}: {summary.first_failure}" if summary.failed else text + "."

    def strength(self, percent: int, task: Task) -> str:
        """What a strength means, in a sentence."""
        if task.find is not None:
            return self._strength_of_overlay(percent)
        if percent >= 100:
            return self.tr("Takes out all the noise it finds")
        if percent >= 70:
            return self.tr("Leaves a little of the noise in")
        if percent >= 35:
            return self.tr("Leaves about half of the noise in")
        if percent > 0:
            return self.tr("Takes out only a touch of noise")
        return self.tr("Leaves everything as it is")

    def _strength_of_overlay(self, percent: int) -> str:
        if percent >= 100:
            return self.tr("Takes out all that is marked")
        if percent >= 70:
            return self.tr("Leaves a trace of what is marked")
        if percent >= 35:
            return self.tr("Leaves about half of what is marked")
        if percent > 0:
            return self.tr("Makes what is marked only a little fainter")
        return self.tr("Leaves everything as it is")


def translated(text: str) -> str:
    """A text that a Task or a model card brings along, in the person's language."""
    return QCoreApplication.translate("Task", text)


def details(error: BaseException, about: str = "") -> str:
    """What *Copy details* puts on the clipboard for a report."""
    from desktop_ae import __version__

    head = (
        f"Desktop AE {__version__}, Python {sys.version.split()[0]}, Qt {qt_version}\n"
        f"{platform.platform()}\n{about}\n\n"
    )
    return head + "".join(traceback.format_exception(error))


def said(sentence: str) -> str:
    """A task's sentence in the person's language, which knows it without its numbers."""
    numbers = _NUMBER.findall(sentence)
    places = iter(range(len(numbers)))
    plain = _NUMBER.sub(lambda _: f"{{{next(places)}}}", sentence)
    found = translated(plain)
    if found == plain:
        return _NUMBER.sub(lambda number: number[0].replace("-", "−"), sentence)
    return _PLACE.sub(lambda place: numbers[int(place[1])].replace("-", "−"), found)
