"""Photos: one picture a file, in colour or grey, 8 bits a sample or more."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_ae.core.clip import Samples
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
from desktop_ae.core.mask import MaskPixels

if TYPE_CHECKING:
    from desktop_ae.core.library import Model
    from desktop_ae.core.restore import Removed, Restorer
    from desktop_ae.core.tuning import Tuning
    from desktop_ae.training.pairs import Pairs

_MAGIC = {
    b"\xff\xd8\xff": "JPEG",
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
    b"II+\0": "TIFF",
    b"MM\0+": "TIFF",
    b"BM": "BMP",
}
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1", b"hevc"}
# Under this much was removed (standard deviation, of 255): the file was clean already.
CLEAN_SIGMA = 2.0


def sniff(head: bytes) -> str | None:
    for magic, name in _MAGIC.items():
        if head.startswith(magic):
            return name
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WebP"
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS:
        return "HEIC"
    return None


def target_suffix(source: Path) -> str:
    """HEIC can be read but not written: its results are JPEG files."""
    return ".jpg" if source.suffix.lower() in {".heic", ".heif"} else source.suffix


def likeness(path: Path) -> float:
    return 0.5


def _open(path: Path, options: Options) -> Reader:
    from desktop_ae.domains.image.files import open_picture

    return open_picture(path, options.get("mask"))


def _create(reader: Reader, keep_metadata: bool, options: Options) -> Writer:
    from desktop_ae.domains.image.files import PictureReader, PictureWriter

    assert isinstance(reader, PictureReader)
    return PictureWriter(reader, keep_metadata)


def _view(path: Path, longest_px: int, page: int, options: Options) -> View:
    from desktop_ae.domains.image.files import view_picture

    return view_picture(path, longest_px)


def _restorer(model: Model, request: Request) -> Restorer:
    from desktop_ae.core.restore import TileRestorer

    return TileRestorer(model, request.shape, request.strength, request.check)


def measures(removed: Removed) -> Mapping[str, float]:
    """noise_sigma: of 255. colour_share: how much of the noise's energy is coloured, 0 to 1."""
    return {"noise_sigma": removed.sigma * 255, "colour_share": removed.colour_share}


def nothing_to_do(measured: Mapping[str, float]) -> bool:
    return measured["noise_sigma"] < CLEAN_SIGMA


def findings(measured: Mapping[str, float]) -> Sequence[Finding]:
    sigma = measured["noise_sigma"]
    words = [(CLEAN_SIGMA, "none"), (5, "slight"), (12, "moderate"), (25, "strong")]
    amount = next((word for limit, word in words if sigma < limit), "very strong")
    kind = ", colour" if measured["colour_share"] > 0.4 and sigma >= CLEAN_SIGMA else ""
    return [Finding("Noise found", amount + kind), Finding("Removed", f"σ ≈ {sigma:.0f}")]


def _recipe() -> Recipe:
    from desktop_ae.domains.image.recipes import DENOISE

    return DENOISE


def _pairs(data: Path, recipe: Recipe) -> Pairs:
    from desktop_ae.domains.image.recipes import denoise_pairs

    return denoise_pairs(data, recipe)


def _bench(
    models: Sequence[Model], data: Path, peers: str, every: int, each: Callable[[Score], None]
) -> list[Score]:
    from desktop_ae.domains.image.bench import bench_denoise

    return bench_denoise(models, data, peers, every, each)


def summary(scores: Sequence[Score], method: str) -> str:
    """What a list of models says of one, from its bench: gain on camera noise, Kodak."""
    found = {s.data: s.figures["psnr_db"] for s in scores if s.method == method}
    words = [
        f"{db:.1f} dB {place}"
        for name, place in (("sigma 25", "at σ 25"), ("camera", "on camera noise"))
        for data, db in found.items()
        if data.endswith(name)
    ]
    return ", ".join(words) or "not measured"


def _demonstrate(source: Path, result: Path, truth: Path, picture: Path) -> Mapping[str, float]:
    from desktop_ae.domains.image.bench import demonstrate

    return demonstrate(source, result, truth, picture)


def _denoise_tuning() -> Tuning:
    from desktop_ae.domains.image.tuning import DENOISE_TUNING

    return DENOISE_TUNING


