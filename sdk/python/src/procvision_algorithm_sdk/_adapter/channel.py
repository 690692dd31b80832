"""The two pipes to the Runner with their codec."""

from __future__ import annotations

import os
import time

from ..framing import FrameDecoder, encode_frame

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..framing import Message

CHUNK_BYTES = 65536
"""What a pipe holds at most by default."""


class Channel:
    """Reads and writes frames. Whoever holds the watcher's `turn` may use it; nobody else."""

    __slots__ = ("decoder", "fd_in", "fd_out")

    def __init__(self, fd_in: int, fd_out: int) -> None:
        self.fd_in = fd_in
        self.fd_out = fd_out
        self.decoder = FrameDecoder()

    def read(self) -> list[Message] | None:
        """The messages that came with the next chunk, perhaps none yet; None at the end of the stream."""
        chunk = os.read(self.fd_in, CHUNK_BYTES)
        return self.decoder.feed(chunk) if chunk else None

    def write(self, frame: bytes) -> None:
        """Writes one whole frame. BrokenPipeError when the Runner is gone."""
        written = os.write(self.fd_out, frame)
        while written < len(frame):
            written += os.write(self.fd_out, frame[written:])

    def send(self, message: Message) -> None:
        self.write(encode_frame(message))


def now_ms() -> int:
    """Unix time for people (`timestamp_ms`)."""
    return time.time_ns() // 1_000_000


def request_id_of(message: Message) -> str | int | None:
    """What a reply echoes; an id that is no plain value is not worth carrying around."""
    request_id = message.get("request_id")
    return request_id if isinstance(request_id, (str, int)) else None
