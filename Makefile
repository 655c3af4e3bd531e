# The doors. Each does all that it needs itself, on a machine with make and Python 3.11 or newer; nothing leaves this folder.
PORT ?= 8000
SERVICES ?=
VISITORS ?= 5000
TRAFFIC ?=

.PHONY: help install demo test lint bench screenshots
.DEFAULT_GOAL := help

help:
	@echo "make install            the environment (.venv), exactly as requirements.lock says"
	@echo "make demo               the shop on http://127.0.0.1:$(PORT)/ without any service (PORT=8000)"
	@echo "make demo SERVICES=1    the same on a PostgreSQL and a Redis of its own"
	@echo "make demo TRAFFIC=1     simulated visitors walk through the shop as you watch; VISITORS=0 leaves out their history"
	@echo "make test               all tests, on SQLite and on PostgreSQL with Redis"
	@echo "make lint               style, types, floors, migrations, settings, templates, scripts"
	@echo "make bench              the benchmarks, into docs/reference/benchmarks.md"
	@echo "make screenshots        the pictures of README and tutorial, into docs/images/ (needs Chromium)"

install:
	@scripts/install

demo: install
	@exec .venv/bin/python manage.py demo --port $(PORT) --visitors $(VISITORS) \
	  $(if $(filter-out 0,$(SERVICES)),--services) $(if $(filter-out 0,$(TRAFFIC)),--traffic)

test: install
	@exec scripts/test

lint: install
	@exec scripts/lint

bench: install
	@exec .venv/bin/python -m tests.benchmarks

screenshots: install
	@.venv/bin/python -m tests.docs.screenshots
	@ATTUNE_PICTURES=docs/images .venv/bin/python -m pytest --quiet --site cms tests/personalization/djangocms/test_by_hand.py
