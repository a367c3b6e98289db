#include "emit/emit.h"

#include "base/text.h"
#include "cluster/cluster.h"

/* One address of an exposed listener: that of a broker, or the bootstrap one (`node` NULL). */
struct way {
    const struct plan    *p;
    const struct exposed *e;
    const struct address *to;
    const struct node    *node;
};

/* Fills in {id}, {name}, {pod}, {zone} and {host}. Returns NULL when the text speaks of something that this address does
 * not have: an annotation with {id} is not meant for the bootstrap object. */
static const char *filled(struct arena *a, const struct way *w, const char *s)
{
    const struct node *n = w->node;
    const struct { const char *word, *value; } words[] = {
        { "{name}", w->p->d->name },
        { "{id}",   n == NULL ? NULL : str_int(a, n->id) },
        { "{pod}",  n == NULL ? NULL : n->pod },
        { "{zone}", n == NULL ? NULL : n->zone },
        { "{host}", w->to->host },
    };
    for (size_t i = 0; i < sizeof words / sizeof *words && strchr(s, '{') != NULL; i++) {
        if (words[i].value == NULL && strstr(s, words[i].word) != NULL)
            return NULL;
        if (words[i].value != NULL)
            s = str_replace(a, s, words[i].word, words[i].value);
    }
    return s;
}

static struct val annotations(struct arena *a, const struct way *w)
{
    const struct val *map = w->e->listener->annotations;
    struct pairs out = { .a = a };
    for (uint32_t i = 0; map != NULL && i < map->len; i++)
        pairs_add(&out, map->map[i].key, t_str(filled(a, w, map->map[i].v.s)));
    return pairs_done(&out);
}

static struct val labels(struct arena *a, const struct way *w)
{
    return tree_overlay(a, w->p->components[COMP_BROKER].labels, w->e->listener->labels);
}

static struct val selector(struct arena *a, const struct way *w)
{
    return w->node == NULL ? w->p->components[COMP_BROKER].selector
                           : MAP(a, { "statefulset.kubernetes.io/pod-name", t_str(w->node->pod) });
}

/* A broker that is catching up is not ready, but it leads partitions: clients have to reach it. */
static struct val even_unready(const struct way *w)
{
    return t_if(w->node != NULL, t_bool(true));
}

static struct val source_ranges(struct arena *a, const struct way *w, uint32_t listener)
{
    const struct strs *ranges = &w->e->listener->source_ranges;
    struct vals out = { .a = a };
    for (uint32_t i = 0; i < ranges->len; i++)
        vals_add(&out, k8s_text_at(ranges->at[i], place(w->p->d, "listeners[%u].sourceRanges[%u]", listener, i)));
    return vals_done(&out);
}

/* Local: one hop less, and the broker sees the client's own address. */
static struct val load_balancer(struct arena *a, const struct way *w)
{
    const struct listener *l = w->e->listener;
    const uint32_t i = (uint32_t)(l - w->p->d->listeners);
    return k8s_object(a, w->p, "v1", "Service", w->to->service, labels(a, w), annotations(a, w), MAP(a,
        { "type",                     t_str("LoadBalancer") },
        { "loadBalancerClass",        l->class == NULL ? t_none()
                                    : k8s_text_at(l->class, place(w->p->d, "listeners[%u].class", i)) },
        { "loadBalancerSourceRanges", source_ranges(a, w, i) },
        { "externalTrafficPolicy",    t_str("Local") },
        { "publishNotReadyAddresses", even_unready(w) },
        { "ports",    SEQ(a, k8s_service_port(a, w->e->port->port_name, w->to->port, l->port, 0)) },
        { "selector", selector(a, w) }));
}

static struct val node_port(struct arena *a, const struct way *w)
{
    const struct listener *l = w->e->listener;
    return k8s_object(a, w->p, "v1", "Service", w->to->service, labels(a, w), annotations(a, w), MAP(a,
        { "type",                     t_str("NodePort") },
        { "publishNotReadyAddresses", even_unready(w) },
        { "ports",    SEQ(a, k8s_service_port(a, w->e->port->port_name, l->port, l->port, w->to->node_port)) },
        { "selector", selector(a, w) }));
}

/* What an Ingress or a route leads to. */
static struct val inner(struct arena *a, const struct way *w)
{
    const int64_t port = w->e->listener->port;
    return k8s_object(a, w->p, "v1", "Service", w->to->service, labels(a, w), t_none(), MAP(a,
        { "type",                     t_str("ClusterIP") },
        { "publishNotReadyAddresses", even_unready(w) },
        { "ports",    SEQ(a, k8s_service_port(a, w->e->port->port_name, port, port, 0)) },
        { "selector", selector(a, w) }));
}

