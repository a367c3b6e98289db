/* check_zookeeper.c: keys of zoo.cfg. */
#include "cluster/check.h"
#include "model/kubernetes.h"

enum zoo_type { ZT_NUMBER, ZT_BOOLEAN, ZT_TEXT };

struct zoo_key {
    const char   *name;
    enum zoo_type type;
    int64_t       min;
};

/* ZooKeeper Administrator's Guide, "Configuration Parameters", 3.5 to 3.9: those that zoo.cfg takes. */
static const struct zoo_key known[] = {
    { "4lw.commands.whitelist", ZT_TEXT, 0 }, { "admin.commandURL", ZT_TEXT, 0 },
    { "admin.enableServer", ZT_BOOLEAN, 0 }, { "admin.idleTimeout", ZT_NUMBER, -1 },
    { "admin.portUnification", ZT_BOOLEAN, 0 }, { "admin.serverAddress", ZT_TEXT, 0 },
    { "admin.serverPort", ZT_NUMBER, 1 }, { "audit.enable", ZT_BOOLEAN, 0 },
    { "autopurge.purgeInterval", ZT_NUMBER, 0 }, { "autopurge.snapRetainCount", ZT_NUMBER, 3 },
    { "client.portUnification", ZT_BOOLEAN, 0 }, { "cnxTimeout", ZT_NUMBER, 1 },
    { "commitProcessor.numWorkerThreads", ZT_NUMBER, 0 }, { "connectToLearnerMasterLimit", ZT_NUMBER, 0 },
    { "electionAlg", ZT_NUMBER, 0 }, { "electionPortBindRetry", ZT_NUMBER, 0 },
    { "extendedTypesEnabled", ZT_BOOLEAN, 0 },
    { "fastleader.maxNotificationInterval", ZT_NUMBER, 1 },
    { "fastleader.minNotificationInterval", ZT_NUMBER, 1 }, { "flushDelay", ZT_NUMBER, 0 },
    { "forceSync", ZT_TEXT, 0 }, { "fsync.warningthresholdms", ZT_NUMBER, 0 },
    { "globalOutstandingLimit", ZT_NUMBER, 1 }, { "initLimit", ZT_NUMBER, 1 },
    { "jute.maxbuffer", ZT_NUMBER, 1 }, { "leaderServes", ZT_TEXT, 0 },
    { "localSessionsEnabled", ZT_BOOLEAN, 0 }, { "localSessionsUpgradingEnabled", ZT_BOOLEAN, 0 },
    { "maxClientCnxns", ZT_NUMBER, 0 }, { "maxCnxns", ZT_NUMBER, 0 },
    { "maxResponseCacheSize", ZT_NUMBER, 0 }, { "maxSessionTimeout", ZT_NUMBER, -1 },
    { "metricsProvider.className", ZT_TEXT, 0 }, { "metricsProvider.exportJvmInfo", ZT_BOOLEAN, 0 },
    { "metricsProvider.httpHost", ZT_TEXT, 0 }, { "metricsProvider.httpPort", ZT_NUMBER, 1 },
    { "minSessionTimeout", ZT_NUMBER, -1 }, { "multiAddress.enabled", ZT_BOOLEAN, 0 },
    { "observerMasterPort", ZT_NUMBER, 1 }, { "portUnification", ZT_BOOLEAN, 0 },
    { "preAllocSize", ZT_NUMBER, 0 }, { "quorumCnxnTimeoutMs", ZT_NUMBER, -1 },
    { "reconfigEnabled", ZT_BOOLEAN, 0 }, { "serverCnxnFactory", ZT_TEXT, 0 }, { "skipACL", ZT_TEXT, 0 },
    { "snapCount", ZT_NUMBER, 2 }, { "snapSizeLimitInKb", ZT_NUMBER, 0 },
    { "snapshot.trust.empty", ZT_BOOLEAN, 0 }, { "sslQuorum", ZT_BOOLEAN, 0 },
    { "sslQuorumReloadCertFiles", ZT_BOOLEAN, 0 }, { "standaloneEnabled", ZT_BOOLEAN, 0 },
    { "syncEnabled", ZT_BOOLEAN, 0 }, { "syncLimit", ZT_NUMBER, 1 }, { "tcpKeepAlive", ZT_BOOLEAN, 0 },
    { "tickTime", ZT_NUMBER, 1 }
};
#define KNOWN (sizeof known / sizeof known[0])

