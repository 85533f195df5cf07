"""Where things are: what ships with the program, and what belongs to the person."""

from __future__ import annotations

from pathlib import Path

import platformdirs

APPLICATION = "desktop-ae"


def shipped(name: str) -> Path:
    """A folder that travels with the program: "models" or "resources".

    In the wheel and the frozen program it is inside the package, in a checkout beside it.
    """
    package = Path(__file__).resolve().parent
    inside = package / name
    return inside if inside.is_dir() else package.parent / name


def user_data() -> Path:
    """Models, ledger and log of this person."""
    return Path(platformdirs.user_data_dir(APPLICATION, appauthor=False))


def user_cache() -> Path:
    """What can be made again at any time."""
    return Path(platformdirs.user_cache_dir(APPLICATION, appauthor=False))


def ledger_path() -> Path:
    return user_data() / "ledger.sqlite"


def model_folders() -> list[Path]:
    return [shipped("models"), user_data() / "models"]
