"""Runs an algorithm as a process of the Runner: `python -m procvision_algorithm_sdk.adapter [--entry module:Class] [--log-level LEVEL]`.

Frames on stdin and stdout, logs on stderr (contract §4). The entry comes from `--entry`, PROC_ENTRY_POINT, or the
manifest.json in the working folder or in PROC_ALGO_ROOT. The algorithm finds no arguments in sys.argv. Options of heartbeats
(`--heartbeat-interval-ms`, …) are taken and have no effect: the Runner's hello says what holds.

Exit codes: 0 after shutdown, end of stdin, or a signal at rest · 1 the start failed, or stdin ended amid work ·
2 stdin was not a sequence of frames · 64 wrong usage · 143 a signal amid work.
"""

from __future__ import annotations

import os
import sys

from ._adapter.calls import Calls
from ._adapter.channel import Channel
from ._adapter.conversation import Conversation, hello
from ._adapter.entry import find_entry, load_algorithm
from ._adapter.faults import error_frame, log_error
from ._adapter.hooks import Hooks
from ._adapter.leaving import Terminated, exit_within, leave_on_signals
from ._adapter.logs import hear_logs
from ._adapter.options import read_options
from ._adapter.replies import encode_error
from ._adapter.streams import take_protocol_streams
from ._adapter.watcher import Watcher
from ._images.arrays import import_numpy
from .framing import MAX_FRAME_BYTES
from .logger import StructuredLogger

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .base import BaseAlgorithm

EXIT_OK, EXIT_START_FAILED, EXIT_PROTOCOL_FAULT, EXIT_USAGE = 0, 1, 2, 64

TEARDOWN_LIMIT_S = 5.0
"""For a teardown that nobody waits for any more."""

GOODBYE_LIMIT_S = 2.0
"""For threads and exit handlers the algorithm left behind; below the 3 s after which the Runner sends SIGTERM."""

USAGE = "usage: python -m procvision_algorithm_sdk.adapter [--entry module:Class] [--log-level LEVEL]\n"


def main(arguments: list[str]) -> int:
    """The whole life of the process; the result is its exit code."""
    if arguments in (["-h"], ["--help"]):
        sys.stdout.write(f"{USAGE}\n{__doc__}")
        return EXIT_OK
    try:
        options = read_options(arguments)
    except ValueError as error:
        sys.stderr.write(f"{error}\n{USAGE}")
        return EXIT_USAGE

    del sys.argv[1:]  # They are the adapter's; what the algorithm parses would trip over them.
    channel = Channel(*take_protocol_streams())
    hear_logs(options.log_level)
    if options.ignored:
        StructuredLogger().debug(f"ignored the options {', '.join(options.ignored)}")
    watcher = Watcher(channel)
    leave_on_signals(watcher)
    watcher.start()
    try:
        algorithm = _start(options.entry, channel, watcher)
        if algorithm is None:
            exit_within(GOODBYE_LIMIT_S, EXIT_START_FAILED)
            return EXIT_START_FAILED
        return _serve(algorithm, channel, watcher)
    except Terminated:  # Amid the start, between two pieces of work.
        return EXIT_OK


def _start(option: str | None, channel: Channel, watcher: Watcher) -> BaseAlgorithm | None:
    """An algorithm ready to work, hello said; or None, and the Runner was told why."""
    try:
        watcher.begin("setup")  # A Runner that dies while a model is loading must not leave this process behind.
        try:
            algorithm = load_algorithm(find_entry(option, os.environ), os.environ)
            algorithm.setup()
            import_numpy()
        finally:
            watcher.end()
    except Terminated:
        raise
    except BaseException as error:
        log_error(StructuredLogger(), "the algorithm did not start", error)
        try:
            channel.write(encode_error(error_frame(error), MAX_FRAME_BYTES))
        except OSError:
            pass  # Nobody is there to be told; the log line was written.
        return None
    return algorithm


def _serve(algorithm: BaseAlgorithm, channel: Channel, watcher: Watcher) -> int:
    code = EXIT_OK
    hooks = Hooks(algorithm)
    try:
        channel.send(hello(resets=hooks.reset is not None))
        watcher.greeted = True
        ending = Conversation(channel, watcher, Calls(algorithm, hooks), algorithm.logger).hold()
        if ending == "shutdown":
            watcher.begin("teardown")
            try:
                hooks.teardown()
            finally:
                watcher.end()
            channel.send({"type": "shutdown", "status": "OK"})
            exit_within(GOODBYE_LIMIT_S, code)
            return code
        if ending == "fault":
            code = EXIT_PROTOCOL_FAULT
    except Terminated:
        pass
    except OSError as error:
        algorithm.logger.error(f"the protocol stream failed: {error}")
    watcher.work = "leaving"  # A signal from here on ends the process at once.
    exit_within(TEARDOWN_LIMIT_S, code)
    hooks.teardown()
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
