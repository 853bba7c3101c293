# Tasks of btczs. `make help` lists them; `make devnet` and `make test` need nothing but Python 3.11+.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CORE_STAMP := $(VENV)/.core-installed
DEV_STAMP := $(VENV)/.dev-installed
JS_STAMP := tests/e2e/js/node_modules/.installed
SDK := tests/differential/clarity/node
SDK_STAMP := $(SDK)/node_modules/.installed
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.DEFAULT_GOAL := help
.PHONY: help setup devnet test test-fast check format bench fuzz docs lock clean

help:  ## list the tasks
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(0 if (3,11) <= sys.version_info[:2] < (3,14) else "btczs needs Python 3.11 to 3.13; this is " + sys.version.split()[0] + ". Try: make PYTHON=python3.11 ...")'
	$(PYTHON) -m venv $(VENV)

$(CORE_STAMP): $(VENV)/bin/python requirements/core.lock pyproject.toml
	$(PIP) install --require-hashes -r requirements/core.lock
	$(BIN)/python scripts/link_package.py
	@touch $@

$(DEV_STAMP): $(CORE_STAMP) requirements/dev.lock
	$(PIP) install --require-hashes -r requirements/dev.lock
	@touch $@

setup: $(DEV_STAMP)  ## install everything for development into .venv

devnet: $(CORE_STAMP)  ## run a whole network on this machine: layer 1, miners, signers, API
	$(BIN)/btczs devnet $(ARGS)

# The JavaScript clients are set up where npm is there; their tests say so when it is not.
js:
	@if command -v npm >/dev/null 2>&1; then $(MAKE) --no-print-directory $(JS_STAMP) $(SDK_STAMP); \
	else echo "npm is not here: the tests with JavaScript clients will be skipped"; fi

$(JS_STAMP): tests/e2e/js/package.json tests/e2e/js/package-lock.json
	cd tests/e2e/js && npm ci --no-audit --no-fund --silent
	@touch $@

$(SDK_STAMP): $(SDK)/package.json $(SDK)/package-lock.json
	cd $(SDK) && npm ci --no-audit --no-fund --silent
	@touch $@

test: $(DEV_STAMP) js  ## run every test
	$(BIN)/pytest -n 2 --dist loadgroup $(ARGS)

test-fast: $(DEV_STAMP)  ## run the tests that need no other processes
	$(BIN)/pytest -n 2 -m "not e2e and not slow" $(ARGS)

check: $(DEV_STAMP)  ## format, lint, types, layers, tidiness
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest tests/tidy

format: $(DEV_STAMP)  ## format the sources
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format --quiet .

bench: $(DEV_STAMP) js  ## measure, as ratios to a baseline of the same run
	$(BIN)/python -m benchmarks $(ARGS)

fuzz: $(DEV_STAMP)  ## fuzz the Clarity reader, analysis and codec (needs atheris: the extra `fuzz`)
	$(BIN)/python -m fuzz.clarity $(ARGS)

docs: $(DEV_STAMP)  ## write the reference pages that come from the code
	$(BIN)/python scripts/make_docs.py

lock: $(DEV_STAMP)  ## renew the lock files (needs uv)
	uv pip compile -q --universal --generate-hashes --no-header --no-annotate pyproject.toml -o requirements/core.lock
	uv pip compile -q --universal --generate-hashes --no-header --no-annotate --extra dev pyproject.toml -o requirements/dev.lock

clean:  ## remove what the tasks made, .venv included
	rm -rf $(VENV) build dist site tests/e2e/js/node_modules $(SDK)/node_modules .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
