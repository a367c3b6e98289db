#include "plan/parts.h"

/* "apache/kafka:3.9.1" names no registry; "mirror.example.com/kafka" and "localhost:5000/kafka" do: the first part then holds a
 * dot or a colon, or is localhost (the rule of every container runtime). */
static bool names_registry(const char *image)
{
    const size_t first = strcspn(image, "/");
    if (image[first] == '\0')
        return false;
    return memchr(image, '.', first) != NULL || memchr(image, ':', first) != NULL
        || (first == 9 && memcmp(image, "localhost", 9) == 0);
}

const char *plan_image(struct arena *a, const struct plan *p, const char *image)
{
    const char *registry = p->d->images.registry;
    return registry == NULL || names_registry(image) ? image : str_join(a, registry, "/", image, NULL);
}

const char *plan_kafka_image(struct arena *a, const struct plan *p)
{
    const struct kafka *k = &p->d->kafka;
    return plan_image(a, p, k->image != NULL ? k->image : str_join(a, "apache/kafka:", k->version, NULL));
}

const char *plan_zookeeper_image(struct arena *a, const struct plan *p)
{
    const struct zookeeper *z = &p->d->zookeeper;
    return plan_image(a, p, z->image != NULL ? z->image : str_join(a, "zookeeper:", z->version, NULL));
}

const char *plan_scripts(const struct plan *p)
{
    const struct layout *l = &p->d->kafka.layout;
    return l->scripts != NULL ? l->scripts : l->type == LAYOUT_CONFLUENT ? "/usr/bin" : "/opt/kafka/bin";
}

const char *plan_script(struct arena *a, const struct plan *p, const char *name)
{
    const struct layout *l = &p->d->kafka.layout;
    const char *suffix = l->suffix != NULL ? l->suffix : l->type == LAYOUT_CONFLUENT ? "" : ".sh";
    return str_join(a, plan_scripts(p), "/", name, suffix, NULL);
}
