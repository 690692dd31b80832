"""How the adapter starts: entry, setup, hello (contract §4 hello, §11)."""

from __future__ import annotations

import json
import os
import tempfile
import unittest
from pathlib import Path

from support import FIXTURES, Adapter, call, frame
from procvision_algorithm_sdk import __version__


class Hello(unittest.TestCase):
    def test_says_version_protocol_and_capabilities(self) -> None:
        with Adapter("puppet:Puppet") as adapter:
            hello = adapter.receive()
            self.assertIs(type(hello.pop("timestamp_ms")), int)
            capabilities = ["info", "session_state"]
            self.assertEqual(
                hello, {"type": "hello", "sdk_version": __version__, "protocol": 1, "capabilities": capabilities}
            )

    def test_announces_reset_only_for_an_algorithm_that_has_one(self) -> None:
        with Adapter("diary:Diary") as adapter:
            self.assertEqual(adapter.receive()["capabilities"], ["info", "reset", "session_state"])

    def test_comes_after_setup(self) -> None:
        with Adapter("diary:Diary") as adapter:
            adapter.receive()
            self.assertEqual([line["what"] for line in adapter.logs()], ["setup"])

    def test_opens_the_conversation_only_with_the_runners(self) -> None:
        with Adapter("puppet:Puppet") as adapter:
            adapter.receive()
            early = adapter.ask("execute", request_id="early")
            self.assertEqual((early["type"], early["request_id"], early["error_code"]), ("error", "early", "9999"))
            self.assertIn("before the Runner's hello", early["message"])
            adapter.send({"type": "hello"})
            self.assertEqual(adapter.ask("execute")["type"], "result")

    def test_is_followed_by_get_info_on_request(self) -> None:
        with Adapter("puppet:Puppet") as adapter:
            adapter.shake_hands()
            reply = adapter.ask("info")
            self.assertEqual((reply["type"], reply["phase"], reply["status"]), ("result", "info", "OK"))
            self.assertEqual(reply["data"]["supported_pids"], ["A01", "B02"])


class TheEntry(unittest.TestCase):
    def assert_starts(self, **options: object) -> None:
        with Adapter(None, **options) as adapter:  # type: ignore[arg-type]
            self.assertEqual(adapter.receive()["type"], "hello", adapter.stderr())

    def test_is_an_option(self) -> None:
        self.assert_starts(arguments=["--entry", "puppet:Puppet"])
        self.assert_starts(arguments=["--entry=puppet:Puppet"])

    def test_is_in_the_environment(self) -> None:
        self.assert_starts(environment={"PROC_ENTRY_POINT": "puppet:Puppet"})

    def test_is_in_the_manifest_of_the_working_folder(self) -> None:
        with package_folder() as folder:
            self.assert_starts(folder=folder)

    def test_is_in_the_manifest_of_the_algorithms_root(self) -> None:
        with package_folder() as folder, tempfile.TemporaryDirectory() as elsewhere:
            self.assert_starts(folder=Path(elsewhere), environment={"PROC_ALGO_ROOT": str(folder)})

    def test_is_found_in_the_root_whatever_the_working_folder(self) -> None:
        with tempfile.TemporaryDirectory() as elsewhere:
            environment = {"PROC_ALGO_ROOT": str(FIXTURES), "PROC_ENTRY_POINT": "puppet:Puppet"}
            self.assert_starts(folder=Path(elsewhere), environment=environment)

    def test_as_an_option_wins_over_the_environment(self) -> None:
        self.assert_starts(arguments=["--entry", "puppet:Puppet"], environment={"PROC_ENTRY_POINT": "nowhere:None"})


class AFailedStart(unittest.TestCase):
    def failure(self, entry: str | None, **options: object) -> dict:
        with Adapter(entry, **options) as adapter:  # type: ignore[arg-type]
            message = adapter.receive()
            self.assertEqual((message["type"], message["status"]), ("error", "ERROR"))
            self.assertEqual(adapter.exit_code(), 1)
            errors = [line for line in adapter.logs() if line["level"] == "error"]
            self.assertIn("Traceback", errors[0]["traceback"])
            return message

    def test_keeps_the_message_of_setup(self) -> None:
        failure = self.failure("broken_starts:SetupRaises")
        self.assertEqual(failure["message"], "the model file is missing")
        self.assertEqual((failure["error_class"], failure["error_code"]), ("FatalError", "1003"))

    def test_may_be_an_exit_in_setup(self) -> None:
        failure = self.failure("broken_starts:SetupExits")
        self.assertEqual((failure["error_class"], failure["message"]), ("SystemExit", "SystemExit: no licence"))

    def test_names_a_module_that_cannot_be_imported(self) -> None:
        self.assertIn("No module named 'nowhere'", self.failure("nowhere:Thing")["message"])

    def test_names_what_the_module_itself_could_not_import(self) -> None:
        message = self.failure("does_not_import:Thing")["message"]
        self.assertIn("cannot import does_not_import", message)
        self.assertIn("No module named 'a_module_that_does_not_exist'", message)

    def test_names_a_missing_class(self) -> None:
        self.assertIn("has no Thing", self.failure("puppet:Thing")["message"])

    def test_names_what_is_no_algorithm(self) -> None:
        self.assertIn("not a class derived from", self.failure("broken_starts:NotAnAlgorithm")["message"])

    def test_names_missing_methods(self) -> None:
        self.assertIn("does not implement get_info", self.failure("broken_starts:NoGetInfo")["message"])

    def test_names_an_entry_of_another_form(self) -> None:
        self.assertIn("module:Class", self.failure("puppet")["message"])

    def test_says_where_an_entry_could_have_been(self) -> None:
        with tempfile.TemporaryDirectory() as empty:
            message = self.failure(None, folder=Path(empty))["message"]
        for place in ("--entry", "PROC_ENTRY_POINT", "manifest.json", os.path.realpath(empty)):
            self.assertIn(place, message)

    def test_names_a_manifest_that_cannot_be_read(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "manifest.json")
            path.write_bytes('{"entry_point": "x:Y"}'.encode("utf-16"))
            self.assertIn(os.path.realpath(path), self.failure(None, folder=Path(folder))["message"])
            path.write_text('{"name": "x"}')
            self.assertIn("no entry_point", self.failure(None, folder=Path(folder))["message"])

    def test_by_wrong_usage_says_how(self) -> None:
        with Adapter(None, arguments=["--entr"]) as adapter:
            self.assertEqual(adapter.exit_code(), 64)
            self.assertIn("usage: python -m procvision_algorithm_sdk.adapter", adapter.stderr())


class package_folder(tempfile.TemporaryDirectory):
    """An algorithm's source beside a manifest that begins with a byte-order mark."""

    def __enter__(self) -> Path:  # type: ignore[override]
        folder = Path(super().__enter__())
        (folder / "puppet.py").write_bytes((FIXTURES / "puppet.py").read_bytes())
        manifest = json.dumps({"name": "puppet", "entry_point": "puppet:Puppet"})
        (folder / "manifest.json").write_text(manifest, encoding="utf-8-sig")
        return folder


class SplitFrames(unittest.TestCase):
    def test_arrive_whole_through_the_pipe_whatever_the_cut(self) -> None:
        content = frame(call("execute", request_id="cut"))
        with Adapter("puppet:Puppet") as adapter:
            adapter.shake_hands()
            for cut in range(1, len(content)):
                adapter.send_bytes(content[:cut])
                adapter.send_bytes(content[cut:])
                self.assertEqual(adapter.receive()["request_id"], "cut")


if __name__ == "__main__":
    unittest.main()
