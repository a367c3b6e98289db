/* check_images.c: image references, and what an image must be so that gregor can start it. */
#include "cluster/check.h"

#include <ctype.h>

/* The parts of a reference, as lengths into the text. */
struct reference {
    size_t      name;   /* up to the tag or digest */
    const char *tag;    /* NULL: none */
    size_t      tag_len;
    const char *digest; /* "sha256:..." or NULL */
};

static struct reference parts(const char *image)
{
    struct reference r = { .digest = strchr(image, '@') };
    const size_t len = r.digest == NULL ? strlen(image) : (size_t)(r.digest - image);
    r.name = len;
    for (size_t i = len; i > 0 && image[i - 1] != '/'; i--)
        if (image[i - 1] == ':') {
            r.name    = i - 1;
            r.tag     = image + i;
            r.tag_len = len - i;
        }
    if (r.digest != NULL)
        r.digest++;
    return r;
}

static bool all_of(const char *s, size_t len, const char *allowed)
{
    for (size_t i = 0; i < len; i++)
        if (!isalnum((unsigned char)s[i]) && strchr(allowed, s[i]) == NULL)
            return false;
    return len > 0;
}

static bool bad_digest(const char *digest)
{
    return digest != NULL && (!str_starts(digest, "sha256:") || strlen(digest) != 71
                              || strspn(digest + 7, "0123456789abcdef") != 64);
}

/* The grammar of the distribution project: the first part may name a host with upper case and a port; the
 * others are lower case. */
static const char *bad_name(const char *image, size_t len)
{
    const size_t first = strcspn(image, "/") < len ? strcspn(image, "/") + 1 : 0;
    if (len == 0 || image[len - 1] == '/' || image[0] == '/' || strstr(image, "//") != NULL)
        return strstr(image, "://") != NULL ? "must not begin with a scheme" : "has an empty part";
    for (size_t i = first; i < len; i++)
        if (isupper((unsigned char)image[i]))
            return "must be lower case";
    return all_of(image, first, ".-:/[]_") || first == 0 ? all_of(image + first, len - first, "._-/") ? NULL
        : "has a character that cannot stand in an image name"
        : "has a character that cannot stand in a registry name";
}

static const char *bad_image(const char *image)
{
    const struct reference r = parts(image);
    const char *bad = bad_name(image, r.name);
    if (bad != NULL)
        return bad;
    if (r.tag != NULL && (r.tag_len > 128 || !all_of(r.tag, r.tag_len, "._-") || r.tag[0] == '.'
                          || r.tag[0] == '-'))
        return "has a tag that is none";
    return bad_digest(r.digest) ? "has a digest that is none" : NULL;
}

struct named_image {
    const char *path, *image;
};

static uint32_t images(const struct check *c, struct named_image out[4])
{
    const struct description *d = c->d;
    const struct named_image all[4] = {
        { "kafka.image", d->kafka.image },
        { "zookeeper.image", own_zookeeper(d) ? d->zookeeper.image : NULL },
        { "monitoring.exporter.image", d->monitoring.exporter.image },
        { "monitoring.lagExporter.image", d->monitoring.lag.enabled ? d->monitoring.lag.image : NULL } };
    uint32_t n = 0;
    for (uint32_t i = 0; i < 4; i++)
        if (all[i].image != NULL)
            out[n++] = all[i];
    return n;
}

static void syntax(const struct check *c)
{
    struct named_image all[4];
    for (uint32_t i = 0, n = images(c, all); i < n; i++) {
        const char *bad = bad_image(all[i].image);
        if (bad == NULL)
            continue;
        struct diag *e = diag_at(c->cx, E_IMAGE, place(c->d, "%s", all[i].path), "'%s' is '%s': it %s",
                                 all[i].path,
                                 all[i].image, bad);
        diag_hint(c->cx, e, "write registry/name:tag or registry/name@sha256:...");
    }
}

