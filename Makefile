# Two commands are enough: `make demo` and `make test`. The rest is for those who change the product.
# Everything works in .venv/, which `make setup` lays out; PYTHON names another interpreter (3.11 or newer).

SHELL := /bin/bash
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
BENCH_READY := $(VENV)/.bench-ready
MESSAGES := $(VENV)/.messages
CATALOGUES := $(wildcard src/zhengxiao/config/locale/*/LC_MESSAGES/*.po)
# Tests start some hundred processes: what one of them has compiled the next one finds.
unexport PYTHONDONTWRITEBYTECODE
# Two workers: what the smallest office server has, and what keeps the order of tests honest.
WORKERS ?= 2
# One seed for both workers, another in each run: names of tests may hold sets, and order must not matter.
HASHSEED := $(shell echo $$RANDOM)
# Who has nothing left to do takes from the other: the workers end together, and tests of one module mostly stay together.
PYTEST := PYTHONHASHSEED=$(HASHSEED) $(BIN)/pytest -n $(WORKERS) --dist worksteal
DJANGO := DJANGO_SETTINGS_MODULE=zhengxiao.config.settings.test $(BIN)/python -m django
LOCK := UV_PYTHON_DOWNLOADS=never $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header -q

.PHONY: help
help: ## List the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

# ---- set-up ----------------------------------------------------------------------------------------------------------

.PHONY: setup
setup: $(READY) $(MESSAGES) ## Lay out .venv/ with .venv/bin/zx in it (a second run does nothing)

$(READY): requirements/dev.txt requirements/tools.txt pyproject.toml scripts/setup
	@scripts/setup
	@touch $@

# What the measurements are compared with; beside the rest, never instead of it.
$(BENCH_READY): requirements/bench.txt $(READY)
	@$(BIN)/uv pip install -q --python $(BIN)/python --require-hashes -r requirements/bench.txt
	@touch $@

$(MESSAGES): $(CATALOGUES) $(READY)
	@$(BIN)/python scripts/compile_messages.py
	@touch $@

# ---- use -------------------------------------------------------------------------------------------------------------

.PHONY: demo
demo: setup ## Serve the sample city on http://127.0.0.1:8000 (all set-up included)
	@ZX_HOME=$${ZX_HOME:-var/demo} ZX_DEMO=1 exec $(BIN)/zx demo

.PHONY: test
test: setup ## Run the tests on SQLite (all set-up included)
	$(PYTEST) -m "not browser"

# ---- what the build checks -------------------------------------------------------------------------------------------

.PHONY: check
check: lint test check-rest ## Everything the build checks: style, types, arrows, texts, both databases, browser, wheel

.PHONY: check-rest
check-rest: wheel postgres-test browser-test

.PHONY: lint
lint: style types arrows templates migrations messages words docs ## All checks that run no test

.PHONY: style
style: setup ## Format and rules of the Python code
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

.PHONY: types
types: setup ## Static types
	$(BIN)/mypy

.PHONY: arrows
arrows: setup ## Import contracts between the layers
	$(BIN)/lint-imports --no-cache

# No formatter runs over templates: it breaks lines inside running Chinese text, where a break is a visible space.
.PHONY: templates
templates: setup ## Rules of the templates
	$(BIN)/djlint --quiet --lint src

.PHONY: migrations
migrations: setup ## No model change without a migration
	$(DJANGO) check --fail-level WARNING
	$(DJANGO) makemigrations --check --dry-run

.PHONY: messages
messages: setup ## The English catalogue is complete
	$(BIN)/python scripts/collect_messages.py --check

.PHONY: words
words: setup ## Nothing names a machine, a registry or a person's folder
	$(BIN)/python scripts/check_words.py

.PHONY: docs
docs: setup ## Links and commands in the documents are real
	$(BIN)/python scripts/check_docs.py

.PHONY: postgres-test
postgres-test: setup ## Run the tests that ask a database on a throw-away PostgreSQL
	scripts/postgres-for-tests env $(PYTEST) --only-database -m "not browser" src

.PHONY: browser-test
browser-test: setup ## Open the pages in a real browser
	$(PYTEST) -m browser tests/browser

.PHONY: bench
bench: setup $(BENCH_READY) ## Measure, each figure as a ratio against a baseline run beside it (BENCH="sweep cases" for some)
	scripts/postgres-for-tests $(BIN)/python -m bench $(BENCH)

.PHONY: bench-smoke
bench-smoke: setup $(BENCH_READY) ## Run every measurement on a few rows, to see that it still works
	scripts/postgres-for-tests $(BIN)/python -m bench --size small $(BENCH)

# ---- change ----------------------------------------------------------------------------------------------------------

.PHONY: format
format: setup ## Write the house format into Python code
	$(BIN)/ruff check --fix-only -q .
	$(BIN)/ruff format .

.PHONY: collect-messages
collect-messages: setup ## Add new texts to the English catalogue
	$(BIN)/python scripts/collect_messages.py
	$(BIN)/python scripts/compile_messages.py

.PHONY: api
api: setup ## Write docs/openapi.json from the product and the Python client from it
	$(BIN)/python scripts/generate_client.py

.PHONY: matrix
matrix: setup ## Who reaches what on which channel, every cell
	$(PYTEST) tests/access

.PHONY: tamper
tamper: setup ## A thousand single fields edited in SQL behind the application, and a hundred erasures (EDITS=…, some minutes)
	ZX_TAMPER=$${EDITS:-1000} ZX_ERASE=100 $(BIN)/pytest -q tests/test_tampering.py tests/test_erasing.py

.PHONY: fuzz
fuzz: setup ## Calls made up from the document, 100 per operation and kind (some minutes)
	ZX_FUZZ_EXAMPLES=100 $(PYTEST) src/zhengxiao/surfaces/openapi/tests/test_made_up_calls.py

.PHONY: chaos
chaos: setup ## Kill processes and database at random moments, then judge (KILLS=1000, SEED=7, ON=sqlite)
	$(BIN)/python -m harness.chaos --kills $(or $(KILLS),100) --seed $(or $(SEED),0) --on $(or $(ON),both)

.PHONY: once
once: setup ## Retries of one call at the same time take effect once, on PostgreSQL (KEYS=100, AT_ONCE=64)
	ZX_POSTGRES_CONNECTIONS=100 ZX_ONCE_KEYS=$(or $(KEYS),100) ZX_ONCE_PARALLEL=$(or $(AT_ONCE),64) \
	    scripts/postgres-for-tests $(BIN)/pytest -q -s -p no:randomly \
	    src/zhengxiao/surfaces/openapi/tests/test_once.py -k many_retries 2>/dev/null

.PHONY: crash-points
crash-points: setup ## A process dies at each of its words to the database in turn, on both databases
	$(BIN)/python -m harness crash-points

.PHONY: two-writers
two-writers: setup ## Sweepers, deciders and verbs of a clock two at once (ROUNDS=1000)
	$(BIN)/python -m harness two-writers $(or $(ROUNDS),1000)

.PHONY: upgrade
upgrade: setup ## From the first migration to the newest, dying on the way, on both databases
	$(BIN)/python -m harness upgrade

.PHONY: planted
planted: setup ## Plant each bug of docs/planted-bugs.md in a copy and see its check fail
	$(BIN)/python -m harness.planted

.PHONY: lock
lock: setup ## Resolve the dependencies anew (UPGRADE=--upgrade takes newer releases)
	$(LOCK) $(UPGRADE) pyproject.toml --extra postgres --extra oidc --extra gm -o requirements/base.txt
	$(LOCK) $(UPGRADE) pyproject.toml --extra postgres --extra oidc --extra gm --group dev -c requirements/base.txt -o requirements/dev.txt
	$(LOCK) $(UPGRADE) --group bench -c requirements/dev.txt -o requirements/bench.txt
	$(LOCK) $(UPGRADE) requirements/tools.in -o requirements/tools.txt

# ---- delivery --------------------------------------------------------------------------------------------------------

.PHONY: wheel
wheel: setup ## Build dist/zhengxiao-*.whl and check that everything is in it
	rm -f dist/zhengxiao-*.whl
	$(BIN)/python scripts/compile_messages.py --force
	$(BIN)/python -m hatchling build -t wheel
	$(BIN)/python scripts/check_wheel.py

.PHONY: wheelhouse
wheelhouse: wheel ## Gather the wheels for an office without internet in dist/wheelhouse/
	rm -rf dist/wheelhouse
	$(BIN)/python -m pip download -q --require-hashes --only-binary :all: -r requirements/base.txt -d dist/wheelhouse
	cp dist/zhengxiao-*.whl requirements/base.txt dist/wheelhouse/
	@du -sh dist/wheelhouse

.PHONY: clean
clean: ## Remove what was built (not .venv/, not var/)
	rm -rf dist build test-artifacts .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
