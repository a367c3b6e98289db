#include "pack/pack.h"

#include "print/print.h"

struct text *pack_file(struct pack_files *out, const char *path)
{
    if (out->len == out->cap) {
        const uint32_t more = out->cap == 0 ? 8 : 2 * out->cap;
        out->at  = arena_grow(out->a, out->at, out->cap * sizeof *out->at, out->len * sizeof *out->at, more * sizeof *out->at);
        out->cap = more;
    }
    struct pack_file *f = &out->at[out->len++];
    *f = (struct pack_file){ path, { .a = out->a } };
    return &f->bytes;
}

void pack_list(enum pack_form form, const struct val *objects, struct text *out)
{
    void (*const print)(struct text *, const struct val *) = pack_forms[form].object;
    if (form == TO_JSON)
        print_json_list(out, objects->seq, objects->len);
    for (uint32_t i = 0; form != TO_JSON && i < objects->len; i++)
        (print != NULL ? print : print_yaml)(out, &objects->seq[i]);
}

static bool texts(const struct pack_job *j, enum pack_form form)
{
    const char *name = str_join(j->cx->a, j->made->description.name, pack_forms[form].extension, NULL);
    pack_list(form, &j->made->objects, pack_file(j->out, name));
    return true;
}

static bool pack_yaml(const struct pack_job *j)
{
    return texts(j, TO_YAML);
}

static bool pack_json(const struct pack_job *j)
{
    return texts(j, TO_JSON);
}

static bool pack_kyaml(const struct pack_job *j)
{
    return texts(j, TO_KYAML);
}

const struct form pack_forms[] = {
#define FORM(id, name, extension, shape, pack, object, doc) { name, extension, doc, shape, pack, object },
#include "pack/pack.def"
#undef FORM
};

bool pack_cluster(enum pack_form form, const struct pack_job *j)
{
    const bool fine = pack_forms[form].pack(j);
    diag_sort(j->cx);
    return fine;
}
