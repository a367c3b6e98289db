/* through.c: texts that a tool on the way to the cluster would replace. Only the user knows which tools those are (--through), but
 * for one whose annotations stand in the objects. Scripts and properties of ours are full of what the one or the other replaces, so
 * nothing is said of tools that are not there. */
#include "verify/through.h"

#include "base/text.h"

#define FLUX    "kustomize.toolkit.fluxcd.io/"
#define LONGEST 60 /* letters of a text that a message shows */

static bool is_name(char c, bool first)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (!first && c >= '0' && c <= '9');
}

static size_t name_length(const char *s)
{
    size_t n = 0;
    while (is_name(s[n], n == 0))
        n++;
    return n;
}

/* ---- what each replaces: the first such text, and its length --------------------------------------------------------------- */

/* `open`, a name, `close`. */
static const char *find_named(const char *s, const char *open, const char *close, size_t *len)
{
    const size_t before = strlen(open), behind = strlen(close);
    for (; (s = strstr(s, open)) != NULL; s++) {
        const size_t n = name_length(s + before);
        *len = before + n + behind;
        if (n > 0 && str_starts(s + before + n, close))
            return s;
    }
    return NULL;
}

static const char *first_of(const char *a, size_t a_len, const char *b, size_t b_len, size_t *len)
{
    const bool is_a = b == NULL || (a != NULL && a < b);
    *len = is_a ? a_len : b_len;
    return is_a ? a : b;
}

/* github.com/fluxcd/pkg/envsubst: ${NAME} with everything that a shell knows behind the name; what is no name is an error. $${ is its
 * escape, and $NAME stays. */
static const char *find_flux(const char *s, size_t *len)
{
    const char *from = s;
    while ((s = strstr(s, "${")) != NULL && s > from && s[-1] == '$')
        s += 2;
    *len = s == NULL ? 0 : strcspn(s, "}\n");
    *len += s != NULL && s[*len] == '}';
    return s;
}

/* library-go, pkg/template/templateprocessing. */
static const char *find_openshift(const char *s, size_t *len)
{
    size_t one, two;
    const char *text = find_named(s, "${", "}", &one), *value = find_named(s, "${{", "}}", &two);
    return first_of(text, one, value, two, len);
}

/* Kustomize's `vars`: only names that are declared. */
static const char *find_kustomize(const char *s, size_t *len)
{
    return find_named(s, "$(", ")", len);
}

/* GNU gettext: $NAME and ${NAME}; it has no escape. */
static const char *find_envsubst(const char *s, size_t *len)
{
    size_t one, two;
    const char *bare = find_named(s, "$", "", &one), *braced = find_named(s, "${", "}", &two);
    return first_of(bare, one, braced, two, len);
}

static const char *find_helm(const char *s, size_t *len)
{
    s = strstr(s, "{{");
    *len = s == NULL ? 0 : strcspn(s, "}\n");
    *len += s != NULL && str_starts(s + *len, "}}") ? 2 : 0;
    return s;
}

/* Values, statements and comments; ${#list[@]} of a shell begins a comment. */
static const char *find_jinja(const char *s, size_t *len)
{
    for (; (s = strchr(s, '{')) != NULL; s++)
        if (s[1] == '{' || s[1] == '%' || s[1] == '#') {
            *len = strcspn(s, "\n");
            return s;
        }
    return NULL;
}

/* ---- objects that are spared ----------------------------------------------------------------------------------------------- */

static const struct val *annotations_of(const struct val *object)
{
    return tree_at(object, "metadata", "annotations", NULL);
}

/* Whoever says "enabled" means it. */
static bool spared_by_flux(const struct val *object)
{
    return tree_get(annotations_of(object), FLUX "substitute") != NULL
        || tree_get(tree_at(object, "metadata", "labels", NULL), FLUX "substitute") != NULL;
}

/* ---- looking ----------------------------------------------------------------------------------------------------------------- */

static const struct tool {
    const char   *who, *annotation;
    const char *(*find)(const char *s, size_t *len);
    bool        (*spares)(const struct val *object);
    const char   *hint;
} tools[] = {
#define TOOL(id, name, who, annotation, find, spares, hint) { who, annotation, find, spares, hint },
#include "verify/through.def"
#undef TOOL
};

