"""The files of a pane and how far each is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import Path
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QUrl,
    Signal,
)

from desktop_ae.core.domain import Options
from desktop_ae.jobs import PASSWORD, Cleaned, CleanJob, Password
from desktop_ae.ui.mask_edits import MaskEdits
from desktop_ae.ui.wording import Wording

Index = QModelIndex | QPersistentModelIndex
ROW_ROLE = int(Qt.ItemDataRole.UserRole)
ROWS_MIME = "application/x-desktop-ae-rows"
_NOWHERE = QModelIndex()


class State(Enum):
    READY = auto()  # not asked to be cleaned yet
    WAITING = auto()
    CLEANING = auto()
    CLEANED = auto()
    UNCHANGED = auto()
    SKIPPED = auto()
    FAILED = auto()
    STOPPED = auto()


STARTABLE = frozenset({State.READY, State.STOPPED})
MOVABLE = frozenset({State.READY, State.STOPPED, State.WAITING})
FINISHED = frozenset({State.CLEANED, State.UNCHANGED, State.SKIPPED, State.FAILED})


@dataclass(slots=True, eq=False)
class Row:
    """One file.

    job: as it was last submitted. fraction, seconds_left, piece, piece_fraction, pieces,
    passed_over: while it is cleaned, as a Progress says; piece is -1 until a page is worked on.
    pages: 1 until the file was looked at. page: the one on the screen. left_out: pages that the
    person wants to stay as they are. edits: of its mask, for a task that has one. facts: what a
    person told of a file that does not say it itself.
    """

    source: Path
    below: Path | None = None
    state: State = State.READY
    job: CleanJob | None = None
    fraction: float = 0.0
    seconds_left: float | None = None
    result: Cleaned | None = None
    error: Exception | None = None
    piece: int = -1
    piece_fraction: float = 0.0
    pieces: Mapping[int, str] = field(default_factory=dict)
    passed_over: Mapping[int, str] = field(default_factory=dict)
    pages: int = 1
    page: int = 0
    left_out: frozenset[int] = frozenset()
    password: Password = field(default=Password(), repr=False)
    edits: MaskEdits = field(default_factory=MaskEdits, repr=False)
    facts: Options = field(default_factory=dict)

    @property
    def key(self) -> Options:
        """The options that open the file."""
        told = {name: value for name, value in self.facts.items() if value}
        return {PASSWORD: self.password, **told} if self.password else told

    @property
    def is_warned(self) -> bool:
        """Whether a person should look at the result before using it."""
        return self.state is State.CLEANED and bool(self.result and self.result.note)

    @property
    def target(self) -> Path | None:
        """The file that came of it, if there is one now."""
        return self.result.target if self.result and self.state in FINISHED else None


class QueueModel(QAbstractListModel):
    """Rows in the order in which they are cleaned. Ten thousand of them cost nothing.

    Signals:
        row_changed(row: Row): its state, progress or result.
    """

    row_changed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[Row] = []
        self._by_source: dict[Path, Row] = {}
        self._wording = Wording()

    @property
    def rows(self) -> Sequence[Row]:
        return self._rows

    def find(self, source: Path) -> Row | None:
        return self._by_source.get(source)

    def row_at(self, index: Index) -> Row | None:
        return self._rows[index.row()] if index.isValid() else None

    def index_of(self, row: Row) -> QModelIndex:
        """Invalid if the row was removed."""
        if self._by_source.get(row.source) is not row:
            return QModelIndex()
        return self.index(self._rows.index(row))

    def counts(self) -> Counter[State]:
        return Counter(row.state for row in self._rows)

    def add(self, rows: Iterable[Row]) -> list[Row]:
        """Put rows at the end; those whose file is here already are left out and not returned."""
        new = {row.source: row for row in rows if row.source not in self._by_source}
        if new:
            first = len(self._rows)
            self.beginInsertRows(QModelIndex(), first, first + len(new) - 1)
            self._rows.extend(new.values())
            self._by_source.update(new)
            self.endInsertRows()
        return list(new.values())

    def remove(self, rows: Iterable[Row]) -> list[tuple[int, Row]]:
        """Take rows out; what is returned serves `put_back`."""
        gone = set(rows)
        places = [(place, row) for place, row in enumerate(self._rows) if row in gone]
        for first, last in reversed(_runs([place for place, _ in places])):
            self.beginRemoveRows(QModelIndex(), first, last)
            for row in self._rows[first : last + 1]:
                del self._by_source[row.source]
            del self._rows[first : last + 1]
            self.endRemoveRows()
        return places

    def put_back(self, places: Sequence[tuple[int, Row]]) -> list[Row]:
        """Undo a removal; a file that was added again meanwhile stays where it is now."""
        back = []
        for place, row in places:
            if row.source in self._by_source:
                continue
            at = min(place, len(self._rows))
            self.beginInsertRows(QModelIndex(), at, at)
            self._rows.insert(at, row)
            self._by_source[row.source] = row
            self.endInsertRows()
            back.append(row)
        return back

    def move(self, rows: Iterable[Row], before: int) -> None:
        """Put waiting rows, in their order, before the row that is now at `before`."""
        chosen = set(rows)
        moving = [row for row in self._rows if row in chosen and row.state in MOVABLE]
        for row in moving:
            place = self._rows.index(row)
            if before not in (place, place + 1):
                self.beginMoveRows(QModelIndex(), place, place, QModelIndex(), before)
                self._rows.insert(before, row)
                del self._rows[place if place < before else place + 1]
                self.endMoveRows()
            before = self._rows.index(row) + 1

    def touch(self, row: Row) -> None:
        """Say that a row was changed."""
        index = self.index_of(row)
        if index.isValid():
            self.dataChanged.emit(index, index)
            self.row_changed.emit(row)

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.row_at(index)
        if row is None:
            return None
        if role == ROW_ROLE:
            return row
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return row.source.name
            case Qt.ItemDataRole.ToolTipRole:
                return f"{row.source}\n{self._wording.status(row)}"
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{row.source.name}, {self._wording.status(row)}"
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled
        usual = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return usual | Qt.ItemFlag.ItemIsDragEnabled | Qt.ItemFlag.ItemNeverHasChildren

    def supportedDragActions(self) -> Qt.DropAction:
        return Qt.DropAction.CopyAction

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.CopyAction

    def mimeTypes(self) -> list[str]:
        return [ROWS_MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """The places of the rows, and the files that came of them, for another program."""
        data = QMimeData()
        places = sorted(index.row() for index in indexes)
        data.setData(ROWS_MIME, ",".join(map(str, places)).encode())
        targets = [t for p in places if (t := self._rows[p].target) is not None]
        if targets:
            data.setUrls([QUrl.fromLocalFile(str(t)) for t in targets])
        return data

    def canDropMimeData(
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index
    ) -> bool:
        return data.hasFormat(ROWS_MIME)

    def dropMimeData(
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index
    ) -> bool:
        """Always False: a True would make the view remove the rows from where they were."""
        if data.hasFormat(ROWS_MIME):
            places = [int(p) for p in bytes(data.data(ROWS_MIME).data()).decode().split(",")]
            before = row if row >= 0 else parent.row() if parent.isValid() else len(self._rows)
            self.move([self._rows[p] for p in places if p < len(self._rows)], before)
        return False


def _runs(places: Sequence[int]) -> list[tuple[int, int]]:
    """Neighbouring numbers as (first, last)."""
    runs: list[tuple[int, int]] = []
    for place in places:
        if runs and runs[-1][1] == place - 1:
            runs[-1] = (runs[-1][0], place)
        else:
            runs.append((place, place))
    return runs
