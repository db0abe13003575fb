# The commands of this project. `make run` is all a visitor needs.
PYTHON ?= python3
PORT ?= 8000
ARGS ?=
V = .venv/bin
export PORT

.PHONY: help run setup test test-spark check mutants bench screenshots lighthouse demo-reset format lock clean

help:            ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile

run: setup       ## start Huiyin on http://127.0.0.1:8000 (PORT= changes it)
	@exec $(V)/huiyin serve

setup:           ## everything that `make run` does but the serving
	@$(PYTHON) tools/setup.py

test:            ## the whole suite, on SQLite and on PostgreSQL (ARGS= for pytest)
	@$(PYTHON) tools/setup.py --test
	@$(V)/python tools/test.py $(ARGS)

test-spark:      ## the figures on a Spark cluster of two workers; needs Java 17, fetches 430 MB once
	@$(PYTHON) tools/setup.py --test
	@$(V)/python tools/spark.py $(ARGS)

check:           ## format, lint, types, floors, templates, migrations, translations
	@$(PYTHON) tools/setup.py --test
	@$(V)/python tools/check.py

mutants:         ## change the rules a little at a time and see whether a test notices (docs/mutation.md)
	@$(PYTHON) tools/setup.py --test --mutation
	@nice -n 15 $(V)/python tools/mutants.py $(ARGS)

bench:           ## what the README's performance table is made from
	@$(PYTHON) tools/setup.py --test
	@$(V)/python -m benchmarks $(ARGS)

screenshots:     ## take the README's pictures anew, from a demonstration of their own
	@$(PYTHON) tools/setup.py --test
	@$(V)/python tools/screenshots.py $(ARGS)

lighthouse:      ## measure five pages with Lighthouse, which it fetches (docs/lighthouse.md; ARGS="--runs 1")
	@$(PYTHON) tools/setup.py --test
	@nice -n 5 $(V)/python tools/lighthouse.py $(ARGS)

demo-reset:      ## throw the demonstration's data away and load it anew
	@$(PYTHON) tools/setup.py --built
	@$(V)/huiyin prepare --reset-demo

format:          ## mend what a program can mend
	@$(V)/python tools/check.py --fix

lock:            ## lock requirements/*.in and package.json anew (ARGS=--upgrade for newer versions)
	@$(V)/python tools/lock.py $(ARGS)
	@npm install --package-lock-only --ignore-scripts --omit-lockfile-registry-resolved

clean:           ## remove what was built; data in var/ stays
	@rm -rf .venv .venv-spark node_modules staticfiles huiyin/web/static/built
