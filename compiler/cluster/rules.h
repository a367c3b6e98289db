/* rules.h: access control: which operation a resource of Kafka knows, and what the short words of `users` mean. */
#ifndef GREGOR_CLUSTER_RULES_H
#define GREGOR_CLUSTER_RULES_H

#include "cluster/description.h"

/* "topic", "transactional-id": as kafka-acls calls the resource. */
const char *rules_resource_word(int resource);

/* The line of Kafka since which rules about that resource know the operation ("describe-configs"); 0: none does. "all" is known
 * for every resource. Lines before 2.8 count as 2.8. */
int rules_since(int resource, const char *operation);

/* The operations of the resource, separated by ", ". */
const char *rules_operations(struct arena *a, int resource, int line);

/* One rule as kafka-acls knows it: words of its options. */
struct one_rule {
    const char *user, *permission; /* "Allow" or "Deny" */
    const char *operation;         /* "DescribeConfigs" */
    int         resource;          /* enum acl_resource */
    bool        prefixed;
    const char *name, *host;
};

struct rule_list { struct arena *a; struct one_rule *at; uint32_t len, cap; };

/* Appends every rule that the words and the single rules of the user mean, for a cluster of that line. */
void rules_of(struct rule_list *out, const struct user *u, int line);

#endif
