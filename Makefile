# Everything needs only Python 3.11 or newer and make; it all happens in .venv.
PYTHON ?= $(firstword $(foreach name,python3 python3.14 python3.13 python3.12 python3.11,$(shell $(name) -c 'import sys; sys.version_info >= (3, 11) and print("$(name)")' 2>/dev/null)))
FOUND = test -n "$(PYTHON)" || { echo "billfold needs Python 3.11 or newer; name it with: make PYTHON=/path/to/python3" >&2; exit 1; }
BIN := .venv/bin

# How long to fuzz each adapter.
SECONDS ?= 60

# Moments in what is built are that of the last commit, so that it can be built again to the byte.
BUILD = SOURCE_DATE_EPOCH=$$(git log -1 --format=%ct) $(BIN)/python -m build --no-isolation

LOCK := .venv-uv/bin/uv pip compile --quiet --upgrade --universal --generate-hashes --no-annotate \
	--no-emit-index-url --no-emit-find-links --custom-compile-command 'make requirements'

# What is locked is installed by uv, in a third of pip's time.
LOCKED := .venv-uv/bin/uv pip install --quiet --no-python-downloads --compile-bytecode

.DEFAULT_GOAL := help
# What is run with the lowest versions that are declared: everything is imported, read, sent, shown and exported once.
LOWEST := adapter/test_registry.py adapters/test_imports.py adapters/harmont cli/test_app.py cli/test_options.py cli/test_completion.py \
	focus/test_readers.py report/test_drawing.py test_codec.py test_money.py

.PHONY: help demo test test-half test-rest test-budgets reliability contract browser spreadsheet engines lint format types focus focus-rules docs pictures bench instructions fuzz lowest locked requirements dist clean

help:  ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: .venv/.demo  ## Show what billfold does, over real HTTP against the shipped simulators, and write build/report.html
	@mkdir -p build
	@$(BIN)/billfold demo --report build/report.html

test: test-half test-rest test-budgets  ## Run the tests, with branch coverage
	$(BIN)/python -m slipcover --merge build/test-half.json build/test-rest.json --out build/test.json

# About half of what the tests take, so that `make --jobs=2 test` keeps two cores busy.
HALF := tests/adapters tests/store
test-half: CHOSEN = $(HALF)
test-rest: CHOSEN = $(HALF:%=--ignore=%)
test-half test-rest: .venv/.test
	@mkdir -p build
	$(BIN)/python -m slipcover --dont-wrap-pytest --fail-under 0 --json --out build/$@.json \
		-m pytest -q $(CHOSEN) $(IGNORED:%=--ignore=%)

test-budgets: .venv/.test
	$(BIN)/python -m pytest -q tests/budgets

reliability: .venv/.test  ## Try everything that can go wrong, and print one table of what was tried; needs Node
	$(BIN)/python tools/reliability

contract: .venv/.test  ## Run the command line against Prism, an independent mock server; needs Node
	$(BIN)/python tools/reliability/contract.py

browser: .venv/.browser  ## Test the report in a real Chromium, which has to be installed
	$(BIN)/python -m pytest -q tests/browser

spreadsheet: .venv/.test  ## Test CSV in a real LibreOffice, which has to be installed
	$(BIN)/python -m pytest -q tests/spreadsheet

engines: .venv-engines/.done  ## Ask Spark, Daft, Ray and others for a stored month's sum; needs Java 17
	@command -v java >/dev/null || { echo "make engines needs Java 17 or newer (apt-get install openjdk-17-jre-headless)" >&2; exit 2; }
	.venv-engines/bin/python tools/engines

lint: .venv/.dev  ## Check style, import directions and spelling
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/codespell

format: .venv/.dev  ## Rewrite the code in the house style
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

types: .venv/.dev  ## Check types with mypy --strict and pyright
	$(BIN)/mypy
	$(BIN)/pyright

