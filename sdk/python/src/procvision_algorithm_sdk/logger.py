"""Structured logs: one JSON object per line on stderr (contract §4 Streams, §11)."""

from __future__ import annotations

import json
import sys
import time

from . import _current

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Protocol

    class Sink(Protocol):
        """Where lines go: anything with `write(text)`; `flush()` is called where there is one."""

        def write(self, text: str, /) -> object: ...


LEVELS = {"debug": 10, "info": 20, "warning": 30, "warn": 30, "error": 40, "critical": 50}
_least = 0


def set_level(level: str) -> None:
    """For the adapter: what is below is not written."""
    global _least
    _least = LEVELS[level]


class StructuredLogger:
    """Writes `{"level", "timestamp_ms", "message", …fields}` lines, flushed one by one.

    While a call is served, lines carry its `session_id`, `pid` and `step_index`, which is what the Runner filters by.
    Logging never raises: a field that is not JSON is written as its `repr`, a sink that is gone is ignored.

    `sink`: a text stream; None is whatever `sys.stderr` is when the line is written.
    """

    def __init__(self, sink: Sink | None = None) -> None:
        self.sink = sink

    def debug(self, message: str, /, **fields: Any) -> None:
        self._emit("debug", message, fields)

    def info(self, message: str, /, **fields: Any) -> None:
        self._emit("info", message, fields)

    def warning(self, message: str, /, **fields: Any) -> None:
        self._emit("warning", message, fields)

    def error(self, message: str, /, **fields: Any) -> None:
        self._emit("error", message, fields)

    def log(self, level: str, message: str, /, **fields: Any) -> None:
        """`level`: debug, info, warning or error."""
        self._emit(level, message, fields)

    def _emit(self, level: str, message: str, fields: dict[str, Any]) -> None:
        if LEVELS.get(level, 20) < _least:
            return
        head = {"level": level, "timestamp_ms": time.time_ns() // 1_000_000, "message": str(message)}
        # The head is merged twice: first for its place at the front, last so that no field can overwrite it.
        line = {**head, **_current.call_fields(), **fields, **head}
        sink = sys.stderr if self.sink is None else self.sink
        try:
            sink.write(_to_json(line) + "\n")
            flush = getattr(sink, "flush", None)
            if flush is not None:
                flush()
        except (AttributeError, OSError, ValueError):
            pass  # No reader, a closed stream, or no stderr at all: a log line is not worth a verdict.


def _to_json(line: dict[str, Any]) -> str:
    try:
        return json.dumps(line, default=_plain, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        plain = (str, int, bool, type(None))
        return json.dumps({k: v if isinstance(v, plain) else _safe_repr(v) for k, v in line.items()})


def _plain(value: Any) -> Any:
    # NumPy scalars and one-element arrays are numbers to the reader of a log; whole images must never land in one.
    if getattr(value, "size", None) == 1 and hasattr(value, "item"):
        return value.item()
    return _safe_repr(value)


def _safe_repr(value: Any) -> str:
    try:
        return repr(value)
    except Exception:
        return f"<{type(value).__name__} without a repr>"
