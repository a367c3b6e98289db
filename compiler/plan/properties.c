#include "plan/parts.h"

static void hex4(struct text *t, unsigned unit)
{
    text_add(t, "\\u");
    for (int shift = 12; shift >= 0; shift -= 4)
        text_char(t, "0123456789abcdef"[unit >> shift & 15]);
}

/* Decodes one code point of valid UTF-8. */
static unsigned next_code_point(const char **s)
{
    const unsigned char *p = (const unsigned char *)*s;
    const int more = p[0] >= 0xf0 ? 3 : p[0] >= 0xe0 ? 2 : p[0] >= 0xc0 ? 1 : 0;
    unsigned c = more == 3 ? p[0] & 7u : more == 2 ? p[0] & 15u : more == 1 ? p[0] & 31u : p[0];
    for (int i = 1; i <= more && p[i] != 0; i++)
        c = c << 6 | (p[i] & 63u);
    *s += more + 1;
    return c;
}

static void add_code_point(struct text *t, unsigned u)
{
    if (u >= 0x10000)
        hex4(t, 0xd800 + ((u - 0x10000) >> 10));
    hex4(t, u >= 0x10000 ? 0xdc00 + ((u - 0x10000) & 0x3ff) : u);
}

static bool is_plain(unsigned char c, bool key)
{
    return c != '\0' && c != '\\' && c < 0x80 && !(key && (c == ' ' || c == ':' || c == '='));
}

/* Writes what needs no escape as it is, and the rest as java.util.Properties reads it. */
static void escaped(struct text *t, const char *s, bool key)
{
    if (strchr(key ? "#!" : " ", *s) != NULL && *s != '\0')
        text_char(t, '\\');
    for (const char *from = s;; from = s) {
        while (is_plain((unsigned char)*s, key))
            s++;
        text_bytes(t, from, (size_t)(s - from));
        if (*s == '\0')
            return;
        if ((unsigned char)*s >= 0x80) {
            add_code_point(t, next_code_point(&s));
            continue;
        }
        text_char(t, '\\');
        text_char(t, *s++);
    }
}

void plan_property(struct text *t, const char *key, const char *value)
{
    escaped(t, key, true);
    text_char(t, '=');
    escaped(t, value, false);
    text_char(t, '\n');
}

const char *plan_list(struct arena *a, const struct strs *list)
{
    struct text t = { .a = a };
    for (uint32_t i = 0; i < list->len; i++)
        text_join(&t, i > 0 ? "," : "", list->at[i], NULL);
    return t.len == 0 ? NULL : text_str(&t);
}

const char *plan_upper(struct arena *a, const char *s)
{
    char *out = arena_dup(a, s, strlen(s));
    for (char *c = out; *c != '\0'; c++)
        if (*c >= 'a' && *c <= 'z')
            *c = (char)(*c - 'a' + 'A');
    return out;
}

const char *plan_lower(struct arena *a, const char *s)
{
    char *out = arena_dup(a, s, strlen(s));
    for (char *c = out; *c != '\0'; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c - 'A' + 'a');
    return out;
}

void plan_of_listener(struct text *t, const struct port *port, const char *key, const char *value)
{
    plan_property(t, str_join(t->a, "listener.name.", plan_lower(t->a, port->kafka), ".", key, NULL), value);
}
