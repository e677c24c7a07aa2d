# `make run` starts the proxy, `make test` proves it, `make demo` shows it. Only packages are downloaded.
SHELL := /bin/bash
.DEFAULT_GOAL := help
VENV ?= .venv
BIN := $(VENV)/bin
ARGS ?=
PIP := $(BIN)/python -m pip --disable-pip-version-check install -q

.PHONY: help run demo test test-all test-clients bench lint types format lock clean

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: $(VENV)/.installed  ## start the proxy on 127.0.0.1:8080 (ARGS="--config FILE")
	@exec $(BIN)/equicache serve $(ARGS)

demo: $(VENV)/.installed-test  ## thirty prompts against a scripted upstream, no key needed (ARGS=--once)
	@exec $(BIN)/equicache demo $(ARGS)

test: $(VENV)/.installed-test  ## the suite, some twelve minutes on two cores
	@.ci/prerequisites redis
	$(BIN)/python -m pytest -n 2 -m "not long" $(ARGS)

test-all: $(VENV)/.installed-test  ## the suite and the long tests
	@.ci/prerequisites redis
	$(BIN)/python -m pytest -n 2 $(ARGS)

test-clients: $(VENV)/.installed-test  ## the clients that people use, real SDKs over real sockets
	$(BIN)/python -m pytest tests/wire/test_clients.py $(ARGS)

bench: $(VENV)/.installed-test  ## every claim, short, about twenty minutes; writes bench/RESULTS.md (ARGS="--only throughput,index")
	@$(BIN)/python -m bench.results $(ARGS)

lint: $(VENV)/.installed-test  ## ruff: rules and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.installed-test  ## mypy --strict
	$(BIN)/mypy

format: $(VENV)/.installed-test  ## put the code into shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: $(VENV)/.installed-test  ## renew the lock files from pyproject.toml
	$(PIP) uv
	$(BIN)/uv pip compile $(LOCK) pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile $(LOCK) --extra test --extra dev pyproject.toml -o requirements-test.lock
LOCK := -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --upgrade

clean:  ## take the environment and the caches away
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache

$(VENV)/bin/python:
	@python=$$(.ci/prerequisites python) && .ci/prerequisites compiler && "$$python" -m venv $(VENV)

TELL := @[ -t 1 ] && echo "equicache: installing packages into $(VENV) (hnswlib is compiled), about a minute" || true

$(VENV)/.installed: requirements.lock pyproject.toml | $(VENV)/bin/python
	$(TELL)
	@$(PIP) --require-hashes -r requirements.lock
	@$(PIP) --no-deps -e .
	@touch $@

$(VENV)/.installed-test: requirements-test.lock pyproject.toml | $(VENV)/bin/python
	$(TELL)
	@$(PIP) --require-hashes -r requirements-test.lock
	@$(PIP) --no-deps -e .
	@touch $@ $(VENV)/.installed
