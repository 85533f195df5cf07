"""What a kind of file is to the rest of the program: frozen records of plain functions.

A domain package exposes one `DOMAIN`; `domains.load_domains()` finds it. Its functions import
torch and codecs when they are called, so that the window can show before torch is loaded.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from desktop_ae.core.card import ModelInput
from desktop_ae.core.clip import Clip, Samples
from desktop_ae.core.mask import MaskPixels
from desktop_ae.core.saving import NewFile

if TYPE_CHECKING:
    from desktop_ae.core.library import Model
    from desktop_ae.core.restore import Removed, Restorer
    from desktop_ae.core.tuning import Tuning
    from desktop_ae.training.pairs import Pairs

# Chosen values by the names of a task's options; "password" as well, where a file needs one, and
# "mask", a core.mask.Mask, where a person says what to change.
Options = Mapping[str, Any]


def _as_it_is(pixels: MaskPixels) -> MaskPixels:
    return pixels


def _itself(path: Path) -> Path:
    return path


@dataclass(frozen=True, slots=True)
class Piece:
    """One page, one picture, one recording: blocks that belong together, in order.

    shape: `(channels, *space)` of the whole piece. work: its part of the Reader's `work`.
    index: of the page in its file, from 0; pages with nothing to clean are passed over by a Reader.
    overview: the whole piece at reduced size, no side over the given number of pixels, or so many
    samples of a signal, in parts from all over it; before its blocks are read. mask: the options'
    mask, turned as the blocks lie. upright: turns a mask of the piece the right way up.
    rate_hz: of a signal.
    """

    shape: tuple[int, ...]
    blocks: Iterator[Clip]
    work: float
    index: int = 0
    overview: Callable[[int], Samples] | None = None
    mask: MaskPixels | None = None
    upright: Callable[[MaskPixels], MaskPixels] = _as_it_is
    rate_hz: float | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """What a restorer is to do with one piece.

    shape: `(channels, *space)`. strength: 0 gives the input back, 1 all that the net would do.
    check: called between steps; may raise. overview, mask, rate_hz: as a Piece's. options: all of
    the task's, as far as its restorer is concerned.
    """

    shape: tuple[int, ...]
    strength: float = 1.0
    check: Callable[[], object] = lambda: None
    overview: Callable[[int], Samples] | None = None
    mask: MaskPixels | None = None
    rate_hz: float | None = None
    options: Options = field(default_factory=dict)


class Reader(Protocol):
    """An open source file. Close it, or use it as a context."""

    @property
    def about(self) -> str:
        """Facts in one line for the person: size, depth, colour space."""

    @property
    def work(self) -> float:
        """How much there is to do, in the domain's unit of throughput (megapixels, seconds)."""

    def pieces(self, left_out: Container[int] = ()) -> Iterator[Piece]:
        """The pieces in order, without those of the indices left out, which are not even read."""

    @property
    def passed_over(self) -> Mapping[int, str]:
        """Pages that `pieces` did not give, by index: why not, as a sentence. Whole at its end."""

    def close(self) -> None: ...


class Writer(Protocol):
    """Takes the cleaned blocks of each piece in order, then makes the file whole."""

    def write(self, clip: Clip) -> None: ...

    def end_piece(self, leave: bool) -> bool:
        """The piece read last is complete; or, with `leave`, it shall stay as the source has it
        (it was clean already, or left out, and then perhaps nothing of it was written).

        Returned: whether the output differs from the source there; an option may want a change
        even of a clean page, and then `leave` yields to it.
        """

    def finish(self, scratch: Path) -> None:
        """Write everything, with what the source carried beside its samples, to `scratch`."""


@runtime_checkable
class FilesWriter(Writer, Protocol):
    """A Writer whose output may be several files under one stem, such as a header and its data."""

    def finish_files(self, file: NewFile) -> None:
        """In place of `finish`: fill `file` and the companions that it needs."""


def finish_writer(writer: Writer, file: NewFile) -> None:
    if isinstance(writer, FilesWriter):
        writer.finish_files(file)
    else:
        writer.finish(file.scratch)


@dataclass(frozen=True, slots=True)
class View:
    """What a window shows of a file.

    pixels: `(height, width, 3 or 4)` uint8 sRGB, upright, at most the size asked for.
    full_size: width and height of the upright original, in pixels. pages: how many the file has.
    """

    pixels: NDArray[np.uint8]
    full_size: tuple[int, int]
    about: str
    pages: int = 1


@dataclass(frozen=True, slots=True)
class Recipe:
    """What it takes to train a shipped model again.

    net, arguments: see `nets.build_net`. batch: patches a step. patch: length of a patch's sides.
    learning_rate: at its peak, after `warm_up` steps. average: decay of the moving average of the
    weights.
    title, input, sources: what the model's card says of its name, its input and its data
    (each source with "name" and "licence").
    """

    task: str
    net: str
    arguments: Mapping[str, Any]
    batch: int
    patch: int
    learning_rate: float
    title: str
    input: ModelInput
    sources: Sequence[Mapping[str, str]]
    average: float = 0.999
    warm_up: int = 200
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Score:
    """One line of a bench: what `method` reached on `data`; the figures' names carry units."""

    data: str
    method: str
    figures: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Finding:
    """A line of the inspector's "Measured": what was found in a file, in words.

    number: what stands for `{n}` in the value, which is translated without it.
    """

    label: str
    value: str
    number: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    """Something that a person can choose beside model and strength.

    label: for the window. choices: (value, label) of each; none for a switch, whose default is a
    bool, and for words of a person's own, whose default is a str. hint: a sentence on what it does.
    of_files: whether it acts on files alone, since it needs a whole page and what the file says of
    it.
    """

    name: str
    label: str
    default: str | bool
    choices: Sequence[tuple[str, str]] = ()
    hint: str = ""
    of_files: bool = False

    @property
    def is_free(self) -> bool:
        """Whether its value can be any text."""
        return not self.choices and isinstance(self.default, str)


