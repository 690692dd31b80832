"""How the adapter answers calls (contract §4 call, result, error)."""

from __future__ import annotations

import unittest

from support import IMAGE_META, OnePuppet, call, started


class AResult(OnePuppet):
    def test_answers_its_call(self) -> None:
        reply = self.adapter.ask("execute", request_id="r42")
        self.assertEqual((reply["type"], reply["request_id"], reply["phase"]), ("result", "r42", "execute"))
        self.assertEqual((reply["status"], reply["message"]), ("OK", ""))
        self.assertIs(type(reply["timestamp_ms"]), int)
        self.assertNotIn("error_code", reply)

    def test_carries_the_data_untouched(self) -> None:
        defects = [{"x": 1, "score": 0.5}]
        data = {"result_status": "NG", "ng_reason": "screw missing", "defect_rects": defects, "own": {"é": None}}
        reply = self.do("answer", answer={"status": "OK", "message": "found", "data": data})
        self.assertEqual(reply["message"], "found")
        reply["data"].pop("debug")
        self.assertEqual(reply["data"], data)

    def test_measures_its_latency(self) -> None:
        latency_ms = self.do("busy", seconds=0.02)["data"]["debug"]["latency_ms"]
        self.assertTrue(20 <= latency_ms < 2000, latency_ms)

    def test_keeps_the_latency_the_algorithm_measured(self) -> None:
        answer = {"status": "OK", "data": {"debug": {"latency_ms": 7, "model_version": "3"}}}
        self.assertEqual(self.do("answer", answer=answer)["data"]["debug"], {"latency_ms": 7, "model_version": "3"})

    def test_of_pre_is_named_pre(self) -> None:
        self.assertEqual(self.adapter.ask("pre")["phase"], "pre")

    def test_of_status_error_has_a_code(self) -> None:
        plain = self.do("answer", answer={"status": "ERROR", "message": "no model"})
        self.assertEqual((plain["type"], plain["status"], plain["error_code"]), ("result", "ERROR", "9999"))
        own = self.do("answer", answer={"status": "ERROR", "message": "no model", "error_code": 1003})
        self.assertEqual(own["error_code"], "1003")

    def test_without_data_stays_without(self) -> None:
        self.assertNotIn("data", self.do("answer", answer={"status": "OK"}))

    def test_carries_what_diagnostics_published_for_this_call_alone(self) -> None:
        published = self.do("publish", items={"sharpness": 0.5, "gain": 2}, debug={"gain": 3})
        debug = published["data"]["debug"]
        self.assertEqual((debug["sharpness"], debug["gain"]), (0.5, 3), "the algorithm's own key wins")
        self.assertNotIn("sharpness", self.do("publish", items={})["data"]["debug"])

    def test_is_not_written_into_what_the_algorithm_returned(self) -> None:
        with started("bare:Bare") as adapter:
            adapter.ask("execute")
            debug = adapter.ask("execute")["data"]["debug"]
            self.assertEqual(set(debug), {"latency_ms", "model_version"})


