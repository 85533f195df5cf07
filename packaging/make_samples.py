"""Make `resources/samples` again: noisy files of each kind, and under `clean/` their truth.

The files are committed; this script is their source. Every number is seeded, so that a second run
gives the same samples as long as Pillow, scikit-image and espeak-ng stay the same.
Needs the `bench` extra and, from the system, espeak-ng and the DejaVu fonts.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from sample_letter import make_letter
from skimage import data

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float64]

SAMPLES = Path(__file__).resolve().parent.parent / "resources" / "samples"
CLEAN = SAMPLES / "clean"

PAGE_DPI = 150
PAGE_PX = (874, 1240)  # A5
SPEECH_RATE_HZ = 16_000
ECG_RATE_HZ = 250
ECG_SECONDS = 30

RECEIPT = """\
Corner Hardware & Garden
14 Mill Lane, Ashford
Open Mon-Sat 8:00-18:30

RECEIPT  No. 004217
12 March 2026            16:42
------------------------------
2 x Wood screws 4x40      7.90
1 x Spirit level 60 cm   18.50
3 x Sandpaper P120        4.35
1 x Linseed oil 500 ml    9.80
1 x Paint brush 50 mm     6.25
5 x Wall plugs 8 mm       2.75
------------------------------
Subtotal                 49.55
VAT 20 % included         8.26
TOTAL                    49.55
Paid by card             49.55
Change                    0.00
"""
SMALL_PRINT = """\
Goods may be returned within 30 days together with this receipt, unused and in
their original packing. Paint mixed to order and cut timber cannot be taken back.
Your statutory rights are not affected. Thank you for shopping with us.
"""
SENTENCES = (
    "The last train to the coast leaves at half past nine. "
    "Please take your bags with you, and mind the step."
)


def make_photos() -> None:
    """Two photographs of scikit-image with the noise of a small sensor in poor light."""
    astronaut, chelsea = photographs()
    noisy = sensor_noise(astronaut, shot=0.034, read=0.003, seed=1)
    noisy.save(SAMPLES / "photo-astronaut.jpg", quality=92)
    save_png(astronaut, CLEAN / "photo-astronaut.clean.png")

    noisy = sensor_noise(chelsea, shot=0.026, read=0.003, seed=2)
    save_png(np.asarray(noisy), SAMPLES / "photo-chelsea.png")
    save_png(chelsea, CLEAN / "photo-chelsea.clean.png")


def photographs() -> tuple[Bytes, Bytes]:
    return data.astronaut(), data.chelsea()  # type: ignore[no-untyped-call]


def sensor_noise(photo: Bytes, shot: float, read: float, seed: int) -> Image.Image:
    """Add noise to linear light, its variance `shot * light + read**2`, coarser in colour.

    A sensor's colours are interpolated from neighbours: what differs between the channels is
    therefore blurred over three pixels, and loses strength.
    """
    rng = np.random.default_rng(seed)
    light = (photo / 255.0) ** 2.2
    noise = rng.standard_normal(light.shape)
    grey = noise.mean(axis=2, keepdims=True) * np.sqrt(3) * 0.8
    noise = grey + blurred(noise - noise.mean(axis=2, keepdims=True)) * 1.6
    noise *= np.sqrt(shot * light + read**2)
    return to_picture(np.clip(light + noise, 0, 1) ** (1 / 2.2))


def make_draft() -> None:
    """A photograph of scikit-image with a pale word across, and the date as cameras stamp it."""
    coffee: Bytes = data.coffee()  # type: ignore[no-untyped-call]
    height, width = coffee.shape[:2]
    word = Image.new("L", (width, height), 0)
    large = ImageFont.truetype("DejaVuSans-Bold.ttf", 150)
    middle = (width // 2, height // 2)
    ImageDraw.Draw(word).text(middle, "DRAFT", 255, large, anchor="mm")
    word = word.rotate(24, Image.Resampling.BICUBIC)
    stamp = Image.new("L", (width, height), 0)
    small = ImageFont.truetype("DejaVuSansMono-Bold.ttf", 17)
    corner = (width - 14, height - 12)
    ImageDraw.Draw(stamp).text(corner, "'26  3 14  16:42", 255, small, anchor="rs")
    picture = coffee / 255.0
    for shape, colour, opacity in ((word, (1.0, 1.0, 1.0), 0.42), (stamp, (1.0, 0.55, 0.1), 0.95)):
        alpha = opacity * np.asarray(shape)[..., None] / 255.0
        picture = picture + alpha * (np.array(colour) - picture)
    to_picture(picture).save(SAMPLES / "photo-draft.jpg", quality=92)
    save_png(coffee, CLEAN / "photo-draft.clean.png")


def blurred(picture: Floats) -> Floats:
    """Smooth over three pixels in both directions (weights 1 2 1)."""
    for axis in (0, 1):
        before, after = np.roll(picture, 1, axis), np.roll(picture, -1, axis)
        picture = picture / 2 + (before + after) / 4
    return picture


def to_picture(picture: Floats) -> Image.Image:
    """Values in [0, 1] as an 8-bit picture."""
    return Image.fromarray(np.round(np.clip(picture, 0, 1) * 255).astype(np.uint8))


def save_png(picture: Bytes, target: Path) -> None:
    Image.fromarray(picture).save(target, optimize=True)


def make_page() -> None:
    """A till receipt as a phone would take it: uneven light, a coffee ring, paper, sensor noise."""
    rng = np.random.default_rng(3)
    page = Image.new("L", PAGE_PX, 255)
    draw = ImageDraw.Draw(page)
    for text, font, size_px, top in (
        (RECEIPT, "DejaVuSansMono.ttf", 34, 90),
        (SMALL_PRINT, "DejaVuSans.ttf", 17, 1060),
    ):
        draw.multiline_text((90, top), text, 0, ImageFont.truetype(font, size_px), spacing=12)
    page.save(CLEAN / "page-receipt.clean.png", optimize=True, dpi=(PAGE_DPI, PAGE_DPI))

    ink = blurred(np.asarray(page) / 255.0)[..., None]
    y, x = np.mgrid[: PAGE_PX[1], : PAGE_PX[0]] / PAGE_DPI  # inches
    paper = np.array([0.95, 0.93, 0.86]) * (0.18 + 0.82 * ink)
    shadow = 1 - 0.38 / (1 + np.exp((x + 0.35 * y - 2.2) / 0.25))  # a hand, from the left
    distance = np.hypot(x - 4.2, y - 5.3)
    ring = np.exp(-(((distance - 1.05) / 0.05) ** 2)) + 0.35 * (distance < 1.02)
    stain = 1 - ring[..., None] * np.array([0.16, 0.26, 0.40])
    fibres = blurred(blurred(rng.standard_normal(y.shape)))[..., None] * 0.04
    noise = rng.standard_normal(paper.shape) * 0.05
    photo = paper * shadow[..., None] * stain + fibres + noise
    to_picture(photo).save(SAMPLES / "page-receipt.jpg", quality=80, dpi=(PAGE_DPI, PAGE_DPI))


def make_scan() -> None:
    make_letter(SAMPLES / "scan-letter.pdf", CLEAN / "scan-letter.clean.png")


def make_ecg() -> None:
    """Two leads of a heart at rest, with wander, 50 Hz mains and muscle noise over them."""
    rng = np.random.default_rng(4)
    time_s = np.arange(ECG_SECONDS * ECG_RATE_HZ) / ECG_RATE_HZ
    clean = heart_beats(time_s, rng)
    noisy = clean + np.stack([ecg_noise(time_s, rng) for _ in clean])
    save_ecg(time_s, clean, CLEAN / "ecg-synthetic.clean.csv")
    save_ecg(time_s, noisy, SAMPLES / "ecg-synthetic.csv")


def heart_beats(time_s: Floats, rng: np.random.Generator) -> Floats:
    """Leads I and II, `(2, samples)` in mV: each wave of a beat one Gaussian.

    After "A dynamical model for generating synthetic electrocardiogram signals" (McSharry et al.
    2003), with the beats placed directly: about 72 a minute, quicker while breathing in.
    """
    waves = (  # seconds from the R peak, width in seconds, mV in lead I and II
        (-0.170, 0.022, 0.09, 0.15),  # P
        (-0.028, 0.008, -0.06, -0.10),  # Q
        (0.000, 0.010, 0.70, 1.15),  # R
        (0.030, 0.009, -0.14, -0.22),  # S
        (0.240, 0.045, 0.16, 0.28),  # T
        (0.300, 0.028, 0.05, 0.09),  # the steeper end of T
    )
    leads = np.zeros((2, len(time_s)))
    peak_s = 0.35
    while peak_s < time_s[-1] + 0.5:
        gap_s = 0.83 + 0.04 * np.sin(2 * np.pi * 0.23 * peak_s) + 0.012 * rng.standard_normal()
        strength = 1 + 0.04 * rng.standard_normal()
        for offset_s, width_s, *millivolts in waves:
            late_s = offset_s * np.sqrt(gap_s / 0.83) if offset_s > 0.1 else offset_s
            wave = strength * np.exp(-(((time_s - peak_s - late_s) / width_s) ** 2) / 2)
            leads += np.array(millivolts)[:, None] * wave
        peak_s += gap_s
    return leads


def ecg_noise(time_s: Floats, rng: np.random.Generator) -> Floats:
    """One lead's noise in mV."""
    wander = sum(
        amount * np.sin(2 * np.pi * (rate_hz * time_s + rng.random()))
        for amount, rate_hz in ((0.18, 0.11), (0.12, 0.24), (0.05, 0.43))
    )
    mains = 0.07 * np.sin(2 * np.pi * (50 * time_s + rng.random()))
    mains *= 1 + 0.3 * np.sin(2 * np.pi * 0.05 * time_s)
    muscle = np.diff(rng.standard_normal(len(time_s) + 1)) * 0.022
    muscle *= 1 + 2 * np.exp(-(((time_s - 18) / 2.5) ** 2))  # the arm tenses at 18 s
    return wander + mains + muscle


