"""ECG: recordings of the heart, of any format, rate, length and number of leads."""

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
from desktop_ae.domains.ecg.kinds import (
    FORMATS,
    SHARED_SUFFIXES,
    SUFFIXES,
    likeness,
    main_file,
    parts,
    sniff,
    target_suffix,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop_ae.core.library import Model
    from desktop_ae.core.restore import Removed, Restorer
    from desktop_ae.core.tuning import Tuning
    from desktop_ae.training.pairs import Pairs

# Less than this was removed, in dB under the ECG itself: the file was clean already.
CLEAN_DB = -30.0

RATE = Option("rate_hz", "Samples a second", "", hint="Where the file does not say it.")
UNIT = Option("unit", "Unit", "", hint="mV, uV or V, where the file does not say it.")
COLUMNS = Option("columns", "ECG columns", "", hint="Names or numbers, with commas between.")
TIME_COLUMN = Option("time_column", "Time column", "", hint="Its name or number.")


def _open(path: Path, options: Options) -> Reader:
    from desktop_ae.domains.ecg.files import open_ecg

    return open_ecg(path, options)


def _create(reader: Reader, keep_metadata: bool, options: Options) -> Writer:
    from desktop_ae.domains.ecg.files import EcgReader, EcgWriter

    assert isinstance(reader, EcgReader)
    return EcgWriter(reader, keep_metadata)


def _view(path: Path, longest_px: int, page: int, options: Options) -> View:
    from desktop_ae.domains.ecg.view import view_ecg

    return view_ecg(path, longest_px, page, options)


def _restorer(model: Model, request: Request) -> Restorer:
    from desktop_ae.domains.ecg.denoise import EcgRestorer

    return EcgRestorer(model, request)


def measures(removed: Removed) -> Mapping[str, float]:
    """removed_db: power of what was taken away, in dB under that of the ECG around its resting
    level. Heart rates in beats a minute; changes of ST (mV) and QRS (share) that noise does not
    explain; the share of the beats found before that is still found.
    """
    from desktop_ae.domains.ecg.harm import HeartRemoved

    found = {"removed_db": removed.share_db}
    if isinstance(removed, HeartRemoved):
        found |= {
            "rate_before": removed.rate_before,
            "rate_after": removed.rate_after,
            "st_mv": removed.st_mv,
            "qrs_share": removed.qrs_share,
            "beats_kept": removed.both / removed.before if removed.before else 1.0,
        }
    return found


def nothing_to_do(measured: Mapping[str, float]) -> bool:
    return measured["removed_db"] < CLEAN_DB


def findings(measured: Mapping[str, float]) -> Sequence[Finding]:
    level = measured["removed_db"]
    words = [(CLEAN_DB, "none"), (-15, "slight"), (-6, "moderate"), (0, "strong")]
    amount = next((word for limit, word in words if level < limit), "very strong")
    found = [Finding("Noise found", amount)]
    if measured.get("rate_after", 0) > 0:
        before, after = measured["rate_before"], measured["rate_after"]
        rate = (
            f"{after:.0f} bpm" if round(before) == round(after) else f"{before:.0f} → {after:.0f}"
        )
        found.append(Finding("Heart rate", rate))
        found.append(Finding("QRS height", f"{_signed(100 * measured['qrs_share'], 0)} %"))
        found.append(Finding("ST level", f"{_signed(measured['st_mv'], 2)} mV"))
    return found


def _signed(change: float, decimals: int) -> str:
    """With a true minus, and no sign for what rounds to nothing."""
    rounded = round(change, decimals) or 0.0
    sign = "+" if rounded > 0 else "−" if rounded < 0 else "±"
    return f"{sign}{abs(rounded):.{decimals}f}"


def warning(measured: Mapping[str, float]) -> str:
    """A sentence, if the result differs from the input by more than noise can explain."""
    from desktop_ae.domains.ecg.harm import BEAT_SHARE, NOISY_DB, QRS_SHARE, ST_MV

    if abs(measured.get("st_mv", 0)) > ST_MV:
        return (
            f"Compare with the original: the ST level moved by {_signed(measured['st_mv'], 2)} mV."
        )
    if abs(measured.get("qrs_share", 0)) > QRS_SHARE:
        change = 100 * measured["qrs_share"]
        return (
            f"Compare with the original: QRS complexes are {100 + change:.0f} % as high as before."
        )
    lost = 1 - measured.get("beats_kept", 1)
    if lost > BEAT_SHARE and measured["removed_db"] < NOISY_DB:
        return f"Compare with the original: {100 * lost:.0f} % of its beats are not found after."
    return ""


def _recipe() -> Recipe:
    from desktop_ae.domains.ecg.recipes import DENOISE as RECIPE

    return RECIPE


def _pairs(data: Path, recipe: Recipe) -> Pairs:
    from desktop_ae.domains.ecg.recipes import denoise_pairs

    return denoise_pairs(data, recipe)


def _bench(
    models: Sequence[Model], data: Path, peers: str, every: int, each: Callable[[Score], None]
) -> list[Score]:
    from desktop_ae.domains.ecg.bench import bench_denoise

    return bench_denoise(models, data, peers, every, each)


def summary(scores: Sequence[Score], method: str) -> str:
    """What a list of models says of one, from its bench."""
    found = {s.data: s.figures for s in scores if s.method == method}
    gains = [
        found[name]["snr_gain_db"] for name in ("bw 0 dB", "ma 0 dB", "em 0 dB") if name in found
    ]
    if len(gains) < 3:
        return "not measured"
    wander, muscle, electrodes = gains
    return f"−{wander:.0f} dB wander, −{muscle:.0f} muscle, −{electrodes:.0f} electrodes (at 0 dB)"


def _demonstrate(source: Path, result: Path, truth: Path, picture: Path) -> Mapping[str, float]:
    from desktop_ae.domains.ecg.bench import demonstrate

    return demonstrate(source, result, truth, picture)


def _tuning() -> Tuning:
    from desktop_ae.domains.ecg.tuning import DENOISE_TUNING

    return DENOISE_TUNING


DENOISE = Task(
    id="ecg/denoise",
    title="ECG",
    nouns=("recording", "recordings"),
    sentence="Drop ECG recordings here and get them without wander, muscle and mains noise.",
    icon="ecg",
    default_model="ecg/denoise-v1",
    samples=("ecg-synthetic.csv",),
    restorer=_restorer,
    measures=measures,
    nothing_to_do=nothing_to_do,
    findings=findings,
    recipe=_recipe,
    make_pairs=_pairs,
    bench=_bench,
    summary=summary,
    demonstrate=_demonstrate,
    options=(RATE, UNIT, COLUMNS, TIME_COLUMN),
    warning=warning,
    tuning=_tuning,
    notice="For study and research. This is no medical device: do not diagnose from its results.",
)

DOMAIN = Domain(
    id="ecg",
    order=50,
    suffixes=SUFFIXES,
    formats=FORMATS,
    sniff=sniff,
    likeness=likeness,
    open=_open,
    create=_create,
    target_suffix=target_suffix,
    view=_view,
    unit="s",
    compare="ecg",
    tasks=(DENOISE,),
    main_file=main_file,
    parts=parts,
    shared_suffixes=SHARED_SUFFIXES,
)
