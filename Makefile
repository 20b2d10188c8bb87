# Two commands are all a user needs: `make run` and `make test`. `make help` lists the rest.
PYTHON ?= python3
export KJELDA_HOME ?= $(CURDIR)/kjelda-data
VENV := .venv
BIN := $(VENV)/bin
# A change in what is to be installed makes the stamps stale; nothing else installs anything.
NEEDS := pyproject.toml requirements.lock

.DEFAULT_GOAL := help
.PHONY: help run setup test check bench quality quality-page clean

help: ## List the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: $(VENV)/.installed-run ## Install, build the model, take the shipped corpus in, serve http://127.0.0.1:8000
	@$(BIN)/kjelda ingest --offline
	@exec $(BIN)/kjelda serve

setup: $(VENV)/.installed-dev ## Install only, into .venv

test: $(VENV)/.installed-dev ## Run all tests
	@$(BIN)/python -m pytest

check: $(VENV)/.installed-dev ## Lint, format check, types, floors
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

bench: $(VENV)/.installed-dev ## Benchmarks: embedding, search at 1 000 and 100 000 passages, command line
	@$(BIN)/python tests/benchmarks/bench_embedding.py
	@$(BIN)/python tests/benchmarks/bench_search.py --passages 1000 100000
	@$(BIN)/python tests/benchmarks/bench_cli.py

quality: $(VENV)/.installed-dev ## All evaluation sets, with the floors they are held to
	@$(BIN)/python tests/quality/sets.py

quality-page: $(VENV)/.installed-dev ## Measure every condition anew and write docs/quality.md (20 minutes)
	@$(BIN)/python tests/quality/page.py

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Kjelda needs Python 3.11 or newer; $(PYTHON) is older. Try: make PYTHON=python3.12 run"; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.installed-run: $(NEEDS) | $(VENV)/bin/python
	@echo "Installing Kjelda (once; a few minutes)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c requirements.lock -e .
	@touch $@

$(VENV)/.installed-dev: $(NEEDS) | $(VENV)/bin/python
	@echo "Installing Kjelda with its development tools (once; a few minutes)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c requirements.lock -e '.[dev]'
	@touch $@ $(VENV)/.installed-run

clean: ## Remove the environment and the data folder's derived parts
	rm -rf $(VENV) build *.egg-info
