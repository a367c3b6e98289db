/* source.h: from bytes to values that know where they were written (design 4, REL 2, 4, 5).
 *
 * One loop over libyaml's events, with limits, never yaml_parser_load(). Everything wrong that can be found is
 * reported: duplicate keys, aliases, tags, a second document, what libyaml refuses. A scalar stays text (V_STR,
 * VF_PLAIN when unquoted): its type comes from the field table. An unquoted empty value, `~` and `null` are V_NULL. */
#ifndef GREGOR_SOURCE_SOURCE_H
#define GREGOR_SOURCE_SOURCE_H

#include "base/ctx.h"

#define SOURCE_MAX_BYTES ((size_t)1 << 20) /* a description; REL 4 */
#define SOURCE_MAX_DEPTH 64
#define SOURCE_MAX_NODES 100000

/* Parses the text of file number `file` of `cx` into `out`, a V_MAP. A byte order mark at the start is cut off the
 * file's text. Returns false when something was reported (E_YAML_EMPTY for a file of comments); `out` then holds what
 * could be read: V_POISON where a value is wrong, V_NONE when there is nothing. */
bool source_parse(struct ctx *cx, uint16_t file, struct val *out);

/* The same with the limits of a list of resources (a package of kpt or Kustomize), and without the rules of YAML 1.2 that the printer
 * of kpt and Kustomize breaks (lines of a quoted text that are not indented). Aliases are followed, as far as what they add stays within the
 * limits: a value that several stand for is shared. */
#define SOURCE_LIST_BYTES ((size_t)64 << 20)
#define SOURCE_LIST_NODES 4000000
bool source_parse_list(struct ctx *cx, uint16_t file, struct val *out);

/* Parses one value of any kind that stands behind byte `from` of the file's text (the value of `--set path=value`);
 * V_NONE when there is none. Returns false when something was reported. */
bool source_parse_value(struct ctx *cx, uint16_t file, size_t from, struct val *out);

/* Parses several documents, for the tests that read our own output back: `out` is a V_SEQ of documents.
 * No limits but depth. Returns false when something was reported. */
bool source_parse_stream(struct ctx *cx, uint16_t file, struct val *out);

/* The same for what others have rendered: as lenient as source_parse_list(). */
bool source_parse_manifests(struct ctx *cx, uint16_t file, struct val *out);

/* Releases what libyaml holds when a compilation was left by a jump. Safe to call at any time. */
void source_abandon(void);

#endif