/* Kafka is no HTTP: the controller has to pass TLS through by server name, and each says so with its own annotation. */
static struct val passthrough(struct arena *a, const char *class)
{
    const bool nginx   = class != NULL && strstr(class, "nginx") != NULL;
    const bool haproxy = class != NULL && strstr(class, "haproxy") != NULL;
    const bool route   = class != NULL && str_starts(class, "openshift");
    return MAP(a,
        { "haproxy-ingress.github.io/ssl-passthrough",    t_if(haproxy, t_str("true")) },
        { "haproxy.org/ssl-passthrough",                  t_if(haproxy, t_str("true")) },
        { "nginx.ingress.kubernetes.io/backend-protocol", t_if(nginx, t_str("HTTPS")) },
        { "nginx.ingress.kubernetes.io/ssl-passthrough",  t_if(nginx, t_str("true")) },
        { "route.openshift.io/termination",               t_if(route, t_str("passthrough")) });
}

static struct val ingress(struct arena *a, const struct way *w)
{
    const struct listener *l = w->e->listener;
    const struct val own  = annotations(a, w);
    const struct val path = MAP(a,
        { "path",     t_str("/") },
        { "pathType", t_str("Prefix") },
        { "backend",  MAP(a, { "service", MAP(a,
            { "name", t_str(w->to->service) },
            { "port", MAP(a, { "number", t_int(l->port) }) }) }) });
    return k8s_object(a, w->p, "networking.k8s.io/v1", "Ingress", w->to->service, labels(a, w),
                      tree_overlay(a, passthrough(a, l->class), &own), MAP(a,
        { "ingressClassName", t_str(l->class) },
        { "tls",   SEQ(a, MAP(a, { "hosts", SEQ(a, t_str(w->to->host)) })) },
        { "rules", SEQ(a, MAP(a,
            { "host", t_str(w->to->host) },
            { "http", MAP(a, { "paths", SEQ(a, path) }) })) }));
}

static struct val route(struct arena *a, const struct way *w)
{
    return k8s_object(a, w->p, "route.openshift.io/v1", "Route", w->to->service, labels(a, w),
                      annotations(a, w), MAP(a,
        { "host", t_str(w->to->host) },
        { "to", MAP(a,
            { "kind",   t_str("Service") },
            { "name",   t_str(w->to->service) },
            { "weight", t_int(100) }) },
        { "port", MAP(a, { "targetPort", t_str(w->e->port->port_name) }) },
        { "tls",  MAP(a, { "termination", t_str("passthrough") }) }));
}

static struct val tls_route(struct arena *a, const struct way *w)
{
    const struct listener *l = w->e->listener;
    return k8s_object(a, w->p, "gateway.networking.k8s.io/v1", "TLSRoute", w->to->service, labels(a, w),
                      annotations(a, w), MAP(a,
        { "parentRefs", SEQ(a, MAP(a,
            { "name",      t_str(l->gateway.name) },
            { "namespace", t_str(l->gateway.namespace_) })) },
        { "hostnames", SEQ(a, t_str(w->to->host)) },
        { "rules", SEQ(a, MAP(a, { "backendRefs", SEQ(a, MAP(a,
            { "name", t_str(w->to->service) },
            { "port", t_int(l->port) })) })) }));
}

static void open_way(struct arena *a, const struct way *w, struct vals *out)
{
    switch ((enum expose)w->e->listener->expose) {
    case EX_LOADBALANCER: vals_add(out, load_balancer(a, w)); return;
    case EX_NODEPORT:     vals_add(out, node_port(a, w)); return;
    case EX_INGRESS:      vals_add(out, inner(a, w)); vals_add(out, ingress(a, w)); return;
    case EX_ROUTE:        vals_add(out, inner(a, w)); vals_add(out, route(a, w)); return;
    case EX_GATEWAY:      vals_add(out, inner(a, w)); vals_add(out, tls_route(a, w)); return;
    case EX_NONE:         return;
    }
}

static void open_nodes(struct arena *a, const struct plan *p, const struct exposed *e, struct vals *out)
{
    for (uint32_t i = 0; i < p->workload_count; i++)
        for (uint32_t j = 0; p->workloads[i].is_broker && j < p->workloads[i].node_count; j++) {
            const struct node *n = &p->workloads[i].nodes[j];
            open_way(a, &(struct way){ p, e, &n->addresses[e->index], n }, out);
        }
}

void emit_exposed(struct arena *a, const struct plan *p, struct vals *out)
{
    for (uint32_t i = 0; i < p->exposed_count; i++) {
        const struct exposed *e = &p->exposed[i];
        if (e->bootstrap.host != NULL || e->bootstrap.node_port != 0)
            open_way(a, &(struct way){ p, e, &e->bootstrap, NULL }, out);
        open_nodes(a, p, e, out);
    }
}
