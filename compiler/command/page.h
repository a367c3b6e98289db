/* page.h: plain text for a terminal of 80 columns, and a walk over all fields. */
#ifndef GREGOR_COMMAND_PAGE_H
#define GREGOR_COMMAND_PAGE_H

#include "base/text.h"
#include "cluster/fields.h"

#define PAGE_WIDTH 80

/* Appends `s` broken at blanks, each line but the first indented by `indent`; `at` is the column the first starts in. */
void page_wrap(struct text *out, const char *s, size_t indent, size_t at);

/* Appends "  term   text" with the text in column `indent`, wrapped. */
void page_item(struct text *out, const char *term, const char *s, size_t indent);

/* Appends `n` blanks. */
void page_blanks(struct text *out, size_t n);

/* "a number from 1 to 1000", "a size such as 500Gi, from 1Mi to 64Ti". Owned by `a`. */
const char *page_type(struct arena *a, const struct field *f);

/* One field somewhere in the language. */
struct page_field {
    const char         *path;    /* "brokers.storage.size", "listeners.port" */
    const struct field *field;
    enum flavour        flavour; /* for field_default() */
    bool                in_list; /* below a list of structs */
};

/* Calls `visit` for every field of the language, parents first, in the order of the table. */
void page_walk(struct arena *a, void (*visit)(void *arg, const struct page_field *f), void *arg);

/* Flavour of the fields of `t` when it is a pool, else that of where it stands. */
enum flavour page_flavour(const struct type *t, enum flavour outer);

#endif
