"""Taking the light and the brush out of a picture, so that what remains is noise and defects.

Arrays are H x W `float32`, the brush running along the rows.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Plane = NDArray[np.float32]
Mask = NDArray[np.bool_]

LIGHT_BLOCK_PX = 8
LIGHT_DEGREE = (6, 4)
"""Of the polynomial along and across the brush: it follows lamps and sheen, and is too stiff to follow a stain."""
OUTLIER = 3.0
"""Sigma; a block that deviates more is no light but a defect, and the next fit leaves it out."""
FITS = 3
BRUSH_REACH = 300
"""Pixels on either side along a groove."""


def relative_deviation(grey: Plane, ignored: Mask) -> Plane:
    """How much brighter (+) or darker (-) each pixel is than light and brush explain; 0.1 is 10 %. 0 where ignored."""
    light, typical = _light(grey, ignored)
    flat = grey / light
    deviation = flat / _mean_along_rows(flat, typical & ~ignored, BRUSH_REACH) - 1
    deviation[ignored] = 0
    return deviation


def _light(grey: Plane, ignored: Mask) -> tuple[Plane, Mask]:
    """The slowly varying part of the brightness: a polynomial through small blocks, fitted robustly.

    The mask tells which pixels lie in blocks that agree with it.
    """
    blocks = _reduced(grey)
    terms = _chebyshev_terms(*blocks.shape)
    valid = (_reduced(ignored.astype(np.float32)) == 0).ravel()
    levels = blocks.ravel()
    kept, fitted = valid, levels
    for _ in range(FITS):
        weights, *_ = np.linalg.lstsq(terms[kept], levels[kept], rcond=None)
        fitted = terms @ weights
        off = levels / np.maximum(fitted, 1) - 1
        kept = valid & (np.abs(off) < OUTLIER * noise_of(off, ~valid))
    light = enlarged(fitted.astype(np.float32).reshape(blocks.shape), grey.shape)
    typical = enlarged(kept.astype(np.float32).reshape(blocks.shape), grey.shape) > 0.5
    return np.maximum(light, 1), typical


def _chebyshev_terms(height: int, width: int) -> NDArray[np.float64]:
    """One row of terms per block; Chebyshev polynomials keep the fit well conditioned."""
    x, y = np.meshgrid(np.linspace(-1, 1, width), np.linspace(-1, 1, height))
    terms: NDArray[np.float64] = np.polynomial.chebyshev.chebvander2d(x.ravel(), y.ravel(), LIGHT_DEGREE)
    return terms


def _reduced(plane: Plane) -> Plane:
    return np.asarray(Image.fromarray(plane).reduce(LIGHT_BLOCK_PX), dtype=np.float32)


def _mean_along_rows(plane: Plane, valid: Mask, reach: int) -> Plane:
    """The mean of the valid pixels within `reach` to the left and right; the plane's own median where there is none."""
    width = plane.shape[1]
    first = np.maximum(np.arange(width) - reach, 0)
    last = np.minimum(np.arange(width) + reach + 1, width)

    def sums(values: Plane) -> Plane:
        total = np.zeros((values.shape[0], width + 1), dtype=np.float64)
        np.cumsum(values, axis=1, out=total[:, 1:])
        return total[:, last] - total[:, first]

    count = sums(valid.astype(np.float32))
    mean = sums(np.where(valid, plane, np.float32(0))) / np.maximum(count, 1)
    return np.where(count > 0, mean, np.median(plane)).astype(np.float32)


def box_mean(plane: Plane, size: int) -> Plane:
    """Means of `size` x `size` blocks; what does not fill a block at the right and lower border is left out."""
    height, width = plane.shape[0] // size, plane.shape[1] // size
    blocks = plane[: height * size, : width * size].reshape(height, size, width, size)
    means: Plane = blocks.mean(axis=(1, 3), dtype=np.float32)
    return means


def enlarged(plane: Plane, shape: tuple[int, ...]) -> Plane:
    """`plane` stretched to `shape` (rows, columns), smoothly."""
    full = Image.fromarray(plane).resize((shape[1], shape[0]), Image.Resampling.BILINEAR)
    return np.asarray(full, dtype=np.float32)


def noise_of(plane: Plane, ignored: Mask) -> float:
    """Standard deviation of the bulk, from the median absolute deviation: defects do not move it."""
    bulk = plane[~ignored]
    return max(1e-4, 1.4826 * float(np.median(np.abs(bulk - np.median(bulk)))))
