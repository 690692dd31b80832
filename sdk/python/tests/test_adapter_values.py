"""Values arrive as they were given, or are refused where they were made (contract §3.1, §6, §10)."""

from __future__ import annotations

import unittest

from support import Adapter, OnePuppet, require, started

from procvision_algorithm_sdk import Session


class AResultThatJsonWouldChange(OnePuppet):
    def test_is_refused_where_it_was_made(self) -> None:
        reply = self.do("answer_with", expression="{'serial': [2**53 + 1]}")
        self.assertEqual((reply["type"], reply["error_code"]), ("error", "9999"))
        self.assertIn("data.value.serial[0] is 9007199254740993, an integer beyond 2**53", reply["message"])

    def test_is_sent_where_it_is_not_changed(self) -> None:
        reply = self.do("answer_with", expression="[2**53, -(2**53), 1e300, '12345678901234567890', 0.12345678901234567]")
        self.assertEqual(reply["data"]["value"], [2**53, -(2**53), 1e300, "12345678901234567890", 0.12345678901234567])


class ADiagnosticNeverCostsAVerdict(OnePuppet):
    def debug(self, expression: str) -> dict:
        reply = self.do("publish_made", expression=expression)
        self.assertEqual((reply["type"], reply["data"]["result_status"]), ("result", "OK"))
        return reply["data"]["debug"]

    def test_what_is_not_json_is_converted(self) -> None:
        debug = self.debug("{'nan': float('nan'), 'set': {3}, 'big': 2**60, 'odd': object, 1: b'x', (1, 2): 0}")
        self.assertEqual((debug["nan"], debug["set"], debug["big"]), ("nan", [3], str(2**60)))
        self.assertEqual((debug["odd"], debug["1"], debug["(1, 2)"]), ("<class 'object'>", "b'x'", 0))

    def test_what_contains_itself_is_cut(self) -> None:
        self.assertIn("loop", self.debug("(lambda d: d.update(loop=d) or d)({})"))

    def test_what_does_not_fit_a_frame_is_left_out(self) -> None:
        self.assertIn("diagnostics_dropped", self.debug("{'image': 'x' * 5_000_000}"))


class NumbersOfNumPy(OnePuppet):
    def test_in_diagnostics_are_numbers_and_lists(self) -> None:
        require("numpy")
        expression = (
            "(lambda np: {'m': np.uint8(3), 'f': np.float32(0.5), 'b': np.bool_(True), 'a': np.arange(3),"
            " 'image': np.zeros((200, 100, 3), np.uint8)})(__import__('numpy'))"
        )
        reply = self.do("publish_made", expression=expression)
        debug = reply["data"]["debug"]
        self.assertEqual(reply["data"]["result_status"], "OK")
        self.assertEqual((debug["m"], debug["f"], debug["b"], debug["a"]), (3, 0.5, True, [0, 1, 2]))
        self.assertEqual(debug["image"], "array of shape (200, 100, 3)")


class AnAnswerOfAnExistingAlgorithm(OnePuppet):
    def test_without_a_status_is_taken_for_ok(self) -> None:
        reply = self.do("answer", answer={"data": {"result_status": "OK"}})
        self.assertEqual((reply["status"], reply["data"]["result_status"]), ("OK", "OK"))

    def test_without_a_status_but_with_an_error_code_is_an_error(self) -> None:
        reply = self.do("answer", answer={"error_code": "1003", "message": "no model"})
        self.assertEqual((reply["status"], reply["error_code"]), ("ERROR", "1003"))

    def test_with_debug_beside_its_data_has_it_inside(self) -> None:
        reply = self.do("answer", answer={"status": "OK", "data": {"result_status": "OK"}, "debug": {"n": 1}})
        self.assertEqual(reply["data"]["debug"]["n"], 1)
        self.assertIn("latency_ms", reply["data"]["debug"])

    def test_to_pre_needs_no_data(self) -> None:
        reply = self.do("answer", "pre", answer={"status": "OK", "message": "ready"})
        self.assertEqual((reply["status"], reply["message"]), ("OK", "ready"))
        self.assertEqual(set(reply["data"]), {"debug"})


