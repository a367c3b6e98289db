/* settings.c: what hooks wrote into the server.properties of nodes: do the brokers of this release know the keys, and take the values?
 * Lines that gregor wrote come from what `check` has judged, and are not looked at again. */
#include "verify/objects.h"

#include "base/text.h"
#include "model/kafka.h"
#include "verify/settings.h"

#include <string.h>

/* Lines that are not where gregor wrote them, and are looked at: twenty in each file of a thousand nodes. A hook can write millions. */
enum { MOST_LINES = 20000, MOST_JUDGED = 256 };

struct settings {
    struct verifier     vf;
    const struct plan  *plan;
    const struct val   *file; /* the text that a hook wrote */
    uint32_t            lines, judged_count;
    struct { const char *line; size_t len; } judged[MOST_JUDGED]; /* most hooks write the same into each file */
};

/* "orders-broker-0.properties"; ZooKeeper has files of its own. NULL: no node reads it. */
static const struct node *node_of(const struct plan *p, const char *key)
{
    for (uint32_t i = 0; i < p->workload_count; i++)
        for (uint32_t k = 0; p->workloads[i].component != COMP_ZOOKEEPER && k < p->workloads[i].node_count; k++) {
            const struct node *n = &p->workloads[i].nodes[k];
            if (str_starts(key, n->pod) && strcmp(key + strlen(n->pod), ".properties") == 0)
                return n;
        }
    return NULL;
}

/* Finds the line in `text`. Returns what stands behind it, or NULL. */
static const char *behind(const char *text, const char *line, size_t len)
{
    for (; *text != '\0'; text += *text == '\n') {
        const size_t n = strcspn(text, "\n");
        if (n == len && memcmp(text, line, n) == 0)
            return text + n + (text[n] == '\n');
        text += n;
    }
    return NULL;
}

/* `*at` is behind the line that was found last: mostly the next one is the next. */
static bool is_ours(struct settings *s, const struct node *n, const char **at, const char *line, size_t len)
{
    const bool next = strncmp(*at, line, len) == 0 && (*at)[len] == '\n';
    s->lines += !next;
    const char *found = next ? *at + len + 1 : behind(n->config, line, len);
    *at = found != NULL ? found : *at;
    return found != NULL;
}

static void unknown_key(struct settings *s, const char *key, int line)
{
    const char *nearest = kafka_nearest_broker_key(key, line), *version = s->plan->d->kafka.version;
    const bool misspelt = nearest != NULL && kafka_any_broker_key(key) == NULL;
    struct diag *d = objects_report(&s->vf, misspelt ? E_KEY_UNKNOWN : W_KEY_UNKNOWN, s->file, "Kafka %s has no key '%.80s'", version, key);
    if (d != NULL && misspelt)
        diag_did_you_mean(s->vf.cx, d, nearest);
    else if (d != NULL)
        diag_hint(s->vf.cx, d, "right if a plugin reads it; the broker itself ignores it");
}

static void check_entry(struct settings *s, const char *key, const char *value)
{
    const int line = s->plan->line;
    const struct kafka_key *k = kafka_broker_key(key, line);
    if (kafka_is_unlisted(key) || str_starts(key, "listener.name."))
        return;
    if (k == NULL) {
        unknown_key(s, key, line);
        return;
    }
    const char *wanted = strstr(value, "${") != NULL ? NULL : kafka_value_wanted(s->vf.cx->a, k, value);
    if (wanted == NULL)
        return;
    struct diag *d = objects_report(&s->vf, E_KEY_VALUE, s->file, "'%s' is '%.80s': the broker wants %s", key, value, wanted);
    if (d != NULL)
        diag_hint(s->vf.cx, d, "a broker with another value does not start");
}

static bool is_judged(struct settings *s, const char *line, size_t len)
{
    for (uint32_t i = 0; i < s->judged_count; i++)
        if (s->judged[i].len == len && memcmp(s->judged[i].line, line, len) == 0)
            return true;
    if (s->judged_count == MOST_JUDGED)
        return true;
    s->judged[s->judged_count].line  = line;
    s->judged[s->judged_count++].len = len;
    return false;
}

/* key=value, key: value or key value; the line holds no backslash. */
static void check_line(struct settings *s, const char *line, size_t len)
{
    struct arena *a = s->vf.cx->a;
    const char *end = line + len, *from = line + strspn(line, " \t\f");
    if (from >= end || *from == '#' || *from == '!' || *from == '\r')
        return;
    const size_t n = strcspn(from, "=: \t\f\r\n");
    const char *value = from + n;
    value += strspn(value, " \t\f");
    value += *value == '=' || *value == ':';
    value += strspn(value, " \t\f");
    const size_t rest = strcspn(value, "\r\n");
    check_entry(s, arena_dup(a, from, n), arena_dup(a, value, rest));
}

/* Lines with escapes, and those that go on behind them, are left to the broker. */
static void check_file(struct settings *s, const struct node *n)
{
    const char *at = n->config;
    bool goes_on = false;
    for (const char *p = s->file->s; *p != '\0' && s->lines < MOST_LINES; p += *p == '\n') {
        const size_t len = strcspn(p, "\n");
        const bool escapes = memchr(p, '\\', len) != NULL;
        if (!goes_on && !escapes && !is_ours(s, n, &at, p, len) && !is_judged(s, p, len))
            check_line(s, p, len);
        goes_on = len > 0 && p[len - 1] == '\\';
        p += len;
    }
}

bool verify_settings(struct ctx *cx, const struct plan *p, const struct val *objects, uint32_t n)
{
    struct settings s = { .vf = { .cx = cx }, .plan = p };
    for (uint32_t i = 0; i < n; i++) {
        const struct val *data = tree_get(&objects[i], "data");
        s.vf.object = &objects[i];
        for (uint32_t k = 0; data != NULL && data->kind == V_MAP && k < data->len; k++) {
            s.file = &data->map[k].v;
            const struct node *node = s.file->kind == V_STR && ctx_from_hook(cx, s.file->at) ? node_of(p, data->map[k].key) : NULL;
            if (node != NULL)
                check_file(&s, node);
        }
    }
    return !s.vf.failed;
}
