"""Files of the Runner's pool: read into private memory, or mapped and kept from call to call.

Reading cannot fault, whatever happens to the file meanwhile. A view is a mapping, and touching one whose file was cut
short ends the process: the Runner never does that to a segment in use, only another program of the same user could.

INVARIANTS
- Only ordinary files are opened for what they hold; a named pipe blocks nobody.
- A mapping is used only while its path still names the same file of the same size.
- At most SEGMENTS_MAX mappings, and as many descriptors, are kept.
"""

from __future__ import annotations

import os
import stat

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

SEGMENTS_MAX = 64

_Identity = tuple[int, int, int]
_kept: dict[str, tuple[_Identity, memoryview]] = {}


class SegmentReader:
    """An open segment of `size` bytes; to be used in a `with`."""

    __slots__ = ("_descriptor", "size")

    def __init__(self, descriptor: int, size: int) -> None:
        self._descriptor = descriptor
        self.size = size

    def __enter__(self) -> SegmentReader:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._descriptor)

    def head(self, size: int) -> bytes:
        """The first bytes, fewer where the file is shorter."""
        return os.pread(self._descriptor, size, 0)

    def read(self, offset: int, size: int, allocate: Callable[[int], memoryview]) -> memoryview:
        """`size` bytes in memory of their own. OSError when the file turns out to be shorter."""
        memory = allocate(size)
        done = 0
        while done < size:
            count = os.preadv(self._descriptor, [memory[done:]], offset + done)
            if count == 0:
                raise OSError(f"it was cut short at {offset + done} bytes while it was read")
            done += count
        return memory


def open_segment(path: str) -> SegmentReader | None:
    """None when there is no such file. OSError when it cannot be read or is no ordinary file."""
    try:
        descriptor, status = _open(path)
    except FileNotFoundError:
        return None
    return SegmentReader(descriptor, status.st_size)


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

    descriptor, status = _open(path)
    try:
        identity = (status.st_dev, status.st_ino, status.st_size)
        if status.st_size == 0:
            return identity, memoryview(b"")
        return identity, memoryview(mmap.mmap(descriptor, status.st_size, access=mmap.ACCESS_READ))
    finally:
        os.close(descriptor)


def _open(path: str) -> tuple[int, os.stat_result]:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    status = os.fstat(descriptor)
    if stat.S_ISREG(status.st_mode):
        return descriptor, status
    os.close(descriptor)
    raise OSError(f"{path} is no ordinary file")
