"""Builds the wheel with nothing but the standard library: `python3 build_wheel.py --out <folder>` prints its path.

Also the PEP 517 backend that pyproject.toml names.

INVARIANTS
- The same sources give the same bytes on every machine and Python: sorted entries, fixed times and modes, stored.
- The version is read from _version.py and nowhere else.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import os
import re
import sys
import zipfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
PACKAGE = HERE / "src" / "procvision_algorithm_sdk"
DISTRIBUTION = "procvision_algorithm_sdk"

OLDEST_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
PLAIN_FILE_MODE = 0o100644 << 16
CREATED_ON_UNIX = 3

METADATA = """\
Metadata-Version: 2.1
Name: {name}
Version: {version}
Summary: What an industrial-vision algorithm for the ProcVision Runner is written against.
License: MIT
Classifier: License :: OSI Approved :: MIT License
Classifier: Operating System :: POSIX
Classifier: Programming Language :: Python :: 3 :: Only
Classifier: Typing :: Typed
Requires-Python: >=3.10
Provides-Extra: numpy
Requires-Dist: numpy>=1.21; extra == "numpy"
Provides-Extra: pillow
Requires-Dist: pillow>=9.0; extra == "pillow"
Description-Content-Type: text/markdown

{readme}"""

WHEEL = """\
Wheel-Version: 1.0
Generator: procvision build_wheel
Root-Is-Purelib: true
Tag: py3-none-any
"""


def build_wheel(wheel_directory: str, config_settings: Any = None, metadata_directory: str | None = None) -> str:
    """PEP 517: writes the wheel into a folder and returns its file name. An interrupted build leaves none behind."""
    version = read_version()
    name = f"{DISTRIBUTION}-{version}-py3-none-any.whl"
    folder = Path(wheel_directory)
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f".{name}.{os.getpid()}.draft"
    try:
        with zipfile.ZipFile(draft, "w", zipfile.ZIP_STORED) as wheel:
            for path, content in wheel_files(version):
                entry = zipfile.ZipInfo(path, OLDEST_ZIP_TIME)
                entry.create_system = CREATED_ON_UNIX
                entry.external_attr = PLAIN_FILE_MODE
                wheel.writestr(entry, content)
        draft.replace(folder / name)
    finally:
        draft.unlink(missing_ok=True)
    return name


def get_requires_for_build_wheel(config_settings: Any = None) -> list[str]:
    """PEP 517: nothing."""
    return []


def build_sdist(sdist_directory: str, config_settings: Any = None) -> str:
    """PEP 517 requires the hook; the distribution ships as a wheel alone."""
    raise NotImplementedError("procvision_algorithm_sdk is distributed as a wheel; run build_wheel.py")


def read_version() -> str:
    text = (PACKAGE / "_version.py").read_text(encoding="utf-8")
    found = re.search(r'^__version__ = "([^"]+)"$', text, re.MULTILINE)
    if found is None:
        raise SystemExit(f"{PACKAGE / '_version.py'} has no line __version__ = \"…\"")
    return found[1]


def wheel_files(version: str) -> list[tuple[str, bytes]]:
    """(path, content) of everything in the wheel, sorted, RECORD last."""
    info = f"{DISTRIBUTION}-{version}.dist-info"
    readme = (HERE / "README.md").read_text(encoding="utf-8")
    files = {
        f"{info}/METADATA": METADATA.format(name=DISTRIBUTION, version=version, readme=readme).encode(),
        f"{info}/WHEEL": WHEEL.encode(),
        f"{info}/licenses/LICENSE": (HERE / "LICENSE").read_bytes(),
    }
    for path in PACKAGE.rglob("*"):
        if path.suffix in (".py", ".typed") and "__pycache__" not in path.parts:
            files[f"{DISTRIBUTION}/{path.relative_to(PACKAGE).as_posix()}"] = path.read_bytes()
    entries = sorted(files.items())
    lines = [f"{path},sha256={_digest(content)},{len(content)}\n" for path, content in entries]
    record = f"{info}/RECORD"
    return [*entries, (record, "".join([*lines, f"{record},,\n"]).encode())]


def _digest(content: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()


def main() -> None:
    parser = argparse.ArgumentParser(description="Builds the wheel of the Python SDK and prints its path.")
    parser.add_argument("--out", required=True, metavar="FOLDER", help="where the wheel goes; made when it is missing")
    out = parser.parse_args().out
    sys.stdout.write(f"{Path(out, build_wheel(out))}\n")


if __name__ == "__main__":
    main()
