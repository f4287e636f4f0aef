# `make` lists what can be made. Nothing is assumed but Python 3.11 or newer and make.

PYTHON ?= python3
VENV ?= .venv
JOBS ?= 2
# More arguments for pip when it installs torch, for example the index of its CPU builds.
TORCH_ARGS ?=

BIN := $(VENV)/bin
READY := $(VENV)/.ready
SITE := _build/html
TORCH := $(shell sed -n 's/^\(torch==.*\)/\1/p' constraints.txt)

.DEFAULT_GOAL := help
.PHONY: help setup book test check lint types layers claims bench serve lab shots clean

help: ## list these targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1@\2/p' $(MAKEFILE_LIST) | awk -F@ '{ printf "%-16s%s\n", $$1, $$2 }'

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; say which one with: make PYTHON=/path/to/python3 $(MAKECMDGOALS)"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt $(TORCH_ARGS) $(TORCH)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable ".[book,dev,cluster]"
	$(BIN)/python -m pip check
	@touch $@

setup: $(READY) ## create the environment in .venv (other targets do it by themselves)

book: $(READY) ## check every claim, execute every chapter, build the site
	$(BIN)/focalbook claims
	$(BIN)/python -m focalbook.book.execute --jobs $(JOBS)
	$(BIN)/jupyter-book build . --all -n -W --keep-going -q
	$(BIN)/python -m focalbook.book.site_check $(SITE)
	@echo "The book is built. Open file://$(CURDIR)/$(SITE)/index.html, or say: make serve"

test: $(READY) ## run the tests, except those of the built site in a browser
	$(BIN)/python -m pytest -n $(JOBS) --dist loadgroup --ignore=tests/browser

lint: $(READY) ## style and formatting
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY) ## static types
	$(BIN)/mypy

layers: $(READY) ## which package may import which
	$(BIN)/lint-imports

check: lint types layers ## everything: lint, types, layers, a cold strict build, all tests, the pages in a browser
	rm -rf _build
	$(MAKE) book
	$(BIN)/python -m pytest -n $(JOBS) --dist loadgroup

claims: $(READY) ## compute the status of every claim and record it in results/
	$(BIN)/focalbook claims --record

bench: $(READY) ## time everything beside its peers and record it in results/ (four minutes)
	OMP_NUM_THREADS=1 MKL_NUM_THREADS=1 $(BIN)/python -m benchmarks.record

serve: $(READY) ## show the built site on this machine
	@test -f $(SITE)/index.html || $(MAKE) book
	$(BIN)/focalbook serve

lab: $(READY) ## open the chapters as notebooks in JupyterLab
	@JUPYTER_CONFIG_DIR=$(CURDIR)/_build/lab $(BIN)/jupytext-config set-default-viewer markdown
	JUPYTER_CONFIG_DIR=$(CURDIR)/_build/lab $(BIN)/jupyter lab --LabApp.default_url=/lab/tree/book/index.md

shots: $(READY) ## pictures of every built page, wide and narrow, light and dark
	$(BIN)/python -m focalbook.book.screenshot _build/screenshots

clean: ## remove everything built, but not the environment
	rm -rf _build .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis focalbook.egg-info
