/* against.c: what the admin Job was told to make before, which cannot become what it would be told now (stdlib/admin/admin.sh). */
#include "plan/parts.h"

#include "cluster/cluster.h"
#include "source/index.h"

#include <inttypes.h>

static bool is_of_cluster(const struct plan *p, const struct val *o)
{
    const struct val *meta = tree_get(o, "metadata");
    const char *space = tree_str(meta, "namespace");
    return str_eq(tree_str(tree_get(meta, "labels"), "app.kubernetes.io/instance"), p->d->name)
        && (space == NULL || str_eq(space, p->d->namespace_));
}

static const char *desired_in(const struct plan *p, const struct val *o)
{
    return str_eq(tree_str(o, "kind"), "ConfigMap") && str_eq(tree_str(tree_get(o, "metadata"), "name"), p->admin.job.name)
        ? tree_str(tree_get(o, "data"), "desired") : NULL;
}

/* The number behind " partitions=" in a line; 0: it says nothing. */
static int64_t number_in(const char *line, const char *word)
{
    const char *s = strstr(line, word);
    int64_t n = 0;
    for (s = s == NULL ? "" : s + strlen(word); *s >= '0' && *s <= '9' && n < 1000000000; s++)
        n = n * 10 + (*s - '0');
    return n;
}

static void fewer_partitions(struct ctx *cx, const struct plan *p, uint32_t i, int64_t before)
{
    const struct topic *t = &p->d->topics[i];
    if (t->partitions == 0 || t->partitions >= before)
        return;
    struct diag *e = diag_at(cx, E_TOPIC_FEWER, place(p->d, "topics[%u].partitions", i),
                             "'%s' has %" PRId64 " partitions and cannot get %" PRId64, t->name, before, t->partitions);
    diag_hint(cx, e, "write %" PRId64 " or more; for fewer, make another topic and copy the records", before);
}

static void other_copies(struct ctx *cx, const struct plan *p, uint32_t i, int64_t before)
{
    const struct topic *t = &p->d->topics[i];
    if (t->replicas == 0 || before == 0 || t->replicas == before)
        return;
    struct diag *w = diag_at(cx, W_TOPIC_COPIES, place(p->d, "topics[%u].replicas", i),
                             "'%s' has %" PRId64 " replicas, and the admin Job does not make %" PRId64 " of them", t->name, before,
                             t->replicas);
    diag_hint(cx, w, "move them with kafka-reassign-partitions before this is applied");
}

/* "topic orders partitions=24 replicas=3" */
static void judge_line(struct ctx *cx, const struct plan *p, const struct index *topics, const char *line)
{
    if (!str_starts(line, "topic "))
        return;
    const char *name = line + 6;
    const uint32_t i = index_find(topics, arena_dup(cx->a, name, strcspn(name, " ")));
    if (i == INDEX_NONE || p->d->topics[i].state != STATE_PRESENT)
        return;
    fewer_partitions(cx, p, i, number_in(line, " partitions="));
    other_copies(cx, p, i, number_in(line, " replicas="));
}

bool plan_against(struct ctx *cx, const struct plan *p, const struct val *before, bool *known)
{
    const struct val *list = tree_get(p->d->root, "topics");
    const struct index topics = list != NULL && list->kind == V_SEQ ? index_names(cx->a, list) : (struct index){ 0 };
    *known = false;
    for (uint32_t k = 0; k < before->len; k++) {
        const struct val *o = &before->seq[k];
        if (!is_of_cluster(p, o))
            continue;
        *known = true;
        const char *desired = p->admin.job.used ? desired_in(p, o) : NULL;
        for (const char *s = desired; s != NULL && *s != '\0'; s += strcspn(s, "\n"), s += *s == '\n')
            judge_line(cx, p, &topics, arena_dup(cx->a, s, strcspn(s, "\n")));
    }
    return !diag_failed(cx);
}
