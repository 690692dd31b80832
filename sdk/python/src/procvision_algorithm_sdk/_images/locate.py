"""From a shared_mem_id to its pixels: the process's own dictionary first, then the files of the pool (contract §7)."""

from __future__ import annotations

import os

from . import dev_store
from .npy import parse_header
from .picture import Picture, Undecodable
from .segment import map_segment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .picture import ColorSpace


def locate(shared_mem_id: Any, image_meta: dict[str, Any]) -> Picture:
    """Raises Undecodable with the reason."""
    check_id(shared_mem_id)
    color_space: ColorSpace = "BGR" if image_meta.get("color_space") == "BGR" else "RGB"
    own = dev_store.arrays.get(shared_mem_id)
    if own is not None:
        return Picture(memoryview(own[1]), own[0], color_space)
    own_bytes = dev_store.encoded.get(shared_mem_id)
    if own_bytes is not None:
        return _decode(memoryview(own_bytes), len(own_bytes))

    folder = os.environ.get("PROC_SHM_DIR")
    if not folder:
        raise Undecodable(f"no image was written as {shared_mem_id} and PROC_SHM_DIR is not set")
    stem = os.path.join(folder, shared_mem_id)
    try:
        segment = map_segment(stem + ".npy")
        if segment is not None:
            offset, shape = parse_header(segment)
            return Picture(segment[offset : offset + _product(shape)], shape, color_space)
        segment = map_segment(stem + ".bin")
        if segment is not None:
            return _decode(segment, image_meta.get("byte_length"))
    except OSError as error:
        raise Undecodable(f"the segment cannot be read: {error}") from error
    raise Undecodable(f"there is neither {stem}.npy nor {stem}.bin")


def check_id(shared_mem_id: Any) -> None:
    """Undecodable unless the id is a plain file name: ids are opaque, but never a way out of the pool."""
    if not isinstance(shared_mem_id, str) or not shared_mem_id:
        raise Undecodable(f"the call names no image (shared_mem_id is {shared_mem_id!r})")
    if shared_mem_id.startswith(".") or any(character in shared_mem_id for character in "/\\\0"):
        raise Undecodable(f"the shared_mem_id {shared_mem_id!r} is not a plain file name")


def _decode(segment: memoryview, byte_length: Any) -> Picture:
    if byte_length is None:
        byte_length = len(segment)
    if type(byte_length) is not int or not 0 < byte_length <= len(segment):
        raise Undecodable(f"the segment holds {len(segment)} bytes, the image is said to take {byte_length!r}")
    from .encoded import decode

    return decode(segment[:byte_length])


def _product(shape: tuple[int, ...]) -> int:
    size = 1
    for extent in shape:
        size *= extent
    return size
