from __future__ import annotations

import errno
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from desktop_ae.core import saving
from desktop_ae.core.errors import Cancelled, NotWritable
from desktop_ae.core.saving import (
    LONGEST_NAME_BYTES,
    NewFile,
    new_file,
    replace_file,
    target_name,
)
from tests.fakes import FullDisk, deny_writing

HINDI = "सूर्यास्त की तस्वीर.png"
EMOJI = "🏖️ day 👩‍👩‍👧.png"


def save(wanted: Path, content: bytes = b"new") -> Path:
    with new_file(wanted) as file:
        file.scratch.write_bytes(content)
    assert file.target is not None
    return file.target


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_file_appears_under_its_name_only_when_the_block_is_left(tmp_path: Path) -> None:
    with new_file(tmp_path / "a.png") as file:
        file.scratch.write_bytes(b"whole")
        assert not (tmp_path / "a.png").exists()
        assert file.target is None
        assert file.scratch.name.startswith(".")
    assert file.target == tmp_path / "a.png"
    assert names(tmp_path) == ["a.png"]
    assert (tmp_path / "a.png").read_bytes() == b"whole"


def test_an_existing_file_is_never_replaced_and_the_next_number_is_taken(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"mine")
    (tmp_path / "a (3).png").write_bytes(b"mine too")
    assert save(tmp_path / "a.png") == tmp_path / "a (2).png"
    assert save(tmp_path / "a.png") == tmp_path / "a (4).png"
    assert (tmp_path / "a.png").read_bytes() == b"mine"
    assert (tmp_path / "a (3).png").read_bytes() == b"mine too"


def test_a_file_that_appears_while_we_write_is_not_replaced(tmp_path: Path) -> None:
    with new_file(tmp_path / "a.png") as file:
        file.scratch.write_bytes(b"ours")
        (tmp_path / "a.png").write_bytes(b"theirs")
    assert (tmp_path / "a.png").read_bytes() == b"theirs"
    assert file.target == tmp_path / "a (2).png"


def test_a_link_that_leads_nowhere_counts_as_a_taken_name(tmp_path: Path) -> None:
    (tmp_path / "a.png").symlink_to(tmp_path / "elsewhere.png")
    assert save(tmp_path / "a.png") == tmp_path / "a (2).png"
    assert not (tmp_path / "elsewhere.png").exists()


def test_missing_folders_are_made(tmp_path: Path) -> None:
    assert save(tmp_path / "x" / "y" / "a.png").read_bytes() == b"new"


def test_the_file_has_the_permissions_of_any_new_file(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        assert save(tmp_path / "a.png").stat().st_mode & 0o777 == 0o640
    finally:
        os.umask(before)


@pytest.mark.parametrize("at", ["make", "write", "fsync", "link"])
def test_a_full_disk_is_a_sentence_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    (tmp_path / "a.png").write_bytes(b"mine")
    with monkeypatch.context() as patch:
        disk = FullDisk(patch, at, room=100)
        with pytest.raises(NotWritable, match="disk is full") as caught:
            save(tmp_path / "a.png", bytes(101))
    assert disk.full
    assert caught.value.path == tmp_path / "a.png"
    assert names(tmp_path) == ["a.png"]
    assert (tmp_path / "a.png").read_bytes() == b"mine"


def test_a_disk_that_fills_up_half_way_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    FullDisk(monkeypatch, "write", room=150)
    with (
        pytest.raises(NotWritable, match="disk is full"),
        new_file(tmp_path / "a.png") as file,
        file.scratch.open("wb", buffering=0) as out,
    ):
        out.write(bytes(100))
        out.write(bytes(100))
    assert names(tmp_path) == []


@pytest.mark.parametrize("error", [Cancelled(), RuntimeError("net"), KeyboardInterrupt()])
def test_a_block_that_raises_leaves_nothing_and_its_error_passes(
    tmp_path: Path, error: BaseException
) -> None:
    with pytest.raises(type(error)) as caught, new_file(tmp_path / "a.png") as file:
        file.scratch.write_bytes(b"half")
        raise error
    assert caught.value is error
    assert names(tmp_path) == []


def test_what_a_dead_program_left_is_removed_and_nothing_else(tmp_path: Path) -> None:
    for name in (".0123456789abcdef.part", ".fedcba9876543210.part", ".mine.part", "a.part"):
        (tmp_path / name).write_bytes(b"half")
        if not name.startswith(".fedc"):  # that one is being written
            os.utime(tmp_path / name, (0, time.time() - 7200))
    (tmp_path / ".00000000deadbeef.part").mkdir()
    save(tmp_path / "a.png")
    assert names(tmp_path) == [
        ".00000000deadbeef.part",
        ".fedcba9876543210.part",
        ".mine.part",
        "a.part",
        "a.png",
    ]


def test_a_folder_is_searched_for_such_leftovers_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    searched = []
    real = os.scandir

    def search(folder: Path) -> Any:
        searched.append(folder)
        return real(folder)

    monkeypatch.setattr(os, "scandir", search)
    for _ in range(3):
        save(tmp_path / "a.png")
    assert searched.count(tmp_path) == 1


def test_a_read_only_folder_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deny_writing(monkeypatch, tmp_path)
    with pytest.raises(NotWritable, match="No permission to save in .* another output folder"):
        save(tmp_path / "a.png")
    assert names(tmp_path) == []


def test_a_file_in_the_place_of_the_folder_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"no folder")
    with pytest.raises(NotWritable, match="Could not save in"):
        save(tmp_path / "x" / "a.png")


