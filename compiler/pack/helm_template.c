/* helm_template.c: text of a manifest -> text of a Go template that renders to it. */
#include "pack/helm.h"

#include <stdlib.h>

static bool is_identifier(const char *s)
{
    for (const char *c = s; *c != '\0'; c++)
        if (!((*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || *c == '_' || (c > s && *c >= '0' && *c <= '9')))
            return false;
    return *s != '\0';
}

/* ".Values.brokers.cpu"; names that are no identifiers need (index .Values "pools" "eu-1" "cpu"). */
void helm_value(struct text *out, const struct open_value *v)
{
    bool plain = true;
    for (uint32_t i = 0; i < v->key_count; i++)
        plain &= is_identifier(v->keys[i]);
    text_add(out, plain ? ".Values" : "(index .Values");
    for (uint32_t i = 0; i < v->key_count; i++)
        text_join(out, plain ? "." : " \"", v->keys[i], plain ? "" : "\"", NULL);
    text_add(out, plain ? "" : ")");
}

static size_t line_start(const struct text *out)
{
    size_t at = out->len;
    while (at > 0 && out->p[at - 1] != '\n')
        at--;
    return at;
}

static void add_blanks(struct text *out, size_t n)
{
    while (n-- > 0)
        text_char(out, ' ');
}

/* A line that is there only sometimes, or several times: from `before` (a block begins) to `after` (it ends). The usual "{{-" takes
 * the newline in front of it, and would take those at the end of a text that stands above as well: then the block begins and ends
 * where lines do. */
static void add_lines(struct text *out, size_t start, const char *open, const struct open_value *v, const char *line)
{
    const bool exact = start >= 2 && out->p[start - 2] == '\n';
    size_t indent = 0;
    while (line[indent] == ' ')
        indent++;
    out->len = start;
    add_blanks(out, exact ? 0 : indent);
    text_join(out, exact ? "{{ " : "{{- ", open, NULL);
    helm_value(out, v);
    text_join(out, exact ? " }}" : " }}\n", line, "\n", NULL);
    add_blanks(out, exact ? 0 : indent);
    text_add(out, exact ? "{{ end }}" : "{{- end }}");
}

/* Writes value `v`; `s` stands behind its token. Returns where the text goes on. */
static const char *add_token(struct text *out, const struct open_value *v, char place, const char *s)
{
    const size_t start = line_start(out);
    if (place == 'W' || place == 'P')
        out->len--; /* the quote in front of it */
    if (place == 'I' && out->len > 0 && out->p[out->len - 1] == '{') { /* "{" and "{{" together would begin elsewhere */
        out->len--;
        text_add(out, "{{ \"{\" }}");
    }
    if (place == 'W' || place == 'I') {
        text_add(out, "{{ ");
        helm_value(out, v);
        text_add(out, place == 'W' ? " | toJson }}" : " }}");
        return s + (place == 'W');
    }
    if (place == 'P') {
        const char *line = arena_dup(out->a, out->p + start, out->len - start);
        add_lines(out, start, "with ", v, str_join(out->a, line, "{{ toJson . }}", NULL));
        return s + 1;
    }
    const char *line = arena_dup(out->a, out->p + start, out->len - 1 - start);
    add_lines(out, start, "range $key, $value := ", v,
              str_join(out->a, line, "{{ $key | toJson }}: {{ $value | toJson }}", NULL));
    return s + strlen("\": x");
}

/* With "exact" lines the newline at the end belongs to the block. */
static const char *behind_lines(const struct text *out, const char *s)
{
    static const char end[] = "\n{{ end }}";
    const size_t n = sizeof end - 1;
    return *s == '\n' && out->len >= n && memcmp(out->p + out->len - n, end, n) == 0 ? s + 1 : s;
}

/* Reads a token at `s`: its place and value; NULL: there is none. */
static const char *read_token(const struct values *vs, const char *s, char *place, const struct open_value **v)
{
    if (!str_starts(s, HELM_TOKEN) || s[strlen(HELM_TOKEN)] == '\0')
        return NULL;
    *place = s[strlen(HELM_TOKEN)];
    s += strlen(HELM_TOKEN) + 1;
    const size_t len = strspn(s, "0123456789");
    for (uint32_t i = 0; i < vs->len && s[len] == '}' && strchr("WIPE", *place) != NULL; i++) {
        const char *number = vs->at[i].text + strlen(VALUE_MARK);
        if (strlen(number) == len && memcmp(number, s, len) == 0) {
            *v = &vs->at[i];
            return s + len + 1;
        }
    }
    return NULL;
}

/* Reads the token of a Job's name at `s`, which stands in quotes. NULL: there is none. */
static const char *read_job(const struct strs *jobs, const char *s, const char **expression)
{
    char *end;
    if (jobs == NULL || !str_starts(s, HELM_TOKEN "J"))
        return NULL;
    const unsigned long i = strtoul(s + strlen(HELM_TOKEN "J"), &end, 10);
    if (i >= jobs->len || !str_starts(end, "}\""))
        return NULL;
    *expression = jobs->at[i];
    return end + 2;
}

/* Where a token stands at `at`, writes what it stands for behind the text from `s` on. Returns where the text goes on, or NULL. */
static const char *replace(const struct values *vs, const struct strs *jobs, const char *s, const char *at, struct text *out,
                           uint32_t *tokens)
{
    const struct open_value *v;
    const char *expression, *behind;
    char place;
    if ((behind = read_token(vs, at, &place, &v)) != NULL) {
        text_bytes(out, s, (size_t)(at - s));
        ++*tokens;
        return behind_lines(out, add_token(out, v, place, behind));
    }
    if ((behind = read_job(jobs, at, &expression)) == NULL || at == s)
        return NULL;
    text_bytes(out, s, (size_t)(at - 1 - s)); /* without the quote */
    text_add(out, expression);
    return behind;
}

void helm_template(const struct values *vs, const struct strs *jobs, const char *s, size_t len, struct text *out, uint32_t *tokens)
{
    const char *end = s + len;
    for (const char *brace; (brace = memchr(s, '{', (size_t)(end - s))) != NULL;) {
        const char *behind = brace > s && brace[-1] == '@' ? replace(vs, jobs, s, brace - 1, out, tokens) : NULL;
        if (behind != NULL) {
            s = behind;
        } else if (brace[1] == '{') {
            text_bytes(out, s, (size_t)(brace - s));
            text_add(out, "{{ \"{{\" }}");
            s = brace + 2;
        } else {
            text_bytes(out, s, (size_t)(brace + 1 - s));
            s = brace + 1;
        }
    }
    text_bytes(out, s, (size_t)(end - s));
}
