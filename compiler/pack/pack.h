/* pack.h: the forms in which a compiled cluster leaves: one text, or a folder of files (--to FORM).
 *
 * A form is a row of pack.def. It turns a compiled cluster into files with names and bytes; nothing here is written anywhere. What
 * a form cannot carry is an error with a place, like any other finding. Everything lives in the arena of the context. */
#ifndef GREGOR_PACK_PACK_H
#define GREGOR_PACK_PACK_H

#include "compile.h"

/* A file of the result. `path` is relative to the folder of the cluster, with '/' between its parts. */
struct pack_file {
    const char *path;
    struct text bytes;
};

struct pack_files {
    struct arena     *a;
    struct pack_file *at;
    uint32_t          len, cap;
};

enum pack_shape {
    PACK_TEXT,  /* one file, which may also go to standard output */
    PACK_FOLDER /* several files: needs -d */
};

enum pack_form {
#define FORM(id, name, extension, shape, pack, object, doc) id,
#include "pack/pack.def"
#undef FORM
    PACK_FORMS
};

/* One blank before each name: " yaml json ...". */
#define FORM(id, name, extension, shape, pack, object, doc) " " name
static const char pack_choices[] =
#include "pack/pack.def"
;
#undef FORM

/* What is packed, and what the command line asks of the form. */
struct pack_job {
    struct ctx            *cx;
    const struct compiled *made;
    struct pack_files     *out;
};

struct form {
    const char     *name, *extension, *doc;
    enum pack_shape shape;
    /* Adds the files of a cluster; PACK_TEXT adds exactly one. Returns false when an error was added to the context. */
    bool          (*pack)(const struct pack_job *j);
    /* Appends one object as a file of its own; NULL: the form does not know files of one object. */
    void          (*object)(struct text *out, const struct val *object);
};

/* By enum pack_form. */
extern const struct form pack_forms[];

/* Adds an empty file and returns its text, which is valid until the next file is added. `path` is not copied. */
struct text *pack_file(struct pack_files *out, const char *path);

/* Appends objects one behind the other: a JSON List, or documents; for a form that knows no file of one object, YAML. */
void pack_list(enum pack_form form, const struct val *objects, struct text *out);

/* Packs a compiled cluster in a form. Returns false, with the findings sorted, when an error stands. */
bool pack_cluster(enum pack_form form, const struct pack_job *j);

/* One file an object instead: NN-kind-name with the extension of the form; in the order of their names they can be applied. */
bool pack_objects(enum pack_form form, const struct pack_job *j);

/* The path of an object's own file: `folder` ("" or "templates/"), NN for the kind, kind, name; one that no file of `out` has yet. */
const char *pack_object_path(const struct pack_files *out, const char *folder, const struct val *object, const char *extension);

/* Appends a text as Go's encoding/json writes it: what a page of HTML would take for its own is escaped (hash.c). */
void pack_go_string(struct text *out, const char *s, size_t len);

/* The ten digits that Kustomize would put behind the name of a ConfigMap (hash.c). Owned by `a`. */
const char *pack_hash(struct arena *a, const struct val *config_map);

/* Returns the objects with ConfigMaps named name-digits, and renamed wherever pods refer to them. */
struct val pack_hashed(struct arena *a, const struct val *objects);

/* The forms that have files of their own (EC 2.2 to 2.5). */
bool kustomize_pack(const struct pack_job *j);
bool krm_pack(const struct pack_job *j);
bool helm_pack(const struct pack_job *j);
bool openshift_pack(const struct pack_job *j);

#endif
