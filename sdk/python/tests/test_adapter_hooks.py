"""When hooks are called, and what one that raises can do: nothing (contract §4 Hooks)."""

from __future__ import annotations

import unittest

from support import Adapter, started


def seen(adapter: Adapter) -> list[str]:
    """Hooks and calls with their step, in order, as `name` or `name step`."""
    lines = [line for line in adapter.logs() if line["message"] == "seen"]
    return [f"{line['what']} {line['step']}" if "step" in line else line["what"] for line in lines]


class Hooks(unittest.TestCase):
    def test_surround_a_steps_calls(self) -> None:
        with started("diary:Diary") as adapter:
            for step in (1, 2):
                adapter.ask("pre", step_index=step)
                adapter.ask("execute", step_index=step)
            adapter.shut_down()
            names = ("on_step_start", "pre", "execute", "on_step_finish")
            steps = [f"{name} {step}" for step in (1, 2) for name in names]
            self.assertEqual(seen(adapter), ["setup", *steps, "teardown"])

    def test_surround_an_execute_without_pre(self) -> None:
        with started("diary:Diary") as adapter:
            adapter.ask("execute")
            self.assertEqual(seen(adapter)[1:], ["on_step_start 1", "execute 1", "on_step_finish 1"])

    def test_end_the_step_when_pre_answers_error_or_raises(self) -> None:
        for params in ({"status": "ERROR"}, {"raise": True}):
            with self.subTest(**params), started("diary:Diary") as adapter:
                adapter.ask("pre", user_params=params)
                adapter.ask("pre")
                expected = ["on_step_start 1", "pre 1", "on_step_finish 1", "on_step_start 1", "pre 1"]
                self.assertEqual(seen(adapter)[1:], expected)

    def test_see_each_flow_apart(self) -> None:
        with started("diary:Diary") as adapter:
            adapter.ask("pre")
            adapter.ask("pre", session={"id": "other"})
            adapter.ask("execute")
            expected = ["on_step_start 1", "pre 1", "on_step_start 1", "pre 1", "execute 1", "on_step_finish 1"]
            self.assertEqual(seen(adapter)[1:], expected)

    def test_are_not_called_for_a_pid_that_is_refused(self) -> None:
        with started("diary:Diary") as adapter:
            self.assertEqual(adapter.ask("pre", pid="Z9")["error_code"], "1001")
            self.assertEqual(seen(adapter), ["setup"])

    def test_get_context_and_result(self) -> None:
        with started("diary:Diary") as adapter:
            adapter.ask("execute")
            adapter.ask("execute", user_params={"raise": True})
            lines = {line["what"]: line for line in adapter.logs() if "what" in line}
            self.assertEqual(lines["on_step_start"]["context"], {"product_code": "A01", "trace_id": "t1", "pid": "A01"})
            self.assertEqual(
                lines["on_step_finish"]["result"],
                {"status": "ERROR", "message": "try again", "error_code": "9999", "error_class": "RecoverableError"},
            )

    def test_that_raise_are_logged_and_do_not_fail_the_call(self) -> None:
        for hook in ("on_step_start", "on_step_finish", "reset", "teardown"):
            with self.subTest(hook=hook), started("diary:Diary", environment={"PROC_TEST_RAISE": hook}) as adapter:
                for phase in ("pre", "execute", "reset"):
                    self.assertEqual(adapter.ask(phase)["status"], "OK")
                self.assertEqual(adapter.shut_down(), 0)
                errors = [line for line in adapter.logs() if line["level"] == "error"]
                self.assertEqual(len(errors), 1)
                self.assertIn(f"{hook} raised", errors[0]["message"])
                self.assertIn("Traceback", errors[0]["traceback"])


if __name__ == "__main__":
    unittest.main()
