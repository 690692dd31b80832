"""The protocol's streams belong to the protocol (contract §4 Streams)."""

from __future__ import annotations

import os
import unittest

from support import Adapter, started


class WhateverTheAlgorithmDoes(unittest.TestCase):
    adapter: Adapter

    @classmethod
    def setUpClass(cls) -> None:
        cls.adapter = started("puppet:Puppet")
        cls.addClassCleanup(cls.adapter.__exit__)

    def do(self, what: str) -> dict:
        reply = self.adapter.ask("execute", user_params={"do": what})
        self.assertEqual(reply["type"], "result", reply)
        return reply["data"]

    def test_prints_land_in_stderr(self) -> None:
        self.do("print")
        for text in ("printed by Python", "written to descriptor 1", "printed by a subprocess"):
            self.assertIn(text + "\n", self.adapter.stderr())

    def test_neither_it_nor_its_children_eat_frames(self) -> None:
        data = self.do("read_stdin")
        self.assertEqual((data["own"], data["child"]), ("", "''"))

    @unittest.skipUnless(os.path.isdir("/proc/self/fd"), "needs /proc")
    def test_no_program_it_runs_holds_the_pipes(self) -> None:
        ends = {os.readlink(f"/proc/{self.adapter.process.pid}/fd/{n}") for n in self.protocol_descriptors()}
        self.assertEqual(len(ends), 3, "the two of the protocol, and the one by which a signal ends a wait")
        listing = self.do("list_descriptors_of_child")["listing"]
        self.assertIn("[", listing)
        for end in ends:
            self.assertNotIn(end, listing)

    @unittest.skipUnless(os.path.isdir("/proc/self/fd"), "needs /proc")
    def test_no_worker_it_forks_holds_the_pipes(self) -> None:
        self.assertEqual(self.do("fork")["pipes"], 0)
        self.assertEqual(self.adapter.ask("execute")["type"], "result", "the parent still has them")

    def protocol_descriptors(self) -> list[str]:
        folder = f"/proc/{self.adapter.process.pid}/fd"
        return [name for name in os.listdir(folder) if os.readlink(f"{folder}/{name}").startswith("pipe:")]


if __name__ == "__main__":
    unittest.main()
