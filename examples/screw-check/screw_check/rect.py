"""Rectangles in px, origin at the upper left, as the contract has them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Rect:
    x: int
    y: int
    width: int
    height: int

    @staticmethod
    def within(width: int, height: int, value: Any) -> Rect:
        """A `rect` parameter in either form (an object, or "x,y,width,height"), cut to the image; None is all of it."""
        if value is None:
            return Rect(0, 0, width, height)
        if isinstance(value, str):
            value = dict(zip(("x", "y", "width", "height"), value.split(",")))
        return Rect(int(value["x"]), int(value["y"]), int(value["width"]), int(value["height"])).clipped(width, height)

    @staticmethod
    def around(x: float, y: float, radius: float) -> Rect:
        size = round(2 * radius)
        return Rect(round(x - radius), round(y - radius), size, size)

    def clipped(self, width: int, height: int) -> Rect:
        """What of this lies inside an image of that size."""
        left, top = max(0, self.x), max(0, self.y)
        right, bottom = min(width, self.x + self.width), min(height, self.y + self.height)
        return Rect(left, top, max(0, right - left), max(0, bottom - top))

    def to_json(self, label: str, score: float, **more: Any) -> dict[str, Any]:
        return {
            "x": self.x,
            "y": self.y,
            "width": self.width,
            "height": self.height,
            "label": label,
            "score": round(score, 3),
            **more,
        }
