"""Images by shared_mem_id (contract §7).

A call's image lies in a segment of the Runner's pool: `<PROC_SHM_DIR>/<id>.npy` with raw pixels, or `<id>.bin` with
encoded bytes. Segments are reused: views are valid until the call returns, copies for ever.
"""

from __future__ import annotations

from . import _current
from ._images import dev_store
from ._images.arrays import numpy_or_none, rgb_copy, view_of
from ._images.locate import check_id, locate
from ._images.picture import Picture, Undecodable
from .logger import StructuredLogger
from .plain_image import PlainImage

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    import numpy
    from numpy.typing import NDArray

_logger = StructuredLogger()


def read_image_from_shared_memory(shared_mem_id: str, image_meta: dict[str, Any]) -> NDArray[numpy.uint8] | None:
    """The call's image as a private, writable H×W×3 RGB uint8 array; grey is repeated, BGR is converted.

    What cannot be decoded, or is not of that size, gives zeros of `image_meta`'s width and height, an error line in the log, and
    `image_decode_failed` with `image_decode_reason` in the result's `debug`. A non-positive size gives None.
    Where NumPy is not installed it is a writable RGB `PlainImage` instead.
    """
    picture = _picture(shared_mem_id, image_meta, private=True)
    if picture is None:
        return None
    np = numpy_or_none()
    if np is None:
        return _plain(picture).to_rgb()  # type: ignore[return-value]
    return rgb_copy(np, picture)


def view_image_from_shared_memory(shared_mem_id: str, image_meta: dict[str, Any]) -> NDArray[numpy.uint8] | None:
    """The call's image without a copy: read-only uint8, in the segment's own shape and channel order.

    The shape is H×W×3, H×W or H×W×1; encoded images are decoded to H×W×3 RGB. Valid until the call returns.
    Undecodable images and sizes as in `read_image_from_shared_memory`. ImportError where NumPy is not installed.
    """
    np = numpy_or_none()
    if np is None:
        raise ImportError("view_image_from_shared_memory needs NumPy; plain_image_from_shared_memory does not")
    picture = _picture(shared_mem_id, image_meta)
    return None if picture is None else view_of(np, picture)


def plain_image_from_shared_memory(shared_mem_id: str, image_meta: dict[str, Any]) -> PlainImage | None:
    """The call's image without NumPy and without a copy: a read-only `PlainImage` that knows its channel order.

    Valid until the call returns. Undecodable images and sizes as in `read_image_from_shared_memory`.
    """
    picture = _picture(shared_mem_id, image_meta)
    return None if picture is None else _plain(picture)


def write_image_array_to_shared_memory(shared_mem_id: str, image_array: NDArray[numpy.uint8] | memoryview) -> None:
    """For development and tests: makes an array of uint8 (H×W×3, H×W, H×W×1) readable under an id in this process.

    Also writes `<PROC_SHM_DIR>/<id>.npy` where that folder is set and writable, except under `PROC_ENV=prod`.
    ValueError for another type or shape, or an id that is not a plain file name.
    """
    _check_own_id(shared_mem_id)
    dev_store.put_array(shared_mem_id, image_array)


def dev_write_image_to_shared_memory(shared_mem_id: str, image_bytes: bytes) -> None:
    """For development and tests: the same for the bytes of a JPEG or PNG file, as `<PROC_SHM_DIR>/<id>.bin`."""
    _check_own_id(shared_mem_id)
    dev_store.put_encoded(shared_mem_id, bytes(image_bytes))


def dev_clear_shared_memory(shared_mem_id: str | None = None) -> None:
    """For development and tests: forgets the images this process wrote, or the one of that id."""
    dev_store.clear(shared_mem_id)


def _picture(shared_mem_id: str, image_meta: dict[str, Any], *, private: bool = False) -> Picture | None:
    width, height = image_meta.get("width"), image_meta.get("height")
    if not isinstance(width, int) or not isinstance(height, int) or width <= 0 or height <= 0:
        size = f"width {width!r}, height {height!r}"
        _logger.error(f"image_meta gives no positive size: {size}", shared_mem_id=shared_mem_id)
        return None
    try:
        return locate(shared_mem_id, image_meta, private=private)
    except Undecodable as reason:
        _logger.error(f"image_load_failed: {reason}; a black image stands in", shared_mem_id=shared_mem_id)
        _current.undecoded = str(reason)
        if _current.diagnostics is not None:
            _current.diagnostics.publish("image_decode_failed", True)
            _current.diagnostics.publish("image_decode_reason", str(reason))
        return Picture(memoryview(bytes(width * height * 3)), (height, width, 3), "RGB")


def _plain(picture: Picture) -> PlainImage:
    return PlainImage(picture.pixels.toreadonly(), picture.width, picture.height, picture.color_space)


def _check_own_id(shared_mem_id: str) -> None:
    try:
        check_id(shared_mem_id)
    except Undecodable as error:
        raise ValueError(str(error)) from None