static void moving_tag(const struct check *c)
{
    struct named_image all[4];
    for (uint32_t i = 0, n = images(c, all); i < n; i++) {
        const struct reference r = parts(all[i].image);
        const bool latest = r.tag != NULL && r.tag_len == 6 && memcmp(r.tag, "latest", 6) == 0;
        if (bad_image(all[i].image) != NULL || r.digest != NULL || (r.tag != NULL && !latest))
            continue;
        struct diag *w = diag_at(c->cx, W_IMAGE_TAG, place(c->d, "%s", all[i].path),
                                 "'%s' can be another image tomorrow",
                                 all[i].image);
        diag_hint(c->cx, w, "name the version as tag, or a digest");
    }
}

static void registry(const struct check *c)
{
    const char *s = c->d->images.registry;
    if (s == NULL)
        return;
    const size_t len = strlen(s);
    if (bad_name(s, len) == NULL && (strcspn(s, "/") == len ? all_of(s, len, ".-:/[]_") : true))
        return;
    struct diag *e = diag_at(c->cx, E_REGISTRY, place(c->d, "images.registry"),
                             "'images.registry' is '%s': not the name of a registry", s);
    diag_hint(c->cx, e, "write host[:port][/path], without scheme and without '/' at the end");
}

/* ---- Kafka's own --------------------------------------------------------------------------------------- */

static const char *layout_name(int layout)
{
    return layout == LAYOUT_CONFLUENT ? "confluent" : layout == LAYOUT_STRIMZI ? "strimzi" : "own";
}

static void missing_image(const struct check *c)
{
    const struct kafka *k = &c->d->kafka;
    if (k->image != NULL)
        return;
    if (k->layout.type != LAYOUT_APACHE) {
        struct diag *e = diag_at(c->cx, E_LAYOUT_IMAGE, place(c->d, "kafka.layout"),
                                 "layout '%s' needs 'kafka.image'",
                                 layout_name(k->layout.type));
        diag_hint(c->cx, e, "name the image that has this layout");
    } else if (c->line != 0 && c->line < KAFKA(3, 7)) {
        struct diag *e = diag_at(c->cx, E_NO_IMAGE, place(c->d, "kafka.version"),
                                 "there is no official image of Kafka %s", k->version);
        diag_hint(c->cx, e, "write kafka.image and kafka.layout: strimzi, confluent or own");
    }
}

/* What the name says about the layout: enum layout_type, or -1. */
static int looks_like(const char *image)
{
    if (strstr(image, "strimzi/kafka") != NULL)
        return LAYOUT_STRIMZI;
    if (strstr(image, "/cp-kafka") != NULL || strstr(image, "/cp-server") != NULL)
        return LAYOUT_CONFLUENT;
    return -1;
}

static void layout_of_name(const struct check *c)
{
    const struct kafka *k = &c->d->kafka;
    const int looks = k->image == NULL ? -1 : looks_like(k->image);
    if (looks < 0 || looks == k->layout.type || k->layout.type == LAYOUT_OWN)
        return;
    struct diag *w = diag_at(c->cx, W_IMAGE_LAYOUT, place(c->d, "kafka.image"),
                             "'%s' does not look like layout '%s'", k->image,
                             k->layout.type == LAYOUT_APACHE ? "apache" : layout_name(k->layout.type));
    diag_hint(c->cx, w, "write kafka.layout: %s", layout_name(looks));
}

/* Line of the Kafka inside, from the tag: strimzi says it behind "-kafka-", Confluent Platform 7.x holds
 * Kafka 3.x and 8.x Kafka 4.x, all others are taken at their word. 0: the tag says nothing. */
static int line_inside(struct arena *a, const char *image, const char **tag)
{
    const struct reference r = parts(image);
    if (r.tag == NULL)
        return 0;
    *tag = arena_dup(a, r.tag, r.tag_len);
    const char *behind = strstr(*tag, "-kafka-");
    int64_t minor;
    if (looks_like(image) == LAYOUT_CONFLUENT) {
        const char *digits = arena_dup(a, *tag + (r.tag_len > 2 ? 2 : 0),
                                       strcspn(*tag + (r.tag_len > 2 ? 2 : 0), "."));
        const int major = (*tag)[0] - '4';
        return (major == 3 || major == 4) && (*tag)[1] == '.' && check_integer(digits, &minor) && minor < 100
            ? KAFKA(major, (int)minor) : 0;
    }
    const struct kafka_release *release = kafka_release(behind != NULL ? behind + 7 : *tag);
    return release == NULL ? 0 : release->line;
}

