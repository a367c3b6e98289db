/* hash.c: ConfigMaps with names that change with their data (--hash-names), to the digit as Kustomize makes them: a digest of
 * JSON with sorted keys and no blanks, escaped as Go does (EC 2.3). A pod that mounts one starts anew when its data changes, and a
 * rollback finds the data it ran with. */
#include "pack/pack.h"

#include "base/sha256.h"

#define HASH_DIGITS 10

/* ---- the digest ------------------------------------------------------------------------------------------------- */

static void add_escape(struct text *out, uint32_t point)
{
    static const char letters[] = "\bb\tt\nn\ff\rr\"\"\\\\", hex[] = "0123456789abcdef";
    for (size_t i = 0; i + 1 < sizeof letters; i += 2)
        if (point == (uint8_t)letters[i]) {
            text_char(out, '\\');
            text_char(out, letters[i + 1]);
            return;
        }
    text_add(out, "\\u");
    for (int shift = 12; shift >= 0; shift -= 4)
        text_char(out, hex[point >> shift & 15]);
}

/* Go escapes what HTML would read, and the two line separators that JavaScript would. */
static bool must_escape(uint32_t point)
{
    return point < 0x20 || point == '"' || point == '\\' || point == '<' || point == '>' || point == '&' || point == 0x2028 || point == 0x2029;
}

/* Bytes at the start of a text that stay as they are: nearly all of them. */
static size_t plain_bytes(const char *s, size_t len)
{
    size_t n = 0;
    while (n < len && (unsigned char)s[n] < 0x80 && !must_escape((unsigned char)s[n]))
        n++;
    return n;
}

void pack_go_string(struct text *out, const char *s, size_t len)
{
    text_char(out, '"');
    for (size_t at = 0; at < len;) {
        uint32_t     point = 0xFFFD;
        const size_t plain = plain_bytes(s + at, len - at);
        const size_t n = plain > 0 ? plain : str_point(s + at, len - at, &point);
        if (n == 0)
            text_add(out, "\\ufffd");
        else if (plain == 0 && must_escape(point))
            add_escape(out, point);
        else
            text_bytes(out, s + at, n);
        at += n == 0 ? 1 : n;
    }
    text_char(out, '"');
}

static void add_map(struct text *out, struct arena *a, const char *key, const struct val *map)
{
    const struct val sorted = tree_sorted(a, *map);
    pack_go_string(out, key, strlen(key));
    text_add(out, ":{");
    for (uint32_t i = 0; i < sorted.len; i++) {
        const struct pair *p = &sorted.map[i];
        if (i > 0)
            text_char(out, ',');
        pack_go_string(out, p->key, strlen(p->key));
        text_char(out, ':');
        pack_go_string(out, p->v.kind == V_STR ? p->v.s : "", p->v.kind == V_STR ? p->v.len : 0);
    }
    text_char(out, '}');
}

/* Digits that could spell a word, or be read as one, are replaced. */
static char digit(char c)
{
    static const char from[] = "013ae", to[] = "ghkmt";
    const char *p = strchr(from, c);
    return p == NULL ? c : to[p - from];
}

const char *pack_hash(struct arena *a, const struct val *config_map)
{
    struct text t = { .a = a };
    const struct val *data = tree_get(config_map, "data"), *binary = tree_get(config_map, "binaryData");
    struct sha256 h;
    uint8_t digest[32];
    char hex[65];
    text_char(&t, '{');
    if (binary != NULL && binary->len > 0) {
        add_map(&t, a, "binaryData", binary);
        text_char(&t, ',');
    }
    if (data != NULL)
        add_map(&t, a, "data", data);
    else
        text_add(&t, "\"data\":\"\"");
    text_add(&t, ",\"kind\":\"ConfigMap\",\"name\":\"\"}");
    sha256_start(&h);
    sha256_add(&h, t.p, t.len);
    sha256_end(&h, digest);
    sha256_hex(digest, hex);
    for (int i = 0; i < HASH_DIGITS; i++)
        hex[i] = digit(hex[i]);
    return arena_dup(a, hex, HASH_DIGITS);
}

/* ---- names and what refers to them ------------------------------------------------------------------------------ */

struct names {
    struct arena *a;
    struct pairs  renamed; /* old name -> new name */
};

