# Everything one does daily. `make demo` and `make test` need nothing but Python 3.11 or newer and make.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test test-browser lint format bench clean help

help:
	@echo "make demo    set up, and make captions and QA for the sample clips and pictures"
	@echo "make test    set up, then lint, types and tests"
	@echo "make test-browser  the tests of the page in Chromium (apt-get install chromium)"
	@echo "make lint    ruff and mypy alone"
	@echo "make format  let ruff put the code in order"
	@echo "make bench   the benchmarks that the README quotes"

$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $(READY)

demo: $(READY)
	$(BIN)/dataflow run video_qa --num-qa 3 --output demo/video_qa
	$(BIN)/dataflow run image_vqa --output demo/image_vqa
	$(BIN)/dataflow report demo/video_qa --output demo/video_qa/report.html
	@echo
	@echo "look at the samples:  $(BIN)/dataflow view demo/video_qa"

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

test: lint
	$(BIN)/pytest -n auto

# The browser is the system's; with the variable set, a missing one is an error and leaves nothing out.
test-browser: $(READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[browser]'
	DATAFLOW_BROWSER_TESTS=1 $(BIN)/pytest -n 2 tests/browser

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(READY)
	$(BIN)/python benchmarks/throughput.py
	$(BIN)/python benchmarks/media.py
	$(BIN)/python benchmarks/shots.py

clean:
	rm -rf $(VENV) demo build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
