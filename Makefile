# One command for each habit. `setup`, `demo` and `test` do all their own preparation in .venv.
PYTHON ?= python3
BIN := .venv/bin
DATA ?= ../shared/data
TEST_PROCESSES ?= 2

.PHONY: setup demo test check format lock bench clean

setup: .venv/.installed  ## make .venv with the locked dependencies and the `matchgraph` command

demo: setup  ## the main job on the bundled fixtures: import, recompute, compare
	$(BIN)/matchgraph demo

test: .venv/.installed-dev  ## all tests, the documentation's examples among them
	$(BIN)/python -m pytest --numprocesses $(TEST_PROCESSES) --dist loadscope --no-loadscope-reorder

check: .venv/.installed-dev  ## style, types, import directions
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: .venv/.installed-dev  ## bring all files to the common style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: | .venv/bin/python  ## choose dependency versions anew, with hashes
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
	  pyproject.toml --group build -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
	  pyproject.toml --group dev -c requirements.lock -o requirements-dev.lock

bench: .venv/.installed-dev  ## the measurements that the documentation quotes
	$(BIN)/python -m bench.ingest
	$(BIN)/python -m bench.job --searches 1000000
	$(BIN)/python -m bench.attacks
	$(BIN)/python -m bench.caps
	$(BIN)/python -m bench.shared_influence
	$(BIN)/python -m bench.fit_speed
	$(BIN)/python -m bench.search_speed
	$(BIN)/python -m bench.retrieval $(DATA)
	$(BIN)/python -m bench.search_attack $(DATA)
	$(BIN)/python -m bench.alternatives $(DATA)
	$(BIN)/python -m bench.alternatives_speed
	$(BIN)/python -m bench.concepts $(DATA)
	$(BIN)/python -m bench.comparisons $(DATA)
	$(BIN)/python -m bench.rank_intervals
	$(BIN)/python -m bench.rdf
	$(BIN)/python -m bench.serving
	$(BIN)/python -m bench.click_models --trec $(DATA)/trec-session-2013 --open-bandit $(DATA)/open-bandit

clean:  ## remove .venv and caches
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

.venv/bin/python:  # with a newer pip: the one that Python 3.11 brings takes twice as long to choose files
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25,<27'

requirements.lock requirements-dev.lock:
	@echo "$@ is missing: it belongs to the repository (make lock writes it anew)" && exit 1

.venv/.installed: requirements.lock pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

.venv/.installed-dev: requirements-dev.lock .venv/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch $@
