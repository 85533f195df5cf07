"""What the compare view tells a screen reader."""

from __future__ import annotations

from PySide6.QtCore import QObject


class PictureWords(QObject):
    """Has no state: a QObject because translations are looked up by the name of its class."""

    def seen(self, there: bool, mode: str, wipe: float, zoom: float) -> str:
        """mode: "" while there is nothing to compare. wipe: where the line stands, 0 to 1."""
        percent = round(zoom * 100)
        if not there:
            return self.tr("No picture")
        match mode:
            case "":
                return self.tr("Before only, zoom {0} %").format(percent)
            case "wipe":
                text = self.tr("Before left and after right of {0} %, zoom {1} %")
                return text.format(round(wipe * 100), percent)
            case "side":
                return self.tr("Side by side, zoom {0} %").format(percent)
        return self.tr("What was removed, zoom {0} %").format(percent)
