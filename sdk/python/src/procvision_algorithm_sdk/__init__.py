"""ProcVision algorithm SDK: what an algorithm package is written against (contract §11).

Importing it pulls in light standard-library modules only; NumPy and Pillow are imported when an image asks for them.
"""

from ._version import __version__
from .base import BaseAlgorithm
from .diagnostics import Diagnostics
from .errors import FatalError, GPUOutOfMemoryError, ProgramError, RecoverableError
from .logger import StructuredLogger
from .plain_image import PlainImage
from .session import Session
from .shared_memory import (
    dev_clear_shared_memory,
    dev_write_image_to_shared_memory,
    plain_image_from_shared_memory,
    read_image_from_shared_memory,
    view_image_from_shared_memory,
    write_image_array_to_shared_memory,
)

__all__ = [
    "BaseAlgorithm",
    "Diagnostics",
    "FatalError",
    "GPUOutOfMemoryError",
    "PlainImage",
    "ProgramError",
    "RecoverableError",
    "Session",
    "StructuredLogger",
    "__version__",
    "dev_clear_shared_memory",
    "dev_write_image_to_shared_memory",
    "plain_image_from_shared_memory",
    "read_image_from_shared_memory",
    "view_image_from_shared_memory",
    "write_image_array_to_shared_memory",
]
