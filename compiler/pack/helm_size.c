/* helm_size.c: files and charts that Helm reads, and how large the Secret of a release becomes. Helm writes chart and manifests as JSON, the files of the chart in base64,
 * compresses that with gzip and writes it in base64 again (pkg/storage/driver/util.go). There is no compressor here: the matches
 * that one finds are counted, and what their codes would take at least. */
#include "pack/helm.h"

#define LARGEST_FILE    ((size_t)5 << 20)   /* pkg/chart/loader: MaxDecompressedFileSize */
#define LARGEST_CHART   ((size_t)100 << 20) /* MaxDecompressedChartSize */
#define LARGEST_RELEASE ((size_t)1 << 20)   /* a Secret */

#define WINDOW      32768u
#define TABLE_BITS  15
#define SHORTEST    4
#define LONGEST     258
#define DISTANCES   16
#define MOST_TRIES  16

/* How often each code occurs: letters, lengths in steps of two, the number of bits of distances. */
struct counts {
    uint32_t letter[256], length[LONGEST / 2 + 1], distance[DISTANCES + 1];
    uint64_t extra_bits;
};

static void add_base64(struct text *out, const struct text *in)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i + 2 < in->len; i += 3) {
        const unsigned n = (unsigned)(unsigned char)in->p[i] << 16 | (unsigned)(unsigned char)in->p[i + 1] << 8
                         | (unsigned char)in->p[i + 2];
        char *p = text_room(out, 4);
        for (int k = 0; k < 4; k++)
            p[k] = digits[n >> (18 - 6 * k) & 63];
        out->len += 4;
    }
}

static uint32_t hash_of(const char *s)
{
    uint32_t n;
    memcpy(&n, s, sizeof n);
    return n * 2654435761u >> (32 - TABLE_BITS);
}

static uint32_t same_length(const char *a, const char *b, const char *end)
{
    uint32_t n = 0;
    while (n < LONGEST && b + n < end && a[n] == b[n])
        n++;
    return n;
}

static void count_match(struct counts *c, uint32_t length, uint32_t distance)
{
    uint32_t bits = 0;
    while (distance >> bits > 1)
        bits++;
    c->length[length / 2]++;
    c->distance[bits]++;
    c->extra_bits += bits > 0 ? bits - 1 : 0;
}

/* Where the text of a hash stood last, and before that. Places count from 1; 0: nowhere. */
struct places {
    uint32_t last[1u << TABLE_BITS], before[WINDOW];
};

static void remember(struct places *p, const struct text *t, size_t at)
{
    if (at + SHORTEST > t->len)
        return;
    uint32_t *last = &p->last[hash_of(t->p + at)];
    p->before[at % WINDOW] = *last;
    *last = (uint32_t)at + 1;
}

/* The longest of the newest matches, like a middle level of gzip. Returns its length, 0: none. */
static uint32_t longest(const struct places *p, const struct text *t, size_t at, uint32_t *distance)
{
    uint32_t best = SHORTEST - 1;
    size_t place = at + SHORTEST > t->len ? 0 : p->last[hash_of(t->p + at)];
    for (int tries = 0; place > 0 && at + 1 - place < WINDOW && tries < MOST_TRIES; tries++) {
        const uint32_t n = same_length(t->p + place - 1, t->p + at, t->p + t->len);
        if (n > best) {
            best      = n;
            *distance = (uint32_t)(at + 1 - place);
        }
        const size_t next = p->before[(place - 1) % WINDOW];
        place = next < place ? next : 0;
    }
    return best >= SHORTEST ? best : 0;
}

static void count_all(struct arena *a, const struct text *t, struct counts *c)
{
    struct places *p = NEW(a, struct places);
    for (size_t i = 0; i < t->len;) {
        uint32_t distance = 0;
        const uint32_t length = longest(p, t, i, &distance);
        if (length > 0)
            count_match(c, length, distance);
        else
            c->letter[(unsigned char)t->p[i]]++;
        for (uint32_t k = 0; k < (length > 0 ? length : 1); k++)
            remember(p, t, i++);
    }
}

