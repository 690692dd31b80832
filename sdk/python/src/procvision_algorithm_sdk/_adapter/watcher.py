"""Answers pings while the main thread works, without a hand-off on every call (leader and follower).

The main thread reads, works and writes. The watcher looks up every PERIOD_S and takes over reading only where the same
piece of work was already going on at its last look; it answers pings and leaves everything else to the main thread.
So a ping waits 2 × PERIOD_S at most, and a short call costs one lock released and taken again.

INVARIANTS
- Only the holder of `turn` reads, decodes or writes; the main thread holds it except between `begin` and `end`.
- Messages reach the main thread in the order in which they came.
- When the Runner is gone, work does not go on for nobody: the process ends.
- A signal to leave that the main thread cannot see while it reads is sent to it once more.
"""

from __future__ import annotations

import os
import select
import signal
import time
from collections import deque
from threading import Lock, Thread, main_thread

from .channel import now_ms, request_id_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..framing import Message
    from .channel import Channel

PERIOD_S = 0.4
POLL_MS = 50
DEFERRED_MAX = 256
"""The Runner has one call in flight; whoever sends more than this meanwhile has to wait for the pipe."""

EXIT_ABANDONED = 1


class Watcher:
    __slots__ = ("_channel", "_noted", "_on_signal", "deferred", "greeted", "turn", "work")

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._noted: int | None = None
        self._on_signal: object = None
        self.work: object = None
        """What the main thread is working on, told apart by identity; None at rest."""
        self.deferred: deque[Message] = deque()
        """Messages read on the main thread's behalf."""
        self.greeted = False
        """Whether hello was sent; nothing may go out before it."""
        self.turn = Lock()
        self.turn.acquire()

    def start(self) -> None:
        Thread(target=self._watch, name="procvision-watcher", daemon=True).start()

    def mind_signals(self, noted: int, handler: object) -> None:
        """Numbers of signals arrive on the descriptor `noted`, which does not block; `handler` is to see those it is for."""
        self._noted, self._on_signal = noted, handler

    def begin(self, work: object) -> None:
        """The main thread turns to a piece of work, never given before, and stops reading."""
        self.work = work
        self.turn.release()

    def end(self) -> None:
        """The main thread is back."""
        self.turn.acquire()
        self.work = None

    def _watch(self) -> None:
        poll = select.poll()
        poll.register(self._channel.fd_in, select.POLLIN)
        seen: object = None
        unhandled: set[int] = set()
        while True:
            time.sleep(PERIOD_S)
            # Noted before the last pause and still at rest: its handler would have run, had the main thread seen it.
            for number in unhandled if self.work is None else ():
                if signal.getsignal(number) is self._on_signal:
                    signal.pthread_kill(main_thread().ident or 0, number)
            unhandled = self._signals()
            work = self.work
            if work is not None and work is seen:
                self._stand_in(poll, work)
            seen = work

    def _signals(self) -> set[int]:
        """Numbers of the signals that came since the last look."""
        try:
            return set() if self._noted is None else set(os.read(self._noted, 64))
        except OSError:
            return set()

    def _stand_in(self, poll: select.poll, work: object) -> None:
        channel = self._channel
        while self.work is work and channel.decoder.fault is None and len(self.deferred) < DEFERRED_MAX:
            if not poll.poll(POLL_MS):
                continue
            with self.turn:
                # Between the poll and the turn the main thread may have finished and read what was there.
                if self.work is not work or not poll.poll(0):
                    continue
                self._read()

    def _read(self) -> None:
        try:
            messages = self._channel.read()
            if messages is None:
                os._exit(EXIT_ABANDONED)
            for message in messages:
                if message["type"] == "ping" and self.greeted:
                    self._channel.send(pong(message))
                else:
                    self.deferred.append(message)
        except OSError:
            os._exit(EXIT_ABANDONED)


def pong(ping: Message) -> Message:
    reply: Message = {"type": "pong", "status": "OK", "timestamp_ms": now_ms()}
    request_id = request_id_of(ping)
    if request_id is not None:
        reply["request_id"] = request_id
    return reply
