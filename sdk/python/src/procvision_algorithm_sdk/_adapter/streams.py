"""Takes the protocol's two pipes out of everyone else's reach (contract §4 Streams).

INVARIANTS
- Whatever writes to descriptor 1 from now on (print, C code, a subprocess) lands in stderr.
- Whatever reads descriptor 0 finds it empty; no child process holds either pipe.
"""

from __future__ import annotations

import os
import signal
import sys


def take_protocol_streams() -> tuple[int, int]:
    """Private descriptors (read, write) for the frames. Call once, before any code of the algorithm runs."""
    fd_in = os.dup(0)  # os.dup gives descriptors that an exec does not pass on.
    fd_out = os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    # The old sys.stdout would hold prints back in its buffer and lose them with a crash.
    sys.stdout = sys.stderr

    def let_go() -> None:
        # A forked worker (multiprocessing) keeps descriptors and signal handlers: neither is its business.
        os.close(fd_in)
        os.close(fd_out)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)

    os.register_at_fork(after_in_child=let_go)
    return fd_in, fd_out
