/* kafka_protocol.c: values of inter.broker.protocol.version and metadata.version.
 *
 * Kafka (MetadataVersion.fromVersionString) looks at the first two parts between dots, or three below 1.0, and knows
 * each version by its full name and by the name without "-IVn". */
#include "model/kafka_protocol.h"
#include "base/text.h"
#include "model/kafka_table.h"

/* How much of the text counts: "3.9" of "3.9.1". Dots at the end separate nothing. */
static size_t relevant(const char *s, size_t len)
{
    const int parts = len > 1 && s[0] == '0' && s[1] == '.' ? 3 : 2;
    int       dots  = 0;
    size_t    end   = len;
    while (end > 0 && s[end - 1] == '.')
        end--;
    for (size_t i = 0; i < end; i++)
        if (s[i] == '.' && ++dots == parts)
            return i;
    return len;
}

/* The line a protocol belongs to: 309 for "3.9-IV0". */
static int line_of(const char *s)
{
    int number[2] = { 0, 0 };
    for (int i = 0; i < 2; i++) {
        for (; *s >= '0' && *s <= '9' && number[i] < 1000; s++)
            number[i] = number[i] * 10 + (*s - '0');
        if (*s == '.')
            s++;
    }
    return KAFKA(number[0], number[1]);
}

/* From 3.8 on, a version that is still in the making goes by its full name only. */
static bool names(const struct kafka_protocol *p, const char *s, size_t len, int line)
{
    const char  *dash = strchr(p->name, '-');
    const size_t full = strlen(p->name), brief = dash != NULL ? (size_t)(dash - p->name) : full;
    if ((len != full && len != brief) || memcmp(p->name, s, len) != 0)
        return false;
    return len == full || line < KAFKA(3, 8) || line_of(p->name) <= line;
}

bool kafka_protocol_accepted(const char *s, size_t len, int line)
{
    const size_t n = relevant(s, len);
    for (const struct kafka_protocol *p = kafka_protocols; p->name != NULL; p++)
        if (p->since <= line && line <= p->last && names(p, s, n, line))
            return true;
    return false;
}

bool kafka_protocol_known(const char *protocol, int line)
{
    return line_of(protocol) <= line && kafka_protocol_accepted(protocol, strlen(protocol), line);
}
