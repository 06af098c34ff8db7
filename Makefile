# What one does with Keyroll. The work is in scripts/.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: run test bench watch lint setup help

run: ## install what is missing, build, start on http://localhost:3000
	@scripts/setup
	@scripts/build
	@. scripts/env && exec "$$KEYROLL" serve --data data --site "$$SITE"

test: ## every check and test; the last line says how many passed
	@scripts/test

bench: ## measure beside the baselines: make bench SIZE=1000000
	@scripts/setup test
	@SIZE="$(SIZE)" scripts/bench

watch: ## rebuild and start again whenever a file changes
	@scripts/setup
	@. scripts/env && exec node scripts/watch.mjs "$$KEYROLL" "$$SITE"

lint: ## format, clippy (native and WebAssembly), licences
	@scripts/setup test
	@scripts/lint

setup: ## install what building and running needs
	@scripts/setup

help: ## this list
	@sed -n 's/^\([a-z]*\): ## \(.*\)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16
