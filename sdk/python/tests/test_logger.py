"""Structured logs and diagnostics (contract §11)."""

from __future__ import annotations

import contextlib
import io
import json
import time
import unittest

import support
from procvision_algorithm_sdk import Diagnostics, StructuredLogger


class ALogLine(unittest.TestCase):
    def setUp(self) -> None:
        self.sink = io.StringIO()
        self.logger = StructuredLogger(self.sink)

    def line(self) -> dict:
        text = self.sink.getvalue()
        self.assertEqual(text.count("\n"), 1)
        return json.loads(text, parse_constant=self.fail)

    def test_has_level_time_message_and_fields(self) -> None:
        before = time.time_ns() // 1_000_000
        self.logger.info("screw found", x=12, label="M4")
        line = self.line()
        self.assertLessEqual(before, line.pop("timestamp_ms"))
        self.assertEqual(line, {"level": "info", "message": "screw found", "x": 12, "label": "M4"})

    def test_knows_its_levels(self) -> None:
        levels = ["debug", "info", "warning", "error"]
        for level in levels:
            getattr(self.logger, level)("x")
        self.assertEqual([json.loads(text)["level"] for text in self.sink.getvalue().splitlines()], levels)

    def test_goes_to_stderr_by_default(self) -> None:
        with contextlib.redirect_stderr(io.StringIO()) as stderr:
            StructuredLogger().error("x")
        self.assertEqual(json.loads(stderr.getvalue())["message"], "x")

    def test_is_one_line_whatever_the_text(self) -> None:
        self.logger.info("two\nlines \ud800")
        self.assertEqual(self.line()["message"], "two\nlines \ud800")

    def test_survives_fields_that_are_not_json(self) -> None:
        self.logger.info("x", a={1, 2}, b=float("nan"), c={(1, 2): 3})
        self.assertEqual(self.line()["a"], "{1, 2}")

    def test_cannot_lose_its_level_to_a_field(self) -> None:
        self.logger.error("x", level="info", message="y")
        self.assertEqual((self.line()["level"], self.line()["message"]), ("error", "x"))

    def test_to_a_closed_sink_is_no_error(self) -> None:
        self.sink.close()
        self.logger.error("x")

    def test_is_flushed(self) -> None:
        flushed: list[bool] = []
        self.sink.flush = lambda: flushed.append(True)  # type: ignore[method-assign]
        self.logger.info("x")
        self.assertEqual(flushed, [True])


class TheDiagnostics(unittest.TestCase):
    def test_collect_items_and_hand_out_copies(self) -> None:
        diagnostics = Diagnostics()
        diagnostics.publish("sharpness", 0.7)
        diagnostics.get()["sharpness"] = 0
        self.assertEqual(diagnostics.get(), {"sharpness": 0.7})
        self.assertEqual(diagnostics.items, {"sharpness": 0.7})


if __name__ == "__main__":
    unittest.main()
