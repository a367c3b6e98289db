#include "base/swap_index.h"

#include "base/beneath.h"
#include "base/swap.h"
#include "base/text.h"

#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>

#define LARGEST_INDEX ((size_t)16 << 20) /* bytes */

static int by_path(const void *a, const void *b)
{
    return strcmp(((const struct own *)a)->path, ((const struct own *)b)->path);
}

void swap_sort(struct owns *list)
{
    qsort(list->at, list->len, sizeof *list->at, by_path);
}

struct own *swap_find(const struct owns *list, const char *path)
{
    const struct own key = { .path = path };
    return list->len == 0 ? NULL : bsearch(&key, list->at, list->len, sizeof *list->at, by_path);
}

bool swap_holds(const struct owns *list, const char *path)
{
    const size_t len = strlen(path);
    for (uint32_t i = 0; i < list->len; i++)
        if (strncmp(list->at[i].path, path, len) == 0 && list->at[i].path[len] == '/')
            return true;
    return false;
}

static bool is_below(const char *path)
{
    for (const char *p = path;; p++) {
        const size_t len = strcspn(p, "/");
        if (len == 0 || len > NAME_MAX || (len <= 2 && p[0] == '.' && p[len - 1] == '.'))
            return false;
        p += len;
        if (*p == '\0')
            return true;
    }
}

/* "DIGEST  PATH"; a line that is none is nobody's. */
static bool parse_line(char *line, struct own *o)
{
    *o = (struct own){ .path = line + 66 };
    if (strspn(line, "0123456789abcdef") != 64 || line[64] != ' ' || line[65] != ' ' || !is_below(o->path))
        return false;
    memcpy(o->digest, line, 64);
    return true;
}

static struct owns parse(struct arena *a, char *text)
{
    struct owns list = { NULL, 0 };
    size_t lines = 0;
    for (const char *p = text; (p = strchr(p, '\n')) != NULL; p++)
        lines++;
    list.at = NEWS(a, struct own, lines + 1);
    for (char *end; (end = strchr(text, '\n')) != NULL; text = end + 1) {
        *end = '\0';
        list.len += parse_line(text, &list.at[list.len]);
    }
    swap_sort(&list);
    return list;
}

struct owns swap_index_load(struct arena *a, int parent, const char *folder)
{
    const char *path = str_join(a, folder, "/" SWAP_INDEX, NULL);
    struct stat st;
    if (fstatat(parent, path, &st, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(st.st_mode) || (uintmax_t)st.st_size > LARGEST_INDEX)
        return (struct owns){ NULL, 0 };
    char *text = arena_zalloc(a, (size_t)st.st_size + 1);
    const ssize_t len = beneath_read(parent, path, text, (size_t)st.st_size);
    return len < 0 || strlen(text) != (size_t)len ? (struct owns){ NULL, 0 } : parse(a, text);
}