focus: focus-rules .venv-focus/.done  ## Prove the FOCUS export with the FinOps Foundation's validator
	rm -rf .venv-focus/world
	.venv-focus/bin/python tools/focus/world.py .venv-focus/world
	.venv-focus/bin/python tools/focus/check.py .venv-focus/world/*

focus-rules:
	@$(PYTHON) tools/focus/rules.py

docs: .venv-docs/.done  ## Build the documentation as a site in build/site, and check its links
	mkdir -p tools/docs/pages  # nothing lies there, so git does not have it
	NO_MKDOCS_2_WARNING=1 .venv-docs/bin/python -m mkdocs build --strict --config-file tools/docs/mkdocs.yml

pictures: .venv/.browser  ## Make the pictures of the README anew; needs Chromium
	$(BIN)/python tools/docs/pictures.py

bench: .venv-bench/.done  ## Measure billfold beside its peers: about half an hour, one table
	.venv-bench/bin/python -m benchmarks $(BENCH)

instructions: .venv/.test  ## Count instructions per line under callgrind, against their budgets; needs valgrind
	@command -v valgrind >/dev/null || { echo "make instructions needs valgrind (apt-get install valgrind)" >&2; exit 2; }
	$(BIN)/python -m benchmarks.instructions

fuzz: .venv-fuzz/.done  ## Fuzz each adapter for a minute (SECONDS=60); findings become tests in tests/tools/fuzz
	@.venv-fuzz/bin/python tools/fuzz $(SECONDS)

lowest: .venv-lowest/.done  ## Test the lowest versions that are declared; needs Python 3.11, which has wheels of them
	.venv-lowest/bin/billfold demo >/dev/null
	.venv-lowest/bin/python -m pytest -q -W 'ignore::DeprecationWarning' $(addprefix tests/,$(LOWEST))

# The versions and hashes that CI installs stand for every level below.
locked: .venv/bin/python .venv-uv/.done  ## Install exactly what CI tests with, each file by its hash
	$(LOCKED) --python .venv --require-hashes -r .ci/requirements.txt
	$(LOCKED) --python .venv --no-deps --no-build-isolation --editable .
	@touch .venv/.demo .venv/.test .venv/.browser .venv/.dev

requirements: .venv-uv/.done  ## Take the newest versions into .ci/*.txt, with the hashes of their files
	$(LOCK) --python-version 3.11 --extra dev -o .ci/requirements.txt pyproject.toml
	$(LOCK) --python-version 3.11 -o .ci/tools.txt .ci/tools.in
	$(LOCK) --python-version 3.11 --extra cli -o .ci/docs.txt tools/docs/requirements.txt pyproject.toml
	$(LOCK) --python-version 3.12 -o .ci/focus.txt tools/focus/requirements.txt pyproject.toml

dist: .venv/.test  ## Build the sdist and the wheel twice, and refuse a difference
	rm -rf dist build
	$(BUILD) --outdir dist
	umask 077; TZ=Pacific/Auckland $(BUILD) --outdir build/again
	cd dist && sha256sum -- * >../build/sums && cd ../build/again && sha256sum --check --strict ../sums

clean:  ## Remove .venv and everything generated
	rm -rf .venv .venv-docs .venv-focus .venv-bench .venv-engines .venv-fuzz .venv-lowest .venv-uv .fuzz dist build .coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache

.venv/bin/python:
	@$(FOUND)
	$(PYTHON) -m venv .venv

# Each level installs an extra once, and again when the project's metadata changes.
.venv/.demo: EXTRA = cli,report,store
.venv/.test: EXTRA = test
.venv/.browser: EXTRA = browser
.venv/.dev: EXTRA = dev
.venv/.demo .venv/.test .venv/.browser .venv/.dev: .venv/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[$(EXTRA)]'
	@touch $@

.venv-uv/.done: .ci/tools.txt
	@$(FOUND)
	$(PYTHON) -m venv .venv-uv
	.venv-uv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r .ci/tools.txt
	@touch $@

.venv-lowest/.done: .venv-uv/.done pyproject.toml
	.venv-uv/bin/uv venv --quiet --clear --no-python-downloads --python 3.11 .venv-lowest
	.venv-uv/bin/uv pip install --quiet --python .venv-lowest/bin/python --resolution lowest-direct --editable '.[keyring,test]'
	@touch $@

# The validator needs Python 3.12 or newer and pins packages of its own, so it has an environment of its own.
.venv-focus/.done: .venv-uv/.done .ci/focus.txt tools/focus/python pyproject.toml
	python=$$(sh tools/focus/python) && $$python -m venv --clear .venv-focus
	$(LOCKED) --python .venv-focus --require-hashes -r .ci/focus.txt
	$(LOCKED) --python .venv-focus --no-deps --no-build-isolation --editable .
	@touch $@

# The site is built by its own packages; billfold is there for its command line's help.
.venv-docs/.done: .venv-uv/.done .ci/docs.txt pyproject.toml
	@$(FOUND)
	$(PYTHON) -m venv --clear .venv-docs
	$(LOCKED) --python .venv-docs --require-hashes -r .ci/docs.txt
	$(LOCKED) --python .venv-docs --no-deps --no-build-isolation --editable .
	@touch $@

# The peers are no part of the project; neither is what they bring along.
.venv-bench/.done: benchmarks/requirements.txt pyproject.toml
	@$(FOUND)
	$(PYTHON) -m venv .venv-bench
	.venv-bench/bin/python -m pip install --quiet --disable-pip-version-check -r benchmarks/requirements.txt --editable '.[arrow,cli,report,store]'
	@touch $@

# The engines are no part of the project either: it only says how they read what it wrote.
.venv-engines/.done: tools/engines/requirements.txt pyproject.toml
	@$(FOUND)
	$(PYTHON) -m venv .venv-engines
	.venv-engines/bin/python -m pip install --quiet --disable-pip-version-check -r tools/engines/requirements.txt --editable '.[cli,store]'
	@touch $@

# The fuzzer is no part of the project either, and it has to instrument the code it runs.
.venv-fuzz/.done: tools/fuzz/requirements.txt pyproject.toml
	@$(FOUND)
	$(PYTHON) -m venv .venv-fuzz
	.venv-fuzz/bin/python -m pip install --quiet --disable-pip-version-check --only-binary atheris -r tools/fuzz/requirements.txt --editable . \
		|| { echo "make fuzz needs atheris, which has wheels for CPython 3.11 to 3.14 on x86-64 Linux only: run it there" >&2; exit 1; }
	@touch $@
