#include "command/fleet.h"

#include "base/memory.h"
#include "command/depfile.h"
#include "command/guard.h"
#include "command/report.h"
#include "source/source.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

/* What the workers share. */
struct shared {
    struct fleet    *f;
    enum fleet_sink  sink;
    atomic_uint      next;     /* place in the order of work */
    atomic_bool      stop;     /* output cannot be written: compiling more makes no sense */
    pthread_mutex_t  lock;     /* guards all below, and the results once they are done */
    pthread_cond_t   turned;
    uint32_t         turn;     /* whose turn it is to claim the name of its file; FLEET_FOLDER */
    uint32_t         finished, told;
    uint32_t        *names;    /* hash table of result numbers + 1 by cluster name; FLEET_FOLDER */
    uint32_t         name_slots;
    bool             progress, progress_shown;
    int64_t          progress_at; /* ms */
};

struct worker {
    struct shared *s;
    struct single  single;
    struct arena   a;
    jmp_buf        out;
    pthread_t      thread;
};

/* FNV-1a, 64 bits: two builds that differ by accident have different digests. */
static uint64_t digest_of(const char *bytes, size_t len)
{
    uint64_t h = 14695981039346656037u;
    for (size_t i = 0; i < len; i++)
        h = (h ^ (unsigned char)bytes[i]) * 1099511628211u;
    return h ^ len;
}

/* Keeps a text beyond the arena. Returns NULL for an empty one; out of memory goes where the arena's does. */
static char *kept(const struct text *t)
{
    if (t->len == 0)
        return NULL;
    char *copy = mem_grow(NULL, t->len);
    if (copy == NULL)
        longjmp(*t->a->out, 1);
    memcpy(copy, t->p, t->len);
    return copy;
}

/* ---- names: two clusters must not share a file ---------------------------------------------------------------- */

/* Returns the result that has that name already, or NULL after noting this one. */
static const struct fleet_result *same_name(struct shared *sh, uint32_t i)
{
    const struct fleet_result *all = sh->f->results;
    const char *name = all[i].name;
    uint32_t at = (uint32_t)(digest_of(name, strlen(name)) % sh->name_slots);
    for (; sh->names[at] != 0; at = (at + 1) % sh->name_slots)
        if (strcmp(all[sh->names[at] - 1].name, name) == 0)
            return &all[sh->names[at] - 1];
    sh->names[at] = i + 1;
    return NULL;
}

/* Names are claimed in the order of the arguments, whichever worker is first. Each worker claims once for each description it
 * took, right after reading it: descriptions are taken in order too, so hardly anybody has to wait. */
static const struct fleet_result *claim(struct shared *sh, uint32_t i)
{
    const struct fleet_result *first = NULL;
    pthread_mutex_lock(&sh->lock);
    while (sh->turn != i)
        pthread_cond_wait(&sh->turned, &sh->lock);
    if (sh->f->results[i].name[0] != '\0')
        first = same_name(sh, i);
    sh->turn++;
    sh->f->results[i].claimed = true;
    pthread_cond_broadcast(&sh->turned);
    pthread_mutex_unlock(&sh->lock);
    return first;
}

static const struct fleet_result *claim_name(struct shared *sh, const char *name, uint32_t i)
{
    struct fleet_result *r = &sh->f->results[i];
    if (name != NULL)
        snprintf(r->name, sizeof r->name, "%s", name); /* one that is cut off is too long and will be rejected */
    return claim(sh, i);
}

/* Reads and compiles; two clusters of one name cannot both go to the folder. */
static void compile_named(struct shared *sh, struct single *s, uint32_t i)
{
    const char *name = single_read(s);
    const struct fleet_result *first = claim_name(sh, name, i);
    single_finish(s);
    if (first != NULL && s->status == EXIT_DONE)
        single_fail(s, EXIT_FINDINGS, "%s: cluster '%s' has the name of the cluster in %s, and both would be written to one file",
                    s->path, name, sh->f->c->args.at[first - sh->f->results]);
}

/* ---- one description ------------------------------------------------------------------------------------------ */

/* The text of a result where it is needed as a whole. */
struct whole { struct text out, secrets, applyset; };

static uint64_t digest_of_whole(const struct whole *w)
{
    return (digest_of(w->out.p, w->out.len) * 31 + digest_of(w->secrets.p, w->secrets.len)) * 31 + digest_of(w->applyset.p, w->applyset.len);
}

/* To keep it, and to compare two builds. */
static void print_whole(const struct shared *sh, struct single *s, struct fleet_result *r, struct whole *w)
{
    if (s->status != EXIT_DONE || sh->sink == FLEET_NONE || (sh->sink == FLEET_FOLDER && !s->c->o.check))
        return;
    single_print(s, &w->out);
    single_print_secrets(s, &w->secrets);
    single_print_applyset(s, &w->applyset);
    if (!s->c->o.check)
        return;
    const uint64_t digest = digest_of_whole(w);
    if (sh->sink == FLEET_DIGEST)
        r->digest = digest;
    else if (r->digest != digest)
        single_fail(s, EXIT_ENVIRONMENT, "%s: two builds differ; this is a defect of gregor", s->path);
}