DENOISE = Task(
    id="image/denoise",
    title="Photos",
    nouns=("photo", "photos"),
    sentence="Drop noisy photos here and get clean ones back.",
    icon="photo",
    default_model="image/denoise-v1",
    samples=("photo-astronaut.jpg", "photo-chelsea.png"),
    restorer=_restorer,
    measures=measures,
    nothing_to_do=nothing_to_do,
    findings=findings,
    recipe=_recipe,
    make_pairs=_pairs,
    bench=_bench,
    summary=summary,
    demonstrate=_demonstrate,
    tuning=_denoise_tuning,
)


def _remover(model: Model, request: Request) -> Restorer:
    from desktop_ae.domains.image.watermark import WatermarkRestorer

    return WatermarkRestorer(model, request)


def _find(model: Model, picture: Samples, check: Callable[[], object]) -> MaskPixels:
    from desktop_ae.domains.image.watermark import find_overlay

    return find_overlay(model, picture, check)


def _without_mask(restored: Samples, options: Options) -> Samples:
    return restored[:-1]


def overlay_measures(removed: Removed) -> Mapping[str, float]:
    """overlay_percent: how much of the picture was under an overlay and was changed."""
    pixels = removed.count / max(1, removed.channels)
    return {"overlay_percent": 100 * removed.covered / max(1.0, pixels)}


def _no_overlay(measured: Mapping[str, float]) -> bool:
    return measured["overlay_percent"] == 0


def overlay_findings(measured: Mapping[str, float]) -> Sequence[Finding]:
    share = measured["overlay_percent"]
    if share == 0:
        return [Finding("Overlay", "none found")]
    words = [(2, "small"), (15, "large")]
    size = next((word for limit, word in words if share < limit), "all over")
    return [Finding("Overlay", size), Finding("Changed", f"{share:.1f} %")]


def _overlay_recipe() -> Recipe:
    from desktop_ae.domains.image.recipes import WATERMARK

    return WATERMARK


def _overlay_pairs(data: Path, recipe: Recipe) -> Pairs:
    from desktop_ae.domains.image.recipes import watermark_pairs

    return watermark_pairs(data, recipe)


def _overlay_bench(
    models: Sequence[Model], data: Path, peers: str, every: int, each: Callable[[Score], None]
) -> list[Score]:
    from desktop_ae.domains.image.bench_watermark import bench_watermark

    return bench_watermark(models, data, peers, every, each)


def overlay_summary(scores: Sequence[Score], method: str) -> str:
    """What a list of models says of one, from its bench: what is found, and the picture then."""
    for score in scores:
        if score.method == method and "mask_f1" in score.figures:
            found, whole = score.figures["mask_f1"], score.figures["psnr_db"]
            return f"{whole:.1f} dB, {100 * found:.0f} % of the mask found (F1)"
    return "not measured"


def _overlay_tuning() -> Tuning:
    from desktop_ae.domains.image.tuning import WATERMARK_TUNING

    return WATERMARK_TUNING


WATERMARK = Task(
    id="image/watermark",
    title="Watermarks",
    nouns=("picture", "pictures"),
    sentence="Drop pictures with a watermark, a stamp or a date here and get them without.",
    icon="watermark",
    default_model="image/watermark-v1",
    samples=("photo-draft.jpg",),
    restorer=_remover,
    measures=overlay_measures,
    nothing_to_do=_no_overlay,
    findings=overlay_findings,
    recipe=_overlay_recipe,
    make_pairs=_overlay_pairs,
    bench=_overlay_bench,
    summary=overlay_summary,
    demonstrate=_demonstrate,
    options=(
        Option(
            "save_mask",
            "Save the mask",
            False,
            hint="Beside the result, as a picture: white where something was changed.",
            of_files=True,
        ),
    ),
    present=_without_mask,
    find=_find,
    find_px=1024,
    nothing="Nothing found, left alone",
    notice="For pictures you own or may edit.",
    tuning=_overlay_tuning,
)

DOMAIN = Domain(
    id="image",
    order=10,
    suffixes=frozenset(
        {".jpg", ".jpeg", ".jpe", ".png", ".tif", ".tiff", ".webp", ".bmp", ".heic", ".heif"}
    ),
    formats=("JPEG", "PNG", "TIFF", "WebP", "BMP", "HEIC"),
    sniff=sniff,
    likeness=likeness,
    open=_open,
    create=_create,
    target_suffix=target_suffix,
    view=_view,
    unit="MP",
    compare="picture",
    tasks=(DENOISE, WATERMARK),
)
