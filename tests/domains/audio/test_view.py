from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from desktop_ae.core.errors import Unreadable
from desktop_ae.domains.audio import view as view_module
from desktop_ae.domains.audio.view import view_sound
from tests.domains.audio.sounds import make_container, tones, write


def test_a_view_is_a_small_waveform(tmp_path: Path) -> None:
    rising = tones(48_000) * np.linspace(0, 1, 48_000, dtype=np.float32)
    path = write(tmp_path / "a.wav", rising, 48_000, "WAV", "PCM_24")
    view = view_sound(path, 240, 0, {})
    assert view.pixels.shape == (80, 240, 4)
    assert view.pixels.dtype == np.uint8
    assert view.full_size == (240, 80)
    assert view.about == "48 kHz · stereo · 24 bit · 0:01"
    assert view.pages == 1
    drawn = (view.pixels[..., 3] > 0).sum(axis=0)
    assert drawn[5] < 12 < 60 < drawn[-5]
    assert view_sound(path, 0, 0, {}).pixels.shape[1] == view_module.USUAL_PX


def test_silence_is_a_line(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", np.zeros(48_000), 48_000, "PCM_16")
    drawn = (view_sound(tmp_path / "a.wav", 120, 0, {}).pixels[..., 3] > 0).sum(axis=0)
    assert ((drawn >= 1) & (drawn <= 2)).all()


@pytest.mark.parametrize("longest_px", [1, 2, 3, 64])
def test_any_size_can_be_asked_for(tmp_path: Path, longest_px: int) -> None:
    path = write(tmp_path / "a.wav", tones(480), 48_000, "WAV", "PCM_16")
    pixels = view_sound(path, longest_px, 0, {}).pixels
    assert max(pixels.shape[:2]) == longest_px


def test_long_files_are_read_in_parts_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.wav"
    with soundfile.SoundFile(path, "w", 8_000, 1, "PCM_16") as file:
        for _ in range(600):
            file.write(tones(8_000, 1, 8_000).T)
    read = 0
    real = soundfile.SoundFile.read

    def counted(
        self: soundfile.SoundFile, frames: int = -1, *rest: object, **named: object
    ) -> object:
        nonlocal read
        read += frames
        return real(self, frames, *rest, **named)

    monkeypatch.setattr(soundfile.SoundFile, "read", counted)
    view = view_sound(path, 200, 0, {})
    assert read < 20 * 8_000
    assert view.about == "8 kHz · mono · 16 bit · 10:00"
    assert ((view.pixels[..., 3] > 0).sum(axis=0) > 20).all()


def test_compressed_files_are_seen_as_well(tmp_path: Path) -> None:
    long = np.tile(tones(48_000, 1), 30)
    mp3 = write(tmp_path / "a.mp3", long, 48_000, "MP3", "MPEG_LAYER_III")
    m4a = make_container(tmp_path / "a.m4a", "M4A", long)
    for path in (mp3, m4a):
        view = view_sound(path, 96, 0, {})
        assert view.about == "48 kHz · mono · 0:30"
        assert ((view.pixels[..., 3] > 0).sum(axis=0) > 10).all()


def test_what_is_no_sound_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(b"Dear Sir or Madam,")
    with pytest.raises(Unreadable, match="no sound file"):
        view_sound(tmp_path / "a.wav", 100, 0, {})