/* Files that the description names are known only now: none of them is lost to the result. */
static void guard(struct single *s)
{
    const struct options *o = &s->c->o;
    const char *outputs[] = { o->output, o->secrets, o->applyset, o->depfile };
    for (size_t i = 0; i < sizeof outputs / sizeof *outputs && s->status == EXIT_DONE; i++) {
        const char *input = guard_replaced(s->cx, outputs[i]);
        if (input != NULL)
            single_fail(s, EXIT_USAGE, "'%s' is read, and the result would replace it; name another file", input);
    }
}

static void deliver(struct shared *sh, struct single *s, struct fleet_result *r, const struct whole *w)
{
    if (sh->sink == FLEET_KEEP)
        guard(s);
    if (s->status != EXIT_DONE)
        return;
    if (sh->sink == FLEET_KEEP) {
        r->out          = kept(&w->out);
        r->out_len      = w->out.len;
        r->secrets      = kept(&w->secrets);
        r->secrets_len  = w->secrets.len;
        r->applyset     = kept(&w->applyset);
        r->applyset_len = w->applyset.len;
    } else if (sh->sink == FLEET_FOLDER) {
        folder_write(&sh->f->folder, s, &r->files);
        if (s->status == EXIT_ENVIRONMENT)
            atomic_store(&sh->stop, true);
    }
}

static void keep_inputs(struct fleet_result *r, const struct single *s)
{
    struct text t = { .a = s->a };
    if (s->c->o.depfile == NULL || s->status != EXIT_DONE)
        return;
    depfile_keep(s->cx, &t);
    r->inputs     = kept(&t);
    r->inputs_len = t.len;
}

static void keep_findings(struct fleet_result *r, const struct single *s)
{
    r->errors       = s->errors;
    r->warnings     = s->warnings;
    r->status       = s->status;
    r->findings     = kept(&s->findings);
    r->findings_len = s->findings.len;
}

static void compile_one(struct shared *sh, struct single *s, uint32_t i)
{
    struct fleet_result *r = &sh->f->results[i];
    struct whole w = { .out = { .a = s->a }, .secrets = { .a = s->a }, .applyset = { .a = s->a } };
    if (sh->sink == FLEET_FOLDER)
        compile_named(sh, s, i);
    else
        single_compile(s);
    print_whole(sh, s, r, &w);
    deliver(sh, s, r, &w);
    if (sh->sink == FLEET_DIGEST)
        return;
    keep_inputs(r, s);
    keep_findings(r, s);
}

static void out_of_memory(struct worker *w, uint32_t i)
{
    struct fleet_result *r = &w->s->f->results[i];
    source_abandon();
    if (w->s->sink == FLEET_FOLDER && !r->claimed)
        claim(w->s, i);
    w->single.findings = (struct text){ .a = &w->a };
    w->single.errors   = w->single.warnings = 0;
    arena_reset(&w->a);
    r->errors = 1;
    r->status = EXIT_ENVIRONMENT;
    if (setjmp(w->out) == 0) {
        single_fail(&w->single, EXIT_ENVIRONMENT, "%s: out of memory", w->single.path);
        keep_findings(r, &w->single);
    }
}

/* Running out of memory ends one description, not the run: the next may be smaller. */
static void guarded(struct worker *w, uint32_t i)
{
    struct command *c = w->s->f->c;
    w->single = (struct single){ .c = c, .log = &w->s->f->log, .a = &w->a, .path = c->args.at[i],
                                 .pack = w->s->sink != FLEET_NONE };
    arena_reset(&w->a);
    if (setjmp(w->out) == 0)
        compile_one(w->s, &w->single, i);
    else
        out_of_memory(w, i);
}

/* ---- telling, in order ---------------------------------------------------------------------------------------- */

static void clear_progress(struct shared *sh)
{
    if (sh->progress_shown)
        report_bytes("\r\033[K", 4);
    sh->progress_shown = false;
}

static void tell(struct shared *sh, uint32_t i)
{
    struct fleet_result *r = &sh->f->results[i];
    if (sh->sink == FLEET_DIGEST)
        return;
    if (r->findings_len > 0 || r->status != EXIT_DONE)
        clear_progress(sh);
    report_tell(&sh->f->log, r->findings, r->findings_len);
    mem_grow(r->findings, 0);
    r->findings = NULL;
    if (r->status == EXIT_ENVIRONMENT && r->findings_len == 0)
        report_no_memory();
    sh->f->errors += r->errors;
    sh->f->warnings += r->warnings;
    sh->f->written += r->files.written;
    sh->f->unchanged += r->files.unchanged;
    sh->f->removed += r->files.removed;
    if (r->status > sh->f->status)
        sh->f->status = r->status;
}

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void show_progress(struct shared *sh)
{
    char line[64];
    if (!sh->progress || now_ms() - sh->progress_at < 100)
        return;
    const int len = snprintf(line, sizeof line, "\rcompiled %u of %u", sh->finished, sh->f->count);
    report_bytes(line, (size_t)len);
    sh->progress_shown = true;
    sh->progress_at    = now_ms();
}

