/* Rules about what containers and pods ask for: cpu, memory, huge pages, devices. */
#include "model/k8s_walk.h"

#include "base/text.h"

#include <string.h>

bool k8s_amount(const struct val *v, int64_t *milli)
{
    if (v != NULL && v->kind == V_INT && v->i >= 0 && v->i <= INT64_MAX / 1000) {
        *milli = v->i * 1000;
        return true;
    }
    return v != NULL && v->kind == V_STR && k8s_parse_quantity(v->s, milli);
}

const char *k8s_amount_text(struct k8s_walk *w, const struct val *v)
{
    return v->kind == V_INT ? arena_printf(w->c->cx->a, "%lld", (long long)v->i) : k8s_shown(w, v->s);
}

/* ---- names -------------------------------------------------------------------------------------------- */

static bool is_huge(const char *key)
{
    return key[0] == 'h' && strncmp(key, "hugepages-", 10) == 0;
}

/* A device or the like: DOMAIN/NAME. What is kubernetes.io's is not. */
static bool is_extended(const char *key)
{
    return strchr(key, '/') != NULL && strstr(key, "kubernetes.io/") == NULL;
}

const char *k8s_bad_resource(const char *key)
{
    if (strcmp(key, "cpu") == 0 || strcmp(key, "memory") == 0 || strcmp(key, "ephemeral-storage") == 0)
        return NULL;
    if (!is_huge(key) && strchr(key, '/') == NULL)
        return "is none of: cpu, memory, ephemeral-storage, hugepages-SIZE, DOMAIN/NAME";
    return is_extended(key) && str_starts(key, "requests.") ? "starts with 'requests.', as only the keys of quotas do"
                                                            : k8s_bad_label_key(key);
}

const char *k8s_bad_quota(const char *key)
{
    static const char *const counted[] = {
        "cpu", "memory", "ephemeral-storage", "requests.cpu", "requests.memory", "requests.ephemeral-storage",
        "requests.storage", "limits.cpu", "limits.memory", "limits.ephemeral-storage", "pods", "services",
        "services.nodeports", "services.loadbalancers", "secrets", "configmaps", "persistentvolumeclaims",
        "replicationcontrollers", "resourcequotas",
    };
    for (size_t i = 0; i < sizeof counted / sizeof *counted; i++)
        if (strcmp(key, counted[i]) == 0)
            return NULL;
    if (strchr(key, '/') == NULL && !is_huge(str_starts(key, "requests.") ? key + 9 : key))
        return "is nothing that a quota counts";
    return k8s_bad_label_key(key);
}

/* ---- requests and limits ------------------------------------------------------------------------------ */

/* What cannot be overcommitted is asked for exactly. */
static bool is_exact(const char *key)
{
    return is_huge(key) || is_extended(key);
}

static void check_request(struct k8s_walk *w, const struct pair *p, const struct val *limit, const struct k8s_step *at)
{
    const struct k8s_step step = { at, "requests", 0 };
    const bool exact = is_exact(p->key);
    int64_t request, most;
    if (!k8s_amount(&p->v, &request) || !k8s_amount(limit, &most) || (exact ? request == most : request <= most))
        return;
    struct diag *d = k8s_report_in(w, E_K8S_RULE, k8s_written(&p->v, limit), &step, p->key,
                                   exact ? "is %s, and must equal the limit of %s" : "is %s, more than the limit of %s",
                                   k8s_amount_text(w, &p->v), k8s_amount_text(w, limit));
    if (p->v.at.line > 0 && limit->at.line > 0)
        diag_note(w->c->cx, d, limit->at, "the limit is here");
}

static void check_page(struct k8s_walk *w, const struct pair *p, const struct val *v, const struct k8s_step *at)
{
    int64_t page, amount;
    if (!k8s_parse_quantity(p->key + 10, &page) || page <= 0)
        k8s_report_in(w, E_K8S_VALUE, &p->v, at, p->key, "has a key that does not end in the size of a page, like 2Mi");
    else if (k8s_amount(&p->v, &amount) && amount % page != 0)
        k8s_report_in(w, E_K8S_RULE, &p->v, at, p->key, "is %s, and must be a multiple of %s", k8s_amount_text(w, &p->v),
                      k8s_shown(w, p->key + 10));
    static const char *const beside[] = { "cpu", "memory" }, *const lists[] = { "requests", "limits" };
    for (size_t i = 0; i < 4; i++)
        if (tree_get(tree_get(v, lists[i / 2]), beside[i % 2]) != NULL)
            return;
    if (!w->c->partial)
        k8s_report_in(w, E_K8S_RULE, &p->v, at, p->key, "needs 'cpu' or 'memory' beside it");
}

