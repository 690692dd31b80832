"""NumPy arrays of pictures. NumPy is imported when the first image asks for it."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType

    import numpy
    from numpy.typing import NDArray

    from .picture import Picture

_numpy: ModuleType | None | bool = False  # False: not tried yet. A failed import searches the whole path each time.


def numpy_or_none() -> ModuleType | None:
    global _numpy
    if _numpy is False:
        try:
            import numpy

            _numpy = numpy
        except ImportError:
            _numpy = None
    return _numpy  # type: ignore[return-value]


def import_numpy() -> None:
    """Before hello: an import of some 100 ms must not be part of the first call. One that fails is told by that call."""
    try:
        numpy_or_none()
    except Exception:
        pass


def allocate(size: int) -> memoryview:
    """Memory to read into, not cleared where NumPy is there."""
    np = numpy_or_none()
    return memoryview(bytearray(size) if np is None else np.empty(size, np.uint8))


def view_of(np: ModuleType, picture: Picture) -> NDArray[numpy.uint8]:
    """Read-only, in the picture's own shape and channel order, no copy."""
    array: NDArray[numpy.uint8] = np.frombuffer(picture.pixels, np.uint8).reshape(picture.shape)
    array.flags.writeable = False
    return array


def rgb_copy(np: ModuleType, picture: Picture) -> NDArray[numpy.uint8]:
    """Private, writable, H×W×3 RGB. At most one copy; plane by plane where channels move: four times quicker."""
    flat: NDArray[numpy.uint8] = np.frombuffer(picture.pixels, np.uint8)
    shape = (picture.height, picture.width, 3)
    if picture.color_space == "RGB":
        return flat.reshape(shape) if picture.private else flat.reshape(shape).copy()
    out: NDArray[numpy.uint8] = np.empty(picture.height * picture.width * 3, np.uint8)
    grey = picture.color_space == "GRAY"
    for channel in range(3):
        out[channel::3] = flat if grey else flat[2 - channel :: 3]
    return out.reshape(shape)
