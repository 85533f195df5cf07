from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import nn

from desktop_ae.core.library import ModelLibrary
from desktop_ae.core.tuning import CLEAN, NOISY
from desktop_ae.core.work import CancelToken
from desktop_ae.jobs import Context
from desktop_ae.learning import kept_back
from desktop_ae.learning.files import gather
from desktop_ae.learning.kept_back import KeptBack
from desktop_ae.learning.request import LearnRequest
from tests.fakes import tiny_net, write_model
from tests.learning.photos import write_photos


def made(tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> KeptBack:
    monkeypatch.setattr(kept_back, "spare", lambda request: [])
    write_model(tmp_path / "shipped", identity=True)
    context = Context(ModelLibrary([tmp_path / "shipped"]))
    folder = write_photos(tmp_path / "files", 4, 20.0 if kind == NOISY else 0.0)
    noisy, clean = ((folder,), ()) if kind == NOISY else ((), (folder,))
    request = LearnRequest("image/denoise", "image/denoise-v1", kind, noisy, clean)
    base = context.library.load(request.base)
    return KeptBack(request, base, gather(request, CancelToken()), context)


def weights(net: nn.Module) -> torch.Tensor:
    return torch.cat([v.flatten() for v in net.state_dict().values()])


def shares(kept: KeptBack, gains: dict[float, float], monkeypatch: pytest.MonkeyPatch) -> float:
    """Which share of the tuned weights is taken, if the mixtures gain so much."""
    start, tuned = tiny_net(identity=True), tiny_net()
    asked = iter(sorted(gains, reverse=True))
    score = kept._at_start
    monkeypatch.setattr(kept, "_scores", lambda run, trials: [score + gains[next(asked)]])
    mixture = kept.mixed(tuned)
    far = (weights(tuned) - weights(start)).norm()
    return round(float((weights(mixture) - weights(start)).norm() / far), 3)


@pytest.mark.parametrize(
    ("gains", "share"),
    [
        ({1.0: 4.0, 0.85: 3.9, 0.7: 3.5, 0.6: 2.9, 0.5: 2.0}, 0.6),
        ({1.0: 4.0, 0.85: 2.0, 0.7: 1.5, 0.6: 1.0, 0.5: 0.5}, 1.0),
        ({1.0: 1.0, 0.85: 2.0, 0.7: 3.0, 0.6: 3.0, 0.5: 3.0}, 0.5),
        ({1.0: -2.0, 0.85: -1.5, 0.7: -1.0, 0.6: -0.8, 0.5: -0.5}, 0.5),
    ],
)
def test_of_noisy_files_alone_the_least_of_the_tuned_weights_that_gives_most_of_the_gain_is_taken(
    gains: dict[float, float], share: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert shares(made(tmp_path, NOISY, monkeypatch), gains, monkeypatch) == share


def test_who_has_clean_files_gets_all_of_the_gain(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tuned = tiny_net()
    assert made(tmp_path, CLEAN, monkeypatch).mixed(tuned) is tuned
