# 朔州应急指挥: `make run` starts the system, `make test` tests it. Everything lands in .venv and var/.
VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --no-input install -qq --no-compile --require-hashes --no-deps
MO := locale/en/LC_MESSAGES/django.mo
CODE := manage.py shuozhou_ops plans response reserves demo tests
.DEFAULT_GOAL := help
.PHONY: help setup setup-dev run backup restore up down worker check matrix test mutate format lint types contracts migrations-check \
        translations-check names-check plans-check messages requirements clean

help:  ## what there is
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-18s %s\n", $$1, $$2}'

# --- what run and test share -------------------------------------------------------------------------------------

setup: $(VENV)/runtime.stamp $(MO)  ## virtual environment, locked requirements, translations

setup-dev: setup $(VENV)/dev.stamp  ## setup, and what checking and testing need

# An environment whose making was interrupted, that is older than this rule, or whose Python went with an upgrade of the system, is made anew.
$(shell test -e $(VENV)/made.stamp && $(PY) -c 'import pip' 2>/dev/null || rm -f $(VENV)/*.stamp)

$(VENV)/made.stamp:
	@deploy/make-venv $(VENV) && touch $@

$(VENV)/runtime.stamp: requirements.txt | $(VENV)/made.stamp
	@echo "安装依赖 / installing requirements.txt (once)"
	@$(PIP) -r requirements.txt && touch $@

$(VENV)/dev.stamp: requirements-dev.txt | $(VENV)/runtime.stamp
	@echo "安装开发依赖 / installing requirements-dev.txt (once)"
	@$(PIP) -r requirements-dev.txt && touch $@

$(MO): locale/en/LC_MESSAGES/django.po | $(VENV)/runtime.stamp
	@$(PY) manage.py messages --compile

# --- running -----------------------------------------------------------------------------------------------------

run: setup  ## the whole system in one process at http://127.0.0.1:8000 (PORT= moves it)
	@exec env OPS_DEMO=$${OPS_DEMO:-1} $(PY) manage.py runall

worker: setup  ## a Celery worker with beat, for the shape with Redis (REDIS_URL)
	@exec $(VENV)/bin/celery -A shuozhou_ops worker --beat --scheduler celery.beat:Scheduler --pool threads \
		--without-gossip --without-mingle --loglevel WARNING

backup: setup  ## copy database and secret key into var/backups/ (DIR= another folder), while the system runs
	@$(PY) manage.py backup $(DIR)

restore: setup  ## put the copy in DIR= back; stop the system first; the present state is kept beside it
	@$(PY) manage.py backup --restore $(DIR)

up:  ## the full shape in containers: web, worker, beat, PostgreSQL, Redis
	docker compose up --build --detach

down:  ## stop the containers; the data stay
	docker compose down

# --- judging -----------------------------------------------------------------------------------------------------

check: lint types contracts migrations-check translations-check names-check plans-check  ## all that judges without running

matrix: setup-dev  ## who may open and do what: the table that the tests hold every address against
	@$(PY) -m tests.access.table

test: setup-dev  ## every test, wherever it can run; the summary says what ran where
	@$(PY) -m tests.everywhere

mutate: setup-dev  ## each known small fault in a plan or in its judging, put into a copy: does a test notice it
	@$(PY) -m tests.mutants $(WORDS)

lint: setup-dev  ## format and lint
	@$(VENV)/bin/ruff format --check $(CODE)
	@$(VENV)/bin/ruff check $(CODE)

format: setup-dev  ## put the code into format
	@$(VENV)/bin/ruff check --fix-only $(CODE)
	@$(VENV)/bin/ruff format $(CODE)

types: setup-dev  ## mypy
	@$(VENV)/bin/mypy

contracts: setup-dev  ## imports go one way; the pure modules of the plans import no Django
	@$(VENV)/bin/lint-imports --no-logo

migrations-check: setup  ## no change of a model without its migration
	@$(PY) manage.py check --fail-level WARNING
	@$(PY) manage.py makemigrations --check --dry-run

translations-check: setup  ## every Chinese word of the interface can be translated
	@$(PY) manage.py messages --check
	@$(PY) -m tests.checks.literals

names-check: setup  ## no code names a plan, a fact, a group or an organisation
	@$(PY) -m tests.checks.names

plans-check: setup  ## every plan of the library holds together
	@$(PY) manage.py plans check

# --- keeping -----------------------------------------------------------------------------------------------------

messages: setup  ## bring locale/en/LC_MESSAGES/django.po up to date
	@$(PY) manage.py messages

requirements: setup-dev  ## lock anew what pyproject.toml asks for
	@$(VENV)/bin/uv pip compile pyproject.toml --universal --generate-hashes --no-emit-index-url --no-emit-find-links \
		--python-version 3.11 --quiet -o requirements.txt
	@$(VENV)/bin/uv pip compile pyproject.toml --group dev --universal --generate-hashes --no-emit-index-url \
		--no-emit-find-links --python-version 3.11 --quiet -c requirements.txt -o requirements-dev.txt

clean:  ## remove what can be made again; var/ with its data stays
	rm -rf $(VENV) $(MO) .mypy_cache .ruff_cache .import_linter_cache .hypothesis
