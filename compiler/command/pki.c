#include "base/io.h"
#include "cluster/cluster.h"
#include "command/single.h"
#include "pki/authority.h"
#include "pki/store.h"

#include <errno.h>
#include <sys/file.h>
#include <unistd.h>

struct pki {
    struct command     *c;
    struct command      plan;  /* the same, to compile as far as the plan */
    struct single       s;
    struct store_order order;
    struct store_want *wants;
};

/* ---- options ------------------------------------------------------------------------------------------------------ */

static int check_clients(struct command *c)
{
    for (uint32_t i = 0; i < c->o.clients.len; i++) {
        const char *name = c->o.clients.at[i];
        const size_t fine = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.");
        if (name[fine] != '\0' || fine == 0 || fine > 64)
            return report_usage(c, NULL, "a client has up to 64 letters, digits, '-', '_' and '.', not '%s'", name);
    }
    return EXIT_DONE;
}

static int read_renew(struct pki *m)
{
    const char *s = m->c->o.renew, *p = s;
    int64_t days = 0;
    if (s == NULL || strcmp(s, "all") == 0) {
        m->order.renew = s == NULL ? 0 : INT64_MAX;
        return EXIT_DONE;
    }
    for (; *p >= '0' && *p <= '9' && days < 10000; p++)
        days = days * 10 + (*p - '0');
    m->order.renew = days * PKI_DAY;
    return *p == '\0' && p != s && days < 10000 ? EXIT_DONE
         : report_usage(m->c, NULL, "'--renew' is a number of days, or all, not '%s'", s);
}

static int read_options(struct pki *m)
{
    static const int bits[] = { [KEY_RSA_2048] = 2048, [KEY_RSA_3072] = 3072, [KEY_RSA_4096] = 4096 };
    const struct options *o = &m->c->o;
    if (m->c->args.len != 1)
        return report_usage(m->c, NULL, "pki needs one description; - is standard input");
    m->order.kind   = o->key == KEY_EC ? PKI_EC : PKI_RSA;
    m->order.bits   = o->key == KEY_EC ? 256 : bits[o->key];
    m->order.now    = o->now;
    m->order.days   = o->days == 0 ? 365 : o->days;
    m->order.rotate = (enum store_rotate)o->rotate;
    const int status = check_clients(m->c);
    return status == EXIT_DONE ? read_renew(m) : status;
}

/* ---- what is wanted ------------------------------------------------------------------------------------------------ */

static void want(struct pki *m, struct store_want w)
{
    for (uint32_t i = 0; i < m->order.want_count; i++)
        if (strcmp(m->wants[i].file, w.file) == 0)
            return;
    m->wants[m->order.want_count++] = w;
}

static void want_client(struct pki *m, const char *name)
{
    want(m, (struct store_want){ .file = str_join(m->c->a, "client-", name, NULL), .common_name = name });
}

static bool has_certificate(const struct description *d, const struct user *u)
{
    return u->state == STATE_PRESENT && str_eq(user_auth(d, u), "mtls");
}

static void collect(struct pki *m)
{
    const struct plan *p = &m->s.made->plan;
    const struct description *d = p->d;
    m->wants = NEWS(m->c->a, struct store_want, p->certificate_count + d->user_count + m->c->o.clients.len);
    for (uint32_t i = 0; i < p->certificate_count; i++) {
        const struct certificate *c = &p->certificates[i];
        want(m, (struct store_want){ c->secret, p->tls.principal, c->dns, c->ip, c->dns_count, c->ip_count });
    }
    for (uint32_t i = 0; i < d->user_count; i++)
        if (has_certificate(d, &d->users[i]))
            want_client(m, d->users[i].name);
    for (uint32_t i = 0; i < m->c->o.clients.len; i++)
        want_client(m, m->c->o.clients.at[i]);
    m->order.wants     = m->wants;
    m->order.authority = str_join(m->c->a, d->name, " CA", NULL);
}

static bool is_login(const struct port *port, const char *name)
{
    return port->login != NULL && str_eq(port->login->user, name);
}

/* A client of such a name would be a node: a super user. Users of the description were checked (E0822). */
static const char *forbidden(const struct pki *m)
{
    const struct plan *p = &m->s.made->plan;
    for (uint32_t i = 0; i < m->c->o.clients.len; i++) {
        const char *name = m->c->o.clients.at[i];
        if (str_eq(name, p->tls.principal) || is_login(p->inter_broker, name) || is_login(&p->controller_port, name))
            return name;
    }
    return NULL;
}

/* With -d a folder is used of which the description did not know when its names were checked. */
static const char *of_authority(const struct pki *m)
{
    for (uint32_t i = 0; i < m->order.want_count; i++)
        if (authority_owns(str_join(m->c->a, m->wants[i].file, ".crt", NULL)))
            return m->wants[i].file;
    return NULL;
}

