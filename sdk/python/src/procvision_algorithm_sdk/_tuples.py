"""Tuples of a session's state: JSON knows lists only, and what was set has to be read back as it was (contract §6).

Beside the state travels where its tuples are; a reader that does not know of it finds lists.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Path = list[str | int]

KEY = "\x00tuples"
"""Among the keys of the state: no algorithm names one so."""


def with_places(state: dict[str, Any]) -> dict[str, Any]:
    """The state as it travels; the very same where it holds no tuple."""
    places: list[Path] = []
    for key, value in state.items():
        if isinstance(value, (list, tuple, dict)):
            _find(value, [key], places)
    return {**state, KEY: places} if places else state


def restore(state: dict[str, Any]) -> None:
    """Makes tuples again of what was one, in place."""
    for path in state.pop(KEY):
        holder: Any = state
        for step in path[:-1]:
            holder = holder[step]
        holder[path[-1]] = tuple(holder[path[-1]])


def _find(value: Any, path: Path, places: list[Path]) -> None:
    """Inner ones first: an outer one cannot be changed any more once it is a tuple again."""
    for step, item in value.items() if isinstance(value, dict) else enumerate(value):
        if isinstance(item, (list, tuple, dict)):
            _find(item, [*path, step], places)
    if isinstance(value, tuple):
        places.append(path)
