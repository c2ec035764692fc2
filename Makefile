# `make help` lists what can be made. Needs nothing but sh and make: the packages of Debian 12 that are missing are installed.
.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.NOTPARALLEL:

CONFIG ?= config/standalone.yaml
FUZZ_SECONDS ?= 60

program := build/release/bin/events-handler

# umask: the host loads no plugin that others than its owner may write, so none is built like that.

.PHONY: all
all: build

.PHONY: build
build: build/release/build.ninja
	@echo "== Building the program and its plugins in build/release"
	@umask 022; cmake --build --preset release --target program
	@echo "== Built: $(program), and its plugins in build/release/lib/events-handler/plugins"

# exec: the program itself is make's child, so that Ctrl+C and SIGTERM reach it and make waits for its end.
.PHONY: run
run: build
	@echo "== Running $(program) run --config $(CONFIG) (Ctrl+C stops it)"
	@exec $(program) run --config "$(CONFIG)"

.PHONY: test
test: packages-test build/release/build.ninja
	@echo "== Building everything in build/release"
	@umask 022; cmake --build --preset release
	@echo "== Testing build/release"
	@ctest --preset release

.PHONY: test-asan
test-asan: packages-test build/asan/build.ninja
	@echo "== Building everything with AddressSanitizer and UndefinedBehaviorSanitizer in build/asan"
	@umask 022; cmake --build --preset asan
	@echo "== Testing build/asan"
	@ctest --preset asan

# Its runtime cannot map its shadow memory where address randomisation is strong: it is switched off where that is allowed.
.PHONY: test-tsan
test-tsan: packages-test build/tsan/build.ninja
	@echo "== Building the concurrent tests with ThreadSanitizer in build/tsan"
	@umask 022; cmake --build --preset tsan --target concurrent-tests
	@echo "== Testing build/tsan"
	@if setarch -R true 2>/dev/null; then exec setarch -R ctest --preset tsan; else exec ctest --preset tsan; fi

.PHONY: clang
clang: build/clang/build.ninja
	@echo "== Building everything with clang in build/clang"
	@umask 022; cmake --build --preset clang

.PHONY: fuzz
fuzz: build/fuzz/build.ninja
	@echo "== Building the fuzz targets in build/fuzz"
	@umask 022; cmake --build --preset fuzz --target fuzz-targets
	@.ci/fuzz build/fuzz $(FUZZ_SECONDS)

.PHONY: lint
lint: lint-format lint-tidy

.PHONY: lint-format
lint-format: packages-clang
	@.ci/lint format

.PHONY: lint-tidy
lint-tidy: clang
	@.ci/lint tidy build/clang

.PHONY: bench
bench: packages-bench build/release/build.ninja
	@echo "== Building the program and the benchmark in build/release"
	@umask 022; cmake --build --preset release --target program bench
	@tests/bench/run build/release

.PHONY: clean
clean:
	@echo "== Removing build (data stays)"
	@rm -rf build

# CMake runs again by itself, from the build, when one of its files has changed.
build/%/build.ninja: CMakePresets.json | packages-build
	@echo "== Configuring build/$*"
	@umask 022; cmake --preset $*
	@touch $@

build/clang/build.ninja build/fuzz/build.ninja: | packages-clang

.PHONY: packages-build packages-test packages-clang packages-bench
packages-build packages-test packages-clang packages-bench: packages-%:
	@.ci/install-dependencies $*

.PHONY: help
help:
	@echo "make                 the program and its plugins, in build/release (the same as make build)"
	@echo "make run             builds and runs the program with config/standalone.yaml"
	@echo "make run CONFIG=F    the same with the configuration F"
	@echo "make test            builds everything and runs every test"
	@echo "make bench           measures: POST and GET, start, memory (BENCH_SECONDS, BENCH_ROUNDS, BENCH_CONNECTIONS)"
	@echo "make test-asan       every test with AddressSanitizer and UndefinedBehaviorSanitizer"
	@echo "make test-tsan       the tests with threads, with ThreadSanitizer"
	@echo "make fuzz            each fuzz target for FUZZ_SECONDS=$(FUZZ_SECONDS) seconds"
	@echo "make clang           builds everything with clang"
	@echo "make lint            clang-format and clang-tidy (lint-format and lint-tidy do one of them)"
	@echo "make clean           removes build"
