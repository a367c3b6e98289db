#include "pki/store.h"

#include "base/io.h"
#include "base/text.h"
#include "pki/authority.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

/* ---- files ----------------------------------------------------------------------------------------------------- */

void store_note(struct store *f, const char *file, const char *what, bool changed)
{
    struct store_log *log = f->log;
    if (log->len == log->cap) {
        const uint32_t cap = log->cap * 2 + 16;
        log->at  = arena_grow(f->a, log->at, log->cap * sizeof *log->at, log->len * sizeof *log->at, cap * sizeof *log->at);
        log->cap = cap;
    }
    log->at[log->len++] = (struct store_done){ file, what };
    log->changed += changed;
}

bool store_fail(struct store *f, const char *file, const char *reason)
{
    *f->why = str_join(f->a, "'", f->o->path, "/", file, "' ", reason, NULL);
    return false;
}

/* Returns false when the file cannot be read; a missing one is an empty text. */
bool store_read(struct store *f, const char *file, const char **text, size_t *len)
{
    *text = NULL;
    *len  = 0;
    const enum io_result r = io_read_below(f->a, f->o->path, file, PKI_MAX_BYTES, text, len, NULL);
    if (r == IO_OK || (r == IO_CANNOT && errno == ENOENT))
        return true;
    return store_fail(f, file, str_join(f->a, "cannot be read: ", io_reason(f->a, r, PKI_MAX_BYTES), NULL));
}

bool store_write(struct store *f, const char *file, const char *text, bool is_private, const char *what)
{
    const enum io_written w = io_replace(f->o->fd, file, text, strlen(text), is_private ? 0600 : 0644);
    if (w == IO_FAILED)
        return store_fail(f, file, str_join(f->a, "cannot be written: ", io_reason(f->a, IO_CANNOT, 0), NULL));
    store_note(f, file, what, w == IO_WRITTEN);
    return true;
}

bool store_remove(struct store *f, const char *file)
{
    if (unlinkat(f->o->fd, file, 0) != 0)
        return errno == ENOENT
            || store_fail(f, file, str_join(f->a, "cannot be removed: ", io_reason(f->a, IO_CANNOT, 0), NULL));
    store_note(f, file, "removed", true);
    return true;
}

bool store_read_key(struct store *f, const char *file, struct pki_bytes *key)
{
    const char *text, *why;
    size_t len;
    *key = (struct pki_bytes){ NULL, 0 };
    if (!store_read(f, file, &text, &len))
        return false;
    return text == NULL || pki_read_key(f->a, text, len, key, &why) || store_fail(f, file, why);
}

bool store_read_chain(struct store *f, const char *file, struct pki_chain *chain)
{
    const char *text, *why;
    size_t len;
    uint32_t line;
    *chain = (struct pki_chain){ NULL, 0 };
    if (!store_read(f, file, &text, &len))
        return false;
    return text == NULL || pki_read(f->a, text, len, chain, &line, &why) || store_fail(f, file, why);
}

const char *store_until(struct arena *a, const char *done, int64_t not_after)
{
    return str_join(a, done, ": until ", pki_date(a, not_after), NULL);
}

/* ---- one certificate ---------------------------------------------------------------------------------------------- */

/* What is there of one that is wanted. */
struct found {
    const struct store_want *want;
    const char      *crt, *key_file;
    struct pki_bytes key;
    struct pki_chain chain;
};

static bool covers_all(const struct pki_certificate *c, const struct store_want *w)
{
    bool all = true;
    for (uint32_t i = 0; i < w->dns_count; i++)
        all &= pki_covers(c, w->dns[i]);
    for (uint32_t i = 0; i < w->ip_count; i++)
        all &= pki_covers(c, w->ip[i]);
    return all;
}

/* Why the certificate has to be made again with the key that is there; NULL: it need not. */
static const char *outdated(const struct store *f, const struct found *x)
{
    const struct pki_certificate *c = &x->chain.at[0];
    return !authority_signed(f, c) ? "signed anew: by the new authority"
         : !str_eq(c->common_name, x->want->common_name) ? "signed anew: it had another name"
         : !covers_all(c, x->want) ? "signed anew: names were missing" : NULL;
}

/* Why it needs a new key as well. */
static const char *used_up(const struct store *f, const struct found *x)
{
    const struct store_order *o = f->o;
    if (x->chain.len == 0 || x->key.len == 0)
        return "made";
    const struct pki_certificate *c = &x->chain.at[0];
    if (!pki_key_fits(x->key, c->der))
        return "made anew: key and certificate did not fit";
    if (c->not_after <= o->now || c->not_before > o->now)
        return "renewed: it was not valid";
    return o->renew == INT64_MAX || c->not_after - o->now < o->renew ? "renewed" : NULL;
}

/* The chain below the authority stands in the file itself; the authority in ca.crt. */
static bool sign(struct store *f, const struct found *x, bool keeps_key, const char *what)
{
    const struct store_order *o = f->o;
    const struct pki_certificate *ca = &f->signer_certificate;
    const int64_t from = o->now - AUTHORITY_SLACK, to = o->now + o->days * PKI_DAY;
    const int64_t end = to < ca->not_after ? to : ca->not_after;
    struct pki_made made;
    const char *why;
    const struct pki_request r = { .key = keeps_key ? x->key : (struct pki_bytes){ NULL, 0 }, .kind = o->kind, .bits = o->bits,
        .common_name = x->want->common_name, .dns = x->want->dns, .dns_count = x->want->dns_count, .ip = x->want->ip,
        .ip_count = x->want->ip_count, .not_before = from > ca->not_before ? from : ca->not_before, .not_after = end };
    if (f->signer.key == NULL)
        return store_fail(f, x->crt, "cannot be signed: the authority's ca.key is not there");
    if (end <= o->now)
        return store_fail(f, x->crt, "cannot be signed: the authority is not valid any more; --rotate-ca trust makes another");
    if (!pki_make(f->a, &r, &f->signer, &made, &why))
        return store_fail(f, x->crt, str_join(f->a, "cannot be made: ", why, NULL));
    if (!keeps_key && !store_write(f, x->key_file, pki_pem(f->a, "PRIVATE KEY", made.key), true, what))
        return false;
    return store_write(f, x->crt, pki_pem(f->a, "CERTIFICATE", made.certificate), false, store_until(f->a, what, end));
}

