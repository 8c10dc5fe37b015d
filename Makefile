# `make demo` and `make test` work on a fresh machine with Python 3.11, git and make; everything is installed into .venv.
PACKAGE := ansible_collections.friendsofansible.sagemaker
export PATH := $(CURDIR)/.venv/bin:$(PATH)
export ANSIBLE_COLLECTIONS_PATH := $(CURDIR)/.venv/collections

.PHONY: demo bench test lint checks site captures sanity setup requirements audit clean

demo: setup
	@python -m tools.demo

test: setup
	python -m pytest -n auto

bench: setup
	python -m tests.bench

lint: setup
	ruff check
	ruff format --check
	cd .venv/collections && mypy --config-file $(CURDIR)/pyproject.toml -p $(PACKAGE).plugins
	MYPYPATH=$(CURDIR)/.venv/collections mypy simulator tools tests
	@python -m tools.checks yamllint antsibull ansible-lint

# Takes minutes the first time, because it creates environments with other versions of Ansible, also in .venv.
checks: setup
	@python -m tools.checks

site: setup
	@python -m tools.site

captures: setup
	python -m tools.captures

sanity: setup
	tools/sanity.sh

setup:
	@tools/setup.sh

requirements: setup
	uv pip compile --quiet --generate-hashes --universal --python-version 3.11 --no-header requirements-dev.in -o requirements-dev.txt

# Asks PyPI for known vulnerabilities. If PyPI does not answer, the target fails, because no answer proves nothing.
audit: setup
	@python -m tools.audit

clean:
	rm -rf .venv .ansible .hypothesis .mypy_cache .pytest_cache .ruff_cache build tests/output
