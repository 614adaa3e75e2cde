"""Tell in one line what to install where this Python is too old."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - it runs before anything is installed
    sys.exit("Healthy Bonds needs Python 3.11 or later: install it, or name one with `make PYTHON=python3.12 run`")
