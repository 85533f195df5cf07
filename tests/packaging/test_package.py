from __future__ import annotations

import shutil
import subprocess
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

package: Any = import_module("package")
needs_dpkg = pytest.mark.skipif(not shutil.which("dpkg-deb"), reason="this is not Debian")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A program of two files, laid out as the package installs it."""
    program = tmp_path / "dist" / "desktop-ae"
    (program / "_internal").mkdir(parents=True)
    (program / "desktop-ae").write_text("#!/bin/sh\n")
    (program / "desktop-ae").chmod(0o755)
    (program / "_internal" / "NOTICE.txt").write_text("licences")
    (program / "_internal" / "libz.so").symlink_to("libz.so.1")
    icons = tmp_path / "icons"
    icons.mkdir()
    for size in (48, 256, 1024):
        (icons / f"app-{size}.png").write_bytes(b"png")
    package.lay_out(tmp_path / "tree", program, icons, "1.2.3")
    return tmp_path / "tree"


def test_the_command_and_the_program_are_where_they_are_looked_for(tree: Path) -> None:
    assert (tree / "usr/bin/desktop-ae").readlink() == Path("/opt/desktop-ae/desktop-ae")
    assert (tree / "opt/desktop-ae/desktop-ae").stat().st_mode & 0o111
    assert (tree / "opt/desktop-ae/_internal/libz.so").is_symlink()
    notice = (tree / "usr/share/doc/desktop-ae/copyright").readlink()
    assert (tree / notice.relative_to("/")).read_text() == "licences"


def test_the_desktop_entry_names_every_type_and_takes_several_files(tree: Path) -> None:
    entry = (tree / "usr/share/applications/desktop-ae.desktop").read_text()
    assert "Exec=/opt/desktop-ae/desktop-ae %F\n" in entry
    types = next(line for line in entry.splitlines() if line.startswith("MimeType="))
    assert "image/jpeg;" in types and "application/pdf;" in types and types.endswith(";")


def test_icons_are_there_in_the_sizes_that_themes_know(tree: Path) -> None:
    icons = tree / "usr/share/icons/hicolor"
    assert sorted(p.name for p in icons.iterdir()) == ["256x256", "48x48", "scalable"]
    assert (icons / "scalable/apps/desktop-ae.svg").read_text().startswith("<svg")


@pytest.mark.parametrize(
    ("tool", "words", "file"),
    [
        ("desktop-file-validate", [], "applications/desktop-ae.desktop"),
        ("xmllint", ["--noout"], "mime/packages/desktop-ae.xml"),
        (
            "appstreamcli",
            ["validate", "--no-net"],
            "metainfo/org.desktop_ae.desktop_ae.metainfo.xml",
        ),
    ],
)
def test_the_systems_own_tools_find_no_fault(
    tool: str, words: list[str], file: str, tree: Path
) -> None:
    if not shutil.which(tool):
        pytest.skip(f"{tool} is not installed")
    command = [tool, *words, str(tree / "usr/share" / file)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60)
    # appstreamcli hints at addresses, of which the project has none.
    assert ended.returncode == 0, ended.stdout + ended.stderr


@needs_dpkg
def test_the_package_can_be_made_and_runs_no_scripts(tree: Path, tmp_path: Path) -> None:
    package.write_control(tree, "1.2.3", "amd64", ["libc6 (>= 2.36)", "xkb-data"])
    deb = tmp_path / "a.deb"
    command = ["dpkg-deb", "--root-owner-group", "--build", str(tree), str(deb)]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    told = subprocess.run(["dpkg-deb", "-f", str(deb)], capture_output=True, text=True).stdout
    assert "Version: 1.2.3\n" in told
    assert "Depends: libc6 (>= 2.36), xkb-data\n" in told
    # With no scripts, removing it removes its files and can touch nobody's models.
    assert sorted(p.name for p in (tree / "DEBIAN").iterdir()) == ["control"]


@needs_dpkg
def test_it_depends_on_what_is_linked_and_not_inside(tmp_path: Path) -> None:
    if not shutil.which("objdump"):
        pytest.skip("binutils is not installed")
    shutil.copy("/bin/ls", tmp_path / "desktop-ae")
    inside = tmp_path / "_internal"
    inside.mkdir()
    needed = package.depends(tmp_path)
    assert needed[0].startswith("libc6 (>= 2.")
    assert {"libselinux1", "xkb-data", "libegl1"} <= {*needed}
    (inside / "libselinux.so.1").symlink_to("/nowhere")
    shutil.copy("/bin/true", inside / "libselinux.so.1.real")
    assert "libselinux1" not in package.depends(tmp_path)
