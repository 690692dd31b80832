"""From an exception to what the wire says about it (contract §4 error, §10)."""

from __future__ import annotations

import re

from ..errors import AlgorithmError, FatalError, GPUOutOfMemoryError, ProgramError, RecoverableError
from .channel import now_ms

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..framing import Message
    from ..logger import StructuredLogger

UNKNOWN_ERROR = "9999"
GPU_OUT_OF_MEMORY = GPUOutOfMemoryError.error_code
MESSAGE_CHARS_MAX = 8000
TRACEBACK_CHARS_MAX = 16000

_SDK_CLASSES = (RecoverableError, FatalError, GPUOutOfMemoryError, ProgramError)


class ArgumentFault(Exception):
    """A call that cannot be carried out as it was sent."""

    def __init__(self, message: str, error_code: str = UNKNOWN_ERROR) -> None:
        super().__init__(message)
        self.error_code = error_code


def error_frame(error: BaseException, request_id: str | int | None = None, phase: str | None = None) -> Message:
    """`error_class` is the SDK class an exception derives from, else its own name; an argument fault has none."""
    message: Message = {"type": "error", "request_id": request_id, "status": "ERROR", "timestamp_ms": now_ms()}
    if phase is not None:
        message["phase"] = phase
    text = _text_of(error)
    if isinstance(error, ArgumentFault):
        return {**message, "message": text, "error_code": error.error_code}
    if isinstance(error, AlgorithmError):
        message.update(message=text or _class_of(error), error_code=str(error.error_code), error_class=_class_of(error))
        if error.data is not None:
            message["data"] = error.data
        return message
    if is_out_of_gpu_memory(error):
        text = f"{type(error).__name__}: {text}"
        return {**message, "message": text, "error_code": GPU_OUT_OF_MEMORY, "error_class": "GPUOutOfMemoryError"}
    kind = type(error).__name__
    return {**message, "message": f"{kind}: {text}" if text else kind, "error_code": UNKNOWN_ERROR, "error_class": kind}


_OUT_OF_MEMORY_CLASSES = {"OutOfMemoryError", "OutOfMemory", "CudaOutOfMemoryError", "GpuOutOfMemoryError"}
"""PyTorch, CuPy and others; by name, because none of them is imported here."""

_OUT_OF_MEMORY_TEXT = re.compile(
    r"(CUDA|HIP|MPS|GPU|cuDNN|cuBLAS|device|XPU)\b.*out of memory"
    r"|out of memory.*(CUDA|HIP|GPU|device)"
    r"|CUDA_ERROR_OUT_OF_MEMORY|cudaErrorMemoryAllocation|hipErrorOutOfMemory"
    r"|CUBLAS_STATUS_ALLOC_FAILED|CUDNN_STATUS_ALLOC_FAILED|CUSOLVER_STATUS_ALLOC_FAILED"
    r"|RESOURCE_EXHAUSTED|ResourceExhausted|OOM when allocating",
    re.IGNORECASE | re.DOTALL,
)
_CAUSES_MAX = 8


def is_out_of_gpu_memory(error: BaseException | None) -> bool:
    """By class name or message, of the exception itself or of one it was raised from."""
    for _ in range(_CAUSES_MAX):
        if error is None:
            return False
        if any(ancestor.__name__ in _OUT_OF_MEMORY_CLASSES for ancestor in type(error).__mro__):
            return True
        is_memory = type(error).__name__ == "ResourceExhaustedError" or _OUT_OF_MEMORY_TEXT.search(_text_of(error))
        if is_memory and isinstance(error, Exception):
            return True
        error = error.__cause__
    return False


def log_error(logger: StructuredLogger, what: str, error: BaseException) -> None:
    """One line with the traceback: the frame tells the caller what happened, the log tells the author where."""
    from traceback import format_exception

    try:
        trace = "".join(format_exception(type(error), error, error.__traceback__))
    except Exception:  # An exception whose own text raises.
        trace = ""
    logger.error(
        f"{what}: {_text_of(error) or type(error).__name__}",
        error_class=type(error).__name__,
        traceback=trace[-TRACEBACK_CHARS_MAX:],
    )


def _class_of(error: AlgorithmError) -> str:
    for ancestor in type(error).__mro__:
        if ancestor in _SDK_CLASSES:
            return ancestor.__name__
    return type(error).__name__


def _text_of(error: BaseException) -> str:
    try:
        return str(error)[:MESSAGE_CHARS_MAX]
    except Exception:
        return f"a {type(error).__name__} whose text cannot be read"
