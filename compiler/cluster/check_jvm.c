/* check_jvm.c: options and properties of the JVM. */
#include "cluster/check.h"

/* Options with another field, and those that Java 17 refuses: with an unrecognised option the JVM does
 * not start. */
static const char *const sizes[] = {
    "-Xmx", "-Xms", "-XX:MaxHeapSize", "-XX:InitialHeapSize", "-XX:MaxRAMPercentage",
    "-XX:InitialRAMPercentage", "-XX:MinRAMPercentage", "-XX:MaxRAM=", NULL
};
static const char *const gone[] = {
    "-XX:+UseConcMarkSweepGC", "-XX:+UseParNewGC", "-XX:+CMS", "-XX:-CMS", "-XX:CMS",
    "-XX:+PrintGCDateStamps", "-XX:+PrintGCTimeStamps", "-XX:+PrintTenuringDistribution",
    "-XX:+PrintGCApplicationStoppedTime", "-XX:+UseGCLogFileRotation", "-XX:NumberOfGCLogFiles",
    "-XX:GCLogFileSize", "-XX:MaxPermSize", "-XX:PermSize", "-XX:+AggressiveOpts", NULL
};
static const char *const collectors[] = {
    "-XX:+UseG1GC", "-XX:+UseZGC", "-XX:+UseParallelGC", "-XX:+UseSerialGC", "-XX:+UseShenandoahGC",
    "-XX:+UseEpsilonGC", NULL
};

static const char *begins_with(const char *s, const char *const *list)
{
    for (; *list != NULL; list++)
        if (str_starts(s, *list))
            return *list;
    return NULL;
}

/* The options are handed over in one environment variable that a shell splits at blanks. */
static const char *bad_option(const char *s)
{
    if (s[0] != '-' || s[1] == '\0')
        return "does not begin with '-'";
    return strpbrk(s, " \t'\"`$\\;&|<>*?()") != NULL ? "has a character that a shell would take for its own"
        : NULL;
}

static void option(const struct check *c, const struct pool_at *p, uint32_t i)
{
    const char *s = p->pool->jvm.options.at[i];
    const struct pos at = place(c->d, "%s.jvm.options[%u]", p->path, i);
    const char *bad = bad_option(s);
    struct diag *e = NULL;
    if (bad != NULL) {
        e = diag_at(c->cx, E_JVM_OPTION, at, "'%s' is no JVM option: it %s", s, bad);
        diag_hint(c->cx, e, "write one option an entry, such as -XX:+UseZGC");
    } else if (begins_with(s, sizes) != NULL) {
        e = diag_at(c->cx, E_JVM_HEAP, at, "'%s' sets the size of the heap behind the back of 'heap'", s);
        diag_hint(c->cx, e, "write %s.heap instead", p->path);
    } else if (begins_with(s, gone) != NULL) {
        e = diag_at(c->cx, E_JVM_GONE, at, "'%s' is gone since Java 17: the JVM would not start", s);
        diag_hint(c->cx, e, strstr(s, "GC") != NULL && strstr(s, "Use") == NULL ? "use -Xlog:gc*"
                  : "remove it: G1 is the default");
    }
}

static void options(const struct check *c)
{
    for (uint32_t i = 0; i < c->pool_count; i++)
        for (uint32_t n = 0; n < c->pools[i].pool->jvm.options.len; n++)
            option(c, &c->pools[i], n);
}

static void two_collectors(const struct check *c)
{
    for (uint32_t i = 0; i < c->pool_count; i++) {
        const struct strs *all = &c->pools[i].pool->jvm.options;
        const char *first = NULL;
        for (uint32_t n = 0; n < all->len; n++) {
            const char *here = begins_with(all->at[n], collectors);
            if (here != NULL && first != NULL && here != first) {
                struct diag *e = diag_at(c->cx, E_JVM_COLLECTORS,
                                         place(c->d, "%s.jvm.options[%u]", c->pools[i].path, n),
                                         "'%s' and '%s' cannot be used together", first, here);
                diag_hint(c->cx, e, "keep one collector");
                break;
            }
            first = here != NULL ? here : first;
        }
    }
}

/* ---- properties ---------------------------------------------------------------------------------------- */

static void property(const struct check *c, const struct pool_at *p, const char *key, const char *value,
                     struct pos at)
{
    if (key[0] == '\0' || strpbrk(key, " \t=\\'\"$`;&|<>*?()") != NULL
        || strpbrk(value, " \t'\"`$\\;&|<>*?()") != NULL) {
        struct diag *e = diag_at(c->cx, E_JVM_PROPERTY, at,
                                 "the property '%s' of '%s' has characters that a shell would take for its "
                                 "own",
                                 key, p->path);
        diag_hint(c->cx, e, "keys and values become -Dkey=value: letters, digits and . _ - / : , + @ %% fit");
    }
    if (str_eq(key, "com.sun.management.jmxremote.authenticate") && str_eq(value, "false")) {
        struct diag *w = diag_at(c->cx, W_JMX_OPEN, at,
                                 "JMX without authentication lets anybody run code in '%s'", p->path);
        diag_hint(c->cx, w, "read metrics through monitoring.prometheus instead");
    }
}

static void properties(const struct check *c)
{
    for (uint32_t i = 0; i < c->pool_count; i++) {
        const struct val *map = c->pools[i].pool->jvm.properties;
        for (uint32_t n = 0; map != NULL && n < map->len; n++)
            property(c, &c->pools[i], map->map[n].key, map->map[n].v.s, tree_key_at(map, n));
    }
}

check_rule *const check_jvm[] = { options, two_collectors, properties, NULL };
