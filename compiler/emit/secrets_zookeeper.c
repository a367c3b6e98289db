/* secrets_zookeeper.c: the JAAS file of ZooKeeper and its brokers, made of a file that holds the password. */
#include "emit/secrets.h"

#include "cluster/cluster.h"
#include "plan/jaas.h"

#define LONGEST 1024
#define MODULE  "org.apache.zookeeper.server.auth.DigestLoginModule"
#define USER    "kafka"

/* A login file (sun.security.provider.ConfigFile) quotes as sasl.jaas.config does, and puts system properties in place of ${...}. */
static const char *bad_password(const char *s, size_t len)
{
    if (len == 0)
        return "is empty";
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)s[i] < 0x20 || s[i] == 0x7f)
            return "holds a control character, or more than one line";
    return strstr(s, "${") != NULL ? "holds '${', which Java replaces" : NULL;
}

static const char *jaas_file(struct arena *a, const char *password)
{
    struct text t = { .a = a };
    text_add(&t, "Server {\n  ");
    jaas_begin(&t, MODULE);
    text_char(&t, ' ');
    jaas_user(&t, USER, password);
    jaas_end(&t);
    text_add(&t, "\n};\nClient {\n  ");
    jaas_begin(&t, MODULE);
    jaas_option(&t, "username", USER);
    jaas_option(&t, "password", password);
    jaas_end(&t);
    text_add(&t, "\n};\n");
    return text_str(&t);
}

void secrets_zookeeper(struct secrets *s)
{
    const struct zookeeper_plan *z = &s->p->zookeeper;
    const struct login *l = &s->p->d->zookeeper.login;
    const struct pos at = place(s->p->d, "zookeeper.login.file");
    struct arena *a = s->cx->a;
    if (z->login == NULL || l->file == NULL)
        return;
    const struct secret_bytes b = secrets_read(s, l->file, LONGEST, at, "openssl rand -base64 -out FILE 24");
    if (b.p == NULL)
        return;
    const size_t len = b.len - (b.len > 0 && b.p[b.len - 1] == '\n');
    const char *password = arena_dup(a, b.p, len), *bad = bad_password(password, len);
    if (bad != NULL) {
        struct diag *e = diag_at(s->cx, E_ZOO_PASSWORD_FILE, at, "the password in '%s' %s", l->file, bad);
        diag_hint(s->cx, e, "write one line of letters and digits into it");
        return;
    }
    secrets_add(s, z->login, "Opaque", s->p->components[COMP_ZOOKEEPER].labels, MAP(a, { l->key, t_str(jaas_file(a, password)) }),
                at);
}
