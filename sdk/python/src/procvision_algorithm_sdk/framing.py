"""The frame of the wire: 4-byte big-endian length, then that many bytes of UTF-8 JSON, one object (contract §4).

INVARIANTS
- Whatever the split of the bytes into chunks, the same messages come out in the same order.
- A fault is final: messages before it are delivered, nothing after it is.
- Memory is bounded by one frame of the cap and one chunk.
"""

from __future__ import annotations

from json import JSONDecoder

from ._json_fault import dumps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn

    Message = dict[str, Any]

MAX_FRAME_BYTES = 2 * 1024 * 1024
QUOTED_BYTES_MAX = 32


class ProtocolFault(Exception):
    """The byte stream is not a sequence of frames; it cannot be read any further."""


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


_decoder = JSONDecoder(parse_constant=_refuse_constant)
_raw_decode = _decoder.raw_decode
_decode = _decoder.decode


def encode_frame(message: Message) -> bytes:
    """One frame. TypeError, ValueError or RecursionError when the message is not JSON (NaN included)."""
    payload = dumps(message).encode("ascii")
    return len(payload).to_bytes(4, "big") + payload


class FrameDecoder:
    """Turns chunks of any size into messages. `fault` is set once the stream cannot be read any further."""

    __slots__ = ("_pending", "fault", "max_frame_bytes")

    def __init__(self, max_frame_bytes: int = MAX_FRAME_BYTES) -> None:
        self.max_frame_bytes = max_frame_bytes
        self.fault: ProtocolFault | None = None
        self._pending = bytearray()

    @property
    def pending_bytes(self) -> int:
        """Bytes of a frame that has not arrived in full."""
        return len(self._pending)

    def feed(self, chunk: bytes) -> list[Message]:
        """The messages this chunk completes, in order."""
        # With one call in flight a chunk nearly always is one whole frame: no buffer, no loop.
        length = int.from_bytes(chunk[:4], "big")
        if length + 4 == len(chunk) and not self._pending and 0 < length <= self.max_frame_bytes and not self.fault:
            try:
                return [_parse(chunk[4:])]
            except ProtocolFault as fault:
                self.fault = fault
                return []
        return self._feed_pieces(chunk)

    def _feed_pieces(self, chunk: bytes) -> list[Message]:
        messages: list[Message] = []
        pending = self._pending
        pending += chunk
        start = 0
        try:
            while self.fault is None and len(pending) - start >= 4:
                length = int.from_bytes(pending[start : start + 4], "big")
                if not 0 < length <= self.max_frame_bytes:
                    raise _length_fault(length, self.max_frame_bytes, pending[start:])
                end = start + 4 + length
                if len(pending) < end:
                    break
                messages.append(_parse(bytes(pending[start + 4 : end])))
                start = end
        except ProtocolFault as fault:
            self.fault = fault
        if self.fault is None:
            del pending[:start]
        else:
            pending.clear()
        return messages


def _parse(payload: bytes) -> Message:
    try:
        text = str(payload, "utf-8")
        # raw_decode skips two regular expressions; decode knows about white space around the object.
        message, end = _raw_decode(text) if text[0] == "{" else (None, 0)
        if end != len(text):
            message = _decode(text)
    except UnicodeDecodeError as error:
        raise ProtocolFault(f"a frame is not UTF-8 ({error.reason} at byte {error.start}); {_quote(payload)}") from None
    except (ValueError, RecursionError) as error:
        raise ProtocolFault(f"a frame is not JSON ({error}); {_quote(payload)}") from None
    if type(message) is not dict:
        raise ProtocolFault(f"a frame holds a JSON {type(message).__name__}, not an object; {_quote(payload)}")
    if type(message.get("type")) is not str:
        raise ProtocolFault(f"a frame has no `type`; {_quote(payload)}")
    return message


def _length_fault(length: int, cap: int, head: bytes) -> ProtocolFault:
    if length == 0:
        return ProtocolFault(f"a frame announces a length of 0; {_quote(head)}")
    looks_like_text = all(32 <= byte < 127 or byte in b"\t\r\n" for byte in head[:4])
    reason = "; this is text, so something printed into the stream" if looks_like_text else ""
    return ProtocolFault(f"a frame announces {length} bytes, the cap is {cap}{reason}; {_quote(head)}")


def _quote(raw: bytes) -> str:
    head = bytes(raw[:QUOTED_BYTES_MAX])
    return f"first bytes {head.hex(' ')} {head.decode('ascii', 'backslashreplace')!r}"
