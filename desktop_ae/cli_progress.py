"""Progress on the screen of a shell, where there is one."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

# stdout belongs to results, so that `--json` can be piped.
screen = Console(stderr=True)


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """Gone when it is done; nothing at all where the output goes to a file."""
    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=screen, transient=True, disable=not sys.stderr.isatty()) as bar:
        yield bar
