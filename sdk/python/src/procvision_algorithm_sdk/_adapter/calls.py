"""Serves one call: arguments, PID check, hooks, the algorithm, its answer as a frame (contract §4 Messages, Hooks).

INVARIANTS
- Every call gets exactly one frame, a `result` or an `error`, whatever the algorithm does.
- `session.open_step` is the step whose `on_step_start` was due and whose `on_step_finish` was not.

This is the hot path: arguments are read in one go and looked at again only where one is missing or of another type.
"""

from __future__ import annotations

from time import perf_counter_ns

from .. import _current
from ..framing import MAX_FRAME_BYTES, encode_frame
from .arguments import complete, phase_of
from .channel import request_id_of
from .faults import ArgumentFault, error_frame, log_error
from .hooks import Hooks
from .pids import SupportedPids
from .replies import completed, encode_error, encoded, result, result_of
from .sessions import Sessions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..base import BaseAlgorithm
    from ..framing import Message


def merged(message: Message) -> Message:
    """The call with the fields of its `data` beside those of its top level, which win (contract §4).

    Done only when a field is missed: the Runner gives every field in both places, and merging costs on every call.
    """
    data = message.get("data")
    return {**data, **message} if data and type(data) is dict else message


class Calls:
    """The algorithm's side of a conversation: `answer` turns a `call` message into the frame that answers it."""

    __slots__ = ("_algorithm", "_hooks", "_pids", "_runs", "_sessions", "max_frame_bytes")

    def __init__(self, algorithm: BaseAlgorithm, hooks: Hooks) -> None:
        self.max_frame_bytes = MAX_FRAME_BYTES
        self._algorithm = algorithm
        self._runs = {"pre": algorithm.pre_execute, "execute": algorithm.execute}
        self._hooks = hooks
        self._pids = SupportedPids(algorithm)
        self._sessions = Sessions()
        _current.diagnostics = algorithm.diagnostics

    def answer(self, message: Message) -> bytes:
        phase = message.get("phase")
        try:
            if phase is None:
                message = merged(message)
                phase = message.get("phase")
            if phase != "execute" and phase != "pre":
                phase = phase_of(message)
            if phase == "info":
                info = self._pids.learn()
                # SDK 0.0.7 has its hosts look into `info`; both find what they look for.
                reply = result(message, phase, {**info, "phase": phase, "step_index": 0, "info": info})
            elif phase == "reset":
                reply = self._reset(message)
            else:
                reply = self._run(phase, message)
            return encoded(reply, self.max_frame_bytes, self._algorithm.logger)
        except ArgumentFault as fault:
            self._algorithm.logger.error(f"call refused: {fault}")
            return encode_frame(error_frame(fault, request_id_of(message), phase if isinstance(phase, str) else None))
        except BaseException as error:  # Whatever an algorithm raises is an error of that call; the process stays.
            log_error(self._algorithm.logger, f"{phase} failed", error)
            return encode_error(error_frame(error, request_id_of(message), phase), self.max_frame_bytes)
        finally:
            self._algorithm.session = None
            _current.call = None
            _current.undecoded = None

    def _run(self, phase: str, message: Message) -> Message:
        try:
            step_index, pid, session_field = message["step_index"], message["pid"], message["session"]
            user_params, shared_mem_id = message["user_params"], message["shared_mem_id"]
            image_meta = message["image_meta"]
        except KeyError:
            return self._run(phase, complete(merged(message)))
        if image_meta is None:  # a call without an image
            image_meta = {}
        if shared_mem_id is None:
            shared_mem_id = ""
        if not (
            type(step_index) is int
            and type(user_params) is dict
            and type(image_meta) is dict
            and type(shared_mem_id) is str
        ):
            return self._run(phase, complete(message))
        if type(pid) is not str or pid not in self._pids.known:
            self._pids.check(pid)
        algorithm, hooks = self._algorithm, self._hooks
        algorithm.session = session = self._sessions.resume(session_field)
        _current.call = message
        published = algorithm.diagnostics.items
        if published:
            published.clear()

        if session.open_step != step_index:
            session.open_step = step_index
            if hooks.on_step_start is not None:
                hooks.on_step_start(step_index, session, {**session.context, "pid": pid})
        started_ns = perf_counter_ns()
        try:
            answer = self._runs[phase](step_index, pid, session, user_params, shared_mem_id, image_meta)
            latency_ms = (perf_counter_ns() - started_ns) // 1000 / 1000
            if not isinstance(answer, dict):
                raise TypeError(f"{phase} returned a {type(answer).__name__}; it must return a dict")
            if "status" not in answer or "debug" in answer:
                answer = completed(answer, algorithm.logger)
        except BaseException as error:
            session.open_step = None
            if hooks.on_step_finish is not None:
                frame = error_frame(error)
                failure = {key: frame[key] for key in ("status", "message", "error_code", "error_class")}
                hooks.on_step_finish(step_index, session, failure)
            raise
        if phase == "execute" or answer.get("status") == "ERROR":
            session.open_step = None
            if hooks.on_step_finish is not None:
                hooks.on_step_finish(step_index, session, answer)
        return result_of(message, phase, answer, latency_ms, published, session)

    def _reset(self, message: Message) -> Message:
        message = merged(message)
        session = self._sessions.resume(message.get("session"))
        self._algorithm.session = session
        _current.call = message
        if self._hooks.reset is not None:
            self._hooks.reset(session)
        self._sessions.discard(session)
        return result(message, "reset", {})
