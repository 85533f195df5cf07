"""Where the samples of a file lie in time, if there are gaps between some of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

# What is longer than this with its gaps is shown with gaps of a second: a clock was wrong.
MOST_SECONDS = 7 * 24 * 3600.0


class Stretches:
    """begins: of each stretch its first place in time, in samples, in order and not overlapping;
    sizes: its samples. In the file one follows the other.
    """

    def __init__(self, begins: Sequence[int], sizes: Sequence[int]) -> None:
        self._begins = np.asarray(begins, np.int64)
        self._sizes = np.asarray(sizes, np.int64)
        self._places = np.cumsum(self._sizes) - self._sizes
        self.total = int(self._begins[-1] + self._sizes[-1]) if len(begins) else 0

    @property
    def gaps(self) -> int:
        return max(0, len(self._begins) - 1)

    def parts(self, start: int, stop: int) -> Iterator[tuple[int, int, int]]:
        """Of what lies between two places in time: how far from `start` it begins, where it begins
        in the file, how many samples.
        """
        first = max(0, int(np.searchsorted(self._begins, start, "right")) - 1)
        for i in range(first, len(self._begins)):
            begin, size = int(self._begins[i]), int(self._sizes[i])
            if begin >= stop:
                return
            low, high = max(start, begin), min(stop, begin + size)
            if low < high:
                yield low - start, int(self._places[i]) + low - begin, high - low

    def places(self, place: int, count: int) -> Iterator[tuple[int, int, int]]:
        """Of so many samples in the file from a place on: where they lie in time, how far from the
        place they begin, how many.
        """
        first = max(0, int(np.searchsorted(self._places, place, "right")) - 1)
        for i in range(first, len(self._begins)):
            begin, size = int(self._places[i]), int(self._sizes[i])
            if begin >= place + count:
                return
            low, high = max(place, begin), min(place + count, begin + size)
            if low < high:
                yield int(self._begins[i]) + low - begin, low - place, high - low


def without_gaps(samples: int) -> Stretches:
    return Stretches([0], [samples])


def shortened(begins: Sequence[int], sizes: Sequence[int], rate_hz: float) -> list[int]:
    """The begins, at least one sample apart where there is a gap; with gaps of a second each if
    all together would be longer than anybody records.
    """
    too_long = begins[-1] + sizes[-1] > max(MOST_SECONDS * rate_hz, 2 * sum(sizes))
    result = [0]
    for i in range(1, len(begins)):
        end = result[-1] + sizes[i - 1]
        gap = max(1, begins[i] - begins[i - 1] - sizes[i - 1])
        result.append(end + (min(gap, round(rate_hz)) if too_long else gap))
    return result
