#include "pack/krm.h"

#include "print/print.h"
#include "source/source.h"

#define PATH_KEY  "internal.config.kubernetes.io/path"
#define INDEX_KEY "internal.config.kubernetes.io/index"

/* ---- in --------------------------------------------------------------------------------------------------------- */

/* JSON and YAML both: a key "kind" whose value is ResourceList, before anything that is nested deeply. */
bool krm_is_list(const char *text, size_t len)
{
    const char *end = text + len, *found = memmem(text, len, "ResourceList", strlen("ResourceList"));
    if (found == NULL)
        return false;
    const char *line = found;
    while (line > text && line[-1] != '\n' && line[-1] != ',' && line[-1] != '{')
        line--;
    line += strspn(line, " \t\"'");
    found += strlen("ResourceList");
    return str_starts(line, "kind") && (found == end || strchr(" \t\r\n\"',}", *found) != NULL);
}

static bool parse(struct krm *k)
{
    return source_parse_list(k->cx, k->file, &k->list);
}

static void refuse(struct krm *k, enum code code, const struct val *at, const char *message, const char *hint)
{
    struct diag *d = diag_at(k->cx, code, at == NULL ? (struct pos){ .file = k->file } : at->at, "%s", message);
    diag_hint(k->cx, d, "%s", hint);
}

static bool list_of(struct krm *k, const char *key, const struct val **out)
{
    const struct val *v = tree_get(&k->list, key);
    if (v == NULL || v->kind == V_NULL)
        return true;
    if (v->kind == V_SEQ)
        *out = v;
    else
        refuse(k, E_KRM_LIST, v, arena_printf(k->cx->a, "'%s' of a ResourceList is a list", key), "see the KRM functions specification");
    return v->kind == V_SEQ;
}

bool krm_read_list(struct krm *k)
{
    static const struct val none = { .kind = V_SEQ };
    if (!parse(k))
        return false;
    const char *version = tree_str(&k->list, "apiVersion");
    if (!str_eq(tree_str(&k->list, "kind"), "ResourceList") || version == NULL || !str_starts(version, "config.kubernetes.io/v1")) {
        refuse(k, E_KRM_LIST, NULL, "this is no ResourceList of config.kubernetes.io/v1", "`gregor krm` is run by kpt and Kustomize; `gregor build` reads descriptions");
        return false;
    }
    const struct val *items = &none;
    if (!list_of(k, "items", &items) || !list_of(k, "results", &k->results))
        return false;
    k->items  = items;
    k->config = tree_get(&k->list, "functionConfig");
    if (k->config != NULL && k->config->kind != V_MAP)
        k->config = NULL;
    return true;
}

bool krm_read_config(struct krm *k)
{
    if (!parse(k))
        return false;
    k->config = &k->list;
    return true;
}

/* ---- the description ---------------------------------------------------------------------------------------------- */

/* `gregor: 1` is said by the version of the kind, the name by metadata: both may be left out. */
static struct val completed(struct krm *k, const struct val *spec)
{
    struct arena *a = k->cx->a;
    const struct val *meta = tree_get(k->config, "metadata"), *name = tree_get(meta, "name"), *namespace = tree_get(meta, "namespace");
    struct pair *pairs = NEWS(a, struct pair, spec->len + 3);
    struct pos *keys = NEWS(a, struct pos, spec->len + 3);
    uint32_t n = 0;
    for (; n < spec->len; n++) {
        pairs[n] = spec->map[n];
        keys[n]  = tree_key_at(spec, n);
    }
    if (tree_get(spec, "gregor") == NULL)
        pairs[n++] = (struct pair){ "gregor", { .kind = V_STR, .flags = VF_PLAIN, .len = 1, .s = "1", .at = k->config->at } };
    if (tree_get(spec, "name") == NULL && name != NULL)
        pairs[n++] = (struct pair){ "name", *name };
    if (tree_get(spec, "namespace") == NULL && namespace != NULL)
        pairs[n++] = (struct pair){ "namespace", *namespace };
    for (uint32_t i = spec->len; i < n; i++)
        keys[i] = pairs[i].v.at;
    struct val v = tree_map_at(a, pairs, keys, n);
    v.at = spec->at;
    return v;
}

static bool describe_own(struct krm *k)
{
    const struct val *spec = tree_get(k->config, "spec");
    if (spec == NULL || spec->kind != V_MAP) {
        refuse(k, E_KRM_CONFIG, spec == NULL ? k->config : spec, "'spec' of " KRM_KIND " is a description", "for example: spec: {kafka: {version: 4.3.1}}");
        return false;
    }
    k->description = completed(k, spec);
    return true;
}

