/* sizes.c: what does not fit into an object, and what fits there, but not into the annotation in which client-side `kubectl apply` keeps a copy. */
#include "verify/verify.h"

#include "model/kubernetes.h"

#include <inttypes.h>
#include <string.h>

/* apimachinery, TotalAnnotationSizeLimitB: keys and values of all annotations together. */
#define ANNOTATIONS_MOST 262144
#define COPY             "kubectl.kubernetes.io/last-applied-configuration"

/* Bytes of one character at most in Go's JSON: \u003c. */
#define WORST 6
#define EACH  32 /* of a key, and a number, colons and commas */

/* ---- about how large ------------------------------------------------------------------------------------------ */

/* Bytes of all texts, and some more for keys and what stands around each value: cheap, and no object that it lets pass is too large
 * unless it consists of long keys, of which Kubernetes has none. */
static size_t rough(const struct val *v)
{
    size_t n = 0;
    if (v->kind == V_STR)
        return v->len;
    if (v->kind != V_SEQ && v->kind != V_MAP)
        return 0;
    for (uint32_t i = 0; i < v->len; i++) {
        const struct val *entry = v->kind == V_SEQ ? &v->seq[i] : &v->map[i].v;
        n += entry->kind == V_STR ? entry->len : entry->kind < V_STR ? 0 : rough(entry);
    }
    return n + v->len * (size_t)EACH;
}

/* ---- as kubectl counts ---------------------------------------------------------------------------------------- */

/* \n, \r, \t, \b and \f have a short form, the others are \u0001. */
static size_t control(char c)
{
    return c != '\0' && strchr("\n\r\t\b\f", c) != NULL ? 1 : WORST - 1;
}

/* What the escape of a character is longer than the character. Go writes <, > and & so that HTML may hold them, and so the separators
 * of lines beyond ASCII. */
static size_t of_text(const char *s, size_t len)
{
    static const uint8_t more[256] = { ['"'] = 1, ['\\'] = 1, ['<'] = WORST - 1, ['>'] = WORST - 1, ['&'] = WORST - 1 };
    size_t n = 2 + len;
    for (const char *p = s; p < s + len; p++) {
        const uint8_t c = (uint8_t)*p;
        n += more[c];
        if (c < 0x20)
            n += control(*p);
        else if (c == 0xE2 && s + len - p > 2 && (uint8_t)p[1] == 0x80 && ((uint8_t)p[2] | 1) == 0xA9)
            n += WORST - 3;
    }
    return n;
}

static size_t of_number(int64_t i)
{
    size_t n = 1 + (i < 0);
    for (; i > 9 || i < -9; i /= 10)
        n++;
    return n;
}

static size_t of_value(const struct val *v);

/* Commas and brackets: one byte an entry, and one more. */
static size_t of_entries(const struct val *v)
{
    size_t n = 1, there = 0;
    for (uint32_t i = 0; i < v->len; i++) {
        const struct val *entry = v->kind == V_SEQ ? &v->seq[i] : &v->map[i].v;
        if (entry->kind == V_NONE)
            continue;
        there++;
        n += 1 + of_value(entry);
        if (v->kind == V_MAP)
            n += of_text(v->map[i].key, strlen(v->map[i].key)) + 1;
    }
    return there == 0 ? 2 : n;
}

static size_t of_value(const struct val *v)
{
    switch (v->kind) {
    case V_SEQ:
    case V_MAP:  return of_entries(v);
    case V_STR:  return of_text(v->s, v->len);
    case V_INT:  return of_number(v->i);
    case V_BOOL: return v->b ? 4 : 5;
    default:     return 4;
    }
}

/* ---- one object ------------------------------------------------------------------------------------------------ */

static size_t of_annotations(const struct val *object)
{
    const struct val *map = tree_at(object, "metadata", "annotations", NULL);
    size_t n = sizeof COPY - 1;
    for (uint32_t i = 0; map != NULL && map->kind == V_MAP && i < map->len; i++)
        n += strlen(map->map[i].key) + (map->map[i].v.kind == V_STR ? map->map[i].v.len : 0);
    return n;
}

static struct pos place_of(const struct val *object, struct pos otherwise)
{
    const struct val *data = tree_get(object, "data");
    return object->at.line > 0 ? object->at : data != NULL && data->at.line > 0 ? data->at : otherwise;
}

static void judge(struct ctx *cx, struct pos at, const struct val *object)
{
    const char *kind = tree_str(object, "kind"), *name = tree_str(tree_get(object, "metadata"), "name");
    if (object->kind != V_MAP || rough(object) * WORST <= ANNOTATIONS_MOST)
        return;
    const size_t bytes = of_value(object) + 1; /* a line */
    if (of_annotations(object) + bytes <= ANNOTATIONS_MOST)
        return;
    struct diag *w = diag_at(cx, W_APPLY_SIZE, place_of(object, at),
                             "%.80s/%.80s: `kubectl apply` keeps a copy in an annotation, which cannot hold %zu bytes", kind != NULL ? kind : "?",
                             name != NULL ? name : "?", bytes);
    diag_hint(cx, w, "apply it with --server-side, in Argo CD with the option ServerSideApply=true");
}

/* What a ConfigMap of ours holds is what the description says, many times over: one file a node. */
static bool fits(struct ctx *cx, struct pos at, const struct val *object)
{
    const struct val *data = tree_get(object, "data");
    const char *kind = tree_str(object, "kind");
    size_t bytes = 0;
    for (uint32_t i = 0; data != NULL && data->kind == V_MAP && i < data->len; i++)
        bytes += strlen(data->map[i].key) + (data->map[i].v.kind == V_STR ? data->map[i].v.len : 0);
    if (bytes <= K8S_DATA_MOST || data->at.line > 0 || object->at.line > 0 || (!str_eq(kind, "ConfigMap") && !str_eq(kind, "Secret")))
        return true;
    struct diag *e = diag_at(cx, E_DATA_SIZE, at, "%s/%s would hold %zu bytes, and Kubernetes takes %d", kind,
                             tree_str(tree_get(object, "metadata"), "name"), bytes, K8S_DATA_MOST);
    diag_hint(cx, e, "shorten what all nodes have in their configuration, or split brokers into pools: up to 64 nodes of one share an object");
    return false;
}

bool verify_sizes(struct ctx *cx, struct pos at, const struct val *objects, uint32_t n)
{
    bool fine = true;
    for (uint32_t i = 0; i < n; i++)
        fine &= fits(cx, at, &objects[i]);
    for (uint32_t i = 0; i < n && fine && !cx->uncopied; i++)
        judge(cx, at, &objects[i]);
    return fine;
}
