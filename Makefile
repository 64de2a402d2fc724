# Every target sets up what it needs: a virtual environment in .venv, once, and again whenever
# pyproject.toml or constraints.txt change.

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

# The first interpreter that is new enough. Each is run, since a name on the PATH may be a mere shim.
CANDIDATES := python3 python3.14 python3.13 python3.12 python3.11
PYTHON ?= $(shell for python in $(CANDIDATES); do \
  "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 \
  && echo "$$python" && break; done)

# Code that decides and touches nothing: every branch of it is tested.
PURE := reconciler/canonical.py,reconciler/errors.py,reconciler/problems.py,reconciler/model.py,reconciler/signing.py
PURE := $(PURE),reconciler/wording.py,reconciler/manifests.py,reconciler/yamltext/*
PURE := $(PURE),reconciler/schema.py,reconciler/shape/*,reconciler/guards.py,reconciler/plan/*,reconciler/clashes.py,reconciler/desire.py
PURE := $(PURE),reconciler/troubles.py,reconciler/since/compare.py,reconciler/forge/patience.py
PURE := $(PURE),reconciler/forge/marker.py,reconciler/forge/shorten.py
PURE := $(PURE),reconciler/reviewhours.py,reconciler/rewrite.py,reconciler/importing.py,reconciler/imported.py,reconciler/checkup.py,reconciler/affected.py
PURE := $(PURE),reconciler/rules/*,reconciler/render/problems/*

# How long `make fuzz` looks for bytes that `validate` does not survive.
FUZZ_SECONDS ?= 60

.DEFAULT_GOAL := help
.PHONY: help demo test crash check bench profile fuzz fmt clean
.DELETE_ON_ERROR:

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-7s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(READY) ## Run the whole loop against a service of its own, on loopback
	@$(BIN)/python -m reconciler demo

test: $(READY) ## Run all tests on all cores; every branch of the pure code is covered
	$(BIN)/python -m pytest -n auto --cov --cov-report= tests/unit
	$(BIN)/python -m coverage report --include='$(PURE)' --skip-covered --fail-under=100
	@# Most of these wait, for processes and for pauses between two tries: four at once fit two cores.
	$(BIN)/python -m pytest -n 4 tests/crash tests/integration

crash: $(READY) ## Kill and starve an apply at every single point, of which `test` takes a sample
	CRASH=all $(BIN)/python -m pytest -n auto tests/crash

check: $(READY) ## Check formatting, lint, annotations, the order of the floors, the workflows
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/zizmor --offline --persona auditor --no-progress --quiet .github reconciler/_templates

# Which claims or works to measure, by a part of their names, and how often.
WORK ?=
ROUNDS ?= 5

bench: $(READY) ## Measure every claim beside the tools that users would pick instead
	@$(BIN)/python -m tests.benchmarks.run --rounds $(ROUNDS) --json .bench-results.json $(WORK)
	@$(BIN)/python -m tests.benchmarks.state

profile: $(READY) ## Show where validate, plan and apply spend their time
	@$(BIN)/python -m tests.benchmarks.profile

# Atheris is no part of the environment: only some interpreters have a package of it, and to build it
# takes a compiler of its own, so it is not tried. What fails becomes a case of the tests at once.
fuzz: $(READY) ## Throw mutated bytes at what `validate` reads, for a minute
	@{ $(BIN)/python -m pip install --quiet --constraint constraints.txt --only-binary atheris \
	  --group fuzz && $(BIN)/python -c 'import atheris'; } || { \
	  echo "make fuzz needs Atheris, which could not be installed. It has packages for Linux with" >&2; \
	  echo "Python 3.11 to 3.13: make clean, then make fuzz PYTHON=python3.13" >&2; \
	  exit 1; }
	@mkdir -p .fuzz
	$(BIN)/python -m tests.fuzz.validate -max_total_time=$(FUZZ_SECONDS) -timeout=10 \
	  -artifact_prefix=tests/fuzz/corpus/ .fuzz tests/fuzz/corpus tests/cases/manifests \
	  tests/cases/rules

fmt: $(READY) ## Format the code and mend what can be mended
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

clean: ## Remove the environment and every cache
	rm -rf $(VENV) build dist .coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache
	rm -rf .import_linter_cache .fuzz .bench .bench-results.json
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(READY): pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { \
	  echo "reconciler needs Python 3.11 or newer; none was found on the PATH." >&2; \
	  echo "Install one, or name it: make $(MAKECMDGOALS) PYTHON=/path/to/python3.12" >&2; \
	  exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@# --group came with pip 25.1; older environments bring an older pip.
	$(BIN)/python -m pip install --quiet 'pip>=25.1'
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable . --group dev
	@touch $@
