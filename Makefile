# skypact: `make run` starts it, `make test` proves it, `make help` lists the rest.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.ONESHELL:
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
DEPENDENCIES := $(VENV)/dependencies-installed
PROJECT := $(VENV)/project-installed
NODE_MODULES := frontend/node_modules/.installed
STATIC := src/skypact/market/core/static/skypact
BUNDLE := $(STATIC)/manifest.json
LOCALES := $(wildcard src/skypact/market/*/locale/*/LC_MESSAGES/django.po)
CATALOGUES := $(LOCALES:.po=.mo)

.PHONY: help install assets run demo test lint fmt messages lock wheel bench system clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 20
	echo "  make bench-NAME     one benchmark: $$(cd benchmarks && ls *.py | sed 's/\.py//' | grep -vxE '__init__|row|run' | tr '\n' ' ')"

install: $(DEPENDENCIES) $(PROJECT) assets ## make .venv and the front-end assets, nothing else
	@:

$(DEPENDENCIES): requirements/dev.txt requirements/find-python
	@python=$$(requirements/find-python)
	echo "Installing the pinned packages into $(VENV) with $$python"
	[ -x $(BIN)/python ] || "$$python" -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	touch $@

$(PROJECT): pyproject.toml requirements/runtime.in $(DEPENDENCIES)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-index --no-deps --no-build-isolation -e .
	touch $@

assets: $(BUNDLE) $(CATALOGUES) ## build scripts, styles, fonts, map data and translations

$(NODE_MODULES): frontend/package-lock.json
	@command -v npm >/dev/null || { echo "skypact needs Node.js 18 or newer with npm to build its pages. On Debian: apt-get install nodejs npm" >&2; exit 1; }
	echo "Installing the front-end packages"
	cd frontend
	npm ci --silent --no-audit --no-fund
	touch node_modules/.installed

$(BUNDLE): $(NODE_MODULES) frontend/build.mjs $(wildcard frontend/src/*)
	@node frontend/build.mjs

%.mo: %.po $(DEPENDENCIES)
	@$(BIN)/pybabel --quiet compile --input-file $< --output-file $@

run: ## set up, load the catalogue, compose the sample kits, serve on 127.0.0.1:$(PORT)
	@requirements/check-port $(PORT)
	$(MAKE) install
	requirements/install-system reports
	$(BIN)/skypact demo
	exec $(BIN)/skypact serve --port $(PORT)

demo: install ## load the seed catalogue and compose the sample kits
	@$(BIN)/skypact demo

lint: install ## ruff, format check, mypy --strict on schema and engines, import contracts
	@$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

fmt: install ## format and sort imports
	@$(BIN)/ruff check --fix-only --quiet
	$(BIN)/ruff format

test: lint system ## everything continuous integration checks: lint, then one pytest run on up to four cores
	@$(BIN)/pytest -n auto --maxprocesses 4 --dist worksteal

system: ## install what the tests take from the system (Chromium, a Korean font, Pango, tshark), or say how
	@requirements/install-system tests

messages: install ## collect the texts to translate into the .po files
	@$(BIN)/python -m skypact.market.translations

lock: $(DEPENDENCIES) ## pin the newest allowed packages, with hashes, for every platform and Python
	@cd requirements
	for name in runtime dev; do
	  ../$(BIN)/uv pip compile --quiet --upgrade --universal --fork-strategy fewest --python-version 3.11 --generate-hashes \
	    --no-header $$name.in -o $$name.txt
	done

wheel: install ## build dist/skypact-*.whl with the assets in it
	@$(BIN)/python -m build --wheel --no-isolation

bench: install ## run every benchmark, print the tables, write benchmarks/results/
	@$(BIN)/python -m benchmarks.run

bench-%: install
	@$(BIN)/python -m benchmarks.run $*

clean: ## remove what the targets built; var/ with its database stays
	@rm -rf $(VENV) frontend/node_modules $(STATIC) dist .mypy_cache .pytest_cache .ruff_cache .hypothesis $(CATALOGUES)
