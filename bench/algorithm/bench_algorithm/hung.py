"""Never answers, as an algorithm that waits for a camera or a licence for ever."""

from __future__ import annotations

import time
from typing import Any

from .trivial import Trivial


class Hung(Trivial):
    def execute(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        while True:
            time.sleep(3600)
