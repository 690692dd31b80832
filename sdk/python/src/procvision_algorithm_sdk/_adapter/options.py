"""The adapter's own command line; hosts of the first releases of the SDK give more than it needs."""

from __future__ import annotations

from ..logger import LEVELS


class Options:
    """`ignored`: options that are known and have no effect."""

    __slots__ = ("entry", "ignored", "log_level")

    def __init__(self) -> None:
        self.entry: str | None = None
        self.log_level = "debug"
        self.ignored: list[str] = []


def read_options(arguments: list[str]) -> Options:
    """ValueError, with what cannot be read."""
    options = Options()
    left = list(arguments)
    while left:
        name, equals, value = left.pop(0).partition("=")
        if not equals and left and not left[0].startswith("--"):
            value = left.pop(0)
        if name == "--entry" and value:
            options.entry = value
        elif name == "--log-level" and value.lower() in LEVELS:
            options.log_level = value.lower()
        elif name.startswith("--heartbeat-") and value:
            options.ignored.append(name)
        else:
            raise ValueError(f"cannot read the arguments {' '.join(arguments)!r}")
    return options
