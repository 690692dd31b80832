"""A signal that comes just before `read` begins: played by a handler that the interpreter cannot run in time."""

import os
import signal
import threading
import unittest

import support  # noqa: F401 — puts the SDK on the path

from procvision_algorithm_sdk._adapter.channel import Channel
from procvision_algorithm_sdk._adapter.watcher import Watcher


class ASignalThatTheMainThreadHasNotSeen(unittest.TestCase):
    def setUp(self) -> None:
        self.came = threading.Event()
        self.addCleanup(signal.signal, signal.SIGUSR1, signal.signal(signal.SIGUSR1, self.handler))
        fd_in, self.runner = os.pipe()
        noted, self.notes = os.pipe()
        os.set_blocking(noted, False)
        self.watcher = Watcher(Channel(fd_in, os.dup(self.runner)))
        self.watcher.mind_signals(noted, self.handler_seen())
        self.fd_in = fd_in

    def handler(self, _number: int, _frame: object) -> None:
        self.came.set()
        os.write(self.runner, b"x")

    def handler_seen(self) -> object:
        return signal.getsignal(signal.SIGUSR1)

    def test_is_sent_once_more_while_it_reads(self) -> None:
        self.watcher.start()
        os.write(self.notes, bytes([signal.SIGUSR1]))
        self.assertEqual(os.read(self.fd_in, 1), b"x")
        self.assertTrue(self.came.is_set())

    def test_is_left_to_the_handler_while_it_works_or_leaves(self) -> None:
        self.watcher.work = "leaving"
        self.watcher.start()
        os.write(self.notes, bytes([signal.SIGUSR1]))
        self.assertFalse(self.came.wait(1.5))

    def test_is_not_sent_to_a_handler_of_the_algorithm(self) -> None:
        self.watcher.mind_signals(self.watcher._noted or 0, object())
        self.watcher.start()
        os.write(self.notes, bytes([signal.SIGUSR1]))
        self.assertFalse(self.came.wait(1.5))


if __name__ == "__main__":
    unittest.main()
