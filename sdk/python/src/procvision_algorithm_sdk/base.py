"""The class every algorithm derives from (contract §11)."""

from __future__ import annotations

from abc import ABC, abstractmethod

from .diagnostics import Diagnostics
from .logger import StructuredLogger

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from typing_extensions import Self

    from .session import Session


class BaseAlgorithm(ABC):
    """One instance lives as long as its process. Calls come one at a time, from the main thread.

    Write what you like to stdout and stderr: the adapter keeps the protocol out of their reach.
    """

    logger: StructuredLogger
    """JSON lines on stderr, carrying the flow, PID and step of the call being served."""

    diagnostics: Diagnostics
    """Findings that travel in the result's `data.debug`."""

    session: Session | None
    """The flow's session while a call is served, else None."""

    _resources_loaded: bool
    _model_version: str | None
    _supported_pids: list[str]

    def __new__(cls, *args: Any, **kwargs: Any) -> Self:
        # Here and not in __init__: an algorithm that forgets super().__init__() still gets its tools.
        self = super().__new__(cls)
        self.logger = StructuredLogger()
        self.diagnostics = Diagnostics()
        self.session = None
        # Algorithms written for the first releases of the SDK keep these.
        self._resources_loaded = False
        self._model_version = None
        self._supported_pids = []
        return self

    def setup(self) -> None:
        """Once, before the process says hello: load models here. Raising makes the start fail with that message."""

    def teardown(self) -> None:
        """Once, on shutdown or when the Runner is gone: release what `setup` took."""

    def on_step_start(self, step_index: int, session: Session, context: dict[str, Any]) -> None:
        """Before the first call of a step. `context` is a copy of the session's, with the `pid` in it."""

    def on_step_finish(self, step_index: int, session: Session, result: dict[str, Any]) -> None:
        """After the last call of a step: its `execute`, or a `pre` that answered ERROR or raised.

        `result` is what the call returned, or, when it raised, `status` ERROR with `message`, `error_code`, `error_class`.
        """

    def reset(self, session: Session) -> None:
        """A flow was cancelled, or a step is about to be repeated: forget what belongs to it."""

    @abstractmethod
    def get_info(self) -> dict[str, Any]:
        """`name`, `version`, `supported_pids`, `steps`, equal to the manifest's (contract §3.2)."""

    @abstractmethod
    def pre_execute(
        self,
        step_index: int,
        pid: str,
        session: Session,
        user_params: dict[str, Any],
        shared_mem_id: str,
        image_meta: dict[str, Any],
    ) -> dict[str, Any]:
        """Prepares a step: `{"status", "message", "data": {"calibration_rects", "debug"}}`, never a verdict."""

    @abstractmethod
    def execute(
        self,
        step_index: int,
        pid: str,
        session: Session,
        user_params: dict[str, Any],
        shared_mem_id: str,
        image_meta: dict[str, Any],
    ) -> dict[str, Any]:
        """Judges a step: `{"status", "message", "data": {"result_status", "ng_reason", "defect_rects", …}}`.

        `result_status` is `"OK"`, `"NG"` with a reason and rectangles, or None for no verdict. `status` says whether
        the call worked, and is ERROR with an `error_code` when not: two layers that are never mixed.
        """
