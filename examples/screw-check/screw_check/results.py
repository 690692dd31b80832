"""The forms of an answer: what `pre` prepared, a verdict on the product, or an error that says why there is none."""

from __future__ import annotations

from typing import Any


def calibration(rects: list[dict[str, Any]], debug: dict[str, Any]) -> dict[str, Any]:
    """What `pre` answers: where it looked or will look, and never a verdict."""
    return {"status": "OK", "data": {"calibration_rects": rects, "debug": debug}}


def verdict(
    result_status: str | None,
    *,
    ng_reason: str | None = None,
    defect_rects: list[dict[str, Any]] | None = None,
    position_rects: list[dict[str, Any]] | None = None,
    debug: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """`result_status` is "OK", "NG", or None in a step that positions and gives no verdict."""
    return {
        "status": "OK",
        "data": {
            "result_status": result_status,
            "ng_reason": ng_reason,
            "defect_rects": defect_rects or [],
            "position_rects": position_rects or [],
            "debug": debug or {},
        },
    }


def error(code: str, message: str) -> dict[str, Any]:
    """The call did not work; this says nothing about the product."""
    return {"status": "ERROR", "error_code": code, "message": message}
