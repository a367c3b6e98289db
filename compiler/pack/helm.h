/* helm.h: the parts of a chart. Not for other forms. */
#ifndef GREGOR_PACK_HELM_H
#define GREGOR_PACK_HELM_H

#include "pack/pack.h"
#include "pack/values.h"

/* Stands for a value in the objects until their text is made: "@{gregor:W3}", a letter for the place and the number of the value.
 * Braces make the printer quote a text of one line that holds it, and leave lines of a block alone. */
#define HELM_TOKEN "@{gregor:"

/* The value as an expression: ".Values.brokers.cpu". */
void helm_value(struct text *out, const struct open_value *v);

/* What stands for the name of a Job with open values in it: its own digest while they are those of the description, else one of them. */
const char *helm_job(struct arena *a, const char *name, const struct open_value *const *values, uint32_t n);

/* Appends `s` as a template that renders to it: "{{" is escaped wherever it stands, tokens become expressions. Counts the
 * tokens of values. `jobs` (may be NULL) are the expressions of "@{gregor:J0}" and so on. */
void helm_template(const struct values *vs, const struct strs *jobs, const char *s, size_t len, struct text *out, uint32_t *tokens);

/* Appends values.yaml: every value with what it is in front of it. */
void helm_values(const struct values *vs, struct text *out);

/* Appends values.schema.json (draft-07): a key that is misspelt, or a value of another type, stops Helm. */
void helm_schema(const struct values *vs, struct text *out);

/* What the objects hold where the description says nothing: "", [] or {}. */
struct val helm_default(const struct open_value *v);

/* Reports files that Helm does not read, and else a release that it cannot keep. */
void helm_check_size(struct ctx *cx, const struct pack_files *files);

/* Bytes of the Secret that Helm keeps a release in, estimated: JSON of chart and manifests, gzip, base64 (helm_size.c). */
size_t helm_release_size(const struct pack_files *files);

#endif
