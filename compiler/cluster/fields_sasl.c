/* fields_sasl.c: the part of the field table about logging in and what a user may do (fields.h). */
#include "cluster/rows.h"

static const struct field plain_fields[] = {
    { .name = "secret", .kind = F_STR, AT(secret_ref, secret), .example = "kafka-plain-users",
      .doc = "Secret with the users of PLAIN and their passwords. Brokers read it when they start." },
    { .name = "key", .kind = F_STR, AT(secret_ref, key), .def = "users",
      .doc = "Key in the Secret. Its text is a line user_<name>=\"<password>\" for each user; inside the quotes \\ stands before "
             "each \" and each \\ of the password." },
    { .name = NULL }
};

static const struct type plain_type = { .name = "sasl.plain", .size = sizeof(struct secret_ref), .fields = plain_fields,
    .short_for = "secret" };

static const struct field scram_fields[] = {
    { .name = "secret", .kind = F_STR, AT(secret_ref, secret), .example = "kafka-first-users",
      .doc = "Secret with the users. Controllers mount it; the admin Job keeps users of `users` as they are described." },
    { .name = "key", .kind = F_STR, AT(secret_ref, key), .def = "add-scram",
      .doc = "Key in the Secret. Its text is arguments of kafka-storage, one a line and no empty one: --add-scram, then "
             "SCRAM-SHA-512=[name=app,password=\"...\"], again for each user. Passwords hold no blank, quote, backslash or comma; with "
             "salt, saltedpassword and iterations instead the Secret holds none." },
    { .name = NULL }
};

static const struct type scram_type = { .name = "sasl.scram", .size = sizeof(struct secret_ref), .fields = scram_fields,
    .short_for = "secret" };

static const struct field ca_fields[] = {
    { .name = "secret", .kind = F_STR, AT(secret_ref, secret), .example = "sso-ca", .doc = "Secret with the certificates." },
    { .name = "key", .kind = F_STR, AT(secret_ref, key), .def = "ca.crt", .doc = "Key in the Secret, PEM." },
    { .name = NULL }
};

static const struct type ca_type = { .name = "sasl.oauthbearer.ca", .size = sizeof(struct secret_ref), .fields = ca_fields,
    .short_for = "secret" };

static const struct field oauth_fields[] = {
    { .name = "jwks", .kind = F_STR, AT(sasl_oauth, jwks), .example = "https://sso.example.com/realms/corp/keys",
      .doc = "URL of the keys that tokens are signed with (JWKS), as the issuer publishes it (sasl.oauthbearer.jwks.endpoint.url)." },
    { .name = "issuer", .kind = F_STR, AT(sasl_oauth, issuer), .example = "https://sso.example.com/realms/corp",
      .doc = "What the claim `iss` of a token must be (sasl.oauthbearer.expected.issuer)." },
    { .name = "audience", .kind = F_STRS, .flags = OR_ONE, LIST(sasl_oauth, audience.at, audience.len), .example = "[kafka]",
      .doc = "One of these must be in the claim `aud` of a token (sasl.oauthbearer.expected.audience)." },
    { .name = "scopeClaim", .kind = F_STR, AT(sasl_oauth, scope), .example = "scp",
      .doc = "Claim that holds the scopes. Default: scope." },
    { .name = "subjectClaim", .kind = F_STR, AT(sasl_oauth, subject), .example = "preferred_username",
      .doc = "Claim that names the user. Default: sub." },
    { .name = "clockSkew", .kind = F_MS, AT(sasl_oauth, skew), .min = 1 * SECOND, .max = 1 * HOUR, .unit = "ms", .example = "30s",
      .doc = "How far the clocks of issuer and brokers may differ, rounded up to seconds. Default: 30s." },
    { .name = "refresh", .kind = F_MS, AT(sasl_oauth, refresh), .min = 1 * SECOND, .max = 30 * 24 * HOUR, .unit = "ms",
      .example = "1h", .doc = "How often the keys are read again. Default: 1h." },
    { .name = "ca", .kind = F_OBJECT, AT(sasl_oauth, ca), .type = &ca_type, .example = "sso-ca",
      .doc = "Certificates to trust when the keys are read by https. Default: those of the Java in the image." },
    { .name = NULL }
};

