/* include.c: the files of `include`: Kubernetes objects of the site, and topics and users as the Kafka operator of Amadeus kept them:
 * ConfigMaps labelled config=kafka-topic, Deployments labelled kafka-operator=inject-credentials (cluster.h). */
#include "cluster/cluster.h"

#include "base/input.h"
#include "cluster/value.h"
#include "model/kubernetes.h"
#include "source/source.h"

#define MOST_FILES     1000
#define MOST_DOCUMENTS 20000
#define MOST_SETTINGS  200

struct including {
    struct ctx  *cx;
    struct pos   reached;  /* a line that line_of() has found, */
    const char  *text;     /* and where it begins: the next one is looked for from there */
    struct vals  objects, topics, users;
    uint32_t     files; /* that were looked for */
    bool         fine;
};

static struct diag *problem(struct including *in, enum code code, struct pos at, const char *fmt, const char *what, const char *more)
{
    in->fine = false;
    return diag_at(in->cx, code, at, fmt, what, more); /* NOLINT: both formats of each call take two texts */
}

static struct val text_at(const char *s, struct pos at)
{
    struct val v = t_str(s);
    v.at    = at;
    v.flags = VF_PLAIN; /* "20" in a ConfigMap is a number to its reader */
    return v;
}

static struct val map_of(struct arena *a, const struct pairs *p, struct pos at)
{
    struct pos *keys = NEWS(a, struct pos, p->len + 1);
    for (uint32_t i = 0; i < p->len; i++)
        keys[i] = p->at[i].v.at;
    struct val v = tree_map_at(a, p->at, keys, p->len);
    v.at = at;
    return v;
}

/* ---- topics ---------------------------------------------------------------------------------------------------- */

/* Line `n` of a text of several lines, which the key opened with '|'; a text in one line stands where it is. */
static struct pos line_of(struct including *in, const struct val *text, uint32_t n)
{
    struct pos at = text->at;
    if (at.file >= in->cx->file_count || strchr(text->s, '\n') == NULL)
        return at;
    at.line += n + 1;
    if (in->text == NULL || in->reached.file != at.file || in->reached.line > at.line) {
        in->reached = (struct pos){ .line = 1, .file = at.file };
        in->text    = in->cx->files[at.file].text;
    }
    for (const char *end; in->reached.line < at.line && (end = strchr(in->text, '\n')) != NULL; in->reached.line++)
        in->text = end + 1;
    at.col = (uint16_t)(strspn(in->text, " ") + 1);
    return at;
}

static const char *trimmed(struct arena *a, const char *s, size_t len)
{
    while (len > 0 && (*s == ' ' || *s == '\t'))
        s++, len--;
    while (len > 0 && (s[len - 1] == ' ' || s[len - 1] == '\t' || s[len - 1] == '\r'))
        len--;
    return arena_dup(a, s, len);
}

/* java.util.Properties, a key a line. */
static struct val properties(struct including *in, const struct val *text)
{
    struct arena *a = in->cx->a;
    struct pairs out = { .a = a };
    uint32_t n = 0;
    for (const char *s = text->s; *s != '\0'; n++) {
        const size_t len = strcspn(s, "\n");
        const char *line = trimmed(a, s, len);
        const size_t key = strcspn(line, "=:");
        const struct pos at = line_of(in, text, n);
        s += len + (s[len] == '\n');
        if (*line == '\0' || *line == '#' || *line == '!')
            continue;
        if (out.len == MOST_SETTINGS) {
            struct diag *d = problem(in, E_INCLUDE_PROPERTY, at, "'%s' is one setting too many%s", line, "");
            diag_hint(in->cx, d, "a topic has at most %d here; Kafka knows about 40", MOST_SETTINGS);
            break;
        }
        if (line[key] == '\0' || key == 0 || str_ends(line, "\\")) {
            struct diag *d = problem(in, E_INCLUDE_PROPERTY, at, "'%s' is no property%s", line, "");
            diag_hint(in->cx, d, "write key=value, one a line");
            continue;
        }
        pairs_set(&out, trimmed(a, line, key), text_at(trimmed(a, line + key + 1, strlen(line + key + 1)), at));
    }
    return map_of(a, &out, text->at);
}

