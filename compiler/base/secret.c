#include "base/secret.h"

#include "base/text.h"

#include <strings.h>

#define LONGEST_KEY 64  /* letters of its end that are looked at */

/* ---- keys ----------------------------------------------------------------------------------------------------- */

/* The end of a key in lower case without . _ - and /. Returns its length. */
static size_t squeezed(const char *key, size_t len, char out[LONGEST_KEY])
{
    size_t n = LONGEST_KEY;
    while (len > 0 && n > 0) {
        const char c = key[--len];
        if (strchr("._-/ ", c) == NULL)
            out[--n] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
    }
    memmove(out, out + n, LONGEST_KEY - n);
    return LONGEST_KEY - n;
}

static bool ends_with(const char *s, size_t len, const char *end)
{
    const size_t n = strlen(end);
    return len >= n && memcmp(s + len - n, end, n) == 0;
}

/* `auth-secret` of an annotation and `tls.secret` of an object name a Secret; DB_SECRET and `x.secret` of a plugin are one. */
static bool is_secret_word(const char *key, size_t len)
{
    return len > 7 && strncasecmp(key + len - 6, "secret", 6) == 0 && (key[len - 7] == '_' || key[len - 7] == '.');
}

bool secret_key_n(const char *key, size_t len)
{
    static const char *const ends[] = {
        "password", "passwd", "passphrase", "token", "apikey", "secretkey", "secretaccesskey", "privatekey", "masterkey",
        "keystorekey", "credential", "credentials", "clientsecret", "sharedsecret", "connectionstring", NULL };
    char word[LONGEST_KEY];
    if (len == 0 || strchr("dDeEgGlLnNsStTyY", key[len - 1]) == NULL) /* the last letters of the words: most keys go no further */
        return false;
    const size_t n = squeezed(key, len, word);
    for (const char *const *end = ends; *end != NULL; end++)
        if (ends_with(word, n, *end))
            return true;
    return is_secret_word(key, len);
}

bool secret_key(const char *key)
{
    return secret_key_n(key, strlen(key));
}

/* ---- values --------------------------------------------------------------------------------------------------- */

static bool is_reference(const char *s)
{
    return s[0] == '$' && (s[1] == '{' || s[1] == '(');
}

bool secret_plain(const char *s)
{
    return *s != '\0' && !is_reference(s) && strcasecmp(s, "true") != 0 && strcasecmp(s, "false") != 0
        && strcmp(s, "null") != 0 && strcmp(s, "~") != 0;
}

/* What a script puts in later is none: $(<file), %s of printf, also between quotes within quotes. */
static bool is_given(const char *p)
{
    p += *p == '\\';
    p += *p == '"' || *p == '\'';
    return !str_starts(p, "%s") && strchr(" \t\n,;\"'$<*-", *p) == NULL && secret_plain(p);
}

/* `password="x"`, `-Dstore.password=x`: the word before the sign ends a name, and what is assigned is plain. */
static bool has_assignment(const char *s)
{
    static const char *const words[] = { "password", "passwd", "passphrase", "secret", "api_key", "apikey", "api-key", NULL };
    for (const char *sign = s; (sign = strchr(sign, '=')) != NULL; sign++) {
        const size_t before = (size_t)(sign - s) - (sign > s && sign[-1] == '"');
        for (const char *const *w = words; *w != NULL; w++)
            if (before >= strlen(*w) && strncasecmp(s + before - strlen(*w), *w, strlen(*w)) == 0 && is_given(sign + 1))
                return true;
    }
    return false;
}

/* `--password x` within a command line. */
static bool has_option(const char *s)
{
    for (const char *at = s; (at = strcasestr(at, "--password ")) != NULL; at++)
        if (is_given(at + strlen("--password ")))
            return true;
    return false;
}

/* https://user:password@host */
static bool has_user_info(const char *s)
{
    for (const char *at = s; (at = strstr(at, "://")) != NULL;) {
        at += 3;
        const size_t host = strcspn(at, "/?# \t\n\"'"), colon = strcspn(at, ":");
        const char *end = memrchr(at, '@', host);
        if (end != NULL && at + colon + 1 < end && at[colon + 1] != '$' && at[colon + 1] != '*')
            return true;
    }
    return false;
}