static void finish(struct shared *sh, uint32_t i)
{
    struct fleet_result *results = sh->f->results;
    pthread_mutex_lock(&sh->lock);
    results[i].done = true;
    sh->finished++;
    while (sh->told < sh->f->count && results[sh->told].done)
        tell(sh, sh->told++);
    show_progress(sh);
    pthread_mutex_unlock(&sh->lock);
}

/* ---- workers ---------------------------------------------------------------------------------------------------- */

/* The first half of --check takes the descriptions from the last to the first: what one leaves behind for the next would show. */
static uint32_t place_of(const struct shared *sh, uint32_t turn)
{
    return sh->sink == FLEET_DIGEST ? sh->f->count - 1 - turn : turn;
}

static void *work(void *arg)
{
    struct worker *w = arg;
    struct shared *sh = w->s;
    w->a = (struct arena){ .limit = SINGLE_MEMORY, .out = &w->out, .wipe = sh->f->c->a->wipe };
    for (;;) {
        const uint32_t turn = atomic_fetch_add(&sh->next, 1);
        if (turn >= sh->f->count || atomic_load(&sh->stop))
            break;
        const uint32_t i = place_of(sh, turn);
        guarded(w, i);
        finish(sh, i);
    }
    arena_free(&w->a);
    return NULL;
}

static uint32_t processors(void)
{
    cpu_set_t set;
    return sched_getaffinity(0, sizeof set, &set) == 0 ? (uint32_t)CPU_COUNT(&set) : 1;
}

/* A thread pays from a handful of descriptions on. */
static uint32_t worker_count(const struct fleet *f)
{
    uint32_t n = (uint32_t)f->c->o.jobs;
    if (n == 0) {
        n = processors();
        if (n > (f->count + 7) / 8)
            n = (f->count + 7) / 8;
    }
    return n > f->count ? f->count : n;
}

/* The calling thread is the first worker; when a thread cannot be had, the others do its part. */
static void run_workers(struct shared *sh)
{
    struct arena *a = sh->f->c->a;
    const uint32_t count = worker_count(sh->f);
    struct worker *workers = NEWS(a, struct worker, count);
    uint32_t started = 1;
    for (uint32_t i = 0; i < count; i++)
        workers[i].s = sh;
    while (started < count && pthread_create(&workers[started].thread, NULL, work, &workers[started]) == 0)
        started++;
    work(&workers[0]);
    for (uint32_t i = 1; i < started; i++)
        pthread_join(workers[i].thread, NULL);
}

static void tell_rest(struct shared *sh)
{
    struct fleet *f = sh->f;
    struct text t = { .a = f->c->a };
    const uint32_t left = f->count - sh->finished;
    for (; sh->told < f->count; sh->told++)
        if (f->results[sh->told].done)
            tell(sh, sh->told);
    clear_progress(sh);
    if (sh->sink == FLEET_DIGEST)
        return;
    if (left > 0) {
        report_count(&t, left, "description");
        report_problem(f->c, arena_printf(f->c->a, "stopped: %s not compiled", text_str(&t)), &t);
        t.len = 0;
    }
    report_tell(&f->log, t.p, t.len);
    t.len = 0;
    report_summary(f->c, f->errors, f->warnings, &t);
    report_bytes(t.p, t.len);
    report_close(&f->log, f->status == EXIT_DONE);
}

int fleet_run(struct fleet *f, enum fleet_sink sink)
{
    struct shared sh = { .f = f, .sink = sink, .lock = PTHREAD_MUTEX_INITIALIZER,
                         .turned = PTHREAD_COND_INITIALIZER };
    f->count = f->c->args.len;
    f->log.c = f->c;
    if (sink != FLEET_DIGEST)
        report_open(&f->log);
    if (f->results == NULL)
        f->results = NEWS(f->c->a, struct fleet_result, f->count);
    for (uint32_t i = 0; i < f->count; i++)
        f->results[i].done = false;
    sh.name_slots = 2 * f->count + 1;
    if (sink == FLEET_FOLDER)
        sh.names = NEWS(f->c->a, uint32_t, sh.name_slots);
    sh.progress    = f->count > 1 && !f->c->o.quiet && f->c->o.diagnostics == DIAG_TEXT && isatty(STDERR_FILENO);
    sh.progress_at = now_ms();
    run_workers(&sh);
    tell_rest(&sh);
    return f->status;
}

void fleet_free(struct fleet *f)
{
    for (uint32_t i = 0; i < f->count; i++) {
        if (f->results[i].secrets != NULL)
            explicit_bzero(f->results[i].secrets, f->results[i].secrets_len);
        f->results[i].secrets  = mem_grow(f->results[i].secrets, 0);
        f->results[i].applyset = mem_grow(f->results[i].applyset, 0);
        f->results[i].out      = mem_grow(f->results[i].out, 0);
        f->results[i].findings = mem_grow(f->results[i].findings, 0);
        f->results[i].inputs   = mem_grow(f->results[i].inputs, 0);
    }
}