static bool is_true(const struct val *map, const char *key)
{
    return str_eq(tree_str(map, key), "true");
}

/* Both spellings of the first releases, and the last one. */
static const char *field_of_key(const char *key)
{
    static const struct { const char *key, *field; } known[] = {
        { "name", "name" }, { "partitions", "partitions" }, { "num.partitions", "partitions" }, { "replication-factor", "replicas" },
        { "repl.factor", "replicas" }, { "properties", "config" }, { "acl", "" } };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strcmp(known[i].key, key) == 0)
            return known[i].field;
    return NULL;
}

static void add_topic_field(struct including *in, const struct pair *p, struct pos key_at, struct pairs *topic)
{
    const char *field = field_of_key(p->key);
    if (field == NULL) {
        struct diag *d = problem(in, E_INCLUDE_TOPIC, key_at, "a topic has no '%s'%s", p->key, "");
        diag_hint(in->cx, d, "the operator knew name, partitions, replication-factor and properties");
    } else if (p->v.kind != V_STR) {
        struct diag *d = problem(in, E_INCLUDE_TOPIC, p->v.at, "'%s' of a topic must be a text%s", p->key, "");
        diag_hint(in->cx, d, "values in a ConfigMap are texts");
    } else if (*field != '\0') {
        pairs_set(topic, field, strcmp(field, "config") == 0 ? properties(in, &p->v) : text_at(p->v.s, p->v.at));
    }
}

static void add_topic(struct including *in, const struct val *object)
{
    const struct val *data = tree_get(object, "data"), *meta = tree_get(object, "metadata");
    const struct val *name = tree_get(meta, "name"), *annotations = tree_get(meta, "annotations");
    struct pairs topic = { .a = in->cx->a };
    pairs_add(&topic, "name", text_at(name->s, name->at));
    for (uint32_t i = 0; data != NULL && data->kind == V_MAP && i < data->len; i++)
        add_topic_field(in, &data->map[i], tree_key_at(data, i), &topic);
    if (is_true(annotations, "alpha.topic.kafka.nb/deleted") || is_true(annotations, "topic.kafka.nb/deleted"))
        pairs_set(&topic, "state", text_at("absent", annotations->at));
    vals_add(&in->topics, map_of(in->cx->a, &topic, object->at));
}

/* ---- users ------------------------------------------------------------------------------------------------------- */

/* "a, b" as the names of topics; the operator asked for no consumer group, so the user may join any. */
static void add_list(struct including *in, const struct val *annotations, const char *key, const char *field, struct pairs *user)
{
    struct arena *a = in->cx->a;
    const struct val *v = tree_get(annotations, key);
    struct vals list = { .a = a };
    for (const char *s = v == NULL || v->kind != V_STR ? "" : v->s; *s != '\0';) {
        const size_t len = strcspn(s, ",");
        const char *name = trimmed(a, s, len);
        struct pairs entry = { .a = a };
        pairs_add(&entry, "topic", text_at(name, v->at));
        if (strcmp(field, "consume") == 0)
            pairs_add(&entry, "group", text_at("*", v->at));
        if (*name != '\0')
            vals_add(&list, map_of(a, &entry, v->at));
        s += len + (s[len] == ',');
    }
    if (list.len > 0) {
        struct val all = vals_done(&list);
        all.at = v->at;
        pairs_set(user, field, all);
    }
}

