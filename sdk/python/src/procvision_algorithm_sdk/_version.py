"""The one place the version is written: the hello frame, the wheel and `__version__` all read it here."""

__version__ = "1.0.0"
