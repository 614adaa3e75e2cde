#!/usr/bin/env bash
# Lock the dependencies with hashes, after a change of pyproject.toml.
set -euo pipefail
cd "$(dirname "$0")/.."
command -v uv > /dev/null || { echo "uv is missing: pip install uv"; exit 1; }
lock=(uv pip compile -q --universal --generate-hashes --no-header --no-emit-index-url --no-emit-find-links --no-annotate)
"${lock[@]}" --python-version 3.11 --extra serve --extra aws --extra dev pyproject.toml -o requirements/dev.txt
"${lock[@]}" --python-version 3.13 --extra aws --constraint requirements/dev.txt pyproject.toml -o requirements/lambda.txt