#define MOST_SETTINGS 1000 /* of a ConfigMap: each is laid over the whole description */

static bool describe_config_map(struct krm *k)
{
    const struct val *data = tree_get(k->config, "data");
    const uint32_t count = data == NULL || data->kind != V_MAP ? 0 : data->len;
    if (count > MOST_SETTINGS) {
        refuse(k, E_KRM_CONFIG, data, arena_printf(k->cx->a, "the data of the ConfigMap have %u settings: at most %d are taken", count, MOST_SETTINGS),
               "put them into the spec of a " KRM_KIND);
        return false;
    }
    const char **sets = NEWS(k->cx->a, const char *, count + 1);
    for (uint32_t i = 0; i < count; i++) {
        const struct pair *p = &data->map[i];
        if (p->v.kind != V_STR) {
            refuse(k, E_KRM_CONFIG, &p->v, "the data of a ConfigMap are texts", "put the value into quotes, or a description behind 'description: |'");
            return false;
        }
        if (strcmp(p->key, "description") == 0) {
            k->text     = p->v.s;
            k->text_len = p->v.len;
        } else {
            sets[k->sets.len++] = str_join(k->cx->a, p->key, "=", p->v.s, NULL);
        }
    }
    k->sets.at = sets;
    if (k->text == NULL)
        k->description = completed(k, &(const struct val){ .kind = V_MAP, .at = k->config->at });
    return true;
}

bool krm_describe(struct krm *k)
{
    const char *kind = tree_str(k->config, "kind"), *version = tree_str(k->config, "apiVersion");
    if (k->config == NULL) {
        refuse(k, E_KRM_CONFIG, NULL, "there is no functionConfig", "give one of kind " KRM_KIND " (" KRM_VERSION ") with the description as its spec, or a ConfigMap");
        return false;
    }
    if (str_eq(kind, KRM_KIND) && str_eq(version, KRM_VERSION))
        return describe_own(k);
    if (str_eq(kind, "ConfigMap") && str_eq(version, "v1"))
        return describe_config_map(k);
    refuse(k, E_KRM_CONFIG, k->config, "the functionConfig is neither a " KRM_KIND " of " KRM_VERSION " nor a ConfigMap of v1",
           "put the description into the spec of a " KRM_KIND);
    return false;
}

/* ---- results ------------------------------------------------------------------------------------------------------ */

static bool same_place(struct pos a, struct pos b)
{
    return a.file == b.file && a.line == b.line && a.col == b.col;
}

static struct pos entry_at(const struct val *v, uint32_t i)
{
    return v->kind == V_MAP ? tree_key_at(v, i) : v->seq[i].at;
}

