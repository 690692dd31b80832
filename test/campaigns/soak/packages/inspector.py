"""The algorithm of the soak: the base protocol without the SDK, and a ledger of its own.

Every call begun and every reply is one line, appended with one write to a file of this process. A line goes out before
the frame it speaks of, so whatever the Runner has heard stands in the ledger, also after kill -9.
"""

from __future__ import annotations

import json
import os
import sys
import time

import wire

SIGN_S = 0.005
LATE_S = 0.3
SLOW_MS = 800
HANG_MS = 60_000

with open("soak.json", encoding="utf-8") as _file:
    SETUP: dict[str, str] = json.load(_file)
# Healthy while it is installed and probed; its illness breaks out once the campaign says so.
ILL = SETUP["ill"] if os.path.exists(SETUP["outbreak"]) else ""


def lineage() -> list[int]:
    """This process and those that started it, by the host's numbers (/proc is the host's, also in a namespace)."""
    found = [int(os.readlink("/proc/self"))]
    while found[-1] > 1 and len(found) < 5:
        with open(f"/proc/{found[-1]}/stat", encoding="utf-8") as file:
            found.append(int(file.read().rpartition(")")[2].split()[1]))
    return found


LINEAGE = lineage()


def now_ms() -> float:
    """Milliseconds of CLOCK_MONOTONIC, which the campaign reads too."""
    return time.monotonic_ns() / 1e6


class Ledger:
    def __init__(self) -> None:
        name = f"{wire.INFO['name']}@{wire.INFO['version']}_{LINEAGE[0]}_{time.monotonic_ns()}.jsonl"
        self._fd = os.open(os.path.join(SETUP["ledger"], name), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def write(self, *fields: object) -> None:
        os.write(self._fd, (json.dumps([now_ms(), *fields], separators=(",", ":")) + "\n").encode())


LEDGER = Ledger()


def happens_first(number: int) -> bool:
    """Whether this is the first attempt at a call, whichever process made the ones before."""
    try:
        os.close(os.open(os.path.join(SETUP["attempts"], str(number)), os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return False
    return True


def work(number: int, work_ms: float) -> None:
    """Takes its time and leaves a sign of life every few milliseconds, by which overlapping attempts are told."""
    due = now_ms() + work_ms
    while (left := due - now_ms()) > 0:
        time.sleep(min(left / 1000, SIGN_S))
        if left / 1000 > SIGN_S:
            LEDGER.write("sign", number)


def pixels(call: wire.Message) -> bytes:
    if call["shared_mem_id"] is None:
        return b""
    with open(os.path.join(os.environ["PROC_SHM_DIR"], f"{call['shared_mem_id']}.npy"), "rb") as file:
        content = file.read()
    start = 10 + int.from_bytes(content[8:10], "little")
    meta: dict[str, int] = call["image_meta"]  # type: ignore[assignment]
    return content[start : start + meta["width"] * meta["height"] * 3]


def refuse(call: wire.Message, number: int, error_class: str) -> None:
    LEDGER.write("reply", number, "ERROR")
    fields = {"status": "ERROR", "message": "planted", "error_code": "9999", "error_class": error_class}
    wire.send({"type": "error", "request_id": call["request_id"], **fields})


def inspect(call: wire.Message) -> None:
    params: dict[str, object] = call["user_params"]  # type: ignore[assignment]
    session: dict[str, object] = call["session"]  # type: ignore[assignment]
    number, do = int(params["call"]), params["do"]  # type: ignore[call-overload]
    LEDGER.write("begin", number, session["id"], call["pid"], call["phase"], call["step_index"])
    image = pixels(call)
    if ILL == "slow":
        work(number, SLOW_MS)
    elif do == "hang" or (do == "hang once" and happens_first(number)):
        work(number, HANG_MS)
    else:
        work(number, float(params["work_ms"]))  # type: ignore[arg-type]
    if do == "error" or ILL == "faulty":
        return refuse(call, number, "ProgramError")
    if do == "fail" or (do == "fail once" and happens_first(number)):
        return refuse(call, number, "RecoverableError")
    state: dict[str, list[int]] = session.get("state", {})  # type: ignore[assignment]
    seen = state.get("seen", [])
    # An image that changed while it was looked at, or is not of one shade, has no shade.
    shade = image[0] if image and image == pixels(call) and image == image[:1] * len(image) else None
    data = {"result_status": "OK", "call": number, "seen": seen, "shade": shade}
    LEDGER.write("reply", number, "OK")
    wire.send({**wire.result(call, data), "session_state": {"seen": [*seen, number]}})


def leave(shutdown: wire.Message) -> None:
    LEDGER.write("end")
    wire.leave(shutdown)


def main() -> None:
    LEDGER.write("start", ILL, LINEAGE)
    if ILL == "mute":
        for _ in wire.messages():
            pass
        return
    if ILL == "crash":
        sys.exit("planted: it crashes at once")
    if ILL == "late":
        time.sleep(LATE_S)
    info = {**wire.INFO, "version": "0.0.0"} if ILL == "wrong_info" else wire.INFO
    wire.serve(inspect, leave, info=info, capabilities=["info", "session_state"])


main()