/* Written by gregor, or pointing out of the volume. */
static const char *const owned[] = {
    "clientPort", "clientPortAddress", "dataDir", "dataLogDir", "dynamicConfigFile", "peerType",
    "quorumListenOnAllIPs", "secureClientPort", "secureClientPortAddress", "server.", "group.", "weight.",
    NULL
};

/* Passed on: families of plugins, TLS, and system properties that zoo.cfg may set too. */
static const char *const families[] = {
    "authProvider.", "metricsProvider.", "quorum.", "ssl.", "sessionRequireClientSASLAuth", "enforce.auth.",
    "zookeeper.", "kerberos.", "requireClientAuthScheme", "jaasLoginRenew", "nio.",
    "netty.", "learner.", "leader.", "snapshot.", "digest.", "commitProcessor.", "znode.container.",
    "watchManagerName", NULL
};

static bool begins_with(const char *s, const char *const *list)
{
    for (; *list != NULL; list++)
        if (str_ends(*list, ".") ? str_starts(s, *list) : strcmp(s, *list) == 0)
            return true;
    return false;
}

static const char *name_at(const void *unused, size_t i)
{
    (void)unused;
    return i < KNOWN ? known[i].name : NULL;
}

static void unknown_key(const struct check *c, const char *key, struct pos at)
{
    const char *nearest = str_nearest(key, name_at, NULL);
    struct diag *d = diag_at(c->cx, nearest != NULL ? E_ZOO_KEY : W_ZOO_KEY, at, "ZooKeeper has no key '%s'",
                             key);
    if (nearest != NULL)
        diag_did_you_mean(c->cx, d, nearest);
    else
        diag_hint(c->cx, d, "it becomes the system property zookeeper.%s, which a plugin may read", key);
}

static const char *bad_value(struct arena *a, const struct zoo_key *k, const char *s)
{
    int64_t n;
    if (k->type == ZT_BOOLEAN && strcmp(s, "true") != 0 && strcmp(s, "false") != 0)
        return "true or false";
    if (k->type == ZT_NUMBER && (!check_integer(s, &n) || n < k->min))
        return arena_printf(a, "a whole number from %d up", (int)k->min);
    return NULL;
}

static void one_key(const struct check *c, const char *key, const char *value, struct pos key_at,
                    struct pos at)
{
    if (begins_with(key, owned)) {
        struct diag *e = diag_at(c->cx, E_ZOO_OWNED, key_at, "'%s' is derived from the description", key);
        diag_hint(c->cx, e, "remove it: servers, ports and directories follow from 'zookeeper'");
        return;
    }
    for (size_t i = 0; i < KNOWN; i++) {
        if (strcmp(known[i].name, key) != 0)
            continue;
        const char *wanted = bad_value(c->cx->a, &known[i], value);
        if (wanted != NULL) {
            struct diag *e = diag_at(c->cx, E_ZOO_VALUE, at, "'%s' is '%s': ZooKeeper wants %s", key, value,
                                     wanted);
            diag_hint(c->cx, e, "a server with another value does not start, or ignores it");
        }
        return;
    }
    if (!begins_with(key, families))
        unknown_key(c, key, key_at);
}

static void keys(const struct check *c)
{
    const struct val *map = c->d->zookeeper.pool.config;
    for (uint32_t i = 0; own_zookeeper(c->d) && map != NULL && i < map->len; i++)
        one_key(c, map->map[i].key, map->map[i].v.s, tree_key_at(map, i), map->map[i].v.at);
}

static const char *zoo(const struct check *c, const char *key)
{
    return !own_zookeeper(c->d) ? NULL : tree_str(c->d->zookeeper.pool.config, key);
}

/* Probes ask `ruok` and `srvr`, as an item of a comma-separated list, or '*'. */
static bool allows(const char *list, const char *word)
{
    while (*list != '\0') {
        const size_t n = strcspn(list, ", ");
        if ((n == 1 && *list == '*') || (n == strlen(word) && memcmp(list, word, n) == 0))
            return true;
        list += n + strspn(list + n, ", ");
    }
    return false;
}

static void four_letter_words(const struct check *c)
{
    const char *list = zoo(c, "4lw.commands.whitelist");
    if (list == NULL || (allows(list, "ruok") && allows(list, "srvr")))
        return;
    struct diag *e = diag_at(c->cx, E_ZOO_WORDS, place(c->d, "zookeeper.config.4lw.commands.whitelist"),
                             "the probes of ZooKeeper need the commands 'ruok' and 'srvr'");
    diag_hint(c->cx, e, "add them, or remove the key: the default is ruok,srvr,mntr");
}