class Arguments(OnePuppet):
    fields = {
        "step_index": 3,
        "pid": "B02",
        "session": {"id": "s9", "context": {"product_code": "B02", "trace_id": "t9"}},
        "user_params": {"do": "tell_arguments", "threshold": 0.5},
        "shared_mem_id": "image-1",
        "image_meta": {**IMAGE_META, "camera_id": "top"},
    }
    told = {
        "params": fields["user_params"],
        "context": fields["session"]["context"],  # type: ignore[index]
        "shared_mem_id": "image-1",
        "image_meta": fields["image_meta"],
    }

    def assert_told(self, message: dict, **differences: object) -> None:
        self.adapter.send({"type": "call", "request_id": "r1", **message})
        reply = self.adapter.receive()
        self.assertEqual(reply["type"], "result", reply)
        data = {name: value for name, value in reply["data"].items() if name not in ("debug", "result_status")}
        self.assertEqual(data, {**self.told, **differences})

    def test_are_read_at_the_top_level(self) -> None:
        self.assert_told({"phase": "execute", **self.fields})

    def test_are_read_inside_data(self) -> None:
        self.assert_told({"data": {"phase": "execute", **self.fields}})
        self.assert_told({"phase": "execute", "data": self.fields})

    def test_at_the_top_level_win(self) -> None:
        other = {**self.fields, "shared_mem_id": "image-2"}
        self.assert_told({"phase": "execute", **self.fields, "data": other})

    def test_name_the_phase_by_the_older_method_too(self) -> None:
        self.assert_told({"method": "pre_execute", **self.fields})
        self.assert_told({"method": "execute", **self.fields})

    def test_may_leave_out_parameters_and_image(self) -> None:
        reply = self.adapter.ask("execute", user_params=None, shared_mem_id=None, image_meta=None)
        self.assertEqual(reply["type"], "result", reply)

    def test_that_are_missing_or_odd_are_refused_by_name(self) -> None:
        cases = [
            ("step_index", {"step_index": None}),
            ("step_index", {"step_index": "1"}),
            ("session", {"session": None}),
            ("session", {"session": {"context": {}}}),
            ("session.state", {"session": {"id": "s", "state": []}}),
            ("session.context", {"session": {"id": "s", "context": "x"}}),
            ("user_params", {"user_params": [1]}),
            ("image_meta", {"image_meta": "x"}),
            ("shared_mem_id", {"shared_mem_id": 5}),
            ("phase", {"phase": "train"}),
            ("phase", {"phase": {}}),
            ("phase", {"phase": None}),
        ]
        for name, fields in cases:
            with self.subTest(**fields):
                self.adapter.send({**call("execute", request_id="odd"), **fields})
                reply = self.adapter.receive()
                self.assertEqual((reply["type"], reply["request_id"], reply["status"]), ("error", "odd", "ERROR"))
                self.assertIn(f"`{name}`" if name != "phase" else "phase", reply["message"])

    def test_with_an_unsupported_pid_are_refused_as_1001(self) -> None:
        for phase in ("pre", "execute"):
            reply = self.adapter.ask(phase, pid="C03")
            self.assertEqual((reply["type"], reply["error_code"]), ("error", "1001"))
            self.assertIn("A01, B02", reply["message"])
        for pid in (None, 7, ["A01"]):
            self.adapter.send({**call("execute"), "pid": pid})
            self.assertEqual(self.adapter.receive()["error_code"], "1001")


class AnException(OnePuppet):
    def failure(self, expression: str, phase: str = "execute") -> dict:
        reply = self.do("raise", phase, expression=expression)
        self.assertEqual((reply["type"], reply["status"], reply["request_id"]), ("error", "ERROR", "r1"))
        self.assertEqual(reply["phase"], phase)
        return reply

    def test_becomes_an_error_frame_of_its_class(self) -> None:
        expected = {
            "RecoverableError('x')": ("RecoverableError", "9999", "x"),
            "RecoverableError('x', error_code='1002')": ("RecoverableError", "1002", "x"),
            "FatalError('x')": ("FatalError", "9999", "x"),
            "GPUOutOfMemoryError('x')": ("GPUOutOfMemoryError", "1004", "x"),
            "ProgramError('x')": ("ProgramError", "9999", "x"),
            "ZeroDivisionError('x')": ("ZeroDivisionError", "9999", "ZeroDivisionError: x"),
            "KeyError()": ("KeyError", "9999", "KeyError"),
            "SystemExit(3)": ("SystemExit", "9999", "SystemExit: 3"),
        }
        for expression, fields in expected.items():
            with self.subTest(expression=expression):
                reply = self.failure(expression)
                self.assertEqual((reply["error_class"], reply["error_code"], reply["message"]), fields)

    def test_of_a_derived_class_goes_by_the_sdks_name(self) -> None:
        self.assertEqual(self.failure("Own('x')")["error_class"], "RecoverableError")

    def test_carries_its_data(self) -> None:
        self.assertEqual(self.failure("FatalError('x', data={'camera': 2})")["data"], {"camera": 2})

    def test_arrives_without_data_that_is_not_json(self) -> None:
        reply = self.failure("FatalError('x', data={'camera': {1}})")
        self.assertEqual((reply["message"], reply.get("data")), ("x", None))

    def test_in_pre_is_reported_alike(self) -> None:
        self.failure("ValueError('x')", "pre")

    def test_whose_text_cannot_be_read_is_reported_all_the_same(self) -> None:
        self.assertIn("Unreadable", self.failure("Unreadable()")["message"])

    def test_with_an_endless_text_is_cut(self) -> None:
        self.assertLess(len(self.failure("ValueError('x' * 5_000_000)")["message"]), 10_000)

    def test_is_logged_with_traceback_and_call(self) -> None:
        self.failure("ArithmeticError('look me up')")
        line = next(line for line in self.adapter.logs() if "look me up" in line["message"])
        self.assertEqual((line["level"], line["error_class"]), ("error", "ArithmeticError"))
        self.assertIn("in do_raise", line["traceback"])
        self.assertEqual((line["session_id"], line["pid"], line["step_index"]), ("s1", "A01", 1))


