"""The four exceptions an algorithm raises to say how bad it is (contract §10).

The class decides what the Runner does with the process and the call; `error_code` and `data` go to the caller as given.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class AlgorithmError(Exception):
    """What the four have in common. Raise one of them, not this.

    `error_code`: a code of contract §10 as a string (`"1003"`: model not found); `data`: JSON details for the caller.
    """

    error_code: str = "9999"
    data: dict[str, Any] | None = None

    def __init__(self, *args: object, error_code: str | None = None, data: dict[str, Any] | None = None) -> None:
        super().__init__(*args)
        if error_code is not None:
            self.error_code = error_code
        if data is not None:
            self.data = data


class RecoverableError(AlgorithmError):
    """A passing failure: the Runner may try the call again within its retry budget."""


class FatalError(AlgorithmError):
    """The process is no longer fit to work: the Runner replaces it and does not retry the call."""


class GPUOutOfMemoryError(AlgorithmError):
    """GPU memory is exhausted (1004). Not retried."""

    error_code = "1004"


class ProgramError(AlgorithmError):
    """A defect in the algorithm itself (9999). Not retried."""
