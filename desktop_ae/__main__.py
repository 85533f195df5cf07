"""The program's entry: the command line if a command is given, else the window."""

from __future__ import annotations

import multiprocessing
import sys
from pathlib import Path

COMMANDS = {"clean", "options", "models", "finetune", "train", "bench", "demo"}


def main() -> int:
    """Run and return the exit status. Paths alone open the window with these files in it."""
    multiprocessing.freeze_support()
    words = sys.argv[1:]
    if words and (words[0] in COMMANDS or words[0].startswith("-")):
        from desktop_ae.cli import run

        return run(words)
    return main_window()


def main_window() -> int:
    from desktop_ae.app import run_window

    return run_window([Path(word) for word in sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