class AnAnswerThatCannotBeSent(OnePuppet):
    def assert_error(self, reply: dict, *expected: str) -> None:
        self.assertEqual((reply["type"], reply["error_code"], reply["request_id"]), ("error", "9999", "r1"))
        for text in expected:
            self.assertIn(text, reply["message"])

    def test_because_it_is_no_dict(self) -> None:
        for expression in ("None", "[]", "'OK'"):
            self.assert_error(self.do("return", expression=expression), "must return a dict")

    def test_because_a_value_is_not_json(self) -> None:
        self.assert_error(self.do("answer_with", expression="[0, object()]"), "data.value[1] is a object", "not JSON")

    def test_because_a_number_is_nan_or_infinite(self) -> None:
        self.assert_error(self.do("answer_with", expression="{'score': float('nan')}"), "data.value.score is nan")
        self.assert_error(self.do("answer_with", expression="float('inf')"), "data.value is inf")

    def test_because_it_contains_itself(self) -> None:
        expression = "(lambda endless: endless.append(endless) or endless)([])"
        self.assert_error(self.do("answer_with", expression=expression), "contains itself")

    def test_because_it_is_larger_than_a_frame(self) -> None:
        self.assert_error(self.do("answer_with", expression="'x' * 3_000_000"), "results never carry images")

    def test_because_it_is_larger_than_the_runner_allows(self) -> None:
        with started("puppet:Puppet") as adapter:
            adapter.send({"type": "hello", "max_frame_bytes": 1000})
            reply = adapter.ask("execute", user_params={"do": "answer_with", "expression": "'x' * 2000"})
            self.assert_error(reply, "a frame holds 1000")

    def test_of_more_than_a_pipe_holds_arrives_whole(self) -> None:
        reply = self.do("answer_with", expression="'x' * 1_500_000")
        self.assertEqual(len(reply["data"]["value"]), 1_500_000)


class WhatIsUnknown(OnePuppet):
    def test_is_ignored_with_one_warning(self) -> None:
        for _ in range(2):
            self.adapter.send({"type": "telegram"})
            self.assertEqual(self.adapter.ask("execute", colour="red")["type"], "result")
        warnings = [line["message"] for line in self.adapter.logs() if line["level"] == "warning"]
        self.assertEqual(sum("'telegram'" in text for text in warnings), 1, warnings)
        self.assertEqual(sum("'colour'" in text for text in warnings), 1, warnings)


class ALogLineOfTheAlgorithm(OnePuppet):
    def test_says_which_call_it_belongs_to(self) -> None:
        self.do("log")
        line = next(line for line in self.adapter.logs() if line["message"] == "a line of the algorithm")
        self.assertEqual((line["session_id"], line["pid"], line["step_index"], line["size"]), ("s1", "A01", 1, 3))


del OnePuppet

if __name__ == "__main__":
    unittest.main()
