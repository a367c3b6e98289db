/* jaas.h: JAAS texts as Kafka reads them from sasl.jaas.config.
 *
 * org.apache.kafka.common.security.JaasConfig takes them apart with a java.io.StreamTokenizer: in double quotes a backslash
 * stands before a quote, a backslash or the letter of a control character, and a line end ends the text, so values go in
 * quotes and everything that is special in them behind a backslash. A bare number is no value and some names are no word, so
 * a name that is not plain letters and digits is quoted too. Text is UTF-8 and stays as it is. */
#ifndef GREGOR_PLAN_JAAS_H
#define GREGOR_PLAN_JAAS_H

#include "base/text.h"

/* Appends `s` in double quotes; it may hold anything but NUL. */
void jaas_quoted(struct text *t, const char *s);

/* Appends "<module> required", to be followed by options and jaas_end(). */
void jaas_begin(struct text *t, const char *module);

/* Appends ` key="value"`. What a config provider will put into the value later (${dir:...}) is not quoted by this: it must be
 * free of quotes, backslashes and line ends, or quoted already. */
void jaas_option(struct text *t, const char *key, const char *value);

/* Appends `user_<name>="<password>"`: how PlainLoginModule lists its users. */
void jaas_user(struct text *t, const char *name, const char *password);

void jaas_end(struct text *t);

#endif
