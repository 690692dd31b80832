"""From a shared_mem_id to its pixels: the process's own dictionary first, then the files of the pool (contract §7)."""

from __future__ import annotations

import os

from . import dev_store
from .arrays import allocate
from .npy import HEADER_BYTES_USUAL, header_size, parse_header
from .picture import Picture, Undecodable
from .segment import map_segment, open_segment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .picture import ColorSpace


def locate(shared_mem_id: Any, image_meta: dict[str, Any], *, private: bool = False) -> Picture:
    """Raises Undecodable with the reason.

    `private`: in memory of its own, read without a mapping; else a view of the segment where it holds raw pixels.
    """
    check_id(shared_mem_id)
    color_space: ColorSpace = "BGR" if image_meta.get("color_space") == "BGR" else "RGB"
    own = dev_store.arrays.get(shared_mem_id)
    if own is not None:
        return Picture(memoryview(own[1]), own[0], color_space)
    own_bytes = dev_store.encoded.get(shared_mem_id)
    if own_bytes is not None:
        return _decode(memoryview(own_bytes))

    folder = dev_store.folder_of_images()
    stem = os.path.join(folder, shared_mem_id)
    raw = _read_raw if private else _view_raw
    try:
        picture = raw(stem + ".npy", color_space, image_meta)
        if picture is None:
            picture = _read_encoded(stem + ".bin", image_meta)
    except OSError as error:
        raise Undecodable(f"the segment cannot be read: {error}") from error
    if picture is None:
        raise Undecodable(f"there is neither {stem}.npy nor {stem}.bin{_HINT if not os.environ.get('PROC_SHM_DIR') else ''}")
    return picture


_HINT = "; PROC_SHM_DIR is not set"


def check_id(shared_mem_id: Any) -> None:
    """Undecodable unless the id is a plain file name: ids are opaque, but never a way out of the pool."""
    if not isinstance(shared_mem_id, str) or not shared_mem_id:
        raise Undecodable(f"the call names no image (shared_mem_id is {shared_mem_id!r})")
    if shared_mem_id.startswith(".") or any(character in shared_mem_id for character in "/\\\0"):
        raise Undecodable(f"the shared_mem_id {shared_mem_id!r} is not a plain file name")


def _read_raw(path: str, color_space: ColorSpace, image_meta: dict[str, Any]) -> Picture | None:
    segment = open_segment(path)
    if segment is None:
        return None
    with segment:
        head = segment.head(HEADER_BYTES_USUAL)
        if header_size(head) > len(head):
            head = segment.head(header_size(head))
        offset, shape = parse_header(memoryview(head), segment.size)
        _check_size(shape, image_meta)
        pixels = segment.read(offset, _product(shape), allocate)
    return Picture(pixels, shape, color_space, private=True)


def _view_raw(path: str, color_space: ColorSpace, image_meta: dict[str, Any]) -> Picture | None:
    segment = map_segment(path)
    if segment is None:
        return None
    offset, shape = parse_header(segment, len(segment))
    _check_size(shape, image_meta)
    return Picture(segment[offset : offset + _product(shape)], shape, color_space)


def _read_encoded(path: str, image_meta: dict[str, Any]) -> Picture | None:
    segment = open_segment(path)
    if segment is None:
        return None
    with segment:
        byte_length = image_meta.get("byte_length")
        if byte_length is None:
            byte_length = segment.size
        if type(byte_length) is not int or not 0 < byte_length <= segment.size:
            raise Undecodable(f"the segment holds {segment.size} bytes, the image is said to take {byte_length!r}")
        content = segment.read(0, byte_length, lambda size: memoryview(bytearray(size)))
    picture = _decode(content)
    _check_size(picture.shape, image_meta)
    return picture


def _check_size(shape: tuple[int, ...], image_meta: dict[str, Any]) -> None:
    """What was put there is the image of this call."""
    height, width = image_meta.get("height"), image_meta.get("width")
    if shape[:2] != (height, width):
        raise Undecodable(f"the segment holds {shape[1]}×{shape[0]} pixels, image_meta says {width}×{height}")


def _decode(content: memoryview) -> Picture:
    from .encoded import decode

    return decode(content)


def _product(shape: tuple[int, ...]) -> int:
    size = 1
    for extent in shape:
        size *= extent
    return size