static const struct val *new_name(const struct names *n, const struct val *old)
{
    for (uint32_t i = 0; old != NULL && old->kind == V_STR && i < n->renamed.len; i++)
        if (strcmp(n->renamed.at[i].key, old->s) == 0)
            return &n->renamed.at[i].v;
    return NULL;
}

static bool is_config_map(const struct val *object)
{
    return str_eq(tree_str(object, "kind"), "ConfigMap") && str_eq(tree_str(object, "apiVersion"), "v1");
}

/* volumes and projected sources, envFrom, env: the places where the API names a ConfigMap. */
static bool refers(const char *key)
{
    return strcmp(key, "configMap") == 0 || strcmp(key, "configMapRef") == 0 || strcmp(key, "configMapKeyRef") == 0;
}

static struct val with_name(const struct names *n, const struct val *map)
{
    const struct val *name = new_name(n, tree_get(map, "name"));
    if (name == NULL)
        return *map;
    struct pair *pairs = NEWS(n->a, struct pair, map->len);
    for (uint32_t i = 0; i < map->len; i++)
        pairs[i] = strcmp(map->map[i].key, "name") == 0 ? (struct pair){ "name", *name } : map->map[i];
    return (struct val){ .kind = V_MAP, .len = map->len, .map = pairs, .at = map->at };
}

static struct val refer(const struct names *n, const struct val *v);

/* Shares with the old map when nothing in it changes. */
static struct val refer_map(const struct names *n, const struct val *v)
{
    struct pair *pairs = NULL;
    for (uint32_t i = 0; i < v->len; i++) {
        const struct pair *p = &v->map[i];
        const struct val made = p->v.kind == V_MAP && refers(p->key) ? with_name(n, &p->v) : refer(n, &p->v);
        if (made.kind < V_SEQ || made.map == p->v.map)
            continue;
        if (pairs == NULL) {
            pairs = NEWS(n->a, struct pair, v->len);
            memcpy(pairs, v->map, v->len * sizeof *pairs);
        }
        pairs[i].v = made;
    }
    return pairs == NULL ? *v : (struct val){ .kind = V_MAP, .len = v->len, .map = pairs, .at = v->at };
}

static struct val refer_seq(const struct names *n, const struct val *v)
{
    struct val *items = NULL;
    for (uint32_t i = 0; i < v->len; i++) {
        const struct val made = refer(n, &v->seq[i]);
        if (made.kind < V_SEQ || made.seq == v->seq[i].seq)
            continue;
        if (items == NULL) {
            items = NEWS(n->a, struct val, v->len);
            memcpy(items, v->seq, v->len * sizeof *items);
        }
        items[i] = made;
    }
    return items == NULL ? *v : (struct val){ .kind = V_SEQ, .len = v->len, .seq = items, .at = v->at };
}

static struct val refer(const struct names *n, const struct val *v)
{
    return v->kind == V_MAP ? refer_map(n, v) : v->kind == V_SEQ ? refer_seq(n, v) : *v;
}

static struct val rename_object(const struct names *n, const struct val *object)
{
    if (!is_config_map(object))
        return refer(n, object);
    struct pair *pairs = NEWS(n->a, struct pair, object->len);
    for (uint32_t i = 0; i < object->len; i++)
        pairs[i] = strcmp(object->map[i].key, "metadata") == 0 ? (struct pair){ "metadata", with_name(n, &object->map[i].v) } : object->map[i];
    return (struct val){ .kind = V_MAP, .len = object->len, .map = pairs, .at = object->at };
}

struct val pack_hashed(struct arena *a, const struct val *objects)
{
    struct names n = { .a = a, .renamed = { .a = a } };
    struct val *list = NEWS(a, struct val, objects->len);
    for (uint32_t i = 0; i < objects->len; i++) {
        const char *name = tree_str(tree_get(&objects->seq[i], "metadata"), "name");
        if (is_config_map(&objects->seq[i]) && name != NULL)
            pairs_add(&n.renamed, name, t_str(str_join(a, name, "-", pack_hash(a, &objects->seq[i]), NULL)));
    }
    for (uint32_t i = 0; i < objects->len; i++)
        list[i] = rename_object(&n, &objects->seq[i]);
    return (struct val){ .kind = V_SEQ, .len = objects->len, .seq = list };
}
