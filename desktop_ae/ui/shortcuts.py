"""The keys of the window, in one table: what they do is bound in `main_window`."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication
from PySide6.QtGui import QKeySequence

KEYS: Sequence[tuple[str, str, str]] = (
    ("browse", "Ctrl+O", str(QT_TRANSLATE_NOOP("Keys", "Browse files"))),
    ("folder", "Ctrl+Shift+O", str(QT_TRANSLATE_NOOP("Keys", "Browse a folder"))),
    ("paste", "Ctrl+V", str(QT_TRANSLATE_NOOP("Keys", "Paste an image or files"))),
    ("copy", "Ctrl+C", str(QT_TRANSLATE_NOOP("Keys", "Copy the cleaned image"))),
    ("clean", "Ctrl+Return", str(QT_TRANSLATE_NOOP("Keys", "Clean"))),
    ("stop", "Esc", str(QT_TRANSLATE_NOOP("Keys", "Stop"))),
    ("pause", "Ctrl+P", str(QT_TRANSLATE_NOOP("Keys", "Pause or resume"))),
    ("retry", "F5", str(QT_TRANSLATE_NOOP("Keys", "Retry the selected files"))),
    ("select_all", "Ctrl+A", str(QT_TRANSLATE_NOOP("Keys", "Select all files"))),
    ("remove", "Del", str(QT_TRANSLATE_NOOP("Keys", "Remove the selected files from the list"))),
    ("undo", "Ctrl+Z", str(QT_TRANSLATE_NOOP("Keys", "Undo a removal, or a stroke of the brush"))),
    ("finetune", "Ctrl+Shift+T", str(QT_TRANSLATE_NOOP("Keys", "Fine-tune"))),
    ("models", "Ctrl+Shift+M", str(QT_TRANSLATE_NOOP("Keys", "Models"))),
    ("settings", "Ctrl+,", str(QT_TRANSLATE_NOOP("Keys", "Settings"))),
)
# These belong to the compare view, which binds them itself.
VIEW_KEYS: Sequence[tuple[str, str]] = (
    ("Space", str(QT_TRANSLATE_NOOP("Keys", "Hold for the original"))),
    ("W", str(QT_TRANSLATE_NOOP("Keys", "Wipe between before and after"))),
    ("S", str(QT_TRANSLATE_NOOP("Keys", "Before and after side by side"))),
    ("R", str(QT_TRANSLATE_NOOP("Keys", "What was removed"))),
    ("F", str(QT_TRANSLATE_NOOP("Keys", "Fit the picture into the view"))),
    ("1", str(QT_TRANSLATE_NOOP("Keys", "Actual pixels"))),
    ("B", str(QT_TRANSLATE_NOOP("Keys", "Brush: mark what shall go"))),
    ("E", str(QT_TRANSLATE_NOOP("Keys", "Eraser: unmark what shall stay"))),
    ("[", str(QT_TRANSLATE_NOOP("Keys", "Smaller brush"))),
    ("]", str(QT_TRANSLATE_NOOP("Keys", "Larger brush"))),
    ("M", str(QT_TRANSLATE_NOOP("Keys", "Show or hide the mask"))),
    ("Ctrl+Shift+Z", str(QT_TRANSLATE_NOOP("Keys", "Redo a stroke"))),
    ("PgUp", str(QT_TRANSLATE_NOOP("Keys", "Previous page"))),
    ("PgDown", str(QT_TRANSLATE_NOOP("Keys", "Next page"))),
)
# So do these, where the file is a recording.
SOUND_KEYS: Sequence[tuple[str, str]] = (
    ("Space", str(QT_TRANSLATE_NOOP("Keys", "Recording: play or pause"))),
    ("S", str(QT_TRANSLATE_NOOP("Keys", "Recording: stop, back to where it began"))),
    ("X", str(QT_TRANSLATE_NOOP("Keys", "Recording: before, after, removed in turn"))),
    ("B", str(QT_TRANSLATE_NOOP("Keys", "Recording: hear the original"))),
    ("A", str(QT_TRANSLATE_NOOP("Keys", "Recording: hear what is left"))),
    ("R", str(QT_TRANSLATE_NOOP("Keys", "Recording: hear what was removed"))),
    ("L", str(QT_TRANSLATE_NOOP("Keys", "Recording: loop"))),
    ("M", str(QT_TRANSLATE_NOOP("Keys", "Recording: before and after equally loud"))),
    ("[", str(QT_TRANSLATE_NOOP("Keys", "Recording: the selection begins here"))),
    ("]", str(QT_TRANSLATE_NOOP("Keys", "Recording: the selection ends here"))),
    ("Backspace", str(QT_TRANSLATE_NOOP("Keys", "Recording: select nothing"))),
    ("Z", str(QT_TRANSLATE_NOOP("Keys", "Recording: zoom to the selection"))),
    ("Shift+Left", str(QT_TRANSLATE_NOOP("Keys", "Recording: show what comes before"))),
    ("Shift+Right", str(QT_TRANSLATE_NOOP("Keys", "Recording: show what comes next"))),
)
# And these, where it is an ECG.
ECG_KEYS: Sequence[tuple[str, str]] = (
    ("O", str(QT_TRANSLATE_NOOP("Keys", "ECG: the original behind the cleaned one"))),
    ("R", str(QT_TRANSLATE_NOOP("Keys", "ECG: what was removed"))),
    ("B", str(QT_TRANSLATE_NOOP("Keys", "ECG: R-peaks and heart rate"))),
    ("N", str(QT_TRANSLATE_NOOP("Keys", "ECG: next place where beats differ"))),
    ("Shift+N", str(QT_TRANSLATE_NOOP("Keys", "ECG: place before where beats differ"))),
    ("L", str(QT_TRANSLATE_NOOP("Keys", "ECG: next lead alone, then all"))),
    ("T", str(QT_TRANSLATE_NOOP("Keys", "ECG: go to a time"))),
    ("Backspace", str(QT_TRANSLATE_NOOP("Keys", "ECG: end a measurement (Shift and drag)"))),
    ("Up", str(QT_TRANSLATE_NOOP("Keys", "ECG: higher waves"))),
    ("Down", str(QT_TRANSLATE_NOOP("Keys", "ECG: lower waves"))),
    ("1", str(QT_TRANSLATE_NOOP("Keys", "ECG: back to 25 mm/s and 10 mm/mV"))),
)


def shown_keys() -> list[tuple[str, str]]:
    """Each key as this system writes it, with what it does."""
    form = QKeySequence.SequenceFormat.NativeText
    rows = [(keys, text) for _, keys, text in KEYS] + [*VIEW_KEYS, *SOUND_KEYS, *ECG_KEYS]
    return [
        (QKeySequence(keys).toString(form), QCoreApplication.translate("Keys", text))
        for keys, text in rows
    ]
