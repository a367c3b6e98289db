#include "command/command.h"

#include "pki/store.h"
#include "verify/through.h"

#include <stddef.h>

enum {
    BUILD = 1, CHECK = 2, INIT = 4, EXPLAIN = 8, SCHEMA = 16, PRESETS = 32, WHY = 64, COMPLETION = 128, MAN = 256,
    VERSION = 512, HELP = 1024, IMAGES = 2048, DIFF = 4096, PKI = 8192, KRM = 16384, USERS = 32768,
    POST_RENDER = 65536, ALL = 131071,
    COMPILES = BUILD | CHECK | WHY | IMAGES | DIFF | PKI | USERS,
    PRINTS = BUILD | POST_RENDER | IMAGES | DIFF | INIT | SCHEMA | PRESETS | COMPLETION | MAN
};

const struct verb verbs[] = {
    { "build", BUILD, "[options] FILE...", "compile descriptions to Kubernetes manifests",
      "Compiles each description and writes its manifests: to standard output, to one file (-o), or to a folder (-d) with "
      "one file a cluster. Everything is computed before anything is written. With standard output or -o an error in any "
      "description leaves no output at all; with -d each cluster stands for itself: the others are written, and the exit "
      "status is 1. Files whose bytes would not change are not touched. `gregor FILE` is short for `gregor build FILE`. --depfile lists "
      "for make and Ninja what was read: descriptions, overlays, included files, hooks and their modules, certificates, private files. "
      "--applyset makes the ConfigMap in which `kubectl apply --prune --applyset=configmaps/NAME-applyset -n NAMESPACE` keeps what it applied; "
      "it is created once, by `kubectl create`, and stands apart from what is applied.",
      "gregor build orders.yaml | kubectl apply -f -\n"
      "gregor build -p production -d rendered/ clusters/*.yaml\n"
      "gregor build --set brokers.count=5 --to json orders.yaml\n", command_build },
    { "check", CHECK, "[options] FILE...", "report everything wrong with descriptions, write nothing",
      "Compiles like build, with every check of the result, and writes nothing. Findings go to standard error.",
      "gregor check clusters/*.yaml\n"
      "gregor check -W error --diagnostics json orders.yaml\n", command_check },
    { "init", INIT, "[-p PRESET] [-o FILE] [NAME]", "print a commented description to start from",
      "Prints a small description with comments. With -o it makes that file, and never replaces one that exists.",
      "gregor init -o orders.yaml orders\n"
      "gregor init -p production -p eks orders\n", command_init },
    { "explain", EXPLAIN, "[FIELD | CODE | codes]", "document a field or the code of a finding",
      "Without an argument it lists the fields at the top of a description. A dotted path documents a field: type, default, "
      "range, choices and what stands below it. A code such as E0100 tells why the rule exists and what to do.",
      "gregor explain brokers.storage\n"
      "gregor explain E0100\n", command_explain },
    { "schema", SCHEMA, "[-o FILE]", "print the JSON Schema of descriptions, for editors",
      "Prints a JSON Schema (draft-07). Editors that read YAML use it for completion, documentation and checks when the "
      "first line of a description is `# yaml-language-server: $schema=gregor.schema.json`, as `gregor init` writes it.",
      "gregor schema -o gregor.schema.json\n", command_schema },
    { "presets", PRESETS, "[NAME]", "list the presets, or print one",
      "Presets are descriptions that ship with gregor. They lie below a description: `presets: [production, eks]` in the "
      "file, or -p on the command line.",
      "gregor presets\n"
      "gregor presets production\n", command_presets },
    { "pki", PKI, "[options] FILE", "make and renew the certificates of a cluster",
      "Makes the folder that `tls: {source: generated}` names (pki): an authority (ca.crt, ca.key), a certificate for each "
      "Secret with exactly the names that its pods and listeners have, and certificates for clients. What is there and valid is "
      "kept; what is missing, ended, or lacks a name is made. Keys are PKCS#8 PEM with mode 0600. `gregor build --secrets` "
      "makes Secrets of the files. An authority is replaced in three steps, each to be applied until all pods have restarted "
      "before the next: --rotate-ca trust, --rotate-ca keys, --rotate-ca finish.",
      "gregor pki orders.yaml\n"
      "gregor pki --client app --client audit orders.yaml\n"
      "gregor pki --renew 30 orders.yaml\n", command_pki },
    { "why", WHY, "[options] FILE KIND/NAME PATH", "tell which line, layer or default made a value",
      "Finds a value of the output, changes each input in turn, and reports those that change the value: with file, line "
      "and layer. PATH is dotted; [0] or [name=kafka] picks an item of a list, and a key of a properties file may follow "
      "the key of its ConfigMap.",
      "gregor why orders.yaml StatefulSet/orders-broker spec.replicas\n"
      "gregor why orders.yaml Service/orders-bootstrap 'spec.ports[0].port'\n", command_why },
    { "diff", DIFF, "[options] OLD NEW | -d DIR FILE...", "show object by object what a change does",
      "Compares two states: each is a description, a file of manifests, a folder of them, or - (manifests). With -d it compares what "
      "`gregor build -d DIR` wrote before with what it would write now. Tells which fields change, which of them the API server "
      "will not change and what to do then, and which pods restart. Options such as --set hold for descriptions on both sides. Exit "
      "status as that of `kubectl diff`: 0 nothing differs, 1 something does, above that it failed.",
      "gregor diff -d rendered/ clusters/*.yaml\n"
      "git show HEAD:orders.yaml > old.yaml; gregor diff old.yaml orders.yaml\n", command_diff },
    { "images", IMAGES, "[options] FILE...", "list every image that the clusters need",
      "Compiles the descriptions and prints the images of all containers and image volumes, one a line, each once: what an air "
      "gap has to mirror.",
      "gregor images clusters/*.yaml\n"
      "gregor images -p production orders.yaml | xargs -n 1 docker pull\n", command_images },
    { "krm", KRM, "[options] [FILE]", "be a function of kpt or Kustomize: a ResourceList in, one out",
      "Reads a ResourceList from standard input and writes it back with the objects of the cluster that its functionConfig describes: "
      "the spec of a KafkaCluster (gregor.dev/v1) is a description, and so is 'description' in the data of a ConfigMap, whose other "
      "keys are values laid over it. What others put into the list passes through; what an earlier run made is replaced. Findings "
      "become results. The same happens without any argument when standard input is a ResourceList, and under a name that ends in "
      "-krm. With a FILE that holds the functionConfig alone, or under the name KafkaCluster, which is how `kubectl kustomize "
      "--enable-alpha-plugins` runs it, the objects are printed.",
      "kpt fn eval package --exec 'gregor krm' --fn-config kafka.yaml\n"
      "gregor krm kafka.yaml | kubectl apply -f -\n", command_krm },
    { "users", USERS, "[-d FOLDER] FILE", "make the password files that are missing",
      "Makes a file for each user whose password is {file: ...} and has none yet: 32 random letters and digits, mode 0600, in the "
      "folder `secretsFolder` beside the description. A file that is there is never touched: to change a password, remove its file. "
      "SCRAM credentials get salts from a key that is made there too. Prints names, never passwords; `gregor build --secrets` makes "
      "Secrets of the files.",
      "gregor users orders.yaml\n"
      "gregor build --secrets orders-secrets.yaml -o orders-manifests.yaml orders.yaml\n", command_users },
    { "post-render", POST_RENDER, "[options] < MANIFESTS", "check what Helm has rendered, for --post-renderer",
      "Reads manifests from standard input, lets the hooks of --hook change them, checks them as gregor's own objects are checked (the "
      "API of the target version, the rules that its schema lacks, PodSecurity), and writes what no hook has touched as it came. "
      "Findings go to standard error; an error ends Helm. Helm 4 takes a plugin: see the folder helm-plugin.",
      "helm upgrade x ./chart --post-renderer gregor --post-renderer-args post-render\n"
      "helm template x ./chart | gregor post-render --kubernetes 1.34 --hook site.lua\n", command_post_render },
    { "completion", COMPLETION, "bash | zsh | fish", "print the completion script of a shell",
      "Prints a script that completes verbs, options, presets and fields.",
      "gregor completion bash > /etc/bash_completion.d/gregor\n"
      "gregor completion fish > ~/.config/fish/completions/gregor.fish\n", command_completion },
    { "man", MAN, "[1 | 5]", "print the manual page: 1 the command, 5 the language",
      "Prints the manual page in roff.",
      "gregor man | man -l -\n"
      "gregor man 5 -o gregor.5\n", command_man },
    { "version", VERSION, "", "print the version", "Prints the version on one line.", "gregor version\n",
      command_version },
    { "help", HELP, "[VERB]", "print this help, or that of a verb", "Prints the help of a verb.", "gregor help build\n",
      command_help },
    { .name = NULL }
};

