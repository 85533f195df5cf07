"""The mask in the inspector: what is known of it, and what is done with it as a whole."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop_ae.core.domain import Domain
from desktop_ae.ui.masks import Masks, Sight
from desktop_ae.ui.settings import Settings
from desktop_ae.ui.switch import Switch
from desktop_ae.ui.theme import dress

_BAD = frozenset({Sight.FAILED, Sight.UNFIT})


class MaskBox(QWidget):
    """Follows `masks`, and tells them what is wanted."""

    def __init__(
        self,
        masks: Masks,
        domain: Domain,
        settings: Settings,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._masks = masks
        self._domain = domain
        self._settings = settings
        self.about = QLabel()
        self.about.setWordWrap(True)
        self.again = QPushButton()
        self.again.setProperty("role", "quiet")
        dress(self.again, "retry", "dim", 16)
        self.again.setFixedSize(28, 28)
        self.again.setToolTip(self.tr("Look again, and let go of what was painted"))
        self.again.setAccessibleName(self.tr("Look again"))
        self.same = Switch(self.tr("Same mask for all"))
        self.same.setToolTip(
            self.tr(
                "Every picture of this list is cleaned with this mask: for a batch"
                " with the overlay in one place"
            )
        )
        self.load = QPushButton(self.tr("Load…"))
        self.load.setToolTip(self.tr("A mask from a picture file: white is what shall go"))
        self.load.setAccessibleName(self.tr("Load a mask"))
        self.save = QPushButton(self.tr("Save…"))
        self.save.setToolTip(self.tr("Keep this mask as a PNG file"))
        self.save.setAccessibleName(self.tr("Save this mask"))
        self._lay_out()
        self.again.clicked.connect(masks.look_again)
        self.same.clicked.connect(masks.set_same_for_all)
        self.load.clicked.connect(self._on_load)
        self.save.clicked.connect(self._on_save)
        masks.changed.connect(self._refresh)
        self._refresh()

    def _lay_out(self) -> None:
        caption = QLabel(self.tr("Mask"))
        caption.setProperty("role", "caption")
        head = QHBoxLayout()
        head.addWidget(caption, 1)
        head.addWidget(self.again)
        files = QHBoxLayout()
        files.setSpacing(8)
        files.addWidget(self.load, 1)
        files.addWidget(self.save, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self.about)
        column.addWidget(self.same)
        column.addLayout(files)

    def _refresh(self) -> None:
        masks = self._masks
        seen = masks.sight is Sight.SEEN
        self.about.setText(masks.about())
        self.about.setVisible(bool(self.about.text()))
        role = "bad" if masks.sight in _BAD else "small"
        if self.about.property("role") != role:
            self.about.setProperty("role", role)
            self.about.style().unpolish(self.about)
            self.about.style().polish(self.about)
        self.same.setChecked(masks.same_for_all)
        self.same.setEnabled(seen or masks.same_for_all)
        self.again.setEnabled(masks.can_look_again)
        self.load.setEnabled(not masks.size.isEmpty())
        self.save.setEnabled(seen)

    def _on_load(self) -> None:
        endings = " ".join(f"*{s} *{s.upper()}" for s in sorted(self._domain.suffixes))
        pictures, everything = self.tr("Pictures"), self.tr("All files")
        name, _ = QFileDialog.getOpenFileName(
            self,
            self.tr("Load a mask: white is what shall go"),
            self._folder(),
            f"{pictures} ({endings});;{everything} (*)",
        )
        if name:
            self._settings.add_recent("masks", Path(name).parent)
            self._masks.load(Path(name))

    def _on_save(self) -> None:
        wanted = Path(self._folder()) / self._masks.file_name()
        name, _ = QFileDialog.getSaveFileName(
            self, self.tr("Save this mask"), str(wanted), self.tr("PNG pictures (*.png)")
        )
        if name:
            path = Path(name)
            self._settings.add_recent("masks", path.parent)
            self._masks.save(path if path.suffix else path.with_suffix(".png"))

    def _folder(self) -> str:
        recent = self._settings.recent("masks") or self._settings.recent("sources")
        return str(next(iter(recent), ""))
