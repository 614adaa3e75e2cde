#!/usr/bin/env bash
# Lock the dependencies with hashes, after a change of pyproject.toml.
set -euo pipefail
cd "$(dirname "$0")/.."
lock=(uv pip compile -q --universal --generate-hashes --no-header --no-emit-index-url --no-emit-find-links --no-annotate)
"${lock[@]}" --python-version 3.11 --extra serve --extra aws --extra dev pyproject.toml -o requirements/dev.txt
