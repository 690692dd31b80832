"""Sampling a picture without walking over all of its pixels.

Only the red channel is read: solder mask, green or blue, is dark in red; metal and the fixture plate are bright.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from procvision_algorithm_sdk import PlainImage


@dataclass(frozen=True)
class Frame:
    """The red channel of an image of `width` x `height` px, levels 0 to 255."""

    data: memoryview
    """From the first pixel's red on."""
    width: int
    height: int
    pixel: int
    """Bytes from one pixel to the next."""
    stride: int
    """Bytes from one row to the next."""

    @staticmethod
    def of(image: PlainImage) -> Frame:
        red = 2 if image.color_space == "BGR" else 0
        return Frame(image.data[image.offset + red :], image.width, image.height, image.channels, image.stride)

    def row(self, y: int, x_from: int, x_to: int, step: int) -> bytes:
        start = y * self.stride
        return bytes(self.data[start + x_from * self.pixel : start + x_to * self.pixel : step * self.pixel])

    def column(self, x: int, y_from: int, y_to: int, step: int) -> bytes:
        at = x * self.pixel
        return bytes(self.data[y_from * self.stride + at : y_to * self.stride : step * self.stride])

    def contains(self, x: float, y: float, margin: float) -> bool:
        return margin <= x < self.width - margin and margin <= y < self.height - margin


class Circle:
    """Samples on a circle around a point; the offsets are worked out once, reading is a single C call."""

    def __init__(self, frame: Frame, radius: float, samples: int) -> None:
        offsets = [
            round(radius * math.sin(2 * math.pi * n / samples)) * frame.stride
            + round(radius * math.cos(2 * math.pi * n / samples)) * frame.pixel
            for n in range(samples)
        ]
        self._lowest = min(offsets)
        self._read: Callable[[Any], tuple[int, ...]] = itemgetter(*(offset - self._lowest for offset in offsets))
        self._frame = frame

    def levels(self, x: int, y: int) -> tuple[int, ...]:
        """Levels around (x, y); the circle must lie inside the picture."""
        frame = self._frame
        return self._read(frame.data[y * frame.stride + x * frame.pixel + self._lowest :])
