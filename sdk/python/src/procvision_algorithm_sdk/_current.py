"""What this process is working on, for those who have to mention it: log lines and the image functions.

INVARIANTS
- A process serves one call at a time (contract §6): one slot serves all of it, threads of the algorithm included.
- Only the adapter writes here, and who finds that an image cannot be read.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .diagnostics import Diagnostics

call: dict[str, Any] | None = None
"""The message of the call being served; None between calls."""

diagnostics: Diagnostics | None = None
"""Where a finding about the current call is published; None when no adapter runs (unit tests of an algorithm)."""

undecoded: str | None = None
"""Why an image of the call being served could not be read; None while all could."""


def call_fields() -> dict[str, Any]:
    """`session_id`, `pid` and `step_index` of the call being served, as far as it has them. Empty between calls."""
    message = call
    if message is None:
        return {}
    session = message.get("session")
    fields = {"pid": message.get("pid"), "step_index": message.get("step_index")}
    if isinstance(session, dict):
        fields = {"session_id": session.get("id"), **fields}
    return {name: value for name, value in fields.items() if value is not None}
