# What a machine needs: python3 with venv and pip, make, git. Everything else is fetched.
#
#   make demo        the application with made-up parties, on http://localhost:$(PORT)
#   make demo-reset  forget what the demo has written
#   make test        all tests, with a real database server and a real browser
#                    (some of them: make test PYTEST_ARGS='tests/log -x'; coverage: PYTEST_ARGS=--cov)
#   make check       what CI runs: lint, then test
#   make lint        formatting, types, import rules and templates
#   make catalogues  new sentences of letters into templates/mail/languages/*.po, to be translated
#   make page-hashes the SHA-256 of the pages that stand alone, into CHANGELOG.md
#   make lock        newer versions into requirements*.txt and package-lock.json
#   make clean       remove everything that was fetched or built, but no instance

PYTHON ?= python3
PORT ?= 8000
PYTEST_ARGS ?=
# One worker a core: two is what a small machine has.
PYTEST_WORKERS ?= 2

VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv --quiet

export PORT
# uv would otherwise install into whichever environment is active in the user's shell.
export VIRTUAL_ENV := $(CURDIR)/$(VENV)
unexport UV_SYSTEM_PYTHON UV_PROJECT_ENVIRONMENT PYTHONHOME PYTHONPATH
# Without kept bytecode each process compiles every library again, which takes seconds.
unexport PYTHONDONTWRITEBYTECODE

# Each stamp says that one step of the set-up is done; a changed input repeats the step.
UV_DONE := $(VENV)/.stamp-uv
RUNTIME_DONE := $(VENV)/.stamp-runtime
DEV_DONE := $(VENV)/.stamp-dev
# The last of the files that are written.
ASSETS_DONE := static/vendor/govuk-frontend/LICENCE.txt
PAGES_DONE := static/built/.done

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help demo demo-reset setup setup-dev system-packages test check lint format catalogues page-hashes lock clean

help:
	@sed -n '/^#   make/s/^# *//p' Makefile

demo: setup
	@exec $(BIN)/attest demo

demo-reset: setup
	$(BIN)/attest demo --reset

setup: $(RUNTIME_DONE) $(ASSETS_DONE) $(PAGES_DONE)

setup-dev: $(DEV_DONE) $(ASSETS_DONE) $(PAGES_DONE)

$(UV_DONE): tools/requirements-uv.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

# --no-deps: the requirements files are complete, and anything else would come without a hash.
INSTALL_SELF := $(UV) pip install --no-deps --build-constraints tools/requirements-build.txt --editable .

# A sync takes away what its file does not name, so development tools, once there, are kept.
$(RUNTIME_DONE): $(UV_DONE) requirements.txt tools/requirements-build.txt pyproject.toml
	$(UV) pip sync --require-hashes $(if $(wildcard $(DEV_DONE)),requirements-dev.txt,requirements.txt)
	$(INSTALL_SELF)
	@touch $@

$(DEV_DONE): $(RUNTIME_DONE) requirements-dev.txt
	$(UV) pip sync --require-hashes requirements-dev.txt
	$(INSTALL_SELF)
	@touch $@

$(ASSETS_DONE): $(UV_DONE) package-lock.json tools/fetch_assets.py tools/requirements-node.txt
	$(BIN)/python tools/fetch_assets.py

# The pages that stand alone, and the hashes by which people know them.
PAGE_SOURCES := $(wildcard static/*.js static/verifier/*.js static/standalone/*)
$(PAGES_DONE): $(ASSETS_DONE) $(PAGE_SOURCES) tools/build_pages.py
	$(BIN)/python tools/build_pages.py

page-hashes: $(ASSETS_DONE)
	$(BIN)/python tools/build_pages.py --notes

system-packages:
	@sh tools/install_system_packages.sh

# Whoever is done first takes over what another still has; files stay together until then.
test: system-packages setup-dev
	$(BIN)/pytest -n $(PYTEST_WORKERS) --dist worksteal $(PYTEST_ARGS)

check: lint test

lint: $(DEV_DONE)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet templates

format: $(DEV_DONE)
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

catalogues: $(RUNTIME_DONE)
	$(BIN)/python -m tools.update_catalogues

# uv.lock records registry hosts, so it is a by-product that git ignores.
EXPORT := $(UV) export --frozen --no-emit-project --no-annotate --no-header

lock: $(UV_DONE)
	$(UV) lock --upgrade
	$(EXPORT) --no-default-groups --output-file requirements.txt >/dev/null
	$(EXPORT) --output-file requirements-dev.txt >/dev/null
	$(EXPORT) --only-group uv --output-file tools/requirements-uv.txt >/dev/null
	$(EXPORT) --only-group build --output-file tools/requirements-build.txt >/dev/null
	$(EXPORT) --only-group node --output-file tools/requirements-node.txt >/dev/null
	$(BIN)/python tools/fetch_assets.py --lock

clean:
	rm -rf $(VENV) static/vendor static/built build dist htmlcov test-results .coverage uv.lock
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find attest tests tools -name __pycache__ -prune -exec rm -rf {} +
