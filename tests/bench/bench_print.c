/* bench_print FILE...: the printer against libyaml's emitter, on the trees of the manifests given
 * (performance.md, M10).
 *
 * Both write to memory that is there already, in turns, so that a change of the machine's mood hits both;
 * figures are medians. Exits with 1 when what was printed does not read back as the same trees. */
#include "../readback.h"
#include "print/print.h"

#include <time.h>

#define ROUNDS 41

static struct arena memory;
static jmp_buf      no_memory;

struct sink {
    unsigned char *at;
    size_t         len, cap;
};

static int sink_write(void *data, unsigned char *bytes, size_t len)
{
    struct sink *s = data;
    if (s->cap - s->len < len) {
        s->cap = 2 * (s->len + len);
        s->at  = realloc(s->at, s->cap);
        if (s->at == NULL)
            return 0;
    }
    memcpy(s->at + s->len, bytes, len);
    s->len += len;
    return 1;
}

static void emit(yaml_emitter_t *e, yaml_event_t *event)
{
    if (!yaml_emitter_emit(e, event)) {
        fprintf(stderr, "libyaml: %s\n", e->problem);
        exit(1);
    }
}

static yaml_char_t *bytes_of(const char *s)
{
    return (yaml_char_t *)(uintptr_t)s;
}

/* With the style that our rules give it, so that both do the same work and write nearly the same bytes. */
static void emit_scalar(yaml_emitter_t *e, const char *s, size_t len, bool string)
{
    yaml_event_t        event;
    yaml_scalar_style_t style = YAML_PLAIN_SCALAR_STYLE;
    if (string && memchr(s, '\n', len) != NULL)
        style = YAML_LITERAL_SCALAR_STYLE;
    else if (string && print_yaml_quotes(s, len))
        style = YAML_DOUBLE_QUOTED_SCALAR_STYLE;
    yaml_scalar_event_initialize(&event, NULL, NULL, bytes_of(s), (int)len, 1, 1, style);
    emit(e, &event);
}

static void emit_value(yaml_emitter_t *e, const struct val *v);

static void emit_map(yaml_emitter_t *e, const struct val *map)
{
    yaml_event_t event;
    yaml_mapping_start_event_initialize(&event, NULL, NULL, 1, YAML_BLOCK_MAPPING_STYLE);
    emit(e, &event);
    for (uint32_t i = 0; i < map->len; i++) {
        emit_scalar(e, map->map[i].key, strlen(map->map[i].key), true);
        emit_value(e, &map->map[i].v);
    }
    yaml_mapping_end_event_initialize(&event);
    emit(e, &event);
}

static void emit_seq(yaml_emitter_t *e, const struct val *seq)
{
    yaml_event_t event;
    yaml_sequence_start_event_initialize(&event, NULL, NULL, 1, YAML_BLOCK_SEQUENCE_STYLE);
    emit(e, &event);
    for (uint32_t i = 0; i < seq->len; i++)
        emit_value(e, &seq->seq[i]);
    yaml_sequence_end_event_initialize(&event);
    emit(e, &event);
}

static void emit_value(yaml_emitter_t *e, const struct val *v)
{
    char digits[24];
    switch (v->kind) {
    case V_MAP:  emit_map(e, v); break;
    case V_SEQ:  emit_seq(e, v); break;
    case V_STR:  emit_scalar(e, v->s, v->len, true); break;
    case V_BOOL: emit_scalar(e, v->b ? "true" : "false", v->b ? 4 : 5, false); break;
    case V_INT:
        emit_scalar(e, digits, (size_t)snprintf(digits, sizeof digits, "%lld", (long long)v->i), false);
        break;
    default:     emit_scalar(e, "null", 4, false);
    }
}

static void emit_documents(const struct val *docs, struct sink *to)
{
    yaml_emitter_t e;
    yaml_event_t   event;
    to->len = 0;
    yaml_emitter_initialize(&e);
    yaml_emitter_set_output(&e, sink_write, to);
    yaml_emitter_set_width(&e, -1);
    yaml_emitter_set_unicode(&e, 1);
    yaml_stream_start_event_initialize(&event, YAML_UTF8_ENCODING);
    emit(&e, &event);
    for (uint32_t i = 0; i < docs->len; i++) {
        yaml_document_start_event_initialize(&event, NULL, NULL, NULL, 0);
        emit(&e, &event);
        emit_value(&e, &docs->seq[i]);
        yaml_document_end_event_initialize(&event, 1);
        emit(&e, &event);
    }
    yaml_stream_end_event_initialize(&event);
    emit(&e, &event);
    yaml_emitter_delete(&e);
}

