/* rules.h: a table of values and what one minor's API says of them. */
#ifndef GREGOR_TESTS_RULES_H
#define GREGOR_TESTS_RULES_H

#include "fixture.h"
#include "model/kubernetes.h"

/* `findings` as fixture_findings() writes them; "" when all is well. */
struct row {
    const char *type;
    int         minor;
    const char *text, *findings;
};

static inline void rules_run(struct world *w, const struct row *rows, size_t n)
{
    int failures = 0;
    for (size_t i = 0; i < n; i++, fixture_again(w)) {
        const struct val v = fixture_read(w, "description", rows[i].text);
        const struct k8s_check c = { .cx = &w->cx, .minor = rows[i].minor, .where = "It", .fallback = v.at };
        const bool fine = k8s_check_value(&c, k8s_type(rows[i].type), &v, "");
        failures += !fixture_judge(w, i, rows[i].text, rows[i].findings, fine);
    }
    assert_int_equal(failures, 0);
}

#define RULES_RUN(world, rows) rules_run((world), (rows), sizeof (rows) / sizeof *(rows))

#endif
