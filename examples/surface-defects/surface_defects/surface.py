"""What a product's surface looks like: the asset `surface` of its PID."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Hole:
    """A drilled hole, px; nothing there is judged."""

    x: int
    y: int
    radius: int


@dataclass(frozen=True)
class Surface:
    name: str
    brushed_vertically: bool
    holes: tuple[Hole, ...]


def load_surface(path: Path) -> Surface:
    """Raises `OSError` when the file cannot be read and `ValueError` when it does not describe a surface."""
    text = path.read_text(encoding="utf-8")
    try:
        raw = json.loads(text)
        brushed = raw["brushed"]
        if brushed not in ("horizontal", "vertical"):
            raise ValueError(f"brushed is {brushed!r}, not horizontal or vertical")
        holes = tuple(Hole(int(hole["x"]), int(hole["y"]), int(hole["radius"])) for hole in raw["holes"])
        return Surface(str(raw["surface"]), brushed == "vertical", holes)
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{path.name} does not describe a surface: {error!r}") from error
