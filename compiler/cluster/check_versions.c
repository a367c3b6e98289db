/* check_versions.c: releases and what each can do: Kafka, its protocol, ZooKeeper, Kubernetes. */
#include "cluster/check.h"

#include <stdlib.h>

/* "3.9.0, 3.9.1, 3.9.2" */
static const char *releases_of(struct arena *a, int line)
{
    struct text t = { .a = a };
    for (const struct kafka_release *r = kafka_releases; r->name != NULL; r++)
        if (r->line == line)
            text_join(&t, t.len > 0 ? ", " : "", r->name, NULL);
    return text_str(&t);
}

static const char *release_at(const void *unused, size_t i)
{
    (void)unused;
    return kafka_releases[i].name;
}

static void unknown_release(const struct check *c)
{
    const char *version = c->d->kafka.version;
    if (kafka_release(version) != NULL)
        return;
    struct diag *e = diag_at(c->cx, E_KAFKA_VERSION, place(c->d, "kafka.version"),
                             "there is no Kafka release '%s'", version);
    if (c->line != 0)
        diag_hint(c->cx, e, "releases of that line: %s", releases_of(c->cx->a, c->line));
    else if (str_nearest(version, release_at, NULL) != NULL)
        diag_did_you_mean(c->cx, e, str_nearest(version, release_at, NULL));
    else
        diag_hint(c->cx, e, "this gregor knows 2.8.0 to 4.3.1");
}

static void zookeeper_gone(const struct check *c)
{
    if (c->kraft || c->line < KAFKA(4, 0))
        return;
    struct diag *e = diag_at(c->cx, E_ZOOKEEPER_GONE, place(c->d, "kafka.metadata"),
                             "Kafka %s cannot use ZooKeeper",
                             c->d->kafka.version);
    diag_hint(c->cx, e, "remove 'metadata', or stay on 3.9 until the cluster has moved to KRaft");
}

static void kraft_preview(const struct check *c)
{
    if (!c->kraft || c->line == 0 || c->line >= KAFKA(3, 3))
        return;
    struct diag *e = diag_at(c->cx, E_KRAFT_PREVIEW, place(c->d, "kafka.version"),
                             "KRaft is a preview in Kafka %s and not for production", c->d->kafka.version);
    diag_hint(c->cx, e, "write kafka.metadata: zookeeper, or take 3.3.1 or later");
}

static void dynamic_quorum(const struct check *c)
{
    if (c->d->kafka.quorum != QUORUM_DYNAMIC)
        return;
    const struct pos at = place(c->d, "kafka.quorum");
    if (!c->kraft) {
        struct diag *e = diag_at(c->cx, E_QUORUM_ZOOKEEPER, at,
                                 "'kafka.quorum' is for KRaft, and 'kafka.metadata' is zookeeper");
        diag_hint(c->cx, e, "remove it");
    } else if (c->line != 0 && c->line < KAFKA(3, 9)) {
        struct diag *e = diag_at(c->cx, E_DYNAMIC_QUORUM, at, "Kafka %s has no dynamic quorum",
                                 c->d->kafka.version);
        diag_hint(c->cx, e, "use static, or Kafka 3.9 or later");
    }
}

/* ---- protocol ------------------------------------------------------------------------------------------ */

/* "3.8" and "3.8.1" are line 308; 0.x lines had a third number of meaning and are all older than 2.8: 1.
 * Returns 0 for none. */
static int protocol_line(const char *s)
{
    static const char *const ancient[] = {
        "0.8.0", "0.8.1", "0.8.2", "0.9.0", "0.10.0", "0.10.1", "0.10.2", "0.11.0"
    };
    for (size_t i = 0; i < sizeof ancient / sizeof ancient[0]; i++)
        if (str_starts(s, ancient[i]))
            return 1;
    char *end;
    const long major = strtol(s, &end, 10);
    const long minor = *end == '.' ? strtol(end + 1, NULL, 10) : -1;
    const bool old = (major == 1 && minor >= 0 && minor <= 1) || (major == 2 && minor >= 0 && minor < 8);
    if (old)
        return KAFKA((int)major, (int)minor);
    if (major < 2 || major > 99 || minor < 0 || minor > 99
        || kafka_newest_of(KAFKA((int)major, (int)minor)) == NULL)
        return 0;
    return KAFKA((int)major, (int)minor);
}

static void protocol_too_old(const struct check *c, struct pos at)
{
    struct diag *e = diag_at(c->cx, E_PROTOCOL_OLD, at,
                             "a KRaft cluster cannot start from metadata version '%s'",
                             c->d->kafka.protocol);
    diag_hint(c->cx, e, "use 3.3 or later; a cluster below passes through Kafka 3.9 first");
}

