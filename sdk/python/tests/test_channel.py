import os
import threading
import unittest

import support  # noqa: F401 — puts the SDK on the path

from procvision_algorithm_sdk._adapter.channel import Channel


class WaitsFor(unittest.TestCase):
    def setUp(self) -> None:
        self.fd_in, self.runner = os.pipe()
        self.woken, self.wakes = os.pipe()
        self.channel = Channel(self.fd_in, os.dup(self.runner))
        self.channel.wake_on(self.woken)

    def tearDown(self) -> None:
        for fd in (self.fd_in, self.runner, self.channel.fd_out, self.woken, self.wakes):
            try:
                os.close(fd)
            except OSError:
                pass

    def test_bytes(self) -> None:
        threading.Timer(0.05, os.write, (self.runner, b"x")).start()
        self.channel.wait()
        self.assertEqual(os.read(self.fd_in, 10), b"x")

    def test_bytes_still_when_a_signal_woke_it_that_ended_nothing(self) -> None:
        os.write(self.wakes, b"\x0f")
        threading.Timer(0.05, os.write, (self.runner, b"x")).start()
        self.channel.wait()
        os.set_blocking(self.woken, False)
        self.assertRaises(BlockingIOError, os.read, self.woken, 1)

    def test_the_end_of_the_stream(self) -> None:
        os.close(self.channel.fd_out)
        os.close(self.runner)
        self.channel.wait()
        self.assertEqual(os.read(self.fd_in, 1), b"")


if __name__ == "__main__":
    unittest.main()
