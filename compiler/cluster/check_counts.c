/* check_counts.c: how many pods a cluster, a quorum and an ensemble need. */
#include "cluster/check.h"

static const char *controllers_at(const struct check *c)
{
    return c->d->controllers.count > 0 ? "controllers.count" : "brokers.count";
}

static void no_brokers(const struct check *c)
{
    if (c->brokers > 0)
        return;
    struct diag *e = diag_at(c->cx, E_NO_BROKERS, place(c->d, "brokers.count"), "the cluster has no broker");
    diag_hint(c->cx, e, "let brokers.count be 1 or more, or give a pool the role broker");
}

static void no_controllers(const struct check *c)
{
    if (!c->kraft || c->controllers > 0 || c->brokers == 0)
        return;
    struct diag *e = diag_at(c->cx, E_NO_CONTROLLERS, place(c->d, "controllers.count"),
                             "no pod has the role controller");
    diag_hint(c->cx, e, "let controllers.count be 3, or give a pool the role controller");
}

static void two_controllers(const struct check *c)
{
    if (!c->kraft || c->controllers != 2)
        return;
    struct diag *e = diag_at(c->cx, E_TWO_CONTROLLERS, place(c->d, "%s", controllers_at(c)),
                             "two controllers stop when either of them is away");
    diag_hint(c->cx, e, "%s", is_combined(c->d) ? "write controllers: {count: 3}, or take 1 or 3 brokers"
              : "use 1 or 3");
}

static void even_controllers(const struct check *c)
{
    if (!c->kraft || c->controllers < 4 || c->controllers % 2 != 0 || c->controllers > 7)
        return;
    const int64_t n = c->controllers;
    struct diag *w = diag_at(c->cx, W_EVEN_CONTROLLERS, place(c->d, "%s", controllers_at(c)),
                             "%d controllers survive the loss of %d, as %d do", (int)n, (int)(n - 1) / 2,
                             (int)n - 1);
    diag_hint(c->cx, w, is_combined(c->d) ? "write controllers: {count: 3}" : "use 3 or 5");
}

static void many_controllers(const struct check *c)
{
    if (!c->kraft || c->controllers <= 7)
        return;
    struct diag *w = diag_at(c->cx, W_MANY_CONTROLLERS, place(c->d, "%s", controllers_at(c)),
                             "%d controllers make every change of metadata slow", (int)c->controllers);
    diag_hint(c->cx, w, is_combined(c->d) ? "write controllers: {count: 3}" : "use 3 or 5");
}

/* Odd numbers up to 7: the others have their own warning. */
static void combined_quorum(const struct check *c)
{
    if (!c->kraft || !is_combined(c->d) || c->controllers <= 5 || c->controllers % 2 == 0
        || c->controllers > 7)
        return;
    struct diag *w = diag_at(c->cx, W_COMBINED, place(c->d, "brokers.count"),
                             "%d brokers that are controllers too load each other",
                             (int)c->controllers);
    diag_hint(c->cx, w, "write controllers: {count: 3}");
}

static void single_controller(const struct check *c)
{
    if (!c->kraft || c->controllers != 1 || c->brokers < 3)
        return;
    struct diag *w = diag_at(c->cx, W_ONE_CONTROLLER, place(c->d, "%s", controllers_at(c)),
                             "one controller for %d brokers: nothing can take its place", (int)c->brokers);
    diag_hint(c->cx, w, "use 3");
}

/* ---- ZooKeeper ----------------------------------------------------------------------------------------- */

static void ensemble(const struct check *c)
{
    const int n = (int)c->d->zookeeper.pool.count;
    const struct pos at = place(c->d, "zookeeper.count");
    struct diag *found = NULL;
    if (!own_zookeeper(c->d))
        return;
    if (n == 0)
        found = diag_at(c->cx, E_NO_ZOOKEEPER, at, "the cluster has no ZooKeeper server");
    else if (n == 2)
        found = diag_at(c->cx, E_TWO_ZOOKEEPERS, at,
                        "two ZooKeeper servers stop when either of them is away");
    else if (n == 1 && c->brokers >= 3)
        found = diag_at(c->cx, W_ONE_ZOOKEEPER, at,
                        "one ZooKeeper server for %d brokers: nothing can take its place", (int)c->brokers);
    else if (n > 7)
        found = diag_at(c->cx, W_MANY_ZOOKEEPERS, at, "%d voting ZooKeeper servers make every write slow", n);
    else if (n % 2 == 0)
        found = diag_at(c->cx, W_EVEN_ZOOKEEPERS, at, "%d ZooKeeper servers survive the loss of %d, as %d do",
                        n, (n - 1) / 2, n - 1);
    if (found != NULL)
        diag_hint(c->cx, found, n > 3 ? "use 3 or 5" : n == 0 ? "use 3, or name one that exists: 'connect'" : "use 3");
}

check_rule *const check_counts[] = {
    no_brokers, no_controllers, two_controllers, even_controllers, many_controllers, combined_quorum,
    single_controller, ensemble, NULL
};
