"""The wheel: reproducible, valid, and installable without an index."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import os
import subprocess
import sys
import tempfile
import unittest
import zipfile
from email.parser import BytesParser
from pathlib import Path

from support import SOURCE
from procvision_algorithm_sdk import __version__

BUILD = SOURCE.parent / "build_wheel.py"
NAME = f"procvision_algorithm_sdk-{__version__}-py3-none-any.whl"
PIP_NEEDED = (22, 3)


def build(folder: str, **environment: str) -> Path:
    command = [sys.executable, str(BUILD), "--out", folder]
    built = subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True, check=True)
    return Path(built.stdout.strip())


class TheWheel(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def test_is_named_after_the_one_version_and_its_path_printed(self) -> None:
        self.assertEqual(build(self.folder), Path(self.folder, NAME))
        self.assertEqual(os.listdir(self.folder), [NAME], "nothing else is left in the folder")

    def test_has_the_same_bytes_each_time(self) -> None:
        first = build(os.path.join(self.folder, "a"), TZ="Asia/Tokyo", PYTHONHASHSEED="1").read_bytes()
        second = build(os.path.join(self.folder, "b"), TZ="UTC", PYTHONHASHSEED="2").read_bytes()
        self.assertEqual(first, second)

    def test_lists_every_file_in_its_record(self) -> None:
        with zipfile.ZipFile(build(self.folder)) as wheel:
            names = wheel.namelist()
            record = f"procvision_algorithm_sdk-{__version__}.dist-info/RECORD"
            rows = {row[0]: row[1:] for row in csv.reader(io.StringIO(wheel.read(record).decode()))}
            self.assertEqual(set(rows), set(names))
            self.assertEqual(rows.pop(record), ["", ""])
            for name, (digest, size) in rows.items():
                content = wheel.read(name)
                sha256 = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
                self.assertEqual((digest, int(size)), (f"sha256={sha256}", len(content)), name)

    def test_holds_every_source_file_and_nothing_else(self) -> None:
        with zipfile.ZipFile(build(self.folder)) as wheel:
            held = {name for name in wheel.namelist() if not name.startswith(f"procvision_algorithm_sdk-{__version__}")}
        sources = {path.relative_to(SOURCE).as_posix() for path in SOURCE.rglob("*.py")}
        self.assertEqual(held, sources | {"procvision_algorithm_sdk/py.typed"})

    def test_requires_nothing_and_offers_two_extras(self) -> None:
        with zipfile.ZipFile(build(self.folder)) as wheel:
            name = f"procvision_algorithm_sdk-{__version__}.dist-info/METADATA"
            metadata = BytesParser().parsebytes(wheel.read(name))
        self.assertEqual((metadata["Name"], metadata["Version"]), ("procvision_algorithm_sdk", __version__))
        self.assertEqual(metadata["Requires-Python"], ">=3.10")
        self.assertEqual(metadata.get_all("Provides-Extra"), ["numpy", "pillow"])
        self.assertTrue(all("extra ==" in requirement for requirement in metadata.get_all("Requires-Dist")))

    def test_installs_into_an_environment_without_pip_and_runs_there(self) -> None:
        version = subprocess.run([sys.executable, "-m", "pip", "--version"], capture_output=True, text=True)
        if version.returncode != 0 or tuple(map(int, version.stdout.split()[1].split(".")[:2])) < PIP_NEEDED:
            self.skipTest("this Python's pip is missing or older than 22.3")
        environment = os.path.join(self.folder, "venv")
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
        pip = [sys.executable, "-I", "-m", "pip", "--isolated", "--python", environment]
        options = ["--no-index", "--no-cache-dir", "--disable-pip-version-check", "--quiet"]
        subprocess.run([*pip, "install", *options, str(build(self.folder))], check=True, capture_output=True)
        python = os.path.join(environment, "bin", "python")
        command = [python, "-I", "-m", "procvision_algorithm_sdk.adapter", "--help"]
        told = subprocess.run(command, capture_output=True, text=True, check=True)
        self.assertIn("usage: python -m procvision_algorithm_sdk.adapter", told.stdout)


if __name__ == "__main__":
    unittest.main()
