"""The session's state between calls and processes (contract §6 Session)."""

from __future__ import annotations

import unittest

from support import Adapter, started


def do(
    adapter: Adapter, *operations: list, session: str = "s1", state: dict | None = None, phase: str = "execute"
) -> dict:
    """Has the algorithm carry out `[method, …arguments]` on its session."""
    field = {"id": session, "context": {"trace_id": "t"}, **({} if state is None else {"state": state})}
    reply = adapter.ask(phase, session=field, user_params={"do": "session", "operations": list(operations)})
    assert reply["type"] == "result", reply
    return reply


class AFlow(unittest.TestCase):
    def setUp(self) -> None:
        self.adapter = started("puppet:Puppet")
        self.addCleanup(self.adapter.__exit__)

    def test_finds_in_execute_what_pre_stored(self) -> None:
        do(self.adapter, ["set", "offset", [1, 2]], phase="pre")
        self.assertEqual(do(self.adapter, ["get", "offset"])["data"]["results"], [[1, 2]])

    def test_does_not_see_another_flow(self) -> None:
        do(self.adapter, ["set", "a", 1])
        self.assertEqual(do(self.adapter, ["exists", "a"], session="other")["data"]["results"], [False])

    def test_goes_on_in_another_process_with_the_state_that_was_sent(self) -> None:
        state = do(self.adapter, ["set", "a", {"b": 1}], phase="pre", state={})["session_state"]
        with started("puppet:Puppet") as successor:
            reply = do(successor, ["get", "a"], state=state)
            self.assertEqual(reply["data"]["results"], [{"b": 1}])
            self.assertNotIn("session_state", reply, "an unchanged state does not travel")

    def test_takes_the_state_of_the_call_over_the_one_kept(self) -> None:
        do(self.adapter, ["set", "a", "kept"])
        self.assertEqual(do(self.adapter, ["get", "a"], state={"a": "brought"})["data"]["results"], ["brought"])
        self.assertEqual(do(self.adapter, ["get", "a"])["data"]["results"], ["brought"])

    def test_sends_the_whole_state_when_it_changed(self) -> None:
        self.assertEqual(do(self.adapter, ["set", "b", 2], state={"a": 1})["session_state"], {"a": 1, "b": 2})
        self.assertEqual(do(self.adapter, ["delete", "a"], state={"a": 1})["session_state"], {})
        self.assertEqual(do(self.adapter, ["append", "a", 2], state={"a": [1]})["session_state"], {"a": [1, 2]})

    def test_sends_what_the_runner_did_not_bring(self) -> None:
        do(self.adapter, ["set", "a", 1])
        self.assertEqual(do(self.adapter)["session_state"], {"a": 1})
        self.assertNotIn("session_state", do(self.adapter, session="new"))

    def test_is_told_which_changed_value_is_not_json(self) -> None:
        params = {"do": "session", "operations": [["append", "a", 1]]}
        session = {"id": "s", "context": {}, "state": {"a": [1]}}
        self.assertEqual(self.adapter.ask("execute", session=session, user_params=params)["type"], "result")
        params = {"do": "return", "expression": "self.session.get('a').append({1}) or ok()"}
        reply = self.adapter.ask("execute", session=session, user_params=params)
        self.assertIn("session_state.a[1] is a set", reply["message"])

    def test_is_forgotten_by_reset(self) -> None:
        do(self.adapter, ["set", "a", 1])
        reply = self.adapter.ask("reset")
        self.assertEqual((reply["type"], reply["phase"], reply["status"]), ("result", "reset", "OK"))
        self.assertEqual(do(self.adapter, ["exists", "a"])["data"]["results"], [False])

    def test_is_forgotten_when_256_others_came_after_it(self) -> None:
        do(self.adapter, ["set", "a", 1], session="first")
        do(self.adapter, ["set", "a", 1], session="second")
        for number in range(254):
            do(self.adapter, session=f"flow {number}")
        self.assertEqual(do(self.adapter, ["exists", "a"], session="first")["data"]["results"], [True])
        do(self.adapter, session="one more")
        self.assertEqual(do(self.adapter, ["exists", "a"], session="second")["data"]["results"], [False])
        self.assertEqual(do(self.adapter, ["exists", "a"], session="first")["data"]["results"], [True])


class Reset(unittest.TestCase):
    def test_hands_the_algorithm_the_flows_session(self) -> None:
        with started("diary:Diary") as adapter:
            adapter.ask("pre")
            adapter.ask("reset")
            adapter.ask("reset", session={"id": "s2", "state": {"kept": 9}})
            lines = [line for line in adapter.logs() if line.get("what") == "reset"]
            self.assertEqual([(line["session"], line["found"]) for line in lines], [("s1", 1), ("s2", 9)])

    def test_lets_the_step_begin_again(self) -> None:
        with started("diary:Diary") as adapter:
            for phase in ("pre", "reset", "pre"):
                adapter.ask(phase)
            names = [line["what"] for line in adapter.logs()]
            self.assertEqual(names, ["setup", "on_step_start", "pre", "reset", "on_step_start", "pre"])


if __name__ == "__main__":
    unittest.main()
