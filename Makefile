# The verbs of this project. `make help` lists them; each works on a fresh Debian 12 with a Swift 6.3
# toolchain on PATH, as root or with sudo.

PREFIX ?= /usr/local
DESTDIR ?=
SYSCONFDIR ?= /etc
UNITDIR ?= $(PREFIX)/lib/systemd/system
SYSUSERSDIR ?= $(PREFIX)/lib/sysusers.d
MANDIR ?= $(PREFIX)/share/man
# Debian's zsh looks into another one for what packages bring.
ZSHDIR ?= $(PREFIX)/share/zsh/site-functions
ROUNDS ?= 3
SECONDS ?= 60
SEEDS ?= 20000
FROM ?= $(shell date +%s)00000

# Static: an installed binary needs no Swift on the node.
# lld packs relative relocations (glibc 2.36 and later read them): two megabytes that every start
# would have to read otherwise.
# Nothing is loaded that would look for symbols of the program: without their names it has four megabytes less.
# The same program wherever it is built, from the same versions of its libraries: names of sources
# that do not tell where they were, and neither references to the cache of compiled C modules nor hashes
# of the compiler's arguments, both of which contain the directory.
RELEASE := --configuration release --static-swift-stdlib \
  -Xswiftc -use-ld=lld -Xlinker -z -Xlinker pack-relative-relocs -Xlinker --no-export-dynamic \
  -Xswiftc -file-prefix-map -Xswiftc "$(CURDIR)=/usr/src/announcer" \
  -Xcc "-ffile-prefix-map=$(CURDIR)=/usr/src/announcer" \
  -Xswiftc -Xfrontend -Xswiftc -no-clang-module-breadcrumbs \
  -Xswiftc -Xfrontend -Xswiftc -disable-incremental-llvm-codegen
# By SwiftPM's link, not by asking swift: under sudo there may be no swift on PATH.
BINARY := $(CURDIR)/.build/release/announcer
# Network namespaces need root.
AS_ROOT := $(if $(filter 0,$(shell id -u)),,sudo env "PATH=$(PATH)")

.DEFAULT_GOAL := help
.PHONY: help deps build release demo test test-kubernetes check format manifests bench bench-check bench-baseline \
  fuzz simulate mutations faults faults-quick hostile figures install uninstall docs deb test-deb deb-reproducible \
  image clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

deps: ## install the Debian packages that are missing
	@scripts/deps

build: deps ## build for debugging
	swift build

release: deps ## build the program as it is installed
	swift build $(RELEASE) --product announcer

demo: release ## two announcers and a client on a LAN of namespaces; one is killed
	@$(AS_ROOT) scripts/demo "$(BINARY)"

# What tests find in the environment.
TOLD = ANNOUNCER_KUBE_APISERVER ANNOUNCER_PROGRAM ANNOUNCER_HELM ANNOUNCER_KUBERNETES_SCHEMAS
# With ANNOUNCER_PROGRAM=.build/release/announcer, what is tried as a whole is the program that is installed.
test: deps ## run all tests; those on real network stacks need root, others say they were skipped
	swift build --build-tests
	$(AS_ROOT) env $(foreach name,$(TOLD),$(if $($(name)),"$(name)=$($(name))")) \
	  scripts/run-tests; status=$$?; \
	  $(if $(AS_ROOT),sudo chown -R "$$(id -u):$$(id -g)" .build;) exit $$status

# The first run builds the server: some ten minutes. As root for the suites that make namespaces.
KUBERNETES_SUITES = Kubernetes|DeploymentTests
test-kubernetes: deps ## the Kubernetes tests, against our own server and a real kube-apiserver 1.20
	swift build --build-tests
	@set -e; server=$$(scripts/build-kube-apiserver); \
	echo "Servers: the tests' own, and $$server ($$("$$server" --version)) on $$(etcd --version | sed --quiet 1p)"; \
	helm=$$(scripts/helm --directory) || true; schemas=$$(scripts/kubernetes-schemas) || true; \
	status=0; $(AS_ROOT) env ANNOUNCER_KUBE_APISERVER="$$server" ANNOUNCER_HELM="$$helm" \
	  ANNOUNCER_KUBERNETES_SCHEMAS="$$schemas" swift test --skip-build \
	  --filter '$(KUBERNETES_SUITES)' --experimental-maximum-parallelization-width 2 || status=$$?; \
	$(if $(AS_ROOT),sudo chown -R "$$(id -u):$$(id -g)" .build;) exit $$status

