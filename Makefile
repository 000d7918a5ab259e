# ipv6check: each target does all its own set-up. `make help` lists them.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --quiet --disable-pip-version-check
# Workers: one a core for what computes, more for what mostly waits for a network or a browser.
JOBS   ?= 2
WAITING_JOBS ?= 4

.DEFAULT_GOAL := help
.PHONY: help demo test check format lint types layers soak bench checks-page comparison lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(VENV)/.run ## the whole job against an embedded lab on this machine: no root, no network
	@$(BIN)/ipv6check demo

test: $(VENV)/.dev ## all tests, with real servers in network namespaces and the browser (root)
	@tools/install-packages
	@tools/need-lab
	$(BIN)/pytest -n $(JOBS) --dist loadfile tests/unit tests/golden tests/hostile $(PYTEST)
	$(BIN)/pytest -n $(WAITING_JOBS) --dist loadfile tests/lab tests/resume tests/demo tests/browser $(PYTEST)

check: $(VENV)/.dev format lint types test ## what CI runs: format, lint, strict types, layers, all tests

format: $(VENV)/.dev
	$(BIN)/ruff format --check .

lint: $(VENV)/.dev
	$(BIN)/ruff check .

types: $(VENV)/.dev
	$(BIN)/mypy

soak: $(VENV)/.dev ## the lab again and again, with loss, and longer fuzzing
	@tools/install-packages
	@tools/need-lab
	@$(PIP) install --require-hashes -r requirements/fuzz.txt || echo "atheris does not install here: hypothesis alone fuzzes"
	$(BIN)/python -m tests.soak

bench: $(VENV)/.dev ## speed, side by side with peers in one run, as ratios
	@tools/install-packages
	@tools/need-lab
	$(BIN)/python -m tests.bench

checks-page: $(VENV)/.dev ## write docs/checks.md anew: what each check asks, how it judges, what tests it
	$(BIN)/python -m tests.checks_page > docs/checks.md

comparison: $(VENV)/.dev ## write docs/comparison.md anew: what other tools say of the lab's situations
	@tools/install-packages
	@tools/need-lab
	$(BIN)/python -m tests.lab.comparison.page > docs/comparison.md.new
	@mv docs/comparison.md.new docs/comparison.md

lock: $(VENV)/.dev ## make the locked requirements anew
	tools/lock

clean: ## remove what the targets made, but not the runs under reports/
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(VENV)/bin/python:
	@$(PYTHON) tools/need_python.py
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.run: $(VENV)/bin/python requirements/run.txt pyproject.toml
	@echo "installing ipv6check into $(VENV)"
	@$(PIP) install --require-hashes -r requirements/run.txt
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: $(VENV)/bin/python requirements/dev.txt pyproject.toml
	@echo "installing ipv6check and its development tools into $(VENV)"
	@$(PIP) install --require-hashes -r requirements/dev.txt
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@ $(VENV)/.run
