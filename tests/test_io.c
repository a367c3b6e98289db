/* Files: only regular ones come in, all or nothing goes out (REL 4; REL 5 classes 11, 56, 59, 61). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/io.h"
#include "base/memory.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static struct arena memory;
static char folder[200]; /* the working directory of all tests */

static void put(const char *name, const char *bytes, size_t len)
{
    FILE *f = fopen(name, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(bytes, 1, len, f), len);
    fclose(f);
}

static enum io_result get(const char *name, size_t max, const char **text, size_t *len)
{
    *text = NULL;
    *len  = 0;
    return io_read(&memory, name, max, text, len);
}

/* ---- in ----------------------------------------------------------------------------------------------- */

static void a_file_is_read_whole(void **state)
{
    (void)state;
    const char *text;
    size_t len;
    put("plain", "a\0b\n", 4);
    assert_int_equal(get("plain", 4, &text, &len), IO_OK);
    assert_int_equal(len, 4);
    assert_memory_equal(text, "a\0b\n", 5);
    put("empty", "", 0);
    assert_int_equal(get("empty", 0, &text, &len), IO_OK);
    assert_int_equal(len, 0);
    assert_string_equal(text, "");
}

static void the_cap_is_exact(void **state)
{
    (void)state;
    const char *text;
    size_t len;
    put("five", "12345", 5);
    assert_int_equal(get("five", 5, &text, &len), IO_OK);
    assert_int_equal(get("five", 4, &text, &len), IO_TOO_LARGE);
    assert_string_equal(io_reason(&memory, IO_TOO_LARGE, 4), "larger than 4 bytes");
}

static void a_file_of_proc_has_bytes_although_it_says_none(void **state)
{
    (void)state;
    const char *text;
    size_t len;
    struct stat st;
    assert_int_equal(stat("/proc/self/status", &st), 0);
    assert_int_equal(st.st_size, 0);
    assert_int_equal(get("/proc/self/status", 1 << 20, &text, &len), IO_OK);
    assert_true(len > 100 && strlen(text) == len);
    assert_int_equal(get("/proc/self/status", 10, &text, &len), IO_TOO_LARGE);
}

static void what_is_no_file_is_refused_without_waiting(void **state)
{
    (void)state;
    const char *text;
    size_t len;
    assert_int_equal(mkfifo("fifo", 0600), 0);
    assert_int_equal(mkdir("dir", 0700), 0);
    const int s = socket(AF_UNIX, SOCK_STREAM, 0);
    const struct sockaddr_un where = { .sun_family = AF_UNIX, .sun_path = "socket" };
    assert_int_equal(bind(s, (const struct sockaddr *)&where, sizeof where), 0);
    assert_int_equal(symlink("fifo", "to_fifo"), 0);
    static const char *const names[] = { "fifo", "dir", "socket", "to_fifo", "/dev/zero", "/dev/null", "." };
    alarm(5); /* a FIFO without a writer would block */
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_int_equal(get(names[i], 100, &text, &len), IO_NOT_A_FILE);
    alarm(0);
    close(s);
    assert_string_equal(io_reason(&memory, IO_NOT_A_FILE, 0), "not a regular file");
}

static void links_are_followed_to_files_only(void **state)
{
    (void)state;
    const char *text;
    size_t len;
    put("target", "x", 1);
    assert_int_equal(symlink("target", "link"), 0);
    assert_int_equal(symlink("nowhere", "dangling"), 0);
    assert_int_equal(symlink("loop_b", "loop_a"), 0);
    assert_int_equal(symlink("loop_a", "loop_b"), 0);
    assert_int_equal(get("link", 10, &text, &len), IO_OK);
    assert_int_equal(get("dangling", 10, &text, &len), IO_CANNOT);
    assert_string_equal(io_reason(&memory, IO_CANNOT, 0), "no such file or directory");
    assert_int_equal(get("loop_a", 10, &text, &len), IO_CANNOT);
    assert_int_equal(errno, ELOOP);
    assert_int_equal(get("target/x", 10, &text, &len), IO_CANNOT);
    assert_int_equal(errno, ENOTDIR);
    assert_int_equal(get("", 10, &text, &len), IO_CANNOT);
}

