"""The sessions this process keeps, for Runners that do not carry the state themselves (contract §6 Session)."""

from __future__ import annotations

from ..session import Session
from .faults import ArgumentFault

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

SESSIONS_MAX = 256


class Sessions:
    """By flow id, least recently used dropped first."""

    __slots__ = ("_kept", "_latest", "_sessions_max")

    def __init__(self, sessions_max: int = SESSIONS_MAX) -> None:
        self._kept: dict[str, Session] = {}
        self._latest: Session | None = None
        self._sessions_max = sessions_max

    def resume(self, field: Any) -> Session:
        """The session a call names, with the state it brought or else the one kept here."""
        try:
            session_id, context, state = field["id"], field["context"], field["state"]
        except (KeyError, TypeError):
            session_id, context, state = _read_partial(field)
        if type(context) is not dict or type(state) is not dict:
            context, state = _object_or_none(context, "context") or {}, _object_or_none(state, "state")
        session = self._latest
        if session is None or session.id != session_id:
            session = self._latest = self._find(session_id)
        session.resume(context, state)
        return session

    def discard(self, session: Session) -> None:
        self._kept.pop(session.id, None)
        self._latest = None

    def _find(self, session_id: Any) -> Session:
        if type(session_id) is not str:
            raise ArgumentFault("the call's `session` has no `id` text")
        kept = self._kept
        session = kept.pop(session_id, None)
        if session is None:
            session = Session(session_id)
            if len(kept) >= self._sessions_max:
                del kept[next(iter(kept))]
        kept[session_id] = session  # Last in, so that the first is the one unused for longest.
        return session


def _read_partial(field: Any) -> tuple[Any, Any, Any]:
    if type(field) is not dict:
        raise ArgumentFault("the call has no `session` object")
    return field.get("id"), field.get("context"), field.get("state")


def _object_or_none(value: Any, name: str) -> dict[str, Any] | None:
    if value is not None and type(value) is not dict:
        raise ArgumentFault(f"the call's `session.{name}` is a {type(value).__name__}, not an object")
    return value
