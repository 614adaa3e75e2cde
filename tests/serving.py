"""Runs the web service as its users do: a process of its own on a free port."""

from __future__ import annotations

import http.client
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from typing import Any

SECONDS = 60
"""After which a test gives up on a process or a thread."""


@contextmanager
def served(store: str, port: int = 0) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Run `python -m skill serve` on `port` (0 for a free one) until the block ends; yield the process and its port."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("SKILL_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "skill", "serve", "--port", str(port)],
        env=inherited | {"SKILL_STORE": store},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        ready = re.fullmatch(r"Healthy Bonds is at http://127\.0\.0\.1:(\d+) \(Ctrl-C stops it\)\n", line)
        assert ready, line + process.communicate(timeout=SECONDS)[1]
        yield process, int(ready[1])
    finally:
        process.kill()
        process.communicate()


def asked(port: int, method: str, path: str, turn: Mapping[str, Any] | None = None) -> tuple[int, Any]:
    """Return the status and the JSON that the service on `port` answers."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)) as connection:
        connection.request(method, path, json.dumps(turn) if turn else None, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