/* Of a number from 1 on, to a thousandth. libm's would tie the program to its own ways of linking. */
static double log2_of(double x)
{
    double n = 0;
    for (; x >= 2; x /= 2)
        n++;
    for (double bit = 0.5; bit > 0.001; bit /= 2) {
        x *= x;
        n += x >= 2 ? bit : 0;
        x /= x >= 2 ? 2 : 1;
    }
    return n;
}

/* Bits of the best code for these counts, `total` of them. */
static double bits_of(const uint32_t *counts, size_t n, double total)
{
    double bits = 0;
    for (size_t i = 0; i < n; i++)
        if (counts[i] > 0)
            bits += counts[i] * log2_of(total / counts[i]);
    return bits;
}

static double sum(const uint32_t *counts, size_t n)
{
    double total = 0;
    for (size_t i = 0; i < n; i++)
        total += counts[i];
    return total;
}

static size_t compressed(struct arena *a, const struct text *t)
{
    struct counts *c = NEW(a, struct counts);
    count_all(a, t, c);
    const double letters = sum(c->letter, 256), matches = sum(c->distance, DISTANCES + 1);
    const double bits = bits_of(c->letter, 256, letters + matches) + bits_of(c->length, LONGEST / 2 + 1, letters + matches)
                      + matches /* half of the lengths need a bit more */
                      + bits_of(c->distance, DISTANCES + 1, matches) + (double)c->extra_bits;
    return (size_t)(bits / 8);
}

/* A chart so small that it fits however badly it compresses is not looked at more closely. */
size_t helm_release_size(const struct pack_files *files)
{
    struct text release = { .a = files->a };
    size_t all = 0;
    for (uint32_t i = 0; i < files->len; i++)
        all += files->at[i].bytes.len;
    if (all * 7 / 3 * 4 / 3 < LARGEST_RELEASE)
        return all * 7 / 3 * 4 / 3;
    for (uint32_t i = 0; i < files->len; i++)
        add_base64(&release, &files->at[i].bytes);
    for (uint32_t i = 0; i < files->len; i++)
        if (str_starts(files->at[i].path, "templates/"))
            text_bytes(&release, files->at[i].bytes.p, files->at[i].bytes.len);
    return compressed(files->a, &release) * 4 / 3;
}

static bool is_read(struct ctx *cx, const struct pack_files *files)
{
    size_t all = 0;
    bool read = true;
    for (uint32_t i = 0; i < files->len; i++) {
        const struct pack_file *f = &files->at[i];
        all += f->bytes.len;
        if (f->bytes.len <= LARGEST_FILE)
            continue;
        diag_hint(cx, diag_at(cx, E_CHART_FILE, no_pos(), "'%s' of the chart has %zu bytes, and Helm reads at most %zu", f->path,
                              f->bytes.len, LARGEST_FILE), "put less into this object, or apply it without Helm: '--to yaml'");
        read = false;
    }
    if (all > LARGEST_CHART)
        diag_hint(cx, diag_at(cx, E_CHART_FILE, no_pos(), "the chart has %zu bytes, and Helm reads at most %zu", all, LARGEST_CHART),
                  "apply the manifests without Helm: '--to yaml'");
    return read && all <= LARGEST_CHART;
}

void helm_check_size(struct ctx *cx, const struct pack_files *files)
{
    const size_t release = is_read(cx, files) ? helm_release_size(files) : 0;
    if (release > LARGEST_RELEASE)
        diag_hint(cx, diag_at(cx, E_CHART_RELEASE, no_pos(), "a release of this chart takes about %zu KiB, and a Secret holds 1024",
                              release >> 10),
                  "apply the manifests without Helm: '--to yaml' with 'kubectl apply --server-side'");
}
