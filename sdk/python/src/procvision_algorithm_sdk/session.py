"""The memory of one detection flow (contract §6 Session).

INVARIANTS
- The state is JSON at every `set`: what `pre` stored, `execute` and later steps read in whichever process they run.
- The state travels when, and only when, it changed; a list or dict mutated in place is a change too.
"""

from __future__ import annotations

from ._json_fault import check_json, dumps
from ._tuples import KEY, restore, with_places

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Session:
    """`id`, an immutable `context`, and key-value state that lives for one flow.

    The context carries at least `product_code` and `trace_id`, and `operator` when known (contract §4).
    State values are JSON (tuples included), 100 KB in all advised, and are read back as they were set.
    """

    __slots__ = ("_brought", "_context", "_lent", "_state", "_written", "id", "open_step", "touched")

    def __init__(self, id: str, context: dict[str, Any] | None = None, state: dict[str, Any] | None = None) -> None:
        self.id = id
        self.open_step: int | None = None
        """The step whose first call was seen and whose last was not; kept by the adapter for the step hooks."""
        self.touched = False
        """For the adapter: whether `state_to_send` is worth asking after a call."""
        self._state: dict[str, Any] = {}
        self._written = False
        self._lent: dict[str, str] = {}
        self.resume(context or {}, state)

    @property
    def context(self) -> dict[str, Any]:
        """A copy: changing it changes nothing for later calls."""
        context = self._context
        for value in context.values():
            if isinstance(value, (dict, list)):
                from copy import deepcopy

                return deepcopy(context)
        return dict(context)

    def get(self, key: str, default: Any = None) -> Any:
        state = self._state
        if key not in state:
            return default
        value = state[key]
        if isinstance(value, (dict, list, tuple)) and key not in self._lent:
            self._lent[key] = dumps(value)
            self.touched = True
        return value

    def set(self, key: str, value: Any) -> None:
        """Stores a JSON value. TypeError, naming the place, for anything JSON cannot hold."""
        if not isinstance(key, str):
            raise TypeError(f"a session key is a string, not {type(key).__name__}: {key!r}")
        check_json(value, f"session value {key!r}")
        self._state[key] = value
        self._written = self.touched = True

    def delete(self, key: str) -> bool:
        """True when there was something to delete."""
        if key not in self._state:
            return False
        del self._state[key]
        self._written = self.touched = True
        return True

    def exists(self, key: str) -> bool:
        return key in self._state

    def resume(self, context: dict[str, Any], state: dict[str, Any] | None) -> None:
        """For the adapter: a call of this flow begins. A state brought along replaces the one kept here."""
        if self.touched:
            self._written = False
            self._lent.clear()
        self._context = context
        if state is None:
            self._brought, self.touched = False, True
        else:
            self._brought, self.touched = True, False
            if KEY in state:
                restore(state)
            self._state = state

    def state_to_send(self) -> dict[str, Any] | None:
        """For the adapter: the whole state when the Runner does not have it yet, else None."""
        if self._written or self._mutated() or (self._state and not self._brought):
            return with_places(self._state)
        return None

    def _mutated(self) -> bool:
        try:
            return any(key in self._state and dumps(self._state[key]) != text for key, text in self._lent.items())
        except (TypeError, ValueError, RecursionError):
            return True  # Mutated into something that is not JSON: sending it reports the place.
