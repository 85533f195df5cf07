"""What goes into the built program, what stays out of it, and how either is told.

Read by `desktop_ae.spec` inside PyInstaller, and by `build.py` and the tests outside of it.
"""

from __future__ import annotations

import ast
import fnmatch
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "desktop_ae"

# Imported by benches and training recipes alone, in functions that say so when it is missing.
NOT_INSIDE = {
    "bm3d", "neurokit2", "noisereduce", "pesq", "pyrnnoise", "pystoi", "resvg_py", "scipy",
    "skimage", "torchaudio", "torchvision",
}  # fmt: skip

# Python modules that would be found, and that the program gets on without.
EXCLUDED = [
    *sorted(NOT_INSIDE), "IPython", "matplotlib", "pandas", "pip", "pytest", "setuptools",
    "tensorboard", "tkinter", "triton", "PySide6.QtQml", "PySide6.QtQuick", "PySide6.QtOpenGL",
    "PySide6.QtPdf", "PySide6.QtWebEngineCore", "torch.utils.tensorboard",
]  # fmt: skip

# The imagecodecs that PNG and TIFF files need; there are sixty, each with a library of its own.
CODECS = {
    "_ccitt", "_cms", "_deflate", "_imcd", "_jpeg2k", "_jpeg8", "_jpegsof3", "_jpegxl", "_jpegxr",
    "_lerc", "_ljpeg", "_lzma", "_png", "_shared", "_shared_cython", "_webp", "_zlib", "_zlibng",
    "_zstd",
}  # fmt: skip

# Files that hooks bring along. Qt: sound is played through PCM, which needs no media backend;
# there is no network to speak TLS on; no Qt Quick, so no keyboard on the screen; and GTK's own
# libraries would come with its theme, for a file dialog that the desktop's portal gives as well.
LEFT_OUT = [
    "PySide6/Qt/plugins/egldeviceintegrations/*",
    "PySide6/Qt/plugins/generic/*",
    "PySide6/Qt/plugins/imageformats/*qpdf*",
    "PySide6/Qt/plugins/multimedia/*",
    "PySide6/Qt/plugins/networkinformation/*",
    "PySide6/Qt/plugins/platforminputcontexts/*virtualkeyboard*",
    "PySide6/Qt/plugins/platforms/*qeglfs*",
    "PySide6/Qt/plugins/platforms/*qlinuxfb*",
    "PySide6/Qt/plugins/platforms/*qminimal*",
    "PySide6/Qt/plugins/platforms/*qvkkhrdisplay*",
    "PySide6/Qt/plugins/platforms/*qvnc*",
    "PySide6/Qt/plugins/platformthemes/*qgtk3*",
    "PySide6/Qt/plugins/tls/*",
    "PySide6/Qt/plugins/wayland-graphics-integration-server/*",
    "PySide6/Qt/qml/*",
    "PySide6/Qt/translations/*",
    "PySide6/plugins/multimedia/*",
    "PySide6/plugins/networkinformation/*",
    "PySide6/plugins/platforminputcontexts/*virtualkeyboard*",
    "PySide6/plugins/platforms/*qminimal*",
    "PySide6/plugins/tls/*",
    "PySide6/qml/*",
    "PySide6/translations/*",
    "PySide6/opengl32sw.dll",
    "torch/include/*",
    "torch/share/*",
    "torch/test/*",
    "torch/bin/[!t]*",
    "torch/bin/test_*",
    "torch/lib/*_test.*",
    "torch/lib/*backend_with_compiler*",
    "torch/lib/*aoti_custom_ops*",
    "torch/lib/*.lib",
]

# Of what must never be inside: gigabytes that a CPU has no use for.
FORBIDDEN = [
    "*nvidia*", "*triton*", "*libcud*", "*libcublas*", "*libnccl*", "*libcufft*", "*libcurand*",
    "*libcusparse*", "*libcusolver*", "*libnvrtc*", "*libnvToolsExt*", "*libtorch_cuda*",
    "*libc10_cuda*", "*cudart*", "*cudnn*", "*torch_hip*",
]  # fmt: skip
# Source text of torch that only names them: no library, and imported by torch itself.
_NAMES_ALONE = (".py", ".pyc", ".json")


def is_left_out(inside: str) -> bool:
    """Of a file's path inside the program."""
    path = inside.replace("\\", "/")
    folder, _, name = path.rpartition("/")
    if folder == "imagecodecs" and name.endswith((".so", ".pyd")):
        return name.partition(".")[0] not in CODECS
    return any(fnmatch.fnmatchcase(path, pattern) for pattern in LEFT_OUT)


def forbidden(files: Iterable[str]) -> list[str]:
    """Those of the paths inside the program that must not be there."""
    libraries = (path for path in files if not path.endswith(_NAMES_ALONE))
    return sorted(
        path for path in libraries if any(fnmatch.fnmatch(path, word) for word in FORBIDDEN)
    )


def imported_modules(package: Path = PACKAGE) -> set[str]:
    """Every module that some module of the program imports, at its start or in a function."""
    found: set[str] = set()
    for path in sorted(package.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
        found.update(_imports_of(tree))
    return {name for name in found if name.partition(".")[0] not in NOT_INSIDE}


def _imports_of(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def missing(wanted: Iterable[str], inside: Iterable[str]) -> list[str]:
    """Which of the imported modules the program does not hold.

    inside: names of the modules that it does hold, compiled ones included.
    """
    there = {*inside, *sys.builtin_module_names}
    elsewhere = {"ctypes.wintypes", "msvcrt", "resource", "winreg"}  # as far as the system has them
    return sorted(name for name in wanted if name not in there and name not in elsewhere)


def own_modules(package: Path = PACKAGE) -> list[str]:
    """Names of all modules of the program: domains are found by a walk, which no analysis sees."""
    parts = (path.relative_to(package.parent).with_suffix("").parts for path in _sources(package))
    return sorted(".".join(p[:-1] if p[-1] == "__init__" else p) for p in parts)


def _sources(package: Path) -> list[Path]:
    return [path for path in package.rglob("*.py") if "__pycache__" not in path.parts]
