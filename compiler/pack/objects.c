/* objects.c: one file an object (--per-file=object). A name does not change when other objects come or go: its number is that of
 * the kind, not that of the object, so that a review shows what changed and nothing else. */
#include "pack/pack.h"

#include "base/sha256.h"
#include "emit/emit.h"

#define LONGEST 200 /* of a name without its extension, with room for a number within the 255 bytes of a file system */

/* A part of a file name: lower case, and nothing a shell or another file system would trip over. */
static void add_part(struct text *t, const char *s)
{
    for (; s != NULL && *s != '\0'; s++) {
        const char c = *s >= 'A' && *s <= 'Z' ? (char)(*s - 'A' + 'a') : *s;
        text_char(t, (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' ? c : '-');
    }
}

/* What is too long ends with a digest of all of it. */
static void shorten(struct text *t)
{
    struct sha256 h;
    uint8_t digest[32];
    char hex[65];
    if (t->len <= LONGEST)
        return;
    sha256_start(&h);
    sha256_add(&h, t->p, t->len);
    sha256_end(&h, digest);
    sha256_hex(digest, hex);
    t->len = LONGEST - 11;
    text_char(t, '-');
    text_bytes(t, hex, 10);
}

static void add_number(struct text *t, unsigned n)
{
    text_char(t, (char)('0' + n / 10 % 10));
    text_char(t, (char)('0' + n % 10));
    text_char(t, '-');
}

static bool taken(const struct pack_files *out, const char *path)
{
    for (uint32_t i = 0; i < out->len; i++)
        if (strcmp(out->at[i].path, path) == 0)
            return true;
    return false;
}

/* Two objects of one kind and name differ in namespace or API group, or only in letters that a file name does not keep. */
static const char *unique(const struct pack_files *out, struct text *t, const char *extension)
{
    const size_t len = t->len;
    text_add(t, extension);
    for (int64_t n = 2; taken(out, text_str(t)); n++) {
        t->len = len;
        text_char(t, '-');
        text_int(t, n);
        text_add(t, extension);
    }
    return text_str(t);
}

const char *pack_object_path(const struct pack_files *out, const char *folder, const struct val *object, const char *extension)
{
    struct text t = { .a = out->a };
    const char *kind = tree_str(object, "kind");
    add_number(&t, emit_rank(kind));
    add_part(&t, kind);
    text_char(&t, '-');
    add_part(&t, tree_str(tree_get(object, "metadata"), "name"));
    shorten(&t);
    struct text path = { .a = out->a };
    text_join(&path, folder, text_str(&t), NULL);
    return unique(out, &path, extension);
}

bool pack_objects(enum pack_form form, const struct pack_job *j)
{
    const struct form *f = &pack_forms[form];
    for (uint32_t i = 0; i < j->made->objects.len; i++) {
        const struct val *o = &j->made->objects.seq[i];
        f->object(pack_file(j->out, pack_object_path(j->out, "", o, f->extension)), o);
    }
    return true;
}
