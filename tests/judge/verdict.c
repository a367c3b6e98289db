/* verdict: what verify says of objects, one JSON document a line on standard input: "ok", or the first error, a line each.
 *
 * For mutants.py, which asks a real API server about the same objects. Usage: verdict MINOR */
#include "base/ctx.h"
#include "source/source.h"
#include "verify/verify.h"

#include <stdio.h>
#include <stdlib.h>

static const char *first_error(const struct ctx *cx)
{
    for (uint32_t i = 0; i < cx->diag_count; i++)
        if (code_table[cx->diags[i]->code].error)
            return cx->diags[i]->message;
    return "refused";
}

static void put_line(const char *s)
{
    for (; *s != '\0'; s++)
        putchar(*s == '\n' ? ' ' : *s);
    putchar('\n');
}

static void judge(struct arena *a, const char *line, size_t len, int minor)
{
    struct ctx cx = { .a = a };
    struct val v = { .kind = V_NONE };
    const uint16_t file = ctx_file(&cx, "object", line, len, "description");
    const bool fine = source_parse_stream(&cx, file, &v) && verify_objects(&cx, minor, NULL, v.seq, v.len, NULL);
    put_line(fine ? "ok" : first_error(&cx));
}

int main(int argc, char **argv)
{
    static struct arena a;
    static jmp_buf      no_memory;
    char   *line = NULL;
    size_t  room = 0;
    ssize_t n;
    if (argc != 2 || setjmp(no_memory) != 0) {
        fprintf(stderr, argc != 2 ? "usage: verdict MINOR\n" : "out of memory\n");
        return 2;
    }
    for (a.out = &no_memory; (n = getline(&line, &room, stdin)) > 0; arena_reset(&a))
        judge(&a, line, (size_t)n, atoi(argv[1]));
    free(line);
    arena_free(&a);
    return fflush(stdout) == 0 ? 0 : 2;
}
