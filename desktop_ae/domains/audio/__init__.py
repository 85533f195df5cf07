"""Sound: recordings of any length and rate, alone or with a film."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_ae.core.domain import (
    Domain,
    Finding,
    Option,
    Options,
    Reader,
    Recipe,
    Request,
    Score,
    Task,
    View,
    Writer,
)
from desktop_ae.domains.audio.kinds import FORMATS, SUFFIXES, likeness, sniff, target_suffix

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop_ae.core.library import Model
    from desktop_ae.core.restore import Removed, Restorer
    from desktop_ae.core.tuning import Tuning
    from desktop_ae.training.pairs import Pairs

# Less than this was removed, in dB under the sound itself: the file was clean already.
CLEAN_DB = -30.0
# The same of hum, where nothing else is looked for.
HUMLESS_DB = -60.0

AMBIENCE = Option(
    "ambience",
    "Keep ambience",
    False,
    hint="Leaves a quarter of the noise, so that pauses do not fall silent.",
)
HUM_ONLY = Option(
    "hum_only",
    "Hum only",
    False,
    hint="Takes out mains hum of 50 or 60 Hz with its harmonics, and nothing else.",
)


def _open(path: Path, options: Options) -> Reader:
    from desktop_ae.domains.audio.files import open_sound

    return open_sound(path, options)


def _create(reader: Reader, keep_metadata: bool, options: Options) -> Writer:
    from desktop_ae.domains.audio.files import SoundReader, SoundWriter

    assert isinstance(reader, SoundReader)
    return SoundWriter(reader, keep_metadata)


def _view(path: Path, longest_px: int, page: int, options: Options) -> View:
    from desktop_ae.domains.audio.view import view_sound

    return view_sound(path, longest_px, page, options)


def _restorer(model: Model, request: Request) -> Restorer:
    if request.options.get("hum_only", False):
        from desktop_ae.domains.audio.mains import HumRestorer

        return HumRestorer(request)
    from desktop_ae.domains.audio.denoise import SoundRestorer

    return SoundRestorer(model, request)


def measures(removed: Removed) -> Mapping[str, float]:
    """removed_db: power of what was taken away, in dB under that of the sound as it was.
    hum_only: there (as 1) if nothing else was looked for.
    """
    from desktop_ae.domains.audio.mains import HumRemoved

    hum_only = {"hum_only": 1.0} if isinstance(removed, HumRemoved) else {}
    return {"removed_db": removed.share_db, **hum_only}


def nothing_to_do(measured: Mapping[str, float]) -> bool:
    return measured["removed_db"] < (HUMLESS_DB if "hum_only" in measured else CLEAN_DB)


def findings(measured: Mapping[str, float]) -> Sequence[Finding]:
    level = measured["removed_db"]
    hum_only = "hum_only" in measured
    none = HUMLESS_DB if hum_only else CLEAN_DB
    words = [(none, "none"), (-20, "slight"), (-10, "moderate"), (-4, "strong")]
    amount = next((word for limit, word in words if level < limit), "very strong")
    removed = Finding("Removed", "{n} dB below the sound", f"{-level:.0f}")
    if level <= -99:
        removed = Finding("Removed", "nothing")
    return [Finding("Hum found" if hum_only else "Noise found", amount), removed]


def nothing_of(measured: Mapping[str, float]) -> str:
    return "No hum found, left alone" if "hum_only" in measured else DENOISE.nothing


def _recipe() -> Recipe:
    from desktop_ae.domains.audio.recipes import DENOISE as RECIPE

    return RECIPE


def _pairs(data: Path, recipe: Recipe) -> Pairs:
    from desktop_ae.domains.audio.recipes import denoise_pairs

    return denoise_pairs(data, recipe)


def _bench(
    models: Sequence[Model], data: Path, peers: str, every: int, each: Callable[[Score], None]
) -> list[Score]:
    from desktop_ae.domains.audio.bench import bench_denoise

    return bench_denoise(models, data, peers, every, each)


def summary(scores: Sequence[Score], method: str) -> str:
    """What a list of models says of one, from its bench."""
    found = {s.data: s.figures for s in scores if s.method == method and "pesq" in s.figures}
    if not found:
        return "not measured"
    pesq = sum(f["pesq"] for f in found.values()) / len(found)
    ratio = sum(f["si_sdr_db"] for f in found.values()) / len(found)
    return f"PESQ {pesq:.2f}, SI-SDR {ratio:.1f} dB on noisy speech"


def _demonstrate(source: Path, result: Path, truth: Path, picture: Path) -> Mapping[str, float]:
    from desktop_ae.domains.audio.bench import demonstrate

    return demonstrate(source, result, truth, picture)


def _tuning() -> Tuning:
    from desktop_ae.domains.audio.tuning import DENOISE_TUNING

    return DENOISE_TUNING


DENOISE = Task(
    id="audio/denoise",
    title="Audio",
    nouns=("recording", "recordings"),
    sentence="Drop interviews, lectures, memos or old tapes here and get the voice without noise.",
    icon="audio",
    default_model="audio/denoise-v1",
    samples=("speech-noisy.flac",),
    restorer=_restorer,
    measures=measures,
    nothing_to_do=nothing_to_do,
    findings=findings,
    nothing_of=nothing_of,
    recipe=_recipe,
    make_pairs=_pairs,
    bench=_bench,
    summary=summary,
    demonstrate=_demonstrate,
    options=(AMBIENCE, HUM_ONLY),
    tuning=_tuning,
)

DOMAIN = Domain(
    id="audio",
    order=40,
    suffixes=SUFFIXES,
    formats=FORMATS,
    sniff=sniff,
    likeness=likeness,
    open=_open,
    create=_create,
    target_suffix=target_suffix,
    view=_view,
    unit="s",
    compare="sound",
    tasks=(DENOISE,),
)
