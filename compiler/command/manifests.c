#include "command/manifests.h"

#include "base/io.h"
#include "source/source.h"

#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>

/* What a tool that lists objects prints (`kubectl get -o yaml`). */
static void add_document(struct vals *objects, const struct val *doc)
{
    const struct val *items = tree_get(doc, "items");
    if (items == NULL || items->kind != V_SEQ || !str_eq(tree_str(doc, "kind"), "List")) {
        vals_add(objects, *doc);
        return;
    }
    for (uint32_t i = 0; i < items->len; i++)
        add_document(objects, &items->seq[i]);
}

bool manifests_parse(struct ctx *cx, const char *name, const char *text, size_t len, struct vals *objects)
{
    struct val docs = t_none();
    if (!source_parse_manifests(cx, ctx_file(cx, name, text, len, LAYER_MANIFESTS), &docs))
        return false;
    for (uint32_t i = 0; docs.kind == V_SEQ && i < docs.len; i++)
        if (docs.seq[i].kind == V_MAP)
            add_document(objects, &docs.seq[i]);
    return true;
}

static bool read_file(struct ctx *cx, const char *path, struct vals *objects)
{
    size_t len = 0;
    const char *text = "", *reason = NULL;
    const enum io_result r = io_read(cx->a, path, MANIFESTS_MAX_BYTES, &text, &len);
    if (r == IO_OK)
        return manifests_parse(cx, path, text, len, objects);
    reason = io_reason(cx->a, r, MANIFESTS_MAX_BYTES);
    struct pos at = { .line = 0, .file = ctx_file(cx, path, "", 0, LAYER_MANIFESTS) };
    diag_at(cx, E_YAML_FILE, at, "cannot read the file: %s", reason);
    return false;
}

static bool is_manifest(const char *name)
{
    return name[0] != '.' && (str_ends(name, ".yaml") || str_ends(name, ".yml") || str_ends(name, ".json"));
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool is_folder(const char *path)
{
    struct stat st;
    return strcmp(path, "-") != 0 && stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* The names in a folder, without hidden ones, sorted: no order of a directory may show. */
static uint32_t list(struct arena *a, const char *path, const char ***names)
{
    uint32_t n = 0, room = 0;
    DIR *d = opendir(path);
    for (const struct dirent *e; d != NULL && (e = readdir(d)) != NULL;)
        room += e->d_name[0] != '.';
    *names = NEWS(a, const char *, room + 1);
    if (d != NULL)
        rewinddir(d);
    for (const struct dirent *e; d != NULL && n < room && (e = readdir(d)) != NULL;)
        if (e->d_name[0] != '.')
            (*names)[n++] = arena_dup(a, e->d_name, strlen(e->d_name));
    if (d != NULL)
        closedir(d);
    if (n > 1)
        qsort(*names, n, sizeof **names, by_name);
    return n;
}

static bool read_folder(struct ctx *cx, const char *path, int depth, struct vals *objects)
{
    const char **names = NULL;
    bool fine = true;
    const uint32_t n = list(cx->a, path, &names);
    for (uint32_t i = 0; i < n; i++) {
        const char *file = str_join(cx->a, path, "/", names[i], NULL);
        if (is_folder(file))
            fine &= depth == 0 || read_folder(cx, file, depth - 1, objects);
        else if (is_manifest(names[i]))
            fine &= read_file(cx, file, objects);
    }
    return fine;
}

bool manifests_read(struct ctx *cx, const char *path, struct val *objects)
{
    struct vals all = { .a = cx->a };
    const bool fine = is_folder(path) ? read_folder(cx, path, 1, &all) : read_file(cx, path, &all);
    *objects = (struct val){ .kind = V_SEQ, .len = all.len, .seq = all.at };
    return fine;
}

bool manifests_of(struct ctx *cx, const char *path, const char *name, struct val *objects)
{
    static const char *const forms[] = { ".yaml", ".json", "" };
    struct vals all = { .a = cx->a };
    bool fine = true;
    if (!is_folder(path))
        return manifests_read(cx, path, objects);
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        struct stat st;
        struct val read = t_none();
        const char *file = str_join(cx->a, path, "/", name, forms[i], NULL);
        if (stat(file, &st) == 0)
            fine &= manifests_read(cx, file, &read);
        for (uint32_t k = 0; k < read.len; k++)
            vals_add(&all, read.seq[k]);
    }
    *objects = (struct val){ .kind = V_SEQ, .len = all.len, .seq = all.at };
    return fine;
}
