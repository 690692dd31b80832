"""Mapped segment files, kept from call to call: mapping and faulting in seven megabytes costs more than reading them.

INVARIANTS
- A mapping is used only while its path still names the same file of the same size.
- At most SEGMENTS_MAX mappings, and as many descriptors, are kept.
"""

from __future__ import annotations

import os

SEGMENTS_MAX = 64

_Identity = tuple[int, int, int]
_kept: dict[str, tuple[_Identity, memoryview]] = {}


def map_segment(path: str) -> memoryview | None:
    """The bytes of a file, read-only; None when there is no such file. OSError when it cannot be read.

    Views handed out earlier stay valid when a mapping is replaced: the last view of it unmaps it.
    """
    try:
        status = os.stat(path)
    except FileNotFoundError:
        _kept.pop(path, None)
        return None
    identity = (status.st_dev, status.st_ino, status.st_size)
    kept = _kept.get(path)
    if kept is not None and kept[0] == identity:
        return kept[1]
    if len(_kept) >= SEGMENTS_MAX:
        del _kept[next(iter(_kept))]
    _kept.pop(path, None)
    identity, view = _map(path)
    _kept[path] = (identity, view)
    return view


def _map(path: str) -> tuple[_Identity, memoryview]:
    import mmap

    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        status = os.fstat(descriptor)
        identity = (status.st_dev, status.st_ino, status.st_size)
        if status.st_size == 0:
            return identity, memoryview(b"")
        return identity, memoryview(mmap.mmap(descriptor, status.st_size, access=mmap.ACCESS_READ))
    finally:
        os.close(descriptor)
