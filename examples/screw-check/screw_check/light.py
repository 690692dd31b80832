"""How bright the scene is, from small probes spread over the search area."""

from __future__ import annotations

from dataclasses import dataclass

from .frame import Frame
from .rect import Rect

PROBES_ACROSS = 6
PROBES_DOWN = 4
PROBE_PX = 32


@dataclass(frozen=True)
class Probe:
    rect: Rect
    level: float


@dataclass(frozen=True)
class Light:
    brightness: float
    """Level of the bright quarter of the probes: the fixture plate, whatever board lies on it."""
    probes: tuple[Probe, ...]


def measure_light(frame: Frame, area: Rect) -> Light:
    xs = [area.x + (column + 0.5) * area.width / PROBES_ACROSS for column in range(PROBES_ACROSS)]
    ys = [area.y + (row + 0.5) * area.height / PROBES_DOWN for row in range(PROBES_DOWN)]
    probes = tuple(_probe(frame, x, y) for y in ys for x in xs)
    bright = sorted((probe.level for probe in probes), reverse=True)[: len(probes) // 4]
    return Light(sum(bright) / len(bright), probes)


def _probe(frame: Frame, x: float, y: float) -> Probe:
    rect = Rect(int(x) - PROBE_PX // 2, int(y) - PROBE_PX // 2, PROBE_PX, PROBE_PX).clipped(frame.width, frame.height)
    levels = b"".join(
        frame.row(line, rect.x, rect.x + rect.width, 4) for line in range(rect.y, rect.y + rect.height, 4)
    )
    return Probe(rect, sum(levels) / max(1, len(levels)))
