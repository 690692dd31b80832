"""surface-defects: one step that judges a brushed metal surface."""

from __future__ import annotations

import time
from collections import Counter
from typing import Any

import numpy as np
from procvision_algorithm_sdk import BaseAlgorithm, Session, read_image_from_shared_memory

from .area import Area
from .defects import Defect, find_defects
from .manifest import PROJECT_ROOT, load_manifest, parameters_of
from .surface import Surface, load_surface

GREEN = 1
"""The channel with the least noise; a metal surface has no colour of its own."""
MAX_REPORTED = 20
PLURALS = {"scratch": "scratches", "spot": "spots", "stain": "stains"}


class SurfaceDefects(BaseAlgorithm):
    def __init__(self) -> None:
        super().__init__()
        self._manifest = load_manifest()
        self._surfaces: dict[str, Surface] = {}

    def setup(self) -> None:
        for pid, assets in self._manifest["required_assets"].items():
            self._surfaces[pid] = load_surface(PROJECT_ROOT / assets["surface"])

    def get_info(self) -> dict[str, Any]:
        return {key: self._manifest[key] for key in ("name", "version", "description", "supported_pids", "steps")}

    def pre_execute(
        self,
        step_index: int,
        pid: str,
        session: Session,
        user_params: dict[str, Any],
        shared_mem_id: str,
        image_meta: dict[str, Any],
    ) -> dict[str, Any]:
        params = parameters_of(self._manifest, step_index, user_params)
        image = read_image_from_shared_memory(shared_mem_id, image_meta)
        if image is None:
            return _error("1002", f"there is no picture in {shared_mem_id}")
        height, width = image.shape[:2]
        area = Area.within(width, height, params["inspection_area"])
        if area.empty:
            return _error("1007", f"inspection_area leaves nothing to judge in a picture of {width} x {height} px")
        brightness = float(image[area.top : area.bottom : 8, area.left : area.right : 8, GREEN].mean())
        if brightness < params["min_brightness"]:
            return _error(
                "light_too_low",
                f"the surface is at level {brightness:.0f}, below min_brightness {params['min_brightness']:g}: "
                "check the lamps, or raise the exposure",
            )
        rect = {"x": area.left, "y": area.top, "width": area.right - area.left, "height": area.bottom - area.top}
        return {
            "status": "OK",
            "data": {
                "calibration_rects": [rect | {"label": "inspection_area", "score": 1.0}],
                "debug": {"brightness": round(brightness, 1)},
            },
        }

    def execute(
        self,
        step_index: int,
        pid: str,
        session: Session,
        user_params: dict[str, Any],
        shared_mem_id: str,
        image_meta: dict[str, Any],
    ) -> dict[str, Any]:
        started = time.perf_counter()
        params = parameters_of(self._manifest, step_index, user_params)
        image = read_image_from_shared_memory(shared_mem_id, image_meta)
        if image is None:
            return _error("1002", f"there is no picture in {shared_mem_id}")
        area = Area.within(image.shape[1], image.shape[0], params["inspection_area"])
        if area.empty:
            return _error("1007", "inspection_area leaves nothing of the picture to judge")
        grey = image[area.top : area.bottom, area.left : area.right, GREEN].astype(np.float32)
        found = self._inspect(grey, area, self._surfaces[pid], params)
        counted = [defect for defect in found if defect.kind in params["look_for"]]
        numbers = Counter(defect.kind for defect in counted)
        excess = {kind: n for kind, n in sorted(numbers.items()) if n > params["tolerated"].get(kind, 0)}
        reasons = [f"{n} {kind if n == 1 else PLURALS[kind]}" for kind, n in excess.items()]
        self.logger.info("surface judged", pid=pid, **{f"{kind}_count": n for kind, n in numbers.items()})
        return {
            "status": "OK",
            "data": {
                "result_status": "NG" if excess else "OK",
                "ng_reason": ", ".join(reasons) or None,
                "defect_rects": [_rect(defect, area) for defect in counted[:MAX_REPORTED]],
                "position_rects": [],
                "debug": {
                    "found": dict(numbers),
                    "latency_ms": round((time.perf_counter() - started) * 1000, 2),
                    "model_version": self._manifest["version"],
                },
            },
        }

    def _inspect(self, grey: Any, area: Area, surface: Surface, params: dict[str, Any]) -> list[Defect]:
        ignored = area.ignored(surface)
        if not surface.brushed_vertically:
            return find_defects(grey, ignored, params["threshold"], params["min_area"])
        turned = find_defects(
            np.ascontiguousarray(grey.T), np.ascontiguousarray(ignored.T), params["threshold"], params["min_area"]
        )
        return [defect.transposed() for defect in turned]


def _rect(defect: Defect, area: Area) -> dict[str, Any]:
    return {
        "x": area.left + defect.x,
        "y": area.top + defect.y,
        "width": defect.width,
        "height": defect.height,
        "label": defect.kind,
        "score": round(defect.score, 3),
    }


def _error(code: str, message: str) -> dict[str, Any]:
    """The call did not work; this says nothing about the product."""
    return {"status": "ERROR", "error_code": code, "message": message}
