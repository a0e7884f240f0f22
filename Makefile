# The commands people type. Each sets up .venv if it is missing or out of date;
# nothing is needed beforehand but Python 3.11+, make and git.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready
RIVAL := .venv-bench
AUDIT := .venv-audit
MUTMUT := .venv-mutants

.PHONY: install demo test coverage soak fuzz mutants audit bench lint lock clean

install: $(READY)

demo: $(READY)
	$(BIN)/reading-group-bot demo

test: $(READY)
	$(BIN)/python -m pytest --numprocesses auto $(ARGS)

# Twice as slow as the tests alone; what they start, up to the bot's own processes, counts as well.
coverage: $(READY)
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest --numprocesses auto $(ARGS)
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

soak: $(READY)
	$(BIN)/python -m tests.soak $(ARGS)

fuzz: $(READY)
	$(BIN)/python -m tests.fuzz $(ARGS)

# One package at a time, tested by its own tests: docs/mutation.md.
PACKAGE ?= domain
mutants: $(MUTMUT)/ready
	PYTEST_ADDOPTS="--override-ini=testpaths=tests/$(PACKAGE)" \
		$(MUTMUT)/bin/mutmut run $(or $(ARGS),'bot.$(PACKAGE).*')

# Asks a database of known faults over the network, with a program that stays out of $(VENV).
audit: $(READY)
	$(PYTHON) -m venv $(AUDIT)
	$(AUDIT)/bin/python -m pip install --quiet pip-audit
	$(AUDIT)/bin/pip-audit --strict --disable-pip --require-hashes --requirement requirements.lock

bench: $(READY) $(RIVAL)/ready
	$(BIN)/python -m benchmarks $(ARGS)

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

lock: $(READY)
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --universal --generate-hashes --no-header --no-annotate \
		--python-version 3.11 --group dev pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --universal --generate-hashes --no-header --no-annotate \
		--python-version 3.11 --group bench -o benchmarks/requirements.lock
	$(BIN)/uv pip compile --universal --generate-hashes --no-header --no-annotate \
		--python-version 3.11 --group dev --group mutants pyproject.toml \
		--constraint requirements.lock -o tests/mutants.lock

clean:
	rm -rf $(VENV) $(RIVAL) $(AUDIT) $(MUTMUT) mutants

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed: make PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check \
		--require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check \
		--no-deps --no-build-isolation -e .
	touch $(READY)

$(RIVAL)/ready: benchmarks/requirements.lock
	$(PYTHON) -m venv --clear $(RIVAL)
	$(RIVAL)/bin/python -m pip install --quiet --disable-pip-version-check \
		--require-hashes -r benchmarks/requirements.lock
	touch $(RIVAL)/ready

$(MUTMUT)/ready: tests/mutants.lock
	$(PYTHON) -m venv --clear $(MUTMUT)
	$(MUTMUT)/bin/python -m pip install --quiet --disable-pip-version-check \
		--require-hashes -r tests/mutants.lock
	touch $(MUTMUT)/ready