static void add_user(struct including *in, const struct val *object)
{
    struct arena *a = in->cx->a;
    const struct val *meta = tree_get(object, "metadata"), *name = tree_get(meta, "name");
    const struct val *annotations = tree_get(meta, "annotations"), *secret = tree_get(annotations, "topic.kafka.nb/topic-secret");
    struct pairs user = { .a = a }, password = { .a = a };
    pairs_add(&password, "secret", secret != NULL && secret->kind == V_STR ? text_at(secret->s, secret->at)
              : text_at(str_join(a, name->s, "-kafka-credentials", NULL), name->at));
    pairs_add(&password, "key", text_at("password", name->at));
    pairs_add(&user, "name", text_at(name->s, name->at));
    pairs_add(&user, "password", map_of(a, &password, name->at));
    add_list(in, annotations, "topic.kafka.nb/produces-topics", "produce", &user);
    add_list(in, annotations, "topic.kafka.nb/produces", "produce", &user);
    add_list(in, annotations, "topic.kafka.nb/consumes-topics", "consume", &user);
    add_list(in, annotations, "topic.kafka.nb/consumes", "consume", &user);
    vals_add(&in->users, map_of(a, &user, object->at));
}

/* ---- documents ------------------------------------------------------------------------------------------------------ */

static bool is_text(const struct val *v)
{
    return v != NULL && v->kind == V_STR && v->len > 0;
}

static bool is_object(struct ctx *cx, const struct val *v)
{
    const char *missing = v->kind != V_MAP || !is_text(tree_get(v, "apiVersion")) ? "apiVersion"
        : !is_text(tree_get(v, "kind")) ? "kind"
        : !is_text(tree_get(tree_get(v, "metadata"), "name")) ? "metadata.name" : NULL;
    if (missing == NULL)
        return true;
    struct diag *d = diag_at(cx, E_INCLUDE_OBJECT, v->at, "'%s' is missing: this is no Kubernetes object", missing);
    diag_hint(cx, d, "parts of a description are overlays: gregor build -f FILE");
    return false;
}

/* The output is committed and read by many. */
static void refuse_secret(struct including *in, const struct val *v)
{
    const struct val *name = tree_at(v, "metadata", "name", NULL);
    struct diag *d = problem(in, E_INCLUDE_SECRET, name->at, "the Secret '%s' would be printed with everything else%s", name->s, "");
    diag_hide(in->cx, name->at);
    diag_hint(in->cx, d, "apply it apart, or let an operator make it: an ExternalSecret or SealedSecret may be included");
}

static void add_document(struct including *in, const struct val *v)
{
    const struct val *items = tree_get(v, "items");
    const struct val *labels = tree_at(v, "metadata", "labels", NULL);
    if (v->kind == V_NULL || v->kind == V_NONE || v->kind == V_POISON)
        return;
    if (str_eq(tree_str(v, "kind"), "List") && items != NULL && items->kind == V_SEQ) {
        for (uint32_t i = 0; i < items->len; i++)
            if (is_object(in->cx, &items->seq[i]))
                add_document(in, &items->seq[i]);
            else
                in->fine = false;
        return;
    }
    if (!is_object(in->cx, v)) {
        in->fine = false;
        return;
    }
    if (str_eq(tree_str(v, "kind"), "ConfigMap") && str_eq(tree_str(labels, "config"), "kafka-topic")) {
        add_topic(in, v);
        return;
    }
    if (str_eq(tree_str(v, "kind"), "Secret") && (tree_get(v, "data") != NULL || tree_get(v, "stringData") != NULL)) {
        refuse_secret(in, v);
        return;
    }
    if (str_eq(tree_str(v, "kind"), "Deployment") && str_eq(tree_str(labels, "kafka-operator"), "inject-credentials"))
        add_user(in, v);
    vals_add(&in->objects, *v);
}

/* ---- files --------------------------------------------------------------------------------------------------------------- */

