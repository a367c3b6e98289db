#include "command/guard.h"
#include "command/single.h"
#include "verify/verify.h"

#include <stdlib.h>

/* The images of all descriptions; a name stands in it as often as pods use it until it is printed. */
struct list {
    struct command    *c;
    struct report_log  log;
    struct strs        list;
    uint32_t           cap;
    uint64_t           errors, warnings;
    int                status;
};

static void add(struct list *m, const char *image)
{
    struct arena *a = m->c->a;
    if (image == NULL)
        return;
    if (m->list.len == m->cap) {
        const uint32_t cap = m->cap == 0 ? 16 : m->cap * 2;
        m->list.at = arena_grow(a, m->list.at, m->cap * sizeof *m->list.at, m->list.len * sizeof *m->list.at, cap * sizeof *m->list.at);
        m->cap = cap;
    }
    m->list.at[m->list.len++] = arena_dup(a, image, strlen(image));
}

static void add_all(struct list *m, const struct val *list, const char *source, const char *key)
{
    for (uint32_t i = 0; list != NULL && list->kind == V_SEQ && i < list->len; i++)
        add(m, tree_str(source == NULL ? &list->seq[i] : tree_get(&list->seq[i], source), key));
}

/* What a node pulls: the images of the containers, and the volumes that are images (Kubernetes 1.31). */
static void add_pod(struct list *m, const struct val *pod)
{
    add_all(m, tree_get(pod, "initContainers"), NULL, "image");
    add_all(m, tree_get(pod, "containers"), NULL, "image");
    add_all(m, tree_get(pod, "volumes"), "image", "reference");
}

static void add_objects(struct list *m, const struct val *objects)
{
    const char *path;
    for (uint32_t i = 0; i < objects->len; i++) {
        const char *kind = tree_str(&objects->seq[i], "kind");
        if (kind != NULL)
            add_pod(m, objects_pod(&objects->seq[i], kind, &path));
    }
}

static void take(struct list *m, const char *path, struct arena *scratch)
{
    struct single s = { .c = m->c, .log = &m->log, .a = scratch, .path = path };
    single_compile(&s);
    report_tell(&m->log, s.findings.p, s.findings.len);
    m->errors += s.errors;
    m->warnings += s.warnings;
    m->status = s.status > m->status ? s.status : m->status;
    if (s.status == EXIT_DONE)
        add_objects(m, &s.made->objects);
    arena_reset(scratch);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int print(struct list *m)
{
    struct text t = { .a = m->c->a };
    if (m->list.len > 1)
        qsort(m->list.at, m->list.len, sizeof *m->list.at, by_name);
    for (uint32_t i = 0; i < m->list.len; i++)
        if (i == 0 || strcmp(m->list.at[i], m->list.at[i - 1]) != 0)
            text_join(&t, m->list.at[i], "\n", NULL);
    return report_result(m->c, text_str(&t), t.len);
}

int command_images(struct command *c)
{
    struct list m = { .c = c, .log = { .c = c } };
    struct arena scratch = { .limit = SINGLE_MEMORY, .out = c->a->out };
    struct text summary = { .a = c->a };
    if (c->args.len == 0)
        return report_usage(c, NULL, "images needs a description; - is standard input");
    if (guard_outputs(c) != EXIT_DONE)
        return EXIT_USAGE;
    report_open(&m.log);
    for (uint32_t i = 0; i < c->args.len; i++)
        take(&m, c->args.at[i], &scratch);
    arena_free(&scratch);
    report_summary(c, m.errors, m.warnings, &summary);
    report_bytes(summary.p, summary.len);
    report_close(&m.log, m.status == EXIT_DONE);
    return m.status == EXIT_DONE ? print(&m) : m.status;
}
