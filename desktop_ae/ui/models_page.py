"""The model library: what there is, where it is from, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop_ae.core.daemodel import SUFFIX
from desktop_ae.core.errors import DesktopAEError
from desktop_ae.core.own_models import Removed
from desktop_ae.domains import load_domains
from desktop_ae.model_jobs import ExportJob, Imported, ImportJob, export_name
from desktop_ae.ui.errands import PLAN
from desktop_ae.ui.model_sheet import ModelSheet
from desktop_ae.ui.model_words import ModelWords
from desktop_ae.ui.models_table import Entry, ModelsTable, ModelsView
from desktop_ae.ui.services import Services
from desktop_ae.ui.show_in_folder import show_in_folder
from desktop_ae.ui.theme import dress
from desktop_ae.ui.wording import translated


class ModelsPage(QWidget):
    """offered: ids of the tasks that have a pane. is_at_work: whether a queue needs a model.

    Signals:
        said(text: str, action: str, do: Callable | None): a notice, with something to do about it.
        changed(): there are other models, or other defaults.
        imported(): one came in that the person should see.
    """

    said = Signal(object, object, object)
    changed = Signal()
    imported = Signal()

    def __init__(
        self,
        services: Services,
        offered: Container[str],
        is_at_work: Callable[[str], bool],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._library = services.library
        self._settings = services.settings
        self._errands = services.errands
        self._offered = offered
        self._is_at_work = is_at_work
        self._words = ModelWords()
        self._removed: list[Removed] = []
        self._importing = 0
        self._came: list[Imported | Exception] = []
        self.filter = QComboBox()
        self.counts = QLabel()
        self.import_button = QPushButton(self.tr("Import…"))
        self.table = ModelsTable(self)
        self.view = ModelsView(self.table)
        self.sheet = ModelSheet()
        self._lay_out()
        self._connect()
        self.refresh()

    def refresh(self, choose: str = "") -> None:
        """Show what the library has now. choose: id of the model to select."""
        before = choose or (entry.card.id if (entry := self.view.current()) else "")
        tasks = [task for domain in load_domains() for task in domain.tasks]
        cards = self._library.cards()
        self._fill_filter([task.id for task in tasks if any(c.task == task.id for c in cards)])
        wanted = self.filter.currentData() or None
        if choose and wanted and self._library.card(choose).task != wanted:
            self.filter.setCurrentIndex(0)
            wanted = None
        entries = []
        for task in tasks:
            first = self._library.default_for(task)
            own = [
                Entry(card, self._library.is_own(card), card.id == first)
                for card in cards
                if card.task == task.id and wanted in (None, task.id)
            ]
            entries += sorted(own, key=lambda entry: (entry.is_own, entry.card.title))
        self.table.show_entries(entries)
        mine = sum(self._library.is_own(card) for card in cards)
        text = self.tr("{n} models, {own} of them your own")
        self.counts.setText(text.format(n=len(cards), own=mine))
        self.view.choose(before)

    def import_files(self, paths: Sequence[Path]) -> None:
        """Check `.daemodel` files, one after the other, and keep what is in them."""
        for path in paths:
            self._importing += 1
            self._errands.ask(ImportJob(path), self._on_imported, self._on_came, PLAN)
        self._show_busy()

    def browse(self) -> None:
        """Ask for files to import."""
        chosen, _ = QFileDialog.getOpenFileNames(
            self,
            self.tr("Models to import"),
            str(next(iter(self._settings.recent("models")), "")),
            f"{self.tr('Models')} (*{SUFFIX})",
        )
        if chosen:
            self._settings.add_recent("models", Path(chosen[0]).parent)
            self.import_files([Path(name) for name in chosen])

    def export(self) -> None:
        """Ask where the selected model goes, and write it there."""
        entry = self.view.current()
        if entry is None:
            return
        folder = next(iter(self._settings.recent("models")), Path())
        chosen, _ = QFileDialog.getSaveFileName(
            self,
            self.tr("Export a model"),
            str(folder / export_name(entry.card)),
            f"{self.tr('Models')} (*{SUFFIX})",
            options=QFileDialog.Option.DontConfirmOverwrite,  # nothing is ever replaced
        )
        if chosen:
            wanted = Path(chosen)
            self._settings.add_recent("models", wanted.parent)
            job = ExportJob(entry.card.id, wanted)
            self._errands.ask(job, self._on_exported, self._on_failed, PLAN)

    def make_default(self, model_id: str = "") -> None:
        """Let the selected model's task, or the given one's, begin with it."""
        entry = self.view.current()
        chosen = model_id or (entry.card.id if entry else "")
        if not chosen:
            return
        try:
            card = self._library.card(chosen)
            self._library.put_default(chosen)
        except DesktopAEError as error:
            self._on_failed(error)
            return
        for name in ("model", "model_over"):  # the pane takes it now, whatever was chosen there
            self._settings.put(f"{card.task}/{name}", chosen)
        self._changed(chosen)
        text = self.tr("{task} begins with {name} from now on.")
        self._say(text.format(task=self._words.task(card.task), name=translated(card.title)))

    def delete(self) -> None:
        """Delete the selected model, if it is the person's own; a notice offers to undo it."""
        entry = self.view.current()
        if entry is None:
            return
        title = translated(entry.card.title)
        if entry.is_own and self._is_at_work(entry.card.id):
            text = self.tr("{name} is at work. Delete it when the files are cleaned.")
            self._say(text.format(name=title))
            return
        place = self.view.currentIndex().row()
        try:
            self._removed.append(self._library.remove(entry.card.id))
        except DesktopAEError as error:
            self._on_failed(error)
            return
        self._changed()
        self.view.selectRow(min(place, self.table.rowCount() - 1))
        self.view.setFocus()
        self._say(self.tr("Deleted {name}.").format(name=title), self.tr("Undo"), self.undo)

    def undo(self) -> None:
        """Bring back the model that was deleted last."""
        if not self._removed:
            return
        removed = self._removed.pop()
        try:
            card = self._library.put_back(removed)
        except DesktopAEError as error:
            self._removed.append(removed)
            self._on_failed(error)
            return
        self._changed(card.id)
        self._say(self.tr("{name} is back.").format(name=translated(card.title)))

    def make_menu(self, entry: Entry) -> QMenu:
        """What can be done with a model; what does not apply is left out."""
        menu = QMenu(self)
        if not entry.is_default:
            menu.addAction(self.tr("Make it the default")).triggered.connect(
                lambda: self.make_default()
            )
        menu.addAction(self.tr("Export…")).triggered.connect(self.export)
        menu.addAction(self.tr("Show in folder")).triggered.connect(
            lambda: show_in_folder(entry.card.weights)
        )
        menu.addAction(self.tr("Copy id")).triggered.connect(
            lambda: QGuiApplication.clipboard().setText(entry.card.id)
        )
        if entry.is_own:
            menu.addSeparator()
            menu.addAction(self.tr("Delete") + "\tDel").triggered.connect(self.delete)
        return menu

    def _lay_out(self) -> None:
        title = QLabel(self.tr("Models"))
        title.setProperty("role", "title")
        self.counts.setProperty("role", "dim")
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(title)
        words.addWidget(self.counts)
        self.filter.setFixedWidth(190)
        self.filter.setAccessibleName(self.tr("Show models for"))
        self.import_button.setProperty("role", "outline")
        self.import_button.setToolTip(
            self.tr("A .daemodel file (Ctrl+O). It may also be dropped anywhere on the window.")
        )
        dress(self.import_button, "plus", "text", 18)
        head = QHBoxLayout()
        head.setContentsMargins(8, 0, 0, 8)
        head.setSpacing(12)
        head.addLayout(words, 1)
        head.addWidget(self.filter, 0, Qt.AlignmentFlag.AlignVCenter)
        head.addWidget(self.import_button, 0, Qt.AlignmentFlag.AlignVCenter)
        left = QVBoxLayout()
        left.setContentsMargins(20, 20, 20, 16)
        left.setSpacing(8)
        left.addLayout(head)
        left.addWidget(self.view, 1)
        foot = QLabel(
            self.tr(
                "A model is one file: export it for someone else, or drop theirs here. Every"
                " file is checked before it is added, and nothing in it can run a program."
            )
        )
        foot.setProperty("role", "small")
        foot.setWordWrap(True)
        foot.setContentsMargins(8, 0, 8, 0)
        left.addWidget(foot)
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        across.addLayout(left, 1)
        across.addWidget(self.sheet)

    def _connect(self) -> None:
        self.filter.activated.connect(lambda: self.refresh())
        self.import_button.clicked.connect(self.browse)
        self.view.entry_changed.connect(self.sheet.show_entry)
        self.view.menu_asked.connect(self._on_menu_asked)
        self.view.opened.connect(lambda _entry: self.make_default())
        self.sheet.make_default.clicked.connect(lambda: self.make_default())
        self.sheet.export.clicked.connect(self.export)
        self.sheet.delete.clicked.connect(self.delete)

    def _fill_filter(self, tasks: Sequence[str]) -> None:
        wanted = self.filter.currentData()
        self.filter.clear()
        self.filter.addItem(self.tr("All tasks"), "")
        for task in tasks:
            self.filter.addItem(self._words.task(task), task)
        self.filter.setCurrentIndex(max(0, self.filter.findData(wanted)))

    def _changed(self, choose: str = "") -> None:
        self.refresh(choose)
        self.changed.emit()

    def _on_imported(self, imported: Imported) -> None:
        self._changed(imported.card.id)
        self.imported.emit()
        self._on_came(imported)

    def _on_came(self, what: Imported | Exception) -> None:
        """Say what became of the files once the last one is checked."""
        self._came.append(what)
        self._importing -= 1
        self._show_busy()
        if self._importing:
            return
        came, self._came = self._came, []
        failures = [one for one in came if isinstance(one, Exception)]
        models = [one for one in came if isinstance(one, Imported)]
        if len(came) == 1 and models:
            self._say_imported(models[0])
            return
        added = sum(one.is_new for one in models)
        parts = [self.tr("Models added: {n}.").format(n=added)] if added or not failures else []
        parts += [str(failures[0])] if failures else []
        if len(failures) > 1:
            parts.append(self.tr("Files refused: {n}.").format(n=len(failures)))
        self._say(" ".join(parts))

    def _say_imported(self, imported: Imported) -> None:
        card = imported.card
        names = {"name": translated(card.title), "task": self._words.task(card.task)}
        if not imported.is_new:
            self._say(self.tr("{name} is there already.").format(**names))
        elif card.task not in self._offered:
            text = self.tr("{name} was added. Its pane, {task}, is there at the next start.")
            self._say(text.format(**names))
        else:
            text = self.tr("{name} was added to {task}.").format(**names)
            self._say(text, self.tr("Make it the default"), partial(self.make_default, card.id))

    def _show_busy(self) -> None:
        busy = self._importing > 0
        self.import_button.setText(self.tr("Checking…") if busy else self.tr("Import…"))

    def _on_exported(self, path: Path) -> None:
        text = self.tr("Exported as {name}.").format(name=path.name)
        self._say(text, self.tr("Show in folder"), partial(show_in_folder, path))

    def _on_failed(self, error: Exception) -> None:
        self._say(str(error))

    def _say(self, text: str, action: str = "", do: Callable[[], None] | None = None) -> None:
        self.said.emit(text, action, do)

    def _on_menu_asked(self, position: QPoint) -> None:
        entry = self.view.current()
        if entry:
            self.make_menu(entry).popup(position)