#define AT(member) offsetof(struct options, member)

const struct option_row options[] = {
    { "preset", 'p', OPT_LIST, "NAME", NULL, AT(presets), 0, COMPILES | INIT,
      "preset below the description; may be repeated" },
    { "overlay", 'f', OPT_LIST, "FILE", NULL, AT(overlays), 0, COMPILES,
      "file laid over the description; may be repeated" },
    { "set", 0, OPT_LIST, "PATH=VALUE", NULL, AT(sets), 0, COMPILES, "one value over everything; may be repeated" },
    { "hook", 0, OPT_LIST, "FILE", NULL, AT(hooks), 0, COMPILES | POST_RENDER,
      "Lua file behind those of the description; may be repeated" },
    { "output", 'o', OPT_TEXT, "FILE", NULL, AT(output), 0, PRINTS, "write to FILE; - is standard output" },
    { "dir", 'd', OPT_TEXT, "DIR", NULL, AT(dir), 0, BUILD | DIFF | PKI | USERS,
      "write into folder DIR, one file a cluster; diff: compare with it; pki: the folder" },
    { "against", 0, OPT_TEXT, "OLD", NULL, AT(against), 0, BUILD | CHECK,
      "refuse what a cluster made of the manifests OLD cannot become; a file, or the folder of -d" },
    { "secrets", 0, OPT_TEXT, "FILE", NULL, AT(secrets), 0, BUILD,
      "write Secrets from private files to FILE, mode 0600; with -d: a folder" },
    { "applyset", 0, OPT_TEXT, "FILE", NULL, AT(applyset), 0, BUILD,
      "write the parent of an ApplySet, for kubectl apply --prune, to FILE; with -d: a folder" },
    { "depfile", 0, OPT_TEXT, "FILE", NULL, AT(depfile), 0, BUILD,
      "write to FILE which inputs the result was made of, for make and Ninja" },
    { "depfile-target", 0, OPT_TEXT, "NAME", NULL, AT(depfile_target), 0, BUILD,
      "the target of the rule in --depfile; default: the files written" },
    { "client", 0, OPT_LIST, "NAME", NULL, AT(clients), 0, PKI, "a certificate for the client NAME; may be repeated" },
    { "days", 0, OPT_NUMBER, "N", NULL, AT(days), 3650, PKI, "days that a new certificate lives; default: 365" },
    { "key", 0, OPT_CHOICE, "KIND", "ec rsa2048 rsa3072 rsa4096", AT(key), KEY_EC, PKI, "kind of new keys; default: ec, on P-256" },
    { "renew", 0, OPT_TEXT, "DAYS|all", NULL, AT(renew), 0, PKI, "also renew what ends within DAYS, or all, with new keys" },
    { "rotate-ca", 0, OPT_CHOICE, "STEP", "trust keys finish", AT(rotate), ROTATE_TRUST, PKI, "replace the authority, one step" },
    { "now", 0, OPT_TEXT, "TIME", NULL, AT(at), 0, COMPILES,
      "judge dates at TIME (2026-11-20T12:00:00Z), not by SOURCE_DATE_EPOCH or the clock" },
    { "per-file", 0, OPT_CHOICE, "WHAT", "cluster object", AT(per_file), PER_CLUSTER, BUILD,
      "with -d: one file a cluster, or a folder a cluster and a file an object" },
    { "kubernetes", 0, OPT_TEXT, "VERSION", NULL, AT(kubernetes), 0, POST_RENDER, "the version to check for, such as 1.34" },
    { "jobs", 'j', OPT_NUMBER, "N", NULL, AT(jobs), 256, BUILD | CHECK,
      "compile N files at a time; default: one a processor" },
    { "check", 0, OPT_FLAG, NULL, NULL, AT(check), 0, BUILD,
      "compile twice, the files in another order, and compare the bytes" },
    { "to", 0, OPT_CHOICE, "FORM", pack_choices + 1, AT(to), 0, BUILD, "the form of the result; default: yaml" },
    { "hash-names", 0, OPT_FLAG, NULL, NULL, AT(hash_names), 0, BUILD,
      "name ConfigMaps with a digest of their data, as Kustomize does: any change of it restarts the pods" },
    { "argocd", 0, OPT_FLAG, NULL, NULL, AT(argocd), 0, COMPILES, "annotate for Argo CD: waves, what must not be pruned" },
    { "flux", 0, OPT_FLAG, NULL, NULL, AT(flux), 0, COMPILES, "annotate for Flux: what its substitution must leave alone" },
    { "through", 0, OPT_SET, "TOOL", through_choices + 1, AT(through), 0, BUILD | CHECK,
      "warn of texts that TOOL, between the result and the cluster, would replace; may be repeated" },
    { "dump", 0, OPT_CHOICE, "STAGE", "source description plan tree", AT(dump), DUMP_SOURCE, BUILD,
      "print what a stage of the compiler made instead" },
    { "diagnostics", 0, OPT_CHOICE, "FORMAT", "text json sarif github", AT(diagnostics), DIAG_TEXT, COMPILES | POST_RENDER | KRM,
      "findings as text, a line of JSON each, a SARIF log, or GitHub's workflow commands" },
    { "color", 0, OPT_CHOICE, "WHEN", "auto always never", AT(color), COLOR_AUTO, COMPILES | POST_RENDER | KRM,
      "colour findings; auto: on a terminal, unless NO_COLOR is set" },
    { "warnings", 'W', OPT_CHOICE, "LEVEL", "print error", AT(warn), WARN_PRINT, BUILD | CHECK | POST_RENDER | KRM,
      "-W error: a warning counts as an error" },
    { "quiet", 'q', OPT_FLAG, NULL, NULL, AT(quiet), 0, BUILD | CHECK | POST_RENDER | KRM | PKI,
      "no warnings, no summary, no progress" },
    { "help", 'h', OPT_FLAG, NULL, NULL, AT(help), 0, ALL, "print help and exit" },
    { "version", 'V', OPT_FLAG, NULL, NULL, AT(version), 0, ALL, "print the version and exit" },
    { .name = NULL }
};

const struct verb *verb_find(const char *name)
{
    for (const struct verb *v = verbs; v->name != NULL; v++)
        if (strcmp(v->name, name) == 0)
            return v;
    return NULL;
}
