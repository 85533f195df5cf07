"""The files that the systems offer to open with the program, for each system in its own form.

Only those that people keep as photos, scans, recordings and ECGs: a table or a film is taken if it
is given, but asking for it in every file manager would be a nuisance.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# MIME types as the shared MIME database of freedesktop.org names them.
MIME_TYPES: Mapping[str, str] = {
    ".bmp": "image/bmp",
    ".heic": "image/heif",
    ".heif": "image/heif",
    ".jpe": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
    ".webp": "image/webp",
    ".pdf": "application/pdf",
    ".aac": "audio/aac",
    ".aif": "audio/x-aiff",
    ".aiff": "audio/x-aiff",
    ".caf": "audio/x-caf",
    ".flac": "audio/flac",
    ".m4a": "audio/mp4",
    ".mp3": "audio/mpeg",
    ".oga": "audio/ogg",
    ".ogg": "audio/ogg",
    ".opus": "audio/x-opus+ogg",
    ".wav": "audio/x-wav",
    ".wma": "audio/x-ms-wma",
    ".bdf": "application/x-bdf-biosignal",
    ".edf": "application/x-edf",
    ".hea": "application/x-wfdb-header",
}
# Those that the shared database does not have.
OWN_TYPES: Mapping[str, tuple[str, str]] = {
    ".bdf": ("application/x-bdf-biosignal", "BDF recording"),
    ".edf": ("application/x-edf", "EDF recording"),
    ".hea": ("application/x-wfdb-header", "WFDB record"),
    ".daemodel": ("application/x-desktop-ae-model", "Desktop AE model"),
}
MODEL = ".daemodel"


def mime_types() -> list[str]:
    """All of them, each once."""
    return sorted({*MIME_TYPES.values(), OWN_TYPES[MODEL][0]})


def shared_mime_info() -> str:
    """XML for `/usr/share/mime/packages`."""
    types = [
        f'  <mime-type type="{mime}">\n    <comment>{words}</comment>\n'
        f'    <glob pattern="*{suffix}" weight="60"/>\n  </mime-type>'
        for suffix, (mime, words) in OWN_TYPES.items()
    ]
    space = "http://www.freedesktop.org/standards/shared-mime-info"
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<mime-info xmlns="{space}">'
    return "\n".join([head, *types, "</mime-info>\n"])


def document_types() -> dict[str, Any]:
    """For the Info.plist of macOS: it may open these, and owns its models alone."""
    suffixes = [suffix.removeprefix(".") for suffix in MIME_TYPES]
    names = {"CFBundleTypeRole": "Editor", "LSHandlerRank": "Alternate"}
    theirs = {"CFBundleTypeName": "Noisy file", "CFBundleTypeExtensions": suffixes, **names}
    own = {
        "CFBundleTypeName": OWN_TYPES[MODEL][1],
        "CFBundleTypeExtensions": [MODEL.removeprefix(".")],
        "CFBundleTypeRole": "Viewer",
        "LSHandlerRank": "Owner",
    }
    return {"CFBundleDocumentTypes": [theirs, own]}


def inno_associations() -> str:
    """Lines of a [Registry] section: a word in the menu of each file, and nobody's default."""
    lines = []
    for suffix in MIME_TYPES:
        key = f"Software\\Classes\\SystemFileAssociations\\{suffix}\\shell\\DesktopAE"
        lines += [
            f'Root: HKA; Subkey: "{key}"; ValueType: string; ValueData: "Clean with Desktop AE"; '
            "Flags: uninsdeletekey; Tasks: menu",
            f'Root: HKA; Subkey: "{key}"; ValueType: string; ValueName: "Icon"; '
            'ValueData: "{app}\\desktop-ae.exe"; Tasks: menu',
            f'Root: HKA; Subkey: "{key}\\command"; ValueType: string; '
            'ValueData: """{app}\\desktop-ae.exe"" ""%1"""; Tasks: menu',
        ]
    return "\n".join(lines) + "\n"
