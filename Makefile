# gregor: `make demo` shows the main job, `make test` passes the tests; both install what is missing (Debian, root or sudo).
CC       = gcc
VARIANT ?= plain
B        = build/$(VARIANT)
BIN      = gregor
prefix   = /usr/local
DESTDIR  =

# ---- nothing below needs changing to build ---------------------------------------------------------------
OPT_plain = -O2
OPT_asan  = -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
OPT_fuzz  = -O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
FLAGS     = -std=c11 -D_GNU_SOURCE -Wall -Wextra -Wpedantic -Wshadow -Wconversion $(OPT_$(VARIANT)) \
            -iquote compiler -iquote $(B)/made -pthread

# Statically linked where the machine has the archives: starting costs a third, and the file runs anywhere. The linker's warnings
# are about libcrypto's loading of engines and its sockets, which nothing here calls.
comma      = ,
is_static  = $(filter /%,$(foreach l,c yaml cyaml lua5.4 crypto,$(shell $(CC) -print-file-name=lib$(l).a)))
LINK_plain = $(if $(filter 5,$(words $(is_static))),-static -Wl$(comma)--no-warnings)
# Lua always from its archive where there is one: only there the call that makes the seed of its hashes can be ours (hook/limit.c).
LUA        = -Wl,--wrap=luaS_hash $(if $(filter /%,$(shell $(CC) -print-file-name=liblua5.4.a)),-l:liblua5.4.a,-llua5.4)
ARCHIVED   = -lcyaml -lyaml $(LUA) -lcrypto
LIBS       = $(ARCHIVED) -lm
# In tests the archives too, where there are any: test_memory counts what they allocate.
ARCHIVES   = -Wl,-Bstatic $(ARCHIVED) -Wl,-Bdynamic -lm
TEST_LIBS  = -lcmocka -lcjson $(if $(filter 5,$(words $(is_static))),$(ARCHIVES),$(LIBS))

