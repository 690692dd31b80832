"""Where a product's screws belong: the asset `layout` of its PID."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Screw:
    name: str
    x_mm: float
    y_mm: float


@dataclass(frozen=True)
class Layout:
    """Positions in mm from the board's upper left corner, x to the right, y down."""

    product: str
    width_mm: float
    height_mm: float
    mask_margin_mm: float
    """Bare laminate between the board's edge and its (dark) solder mask."""
    px_per_mm: float
    """As the station's camera was set up; the true scale is measured in every picture."""
    head_diameter_mm: float
    hole_diameter_mm: float
    pad_diameter_mm: float
    screws: tuple[Screw, ...]


def load_layout(path: Path) -> Layout:
    """Raises `OSError` when the file cannot be read and `ValueError` when it is not a layout."""
    text = path.read_text(encoding="utf-8")
    try:
        raw = json.loads(text)
        return Layout(
            product=str(raw["product"]),
            width_mm=float(raw["board"]["width_mm"]),
            height_mm=float(raw["board"]["height_mm"]),
            mask_margin_mm=float(raw["mask_margin_mm"]),
            px_per_mm=float(raw["px_per_mm"]),
            head_diameter_mm=float(raw["head_diameter_mm"]),
            hole_diameter_mm=float(raw["hole_diameter_mm"]),
            pad_diameter_mm=float(raw["pad_diameter_mm"]),
            screws=tuple(Screw(str(s["name"]), float(s["x_mm"]), float(s["y_mm"])) for s in raw["screws"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{path.name} is not a layout: {error!r}") from error
