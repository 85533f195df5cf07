"""Which stage shows a domain's files before and after: `Domain.compare` names it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from desktop_ae.core.domain import Domain, Task
from desktop_ae.ui.ecg_stage import EcgStage
from desktop_ae.ui.errands import Errands
from desktop_ae.ui.masks import Masks
from desktop_ae.ui.picture_stage import PictureStage
from desktop_ae.ui.sound_stage import SoundStage
from desktop_ae.ui.stage import Stage

STAGES: Mapping[str, Callable[[Task, Domain, Errands, Masks | None], Stage]] = {
    "picture": PictureStage,
    "sound": SoundStage,
    "ecg": EcgStage,
}
