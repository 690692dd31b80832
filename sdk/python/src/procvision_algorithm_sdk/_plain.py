"""Any value as JSON, for what is worth telling and never worth a verdict: diagnostics (contract §10)."""

from __future__ import annotations

from ._json_fault import WHOLE_MAX

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

DEPTH_MAX = 20
ITEMS_MAX = 10_000
TEXT_CHARS_MAX = 2_000


def plain(value: Any, depth: int = 0) -> Any:
    """What is JSON stays; numbers and arrays of NumPy become numbers and lists; the rest becomes its text."""
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        return value if -WHOLE_MAX <= value <= WHOLE_MAX else _text(value)
    if isinstance(value, float):
        return value if value - value == 0 else _text(value)
    if depth >= DEPTH_MAX:
        return _text(value)
    if isinstance(value, dict):
        return {_key(key): plain(item, depth + 1) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(item, depth + 1) for item in value]
    return _of_numpy(value, depth)


def _of_numpy(value: Any, depth: int) -> Any:
    size = getattr(value, "size", None)
    if type(size) is not int or not hasattr(value, "tolist"):
        return _text(value)
    if size > ITEMS_MAX:
        return f"array of shape {getattr(value, 'shape', size)}"
    try:
        return plain(value.tolist(), depth + 1)
    except Exception:
        return _text(value)


def _key(key: Any) -> Any:
    if key is None or isinstance(key, (str, int)) or (isinstance(key, float) and key - key == 0):
        return key
    made = plain(key)
    return made if isinstance(made, (str, int, float)) else _text(key)


def _text(value: Any) -> str:
    try:
        return (str(value) if isinstance(value, (int, float)) else repr(value))[:TEXT_CHARS_MAX]
    except Exception:
        return f"<{type(value).__name__} without a repr>"
