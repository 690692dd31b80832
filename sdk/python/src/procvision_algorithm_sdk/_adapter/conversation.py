"""The main thread's loop: reads messages, has calls answered, and says how the conversation ended.

INVARIANTS
- While a call is carried out, no message but deferred ones waits here: the watcher can see every ping.
- No call is carried out before the Runner's hello; none after its shutdown.
- Messages of unknown type and unknown fields are ignored with a warning, one per name (contract §4).
"""

from __future__ import annotations

from ..framing import encode_frame
from .channel import now_ms, request_id_of
from .faults import ArgumentFault, error_frame
from .watcher import pong

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    from ..framing import Message
    from ..logger import StructuredLogger
    from .calls import Calls
    from .channel import Channel
    from .watcher import Watcher

    Ending = Literal["shutdown", "end of stream", "fault"]

_COMMON = {"type", "request_id", "timestamp_ms", "status", "message", "data"}
_CALL = {"phase", "method", "step_index", "pid", "session", "user_params", "shared_mem_id", "image_meta"}
_HEARTBEAT = {"heartbeat_interval_ms", "heartbeat_grace_ms"}
_HELLO = {"runner_version", "max_frame_bytes", "protocol", "capabilities"} | _HEARTBEAT
_KNOWN_FIELDS = {"call": _COMMON | _CALL, "hello": _COMMON | _HELLO, "ping": _COMMON}
_NAMES_REMEMBERED_MAX = 256


class Conversation:
    def __init__(self, channel: Channel, watcher: Watcher, calls: Calls, logger: StructuredLogger) -> None:
        self._channel = channel
        self._watcher = watcher
        self._calls = calls
        self._logger = logger
        self._open = False
        self._warned: set[str] = set()

    def hold(self) -> Ending:
        """Serves until the Runner says shutdown, closes the stream, or sends something that is no frame."""
        channel, watcher, deferred = self._channel, self._watcher, self._watcher.deferred
        read, write = channel.read, channel.write
        answer, let_watch, take_back = self._calls.answer, watcher.turn.release, watcher.turn.acquire
        fields_seen = 0
        try:
            while True:
                messages = [deferred.popleft()] if deferred else read()
                if messages is None:
                    return self._end_of_stream()
                if len(messages) > 1:
                    messages = self._pings_first(messages)
                for message in messages:
                    kind = message["type"]
                    if kind == "call" and self._open:
                        if len(message) != fields_seen:  # The Runner sends calls of one shape.
                            fields_seen = len(message)
                            self._warn_about_fields("call", message)
                        watcher.work = message  # Watcher.begin and .end, without the price of two calls.
                        let_watch()
                        try:
                            frame = answer(message)
                        finally:
                            take_back()
                            watcher.work = None
                        write(frame)
                    elif kind == "shutdown":
                        return "shutdown"
                    else:
                        self._attend(kind, message)
                if channel.decoder.fault is not None and not deferred:
                    self._logger.error(f"protocol fault on stdin: {channel.decoder.fault}")
                    return "fault"
        except BrokenPipeError:
            self._logger.error("the Runner closed the protocol stream")
            return "end of stream"

    def _pings_first(self, messages: list[Message]) -> list[Message]:
        """Answers the pings that came in one chunk with a call, which would otherwise wait for its end unseen."""
        for message in messages:
            if message["type"] == "ping":
                self._attend("ping", message)
            else:
                self._watcher.deferred.append(message)
        return []

    def _attend(self, kind: str, message: Message) -> None:
        """Everything that is off the path of a call."""
        if kind not in _KNOWN_FIELDS:
            self._warn(f"message type {kind!r}", f"ignored a message of unknown type {kind!r}")
            return
        self._warn_about_fields(kind, message)
        if kind == "ping":
            self._channel.send(pong(message))
        elif kind == "hello":
            self._welcome(message)
        elif kind == "call":
            fault = ArgumentFault("a call came before the Runner's hello; send hello first")
            self._channel.write(encode_frame(error_frame(fault, request_id_of(message))))

    def _welcome(self, hello: Message) -> None:
        self._open = True
        cap = hello.get("max_frame_bytes")
        if type(cap) is int and cap > 0:
            self._channel.decoder.max_frame_bytes = self._calls.max_frame_bytes = cap

    def _end_of_stream(self) -> Ending:
        missing = self._channel.decoder.pending_bytes
        if missing:
            self._logger.warning(f"stdin ended inside a frame, {missing} bytes of it had arrived")
        return "end of stream"

    def _warn_about_fields(self, kind: str, message: Message) -> None:
        for name in message.keys() - _KNOWN_FIELDS[kind]:
            self._warn(f"{kind}.{name}", f"ignored the unknown field {name!r} of a {kind}")

    def _warn(self, name: str, text: str) -> None:
        if name not in self._warned and len(self._warned) < _NAMES_REMEMBERED_MAX:
            self._warned.add(name)
            self._logger.warning(text)


def hello(*, resets: bool) -> Message:
    """The algorithm's side of the handshake, sent once it is able to work.

    `reset` is announced by an algorithm that has something to reset: the Runner then calls it before a step is repeated.
    """
    from .._version import __version__

    return {
        "type": "hello",
        "sdk_version": __version__,
        "protocol": 1,
        "capabilities": ["info", "reset", "session_state"] if resets else ["info", "session_state"],
        "timestamp_ms": now_ms(),
    }