check: deps ## formatting, unit files, shell scripts, what the chart renders, the benchmark's programs
	swift format lint --strict --recursive Package.swift Sources Tests Fuzz
	scripts/check-unit
	for script in scripts/* .ci/run; do \
	  head -n 1 "$$script" | grep -q bash && { bash -n "$$script" || exit 1; }; done; true
# The reader that leaves early kills its writer (SIGPIPE), and pipefail makes that the script's end: at times.
	@! grep --line-number --extended-regexp '\| *(head|grep ([^|]* )?(-[a-z]*q|--quiet))' scripts/* .ci/run \
	  || { echo "a pipe's reader that may leave early: use sed --quiet 1p, or grep >/dev/null" >&2; exit 1; }
	gcc -std=gnu11 -O2 -Wall -Wextra -Werror -fsyntax-only Benchmark/*.c
	PYTHONDONTWRITEBYTECODE=1 python3 -m unittest discover --quiet -t Benchmark -s Benchmark/tests
	python3 -c 'compile(open("scripts/build-image").read(), "scripts/build-image", "exec")'
	scripts/manifests --check

docs: deps ## write the generated references: configuration.md, metrics.md, announcer.yaml(5), the chart's schema
	swift build --build-tests
	ANNOUNCER_WRITE_DOCS=1 swift test --skip-build --filter 'GeneratedPagesTests|GoldenTests'

manifests: ## write what the chart renders: deploy/kubernetes, kustomize, kpt (Helm comes from PyPI, once)
	scripts/manifests

format: ## format the sources
	swift format --in-place --recursive Package.swift Sources Tests Fuzz

# Peers that cannot be installed are left out, and the table says so.
BENCHMARK = PYTHONDONTWRITEBYTECODE=1 python3 Benchmark/bench.py --announcer "$(BINARY)"
bench: release ## beside C, the kernel, keepalived and ucarp: table, and build/bench/report.html (ROUNDS=3)
	@scripts/deps bench || true
	@scripts/check-hot-path "$(BINARY)"
	@$(AS_ROOT) env $(BENCHMARK) --rounds $(ROUNDS) $(BENCH)

bench-check: release ## fail if a ratio is more than 10 % worse than Benchmark/baseline.json has it
	@$(AS_ROOT) env $(BENCHMARK) check $(BENCH)

bench-baseline: release ## write Benchmark/baseline.json anew; on a quiet machine
	@$(AS_ROOT) env $(BENCHMARK) baseline $(BENCH)

fuzz: deps ## every fuzzer for a minute in all (SECONDS=60)
	scripts/fuzz $(SECONDS)

# Another first seed in every run, so that runs spread over seeds; printed, and FROM repeats it.
simulate: deps ## random schedules of the lease machines (SEEDS=20000, FROM=a first seed)
	swift build $(RELEASE) --product announcer-simulate
	.build/release/announcer-simulate --seeds $(SEEDS) --from $(FROM)

mutations: deps ## plants known faults, and demands that the simulator finds each
	scripts/mutations

# The harness is no part of what is installed: built for debugging, beside the release binary. Where no
# kube-apiserver can be built, it says which faults it skips. STORE=etcd does without.
HARNESS = swift build --product FaultHarness || exit 1; \
  server=$(if $(filter etcd,$(STORE)),,$${ANNOUNCER_KUBE_APISERVER:-$$(scripts/build-kube-apiserver)}) || true; \
  $(AS_ROOT) "$(CURDIR)/.build/debug/FaultHarness" --announcer "$(BINARY)" \
  --kube-apiserver "$$server" $(if $(STORE),--store $(STORE))

faults: release ## plant every fault, on etcd and on Kubernetes (FAULTS=name,name RUNS=n STORE=etcd)
	@$(HARNESS) $(if $(FAULTS),--faults "$(FAULTS)") $(if $(RUNS),--runs $(RUNS)) $(HARNESSFLAGS)

# The same tests run for some seconds each with `make test`.
hostile: release ## storms, greedy clients, absurd records, half a minute each; a good client asks and judges
	swift build --build-tests
	$(AS_ROOT) env ANNOUNCER_HOSTILE=long ANNOUNCER_FIGURES=1 "ANNOUNCER_PROGRAM=$(BINARY)" \
	  scripts/run-tests --filter 'HostileTests|ConflictTests|BadDayTests|HostileClientsTests'

# One after the other: times beside other tests say little.
figures: release ## the tests that assert times of the release program, with as many objects as they are meant for
	swift build --build-tests
	$(AS_ROOT) env ANNOUNCER_FIGURES=1 "ANNOUNCER_PROGRAM=$(BINARY)" \
	  $(if $(ANNOUNCER_KUBE_APISERVER),"ANNOUNCER_KUBE_APISERVER=$(ANNOUNCER_KUBE_APISERVER)") \
	  swift test --skip-build --no-parallel \
	  --filter 'ScaleTests|HostileClientsTests|LogReaderTests|SelfCheckTests|StopTests'

faults-quick: release ## the faults that every change has to withstand, in under five minutes
	@$(HARNESS) --quick $(HARNESSFLAGS)

install: ## the release binary, unit, group, completions, manual; the configuration only if there is none
	@test -x "$(BINARY)" || $(MAKE) release
	install -D -m 0755 "$(BINARY)" "$(DESTDIR)$(PREFIX)/bin/announcer"
	install -d "$(DESTDIR)$(UNITDIR)"
	sed 's|/usr/local/bin/announcer|$(PREFIX)/bin/announcer|' systemd/announcer.service \
	  > "$(DESTDIR)$(UNITDIR)/announcer.service"
	chmod 0644 "$(DESTDIR)$(UNITDIR)/announcer.service"
	install -D -m 0644 systemd/sysusers.conf "$(DESTDIR)$(SYSUSERSDIR)/announcer.conf"
	test -e "$(DESTDIR)$(SYSCONFDIR)/announcer/announcer.yaml" || \
	  install -D -m 0644 systemd/announcer.yaml "$(DESTDIR)$(SYSCONFDIR)/announcer/announcer.yaml"
	install -D -m 0644 systemd/announcer.yaml "$(DESTDIR)$(PREFIX)/share/announcer/announcer.yaml"
	install -D -m 0644 -t "$(DESTDIR)$(PREFIX)/share/announcer/kubernetes" \
	  deploy/kubernetes/rbac.yaml deploy/crds/*.yaml
	scripts/install-completions "$(BINARY)" "$(DESTDIR)$(PREFIX)/share" "$(DESTDIR)$(ZSHDIR)"
	scripts/manual-pages "$(BINARY)" "$(DESTDIR)$(MANDIR)"
	@# Into a running system, not into a package's staging directory.
	if test -z "$(DESTDIR)"; then systemd-sysusers "$(SYSUSERSDIR)/announcer.conf"; \
	  if test -d /run/systemd/system; then systemctl daemon-reload; fi; fi
	@echo "Installed. Edit $(SYSCONFDIR)/announcer/announcer.yaml, run announcer check, then"
	@echo "systemctl enable announcer; systemctl restart announcer"

uninstall: ## take away what install brought; the configuration stays
	if test -z "$(DESTDIR)" && test -d /run/systemd/system; then \
	  systemctl disable --now announcer.service || true; fi
	rm -f "$(DESTDIR)$(PREFIX)/bin/announcer" "$(DESTDIR)$(UNITDIR)/announcer.service" \
	  "$(DESTDIR)$(SYSUSERSDIR)/announcer.conf" \
	  "$(DESTDIR)$(PREFIX)/share/bash-completion/completions/announcer" \
	  "$(DESTDIR)$(ZSHDIR)/_announcer" \
	  "$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/announcer.fish" \
	  "$(DESTDIR)$(MANDIR)/man1/announcer.1" "$(DESTDIR)$(MANDIR)"/man1/announcer-*.1 \
	  "$(DESTDIR)$(MANDIR)/man5/announcer.yaml.5"
	rm -rf "$(DESTDIR)$(PREFIX)/share/announcer"
	if test -z "$(DESTDIR)" && test -d /run/systemd/system; then systemctl daemon-reload; fi

deb: release ## a Debian package of this commit, in build/
	@scripts/deps deb
	scripts/build-deb "$(BINARY)"

test-deb: ## install, upgrade, remove and purge the package in a Debian of its own
	@scripts/deps test-deb
	@$(MAKE) deb
	@$(AS_ROOT) scripts/test-deb build/announcer_*.deb

deb-reproducible: ## build the last commit twice, in two places: is it the same package? (25 minutes)
	@scripts/deps deb
	scripts/check-deb-reproducible

image: release ## a container image of this commit, without an engine: OCI and docker archives in build/
	@scripts/deps image
	scripts/build-image "$(BINARY)"
	@$(AS_ROOT) scripts/check-image build/announcer-*-"$$(dpkg --print-architecture)".oci.tar

clean: ## remove what was built
	rm -rf .build .build-* build