static void protocol_behind(const struct check *c, struct pos at)
{
    struct diag *w = diag_at(c->cx, W_PROTOCOL_BEHIND, at, "brokers of Kafka %s are held at protocol '%s'",
                             c->d->kafka.version, c->d->kafka.protocol);
    diag_hint(c->cx, w, "right while brokers roll; once all run %s, %s", c->d->kafka.version,
              c->kraft ? "run kafka-features.sh upgrade and remove 'protocol'"
              : "remove 'protocol' and roll them again");
}

static void protocol(const struct check *c)
{
    const char *s = c->d->kafka.protocol;
    if (s == NULL || c->line == 0)
        return;
    const struct pos at = place(c->d, "kafka.protocol");
    const int line = protocol_line(s);
    if (line == 0) {
        struct diag *e = diag_at(c->cx, E_PROTOCOL_UNKNOWN, at, "there is no Kafka protocol '%s'", s);
        diag_hint(c->cx, e, "write a Kafka line such as %s", kafka_newest_of(c->line)->protocol);
    } else if (line > c->line) {
        struct diag *e = diag_at(c->cx, E_PROTOCOL_NEWER, at, "protocol '%s' is newer than Kafka %s", s,
                                 c->d->kafka.version);
        diag_hint(c->cx, e, "use %s or older", kafka_newest_of(c->line)->protocol);
    } else if (c->kraft && line < KAFKA(3, 3)) {
        protocol_too_old(c, at);
    } else if (line < c->line) {
        protocol_behind(c, at);
    }
}

/* ---- several disks ------------------------------------------------------------------------------------- */

static const char *jbod_pool(const struct check *c)
{
    for (uint32_t i = 0; i < c->pool_count; i++)
        if (c->pools[i].is_broker && c->pools[i].pool->volume_count > 1)
            return c->pools[i].path;
    return NULL;
}

static void jbod(const struct check *c)
{
    const char *path = jbod_pool(c);
    if (path == NULL || !c->kraft || c->line == 0 || c->line < KAFKA(3, 3))
        return;
    const struct pos at = place(c->d, "%s.volumes", path);
    const char *protocol_text = c->d->kafka.protocol;
    const int protocol_now = protocol_text == NULL ? c->line : protocol_line(protocol_text);
    if (c->line < KAFKA(3, 7)) {
        struct diag *e = diag_at(c->cx, E_JBOD_KRAFT, at, "Kafka %s cannot use several volumes in KRaft mode",
                                 c->d->kafka.version);
        diag_hint(c->cx, e, "use one volume, or Kafka 3.7 or later");
    } else if (protocol_now != 0 && protocol_now < KAFKA(3, 7)) {
        struct diag *e = diag_at(c->cx, E_JBOD_PROTOCOL, at,
                                 "several volumes need metadata version 3.7, and 'kafka.protocol' is '%s'",
                                 protocol_text);
        diag_hint(c->cx, e, "finish the upgrade of the metadata version first, then add volumes");
    } else if (c->line == KAFKA(3, 7)) {
        struct diag *w = diag_at(c->cx, W_JBOD_EARLY, at,
                                 "several volumes in KRaft mode are an early access feature of Kafka %s",
                                 c->d->kafka.version);
        diag_hint(c->cx, w, "use Kafka 3.8 or later for production");
    }
}

static void one_metadata_volume(const struct check *c)
{
    for (uint32_t i = 0; i < c->pool_count; i++) {
        const struct pool_at *p = &c->pools[i];
        if (p->is_broker || p->pool->volume_count < 2)
            continue;
        struct diag *e = diag_at(c->cx, E_ONE_VOLUME, place(c->d, "%s.volumes", p->path),
                                 "%s keeps its data on one volume",
                                 p->is_zookeeper ? "ZooKeeper" : "a controller");
        diag_hint(c->cx, e, "write %s.storage instead", p->path);
    }
}

/* ---- what Kubernetes and Kafka must both know ---------------------------------------------------------- */

static void rack_label(const struct check *c)
{
    for (uint32_t i = 0; i < c->pool_count; i++) {
        if (c->pools[i].pool->rack != RACK_LABEL)
            continue;
        const struct pos at = place(c->d, "%s.rack", c->pools[i].path);
        struct diag *e;
        if (c->d->kubernetes < 35)
            e = diag_at(c->cx, E_RACK_KUBERNETES, at, "pods of Kubernetes 1.%d do not know their zone",
                        (int)c->d->kubernetes);
        else if (c->line != 0 && c->line < KAFKA(3, 5))
            e = diag_at(c->cx, E_RACK_KAFKA, at, "Kafka %s cannot read its rack from the environment",
                        c->d->kafka.version);
        else
            continue;
        diag_hint(c->cx, e, "use statefulset: one StatefulSet a zone");
    }
}

/* ---- ZooKeeper ----------------------------------------------------------------------------------------- */

struct zookeeper_line {
    int minor;             /* of 3.x */
    int first, newest;     /* stable patch releases */
    int safe;              /* first without the holes of the story; above `newest`: none */
};

/* Releases of zookeeper.apache.org; 3.5.0 to 3.5.4 were alpha and beta. CVE-2023-44981: 3.7.2, 3.8.3,
 * 3.9.1; CVE-2024-23944: 3.8.4, 3.9.2. */
