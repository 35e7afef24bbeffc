# `make run` starts the site, `make test` tests it. All other targets are for developers.
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
PINNED := $(filter-out %/constraints.txt,$(wildcard requirements/*.txt))
CATALOGS := $(patsubst %.po,%.mo,$(wildcard */locale/*/LC_MESSAGES/*.po))
# uv installs in seconds what takes pip half a minute; where it cannot (no wheel, a private index in pip.conf), pip does.
INSTALL = install() { $(BIN)/uv pip install --quiet --python $(BIN)/python --requirement "$$1" 2>/dev/null || \
  $(BIN)/pip install --quiet --disable-pip-version-check --requirement "$$1"; }; install
export PORT

.PHONY: run test test-long test-services setup setup-dev services chromium lint audit types tests demo-visit docs requirements clean

run: setup
	@$(BIN)/python manage.py run_garden

# Types beside the tests: mypy uses one core, and some tests wait for processes.
test: setup-dev lint
	@$(MAKE) --no-print-directory --jobs 2 types tests

setup: $(VENV)/.tools node_modules/.installed $(CATALOGS)

setup-dev: $(VENV)/.dev $(VENV)/.telemetry $(VENV)/.generation $(VENV)/.peers node_modules/.dev $(CATALOGS) chromium services
	@$(BIN)/python manage.py build_models

lint:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/python -m tools.lint
	$(BIN)/python -m tools.fonts.subset --check
	DATABASE_URL=sqlite://:memory: $(BIN)/python manage.py lint_migrations
	$(BIN)/djlint templates --check --lint --quiet
	npm run --silent lint
	DATABASE_URL=sqlite://:memory: $(BIN)/python manage.py spectacular --format openapi-json --file types/api.json
	npm run --silent types

# Known vulnerabilities of all pinned packages; needs the internet. Runs all three audits, and fails if one of them fails.
audit: $(VENV)/.dev
	@failed=0; \
	$(BIN)/ruff check --select S --ignore S311 garden recommend generation curation tools || failed=1; \
	$(BIN)/pip-audit $(PINNED:%=--requirement %) --no-deps --disable-pip --strict || failed=1; \
	npm audit || failed=1; \
	exit $$failed

types:
	$(BIN)/mypy .

# Those of the pages' scripts without a browser, then all others. Slow files first (tests/support/ordering.py): xdist would start with files of many tests, not of slow ones.
tests:
	npm run --silent test
	$(BIN)/python -m pytest -n 3 --dist loadscope --no-loadscope-reorder --durations 10

# Before a release: long forms of the fault tests, each on every database and broker, and other examples of the properties. Hours; WANDERING_MINUTES shortens one.
test-long: setup-dev
	KILL_STRIDE=1 $(BIN)/python -m pytest -m "" -o faulthandler_timeout=0 --durations 10 tests/faults
	$(BIN)/python -m pytest -m "long or hypothesis" -o faulthandler_timeout=0 --hypothesis-profile long --ignore tests/faults

# Tests that use the database or the broker, again on servers: docs/how-to/deploy.md#use-postgresql-and-redis.
test-services: $(VENV)/.dev $(CATALOGS) services
	for broker in redis rabbitmq; do \
	  $(BIN)/python -m tests.services $$broker -- $(BIN)/python -m pytest -p tests.services.selection -m "not long" -o faulthandler_timeout=1800 \
	    -n 3 --dist loadscope --no-loadscope-reorder --durations 10 || exit 1; \
	done

demo-visit: setup
	@$(BIN)/python manage.py demo_visit --url http://localhost:$(PORT)

docs: setup
	@$(BIN)/python manage.py build_docs

# --- Prerequisites of the above --------------------------------------------------------------------
$(BIN)/python:
	@$(PYTHON) -c 'import sys; assert sys.version_info >= (3, 11), "Python 3.11 or newer is needed: make PYTHON=python3.11"'
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install --quiet --disable-pip-version-check --only-binary :all: --requirement requirements/installer.txt || true

$(VENV)/.base: requirements/base.txt | $(BIN)/python
	@echo "Installing Python packages…"
	@$(INSTALL) requirements/base.txt
	@touch $@

# Packages that convert the face networks at setup: no web process imports them.
$(VENV)/.tools: requirements/tools.txt $(VENV)/.base
	@echo "Installing Python packages that convert networks and build the documentation…"
	@$(INSTALL) requirements/tools.txt
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.tools
	@echo "Installing Python packages for development…"
	@$(INSTALL) requirements/dev.txt
	@touch $@

$(VENV)/.telemetry: requirements/telemetry.txt $(VENV)/.dev
	@echo "Installing OpenTelemetry…"
	@$(INSTALL) requirements/telemetry.txt
	@touch $@

# torch first and alone: no other package may replace its pinned build.
$(VENV)/.generation: requirements/generation.txt $(VENV)/.dev
	@echo "Installing diffusion packages (about 2 GB)…"
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint requirements/constraints.txt torch
	$(BIN)/pip install --quiet --disable-pip-version-check --requirement requirements/generation.txt
	@touch $@

$(VENV)/.peers: requirements/peers.txt $(VENV)/.generation
	@echo "Installing what the recommender is compared with…"
	$(BIN)/pip install --quiet --disable-pip-version-check --requirement requirements/peers.txt
	@touch $@

node_modules/.installed: package.json package-lock.json
	@echo "Installing npm packages…"
	@npm ci --omit=dev --no-audit --no-fund --loglevel error >/dev/null
	@touch $@

# All of them: those for development are larger than those that a site needs.
node_modules/.dev: package.json package-lock.json
	@echo "Installing npm packages for development…"
	@npm ci --no-audit --no-fund --loglevel error >/dev/null
	@touch node_modules/.installed $@

%.mo: %.po
	@$(BIN)/pybabel --quiet compile --input-file $< --output-file $@

$(CATALOGS): | $(VENV)/.base

# A real browser for tests/journeys: Debian's, unless CHROMIUM names another.
chromium:
	@command -v $${CHROMIUM:-chromium-headless-shell} >/dev/null || command -v $${CHROMIUM:-chromium} >/dev/null || ( \
	  echo "Installing Chromium…"; \
	  as_root=$$([ "$$(id -u)" = 0 ] || echo sudo); \
	  $$as_root apt-get update -qq && \
	  $$as_root apt-get install -qq -y --no-install-recommends chromium-headless-shell )

# Servers that the fault tests start, each on a free port in its own folder.
services:
	@{ command -v redis-server && command -v rabbitmq-server && ls /usr/lib/postgresql/*/bin/initdb; } >/dev/null 2>&1 || ( \
	  echo "Installing PostgreSQL, Redis and RabbitMQ for the tests…"; \
	  as_root=$$([ "$$(id -u)" = 0 ] || echo sudo); \
	  $$as_root apt-get update -qq && \
	  $$as_root apt-get install -qq -y --no-install-recommends postgresql redis-server rabbitmq-server )

# --- For developers --------------------------------------------------------------------------------
requirements: $(VENV)/.dev
	cd requirements && for name in base tools generation aws dev peers telemetry; do \
	  ../$(BIN)/pip-compile --quiet --strip-extras --no-emit-index-url --no-emit-find-links --no-emit-trusted-host \
	    --unsafe-package opencv-python --output-file $$name.txt $$name.in || exit 1; \
	done
	sed -i 's/^torch==\([0-9.]*\)+cpu/torch==\1/' requirements/generation.txt requirements/peers.txt

clean:
	rm -rf $(VENV) node_modules .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
