# The front door; the build itself is CMake (CMakePresets.json). Each target first installs the Debian
# packages it lacks, from deploy/packages.txt, and does nothing that is done already.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.NOTPARALLEL:

JOBS ?= $(shell nproc)
# Tests wait a good part of their time.
TEST_JOBS ?= $(shell echo $$(($(JOBS) + 1)))
ARGS ?=
FUZZ_SECONDS ?= 60

install := deploy/install-packages.sh
rooms := $(shell sed -n 's/^sluice_room.\([a-z0-9]*\).*/\1/p' CMakeLists.txt)
sources = $(shell find $(rooms) tests bench -name '*.cc' -o -name '*.h' | sort)
scripts = .ci/run $(shell find aks cmake deploy tests -name '*.sh' | sort)

.PHONY: help
help: ## Show this
	@echo 'Sluice: an egress proxy for AKS clusters.'
	@echo
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | column -t -s '|'
	@echo
	@echo 'Variables: ARGS="-c sluice.yaml" for run, FUZZ_SECONDS=60 per fuzz target, JOBS=$(JOBS).'

.PHONY: run
run: packages-build build/run/.configured ## Build and start the proxy on 127.0.0.1:3128
	@cmake --build build/run --target sluice -j $(JOBS)
	build/run/sluice run $(ARGS)

.PHONY: build
build: packages-build build/release/.configured ## Build everything, optimised
	@cmake --build build/release -j $(JOBS)

.PHONY: test
test: packages-build build/release/.configured ## Build and run all tests
	@$(install) test --beside cmake --build build/release -j $(JOBS)
	ctest --preset release -j $(TEST_JOBS)

.PHONY: dev coverage
dev coverage: packages-build
	@$(MAKE) --no-print-directory build/$@/.configured
	@$(install) test --beside cmake --build build/$@ -j $(JOBS)
	ctest --preset $@ -j $(TEST_JOBS)
dev: ## Build and test with ASan and UBSan
coverage: ## Build and test with gcov instrumentation

# Too long for every change: whoever runs them to the end commits what `last-passed` wrote.
.PHONY: tsan
tsan: packages-build build/tsan/.configured ## Build and run the unit tests of base, net, tls and proxy with TSan
	@cmake --build build/tsan -j $(JOBS) --target base_test net_test tls_test proxy_test
	ctest --preset tsan -j $(TEST_JOBS) -R '^unit\.(base|net|tls|proxy)\.'
	@cmake/last-passed.sh $@

.PHONY: world
world: packages-build packages-world build/release/.configured ## Run clients of today, from their registries, through the program
	@cmake --build build/release --target sluice -j $(JOBS)
	/usr/bin/python3 -B tests/world/run.py $(ARGS)

.PHONY: tidy
tidy: packages-build packages-lint packages-fuzz build/tidy/.configured ## Build the program with clang, lint it with clang-tidy, fuzz
	@cmake --build build/tidy -j $(JOBS)
	@tests/fuzz/run.sh build/tidy $(FUZZ_SECONDS)

.PHONY: clang
clang: packages-build packages-lint packages-fuzz build/clang/.configured ## The same with all tests, built with clang too
	@cmake --build build/clang -j $(JOBS)
	ctest --preset clang -j $(TEST_JOBS)
	@tests/fuzz/run.sh build/clang $(FUZZ_SECONDS)
	@cmake/last-passed.sh $@

.PHONY: last-passed
last-passed: ## Say when the targets that CI does not run passed last
	@cmake/last-passed.sh

.PHONY: bench
bench: packages-build packages-bench build/release/.configured ## Run the micro-benchmarks, and compare quickly with the peers installed
	@cmake build/release >/dev/null
	@cmake --build build/release --target benchmarks sluice -j $(JOBS)
	@set -e; for b in build/release/bench/micro_*; do if [[ -x $$b && -f $$b ]]; then echo "== $$b"; $$b; fi; done
	bench/compare --quick

.PHONY: bench-peers
bench-peers: packages-peers bench ## The same, with all peers installed from Debian

.PHONY: fuzz
fuzz: packages-build packages-fuzz build/fuzz/.configured ## Run each fuzz target for FUZZ_SECONDS
	@cmake --build build/fuzz --target fuzzers -j $(JOBS)
	@tests/fuzz/run.sh build/fuzz $(FUZZ_SECONDS)

.PHONY: fmt
fmt: packages-lint ## Format the C++ sources
	@clang-format -i $(sources)

.PHONY: lint
lint: packages-lint ## Check format, shell scripts, the rooms' rules and the documents' links
	@printf "%s\n" $(sources) | xargs -P $(JOBS) -n 1 sh -c 'clang-format --dry-run --Werror "$$0" 2>/dev/null || { echo "$$0 is not formatted: run make fmt"; exit 1; }'
	@shellcheck $(scripts)
	@python3 -B tests/arch/rooms_test.py
	@python3 -B tests/arch/docs_test.py

.PHONY: release
release: packages-build build/release/.configured ## Make archives, Debian package, SBOM and checksums of this commit in build/dist
	@$(install) release
	@cmake --build build/release --target sluice documentation -j $(JOBS)
	@deploy/release.py build/release build/dist
	@if timeout 10 docker info >/dev/null 2>&1; then BINARY=build/release/sluice deploy/lab/run.sh image; \
	else echo 'release: no container engine answers, so there is no image'; fi

.PHONY: image
image: ## Build the container image sluice:latest, or of another STAGE: load, clients
	@deploy/lab/run.sh image $(STAGE)

.PHONY: lab
lab: ## Run the lab of docker-compose.yml, where a container engine answers; LAB="inspect observe play" for more
	@deploy/lab/run.sh up

.PHONY: containers
containers: packages-build packages-containers build/release/.configured ## Build the images and run the lab, on an engine of its own where none answers
	@timeout 10 docker info >/dev/null 2>&1 || $(install) engine
	@cmake --build build/release --target sluice sluice-load -j $(JOBS)
	@/usr/bin/python3 -B tests/containers/run.py $(ARGS)

.PHONY: apiserver
apiserver: packages-build packages-cluster build/release/.configured ## Build Kubernetes' API server, and have it ask the admission webhook
	@cmake --build build/release --target sluice -j $(JOBS)
	@/usr/bin/python3 -B tests/cluster/run.py $(ARGS)

.PHONY: cluster
cluster: packages-build packages-containers packages-engine packages-cluster packages-nodes build/release/.configured ## Boot a Kubernetes node behind the proxy, and pull, run and update through it; as root
	@cmake --build build/release --target sluice -j $(JOBS)
	@/usr/bin/python3 -B tests/nodes/run.py $(ARGS)

.PHONY: clean
clean: ## Remove what was built
	rm -rf build

# Configured once; afterwards ninja itself re-runs CMake when a CMake file or the list of sources
# changes. A change of the presets needs this.
build/%/.configured: CMakePresets.json
	@mkdir -p build
	@cmake --preset $* >build/$*.log 2>&1 || { cat build/$*.log; rm build/$*.log; exit 1; }
	@mv build/$*.log build/$*/configure.log
	@touch $@

.PHONY: packages-build packages-test packages-lint packages-bench packages-fuzz packages-peers packages-world packages-containers packages-cluster packages-engine packages-nodes
packages-build packages-test packages-lint packages-bench packages-fuzz packages-peers packages-world packages-containers packages-cluster packages-engine packages-nodes: packages-%:
	@$(install) $*
