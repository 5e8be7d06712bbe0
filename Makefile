SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

CORPUS ?= corpus/sample
OUT ?= work/$(basename $(notdir $(CORPUS:/=)))
JOBS ?= $(shell nproc 2>/dev/null || echo 2)
PYTHON ?= python3
OPTIONS ?=
# Tests of other people's models need torch (hundreds of megabytes): on where CI is set, else `make test TORCH=yes`.
TORCH ?= $(if $(CI),yes,no)

BIN := .venv/bin
DEALFACTS := $(BIN)/dealfacts

##@ For users

.PHONY: help
help: ## Show this help
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} /^[a-z-]+( [a-z]+)*:.*## / {printf "  make %-38s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: facts
facts: .venv/facts ## Run CORPUS (default corpus/sample) to a table of deals in OUT
	@$(DEALFACTS) run "$(CORPUS)" --out "$(OUT)" --jobs $(JOBS) $(OPTIONS)

.PHONY: ingest detect extract dates translate
ingest detect extract dates translate: .venv/facts ## Run CORPUS up to and with this stage
	@$(DEALFACTS) run "$(CORPUS)" --out "$(OUT)" --jobs $(JOBS) --until $@ $(OPTIONS)

.PHONY: merge report
merge report: facts ## Merge the facts and write the tables and report.html

.PHONY: evaluate
evaluate: .venv/facts ## Score the pipeline against the hand-labelled development articles
	@for language in en nl es; do \
	  $(DEALFACTS) run corpus/gold/dev/$$language.jsonl --out work/gold-dev-$$language --jobs $(JOBS) $(OPTIONS) 2>/dev/null || test $$? -eq 1; \
	  $(DEALFACTS) evaluate corpus/gold/dev/$$language.jsonl work/gold-dev-$$language; \
	done

.PHONY: models
models: .venv/facts ## Fetch and convert better translation models, where the model hub can be reached
	$(BIN)/python scripts/fetch_models.py

.PHONY: clean
clean: ## Remove the outputs in work/
	rm -rf work

##@ For developers

.PHONY: install
install: .venv/dev ## Set up .venv with the development tools

.PHONY: test
test: lint typecheck ## Lint, check types and the order of imports, run the tests
	$(if $(filter yes,$(TORCH)),$(MAKE) --no-print-directory .venv/torch)
	$(BIN)/python -m pytest -m "not slow and not hub and not browser" -n $(JOBS)

.PHONY: lint
lint: .venv/dev ## Lint, formatting and import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

.PHONY: format
format: .venv/dev ## Format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.PHONY: typecheck
typecheck: .venv/dev ## Check types (mypy, strict)
	$(BIN)/mypy

.PHONY: test-slow
test-slow: .venv/dev .venv/torch ## Run the slow tests too
	$(BIN)/python -m pytest -m "not hub" -n $(JOBS)

.PHONY: golden
golden: .venv/dev ## Rewrite the golden files; look at the difference before you commit it
	$(DEALFACTS) run corpus/sample --out work/golden --jobs $(JOBS) --translate none
	$(BIN)/python -m tests.test_pipeline work/golden

.PHONY: docs
docs: .venv/dev ## Write docs/commands.md from the program's own help
	$(BIN)/python scripts/build_docs.py

.PHONY: lock
lock: .venv/dev ## Pin the versions that are installed now in constraints.txt
	$(BIN)/pip freeze --exclude-editable | grep -v -i -E '^(torch|pip|setuptools|wheel)==' > constraints.txt

.PHONY: build
build: .venv/dev ## Build the wheel and the source package
	$(BIN)/pip wheel --no-deps -w dist .

# One environment; each mark says what has been installed into it.
.venv/facts: pyproject.toml constraints.txt
	@test -x $(BIN)/python || { echo "Setting up .venv (a minute or so) ..."; $(PYTHON) -m venv .venv; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

.venv/dev: .venv/facts
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt "pip>=25.1"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e . --group dev
	@touch $@

.venv/torch: .venv/facts
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt "torch==2.13.0" -e ".[hf]"
	@touch $@
