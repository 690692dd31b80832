"""Which products the algorithm serves, by its own word; checked before `pre` and `execute` (contract §4 Hooks)."""

from __future__ import annotations

from .faults import ArgumentFault

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..base import BaseAlgorithm
    from ..framing import Message

INVALID_PID = "1001"


class SupportedPids:
    """Learned from the first `get_info()`, whoever asked for it, and from every later one."""

    __slots__ = ("_algorithm", "_learned", "known")

    def __init__(self, algorithm: BaseAlgorithm) -> None:
        self.known: frozenset[str] = frozenset()
        self._algorithm = algorithm
        self._learned = False

    def learn(self) -> Message:
        """What `get_info()` says; TypeError when that is not a dict."""
        info = self._algorithm.get_info()
        if not isinstance(info, dict):
            raise TypeError(f"get_info returned a {type(info).__name__}; it must return a dict")
        pids = info.get("supported_pids")
        if not isinstance(pids, (list, tuple)) or not all(isinstance(pid, str) for pid in pids):
            self._algorithm.logger.warning("get_info() has no list of texts as supported_pids: no PID is supported")
            pids = ()
        self.known = frozenset(pids)
        self._learned = True
        return info

    def check(self, pid: Any) -> None:
        """Raises 1001 unless the algorithm serves this product."""
        if type(pid) is not str:
            raise ArgumentFault("the call has no `pid` text", INVALID_PID)
        if not self._learned:
            self.learn()
        if pid not in self.known:
            served = ", ".join(sorted(self.known)) or "none"
            raise ArgumentFault(f"PID {pid!r} is not supported by this algorithm; it serves {served}", INVALID_PID)
