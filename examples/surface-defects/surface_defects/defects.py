"""Finding marks at two scales: sharp ones (scratches, spots) in small blocks, faint large ones (stains) in big blocks."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from .flatten import Mask, Plane, box_mean, enlarged, noise_of, relative_deviation
from .regions import Region, regions_of

FINE, COARSE = 2, 16
"""Block sizes, px."""
MIN_SCRATCH_ELONGATION = 4.0
MIN_SCRATCH_LENGTH_PX = 30.0
MIN_STAIN_AREA_PX = 3000
MIN_STAIN_DEVIATION = 0.03
MAX_STAIN_DEVIATION = 0.1
STAIN_THRESHOLD = 5.0
"""Sigma of the big blocks."""
GAP = 2
"""Blocks; a scratch that grooves have broken is still one."""
WEAK = 0.5
"""A mark begins where something stands out by the threshold, and reaches as far as this share of it holds."""
MIN_PLAIN_BLOCKS = 3


@dataclass(frozen=True)
class Defect:
    kind: str
    """"scratch", "spot" or "stain"."""
    x: int
    y: int
    width: int
    height: int
    deviation: float
    """Mean relative deviation in brightness, always positive."""
    area_px: int

    @property
    def score(self) -> float:
        """How plainly it is seen, 0 to 1."""
        return min(1.0, 0.5 + self.deviation if self.kind != "stain" else 0.5 + 3 * self.deviation)

    def transposed(self) -> Defect:
        return replace(self, x=self.y, y=self.x, width=self.height, height=self.width)


def find_defects(grey: Plane, ignored: Mask, threshold: float, min_area_px: int) -> list[Defect]:
    """`grey` has its brush along the rows; the plainest defect comes first."""
    deviation = relative_deviation(grey, ignored)
    sharp, covered = _sharp_marks(deviation, ignored, threshold, min_area_px)
    stains = _stains(deviation, ignored | covered)
    return sorted(sharp + stains, key=lambda defect: -defect.score)


def _sharp_marks(deviation: Plane, ignored: Mask, threshold: float, min_area_px: int) -> tuple[list[Defect], Mask]:
    """The marks, and the pixels they cover, so that they are not found a second time as stains."""
    # What a stain may do to the brightness is taken away first, or its darker rim would look like many small spots.
    faint = np.clip(box_mean(deviation, COARSE), -MAX_STAIN_DEVIATION, MAX_STAIN_DEVIATION)
    fine = box_mean(deviation - enlarged(faint, deviation.shape), FINE)
    fine[_any_in_block(ignored, FINE)] = 0
    strength = np.abs(fine) / noise_of(fine, _any_in_block(ignored, FINE))
    plain = strength > threshold
    marks: list[Defect] = []
    marked = np.zeros_like(plain)
    for region in regions_of(strength > WEAK * threshold, GAP):
        length, breadth = (FINE * side for side in region.extent())
        enough = np.count_nonzero(plain[region.rows, region.columns]) >= MIN_PLAIN_BLOCKS
        if not enough or region.area * FINE * FINE < min_area_px:
            continue
        scratch = length >= MIN_SCRATCH_LENGTH_PX and length >= MIN_SCRATCH_ELONGATION * breadth
        marks.append(_defect("scratch" if scratch else "spot", region, FINE, fine))
        marked[region.rows, region.columns] = True
    covered = np.zeros_like(ignored)
    height, width = marked.shape
    covered[: height * FINE, : width * FINE] = marked.repeat(FINE, axis=0).repeat(FINE, axis=1)
    return marks, covered


def _stains(deviation: Plane, ignored: Mask) -> list[Defect]:
    blocked = _any_in_block(ignored, COARSE)
    coarse = box_mean(deviation, COARSE)
    coarse[blocked] = 0
    limit = max(MIN_STAIN_DEVIATION, STAIN_THRESHOLD * noise_of(coarse, blocked))
    regions = regions_of(np.abs(coarse) > limit)
    return [
        _defect("stain", region, COARSE, coarse)
        for region in regions
        if region.area * COARSE * COARSE >= MIN_STAIN_AREA_PX
    ]


def _any_in_block(mask: Mask, size: int) -> Mask:
    return box_mean(mask.astype(np.float32), size) > 0


def _defect(kind: str, region: Region, block: int, plane: Plane) -> Defect:
    top, left = int(region.rows.min()), int(region.columns.min())
    return Defect(
        kind,
        x=left * block,
        y=top * block,
        width=(int(region.columns.max()) - left + 1) * block,
        height=(int(region.rows.max()) - top + 1) * block,
        deviation=float(np.abs(plane[region.rows, region.columns]).mean()),
        area_px=region.area * block * block,
    )
