/* What ends a hook: its memory, its steps, and at last a clock that only counts processor time. */
#include "hook/state.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

#define STEPS_A_LOOK 1000 /* instructions between two looks at the limits */
#define LAST_STRIKE  3    /* expirations of the clock after which the process ends */

/* ---- memory ----------------------------------------------------------------------------------------------------- */

/* Classes of 16 bytes up to 512, then powers of two: what Lua gives back serves requests of the same class. */
static unsigned class_of(size_t size)
{
    if (size <= 512)
        return (unsigned)((size + 15) / 16);
    return 33u + (unsigned)(63 - __builtin_clzll((unsigned long long)(size - 1))) - 9u;
}

static size_t class_size(unsigned class)
{
    return class <= 32 ? (size_t)class * 16 : (size_t)1 << (class - 33 + 10);
}

static void *take_block(struct hooks *h, unsigned class)
{
    void *p = h->free_blocks[class];
    if (p == NULL)
        return arena_alloc(h->cx->a, class_size(class));
    memcpy(&h->free_blocks[class], p, sizeof p);
    return p;
}

static void give_block(struct hooks *h, void *p, unsigned class)
{
    memcpy(p, &h->free_blocks[class], sizeof p);
    h->free_blocks[class] = p;
}

/* Out of memory of the arena leaves by a jump: then this Lua is never entered again, and its memory goes with the arena. */
static void *allocate(void *ud, void *old, size_t old_size, size_t size)
{
    struct hooks *h = ud;
    const unsigned from = old == NULL ? 0 : class_of(old_size), to = class_of(size);
    if (size > HOOK_MEMORY || (to > from && h->used + class_size(to) > HOOK_MEMORY)) {
        h->steps += 100000; /* Lua collects its garbage before it gives up, which takes a while */
        if (h->in_call)
            h->failure.at = error_here(h->L);
        return NULL;
    }
    h->steps += (int64_t)(size / 256);
    if (from == to && old != NULL)
        return old;
    void *p = size == 0 ? NULL : take_block(h, to);
    if (p != NULL && old != NULL)
        memcpy(p, old, old_size < size ? old_size : size);
    if (old != NULL && from > 0)
        give_block(h, old, from);
    h->used += class_size(to);
    h->used -= class_size(from);
    return p;
}

void *limit_alloc(struct part_memory *m, size_t size)
{
    struct hooks *h = (struct hooks *)m;
    if (h->used + size > HOOK_MEMORY && h->in_call)
        limit_stop(h->L, E_HOOK_MEMORY);
    h->used += size;
    return arena_alloc(h->cx->a, size);
}

/* ---- steps ------------------------------------------------------------------------------------------------------ */

/* Once a limit is hit every further instruction hits it again: pcall() cannot win. */
static void look(lua_State *L, lua_Debug *ar)
{
    struct hooks *h = hook_of(L);
    (void)ar;
    if (h->stopped != CODES)
        limit_stop(L, h->stopped);
    if (h->expired)
        limit_stop(L, E_HOOK_TIME);
    if (h->used > HOOK_MEMORY / 8 && !h->collecting) {
        h->collecting = true;
        lua_gc(L, LUA_GCRESTART);
    }
    limit_charge(L, STEPS_A_LOOK);
}

void limit_stop(lua_State *L, enum code code)
{
    struct hooks *h = hook_of(L);
    h->stopped = code;
    h->failure.code = code;
    lua_sethook(L, look, LUA_MASKCOUNT, 1);
    lua_pushnil(L);
    lua_error(L);
    __builtin_unreachable();
}

void limit_charge(lua_State *L, int64_t steps)
{
    struct hooks *h = hook_of(L);
    h->steps += steps;
    if (h->steps > h->steps_limit || h->stopped != CODES)
        limit_stop(L, h->stopped != CODES ? h->stopped : E_HOOK_STEPS);
}

/* ---- the clock -------------------------------------------------------------------------------------------------- */

/* One timer a thread, which counts the processor time of that thread. The first expiration makes Lua stop at its next instruction.
 * Something in C that never comes back to Lua ends the process at the last: everything is computed before anything is
 * written, so nothing is left half done. */
static _Thread_local struct hooks *watched;
static _Thread_local timer_t       timer;
static _Thread_local bool          has_timer;

static void write_text(const char *s)
{
    if (s != NULL && write(STDERR_FILENO, s, strlen(s)) < 0)
        return;
}

static void give_up(const struct hooks *h)
{
    write_text("gregor: ");
    write_text(h->running != NULL ? h->running->chunk->name : "a hook");
    write_text(": the hook cannot be stopped");
    write_text(h->object != NULL ? " while it works on " : "");
    write_text(h->object);
    write_text("\n");
    _exit(3);
}

static void expire(int signal)
{
    struct hooks *h = watched;
    (void)signal;
    if (h == NULL)
        return;
    h->expired++;
    lua_sethook(h->L, look, LUA_MASKCOUNT, 1); /* may be called from a handler, says its manual */
    if (h->expired >= LAST_STRIKE)
        give_up(h);
}

static bool make_timer(void)
{
    struct sigaction act = { .sa_handler = expire, .sa_flags = SA_RESTART };
    struct sigevent event = { .sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGRTMIN + 3 };
    event._sigev_un._tid = gettid();
    sigemptyset(&act.sa_mask);
    has_timer = sigaction(SIGRTMIN + 3, &act, NULL) == 0 && timer_create(CLOCK_THREAD_CPUTIME_ID, &event, &timer) == 0;
    return has_timer;
}

static void set_timer(time_t seconds)
{
    const struct itimerspec when = { .it_value = { .tv_sec = seconds }, .it_interval = { .tv_sec = seconds > 0 } };
    if (has_timer && timer_settime(timer, 0, &when, NULL) == 0)
        return;
    if (seconds > 0 && make_timer()) /* behind a fork() the old one is gone */
        timer_settime(timer, 0, &when, NULL);
}

void limit_begin(struct hooks *h, uint32_t objects)
{
    h->steps_limit = HOOK_STEPS + HOOK_STEPS_EACH * objects;
    h->expired     = 0;
    watched        = h;
    set_timer(HOOK_SECONDS + objects / HOOK_OBJECTS_A_SECOND);
}

void limit_end(void)
{
    watched = NULL;
    set_timer(0);
}

/* ---- the seed --------------------------------------------------------------------------------------------------- */

unsigned int __wrap_luaS_hash(const char *s, size_t len, unsigned int seed);

/* Lua makes the seed of its hashes of the time and of addresses, and what `#` says of a table with gaps hangs on it: the same hook
 * would count differently from run to run. This is the call that makes it, the only one from outside of Lua's lstring.c; the linker
 * brings it here. Hooks that look for collisions meet their limits. */
unsigned int __wrap_luaS_hash(const char *s, size_t len, unsigned int seed)
{
    (void)s;
    (void)len;
    (void)seed;
    return 0x9e3779b9;
}

/* ---- the state -------------------------------------------------------------------------------------------------- */

/* Its garbage is collected only when there is a lot of it: most hooks are over before. */
lua_State *limit_state(struct hooks *h)
{
    lua_State *L = lua_newstate(allocate, h);
    if (L == NULL)
        return NULL;
    *(struct hooks **)lua_getextraspace(L) = h;
    lua_gc(L, LUA_GCSTOP);
    lua_sethook(L, look, LUA_MASKCOUNT, STEPS_A_LOOK);
    return L;
}