# In the order of tests/layers.sh: a stage includes only what stands before it.
STAGES    = base print source pki model cluster plan emit hook verify pack command
SRC       = $(filter-out compiler/main.c,$(wildcard compiler/*.c)) $(foreach s,$(STAGES),$(sort $(wildcard compiler/$(s)/*.c)))
MADE      = $(B)/made/builtin.c $(B)/made/modules.c $(B)/made/kafka_model.c $(B)/made/kubernetes_model.c
LIB       = $(SRC:%.c=$(B)/%.o) $(MADE:.c=.o)
UNITS     = $(patsubst tests/test_%.c,$(B)/tests/test_%,$(sort $(wildcard tests/test_*.c)))
SCRIPTS   = $(sort $(wildcard tests/test_*.sh))

# A folder given on the command line (make B=...) serves all variants, one beside the other.
folder    = $(if $(findstring command,$(origin B)),$(B)-$(1),build/$(1))

all: $(B)/$(BIN)
	@mkdir -p build && ln -sf $(VARIANT)/$(BIN) build/$(BIN)

$(B)/$(BIN): $(B)/compiler/main.o $(LIB)
	$(CC) $(FLAGS) $(CFLAGS) $(LINK_$(VARIANT)) -o $@ $^ $(LIBS)
$(B)/tests/test_%: $(B)/tests/test_%.o $(LIB)
	$(CC) $(FLAGS) $(CFLAGS) $(LINK_$(@F)) -o $@ $^ $(TEST_LIBS)
$(B)/tests/golden: $(B)/tests/golden.o $(LIB)
	$(CC) $(FLAGS) $(CFLAGS) -o $@ $^ $(LIBS)
$(B)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(CC) $(FLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<
$(B)/made/%.o: $(B)/made/%.c
	$(CC) $(FLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

# Tables and embedded files are made by small programs that run on the building machine. A folder among the prerequisites
# notices a file that is gone.
$(B)/generate/%: compiler/generate/%.c
	@mkdir -p $(@D) $(B)/made
	gcc -std=c11 -D_GNU_SOURCE -Wall -Wextra -O1 -MMD -MP -o $@ $< $(GENERATES_WITH_$(@F))
GENERATES_WITH_modules = -llua5.4 -lm

EMBEDDED  = $(sort stdlib/hooks.txt $(wildcard presets/*.yaml stdlib/lua/*.lua stdlib/admin/*.sh))
$(B)/made/builtin.c: $(B)/generate/embed $(EMBEDDED) presets stdlib/lua stdlib/admin
	$< $(EMBEDDED) > $@
$(B)/made/modules.c: $(B)/generate/modules $(wildcard stdlib/lua/*.lua) stdlib/lua
	$< $(sort $(wildcard stdlib/lua/*.lua)) > $@
$(B)/generate/kubernetes_model: compiler/model/k8s_rules.def compiler/model/k8s_table.h
$(B)/made/kubernetes_model.c: $(B)/generate/kubernetes_model stdlib/kubernetes/schema.txt
	$< stdlib/kubernetes/schema.txt > $@
$(B)/generate/kafka_model: compiler/model/kafka_hash.h
$(B)/made/kafka_model.c: $(B)/generate/kafka_model $(wildcard stdlib/kafka/*.tsv) stdlib/kafka
	$< stdlib/kafka > $@

# ---- to look at ---------------------------------------------------------------------------------------------
demo:
	@tests/setup.sh demo
	@$(MAKE) -s --no-print-directory all
	@tests/demo/demo.sh $(B)/$(BIN)

# ---- tests --------------------------------------------------------------------------------------------------
# GATE=1: the golden cases must be as many as promised, the figures of `make bench` within their bounds.
GATE ?=
GATED = $(if $(filter-out 0,$(GATE)),--gate)

test:
	@tests/setup.sh test
	@$(MAKE) -s --no-print-directory test-built
test-built: $(B)/$(BIN) $(B)/tests/golden $(UNITS)
	@GREGOR=$(abspath $(B)/$(BIN)) VARIANT=$(VARIANT) tests/run.sh $(B)/tests/log \
	  "$(B)/tests/golden $(GATED) golden presets" $(UNITS) tests/layers.sh $(foreach s,$(SCRIPTS),"$(s) $(B)/$(BIN)")
asan:
	@$(MAKE) --no-print-directory VARIANT=asan B=$(call folder,asan) test
golden: $(B)/tests/golden
	$< $(GATED) golden presets
golden-update: $(B)/tests/golden
	$< --update $(if $(CASE),golden/$(CASE),golden presets)
layers:
	@tests/layers.sh
# The reference of the modules for hooks, out of their comments.
reference:
	python3 tests/stdlib.py reference > stdlib/lua/README.md
.PHONY: reference

# Every allocation of the code under test, libyaml's and libcyaml's too, goes through the counter of this test.
LINK_test_memory = -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=strdup,--wrap=free

# ---- figures ------------------------------------------------------------------------------------------------
PRINTER = $(filter $(B)/compiler/base/% $(B)/compiler/print/%,$(LIB))

$(B)/tests/bench/empty $(B)/tests/bench/measure: $(B)/tests/bench/%: tests/bench/%.c
	@mkdir -p $(@D)
	$(CC) -std=c11 -Wall -Wextra -O2 -static -o $@ $<
$(B)/tests/bench/bench_print: $(B)/tests/bench/bench_print.o $(PRINTER)
	$(CC) $(FLAGS) $(CFLAGS) $(LINK_$(VARIANT)) -o $@ $^ $(LIBS)
bench:
	@tests/setup.sh bench
	@$(MAKE) -s --no-print-directory all $(addprefix $(B)/tests/bench/,bench_print empty measure)
	@tests/bench/bench.sh $(GATED) $(B)

# ---- inputs nobody would write ------------------------------------------------------------------------------
SECONDS_EACH ?= 60
FUZZERS       = $(patsubst tests/fuzz/%.c,$(B)/tests/fuzz/%,$(wildcard tests/fuzz/fuzz_*.c))

$(B)/tests/fuzz/fuzz_yaml_print: $(B)/tests/fuzz/fuzz_yaml_print.o $(PRINTER)
	$(CC) $(FLAGS) $(CFLAGS) -fsanitize=fuzzer -o $@ $^ -lcjson $(LIBS)
$(B)/tests/fuzz/fuzz_%: $(B)/tests/fuzz/fuzz_%.o $(LIB)
	$(CC) $(FLAGS) $(CFLAGS) -fsanitize=fuzzer -o $@ $^ -lcjson $(LIBS)
$(B)/tests/fuzz/dictionary: $(B)/tests/fuzz/dictionary.o $(LIB)
	$(CC) $(FLAGS) $(CFLAGS) -o $@ $^ $(LIBS)
$(B)/tests/fuzz/words.dict: $(B)/tests/fuzz/dictionary tests/fuzz/yaml.dict
	cat tests/fuzz/yaml.dict > $@
	$< >> $@
fuzz:
	@tests/setup.sh fuzz
	@$(MAKE) -s --no-print-directory VARIANT=fuzz B=$(call folder,fuzz) CC=clang-19 run-fuzzers
run-fuzzers: $(FUZZERS) $(B)/tests/fuzz/words.dict
	@tests/fuzz/run.sh $(B)/tests/fuzz $(SECONDS_EACH)

# ---- a real API server's word -------------------------------------------------------------------------------
# Judges every golden output. The first build of the server takes a while; Go keeps what it compiled in its own cache.
build/judge/kube-apiserver: PACKAGE = k8s.io/kubernetes/cmd/kube-apiserver
build/judge/etcd:           PACKAGE = go.etcd.io/etcd/server/v3
JUDGE_IS = $(shell awk '$$1 == "k8s.io/kubernetes" { print $$2 }' tests/judge/go.mod)

build/judge/%: tests/judge/go.mod tests/judge/go.sum
	cd tests/judge && CGO_ENABLED=0 nice go build -p 2 -buildvcs=false \
	  -ldflags '-s -w -X k8s.io/component-base/version.gitVersion=$(JUDGE_IS)' -o $(CURDIR)/$@ $(PACKAGE)
judge: build/judge/kube-apiserver build/judge/etcd
	@python3 -B tests/judge/judge.py build/judge
# Where the server and verify differ on objects broken on purpose; MUTANTS=0 asks about all 36,000.
MUTANTS ?= 4000
$(B)/tests/judge/verdict: $(B)/tests/judge/verdict.o $(LIB)
	$(CC) $(FLAGS) $(CFLAGS) -o $@ $^ $(LIBS)
judge-mutants: build/judge/kube-apiserver build/judge/etcd $(B)/tests/judge/verdict
	@python3 -B tests/judge/mutants.py build/judge $(B)/tests/judge/verdict $(MUTANTS)
.PHONY: judge judge-mutants

# Runs what the compiler emits, in namespaces on this machine: all scenarios, SCENARIO="one two", or a GROUP (core, security, ci), JOBS at a time.
# Needs root.
JOBS ?= 2
live:
	@tests/setup.sh live
	@$(MAKE) --no-print-directory all >/dev/null
	@$(if $(filter-out 0,$(shell id -u)),sudo -n) env GREGOR=$(abspath $(B)/$(BIN)) \
	  python3 tests/live/live.py --jobs $(JOBS) $(SCENARIO) $(if $(GROUP),--group $(GROUP))
.PHONY: live

# ---- the real tools' word on the forms of the output --------------------------------------------------------
# Kustomize, kpt, Helm, OpenShift's templates, kubectl's ApplySets, SARIF: Debian has no tool for them. Built once; where Go is missing, a
# check says that it was skipped.
TOOLS = kustomize kpt helm helm4 oc kyaml applyset sarif
build/tools/kustomize: PACKAGE = sigs.k8s.io/kustomize/kustomize/v5
build/tools/helm:      PACKAGE = helm.sh/helm/v3/cmd/helm
build/tools/helm4:     PACKAGE = helm.sh/helm/v4/cmd/helm
# The judge of SARIF reads the schema out of the source of a module.
build/tools/sarif: WHERE = -X main.module=$$(go list -m -f '{{.Dir}}' github.com/owenrumney/go-sarif/v3)
$(addprefix build/tools/,kpt oc kyaml applyset sarif): build/tools/%: tests/tools/%/main.go tests/tools/go.mod tests/tools/go.sum
	cd tests/tools && CGO_ENABLED=0 nice go build -p 2 -buildvcs=false -ldflags "-s -w $(WHERE)" -o $(CURDIR)/$@ ./$*
build/tools/%: tests/tools/go.mod tests/tools/go.sum
	cd tests/tools && CGO_ENABLED=0 nice go build -p 2 -buildvcs=false -ldflags '-s -w' -o $(CURDIR)/$@ $(PACKAGE)
tools: $(if $(shell command -v go),$(addprefix build/tools/,$(TOOLS)))
	@$(if $(shell command -v go),:,echo 'left out: no Go on this machine')
# Each program of tests/outputs takes the compiler and the folder of the tools.
outputs: tools
	@tests/setup.sh test
	@$(MAKE) -s --no-print-directory all
	@tests/outputs/run.sh $(B)/$(BIN) build/tools
.PHONY: tools outputs

# ---- where it goes ------------------------------------------------------------------------------------------
TO = $(DESTDIR)$(prefix)
install: $(B)/$(BIN)
	install -D -m 755 $(B)/$(BIN) $(TO)/bin/$(BIN)
	mkdir -p $(TO)/share/man/man1 $(TO)/share/man/man5 $(TO)/share/bash-completion/completions \
	  $(TO)/share/zsh/site-functions $(TO)/share/fish/vendor_completions.d $(TO)/share/doc/$(BIN)
	$(B)/$(BIN) man 1 -o $(TO)/share/man/man1/$(BIN).1
	$(B)/$(BIN) man 5 -o $(TO)/share/man/man5/$(BIN).5
	$(B)/$(BIN) completion bash -o $(TO)/share/bash-completion/completions/$(BIN)
	$(B)/$(BIN) completion zsh -o $(TO)/share/zsh/site-functions/_$(BIN)
	$(B)/$(BIN) completion fish -o $(TO)/share/fish/vendor_completions.d/$(BIN).fish
	$(B)/$(BIN) schema -o $(TO)/share/doc/$(BIN)/$(BIN).schema.json
	install -D -m 644 helm-plugin/plugin.yaml $(TO)/share/$(BIN)/helm-plugin/plugin.yaml
	install -m 644 $(or $(wildcard README.md LICENSE COPYING),Makefile) $(TO)/share/doc/$(BIN)/

clean:
	rm -rf $(if $(findstring command,$(origin B)),$(B) $(call folder,asan) $(call folder,fuzz),build)

.PHONY: all demo test test-built asan golden golden-update layers bench fuzz run-fuzzers install clean
.DELETE_ON_ERROR:
.SECONDARY:
-include $(wildcard $(B)/compiler/*.d $(B)/compiler/*/*.d $(B)/generate/*.d $(B)/made/*.d $(B)/tests/*.d $(B)/tests/*/*.d)