/* Root may read everything, so another user has to try. */
static void an_unreadable_file_says_why(void **state)
{
    (void)state;
    put("secret", "x", 1);
    assert_int_equal(chmod("secret", 0), 0);
    fflush(NULL);
    const pid_t child = fork();
    if (child == 0) {
        const char *text;
        size_t len;
        if (geteuid() == 0 && seteuid(1000) != 0)
            _exit(2);
        _exit(get("secret", 10, &text, &len) == IO_CANNOT && strcmp(io_reason(&memory, IO_CANNOT, 0), "permission denied") == 0 ? 0 : 1);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

static volatile int stop;

static void *resize(void *name)
{
    while (!stop)
        if (truncate(name, 100000) != 0 || truncate(name, 10) != 0)
            break;
    return NULL;
}

static void a_file_that_changes_is_never_half_read(void **state)
{
    (void)state;
    pthread_t thread;
    put("moving", "0123456789", 10);
    stop = 0;
    assert_int_equal(pthread_create(&thread, NULL, resize, "moving"), 0);
    for (int i = 0; i < 2000; i++) {
        const char *text;
        size_t len;
        const enum io_result r = get("moving", 1 << 20, &text, &len);
        assert_true(r == IO_CHANGED || (r == IO_OK && (len == 10 || len == 100000)));
        arena_reset(&memory);
    }
    stop = 1;
    pthread_join(thread, NULL);
}

static enum io_result read_through_pipe(const char *bytes, size_t len, size_t max, const char **text, size_t *out)
{
    int ends[2];
    const int saved = dup(STDIN_FILENO);
    assert_int_equal(pipe(ends), 0);
    fflush(NULL);
    const pid_t child = fork();
    if (child == 0) {
        for (size_t at = 0; at < len; at += 1000) /* in small pieces: short reads */
            if (write(ends[1], bytes + at, len - at < 1000 ? len - at : 1000) < 0)
                _exit(1);
        _exit(0);
    }
    close(ends[1]);
    dup2(ends[0], STDIN_FILENO);
    close(ends[0]);
    const enum io_result r = get("-", max, text, out);
    if (saved >= 0) {
        dup2(saved, STDIN_FILENO);
        close(saved);
    }
    waitpid(child, NULL, 0);
    return r;
}

static void standard_input_may_be_a_pipe(void **state)
{
    (void)state;
    const size_t size = 100000;
    char *bytes = malloc(size);
    const char *text;
    size_t len;
    assert_non_null(bytes);
    for (size_t i = 0; i < size; i++)
        bytes[i] = (char)('a' + i % 26);
    assert_int_equal(read_through_pipe(bytes, size, size, &text, &len), IO_OK);
    assert_int_equal(len, size);
    assert_memory_equal(text, bytes, size);
    assert_int_equal(text[size], '\0');
    assert_int_equal(read_through_pipe(bytes, size, size - 1, &text, &len), IO_TOO_LARGE);
    assert_int_equal(read_through_pipe(bytes, 0, size, &text, &len), IO_OK);
    assert_int_equal(len, 0);
    free(bytes);
}

static int open_files(void)
{
    int n = 0;
    DIR *d = opendir("/proc/self/fd");
    assert_non_null(d);
    while (readdir(d) != NULL)
        n++;
    closedir(d);
    return n;
}

static void no_file_stays_open_when_memory_runs_out(void **state)
{
    (void)state;
    put("big", "0123456789", 10);
    static int before; /* static: it must keep its value over the jump */
    before = open_files();
    jmp_buf out;
    static struct arena a;
    a = (struct arena){ .limit = 1, .out = &out };
    if (setjmp(out) == 0) {
        const char *text;
        size_t len;
        io_read(&a, "big", 100, &text, &len);
        fail_msg("memory did not run out");
    }
    assert_int_equal(open_files(), before);
}

/* ---- out ---------------------------------------------------------------------------------------------- */

static int here(void)
{
    return AT_FDCWD;
}

static mode_t mode_of(const char *name)
{
    struct stat st;
    assert_int_equal(lstat(name, &st), 0);
    return st.st_mode & 07777;
}

static int leftovers(void)
{
    int n = 0;
    DIR *d = opendir(".");
    assert_non_null(d);
    for (const struct dirent *e; (e = readdir(d)) != NULL;)
        n += strncmp(e->d_name, ".gregor-", 8) == 0;
    closedir(d);
    return n;
}

static void assert_holds(const char *name, const char *bytes)
{
    const char *text;
    size_t len;
    assert_int_equal(get(name, 1 << 20, &text, &len), IO_OK);
    assert_string_equal(text, bytes);
}

static void only_what_changed_is_written(void **state)
{
    (void)state;
    struct stat first, second;
    assert_int_equal(io_replace(here(), "out", "abc", 3, 0644), IO_WRITTEN);
    assert_int_equal(stat("out", &first), 0);
    assert_int_equal(io_replace(here(), "out", "abc", 3, 0644), IO_UNCHANGED);
    assert_int_equal(stat("out", &second), 0);
    assert_int_equal(first.st_ino, second.st_ino);
    assert_int_equal(first.st_mtim.tv_nsec, second.st_mtim.tv_nsec);
    assert_int_equal(io_replace(here(), "out", "abd", 3, 0644), IO_WRITTEN);
    assert_holds("out", "abd");
    assert_int_equal(io_replace(here(), "out", "", 0, 0644), IO_WRITTEN);
    assert_int_equal(io_replace(here(), "out", "", 0, 0644), IO_UNCHANGED);
    assert_holds("out", "");
    assert_int_equal(leftovers(), 0);
}

static void a_large_file_is_compared_to_its_last_byte(void **state)
{
    (void)state;
    char *bytes = malloc(100001);
    assert_non_null(bytes);
    memset(bytes, 'x', 100000);
    bytes[100000] = '\0';
    assert_int_equal(io_replace(here(), "large", bytes, 100000, 0644), IO_WRITTEN);
    assert_int_equal(io_replace(here(), "large", bytes, 100000, 0644), IO_UNCHANGED);
    bytes[99999] = 'y';
    assert_int_equal(io_replace(here(), "large", bytes, 100000, 0644), IO_WRITTEN);
    assert_holds("large", bytes);
    free(bytes);
}

static void a_secret_is_private_under_any_umask(void **state)
{
    (void)state;
    static const mode_t masks[] = { 0, 022, 077, 0777 };
    for (size_t i = 0; i < sizeof masks / sizeof *masks; i++) {
        const mode_t old = umask(masks[i]);
        unlink("key");
        unlink("page");
        const enum io_written key = io_replace(here(), "key", "k", 1, 0600), page = io_replace(here(), "page", "p", 1, 0644);
        umask(old);
        assert_int_equal(key, IO_WRITTEN);
        assert_int_equal(page, IO_WRITTEN);
        assert_int_equal(mode_of("key"), 0600);
        assert_int_equal(mode_of("page"), 0644 & ~masks[i]);
    }
}

static void an_open_secret_is_written_anew(void **state)
{
    (void)state;
    assert_int_equal(io_replace(here(), "key2", "k", 1, 0644), IO_WRITTEN);
    assert_int_equal(io_replace(here(), "key2", "k", 1, 0600), IO_WRITTEN);
    assert_int_equal(mode_of("key2"), 0600);
    assert_int_equal(io_replace(here(), "key2", "k", 1, 0600), IO_UNCHANGED);
}

static void what_is_made_once_is_never_replaced(void **state)
{
    (void)state;
    const char *text;
    size_t len;
    struct stat st;
    const mode_t old = umask(0777);
    assert_int_equal(io_create(here(), "once", "first", 5, 0600), IO_WRITTEN);
    umask(0);
    assert_int_equal(io_create(here(), "once", "other", 5, 0600), IO_UNCHANGED);
    umask(old);
    assert_int_equal(get("once", 10, &text, &len), IO_OK);
    assert_string_equal(text, "first");
    assert_int_equal(stat("once", &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    assert_int_equal(st.st_nlink, 1);
    assert_int_equal(symlink("never-made", "to-nothing"), 0);
    assert_int_equal(io_create(here(), "to-nothing", "x", 1, 0600), IO_UNCHANGED);
    assert_int_equal(access("never-made", F_OK), -1);
    assert_int_equal(io_create(here(), "a/b", "x", 1, 0600), IO_FAILED);
}

static void links_and_other_things_are_not_replaced(void **state)
{
    (void)state;
    put("victim", "old", 3);
    assert_int_equal(symlink("victim", "to_victim"), 0);
    assert_int_equal(symlink("not_there", "to_nothing"), 0);
    assert_int_equal(mkfifo("fifo2", 0600), 0);
    assert_int_equal(mkdir("dir2", 0700), 0);
    static const struct { const char *name; int error; } bad[] = {
        { "to_victim", ELOOP }, { "to_nothing", ELOOP }, { "fifo2", EINVAL }, { "dir2", EISDIR }, { "", EINVAL }, { ".", EINVAL },
        { "..", EINVAL }, { "dir2/x", EINVAL }, { "/etc/x", EINVAL },
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(io_replace(here(), bad[i].name, "new", 3, 0644), IO_FAILED);
        assert_int_equal(errno, bad[i].error);
    }
    assert_holds("victim", "old");
    assert_int_equal(access("not_there", F_OK), -1);
}

static void a_failed_write_leaves_the_old_file(void **state)
{
    (void)state;
    put("kept", "old", 3);
    char *bytes = calloc(1, 100000);
    assert_non_null(bytes);
    fflush(NULL);
    const pid_t child = fork(); /* the limit would hold for the test as well */
    if (child == 0) {
        const struct rlimit small = { 4096, 4096 };
        struct sigaction ignore = { .sa_handler = SIG_IGN };
        sigaction(SIGXFSZ, &ignore, NULL);
        setrlimit(RLIMIT_FSIZE, &small);
        _exit(io_replace(here(), "kept", bytes, 100000, 0644) == IO_FAILED && errno == EFBIG ? 0 : 1);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_holds("kept", "old");
    assert_int_equal(leftovers(), 0);
    free(bytes);
}

static void a_full_device_is_reported(void **state)
{
    (void)state;
    const int fd = open("/dev/full", O_WRONLY);
    if (fd < 0) {
        print_message("skipped: no /dev/full\n");
        return;
    }
    assert_false(io_write_all(fd, "x", 1));
    assert_int_equal(errno, ENOSPC);
    close(fd);
    assert_false(io_write_all(-1, "x", 1));
    assert_true(io_write_all(-1, "x", 0));
}

static void a_slow_pipe_gets_everything(void **state)
{
    (void)state;
    int ends[2];
    const size_t size = 300000; /* more than a pipe holds */
    char *bytes = malloc(size);
    assert_non_null(bytes);
    memset(bytes, 'z', size);
    assert_int_equal(pipe2(ends, O_NONBLOCK), 0);
    fflush(NULL);
    const pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        _exit(io_write_all(ends[1], bytes, size) ? 0 : 1);
    }
    close(ends[1]);
    fcntl(ends[0], F_SETFL, 0);
    size_t got = 0;
    for (ssize_t n; (n = read(ends[0], bytes, 777)) > 0; got += (size_t)n)
        ;
    int status;
    waitpid(child, &status, 0);
    assert_int_equal(status, 0);
    assert_int_equal(got, size);
    close(ends[0]);
    free(bytes);
}

static void a_missing_directory_is_made_and_a_link_refused(void **state)
{
    (void)state;
    int fd = io_open_dir("made/");
    assert_true(fd >= 0);
    assert_int_equal(io_replace(fd, "x", "1", 1, 0644), IO_WRITTEN);
    close(fd);
    assert_holds("made/x", "1");
    assert_int_equal(symlink("made", "to_made"), 0);
    assert_int_equal(io_open_dir("to_made"), -1);
    assert_int_equal(errno, ELOOP);
    assert_int_equal(io_open_dir("to_made///"), -1);
    assert_int_equal(errno, ELOOP);
    assert_int_equal(io_open_dir("not/here"), -1);
    assert_int_equal(errno, ENOENT);
    put("a_file", "x", 1);
    assert_int_equal(io_open_dir("a_file"), -1);
    assert_int_equal(errno, ENOTDIR);
    assert_int_equal(io_open_dir(""), -1);
    fd = io_open_dir(".");
    assert_true(fd >= 0);
    close(fd);
}

static int enter_folder(void **state)
{
    (void)state;
    const char *base = getenv("TMPDIR");
    snprintf(folder, sizeof folder, "%s/test_io.XXXXXX", base != NULL ? base : P_tmpdir);
    return mkdtemp(folder) != NULL && chmod(folder, 0755) == 0 && chdir(folder) == 0 ? 0 : -1;
}

static int leave_folder(void **state)
{
    (void)state;
    char command[300];
    arena_free(&memory);
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return chdir("/") == 0 ? system(command) : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_is_read_whole),
        cmocka_unit_test(the_cap_is_exact),
        cmocka_unit_test(a_file_of_proc_has_bytes_although_it_says_none),
        cmocka_unit_test(what_is_no_file_is_refused_without_waiting),
        cmocka_unit_test(links_are_followed_to_files_only),
        cmocka_unit_test(an_unreadable_file_says_why),
        cmocka_unit_test(a_file_that_changes_is_never_half_read),
        cmocka_unit_test(standard_input_may_be_a_pipe),
        cmocka_unit_test(no_file_stays_open_when_memory_runs_out),
        cmocka_unit_test(only_what_changed_is_written),
        cmocka_unit_test(a_large_file_is_compared_to_its_last_byte),
        cmocka_unit_test(a_secret_is_private_under_any_umask),
        cmocka_unit_test(an_open_secret_is_written_anew),
        cmocka_unit_test(what_is_made_once_is_never_replaced),
        cmocka_unit_test(links_and_other_things_are_not_replaced),
        cmocka_unit_test(a_failed_write_leaves_the_old_file),
        cmocka_unit_test(a_full_device_is_reported),
        cmocka_unit_test(a_slow_pipe_gets_everything),
        cmocka_unit_test(a_missing_directory_is_made_and_a_link_refused),
    };
    return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
