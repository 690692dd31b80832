"""Takes the image in hand, in the way the parameter `look` says, and says OK.

No wheel of NumPy travels in this package: it finds the host's own through numpy_folder.txt, which the benchmark writes when it
makes the package. A real algorithm brings the wheel along; what is measured does not change.
"""

from __future__ import annotations

import sys
from typing import Any

from procvision_algorithm_sdk import BaseAlgorithm, Session, read_image_from_shared_memory, view_image_from_shared_memory

from .manifest import PROJECT_ROOT, info

HAND_OVER = {"view": view_image_from_shared_memory, "array": read_image_from_shared_memory}


class Images(BaseAlgorithm):
    def setup(self) -> None:
        folder = (PROJECT_ROOT / "numpy_folder.txt").read_text("utf-8")
        sys.path.append(folder)  # At the end: whatever the environment has comes first.
        import numpy

        self.logger.info("NumPy found", version=numpy.__version__, folder=folder)

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
        hand_over = HAND_OVER.get(user_params["look"])
        first = last = None
        if hand_over is not None:
            image = hand_over(shared_mem_id, image_meta)
            assert image is not None
            first, last = image[0, 0].tolist(), image[-1, -1].tolist()
        return {"status": "OK", "data": {"result_status": "OK", "debug": {"first": first, "last": last}}}
