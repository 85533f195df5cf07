"""What goes into the built program, what stays out of it, and how either is told.

Read by `desktop_ae.spec` inside PyInstaller, and by `build.py` and the tests outside of it.
"""

from __future__ import annotations

import ast
import fnmatch
import sys
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path, PurePosixPath

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
    "readline",  # under the GPL, for a prompt that nobody sees
]  # fmt: skip

# Modules of torch that read their own source when they are imported. The others come without:
# that is 60 MB less.
WITH_SOURCE = [
    "torch._dynamo.config", "torch._export.config", "torch._functorch.config",
    "torch._inductor.config", "torch._inductor.config_comms", "torch.compiler.config",
    "torch.distributed.config", "torch.functional", "torch.fx.experimental._config",
    "torch.nn.functional", "torch.nn.modules.rnn", "torch.utils.serialization.config",
]  # fmt: skip

# The imagecodecs that PNG and TIFF files need, which it imports by name when they are asked for.
# There are sixty, each with a library of its own.
CODECS = {
    "_ccitt", "_cms", "_deflate", "_imcd", "_jpeg2k", "_jpeg8", "_jpegsof3", "_jpegxl", "_jpegxr",
    "_lerc", "_ljpeg", "_lzma", "_png", "_shared", "_shared_cython", "_webp", "_zlib", "_zlibng",
    "_zstd",
}  # fmt: skip

# Files that hooks bring along. Qt: sound is played through PCM, which needs no media backend (but
# its FFmpeg is used, see domains/audio/ffmpeg.py);
# there is no network to speak TLS on; no Qt Quick, so no keyboard on the screen; no OpenGL; and
# GTK's own libraries would come with its theme, for a file dialog that the desktop's portal gives
# as well.
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
    "PySide6/Qt/plugins/wayland-graphics-integration-*/*",
    "PySide6/Qt/plugins/xcbglintegrations/*",
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
    "torch/_inductor/*.jinja",
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

# Libraries that are loaded by their names: by the executable, and by domains/audio/ffmpeg.py.
LOADED_BY_NAME = ("libpython", "libavcodec.so", "libavformat.so", "libavutil.so")

# What must never be inside: gigabytes that a CPU has no use for.
FORBIDDEN_FOLDERS = {"nvidia", "triton"}
FORBIDDEN_LIBRARIES = [
    "*amdhip*", "*c10_cuda*", "*cublas*", "*cudart*", "*cudnn*", "*cufft*", "*cupti*", "*curand*",
    "*cusolver*", "*cusparse*", "*libcuda*", "*nccl*", "*nvidia*", "*nvjitlink*", "*nvrtc*",
    "*nvshmem*", "*nvtoolsext*", "*torch_cuda*", "*torch_hip*", "*triton*",
]  # fmt: skip
_LIBRARY = (".so", ".dll", ".dylib", ".pyd")


def is_left_out(inside: str) -> bool:
    """Of a file's path inside the program."""
    path = inside.replace("\\", "/")
    return any(fnmatch.fnmatchcase(path, pattern) for pattern in LEFT_OUT)


def forbidden(files: Iterable[str]) -> list[str]:
    """Those of the paths inside the program that must not be there.

    Torch's own modules that only speak of CUDA are none: libraries are looked at, and folders.
    """
    return sorted(path for path in files if _is_forbidden(PurePosixPath(path)))


def _is_forbidden(path: PurePosixPath) -> bool:
    if FORBIDDEN_FOLDERS & {part.lower() for part in path.parent.parts}:
        return True
    name = path.name.lower()
    is_library = name.endswith(_LIBRARY) or ".so." in name
    return is_library and any(fnmatch.fnmatchcase(name, word) for word in FORBIDDEN_LIBRARIES)


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
    """Which of the imported modules are not among those inside, whatever form these have."""
    there = {*inside, *sys.builtin_module_names, "__future__"}
    of_other_systems = {"ctypes.wintypes", "msvcrt", "resource", "winreg"}
    return sorted(set(wanted) - there - of_other_systems)


def modules_in(folder: Path) -> set[str]:
    """Names of the modules that lie as files in a built program: sources, compiled ones, and those
    in the archive of what Python itself needs first. What is in the executable is not seen.
    """
    found: set[str] = set()
    for path in folder.rglob("*"):
        parts = path.relative_to(folder).parts
        if path.name == "__init__.py":
            found.add(".".join(parts[:-1]))
        elif path.suffix in (".py", ".so", ".pyd"):
            names = [*parts[:-1], path.name.partition(".")[0]]
            if len(names) > 1 and names[1] == "lib-dynload":  # python3.11/lib-dynload/_csv...so
                names = names[2:]
            found.add(".".join(names))
    archive = folder / "base_library.zip"
    if archive.is_file():
        with zipfile.ZipFile(archive) as file:
            names = [name.rpartition(".")[0].replace("/", ".") for name in file.namelist()]
        found |= {name.removesuffix(".__init__") for name in names}
    return found


Entry = tuple[str, str, str]  # PyInstaller's: path inside, source, kind


def without_idle(entries: Sequence[Entry], needs: Callable[[str], Iterable[str]]) -> list[Entry]:
    """Leave out the shared libraries that nothing inside asks for: plugins that were left out have
    brought them. Modules and plugins, which are loaded by name, stay.

    needs: an ELF file to the names of the libraries that it is linked to.
    """
    loose = {_name(path): source for path, source, kind in entries if _is_loose(path, kind)}
    waiting = [s for path, s, kind in entries if kind != "SYMLINK" and not _is_loose(path, kind)]
    wanted = {name for name in loose if name.startswith(LOADED_BY_NAME)}
    waiting += [loose[name] for name in wanted]
    while waiting:
        asked = {name for name in needs(waiting.pop()) if name in loose} - wanted
        wanted |= asked
        waiting += [loose[name] for name in asked]
    idle = loose.keys() - wanted
    return [
        (path, source, kind)
        for path, source, kind in entries
        if _name(path) not in idle or not (kind == "SYMLINK" or _is_loose(path, kind))
    ]


def _is_loose(path: str, kind: str) -> bool:
    return kind == "BINARY" and ("/" not in path or path.startswith("PySide6/Qt/lib/"))


def _name(path: str) -> str:
    return PurePosixPath(path).name


def own_modules(package: Path = PACKAGE) -> list[str]:
    """Names of all modules of the program: domains are found by a walk, which no analysis sees."""
    parts = (path.relative_to(package.parent).with_suffix("").parts for path in _sources(package))
    return sorted(".".join(p[:-1] if p[-1] == "__init__" else p) for p in parts)


def _sources(package: Path) -> list[Path]:
    return [path for path in package.rglob("*.py") if "__pycache__" not in path.parts]
