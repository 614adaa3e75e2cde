"""What the tests need besides Python packages: Chromium, Java and DynamoDB Local; quick where all is there.

With root on Debian it installs what is missing; elsewhere it says in one line what to install.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import fetch_dynamodb_local

PACKAGES = {"chromium": "chromium", "java": "default-jre-headless", "npm": "npm"}
"""The commands that are needed, and the Debian packages that bring them."""


def main() -> int:
    """Return 0, or 1 after one line that says what to install."""
    missing = [package for command, package in PACKAGES.items() if shutil.which(command) is None]
    if missing and not (os.geteuid() == 0 and shutil.which("apt-get")):
        print(f"the tests need {', '.join(missing)}: install them (on Debian: apt-get install {' '.join(missing)})")
        return 1
    if missing:
        print(f"installing {', '.join(missing)}", flush=True)
        quiet = {"stdout": subprocess.DEVNULL, "env": os.environ | {"DEBIAN_FRONTEND": "noninteractive"}}
        for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *missing]):
            if subprocess.run(["apt-get", *command], **quiet, check=False).returncode:
                print(f"apt-get could not install {', '.join(missing)}: see above, then run `make setup` again")
                return 1
    return fetch_dynamodb_local.main()


if __name__ == "__main__":
    sys.exit(main())