static void add_file(struct including *in, const char *path, struct pos at)
{
    struct ctx *cx = in->cx;
    const char *text;
    size_t len;
    struct val documents;
    if (++in->files > MOST_FILES) {
        if (in->files == MOST_FILES + 1)
            problem(in, E_INCLUDE_FILE, at, "'%s' is one file too many%s", path, ": at most 1,000 are included");
        return;
    }
    const enum io_result r = input_read_below(cx, cx->folder, path, SOURCE_MAX_BYTES, &text, &len, NULL);
    if (r != IO_OK) {
        struct diag *d = problem(in, E_INCLUDE_FILE, at, "'%s' cannot be included: %s", path, io_reason(cx->a, r, SOURCE_MAX_BYTES));
        diag_hint(cx, d, "included files lie below the folder of the description");
        return;
    }
    in->fine &= source_parse_stream(cx, ctx_file(cx, input_name(cx->a, cx->folder, path), text, len, LAYER_INCLUDE), &documents);
    for (uint32_t i = 0; i < documents.len && in->objects.len < MOST_DOCUMENTS; i++)
        add_document(in, &documents.seq[i]);
}

/* io_list_below() knows one '*', in the last part of a path. */
static bool is_pattern(const char *s)
{
    const char *star = strchr(s, '*');
    return strpbrk(star + 1, "*/") == NULL;
}

static void add_pattern(struct including *in, const struct val *v)
{
    const char *folder = in->cx->folder != NULL ? in->cx->folder : ".";
    if (strchr(v->s, '*') == NULL || in->files >= MOST_FILES) {
        add_file(in, v->s, v->at);
        return;
    }
    const struct io_names found = io_list_below(in->cx->a, folder, v->s);
    for (uint32_t i = 0; i < found.len; i++)
        add_file(in, found.at[i], v->at);
    if (found.len > 0)
        return;
    in->files++;
    struct diag *d = problem(in, E_INCLUDE_NONE, v->at, "no file is called '%s'%s", v->s, "");
    if (is_pattern(v->s))
        diag_hint(in->cx, d, "put a file there, below the folder of the description, or remove it");
    else
        diag_hint(in->cx, d, "one '*' may stand in the last part of a path: topics/*.yaml");
}

/* ---- into the description ---------------------------------------------------------------------------------------------------- */

static struct val joined(struct arena *a, const struct val *written, const struct vals *more, struct pos at)
{
    struct vals all = { .a = a };
    for (uint32_t i = 0; written != NULL && written->kind == V_SEQ && i < written->len; i++)
        vals_add(&all, written->seq[i]);
    for (uint32_t i = 0; i < more->len; i++)
        vals_add(&all, more->at[i]);
    struct val v = all.len == 0 ? t_empty_seq() : vals_done(&all);
    v.at = written != NULL ? written->at : at;
    return v;
}

static struct val with(struct arena *a, struct val root, const char *key, struct val v)
{
    struct pair *pairs = NEWS(a, struct pair, root.len + 1);
    struct pos  *keys  = NEWS(a, struct pos, root.len + 1);
    uint32_t n = 0, at = root.len;
    for (; n < root.len; n++) {
        pairs[n] = root.map[n];
        keys[n]  = tree_key_at(&root, n);
        if (strcmp(root.map[n].key, key) == 0)
            at = n;
    }
    pairs[at] = (struct pair){ key, v };
    keys[at]  = at == n ? v.at : keys[at];
    struct val out = tree_map_at(a, pairs, keys, n + (at == n));
    out.at = root.at;
    return out;
}

bool include_files(struct ctx *cx, struct val *root)
{
    const struct val *list = tree_get(root, "include");
    struct including in = { .cx = cx, .objects = { .a = cx->a }, .topics = { .a = cx->a }, .users = { .a = cx->a }, .fine = true };
    if (list == NULL || list->kind != V_SEQ)
        return true;
    for (uint32_t i = 0; i < list->len; i++)
        if (list->seq[i].kind == V_STR)
            add_pattern(&in, &list->seq[i]);
        else
            add_document(&in, &list->seq[i]);
    const struct pos at = list->at;
    const struct val objects = joined(cx->a, NULL, &in.objects, at);
    struct val out = with(cx->a, *root, "include", objects);
    if (in.topics.len > 0)
        out = with(cx->a, out, "topics", joined(cx->a, tree_get(root, "topics"), &in.topics, at));
    if (in.users.len > 0)
        out = with(cx->a, out, "users", joined(cx->a, tree_get(root, "users"), &in.users, at));
    *root = out;
    return in.fine;
}

