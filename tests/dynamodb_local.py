"""Starts and stops Amazon's DynamoDB Local, which scripts/fetch_dynamodb_local.py fetches."""

from __future__ import annotations

import http.client
import shutil
import socket
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO

FOLDER = Path(__file__).parents[1] / "build" / "dynamodb-local"

ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "local",
    "AWS_SECRET_ACCESS_KEY": "local",
    "AWS_DEFAULT_REGION": "eu-west-1",
    "AWS_REGION": "eu-west-1",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_CONFIG_FILE": str(FOLDER / "no-config"),
    "AWS_SHARED_CREDENTIALS_FILE": str(FOLDER / "no-credentials"),
}
"""What boto3 needs beside AWS_ENDPOINT_URL_DYNAMODB, and what keeps it from a developer's own account."""

STARTS = 3
"""How often to try another port: between finding a free one and using it, somebody else may take it."""

TRIES = 300
PAUSE = 0.1
"""Seconds between two tries to reach it; it starts in two to five."""


class MissingError(Exception):
    """Java or DynamoDB Local is not there, or it does not start; the message says what to do."""


@dataclass(frozen=True)
class Server:
    """A running DynamoDB Local, empty when it starts and gone when it stops."""

    port: int
    process: subprocess.Popen[bytes]
    output: IO[bytes]

    @property
    def url(self) -> str:
        """What AWS_ENDPOINT_URL_DYNAMODB should be."""
        return f"http://127.0.0.1:{self.port}"

    def stop(self) -> None:
        """End it and wait until it has ended."""
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.output.close()


def start() -> Server:
    """Return a server that answers. Raises MissingError."""
    java = shutil.which("java")
    if java is None:
        raise MissingError("java is missing, DynamoDB Local needs it: install a Java runtime, 17 or later")
    if not (FOLDER / "DynamoDBLocal.jar").exists():
        raise MissingError("DynamoDB Local is missing: run `make setup`, or scripts/fetch_dynamodb_local.py")
    said = ""
    for _ in range(STARTS):
        server = _launch(java)
        try:
            ready = _answers(server)
        except BaseException:
            server.stop()
            raise
        if ready:
            return server
        server.output.seek(0)
        said = server.output.read().decode(errors="replace").strip()
        server.stop()
    raise MissingError(f"DynamoDB Local does not start; it said: {said[-1000:]}")


def _launch(java: str) -> Server:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [java, "-Xmx256m", "-Djava.library.path=./DynamoDBLocal_lib", "-jar", "DynamoDBLocal.jar"]
    command += ["-inMemory", "-disableTelemetry", "-port", str(port)]
    output = tempfile.TemporaryFile()  # noqa: SIM115 - closed by stop
    process = subprocess.Popen(command, cwd=FOLDER, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
    return Server(port, process, output)


def _answers(server: Server) -> bool:
    """Return whether the server answers before the tries are used up or its process ends."""
    for _ in range(TRIES):
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
        try:
            connection.request("GET", "/")
            connection.getresponse().read()
        except (OSError, http.client.HTTPException):
            try:
                server.process.wait(PAUSE)
            except subprocess.TimeoutExpired:
                continue
            return False
        else:
            return True
        finally:
            connection.close()
    return False
