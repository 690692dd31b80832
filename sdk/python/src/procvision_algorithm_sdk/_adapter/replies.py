"""The frames that answer a call (contract §4 result).

INVARIANTS
- Nothing is made up that the Runner checks: a missing `data` stays missing, an odd `status` stays odd.
- What the algorithm returned is never modified: it may be a constant of its own.
"""

from __future__ import annotations

import re
from time import time_ns

from .. import _current
from .._json_fault import find_json_fault, find_rounded
from .._plain import plain
from ..framing import encode_frame
from .faults import UNKNOWN_ERROR

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..framing import Message
    from ..logger import StructuredLogger
    from ..session import Session


def result(message: Message, phase: str, data: Message | None) -> Message:
    """A `result` that went well."""
    return {
        "type": "result",
        "request_id": message.get("request_id"),
        "phase": phase,
        "status": "OK",
        "message": "",
        "data": data,
        "timestamp_ms": time_ns() // 1_000_000,
    }


def result_of(
    message: Message, phase: str, answer: Message, latency_ms: float, published: Message, session: Session
) -> Message:
    """What the algorithm answered, with the diagnostics in `data.debug` and the session's state where it changed."""
    data = answer.get("data")
    status = answer.get("status")
    if data is None and (status == "ERROR" or phase == "pre" or _current.undecoded is not None):
        data = {}
    if type(data) is dict:
        debug = data.get("debug")
        if debug is None or type(debug) is dict:
            # Copied and set: half the time of {**data, "debug": …}, on every call.
            data = data.copy()
            data["debug"] = {"latency_ms": latency_ms, **published, **(debug or {})}
        if _current.undecoded is not None:
            data = with_undecoded(data, _current.undecoded)
    reply = result(message, phase, data)
    if status != "OK" or answer.get("message"):
        reply["status"] = status
        reply["message"] = answer.get("message") or ""
        if status == "ERROR":
            reply["error_code"] = str(answer.get("error_code") or UNKNOWN_ERROR)
    if data is None:
        del reply["data"]
    if session.touched:
        state = session.state_to_send()
        if state is not None:
            reply["session_state"] = state
    return reply


def completed(answer: Message, logger: StructuredLogger) -> Message:
    """An answer as existing algorithms give it: without `status`, or with its `debug` beside `data`."""
    if "status" not in answer:
        status = "ERROR" if answer.get("error_code") else "OK"
        logger.debug(f"the answer has no `status`; it is taken for {status}")
        answer = {**answer, "status": status}
    debug, data = answer.get("debug"), answer.get("data")
    if type(debug) is dict and (data is None or type(data) is dict):
        logger.debug("the answer has `debug` beside `data`; it is taken into data.debug")
        data = data or {}
        answer = {**answer, "data": {**data, "debug": {**debug, **(data.get("debug") or {})}}}
    return answer


def encoded(reply: Message, max_frame_bytes: int, logger: StructuredLogger) -> bytes:
    """The frame of a reply, as it is or with diagnostics that could travel; TypeError or ValueError saying what cannot."""
    is_json = False
    try:
        frame = encode_frame(reply)
        if len(frame) <= max_frame_bytes and not _LONG_NUMBER.search(frame):
            return frame
        is_json = True
    except (TypeError, ValueError, RecursionError):
        pass
    data = reply.get("data")
    debug = data.get("debug") if type(data) is dict else None
    if debug is not None:
        reply = {**reply, "data": {**data, "debug": plain(debug)}}
    try:
        frame = encode_frame(reply)
    except (TypeError, ValueError, RecursionError) as error:
        raise unsendable(reply, error) from error
    if not is_json:
        logger.warning("diagnostics that are not JSON were converted", debug=repr(debug)[:_SHOWN_CHARS])
    rounded = find_rounded(reply.get("data"), "data") if _LONG_NUMBER.search(frame) else None
    if rounded is not None:
        raise TypeError(rounded)
    if len(frame) <= max_frame_bytes:
        return frame
    if debug is not None:
        spared = {"diagnostics_dropped": f"they do not fit a frame of {max_frame_bytes} bytes"}
        short = encode_frame({**reply, "data": {**reply["data"], "debug": spared}})
        if len(short) <= max_frame_bytes:
            logger.error("diagnostics were left out: the answer would not fit a frame")
            return short
    raise oversized(frame, max_frame_bytes)


_LONG_NUMBER = re.compile(rb"[:,\[]-?[0-9]{16}")
"""Perhaps an integer beyond 2**53: nearly no frame has one, and looking for it costs next to nothing."""
_SHOWN_CHARS = 500


def with_undecoded(data: Message, reason: str) -> Message:
    """A verdict on a black image never passes for one on the product, whatever the algorithm says of it."""
    debug = data.get("debug")
    found = {"image_decode_failed": True, "image_decode_reason": reason}
    return {**data, "debug": {**(debug if type(debug) is dict else {"debug": debug}), **found}}


def unsendable(reply: Message, error: Exception) -> TypeError:
    """Why a reply could not be encoded, with the place."""
    for key, value in reply.items():
        fault = find_json_fault(value, key, keys_may_be_numbers=True)
        if fault is not None:
            return TypeError(fault)
    return TypeError(f"the answer is not JSON: {error}")


def oversized(frame: bytes, max_frame_bytes: int) -> ValueError:
    sizes = f"the answer takes {len(frame)} bytes, a frame holds {max_frame_bytes}"
    return ValueError(f"{sizes}; results never carry images")


def encode_error(message: Message, max_frame_bytes: int) -> bytes:
    """An error frame. Where the exception's own `data` is not fit to be sent, its message still has to arrive."""
    try:
        frame = encode_frame(message)
        if len(frame) <= max_frame_bytes:
            return frame
    except (TypeError, ValueError, RecursionError):
        pass
    return encode_frame({key: value for key, value in message.items() if key != "data"})
