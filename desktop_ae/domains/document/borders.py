"""Dark borders that a scanner adds around the paper: found, so that they can be whitened."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

DARK = 110  # of 255
_LONG_SIDE = 1200
_BAND = 2048
# Of a side of the page that a border touches at least; of the page that it may cover at most.
_SHORTEST_TOUCH, _LARGEST = 0.3, 0.6
_MOST_UNEVEN = 30.0  # standard deviation of its tone: a photo at the edge has more
_BLACK = 60  # a scanner's black; fields in print are often lighter, or coloured
_LEAST_HOLE = 4  # pixels of the small page: a light letter of small print on a dark field
_LEAST_PAPER = 0.1  # of the page: a larger hole in a border is the paper
_DEEPEST = 0.055  # of the page's side: a deeper dark field belongs to the page
_STEEPEST = 0.3  # tangent of the most that paper lies askew: 16.7 degrees
_MOST_BENT = 0.01  # of the page's longer side: how far the edge of the paper is off a straight line


def find_border(tone: NDArray[np.uint8]) -> NDArray[np.bool_] | None:
    """Where the dark border is, `(height, width)`; None for none.

    tone: `(height, width)`, 0 is black; of a coloured page the brightest channel. A border is
    black, even, thicker than strokes are or long against the page's edge; it is shallow, or the
    wedge beside a page that lay askew. A deeper dark field, or one with a light letter on it, is
    part of the page. Ink that merely comes near the edge, or near the border, is no border.
    """
    height, width = tone.shape
    scale = max(1, -(-max(height, width) // _LONG_SIDE))
    size = (max(1, width // scale), max(1, height // scale))
    core = _core(np.asarray(cv2.resize(tone, size, interpolation=cv2.INTER_AREA), np.uint8))
    if not core.any():
        return None
    mask = np.zeros((height, width), np.bool_)
    for top, bottom in _bands(height):
        above, below = max(0, top - 8 * scale), min(height, bottom + 8 * scale)
        grown = _grown(tone[above:below], core, (above, height), scale)
        mask[top:bottom] = grown[top - above : bottom - above]
    return mask


def _core(small: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The borders of a small page, without their rims: 1 inside."""
    dark = (small < DARK).astype(np.uint8)
    reach = max(2, round(0.006 * max(small.shape)))
    # With the dark going on beyond the page, even a thin border is thicker than the kernel.
    padded = np.pad(dark, 2 * reach, constant_values=1)
    inside = slice(2 * reach, -2 * reach)
    opened = _dilated(_eroded(padded, 2 * reach + 1), 2 * reach + 1)[inside, inside] & dark
    labels, whole = _labels(opened), _labels(dark)
    core = np.zeros_like(dark)
    for label in _touching(labels):
        part = labels == label
        if _is_border(part, small, whole):
            core |= part
    return core


def _touching(labels: NDArray[np.int32]) -> list[int]:
    """Labels that lie along an edge of the page for long enough."""
    found: set[int] = set()
    for edge in (labels[0], labels[-1], labels[:, 0], labels[:, -1]):
        touched = np.bincount(edge, minlength=1)
        touched[0] = 0
        found.update(int(n) for n in np.nonzero(touched >= _SHORTEST_TOUCH * len(edge))[0])
    return sorted(found)


def _is_border(part: NDArray[np.bool_], small: NDArray[np.uint8], whole: NDArray[np.int32]) -> bool:
    inside = _eroded(part.view(np.uint8), 3).view(np.bool_)
    tones = small[inside if inside.any() else part]
    if part.mean() > _LARGEST or np.median(tones) > _BLACK or tones.std() > _MOST_UNEVEN:
        return False
    return not _has_letters(part, whole) and not _reaches_into_page(part)


