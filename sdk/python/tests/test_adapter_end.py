"""How the adapter ends: on shutdown, with its Runner, by a signal, at a broken stream (contract §4 shutdown, §5)."""

from __future__ import annotations

import shutil
import signal
import subprocess
import time
import unittest

from support import Adapter, call, started


def hooks(adapter: Adapter) -> list[str]:
    return [line["what"] for line in adapter.logs() if "what" in line]


class OnShutdown(unittest.TestCase):
    def test_it_tears_down_answers_and_exits(self) -> None:
        with started("diary:Diary") as adapter:
            self.assertEqual(adapter.shut_down(), 0)
            self.assertEqual(hooks(adapter), ["setup", "teardown"])

    def test_it_serves_no_call_that_came_after(self) -> None:
        with started("diary:Diary") as adapter:
            adapter.send({"type": "shutdown"})
            adapter.send(call("execute"))
            self.assertEqual(adapter.receive()["type"], "shutdown")
            self.assertRaises(EOFError, adapter.receive)

    def test_it_exits_although_the_algorithm_left_a_thread_running(self) -> None:
        with started("broken_starts:LeavesAThread") as adapter:
            before = time.monotonic()
            self.assertEqual(adapter.shut_down(), 0)
            self.assertLess(time.monotonic() - before, 20)


class WhenTheRunnerIsGone(unittest.TestCase):
    def test_it_tears_down_and_exits(self) -> None:
        with started("diary:Diary") as adapter:
            adapter.close_stdin()
            self.assertEqual(adapter.exit_code(), 0)
            self.assertEqual(hooks(adapter), ["setup", "teardown"])

    def test_it_does_not_finish_an_execute_for_nobody(self) -> None:
        with started("puppet:Puppet") as adapter:
            adapter.send(call("execute", user_params={"do": "busy", "seconds": 60}))
            adapter.wait_for_log("busy")
            adapter.close_stdin()
            self.assertEqual(adapter.process.wait(3), 1)

    def test_it_does_not_finish_a_setup_for_nobody(self) -> None:
        with Adapter("broken_starts:SetupNeverEnds") as adapter:
            adapter.wait_for_log("setting up")
            adapter.close_stdin()
            self.assertEqual(adapter.process.wait(3), 1)

    def test_it_says_that_a_frame_was_cut_short(self) -> None:
        with started("diary:Diary") as adapter:
            adapter.send_bytes(b"\0\0\0\x10{")
            adapter.close_stdin()
            self.assertEqual(adapter.exit_code(), 0)
            self.assertIn("inside a frame", adapter.stderr())

    def test_it_exits_when_nobody_reads_its_answers(self) -> None:
        with started("diary:Diary") as adapter:
            assert adapter.process.stdout is not None
            adapter.process.stdout.close()
            adapter.send(call("execute"))
            self.assertEqual(adapter.exit_code(), 0)
            self.assertEqual(hooks(adapter)[-1], "teardown")


class OnSigterm(unittest.TestCase):
    def test_at_rest_it_tears_down_and_exits(self) -> None:
        with started("diary:Diary") as adapter:
            adapter.process.send_signal(signal.SIGTERM)
            self.assertEqual(adapter.exit_code(), 0)
            self.assertEqual(hooks(adapter), ["setup", "teardown"])

    def test_that_comes_just_as_it_turns_to_read_ends_the_wait(self) -> None:
        for _ in range(10):
            with started("diary:Diary") as adapter:
                adapter.send({"type": "ping"})
                adapter.process.send_signal(signal.SIGTERM)
                self.assertEqual(adapter.exit_code(), 0)

    def test_amid_an_execute_it_exits_at_once(self) -> None:
        with started("puppet:Puppet") as adapter:
            adapter.send(call("execute", user_params={"do": "busy", "seconds": 60}))
            adapter.wait_for_log("busy")
            adapter.process.send_signal(signal.SIGTERM)
            self.assertEqual(adapter.exit_code(), 143)

    def test_amid_a_teardown_it_exits_at_once(self) -> None:
        with started("broken_starts:TeardownNeverEnds") as adapter:
            adapter.process.send_signal(signal.SIGTERM)
            adapter.wait_for_log("tearing down")
            adapter.process.send_signal(signal.SIGTERM)
            self.assertEqual(adapter.exit_code(), 143)

    def test_works_for_process_1_of_a_namespace(self) -> None:
        unshare = ["unshare", "--user", "--map-current-user", "--pid", "--fork", "--kill-child=KILL"]
        if not shutil.which("unshare") or subprocess.run([*unshare, "true"], capture_output=True).returncode != 0:
            self.skipTest("this host allows no PID namespaces")
        with started("diary:Diary", wrapper=unshare) as adapter:
            children = f"/proc/{adapter.process.pid}/task/{adapter.process.pid}/children"
            with open(children) as file:
                child = int(file.read().split()[0])
            subprocess.run(["kill", "-TERM", str(child)], check=True)
            self.assertEqual(adapter.exit_code(), 0)
            self.assertEqual(hooks(adapter), ["setup", "teardown"])


class AtABrokenStream(unittest.TestCase):
    def test_it_says_what_it_saw_tears_down_and_exits_with_2(self) -> None:
        with started("diary:Diary") as adapter:
            adapter.send_bytes(b"not a frame at all")
            self.assertEqual(adapter.exit_code(), 2)
            fault = next(line["message"] for line in adapter.logs() if line["level"] == "error")
            self.assertIn("protocol fault on stdin", fault)
            self.assertIn("6e 6f 74 20", fault)
            self.assertEqual(hooks(adapter)[-1], "teardown")

    def test_it_first_answers_what_came_before(self) -> None:
        with started("diary:Diary") as adapter:
            adapter.send(call("execute"))
            adapter.send_bytes(b"\0\0\0\0")
            self.assertEqual(adapter.receive()["type"], "result")
            self.assertEqual(adapter.exit_code(), 2)

    def test_it_minds_the_runners_cap(self) -> None:
        with Adapter("diary:Diary") as adapter:
            adapter.shake_hands(max_frame_bytes=500)
            adapter.ask("info")
            adapter.send(call("execute", user_params={"text": "x" * 500}))
            self.assertEqual(adapter.exit_code(), 2)
            self.assertIn("the cap is 500", adapter.stderr())


if __name__ == "__main__":
    unittest.main()
