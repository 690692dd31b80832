"""The algorithm's optional hooks (contract §4 Hooks). One that raises is logged and does not fail the call."""

from __future__ import annotations

from ..base import BaseAlgorithm
from .faults import log_error

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Hook = Callable[..., None]


class Hooks:
    """Each hook guarded, or None where the algorithm has none of its own: that costs a call nothing."""

    __slots__ = ("_teardown", "on_step_finish", "on_step_start", "reset")

    def __init__(self, algorithm: BaseAlgorithm) -> None:
        self.on_step_start = _guarded(algorithm, "on_step_start")
        self.on_step_finish = _guarded(algorithm, "on_step_finish")
        self.reset = _guarded(algorithm, "reset")
        self._teardown = _guarded(algorithm, "teardown")

    def teardown(self) -> None:
        """Once, however many ways out there are."""
        teardown, self._teardown = self._teardown, None
        if teardown is not None:
            teardown()


def _guarded(algorithm: BaseAlgorithm, name: str) -> Hook | None:
    hook: Hook = getattr(algorithm, name)
    if getattr(hook, "__func__", None) is getattr(BaseAlgorithm, name):
        return None
    logger = algorithm.logger

    def call(*arguments: Any) -> None:
        try:
            hook(*arguments)
        except BaseException as error:
            log_error(logger, f"{name} raised and was ignored", error)

    return call
