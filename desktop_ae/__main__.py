"""The program's entry: the command line if a command is given, else the window."""

from __future__ import annotations

import multiprocessing
import sys
from pathlib import Path

COMMANDS = {"clean", "options", "models", "finetune", "train", "bench", "demo"}
SELF_TEST = "--self-test"


def main() -> int:
    """Run and return the exit status. Paths alone open the window with these files in it."""
    multiprocessing.freeze_support()
    words = sys.argv[1:]
    if words and words[0] == SELF_TEST:
        return self_test(words[1:])
    if words and (words[0] in COMMANDS or words[0].startswith("-")):
        from desktop_ae.cli import run

        return run(words)
    return main_window()


def main_window() -> int:
    from desktop_ae.app import run_window

    return run_window([Path(word) for word in sys.argv[1:]])


def self_test(words: list[str]) -> int:
    """Hidden: for whoever builds the program. A word more is a folder for what was cleaned."""
    from desktop_ae.self_test import run_self_test

    return run_self_test(Path(words[0]) if words else None)


if __name__ == "__main__":
    sys.exit(main())
