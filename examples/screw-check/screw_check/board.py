"""Locating the board on the fixture plate by its four edges."""

from __future__ import annotations

import math
from collections.abc import Callable

from .edge import Candidate, Edge, fit_edge, steps_of
from .frame import Frame
from .layout import Layout
from .pose import Pose
from .rect import Rect

SPACING = 2
"""Every second pixel along a line of sight is enough for half a pixel of accuracy."""
MIN_AGREEMENT = 0.5
MAX_SKEW_DEG = 0.8
MAX_SCALE_ERROR = 0.06


class BoardNotFound(Exception):
    """No board of the layout's size lies in the search area; the message says what was seen instead."""


def locate_board(frame: Frame, layout: Layout, area: Rect, max_tilt_deg: float, scan_lines: int) -> Pose:
    """Raises `BoardNotFound`."""
    middle_x, middle_y = area.x + area.width // 2, area.y + area.height // 2
    reach_x = int(min(layout.width_mm * layout.px_per_mm, area.width) * 0.375)
    reach_y = int(min(layout.height_mm * layout.px_per_mm, area.height) * 0.375)
    right_end, bottom_end = area.x + area.width, area.y + area.height

    def find(name: str, reach: int, look: Callable[[int], list[float]]) -> Edge:
        places = [round(-reach + 2 * reach * n / (scan_lines - 1)) for n in range(scan_lines)]
        candidates = [Candidate(along, across) for along in places for across in look(along)]
        edge = fit_edge(candidates, scan_lines, max_tilt_deg)
        if edge is None or edge.agreement < MIN_AGREEMENT:
            seen = 0 if edge is None else round(100 * edge.agreement)
            needed = round(100 * MIN_AGREEMENT)
            raise BoardNotFound(f"its {name} edge is seen on {seen} % of the scan lines, {needed} % are needed")
        return edge

    def from_left(along: int) -> list[float]:
        return [area.x + step for step in steps_of(frame.row(middle_y + along, area.x, middle_x, SPACING), SPACING)]

    def from_right(along: int) -> list[float]:
        levels = frame.row(middle_y + along, middle_x, right_end, SPACING)
        last = middle_x + (len(levels) - 1) * SPACING
        return [last - step for step in steps_of(levels[::-1], SPACING)]

    def from_top(along: int) -> list[float]:
        return [area.y + step for step in steps_of(frame.column(middle_x + along, area.y, middle_y, SPACING), SPACING)]

    def from_bottom(along: int) -> list[float]:
        levels = frame.column(middle_x + along, middle_y, bottom_end, SPACING)
        last = middle_y + (len(levels) - 1) * SPACING
        return [last - step for step in steps_of(levels[::-1], SPACING)]

    left, right = find("left", reach_y, from_left), find("right", reach_y, from_right)
    top, bottom = find("upper", reach_x, from_top), find("lower", reach_x, from_bottom)
    return _pose_from(left, right, top, bottom, (middle_x, middle_y), layout)


def _pose_from(left: Edge, right: Edge, top: Edge, bottom: Edge, middle: tuple[int, int], layout: Layout) -> Pose:
    # A clockwise tilt moves the horizontal edges down to the right and the vertical ones left to the bottom.
    slopes = [top.slope, bottom.slope, -left.slope, -right.slope]
    tilts = [math.degrees(math.atan(slope)) for slope in slopes]
    if max(tilts) - min(tilts) > MAX_SKEW_DEG:
        raise BoardNotFound(f"the edges found are no rectangle: they lean by {min(tilts):.1f} to {max(tilts):.1f} deg")
    # The long edges know the tilt best.
    width_mm, height_mm = layout.width_mm, layout.height_mm
    tilt_deg = ((tilts[0] + tilts[1]) * width_mm + (tilts[2] + tilts[3]) * height_mm) / (2 * (width_mm + height_mm))
    slope = math.tan(math.radians(tilt_deg))

    across = (left.offset + right.offset) / 2 - middle[0]
    down = (top.offset + bottom.offset) / 2 - middle[1]
    dy = (down + slope * across) / (1 + slope * slope)
    dx = across - slope * dy

    cos = math.cos(math.radians(tilt_deg))
    seen_width, seen_height = (right.offset - left.offset) * cos, (bottom.offset - top.offset) * cos
    inner_width, inner_height = width_mm - 2 * layout.mask_margin_mm, height_mm - 2 * layout.mask_margin_mm
    scales = [seen_width / inner_width, seen_height / inner_height]
    if any(abs(scale / layout.px_per_mm - 1) > MAX_SCALE_ERROR for scale in scales):
        raise BoardNotFound(
            f"what was found measures {seen_width:.0f} x {seen_height:.0f} px, the layout expects "
            f"{inner_width * layout.px_per_mm:.0f} x {inner_height * layout.px_per_mm:.0f}"
        )
    scale = (seen_width + seen_height) / (inner_width + inner_height)
    return Pose(middle[0] + dx, middle[1] + dy, tilt_deg, scale, width_mm, height_mm)
