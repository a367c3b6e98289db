/* swap.h: a folder of files that changes as a whole (REL 4).
 *
 * A new folder is made beside the old one, which lends it by hard links what does not change and what others put there; then the two
 * change places in one step. Whoever opens files by their path sees the old folder or the new one, never a mix, and so does whoever
 * looks after this process was killed; the next run clears away what that left. Files are not synced: after a power failure the
 * rule is that of io_replace(). On a file system that cannot exchange two names the folder is absent for an instant, and if the
 * process is killed in it, the next run puts the old one back. A folder that cannot be renamed at all (a mount point, the lower layer of
 * an overlay) gets its files one by one, the index last: then only each file is old or new.
 *
 * The folder holds ".gregor-index": a line "SHA-256  path" for each file of ours, as `sha256sum -c` reads it. Only files named there
 * are ours. One that is not part of the result any more is removed when its digest is still that of the index. What others put into
 * the folder stays: files by links, folders by being moved over right after the exchange. Nothing is written through a link. */
#ifndef GREGOR_BASE_SWAP_H
#define GREGOR_BASE_SWAP_H

#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>

#define SWAP_INDEX ".gregor-index"

/* `path` is relative to the folder, with '/' between its parts, and none of them "", "." or "..". */
struct swap_file {
    const char *path, *bytes;
    size_t      len;
};

enum swap_outcome {
    SWAP_DONE,
    SWAP_FOREIGN, /* `where` exists, is not ours, and would have to be replaced */
    SWAP_FAILED   /* errno, at `where`; ELOOP: it is a link */
};

struct swap_result {
    uint32_t     written, unchanged, removed;
    const char  *where;                     /* a path in the folder; "": the folder itself */
    const char **edited;                    /* files of ours whose bytes somebody changed, and that were replaced */
    const char **kept;                      /* the same, but no part of the result any more: they stay, and are not ours from now on */
    uint32_t     edited_count, kept_count;
};

/* Makes the folder `name` in the directory `dirfd` hold exactly these `n` files of ours. Nothing is touched when it does already.
 * The caller holds a lock on `dirfd`, so that nobody else does the same. Out of memory leaves nothing open. */
enum swap_outcome swap_folder(struct arena *a, int dirfd, const char *name, const struct swap_file *files, uint32_t n,
                              struct swap_result *r);

#endif
