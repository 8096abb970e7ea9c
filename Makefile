# Two commands matter: `make run` and `make test`. `make help` tells the rest.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules

PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
VAR := $(or $(DRYRUN_VAR),var)
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --only-binary :all:

.PHONY: help
help: ## Tell what each command does
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: setup ## Start Dryrun on http://127.0.0.1:8000 (PORT=8001 for another port)
	@exec $(BIN)/python -m app.cli run --port "$(PORT)"

.PHONY: test
test: tools chromium ## Install what the tests need, then run every check and every test
	@bash tests/run.sh check suites

.PHONY: check
check: tools ## Run the static checks only
	@bash tests/run.sh check

.PHONY: bench
bench: tools ## Time saves, exam page, end and result against a minimal server, side by side
	@$(BIN)/python -m tests.load.bench $(BENCH)

.PHONY: lock
lock: ## Write requirements/ anew from pyproject.toml (needs uv)
	@bash requirements/lock.sh

.PHONY: clean
clean: ## Remove what these commands made, but not var/, which holds your data
	@rm -rf .venv .cache .hypothesis

# --- what the commands above stand on; ./dryrun uses `setup` too ---

.PHONY: setup tools chromium
setup: .venv/.run $(VAR)/secret_key
tools: setup .venv/.test

# The stamp is written last, so that an interrupted installation is begun anew.
.venv/.run: requirements/run.txt
	@echo "Installing what Dryrun needs (once) ..."
	@$(PYTHON) -c 'import sys; sys.exit("Dryrun needs Python 3.11 or newer; set PYTHON=...") if sys.version_info < (3, 11) else None'
	@$(PYTHON) -m venv --clear .venv
	@$(PIP) -r requirements/run.txt
	@touch $@

.venv/.test: requirements/test.txt .venv/.run
	@echo "Installing what the tests need (once) ..."
	@$(PIP) -r requirements/test.txt
	@touch $@

# Signs cookies; made once, for the owner's eyes only.
$(VAR)/secret_key: | .venv/.run
	@umask 077; mkdir -p $(VAR)
	@umask 077; $(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(48))' > $@.new
	@mv $@.new $@

chromium: .venv/.test
	@bash tests/browser/install-chromium.sh
