"""An image for plain Python: no NumPy, no copy, quick where a region or every n-th pixel is enough.

INVARIANTS
- Nothing here loops over single pixels where a slice of bytes does the same in C.
- Coordinates count from the top-left pixel (0, 0); what lies outside is an error, never a wrong pixel.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Literal

    ColorSpace = Literal["RGB", "BGR", "GRAY"]

_WEIGHTS = (77, 150, 29)
"""Luma of ITU-R BT.601 in 256ths."""


class PlainImage:
    """`width` × `height` pixels of `channels` bytes (3, or 1 for grey), in the order `color_space` says.

    `data` is the flat memory the pixels lie in, `offset` where the first pixel begins, `stride` the bytes from one row
    to the next. A region shares the memory of its image. Whether it may be written to is `data.readonly`: an image from
    `read_image_from_shared_memory` may, a view of a segment may not.
    """

    __slots__ = ("channels", "color_space", "data", "height", "offset", "stride", "width")

    def __init__(
        self,
        data: bytes | bytearray | memoryview,
        width: int,
        height: int,
        color_space: ColorSpace = "RGB",
        *,
        offset: int = 0,
        stride: int | None = None,
    ) -> None:
        self.data = memoryview(data)
        self.width = width
        self.height = height
        self.color_space: ColorSpace = color_space
        self.channels = 1 if color_space == "GRAY" else 3
        self.offset = offset
        self.stride = width * self.channels if stride is None else stride
        end = offset + (height - 1) * self.stride + width * self.channels
        if width < 1 or height < 1 or offset < 0 or end > len(self.data):
            raise ValueError(f"{width}×{height} {color_space} pixels need {end} bytes, there are {len(self.data)}")

    @property
    def shape(self) -> tuple[int, int, int]:
        """(height, width, channels), as a NumPy array of it would have."""
        return (self.height, self.width, self.channels)

    def pixel(self, x: int, y: int) -> tuple[int, int, int]:
        """(red, green, blue), each 0 to 255, whatever the order in memory."""
        if not (0 <= x < self.width and 0 <= y < self.height):
            raise IndexError(f"pixel ({x}, {y}) is outside {self.width}×{self.height}")
        at = self.offset + y * self.stride + x * self.channels
        if self.channels == 1:
            value = self.data[at]
            return (value, value, value)
        first, green, last = self.data[at : at + 3]
        return (first, green, last) if self.color_space == "RGB" else (last, green, first)

    def row(self, y: int) -> memoryview:
        """The bytes of one row in the order of `color_space`: a view, `width × channels` long."""
        if not 0 <= y < self.height:
            raise IndexError(f"row {y} is outside a height of {self.height}")
        at = self.offset + y * self.stride
        return self.data[at : at + self.width * self.channels]

    def rows(self, step: int = 1) -> Iterator[memoryview]:
        """Every `step`-th row, from the top."""
        return (self.row(y) for y in range(0, self.height, step))

    def region(self, x: int, y: int, width: int, height: int) -> PlainImage:
        """A part of the image as an image of its own, without a copy. ValueError unless it lies inside."""
        if x < 0 or y < 0 or width < 1 or height < 1 or x + width > self.width or y + height > self.height:
            raise ValueError(f"region ({x}, {y}, {width}, {height}) is not inside {self.width}×{self.height}")
        offset = self.offset + y * self.stride + x * self.channels
        return PlainImage(self.data, width, height, self.color_space, offset=offset, stride=self.stride)

    def planes(self, step: int = 1) -> tuple[bytes, bytes, bytes]:
        """(red, green, blue) of every `step`-th pixel of every `step`-th row, each plane row by row.

        `sum`, `max`, `count` and `translate` of bytes then do the rest in C. A grey image gives one plane three times.
        """
        rows = [bytes(row) for row in self.rows(step)]
        stride = self.channels * step
        planes = [b"".join([row[channel::stride] for row in rows]) for channel in range(self.channels)]
        if self.channels == 1:
            return (planes[0], planes[0], planes[0])
        first, green, last = planes
        return (first, green, last) if self.color_space == "RGB" else (last, green, first)

    def grey(self, step: int = 1) -> bytes:
        """The brightness (BT.601 luma, 0 to 255) of every `step`-th pixel of every `step`-th row, row by row."""
        if self.channels == 1:
            return b"".join([bytes(row)[::step] for row in self.rows(step)])
        red_weight, green_weight, blue_weight = _WEIGHTS
        return bytes(
            [
                (red_weight * red + green_weight * green + blue_weight * blue) >> 8
                for red, green, blue in zip(*self.planes(step))
            ]
        )

    def mean(self, step: int = 1) -> float:
        """Mean of all values of the pixels `planes(step)` gives, as a NumPy array's `mean()`."""
        return sum(self.channel_means(step)) / 3

    def channel_means(self, step: int = 1) -> tuple[float, float, float]:
        """Mean (red, green, blue) of the pixels `planes(step)` gives, as a NumPy array's `mean(axis=(0, 1))`."""
        red, green, blue = self.planes(step)
        return (sum(red) / len(red), sum(green) / len(green), sum(blue) / len(blue))

    def min(self) -> int:
        """The darkest value of all channels, as a NumPy array's `min()`."""
        return min(min(row) for row in self.rows())

    def max(self) -> int:
        """The brightest value of all channels, as a NumPy array's `max()`."""
        return max(max(row) for row in self.rows())

    def tobytes(self) -> bytes:
        """A copy of the pixels without gaps, in the order of `color_space`."""
        return bytes(self._pixels())

    def to_rgb(self) -> PlainImage:
        """A private, writable RGB copy."""
        if self.color_space == "GRAY":
            grey = self.tobytes()
            copy = bytearray(3 * len(grey))
            for channel in range(3):
                copy[channel::3] = grey
        else:
            copy = bytearray(self._pixels())
            if self.color_space == "BGR":
                copy[0::3], copy[2::3] = copy[2::3], copy[0::3]
        return PlainImage(copy, self.width, self.height)

    def _pixels(self) -> memoryview | bytes:
        if self.stride == self.width * self.channels:
            return self.data[self.offset : self.offset + self.height * self.stride]
        return b"".join(self.rows())

    def __repr__(self) -> str:
        return f"PlainImage({self.width}×{self.height} {self.color_space})"
