#include "compile.h"

#include "base/io.h"
#include "base/memory.h"
#include "base/secret.h"
#include "base/veil.h"
#include "cluster/cluster.h"
#include "emit/applyset.h"
#include "emit/secrets.h"
#include "emit/sync.h"
#include "hook/hook.h"
#include "plan/show.h"
#include "print/print.h"
#include "source/source.h"
#include "source/stack.h"
#include "verify/certificates.h"
#include "verify/settings.h"
#include "verify/through.h"
#include "verify/verify.h"

/* What a shell would take apart is quoted, for hints that name a command. */
static void add_word(struct text *t, const char *option, const char *word)
{
    const size_t plain = strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./=:,@%+");
    const bool quoted = word[plain] != '\0' || plain == 0;
    text_join(t, t->len > 0 ? " " : "", option, quoted ? "'" : "", quoted ? str_replace(t->a, word, "'", "'\\''") : word,
              quoted ? "'" : "", NULL);
}

static const char *arguments(struct arena *a, const struct request *r)
{
    struct text t = { .a = a };
    for (const char **p = r->presets; p != NULL && *p != NULL; p++)
        add_word(&t, "-p ", *p);
    for (const char **f = r->overlays; f != NULL && *f != NULL; f++)
        add_word(&t, "-f ", *f);
    for (const char **set = r->sets; set != NULL && *set != NULL; set++)
        add_word(&t, "--set ", *set);
    add_word(&t, "", r->path);
    return text_str(&t);
}

static bool read_layers(struct ctx *cx, const struct request *r, struct val *root)
{
    const struct stack s = { .path = r->path, .text = r->text, .len = r->len, .value = r->value, .presets = r->presets,
                             .overlays = r->overlays, .sets = r->sets, .resolve = resolve_path,
                             .expand = expand_short_forms };
    cx->folder  = io_folder_of(cx->a, r->path);
    cx->hooks   = r->hooks;
    cx->secrets = r->secrets;
    cx->applyset = r->applyset;
    cx->uncopied = r->uncopied;
    cx->now     = r->now;
    cx->arguments = arguments(cx->a, r);
    cx->sync    = r->sync;
    cx->through = r->through;
    return stack_read(cx, &s, root) && include_files(cx, root);
}

/* Secrets are judged with the objects that mount them, and no object may have the name of an ApplySet's parent. */
static bool verify_set(struct ctx *cx, const struct compiled *c, const struct hooks *h)
{
    struct vals all = { .a = cx->a };
    if (!verify_sizes(cx, place(&c->description, "name"), c->objects.seq, c->objects.len)
        || !verify_sizes(cx, place(&c->description, "name"), c->secrets.seq, c->secrets.len))
        return false;
    if (c->secrets.len + c->applyset.len == 0)
        return verify_objects(cx, c->plan.minor, c->description.name, c->objects.seq, c->objects.len, h);
    if (c->applyset.len > 0)
        vals_add(&all, c->applyset.seq[c->applyset.len - 1]);
    for (uint32_t i = 0; i < c->objects.len; i++)
        vals_add(&all, c->objects.seq[i]);
    for (uint32_t i = 0; i < c->secrets.len; i++)
        vals_add(&all, c->secrets.seq[i]);
    return verify_objects(cx, c->plan.minor, c->description.name, all.at, all.len, h);
}

static bool verify(struct ctx *cx, const struct compiled *c, const struct hooks *h)
{
    const bool known = h == NULL || verify_settings(cx, &c->plan, c->objects.seq, c->objects.len);
    return verify_set(cx, c, h) && known;
}

/* A field that cannot be read ends the compilation, but not before misspelt configuration keys are named as well. */
static bool load(struct ctx *cx, struct compiled *c)
{
    if (load_description(cx, &c->described, &c->description))
        return true;
    if (c->description.root != NULL)
        check_keys(cx, &c->description);
    return false;
}

/* The values as written stay what they are: who compiles them again runs the hooks again. Hooks may write short forms. */
static bool describe(struct ctx *cx, struct compiled *c, struct hooks **h)
{
    c->described = c->root;
    if (!hook_open(cx, &c->described, h))
        return false;
    c->hooks = *h;
    const bool fine = cx->described || hook_description(*h, &c->described);
    if (*h != NULL)
        c->described = expand_short_forms(cx->a, c->described);
    return fine;
}

