"""One straight edge of the board, found along many parallel lines of sight.

Looking from outside inwards, the edge is a step from bright to dark. A line of sight may meet other steps (a slot in
the fixture, the rim of a white connector), so each offers all its candidates and the edge is the straight line that
most lines of sight agree on.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

STEP_WIDTH = 5
"""Samples averaged on either side of a step."""
MAX_CANDIDATES = 8
BIN_PX = 4.0
INLIER_PX = 3.0
MIN_CONTRAST = 0.4
"""(before - after) / (before + after); relative, so a dim corner counts as much as a bright one."""
MIN_FALL = 8.0
"""Grey levels; a weaker step is noise."""


@dataclass(frozen=True)
class Candidate:
    along: float
    """Position of the line of sight, px from the middle of the search area."""
    across: float
    """Position of the step on it, px in the picture."""


@dataclass(frozen=True)
class Edge:
    """`across = offset + slope * along`."""

    offset: float
    slope: float
    agreement: float
    """Share of the lines of sight that saw this edge, 0 to 1."""


def steps_of(levels: Sequence[int], spacing: int) -> list[float]:
    """Positions (px from the first sample) of the falls from bright to dark among `levels`."""
    width = STEP_WIDTH
    sums = list(accumulate(levels, initial=0))
    edges = list(zip(sums, sums[width:], sums[2 * width :]))
    fall = [2 * middle - start - end for start, middle, end in edges]
    steep = [
        index
        for index in range(1, len(fall) - 1)
        if fall[index] >= MIN_FALL * width and fall[index] >= MIN_CONTRAST * (edges[index][2] - edges[index][0])
    ]
    peaks = [index for index in steep if fall[index] == max(fall[max(0, index - width) : index + width + 1])]
    return [(index + width - 0.5 + _vertex(*fall[index - 1 : index + 2])) * spacing for index in peaks[:MAX_CANDIDATES]]


def _vertex(before: float, peak: float, after: float) -> float:
    """Where between its neighbours a peak really is, by the parabola through all three."""
    bend = before - 2 * peak + after
    return 0.0 if bend == 0 else max(-0.5, min(0.5, (before - after) / (2 * bend)))


def fit_edge(candidates: Sequence[Candidate], lines: int, max_tilt_deg: float) -> Edge | None:
    """The straight line most lines of sight agree on; `None` when there is nothing to fit."""
    best: tuple[int, float, float] | None = None
    angles = round(2 * max_tilt_deg / 0.25)
    for n in range(angles + 1):
        slope = math.tan(math.radians(-max_tilt_deg + n * 0.25))
        votes = Counter(int((c.across - slope * c.along) // BIN_PX) for c in candidates)
        for place, count in votes.items():
            support = count + votes.get(place + 1, 0)
            if best is None or support > best[0]:
                best = (support, (place + 1) * BIN_PX, slope)
    if best is None:
        return None
    _, offset, slope = best
    reach = 2 * BIN_PX
    seen: dict[float, float] = {}
    for _ in range(3):
        seen = {c.along: c.across for c in candidates if abs(c.across - offset - slope * c.along) <= reach}
        if len(seen) < 3:
            return None
        offset, slope = _least_squares(seen)
        reach = INLIER_PX
    return Edge(offset, slope, len(seen) / lines)


def _least_squares(points: dict[float, float]) -> tuple[float, float]:
    mean_along = sum(points) / len(points)
    mean_across = sum(points.values()) / len(points)
    spread = sum((along - mean_along) ** 2 for along in points)
    slope = sum((along - mean_along) * (across - mean_across) for along, across in points.items()) / spread
    return mean_across - slope * mean_along, slope
