/* check_replication.c: copies, acknowledgements, and how many brokers may be away (REL 34). */
#include "cluster/check.h"

#include <inttypes.h>

/* Internal topics: Kafka makes each at first use, and that fails for good when its factor is too high. */
static const char *const factors[] = {
    "default.replication.factor", "offsets.topic.replication.factor",
        "transaction.state.log.replication.factor",
    "share.coordinator.state.topic.replication.factor",
    "rlmm.config.remote.log.metadata.topic.replication.factor"
};
#define FACTORS (sizeof factors / sizeof factors[0])

/* Returns true when kafka.config sets `key` to a number. Nothing is known of the keys of plugins (rlmm.config.*). */
static bool number_of(const struct check *c, const char *key, int64_t *n)
{
    const char *s = kafka_config(c->d, key);
    return s != NULL && (str_starts(key, "rlmm.") ? check_integer(s, n) : check_number(c, key, n));
}

static struct pos at_key(const struct check *c, const char *key)
{
    return place(c->d, "kafka.config.%s", key);
}

static void factor_over_brokers(const struct check *c)
{
    int64_t n;
    for (size_t i = 0; i < FACTORS && c->brokers > 0; i++) {
        if (!number_of(c, factors[i], &n) || n <= c->brokers)
            continue;
        struct diag *e = diag_at(c->cx, E_FACTOR_OVER_BROKERS, at_key(c, factors[i]),
                                 "'%s' is %" PRId64 " of %" PRId64 " brokers", factors[i], n, c->brokers);
        diag_hint(c->cx, e, "each copy needs a broker of its own: use %d or less, or more brokers",
                  (int)c->brokers);
    }
}

static void factor_one(const struct check *c)
{
    int64_t n;
    for (size_t i = 0; i < FACTORS && c->brokers > 1; i++) {
        if (!number_of(c, factors[i], &n) || n != 1)
            continue;
        struct diag *w = diag_at(c->cx, W_FACTOR_ONE, at_key(c, factors[i]),
                                 "'%s' is 1: a single broker holds the only copy",
                                 factors[i]);
        diag_hint(c->cx, w, "use %d", c->brokers < 3 ? 2 : 3);
    }
}

static void factor_two(const struct check *c)
{
    int64_t n;
    if (!number_of(c, "default.replication.factor", &n) || n != 2 || c->brokers < 3 || c->min_isr != 1)
        return;
    struct diag *w = diag_at(c->cx, W_FACTOR_TWO, at_key(c, "default.replication.factor"),
                             "with 2 copies the loss of one broker can lose acknowledged records");
    diag_hint(c->cx, w, "use 3 copies with min.insync.replicas 2");
}

/* ---- acknowledgements ---------------------------------------------------------------------------------- */

/* A least number of acknowledgements, the copies it counts, and what gregor sets when neither is written. */
struct acknowledged {
    const char *min_isr, *factor;
};

static const struct acknowledged acknowledged[] = {
    { "min.insync.replicas", "default.replication.factor" },
    { "transaction.state.log.min.isr", "transaction.state.log.replication.factor" },
    { "share.coordinator.state.topic.min.isr", "share.coordinator.state.topic.replication.factor" }
};

static void figures(const struct check *c, const struct acknowledged *k, int64_t *min_isr, int64_t *copies)
{
    const bool topics = k == &acknowledged[0];
    const int64_t usual = c->brokers < 3 ? c->brokers : 3;
    if (!number_of(c, k->factor, copies))
        *copies = topics ? c->factor : usual;
    if (!number_of(c, k->min_isr, min_isr))
        *min_isr = topics ? c->min_isr : usual < 3 ? 1 : 2;
}

static void min_isr(const struct check *c)
{
    for (size_t i = 0; i < sizeof acknowledged / sizeof acknowledged[0] && c->brokers > 0; i++) {
        const struct acknowledged *k = &acknowledged[i];
        int64_t least = 0, copies = 0;
        if (kafka_config(c->d, k->min_isr) == NULL && kafka_config(c->d, k->factor) == NULL)
            continue;
        figures(c, k, &least, &copies);
        const struct pos at = at_key(c, kafka_config(c->d, k->min_isr) != NULL ? k->min_isr : k->factor);
        struct diag *e = NULL;
        if (least > copies)
            e = diag_at(c->cx, E_MIN_ISR_OVER, at,
                        "no write with acks=all is ever accepted: '%s' is %d of %d copies", k->min_isr,
                        (int)least, (int)copies);
        else if (least == copies && copies > 1)
            e = diag_at(c->cx, E_MIN_ISR_ALL, at, "no broker may restart while '%s' is %d of %d copies",
                        k->min_isr, (int)least,
                        (int)copies);
        if (e != NULL)
            diag_hint(c->cx, e, "use %d or less", copies > 1 ? (int)copies - 1 : 1);
    }
}

static void min_isr_one(const struct check *c)
{
    int64_t n;
    if (!number_of(c, "min.insync.replicas", &n) || n != 1 || c->factor < 3)
        return;
    struct diag *w = diag_at(c->cx, W_MIN_ISR_ONE, at_key(c, "min.insync.replicas"),
                             "with 'min.insync.replicas' 1 of %d a record can be acknowledged and lost",
                             (int)c->factor);
    diag_hint(c->cx, w, "use %d", (int)(c->factor / 2 + 1));
}

static void unclean(const struct check *c)
{
    if (!str_eq(kafka_config(c->d, "unclean.leader.election.enable"), "true"))
        return;
    struct diag *w = diag_at(c->cx, W_UNCLEAN, at_key(c, "unclean.leader.election.enable"),
                             "a replica that lags may become leader and drop acknowledged records");
    diag_hint(c->cx, w, "leave it false, and set it for the topics that prefer staleness to waiting");
}

/* ---- budgets ------------------------------------------------------------------------------------------- */

static void budget(const struct check *c)
{
    const int64_t n = c->d->budget.max_unavailable, spare = c->factor - c->min_isr;
    if (!c->d->budget.enabled || n == AUTO || c->brokers < 2)
        return;
    const struct pos at = place(c->d, "disruptionBudget.maxUnavailable");
    struct diag *found = NULL;
    if (n == 0)
        found = diag_at(c->cx, W_BUDGET_ZERO, at,
                        "no node with a broker can be drained while 'maxUnavailable' is 0");
    else if (n >= c->brokers)
        found = diag_at(c->cx, E_BUDGET_ALL, at,
                        "'maxUnavailable' is %d: drains may take all %d brokers at once", (int)n,
                        (int)c->brokers);
    else if (n > (spare > 1 ? spare : 1) && c->factor > 1)
        found = diag_at(c->cx, E_BUDGET, at,
                        "'maxUnavailable' is %d: with %d copies and min.insync.replicas %d only %d may be "
                        "away",
                        (int)n, (int)c->factor, (int)c->min_isr, (int)(spare > 1 ? spare : 1));
    if (found != NULL)
        diag_hint(c->cx, found, "use auto: here that is %d", spare > 1 ? (int)spare : 1);
}

check_rule *const check_replication[] = {
    factor_over_brokers, factor_one, factor_two, min_isr, min_isr_one, unclean, budget, NULL
};
