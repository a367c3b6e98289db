#include "emit/secrets.h"

#include "base/base64.h"
#include "base/input.h"

static secrets_part *const parts[] = { secrets_tls, secrets_users, secrets_zookeeper, NULL };

bool secrets_emit(struct ctx *cx, const struct plan *p, struct val *secrets)
{
    const uint32_t before = cx->error_count;
    struct secrets s = { .cx = cx, .p = p, .out = { .a = cx->a } };
    for (size_t i = 0; cx->secrets && parts[i] != NULL; i++)
        parts[i](&s);
    *secrets = emit_in_order(cx->a, &s.out);
    return cx->error_count == before;
}

static void unreadable(struct secrets *s, const char *path, struct pos at, const char *reason, const char *make)
{
    struct diag *e = diag_at(s->cx, E_SECRET_FILE, at, "cannot read '%s': %s", path, reason);
    diag_hint(s->cx, e, "`%s` makes the files that are missing", make);
}

/* Groups and others read what git, backups and neighbours on the machine read; who checks out a repository cannot keep
 * the mode of a file, so this is no error. */
static void warn_of_mode(struct secrets *s, const char *path, struct pos at, unsigned mode)
{
    if ((mode & 077) == 0)
        return;
    struct diag *w = diag_at(s->cx, W_SECRET_MODE, at, "others can read '%s': its mode is %04o", path, mode);
    diag_hint(s->cx, w, "chmod 600 %s", path);
}

struct secret_bytes secrets_read(struct secrets *s, const char *path, size_t max, struct pos at, const char *make)
{
    struct secret_bytes b = { NULL, 0 };
    unsigned mode = 0;
    const enum io_result r = input_read_below(s->cx, s->cx->folder, path, max, &b.p, &b.len, &mode);
    if (r == IO_OK) {
        warn_of_mode(s, path, at, mode);
        return b;
    }
    unreadable(s, path, at, io_reason(s->cx->a, r, max), make);
    return (struct secret_bytes){ NULL, 0 };
}

static bool is_there(const struct secrets *s, const char *name)
{
    for (uint32_t i = 0; i < s->out.len; i++) {
        const struct val *meta = tree_get(&s->out.at[i], "metadata");
        if (str_eq(tree_str(meta, "name"), name))
            return true;
    }
    return false;
}

static void report_second(struct secrets *s, const char *name, struct pos at)
{
    struct diag *e = diag_at(s->cx, E_SECRET_TWICE, at, "two Secrets would be called '%s'", name);
    diag_hint(s->cx, e, "give one of them another name: each is made whole of files of its own");
}

void secrets_add(struct secrets *s, const char *name, const char *type, struct val labels, struct val entries, struct pos at)
{
    struct arena *a = s->cx->a;
    struct pairs data = { .a = a };
    if (is_there(s, name)) {
        report_second(s, name, at);
        return;
    }
    for (uint32_t i = 0; i < entries.len; i++)
        pairs_add(&data, entries.map[i].key, t_str(base64_of(a, entries.map[i].v.s, entries.map[i].v.len)));
    if (data.len == 0)
        return;
    vals_add(&s->out, MAP(a,
        { "apiVersion", t_str("v1") },
        { "kind",       t_str("Secret") },
        { "metadata",   k8s_meta(a, s->p, name, labels, t_none()) },
        { "type",       t_str(type) },
        { "data",       pairs_done(&data) }));
}