static bool ensure(struct store *f, const struct store_want *want)
{
    struct found x = { .want = want, .crt = str_join(f->a, want->file, ".crt", NULL),
                       .key_file = str_join(f->a, want->file, ".key", NULL) };
    if (!store_read_chain(f, x.crt, &x.chain) || !store_read_key(f, x.key_file, &x.key))
        return false;
    const char *fresh = used_up(f, &x), *again = fresh != NULL ? NULL : outdated(f, &x);
    if (fresh != NULL || again != NULL)
        return sign(f, &x, fresh == NULL, fresh != NULL ? fresh : again);
    store_note(f, x.crt, store_until(f->a, "kept", x.chain.at[0].not_after), false);
    return true;
}

/* ---- what else is there -------------------------------------------------------------------------------------------- */

static bool is_wanted(const struct store_order *o, const char *file)
{
    for (uint32_t i = 0; i < o->want_count; i++)
        if (strcmp(o->wants[i].file, file) == 0)
            return true;
    return false;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Names behind each other, each with its NUL. */
struct listing {
    char  *at;
    size_t len, cap;
};

static bool is_other(const struct store_order *o, const char *file)
{
    char name[256];
    const size_t len = strlen(file);
    if (file[0] == '.' || len < 5 || len >= sizeof name || strcmp(file + len - 4, ".crt") != 0 || authority_owns(file))
        return false;
    memcpy(name, file, len - 4);
    name[len - 4] = '\0';
    return !is_wanted(o, name);
}

/* Nothing is asked of the arena while the directory is open: a first walk counts, a second one copies what has room. */
static bool walk(const struct store *f, struct listing *l)
{
    const int fd = openat(f->o->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *d = fd < 0 ? NULL : fdopendir(fd);
    if (d == NULL)
        return false;
    l->len = 0;
    for (const struct dirent *e; (e = readdir(d)) != NULL;) {
        const size_t len = strlen(e->d_name) + 1;
        if (!is_other(f->o, e->d_name) || (l->cap > 0 && l->cap - l->len < len))
            continue;
        if (l->cap > 0)
            memcpy(l->at + l->len, e->d_name, len);
        l->len += len;
    }
    closedir(d);
    return true;
}

struct others store_others(struct store *f)
{
    struct listing l = { .at = NULL };
    struct others out = { .at = NULL };
    if (!walk(f, &l) || l.len == 0)
        return out;
    l.cap = l.len;
    l.at  = arena_alloc(f->a, l.cap);
    if (!walk(f, &l))
        return out;
    out.at = NEWS(f->a, const char *, l.len / 6 + 1); /* "x.crt" and its NUL are the least */
    for (char *s = l.at; s < l.at + l.len; s += strlen(s) + 1)
        out.at[out.len++] = s;
    qsort(out.at, out.len, sizeof *out.at, by_name);
    return out;
}

/* Clients of earlier runs and nodes of other clusters with this folder are renewed and signed anew like the rest; without a key
 * they are somebody else's. */
static bool ensure_other(struct store *f, const char *crt)
{
    struct pki_chain chain;
    struct pki_bytes key;
    const char *file = arena_dup(f->a, crt, strlen(crt) - strlen(".crt"));
    if (!store_read_chain(f, crt, &chain) || !store_read_key(f, str_join(f->a, file, ".key", NULL), &key))
        return false;
    if (key.len == 0 || chain.len == 0 || chain.at[0].common_name == NULL)
        return true;
    const struct pki_certificate *c = &chain.at[0];
    const char **ip = NEWS(f->a, const char *, c->ip_count + 1);
    for (uint32_t i = 0; i < c->ip_count; i++)
        ip[i] = pki_address_text(f->a, c->ip[i]);
    const struct store_want want = { file, c->common_name, c->dns, ip, c->dns_count, c->ip_count };
    return ensure(f, &want);
}

static bool ensure_others(struct store *f)
{
    const struct others others = store_others(f);
    for (size_t i = 0; i < others.len; i++)
        if (!ensure_other(f, others.at[i]))
            return false;
    return true;
}

/* ---- all ----------------------------------------------------------------------------------------------------------- */

/* Keys stay out of version control. */
static bool ensure_ignored(struct store *f)
{
    const char *text;
    size_t len;
    return store_read(f, ".gitignore", &text, &len)
        && (text != NULL || store_write(f, ".gitignore", "*.key\n", false, "made: keys stay out of git"));
}

static bool update(struct store *f)
{
    if (!ensure_ignored(f) || !authority_begin(f))
        return false;
    for (uint32_t i = 0; i < f->o->want_count; i++)
        if (!ensure(f, &f->o->wants[i]))
            return false;
    return ensure_others(f) && authority_end(f);
}

bool store_update(struct arena *a, const struct store_order *o, struct store_log *log, const char **why)
{
    struct store f = { .a = a, .o = o, .log = log, .why = why };
    const bool fine = update(&f);
    pki_signer_close(&f.signer);
    return fine;
}
