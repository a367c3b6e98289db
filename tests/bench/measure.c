/* measure ROUNDS COMMAND... [-- COMMAND...]: runs the commands in turns, ROUNDS times each, and prints a line for each:
 * median wall time in microseconds, shortest, peak resident memory in KiB, and mean time of processors in microseconds.
 * In turns, so that a change of the machine's mood hits all. Standard output and standard error of the commands go to
 * /dev/null. Exits with 1 when one fails. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MOST_COMMANDS 8
#define MOST_ROUNDS   2000

extern char **environ;

struct measured {
    char **argv;
    double us[MOST_ROUNDS];
    long   peak; /* KiB */
    double cpu;  /* us, of all rounds */
};

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec * 1e-3;
}

static int run(struct measured *m, int round, const posix_spawn_file_actions_t *quiet)
{
    struct rusage used;
    pid_t pid;
    int status;
    const double start = now();
    if (posix_spawn(&pid, m->argv[0], quiet, NULL, m->argv, environ) != 0 || wait4(pid, &status, 0, &used) != pid)
        return 1;
    m->us[round] = now() - start;
    if (used.ru_maxrss > m->peak)
        m->peak = used.ru_maxrss;
    m->cpu += (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1e6
            + (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec);
    return !WIFEXITED(status) || WEXITSTATUS(status) != 0;
}

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Cuts argv at each "--". */
static int commands_of(char **argv, struct measured *to)
{
    int n = 0;
    to[n++].argv = argv;
    for (; *argv != NULL; argv++)
        if (strcmp(*argv, "--") == 0 && n < MOST_COMMANDS) {
            *argv = NULL;
            to[n++].argv = argv + 1;
        }
    return n;
}

int main(int argc, char **argv)
{
    static struct measured m[MOST_COMMANDS];
    posix_spawn_file_actions_t quiet;
    const int rounds = argc > 2 ? atoi(argv[1]) : 0;
    if (rounds < 1 || rounds > MOST_ROUNDS) {
        fputs("usage: measure ROUNDS COMMAND... [-- COMMAND...]\n", stderr);
        return 2;
    }
    const int n = commands_of(argv + 2, m);
    posix_spawn_file_actions_init(&quiet);
    posix_spawn_file_actions_addopen(&quiet, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&quiet, 2, "/dev/null", O_WRONLY, 0);
    for (int round = 0; round < rounds; round++)
        for (int i = 0; i < n; i++)
            if (run(&m[i], round, &quiet) != 0) {
                fprintf(stderr, "measure: %s failed\n", m[i].argv[0]);
                return 1;
            }
    for (int i = 0; i < n; i++) {
        qsort(m[i].us, (size_t)rounds, sizeof *m[i].us, by_size);
        printf("%.1f %.1f %ld %.1f\n", m[i].us[rounds / 2], m[i].us[0], m[i].peak, m[i].cpu / rounds);
    }
    return 0;
}
