"""Reads and writes the header of an NPY file of version 1 holding uint8 pixels in C order (contract §7)."""

from __future__ import annotations

import re

from .picture import Undecodable, check_shape

MAGIC = b"\x93NUMPY"
PREFIX_BYTES = 10
HEADER_ALIGNMENT_BYTES = 64
HEADERS_REMEMBERED_MAX = 64
HEADER_BYTES_USUAL = 512

_DESCR = re.compile(r"'descr'\s*:\s*'([^']*)'")
_FORTRAN_ORDER = re.compile(r"'fortran_order'\s*:\s*(True|False)")
_SHAPE = re.compile(r"'shape'\s*:\s*\(([0-9,\s]*)\)")

_shapes: dict[bytes, tuple[int, ...]] = {}


def header_size(start: bytes) -> int:
    """Where the pixels begin in a file that begins so."""
    return PREFIX_BYTES + start[8] + 256 * start[9] if len(start) >= PREFIX_BYTES else 0


def parse_header(segment: memoryview, size: int) -> tuple[int, tuple[int, ...]]:
    """(offset of the pixels, shape) of a file of `size` bytes that begins with `segment`.

    A file larger than its array is fine: segments are reused.
    """
    if len(segment) < PREFIX_BYTES or segment[:6] != MAGIC:
        raise Undecodable("the segment does not begin like an NPY file")
    if segment[6] != 1:
        raise Undecodable(f"the segment is NPY version {segment[6]}, not 1")
    offset = PREFIX_BYTES + segment[8] + 256 * segment[9]
    # A slot is reused with other dimensions: its header is looked at on every call, but parsed once per content.
    header = bytes(segment[PREFIX_BYTES:offset])
    shape = _shapes.get(header)
    if shape is None:
        shape = _parse_dictionary(header)
        if len(_shapes) >= HEADERS_REMEMBERED_MAX:
            _shapes.clear()
        _shapes[header] = shape
    size_bytes = 1
    for extent in shape:
        size_bytes *= extent
    if offset + size_bytes > size:
        raise Undecodable(f"the segment holds {size} bytes, its array needs {offset + size_bytes}")
    return offset, shape


def format_header(shape: tuple[int, ...]) -> bytes:
    """What precedes the pixels in a file of this shape."""
    dictionary = f"{{'descr': '|u1', 'fortran_order': False, 'shape': {shape}, }}".encode("ascii")
    padding = -(PREFIX_BYTES + len(dictionary) + 1) % HEADER_ALIGNMENT_BYTES
    header = dictionary + b" " * padding + b"\n"
    return MAGIC + b"\x01\x00" + len(header).to_bytes(2, "little") + header


def _parse_dictionary(header: bytes) -> tuple[int, ...]:
    text = header.decode("latin-1")
    descr, fortran_order, shape = _DESCR.search(text), _FORTRAN_ORDER.search(text), _SHAPE.search(text)
    if descr is None or fortran_order is None or shape is None:
        raise Undecodable(f"the NPY header {text.strip()[:100]!r} cannot be read")
    if descr[1].lstrip("|<>=") != "u1" or fortran_order[1] == "True":
        found = f"{descr[1]} with fortran_order {fortran_order[1]}"
        raise Undecodable(f"the NPY array is {found}; expected uint8 in C order")
    extents = tuple(int(extent) for extent in shape[1].split(",") if extent.strip())
    check_shape(extents)
    return extents
