/* users.c: what the application of a user mounts: how to connect, and where its password and certificates lie. */
#include "plan/parts.h"

#include "cluster/cluster.h"
#include "cluster/secret_file.h"

/* Names of users hold more than names of objects may: what has to change gets a checksum behind it, so that two stay two. */
static const char *object_name(struct arena *a, const char *user)
{
    char *out = arena_dup(a, user, strlen(user)), digest[65];
    uint8_t bytes[32];
    struct sha256 h;
    for (char *c = out; *c != '\0'; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c - 'A' + 'a');
        else if (!((*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9')))
            *c = '-';
    if (strcmp(out, user) == 0)
        return out;
    sha256_start(&h);
    sha256_add(&h, user, strlen(user));
    sha256_end(&h, bytes);
    sha256_hex(bytes, digest);
    return str_join(a, out, "-", arena_dup(a, digest, 8), NULL);
}

/* ---- how to connect ---------------------------------------------------------------------------------------------- */

static const struct exposed *exposed_as(const struct plan *p, const struct port *port)
{
    for (uint32_t i = 0; i < p->exposed_count; i++)
        if (p->exposed[i].port == port)
            return &p->exposed[i];
    return NULL;
}

/* Where there is no bootstrap name for it, three brokers are enough to find the others. */
static const char *first_brokers(struct arena *a, const struct plan *p, const struct exposed *x)
{
    struct text t = { .a = a };
    uint32_t n = 0;
    for (uint32_t i = 0; i < p->workload_count; i++)
        for (uint32_t k = 0; p->workloads[i].is_broker && k < p->workloads[i].node_count && n < 3; k++, n++) {
            const struct address *to = &p->workloads[i].nodes[k].addresses[x->index];
            text_join(&t, n > 0 ? "," : "", to->host, ":", str_int(a, to->port), NULL);
        }
    return text_str(&t);
}

const char *plan_brokers_at(struct arena *a, const struct plan *p, const struct port *port)
{
    struct text t = { .a = a };
    uint32_t n = 0;
    for (uint32_t i = 0; i < p->workload_count; i++)
        for (uint32_t k = 0; p->workloads[i].is_broker && k < p->workloads[i].node_count && n < 3; k++, n++)
            text_join(&t, n > 0 ? "," : "", p->workloads[i].nodes[k].fqdn, ":", str_int(a, port->port), NULL);
    return text_str(&t);
}

/* A ticket is for the host that the client connects to, and brokers hold the keys of their own names alone: no Kerberos through the
 * bootstrap Service. */
static const char *bootstrap(struct arena *a, const struct plan *p, const struct port *port, bool tickets)
{
    const struct exposed *x = exposed_as(p, port);
    if (x == NULL && tickets)
        return plan_brokers_at(a, p, port);
    if (x == NULL)
        return str_join(a, p->bootstrap_service, ".", p->d->namespace_, ".svc.", p->d->cluster_domain, ":", str_int(a, port->port),
                        NULL);
    return x->bootstrap.host == NULL || tickets ? first_brokers(a, p, x)
        : str_join(a, x->bootstrap.host, ":", str_int(a, x->bootstrap.port), NULL);
}

static void add_login(struct text *t, const struct plan *p, const struct user_plan *u, const char *mechanism)
{
    const char *module = str_starts(u->auth, "scram-") ? "scram.ScramLoginModule" : "plain.PlainLoginModule";
    plan_property(t, "sasl.mechanism", mechanism);
    if (strcmp(u->auth, "gssapi") == 0)
        plan_property(t, "sasl.kerberos.service.name", p->d->sasl.gssapi.service);
    if (u->secret == NULL)
        return;
    if (u->user->password.file != NULL) { /* the Secret that is made of it holds the text, quoted for any password */
        plan_property(t, "sasl.jaas.config", "${dir:" CLIENT_DIR "/password:" JAAS_KEY "}");
        return;
    }
    plan_property(t, "sasl.jaas.config", str_join(t->a, "org.apache.kafka.common.security.", module, " required username=\"",
                                                  u->user->name, "\" password=\"${dir:" CLIENT_DIR "/password:", u->key, "}\";",
                                                  NULL));
}

static void add_certificates(struct text *t, bool own)
{
    plan_property(t, "ssl.truststore.type", "PEM");
    plan_property(t, "ssl.truststore.location", CLIENT_DIR "/ca/ca.crt");
    if (!own)
        return;
    plan_property(t, "ssl.keystore.type", "PEM");
    plan_property(t, "ssl.keystore.certificate.chain", "${dir:" CLIENT_DIR "/tls:tls.crt}");
    plan_property(t, "ssl.keystore.key", "${dir:" CLIENT_DIR "/tls:tls.key}");
}

static void add_mounts(struct text *t, const struct plan *p, const struct port *port, const struct user_plan *u)
{
    text_join(t, "# User ", u->user->name, " of ", p->d->name, ", listener ", port->name, ". Mounts that it expects:\n", NULL);
    if (u->secret != NULL && port->sasl != NULL)
        text_join(t, "#   " CLIENT_DIR "/password  the Secret ", u->secret, "\n", NULL);
    if (port->tls)
        text_add(t, "#   " CLIENT_DIR "/ca        a Secret or ConfigMap whose ca.crt signs the brokers\n");
    if (port->mtls)
        text_add(t, "#   " CLIENT_DIR "/tls       the Secret with the client's own tls.crt and tls.key (PKCS#8)\n");
    if (port->sasl != NULL && strcmp(u->auth, "oauthbearer") == 0)
        text_add(t, "# What it adds itself: where its tokens come from (sasl.login.callback.handler.class, "
                    "sasl.oauthbearer.token.endpoint.url),\n# and who it is there (sasl.jaas.config).\n");
    if (port->sasl != NULL && strcmp(u->auth, "gssapi") == 0)
        text_add(t, "# What it adds itself: its keytab or ticket (sasl.jaas.config).\n");
}

/* Upper case of the way to log in is the mechanism of SASL. */
static const char *mechanism_of(struct arena *a, const char *auth)
{
    char *out = arena_dup(a, auth, strlen(auth));
    for (char *c = out; *c != '\0'; c++)
        if (*c >= 'a' && *c <= 'z')
            *c = (char)(*c - 'a' + 'A');
    return out;
}

static const char *client_file(struct arena *a, const struct plan *p, const struct port *port, const struct user_plan *u)
{
    struct text t = { .a = a };
    add_mounts(&t, p, port, u);
    plan_property(&t, "bootstrap.servers", bootstrap(a, p, port, strcmp(u->auth, "gssapi") == 0));
    plan_property(&t, "security.protocol", port->protocol);
    if ((u->secret != NULL && port->sasl != NULL) || port->mtls) {
        plan_property(&t, "config.providers", "dir");
        plan_property(&t, "config.providers.dir.class", PLAN_DIR_PROVIDER);
    }
    if (port->sasl != NULL && strcmp(u->auth, "mtls") != 0)
        add_login(&t, p, u, mechanism_of(a, u->auth));
    if (port->tls)
        add_certificates(&t, port->mtls);
    return text_str(&t);
}

static bool asks_for(const struct port *port, const char *auth)
{
    for (uint32_t i = 0; port->listener != NULL && i < port->listener->auth.len; i++)
        if (strcmp(port->listener->auth.at[i], auth) == 0)
            return strcmp(auth, "mtls") != 0 || port->sasl == NULL;
    return false;
}

/* The listener inside, if there is one, is client.properties. */
static struct val client_files(struct arena *a, const struct plan *p, const struct user_plan *u)
{
    const struct listener *best = listener_with(p->d, u->auth);
    struct pairs out = { .a = a };
    for (uint32_t i = 0; i < p->port_count; i++) {
        const struct port *port = &p->ports[i];
        if (asks_for(port, u->auth))
            pairs_add(&out, port->listener == best ? "client.properties" : str_join(a, "client-", port->name, ".properties", NULL),
                      t_str(client_file(a, p, port, u)));
    }
    return tree_sorted(a, pairs_done(&out));
}

static void find_password(struct user_plan *u)
{
    const struct password *w = &u->user->password;
    if (w->secret == NULL && w->file == NULL)
        return;
    u->secret = w->secret != NULL ? w->secret : u->object;
    u->key    = w->key;
}

/* The Secret is the site's; with password files it is made of them, and has a name of ours unless the site gives it one. */
static void find_first_users(struct arena *a, struct plan *p)
{
    const struct secret_ref *s = &p->d->sasl.scram;
    bool files = false;
    for (uint32_t i = 0; i < p->user_count; i++)
        files |= secret_file_salted(p->d, p->users[i].user);
    if (p->kraft && s->secret != NULL && (files || plan_logs_in(p, "SCRAM")))
        p->scram = *s;
    else if (files)
        p->scram = (struct secret_ref){ str_join(a, p->d->name, "-scram", NULL), SCRAM_KEY };
}

void plan_users(struct arena *a, struct plan *p)
{
    p->users = NEWS(a, struct user_plan, p->d->user_count + 1);
    for (uint32_t i = 0; i < p->d->user_count; i++) {
        const struct user *user = &p->d->users[i];
        struct user_plan *u = &p->users[p->user_count];
        if (user->state == STATE_ABSENT)
            continue;
        p->user_count++;
        u->user   = user;
        u->auth   = user_auth(p->d, user);
        u->object = str_join(a, p->d->name, "-user-", object_name(a, user->name), NULL);
        find_password(u);
        u->files  = client_files(a, p, u);
    }
    find_first_users(a, p);
}