static void purge(const struct check *c)
{
    if (!str_eq(zoo(c, "autopurge.purgeInterval"), "0"))
        return;
    struct diag *w = diag_at(c->cx, W_ZOO_PURGE, place(c->d, "zookeeper.config.autopurge.purgeInterval"),
                             "without purging, snapshots and logs fill the volume");
    diag_hint(c->cx, w, "remove it: the default is every 12 hours");
}

/* The session that Kafka asks for is cut to 2 to 20 ticks unless configured. */
static void sessions(const struct check *c)
{
    int64_t tick = 2000, most = 0, session;
    const char *tick_text = zoo(c, "tickTime"), *most_text = zoo(c, "maxSessionTimeout");
    if (!own_zookeeper(c->d) || !check_number(c, "zookeeper.session.timeout.ms", &session)
        || (tick_text != NULL && !check_integer(tick_text, &tick))
        || (most_text != NULL && !check_integer(most_text, &most)) || tick < 1 || tick > INT32_MAX)
        return;
    const int64_t limit = most > 0 ? most : 20 * tick;
    if (session <= limit)
        return;
    struct diag *w = diag_at(c->cx, W_ZOO_SESSION, tick_text != NULL || most_text != NULL
        ? place(c->d, "zookeeper.config.%s", most_text != NULL ? "maxSessionTimeout" : "tickTime")
        : place(c->d, "kafka.config.zookeeper.session.timeout.ms"),
        "ZooKeeper cuts the sessions of brokers from %d to %d ms", (int)session, (int)limit);
    diag_hint(c->cx, w, "let maxSessionTimeout be %d or more", (int)session);
}

/* ---- an ensemble that exists ----------------------------------------------------------------------------- */

/* host:port of `len` bytes. A port is written: without it Kafka takes 2181, TLS or not. */
static bool is_server(struct arena *a, const char *s, size_t len)
{
    const char *server = arena_dup(a, s, len), *colon = strrchr(server, ':');
    int64_t port;
    return colon != NULL && colon[1] >= '0' && colon[1] <= '9' && check_integer(colon + 1, &port) && port >= 1 && port <= 65535
        && k8s_bad_subdomain(arena_dup(a, server, (size_t)(colon - server))) == NULL;
}

/* As ZooKeeper wants paths: names between single slashes, none at the end (PathUtils.validatePath). */
static bool is_path(const char *s)
{
    for (; *s == '/'; s += 1 + strcspn(s + 1, "/")) {
        const size_t len = strcspn(s + 1, "/");
        if (len == 0 || (s[1] == '.' && (len == 1 || (len == 2 && s[2] == '.'))) || strcspn(s + 1, " ,") < len)
            return false;
    }
    return true;
}

static void connect(const struct check *c)
{
    const char *s = c->d->zookeeper.connect;
    const struct pos at = place(c->d, "zookeeper.connect");
    if (c->kraft || s == NULL)
        return;
    for (;; s++) {
        const size_t len = strcspn(s, ",/");
        if (!is_server(c->cx->a, s, len)) {
            struct diag *e = diag_at(c->cx, E_ZOO_CONNECT, at, "'%s' is no host:port", arena_dup(c->cx->a, s, len));
            diag_hint(c->cx, e, "write host:port,host:port, and at the end perhaps a path: zk-0.zk:2181,zk-1.zk:2181/kafka");
            return;
        }
        s += len;
        if (*s != ',')
            break;
    }
    if (!is_path(s)) {
        struct diag *e = diag_at(c->cx, E_ZOO_CONNECT, at, "'%s' is no path in ZooKeeper", s);
        diag_hint(c->cx, e, "write names after single slashes, such as /kafka");
    }
}

static void pool_of_others(const struct check *c)
{
    static const char *const fields[] = { "count", "version", "image", "storage", "volumes", "config", "cpu", "memory", NULL };
    for (const char *const *f = fields; !c->kraft && c->d->zookeeper.connect != NULL && *f != NULL; f++) {
        if (!check_own(c, "zookeeper.%s", *f) || (f == fields && c->d->zookeeper.pool.count == 0))
            continue;
        struct diag *w = diag_at(c->cx, W_ZOO_CONNECT, place(c->d, "zookeeper.%s", *f),
                                 "'zookeeper.%s' has no effect: the ensemble exists already", *f);
        diag_hint(c->cx, w, "remove it, or remove 'connect'");
    }
}

check_rule *const check_zookeeper[] = { connect, pool_of_others, keys, four_letter_words, purge, sessions, NULL };