def _has_letters(part: NDArray[np.bool_], whole: NDArray[np.int32]) -> bool:
    labels = np.unique(whole[part])
    field = np.isin(whole, labels[labels > 0]).astype(np.uint8)
    contours, tree = cv2.findContours(field, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    if tree is None:
        return False
    holes = (c for c, links in zip(contours, tree[0], strict=True) if links[3] >= 0)
    return any(_LEAST_HOLE <= cv2.contourArea(c) < _LEAST_PAPER * field.size for c in holes)


def _reaches_into_page(part: NDArray[np.bool_]) -> bool:
    """Whether it is deeper somewhere than a border is, and no wedge there."""
    height, width = part.shape
    across, down = (np.arange(side) + 0.5 for side in (width, height))
    near_x = np.minimum(across, width - across) / width
    near_y = np.minimum(down, height - down) / height
    deep = part & (np.minimum(near_x, near_y[:, None]) > _DEEPEST)
    if not deep.any():
        return False
    rim = part & ~_eroded(part.view(np.uint8), 3).view(np.bool_)
    pieces = _labels(deep.view(np.uint8))
    return not all(_is_wedge(pieces == n, rim) for n in range(1, int(pieces.max()) + 1))


def _is_wedge(piece: NDArray[np.bool_], rim: NDArray[np.bool_]) -> bool:
    """Whether a straight edge cuts the piece off as a flat triangle in a corner of the page.

    rim: the border's outermost pixels towards the paper.
    """
    height, width = piece.shape
    rows, columns = np.nonzero(piece & rim)
    if len(rows) < 3:
        return False
    # From the corner that is nearest.
    x = columns if columns.mean() < width / 2 else width - 1 - columns
    y = rows if rows.mean() < height / 2 else height - 1 - rows
    points = np.stack([x, y], axis=1).astype(np.float32)
    along_x, along_y, x0, y0 = np.ravel(cv2.fitLine(points, cv2.DIST_L1, 0, 0.01, 0.01)).tolist()
    off = np.abs((points[:, 0] - x0) * along_y - (points[:, 1] - y0) * along_x)
    if np.quantile(off, 0.9) > max(1.5, _MOST_BENT * max(height, width)) or not along_x * along_y:
        return False
    leg_x, leg_y = x0 - y0 * along_x / along_y, y0 - x0 * along_y / along_x
    if not (0 < leg_x <= width and 0 < leg_y <= height):
        return False
    return bool(min(leg_x, leg_y) <= _STEEPEST * max(leg_x, leg_y))


def _grown(
    tone: NDArray[np.uint8], core: NDArray[np.uint8], place: tuple[int, int], scale: int
) -> NDArray[np.bool_]:
    """The border in a band of the page, from its core on a small one outwards to its rim.

    place: the band's first row, and how many the page has.
    """
    first, height = place
    rows = np.minimum(np.arange(first, first + len(tone)) * len(core) // height, len(core) - 1)
    columns = np.arange(tone.shape[1]) * core.shape[1] // tone.shape[1]
    shrunk = _eroded(core, 3)
    if not shrunk[rows[0] : rows[-1] + 1].any() and not core[rows[0] : rows[-1] + 1].any():
        return np.zeros(tone.shape, np.bool_)
    dark = (tone < DARK).astype(np.uint8)
    border = shrunk[rows][:, columns] & dark
    border |= _edge_of(core[rows][:, columns] & dark, place)
    for _ in range(4 * scale):  # only through dark pixels that touch: never over a white gap
        border = _dilated(border, 3) & dark
    # Its blurred rim, but nothing of strokes beside it.
    halo = _dilated(border, 2 * scale + 3)
    strokes = _dilated(dark & (1 - border), 3)
    whole: NDArray[np.bool_] = (border | (halo & (1 - strokes))).view(np.bool_)
    return whole


def _edge_of(border: NDArray[np.uint8], place: tuple[int, int]) -> NDArray[np.uint8]:
    """Of a border, what lies on the page's outermost pixels: a thin one may have no more."""
    first, height = place
    edge = np.zeros_like(border)
    edge[:, :1], edge[:, -1:] = border[:, :1], border[:, -1:]
    if first == 0:
        edge[0] = border[0]
    if first + len(border) == height:
        edge[-1] = border[-1]
    return edge


def _dilated(mask: NDArray[np.uint8], size: int) -> NDArray[np.uint8]:
    return np.asarray(cv2.dilate(mask, np.ones((size, size), np.uint8)), np.uint8)


def _eroded(mask: NDArray[np.uint8], size: int) -> NDArray[np.uint8]:
    """Not from the edges of the page: the dark goes on beyond it."""
    return np.asarray(cv2.erode(mask, np.ones((size, size), np.uint8), borderValue=1), np.uint8)


def _labels(mask: NDArray[np.uint8]) -> NDArray[np.int32]:
    return np.asarray(cv2.connectedComponents(np.ascontiguousarray(mask))[1], np.int32)


def _bands(height: int) -> Iterator[tuple[int, int]]:
    for top in range(0, height, _BAND):
        yield top, min(top + _BAND, height)
