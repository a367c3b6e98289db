#include "command/page.h"

#include "cluster/value.h"

void page_blanks(struct text *out, size_t n)
{
    while (n-- > 0)
        text_char(out, ' ');
}

void page_wrap(struct text *out, const char *s, size_t indent, size_t at)
{
    bool first = true;
    while (*s != '\0') {
        const size_t len = strcspn(s, " ");
        if (!first && at + 1 + len > PAGE_WIDTH) {
            text_char(out, '\n');
            page_blanks(out, indent);
            at    = indent;
            first = true;
        }
        if (!first)
            text_char(out, ' ');
        text_bytes(out, s, len);
        at += len + !first;
        first = false;
        s += len + (s[len] == ' ');
    }
    text_char(out, '\n');
}

void page_item(struct text *out, const char *term, const char *s, size_t indent)
{
    size_t at = 2 + strlen(term);
    text_join(out, "  ", term, NULL);
    if (at + 1 > indent) {
        text_char(out, '\n');
        at = 0;
    }
    page_blanks(out, indent - at);
    page_wrap(out, s, indent, indent);
}

static const char *word_of(const struct field *f)
{
    switch (f->kind) {
    case F_STR:      return "text";
    case F_NAME:     return "a name: lower case letters, digits and '-'";
    case F_HOST:     return "a host name";
    case F_ENUM:     return "one of the choices";
    case F_BOOL:     return "true or false";
    case F_INT:      return "a whole number";
    case F_BYTES:    return "a size such as 500Gi or 1.5Ti";
    case F_CPU:      return "processors, such as 2, 0.5 or 500m";
    case F_RATE:     return "bytes a second such as 10Mi/s";
    case F_MS:       return "a duration such as 500ms, 30s, 5m, 12h or 7d";
    case F_VERSION:  return "a version";
    case F_MINOR:    return "a Kubernetes version";
    case F_STRS:     return "a list of texts";
    case F_CONFIG:   return "a map of configuration keys to values";
    case F_LABELS:   return "a map of label keys to label values";
    case F_TEXTS:    return "a map of keys to texts";
    case F_VALUES:   return "a map of keys to anything";
    case F_K8S:      return "a Kubernetes value";
    case F_K8S_LIST: return "a list of Kubernetes values";
    case F_OBJECT:   return "a map of the fields below";
    case F_OBJECTS:  return "a list of maps of the fields below";
    case F_INCLUDE:  return "a list of files";
    case F_LATER:    return "not supported by this version";
    default:         return "accepted and without effect";
    }
}

const char *page_type(struct arena *a, const struct field *f)
{
    struct text t = { .a = a };
    text_add(&t, word_of(f));
    if (f->schema != NULL)
        text_join(&t, " (", f->schema, ")", NULL);
    if (f->type != NULL && f->type->short_for != NULL)
        text_join(&t, "; a single value is short for {", f->type->short_for, ": ...}", NULL);
    if (f->min != 0 || f->max != 0)
        text_join(&t, ", from ", value_show(a, f->kind, f->min), " to ", value_show(a, f->kind, f->max), NULL);
    if (f->flags & MAY_BE_AUTO)
        text_add(&t, ", or auto");
    if (f->flags & OR_ONE)
        text_add(&t, "; a single text is a list of one");
    return text_str(&t);
}

/* ---- the walk ------------------------------------------------------------------------------------------------- */

enum flavour page_flavour(const struct type *t, enum flavour outer)
{
    return t->base != NULL ? t->flavour : outer;
}

struct walk {
    struct arena *a;
    void        (*visit)(void *arg, const struct page_field *f);
    void         *arg;
};

static void walk_type(const struct walk *w, const struct type *t, const struct page_field *outer)
{
    const struct field *f;
    for (size_t i = 0; (f = field_at(t, i)) != NULL; i++) {
        const char *path = outer->path == NULL ? f->name : str_join(w->a, outer->path, ".", f->name, NULL);
        struct page_field here = { path, f, page_flavour(t, outer->flavour), outer->in_list };
        w->visit(w->arg, &here);
        if (f->type == NULL)
            continue;
        here.in_list |= f->kind == F_OBJECTS;
        walk_type(w, f->type, &here);
    }
}

void page_walk(struct arena *a, void (*visit)(void *arg, const struct page_field *f), void *arg)
{
    const struct walk w = { a, visit, arg };
    walk_type(&w, &description_type, &(struct page_field){ .path = NULL });
}
