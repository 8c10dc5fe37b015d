# `make demo` and `make test` work on a fresh machine with Python 3.11, git and make; everything is installed into .venv.
PACKAGE := ansible_collections.friendsofansible.sagemaker
export PATH := $(CURDIR)/.venv/bin:$(PATH)
export ANSIBLE_COLLECTIONS_PATH := $(CURDIR)/.venv/collections

.PHONY: demo bench test test-fast lint checks site captures sanity release setup requirements audit clean

demo: setup
	@python -m tools.demo

# One worker more than there are cores, for some tests wait. A file stays with one of them, for the sake of what its tests
# share; those that take long come first.
PYTEST = python -m pytest -n $$(python -c 'import os; print(os.cpu_count() + 1)') --dist loadfile --no-loadscope-reorder

test: setup
	$(PYTEST)

# What is worth a look while one works: pure code, and the module from an empty account to trouble.
test-fast: setup
	$(PYTEST) tests/unit $(addprefix tests/scenarios/test_,scenarios.py trouble.py ownership.py)

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

# Sets the version, writes the changelog, builds, checks, commits and tags; publishes nothing.
release: setup
	tools/release.sh $(VERSION)

setup:
	@tools/setup.sh

requirements: setup
	uv pip compile --quiet --generate-hashes --universal --python-version 3.11 --no-header requirements-dev.in -o requirements-dev.txt

# Asks PyPI for known vulnerabilities. If PyPI does not answer, the target fails, because no answer proves nothing.
audit: setup
	@python -m tools.audit

clean:
	rm -rf .venv .ansible .hypothesis .mypy_cache .pytest_cache .ruff_cache build tests/output
