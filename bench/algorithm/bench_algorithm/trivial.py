"""Says OK at once."""

from __future__ import annotations

from typing import Any

from procvision_algorithm_sdk import BaseAlgorithm, Session

from .manifest import info


class Trivial(BaseAlgorithm):
    def get_info(self) -> dict[str, Any]:
        return info()

    def pre_execute(
        self,
        step_index: int,
        pid: str,
        session: Session,
        user_params: dict[str, Any],
        shared_mem_id: str,
        image_meta: dict[str, Any],
    ) -> dict[str, Any]:
        return {"status": "OK", "data": {"calibration_rects": [], "debug": {}}}

    def execute(
        self,
        step_index: int,
        pid: str,
        session: Session,
        user_params: dict[str, Any],
        shared_mem_id: str,
        image_meta: dict[str, Any],
    ) -> dict[str, Any]:
        return {
            "status": "OK",
            "data": {
                "result_status": "OK",
                "ng_reason": None,
                "defect_rects": [],
                "position_rects": [],
                "debug": {"model_version": "1"},
            },
        }
