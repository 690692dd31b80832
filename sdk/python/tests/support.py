"""A tiny Runner for the tests: starts the adapter as a real process and speaks frames with it."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import unittest.mock
from pathlib import Path
from typing import Any

SOURCE = Path(__file__).resolve().parent.parent / "src"
FIXTURES = Path(__file__).resolve().parent / "fixtures"
if str(SOURCE) not in sys.path:
    sys.path.insert(0, str(SOURCE))

TIMEOUT_S = 60.0
"""For whatever must happen soon; nothing waits this long in a passing run."""

IMAGE_META = {"width": 4, "height": 2, "timestamp_ms": 0, "camera_id": "test"}


def frame(message: dict[str, Any]) -> bytes:
    payload = json.dumps(message).encode()
    return len(payload).to_bytes(4, "big") + payload


class Adapter:
    """One adapter process. Use it as a context manager: it never outlives its test."""

    def __init__(
        self,
        entry: str | None,
        *,
        arguments: list[str] | None = None,
        environment: dict[str, str] | None = None,
        folder: Path = FIXTURES,
        wrapper: list[str] | None = None,
    ) -> None:
        options = arguments if arguments is not None else (["--entry", entry] if entry else [])
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("PROC_")}
        self._stderr = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            [*(wrapper or []), sys.executable, "-m", "procvision_algorithm_sdk.adapter", *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._stderr,
            cwd=folder,
            env={**inherited, "PYTHONPATH": str(SOURCE), **(environment or {})},
            bufsize=0,
        )
        self._received = b""

    def __enter__(self) -> Adapter:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            assert stream is not None
            try:
                stream.close()
            except BrokenPipeError:
                pass
        self._stderr.close()

    def send_bytes(self, content: bytes) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(content)

    def send(self, message: dict[str, Any]) -> None:
        self.send_bytes(frame(message))

    def receive(self, timeout_s: float = TIMEOUT_S) -> dict[str, Any]:
        """The next frame; EOFError when the process closed its stream, TimeoutError when nothing comes."""
        deadline = time.monotonic() + timeout_s
        while True:
            length = int.from_bytes(self._received[:4], "big")
            if len(self._received) >= 4 + length and len(self._received) >= 4:
                payload, self._received = self._received[4 : 4 + length], self._received[4 + length :]
                return json.loads(payload)
            assert self.process.stdout is not None
            remaining = deadline - time.monotonic()
            if remaining <= 0 or not select.select([self.process.stdout], [], [], remaining)[0]:
                raise TimeoutError(f"no frame within {timeout_s} s; stderr: {self.stderr()}")
            chunk = self.process.stdout.read(65536)
            if not chunk:
                raise EOFError(f"the adapter closed its stream; stderr: {self.stderr()}")
            self._received += chunk

    def shake_hands(self, **fields: Any) -> dict[str, Any]:
        hello = self.receive()
        self.send({"type": "hello", "runner_version": "test", **fields})
        return hello

    def ask(self, phase: str, **fields: Any) -> dict[str, Any]:
        self.send(call(phase, **fields))
        return self.receive()

    def close_stdin(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()

    def exit_code(self) -> int:
        return self.process.wait(TIMEOUT_S)

    def shut_down(self) -> int:
        self.send({"type": "shutdown"})
        answer = self.receive()
        assert answer == {"type": "shutdown", "status": "OK"}, answer
        return self.exit_code()

    def stderr(self) -> str:
        # The process writes through its own descriptor to the same open file: read at a position of our own.
        return os.pread(self._stderr.fileno(), 1 << 20, 0).decode()

    def wait_for_log(self, text: str) -> None:
        deadline = time.monotonic() + TIMEOUT_S
        while text not in self.stderr():
            if time.monotonic() > deadline:
                raise TimeoutError(f"{text!r} was not logged; stderr: {self.stderr()}")
            time.sleep(0.01)

    def logs(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.stderr().splitlines() if line.startswith("{")]


def started(entry: str, **options: Any) -> Adapter:
    """An adapter whose handshake is complete."""
    adapter = Adapter(entry, **options)
    try:
        adapter.shake_hands()
    except BaseException:
        adapter.__exit__()
        raise
    return adapter


def call(phase: str, **fields: Any) -> dict[str, Any]:
    """A complete call; `fields` replace or add, a field of None is left out."""
    message = {
        "type": "call",
        "request_id": "r1",
        "timestamp_ms": 0,
        "phase": phase,
        "step_index": 1,
        "pid": "A01",
        "session": {"id": "s1", "context": {"product_code": "A01", "trace_id": "t1"}},
        "user_params": {},
        "shared_mem_id": "none",
        "image_meta": IMAGE_META,
    }
    return {name: value for name, value in {**message, **fields}.items() if value is not None}


def require(*modules: str) -> None:
    """Skips a test of NumPy or Pillow where they are absent; fails it there under PROCVISION_REQUIRE_NUMPY=1."""
    for module in modules:
        try:
            __import__(module)
        except ImportError:
            if os.environ.get("PROCVISION_REQUIRE_NUMPY") == "1":
                raise
            raise unittest.SkipTest(f"{module} is not installed") from None


class Pool:
    """A folder of segments as the Runner keeps it, made the process's PROC_SHM_DIR for one test."""

    def __init__(self, test: unittest.TestCase) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self.path = Path(self._folder.name)
        test.addCleanup(self._folder.cleanup)
        environment = unittest.mock.patch.dict(os.environ, {"PROC_SHM_DIR": str(self.path)})
        environment.start()
        test.addCleanup(environment.stop)

    def write_npy(self, name: str, shape: tuple[int, ...], pixels: bytes, *, slack: int = 0, **header: Any) -> Path:
        """Writes over the segment's file in place, as the Runner reuses a slot; `slack` bytes lie behind the array."""
        fields = {"descr": "|u1", "fortran_order": False, "shape": shape, **header}
        text = repr(fields).encode()
        text += b" " * (-(11 + len(text)) % 64) + b"\n"
        content = b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text + pixels + b"\xaa" * slack
        return self.write(f"{name}.npy", content)

    def write(self, name: str, content: bytes) -> Path:
        path = self.path / name
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
        os.pwrite(descriptor, content, 0)
        os.close(descriptor)
        return path


def meta(width: int, height: int, **fields: Any) -> dict[str, Any]:
    return {"width": width, "height": height, "timestamp_ms": 0, "camera_id": "test", **fields}


class OnePuppet(unittest.TestCase):
    """One process for all the calls of a class: none of them may spoil the next."""

    adapter: Adapter

    @classmethod
    def setUpClass(cls) -> None:
        cls.adapter = started("puppet:Puppet")
        cls.addClassCleanup(cls.adapter.__exit__)

    def do(self, what: str, phase: str = "execute", **params: object) -> dict:
        return self.adapter.ask(phase, user_params={"do": what, **params})