static void version_inside(const struct check *c)
{
    const char *image = c->d->kafka.image, *tag = NULL;
    if (image == NULL || c->line == 0 || bad_image(image) != NULL)
        return;
    const int line = line_inside(c->cx->a, image, &tag);
    if (line == 0 || line == c->line)
        return;
    struct diag *w = diag_at(c->cx, W_IMAGE_VERSION, place(c->d, "kafka.image"),
                             "'%s' holds Kafka %d.%d, and 'kafka.version' is '%s'",
                             image, line / 100, line % 100, c->d->kafka.version);
    diag_hint(c->cx, w, "the configuration is made for 'kafka.version': let both name the same release");
}

static void bitnami(const struct check *c)
{
    const char *image = c->d->kafka.image;
    if (image == NULL || strstr(image, "bitnami") == NULL)
        return;
    struct diag *w = diag_at(c->cx, W_IMAGE_BITNAMI, place(c->d, "kafka.image"), "'%s' gets no updates",
                             image);
    diag_hint(c->cx, w, "use apache/kafka:%s, or a mirror of it", c->line >= KAFKA(3, 7) ? c->d->kafka.version
              : "3.9.1");
}

/* Where scripts are belongs to the named layouts; only `own` asks. */
static void layout_fields(const struct check *c)
{
    static const char *const fields[] = { "scripts", "suffix" };
    for (size_t i = 0; i < 2 && c->d->kafka.layout.type != LAYOUT_OWN; i++) {
        if (!check_own(c, "kafka.layout.%s", fields[i]))
            continue;
        struct diag *e = diag_at(c->cx, E_LAYOUT_FIELD, place(c->d, "kafka.layout.%s", fields[i]),
                                 "'kafka.layout.%s' is for layout 'own'", fields[i]);
        diag_hint(c->cx, e, "write type: own, or remove '%s'", fields[i]);
    }
}

static void layout_scripts(const struct check *c)
{
    const struct layout *l = &c->d->kafka.layout;
    if (l->type != LAYOUT_OWN)
        return;
    if (l->scripts != NULL && (l->scripts[0] != '/' || !all_of(l->scripts, strlen(l->scripts), "/._-+"))) {
        struct diag *e = diag_at(c->cx, E_LAYOUT_SCRIPTS, place(c->d, "kafka.layout.scripts"),
                                 "'%s' is no absolute path of plain characters", l->scripts);
        diag_hint(c->cx, e, "write the directory as it is in the image, such as /opt/kafka/bin");
    }
    if (l->suffix != NULL && !all_of(l->suffix, strlen(l->suffix), "._-+")) {
        struct diag *e = diag_at(c->cx, E_LAYOUT_SCRIPTS, place(c->d, "kafka.layout.suffix"),
                                 "no script ends in '%s': plain characters are meant", l->suffix);
        diag_hint(c->cx, e, "write what stands behind kafka-server-start in the image, such as .sh");
    }
}

static void openshift_user(const struct check *c)
{
    if (c->d->platform != ON_OPENSHIFT || !check_own(c, "kafka.layout.user"))
        return;
    struct diag *w = diag_at(c->cx, W_OPENSHIFT_USER, place(c->d, "kafka.layout.user"),
                             "'kafka.layout.user' has no effect on OpenShift");
    diag_hint(c->cx, w, "remove it: the namespace's own range of users applies");
}

check_rule *const check_images[] = {
    syntax, moving_tag, registry, missing_image, layout_of_name, version_inside, bitnami, layout_fields,
    layout_scripts, openshift_user, NULL
};
