"""The release's own manifest: what `get_info` tells and where defaults of parameters come from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

PROJECT_ROOT = Path(__file__).resolve().parent.parent


def load_manifest() -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads((PROJECT_ROOT / "manifest.json").read_text(encoding="utf-8-sig"))
    return manifest


def parameters_of(manifest: dict[str, Any], step_index: int, given: dict[str, Any]) -> dict[str, Any]:
    """The step's parameters: as given by the caller, else the manifest's defaults, else None."""
    for step in manifest["steps"]:
        if step["index"] == step_index:
            defaults = {param["key"]: param.get("default") for param in step["params"]}
            return defaults | given
    raise ValueError(f"there is no step {step_index}; the steps are {[step['index'] for step in manifest['steps']]}")
