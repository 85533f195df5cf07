from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from desktop_ae.core import errors
from desktop_ae.core.errors import Cancelled, DesktopAEError, FileError, NotWritable, Unreadable


@pytest.mark.parametrize("kind", [Unreadable, NotWritable])
def test_an_error_about_a_file_survives_a_pickle_with_its_path(kind: type[FileError]) -> None:
    error = pickle.loads(pickle.dumps(kind(Path("/a.jpg"), "a.jpg is damaged.")))
    assert type(error) is kind
    assert (error.path, str(error)) == (Path("/a.jpg"), "a.jpg is damaged.")


def test_cancelled_survives_a_pickle() -> None:
    assert str(pickle.loads(pickle.dumps(Cancelled()))) == "Stopped."


def test_the_tree_in_the_docstring_names_every_error() -> None:
    kinds = [k for k in vars(errors).values() if isinstance(k, type)]
    mine = [kind.__name__ for kind in kinds if issubclass(kind, DesktopAEError)]
    assert len(mine) == 15
    assert all(name in (errors.__doc__ or "") for name in mine)