/* ---- the folder ---------------------------------------------------------------------------------------------------- */

static const char *folder_path(const struct pki *m)
{
    const char *written = tls_folder(&m->s.made->description), *beside = m->s.cx->folder;
    if (m->c->o.dir != NULL)
        return m->c->o.dir;
    return strcmp(beside, ".") == 0 ? written : str_join(m->c->a, beside, "/", written, NULL);
}

static int open_folder(struct pki *m)
{
    struct store_order *o = &m->order;
    o->path = folder_path(m);
    o->fd   = io_open_private_dir(o->path);
    if (o->fd < 0 && errno == ELOOP)
        return report_failure(m->c, "'%s' is a link; name the folder itself", o->path);
    if (o->fd < 0)
        return report_failure(m->c, "cannot open the folder '%s': %s", o->path, io_reason(m->c->a, IO_CANNOT, 0));
    if (flock(o->fd, LOCK_EX | LOCK_NB) == 0)
        return EXIT_DONE;
    return report_failure(m->c, "another gregor is at work in '%s'", o->path);
}

static int tell(struct pki *m, const struct store_log *log)
{
    struct text t = { .a = m->c->a };
    for (uint32_t i = 0; i < log->len; i++)
        text_join(&t, m->order.path, "/", log->at[i].file, "  ", log->at[i].what, "\n", NULL);
    return report_result(m->c, text_str(&t), t.len);
}

static void tell_next(const struct pki *m)
{
    static const char *const next[] = {
        [ROTATE_TRUST]  = "apply the new Secrets and manifests, wait until all pods have restarted and clients have the new ca.crt, "
                          "then: --rotate-ca keys\n",
        [ROTATE_KEYS]   = "apply the new Secrets and manifests, wait until all pods have restarted and clients have their new "
                          "certificates, then: --rotate-ca finish\n",
        [ROTATE_FINISH] = "apply the new Secrets and manifests: the old authority is trusted no longer\n" };
    if (m->order.rotate != ROTATE_NONE)
        report_bytes(next[m->order.rotate], strlen(next[m->order.rotate]));
}

/* What was done is told also when something failed later. */
static int work(struct pki *m)
{
    struct store_log log = { .at = NULL };
    const char *why = NULL;
    const bool fine = store_update(m->c->a, &m->order, &log, &why);
    const int told = tell(m, &log);
    if (!fine)
        return report_failure(m->c, "%s", why);
    tell_next(m);
    return told;
}

/* ---- the verb ------------------------------------------------------------------------------------------------------ */

/* The description as far as the plan: its names do not need the certificates that this verb makes. */
static int compile(struct pki *m)
{
    struct report_log log = { .c = m->c };
    m->plan        = *m->c;
    m->plan.o.dump = DUMP_PLAN;
    m->s = (struct single){ .c = &m->plan, .log = &log, .a = m->c->a, .path = m->c->args.at[0] };
    single_compile(&m->s);
    report_open(&log);
    report_tell(&log, m->s.findings.p, m->s.findings.len);
    report_close(&log, m->s.status == EXIT_DONE);
    return m->s.status;
}

static int refuse(const struct pki *m, const char *fmt, const char *what)
{
    report_failure(m->c, fmt, what);
    return EXIT_FINDINGS;
}

static int check_description_wants(const struct pki *m)
{
    if (!m->s.made->plan.tls.used)
        return refuse(m, "'%s' uses no certificates: it has no 'tls'; write tls: generated", m->c->args.at[0]);
    if (m->s.made->description.tls.source == TLS_CERT_MANAGER)
        return refuse(m, "'%s' leaves certificates to cert-manager; write source: generated", m->c->args.at[0]);
    if (folder_path(m) == NULL)
        return refuse(m, "'%s' has its certificates elsewhere; write source: generated, or name a folder with -d", m->c->args.at[0]);
    if (of_authority(m) != NULL)
        return refuse(m, "the Secret '%s' has the name of the authority's files; write another 'secret' for tls", of_authority(m));
    return forbidden(m) == NULL ? EXIT_DONE : refuse(m, "no client may be called '%s': it is the name of the nodes", forbidden(m));
}

int command_pki(struct command *c)
{
    struct pki *m = NEW(c->a, struct pki);
    m->c = c;
    m->order.fd = -1;
    report_private(c);
    int status = read_options(m);
    if (status == EXIT_DONE)
        status = compile(m);
    if (status != EXIT_DONE)
        return status;
    collect(m);
    status = check_description_wants(m);
    if (status == EXIT_DONE)
        status = open_folder(m);
    if (status == EXIT_DONE)
        status = work(m);
    if (m->order.fd >= 0)
        close(m->order.fd);
    return status;
}