/* More entries than this are somebody's mistake. */
enum { ENTRIES = 100 };

static bool is_short(const struct val *map)
{
    return map != NULL && map->kind == V_MAP && map->len <= ENTRIES;
}

void k8s_rule_resources(struct k8s_walk *w, const struct val *v, const struct k8s_step *at)
{
    const struct val *requests = tree_get(v, "requests"), *limits = tree_get(v, "limits");
    const struct k8s_step asked = { at, "requests", 0 }, bound = { at, "limits", 0 };
    for (uint32_t i = 0; is_short(requests) && i < requests->len; i++) {
        const struct pair *p = &requests->map[i];
        const struct val *limit = tree_get(limits, p->key);
        if (limit != NULL)
            check_request(w, p, limit, at);
        else if (is_exact(p->key) && !w->c->partial)
            k8s_report_in(w, E_K8S_RULE, &p->v, &asked, p->key, "needs a limit of the same amount");
        if (is_huge(p->key))
            check_page(w, p, v, &asked);
    }
    for (uint32_t i = 0; is_short(limits) && i < limits->len; i++)
        if (is_huge(limits->map[i].key) && tree_get(requests, limits->map[i].key) == NULL)
            check_page(w, &limits->map[i], v, &bound);
}

/* Only these units of a resource can be shown to a container. */
void k8s_rule_resource_field(struct k8s_walk *w, const struct val *v, const struct k8s_step *at)
{
    static const char units[] = "0 1 1k 1M 1G 1T 1P 1E 1Ki 1Mi 1Gi 1Ti 1Pi 1Ei", cpus[] = "0 1 1m";
    const struct val *divisor = tree_get(v, "divisor");
    const char *resource = tree_str(v, "resource");
    char text[K8S_QUANTITY_ROOM] = "1";
    size_t len = 1;
    if (divisor == NULL || resource == NULL || (divisor->kind != V_STR && divisor->kind != V_INT))
        return;
    if (divisor->kind == V_STR ? (len = k8s_canonical_quantity(divisor->s, text)) == 0 : divisor->i == 0 || divisor->i == 1)
        return;
    const bool cpu = str_ends(resource, ".cpu");
    const char *list = cpu ? cpus : units;
    for (const char *p = list; divisor->kind == V_STR && *p != '\0'; p += strcspn(p, " ") + (p[strcspn(p, " ")] == ' '))
        if (strcspn(p, " ") == len && strncmp(p, text, len) == 0)
            return;
    k8s_report_in(w, E_K8S_VALUE, divisor, at, "divisor", "is '%s', and must be %s", k8s_amount_text(w, divisor),
                  cpu ? "1 or 1m" : "1 or a unit like 1Ki, 1Mi or 1M");
}

/* ---- of a whole pod ----------------------------------------------------------------------------------- */

static int64_t plus(int64_t a, int64_t b)
{
    return a > INT64_MAX - b ? INT64_MAX : a + b;
}

/* What a container asks for; a limit alone is a request, too. */
static int64_t asked_by(const struct val *container, const char *key)
{
    const struct val *resources = tree_get(container, "resources");
    const struct val *v = tree_get(tree_get(resources, "requests"), key);
    int64_t milli;
    if (v == NULL)
        v = tree_get(tree_get(resources, "limits"), key);
    return k8s_amount(v, &milli) && milli > 0 ? milli : 0;
}

/* Containers run beside each other and beside the sidecars; other init containers one by one, before them. */
static int64_t asked_by_all(const struct val *pod, const char *key)
{
    const struct val *containers = tree_get(pod, "containers"), *init = tree_get(pod, "initContainers");
    int64_t sum = 0, sidecars = 0, most = 0;
    for (uint32_t i = 0; i < k8s_items(init); i++) {
        const int64_t one = asked_by(&init->seq[i], key);
        if (k8s_is(tree_get(&init->seq[i], "restartPolicy"), "Always"))
            sidecars = plus(sidecars, one);
        else if (plus(sidecars, one) > most)
            most = plus(sidecars, one);
    }
    for (uint32_t i = 0; i < k8s_items(containers); i++)
        sum = plus(sum, asked_by(&containers->seq[i], key));
    return plus(sum, sidecars) > most ? plus(sum, sidecars) : most;
}

