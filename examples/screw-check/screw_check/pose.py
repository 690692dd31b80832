"""Where the board lies: the bridge from the layout's mm to the picture's px."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Pose:
    x: float
    """Centre of the board in the picture, px."""
    y: float
    tilt_deg: float
    """Clockwise as seen in the picture."""
    px_per_mm: float
    width_mm: float
    height_mm: float

    def to_px(self, x_mm: float, y_mm: float) -> tuple[float, float]:
        tilt = math.radians(self.tilt_deg)
        u = (x_mm - self.width_mm / 2) * self.px_per_mm
        v = (y_mm - self.height_mm / 2) * self.px_per_mm
        return self.x + u * math.cos(tilt) - v * math.sin(tilt), self.y + u * math.sin(tilt) + v * math.cos(tilt)

    def corners(self) -> list[tuple[float, float]]:
        return [self.to_px(x, y) for x in (0, self.width_mm) for y in (0, self.height_mm)]

    def to_json(self) -> dict[str, float]:
        return asdict(self)

    @staticmethod
    def from_json(value: dict[str, Any]) -> Pose:
        return Pose(**value)
