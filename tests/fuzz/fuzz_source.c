/* Any bytes are a description that is read, or refused with a reason; what was read survives the printer. */
#include "../readback.h"
#include "base/ctx.h"
#include "print/print.h"
#include "source/source.h"

#define MEMORY ((size_t)256 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool fine, const char *why)
{
    if (fine)
        return;
    fprintf(stderr, "%s\n", why);
    abort();
}

/* The findings are rendered too: carets and columns are easily one off the end of a strange line. */
static void render(struct ctx *cx)
{
    struct text out = { .a = cx->a };
    diag_sort(cx);
    for (uint32_t i = 0; i < cx->diag_count; i++) {
        diag_text(cx, cx->diags[i], i % 2 == 0, &out);
        diag_json(cx, cx->diags[i], &out);
    }
}

static void check_printed(struct arena *a, const struct val *v)
{
    struct text out = { .a = a };
    struct val  read;
    if (v->kind == V_NONE)
        return;
    print_yaml(&out, v);
    must(readback_read(a, out.p, out.len, false, &read) == NULL, "what was read is not printed as YAML");
    must(read.len == 1 && tree_same(&read.seq[0], v), "what was read is printed as something else");
}

static void check(struct arena *a, const char *text, size_t len)
{
    struct ctx     cx   = { .a = a };
    struct val     v    = t_none();
    const uint16_t file = ctx_file(&cx, "fuzz.yaml", text, len, "description");
    const bool     read = source_parse(&cx, file, &v);
    must(read || cx.diag_count > 0, "refused without a reason");
    must(!read || !diag_failed(&cx), "accepted with an error");
    render(&cx);
    if (read)
        check_printed(a, &v);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct arena a;
    jmp_buf             out;
    a.out   = &out;
    a.limit = MEMORY;
    if (setjmp(out) != 0) {
        source_abandon();
        must(false, "more memory than any description is worth");
    }
    check(&a, arena_dup(&a, (const char *)data, size), size);
    arena_reset(&a);
    return 0;
}