struct search {
    struct ctx        *cx;
    const struct tool *t;
    struct pos         asked;    /* the annotation; line 0: --through */
    const struct val  *object;
    const char        *ours;     /* what is said of the first text of ours; NULL: there is none */
    const struct val  *last;     /* the last object with such a text */
    uint32_t           objects;  /* with such texts */
};

/* As much of a text as a message shows, whole letters. */
static const char *shown(struct arena *a, const char *s, size_t len)
{
    size_t n = len < LONGEST ? len : LONGEST;
    while (n > 0 && ((unsigned char)s[n] & 0xc0) == 0x80)
        n--;
    return arena_dup(a, s, n);
}

static bool is_told(const struct search *s, struct pos at)
{
    for (uint32_t i = 0; i < s->cx->diag_count && i < 1000; i++) {
        const struct diag *d = s->cx->diags[i];
        if (d->code == W_REPLACED && memcmp(&d->at, &at, sizeof at) == 0 && str_starts(d->message, s->t->who))
            return true;
    }
    return false;
}

static void look_at_text(struct search *s, const char *text, struct pos at)
{
    size_t len;
    const char *found = s->t->find(text, &len);
    if (found == NULL || (at.line > 0 && is_told(s, at)))
        return;
    const char *kind = tree_str(s->object, "kind"), *name = tree_str(tree_get(s->object, "metadata"), "name");
    const char *what = arena_printf(s->cx->a, "%s would replace '%s' in %.80s/%.80s", s->t->who,
                                    shown(s->cx->a, found, len), kind == NULL ? "?" : kind, name == NULL ? "?" : name);
    if (at.line > 0)
        diag_hint(s->cx, diag_at(s->cx, W_REPLACED, at, "%s", what), "%s", s->t->hint);
    else if (s->last != s->object) {
        s->ours = s->ours == NULL ? what : s->ours;
        s->last = s->object;
        s->objects++;
    }
}

static void look(struct search *s, const struct val *v)
{
    if (v->kind == V_STR)
        look_at_text(s, v->s, v->at);
    for (uint32_t i = 0; v->kind == V_SEQ && i < v->len; i++)
        look(s, &v->seq[i]);
    for (uint32_t i = 0; v->kind == V_MAP && i < v->len; i++) {
        look_at_text(s, v->map[i].key, tree_key_at(v, i));
        look(s, &v->map[i].v);
    }
}

static void tell_ours(const struct search *s)
{
    if (s->ours == NULL)
        return;
    const uint32_t more = s->objects - 1;
    struct diag *d = more == 0 ? diag_at(s->cx, W_REPLACED, s->asked, "%s", s->ours)
                   : diag_at(s->cx, W_REPLACED, s->asked, "%s, and texts of %u more object%s", s->ours, more, more == 1 ? "" : "s");
    diag_hint(s->cx, d, "%s", s->t->hint);
}

/* The place of an annotation that somebody wrote, or line 0. */
static struct pos borne(const struct tool *t, const struct val *objects)
{
    for (uint32_t i = 0; t->annotation != NULL && i < objects->len; i++) {
        const struct val *all = annotations_of(&objects->seq[i]);
        for (uint32_t k = 0; all != NULL && all->kind == V_MAP && k < all->len; k++)
            if (all->map[k].v.at.line > 0 && str_starts(all->map[k].key, t->annotation))
                return all->map[k].v.at;
    }
    return no_pos();
}

void through_check(struct ctx *cx, const struct val *objects)
{
    for (uint32_t n = 0; n < THROUGH_TOOLS; n++) {
        struct search s = { .cx = cx, .t = &tools[n], .asked = borne(&tools[n], objects) };
        if (s.asked.line == 0 && (cx->through & 1u << n) == 0)
            continue;
        for (uint32_t i = 0; i < objects->len; i++) {
            s.object = &objects->seq[i];
            if (s.t->spares == NULL || !s.t->spares(s.object))
                look(&s, s.object);
        }
        tell_ours(&s);
    }
}