static void check_sum(struct k8s_walk *w, const struct val *pod, const struct pair *p, const struct k8s_step *at)
{
    int64_t most;
    if (k8s_amount(&p->v, &most) && asked_by_all(pod, p->key) > most)
        k8s_report_in(w, E_K8S_RULE, &p->v, at, p->key, "is %s, less than the containers of the pod ask for together",
                      k8s_amount_text(w, &p->v));
}

static void check_each(struct k8s_walk *w, const struct val *pod, const struct pair *p, const struct k8s_step *spec)
{
    const struct val *containers = tree_get(pod, "containers");
    int64_t most, one;
    for (uint32_t i = 0; i < k8s_items(containers); i++) {
        const struct val *limit = tree_get(tree_at(&containers->seq[i], "resources", "limits", NULL), p->key);
        if (!k8s_amount(&p->v, &most) || !k8s_amount(limit, &one) || one <= most)
            continue;
        const struct k8s_step list = { spec, "containers", 0 }, item = { &list, NULL, i };
        const struct k8s_step resources = { &item, "resources", 0 }, limits = { &resources, "limits", 0 };
        k8s_report_in(w, E_K8S_RULE, k8s_written(limit, &p->v), &limits, p->key, "is %s, more than the pod's limit of %s",
                      k8s_amount_text(w, limit), k8s_amount_text(w, &p->v));
    }
}

static void check_pod_key(struct k8s_walk *w, const struct pair *p, const struct k8s_step *at)
{
    if (strcmp(p->key, "cpu") != 0 && strcmp(p->key, "memory") != 0 && !is_huge(p->key))
        k8s_report_in(w, E_K8S_RULE, &p->v, at, p->key,
                      "must not stand: a pod as a whole has only cpu, memory and huge pages");
}

void k8s_check_pod_resources(struct k8s_walk *w, const struct val *pod, const struct k8s_step *at)
{
    const struct val *resources = tree_get(pod, "resources"), *requests = tree_get(resources, "requests");
    const struct val *limits = tree_get(resources, "limits"), *claims = tree_get(resources, "claims");
    const struct k8s_step step = { at, "resources", 0 }, asked = { &step, "requests", 0 }, bound = { &step, "limits", 0 };
    if (k8s_given(claims))
        k8s_report_in(w, E_K8S_RULE, claims, &step, "claims", "must not stand: only containers claim devices");
    for (uint32_t i = 0; is_short(requests) && i < requests->len; i++) {
        check_pod_key(w, &requests->map[i], &asked);
        check_sum(w, pod, &requests->map[i], &asked);
    }
    for (uint32_t i = 0; is_short(limits) && i < limits->len; i++) {
        check_pod_key(w, &limits->map[i], &bound);
        check_each(w, pod, &limits->map[i], at);
        if (tree_get(requests, limits->map[i].key) == NULL)
            check_sum(w, pod, &limits->map[i], &bound);
    }
}

/* ---- claims on devices -------------------------------------------------------------------------------- */

static bool has_claim(const struct val *claims, const char *name)
{
    for (uint32_t i = 0; i < k8s_items(claims) && i < ENTRIES; i++)
        if (k8s_is(tree_get(&claims->seq[i], "name"), name))
            return true;
    return false;
}

static void check_claims(struct k8s_walk *w, const struct val *container, const struct val *claims,
                         const struct k8s_step *at)
{
    const struct val *used = tree_at(container, "resources", "claims", NULL);
    for (uint32_t i = 0; i < k8s_items(used) && i < ENTRIES; i++) {
        const struct k8s_step resources = { at, "resources", 0 }, list = { &resources, "claims", 0 };
        const struct k8s_step item = { &list, NULL, i };
        const struct val *name = tree_get(&used->seq[i], "name");
        if (k8s_filled(name) && !has_claim(claims, name->s))
            k8s_report_in(w, E_K8S_RULE, k8s_written(name, &used->seq[i]), &item, "name",
                          "is '%s', and the pod's resourceClaims have none of that name", k8s_shown(w, name->s));
    }
}

void k8s_check_resource_claims(struct k8s_walk *w, const struct val *pod, const struct k8s_step *at)
{
    static const char *const lists[] = { "initContainers", "containers" };
    for (size_t l = 0; l < 2; l++) {
        const struct val *list = tree_get(pod, lists[l]);
        for (uint32_t i = 0; i < k8s_items(list); i++) {
            const struct k8s_step in = { at, lists[l], 0 }, item = { &in, NULL, i };
            check_claims(w, &list->seq[i], tree_get(pod, "resourceClaims"), &item);
        }
    }
}
