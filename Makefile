# `make run` starts the shop, `make test` tests it. Both install what they need into .venv first.
# They need: python3 (3.11 or newer) with venv, and make. PYTHON=… names another Python.

PYTHON ?= python3
JOBS ?= $(shell n=$$(nproc 2>/dev/null || echo 2); [ "$$n" -gt 8 ] && echo 8 || echo "$$n")
PY := .venv/bin/python
SAY := echo "qiaoshou:"

.DEFAULT_GOAL := help
.PHONY: help run test lint format bench nightly lock clean venv install install-dev chromium

help:
	@echo "make run      install, migrate, make the demo co-op, serve on http://127.0.0.1:8000 (PORT=…, DEMO=0)"
	@echo "make test     install, then all tests on SQLite and PostgreSQL and in Chromium (JOBS=$(JOBS))"
	@echo "make lint     ruff, mypy, djlint            make format   ruff, djlint"
	@echo "make bench    the short benchmarks          make nightly  tests and benchmarks at full size"
	@echo "make lock     pin the requirements anew     make clean    remove .venv and caches"

run: install
	@exec $(PY) -m shop.serve

test: install-dev chromium
	@$(SAY) "pytest with $(JOBS) processes …"
	@exec $(PY) -m pytest -q -n $(JOBS) --dist worksteal $(ARGS)

lint: install-dev
	@$(SAY) "ruff …" && $(PY) -m ruff check --quiet && $(PY) -m ruff format --quiet --check
	@$(SAY) "mypy …" && $(PY) -m mypy --no-error-summary
	@$(SAY) "djlint …" && $(PY) -m djlint templates --lint --quiet

format: install-dev
	@$(PY) -m ruff check --quiet --fix && $(PY) -m ruff format --quiet

bench: install-dev
	@for each in pages orders catalogue statements ledger payout_run audit; do $(PY) -m tests.bench.$$each || exit 1; done

nightly: install-dev chromium
	@$(PY) -m pytest -q -n $(JOBS) --dist worksteal --hypothesis-profile=nightly $(ARGS)
	@for each in pages orders catalogue statements ledger payout_run audit; do $(PY) -m tests.bench.$$each --full || exit 1; done

lock: install-dev
	@$(PY) -m pip install --quiet uv
	@for each in requirements requirements-dev; do \
	  .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	    --custom-compile-command "make lock" $$([ $$each = requirements-dev ] && echo "-c requirements.txt") \
	    $(ARGS) $$each.in -o $$each.txt > /dev/null || exit 1; done
	@git diff --stat -- requirements.txt requirements-dev.txt

clean:
	@rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis tests/output

install: venv
	@$(call install,requirements.txt,)

install-dev: venv
	@$(call install,requirements-dev.txt,requirements.txt)

# $(1) is the file whose change calls for pip, $(2) what is installed with it. The stamp holds both files' hash.
define install
want=$$(cat $(1) $(2) | sha256sum | cut -c 1-32); \
if [ "$$(cat .venv/$(1).installed 2>/dev/null)" != "$$want" ]; then \
  $(SAY) "pip installs $(1) $(2) …"; \
  $(PY) -m pip install --quiet --disable-pip-version-check --no-input --require-hashes \
    -r $(1) $(foreach file,$(2),-r $(file)) \
    || { $(SAY) "pip could not install $(1); its message stands above."; exit 1; }; \
  echo "$$want" > .venv/$(1).installed; \
  $(foreach file,$(2),sha256sum < $(file) | cut -c 1-32 > .venv/$(file).installed;) \
fi
endef

venv:
	@$(PY) -c 'import pip' 2>/dev/null || { $(venv); }

define venv
$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
  || { $(SAY) "Python 3.11 or newer is needed, $(PYTHON) is: $$($(PYTHON) --version 2>&1 | head -n 1). Name another by PYTHON=…"; exit 1; }; \
$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
  || { $(SAY) "$(PYTHON) has no venv: install it first, on Debian and Ubuntu by  apt install python3-venv"; exit 1; }; \
$(SAY) "making .venv with $$($(PYTHON) --version) …"; \
$(PYTHON) -m venv --clear .venv || { $(SAY) "the environment could not be made; the message stands above."; exit 1; }
endef

# Debian's Chromium, a Chinese font and what Playwright's driver needs, where we may install them.
# Ubuntu's package is a stub that only points to snap, and counts as missing.
chromium:
	@works() { "$$1" --version 2>/dev/null | grep -qE "$$2"; }; \
	for each in $${CHROMIUM:-chromium chromium-browser google-chrome google-chrome-stable}; do \
	  if works "$$each" 'Chromium|Chrome'; then found=$$each; break; fi; done; \
	if [ -n "$$CHROMIUM" ] && [ -z "$$found" ]; then $(SAY) "CHROMIUM=$$CHROMIUM does not run."; exit 0; fi; \
	if [ -n "$$found" ] && [ -n "$$(fc-list :lang=zh-cn 2>/dev/null | head -n 1)" ] \
	  && works .venv/lib/python3*/site-packages/playwright/driver/node '^v'; then exit 0; fi; \
	. /etc/os-release 2>/dev/null || ID=unknown; \
	[ "$$(id -u)" = 0 ] && as= || as="sudo -n"; \
	if [ "$$ID" = debian ] && command -v apt-get > /dev/null && $$as true 2>/dev/null; then \
	  $(SAY) "apt installs chromium, fonts-noto-cjk and libatomic1 for the browser tests …"; \
	  { $$as apt-get update -qq && $$as env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
	    chromium fonts-noto-cjk libatomic1; } > .venv/apt.log 2>&1 \
	    || $(SAY) "apt could not: $$(tail -n 1 .venv/apt.log)"; \
	fi
