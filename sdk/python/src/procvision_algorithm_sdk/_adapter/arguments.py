"""Completes a call's arguments, and refuses a call that cannot be carried out (contract §4 call)."""

from __future__ import annotations

from .faults import ArgumentFault

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..framing import Message

INVALID_PARAMS = "1006"

PHASES = {
    "pre": "pre",
    "pre_execute": "pre",
    "execute": "execute",
    "info": "info",
    "get_info": "info",
    "reset": "reset",
}


def phase_of(message: Message) -> str:
    """`phase`, or what `method` calls by its older name."""
    name = message.get("phase")
    if name is None:
        name = message.get("method")
    phase = PHASES.get(name) if type(name) is str else None
    if phase is None:
        given = "neither `phase` nor `method`" if name is None else f"the unknown phase {name!r}"
        raise ArgumentFault(f"the call has {given}; this adapter serves pre, execute, info and reset")
    return phase


def complete(message: Message) -> Message:
    """The call with empty values for what may be left out; ArgumentFault, naming the field, for what may not."""
    if type(message.get("step_index")) is not int:
        raise ArgumentFault("the call has no `step_index` number")
    return {
        **message,
        "pid": message.get("pid"),
        "session": message.get("session"),
        "user_params": _optional(message, "user_params", dict, "an object"),
        "image_meta": _optional(message, "image_meta", dict, "an object"),
        "shared_mem_id": _optional(message, "shared_mem_id", str, "a text"),
    }


def _optional(message: Message, name: str, kind: type, described: str) -> Any:
    value = message.get(name)
    if value is None:
        return kind()
    if type(value) is not kind:
        raise ArgumentFault(f"the call's `{name}` is a {type(value).__name__}, not {described}", INVALID_PARAMS)
    return value
