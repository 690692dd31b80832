from __future__ import annotations

import json
from pathlib import Path
from typing import Any

PROJECT_ROOT = Path(__file__).resolve().parent.parent


def info() -> dict[str, Any]:
    """What `get_info` answers, as the manifest has it."""
    manifest = json.loads((PROJECT_ROOT / "manifest.json").read_text("utf-8"))
    return {key: manifest[key] for key in ("name", "version", "supported_pids", "steps")}
