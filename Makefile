# Two commands do everything: `make run` starts Tierwise, `make test` checks it.
PY := .venv/bin/python
PYTEST := $(PY) -m pytest

.DEFAULT_GOAL := help
.PHONY: help run test coverage check-all lint format bench screenshots package docs lock clean setup-run setup-dev

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

run: setup-run ## start the tray application (without a display: the gateway alone)
	@$(PY) -m app $(ARGS)

test: setup-dev lint ## lint, types, import contracts and the whole test suite
	$(PYTEST) -m "not long"

coverage: setup-dev ## the test suite once more, and which lines it has run (takes twice as long)
	$(PYTEST) -m "not long" --cov --cov-report=term

check-all: setup-dev package ## the long checks: packaging and whole programs (after `make test`)
	$(PYTEST) -m long

lint: setup-dev ## lint, formatting, types, import contracts, generated pages
	$(PY) -m ruff check
	$(PY) -m ruff format --check
	$(PY) -m mypy
	.venv/bin/lint-imports --no-cache
	$(PY) -m tools.config_reference --check
	$(PY) -m tools.format_reference --check

format: setup-dev ## put the code into its form
	$(PY) -m ruff check --fix
	$(PY) -m ruff format

bench: setup-dev ## run the benchmarks and print their tables
	@missed=; for each in wire loop estimate selection detection savings robustness memory gateway ledger desktop; do \
		echo "== $$each"; $(PY) -m benchmarks.$$each || missed="$$missed $$each"; \
	done; [ -z "$$missed" ] || { echo "Bars not met:$$missed"; exit 1; }

screenshots: setup-dev ## draw every page, light and dark, at one and two dots a point, into build/screenshots
	$(PY) -m tools.screenshots

package: setup-dev ## build the program as users get it, into dist/
	$(PY) -m PyInstaller --noconfirm --log-level WARN build.spec

docs: setup-dev ## generate the reference pages
	$(PY) -m tools.config_reference
	$(PY) -m tools.format_reference

lock: setup-dev ## renew the lock files from pyproject.toml
	$(PY) -m tools.lock

clean: ## remove everything that was made here
	rm -rf .venv build dist .coverage* .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

setup-run:
	@tools/setup run
	@[ -z "$$DISPLAY$$WAYLAND_DISPLAY" ] || tools/system-packages run

setup-dev:
	@tools/system-packages test
	@tools/setup dev
