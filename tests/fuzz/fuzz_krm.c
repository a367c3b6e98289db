/* Any bytes are an item of somebody else in a ResourceList: they are refused with a reason, or leave as they were spelt; what makes a
 * functionConfig of them compiles or is refused. */
#include "compile.h"
#include "pack/krm.h"
#include "print/print.h"
#include "source/source.h"

#include <stdio.h>
#include <stdlib.h>

#define MEMORY ((size_t)256 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool fine, const char *why)
{
    if (fine)
        return;
    fprintf(stderr, "%s\n", why);
    abort();
}

/* The bytes as lines below a key. */
static void add_block(struct text *out, const char *key, const char *s, size_t len)
{
    text_add(out, key);
    for (const char *end = s + len; s < end;) {
        const char *nl = memchr(s, '\n', (size_t)(end - s));
        const size_t n = (size_t)((nl == NULL ? end : nl) - s);
        text_add(out, "\n    ");
        text_bytes(out, s, n);
        s += n + 1;
    }
    text_char(out, '\n');
}

/* Same values, and no text has become something that a reader types, or ceased to be. */
static bool same_spelling(const struct val *a, const struct val *b)
{
    if (a->kind != b->kind || (a->kind != V_NULL && a->len != b->len))
        return false;
    if (a->kind == V_STR)
        return memcmp(a->s, b->s, a->len) == 0
            && ((a->flags & VF_PLAIN) == (b->flags & VF_PLAIN) || !print_yaml_quotes(a->s, a->len) || memchr(a->s, '\n', a->len) != NULL);
    for (uint32_t i = 0; a->kind >= V_SEQ && i < a->len; i++) {
        if (a->kind == V_MAP && strcmp(a->map[i].key, b->map[i].key) != 0)
            return false;
        if (!same_spelling(a->kind == V_MAP ? &a->map[i].v : &a->seq[i], a->kind == V_MAP ? &b->map[i].v : &b->seq[i]))
            return false;
    }
    return true;
}

static void check_items(struct arena *a, const struct krm *k, const struct text *out)
{
    struct ctx again = { .a = a };
    struct krm second = { .cx = &again, .file = ctx_file(&again, "again", out->p, out->len, "list") };
    must(krm_read_list(&second), "the list that leaves is not read");
    must(same_spelling(k->items, second.items), "an item of others is spelt differently");
}

static void check(struct arena *a, const char *bytes, size_t size)
{
    struct text in = { .a = a }, out = { .a = a };
    struct ctx cx = { .a = a };
    text_add(&in, "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n- kind: Thing\n");
    add_block(&in, "  spec:", bytes, size);
    add_block(&in, "functionConfig:\n  apiVersion: gregor.dev/v1\n  kind: KafkaCluster\n  metadata: {name: a}\n  spec:", bytes, size);
    struct krm k = { .cx = &cx, .file = ctx_file(&cx, "fuzz.yaml", text_str(&in), in.len, "list") };
    struct compiled made = { 0 };
    if (!krm_read_list(&k)) {
        must(cx.diag_count > 0, "refused without a reason");
        return;
    }
    const struct request r = { .path = "functionConfig", .value = &k.description };
    const bool fine = krm_describe(&k) && compile_file(&cx, &r, STAGE_ALL, &made) && krm_check(&k, &made);
    must(fine || diag_failed(&cx), "refused without a reason");
    krm_print(&k, NULL, &out);
    check_items(a, &k, &out);
    out.len = 0;
    if (fine)
        krm_print(&k, &made, &out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct arena a;
    jmp_buf             out;
    a.out   = &out;
    a.limit = MEMORY;
    if (setjmp(out) == 0)
        check(&a, (const char *)data, size);
    else
        source_abandon();
    arena_reset(&a);
    return 0;
}
