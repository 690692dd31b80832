"""Raw pixels found under a shared_mem_id, before they take the form an algorithm asked for."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    ColorSpace = Literal["RGB", "BGR", "GRAY"]


class Undecodable(Exception):
    """There is no image here, and why."""


class Picture:
    """`pixels` holds height × width × channels bytes, row by row, and nothing else; it may be read-only.

    `dimensions` is 2 for an array stored as H×W, else 3. `private`: nobody else has this memory, and it is writable.
    """

    __slots__ = ("channels", "color_space", "dimensions", "height", "pixels", "private", "width")

    def __init__(
        self, pixels: memoryview, shape: tuple[int, ...], color_space: ColorSpace, *, private: bool = False
    ) -> None:
        self.private = private
        self.pixels = pixels
        self.height, self.width = shape[0], shape[1]
        self.dimensions = len(shape)
        self.channels = shape[2] if len(shape) == 3 else 1
        self.color_space: ColorSpace = color_space if self.channels == 3 else "GRAY"

    @property
    def shape(self) -> tuple[int, ...]:
        shape = (self.height, self.width, self.channels)
        return shape[: self.dimensions]


def check_shape(shape: tuple[int, ...]) -> None:
    """Undecodable unless H×W×3, H×W or H×W×1, with pixels in it (contract §7)."""
    fits = len(shape) == 2 or (len(shape) == 3 and shape[2] in (1, 3))
    if not fits or 0 in shape:
        raise Undecodable(f"the array's shape {shape} is none of H×W×3, H×W, H×W×1")
