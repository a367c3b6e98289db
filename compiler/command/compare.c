#include "command/compare.h"

#include "command/compare_text.h"
#include "base/diag.h"
#include "base/secret.h"
#include "model/k8s_immutable.h"
#include "print/print.h"

/* One pair of objects. */
struct compare {
    struct text    *out;
    const char     *kind;
    struct compared result;
    struct text     like;       /* lines of the last text that differed: equal ones are told once */
    const char     *like_last;  /* NULL: nothing is held back */
    uint32_t        like_more;
};

static void values(struct compare *c, const char *path, const struct val *old, const struct val *new);

/* ---- what counts ------------------------------------------------------------------------------------------------ */

/* What the API server writes, or kubectl for itself. */
static bool is_foreign(const char *path)
{
    static const char *const fields[] = { "status", "metadata.uid", "metadata.resourceVersion", "metadata.generation",
        "metadata.creationTimestamp", "metadata.managedFields", "metadata.selfLink",
        "metadata.annotations.kubectl.kubernetes.io/last-applied-configuration" };
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (strcmp(path, fields[i]) == 0)
            return true;
    return false;
}

/* A null is what is not there. */
static const struct val *present(const struct val *v)
{
    return v == NULL || v->kind == V_NULL || v->kind == V_NONE ? NULL : v;
}

/* A plain word that a reader takes for a number or a boolean is no string. */
static bool is_typed(const struct val *v)
{
    return (v->flags & VF_PLAIN) != 0 && print_yaml_quotes(v->s, v->len);
}

static bool same_scalar(const struct val *a, const struct val *b)
{
    return a->kind == V_STR && b->kind == V_STR && a->len == b->len && memcmp(a->s, b->s, a->len) == 0 && is_typed(a) == is_typed(b);
}

static bool is_text(const struct val *v)
{
    return v->kind == V_STR && strchr(v->s, '\n') != NULL;
}

/* ---- lines ------------------------------------------------------------------------------------------------------ */

/* What a Secret holds, and what somebody wrote elsewhere although it is one: by its key, the name beside a `value`, or its shape; of a
 * text of lines, those that are (compare_text.c). */
static bool is_secret(const struct compare *c, const char *path, const struct val *v)
{
    if (strcmp(c->kind, "Secret") == 0 && (str_starts(path, "data.") || str_starts(path, "stringData.")))
        return true;
    if (v->kind != V_STR || is_typed(v))
        return false;
    const bool named = str_ends(path, "].value") && secret_key_n(path, strlen(path) - strlen("].value"));
    return ((named || secret_key(path)) && secret_plain(v->s)) || strstr(v->s, "PRIVATE KEY-----") != NULL
        || (!is_text(v) && secret_text(v->s));
}

/* A text of lines that only one side has is a file: its size says enough. */
static void add_lines(struct text *out, const char *s)
{
    uint32_t n = 0;
    for (; *s != '\0'; s++)
        n += *s == '\n' || s[1] == '\0';
    text_f(out, "%u lines", n);
}

static void add_scalar(struct text *out, const struct val *v)
{
    if (is_text(v))
        add_lines(out, v->s);
    else if (v->kind == V_SEQ || v->kind == V_MAP)
        text_add(out, v->kind == V_SEQ ? "[]" : "{}");
    else if (v->kind == V_NULL)
        text_add(out, "null");
    else if (is_typed(v))
        text_bytes(out, v->s, v->len);
    else if (print_yaml_quotes(v->s, v->len))
        diag_json_string(out, v->s);
    else
        text_bytes(out, v->s, v->len);
}

/* Starts a line with its mark; what cannot be changed has a mark of its own, and the caller ends with told(). */
static const char *line(struct compare *c, char mark, const char *path)
{
    const char *advice = k8s_immutable(c->kind, path);
    compare_text_flush(c->out, &c->like, &c->like_last, &c->like_more);
    text_f(c->out, "  %c %s: ", advice != NULL ? '!' : mark, path);
    c->result.changes++;
    c->result.added += mark == '+';
    c->result.refused += advice != NULL;
    c->result.restarts |= str_starts(path, "spec.template.");
    return advice;
}

static void told(struct compare *c, const char *advice)
{
    text_char(c->out, '\n');
    if (advice != NULL)
        text_join(c->out, "      cannot be changed in an object that exists: ", advice, "\n", NULL);
}

static void replaced(struct compare *c, const char *path, const struct val *old, const struct val *new)
{
    const char *advice = line(c, ' ', path);
    if (is_secret(c, path, old) || is_secret(c, path, new)) {
        text_add(c->out, "another value");
    } else {
        add_scalar(c->out, old);
        text_add(c->out, " -> ");
        add_scalar(c->out, new);
    }
    told(c, advice);
}

static const char *below(struct compare *c, const char *path, const char *key)
{
    return *path == '\0' ? key : str_join(c->out->a, path, ".", key, NULL);
}

static const char *item(struct compare *c, const char *path, const char *key, const struct val *v, uint32_t i)
{
    if (key == NULL)
        return str_join(c->out->a, path, "[", str_int(c->out->a, i), "]", NULL);
    return str_join(c->out->a, path, "[", key, "=", tree_str(v, key), "]", NULL);
}