static const struct type oauth_type = { .name = "sasl.oauthbearer", .size = sizeof(struct sasl_oauth), .fields = oauth_fields };

static const struct field keytab_fields[] = {
    { .name = "secret", .kind = F_STR, AT(secret_ref, secret), .example = "orders-keytab", .doc = "Secret with the keytab." },
    { .name = "key", .kind = F_STR, AT(secret_ref, key), .def = "krb5.keytab", .example = "\"{pod}.keytab\"",
      .doc = "Key in the Secret; {pod} is the name of the pod, where each broker has a keytab of its own." },
    { .name = NULL }
};

static const struct type keytab_type = { .name = "sasl.gssapi.keytab", .size = sizeof(struct secret_ref),
    .fields = keytab_fields, .short_for = "secret" };

static const struct field krb5_fields[] = {
    { .name = "configMap", .kind = F_STR, AT(krb5, config_map), .example = "corp-krb5", .doc = "ConfigMap that holds the file." },
    { .name = "key", .kind = F_STR, AT(krb5, key), .def = "krb5.conf", .doc = "Key in the ConfigMap." },
    { .name = "text", .kind = F_STR, .flags = LINES, AT(krb5, text), .example = "\"[libdefaults]\\ndefault_realm = EXAMPLE.COM\\n\"",
      .doc = "The file itself, instead of a ConfigMap." },
    { .name = NULL }
};

static const struct type krb5_type = { .name = "sasl.gssapi.krb5", .size = sizeof(struct krb5), .fields = krb5_fields,
    .short_for = "configMap" };

static const struct field gssapi_fields[] = {
    { .name = "keytab", .kind = F_OBJECT, AT(sasl_gssapi, keytab), .type = &keytab_type, .example = "orders-keytab",
      .doc = "Where the keys of the brokers' principals are." },
    { .name = "krb5", .kind = F_OBJECT, AT(sasl_gssapi, krb5), .type = &krb5_type, .example = "corp-krb5",
      .doc = "Kerberos' own configuration, krb5.conf: an existing ConfigMap or the text." },
    { .name = "principal", .kind = F_STR, AT(sasl_gssapi, principal), .example = "\"kafka/{host}@EXAMPLE.COM\"",
      .doc = "Principal of a broker: {host} is the host that it advertises on the listener, which is the one clients ask the KDC "
             "for; {pod} the name of its pod." },
    { .name = "service", .kind = F_STR, AT(sasl_gssapi, service), .def = "kafka",
      .doc = "First part of the principals, which clients know as sasl.kerberos.service.name." },
    { .name = "principalToLocal", .kind = F_STRS, LIST(sasl_gssapi, rules.at, rules.len), .example = "[\"RULE:[1:$1]\", DEFAULT]",
      .doc = "Rules that make a user's name of a principal (sasl.kerberos.principal.to.local.rules). Default: DEFAULT, the first "
             "part of principals of the default realm." },
    { .name = NULL }
};

static const struct type gssapi_type = { .name = "sasl.gssapi", .size = sizeof(struct sasl_gssapi), .fields = gssapi_fields };

static const struct field password_fields[] = {
    { .name = "secret", .kind = F_STR, AT(secret_ref, secret), .example = "orders-nodes", .doc = "Secret with the password." },
    { .name = "key", .kind = F_STR, AT(secret_ref, key), .def = "password",
      .doc = "Key in the Secret: the password alone, without a line break at its end, blanks, quotes, backslash or comma." },
    { .name = NULL }
};

