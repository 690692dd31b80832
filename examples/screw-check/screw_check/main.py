"""screw-check: step 1 locates the board, step 2 looks for a screw in every place that the PID's layout names."""

from __future__ import annotations

import time
from typing import Any

from procvision_algorithm_sdk import BaseAlgorithm, Session, plain_image_from_shared_memory

from .board import BoardNotFound, locate_board
from .frame import Frame
from .layout import Layout, load_layout
from .light import Light, measure_light
from .manifest import PROJECT_ROOT, load_manifest, parameters_of
from .pose import Pose
from .rect import Rect
from .results import calibration, error, verdict
from .screws import Finding, find_screws

LOCATE_BOARD, FIND_SCREWS = 1, 2
MIN_FILL = {"lenient": 0.3, "normal": 0.4, "strict": 0.5}


class ScrewCheck(BaseAlgorithm):
    def __init__(self) -> None:
        super().__init__()
        self._manifest = load_manifest()
        self._layouts: dict[str, Layout] = {}

    def setup(self) -> None:
        for pid, assets in self._manifest["required_assets"].items():
            self._layouts[pid] = load_layout(PROJECT_ROOT / assets["layout"])

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
        frame = read_frame(shared_mem_id, image_meta)
        if frame is None:
            return error("1002", f"there is no picture in {shared_mem_id}")
        params = parameters_of(self._manifest, step_index, user_params)
        if step_index == LOCATE_BOARD:
            return self._check_light(frame, params)
        return self._show_screw_places(frame, self._layouts[pid], session)

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
        frame = read_frame(shared_mem_id, image_meta)
        if frame is None:
            return error("1002", f"there is no picture in {shared_mem_id}")
        params = parameters_of(self._manifest, step_index, user_params)
        if step_index == LOCATE_BOARD:
            answer = self._locate(frame, self._layouts[pid], session, params)
        else:
            answer = self._find(frame, self._layouts[pid], session, params)
        if "data" in answer:
            answer["data"]["debug"] |= {
                "latency_ms": round((time.perf_counter() - started) * 1000, 2),
                "model_version": self._manifest["version"],
            }
        return answer

    def _check_light(self, frame: Frame, params: dict[str, Any]) -> dict[str, Any]:
        area = Rect.within(frame.width, frame.height, params["search_area"])
        light = measure_light(frame, area)
        lowest, highest = params["min_brightness"], params["max_brightness"]
        if light.brightness < lowest:
            return error(
                "light_too_low",
                f"the fixture plate is at level {light.brightness:.0f}, below min_brightness {lowest:g}: "
                "check the lamps, or raise the exposure",
            )
        if light.brightness > highest:
            return error(
                "light_too_high",
                f"the fixture plate is at level {light.brightness:.0f}, above max_brightness {highest:g}: "
                "lower the exposure",
            )
        return calibration(_probe_rects(light), {"brightness": round(light.brightness, 1)})

    def _locate(self, frame: Frame, layout: Layout, session: Session, params: dict[str, Any]) -> dict[str, Any]:
        area = Rect.within(frame.width, frame.height, params["search_area"])
        try:
            pose = locate_board(frame, layout, area, params["max_tilt"], params["scan_lines"])
        except BoardNotFound as reason:
            return error("board_not_found", f"no {layout.product} in the search area: {reason}")
        session.set("pose", pose.to_json())
        self.logger.info("board located", tilt_deg=round(pose.tilt_deg, 2), x=round(pose.x), y=round(pose.y))
        return verdict(
            None,
            position_rects=[_bounds(pose, frame).to_json(layout.product, 1.0)],
            debug={"pose": {key: round(value, 3) for key, value in pose.to_json().items()}},
        )

    def _show_screw_places(self, frame: Frame, layout: Layout, session: Session) -> dict[str, Any]:
        pose = _pose_of(session)
        if pose is None:
            return _no_pose()
        radius = layout.pad_diameter_mm / 2 * pose.px_per_mm
        places = [
            Rect.around(*pose.to_px(s.x_mm, s.y_mm), radius).clipped(frame.width, frame.height).to_json(s.name, 1.0)
            for s in layout.screws
        ]
        return calibration(places, {"places": len(places)})

    def _find(self, frame: Frame, layout: Layout, session: Session, params: dict[str, Any]) -> dict[str, Any]:
        pose = _pose_of(session)
        if pose is None:
            return _no_pose()
        min_fill = MIN_FILL[params["strictness"]]
        try:
            findings = find_screws(frame, layout, pose, params["search_radius"], min_fill, params["not_fitted"])
        except ValueError as reason:
            return error("1007", str(reason))
        radius = layout.head_diameter_mm / 2 * pose.px_per_mm
        missing = [finding for finding in findings if not finding.fitted]
        fitted = [finding for finding in findings if finding.fitted]
        names = ", ".join(finding.screw.name for finding in missing)
        return verdict(
            "NG" if missing else "OK",
            ng_reason=f"{len(missing)} of {len(findings)} screws missing: {names}" if missing else None,
            defect_rects=[_mark(finding, radius, frame, params["defect_label"]) for finding in missing],
            position_rects=[_mark(f, radius, frame, "screw") for f in fitted] if params["report_positions"] else [],
            debug={
                "fill": {finding.screw.name: round(finding.fill, 2) for finding in findings},
                "contrast": {finding.screw.name: round(finding.contrast, 2) for finding in findings},
            },
        )


def read_frame(shared_mem_id: str, image_meta: dict[str, Any]) -> Frame | None:
    image = plain_image_from_shared_memory(shared_mem_id, image_meta)
    return None if image is None else Frame.of(image)


def _pose_of(session: Session) -> Pose | None:
    known = session.get("pose")
    return None if known is None else Pose.from_json(known)


def _no_pose() -> dict[str, Any]:
    return error("board_not_located", "step 1 (locate_board) has not succeeded in this flow: run it first")


def _probe_rects(light: Light) -> list[dict[str, Any]]:
    return [probe.rect.to_json("light", probe.level / 255) for probe in light.probes]


def _bounds(pose: Pose, frame: Frame) -> Rect:
    xs, ys = zip(*pose.corners())
    left, top = round(min(xs)), round(min(ys))
    return Rect(left, top, round(max(xs)) - left, round(max(ys)) - top).clipped(frame.width, frame.height)


def _mark(finding: Finding, radius: float, frame: Frame, label: str) -> dict[str, Any]:
    rect = Rect.around(finding.x, finding.y, radius).clipped(frame.width, frame.height)
    return rect.to_json(label, finding.score, name=finding.screw.name)