static void print_documents(const struct val *docs, struct text *to)
{
    to->len = 0;
    for (uint32_t i = 0; i < docs->len; i++)
        print_yaml(to, &docs->seq[i]);
}

static void print_documents_json(const struct val *docs, struct text *to)
{
    to->len = 0;
    print_json_list(to, docs->seq, docs->len);
}

static uint32_t values_in(const struct val *v)
{
    uint32_t n = 1;
    if (v->kind == V_MAP)
        for (uint32_t i = 0; i < v->len; i++)
            n += values_in(&v->map[i].v);
    if (v->kind == V_SEQ)
        for (uint32_t i = 0; i < v->len; i++)
            n += values_in(&v->seq[i]);
    return n;
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *seconds)
{
    qsort(seconds, ROUNDS, sizeof *seconds, by_size);
    return seconds[ROUNDS / 2];
}

static void compare(const struct val *docs)
{
    double      ours[ROUNDS], theirs[ROUNDS], json[ROUNDS], copy[ROUNDS];
    struct text out = { .a = &memory }, as_json = { .a = &memory };
    struct sink sink = { 0 };
    print_documents(docs, &out);
    emit_documents(docs, &sink);
    char *to = arena_alloc(&memory, out.len);
    for (int i = 0; i < ROUNDS; i++) {
        const double start = now();
        emit_documents(docs, &sink);
        const double emitted = now();
        for (int k = 0; k < 10; k++)
            print_documents(docs, &out);
        const double printed = now();
        print_documents_json(docs, &as_json);
        const double converted = now();
        memcpy(to, out.p, out.len);
        __asm__ volatile("" : : "r"(to) : "memory");
        copy[i]   = now() - converted;
        theirs[i] = emitted - start;
        ours[i]   = (printed - emitted) / 10;
        json[i]   = converted - printed;
    }
    const double t = median(theirs), o = median(ours), j = median(json), bytes = (double)out.len, n = values_in(docs);
    printf("libyaml's emitter  %9.1f us  %6.3f GB/s  %6.1f ns a value  (%zu bytes)\n", t * 1e6, (double)sink.len / t / 1e9,
           t / n * 1e9, sink.len);
    printf("print_yaml         %9.1f us  %6.3f GB/s  %6.1f ns a value  (%zu bytes)  %.1f times as fast\n", o * 1e6,
           bytes / o / 1e9, o / n * 1e9, out.len, t / o);
    printf("print_json_list    %9.1f us  %6.3f GB/s  %6.1f ns a value  (%zu bytes)\n", j * 1e6, (double)as_json.len / j / 1e9,
           j / n * 1e9, as_json.len);
    printf("memcpy             %9.1f us\n", median(copy) * 1e6);
    free(sink.at);
}

static const char *file_text(const char *path, size_t *len)
{
    struct text t = { .a = &memory };
    FILE       *f = fopen(path, "rb");
    if (f == NULL) {
        perror(path);
        exit(2);
    }
    for (size_t n; (n = fread(text_room(&t, 65536), 1, 65536, f)) > 0;)
        t.len += n;
    fclose(f);
    *len = t.len;
    return text_str(&t);
}

static bool reads_back(const struct val *docs)
{
    struct text out = { .a = &memory };
    struct val  read;
    print_documents(docs, &out);
    return readback_read(&memory, out.p, out.len, false, &read) == NULL && tree_same(&read, docs);
}

static int bench(const char *path)
{
    size_t      len;
    const char *text = file_text(path, &len);
    struct val  docs;
    const char *problem = readback_read(&memory, text, len, true, &docs);
    if (problem != NULL || !reads_back(&docs)) {
        fprintf(stderr, "%s: %s\n", path, problem == NULL ? "is not read back as it was printed" : problem);
        return 1;
    }
    printf("%s: %zu bytes, %u documents, %u values\n", path, len, docs.len, values_in(&docs));
    compare(&docs);
    return 0;
}

static int bench_all(char *const *paths)
{
    int status = 0;
    for (; *paths != NULL; paths++)
        status |= bench(*paths);
    return status;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fputs("usage: bench_print FILE...\n", stderr);
        return 2;
    }
    if (setjmp(no_memory) != 0)
        return 3;
    memory.out = &no_memory;
    const int status = bench_all(argv + 1);
    arena_free(&memory);
    return status;
}