static bool is_letter(char c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

static size_t run_of(const char *s)
{
    size_t n = 0;
    while (is_letter(s[n]) || (s[n] != '\0' && strchr("_-.", s[n]) != NULL))
        n++;
    return n;
}

#define FIRST_LETTERS "Agxe"

/* Keys of AWS, GitHub, GitLab, Slack and Google, and signed tokens (JWT): a known beginning and at least so many characters. */
static bool has_token(const char *s)
{
    static const struct { const char *begin; size_t least; } forms[] = {
        { "AKIA", 20 }, { "ASIA", 20 }, { "ghp_", 40 }, { "gho_", 40 }, { "ghs_", 40 }, { "github_pat_", 50 }, { "glpat-", 26 },
        { "xoxb-", 24 }, { "xoxp-", 24 }, { "AIza", 39 }, { "eyJ", 60 } };
    bool inside = false;
    for (const char *at = s; *at != '\0'; inside = is_letter(*at++))
        for (size_t i = 0; i < sizeof forms / sizeof *forms && !inside && strchr(FIRST_LETTERS, *at) != NULL; i++)
            if (str_starts(at, forms[i].begin) && run_of(at) >= forms[i].least)
                return true;
    return false;
}

static bool has_private_key(const char *s)
{
    const char *begin = strstr(s, "-----BEGIN ");
    return begin != NULL && strstr(begin, "PRIVATE KEY-----") != NULL;
}

/* Most texts are short, or lack the one character that a form needs. */
bool secret_text(const char *s)
{
    const size_t len = strlen(s);
    if (len < 8)
        return false;
    const char *dashes = strstr(s, "--");
    return has_assignment(s) || (memchr(s, '@', len) != NULL && has_user_info(s))
        || (dashes != NULL && (has_private_key(dashes) || has_option(dashes))) || (len >= 20 && has_token(s));
}

bool secret_option(const char *s)
{
    return *s == '-' && strchr(s, '=') == NULL && secret_key(s);
}

/* ---- values of a tree ----------------------------------------------------------------------------------------- */

static struct val masked_scalar(struct val v, bool under_secret)
{
    const bool hide = v.kind == V_STR && ((under_secret && secret_plain(v.s)) || secret_text(v.s));
    if (!hide)
        return v;
    struct val out = t_str("***");
    out.at = v.at;
    return out;
}

/* `{name: DB_PASSWORD, value: x}` */
static bool is_named_secret(const struct val *map)
{
    const char *name = tree_str(map, "name");
    return name != NULL && secret_key(name);
}

/* One search; `announced`: what stands before the value says that it is a secret. */
struct search {
    secret_found *found;
    void         *to;
};

static void find(const struct search *s, const char *key, bool announced, const struct val *v)
{
    if (v->kind == V_STR && v->at.line > 0
        && (((announced || (key != NULL && secret_key(key))) && secret_plain(v->s)) || secret_text(v->s)))
        s->found(s->to, key, v);
    for (uint32_t i = 0; v->kind == V_SEQ && i < v->len; i++)
        find(s, NULL, i > 0 && v->seq[i - 1].kind == V_STR && secret_option(v->seq[i - 1].s), &v->seq[i]);
    const bool named = v->kind == V_MAP && is_named_secret(v);
    for (uint32_t i = 0; v->kind == V_MAP && i < v->len; i++)
        find(s, v->map[i].key, named && strcmp(v->map[i].key, "value") == 0, &v->map[i].v);
}

void secret_find(const struct val *v, const char *key, secret_found *found, void *to)
{
    const struct search s = { found, to };
    find(&s, key, false, v);
}

static struct val masked(struct arena *a, struct val v, bool under_secret)
{
    if (v.kind == V_SEQ) {
        struct val *items = NEWS(a, struct val, v.len);
        for (uint32_t i = 0; i < v.len; i++)
            items[i] = masked(a, v.seq[i], under_secret || (i > 0 && v.seq[i - 1].kind == V_STR && secret_option(v.seq[i - 1].s)));
        v.seq = items;
        return v;
    }
    if (v.kind != V_MAP)
        return masked_scalar(v, under_secret);
    struct pair *pairs = NEWS(a, struct pair, v.len);
    const bool named = is_named_secret(&v);
    for (uint32_t i = 0; i < v.len; i++) {
        const char *key = v.map[i].key;
        pairs[i] = (struct pair){ key, masked(a, v.map[i].v, secret_key(key) || (named && strcmp(key, "value") == 0)) };
    }
    v.map = pairs;
    v.flags &= (uint8_t)~VF_KEYS;
    return v;
}

struct val secret_masked(struct arena *a, struct val v)
{
    return masked(a, v, false);
}
