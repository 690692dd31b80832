"""Images of the process's own, for development and tests (contract §7). The Runner's pool is never written to."""

from __future__ import annotations

import os

from .npy import format_header
from .picture import Undecodable, check_shape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

encoded: dict[str, bytes] = {}
"""JPEG or PNG bytes by id."""

arrays: dict[str, tuple[tuple[int, ...], bytes]] = {}
"""Shape and pixels by id."""


_written: set[tuple[str, str]] = set()
"""Id and path of the files this process wrote."""


def put_encoded(shared_mem_id: str, image: bytes) -> None:
    arrays.pop(shared_mem_id, None)
    encoded[shared_mem_id] = image
    _to_file(shared_mem_id, ".bin", image)


def put_array(shared_mem_id: str, image: Any) -> None:
    """ValueError unless `image` offers its pixels as uint8 of a shape of contract §7 (any NumPy array does)."""
    view = memoryview(image)
    shape = view.shape or ()
    if view.format != "B":
        raise ValueError(f"an image is an array of uint8, not of {view.format!r}")
    try:
        check_shape(shape)
    except Undecodable as error:
        raise ValueError(str(error)) from None
    pixels = view.tobytes()
    encoded.pop(shared_mem_id, None)
    arrays[shared_mem_id] = (shape, pixels)
    _to_file(shared_mem_id, ".npy", format_header(shape) + pixels)


def folder_of_images() -> str:
    """The Runner's pool; without a Runner the folder hosts of the first releases of the SDK write to."""
    given = os.environ.get("PROC_SHM_DIR")
    if given:
        return given
    from tempfile import gettempdir

    return os.path.join(gettempdir(), "procvision_dev_shm")


def clear(shared_mem_id: str | None) -> None:
    for store in (arrays, encoded):
        if shared_mem_id is None:
            store.clear()
        else:
            store.pop(shared_mem_id, None)
    for entry in [*_written]:
        if shared_mem_id in (None, entry[0]):
            _written.discard(entry)
            try:
                os.unlink(entry[1])
            except OSError:
                pass  # Somebody else took it away.


def _to_file(shared_mem_id: str, suffix: str, content: bytes) -> None:
    # In production the folder is the Runner's pool, where a file of ours could take the place of one of its slots.
    if os.environ.get("PROC_ENV") == "prod":
        return
    folder = folder_of_images()
    if not os.environ.get("PROC_SHM_DIR"):
        try:
            os.makedirs(folder, 0o700, exist_ok=True)
        except OSError:
            return
    if not os.access(folder, os.W_OK):
        return
    _written.add((shared_mem_id, os.path.join(folder, shared_mem_id + suffix)))
    other = os.path.join(folder, shared_mem_id + (".npy" if suffix == ".bin" else ".bin"))
    path = os.path.join(folder, shared_mem_id + suffix)
    draft = os.path.join(folder, f".{shared_mem_id}.{os.getpid()}.draft")
    try:
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600), "wb") as file:
            file.write(content)
        os.replace(draft, path)
        if os.path.exists(other):
            os.unlink(other)
    except BaseException:
        if os.path.exists(draft):
            os.unlink(draft)
        raise
