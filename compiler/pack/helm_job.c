/* helm_job.c: the name of the Job that brings users and topics. A Job cannot be changed, so its name ends with a digest of what it does; a
 * chart with other values needs another digest. */
#include "pack/helm.h"

/* As Go's encoding/json writes a value: no blanks, keys sorted. */
static void add_go_json(struct text *out, struct val v)
{
    if (v.kind == V_STR) {
        pack_go_string(out, v.s, v.len);
        return;
    }
    if (v.kind != V_MAP && v.kind != V_SEQ) {
        v.kind == V_INT ? text_int(out, v.i) : text_add(out, v.kind != V_BOOL ? "null" : v.b ? "true" : "false");
        return;
    }
    const struct val sorted = tree_sorted(out->a, v);
    text_char(out, v.kind == V_MAP ? '{' : '[');
    for (uint32_t i = 0; i < v.len; i++) {
        text_add(out, i > 0 ? "," : "");
        if (v.kind == V_MAP) {
            pack_go_string(out, sorted.map[i].key, strlen(sorted.map[i].key));
            text_char(out, ':');
        }
        add_go_json(out, v.kind == V_MAP ? sorted.map[i].v : v.seq[i]);
    }
    text_char(out, v.kind == V_MAP ? '}' : ']');
}

const char *helm_job(struct arena *a, const char *name, const struct open_value *const *values, uint32_t n)
{
    struct text t = { .a = a }, usual = { .a = a };
    const char *digest = values_job_digest(name);
    text_bytes(&t, name, (size_t)(digest - name));
    text_add(&t, "{{ $values := toJson (list");
    text_char(&usual, '[');
    for (uint32_t i = 0; i < n; i++) {
        text_char(&t, ' ');
        helm_value(&t, values[i]);
        text_add(&usual, i > 0 ? "," : "");
        add_go_json(&usual, helm_default(values[i]));
    }
    text_char(&usual, ']');
    text_add(&t, ") }}{{ if eq $values ");
    diag_json_string(&t, text_str(&usual));
    text_join(&t, " }}", digest, "{{ else }}{{ printf \"%s ", digest, "\" $values | sha256sum | trunc ", str_int(a, (int64_t)strlen(digest)),
              " }}{{ end }}", NULL);
    return text_str(&t);
}
