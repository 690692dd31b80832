"""The frames that answer a call (contract §4 result).

INVARIANTS
- Nothing is made up that the Runner checks: a missing `data` stays missing, an odd `status` stays odd.
- What the algorithm returned is never modified: it may be a constant of its own.
"""

from __future__ import annotations

from time import time_ns

from .. import _current
from .._json_fault import find_json_fault
from ..framing import encode_frame
from .faults import UNKNOWN_ERROR

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..framing import Message
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
    if data is None and (status == "ERROR" or _current.undecoded is not None):
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
