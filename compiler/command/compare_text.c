#include "command/compare_text.h"

#include "base/secret.h"

#define MOST_CELLS ((size_t)4 << 20) /* of the table of common subsequences */
#define GONE  "      - "
#define ADDED "      + "

struct line {
    const char *s;
    size_t      len;
};

struct lines {
    struct line *at;
    size_t       len;
};

static struct lines split(struct arena *a, const char *s)
{
    struct lines l = { NULL, 0 };
    size_t room = 1;
    for (const char *c = s; *c != '\0'; c++)
        room += *c == '\n';
    l.at = NEWS(a, struct line, room);
    for (; *s != '\0'; s += *s == '\n') {
        const size_t len = strcspn(s, "\n");
        l.at[l.len++] = (struct line){ s, len };
        s += len;
    }
    return l;
}

static bool same(struct line a, struct line b)
{
    return a.len == b.len && memcmp(a.s, b.s, a.len) == 0;
}

/* How much of the line may be shown: `ssl.keystore.password=` of a setting, nothing of what is a secret by its shape. */
static size_t shown(struct arena *a, struct line l)
{
    const char *s = arena_dup(a, l.s, l.len), *value;
    const size_t key = strcspn(s, "=:");
    if (s[key] == '\0' || !secret_key_n(s, key))
        return secret_text(s) ? 0 : l.len;
    value = s + key + 1 + strspn(s + key + 1, " ");
    return secret_plain(value) ? (size_t)(value - s) : l.len;
}

static void tell(struct text *out, const char *mark, struct line l)
{
    const size_t n = shown(out->a, l);
    text_add(out, mark);
    text_bytes(out, l.s, n);
    text_add(out, n < l.len ? "(not shown)" : "");
    text_char(out, '\n');
}

static void tell_all(struct text *out, const char *mark, struct lines l)
{
    for (size_t i = 0; i < l.len; i++)
        tell(out, mark, l.at[i]);
}

/* common[i * (n + 1) + j]: the length of the longest common subsequence of what follows old line i and new line j. */
static uint32_t *table(struct arena *a, struct lines old, struct lines new)
{
    const size_t n = new.len + 1;
    uint32_t *t = NEWS(a, uint32_t, (old.len + 1) * n);
    for (size_t i = old.len; i-- > 0;)
        for (size_t j = new.len; j-- > 0;) {
            const uint32_t down = t[(i + 1) * n + j], right = t[i * n + j + 1];
            t[i * n + j] = same(old.at[i], new.at[j]) ? t[(i + 1) * n + j + 1] + 1 : down > right ? down : right;
        }
    return t;
}

static void tell_script(struct text *out, struct lines old, struct lines new)
{
    const uint32_t *t = table(out->a, old, new);
    const size_t n = new.len + 1;
    size_t i = 0, j = 0;
    while (i < old.len && j < new.len) {
        if (same(old.at[i], new.at[j])) {
            i++;
            j++;
        } else if (t[(i + 1) * n + j] >= t[i * n + j + 1]) {
            tell(out, GONE, old.at[i++]);
        } else {
            tell(out, ADDED, new.at[j++]);
        }
    }
    tell_all(out, GONE, (struct lines){ old.at + i, old.len - i });
    tell_all(out, ADDED, (struct lines){ new.at + j, new.len - j });
}

void compare_text(struct text *out, const char *old, const char *new)
{
    struct lines a = split(out->a, old), b = split(out->a, new);
    while (a.len > 0 && b.len > 0 && same(a.at[0], b.at[0])) {
        a = (struct lines){ a.at + 1, a.len - 1 };
        b = (struct lines){ b.at + 1, b.len - 1 };
    }
    while (a.len > 0 && b.len > 0 && same(a.at[a.len - 1], b.at[b.len - 1])) {
        a.len--;
        b.len--;
    }
    if ((a.len + 1) * (b.len + 1) <= MOST_CELLS) {
        tell_script(out, a, b);
        return;
    }
    tell_all(out, GONE, a);
    tell_all(out, ADDED, b);
}

void compare_text_flush(struct text *out, struct text *like, const char **last, uint32_t *more)
{
    if (*more > 0)
        text_f(out, "      the same in %u more, up to %s\n", *more, *last);
    *like = (struct text){ .a = out->a };
    *last = NULL;
    *more = 0;
}
