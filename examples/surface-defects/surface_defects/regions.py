"""Connected regions of a mask, and their shape."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Region:
    """Coordinates of its set cells, as rows and columns of the mask."""

    rows: NDArray[np.intp]
    columns: NDArray[np.intp]

    @property
    def area(self) -> int:
        return len(self.rows)

    def extent(self) -> tuple[float, float]:
        """Length and breadth along the region's own axes, in cells."""
        if self.area < 3:
            return float(self.area), 1.0
        (a, b), (_, c) = np.cov(self.columns, self.rows)
        middle, spread = (a + c) / 2, math.hypot((a - c) / 2, b)
        # A uniform bar of length L has variance L^2 / 12.
        return math.sqrt(12 * (middle + spread)) + 1, math.sqrt(12 * max(0.0, middle - spread)) + 1


def regions_of(mask: NDArray[np.bool_], reach: int = 1) -> Iterator[Region]:
    """Regions whose cells are within `reach` rows and columns of one another (1: touching).

    The cost grows with the number of set cells, not with the size of the mask.
    """
    steps = [(down, right) for down in range(-reach, reach + 1) for right in range(-reach, reach + 1)]
    waiting: set[tuple[int, int]] = set(zip(*(axis.tolist() for axis in np.nonzero(mask))))
    while waiting:
        seed = waiting.pop()
        cells, front = [seed], [seed]
        while front:
            row, column = front.pop()
            for near in ((row + down, column + right) for down, right in steps):
                if near in waiting:
                    waiting.remove(near)
                    cells.append(near)
                    front.append(near)
        rows, columns = np.array(cells, dtype=np.intp).T
        yield Region(rows, columns)
