"""Starting the window. Nothing heavy is imported here: it must be visible within two seconds."""

from __future__ import annotations

import logging
import logging.handlers
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_ae.places import ledger_path, model_folders, shipped, user_data

if TYPE_CHECKING:
    from PySide6.QtCore import QMessageLogContext, QtMsgType
    from PySide6.QtWidgets import QApplication

    from desktop_ae.core.library import ModelLibrary
    from desktop_ae.ui.main_window import MainWindow
    from desktop_ae.ui.settings import Settings

LOG_BYTES = 1_000_000
LOGS_KEPT = 3
CLOSE_TIMEOUT_MS = 20_000
log = logging.getLogger(__name__)


def import_torch_first_on_windows() -> None:
    """Load torch before Qt, as Windows needs it: after Qt, its c10.dll fails (WinError 1114).

    The only place that does so. Elsewhere torch loads behind the visible window.
    """
    if sys.platform == "win32":
        import torch  # noqa: F401


def run_window(
    paths: Sequence[Path] = (), shown: Callable[[MainWindow], None] | None = None
) -> int:
    """Show the window until it is closed; the exit code. `paths` are taken as if dropped.

    If this person has a window open already, it gets them instead, and this returns at once.
    shown: called once the window is there.
    """
    import_torch_first_on_windows()
    from PySide6.QtCore import QTimer

    from desktop_ae.core.ledger import Ledger
    from desktop_ae.engine import Engine
    from desktop_ae.ui.crash_report import CrashReport
    from desktop_ae.ui.errands import Errands
    from desktop_ae.ui.main_window import MainWindow
    from desktop_ae.ui.services import Services
    from desktop_ae.ui.settings import Settings
    from desktop_ae.ui.single_instance import SingleInstance
    from desktop_ae.ui.theme import icon, theme

    app = _application()
    instance = SingleInstance(user_data())
    if instance.hand_over(paths):
        return 0
    log_folder = user_data() / "log"
    start_log(log_folder)
    crash_report = CrashReport(log_folder)
    crash_report.install()
    settings = Settings()
    _translate(app, settings)
    theme().set_mode(_mode(settings))
    theme().apply(app)
    app.setWindowIcon(icon("app", "accent", 64))

    library = _library()
    ledger = Ledger(ledger_path())
    cleaning, learning, viewing = engines = [Engine(library, ledger) for _ in range(3)]
    services = Services(library, ledger, cleaning, learning, Errands(viewing), settings)
    # A task whose model does not ship yet, and that nobody has brought one for, has no pane.
    window = MainWindow(services, offered=lambda task: bool(library.cards(task.id)))
    for engine in engines:
        engine.start()
    window.show()
    window.take(list(paths))
    instance.given_to(window, window.take)
    if shown:
        QTimer.singleShot(0, lambda: shown(window))
    code = app.exec()
    settings.sync()
    for engine in engines:
        engine.cancel_all()  # so that they come to their ends side by side
    if not all([engine.close(CLOSE_TIMEOUT_MS) for engine in engines]):
        log.error("an engine did not end in time")
        logging.shutdown()
        os._exit(code)  # destroying a thread that runs would abort with a crash report
    library.empty_trash()
    ledger.close()
    return code


def _library() -> ModelLibrary:
    from desktop_ae.core.library import ModelLibrary

    library = ModelLibrary(model_folders())
    for problem in library.problems:
        log.warning("%s", problem)
    return library


def _application() -> QApplication:
    from PySide6.QtWidgets import QApplication

    app = QApplication(sys.argv[:1])
    app.setApplicationName("desktop-ae")
    app.setApplicationDisplayName("Desktop AE")
    app.setDesktopFileName("desktop-ae")
    return app


def start_log(folder: Path) -> None:
    """Log to rotating files, and to the terminal if there is one: a window program has none."""
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    form = logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s")
    handlers: list[logging.Handler] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handlers.append(
            logging.handlers.RotatingFileHandler(
                folder / "desktop-ae.log",
                maxBytes=LOG_BYTES,
                backupCount=LOGS_KEPT,
                encoding="utf-8",
                delay=True,
            )
        )
    except OSError:
        pass  # a full or read-only disk is no reason not to start
    if sys.stderr is not None:
        handlers.append(logging.StreamHandler())
        handlers[-1].setLevel(logging.WARNING)
    for handler in handlers:
        handler.setFormatter(form)
        root.addHandler(handler)
    _log_what_qt_says()


def _log_what_qt_says() -> None:
    from PySide6.QtCore import QtMsgType, qInstallMessageHandler

    levels = {
        QtMsgType.QtDebugMsg: logging.DEBUG,
        QtMsgType.QtInfoMsg: logging.INFO,
        QtMsgType.QtWarningMsg: logging.WARNING,
        QtMsgType.QtCriticalMsg: logging.ERROR,
        QtMsgType.QtFatalMsg: logging.CRITICAL,
    }

    def put(kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
        logging.getLogger("qt").log(levels.get(kind, logging.WARNING), "%s", text)

    qInstallMessageHandler(put)


def _mode(settings: Settings) -> str:
    mode = settings.text("theme")
    return mode if mode in ("light", "dark") else "system"


def _translate(app: QApplication, settings: Settings) -> None:
    """Install our translation of the chosen language, and Qt's own for its dialogs."""
    from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator

    chosen = settings.text("language")
    locale = QLocale.system() if chosen == "system" else QLocale(chosen)
    QLocale.setDefault(locale)
    ours = str(shipped("resources") / "translations")
    qt = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if locale.language() == QLocale.Language.English:
        return  # the source; a second language of the system would be taken instead
    for name, folder in (("desktop_ae", ours), ("qtbase", qt)):
        translator = QTranslator(app)
        if translator.load(locale, name, "_", folder):
            app.installTranslator(translator)
