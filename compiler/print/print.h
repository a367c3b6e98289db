/* print.h: manifest values as text.
 *
 * All of it appends to the text given and allocates nothing else. Nothing (V_NONE) inside a map or sequence
 * is left out; a value that failed (V_POISON) prints as null, but is never meant to come this far. Bytes
 * that are not UTF-8 are read as U+FFFD, one for each byte, because neither YAML nor JSON can hold them.
 * The depth of the recursion is the depth of the value. */
#ifndef GREGOR_PRINT_PRINT_H
#define GREGOR_PRINT_PRINT_H

#include "base/text.h"
#include "base/tree.h"

/* Appends one document: "---", block YAML, compact sequences, no anchors, tags or flow but [] and {} (EC
 * 4.3). A string is quoted whenever kubectl's reader, go-yaml v3, PyYAML or YAML 1.2 would read it as
 * something else (EC 4.1). Nothing prints no document at all, because an empty one means different things
 * to different readers. */
void print_yaml(struct text *out, const struct val *doc);

/* Appends one document of KYAML (KEP-5295), as `kubectl -o kyaml` prints it: "---", braces and brackets, strings always in double
 * quotes, keys only where a reader might take them for another type. Any YAML reader reads it. Nothing prints nothing. */
void print_kyaml(struct text *out, const struct val *doc);

/* Appends one value as JSON, two blanks a level, keys in their order, integers exact. Ends with a newline. */
void print_json(struct text *out, const struct val *v);

/* Appends a JSON List ("kind": "List") of `n` objects: what `kubectl apply -f -` reads as JSON. */
void print_json_list(struct text *out, const struct val *objects, uint32_t n);

/* True when `s` must not stand plain as a value or key. */
bool print_yaml_quotes(const char *s, size_t len);

#endif