static const struct type password_type = { .name = "sasl.interBroker.password", .size = sizeof(struct secret_ref),
    .fields = password_fields };

static const struct field login_fields[] = {
    { .name = "mechanism", .kind = F_STR, AT(sasl_login, mechanism), .choices = "plain scram-sha-256 scram-sha-512",
      .example = "scram-sha-512", .doc = "How the nodes log in. Controllers can use plain only." },
    { .name = "user", .kind = F_STR, AT(sasl_login, user), .example = "kafka",
      .doc = "Their name: a super user with authorization. No client may have it." },
    { .name = "password", .kind = F_OBJECT, AT(sasl_login, password), .type = &password_type, .example = "{secret: orders-nodes}",
      .doc = "Where their password is." },
    { .name = NULL }
};

static const struct type login_type = { .name = "sasl.interBroker", .size = sizeof(struct sasl_login), .fields = login_fields };

static const struct field sasl_fields[] = {
    { .name = "plain", .kind = F_OBJECT, AT(sasl, plain), .type = &plain_type, .example = "kafka-plain-users",
      .doc = "Users of listeners with `auth: plain`, besides those of `users`." },
    { .name = "scram", .kind = F_OBJECT, AT(sasl, scram), .type = &scram_type, .example = "kafka-first-users",
      .doc = "SCRAM users that a new cluster begins with (KRaft): they can log in before the admin Job has run, or without it. Users "
             "with password files need none: `gregor build --secrets` makes the Secret of them." },
    { .name = "oauthbearer", .kind = F_OBJECT, AT(sasl, oauth), .type = &oauth_type,
      .example = "{jwks: https://sso.example.com/keys, issuer: https://sso.example.com, audience: kafka}",
      .doc = "Whose tokens listeners with `auth: oauthbearer` believe." },
    { .name = "gssapi", .kind = F_OBJECT, AT(sasl, gssapi), .type = &gssapi_type,
      .example = "{keytab: orders-keytab, krb5: corp-krb5, principal: \"kafka/{host}@EXAMPLE.COM\"}",
      .doc = "Kerberos, for listeners with `auth: gssapi`." },
    { .name = "interBroker", .kind = F_OBJECT, AT(sasl, inter_broker), .type = &login_type,
      .example = "{mechanism: scram-sha-512, user: kafka, password: {secret: orders-nodes}}",
      .doc = "Brokers log in among themselves with a user and password, instead of their certificates. A SCRAM user is made before brokers "
             "ask for it: when storage is formatted, or with ZooKeeper by a Job of its own." },
    { .name = "controller", .kind = F_OBJECT, AT(sasl, controller), .type = &login_type,
      .example = "{mechanism: plain, user: kafka, password: {secret: orders-nodes}}",
      .doc = "Brokers and controllers log in at the controllers with a user and password, instead of their certificates (KRaft)." },
    { .name = NULL }
};

const struct type sasl_type = { .name = "sasl", .size = sizeof(struct sasl), .fields = sasl_fields };

static const struct field authorization_fields[] = {
    { .name = "type", .kind = F_ENUM, AT(authorization, type), .choices = "none acl", .def = "none",
      .doc = "acl: who may do what is decided by access control lists; what none allows is denied. With a `class` that is the "
             "default." },
    { .name = "class", .kind = F_STR, AT(authorization, class), .example = "com.example.kafka.PolicyAuthorizer",
      .doc = "Authorizer of your own, in the image. Default: Kafka's StandardAuthorizer, or AclAuthorizer with ZooKeeper." },
    { .name = "config", .kind = F_CONFIG, AT(authorization, config), .example = "{policy.url: \"http://opa:8181/v1/data/kafka\"}",
      .doc = "What the class reads from the broker's configuration." },
    { .name = NULL }
};

const struct type authorization_type = { .name = "authorization", .size = sizeof(struct authorization),
    .fields = authorization_fields, .short_for = "type" };
