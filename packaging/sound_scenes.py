"""The states of the pane for recordings, for `screenshots.py`."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from screenshots import Studio

    from desktop_ae.ui.queue_model import Row

ROOT = Path(__file__).resolve().parent.parent
TASK = "audio/denoise"
RATE_HZ = 48_000


def audio_empty(studio: Studio) -> None:
    studio.front(TASK)
    studio.settle()
    studio.shoot()


def audio_cleaned(studio: Studio) -> None:
    """A minute at 48 kHz in stereo, seen whole and near, with a selection that is repeated."""
    pane = _show(studio, "Interview, kitchen.wav", write_interview)
    shutil.copy(studio.files / "Interview, kitchen.wav", studio.files / "lecture_03.wav")
    _pretend_cleaned(studio, pane.model.rows[0], write_interview, noisy=False)
    view = pane.stage.compare
    _settle(studio, view)
    studio.shoot("-whole", modes=("dark",))
    view.board.show_span((11.5, 21.5))
    view.player.seek(15.6)
    _settle(studio, view)
    studio.shoot()
    view.board.show_span((14.0, 18.0))
    view.board.select((15.2, 16.7))
    view.player.set_looping(True)
    view.player.set_version("removed")
    _settle(studio, view)
    studio.shoot("-loop", modes=("dark", "light"))


def audio_sample(studio: Studio) -> None:
    """The sample of the drop area, cleaned."""
    studio.front(TASK)
    view = studio.window.pane.stage.compare
    speakers = view.player._speakers
    speakers.look = lambda: speakers.looked.emit(True)
    studio.clean_all([studio.sample("speech-noisy.flac", "Memo, 14 March.flac")])
    studio.window.notice.hide()
    view.player.seek(2.4)
    _settle(studio, view)
    studio.shoot()


def audio_hum(studio: Studio) -> None:
    """Only hum is looked for: there is some in the first file, and none in the second."""
    studio.front(TASK)
    pane = studio.window.pane
    speakers = pane.stage.compare.player._speakers
    speakers.look = lambda: speakers.looked.emit(True)
    pane.inspector.options.controls["hum_only"].setChecked(True)
    without = studio.sample("clean/speech-noisy.clean.flac", "Interview, studio.flac")
    studio.clean_all([_hummed(studio, "Interview, kitchen.wav"), without])
    studio.window.notice.hide()
    _settle(studio, pane.stage.compare)
    studio.shoot()
    pane.queue.select(pane.model.rows[1])
    _settle(studio, pane.stage.compare)
    studio.shoot("-none", modes=("light",))


def audio_silent(studio: Studio) -> None:
    """A machine without a sound device, and a file that cannot be cleaned yet."""
    studio.front(TASK)
    pane = _take(studio, studio.sample("speech-noisy.flac", "Memo, 14 March.flac"), device=False)
    _settle(studio, pane.stage.compare)
    studio.shoot()


SCENES: tuple[Callable[[Studio], None], ...] = (
    audio_empty,
    audio_cleaned,
    audio_sample,
    audio_hum,
    audio_silent,
)


def write_interview(path: Path, *, noisy: bool = True) -> Path:
    """The sample's voice, again and again at 48 kHz in stereo; with a fan, hum and some crackle."""
    import soundfile

    chance = np.random.default_rng(3)
    clean = ROOT / "resources" / "samples" / "clean" / "speech-noisy.clean.flac"
    heard, rate_hz = soundfile.read(clean, dtype="float64")
    factor = RATE_HZ // rate_hz
    voice = np.fft.irfft(np.fft.rfft(heard), factor * len(heard)) * factor
    parts = []
    for loud in (0.9, 0.5, 1.0, 0.7, 0.35, 0.8, 0.6):
        parts += [voice * loud, np.zeros(chance.integers(RATE_HZ, 4 * RATE_HZ))]
    whole = np.concatenate(parts)[: 60 * RATE_HZ]
    sides = np.stack([whole * 0.6, whole * 0.5], axis=1)
    times = np.arange(len(whole)) / RATE_HZ
    air = chance.standard_normal(sides.shape)
    pitches = np.fft.rfftfreq(len(air), 1 / RATE_HZ)[:, None]
    low = np.fft.irfft(np.fft.rfft(air, axis=0) / (1 + pitches / 700), len(air), axis=0)
    fan = 0.035 * low + 0.003 * air
    hum = sum(np.sin(2 * np.pi * 50 * n * times) / n for n in (1, 2, 3, 5, 8))
    share = 1.0 if noisy else 0.015
    soundfile.write(path, sides + share * (fan + 0.006 * hum[:, None]), RATE_HZ, "PCM_24")
    return path


def _show(studio: Studio, name: str, write: Callable[..., Path]) -> Any:
    studio.front(TASK)
    return _take(studio, write(studio.files / name))


def _take(studio: Studio, path: Path, *, device: bool = True) -> Any:
    """Put a file into the pane, on a machine with a sound device or without."""
    pane = studio.window.pane
    speakers = pane.stage.compare.player._speakers
    speakers.look = lambda: speakers.looked.emit(device)
    studio.show(path)
    return pane


def _hummed(studio: Studio, name: str) -> Path:
    import soundfile

    voice, rate_hz = soundfile.read(ROOT / "resources" / "samples/clean/speech-noisy.clean.flac")
    times = np.arange(len(voice)) / rate_hz
    hum = sum(np.sin(2 * np.pi * 50 * n * times) / n for n in (1, 2, 3, 5, 8))
    path = studio.files / name
    soundfile.write(path, voice + 0.02 * hum, rate_hz)
    return path


def _pretend_cleaned(studio: Studio, row: Row, write: Callable[..., Path], **given: object) -> None:
    target = row.source.with_name(f"{row.source.stem}_clean{row.source.suffix}")
    _pretend(studio, row, write(target, **given))


def _pretend(studio: Studio, row: Row, target: Path) -> None:
    """As if the model had made that file of it."""
    from desktop_ae.jobs import Cleaned
    from desktop_ae.ui.queue_model import State

    pane = studio.window.pane
    row.job = pane.job_for(row)
    row.result = Cleaned(row.source, target, "cleaned", 1.2)
    row.state = State.CLEANED
    pane.model.touch(row)


def _settle(studio: Studio, view: Any) -> None:
    studio.settle(0.5)
    studio.wait(lambda: view.settled)
    studio.settle(0.5)