static const struct zookeeper_line zookeeper_lines[] = {
    { 5, 5, 10, 99 }, { 6, 0, 4, 99 }, { 7, 0, 2, 99 }, { 8, 0, 6, 4 }, { 9, 0, 5, 2 }
};

static const struct zookeeper_line *zookeeper_line(const char *version, long *patch)
{
    char *end;
    if (!str_starts(version, "3."))
        return NULL;
    const long minor = strtol(version + 2, &end, 10);
    if (*end != '.')
        return NULL;
    *patch = strtol(end + 1, &end, 10);
    if (*end != '\0')
        return NULL;
    for (size_t i = 0; i < sizeof zookeeper_lines / sizeof zookeeper_lines[0]; i++)
        if (zookeeper_lines[i].minor == minor && *patch >= zookeeper_lines[i].first
            && *patch <= zookeeper_lines[i].newest)
            return &zookeeper_lines[i];
    return NULL;
}

static void zookeeper_release(const struct check *c)
{
    const char *version = c->d->zookeeper.version;
    long patch = 0;
    if (!own_zookeeper(c->d))
        return;
    const struct pos at = place(c->d, "zookeeper.version");
    const struct zookeeper_line *line = zookeeper_line(version, &patch);
    if (line == NULL) {
        struct diag *e = diag_at(c->cx, E_ZOOKEEPER_VERSION, at,
                                 "there is no stable ZooKeeper release '%s' of 3.5 to 3.9", version);
        diag_hint(c->cx, e, "use 3.8.6, the line that Kafka 3.6 to 3.9 ship");
    } else if (patch < line->safe) {
        struct diag *w = diag_at(c->cx, W_ZOOKEEPER_HOLES, at, "ZooKeeper '%s' has known security holes%s",
                                 version,
                                 line->safe == 99 ? " and gets no fixes any more" : "");
        diag_hint(c->cx, w, "use 3.8.6 or 3.9.5");
    }
}

/* CVE-2022-34917: whoever can open a connection can fill the heap of a broker. */
static void kafka_holes(const struct check *c)
{
    static const char *const open[] = {
        "2.8.0", "2.8.1", "3.0.0", "3.0.1", "3.1.0", "3.1.1", "3.2.0", "3.2.1"
    };
    for (size_t i = 0; i < sizeof open / sizeof open[0]; i++) {
        if (!str_eq(c->d->kafka.version, open[i]))
            continue;
        struct diag *w = diag_at(c->cx, W_KAFKA_HOLES, place(c->d, "kafka.version"),
                                 "any client can exhaust the memory of brokers of Kafka %s (CVE-2022-34917)",
                                 open[i]);
        diag_hint(c->cx, w, "use %s", kafka_newest_of(c->line)->name);
    }
}

/* ---- fields of the other mode -------------------------------------------------------------------------- */

static void other_mode(const struct check *c)
{
    if (c->kraft && check_own(c, "zookeeper")) {
        struct diag *w = diag_at(c->cx, W_OTHER_MODE, place(c->d, "zookeeper"),
                                 "'zookeeper' has no effect on a KRaft cluster");
        diag_hint(c->cx, w, c->line != 0 && c->line < KAFKA(4, 0)
                  ? "remove it, or write kafka.metadata: zookeeper" : "remove it");
    }
    if (!c->kraft && check_own(c, "controllers")) {
        struct diag *w = diag_at(c->cx, W_OTHER_MODE, place(c->d, "controllers"),
                                 "'controllers' has no effect on a ZooKeeper cluster");
        diag_hint(c->cx, w, "remove it, or write kafka.metadata: kraft");
    }
    if (!c->kraft && check_own(c, "kafka.clusterId")) {
        struct diag *w = diag_at(c->cx, W_OTHER_MODE, place(c->d, "kafka.clusterId"),
                                 "'kafka.clusterId' has no effect on a ZooKeeper cluster");
        diag_hint(c->cx, w, "remove it: the first broker makes the id and keeps it in ZooKeeper");
    }
}

/* KRaft roles in a ZooKeeper cluster. */
static void controller_role(const struct check *c)
{
    for (uint32_t i = 0; i < c->d->pool_count && !c->kraft; i++) {
        const int64_t at = check_find(&c->d->pools[i].roles, "controller");
        if (at < 0)
            continue;
        struct diag *e = diag_at(c->cx, E_CONTROLLER_ROLE, place(c->d, "pools[%u].roles[%d]", i, (int)at),
                                 "a ZooKeeper cluster has no pods with the role 'controller'");
        diag_hint(c->cx, e, "its brokers elect one of themselves; remove the role");
    }
}

check_rule *const check_versions[] = {
    unknown_release, zookeeper_gone, kraft_preview, dynamic_quorum, protocol, jbod, one_metadata_volume,
    rack_label, zookeeper_release, kafka_holes, other_mode, controller_role, NULL
};
