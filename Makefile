# Two commands: `make run` opens the garden, `make test` proves it. Everything else is for its gardeners.
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
CATALOGS := $(patsubst %.po,%.mo,$(wildcard */locale/*/LC_MESSAGES/django.po))
export PORT

.PHONY: run test setup setup-dev services chromium lint types tests demo-visit requirements translations clean

run: setup
	@$(BIN)/python manage.py run_garden

test: setup-dev lint types tests

setup: $(VENV)/.base node_modules/.installed $(CATALOGS)

setup-dev: $(VENV)/.dev $(VENV)/.generation $(VENV)/.peers node_modules/.installed $(CATALOGS) chromium services
	@$(BIN)/python manage.py build_face_models

lint:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/djlint templates --check --lint --quiet
	npm run --silent lint

types:
	$(BIN)/mypy .

tests:
	$(BIN)/pytest -n 2 --dist loadscope --durations 10

demo-visit: $(VENV)/.dev
	@$(BIN)/python manage.py demo_visit --url http://localhost:$(PORT)

# --- What the above stand on ----------------------------------------------------------------------
$(BIN)/python:
	@$(PYTHON) -c 'import sys; assert sys.version_info >= (3, 11), "Python 3.11 or newer is needed: make PYTHON=python3.11"'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.base: requirements/base.txt | $(BIN)/python
	@echo "Installing Python packages…"
	$(BIN)/pip install --quiet --disable-pip-version-check --requirement requirements/base.txt
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.base
	@echo "Installing Python packages for development…"
	$(BIN)/pip install --quiet --disable-pip-version-check --requirement requirements/dev.txt
	@touch $@

# torch first and alone: its pinned build must not be replaced by what another package asks for.
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
	npm ci --no-audit --no-fund --loglevel error
	@touch $@

%.mo: %.po
	$(BIN)/pybabel --quiet compile --input-file $< --output-file $@

$(CATALOGS): | $(VENV)/.base

# A real browser for the journeys: Debian's, unless CHROMIUM names another.
chromium:
	@command -v $${CHROMIUM:-chromium} >/dev/null || ( \
	  echo "Installing Chromium…"; \
	  as_root=$$([ "$$(id -u)" = 0 ] || echo sudo); \
	  $$as_root apt-get update -qq && $$as_root apt-get install -qq -y --no-install-recommends chromium )

# Servers that the fault tests start for themselves, each on a free port in a folder of its own.
services:
	@{ command -v redis-server && command -v rabbitmq-server && ls /usr/lib/postgresql/*/bin/initdb; } >/dev/null 2>&1 || ( \
	  echo "Installing PostgreSQL, Redis and RabbitMQ for the tests…"; \
	  as_root=$$([ "$$(id -u)" = 0 ] || echo sudo); \
	  $$as_root apt-get update -qq && \
	  $$as_root apt-get install -qq -y --no-install-recommends postgresql redis-server rabbitmq-server )

# --- For those who change it ----------------------------------------------------------------------
requirements: $(VENV)/.dev
	cd requirements && for name in base generation aws dev peers; do \
	  ../$(BIN)/pip-compile --quiet --strip-extras --no-emit-index-url --no-emit-find-links --no-emit-trusted-host \
	    --output-file $$name.txt $$name.in || exit 1; \
	done
	sed -i 's/^torch==\([0-9.]*\)+cpu/torch==\1/' requirements/generation.txt requirements/peers.txt

clean:
	rm -rf $(VENV) node_modules .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