class ASessionStateThatTravels(unittest.TestCase):
    def travelled(self, **values: object) -> Session:
        """The state after it went to the Runner and came back to another process."""
        import json

        first = Session("s1", {}, {})
        for key, value in values.items():
            first.set(key, value)
        return Session("s1", {}, json.loads(json.dumps(first.state_to_send())))

    def test_is_read_back_as_it_was_set(self) -> None:
        values = {
            "whole": 2.0,
            "zero": -0.0,
            "serial": 2**80 + 1,
            "order": {"b": 1, "10": 2, "9": 3},
            "centre": (3, 4.0),
            "path": [(1, [(2, 3)]), {"at": ()}],
        }
        session = self.travelled(**values)
        for key, value in values.items():
            self.assertEqual(repr(session.get(key)), repr(value))

    def test_brings_back_what_was_changed_in_place(self) -> None:
        session = self.travelled(marks=[(1, 2)])
        session.get("marks").append((3, 4))
        self.assertEqual(self.travelled(**session.state_to_send()).get("marks"), [(1, 2), (3, 4)])

    def test_refuses_integers_that_python_would_not_read_back(self) -> None:
        with self.assertRaisesRegex(TypeError, "session value 'n' is an integer of 16610 bits"):
            Session("s1").set("n", 10**5000)


class WhateverIsRaised(OnePuppet):
    def test_is_one_error_of_its_call(self) -> None:
        for expression in (
            "KeyboardInterrupt()",
            "GeneratorExit()",
            "__import__('asyncio').CancelledError()",
            "type('PanicException', (BaseException,), {})('rust')",
        ):
            with self.subTest(expression=expression):
                reply = self.do("raise", expression=expression)
                self.assertEqual((reply["type"], reply["error_code"]), ("error", "9999"))
                self.assertEqual(self.do("nothing")["status"], "OK")

    def test_is_1004_when_a_framework_is_out_of_gpu_memory(self) -> None:
        for expression in (
            "type('OutOfMemoryError', (RuntimeError,), {})('CUDA out of memory. Tried to allocate 2 GiB')",
            "RuntimeError('CUDA error: out of memory')",
            "RuntimeError('CUDNN_STATUS_ALLOC_FAILED')",
            "type('XlaRuntimeError', (RuntimeError,), {})('RESOURCE_EXHAUSTED: Out of memory allocating 3 bytes')",
        ):
            with self.subTest(expression=expression):
                reply = self.do("raise", expression=expression)
                self.assertEqual((reply["error_code"], reply["error_class"]), ("1004", "GPUOutOfMemoryError"))
        wrapped = self.do("raise_from", error="RuntimeError('no result')", cause="RuntimeError('CUDA out of memory')")
        self.assertEqual(wrapped["error_code"], "1004")

    def test_is_no_1004_when_memory_of_the_host_is_exhausted(self) -> None:
        for expression in ("MemoryError()", "RuntimeError('the tray is out of memory cards')"):
            self.assertEqual(self.do("raise", expression=expression)["error_code"], "9999")

    def test_in_setup_is_a_failed_start_with_its_message(self) -> None:
        with Adapter("broken_starts:CancelledInSetup") as adapter:
            self.assertIn("CancelledError", adapter.receive()["message"])


class Info(unittest.TestCase):
    def test_is_answered_for_hosts_that_look_into_data_and_for_those_of_0_0_7(self) -> None:
        with started("puppet:Puppet") as adapter:
            data = adapter.ask("info")["data"]
            self.assertEqual(data["name"], "puppet")
            self.assertEqual((data["phase"], data["info"]["name"]), ("info", "puppet"))
            self.assertEqual(data["info"]["supported_pids"], ["A01", "B02"])


del OnePuppet

if __name__ == "__main__":
    unittest.main()
