# Everything a person does with this folder. `make help` lists it.

PREFIX ?= /usr/local
DESTDIR ?=

SWIFT ?= swift
# The Swift runtime is linked in, so that the installed program runs where no toolchain is.
RELEASE := -c release --product undertone --static-swift-stdlib
BINARY := .build/release/undertone
SOURCES := Package.swift $(shell find Sources -type f)
SWIFT_FILES := Package.swift Sources Tests

BIN := $(DESTDIR)$(PREFIX)/bin
SHARE := $(DESTDIR)$(PREFIX)/share
DATA := $(SHARE)/undertone
BASH_COMPLETION := $(SHARE)/bash-completion/completions/undertone
ZSH_COMPLETION := $(SHARE)/zsh/site-functions/_undertone
FISH_COMPLETION := $(SHARE)/fish/vendor_completions.d/undertone.fish
MAN_PAGE := $(SHARE)/man/man1/undertone.1

.DEFAULT_GOAL := help

.PHONY: help
help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

.PHONY: run
run: build ## Open the sample dialogues; ARGS="..." runs another command
	@$(BINARY) $(ARGS)

.PHONY: test
test: ## Run every test
	@scripts/install-packages build test
	@scripts/fetch-encoders
	$(SWIFT) build --build-tests
	$(SWIFT) test

.PHONY: build
build: ## Build the release program
	@scripts/install-packages build
	@$(MAKE) --no-print-directory $(BINARY)

# SwiftPM leaves a program alone that would come out the same; make wants it younger.
$(BINARY): $(SOURCES)
	$(SWIFT) build $(RELEASE)
	@touch $@

.PHONY: bench
bench: build ## Measure speed: annotator, model, corpora, review, agreement (20 minutes)
	scripts/bench.py --program $(BINARY)
	scripts/bench-model.py --program $(BINARY)
	scripts/bench-corpora.py --program $(BINARY)
	scripts/bench-review.py --program $(BINARY)
	@$(SWIFT) build -c release --product agreement-probe --static-swift-stdlib
	scripts/bench-agreement.py

SECONDS ?= 600

.PHONY: fuzz
fuzz: ## Throw damaged files at every importer, each for SECONDS (600)
	@scripts/install-packages build
	scripts/fuzz $(SECONDS) $(TARGETS)

.PHONY: install
install: $(BINARY) ## Install under PREFIX (/usr/local), for a package under DESTDIR
	install -d $(BIN) $(DATA) $(dir $(BASH_COMPLETION) $(ZSH_COMPLETION) $(FISH_COMPLETION) $(MAN_PAGE))
	# Without its symbols the program is a third of the size; a crash is reported from the build folder.
	install -s -m 755 $(BINARY) $(BIN)/undertone
	rm -rf $(DATA)/themes $(DATA)/sample-dialogs $(DATA)/models
	cp -R $(wildcard themes sample-dialogs models) $(DATA)
	chmod -R u=rwX,go=rX $(DATA)
	$(BINARY) --generate-completion-script bash >$(BASH_COMPLETION)
	$(BINARY) --generate-completion-script zsh >$(ZSH_COMPLETION)
	$(BINARY) --generate-completion-script fish >$(FISH_COMPLETION)
	chmod 644 $(BASH_COMPLETION) $(ZSH_COMPLETION) $(FISH_COMPLETION)
	install -m 644 docs/undertone.1 $(MAN_PAGE)

.PHONY: uninstall
uninstall: ## Remove what install put under PREFIX
	rm -rf $(DATA)
	rm -f $(BIN)/undertone $(BASH_COMPLETION) $(ZSH_COMPLETION) $(FISH_COMPLETION) $(MAN_PAGE)

.PHONY: format
format: ## Lay out the Swift sources
	$(SWIFT) format --in-place --parallel --recursive $(SWIFT_FILES)

.PHONY: lint
lint: ## Check the layout of the sources, their imports and the sample dialogues
	$(SWIFT) format lint --strict --parallel --recursive $(SWIFT_FILES)
	scripts/check-imports.py
	scripts/check-samples.py

.PHONY: samples
samples: ## Speak the sample dialogues again (ten minutes)
	scripts/make-samples.py
	scripts/check-samples.py

.PHONY: clean
clean: ## Remove what was built
	rm -rf .build .venv
