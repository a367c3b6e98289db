/* Any bytes are a description that compiles or is refused with a reason; what compiles is accepted by the verifier, prints, and
 * reads back as the same objects. Memory is bounded, and running out of it is a result. */
#include "../readback.h"
#include "compile.h"
#include "print/print.h"

#define MEMORY ((size_t)64 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool fine, const char *why, const char *detail)
{
    if (fine)
        return;
    fprintf(stderr, "%s: %s\n", why, detail);
    abort();
}

static void render(const struct ctx *cx, struct text *out)
{
    for (uint32_t i = 0; i < cx->diag_count; i++) {
        diag_text(cx, cx->diags[i], i % 2 == 0, out);
        diag_json(cx, cx->diags[i], out);
    }
}

static void check_printed(struct arena *a, const struct val *objects)
{
    struct text yaml = { .a = a }, json = { .a = a };
    struct val  read;
    for (uint32_t i = 0; i < objects->len; i++)
        print_yaml(&yaml, &objects->seq[i]);
    const char *problem = readback_read(a, yaml.p, yaml.len, false, &read);
    must(problem == NULL, "the manifests do not read back", problem);
    must(tree_same(&read, objects), "the manifests read back", "as other objects");
    print_json_list(&json, objects->seq, objects->len);
    text_str(&json);
}

static void check(struct arena *a, const char *text, size_t len)
{
    const struct request r = { .path = "fuzz.yaml", .text = text, .len = len };
    struct ctx          *cx;
    struct compiled     *c;
    jmp_buf              out, *before = a->out;
    struct text          findings = { .a = a };
    const enum outcome   o = compile_guarded(a, &r, STAGE_ALL, &cx, &c);
    a->out = &out;
    if (o == COMPILE_NO_MEMORY || setjmp(out) != 0) {
        a->out = before;
        return;
    }
    render(cx, &findings);
    must(o == COMPILE_OK || diag_failed(cx), "refused", "without a reason");
    must(o != COMPILE_OK || !diag_failed(cx), "accepted", "with an error");
    must(o != COMPILE_OK || c->objects.len > 0, "compiled", "to nothing");
    for (uint32_t i = 0; i < cx->diag_count; i++)
        must(cx->diags[i]->code != E_INTERNAL_LOAD && cx->diags[i]->code != E_INTERNAL_OBJECT, "a fault of ours",
             cx->diags[i]->message);
    if (o == COMPILE_OK)
        check_printed(a, &c->objects);
    a->out = before;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a = { .limit = MEMORY };
    char        *text = malloc(size + 1); /* its own block, so that a byte read behind the end is noticed */
    if (text == NULL)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    check(&a, text, size);
    arena_free(&a);
    free(text);
    return 0;
}
