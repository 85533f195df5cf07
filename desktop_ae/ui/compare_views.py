"""Which view shows a domain's files before and after: `Domain.compare` names it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from desktop_ae.ui.picture_view import PictureView

COMPARE_VIEWS: Mapping[str, Callable[[], PictureView]] = {"picture": PictureView}
