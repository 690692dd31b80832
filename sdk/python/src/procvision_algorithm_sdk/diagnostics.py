"""Findings about one call that travel beside its verdict (contract §11)."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Diagnostics:
    """Published items arrive in the result's `data.debug`; a key the algorithm puts there itself wins.

    Values are JSON. The adapter empties it before every call.
    """

    def __init__(self) -> None:
        self.items: dict[str, Any] = {}

    def publish(self, key: str, value: Any) -> None:
        self.items[key] = value

    def get(self) -> dict[str, Any]:
        """A copy of what was published for this call."""
        return dict(self.items)

    def clear(self) -> None:
        self.items.clear()
