#include "cluster/rules.h"

#include "base/text.h"
#include "model/kafka.h"

/* AclEntry.supportedOperations() in the jars of 2.8 to 4.3. IdempotentWrite is there, and since 2.8 no producer needs it: the right to
 * write to any topic is enough (KIP-679). */
static const struct { int resource; const char *operation; int since; } known[] = {
    { ACL_TOPIC, "read", 208 }, { ACL_TOPIC, "write", 208 }, { ACL_TOPIC, "create", 208 }, { ACL_TOPIC, "delete", 208 },
    { ACL_TOPIC, "alter", 208 }, { ACL_TOPIC, "describe", 208 }, { ACL_TOPIC, "describe-configs", 208 },
    { ACL_TOPIC, "alter-configs", 208 },
    { ACL_GROUP, "read", 208 }, { ACL_GROUP, "describe", 208 }, { ACL_GROUP, "delete", 208 },
    { ACL_GROUP, "describe-configs", 400 }, { ACL_GROUP, "alter-configs", 400 },
    { ACL_CLUSTER, "create", 208 }, { ACL_CLUSTER, "alter", 208 }, { ACL_CLUSTER, "describe", 208 },
    { ACL_CLUSTER, "cluster-action", 208 }, { ACL_CLUSTER, "describe-configs", 208 }, { ACL_CLUSTER, "alter-configs", 208 },
    { ACL_CLUSTER, "idempotent-write", 208 },
    { ACL_TRANSACTIONAL_ID, "describe", 208 }, { ACL_TRANSACTIONAL_ID, "write", 208 },
    { ACL_TRANSACTIONAL_ID, "two-phase-commit", 401 },
    { ACL_DELEGATION_TOKEN, "describe", 208 },
    { ACL_USER, "create-tokens", 303 }, { ACL_USER, "describe-tokens", 303 },
};
#define KNOWN (sizeof known / sizeof known[0])

const char *rules_resource_word(int resource)
{
    static const char *const words[] = { "topic", "group", "cluster", "transactional-id", "delegation-token", "user" };
    return words[resource];
}

int rules_since(int resource, const char *operation)
{
    for (size_t i = 0; i < KNOWN; i++)
        if (known[i].resource == resource && (strcmp(known[i].operation, operation) == 0 || strcmp(operation, "all") == 0))
            return known[i].since;
    return 0;
}

const char *rules_operations(struct arena *a, int resource, int line)
{
    struct text t = { .a = a };
    for (size_t i = 0; i < KNOWN; i++)
        if (known[i].resource == resource && known[i].since <= line)
            text_join(&t, t.len > 0 ? ", " : "", known[i].operation, NULL);
    return text_str(&t);
}

/* ---- the rules that words mean ------------------------------------------------------------------------------------- */

static void add(struct rule_list *l, struct one_rule r)
{
    if (l->len == l->cap) {
        const uint32_t cap = l->cap == 0 ? 16 : l->cap * 2;
        l->at  = arena_grow(l->a, l->at, l->cap * sizeof *l->at, l->len * sizeof *l->at, cap * sizeof *l->at);
        l->cap = cap;
    }
    l->at[l->len++] = r;
}

/* "describe-configs" is DescribeConfigs to kafka-acls. */
static const char *pascal(struct arena *a, const char *word)
{
    char *out = arena_dup(a, word, strlen(word)), *to = out;
    for (const char *s = word; *s != '\0'; s++)
        if (*s != '-')
            *to++ = (char)(s == word || s[-1] == '-' ? *s - 'a' + 'A' : *s);
    *to = '\0';
    return out;
}

static void allow(struct rule_list *l, const struct user *u, int resource, const char *name, bool prefix, const char *operations)
{
    while (*operations != '\0') {
        const size_t len = strcspn(operations, " ");
        add(l, (struct one_rule){ u->name, "Allow", pascal(l->a, arena_dup(l->a, operations, len)), resource, prefix, name, "*" });
        operations += len + (operations[len] == ' ');
    }
}

/* What kafka-acls --producer and --consumer mean, without the right to create topics: those are described. */
static void add_clients(struct rule_list *l, const struct user *u)
{
    for (uint32_t i = 0; i < u->produce_count; i++)
        allow(l, u, ACL_TOPIC, u->produce[i].topic, u->produce[i].prefix, "write describe");
    for (uint32_t i = 0; i < u->consume_count; i++) {
        const struct consume_rule *r = &u->consume[i];
        const char *group = r->group != NULL ? r->group : u->group;
        allow(l, u, ACL_TOPIC, r->topic, r->prefix, "read describe");
        if (group != NULL)
            allow(l, u, ACL_GROUP, group, r->group_prefix, "read");
    }
    for (uint32_t i = 0; i < u->transactional_count; i++)
        allow(l, u, ACL_TRANSACTIONAL_ID, u->transactional[i].id, u->transactional[i].prefix, "write describe");
}

#define MANAGE "create delete alter alter-configs describe describe-configs"

/* Which request needs what: Kafka documentation, "Protocol to operations". Configuration of groups came with 4.0. */
static void add_admin(struct rule_list *l, const struct user *u, const char *word, int line)
{
    const bool group_configs = line >= rules_since(ACL_GROUP, "alter-configs");
    if (strcmp(word, "describe") == 0) {
        allow(l, u, ACL_TOPIC, "*", false, "describe describe-configs");
        allow(l, u, ACL_GROUP, "*", false, group_configs ? "describe describe-configs" : "describe");
        allow(l, u, ACL_CLUSTER, "kafka-cluster", false, "describe describe-configs");
    } else if (strcmp(word, "topics") == 0) {
        allow(l, u, ACL_TOPIC, "*", false, MANAGE);
    } else if (strcmp(word, "groups") == 0) {
        allow(l, u, ACL_GROUP, "*", false, group_configs ? "read delete describe alter-configs describe-configs"
                                                         : "read delete describe");
    } else {
        allow(l, u, ACL_CLUSTER, "kafka-cluster", false, "create alter alter-configs describe describe-configs");
    }
}

static void add_acl(struct rule_list *l, const struct user *u, const struct acl *r)
{
    for (uint32_t i = 0; i < r->operations.len; i++)
        add(l, (struct one_rule){ u->name, r->permission == ACL_DENY ? "Deny" : "Allow", pascal(l->a, r->operations.at[i]),
                                  r->resource, r->pattern == ACL_PREFIXED,
                                  r->resource == ACL_CLUSTER ? "kafka-cluster" : r->name, r->host });
}

void rules_of(struct rule_list *out, const struct user *u, int line)
{
    add_clients(out, u);
    for (uint32_t i = 0; i < u->manage_count; i++)
        allow(out, u, ACL_TOPIC, u->manage[i].topic, u->manage[i].prefix, MANAGE);
    for (uint32_t i = 0; i < u->admin.len; i++)
        add_admin(out, u, u->admin.at[i], line);
    for (uint32_t i = 0; i < u->acl_count; i++)
        add_acl(out, u, &u->acls[i]);
}