@pytest.mark.parametrize("name", [HINDI, EMOJI, "with space  and 'quotes'.png", "\udce9.png"])
def test_unusual_names_are_kept_and_numbered(tmp_path: Path, name: str) -> None:
    assert save(tmp_path / name).name == name
    assert save(tmp_path / name).name == f"{name[:-4]} (2).png"


def test_a_name_of_250_bytes_fits_with_a_number_and_one_of_300_is_a_sentence(
    tmp_path: Path,
) -> None:
    longest = "x" * 246 + ".png"
    assert save(tmp_path / longest).name == longest
    assert save(tmp_path / longest).name == "x" * 246 + " (2).png"
    with pytest.raises(NotWritable, match="too long to save"):
        save(tmp_path / ("x" * 300 + ".png"))
    assert len(names(tmp_path)) == 2


def without_links(monkeypatch: pytest.MonkeyPatch) -> None:
    def hardlink_to(path: Path, target: Path) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(Path, "hardlink_to", hardlink_to)


def test_where_hard_links_fail_nothing_is_replaced_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_links(monkeypatch)
    (tmp_path / "a.png").write_bytes(b"mine")
    assert save(tmp_path / "a.png") == tmp_path / "a (2).png"
    assert names(tmp_path) == ["a (2).png", "a.png"]
    assert (tmp_path / "a.png").read_bytes() == b"mine"
    assert (tmp_path / "a (2).png").read_bytes() == b"new"


def test_where_hard_links_fail_a_claimed_name_is_given_back_if_the_move_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_links(monkeypatch)

    def fail(*_: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(NotWritable, match="Could not save in"):
        save(tmp_path / "a.png")
    assert names(tmp_path) == []


def test_when_every_number_is_taken_it_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def taken(scratch: Path, name: Path) -> None:
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))

    monkeypatch.setattr(saving, "_move_without_replacing", taken)
    with pytest.raises(NotWritable, match="Could not save in"):
        save(tmp_path / "a.png")
    assert names(tmp_path) == []


# Writes one file after another, and says so with a dot after each step of its work.
CHILD = """
import sys
from pathlib import Path
from desktop_ae.core.saving import new_file
source, wanted = Path(sys.argv[1]), Path(sys.argv[2])
while True:
    with new_file(wanted) as file, file.scratch.open("wb") as out:
        for chunk in range(8):
            out.write(source.read_bytes())
            sys.stdout.write("."), sys.stdout.flush()
"""


