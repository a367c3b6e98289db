/* secret_file.h: which private files a description names. */
#ifndef GREGOR_CLUSTER_SECRET_FILE_H
#define GREGOR_CLUSTER_SECRET_FILE_H

#include "cluster/description.h"

/* The key of the salts of SCRAM credentials (pki/scram.h), in the folder of the password files. */
#define SALT_FILE ".scram-salt"

/* The key of the whole login in the Secret that is made of a password file, beside the password. */
#define JAAS_KEY "sasl.jaas.config"

/* Returns why no password file can be called that ("begins with '.'"), or NULL. */
const char *secret_file_bad_name(const char *name);

/* Returns the path of a file below the folder of the description. Owned by `a`. */
const char *secret_file_path(struct arena *a, const struct description *d, const char *name);

/* True when the user is there and its password is a file; and when credentials with a salt are made of it. */
bool secret_file_of(const struct user *u);
bool secret_file_salted(const struct description *d, const struct user *u);

#endif
