/* Any bytes are a hook that changes a cluster or is refused with a reason; what comes out is accepted by the verifier, prints, and
 * reads back as the same objects. The hook ends, and memory is bounded. */
#include "../readback.h"
#include "compile.h"
#include "print/print.h"

#include <sys/mman.h>
#include <unistd.h>

#define MEMORY ((size_t)256 << 20)
#define PAGE   "gregor: 1\nname: orders\nkafka: {version: 4.3.1}\nsite: {owner: payments, small: true}\n"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool fine, const char *why, const char *detail)
{
    if (fine)
        return;
    fprintf(stderr, "%s: %s\n", why, detail);
    abort();
}

static void check_printed(struct arena *a, const struct val *objects)
{
    struct text yaml = { .a = a };
    struct val  read;
    for (uint32_t i = 0; i < objects->len; i++)
        print_yaml(&yaml, &objects->seq[i]);
    const char *problem = readback_read(a, yaml.p, yaml.len, false, &read);
    must(problem == NULL, "the manifests do not read back", problem);
    must(tree_same(&read, objects), "the manifests read back", "as other objects");
}

static void check(struct arena *a, const char *hook)
{
    const char *hooks[] = { hook, NULL };
    const struct request r = { .path = "fuzz.yaml", .text = PAGE, .len = strlen(PAGE), .hooks = hooks };
    struct ctx      *cx;
    struct compiled *c;
    jmp_buf          out;
    struct text      findings = { .a = a };
    const enum outcome o = compile_guarded(a, &r, STAGE_ALL, &cx, &c);
    a->out = &out;
    if (o == COMPILE_NO_MEMORY || setjmp(out) != 0)
        return;
    for (uint32_t i = 0; i < cx->diag_count; i++)
        diag_text(cx, cx->diags[i], false, &findings);
    must(o == COMPILE_OK || diag_failed(cx), "refused", "without a reason");
    must(o != COMPILE_OK || !diag_failed(cx), "accepted", "with an error");
    if (o == COMPILE_OK)
        check_printed(a, &c->objects);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a = { .limit = MEMORY };
    char path[64];
    const int fd = memfd_create("hook", MFD_CLOEXEC);
    if (fd < 0 || write(fd, data, size) != (ssize_t)size)
        return 0;
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    check(&a, path);
    close(fd);
    arena_free(&a);
    return 0;
}