def test_killed_at_any_moment_no_half_file_bears_the_final_name(tmp_path: Path) -> None:
    source, folder = tmp_path / "source.bin", tmp_path / "out"
    source.write_bytes(bytes(range(256)) * 400)
    whole = source.read_bytes() * 8
    moments = random.Random(3)
    saved = 0
    for _ in range(5):
        command = [sys.executable, "-c", CHILD, str(source), str(folder / "a.bin")]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as child:
            assert child.stdout is not None
            child.stdout.read(moments.randrange(1, 60))
            child.kill()
        assert child.returncode == -signal.SIGKILL
        for path in folder.glob("[!.]*"):
            assert path.read_bytes() == whole, f"{path} is not whole"
            saved += 1
    assert saved
    assert source.read_bytes() == whole[: len(whole) // 8]


DEADLY = """
import os, sys
from pathlib import Path
from desktop_ae.core.saving import new_file
owner, name = (os, "fsync") if sys.argv[2] == "fsync" else (Path, sys.argv[2])
real = getattr(owner, name)
def deadly(*rest, **named):
    if sys.argv[3] == "after":
        real(*rest, **named)
    os.kill(os.getpid(), 9)
setattr(owner, name, deadly)
with new_file(Path(sys.argv[1])) as file:
    file.scratch.write_bytes(b"whole")
"""


@pytest.mark.parametrize(
    ("step", "side", "expected"),
    [
        ("touch", "after", None),
        ("fsync", "before", None),
        ("hardlink_to", "before", None),
        ("hardlink_to", "after", b"whole"),
    ],
)
def test_killed_at_the_worst_moments_there_is_a_whole_file_or_none(
    tmp_path: Path, step: str, side: str, expected: bytes | None
) -> None:
    wanted = tmp_path / "a.bin"
    command = [sys.executable, "-c", DEADLY, str(wanted), step, side]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    assert (wanted.read_bytes() if wanted.exists() else None) == expected
    assert all(name == "a.bin" or name.startswith(".") for name in names(tmp_path))


def save_record(wanted: Path, told: list[str] | None = None) -> Path:
    """a.hea, whose text names its data, with a.dat and a_2.dat."""
    with new_file(wanted) as file:

        def write_header(stem: str) -> None:
            if told is not None:
                told.append(stem)
            file.scratch.write_text(f"{stem}.dat {stem}_2.dat")

        file.add(".dat").write_bytes(b"one")
        file.add("_2.dat").write_bytes(b"two")
        file.before_naming = write_header
        file.stem_for = lambda stem, number: stem if number == 1 else f"{stem}-{number}"
    assert file.target is not None
    return file.target


def test_companions_come_under_the_same_stem_which_the_file_is_told(tmp_path: Path) -> None:
    assert save_record(tmp_path / "x" / "a.hea") == tmp_path / "x" / "a.hea"
    assert names(tmp_path / "x") == ["a.dat", "a.hea", "a_2.dat"]
    assert (tmp_path / "x" / "a.hea").read_text() == "a.dat a_2.dat"
    assert (tmp_path / "x" / "a_2.dat").read_bytes() == b"two"


@pytest.mark.parametrize("taken", ["a.hea", "a.dat", "a_2.dat"])
def test_one_taken_name_makes_all_move_to_the_next_stem(tmp_path: Path, taken: str) -> None:
    (tmp_path / taken).write_bytes(b"mine")
    assert save_record(tmp_path / "a.hea") == tmp_path / "a-2.hea"
    assert names(tmp_path) == sorted([taken, "a-2.dat", "a-2.hea", "a-2_2.dat"])
    assert (tmp_path / "a-2.hea").read_text() == "a-2.dat a-2_2.dat"
    assert (tmp_path / taken).read_bytes() == b"mine"


@pytest.mark.parametrize("links", [True, False])
@pytest.mark.parametrize("taken", ["a.hea", "a.dat", "a_2.dat"])
def test_a_name_that_appears_between_two_of_ours_is_not_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, taken: str, links: bool
) -> None:
    if not links:
        without_links(monkeypatch)
    real = saving._move_without_replacing

    def racing(scratch: Path, name: Path) -> None:
        if name.name == taken:
            name.write_bytes(b"theirs")
        real(scratch, name)

    monkeypatch.setattr(saving, "_move_without_replacing", racing)
    told: list[str] = []
    assert save_record(tmp_path / "a.hea", told) == tmp_path / "a-2.hea"
    assert told == ["a", "a-2"]
    assert names(tmp_path) == sorted([taken, "a-2.dat", "a-2.hea", "a-2_2.dat"])
    assert (tmp_path / taken).read_bytes() == b"theirs"
    assert (tmp_path / "a-2.dat").read_bytes() == b"one"
    assert (tmp_path / "a-2.hea").read_text() == "a-2.dat a-2_2.dat"


