#include "base/ctx.h"
#include "base/veil.h"

#include <stdlib.h>

const struct code_info code_table[] = {
#define DIAG(name, number, title, story) \
    { name, #name[0] == 'E' ? "E" number : "W" number, title, story, #name[0] == 'E' },
#include "base/diag.def"
#undef DIAG
    { CODES, NULL, NULL, NULL, false }
};

bool diag_failed(const struct ctx *cx)
{
    return cx->error_count > 0;
}

static struct diag *add(struct ctx *cx)
{
    if (cx->diag_count == cx->diag_cap) {
        const uint32_t cap = cx->diag_cap < 16 ? 16 : cx->diag_cap * 2;
        cx->diags = arena_grow(cx->a, cx->diags, cx->diag_cap * sizeof *cx->diags,
                               cx->diag_count * sizeof *cx->diags, cap * sizeof *cx->diags);
        cx->diag_cap = cap;
    }
    struct diag *d = NEW(cx->a, struct diag);
    d->serial = cx->diag_count;
    return cx->diags[cx->diag_count++] = d;
}

struct diag *diag_at(struct ctx *cx, enum code code, struct pos at, const char *fmt, ...)
{
    va_list ap;
    struct diag *d = add(cx);
    va_start(ap, fmt);
    d->message = arena_vprintf(cx->a, fmt, ap);
    va_end(ap);
    d->code = code;
    d->at   = at;
    cx->error_count += code_table[code].error;
    return d;
}

static void add_note(struct ctx *cx, struct diag *d, struct pos at, const char *message)
{
    struct note **end = &d->notes;
    while (*end != NULL)
        end = &(*end)->next;
    *end = NEW(cx->a, struct note);
    **end = (struct note){ .at = at, .message = message };
}

void diag_hint(struct ctx *cx, struct diag *d, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    add_note(cx, d, no_pos(), arena_vprintf(cx->a, fmt, ap));
    va_end(ap);
}

void diag_note(struct ctx *cx, struct diag *d, struct pos at, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    add_note(cx, d, at, arena_vprintf(cx->a, fmt, ap));
    va_end(ap);
}

void diag_did_you_mean(struct ctx *cx, struct diag *d, const char *nearest)
{
    if (nearest != NULL)
        diag_hint(cx, d, "did you mean '%s'?", nearest);
}

/* A text of n bytes has at most n + 1 lines. */
void diag_hide(struct ctx *cx, struct pos at)
{
    if (at.file >= cx->file_count || at.line > cx->files[at.file].len + 1)
        return;
    struct file *f = &cx->files[at.file];
    if (f->hidden == NULL)
        f->hidden = NEWS(cx->a, uint8_t, f->len / 8 + 2);
    f->hidden[at.line / 8] |= (uint8_t)(1u << at.line % 8);
}

static int by_place(const void *a, const void *b)
{
    const struct diag *x = *(struct diag *const *)a, *y = *(struct diag *const *)b;
    if (x->at.file != y->at.file)
        return x->at.file < y->at.file ? -1 : 1;
    if (x->at.line != y->at.line)
        return x->at.line < y->at.line ? -1 : 1;
    if (x->at.col != y->at.col)
        return x->at.col < y->at.col ? -1 : 1;
    return x->serial < y->serial ? -1 : 1;
}

void diag_sort(struct ctx *cx)
{
    veil_findings(cx);
    if (cx->diag_count > 1)
        qsort(cx->diags, cx->diag_count, sizeof *cx->diags, by_place);
}