def save_ecg(time_s: Floats, leads: Floats, target: Path) -> None:
    table = np.column_stack([time_s, leads.T])
    np.savetxt(target, table, "%.3f,%.4f,%.4f", header="time_s,I_mV,II_mV", comments="")


def make_speech() -> None:
    """Two spoken sentences in a room with a fan, mains hum and a few clicks, 8 dB SNR."""
    rng = np.random.default_rng(5)
    clean = spoken(SENTENCES)
    clean *= 0.5 / np.abs(clean).max()
    time_s = np.arange(len(clean)) / SPEECH_RATE_HZ
    noise = fan(len(clean), rng)
    for rate_hz, amount in ((50, 0.5), (100, 0.35), (150, 0.2)):
        noise += amount * np.sin(2 * np.pi * (rate_hz * time_s + rng.random()))
    noise *= clean.std() / noise.std() * 10 ** (-8 / 20)
    for start in rng.integers(0, len(clean) - 40, 6):
        noise[start : start + 40] += 0.25 * rng.standard_normal(40) * np.exp(-np.arange(40) / 8)
    save_sound(clean, CLEAN / "speech-noisy.clean.flac")
    save_sound(np.clip(clean + noise, -1, 1), SAMPLES / "speech-noisy.flac")


def spoken(text: str) -> Floats:
    """What espeak-ng says, at SPEECH_RATE_HZ, resampled by cutting its spectrum."""
    with tempfile.TemporaryDirectory() as folder:
        wav = Path(folder) / "speech.wav"
        subprocess.run(["espeak-ng", "-v", "en-gb", "-s", "180", "-w", str(wav), text], check=True)
        sound, rate_hz = soundfile.read(wav)
    length = len(sound) * SPEECH_RATE_HZ // rate_hz
    spectrum = np.fft.rfft(sound)[: length // 2 + 1]
    resampled: Floats = np.fft.irfft(spectrum, length) * (length / len(sound))
    return resampled


def fan(length: int, rng: np.random.Generator) -> Floats:
    """Noise that falls by 4 dB an octave above 60 Hz, of unit strength."""
    rates_hz = np.fft.rfftfreq(length, 1 / SPEECH_RATE_HZ)
    spectrum = np.fft.rfft(rng.standard_normal(length)) * np.maximum(rates_hz, 60) ** -0.66
    noise: Floats = np.fft.irfft(spectrum, length)
    noise /= noise.std()
    return noise


def save_sound(sound: Floats, target: Path) -> None:
    soundfile.write(target, sound, SPEECH_RATE_HZ, subtype="PCM_16")


def main() -> None:
    if shutil.which("espeak-ng") is None:
        sys.exit("espeak-ng speaks one of the samples and is missing: install it and run again.")
    CLEAN.mkdir(parents=True, exist_ok=True)
    makers: tuple[Callable[[], None], ...] = (
        make_photos,
        make_draft,
        make_page,
        make_scan,
        make_ecg,
        make_speech,
    )
    for make in makers:
        make()
    for path in sorted(SAMPLES.rglob("*.*")):
        print(f"{path.stat().st_size / 1000:7.0f} kB  {path.relative_to(SAMPLES)}")


if __name__ == "__main__":
    main()