@pytest.mark.parametrize("links", [True, False])
@pytest.mark.parametrize("at", ["a.hea", "a.dat", "a_2.dat"])
def test_if_one_of_several_names_cannot_be_given_none_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: str, links: bool
) -> None:
    if not links:
        without_links(monkeypatch)
    real = saving._move_without_replacing

    def failing(scratch: Path, name: Path) -> None:
        if name.name == at:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(scratch, name)

    monkeypatch.setattr(saving, "_move_without_replacing", failing)
    with pytest.raises(NotWritable, match="disk is full"):
        save_record(tmp_path / "a.hea")
    assert names(tmp_path) == []


def test_a_block_that_raises_leaves_no_companion(tmp_path: Path) -> None:
    with pytest.raises(Cancelled), new_file(tmp_path / "a.hea") as file:
        file.add(".dat").write_bytes(b"half")
        raise Cancelled
    assert names(tmp_path) == []


def test_a_file_that_has_its_name_already_gets_companions_of_that_name(tmp_path: Path) -> None:
    told: list[str] = []
    with NewFile.at(tmp_path / "b.hea") as file:
        file.scratch.write_bytes(b"head")
        file.add(".dat").write_bytes(b"one")
        file.before_naming = told.append
    assert told == ["b"]
    assert names(tmp_path) == ["b.dat", "b.hea"]


def test_replace_file_puts_the_new_content_in_the_place_of_the_old(tmp_path: Path) -> None:
    target = tmp_path / "checkpoint"
    target.write_bytes(b"old")
    with replace_file(target) as scratch:
        scratch.write_bytes(b"new")
        assert target.read_bytes() == b"old"
    assert target.read_bytes() == b"new"
    assert names(tmp_path) == ["checkpoint"]


def test_replace_file_keeps_the_old_content_if_anything_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "checkpoint"
    target.write_bytes(b"old")
    FullDisk(monkeypatch, "fsync")
    with pytest.raises(OSError, match="No space"), replace_file(target) as scratch:
        scratch.write_bytes(b"new")
    assert target.read_bytes() == b"old"
    assert names(tmp_path) == ["checkpoint"]


@pytest.mark.parametrize(
    ("source", "pattern", "expected"),
    [
        ("beach.jpg", "{name}_clean{ext}", "beach_clean.jpg"),
        ("beach.jpg", "{name}{ext}", "beach.jpg"),
        ("beach.jpg", "clean {name}", "clean beach.jpg"),
        ("two.dots.jpg", "{name}_clean{ext}", "two.dots_clean.jpg"),
        ("a{ext}b{name}.jpg", "{name}_clean{ext}", "a{ext}b{name}_clean.jpg"),
        (HINDI, "{name}_clean{ext}", "सूर्यास्त की तस्वीर_clean.jpg"),
    ],
)
def test_a_target_is_named_by_its_pattern(source: str, pattern: str, expected: str) -> None:
    assert target_name(Path("/photos") / source, pattern, ".jpg") == expected


@pytest.mark.parametrize("letter", ["x", "क", "🏖"])
def test_a_long_name_is_shortened_at_whole_characters_and_leaves_room_for_a_number(
    tmp_path: Path, letter: str
) -> None:
    count = 251 // len(letter.encode())
    name = target_name(Path(letter * count + ".png"), "{name}_clean{ext}", ".png")
    size = len(name.encode())
    assert LONGEST_NAME_BYTES - 5 - len(letter.encode()) < size <= LONGEST_NAME_BYTES - 5
    assert name == letter * name.count(letter) + "_clean.png"
    assert save(tmp_path / name).name == name
    assert " (2)" in save(tmp_path / name).name


@pytest.mark.parametrize("pattern", ["clean{ext}", "", "{NAME}"])
def test_a_pattern_without_the_name_is_refused_with_a_sentence(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"needs \{name\}"):
        target_name(Path("a.jpg"), pattern, ".jpg")


@pytest.mark.parametrize("pattern", ["../{name}", "a\\{name}", "{name}?", "{name}\0", "C:{name}"])
def test_a_pattern_that_leaves_the_folder_is_refused_with_a_sentence(pattern: str) -> None:
    with pytest.raises(ValueError, match="cannot hold any of"):
        target_name(Path("a.jpg"), pattern, ".jpg")
