"""Pings (contract §4, §5)."""

from __future__ import annotations

import time
import unittest

from support import call, frame, require, started

#: A second at most, and as much again for a busy machine.
PONG_LIMIT_S = 2.0


class APing(unittest.TestCase):
    def test_is_answered_at_rest_with_its_id(self) -> None:
        with started("puppet:Puppet") as adapter:
            adapter.send({"type": "ping", "request_id": "p1"})
            pong = adapter.receive()
            self.assertEqual((pong["type"], pong["request_id"], pong["status"]), ("pong", "p1", "OK"))

    def test_without_an_id_is_answered_without_one(self) -> None:
        with started("puppet:Puppet") as adapter:
            adapter.send({"type": "ping"})
            self.assertNotIn("request_id", adapter.receive())

    def test_is_answered_while_execute_runs_python(self) -> None:
        self.assert_answered_during("busy", seconds=2.0, pings=3)

    def test_is_answered_while_execute_runs_numpy(self) -> None:
        require("numpy")
        self.assert_answered_during("busy_with_numpy", seconds=1.2, pings=1)

    def assert_answered_during(self, work: str, seconds: float, pings: int) -> None:
        with started("puppet:Puppet") as adapter:
            adapter.send(call("execute", user_params={"do": work, "seconds": seconds}))
            adapter.wait_for_log("busy")
            waits = []
            for number in range(pings):
                sent = time.monotonic()
                adapter.send({"type": "ping", "request_id": number})
                pong = adapter.receive()
                waits.append(time.monotonic() - sent)
                self.assertEqual((pong["type"], pong["request_id"]), ("pong", number))
            self.assertEqual(adapter.receive()["type"], "result")
            self.assertLessEqual(max(waits), PONG_LIMIT_S)

    def test_in_one_chunk_with_a_call_is_answered_first(self) -> None:
        with started("puppet:Puppet") as adapter:
            adapter.send_bytes(frame(call("execute")) + frame({"type": "ping"}))
            self.assertEqual([adapter.receive()["type"] for _ in range(2)], ["pong", "result"])

    def test_leaves_what_came_between_in_order(self) -> None:
        with started("puppet:Puppet") as adapter:
            adapter.send(call("execute", request_id="long", user_params={"do": "busy", "seconds": 1.3}))
            adapter.send(call("execute", request_id="second"))
            adapter.send({"type": "ping", "request_id": "p"})
            adapter.send(call("execute", request_id="third"))
            adapter.send({"type": "shutdown"})
            replies = [adapter.receive() for _ in range(5)]
            order = [reply.get("request_id", reply["type"]) for reply in replies]
            self.assertEqual(order, ["p", "long", "second", "third", "shutdown"])

    def test_split_across_the_watchers_reads_is_answered(self) -> None:
        with started("puppet:Puppet") as adapter:
            adapter.send(call("execute", user_params={"do": "busy", "seconds": 1.5}))
            content = b'{"type":"ping","request_id":"split"}'
            content = len(content).to_bytes(4, "big") + content
            adapter.send({"type": "ping", "request_id": "whole"})
            adapter.send_bytes(content[:9])
            self.assertEqual(adapter.receive()["request_id"], "whole")
            adapter.send_bytes(content[9:])
            self.assertEqual(adapter.receive()["request_id"], "split")
            self.assertEqual(adapter.receive()["type"], "result")


if __name__ == "__main__":
    unittest.main()
