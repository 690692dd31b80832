"""What part of the picture is judged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from .flatten import Mask
from .surface import Surface

HOLE_MARGIN_PX = 8
"""Around a hole's edge: its bevel and its place vary a little."""
EDGE_MARGIN_PX = 4


@dataclass(frozen=True)
class Area:
    """Columns `left` to `right` and rows `top` to `bottom`, the ends excluded."""

    left: int
    top: int
    right: int
    bottom: int

    @staticmethod
    def within(width: int, height: int, rect: Any) -> Area:
        """A `rect` parameter in either form (an object, or "x,y,width,height"), cut to the image; None is all of it."""
        if rect is None:
            return Area(0, 0, width, height)
        if isinstance(rect, str):
            rect = dict(zip(("x", "y", "width", "height"), rect.split(",")))
        x, y, w, h = (int(rect[key]) for key in ("x", "y", "width", "height"))
        return Area(max(0, x), max(0, y), min(width, x + w), min(height, y + h))

    @property
    def empty(self) -> bool:
        return self.right - self.left < 64 or self.bottom - self.top < 64

    def ignored(self, surface: Surface) -> Mask:
        """True where nothing is judged, in the area's own coordinates."""
        rows = np.arange(self.top, self.bottom)[:, None]
        columns = np.arange(self.left, self.right)[None, :]
        mask = np.zeros((len(rows), columns.shape[1]), dtype=np.bool_)
        for hole in surface.holes:
            reach = hole.radius + HOLE_MARGIN_PX
            mask |= (columns - hole.x) ** 2 + (rows - hole.y) ** 2 < reach * reach
        mask[:EDGE_MARGIN_PX] = mask[-EDGE_MARGIN_PX:] = True
        mask[:, :EDGE_MARGIN_PX] = mask[:, -EDGE_MARGIN_PX:] = True
        return mask
