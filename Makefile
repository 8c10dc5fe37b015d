# `make demo` and `make test` work on a fresh machine with Python 3.11, git and make; everything goes into .venv.
BIN := .venv/bin
PACKAGE := ansible_collections.friendsofansible.sagemaker
export ANSIBLE_COLLECTIONS_PATH := $(CURDIR)/.venv/collections

.PHONY: demo test lint sanity setup requirements clean

demo: setup
	@$(BIN)/python tools/demo.py

test: setup
	$(BIN)/python -m pytest -n auto

lint: setup
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	cd .venv/collections && ../bin/mypy --config-file $(CURDIR)/pyproject.toml -p $(PACKAGE).plugins
	$(BIN)/mypy simulator tools tests
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/ansible-lint --offline --strict
	$(BIN)/yamllint --strict .
	$(BIN)/antsibull-changelog lint
	@# The virtual environment lies in this checkout; without the ceiling git would call amazon.aws ignored.
	GIT_CEILING_DIRECTORIES=$(CURDIR) $(BIN)/antsibull-docs lint-collection-docs --plugin-docs .

sanity: setup
	tools/sanity.sh

setup:
	@tools/setup.sh

requirements: setup
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-header requirements-dev.in -o requirements-dev.txt

clean:
	rm -rf .venv .ansible .hypothesis .mypy_cache .pytest_cache .ruff_cache build tests/output
