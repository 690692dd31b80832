"""Where a value stops being JSON, for messages a person can act on."""

from __future__ import annotations

from json import JSONEncoder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

DEPTH_MAX = 200
"""Far below the interpreter's recursion limit, far above any sensible result."""

INTEGER_BITS_MAX = 14_000
"""Python itself reads no integer of more than 4,300 digits."""

WHOLE_MAX = 2**53
"""A host's numbers hold no larger integer exactly."""

dumps = JSONEncoder(separators=(",", ":"), allow_nan=False, check_circular=False).encode


def check_json(value: Any, name: str) -> None:
    """TypeError, naming the place below `name`, unless `value` is JSON with string keys throughout."""
    fault = find_json_fault(value, name)
    if fault is not None:
        raise TypeError(fault)


def find_json_fault(value: Any, name: str, keys_may_be_numbers: bool = False) -> str | None:
    """The first place that is not JSON, as a sentence; None when all of it is.

    Number keys are silently turned into strings by JSON: a caller that reads the value back would not find them again.
    """
    return _search(value, name, keys_may_be_numbers, 0)


def _search(value: Any, place: str, keys_may_be_numbers: bool, depth: int) -> str | None:
    if value is None or isinstance(value, str):
        return None
    if isinstance(value, int):
        if value.bit_length() <= INTEGER_BITS_MAX:
            return None
        return f"{place} is an integer of {value.bit_length()} bits, which cannot be read back; use str(…)"
    if isinstance(value, float):
        if value - value == 0:
            return None
        return f"{place} is {value!r}, which JSON cannot hold; use None or a finite number"
    if depth >= DEPTH_MAX:
        return f"{place} is nested deeper than {DEPTH_MAX} levels, or contains itself"
    if isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str) and not (keys_may_be_numbers and isinstance(key, (int, float, type(None)))):
                return f"{place} has the key {key!r} of type {type(key).__name__}; JSON keys are strings"
            fault = _search(item, f"{place}.{key}", keys_may_be_numbers, depth + 1)
            if fault is not None:
                return fault
        return None
    if isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            fault = _search(item, f"{place}[{index}]", keys_may_be_numbers, depth + 1)
            if fault is not None:
                return fault
        return None
    kind = type(value)
    kind_name = kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__name__}"
    return f"{place} is a {kind_name}, which is not JSON; convert it first (float(…), int(…), .tolist())"


def find_rounded(value: Any, place: str) -> str | None:
    """The first integer that would not arrive at the host as it is, as a sentence; None when there is none."""
    if isinstance(value, int):
        if -WHOLE_MAX <= value <= WHOLE_MAX:
            return None
        return f"{place} is {value}, an integer beyond 2**53, which would arrive rounded; use str(…) or float(…)"
    items: Any = ()
    if isinstance(value, dict):
        items = ((f"{place}.{key}", item) for key, item in value.items())
    elif isinstance(value, (list, tuple)):
        items = ((f"{place}[{index}]", item) for index, item in enumerate(value))
    for name, item in items:
        fault = find_rounded(item, name)
        if fault is not None:
            return fault
    return None
