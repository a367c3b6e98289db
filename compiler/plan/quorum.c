#include "plan/parts.h"

#include "base/sha256.h"

/* Kafka's Uuid prints 16 bytes as base64url without padding: 22 characters. One that begins with '-' would be taken for an
 * option by kafka-storage, so the next attempt is used. */
static void base64url(const uint8_t digest[16], char out[23])
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for (int bit = 0, i = 0; i < 22; i++, bit += 6) {
        const unsigned high = digest[bit / 8], low = bit / 8 < 15 ? digest[bit / 8 + 1] : 0;
        out[i] = digits[(high << 8 | low) >> (10 - bit % 8) & 63];
    }
    out[22] = '\0';
}

const char *plan_uuid(struct arena *a, const char *purpose, const struct plan *p, const char *what)
{
    char id[23] = "-";
    for (char attempt = '0'; id[0] == '-'; attempt++) {
        struct sha256 h;
        uint8_t digest[32];
        const char again[2] = { attempt, '\0' };
        const char *input = str_join(a, "gregor ", purpose, "\n", p->d->namespace_, "\n", p->d->name, "\n", what, "\n", again,
                                     NULL);
        sha256_start(&h);
        sha256_add(&h, input, strlen(input));
        sha256_end(&h, digest);
        base64url(digest, id);
    }
    return arena_dup(a, id, 22);
}

static void list_voters(struct arena *a, struct plan *p)
{
    struct text voters = { .a = a }, servers = { .a = a }, initial = { .a = a };
    const char *port = str_int(a, CONTROLLER_PORT);
    const int64_t began = p->d->kafka.initial_controllers; /* voters that the quorum began with; 0: all */
    for (uint32_t i = 0; i < p->workload_count; i++)
        for (uint32_t n = 0; p->workloads[i].is_controller && n < p->workloads[i].node_count; n++) {
            struct node *node = &p->workloads[i].nodes[n];
            const char *id = str_int(a, node->id), *comma = voters.len > 0 ? "," : "";
            node->directory = plan_uuid(a, "directory", p, id);
            text_join(&voters, comma, id, "@", node->fqdn, ":", port, NULL);
            text_join(&servers, comma, node->fqdn, ":", port, NULL);
            if (began == 0 || n < began)
                text_join(&initial, comma, id, "@", node->fqdn, ":", port, ":", node->directory, NULL);
        }
    const bool dynamic = p->d->kafka.quorum == QUORUM_DYNAMIC;
    p->voters              = dynamic ? NULL : text_str(&voters);
    p->quorum_bootstrap    = dynamic ? text_str(&servers) : NULL;
    p->initial_controllers = dynamic ? text_str(&initial) : NULL;
}

void plan_quorum(struct arena *a, struct plan *p)
{
    const char *id = p->d->kafka.cluster_id;
    if (!p->kraft)
        return;
    p->cluster_id = str_eq(id, "auto") ? plan_uuid(a, "cluster id", p, "") : id;
    list_voters(a, p);
}