@dataclass(frozen=True, slots=True)
class Task:
    """Something that a domain can do to its files, and the pane that offers it.

    id: "image/denoise". title, sentence, icon: how the window names it; `nouns` is one and many.
    default_model: id of the shipped model. samples: files in `resources/samples`; the first is
    the one to try.
    restorer: (model, request) to the streaming restorer of one piece.
    measures: figures about a result, from what was removed. nothing_to_do: whether these say that
    the file was clean already. findings: the figures in words.
    recipe, make_pairs: what trains the shipped model; the pairs are cut from a folder or `.tar`.
    bench: (models, data folder, peers, every, report of each score as it is found); peers are
    "none", "some" or "all"; only every so many-th file is taken. summary: scores and a model's id
    to the line that lists show.
    demonstrate: (sample, result, truth, picture to write) to figures of before and after.
    options: what else can be chosen; chosen values travel as a mapping by name.
    present: (what the restorer gave, options) to what the result will look like there, for the
    preview of a part: `(channels, height, width)` in [0, 1] both.
    find: (model, an overview of the picture, check) to the mask of what the task would change, as
    large as the overview; None for a task that changes everything. Behind the picture's channels
    such a task's restorer gives one more, how far each pixel was changed, 0 to 1.
    find_px: longest side of the overview that it wants.
    nothing: what is said of a file with nothing to do; nothing_of: the same from its figures, where
    that depends on them. notice: a line that its pane always shows.
    warning: figures to a sentence, if a person should look at the result before using it.
    tuning: how it learns from a person's own files; None if it cannot.
    """

    id: str
    title: str
    nouns: tuple[str, str]
    sentence: str
    icon: str
    default_model: str
    samples: Sequence[str]
    restorer: Callable[[Model, Request], Restorer]
    measures: Callable[[Removed], Mapping[str, float]]
    nothing_to_do: Callable[[Mapping[str, float]], bool]
    findings: Callable[[Mapping[str, float]], Sequence[Finding]]
    recipe: Callable[[], Recipe]
    make_pairs: Callable[[Path, Recipe], Pairs]
    bench: Callable[[Sequence[Model], Path, str, int, Callable[[Score], None]], list[Score]]
    summary: Callable[[Sequence[Score], str], str]
    demonstrate: Callable[[Path, Path, Path, Path], Mapping[str, float]]
    options: Sequence[Option] = ()
    present: Callable[[Samples, Options], Samples] = lambda samples, options: samples
    find: Callable[[Model, Samples, Callable[[], object]], MaskPixels] | None = None
    find_px: int = 0
    nothing: str = "Already clean, left alone"
    nothing_of: Callable[[Mapping[str, float]], str] | None = None
    notice: str = ""
    warning: Callable[[Mapping[str, float]], str] = lambda measured: ""
    tuning: Callable[[], Tuning] | None = None

    @property
    def sample(self) -> str:
        return self.samples[0]


@dataclass(frozen=True, slots=True)
class Domain:
    """A kind of file.

    order: of its panes in the window's rail, small first.
    suffixes: lower case with the dot. formats: their names for the person.
    sniff: the format's name from the first 4 kB, or None if this is no file of ours.
    likeness: how much a file of a known suffix looks like one of ours, 0 to 1: where two domains
    take it, the higher one gets it.
    open: path to Reader. create: Writer for what a Reader gave, with the metadata kept or not.
    Both get the chosen options. Opening raises NeedsPassword for a file that is locked.
    target_suffix: suffix of the output for a source (the same, where we can write the format).
    view: what to show of a page, no side longer than the given number of pixels (0: any size).
    unit: of throughput, as in "2.1 MP/s". compare: which compare view shows it.
    main_file: a file that is only a part of another, such as the data beside its header, to that
    other one, whatever its suffix; any other file to itself.
    parts: the other way round: which other files a file's content lies in.
    shared_suffixes: those of `suffixes` that files of all sorts bear: one in a dropped folder that
    turns out to be no file of ours is passed over without a word.
    """

    id: str
    order: int
    suffixes: frozenset[str]
    formats: Sequence[str]
    sniff: Callable[[bytes], str | None]
    likeness: Callable[[Path], float]
    open: Callable[[Path, Options], Reader]
    create: Callable[[Reader, bool, Options], Writer]
    target_suffix: Callable[[Path], str]
    view: Callable[[Path, int, int, Options], View]
    unit: str
    compare: str
    tasks: Sequence[Task]
    main_file: Callable[[Path], Path] = _itself
    parts: Callable[[Path], Sequence[Path]] = lambda path: ()
    shared_suffixes: frozenset[str] = frozenset()
