/* diag_sarif.c: SARIF 2.1.0 (OASIS), as far as GitHub's code scanning and editors read it (EC 2.11). */
#include "base/excerpt.h"

static void add_uri(struct text *out, const char *path)
{
    text_add(out, path[0] == '/' ? "\"file://" : "\"");
    for (path += str_starts(path, "./") ? 2 : 0; *path != '\0'; path++)
        if ((*path >= 'a' && *path <= 'z') || (*path >= 'A' && *path <= 'Z') || (*path >= '0' && *path <= '9')
            || strchr("/-._~", *path) != NULL)
            text_char(out, *path);
        else
            text_f(out, "%%%02X", (unsigned)(unsigned char)*path);
    text_char(out, '"');
}

static void add_artifact(struct text *out, const char *path)
{
    text_add(out, "{\"artifactLocation\":{\"uri\":");
    add_uri(out, path);
    text_add(out, path[0] == '/' ? "}" : ",\"uriBaseId\":\"%SRCROOT%\"}");
}

static void add_physical(const struct ctx *cx, struct pos at, struct text *out)
{
    const struct file *f = excerpt_file(cx, at);
    text_add(out, "\"physicalLocation\":");
    add_artifact(out, f->name);
    if (at.line > 0 && f == &cx->files[at.file]) {
        const struct region r = excerpt_region(f, at);
        text_f(out, ",\"region\":{\"startLine\":%u,\"startColumn\":%zu,\"endLine\":%u,\"endColumn\":%zu}", at.line, r.column,
               at.line, r.column_end > r.column ? r.column_end : r.column + 1);
    }
    text_char(out, '}');
}

/* Hints belong to the message; a place that the viewer cannot open is told in words. */
static const char *message_of(const struct ctx *cx, const struct diag *d)
{
    struct text t = { .a = cx->a };
    if (cx->file_count > 0 && excerpt_file(cx, d->at) != &cx->files[d->at.file])
        text_join(&t, cx->files[d->at.file].name, ": ", NULL);
    text_add(&t, d->message);
    for (const struct note *n = d->notes; n != NULL; n = n->next)
        if (n->at.line == 0)
            text_join(&t, "\nhint: ", n->message, NULL);
    return text_str(&t);
}

static void add_related(const struct ctx *cx, const struct diag *d, struct text *out)
{
    int count = 0;
    for (const struct note *n = d->notes; n != NULL; n = n->next) {
        if (n->at.line == 0 || cx->file_count == 0)
            continue;
        text_f(out, "%s{\"id\":%d,", count == 0 ? ",\"relatedLocations\":[" : ",", count);
        add_physical(cx, n->at, out);
        text_add(out, ",\"message\":{\"text\":");
        diag_json_string(out, n->message);
        text_add(out, "}}");
        count++;
    }
    text_add(out, count > 0 ? "]" : "");
}

void diag_sarif(const struct ctx *cx, const struct diag *d, struct text *out)
{
    const struct code_info *info = &code_table[d->code];
    text_f(out, ",\n{\"ruleId\":\"%s\",\"level\":\"%s\",\"message\":{\"text\":", info->name, info->error ? "error" : "warning");
    diag_json_string(out, message_of(cx, d));
    text_add(out, "}");
    if (cx->file_count > 0) {
        text_add(out, ",\"locations\":[{");
        add_physical(cx, d->at, out);
        text_add(out, "}]");
    }
    add_related(cx, d, out);
    text_char(out, '}');
}

void diag_sarif_problem(const char *message, struct text *out)
{
    text_add(out, ",\n{\"level\":\"error\",\"message\":{\"text\":");
    diag_json_string(out, message);
    text_add(out, "}}");
}

void diag_sarif_open(struct text *out)
{
    text_add(out, "{\"$schema\":\"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json\","
                  "\"version\":\"2.1.0\",\"runs\":[{\"columnKind\":\"unicodeCodePoints\",\"results\":[");
}

static void add_rule(const struct code_info *info, struct text *out)
{
    text_join(out, "{\"id\":\"", info->name, "\",\"shortDescription\":{\"text\":", NULL);
    diag_json_string(out, info->title);
    text_add(out, "},\"fullDescription\":{\"text\":");
    diag_json_string(out, info->story);
    text_join(out, "},\"help\":{\"text\":\"gregor explain ", info->name, "\"},\"defaultConfiguration\":{\"level\":\"",
              info->error ? "error" : "warning", "\"}}", NULL);
}

void diag_sarif_close(const bool used[], const char *version, bool fine, struct text *out)
{
    const char *comma = "";
    text_join(out, "],\n\"invocations\":[{\"executionSuccessful\":", fine ? "true" : "false",
              "}],\n\"tool\":{\"driver\":{\"name\":\"gregor\",\"version\":\"", version, "\",\"rules\":[", NULL);
    for (const struct code_info *info = code_table; info->name != NULL; info++)
        if (used[info->code]) {
            text_join(out, comma, "\n", NULL);
            add_rule(info, out);
            comma = ",";
        }
    text_add(out, "]}}}]}\n");
}