/* A whole branch that stands on one side only: a line a leaf. */
static void branch(struct compare *c, char mark, const char *path, const struct val *v)
{
    if (is_foreign(path) || present(v) == NULL)
        return;
    if ((v->kind != V_MAP && v->kind != V_SEQ) || v->len == 0) {
        const char *advice = line(c, mark, path);
        if (is_secret(c, path, v))
            text_add(c->out, "(not shown)");
        else
            add_scalar(c->out, v);
        told(c, advice);
    }
    for (uint32_t i = 0; (v->kind == V_MAP || v->kind == V_SEQ) && i < v->len; i++)
        if (v->kind == V_MAP)
            branch(c, mark, below(c, path, v->map[i].key), &v->map[i].v);
        else
            branch(c, mark, item(c, path, tree_str(&v->seq[i], "name") != NULL ? "name" : NULL, &v->seq[i], i), &v->seq[i]);
}

/* ---- texts, maps, lists ----------------------------------------------------------------------------------------- */

/* Three hundred brokers share most of their properties: the same lines are told once, with how many files have them. */
static void texts(struct compare *c, const char *path, const struct val *old, const struct val *new)
{
    struct text lines = { .a = c->out->a };
    compare_text(&lines, old->s, new->s);
    c->result.changes++;
    if (c->like_last != NULL && c->like.len == lines.len && memcmp(c->like.p, lines.p, lines.len) == 0) {
        c->like_last = path;
        c->like_more++;
        return;
    }
    compare_text_flush(c->out, &c->like, &c->like_last, &c->like_more);
    text_join(c->out, "    ", path, ":\n", NULL);
    text_bytes(c->out, lines.p, lines.len);
    c->like      = lines;
    c->like_last = path;
}

static void maps(struct compare *c, const char *path, const struct val *old, const struct val *new)
{
    for (uint32_t i = 0; i < old->len; i++)
        values(c, below(c, path, old->map[i].key), &old->map[i].v, tree_get(new, old->map[i].key));
    for (uint32_t i = 0; i < new->len; i++)
        if (tree_get(old, new->map[i].key) == NULL)
            values(c, below(c, path, new->map[i].key), NULL, &new->map[i].v);
}

static const struct val *named(const struct val *list, const char *key, const char *name)
{
    for (uint32_t i = 0; i < list->len; i++)
        if (str_eq(tree_str(&list->seq[i], key), name))
            return &list->seq[i];
    return NULL;
}

static bool names_all(const struct val *list, const char *key)
{
    for (uint32_t i = 0; i < list->len; i++) {
        const char *name = tree_str(&list->seq[i], key);
        if (name == NULL || named(list, key, name) != &list->seq[i])
            return false;
    }
    return true;
}

/* The key that tells the items of both lists apart, or NULL: they are compared by their places. */
static const char *key_of(const struct val *old, const struct val *new)
{
    static const char *const keys[] = { "name", "mountPath", "devicePath", "topologyKey", "key", "containerPort", "port" };
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (names_all(old, keys[i]) && names_all(new, keys[i]))
            return keys[i];
    return NULL;
}

static void lists(struct compare *c, const char *path, const struct val *old, const struct val *new)
{
    const char *key = key_of(old, new);
    for (uint32_t i = 0; i < old->len; i++) {
        const struct val *other = key != NULL ? named(new, key, tree_str(&old->seq[i], key)) : i < new->len ? &new->seq[i] : NULL;
        values(c, item(c, path, key, &old->seq[i], i), &old->seq[i], other);
    }
    for (uint32_t i = 0; i < new->len; i++)
        if (key != NULL ? named(old, key, tree_str(&new->seq[i], key)) == NULL : i >= old->len)
            values(c, item(c, path, key, &new->seq[i], i), NULL, &new->seq[i]);
}

static void values(struct compare *c, const char *path, const struct val *old, const struct val *new)
{
    old = present(old);
    new = present(new);
    if (is_foreign(path) || (old == NULL && new == NULL))
        return;
    if (old == NULL || new == NULL)
        branch(c, old == NULL ? '+' : '-', path, old == NULL ? new : old);
    else if (old->kind == V_MAP && new->kind == V_MAP)
        maps(c, path, old, new);
    else if (old->kind == V_SEQ && new->kind == V_SEQ)
        lists(c, path, old, new);
    else if (old->kind != new->kind) {
        branch(c, '-', path, old);
        branch(c, '+', path, new);
    } else if (!same_scalar(old, new)) {
        if ((is_text(old) || is_text(new)) && !is_secret(c, path, old) && !is_secret(c, path, new))
            texts(c, path, old, new);
        else
            replaced(c, path, old, new);
    }
}

struct compared compare_objects(struct text *out, const struct val *old, const struct val *new)
{
    const char *kind = tree_str(new, "kind");
    struct compare c = { .out = out, .kind = kind == NULL ? "" : kind };
    values(&c, "", old, new);
    compare_text_flush(out, &c.like, &c.like_last, &c.like_more);
    return c.result;
}