/* ---- typed ------------------------------------------------------------------------------------------------------------------- */

static struct val placed(struct val v, struct pos at)
{
    v.at = at;
    return v;
}

/* Of a kind that nobody knows: only what all readers take alike. */
static struct val read_unknown(struct ctx *cx, const struct val *v)
{
    struct val out = *v;
    int64_t n;
    bool b;
    if (v->kind == V_SEQ) {
        struct val *items = NEWS(cx->a, struct val, v->len + 1);
        for (uint32_t i = 0; i < v->len; i++)
            items[i] = read_unknown(cx, &v->seq[i]);
        out.seq = items;
    } else if (v->kind == V_MAP) {
        struct pair *pairs = NEWS(cx->a, struct pair, v->len + 1);
        struct pos  *keys  = NEWS(cx->a, struct pos, v->len + 1);
        for (uint32_t i = 0; i < v->len; i++) {
            pairs[i] = (struct pair){ v->map[i].key, read_unknown(cx, &v->map[i].v) };
            keys[i]  = tree_key_at(v, i);
        }
        out = tree_map_at(cx->a, pairs, keys, v->len);
    } else if (v->kind == V_STR && (v->flags & VF_PLAIN) && k8s_reads_as(v->s) != NULL) {
        if (value_bool(v->s, true, &b) == NULL)
            out = t_bool(b);
        else if (value_int(cx->a, v->s, &n) == NULL)
            out = t_int(n);
        else {
            struct diag *d = diag_at(cx, E_INCLUDE_SCALAR, v->at, "nobody can tell whether '%s' is meant as a text", v->s);
            diag_hint(cx, d, "it is %s to some readers; write it in quotes, true or false, or as a whole number", k8s_reads_as(v->s));
        }
    }
    return placed(out, v->at);
}

/* In the namespace of the cluster, when it names none. */
static struct val in_namespace(struct ctx *cx, const struct val *object, const char *space)
{
    const struct val *meta = tree_get(object, "metadata");
    struct pairs out = { .a = cx->a }, with = { .a = cx->a };
    if (tree_get(meta, "namespace") != NULL)
        return *object;
    for (uint32_t i = 0; i < meta->len; i++) {
        pairs_add(&with, meta->map[i].key, meta->map[i].v);
        if (strcmp(meta->map[i].key, "name") == 0)
            pairs_add(&with, "namespace", placed(t_str(space), meta->map[i].v.at));
    }
    for (uint32_t i = 0; i < object->len; i++)
        pairs_add(&out, object->map[i].key, strcmp(object->map[i].key, "metadata") == 0 ? placed(pairs_done(&with), meta->at)
                                                                                       : object->map[i].v);
    return placed(pairs_done(&out), object->at);
}

/* What was an object when it was read may be none any more: `why` leaves each part out in turn. */
struct val include_typed(struct ctx *cx, const struct val *v, int minor, const char *space)
{
    if (!is_object(cx, v))
        return (struct val){ .kind = V_POISON };
    const struct k8s_type *type = k8s_kind(tree_str(v, "apiVersion"), tree_str(v, "kind"), minor);
    if (type == NULL)
        return read_unknown(cx, v);
    const struct val object = k8s_namespaced(type) ? in_namespace(cx, v, space) : *v;
    const struct k8s_check check = { .cx = cx, .minor = minor, .object = &object, .fallback = v->at };
    return k8s_check_value(&check, type, &object, "") ? k8s_typed(cx->a, type, object) : (struct val){ .kind = V_POISON };
}
