"""Is there a screw, or only its hole?

A fitted screw and an empty hole both show a bright metal ring (the head's rim or the tinned pad) on a dark board. What
tells them apart is the core, the circle that the hole would fill: metal with a small recess, or dark.
All levels are judged relative to that place's own metal and board, so light hardly matters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .frame import Circle, Frame
from .layout import Layout, Screw
from .pose import Pose

MIN_CONTRAST = 0.6
"""Without this much difference, relative to the metal, there is no metal ring at all."""


@dataclass(frozen=True)
class Finding:
    screw: Screw
    x: float
    y: float
    contrast: float
    """(metal - board) / metal, 0 to 1."""
    fill: float
    """Share of the core that is metal, 0 to 1."""
    fitted: bool

    @property
    def score(self) -> float:
        """How sure the finding is, 0 to 1."""
        if self.fitted:
            return self.fill
        return 1 - self.fill if self.contrast >= MIN_CONTRAST else 1 - max(0.0, self.contrast)


class ScrewFinder:
    """Holds the sampling circles of one picture and one scale."""

    def __init__(self, frame: Frame, layout: Layout, px_per_mm: float) -> None:
        hole = layout.hole_diameter_mm / 2 * px_per_mm
        head = layout.head_diameter_mm / 2 * px_per_mm
        pad = layout.pad_diameter_mm / 2 * px_per_mm
        self.reach = 1.25 * pad + 1
        self._core = [Circle(frame, 0.72 * hole, 20), Circle(frame, 0.86 * hole, 24)]
        self._metal = [Circle(frame, hole + 0.4 * (head - hole), 24), Circle(frame, hole + 0.7 * (head - hole), 24)]
        self._rim = Circle(frame, 0.88 * pad, 24)
        self._board = Circle(frame, 1.22 * pad, 24)

    def inspect(self, screw: Screw, x: float, y: float, search_radius: int, min_fill: float) -> Finding:
        at_x, at_y = self._centre(round(x), round(y), search_radius)
        # The whole ring must be metal: a quarter of it may be dirt or shadow, not half.
        metal = _quantile([level for circle in self._metal for level in circle.levels(at_x, at_y)], 0.25)
        board = _quantile(self._board.levels(at_x, at_y), 0.5)
        contrast = (metal - board) / max(metal, 1)
        halfway = (metal + board) / 2
        core = [level for circle in self._core for level in circle.levels(at_x, at_y)]
        fill = sum(level > halfway for level in core) / len(core)
        return Finding(screw, at_x, at_y, contrast, fill, contrast >= MIN_CONTRAST and fill >= min_fill)

    def _centre(self, x: int, y: int, search_radius: int) -> tuple[int, int]:
        """Where, near (x, y), a metal disc of the pad's size stands out best from the board; coarse, then fine."""
        best = (self._prominence(x, y), x, y)
        for spacing, reach in ((2, search_radius), (1, 1)):
            _, from_x, from_y = best
            for dy in range(-reach, reach + 1, spacing):
                for dx in range(-reach, reach + 1, spacing):
                    found = self._prominence(from_x + dx, from_y + dy)
                    if found > best[0]:
                        best = (found, from_x + dx, from_y + dy)
        return best[1], best[2]

    def _prominence(self, x: int, y: int) -> int:
        return sum(self._rim.levels(x, y)) - sum(self._board.levels(x, y))


def find_screws(
    frame: Frame, layout: Layout, pose: Pose, search_radius: int, min_fill: float, skip: Sequence[str]
) -> list[Finding]:
    """Raises `ValueError` when a screw's place is outside the picture."""
    finder = ScrewFinder(frame, layout, pose.px_per_mm)
    findings = []
    for screw in layout.screws:
        if screw.name in skip:
            continue
        x, y = pose.to_px(screw.x_mm, screw.y_mm)
        if not frame.contains(x, y, finder.reach + search_radius + 2):
            raise ValueError(f"the place of screw {screw.name}, ({x:.0f}, {y:.0f}), is not well inside the picture")
        findings.append(finder.inspect(screw, x, y, search_radius, min_fill))
    return findings


def _quantile(levels: Sequence[int], share: float) -> int:
    return sorted(levels)[int(len(levels) * share)]
