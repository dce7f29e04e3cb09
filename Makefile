# The commands a person uses. Everything compiled or downloaded goes to ~/.cache/stint (see scripts/env.sh).
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.PHONY: help run dev build test torture hostile deny model bench

help: ## list these commands
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | expand -t 8

run: build ## build Stint and start it with a sample organisation
	. scripts/env.sh; exec "$$CARGO_TARGET_DIR/release/stint" demo

dev: ## the same from a debug build: quick to rebuild, pages not made small
	scripts/install.sh build
	scripts/bundle.sh dev
	. scripts/env.sh; cargo build --package server; exec "$$CARGO_TARGET_DIR/debug/stint" demo

build: ## only build: one binary with the pages inside
	scripts/install.sh build
	scripts/bundle.sh release
	. scripts/env.sh; cargo build --release --package server; echo "$$CARGO_TARGET_DIR/release/stint"

test: ## every check and test, with a PostgreSQL and a browser
	scripts/test.sh

ROUNDS ?= 300
torture: build ## kill the built binary ROUNDS times (300) under load, and race thousands of decisions
	scripts/torture.sh $(ROUNDS)

hostile: build ## forge, guess, flood and send what nobody would, at length: make hostile PART=api CASES=10000
	scripts/hostile.sh $(or $(PART),all)

model: ## the engine against a plain model of it, at length: make model CASES=500, with SEED= the same again
	STINT_MODEL_CASES=$(or $(CASES),200) $(if $(SEED),PROPTEST_RNG_SEED=$(SEED)) scripts/with-postgres.sh \
		cargo test --workspace --exclude frontend --lib reference_says -- --nocapture

bench: build ## measure how fast the built binary is and write docs/performance.md: make bench SHORT=1 for a first look
	scripts/bench.sh $(SHORT)

deny: ## check everything that Stint is built of: known weaknesses, licences, sources, doubles
	scripts/deny.sh