/* Entries stand in the order of the file: how many begin in front of the place, or at it. */
static uint32_t begun(const struct val *v, struct pos at)
{
    uint32_t from = 0, to = v->kind == V_MAP || v->kind == V_SEQ ? v->len : 0;
    while (from < to) {
        const uint32_t middle = from + (to - from) / 2;
        const struct pos here = entry_at(v, middle);
        if (here.line < at.line || (here.line == at.line && here.col <= at.col))
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

/* Finds the path of what stands at a place: the last entry that has begun there holds it. */
static bool find_place(const struct val *v, struct pos at, struct text *path)
{
    for (uint32_t n; (n = begun(v, at)) > 0;) {
        const struct val *child = v->kind == V_MAP ? &v->map[n - 1].v : &v->seq[n - 1];
        if (v->kind == V_MAP)
            text_join(path, path->len > 0 ? "." : "", v->map[n - 1].key, NULL);
        else
            text_f(path, "[%u]", n - 1);
        if (same_place(entry_at(v, n - 1), at) || same_place(child->at, at))
            return true;
        v = child;
    }
    return false;
}

/* A finding about a value of a ConfigMap stands in the text "key=value"; it belongs where the ConfigMap has that key. */
static struct pos place_of(const struct krm *k, const struct diag *d)
{
    const struct file *f = d->at.line > 0 && d->at.file < k->cx->file_count ? &k->cx->files[d->at.file] : NULL;
    const struct val *data = tree_get(k->config, "data");
    for (uint32_t i = 0; f != NULL && data != NULL && data->kind == V_MAP && i < data->len; i++) {
        const size_t len = strlen(data->map[i].key);
        if (str_eq(f->layer, LAYER_SET) && f->len > len && f->text[len] == '=' && memcmp(f->text, data->map[i].key, len) == 0)
            return data->map[i].v.at;
    }
    return d->at;
}

static struct val field_of(const struct krm *k, struct pos at)
{
    struct text path = { .a = k->cx->a };
    if (at.line == 0 || k->config == NULL || k->cx->file_count == 0)
        return t_none();
    if (at.file == k->file && find_place(k->config, at, &path))
        return MAP(k->cx->a, { "path", t_str(text_str(&path)) });
    return k->text != NULL && at.file != k->file ? MAP(k->cx->a, { "path", t_str("data.description") }) : t_none();
}

static const struct val *annotation(const struct val *object, const char *key)
{
    return tree_at(object, "metadata", "annotations", key, NULL);
}

/* The file of the functionConfig, as the orchestrator named it; without one, that of the finding. */
static struct val file_of(const struct krm *k, const struct diag *d)
{
    if (k->config == NULL && d->at.file < k->cx->file_count)
        return MAP(k->cx->a, { "path", t_str(k->cx->files[d->at.file].name) });
    const struct val *path = annotation(k->config, PATH_KEY), *index = annotation(k->config, INDEX_KEY);
    if (path == NULL)
        path = annotation(k->config, "config.kubernetes.io/path");
    if (path == NULL || path->kind != V_STR)
        return t_none();
    const bool number = index != NULL && index->kind == V_STR && index->len > 0 && index->len < 10 && strspn(index->s, "0123456789") == index->len;
    int64_t n = 0;
    for (const char *p = number ? index->s : ""; *p != '\0'; p++)
        n = n * 10 + (*p - '0');
    return MAP(k->cx->a, { "path", t_str(path->s) }, { "index", t_if(number, t_int(n)) });
}

/* Lines of the configuration that the orchestrator wrote into it, above line `line`: its annotations, and their key when there are no
 * others. */
static uint32_t written_lines(const struct krm *k, uint32_t line)
{
    const struct val *notes = tree_at(k->config, "metadata", "annotations", NULL);
    uint32_t internal = 0, above = 0;
    if (notes == NULL || notes->kind != V_MAP || notes->at.line > line)
        return 0;
    for (uint32_t i = 0; i < notes->len; i++) {
        const bool theirs = str_starts(notes->map[i].key, "internal.") || str_ends(notes->map[i].key, ".kubernetes.io/index")
                         || str_ends(notes->map[i].key, ".kubernetes.io/path") || str_ends(notes->map[i].key, "k8s.io/id");
        internal += theirs;
        above += theirs && tree_key_at(notes, i).line < line;
    }
    return above + (internal > 0 && internal == notes->len);
}

/* Lines count from the first of the configuration as its file has it. */
static struct val tags_of(const struct krm *k, enum code code, struct pos at)
{
    struct arena *a = k->cx->a;
    const bool placed = at.line > 0, own = at.file == k->file && k->config != NULL && at.line >= k->config->at.line;
    const uint32_t first = own && k->config->at.line > 0 ? k->config->at.line - 1 + written_lines(k, at.line) : 0;
    return MAP(a, { "code",   t_str(code_table[code].name) },
                  { "line",   t_if(placed, t_str(str_int(a, at.line - first))) },
                  { "column", t_if(placed, t_str(str_int(a, at.col))) });
}

static const char *message_of(const struct krm *k, const struct diag *d)
{
    struct text t = { .a = k->cx->a };
    text_add(&t, d->message);
    for (const struct note *n = d->notes; n != NULL; n = n->next)
        if (n->at.line == 0)
            text_join(&t, "; ", n->message, NULL);
    return text_str(&t);
}

static struct val reference_of(const struct krm *k)
{
    const struct val *meta = tree_get(k->config, "metadata");
    if (k->config == NULL)
        return t_none();
    return MAP(k->cx->a, { "apiVersion", t_str(tree_str(k->config, "apiVersion")) },
                         { "kind",       t_str(tree_str(k->config, "kind")) },
                         { "name",       t_str(tree_str(meta, "name")) },
                         { "namespace",  t_str(tree_str(meta, "namespace")) });
}

static struct val result_of(const struct krm *k, const struct diag *d)
{
    const struct pos at = place_of(k, d);
    return MAP(k->cx->a,
        { "message",     t_str(message_of(k, d)) },
        { "severity",    t_str(code_table[d->code].error ? "error" : "warning") },
        { "resourceRef", reference_of(k) },
        { "field",       field_of(k, at) },
        { "file",        file_of(k, d) },
        { "tags",        tags_of(k, d->code, at) });
}

/* ---- out ---------------------------------------------------------------------------------------------------------- */

/* What came in leaves as it was spelt: an unquoted scalar stays one, because nobody here knows its type. */
static struct val as_spelt(struct arena *a, const struct val *v)
{
    struct val copy = *v;
    if (v->kind == V_STR && (v->flags & VF_PLAIN)) {
        copy.flags |= VF_RAW;
    } else if (v->kind == V_SEQ) {
        struct val *items = NEWS(a, struct val, v->len);
        for (uint32_t i = 0; i < v->len; i++)
            items[i] = as_spelt(a, &v->seq[i]);
        copy.seq = items;
    } else if (v->kind == V_MAP) {
        struct pair *pairs = NEWS(a, struct pair, v->len);
        for (uint32_t i = 0; i < v->len; i++)
            pairs[i] = (struct pair){ v->map[i].key, as_spelt(a, &v->map[i].v) };
        copy.map   = pairs;
        copy.flags = 0;
    }
    return copy;
}

static bool same_text(const struct val *a, const struct val *b)
{
    return a == NULL || b == NULL ? a == b : a->kind == V_STR && b->kind == V_STR && strcmp(a->s, b->s) == 0;
}

/* The same object for the API server: group, kind, namespace and name; a version may have changed. */
static bool same_object(const struct val *a, const struct val *b)
{
    const char *x = tree_str(a, "apiVersion"), *y = tree_str(b, "apiVersion");
    const char *x_slash = x == NULL ? NULL : strrchr(x, '/'), *y_slash = y == NULL ? NULL : strrchr(y, '/');
    const size_t x_group = x_slash == NULL ? 0 : (size_t)(x_slash - x), y_group = y_slash == NULL ? 0 : (size_t)(y_slash - y);
    return x_group == y_group && (x_group == 0 || memcmp(x, y, x_group) == 0) && same_text(tree_get(a, "kind"), tree_get(b, "kind"))
        && same_text(tree_at(a, "metadata", "name", NULL), tree_at(b, "metadata", "name", NULL))
        && same_text(tree_at(a, "metadata", "namespace", NULL), tree_at(b, "metadata", "namespace", NULL));
}

static const struct val *find_object(const struct val *list, const struct val *object)
{
    for (uint32_t i = 0; i < list->len; i++)
        if (same_object(&list->seq[i], object))
            return &list->seq[i];
    return NULL;
}

/* Annotations by which an orchestrator finds the file, place and style of an item again. */
static bool is_internal(const char *key)
{
    return str_starts(key, "internal.config.kubernetes.io/") || str_starts(key, "config.kubernetes.io/") || str_starts(key, "config.k8s.io/")
        || strcmp(key, "kustomize.config.k8s.io/id") == 0;
}

static void add_internal(struct arena *a, struct pairs *to, const struct val *before, const char *path)
{
    const struct val *old = tree_at(before, "metadata", "annotations", NULL);
    for (uint32_t i = 0; old != NULL && old->kind == V_MAP && i < old->len; i++)
        if (is_internal(old->map[i].key))
            pairs_set(to, old->map[i].key, as_spelt(a, &old->map[i].v));
    if (before != NULL)
        return;
    pairs_set(to, PATH_KEY, t_str(path));
    pairs_set(to, INDEX_KEY, t_str("0"));
}

static struct val with_annotations(struct arena *a, const struct val *meta, const struct pairs *more)
{
    struct pairs out = { .a = a };
    const struct val *old = tree_get(meta, "annotations");
    const struct val all = tree_overlay(a, old == NULL ? t_none() : *old, &(const struct val){ .kind = V_MAP, .len = more->len, .map = more->at });
    for (uint32_t i = 0; i < meta->len; i++)
        if (strcmp(meta->map[i].key, "annotations") != 0)
            pairs_add(&out, meta->map[i].key, meta->map[i].v);
    pairs_add(&out, "annotations", all);
    return pairs_done(&out);
}

/* An object of ours as an item: it says whose it is, and where it is kept. */
static struct val own_item(struct arena *a, const struct val *object, const struct val *before, const char *cluster, const char *path)
{
    struct pairs more = { .a = a };
    struct pair *pairs = NEWS(a, struct pair, object->len);
    add_internal(a, &more, before, path);
    pairs_set(&more, KRM_CLUSTER, t_str(cluster));
    for (uint32_t i = 0; i < object->len; i++)
        pairs[i] = strcmp(object->map[i].key, "metadata") == 0
                 ? (struct pair){ "metadata", with_annotations(a, &object->map[i].v, &more) } : object->map[i];
    return (struct val){ .kind = V_MAP, .len = object->len, .map = pairs };
}

static const char *cluster_of(const struct krm *k, const struct compiled *made)
{
    const char *namespace = made->description.namespace_;
    return str_join(k->cx->a, namespace == NULL ? "default" : namespace, "/", made->description.name, NULL);
}

static bool is_of(const struct val *item, const char *cluster)
{
    const struct val *v = annotation(item, KRM_CLUSTER);
    return v != NULL && v->kind == V_STR && strcmp(v->s, cluster) == 0;
}

bool krm_check(struct krm *k, const struct compiled *made)
{
    const char *cluster = cluster_of(k, made);
    bool fine = true;
    for (uint32_t i = 0; k->items != NULL && i < k->items->len; i++) {
        const struct val *item = &k->items->seq[i];
        if (annotation(item, KRM_CLUSTER) != NULL && is_of(item, cluster))
            continue;
        if (find_object(&made->objects, item) == NULL)
            continue;
        struct diag *d = diag_at(k->cx, E_KRM_FOREIGN, item->at, "'%s/%s' is an object of the cluster, and this one was not made by gregor",
                                 tree_str(item, "kind"), tree_str(tree_get(item, "metadata"), "name"));
        diag_hint(k->cx, d, "remove it, or annotate it with " KRM_CLUSTER ": %s to have it replaced", cluster);
        fine = false;
    }
    return fine;
}

/* Those of others in their order, then ours in the order in which they can be applied. */
static struct val items_with(struct krm *k, const struct compiled *made)
{
    struct arena *a = k->cx->a;
    const char *name = made->description.name, *cluster = cluster_of(k, made);
    struct vals out = { .a = a };
    struct pack_files paths = { .a = a };
    for (uint32_t i = 0; i < k->items->len; i++)
        if (!is_of(&k->items->seq[i], cluster))
            vals_add(&out, as_spelt(a, &k->items->seq[i]));
    for (uint32_t i = 0; i < made->objects.len; i++) {
        const struct val *o = &made->objects.seq[i];
        const char *path = pack_object_path(&paths, str_join(a, name, "/", NULL), o, ".yaml");
        pack_file(&paths, path);
        vals_add(&out, own_item(a, o, find_object(k->items, o), cluster, path));
    }
    return (struct val){ .kind = V_SEQ, .len = out.len, .seq = out.at };
}

static struct val results_of(const struct krm *k)
{
    struct vals out = { .a = k->cx->a };
    for (uint32_t i = 0; k->results != NULL && i < k->results->len; i++)
        vals_add(&out, as_spelt(k->cx->a, &k->results->seq[i]));
    for (uint32_t i = 0; i < k->cx->diag_count; i++)
        vals_add(&out, result_of(k, k->cx->diags[i]));
    return vals_done(&out);
}

/* No "---" in front: some readers of ResourceLists take what is before it for a document. */
void krm_print(struct krm *k, const struct compiled *made, struct text *out)
{
    struct text t = { .a = k->cx->a };
    const struct val *config = tree_get(&k->list, "functionConfig");
    const struct val items = made != NULL ? items_with(k, made) : as_spelt(k->cx->a, k->items);
    const struct val list = MAP(k->cx->a,
        { "apiVersion",     *tree_get(&k->list, "apiVersion") },
        { "kind",           t_str("ResourceList") },
        { "items",          items.len == 0 ? t_empty_seq() : items },
        { "functionConfig", config == NULL ? t_none() : as_spelt(k->cx->a, config) },
        { "results",        results_of(k) });
    print_yaml(&t, &list);
    text_bytes(out, t.p + strlen("---\n"), t.len - strlen("---\n"));
}

bool krm_pack(const struct pack_job *j)
{
    static const struct val none = { .kind = V_SEQ };
    struct krm k = { .cx = j->cx, .items = &none, .list = MAP(j->cx->a, { "apiVersion", t_str("config.kubernetes.io/v1") }) };
    krm_print(&k, j->made, pack_file(j->out, str_join(j->cx->a, j->made->description.name, ".yaml", NULL)));
    return true;
}
