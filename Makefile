# Qiao 桥. `make run` is all a newcomer needs; `make help` lists the rest.
PORT ?= 8080
GOLANGCI := 2.15.0
TOOLS := $(CURDIR)/bin/tools
LINT := $(TOOLS)/golangci-lint-$(GOLANGCI)
# packages whose tests run under the race detector, on SQLite; load and kill tests run on the plain binary
RACED = $(shell go list ./internal/... | grep -v -e /scenario -e /demo)
# of those the ones with a store, which run on PostgreSQL too; and all the rest, the demo apart, whose stores run plainly on both
STORES = $(shell go list -f '{{.ImportPath}} {{.TestImports}} {{.XTestImports}}' $(RACED) | grep internal/platform/dbtest | cut -d" " -f1)
PLAIN = $(filter-out $(RACED) %/demo,$(shell go list ./...))
FUZZTIME ?= 10s
# one way to compile, so that the program, the tests and the tools share what is compiled
export GOFLAGS ?= -trimpath

.PHONY: help run build assets test check lint bench fuzz fuzz-short test-go test-race test-browser clean

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

run: build ## build and serve http://127.0.0.1:8080 with the demo region, data in ./var (PORT=… changes the port)
	@bin/qiao serve --listen 127.0.0.1:$(PORT) --data var --demo

build: assets ## build bin/qiao, assets included
	@go build -trimpath -ldflags='-s -w' -o bin/qiao ./cmd/qiao

assets: ## generate the pages' code and bundle styles, scripts and icons
	@go run ./tools/build

check: assets lint ## formatting, vet, linters, architecture, rules and stores on SQLite: for every commit
	@go vet ./...
	@QIAO_TEST_ENGINES=sqlite go test $$(go list ./... | grep -v /scenario)

test: setup build lint test-go test-race fuzz-short test-browser ## everything: both databases, race detector, fuzzing, browser
	@echo 'all is well'

.PHONY: setup
setup: assets
	@tools/setup/packages.sh

test-go: build ## stores on PostgreSQL; commands, scenarios, load and kill tests
	@QIAO_TEST_ENGINES=postgres go run ./tools/pg go test -vet=off $(PLAIN) $(STORES)
	@go run ./tools/pg go test -vet=off ./internal/demo

test-race: assets ## rules, and stores on SQLite, under the race detector (what is large ran in test-go)
	@QIAO_TEST_ENGINES=sqlite go test -vet=off -race $(RACED)

test-browser: build ## the running program in a real browser
	@node --test e2e/*.test.mjs

lint: assets $(LINT) ## formatting and golangci-lint, pinned
	@test -z "$$(gofmt -l $$(git ls-files -co --exclude-standard '*.go'))" || { gofmt -l $$(git ls-files -co --exclude-standard '*.go'); echo 'not gofmt-ed'; exit 1; }
	@$(LINT) run ./...

$(LINT):
	@mkdir -p $(TOOLS)
	@GOBIN=$(TOOLS) go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v$(GOLANGCI)
	@mv $(TOOLS)/golangci-lint $(LINT)

fuzz-short: assets ## every fuzz target for 10 seconds
	@tools/setup/fuzz.sh $(FUZZTIME)

fuzz: assets ## every fuzz target for a minute
	@tools/setup/fuzz.sh 60s

bench: build ## the table of docs/performance.md, measured on this machine
	@go run ./tools/bench

clean: ## remove what was built (not ./var, which is your data)
	@rm -rf bin internal/platform/ui/assets/dist/[!.]* && find internal -name '*_templ.go' -delete
