"""Algorithms and hosts of the SDK's first releases, 0.0.5 to 0.0.7, unchanged (contract §4, §7, §11)."""

from __future__ import annotations

import tempfile
import unittest
from pathlib import Path

from support import Adapter, require, started

ENTRY = "original:ScrewAlgorithm"
OPTIONS = ["--entry", ENTRY, "--heartbeat-interval-ms", "5000", "--heartbeat-grace-ms=2000", "--log-level", "info"]
PIXELS = bytes(range(6))
META = {"width": 2, "height": 1, "timestamp_ms": 0, "camera_id": "dev"}


def execute(adapter: Adapter, what: str, **fields: object) -> dict:
    return adapter.ask("execute", user_params={"do": what}, **fields)


class AnAlgorithmOfTheOriginal(unittest.TestCase):
    adapter: Adapter

    @classmethod
    def setUpClass(cls) -> None:
        cls.adapter = started(ENTRY)
        cls.addClassCleanup(cls.adapter.__exit__)

    def test_has_the_fields_of_its_base_class(self) -> None:
        (line,) = [line for line in self.adapter.logs() if line["message"] == "resources loaded"]
        self.assertIs(line["loaded"], True)
        debug = self.adapter.ask("pre")["data"]["debug"]
        self.assertIs(debug["loaded"], True)

    def test_may_answer_pre_without_data_and_with_its_debug_beside(self) -> None:
        reply = self.adapter.ask("pre")
        self.assertEqual((reply["status"], reply["message"]), ("OK", "ready"))
        self.assertEqual(sorted(reply["data"]), ["debug"])

    def test_may_answer_without_status_and_with_debug_beside_data(self) -> None:
        reply = execute(self.adapter, "judge")
        self.assertEqual((reply["status"], reply["data"]["result_status"]), ("OK", "OK"))
        self.assertEqual(reply["data"]["debug"]["model_version"], "yolo-1.2")
        self.assertEqual(reply["data"]["debug"]["latency_ms"], 1.5, "what is in data is nearer")
        logged = [line["message"] for line in self.adapter.logs() if line["level"] == "debug"]
        self.assertIn("the answer has no `status`; it is taken for OK", logged)
        self.assertIn("the answer has `debug` beside `data`; it is taken into data.debug", logged)

    def test_without_status_and_with_an_error_code_answers_an_error(self) -> None:
        reply = execute(self.adapter, "fails")
        self.assertEqual((reply["status"], reply["message"], reply["error_code"]), ("ERROR", "too dark", "1002"))

    def test_finds_the_pid_in_the_context_of_a_step(self) -> None:
        with started(ENTRY) as adapter:
            adapter.ask("pre")
            seen = execute(adapter, "tells")["data"]["seen"]
        self.assertEqual(seen[0], ["start", 1, "A01", "A01"])


class AHostOfTheOriginal(unittest.TestCase):
    def test_may_give_the_adapter_its_options(self) -> None:
        with Adapter(None, arguments=OPTIONS) as adapter:
            adapter.shake_hands()
            self.assertEqual(execute(adapter, "tells")["data"]["arguments"], [])
            levels = {line["level"] for line in adapter.logs()}
            self.assertNotIn("debug", levels)

    def test_is_told_at_debug_which_of_them_have_no_effect(self) -> None:
        with Adapter(None, arguments=[*OPTIONS[:-1], "debug"]) as adapter:
            adapter.shake_hands()
            messages = [line["message"] for line in adapter.logs()]
        self.assertIn("ignored the options --heartbeat-interval-ms, --heartbeat-grace-ms", messages)

    def test_that_misspells_one_is_told_the_usage(self) -> None:
        for arguments in (["--log-level", "loud"], ["--hartbeat-interval-ms", "5"], ["--entry"]):
            with Adapter(None, arguments=arguments) as adapter:
                self.assertEqual(adapter.exit_code(), 64)
                self.assertIn("usage: ", adapter.stderr())

    def test_puts_images_into_the_temporary_folder_where_no_pool_is_named(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            shared = Path(folder) / "procvision_dev_shm"
            shared.mkdir()
            header = b"{'descr': '|u1', 'fortran_order': False, 'shape': (1, 2, 3), }"
            header += b" " * (-(11 + len(header)) % 64) + b"\n"
            content = b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header + PIXELS
            (shared / "dev-1.npy").write_bytes(content)
            with started(ENTRY, environment={"TMPDIR": folder}) as adapter:
                reply = execute(adapter, "looks", shared_mem_id="dev-1", image_meta=META)
                self.assertEqual(reply["data"]["bytes"], [*PIXELS])
                gone = execute(adapter, "looks", shared_mem_id="dev-2", image_meta=META)
                self.assertIn("PROC_SHM_DIR is not set", gone["data"]["debug"]["image_decode_reason"])

    def test_finds_there_what_an_algorithm_wrote_until_it_clears_it(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            shared = f"{folder}/procvision_dev_shm"
            with started(ENTRY, environment={"TMPDIR": folder, "WRITTEN_TO": shared}) as adapter:
                counts = execute(adapter, "writes_and_clears")["data"]["counts"]
        self.assertEqual(counts, [["one.npy", "two.bin"], ["two.bin"], []])


class NumPy(unittest.TestCase):
    def test_is_imported_before_hello(self) -> None:
        require("numpy")
        with started(ENTRY) as adapter:
            self.assertIs(execute(adapter, "knows_numpy")["data"]["knows"], True)


if __name__ == "__main__":
    unittest.main()