/* Annotations for Argo CD and Flux, when asked for: of what hooks have added as well. */
static bool synchronise(struct ctx *cx, struct compiled *c)
{
    if (cx->sync != 0)
        emit_sync(cx->a, cx->sync, &c->objects);
    return true;
}

static bool gather(struct ctx *cx, struct compiled *c)
{
    if (cx->applyset)
        c->applyset = applyset_emit(cx->a, &c->plan, &c->objects, &c->secrets);
    return true;
}

/* Warnings, of texts that tools between here and the cluster would replace. */
static bool survive(struct ctx *cx, const struct compiled *c)
{
    through_check(cx, &c->objects);
    return true;
}

/* The whole compiler behind the layers, in order. A stage adds one thing, or reports every problem it can find. */
static bool compile_from(struct ctx *cx, enum stage last, struct compiled *c)
{
    struct hooks *h;
    return describe(cx, c, &h)                                /* what the site's Lua makes of the description, if any */
        && load(cx, c)                                        /* keys -> struct, through the field table */
        && check_description(cx, &c->description)             /* rules that need more than one field */
        && (last == STAGE_DESCRIPTION
            || (plan_cluster(cx, &c->description, &c->plan)   /* every name, port, id and address, once */
                && (last == STAGE_PLAN
                    || (verify_certificates(cx, &c->plan) /* the certificates that are there fit what was planned */
                        && emit_objects(cx, &c->plan, &c->objects) /* plan -> manifest values */
                        && secrets_emit(cx, &c->plan, &c->secrets) /* private files -> Secrets, when asked for */
                        && hook_objects(h, &c->plan, &c->objects) /* what the site's Lua makes of them */
                        && synchronise(cx, c)             /* waves of Argo CD, guards of Flux */
                        && gather(cx, c)                  /* the parent of an ApplySet */
                        && verify(cx, c, h)               /* what leaves is what the API server accepts */
                        && survive(cx, c)))));            /* and what tools on the way there let through */
}

bool compile_root(struct ctx *cx, struct val root, enum stage last, struct compiled *out)
{
    out->root = root;
    const bool fine = compile_from(cx, last, out);
    diag_sort(cx);
    return fine;
}

bool compile_again(struct ctx *cx, struct val root, struct compiled *out)
{
    struct hooks *h;
    out->root = root;
    return describe(cx, out, &h)
        && load_description(cx, &out->described, &out->description)
        && plan_cluster(cx, &out->description, &out->plan)
        && emit_objects(cx, &out->plan, &out->objects)
        && hook_objects(h, &out->plan, &out->objects)
        && synchronise(cx, out);
}

bool compile_file(struct ctx *cx, const struct request *r, enum stage last, struct compiled *out)
{
    const bool fine = read_layers(cx, r, &out->root)          /* bytes -> values with places; presets, overlays, --set */
        && (last == STAGE_SOURCE || compile_from(cx, last, out));
    diag_sort(cx);
    return fine;
}

enum outcome compile_guarded(struct arena *a, const struct request *r, enum stage last, struct ctx **cx,
                             struct compiled **out)
{
    jmp_buf no_memory;
    a->out = &no_memory;
    if (setjmp(no_memory) != 0) {
        source_abandon();
        a->out = NULL;
        return COMPILE_NO_MEMORY;
    }
    *cx  = NEW(a, struct ctx);
    *out = NEW(a, struct compiled);
    (*cx)->a = a;
    const bool fine = compile_file(*cx, r, last, *out);
    a->out = NULL;
    return fine ? COMPILE_OK : COMPILE_REJECTED;
}

/* No rule has looked at these values yet: what is a secret under one key stays one under another. */
static void dump_source(struct ctx *cx, const struct compiled *c, struct text *out)
{
    struct text t = { .a = cx->a };
    const struct val shown = secret_masked(cx->a, c->root);
    print_yaml(&t, &shown);
    text_add(out, veil_text(cx, text_str(&t)));
}

void compile_dump(struct ctx *cx, const struct compiled *c, enum stage stage, struct text *out)
{
    if (stage == STAGE_SOURCE) {
        dump_source(cx, c, out);
        return;
    }
    struct val shown = stage == STAGE_DESCRIPTION ? *c->description.root : plan_show(cx->a, &c->plan);
    if (stage <= STAGE_PLAN)
        print_yaml(out, &shown);
    for (uint32_t i = 0; stage > STAGE_PLAN && i < c->objects.len; i++)
        print_yaml(out, &c->objects.seq[i]);
}
