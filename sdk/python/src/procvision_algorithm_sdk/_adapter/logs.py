"""Everything an algorithm says through Python's own means becomes a line with its severity (contract §4 Streams).

INVARIANTS
- Handlers that write elsewhere (files, sockets) are left alone; so is what a handler adds to a message.
- Nothing that goes wrong here reaches the algorithm.
"""

from __future__ import annotations

import faulthandler
import logging
import sys
import threading
from traceback import format_exception

from ..logger import StructuredLogger, set_level

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_logger = StructuredLogger()
_write_elsewhere = logging.StreamHandler.emit


def hear_logs(level: str) -> None:
    """Call once the streams are what they stay; before any code of the algorithm runs."""
    set_level(level)
    logging.StreamHandler.emit = _emit  # type: ignore[method-assign]
    threading.excepthook = _on_thread_error
    sys.unraisablehook = _on_unraisable
    faulthandler.enable(2)  # A crash in native code says where it was.


def severity_of(levelno: int) -> str:
    if levelno >= logging.ERROR:
        return "error"
    if levelno >= logging.WARNING:
        return "warning"
    return "info" if levelno >= logging.INFO else "debug"


def _emit(handler: logging.StreamHandler[Any], record: logging.LogRecord) -> None:
    if handler.stream not in (sys.stderr, sys.__stderr__, sys.__stdout__):
        return _write_elsewhere(handler, record)
    try:
        _logger.log(severity_of(record.levelno), handler.format(record), logger=record.name)
    except Exception:
        handler.handleError(record)


def _on_thread_error(arguments: threading.ExceptHookArgs) -> None:
    error = arguments.exc_value
    if error is None or isinstance(error, SystemExit):
        return
    name = "a thread" if arguments.thread is None else f"the thread {arguments.thread.name}"
    _tell(f"{name} ended", error)


def _on_unraisable(unraisable: sys.UnraisableHookArgs) -> None:
    error = unraisable.exc_value
    if error is not None:
        _tell(unraisable.err_msg or "an exception nobody could be given", error)


def _tell(what: str, error: BaseException) -> None:
    kind = type(error).__name__
    try:
        text, trace = str(error), "".join(format_exception(type(error), error, error.__traceback__))
    except Exception:  # An exception whose own text raises.
        text, trace = "?", ""
    _logger.error(f"{what}: {kind}: {text}", error_class=kind, traceback=trace[-16000:])
