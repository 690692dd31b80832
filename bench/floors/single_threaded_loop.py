"""Floor of the Python adapter's round trip: one thread, the SDK's own codec, the adapter's answer as a constant.

Reads frames from stdin, answers on stdout; run with the SDK's source on PYTHONPATH. It knows no algorithm, session, hook or
ping during work: whatever the adapter adds to a call is the difference between the two.
"""

from __future__ import annotations

import os
import time
from typing import Any

from procvision_algorithm_sdk.framing import FrameDecoder, encode_frame

DATA: dict[str, Any] = {
    "result_status": "OK",
    "ng_reason": None,
    "defect_rects": [],
    "position_rects": [],
    "debug": {"latency_ms": 0.004, "model_version": "1"},
}


def reply_to(message: dict[str, Any]) -> dict[str, Any]:
    """What the adapter answers to a call; anything else is a ping."""
    if message["type"] != "call":
        return {"type": "pong", "request_id": message.get("request_id"), "status": "OK"}
    return {
        "type": "result",
        "request_id": message["request_id"],
        "phase": message["phase"],
        "timestamp_ms": time.time_ns() // 1_000_000,
        "status": "OK",
        "message": "",
        "data": DATA,
    }


def main() -> None:
    decoder = FrameDecoder()
    os.write(1, encode_frame({"type": "hello", "sdk_version": "0.0.0", "protocol": 1, "capabilities": []}))
    while chunk := os.read(0, 65536):
        for message in decoder.feed(chunk):
            if message["type"] == "shutdown":
                os.write(1, encode_frame({"type": "shutdown", "status": "OK"}))
                return
            if message["type"] != "hello":
                os.write(1, encode_frame(reply_to(message)))


if __name__ == "__main__":
    main()
