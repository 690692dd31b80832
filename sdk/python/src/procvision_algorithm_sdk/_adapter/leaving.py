"""Ways out of the process that do not depend on the algorithm's good will."""

from __future__ import annotations

import os
import signal
import sys
from threading import Timer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType
    from typing import NoReturn

    from .watcher import Watcher

EXIT_TERMINATED = 128 + signal.SIGTERM


class Terminated(BaseException):
    """SIGTERM or SIGINT came while nothing was being worked on."""


def leave_on_signals(watcher: Watcher) -> None:
    """At rest a signal raises Terminated, so that teardown can run; at work it ends the process at once.

    Handlers are installed explicitly because process 1 of a PID namespace ignores signals that have none. A signal that
    comes after the interpreter has looked for one and before `read` begins does not interrupt that, and its handler would
    wait for the next byte: each leaves its number in a pipe, where the watcher finds it.
    """
    noted, notes = os.pipe()
    os.set_blocking(noted, False)
    os.set_blocking(notes, False)
    signal.set_wakeup_fd(notes, warn_on_full_buffer=False)

    def let_go() -> None:
        signal.set_wakeup_fd(-1)
        os.close(noted)
        os.close(notes)

    os.register_at_fork(after_in_child=let_go)

    def on_signal(number: int, frame: FrameType | None) -> None:
        if watcher.work is not None:
            exit_now(EXIT_TERMINATED)
        watcher.work = "leaving"  # A second signal does not wait for the teardown.
        raise Terminated

    signal.signal(signal.SIGTERM, on_signal)
    signal.signal(signal.SIGINT, on_signal)
    watcher.mind_signals(noted, on_signal)


def exit_within(seconds: float, code: int) -> None:
    """Bounds what is still to come (a teardown, threads the algorithm left running): the process ends by then."""
    timer = Timer(seconds, exit_now, (code,))
    timer.daemon = True
    timer.start()


def exit_now(code: int) -> NoReturn:
    try:
        sys.stderr.flush()
    except (AttributeError, OSError, ValueError, RuntimeError):
        pass
    os._exit(code)
