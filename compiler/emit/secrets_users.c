/* secrets_users.c: password files of users -> a Secret for each application, SCRAM credentials for a new quorum, users of PLAIN. */
#include "emit/secrets.h"

#include "cluster/cluster.h"
#include "cluster/secret_file.h"
#include "pki/scram.h"
#include "plan/jaas.h"

#define MAKER        "gregor users"
#define MOST_BYTES   1024 /* of a password file */
#define LEAST_SALT   32   /* bytes of the key of the salts */

/* A user and the password that was read for it. */
struct user_login {
    const struct user_plan *u;
    struct secret_bytes     password;
    struct pos              at;
};

/* ---- password files ------------------------------------------------------------------------------------------------ */

/* Why nobody can log in with that, or NULL. Nothing of the password is in the answer. */
static const char *bad_password(const struct secret_bytes *b)
{
    uint32_t point;
    if (b->len == 0)
        return "it is empty";
    for (size_t i = 0, n; i < b->len; i += n) {
        n = str_point(b->p + i, b->len - i, &point);
        if (n == 0)
            return "it is no UTF-8";
        if (b->p[i] == '\n')
            return "it has more than one line";
        if (point < 0x20 || point == 0x7f)
            return "it holds a control character";
    }
    return NULL;
}

/* An editor ends the line; that end is no part of the password. */
static struct secret_bytes without_line_end(struct arena *a, struct secret_bytes b)
{
    size_t len = b.len;
    len -= len > 0 && b.p[len - 1] == '\n';
    len -= len > 0 && len < b.len && b.p[len - 1] == '\r';
    return (struct secret_bytes){ arena_dup(a, b.p, len), len };
}

static struct secret_bytes read_password(struct secrets *s, const struct user_plan *u, struct pos at)
{
    const char *file = u->user->password.file;
    const struct secret_bytes none = { NULL, 0 };
    struct secret_bytes b = secrets_read(s, secret_file_path(s->cx->a, s->p->d, file), MOST_BYTES, at, MAKER);
    if (b.p == NULL)
        return none;
    b = without_line_end(s->cx->a, b);
    const char *bad = bad_password(&b);
    if (bad == NULL)
        return b;
    struct diag *e = diag_at(s->cx, E_PASSWORD_FILE, at, "'%s' holds no password: %s", file, bad);
    diag_hint(s->cx, e, "write the password alone into it, or remove it: `" MAKER "` makes another");
    return none;
}

/* ---- for the application --------------------------------------------------------------------------------------------- */

static const char *jaas_of(struct arena *a, const struct user_login *l)
{
    struct text t = { .a = a };
    jaas_begin(&t, str_starts(l->u->auth, "scram-") ? "org.apache.kafka.common.security.scram.ScramLoginModule"
                                                    : "org.apache.kafka.common.security.plain.PlainLoginModule");
    jaas_option(&t, "username", l->u->user->name);
    jaas_option(&t, "password", l->password.p);
    jaas_end(&t);
    return text_str(&t);
}

static void add_client(struct secrets *s, const struct user_login *l)
{
    struct arena *a = s->cx->a;
    secrets_add(s, l->u->object, "Opaque", s->p->labels, MAP(a,
        { l->u->key, t_strn(l->password.p, l->password.len) },
        { JAAS_KEY,  t_str(jaas_of(a, l)) }), l->at);
}

/* ---- for a new quorum -------------------------------------------------------------------------------------------------- */

static const char *scram_line(struct secrets *s, const struct user_login *l, const struct secret_bytes *salt)
{
    const struct description *d = s->p->d;
    const struct scram_user u = {
        .cluster = str_join(s->cx->a, d->namespace_, "/", d->name, NULL), .name = l->u->user->name,
        .mechanism = strcmp(l->u->auth, "scram-sha-256") == 0 ? SCRAM_SHA_256 : SCRAM_SHA_512,
        .iterations = SCRAM_MIN_ITERATIONS, .password = l->password.p, .password_len = l->password.len };
    return scram_storage_argument(s->cx->a, &u, salt->p, salt->len);
}

static struct secret_bytes read_salt(struct secrets *s, struct pos at)
{
    const struct secret_bytes none = { NULL, 0 };
    const struct secret_bytes b = secrets_read(s, secret_file_path(s->cx->a, s->p->d, SALT_FILE), MOST_BYTES, at, MAKER);
    if (b.p == NULL || b.len >= LEAST_SALT)
        return b;
    struct diag *e = diag_at(s->cx, E_PASSWORD_FILE, at, "'" SALT_FILE "' is no key: it has fewer than %d bytes", LEAST_SALT);
    diag_hint(s->cx, e, "remove it: `" MAKER "` makes another");
    return none;
}

/* One argument a line, as argparse4j reads them from a file. */
static void add_quorum(struct secrets *s, const struct user_login *logins, uint32_t count)
{
    struct text t = { .a = s->cx->a };
    struct secret_bytes salt = { NULL, 0 };
    for (uint32_t i = 0; i < count; i++) {
        if (!secret_file_salted(s->p->d, logins[i].u->user))
            continue;
        if (salt.p == NULL && (salt = read_salt(s, logins[i].at)).p == NULL)
            return;
        text_join(&t, "--add-scram\n", scram_line(s, &logins[i], &salt), "\n", NULL);
    }
    if (t.len > 0)
        secrets_add(s, s->p->scram.secret, "Opaque", s->p->labels, MAP(s->cx->a, { s->p->scram.key, t_str(text_str(&t)) }),
                    place(s->p->d, "sasl.scram"));
}

/* ---- for brokers with PLAIN ---------------------------------------------------------------------------------------------- */

/* Brokers read users whose passwords are files from one text, in which all are quoted (plan/sasl.c). */
static void add_plain(struct secrets *s, const struct user_login *logins, uint32_t count)
{
    const struct secret_ref *to = &s->p->d->sasl.plain;
    struct text t = { .a = s->cx->a };
    for (uint32_t i = 0; i < count; i++) {
        if (!str_eq(logins[i].u->auth, "plain"))
            continue;
        if (t.len > 0)
            text_char(&t, ' ');
        jaas_user(&t, logins[i].u->user->name, logins[i].password.p);
    }
    if (t.len > 0 && to->secret != NULL)
        secrets_add(s, to->secret, "Opaque", s->p->labels, MAP(s->cx->a, { to->key, t_str(text_str(&t)) }),
                    place(s->p->d, "sasl.plain"));
}

/* ---- all ----------------------------------------------------------------------------------------------------------------- */

void secrets_users(struct secrets *s)
{
    const struct plan *p = s->p;
    struct user_login *logins = NEWS(s->cx->a, struct user_login, p->user_count + 1);
    uint32_t count = 0;
    for (uint32_t i = 0; i < p->user_count; i++) {
        const struct user *user = p->users[i].user;
        if (!secret_file_of(user))
            continue;
        struct user_login l = { .u = &p->users[i], .at = place(p->d, "users[%u].password.file", (unsigned)(user - p->d->users)) };
        l.password = read_password(s, l.u, l.at);
        if (l.password.p == NULL)
            continue;
        add_client(s, &l);
        logins[count++] = l;
    }
    add_quorum(s, logins, count);
    add_plain(s, logins, count);
}
